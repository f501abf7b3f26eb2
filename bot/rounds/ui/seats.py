"""The seats of coach and client: empty ones to take, offers to answer, and saying that one is here.

A press here is the person's own yes. People who have not answered the agreement of the round are
asked for that answer first, with or without notes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

from bot.kit.discord.actions import Handler, row_of
from bot.kit.discord.answers import answer_in_place, defer, reply
from bot.kit.discord.cards import Component, Part, card, row
from bot.kit.discord.interactions import Interaction, View, person_of, services_of
from bot.kit.discord.text import joined
from bot.kit.person import Person
from bot.rounds.actions import (
    COME_BACK,
    FOCUS,
    REFUSE_SEAT,
    STILL_HERE,
    TAKE_OFFER_BACK,
    TAKE_OVER,
    TAKE_OVER_WITH,
    TAKE_SEAT,
    TAKE_SEAT_WITH,
    TO_FEEDBACK,
)
from bot.rounds.model.round import Agreement, Role, Round, State, is_coaching_over
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.people import RoundPeople
from bot.rounds.service.steering import RoundSteering
from bot.rounds.ui.shared import mention
from bot.rounds.ui.words import ROLE

S = TypeVar("S")

MOST_DOUBTED = 10
"""People named who are asked whether they are there."""


def seat_texts(round_: Round) -> list[str]:
    """What people are asked about seats now, in a sentence or two each."""
    texts: list[str] = []
    if round_.state is State.PROPOSED and round_.open_roles:
        seats = joined(f"the {role}’s seat" for role in round_.open_roles)
        texts.append(f"**Empty: {seats}.** The first who takes a seat has it.")
    if round_.awaits_next_coach:
        following = round_.next_in_line
        first = f"{mention(following.user_id)} is next in line. " if following else ""
        texts.append(f"**Who coaches next?** {first}The first who takes the seat has it.")
    offer = round_.offer
    if offer is not None:
        rests = " The clock rests until the answer." if offer.rests else ""
        texts.append(
            f"**{mention(offer.user_id)}: the {offer.role}’s seat is offered to you.**{rests}"
        )
    doubted = [seat.user_id for seat in round_.here if seat.doubted_at is not None]
    if doubted:
        named = joined(mention(user_id) for user_id in doubted[:MOST_DOUBTED])
        client = round_.client
        rests = client is not None and client.doubted_at is not None
        then = "the clock rests" if rests else "the round goes on"
        texts.append(f"**{named}: are you still here?** Without an answer {then}.")
    return texts


def seat_rows(round_: Round) -> list[Component]:
    """The buttons with which that is answered."""
    id_, take = round_.id, list[Component]()
    if round_.awaits_next_coach:
        take = _take_buttons(id_, [Role.COACH])
    elif round_.open_roles and round_.has_begun:
        take = _take_buttons(id_, round_.open_roles, coach="I coach on")
        # To the feedback, where there has been something to give feedback on.
        if any(seat.has_coached for seat in round_.seats):
            take.append(TO_FEEDBACK.button(round_id=id_))
        leads = (round_.coach, round_.client)
        if any(seat is not None and not seat.is_here for seat in leads):
            take.append(COME_BACK.button(round_id=id_))
    elif round_.open_roles:
        take = _take_buttons(id_, round_.open_roles)
    answers = (TAKE_SEAT, REFUSE_SEAT, TAKE_OFFER_BACK) if round_.offer is not None else ()
    is_doubted = any(seat.doubted_at is not None for seat in round_.here)
    here = (STILL_HERE,) if is_doubted else ()
    return [row(*take), row_of(*answers, round_id=id_), row_of(*here, round_id=id_)]


def empty_seats(round_: Round, user_id: int) -> Sequence[Part]:
    """For a person who has just agreed to a round that waits for a coach or a client.

    Perhaps the seat was theirs: people who do not answer in time observe until they take it.
    """
    seat = round_.seat_of(user_id)
    is_free = seat is not None and seat.role is Role.OBSERVER and not seat.observes_only
    if round_.state is not State.PROPOSED or not round_.open_roles or not is_free:
        return ()
    seats = joined(f"the {role}’s seat" for role in round_.open_roles)
    verb = "is" if len(round_.open_roles) == 1 else "are"
    return (
        f"**The round waits: {seats} {verb} empty.** The first who takes a seat has it.",
        row(*_take_buttons(round_.id, round_.open_roles)),
    )


def _take_buttons(
    round_id: int, roles: Iterable[Role], *, coach: str = "I will coach"
) -> list[Component]:
    """A button for each empty seat; `coach` is what the one of the coach says."""
    label = {Role.COACH: coach, Role.CLIENT: "I will be the client"}
    return [
        TAKE_OVER.button(round_id=round_id, role=role, label=label[role], emoji=ROLE[role][0])
        for role in roles
    ]


def _seated_card(round_: Round, user_id: int) -> View:
    """What a person is told who has just got a seat."""
    seat = round_.get_seat(user_id)
    emoji, name = ROLE[seat.role]
    notes = "with notes" if seat.agreement is Agreement.NOTES else "without notes"
    # Who was coach before them may have named another focus, or none.
    is_asked = seat.role is Role.COACH and not is_coaching_over(round_)
    return card(
        f"{emoji} **{name}:** the seat is yours, {notes}. **My role now** says what to do, and"
        " changes your answer.",
        "What should observers watch for? If you say nothing, "
        f"{'what is usual in this dojo holds' if seat.focus else 'they watch all signals alike'}."
        if is_asked
        else "",
        row(FOCUS.button(round_id=round_.id)) if is_asked else "",
    )


_ANSWERS = {Agreement.NOTES: "Take it, with notes", Agreement.NO_NOTES: "Take it, without notes"}


def _answer_card(role: Role, buttons: Sequence[Component]) -> View:
    """Asks a person who takes a seat for their answer to the agreement."""
    return card(
        f"**You take the {role}’s seat.** Do you agree to the round with notes about the coach’s"
        " words and acts, or without? Both are fine.",
        row(*buttons),
    )


# Empty seats


@TAKE_OVER.pressed
async def take_over(interaction: Interaction, round_id: int, role: str) -> None:
    """Give the seat to the first who presses; ask first for an answer that is still open."""
    services, person = services_of(interaction), person_of(interaction)
    seat = services[LiveRounds].get(round_id).seat_of(person.user_id)
    if seat is not None and seat.agreement is Agreement.OPEN:
        buttons = [
            TAKE_OVER_WITH.button(round_id=round_id, role=role, agreement=one, label=label)
            for one, label in _ANSWERS.items()
        ]
        await reply(interaction, _answer_card(Role(role), buttons))
        return
    await defer(interaction)
    round_ = await services[RoundPeople].take_over(round_id, person, Role(role))
    await reply(interaction, _seated_card(round_, person.user_id))


@TAKE_OVER_WITH.pressed
async def take_over_with(
    interaction: Interaction, round_id: int, role: str, agreement: str
) -> None:
    """Give the seat to the person with their answer, if nobody was quicker."""
    person, answer = person_of(interaction), Agreement(agreement)
    people = services_of(interaction)[RoundPeople]
    round_ = await people.take_over(round_id, person, Role(role), answer)
    await answer_in_place(interaction, _seated_card(round_, person.user_id))


# A seat that is offered to one person


@TAKE_SEAT.pressed
async def take_seat(interaction: Interaction, round_id: int) -> None:
    """Give the person the seat they are offered; ask first for an answer that is still open."""
    services, person = services_of(interaction), person_of(interaction)
    round_ = services[LiveRounds].get(round_id)
    seat, offer = round_.seat_of(person.user_id), round_.offer
    is_mine = offer is not None and offer.user_id == person.user_id
    if offer is not None and is_mine and seat and seat.agreement is Agreement.OPEN:
        buttons = [
            TAKE_SEAT_WITH.button(round_id=round_id, agreement=one, label=label)
            for one, label in _ANSWERS.items()
        ]
        await reply(interaction, _answer_card(offer.role, buttons))
        return
    await defer(interaction)
    round_ = await services[RoundPeople].accept(round_id, person)
    await reply(interaction, _seated_card(round_, person.user_id))


@TAKE_SEAT_WITH.pressed
async def take_seat_with(interaction: Interaction, round_id: int, agreement: str) -> None:
    """Give the person the seat they are offered, with their answer."""
    person = person_of(interaction)
    people = services_of(interaction)[RoundPeople]
    round_ = await people.accept(round_id, person, Agreement(agreement))
    await answer_in_place(interaction, _seated_card(round_, person.user_id))


# What changes the card, and needs no other answer


def on_card(service: type[S], act: Callable[[S, int, Person], Awaitable[object]]) -> Handler:
    """What a button on the card of a round does that changes only the card."""

    async def handle(interaction: Interaction, round_id: int) -> None:
        await defer(interaction)
        await act(services_of(interaction)[service], round_id, person_of(interaction))

    return handle


REFUSE_SEAT.pressed(on_card(RoundPeople, RoundPeople.refuse))
TAKE_OFFER_BACK.pressed(on_card(RoundPeople, RoundPeople.take_offer_back))
STILL_HERE.pressed(on_card(RoundPeople, RoundPeople.still_here))
TO_FEEDBACK.pressed(on_card(RoundSteering, RoundSteering.go_to_feedback))
