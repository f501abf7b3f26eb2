"""The shuffle bag."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.questions import model as bags
from bot.questions.model import Bag

DECKS = st.lists(
    st.sets(st.sampled_from("abcdefgh"), min_size=1).map(sorted), min_size=1, max_size=12
)
"""Decks of one phase as they follow on each other when questions are added and hidden."""


class PickChecker:
    """Follows draws and fails at the first that repeats too early."""

    def __init__(self) -> None:
        self.cycle: set[str] = set()
        self.last: str | None = None

    def see(self, deck: Sequence[str], picked: str) -> None:
        assert picked in deck, "picked what is not in the deck"
        if set(deck) <= self.cycle:
            assert len(deck) == 1 or picked != self.last, "a fresh bag began with the one just seen"
            self.cycle = set()
        assert picked not in self.cycle, "repeated before the deck was used up"
        self.cycle.add(picked)
        self.last = picked


def test_a_fresh_bag_is_full():
    assert bags.fresh(["a", "b", "c"], random.Random(1)).position == 0


SEEDS = st.integers(min_value=0, max_value=2**30)


def picked_from(bag: Bag) -> tuple[Bag, str]:
    return Bag(bag.order, bag.position + 1), bag.order[bag.position]


@examples(max_examples=150, deadline=None)
@given(decks=DECKS, seed=SEEDS, times=st.integers(min_value=1, max_value=10))
def test_nothing_repeats_before_the_deck_is_used_up_however_the_deck_changes(decks, seed, times):
    rng, checker = random.Random(seed), PickChecker()
    bag: Bag | None = None
    for deck in decks:
        for _ in range(times):
            bag, picked = picked_from(bags.renewed(bag, deck, rng))
            checker.see(deck, picked)


@examples(max_examples=100, deadline=None)
@given(size=st.integers(min_value=2, max_value=8), seed=SEEDS)
def test_a_fresh_bag_holds_the_whole_deck_and_never_begins_with_the_last_one(size, seed):
    deck = [str(number) for number in range(size)]
    for last in deck:
        bag = bags.fresh(deck, random.Random(seed), last=last)
        assert sorted(bag.order) == deck
        assert bag.order[0] != last


def test_a_fresh_bag_of_one_question_may_only_begin_with_it():
    assert bags.fresh(["a"], random.Random(1), last="a").order == ("a",)


def test_every_question_can_be_the_first_of_a_bag():
    firsts = {bags.fresh("abcd", random.Random(seed)).order[0] for seed in range(100)}
    assert firsts == set("abcd")


def test_the_order_of_two_bags_differs():
    orders = {bags.fresh("abcdefgh", random.Random(seed)).order for seed in range(20)}
    assert len(orders) > 15


def test_an_added_question_joins_the_cycle_that_is_running():
    bag = Bag(("a", "b", "c"), position=2)
    renewed = bags.renewed(bag, ["a", "b", "c", "new"], random.Random(1))
    assert renewed.picked == ("a", "b")
    assert set(renewed.order[2:]) == {"c", "new"}


def test_a_hidden_question_is_left_out_of_what_is_to_come():
    renewed = bags.renewed(Bag(("a", "b", "c", "d"), 1), ["a", "b", "d"], random.Random(1))
    assert set(renewed.order[1:]) == {"b", "d"}


def test_a_question_that_was_hidden_and_comes_back_is_not_picked_twice_in_a_cycle():
    rng = random.Random(1)
    bag = bags.renewed(Bag(("a", "b", "c"), 1), ["b", "c"], rng)
    assert "a" not in bags.renewed(bag, ["a", "b", "c"], rng).order[1:]


@pytest.mark.parametrize("other", [["a"], ["a", "b", "c"], ["a", "c"], ["ab"], []])
def test_another_set_of_questions_has_another_fingerprint(other):
    assert bags.fingerprint(other) != bags.fingerprint(["a", "b"])


def test_the_order_of_the_content_does_not_change_the_fingerprint():
    assert bags.fingerprint(["b", "a"]) == bags.fingerprint(["a", "b"])


@examples(max_examples=100, deadline=None)
@given(size=st.integers(min_value=1, max_value=9), seed=SEEDS)
def test_a_loose_run_repeats_nothing_before_the_deck_is_used_up(size, seed):
    deck, checker = [str(number) for number in range(size)], PickChecker()
    for position in range(size * 4):
        checker.see(deck, bags.loose_question(deck, seed, position))


def test_a_loose_run_knows_its_place_by_seed_and_position_alone():
    deck = list("abcdef")
    forwards = [bags.loose_question(deck, 42, position) for position in range(20)]
    backwards = [bags.loose_question(deck[::-1], 42, position) for position in reversed(range(20))]
    assert forwards == backwards[::-1]


def test_a_loose_run_is_the_same_in_every_process():
    """Its buttons outlive a restart, so the shuffle may not hang on a hash seed."""
    assert "".join(bags.loose_question("abcdef", 42, position) for position in range(6)) == "ecbfda"


def test_two_loose_runs_differ():
    runs = {tuple(bags.loose_question("abcdef", seed, n) for n in range(6)) for seed in range(20)}
    assert len(runs) > 10


def test_a_loose_run_over_one_question_goes_on_for_ever():
    assert [bags.loose_question(["a"], 1, position) for position in range(3)] == ["a"] * 3


def test_a_loose_run_never_shows_the_same_twice_in_a_row():
    for seed in range(50):
        run = [bags.loose_question(["a", "b"], seed, position) for position in range(10)]
        assert all(one != other for one, other in pairwise(run))
