"""Makers of rounds, and steps that tests take with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.content.model.formats import Format, Segment, SegmentKind
from bot.kit.refusals import DojoError
from bot.rounds.model.clock import News, advance, due_at, with_told
from bot.rounds.model.did import Did
from bot.rounds.model.late import let_in
from bot.rounds.model.moves import begin, group
from bot.rounds.model.people import join, leave
from bot.rounds.model.round import Agreement, Role, RoomKind, Round, Seat, State
from bot.rounds.model.seats import accept, offer_seat, take_over
from bot.rounds.store.rounds import _round, _row, _seat_row

NOW = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)
COACH, CLIENT, OBSERVER, FOURTH, FIFTH = 11, 12, 13, 14, 15
STRANGER, FACILITATOR = 18, 19
PEOPLE = (COACH, CLIENT, OBSERVER, FOURTH, FIFTH, 16, 17)
TRIAD = "agree 2, coach 18, write 1, self 2, client 2, observers 4, next 1"
RELAY = "agree 3, coach 5, swap 1, coach 5, swap 1, coach 5, client 3, observers 5, next 2"
COACHING = "agree 2, coach 10, self 1, client 2"
MOST_STEPS = 120


def at(minutes: float) -> datetime:
    """So many minutes after the first clock of a test was started."""
    return NOW + timedelta(minutes=minutes)


def mins(minutes: float) -> timedelta:
    return timedelta(minutes=minutes)


def secs(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def format_of(text: str, *, fewest: int = 2, most: int = 7) -> Format:
    """`agree 2, coach 18` as a format."""
    pairs = (part.split() for part in text.split(","))
    segments = tuple(Segment(SegmentKind(kind), mins(float(length))) for kind, length in pairs)
    return Format("own", "Own", "Anyone", fewest, most, segments)


def proposed(text: str = TRIAD, people: int = 3, *, fewest: int = 2, most: int = 7) -> Round:
    """A round that was proposed at NOW."""
    coach, client, *observers = PEOPLE[:people]
    return Round(
        id=1,
        dojo_id=2,
        guild_id=100,
        room_id=200,
        room=RoomKind.VOICE,
        format=format_of(text, fewest=fewest, most=most),
        seats=group(coach, client, observers),
        proposed_at=NOW,
        starter_user_id=COACH,
    )


def agreed(round_: Round, agreement: Agreement = Agreement.NO_NOTES) -> Round:
    """With a yes of everybody who is asked into it."""
    seats = tuple(
        replace(seat, agreement=agreement) if seat.agreement is Agreement.OPEN else seat
        for seat in round_.seats
    )
    return replace(round_, seats=seats)


def begun(text: str = TRIAD, people: int = 3, *, most: int = 7) -> Round:
    """A round that begins at NOW with everybody's yes, and whose room knows it."""
    return told(begin(agreed(proposed(text, people, most=most)), NOW), NOW)


def in_voice(round_: Round) -> Round:
    """With everybody in the voice channel."""
    return replace(round_, seats=tuple(replace(seat, in_voice=True) for seat in round_.seats))


def told(round_: Round, now: datetime) -> Round:
    """The round as it stands by then, with its room told all of it, in one piece."""
    round_, news = advance(round_, now)
    return with_told(round_, news) if news else round_


def by_clock(
    round_: Round, until: datetime, *, start: datetime | None = None, swaps: bool = True
) -> Iterator[tuple[datetime, Round, News | None]]:
    """What a program does that is never late: every moment something is due, up to `until`.

    With `swaps`, the next in line takes the coach's seat as soon as it is theirs to take.
    """
    now = start or round_.began_at or round_.proposed_at
    for _ in range(MOST_STEPS):
        due = due_at(round_, now)
        if due is None or due > until:
            return
        now = due
        round_, news = advance(round_, now)
        following = round_.next_in_line if round_.awaits_next_coach else None
        if swaps and following is not None and following.user_id is not None:
            round_ = take_over(round_, following.user_id, Role.COACH, now)
            round_, news = advance(round_, now)
        yield now, round_, news
        round_ = with_told(round_, news) if news else round_
    raise AssertionError("the clock never comes to an end")


def later(round_: Round, now: datetime, *, swaps: bool = True) -> Round:
    """The round at that time after everything was done and told when it was due."""
    for _, moved, news in by_clock(round_, now, swaps=swaps):
        round_ = with_told(moved, news) if news else moved
    return told(round_, now)


def coaching(minute: float = 4.0, people: int = 4) -> Round:
    """A round with ten minutes of coaching, at that minute; all was done and told when due."""
    return later(begun(COACHING, people), at(minute))


def without(*user_ids: int, minute: float = 4.0, people: int = 4) -> Round:
    """A round those people have left at that minute."""
    round_ = coaching(minute, people)
    for user_id in user_ids:
        round_ = leave(round_, user_id, at(minute))
    return told(round_, at(minute))


def hand_over(round_: Round, old: int, new: int, by: int, now: datetime) -> Round:
    """The seat of one person in the hands of another, by the offer of a facilitator and a yes."""
    if round_.seat_of(new) is None:
        round_ = join(round_, new)
    role = seat(round_, old).role
    offered = offer_seat(round_, role, new, by, now, facilitates=True)
    return accept(offered, new, now)


def dids(round_: Round) -> list[tuple[Did, int | None, int | None]]:
    """What was done that the room does not know: what, by whom, and about whom."""
    return [(one.did, one.user_id, one.about_user_id) for one in round_.actions]


def refused(why: DojoError, move: Callable[[], object]) -> None:
    with pytest.raises(DojoError) as caught:
        move()
    assert caught.value == why


def seat(round_: Round, user_id: int) -> Seat:
    found = round_.seat_of(user_id)
    assert found is not None
    return found


def user_in(round_: Round, role: Role) -> int | None:
    """Who has that role now; none if they are gone."""
    return next((one.user_id for one in round_.here if one.role is role), None)


def is_running(round_: Round, kind: str) -> bool:
    return round_.state is State.RUNNING and round_.kind is SegmentKind(kind)


def come_late(round_: Round, user_id: int) -> Round:
    """Someone comes to a round that runs, and its client lets them observe."""
    return let_in(join(round_, user_id), CLIENT, user_id)


def restarted(round_: Round) -> Round:
    """What another process reads from what this one has written."""
    row: Any = _row(round_)
    seats: Any = [_seat_row(round_.id, number, one) for number, one in enumerate(round_.seats)]
    waiting: Any = [
        {"user_id": one.user_id, "card_id": one.card_id, "has_gone": int(one.has_gone)}
        for one in round_.waiting
    ]
    return _round(row, seats, waiting)


def as_on_disk(round_: Round) -> Round:
    """The round without the names that are not kept: of people who have no seat."""
    seated = {one.user_id for one in round_.seats}
    actions = tuple(
        replace(
            one,
            user_id=one.user_id if one.user_id in seated else None,
            about_user_id=one.about_user_id if one.about_user_id in seated else None,
        )
        for one in round_.actions
    )
    return replace(round_, actions=actions)
