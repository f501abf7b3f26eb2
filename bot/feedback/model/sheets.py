"""Sheets: what everybody in a round judges once, at its end.

An observer judges all codes of the signal list, the coach does the same about their own coaching
before they see anything, and the client has three items of their own. A missing mark means “could
not tell”: that nothing was noted never means that nothing happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.feedback.model.notes import Note, Side, check_has_notes
from bot.feedback.model.refusals import CannotNote
from bot.rounds.model.round import Role, Round, Seat, is_coaching_over

LATE_SHEET = timedelta(hours=24)
"""How long after a round someone who has not handed in may still do so."""


class Mark(StrEnum):
    """The judgement of one code over a whole round."""

    SEEN = "seen"
    SIGNAL = "signal"
    BOTH = "both"
    NO_OCCASION = "no-occasion"
    """There was nothing to respond to. Only this mark can say so about a code for an omission."""
    COULD_NOT_TELL = "could-not-tell"


class Answer(StrEnum):
    """The client's answer to one of their items."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One person's judgement of one coach in one round."""

    round_id: int
    seat: int
    user_id: int | None
    """None once that person has been forgotten."""
    coach_user_id: int
    marks: Mapping[str, Mark]
    """By code; a missing code means “could not tell”."""
    handed_in_at: datetime | None = None
    """None for a draft, which nobody else ever sees."""

    @property
    def is_own(self) -> bool:
        """Whether this is the coach's own view."""
        return self.user_id == self.coach_user_id


@dataclass(frozen=True, slots=True)
class ClientView:
    """How a round was for its client, in three items."""

    round_id: int
    user_id: int
    chose: Answer
    """I chose where we went."""
    heard: Answer
    """I was heard in my own words."""
    recognised: Answer
    """Something about me was recognised."""
    is_shared: bool
    """Whether the coach may see it."""
    given_at: datetime


def prefilled(notes: Iterable[Note]) -> dict[str, Mark]:
    """What a person's notes already say about each code: seen, signal, or both."""
    marks: dict[str, Mark] = {}
    for note in notes:
        if note.side is Side.QUESTION or note.withdrawn_at is not None:
            continue
        mark = Mark.SEEN if note.side is Side.SEEN else Mark.SIGNAL
        known = marks.get(note.code)
        marks[note.code] = mark if known in (None, mark) else Mark.BOTH
    return marks


def coaches(round_: Round) -> list[Seat]:
    """Everybody who has coached in a round, in the order of their seats, and is not forgotten.

    Someone who got the seat when there was no more coaching has not.
    """
    # While nobody coaches, no time passes for anyone, so any present will do.
    now = round_.began_at or round_.proposed_at
    return [
        seat
        for seat in round_.seats
        if seat.user_id is not None
        and (
            round_.seat_coached_for(seat, now) > timedelta()
            or (round_.is_coaching and seat.role is Role.COACH)
        )
    ]


def check_may_judge(round_: Round, user_id: int, coach_user_id: int, now: datetime) -> int:
    """The seat number of someone who may fill in a sheet about this coach now.

    People who observed the coach, whenever they coached. Raises NotInRound and CannotNote.
    """
    round_.get_seat(user_id)
    check_is_time(round_, now)
    coach = next((one for one in coaches(round_) if one.user_id == coach_user_id), None)
    seat = check_has_notes(round_, user_id, coach)
    return round_.seats.index(seat)


def check_is_time(round_: Round, now: datetime) -> None:
    """Raise CannotNote unless a sheet may be filled in now: after the coaching, not too late."""
    if not is_coaching_over(round_):
        raise CannotNote("coaching")
    if round_.ended_at is not None and now - round_.ended_at > LATE_SHEET:
        raise CannotNote("gone")


def coach_at(round_: Round, at: timedelta) -> Seat | None:
    """Who coached at a time of the coaching, by how long each coached; after it, the last coach.

    Coaches follow each other in the order in which they stood down. It may be the seat of someone
    who has been forgotten; None if nobody has coached.
    """
    in_order = sorted(
        (seat for seat in round_.seats if seat.coached),
        key=lambda seat: (seat.coached_until is None, seat.coached_until or round_.proposed_at),
    )
    until = timedelta()
    for seat in in_order:
        until += seat.coached
        if at < until:
            return seat
    return in_order[-1] if in_order else None
