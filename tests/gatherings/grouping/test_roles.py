"""Who coaches and who is the client; how roles go round in the same groups."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.gatherings.grouping.groups import Draw, Group, Member, Past, Wish
from bot.gatherings.grouping.meetings import after
from bot.gatherings.grouping.roles import assign, rotate
from bot.gatherings.grouping.sizes import TooFewForGroups
from bot.rounds.model.pairs import Pair
from tests.gatherings.grouping.checks import (
    clients,
    coached,
    crowds,
    drawn,
    is_right,
    pasts,
    people,
    swapped_roles,
    who,
    wishing,
)


def roles(members: list[Member], past: Past | None = None, seed: int = 1) -> Group:
    """The one group these people make."""
    ids = [member.user_id for member in members]
    return assign([[ids]], members, past or Past(), Random(seed))[0][0]


def evening(draw: Draw, members: list[Member], rounds: int) -> list[Draw]:
    """Rounds in the same groups."""
    found, past = [draw], Past()
    for _ in range(rounds - 1):
        past = after(past, draw.groups)
        draw = rotate(draw, members, past)
        found.append(draw)
    return found


def in_the_next_round(draw: Draw, members: list[Member]) -> Draw:
    """The groups after a round in which all had the roles they were given."""
    return rotate(draw, members, after(Past(), draw.groups))


def really_held(group: Group, fate: Random) -> Group:
    """The round as it was: some did not come to their seat, and others took it."""
    return Group(tuple(fate.sample(group.people, len(group.people))))


def test_a_person_who_is_owed_a_turn_coaches_and_comes_next_when_owed_less():
    members = [Member(1, owed=-1), Member(2, owed=0.7), Member(3, owed=2), Member(4)]
    assert roles(members).people == (3, 2, 4, 1)


def test_turns_at_this_gathering_are_taken_off_what_someone_is_owed():
    members = [Member(1, owed=1), Member(2), Member(3, owed=0.5)]
    assert roles(members, Past(coached_tonight={1: 1})).coach == 3


def test_wishes_are_kept():
    assert roles(wishing(a="client", b="any", c="coach")).people == (3, 1, 2)
    assert roles(wishing(a="observe", b="client", c="any")).people == (3, 2, 1)


def test_a_wish_to_coach_takes_no_turn_from_someone_who_is_owed_one():
    wisher = Member(1, Wish.COACH)
    assert roles([wisher, Member(2, owed=0.5), Member(3)]).coach == 2
    assert roles([wisher, Member(2, owed=0.4), Member(3)]).coach == 1
    assert roles([wisher, Member(2, Wish.CLIENT, owed=3), Member(3)]).coach == 1


def test_one_who_wishes_to_be_client_coaches_only_when_others_did_so_twice_more():
    members = wishing(a="any", b="client", c="client")
    assert roles(members, Past(coached_tonight={1: 1})).coach == 1
    assert roles(members, Past(coached_tonight={1: 3})).coach != 1
    assert roles(wishing(a="client", b="client", c="observe")).coach in (1, 2)


def test_nobody_coaches_whom_they_were_coached_by_tonight():
    past = Past(
        tonight={Pair(1, 2): 1, Pair(1, 3): 1},
        coached={(2, 1): 1, (3, 1): 0.9},
        coached_tonight={2: 1, 3: 1},
        client_tonight={3: 2},
    )
    assert roles(people(3), past).people[:2] == (1, 3)


def test_someone_new_is_coached_rather_than_the_same_person_again():
    past = Past(coached={(1, 2): 2.5}, coached_tonight={2: 1, 3: 1})
    assert all(roles(people(3), past, seed).client == 3 for seed in range(5))


def test_a_person_who_was_client_less_often_tonight_is_the_client():
    past = Past(coached_tonight={2: 1, 3: 1}, client_tonight={3: 1})
    assert all(roles(people(3), past, seed).people == (1, 2, 3) for seed in range(5))


def test_chance_decides_among_equals_and_the_seed_decides_chance():
    assert {roles(people(3), seed=seed).coach for seed in range(30)} == {1, 2, 3}
    assert roles(people(3), seed=5) == roles(people(3), seed=5)


@examples(max_examples=40)
@given(st.sampled_from([9, 12, 18, 30]), st.integers(0, 10**6))
def test_in_three_rounds_of_threes_everybody_coaches_once(count, seed):
    """However people are put together."""
    fate, rounds = Random(seed), []
    for _ in range(3):
        ids = fate.sample(range(1, count + 1), count)
        rounds.append([ids[at : at + 3] for at in range(0, count, 3)])
    planned = [Draw(tuple(each), 0) for each in assign(rounds, people(count), Past(), Random(1))]
    assert coached(planned) == Counter(range(1, count + 1))
    assert max(clients(planned).values()) <= 2


def test_a_person_who_is_owed_more_coaches_in_an_earlier_round():
    members = [Member(1), Member(2, owed=0.9), Member(3, owed=0.3)]
    for seed in range(5):
        planned = assign([[[1, 2, 3]]] * 3, members, Past(), Random(seed))
        assert [groups[0].coach for groups in planned] == [2, 3, 1]


@examples(max_examples=60)
@given(crowds(most=20), st.data())
def test_a_person_who_only_observes_never_leads(members, data):
    past = data.draw(pasts(members))
    group = roles(members, past)
    watching = {member.user_id for member in members if not member.leads}
    assert set(group.people) == {member.user_id for member in members}
    assert watching == set(group.people[len(members) - len(watching) :])


# Rotation


@pytest.mark.parametrize("size", [3, 4, 5, 6])
def test_in_as_many_rounds_as_a_group_has_people_each_coaches_and_is_client_once(size):
    rounds = evening(drawn(range(1, size + 1)), people(size), size)
    assert coached(rounds) == clients(rounds) == Counter(range(1, size + 1))
    assert not swapped_roles(rounds)


def test_the_client_coaches_next_and_the_next_observer_is_the_client():
    assert who(in_the_next_round(drawn((1, 2, 3, 4), (5, 6, 7)), people(7))) == [
        (2, 3, 4, 1),
        (6, 7, 5),
    ]


def test_two_people_change_roles():
    assert who(in_the_next_round(drawn((1, 2)), people(2))) == [(2, 1)]


def test_a_person_who_only_observes_is_passed_over():
    members = wishing(a="any", b="observe", c="any", d="any")
    assert who(in_the_next_round(drawn((1, 3, 4, 2)), members)) == [(3, 4, 1, 2)]
    assert who(in_the_next_round(drawn((1, 2, 3, 4)), members)) == [(3, 4, 1, 2)]


def test_in_fours_with_three_rounds_the_person_who_is_owed_least_has_no_turn():
    members = [Member(1, owed=0.2), Member(2, owed=-0.8), Member(3, owed=0.6), Member(4)]
    rounds = evening(Draw((roles(members),), 0), members, 3)
    assert sorted(coached(rounds)) == [1, 3, 4]


def test_the_cycle_goes_on_without_someone_who_left():
    draw = drawn((1, 2, 3, 4))
    assert who(in_the_next_round(draw, [one for one in people(4) if one.user_id != 1])) == [
        (2, 3, 4)
    ]
    assert who(in_the_next_round(draw, [one for one in people(4) if one.user_id != 2])) == [
        (3, 4, 1)
    ]


def test_a_group_left_with_one_person_joins_the_smallest_other():
    draw = drawn((1, 2, 3, 4), (5, 6, 7), (8, 9))
    members = [one for one in people(9) if one.user_id != 9]
    assert who(in_the_next_round(draw, members)) == [(2, 3, 4, 1), (6, 7, 5, 8)]


def test_someone_new_observes_first_and_has_a_turn_before_those_who_had_theirs():
    draw = drawn((1, 2, 3, 4), (5, 6, 7))
    past = after(Past(), draw.groups)
    second = rotate(draw, people(8), past)
    assert who(second) == [(2, 3, 4, 1), (6, 7, 8, 5)]
    third = rotate(second, people(8), after(past, second.groups))
    assert who(third)[1] == (7, 8, 5, 6)


def test_a_coach_whose_seat_was_taken_by_another_person_coaches_next():
    """Issue 12: roles go on from what was, not from what was planned."""
    planned = drawn((1, 2, 3), (4, 5))
    past = after(Past(), [Group((2, 1, 3)), Group((5, 4))])
    assert who(rotate(planned, people(5), past)) == [(1, 3, 2), (4, 5)]


def test_a_client_whose_seat_was_taken_by_another_person_is_the_client_before_them():
    """Issue 12."""
    planned = drawn((1, 2, 3))
    past = after(Past(), [Group((1, 3, 2))])
    assert who(rotate(planned, people(3), past)) == [(2, 1, 3)]


def test_the_coach_of_a_round_without_coaching_is_the_coach_again():
    """Issue 12: their group did not come together."""
    past = after(Past(), [Group((4, 5, 6))])
    assert who(rotate(drawn((1, 2, 3), (4, 5, 6)), people(6), past)) == [(1, 2, 3), (5, 6, 4)]


@examples(max_examples=60)
@given(st.integers(2, 6), st.integers(0, 10**6), st.integers(2, 10))
def test_nobody_coaches_again_while_one_of_the_group_has_waited_longer(size, seed, rounds):
    """Issue 12: no matter who was to."""
    fate, members = Random(seed), people(size)
    planned, past = drawn(range(1, size + 1)), Past()
    last = dict.fromkeys(range(1, size + 1), 0)
    for number in range(1, rounds + 1):
        held = really_held(planned.groups[0], fate)
        last[held.coach] = number
        past = after(past, [held])
        planned = rotate(planned, members, past)
        assert last[planned.groups[0].coach] == min(last.values())
        assert sorted(planned.groups[0].people) == sorted(last)


def test_with_fewer_than_two_who_lead_roles_cannot_go_round():
    with pytest.raises(TooFewForGroups):
        rotate(drawn((1, 2, 3)), people(1), Past())


@examples(max_examples=50)
@given(crowds(most=14), st.data())
def test_one_who_comes_and_goes_everybody_is_in_a_group_that_has_coach_and_client(members, data):
    ids = [member.user_id for member in members]
    leads = [member.user_id for member in members if member.leads]
    was = data.draw(st.permutations([*ids[:-1], 77, 78]))
    parts = data.draw(st.integers(1, len(was) // 2))
    draw = drawn(*(was[part::parts] for part in range(parts)))
    past = data.draw(pasts(members))
    turned = rotate(draw, members, past)
    is_right(turned, members)
    assert all(len(set(leads) & set(group.people)) >= 2 for group in turned.groups)
