"""Random formats, groups, and walks through everything people and the clock can do to a round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import strategies as st

from bot.content.model.formats import DEBRIEF_ORDER, Format, Segment, SegmentKind, broken_rules
from bot.rounds.model import late as round_late
from bot.rounds.model import moves
from bot.rounds.model import people as round_people
from bot.rounds.model import seats as round_seats
from bot.rounds.model.pairs import pair_of
from bot.rounds.model.round import Agreement, Role, RoomKind, Round, State
from tests.rounds.model.steps import NOW, agreed, in_voice

SEATED = range(1, 8)
EVERYBODY = range(1, 10)
"""With two who are not in the group at first."""

APART = frozenset({pair_of(1, 5), pair_of(2, 4), pair_of(3, 6), pair_of(2, 8)})
"""Who must not be coach and client of each other."""
ONLY_OBSERVE = frozenset({4, 5})
"""Who wishes to only observe."""

_LENGTHS = st.one_of(
    st.sampled_from([0.5, 1.0, 2.0, 4.0, 5.0, 10.0, 18.0, 60.0]),
    st.integers(1, 60).map(lambda halves: halves / 2),
)
_BETWEEN = st.lists(st.sampled_from([SegmentKind.PAUSE, SegmentKind.SWAP]), max_size=2)


@st.composite
def formats(draw: st.DrawFn) -> Format:
    """Any format that may be used."""
    kinds = [SegmentKind.AGREE] * draw(st.integers(0, 1))
    for number in range(draw(st.integers(1, 3))):
        kinds += draw(_BETWEEN) if number else []
        kinds.append(SegmentKind.COACH)
    kinds += draw(_BETWEEN)
    debrief = draw(st.sets(st.sampled_from(DEBRIEF_ORDER), max_size=4))
    kinds += sorted(debrief, key=DEBRIEF_ORDER.index)
    lengths = draw(st.lists(_LENGTHS, min_size=len(kinds), max_size=len(kinds)))
    segments = tuple(
        Segment(kind, timedelta(minutes=length))
        for kind, length in zip(kinds, lengths, strict=True)
    )
    return Format("own", "Own", "Anyone", 2, 8, segments)


usable_formats = formats().filter(lambda format_: not broken_rules(format_.segments))


@st.composite
def proposals(draw: st.DrawFn) -> Round:
    """A round of any format with two to seven people, who may be too few or just enough."""
    people = draw(st.sampled_from([4, 3, 2, 5, 6, 7]))
    coach, client, *observers = SEATED[:people]
    format_ = draw(usable_formats)
    fewest, most = draw(
        st.sampled_from([(2, 7), (2, people), (people, 8), (min(people + 1, 7), 8)])
    )
    round_ = Round(
        id=1,
        dojo_id=2,
        guild_id=3,
        room_id=4,
        room=draw(st.sampled_from(RoomKind)),
        format=replace(format_, fewest=fewest, most=most),
        seats=moves.group(coach, client, observers),
        proposed_at=NOW,
        starter_user_id=draw(st.sampled_from(EVERYBODY)),
        gathering_id=draw(st.sampled_from([None, 9])),
    )
    seats = (replace(one, observes_only=one.user_id in ONLY_OBSERVE) for one in round_.seats)
    round_ = replace(round_, seats=tuple(seats))
    if draw(st.booleans()):
        round_ = agreed(round_)
    return in_voice(round_) if draw(st.booleans()) else round_


@dataclass(frozen=True, slots=True)
class Step:
    """Some time goes by, and someone does something."""

    gap: timedelta
    is_followed: bool
    """Whether the program was there when it was due."""
    is_told: bool
    """Whether the room could be told."""
    is_restart: bool
    is_apt: bool
    """Whether it is something that can be done at that moment."""
    name: str
    who: int
    whom: int
    number: int


_FORMATS = (
    Format("short", "Short", "Two", 2, 2, (Segment(SegmentKind.COACH, timedelta(minutes=5)),)),
    Format("long", "Long", "All", 2, 9, (Segment(SegmentKind.COACH, timedelta(minutes=20)),)),
)

YES = (Agreement.NOTES, Agreement.NO_NOTES)
LEADS = (Role.COACH, Role.CLIENT)
Act = Callable[[Round, Step, datetime], Round]


def _seen(step: Step, now_seen: int) -> int | None:
    """What someone had seen: nothing in particular, the truth, or what is past."""
    return (None, now_seen, now_seen - 1)[step.number % 3]


def _answer(step: Step) -> Agreement | None:
    """The answer of someone who may have given one before."""
    return (None, *YES)[step.number % 3]


def _hand_over(round_: Round, step: Step, now: datetime) -> Round:
    if round_.state is State.PROPOSED:
        return round_seats.ask_instead(round_, step.who, step.whom, step.whom, APART)
    role, by = LEADS[step.number % 2], step.who
    return round_seats.offer_seat(
        round_, role, step.whom, by, now, facilitates=step.number > 3, apart=APART
    )


ACTS: dict[str, Act] = {
    "nothing": lambda r, s, now: r,
    "agree": lambda r, s, now: moves.agree(r, s.who, YES[s.number % 2], now),
    "begin": lambda r, s, now: moves.begin(r, now),
    "decline": lambda r, s, now: moves.decline(r, s.who, now),
    "call off": lambda r, s, now: moves.call_off(r, s.who, now),
    "change the format": lambda r, s, now: moves.change_format(
        r, _FORMATS[s.number % 2], s.who, now
    ),
    "watch for": lambda r, s, now: moves.watch_for(r, s.who, ["S1", "S2"], "more silence"),
    "pause": lambda r, s, now: moves.pause(r, s.who, now),
    "need a moment": lambda r, s, now: moves.need_moment(r, s.who, now),
    "resume": lambda r, s, now: moves.resume(r, s.who, now),
    "extend": lambda r, s, now: moves.extend(r, s.who, s.number, after=_seen(s, r.extensions)),
    "next": lambda r, s, now: moves.go_next(r, s.who, now, after=_seen(s, r.position)),
    "stop": lambda r, s, now: moves.stop(r, s.who, now),
    "carry on": lambda r, s, now: moves.carry_on(r, s.who),
    "erase": lambda r, s, now: moves.erase(r, s.who, now),
    "join": lambda r, s, now: round_people.join(r, s.who, APART),
    "let in": lambda r, s, now: round_late.let_in(r, s.who, s.whom),
    "do not wait": lambda r, s, now: round_late.wait_no_more(r, s.who),
    "admit": lambda r, s, now: round_late.admit(r, EVERYBODY),
    "leave": lambda r, s, now: round_people.leave(r, s.who, now),
    "say who left": lambda r, s, now: round_people.leave(r, s.who, now, said_by=s.whom),
    "doubt who is here": lambda r, s, now: round_people.doubt(r, s.who, s.whom, now),
    "say one is here": lambda r, s, now: round_people.still_here(r, s.who),
    "come back": lambda r, s, now: round_people.come_back(r, s.who, APART),
    "take over": lambda r, s, now: round_seats.take_over(
        r, s.who, LEADS[s.number % 2], now, agreement=_answer(s), apart=APART
    ),
    "open seats": lambda r, s, now: moves.open_seats(r),
    "accept": lambda r, s, now: round_seats.accept(
        r, s.who, now, agreement=_answer(s), apart=APART
    ),
    "refuse": lambda r, s, now: round_seats.refuse(r, s.who, now),
    "take an offer back": lambda r, s, now: round_seats.take_offer_back(
        r, s.who, now, facilitates=s.number == 3
    ),
    "to the feedback": lambda r, s, now: moves.go_to_feedback(r, s.who, now),
    "hand over": lambda r, s, now: _hand_over(r, s, now),
    "leave voice": lambda r, s, now: round_people.voice_left(r, s.who, now),
    "join voice": lambda r, s, now: round_people.voice_joined(r, s.who, now),
    "forget": lambda r, s, now: round_people.forget(r, s.who),
}
RARE = {
    "stop",
    "erase",
    "call off",
    "forget",
    "begin",
    "change the format",
    "watch for",
    "open seats",
}
_NAMES = [name for name in ACTS for _ in range(1 if name in RARE else 3)]
_WHO = st.sampled_from([1, 2, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9])
_MOMENTS = (0, 1, 5_000, 15_000, 29_999, 30_000, 60_000)
_LONG = (240_000, 660_000, 4_200_000, 10_800_000)

GAPS = st.one_of(
    st.sampled_from(_MOMENTS), st.integers(0, 150_000), st.sampled_from((*_MOMENTS, *_LONG))
).map(lambda milliseconds: timedelta(milliseconds=milliseconds))


@st.composite
def steps(draw: st.DrawFn, gaps: st.SearchStrategy[timedelta] = GAPS) -> Step:
    """Any step."""
    chance = draw(st.integers(0, 95))
    return Step(
        gap=draw(gaps),
        is_followed=chance % 2 == 1,
        is_told=chance % 4 > 1,
        is_restart=chance % 8 > 3,
        is_apt=chance % 16 > 7,
        name=draw(st.sampled_from(_NAMES)),
        who=draw(_WHO),
        whom=draw(_WHO),
        number=chance // 16,
    )


def walks(fewest: int = 8, most: int = 20) -> st.SearchStrategy[Sequence[Step]]:
    """Any sequence of steps."""
    return st.lists(steps(), min_size=fewest, max_size=most)
