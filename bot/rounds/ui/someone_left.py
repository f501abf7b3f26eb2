"""Someone left: who it was, by name; asked before it counts for a coach or client; taken back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import timedelta

from bot.kit.discord.actions import Style
from bot.kit.discord.answers import redraw, reply, wait_for
from bot.kit.discord.cards import Part, card, row
from bot.kit.discord.interactions import Interaction, View, person_of, services_of
from bot.kit.discord.text import cut
from bot.kit.requests.unreachable import DISCORD_FAILURES
from bot.rounds.actions import (
    CHANGE_NOTHING,
    CONFIRM_LEFT,
    NOBODY_LEFT,
    SOMEONE_LEFT,
    WHO_LEFT,
)
from bot.rounds.model.did import Did
from bot.rounds.model.refusals import AlreadyDone
from bot.rounds.model.round import ANSWER_WITHIN, Role, Round, Seat, is_coaching_over
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.people import RoundPeople
from bot.rounds.ui.shared import mention, way_back
from bot.rounds.ui.words import ROLE

log = logging.getLogger(__name__)

MOST_BUTTONS = 20
"""People that can be chosen from by button; of larger groups only the first."""
LONGEST_NAME = 22
SECONDS = ANSWER_WITHIN // timedelta(seconds=1)


@SOMEONE_LEFT.pressed
async def ask_who_left(interaction: Interaction, round_id: int) -> None:
    """Ask which of the people it is, by name."""
    services = services_of(interaction)
    round_ = services[LiveRounds].get(round_id)
    services[RoundAccess].check_may_steer(round_, person_of(interaction))
    seats = [(number, seat) for number, seat in enumerate(round_.seats) if seat.is_here]
    seats = seats[:MOST_BUTTONS]
    names = await _names_of(interaction, (seat.user_id for _, seat in seats))
    buttons = [
        WHO_LEFT.button(
            round_id=round_id,
            number=number,
            label=_label(round_, seat, names),
            emoji=ROLE[seat.role][0],
        )
        for number, seat in seats
    ]
    rows = [row(*buttons[at : at + 5]) for at in range(0, len(buttons), 5)]
    await reply(interaction, card(f"**Who has left?** {_what_follows(interaction, round_)}", *rows))


async def _names_of(
    interaction: Interaction, user_ids: Iterable[int | None]
) -> dict[int | None, str]:
    """How people are called here, as far as Discord says so in time."""
    guild = interaction.guild
    if guild is None:
        return {}
    found: dict[int | None, str] = {}
    unknown: list[int] = []
    for user_id in user_ids:
        member = guild.get_member(user_id) if user_id is not None else None
        if member is not None:
            found[user_id] = member.display_name
        elif user_id is not None:
            unknown.append(user_id)
    if unknown:
        await wait_for(interaction)

    async def ask(user_id: int) -> None:
        try:
            found[user_id] = (await guild.fetch_member(user_id)).display_name
        except DISCORD_FAILURES as error:
            log.info("a person has no name here: %s", error)

    await asyncio.gather(*map(ask, unknown))
    return found


def _label(round_: Round, seat: Seat, names: dict[int | None, str]) -> str:
    """`Kim · client`; without a name the role alone, observers with a number."""
    role = ROLE[seat.role][1]
    name = names.get(seat.user_id, "")
    if name:
        return f"{cut(name, LONGEST_NAME)} · {role.lower()}"
    observers = round_.observers
    is_one_of_many = len(observers) > 1 and seat in observers
    return f"{role} {observers.index(seat) + 1}" if is_one_of_many else role


def _holds_at_once(interaction: Interaction, round_: Round) -> bool:
    """Whether this is the word of a facilitator from outside the round, who asks nobody."""
    person = person_of(interaction)
    facilitates = services_of(interaction)[RoundAccess].facilitates(round_, person)
    return facilitates and not round_.takes_part(person.user_id)


def _what_follows(interaction: Interaction, round_: Round) -> str:
    """What becomes of it: a facilitator's word holds at once, that of others is asked about."""
    if _holds_at_once(interaction, round_):
        return f"That person can come back with {way_back(interaction, round_)}."
    return f"I ask that person first. Without an answer in {SECONDS} seconds they have left."


@WHO_LEFT.pressed
async def say_who_left(interaction: Interaction, round_id: int, number: int) -> None:
    """Take the person at their word who pressed; for a coach or client ask first."""
    services = services_of(interaction)
    round_ = services[LiveRounds].get(round_id)
    services[RoundAccess].check_may_steer(round_, person_of(interaction))
    seat = _seat(round_, number)
    if seat.role is not Role.OBSERVER and round_.is_in(seat):
        await redraw(interaction, _sure_card(interaction, round_, number, seat))
        return
    await _say(interaction, round_, number, seat)


@CONFIRM_LEFT.pressed
async def say_for_sure(interaction: Interaction, round_id: int, number: int) -> None:
    """Take the person at their word who pressed, about a coach or client."""
    round_ = services_of(interaction)[LiveRounds].get(round_id)
    await _say(interaction, round_, number, _seat(round_, number))


def _seat(round_: Round, number: int) -> Seat:
    """The seat with that number. Raises AlreadyDone where nobody is known to have it."""
    seat = round_.seats[number] if number < len(round_.seats) else None
    if seat is None or seat.user_id is None:
        raise AlreadyDone(Did.LEFT)
    return seat


def _sure_card(interaction: Interaction, round_: Round, number: int, seat: Seat) -> View:
    """What follows for a coach or client who is said to have left, before it does."""
    who = mention(seat.user_id)
    at_once = _holds_at_once(interaction, round_)
    if len(round_.here) <= 2:
        follows = "the round ends. Until five minutes later it can be taken up again"
    elif is_coaching_over(round_):
        follows = "the round goes on without them"
    else:
        follows = "the clock rests, and the seat is open to the others"
    if at_once:
        text = f"They are out of the round at once: {follows}."
        label = "They have left"
    elif seat.role is Role.CLIENT:
        text = f"I ask them first. Without an answer in {SECONDS} seconds the clock rests."
        label = "Ask them"
    else:
        text = f"I ask them first. Without an answer in {SECONDS} seconds {follows}."
        label = "Ask them"
    sure = CONFIRM_LEFT.button(
        round_id=round_.id,
        number=number,
        label=label,
        style=Style.danger if at_once else Style.primary,
    )
    return card(
        f"**Has {who} left? They are the {seat.role}.** {text}",
        row(sure, CHANGE_NOTHING.button(round_id=round_.id)),
    )


async def _say(interaction: Interaction, known: Round, number: int, seat: Seat) -> None:
    """Take the person on that seat out of the round, or ask them first; the room is told."""
    services, person, who = services_of(interaction), person_of(interaction), seat.user_id or 0
    round_ = await services[RoundPeople].leave(known.id, person, who=who)
    text = f"👋 {mention(who)} is no longer in the round."
    if round_.takes_part(who):
        text = f"❓ {mention(who)} is asked on the card now whether they are still here."
    more: list[Part] = [row(NOBODY_LEFT.button(round_id=known.id, number=number))]
    if not round_.is_open:
        text += " It has ended with that. **Take it up again** on its card goes on."
        more = []
    await redraw(interaction, card(text, *more))


@NOBODY_LEFT.pressed
async def nobody_left(interaction: Interaction, round_id: int, number: int) -> None:
    """Take back what this person has just said about another one; the room is told."""
    services = services_of(interaction)
    seat = _seat(services[LiveRounds].get(round_id), number)
    people = services[RoundPeople]
    await people.take_word_back(round_id, person_of(interaction), seat.user_id or 0)
    said = f"↩️ Taken back: {mention(seat.user_id)} has not left."
    await redraw(interaction, card(said))
