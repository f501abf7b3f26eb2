"""Saying something to all rooms at once, or to one of them."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.ui.answers import show_form
from bot.ui.forms import DojoForm, Typed, one
from bot.ui.gathering_panel import show_panel
from bot.ui.gathering_panel_notes import broadcast_note
from bot.ui.gathering_panel_room import show_room
from bot.ui.gathering_steps import GATHER, GatherButton, facilitated, gatherings_of, wait_for
from bot.ui.interactions import Interaction, client_of, person_of

LONGEST_BROADCAST = 500
ALL_ROOMS = 0
_WHERE = r"(?P<number>\d{1,2})"


class Broadcast(GatherButton, template=GATHER + rf":panel:broadcast:{_WHERE}"):
    """Opens the form; for all rooms, or for the one with this number."""

    def __init__(self, gathering_id: str | int, number: str | int) -> None:
        self.number = int(number)
        super().__init__(gathering_id, f"panel:broadcast:{number}", "Broadcast", emoji="📣")

    async def pressed(self, interaction: Interaction) -> None:
        """Ask what is to be said."""
        facilitated(interaction, self.gathering_id)
        await show_form(interaction, BroadcastForm(self.gathering_id, self.number))


class BroadcastForm(DojoForm, template=GATHER + rf":broadcast:{_WHERE}"):
    """What is to be said."""

    def __init__(self, gathering_id: int, number: int) -> None:
        to_all = number == ALL_ROOMS
        title = "To all rooms" if to_all else f"To room {number}"
        super().__init__(f"gather:{gathering_id}:broadcast:{number}", title)
        self.field(
            "What shall I say?",
            discord.ui.TextInput(
                custom_id="text",
                style=discord.TextStyle.paragraph,
                max_length=LONGEST_BROADCAST,
                placeholder="e.g. We meet again at a quarter past. No hurry.",
            ),
            description="All who are there see it, and that it is from you; nobody is notified.",
        )

    @classmethod
    async def submitted(
        cls, interaction: Interaction, about: Mapping[str, str], typed: Typed
    ) -> None:
        """Post it; what could not be posted anywhere is given back."""
        gathering_id, number = int(about["gathering_id"]), int(about["number"])
        facilitated(interaction, gathering_id)
        await wait_for(interaction)
        text = one(typed, "text").strip()
        if not text:
            note = "Nothing was typed, so nothing was said."
        else:
            outcome = await gatherings_of(interaction).broadcast(
                gathering_id, person_of(interaction), text, number or None
            )
            note = broadcast_note(outcome, client_of(interaction).mention_command)
            if not outcome.done:
                # Nothing that was typed is lost.
                note += "\n```\n" + text.replace("```", "'''") + "\n```"
        if number == ALL_ROOMS:
            await show_panel(interaction, gathering_id, note=note)
        else:
            await show_room(interaction, gathering_id, number, note=note)
