"""Who looks after an evening: taking the lead, and giving it to another person."""

from __future__ import annotations

from typing import Any

import discord

from bot.gatherings.actions import (
    HAND_OVER,
    HAND_OVER_FORM,
    NAME_HELPER,
    NAME_HELPER_FORM,
    TAKE_LEAD,
    TAKE_OFF,
    TAKE_OFF_FORM,
)
from bot.gatherings.service.leading import GatheringLeading
from bot.gatherings.ui.panel.notices import Notice, already_note
from bot.gatherings.ui.panel.panel import on_panel, show_panel
from bot.gatherings.ui.shared import facilitated
from bot.kit.discord.actions import field
from bot.kit.discord.answers import show_form, wait_for
from bot.kit.discord.forms import Typed, is_bot, is_member, people
from bot.kit.discord.interactions import Interaction, person_of, services_of
from bot.kit.discord.text import joined
from bot.rounds.model.refusals import AlreadyDone
from bot.rounds.ui.shared import mention

NOBODY_CHOSEN = "Nobody was chosen, so nothing has changed."


@TAKE_LEAD.pressed
@on_panel
async def take_lead(interaction: Interaction, gathering_id: int) -> None:
    """Take the lead of the evening, and show the panel."""
    facilitated(interaction, gathering_id)
    await wait_for(interaction)
    leading, person = services_of(interaction)[GatheringLeading], person_of(interaction)
    said = "🙋 You have the lead now."
    try:
        await leading.take_over(gathering_id, person)
    except AlreadyDone:
        said = "👌 You have the lead already."
    note = _while_led_by(interaction.user.id, said)
    await show_panel(interaction, gathering_id, note=note)


@HAND_OVER.pressed
@on_panel
async def ask_to_whom(interaction: Interaction, gathering_id: int) -> None:
    """Ask to whom the lead goes."""
    facilitated(interaction, gathering_id)
    who = _person(
        "Who looks after it from now on?",
        "They run this evening as you do, until it ends or you press “Take off”.",
    )
    await show_form(interaction, HAND_OVER_FORM.form(who, gathering_id=gathering_id))


@HAND_OVER_FORM.submitted
@on_panel
async def hand_over(interaction: Interaction, typed: Typed, gathering_id: int) -> None:
    """Hand over; not to a bot, nor to a person who is not here."""
    who = await _chosen(interaction, typed, gathering_id)
    note: Notice = _cannot_lead(interaction, who)
    if who is not None and not note:
        said = f"🤝 <@{who}> has the lead now. Tell them: nobody is notified by this."
        note = _while_led_by(who, said)
        leading, person = services_of(interaction)[GatheringLeading], person_of(interaction)
        try:
            await leading.hand_over(gathering_id, person, who)
        except AlreadyDone as done:
            note = already_note(interaction, done)
    await show_panel(interaction, gathering_id, note=note)


@NAME_HELPER.pressed
@on_panel
async def ask_for_helper(interaction: Interaction, gathering_id: int) -> None:
    """Ask who looks after the evening, too."""
    facilitated(interaction, gathering_id)
    who = _person(
        "Who looks after it with you?",
        "They see the panel and steer as you do, tonight only. Ask them first.",
    )
    await show_form(interaction, NAME_HELPER_FORM.form(who, gathering_id=gathering_id))


@NAME_HELPER_FORM.submitted
@on_panel
async def name_helper(interaction: Interaction, typed: Typed, gathering_id: int) -> None:
    """Name them; not a bot, nor a person who is not here."""
    who = await _chosen(interaction, typed, gathering_id)
    note: Notice = _cannot_lead(interaction, who)
    if who is not None and not note:
        said = f"🧑‍🏫 <@{who}> looks after this evening with you. Tell them: nobody is notified."
        leading, person = services_of(interaction)[GatheringLeading], person_of(interaction)
        note = _while_trusted(who, said)
        try:
            await leading.trust(gathering_id, person, who)
        except AlreadyDone as done:
            note = already_note(interaction, done)
    await show_panel(interaction, gathering_id, note=note)


@TAKE_OFF.pressed
@on_panel
async def ask_whom(interaction: Interaction, gathering_id: int) -> None:
    """Ask who looks after the evening no longer, of those to whom it was handed."""
    gathering = facilitated(interaction, gathering_id)
    trusted = joined(map(mention, gathering.trusted_user_ids)) or "nobody"
    handed = discord.ui.TextDisplay[Any](f"Handed to by name for this evening: {trusted}.")
    rights = "At once. Facilitators of the dojo keep the rights they have."
    who = _person("Who looks after it no longer?", rights)
    await show_form(interaction, TAKE_OFF_FORM.form(handed, who, gathering_id=gathering_id))


@TAKE_OFF_FORM.submitted
@on_panel
async def take_off(interaction: Interaction, typed: Typed, gathering_id: int) -> None:
    """Take them off, for facilitators of the dojo."""
    who = await _chosen(interaction, typed, gathering_id)
    note: Notice = NOBODY_CHOSEN
    if who is not None:
        said = f"🙅 <@{who}> no longer looks after this evening."
        leading, person = services_of(interaction)[GatheringLeading], person_of(interaction)
        try:
            await leading.take_off(gathering_id, person, who)
        except AlreadyDone:
            said = f"👌 This evening is not handed to <@{who}>. Nothing has changed."
        note = _while_not_trusted(who, said)
    await show_panel(interaction, gathering_id, note=note)


def _while_led_by(user_id: int, said: str) -> Notice:
    return lambda gathering: said if gathering.facilitator_user_id == user_id else ""


def _while_trusted(user_id: int, said: str) -> Notice:
    return lambda gathering: said if user_id in gathering.trusted_user_ids else ""


def _while_not_trusted(user_id: int, said: str) -> Notice:
    return lambda gathering: "" if user_id in gathering.trusted_user_ids else said


def _person(label: str, description: str) -> discord.ui.Label[Any]:
    person = discord.ui.UserSelect[Any](custom_id="who", placeholder="A person of this server")
    return field(label, person, description=description)


async def _chosen(interaction: Interaction, typed: Typed, gathering_id: int) -> int | None:
    """Who was chosen in a form, for those who facilitate the evening."""
    facilitated(interaction, gathering_id)
    await wait_for(interaction)
    return next(iter(people(interaction, typed, "who")), None)


def _cannot_lead(interaction: Interaction, who: int | None) -> str:
    """Why a person who was chosen cannot look after an evening, by what Discord sent along."""
    if who is None:
        return NOBODY_CHOSEN
    if is_bot(interaction, who):
        return f"⚠ <@{who}> is a bot, and cannot look after an evening. Nothing has changed."
    if not is_member(interaction, who):
        return f"⚠ <@{who}> is not on this server. Nothing has changed."
    return ""
