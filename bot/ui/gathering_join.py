"""Joining a gathering: one tap, what one wishes, and leaving again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord

from bot.domain.errors import CannotGather
from bot.domain.gatherings import Gathering, Presence, Stage
from bot.domain.groups import Wish
from bot.services.gatherings import Joined
from bot.ui.answers import defer, redraw, reply
from bot.ui.components import DojoMenu, Part, card, row
from bot.ui.gathering_lists import draw_text, rest_button, rest_text
from bot.ui.gathering_steps import (
    GATHER,
    GatherButton,
    button_to,
    gatherings_of,
    is_private,
    wait_for,
)
from bot.ui.gathering_texts import ACCENT, WISH, languages_text
from bot.ui.interactions import Interaction, View, person_of

MENU = "What would you like to do?"


def joined_card(joined: Joined, *, note: str = "") -> View:
    """How somebody is in now, with what they can change; for their own eyes."""
    gathering, guest = joined.gathering, joined.guest
    emoji, name, means = WISH[guest.wish]
    parts: list[Part] = [f"{note or '### 👋 You are in'}"]
    if joined.line:
        parts = [
            f"### ⏳ You are number {joined.line} on the waiting list",
            (
                "All seats are taken. I tell you here in the dojo when one is yours; you need do"
                " nothing."
            ),
        ]
    elif joined.room is not None:
        parts.append(
            f"The round is under way: your room is <#{joined.room.channel_id}>. Come in quietly."
        )
    elif gathering.rests(guest):
        parts.append(resting_text(gathering, has_list=joined.has_list))
    elif gathering.stage is Stage.BOARDING and not gathering.rooms:
        parts.append("The rooms are being opened just now. I let you into one of them to observe.")
    elif gathering.stage in (Stage.BOARDING, Stage.RUNNING):
        then = (
            "It is the last one." if gathering.is_last else "You are in the draw for the next one."
        )
        parts.append(f"The round is under way, and no room takes another observer now. {then}")
    elif gathering.stage is not Stage.OPEN:
        parts.append(draw_text(gathering))
    parts += [
        f"{emoji} **{name}**: {means}. In {languages_text(guest.languages)}.",
        row(WishMenu(gathering.id, guest.wish)),
        row(my_wishes(gathering.id), LeaveGathering(gathering.id), *_rest(joined)),
    ]
    if joined.is_list_unmet:
        parts.insert(1, f"🔒 {LIST_UNMET}")
    return card(*parts, accent=ACCENT)


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


def _rest(joined: Joined) -> list[discord.ui.Button[Any]]:
    """Before a round everybody may sit it out, or take part after all."""
    gathering = joined.gathering
    if joined.line or gathering.stage not in (Stage.OPEN, Stage.BETWEEN):
        return []
    return [rest_button(gathering.id, rests=not gathering.rests(joined.guest))]


def my_wishes(gathering_id: int) -> discord.ui.Button[Any]:
    """Leads to the form with all wishes."""
    return button_to(gathering_id, "wishes", "My wishes", emoji="🌠")


def joined_now(gathering: Gathering, user_id: int) -> Joined | None:
    """How somebody is in a gathering; none if they are not."""
    guest = gathering.guest(user_id)
    if guest is None or guest.presence is Presence.LEFT:
        return None
    waiting = [one.user_id for one in gathering.waiting]
    line = waiting.index(user_id) + 1 if user_id in waiting else 0
    return Joined(gathering, guest, gathering.room_of(user_id), line)


async def _join(interaction: Interaction, gathering_id: int, *, leave_other: bool = False) -> None:
    """Let the person in, and show them how."""
    gatherings, person = gatherings_of(interaction), person_of(interaction)
    gathering = gatherings.kept.get(gathering_id)
    known = joined_now(gathering, person.user_id)
    if known is None:
        _check_sees(interaction, gathering)
    try:
        if known is not None:
            # Not once more: what a facilitator agreed with them tonight is not to be undone.
            view = await _in_already(interaction, known)
        else:
            joined = await gatherings.join(gathering_id, person, leave_other=leave_other)
            view = joined_card(await _with_list(interaction, joined))
    except CannotGather as error:
        if error.why != "other gathering":
            raise
        there = f" in <#{error.channel_id}>" if error.channel_id else ""
        view = card(
            f"You are in another gathering{there}. One evening, one gathering: leave that one?",
            row(JoinInstead(gathering_id)),
        )
    await (redraw if leave_other else reply)(interaction, view)


def _check_sees(interaction: Interaction, gathering: Gathering) -> None:
    """Raises CannotGather for whoever cannot see the dojo of an evening: to them there is none."""
    channel = interaction.guild.get_channel(gathering.channel_id) if interaction.guild else None
    user = interaction.user
    if channel is None or not isinstance(user, discord.Member):
        return
    if not channel.permissions_for(user).view_channel:
        raise CannotGather("over")


async def _in_already(interaction: Interaction, known: Joined) -> View:
    """How the person is in; who found no room before, or whose round is over, may find one now."""
    gathering = known.gathering
    runs = gathering.stage in (Stage.BOARDING, Stage.RUNNING)
    if runs and not known.line:
        room = await gatherings_of(interaction).let_in(gathering.id, person_of(interaction))
        known = replace(known, room=room)
    return joined_card(await _with_list(interaction, known), note="### 👋 You are in already")


async def _with_list(interaction: Interaction, joined: Joined) -> Joined:
    """With what is to be said to someone of their own list, and to nobody else."""
    gatherings, user_id = gatherings_of(interaction), joined.guest.user_id
    wishes = await gatherings.wishes_of(joined.gathering.dojo_id, user_id)
    is_unmet = await gatherings.is_list_unmet(joined.gathering, user_id)
    return replace(joined, has_list=bool(wishes.apart), is_list_unmet=is_unmet)


class JoinGathering(GatherButton, template=rf"{GATHER}:join"):
    """Joins, with the wish that is remembered."""

    def __init__(self, gathering_id: str | int) -> None:
        green = discord.ButtonStyle.success
        super().__init__(gathering_id, "join", "Join", emoji="👋", style=green)

    async def pressed(self, interaction: Interaction) -> None:
        """Take a seat, or a place in line, and say which; late comers get their room."""
        await defer(interaction, ephemeral=True, thinking=True)
        await _join(interaction, self.gathering_id)


class JoinInstead(GatherButton, template=rf"{GATHER}:join-instead"):
    """Leaves another gathering for this one."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "join-instead", "Leave that one and join here", emoji="🚪")

    async def pressed(self, interaction: Interaction) -> None:
        """Leave there, join here."""
        await defer(interaction)
        await _join(interaction, self.gathering_id, leave_other=True)


class WishMenu(DojoMenu, template=rf"{GATHER}:wish"):
    """What somebody would like to do."""

    def __init__(self, gathering_id: str | int, chosen: Wish | None = None) -> None:
        self.gathering_id = int(gathering_id)
        options = [
            discord.SelectOption(
                label=name, value=wish.value, emoji=emoji, description=means, default=wish is chosen
            )
            for wish, (emoji, name, means) in WISH.items()
        ]
        super().__init__(f"gather:{gathering_id}:wish", MENU, options)

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Keep it, for this evening and those to come."""
        await defer(interaction)
        gatherings, person = gatherings_of(interaction), person_of(interaction)
        gathering = await gatherings.wish_for(self.gathering_id, person, wish=Wish(choice))
        joined = joined_now(gathering, person.user_id)
        if not gathering.is_open:
            view = card("👍 Noted for the next gathering here. This one is over.")
        elif joined is None:
            join = row(JoinGathering(gathering.id))
            view = card("👍 Noted for when you join. You are not in now.", join)
        else:
            view = joined_card(joined, note="### 👍 Noted")
        await redraw(interaction, view)


# Leaving


class LeaveGathering(GatherButton, template=rf"{GATHER}:leave"):
    """Leaves; in a round one is asked first."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "leave", "Leave", emoji="🚶")

    async def pressed(self, interaction: Interaction) -> None:
        """Leave at once, or ask whoever has a place in a round."""
        gatherings = gatherings_of(interaction)
        gathering = gatherings.kept.get(self.gathering_id)
        if gathering.takes_part(interaction.user.id) and gathering.room_of(interaction.user.id):
            await reply(
                interaction,
                card(
                    "You are in a round. If you leave, the others go on without you. Leave the"
                    " whole evening?",
                    row(LeaveIndeed(gathering.id), Stay(gathering.id)),
                ),
            )
            return
        await wait_for(interaction)
        await _leave(interaction, self.gathering_id)


async def _leave(interaction: Interaction, gathering_id: int) -> None:
    await gatherings_of(interaction).leave(gathering_id, person_of(interaction))
    view = card(
        "👋 You have left the gathering. No reason needed.", row(JoinGathering(gathering_id))
    )
    await (redraw if is_private(interaction) else reply)(interaction, view)


class LeaveIndeed(GatherButton, template=rf"{GATHER}:leave-indeed"):
    """Leaves in the middle of a round."""

    def __init__(self, gathering_id: str | int) -> None:
        danger = discord.ButtonStyle.danger
        super().__init__(gathering_id, "leave-indeed", "Leave the evening", style=danger)

    async def pressed(self, interaction: Interaction) -> None:
        """Leave the round and the gathering."""
        await defer(interaction)
        await _leave(interaction, self.gathering_id)


class Stay(GatherButton, template=rf"{GATHER}:stay"):
    """Stays after all."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "stay", "Stay")

    async def pressed(self, interaction: Interaction) -> None:
        """Change nothing."""
        await redraw(interaction, card("👍 You stay. Nothing was changed."))
