"""Who looks after an evening: taking the lead, and giving it to somebody else."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.domain.errors import AlreadyDone
from bot.domain.gatherings import Gathering
from bot.ui.answers import show_form
from bot.ui.forms import DojoForm, Typed, is_bot, is_member, people
from bot.ui.gathering_panel import show_panel
from bot.ui.gathering_panel_notes import already_note
from bot.ui.gathering_steps import GATHER, GatherButton, facilitated, gatherings_of, wait_for
from bot.ui.interactions import Interaction, person_of
from bot.ui.round_steps import mention
from bot.ui.texts import joined


class TakeOver(GatherButton, template=GATHER + ":panel:take-over"):
    """Takes the lead of the evening."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "panel:take-over", "Take over", emoji="🙋")

    async def pressed(self, interaction: Interaction) -> None:
        """Take it, and show the panel."""
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
        await show_form(interaction, HandOverForm(self.gathering_id))


class HandOverForm(DojoForm, template=GATHER + ":hand-over"):
    """To whom the lead goes."""

    def __init__(self, gathering_id: int) -> None:
        super().__init__(f"gather:{gathering_id}:hand-over", "Hand over the evening")
        self.field(
            "Who looks after it from now on?",
            discord.ui.UserSelect(custom_id="who", placeholder="A person of this server"),
            description="They run this evening as you do, until it ends or you press “Take off”.",
        )

    @classmethod
    async def submitted(
        cls, interaction: Interaction, about: Mapping[str, str], typed: Typed
    ) -> None:
        """Hand over; not to a bot, nor to somebody who is not here."""
        gathering_id, who = await _chosen(interaction, about, typed)
        note = _cannot_lead(interaction, who)
        if who is not None and not note:
            note = f"🤝 <@{who}> has the lead now. Tell them: nobody is notified by this."
            try:
                await gatherings_of(interaction).hand_over(
                    gathering_id, person_of(interaction), who
                )
            except AlreadyDone as done:
                note = already_note(interaction, done)
        await show_panel(interaction, gathering_id, note=note)


async def _chosen(
    interaction: Interaction, about: Mapping[str, str], typed: Typed
) -> tuple[int, int | None]:
    """The evening of a form and the person chosen in it, for those who facilitate it."""
    gathering_id = int(about["gathering_id"])
    facilitated(interaction, gathering_id)
    await wait_for(interaction)
    return gathering_id, next(iter(people(interaction, typed, "who")), None)


class TakeOff(GatherButton, template=GATHER + ":panel:take-off"):
    """Ends what a person may do to whom the evening was handed."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "panel:take-off", "Take off…", emoji="🙅")

    async def pressed(self, interaction: Interaction) -> None:
        """Ask whom."""
        gathering = facilitated(interaction, self.gathering_id)
        await show_form(interaction, TakeOffForm(gathering))


class TakeOffForm(DojoForm, template=GATHER + ":take-off"):
    """Who looks after the evening no longer."""

    def __init__(self, gathering: Gathering) -> None:
        super().__init__(f"gather:{gathering.id}:take-off", "Take off")
        trusted = joined(map(mention, gathering.trusted_user_ids)) or "nobody"
        self.add_item(discord.ui.TextDisplay(f"Handed to by name for this evening: {trusted}."))
        self.field(
            "Who looks after it no longer?",
            discord.ui.UserSelect(custom_id="who", placeholder="A person of this server"),
            description="At once. Facilitators of the dojo keep the rights they have.",
        )

    @classmethod
    async def submitted(
        cls, interaction: Interaction, about: Mapping[str, str], typed: Typed
    ) -> None:
        """Take them off, for facilitators of the dojo."""
        gathering_id, who = await _chosen(interaction, about, typed)
        if who is None:
            note = "Nobody was chosen, so nothing has changed."
        else:
            note = f"🙅 <@{who}> no longer looks after this evening."
            try:
                await gatherings_of(interaction).take_off(gathering_id, person_of(interaction), who)
            except AlreadyDone:
                note = f"👌 This evening is not handed to <@{who}>. Nothing has changed."
        await show_panel(interaction, gathering_id, note=note)


def _cannot_lead(interaction: Interaction, who: int | None) -> str:
    """Why a person who was chosen cannot look after an evening, by what Discord sent along."""
    if who is None:
        return "Nobody was chosen, so nothing has changed."
    if is_bot(interaction, who):
        return f"⚠ <@{who}> is a bot, and cannot look after an evening. Nothing has changed."
    if not is_member(interaction, who):
        return f"⚠ <@{who}> is not on this server. Nothing has changed."
    return ""
