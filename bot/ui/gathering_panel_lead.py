"""Who looks after an evening: taking the lead, and giving it to somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import discord

from bot.domain.errors import AlreadyDone
from bot.ui.forms import DojoForm, Typed, one
from bot.ui.gathering_panel import show_panel
from bot.ui.gathering_panel_notes import already_note
from bot.ui.gathering_steps import GATHER, GatherButton, facilitated, gatherings_of, wait_for
from bot.ui.interactions import Interaction, person_of


class TakeOver(GatherButton, template=GATHER + ":panel:take-over"):
    """Takes the lead of the evening."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "panel:take-over", "Take over", emoji="🙋")

    async def pressed(self, interaction: Interaction) -> None:
        """Take it, and show the panel; whoever had it still may do everything."""
        facilitated(interaction, self.gathering_id)
        await wait_for(interaction)
        note = "🙋 You have the lead now."
        try:
            await gatherings_of(interaction).take_over(self.gathering_id, person_of(interaction))
        except AlreadyDone:
            note = "👌 You have the lead already."
        await show_panel(interaction, self.gathering_id, note=note)


class HandOver(GatherButton, template=GATHER + ":panel:hand-over"):
    """Gives the lead to somebody else."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "panel:hand-over", "Hand over", emoji="🤝")

    async def pressed(self, interaction: Interaction) -> None:
        """Ask to whom."""
        facilitated(interaction, self.gathering_id)
        await interaction.response.send_modal(HandOverForm(self.gathering_id))


class HandOverForm(DojoForm, template=GATHER + ":hand-over"):
    """To whom the lead goes."""

    def __init__(self, gathering_id: int) -> None:
        super().__init__(f"gather:{gathering_id}:hand-over", "Hand over the evening")
        self.field(
            "Who looks after it from now on?",
            discord.ui.UserSelect(custom_id="who", placeholder="Somebody of this server"),
            description="They get the panel with “Panel” on the card. You keep it, too.",
        )

    @classmethod
    async def submitted(
        cls, interaction: Interaction, about: Mapping[str, str], typed: Typed
    ) -> None:
        """Hand over; not to a bot, nor to somebody who is not here."""
        gathering_id = int(about["gathering_id"])
        facilitated(interaction, gathering_id)
        await wait_for(interaction)
        who = one(typed, "who")
        note = _cannot_lead(interaction, who)
        if not note:
            note = f"🤝 <@{who}> has the lead now. Tell them: nobody is notified by this."
            try:
                await gatherings_of(interaction).hand_over(
                    gathering_id, person_of(interaction), int(who)
                )
            except AlreadyDone as done:
                note = already_note(interaction, done)
        await show_panel(interaction, gathering_id, note=note)


def _cannot_lead(interaction: Interaction, who: str) -> str:
    """Why somebody who was chosen cannot look after an evening, by what Discord sent along."""
    data = cast("Mapping[str, Any]", interaction.data)
    resolved: Mapping[str, Any] = data.get("resolved") or {}
    if not who:
        return "Nobody was chosen, so nothing has changed."
    if resolved.get("users", {}).get(who, {}).get("bot"):
        return f"⚠ <@{who}> is a bot, and cannot look after an evening. Nothing has changed."
    if who not in resolved.get("members", {}):
        return f"⚠ <@{who}> is not on this server. Nothing has changed."
    return ""
