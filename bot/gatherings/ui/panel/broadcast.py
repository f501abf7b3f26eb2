"""Saying something to all rooms at once, or to one of them."""

from __future__ import annotations

import discord

from bot.gatherings.actions import BROADCAST, BROADCAST_FORM
from bot.gatherings.service.steering import GatheringSteering
from bot.gatherings.ui.panel.notices import POSTED, outcome_note
from bot.gatherings.ui.panel.panel import show_panel
from bot.gatherings.ui.panel.room import show_room
from bot.gatherings.ui.shared import facilitated, shown_as_it_is
from bot.kit.discord.actions import field, radio_field
from bot.kit.discord.answers import show_form, wait_for
from bot.kit.discord.forms import Typed, choice, one
from bot.kit.discord.interactions import Interaction, client_of, person_of, services_of

LONGEST_BROADCAST = 500
ALL_ROOMS = 0
NOBODY, EVERYBODY = "nobody", "everybody"
NOTIFY = (
    (NOBODY, "Nobody", "People read it when they look"),
    (EVERYBODY, "Everybody there", "They are mentioned, for people who talk and do not look"),
)


async def _as_it_is(interaction: Interaction, gathering_id: int, number: int) -> None:
    """Show the card that it was pressed on: the panel, or the page of a room."""
    if number == ALL_ROOMS:
        await show_panel(interaction, gathering_id)
    else:
        await show_room(interaction, gathering_id, number)


_on_either = shown_as_it_is(_as_it_is)


@BROADCAST.pressed
@_on_either
async def ask_for_words(interaction: Interaction, gathering_id: int, number: int) -> None:
    """Ask what is to be said to all rooms, or to the one with this number."""
    facilitated(interaction, gathering_id)
    form = BROADCAST_FORM.form(
        field(
            "What shall I say?",
            discord.ui.TextInput(
                custom_id="text",
                style=discord.TextStyle.paragraph,
                max_length=LONGEST_BROADCAST,
                placeholder="e.g. We meet again at a quarter past. No hurry.",
            ),
            description="All who are there see it, and that it is from you.",
        ),
        radio_field("Who is notified?", "notify", NOTIFY, NOBODY),
        title="" if number == ALL_ROOMS else f"To room {number}",
        gathering_id=gathering_id,
        number=number,
    )
    await show_form(interaction, form)


@BROADCAST_FORM.submitted
@_on_either
async def broadcast(interaction: Interaction, typed: Typed, gathering_id: int, number: int) -> None:
    """Post what was typed; what could not be posted anywhere is given back."""
    facilitated(interaction, gathering_id)
    await wait_for(interaction)
    text = one(typed, "text").strip()
    note = "Nothing was typed, so nothing was said."
    if text:
        steering, person = services_of(interaction)[GatheringSteering], person_of(interaction)
        is_loud = choice(typed, "notify", {NOBODY, EVERYBODY}, NOBODY) == EVERYBODY
        outcome = await steering.broadcast(
            gathering_id, person, text, number or None, is_loud=is_loud
        )
        note = outcome_note(POSTED, outcome, client_of(interaction).mention_command)
        if not outcome.done:
            # Nothing that was typed is lost.
            note += "\n```\n" + text.replace("```", "'''") + "\n```"
    if number == ALL_ROOMS:
        await show_panel(interaction, gathering_id, note=note)
    else:
        await show_room(interaction, gathering_id, number, note=note)
