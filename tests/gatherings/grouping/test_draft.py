"""Fresh groups: who meets whom, wishes, languages, people kept together or apart."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bot.gatherings.grouping.draft import draw
from bot.gatherings.grouping.groups import Draw, Member, Past, Wish
from bot.gatherings.grouping.meetings import after
from bot.gatherings.grouping.sizes import TooFewForGroups
from bot.rounds.model.pairs import Pair, pair_of
from tests.gatherings.grouping.checks import (
    clients,
    coached,
    people,
    repeats,
    sizes,
    swapped_roles,
    together,
    who,
)

NO_PAST = Past()


def evening(members: list[Member], rounds: int, **rules) -> list[Draw]:
    """Groups formed again before each round, for it and those still to come."""
    past, held = NO_PAST, []
    for number in range(rounds):
        one = draw(members, past, seed=number, rounds=rounds - number, **rules)[0]
        past = after(past, one.groups)
        held.append(one)
    return held


# Nobody meets anybody twice


@pytest.mark.parametrize("count", [9, 12, 15, 18, 21, 24, 27, 30, 60])
@pytest.mark.parametrize("rounds", [3, 4])
def test_in_threes_nobody_meets_anybody_twice(count, rounds):
    planned = draw(people(count), NO_PAST, seed=1, rounds=rounds)
    assert repeats(planned) == 0
    assert not any(one.repeats for one in planned)
    assert not swapped_roles(planned)
    for turns in (coached(planned), clients(planned)):
        assert [turns[one] for one in range(1, count + 1)].count(1) >= count * (5 - rounds) // 3
        assert max(turns.values()) - min(turns[one] for one in range(1, count + 1)) <= 1


@pytest.mark.parametrize(
    ("count", "in_three", "in_four"),
    [(6, 6, 12), (7, 9, 18), (8, 12, 24), (10, 3, 6), (11, 6, 12)],
)
def test_where_repeats_cannot_be_avoided_there_are_as_few_as_can_be(count, in_three, in_four):
    for rounds, fewest in ((3, in_three), (4, in_four)):
        planned = draw(people(count), NO_PAST, seed=1, rounds=rounds)
        assert repeats(planned) == fewest
        assert not swapped_roles(planned)
        thrice = (count, rounds) == (10, 4)
        assert max(together(planned).values()) == 2 + thrice


def test_groups_formed_again_before_each_round_bring_no_repeats_either():
    for count in (9, 12, 21):
        held = evening(people(count), 4)
        assert repeats(held) == 0
        assert not swapped_roles(held)


def test_a_person_who_met_at_earlier_gatherings_meets_again_last():
    met = {pair_of(one, one + 1): 3.0 for one in range(1, 12)} | {Pair(1, 12): 0.4}
    past = Past(met=met)
    planned = draw(people(12), past, seed=1, rounds=2)
    assert not any(one.repeats for one in planned)


def test_earlier_gatherings_never_bring_a_repeat_at_this_one():
    met = {pair_of(one, other): 3.0 for one in range(1, 13) for other in range(1, one) if one % 3}
    for seed in range(4):
        assert repeats(draw(people(12), Past(met=met), seed=seed, rounds=4)) == 0


def test_repeats_that_cannot_be_avoided_are_named():
    past = Past(tonight={Pair(1, 2): 1, Pair(1, 3): 1, Pair(2, 3): 1})
    first, second = draw(people(3), past, seed=1, rounds=2)
    assert first.repeats == first.again == second.again == (Pair(1, 2), Pair(1, 3), Pair(2, 3))
    first, second = draw(people(4), NO_PAST, seed=1, rounds=2)
    assert first.repeats == ()
    assert len(second.again) == second.pairs == 6


# Turns


def test_in_fours_over_three_rounds_who_has_no_turn_is_first_the_next_time():
    for seed in range(5):
        members = people(4)
        had = coached(draw(members, NO_PAST, seed=seed, rounds=3))
        (left_out,) = {1, 2, 3, 4} - set(had)
        # As the ledger has it: three quarters of a turn each, minus those had.
        owed = [Member(one, owed=0.75 - had[one]) for one in range(1, 5)]
        again = draw(owed, NO_PAST, seed=seed, rounds=3)
        assert again[0].groups[0].coach == left_out
        assert again[0].owed_first == (left_out,)


def test_wishes_are_kept_in_the_first_round_where_they_can_be():
    members = [
        *(Member(one, Wish.COACH) for one in (1, 2)),
        *(Member(one, Wish.CLIENT) for one in (3, 4)),
        *(Member(one) for one in (5, 6, 7)),
        *(Member(one, Wish.OBSERVE) for one in (8, 9)),
    ]
    planned = draw(members, NO_PAST, seed=2, rounds=2)
    assert {1, 2} & set(coached(planned)) == {1, 2}
    assert not {3, 4, 8, 9} & set(coached(planned))
    assert not {8, 9} & set(clients(planned))
    for one in planned:
        assert all(len({8, 9} & set(group.people)) < 2 for group in one.groups)


def test_a_wish_that_is_not_kept_is_named():
    draw_ = draw([Member(one, Wish.COACH) for one in (1, 2, 3)], NO_PAST, seed=1)[0]
    assert set(draw_.unmet) == {1, 2, 3} - {draw_.groups[0].coach}


# Languages


def test_people_are_with_those_who_share_a_language():
    spanish, english = frozenset({"es"}), frozenset({"en"})
    members = [Member(one, languages=spanish if one % 2 else english) for one in range(1, 13)]
    planned = draw(members, NO_PAST, seed=1, rounds=3)
    assert [one.languages_mixed for one in planned] == [0, 0, 0]


def test_any_language_goes_with_all_and_a_mixed_group_is_counted():
    members = [Member(1, languages=frozenset({"es"})), Member(2, languages=frozenset({"en"}))]
    assert draw([*members, Member(3)], NO_PAST, seed=1)[0].languages_mixed == 1


# Together and apart


def test_pins_keep_people_together_in_the_first_round_only():
    pins = [frozenset({1, 2}), frozenset({5, 6, 7})]
    for seed in range(5):
        first, second = draw(people(9), NO_PAST, pins=pins, seed=seed, rounds=2)
        assert first.group_of(1) == first.group_of(2)
        assert first.group_of(5) == first.group_of(6) == first.group_of(7)
        assert together([first, second])[Pair(1, 2)] == 1


def test_sizes_make_room_for_pins():
    assert sizes(draw(people(9), NO_PAST, pins=[frozenset({1, 2, 3, 4})], seed=1)[0]) == [4, 5]
    pairs = [frozenset({1, 2}), frozenset({3, 4}), frozenset({5, 6})]
    assert sizes(draw(people(6), NO_PAST, pins=pairs, seed=1)[0]) == [2, 4]
    most = draw(people(6), NO_PAST, pins=[frozenset({1, 2, 3, 4, 5})], seed=1)[0]
    assert sizes(most) == [6]


def test_someone_pinned_twice_is_with_all_of_them_and_who_is_gone_does_not_matter():
    pins = [frozenset({1, 2}), frozenset({2, 3}), frozenset({4, 99}), frozenset({4, 5, 99})]
    one = draw(people(9), NO_PAST, pins=pins, seed=3)[0]
    assert one.group_of(1) == one.group_of(2) == one.group_of(3)
    assert one.group_of(4) == one.group_of(5)


def test_two_who_must_not_be_together_are_not_even_if_pinned():
    one = draw(people(6), NO_PAST, apart=[Pair(1, 2)], pins=[frozenset({1, 2, 3})], seed=1)[0]
    assert one.group_of(1) != one.group_of(2)
    assert one.group_of(3) == one.group_of(1)
    assert not one.apart_broken


def test_pins_that_leave_a_group_without_two_who_lead_get_a_larger_one():
    members = [*people(4), *(Member(one, Wish.OBSERVE) for one in (5, 6, 7))]
    one = draw(members, NO_PAST, pins=[frozenset({5, 6, 7})], seed=1)[0]
    assert one.group_of(5) == one.group_of(6) == one.group_of(7)
    assert sizes(one) == [2, 5]


@pytest.mark.parametrize(
    ("count", "apart", "expected"),
    [(4, [(1, 2)], [2, 2]), (5, [(4, 3)], [2, 3]), (7, [(1, 2), (2, 3), (1, 3)], [2, 2, 3])],
)
def test_other_sizes_are_taken_if_only_they_keep_people_apart(count, apart, expected):
    for one in draw(people(count), NO_PAST, apart=[Pair(*two) for two in apart], seed=1, rounds=3):
        assert not one.apart_broken
        assert sizes(one) == expected


def test_it_is_said_when_nothing_keeps_people_apart():
    one = draw(people(3), NO_PAST, apart=[Pair(1, 2)], seed=1)[0]
    assert one.apart_broken
    assert sizes(one) == [3]


# What a caller relies on


def test_the_order_of_people_makes_no_difference_and_the_seed_does():
    past = Past(met={Pair(1, 2): 1.5})
    first = draw(people(12), past, seed=7, rounds=2)
    assert draw(people(12)[::-1], past, seed=7, rounds=2) == first
    assert who(draw(people(12), past, seed=8, rounds=2)[0]) != who(first[0])
    assert {one.seed for one in first} == {7}


def test_the_same_groups_come_out_in_every_process():
    program = (
        "from bot.gatherings.grouping.draft import draw\n"
        "from bot.gatherings.grouping.groups import Member, Past\n"
        "tongues = [frozenset({'en', 'es'}), frozenset({'es', 'it'}), frozenset({'de'})]\n"
        "members = [Member(n, languages=tongues[n % 3]) for n in range(10)]\n"
        "pins = {frozenset({1, 4}), frozenset({2, 5, 8})}\n"
        "print(draw(members, Past(), pins=pins, seed=3, rounds=2))\n"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1


@pytest.mark.parametrize("members", [[], people(1), [Member(1), Member(2, Wish.OBSERVE)]])
def test_without_two_who_lead_there_are_no_groups(members):
    with pytest.raises(TooFewForGroups):
        draw(members, NO_PAST, seed=1)
