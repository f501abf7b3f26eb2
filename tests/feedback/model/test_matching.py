"""Which notes are about the same moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.content.model.questions import Phase
from bot.feedback.model.matching import WITHIN, Moment, matched, moments
from bot.feedback.model.notes import QUESTION, Note, Side

NOW = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
COACH, OTHER_COACH = 11, 12
STRANGER_SEAT = 9


def note(number: int, seat: int, second: float, code: str = "S1", side=Side.SIGNAL, **more) -> Note:
    values = {"round_id": 1, "observer_user_id": 100 + seat, "coach_user_id": COACH, **more}
    at = timedelta(seconds=second)
    return Note(number, seat=seat, code=code, side=side, at=at, taken_at=NOW + at, **values)


def heard(number: int, seat: int, second: float, phase: Phase | None) -> Note:
    return note(number, seat, second, QUESTION, Side.QUESTION, phase=phase)


def ids(found: list[Moment]) -> list[list[int]]:
    return [[one.id for one in moment.notes] for moment in found]


KINDS = st.sampled_from(
    [
        ("S1", Side.SIGNAL, None),
        ("S1", Side.SIGNAL, Phase.MEANING),
        ("S1", Side.SEEN, None),
        ("S2", Side.SIGNAL, None),
        (QUESTION, Side.QUESTION, Phase.START),
        (QUESTION, Side.QUESTION, Phase.CLOSE),
    ]
)
TAPS = st.tuples(
    KINDS,
    st.integers(min_value=2, max_value=5),
    st.integers(min_value=0, max_value=150),
    st.sampled_from([COACH, COACH, COACH, OTHER_COACH]),
    st.sampled_from([1, 1, 1, 1, 2]),
    st.sampled_from([None, None, None, NOW]),
)


@st.composite
def observations(draw) -> list[Note]:
    taps = enumerate(draw(st.lists(TAPS, max_size=25)))
    return [
        note(
            number, seat, second, code, side, phase=phase,
            coach_user_id=coach, round_id=round_id, withdrawn_at=withdrawn,
        )
        for number, ((code, side, phase), seat, second, coach, round_id, withdrawn) in taps
    ]  # fmt: skip


def subject(one: Note) -> tuple[object, ...]:
    phase = one.phase if one.side is Side.QUESTION else None
    return one.round_id, one.coach_user_id, one.code, one.side, phase


def can_be_one(notes: list[Note]) -> bool:
    return all(
        subject(one) == subject(other)
        and one.seat != other.seat
        and abs(one.at - other.at) <= timedelta(seconds=30)
        for one, other in combinations(notes, 2)
    )


@examples(max_examples=40, deadline=None)
@given(observations())
def test_every_note_is_in_one_moment_and_a_moment_holds_only_what_belongs_together(notes):
    found = moments(notes)
    standing = sorted(one.id for one in notes if one.withdrawn_at is None)
    assert sorted(one.id for moment in found for one in moment.notes) == standing
    for moment in found:
        first, *_ = moment.notes
        assert can_be_one(list(moment.notes))
        assert (moment.code, moment.side) == (first.code, first.side)
        assert moment.at == min(one.at for one in moment.notes)
        assert moment.seats == len({one.seat for one in moment.notes})
        assert list(moment.notes) == sorted(moment.notes, key=lambda one: one.at)
    assert [(one.at, one.code) for one in found] == sorted((one.at, one.code) for one in found)


@examples(max_examples=24, deadline=None)
@given(observations())
def test_no_two_moments_are_left_that_could_be_one(notes):
    for one, other in combinations(moments(notes), 2):
        assert not can_be_one([*one.notes, *other.notes])


@examples(max_examples=24, deadline=None)
@given(observations(), st.randoms(use_true_random=False))
def test_the_order_in_which_notes_come_does_not_matter(notes, rng):
    shuffled = rng.sample(notes, len(notes))
    assert moments(shuffled) == moments(iter(notes))


@examples(max_examples=40, deadline=None)
@given(observations())
def test_two_notes_that_are_each_others_nearest_are_always_one_moment(notes):
    standing = [one for one in notes if one.withdrawn_at is None]
    together = [{one.id for one in moment.notes} for moment in moments(notes)]

    def rivals(one: Note, without: Note) -> list[timedelta]:
        """How near the others are that could be one moment with it."""
        others = [other for other in standing if other is not without and other is not one]
        return [abs(other.at - one.at) for other in others if can_be_one([one, other])]

    for one, other in combinations(standing, 2):
        apart = abs(one.at - other.at)
        if can_be_one([one, other]) and apart < min(
            [timedelta.max, *rivals(one, other), *rivals(other, one)]
        ):
            assert any({one.id, other.id} <= moment for moment in together)


@examples(max_examples=24, deadline=None)
@given(observations())
def test_an_observers_matched_notes_are_those_in_a_moment_with_someone_else(notes):
    found = moments(notes)
    for seat in (2, 3, 4, 5):
        of_seat = [one for one in found if any(note.seat == seat for note in one.notes)]
        assert matched(notes, seat) == sum(one.seats > 1 for one in of_seat)
    assert matched(notes, STRANGER_SEAT) == 0


@examples(max_examples=20, deadline=None)
@given(observations(), st.integers(min_value=0, max_value=600))
def test_when_in_the_coaching_it_all_happened_makes_no_difference(notes, second):
    later = [replace(one, at=one.at + timedelta(seconds=second)) for one in notes]
    assert ids(moments(later)) == ids(moments(notes))


def test_nothing_noted_gives_no_moments():
    assert moments([]) == []
    assert matched([], 2) == 0


def test_three_observers_of_one_interruption_have_seen_one_interruption():
    (moment,) = moments([note(1, 2, 70), note(2, 3, 62), note(3, 4, 85)])
    assert (moment.seats, moment.at) == (3, timedelta(seconds=62))
    assert [one.seat for one in moment.notes] == [3, 2, 4]


def test_notes_exactly_thirty_seconds_apart_are_one_moment_and_further_apart_are_not():
    assert timedelta(seconds=30) == WITHIN
    assert ids(moments([note(1, 2, 10), note(2, 3, 40)])) == [[1, 2]]
    assert ids(moments([note(1, 2, 10), note(2, 3, 40.001)])) == [[1], [2]]


def test_two_notes_of_one_observer_are_two_moments_however_near():
    notes = [note(1, 2, 10), note(2, 2, 11), note(3, 3, 14)]
    assert ids(moments(notes)) == [[1], [2, 3]]
    assert (matched(notes, 2), matched(notes, 3)) == (1, 1)


def test_the_nearest_are_joined_first_even_when_an_earlier_one_is_near_enough():
    assert ids(moments([note(1, 2, 0), note(2, 3, 25), note(3, 2, 30)])) == [[1], [2, 3]]


def test_a_chain_of_notes_is_not_one_moment_when_its_ends_are_too_far_apart():
    assert ids(moments([note(1, 2, 0), note(2, 3, 20), note(3, 4, 45)])) == [[1, 2], [3]]


def test_of_two_equally_near_notes_the_earlier_is_joined():
    assert ids(moments([note(1, 2, 0), note(2, 3, 20), note(3, 2, 40)])) == [[1, 2], [3]]


def test_other_codes_sides_coaches_and_rounds_are_other_moments():
    others = [
        note(2, 3, 10, "S2"),
        note(3, 3, 10, side=Side.SEEN),
        note(4, 3, 10, coach_user_id=OTHER_COACH),
        note(5, 3, 10, round_id=2),
    ]
    for other in others:
        assert len(moments([note(1, 2, 10), other])) == 2
    assert matched([note(1, 2, 10), *others], 2) == 0


def test_the_parts_of_a_code_are_the_same_moment():
    assert len(moments([note(1, 2, 10, variant="a"), note(2, 3, 12, variant="b")])) == 1


def test_questions_heard_are_one_moment_only_in_the_same_phase():
    start, close = heard(1, 2, 10, Phase.START), heard(2, 3, 12, Phase.CLOSE)
    assert len(moments([start, close])) == 2
    (moment,) = moments([start, heard(3, 4, 15, Phase.START)])
    assert (moment.code, moment.side, moment.phase) == (QUESTION, Side.QUESTION, Phase.START)


def test_a_moment_has_the_phase_that_its_observers_agree_on():
    unsure = note(1, 2, 10)
    meaning = note(2, 3, 12, phase=Phase.MEANING)
    action = note(3, 4, 14, phase=Phase.ACTION)
    assert [one.phase for one in moments([unsure])] == [None]
    assert [one.phase for one in moments([unsure, meaning])] == [Phase.MEANING]
    assert [one.phase for one in moments([unsure, meaning, action])] == [None]


def test_what_was_taken_back_is_as_if_never_noted():
    notes = [note(1, 2, 10), note(2, 3, 12, withdrawn_at=NOW)]
    assert ids(moments(notes)) == [[1]]
    assert matched(notes, 2) == matched(notes, 3) == 0


def test_notes_of_a_forgotten_observer_still_count_by_their_seat():
    notes = [note(1, 2, 10, observer_user_id=None), note(2, 3, 12, observer_user_id=None)]
    assert [one.seats for one in moments(notes)] == [2]


def test_moments_at_the_same_time_are_in_the_order_of_their_codes():
    notes = [note(1, 2, 10, "S3"), note(2, 3, 10, "S1"), note(3, 4, 5, "S6")]
    assert [one.code for one in moments(notes)] == ["S6", "S1", "S3"]
