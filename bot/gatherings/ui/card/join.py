"""Joining a gathering: one tap, what one wishes, and leaving again."""

from __future__ import annotations

from dataclasses import replace

import discord

from bot.gatherings.actions import (
    CONFIRM_LEAVE,
    JOIN,
    JOIN_INSTEAD,
    LEAVE,
    MY_WISHES,
    REST,
    STAY,
    TAKE_PART,
    WISH_MENU,
)
from bot.gatherings.grouping.groups import Wish
from bot.gatherings.model.gathering import Gathering, Presence, Stage
from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.grouping import GatheringGrouping
from bot.gatherings.service.joining import GatheringJoining, Joined
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.service.rooms import GatheringRooms
from bot.gatherings.ui.card.lists import draw_text, rest_text
from bot.gatherings.ui.words import ACCENT, WISH, languages_text
from bot.kit.discord.actions import option, row_of
from bot.kit.discord.answers import answer_in_place, defer, redraw, reply, wait_for
from bot.kit.discord.cards import Component, card, row
from bot.kit.discord.interactions import Interaction, View, person_of, services_of


def joined_card(joined: Joined, *, note: str = "") -> View:
    """How a person is in now, with what they can change; for their own eyes."""
    guest, id_ = joined.guest, joined.gathering.id
    emoji, name, means = WISH[guest.wish]
    title = note or "### 👋 You are in"
    if joined.line:
        title = f"### ⏳ You are number {joined.line} on the waiting list"
    wishes = [
        option(name, wish.value, description=means, emoji=emoji, is_chosen=wish is guest.wish)
        for wish, (emoji, name, means) in WISH.items()
    ]
    return card(
        title,
        f"🔒 {LIST_UNMET}" if joined.is_list_unmet else "",
        _where_text(joined),
        f"{emoji} **{name}**: {means}. In {languages_text(guest.languages)}.",
        row(WISH_MENU.menu(wishes, gathering_id=id_)),
        row(MY_WISHES.button(gathering_id=id_), LEAVE.button(gathering_id=id_), *_rest(joined)),
        accent=ACCENT,
    )


def _where_text(joined: Joined) -> str:
    """What a person waits for or where they go; empty before the first round."""
    gathering = joined.gathering
    if joined.line:
        return (
            "All seats are taken. I tell you here in the dojo when one is yours; you need do"
            " nothing."
        )
    if joined.room is not None:
        room_id = joined.room.channel_id
        return f"The round is under way: your room is <#{room_id}>. Come in quietly."
    if gathering.rests(joined.guest):
        return resting_text(gathering, has_list=joined.has_list)
    if gathering.stage is Stage.BOARDING and not gathering.rooms:
        return "The rooms are being opened just now. I let you into one of them to observe."
    if gathering.stage in (Stage.BOARDING, Stage.RUNNING):
        last, draw = "It is the last one.", "You are in the draw for the next one."
        then = last if gathering.is_last else draw
        return f"The round is under way, and no room takes another observer now. {then}"
    return "" if gathering.stage is Stage.OPEN else draw_text(gathering)


LIST_UNMET = (
    "With the groups that are proposed, your list **Not in a group with…** cannot be kept."
    " **My wishes** lets you choose what you prefer."
)


def resting_text(gathering: Gathering, *, has_list: bool) -> str:
    """That someone sits this round out; to the owner of a list also that it may be the reason."""
    text = rest_text(gathering)
    if gathering.is_in_rooms and has_list:
        text += (
            " If you did not choose that: there was no place without the people you named."
            " **My wishes** changes your list."
        )
    return text


def _rest(joined: Joined) -> list[Component]:
    """Before a round everybody may sit it out, or take part after all."""
    gathering = joined.gathering
    if joined.line or gathering.stage not in (Stage.OPEN, Stage.BETWEEN):
        return []
    choice = TAKE_PART if gathering.rests(joined.guest) else REST
    return [choice.button(gathering_id=gathering.id)]


def joined_now(gathering: Gathering, user_id: int) -> Joined | None:
    """How a person is in a gathering, if they are."""
    guest = gathering.guest(user_id)
    if guest is None or guest.presence is Presence.LEFT:
        return None
    waiting = [one.user_id for one in gathering.waiting]
    line = waiting.index(user_id) + 1 if user_id in waiting else 0
    return Joined(gathering, guest, gathering.room_of(user_id), line)


def way_in(interaction: Interaction) -> View | None:
    """How a person comes into a round of the evening of this dojo, if one is on.

    Also for who could not come, was sent away or has left it.
    """
    found = [
        one
        for one in services_of(interaction)[LiveGatherings].all()
        if one.channel_id == interaction.channel_id and one.is_in_rooms
    ]
    if not found:
        return None
    gathering = found[-1]
    return card(
        "An evening is going on here, and you are in no round of it right now.",
        "**Join** lets you into one of its rooms, if there is a place, and tells you which.",
        row(JOIN.button(gathering_id=gathering.id)),
        accent=ACCENT,
    )


@JOIN.pressed
async def join(interaction: Interaction, gathering_id: int) -> None:
    """Give the person a seat, or a place in line, and say which; late comers get their room."""
    await defer(interaction, ephemeral=True, thinking=True)
    await reply(interaction, await _let_in(interaction, gathering_id))


@JOIN_INSTEAD.pressed
async def join_instead(interaction: Interaction, gathering_id: int) -> None:
    """Let the person leave the other gathering and join here."""
    await defer(interaction)
    await redraw(interaction, await _let_in(interaction, gathering_id, leave_other=True))


async def _let_in(
    interaction: Interaction, gathering_id: int, *, leave_other: bool = False
) -> View:
    """Let the person in; the card shows them how they are in."""
    services, person = services_of(interaction), person_of(interaction)
    gathering = services[LiveGatherings].get(gathering_id)
    known = joined_now(gathering, person.user_id)
    if known is not None:
        # Not once more: what a facilitator agreed with them tonight is not to be undone.
        return await _in_already(interaction, known)
    _check_sees(interaction, gathering)
    joining = services[GatheringJoining]
    try:
        joined = await joining.join(gathering_id, person, leave_other=leave_other)
    except CannotGather as error:
        if error.why != "other gathering":
            raise
        there = f" in <#{error.channel_id}>" if error.channel_id else ""
        return card(
            f"You are in another gathering{there}. One evening, one gathering: leave that one?",
            row(JOIN_INSTEAD.button(gathering_id=gathering_id)),
        )
    return joined_card(await _with_list(interaction, joined))


def _check_sees(interaction: Interaction, gathering: Gathering) -> None:
    """Raise CannotGather for people who cannot see the dojo: to them there is no evening."""
    channel = interaction.guild.get_channel(gathering.channel_id) if interaction.guild else None
    user = interaction.user
    if channel is None or not isinstance(user, discord.Member):
        return
    if not channel.permissions_for(user).view_channel:
        raise CannotGather("over")


async def _in_already(interaction: Interaction, known: Joined) -> View:
    """How the person is in; who found no room before, or whose round is over, may find one now."""
    gathering = known.gathering
    if gathering.stage in (Stage.BOARDING, Stage.RUNNING) and not known.line:
        rooms = services_of(interaction)[GatheringRooms]
        known = replace(known, room=await rooms.let_in(gathering.id, person_of(interaction)))
    return joined_card(await _with_list(interaction, known), note="### 👋 You are in already")


async def _with_list(interaction: Interaction, joined: Joined) -> Joined:
    """With what is to be said to someone of their own list, and to nobody else."""
    services, user_id = services_of(interaction), joined.guest.user_id
    wishes = await services[GatheringJoining].wishes_of(joined.gathering.dojo_id, user_id)
    is_unmet = await services[GatheringGrouping].is_list_unmet(joined.gathering, user_id)
    return replace(joined, has_list=bool(wishes.apart), is_list_unmet=is_unmet)


@WISH_MENU.chosen
async def wish_for(interaction: Interaction, choice: str, gathering_id: int) -> None:
    """Remember what the person would like to do, for this evening and those to come."""
    await defer(interaction)
    joining, person = services_of(interaction)[GatheringJoining], person_of(interaction)
    gathering = await joining.wish_for(gathering_id, person, wish=Wish(choice))
    joined = joined_now(gathering, person.user_id)
    if not gathering.is_open:
        view = card("👍 Noted for the next gathering here. This one is over.")
    elif joined is None:
        text = "👍 Noted for when you join. You are not in now."
        view = card(text, row_of(JOIN, gathering_id=gathering_id))
    else:
        view = joined_card(joined, note="### 👍 Noted")
    await redraw(interaction, view)


# Leaving


@LEAVE.pressed
async def leave(interaction: Interaction, gathering_id: int) -> None:
    """Let the person leave at once; ask first if they have a place in a round."""
    services = services_of(interaction)
    gathering = services[LiveGatherings].get(gathering_id)
    if services[GatheringRooms].is_in_round(gathering, interaction.user.id):
        question = (
            "You are in a round. If you leave, the others go on without you. Leave the whole"
            " evening?"
        )
        ways = row_of(CONFIRM_LEAVE, STAY, gathering_id=gathering_id)
        await reply(interaction, card(question, ways))
        return
    await wait_for(interaction)
    await _leave(interaction, gathering_id)


@CONFIRM_LEAVE.pressed
async def leave_round(interaction: Interaction, gathering_id: int) -> None:
    """Let the person leave the round and the gathering."""
    await defer(interaction)
    await _leave(interaction, gathering_id)


async def _leave(interaction: Interaction, gathering_id: int) -> None:
    await services_of(interaction)[GatheringJoining].leave(gathering_id, person_of(interaction))
    text = "👋 You have left the gathering. No reason needed."
    await answer_in_place(interaction, card(text, row_of(JOIN, gathering_id=gathering_id)))


@STAY.pressed
async def stay(interaction: Interaction, gathering_id: int) -> None:
    """Change nothing, and say so."""
    del gathering_id
    await redraw(interaction, card("👍 You stay. Nothing was changed."))
