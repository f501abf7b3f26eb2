"""What is published of an evening says nothing of a single round, also not by subtraction."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.model.questions import Phase
from bot.gatherings.model.harvest import (
    FEWEST_COACHES,
    FEWEST_ROUNDS,
    Noticed,
    RoundNoted,
    Share,
    publication,
)

CODES = ("S1", "S2", "S3")


def noted(number: int, coach: int, codes: frozenset[str] = frozenset({"S1"})) -> RoundNoted:
    return RoundNoted(number, frozenset({coach}), codes, frozenset({Phase.START}))


rounds = st.lists(
    st.builds(
        noted,
        st.integers(1, 40),
        st.integers(1, 9),
        st.frozensets(st.sampled_from(CODES)),
    ),
    max_size=40,
    unique_by=lambda one: one.round_id,
)


@settings(max_examples=200, deadline=None)
@given(rounds, st.data())
def test_no_two_publications_differ_by_less_than_five_rounds_of_four_coaches(released, data):
    """S7: in whatever order feedback is released, and whatever is erased in between."""
    by_id = {one.round_id: one for one in released}
    published: list[tuple[Noticed, frozenset[int]]] = []
    noticed, counted = None, frozenset[int]()
    known: set[int] = set()
    while known != set(by_id):
        known |= data.draw(st.sets(st.sampled_from(sorted(by_id)), min_size=1))
        gone = data.draw(st.sets(st.sampled_from(sorted(known)))) if known else set()
        found = publication(noticed, counted, [by_id[one] for one in sorted(known - gone)])
        if found is None:
            continue
        noticed, added = found
        counted |= added
        published.append((noticed, counted))
    for (one, first), (other, second) in combinations([(None, frozenset[int]()), *published], 2):
        assert other is not None
        new = second - first
        assert first <= second
        assert len(new) >= FEWEST_ROUNDS
        assert len({user for number in new for user in by_id[number].coaches}) >= FEWEST_COACHES
        assert other.rounds - (one.rounds if one else 0) == len(new)
        for code in CODES:
            more = sum(code in by_id[number].seen for number in new)
            assert other.seen.get(code, 0) - (one.seen.get(code, 0) if one else 0) == more


def test_a_further_round_changes_nothing():
    """S7: the sixth round of an evening would be known by what is new."""
    first = publication(None, (), [noted(number, number) for number in range(5)])
    assert first is not None
    noticed, added = first
    assert noticed == Noticed(5, {"S1": 5}, {Phase.START: 5})
    six = [noted(number, number) for number in range(6)]
    assert publication(noticed, added, six) is None
    same_coach = [noted(number, number % 3) for number in range(5, 20)]
    assert publication(noticed, added, [*six[:5], *same_coach]) is None


@given(st.integers(5, 200), st.data())
def test_shares_are_words_that_never_mean_none_or_all_alone(rounds_, data):
    """S7: each word, and none at all, stands for more than one count."""
    count = data.draw(st.integers(0, rounds_))
    noticed = Noticed(rounds_, {}, {})
    share = noticed.share_of(count)
    same = [one for one in range(rounds_ + 1) if noticed.share_of(one) is share]
    assert count in same
    # Near the ends a count is always one of two at least.
    assert share is Share.FEW or len(same) > 1
    assert noticed.share_of(0) is noticed.share_of(1) is None
    assert noticed.share_of(rounds_) is noticed.share_of(rounds_ - 1) is Share.MOST
