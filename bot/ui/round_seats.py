"""The seats of coach and client: empty ones to take, offers to answer, and saying that one is here.

Whatever is pressed here is the person's own yes. Who has not answered the agreement of the round
is asked for that answer first, with or without notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord

from bot.domain.rounds import Agreement, Role, Round, State
from bot.ui.answers import defer, redraw, reply
from bot.ui.cards import Component
from bot.ui.components import Part, card, row
from bot.ui.interactions import Interaction, View, person_of
from bot.ui.round_steps import ROUND, RoundButton, is_private, mention, rounds_of
from bot.ui.round_texts import ROLE
from bot.ui.texts import joined

Rows = list[Component]
MOST_DOUBTED = 10
"""People named who are asked whether they are there."""


def seat_texts(round_: Round) -> list[str]:
    """What someone is asked about seats now, in a sentence or two each."""
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


def seat_rows(round_: Round) -> Rows:
    """The buttons with which that is answered."""
    rows: Rows = []
    roles: Sequence[Role] = round_.open_roles
    if round_.awaits_next_coach:
        roles = (Role.COACH,)
    if roles and round_.has_begun and not round_.awaits_next_coach:
        rows.append(row(*(TakeOver(round_.id, role, "on") for role in roles), *_way_out(round_)))
    elif roles:
        rows.append(row(*(TakeOver(round_.id, role) for role in roles)))
    if round_.offer is not None:
        rows.append(row(TakeSeat(round_.id), NoThanks(round_.id), TakeBack(round_.id)))
    if any(seat.doubted_at is not None for seat in round_.here):
        rows.append(row(StillHere(round_.id)))
    return rows


def empty_seats(round_: Round, user_id: int) -> Sequence[Part]:
    """For a person who has just agreed to a round that waits for a coach or a client.

    Perhaps the seat was theirs: who does not answer in time only observes, until they take it.
    """
    seat = round_.seat_of(user_id)
    is_free = seat is not None and seat.role is Role.OBSERVER and not seat.observes_only
    if round_.state is not State.PROPOSED or not round_.open_roles or not is_free:
        return ()
    seats = joined(f"the {role}’s seat" for role in round_.open_roles)
    verb = "is" if len(round_.open_roles) == 1 else "are"
    return (
        f"**The round waits: {seats} {verb} empty.** The first who takes a seat has it.",
        row(*(TakeOver(round_.id, role) for role in round_.open_roles)),
    )


def _way_out(round_: Round) -> list[ToFeedback]:
    """To the feedback, where there has been something to give feedback on."""
    has_coached = any(seat.has_coached for seat in round_.seats)
    return [ToFeedback(round_.id)] if has_coached else []


def _seated_card(round_: Round, user_id: int) -> View:
    """What someone is told who has just got a seat."""
    seat = round_.get_seat(user_id)
    emoji, name = ROLE[seat.role]
    notes = "with notes" if seat.agreement is Agreement.NOTES else "without notes"
    return card(
        f"{emoji} **{name}:** the seat is yours, {notes}. **My role now** says what to do, and"
        " changes your answer."
    )


async def _tell(interaction: Interaction, view: View) -> None:
    """Say it on the private card that was clicked, or on one of its own."""
    await (redraw if is_private(interaction) else reply)(interaction, view)


# Empty seats


class TakeOver(RoundButton, template=rf"{ROUND}:take:(?P<role>coach|client)"):
    """Somebody in the room takes the seat that is empty."""

    def __init__(self, round_id: str | int, role: str, when: str = "") -> None:
        self.role = Role(role)
        coaches = "I coach on" if when else "I will coach"
        label = coaches if self.role is Role.COACH else "I will be the client"
        success = discord.ButtonStyle.success
        emoji = ROLE[self.role][0]
        super().__init__(round_id, f"take:{self.role}", label, emoji=emoji, style=success)

    async def pressed(self, interaction: Interaction) -> None:
        """The first one to press has it; who has not agreed yet is asked with or without notes."""
        rounds = rounds_of(interaction)
        seat = rounds.kept.get(self.round_id).seat_of(interaction.user.id)
        if seat is not None and seat.agreement is Agreement.OPEN:
            answers = (Agreement.NOTES, Agreement.NO_NOTES)
            buttons = [TakeWith(self.round_id, self.role, one) for one in answers]
            await reply(interaction, _ask_card(self.role, buttons))
            return
        await defer(interaction)
        round_ = await rounds.take_over(self.round_id, person_of(interaction), self.role)
        await reply(interaction, _seated_card(round_, interaction.user.id))


def _ask_card(role: Role, buttons: Sequence[discord.ui.Item[Any]]) -> View:
    return card(
        f"**You take the {role}’s seat.** Do you agree to the round with notes about the coach’s"
        " words and acts, or without? Both are fine.",
        row(*buttons),
    )


class TakeWith(
    RoundButton, template=rf"{ROUND}:take:(?P<role>coach|client):(?P<agreement>notes|no-notes)"
):
    """Takes an empty seat with an answer to the agreement."""

    def __init__(self, round_id: str | int, role: str, agreement: str) -> None:
        self.role, self.agreement = Role(role), Agreement(agreement)
        super().__init__(round_id, f"take:{role}:{agreement}", *_looks(self.agreement))

    async def pressed(self, interaction: Interaction) -> None:
        """Take it, if nobody was quicker."""
        rounds, person = rounds_of(interaction), person_of(interaction)
        round_ = await rounds.take_over(self.round_id, person, self.role, self.agreement)
        await _tell(interaction, _seated_card(round_, person.user_id))


def _looks(agreement: Agreement) -> tuple[str]:
    with_notes = agreement is Agreement.NOTES
    return ("Take it, with notes" if with_notes else "Take it, without notes",)


# A seat that is offered to one person


class TakeSeat(RoundButton, template=rf"{ROUND}:seat"):
    """Takes the seat that is offered to oneself."""

    def __init__(self, round_id: str | int) -> None:
        success = discord.ButtonStyle.success
        super().__init__(round_id, "seat", "Take the seat", emoji="🪑", style=success)

    async def pressed(self, interaction: Interaction) -> None:
        """Take it; who has not agreed yet is asked with or without notes."""
        rounds, person = rounds_of(interaction), person_of(interaction)
        round_ = rounds.kept.get(self.round_id)
        seat = round_.seat_of(person.user_id)
        offer = round_.offer
        is_mine = offer is not None and offer.user_id == person.user_id
        if offer is not None and is_mine and seat and seat.agreement is Agreement.OPEN:
            answers = (Agreement.NOTES, Agreement.NO_NOTES)
            buttons = [TakeSeatWith(self.round_id, one) for one in answers]
            await reply(interaction, _ask_card(offer.role, buttons))
            return
        await defer(interaction)
        round_ = await rounds.accept(self.round_id, person)
        await reply(interaction, _seated_card(round_, person.user_id))


class TakeSeatWith(RoundButton, template=rf"{ROUND}:seat:(?P<agreement>notes|no-notes)"):
    """Takes the offered seat with an answer to the agreement."""

    def __init__(self, round_id: str | int, agreement: str) -> None:
        self.agreement = Agreement(agreement)
        super().__init__(round_id, f"seat:{agreement}", *_looks(self.agreement))

    async def pressed(self, interaction: Interaction) -> None:
        """Take it."""
        rounds, person = rounds_of(interaction), person_of(interaction)
        round_ = await rounds.accept(self.round_id, person, self.agreement)
        await _tell(interaction, _seated_card(round_, person.user_id))


class NoThanks(RoundButton, template=rf"{ROUND}:seat-no"):
    """Does not take the seat that is offered to oneself."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "seat-no", "No, thank you")

    async def pressed(self, interaction: Interaction) -> None:
        """Say no; nobody asks why."""
        await defer(interaction)
        await rounds_of(interaction).refuse(self.round_id, person_of(interaction))


class TakeBack(RoundButton, template=rf"{ROUND}:seat-back"):
    """Takes the offer of a seat back."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "seat-back", "Take the offer back", emoji="↩️")

    async def pressed(self, interaction: Interaction) -> None:
        """The person who has the seat keeps it, and the clock goes on."""
        await defer(interaction)
        await rounds_of(interaction).take_offer_back(self.round_id, person_of(interaction))


# Who is still here


class StillHere(RoundButton, template=rf"{ROUND}:here"):
    """Says that one has not left."""

    def __init__(self, round_id: str | int) -> None:
        success = discord.ButtonStyle.success
        super().__init__(round_id, "here", "I am here", emoji="🙋", style=success)

    async def pressed(self, interaction: Interaction) -> None:
        """Note it; the card asks no longer."""
        await defer(interaction)
        await rounds_of(interaction).still_here(self.round_id, person_of(interaction))


class ToFeedback(RoundButton, template=rf"{ROUND}:feedback"):
    """Leaves out the rest of the coaching."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "feedback", "Go to feedback", emoji="💬")

    async def pressed(self, interaction: Interaction) -> None:
        """Go to the first part of the feedback."""
        await defer(interaction)
        await rounds_of(interaction).go_to_feedback(self.round_id, person_of(interaction))
