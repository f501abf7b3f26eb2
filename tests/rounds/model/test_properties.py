"""What holds for every round, whatever people and the clock do to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.content.model.formats import lasts
from bot.kit.refusals import DojoError
from bot.rounds.model.clock import News, advance, cues_of, due_at, news_of, with_told
from bot.rounds.model.moves import begin, pause, resume
from bot.rounds.model.pairs import pair_of
from bot.rounds.model.round import LATE, ZERO, Agreement, Ask, Cue, Ending, Role, Round, State, Told
from tests.rounds.model.steps import NOW, agreed, as_on_disk, by_clock, restarted, told
from tests.rounds.model.walks import ACTS, APART, GAPS, LEADS, RARE, Step, proposals, steps, walks

FOR_EVER = timedelta(days=2)
BACK_AND_FORTH = st.integers(-3600, 7200).map(lambda seconds: timedelta(seconds=seconds))
OWN_PRESSES = {"agree", "take over", "accept", "come back", "join"}
"""What someone does themselves by which they may be coach or client."""
GONE = {Ask.COACH_GONE: Role.COACH, Ask.CLIENT_GONE: Role.CLIENT}


def by_substance(round_: Round) -> Round:
    """The round without what depends on when it was noticed and told."""
    asked = None if round_.asked is Ask.LATE else round_.asked
    ending = Ending.COMPLETE if round_.ending is Ending.INTERRUPTED else round_.ending
    return replace(round_, asked=asked, ending=ending, turn=0, told=Told(), actions=())


def result(round_: Round, step: Step, now: datetime) -> Round | DojoError:
    try:
        return ACTS[step.name](round_, step, now)
    except DojoError as refused:
        return refused


def apt(round_: Round, step: Step, now: datetime) -> Step:
    """The step with something that can be done now, and does not end the round at once."""
    names = list(ACTS)
    start = names.index(step.name)
    for name in names[start:] + names[:start]:
        chosen = replace(step, name=name)
        if name not in RARE and not isinstance(result(round_, chosen, now), DojoError):
            return chosen
    raise AssertionError("not even nothing can be done")


class Walk:
    """One round as two programs see it: one that is always there, and one that often is not."""

    def __init__(self, round_: Round) -> None:
        self.now = NOW
        self.punctual = round_
        self.sleepy = round_
        self.began: datetime | None = None
        self.pauses = ZERO
        self.done: set[int] = set()
        self.told: set[int] = set()
        self.on_its_way: News | None = None
        self.pressed: set[tuple[int | None, Role]] = {
            (one.user_id, one.role) for one in round_.seats if one.agreement is not Agreement.OPEN
        }
        """Who got which seat by a yes or a press of their own."""

    def begin(self) -> None:
        """With everybody's yes."""
        self.sleepy = self.punctual = agreed(self.sleepy)
        self.pressed |= {(one.user_id, one.role) for one in self.sleepy.seats}
        self.sleepy = begin(self.sleepy, self.now)
        self._punctually(self.sleepy)

    def take(self, step: Step) -> None:
        before = self.sleepy
        coached = coached_by(before, self.now)
        self.now += step.gap
        self._wait(step)
        self._act(step)
        if step.is_restart:
            assert restarted(self.sleepy) == as_on_disk(self.sleepy)
            self.sleepy = restarted(self.sleepy)
        self.done |= {action.turn for action in self.sleepy.actions}
        if step.is_told:
            self._tell(step)
        self.check(before)
        for user_id, long in coached_by(self.sleepy, self.now).items():
            assert long >= coached.get(user_id, ZERO)

    def _wait(self, step: Step) -> None:
        while (due := due_at(self.punctual, self.now - step.gap)) and due <= self.now:
            self._punctually(advance(self.punctual, due)[0])
            step = replace(step, gap=self.now - due)
        between = self.now - step.gap / 2 if step.is_followed else self.now
        if step.is_followed:
            self.sleepy, _ = advance(self.sleepy, between)
        self.sleepy, _ = advance(self.sleepy, self.now)

    def _act(self, step: Step) -> None:
        if step.is_apt:
            step = apt(self.sleepy, step, self.now)
        done = result(self.sleepy, step, self.now)
        seat = done.seat_of(step.who) if isinstance(done, Round) else None
        if seat is not None and step.name in OWN_PRESSES:
            self.pressed.add((step.who, seat.role))
        if step.name != "carry on":
            twin = result(self.punctual, step, self.now)
            if isinstance(done, DojoError) or isinstance(twin, DojoError):
                assert done == twin
            else:
                self._punctually(twin)
        if not isinstance(done, DojoError):
            self.sleepy = done
        # Someone who comes back may find that a question was due long ago.
        self._punctually(advance(self.punctual, self.now)[0])
        self.sleepy, _ = advance(self.sleepy, self.now)

    def _punctually(self, moved: Round) -> None:
        known = self.punctual
        if self.began is None and moved.has_begun:
            self.began = moved.began_at
        if known.paused_at and not moved.paused_at:
            over = moved.since or moved.ended_at
            assert over is not None
            self.pauses += over - known.paused_at
        self.punctual = moved

    def _tell(self, step: Step) -> None:
        """The room is told at once, or learns only after the next step what there is to say."""
        if self.on_its_way is not None:
            news, self.on_its_way = self.on_its_way, None
        else:
            self.sleepy, news = advance(self.sleepy, self.now)
            if news is None:
                return
            check_cue(self.sleepy, news, self.now)
            if step.number % 2:
                self.on_its_way = news
                return
        self.told |= {action.turn for action in news.actions}
        self.sleepy = with_told(self.sleepy, news)
        again = news_of(self.sleepy, self.now)
        assert again is None or again.upto != news.upto

    def check(self, before: Round) -> None:
        round_, now = self.sleepy, self.now
        assert by_substance(self.punctual) == by_substance(round_)
        check_shape(round_)
        check_leads(round_, now)
        check_seats(round_, self.pressed)
        settled, _ = advance(round_, now)
        assert by_substance(settled) == by_substance(round_)
        assert advance(settled, now)[0] is settled
        due = due_at(round_, now)
        assert (due is not None and due > now) if round_.is_open else due is None
        assert round_.position >= before.position
        assert round_.turn >= before.turn
        if round_.ending is Ending.ERASED:
            return
        if round_.position == before.position and round_.has_begun:
            assert round_.ran_for(now) >= before.ran
        assert self.done <= self.told | {action.turn for action in round_.actions}
        coached = (round_.seat_coached_for(one, now) for one in round_.seats)
        assert sum(coached, ZERO) == round_.coached_for(now)
        self._check_sum()

    def _check_sum(self) -> None:
        """The parts and the pauses are all the time there was."""
        round_ = self.sleepy
        if self.began is None:
            return
        until = round_.ended_at or self.now
        ran = round_.ran_for(until) if round_.has_begun else ZERO
        pauses = self.pauses + (until - round_.paused_at if round_.paused_at else ZERO)
        assert sum(round_.past, ZERO) + ran + pauses == until - self.began


def coached_by(round_: Round, now: datetime) -> dict[int, timedelta]:
    """How long everybody has coached who is known by name."""
    return {
        one.user_id: round_.seat_coached_for(one, now)
        for one in round_.seats
        if one.user_id is not None
    }


def check_cue(round_: Round, news: News, now: datetime) -> None:
    """Nobody hears of what is no longer true."""
    if news.cue and news.cue is not Cue.TIME_UP:
        due = next(ran for ran, cue in cues_of(round_) if cue is news.cue)
        assert due <= round_.ran_for(now) < due + LATE


def check_shape(round_: Round) -> None:
    assert (round_.state is State.RUNNING) is (round_.since is not None)
    assert (round_.state is State.PAUSED) is (round_.paused_at is not None)
    assert (round_.state is State.ENDED) is (round_.ended_at is not None)
    assert (round_.state is State.ENDED) is (round_.ending is not None)
    for role in (Role.COACH, Role.CLIENT):
        assert sum(one.role is role for one in round_.seats) <= 1
    people = [one.user_id for one in round_.seats if one.user_id is not None]
    assert len(people) == len(set(people))
    assert (round_.told.turn, round_.told.position) <= (round_.turn, round_.position)
    if not round_.has_begun:
        assert round_.asked is None
        return
    assert len(round_.past) == round_.position
    assert len(round_.here) >= 2


def check_leads(round_: Round, now: datetime) -> None:
    """No coaching without a coach and a client; where one is missing, someone is asked."""
    if not round_.has_begun:
        return
    missing = {Role.COACH, Role.CLIENT} - {one.role for one in round_.here}
    if round_.coaching_left(now) and missing:
        assert round_.state is State.PAUSED
        assert round_.asked is not None
        assert GONE.get(round_.asked) in missing
    for ask, role in GONE.items():
        assert round_.asked is not ask or role in missing


def check_seats(round_: Round, pressed: set[tuple[int | None, Role]]) -> None:
    """Nobody coaches or is the client but by an own press; nobody who is kept apart does so."""
    if not round_.has_begun:
        return
    leads = [one for one in round_.here if one.role in LEADS]
    assert all(one.agreement is not Agreement.OPEN for one in leads)
    assert all((one.user_id, one.role) in pressed for one in leads if one.user_id is not None)
    people = [one.user_id for one in leads if one.user_id is not None]
    assert len(people) < 2 or pair_of(*people) not in APART
    client = round_.client
    assert client is None or client.was_client
    assert round_.offer is None or round_.seat_of(round_.offer.user_id) is not None


def suited(round_: Round) -> Round:
    """The round with a format for its people."""
    return replace(round_, format=replace(round_.format, fewest=2))


def begun_tour(round_: Round, walk: Sequence[Step]) -> Walk:
    tour = Walk(suited(round_))
    tour.begin()
    for step in walk:
        tour.take(step)
    return tour


@examples(max_examples=25, deadline=None)
@given(proposals(), walks())
def test_whatever_happens_to_a_proposal_it_stays_whole(round_: Round, walk: Sequence[Step]):
    tour = Walk(round_)
    for step in walk:
        tour.take(step)


@examples(max_examples=80, deadline=None)
@given(proposals(), walks())
def test_whatever_happens_to_a_round_it_stays_whole(round_: Round, walk: Sequence[Step]):
    begun_tour(round_, walk)


@examples(max_examples=25, deadline=None)
@given(proposals(), walks(2, 14))
def test_the_clock_alone_brings_every_round_to_an_end(round_: Round, walk: Sequence[Step]):
    tour = begun_tour(round_, walk)
    steps_by_clock = by_clock(tour.sleepy, tour.now + FOR_EVER, start=tour.now)
    *_, last = [tour.sleepy, *(moved for _, moved, _ in steps_by_clock)]
    assert not last.is_open
    assert advance(last, tour.now + 2 * FOR_EVER)[0] is last


@examples(max_examples=50, deadline=None)
@given(proposals())
def test_by_the_clock_alone_nothing_is_skipped_or_told_twice(round_: Round):
    known = told(begin(agreed(suited(round_)), NOW), NOW)
    cards: list[int] = []
    cues: list[tuple[int, Cue]] = []
    moved = known
    for _, moved, news in by_clock(known, NOW + FOR_EVER):
        assert news is not None
        assert (news.late, news.missed, news.is_card) == (ZERO, 0, not news.cue)
        if news.is_card:
            cards.append(moved.position if moved.is_open else -1)
        else:
            cues.append((moved.position, news.cue))
    assert cards == [*range(1, len(known.format.segments)), -1]
    assert cues == sorted(set(cues))
    assert (moved.ending, moved.ended_at) == (Ending.COMPLETE, NOW + lasts(known.format))


@examples(max_examples=30, deadline=None)
@given(proposals(), walks(2, 14), GAPS, GAPS)
def test_a_pause_conserves_what_is_left(round_, walk, before, during):
    tour = begun_tour(round_, walk)
    now = tour.now + before
    moved, _ = advance(tour.sleepy, now)
    if moved.state is State.RUNNING:
        left = moved.left(now)
        resumed = resume(pause(moved, 1, now), 1, now + during)
        assert resumed.left(now + during) == left
        assert moved.ends_at is not None
        assert resumed.ends_at == moved.ends_at + during


@examples(max_examples=35, deadline=None)
@given(proposals(), walks(2, 14), GAPS, GAPS)
def test_looking_in_between_changes_nothing(round_, walk, first, second):
    tour = begun_tour(round_, walk)
    one, two = tour.now + first, tour.now + first + second
    at_once, _ = advance(tour.sleepy, two)
    in_steps, _ = advance(advance(tour.sleepy, one)[0], two)
    assert by_substance(in_steps) == by_substance(at_once)


@examples(max_examples=40, deadline=None)
@given(proposals(), st.lists(steps(BACK_AND_FORTH), max_size=16))
def test_with_a_clock_that_jumps_and_nobody_looking_moves_are_at_most_refused(round_, walk):
    now = NOW
    for step in walk:
        now += step.gap
        if step.is_followed:
            round_, _ = advance(round_, now)
        moved = result(round_, step, now)
        if isinstance(moved, Round):
            assert moved.position >= round_.position
            round_ = moved
            check_shape(round_)
