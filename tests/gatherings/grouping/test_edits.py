"""Changing groups that were drawn, and what is said of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.gatherings.grouping.draft import draw as draw_groups
from bot.gatherings.grouping.edits import appraise, observe_only, settle, swap
from bot.gatherings.grouping.groups import Group, Member, Past, Wish
from bot.gatherings.grouping.roles import rotate
from bot.gatherings.grouping.sizes import TooFewForGroups
from bot.rounds.model.pairs import Pair, pair_of
from tests.gatherings.grouping.checks import crowds, drawn, is_right, pasts, people, who, wishing

NO_PAST = Past()


# What is said of groups


def test_repeats_are_pairs_of_tonight_and_of_the_last_weeks():
    past = Past(met={Pair(1, 2): 0.5, Pair(2, 3): 0.4, Pair(1, 3): 0.1}, tonight={Pair(1, 3): 1})
    draw = appraise([Group((3, 1, 2))], people(3), past)
    assert draw.repeats == (Pair(1, 2), Pair(1, 3))
    assert draw.again == (Pair(1, 3),)
    assert draw.pairs == 3


def test_wishes_not_kept_are_named_and_observing_always_is():
    members = wishing(a="coach", b="client", c="observe", d="coach", e="client", f="any")
    draw = appraise([Group((1, 5, 3)), Group((6, 4, 2))], members, NO_PAST)
    assert draw.unmet == (2, 4)


def test_a_person_who_coaches_with_a_turn_owed_is_named_unless_they_had_it_tonight():
    members = [Member(1, owed=0.5), Member(2), Member(3, owed=1), Member(4, owed=3)]
    groups = [Group((1, 2)), Group((3, 4))]
    assert appraise(groups, members, NO_PAST).owed_first == (1, 3)
    assert appraise(groups, members, Past(coached_tonight={3: 1})).owed_first == (1,)


def test_it_is_said_that_people_are_together_who_must_not_be():
    groups = [Group((1, 2)), Group((3, 4))]
    assert not appraise(groups, people(4), NO_PAST, [Pair(1, 3)]).apart_broken
    assert appraise(groups, people(4), NO_PAST, [Pair(3, 4)]).apart_broken


def test_pairs_without_a_language_in_common_are_counted():
    members = [
        Member(1, languages=frozenset({"en"})),
        Member(2, languages=frozenset({"es"})),
        Member(3, languages=frozenset({"en", "es"})),
        Member(4),
    ]
    assert appraise([Group((1, 2, 3, 4))], members, NO_PAST).languages_mixed == 1


# Swapping


def test_two_people_exchange_places_and_roles():
    draw = drawn((1, 2, 3), (4, 5, 6), seed=9)
    changed = swap(draw, 1, 6, people(6), Past(tonight={Pair(2, 6): 1}))
    assert who(changed) == [(6, 2, 3), (4, 5, 1)]
    assert changed.repeats == (Pair(2, 6),)
    assert changed.seed == 9
    assert who(swap(draw, 1, 3, people(6), NO_PAST)) == [(3, 2, 1), (4, 5, 6)]
    assert who(swap(draw, 1, 1, people(6), NO_PAST)) == who(draw)


def test_a_person_who_only_observes_does_not_get_a_role_by_a_swap():
    members = wishing(a="any", b="any", c="any", d="any", e="any", f="observe")
    assert who(swap(drawn((1, 2, 3), (4, 5, 6)), 1, 6, members, NO_PAST)) == [(3, 2, 6), (4, 5, 1)]
    assert who(swap(drawn((1, 2, 3, 6), (4, 5)), 1, 6, members, NO_PAST))[0] == (3, 2, 6, 1)
    assert who(swap(drawn((1, 2, 6), (4, 5, 3)), 1, 6, members, NO_PAST))[0] == (1, 2, 6)


def test_a_swap_that_leaves_a_group_without_two_who_lead_is_refused():
    members = wishing(a="any", b="any", c="any", d="any", e="any", f="observe")
    with pytest.raises(TooFewForGroups) as refused:
        swap(drawn((1, 2), (3, 4, 5, 6)), 1, 6, members, NO_PAST)
    assert (refused.value.people, refused.value.leads) == (2, 1)


def test_only_people_in_groups_can_be_swapped():
    with pytest.raises(ValueError, match="in a group"):
        swap(drawn((1, 2, 3)), 1, 9, people(9), NO_PAST)


@examples(max_examples=40, deadline=None)
@given(crowds(most=15), st.data())
def test_a_swap_keeps_everybody_and_coach_and_client(members, data):
    draw = draw_groups(members, NO_PAST, seed=1)[0]
    one, other = (data.draw(st.sampled_from(members)).user_id for _ in "ab")
    try:
        changed = swap(draw, one, other, members, NO_PAST)
    except TooFewForGroups:
        return
    is_right(changed, members)
    if draw.group_of(one) != draw.group_of(other):
        assert changed.group_of(one) == draw.group_of(other)


# Coming, going, observing


def without(draw, user_id, members, past, apart=()):
    """The draw once someone has left."""
    return settle(draw, [one for one in members if one.user_id != user_id], past, apart)


def test_a_group_of_three_that_lost_someone_goes_on_as_a_pair():
    assert who(without(drawn((1, 2, 3), (4, 5, 6)), 1, people(6), NO_PAST)) == [(2, 3), (4, 5, 6)]


def test_someone_left_alone_observes_in_the_smallest_other_group():
    draw = drawn((1, 2), (3, 4, 5, 6), (7, 8, 9))
    assert who(without(draw, 2, people(9), NO_PAST)) == [(3, 4, 5, 6), (7, 8, 9, 1)]
    assert who(without(draw, 2, people(9), NO_PAST, [Pair(1, 7)])) == [(3, 4, 5, 6, 1), (7, 8, 9)]
    changed = without(drawn((1, 2), (3, 4)), 2, people(4), NO_PAST, [Pair(1, 3)])
    assert changed.apart_broken


def test_one_person_is_no_group():
    with pytest.raises(TooFewForGroups):
        without(drawn((1, 2)), 2, people(2), NO_PAST)


def test_someone_late_observes_in_the_smallest_group():
    draw = drawn((1, 2, 3, 4), (5, 6, 7))
    assert who(settle(draw, people(8), NO_PAST)) == [(1, 2, 3, 4), (5, 6, 7, 8)]
    assert settle(draw, people(8), NO_PAST, [Pair(7, 8)]).group_of(8) == 0
    late = settle(draw, [*people(7), Member(8, Wish.OBSERVE)], NO_PAST)
    assert late.groups[1].observers == (7, 8)


def test_a_person_who_comes_late_and_may_lead_goes_where_the_fewest_do():
    """A1: nobody misses a turn by it who need not."""
    members = wishing(a="any", b="any", c="any", d="any", e="any", f="observe", g="any")
    changed = settle(drawn((1, 2, 3), (4, 5, 6)), members, NO_PAST)
    assert who(changed) == [(1, 2, 3), (4, 5, 7, 6)]
    # Not into a group that is much larger than the others.
    members = wishing(a="any", b="any", c="any", d="any", e="any", f="observe", g="observe",
                      h="observe", i="any")  # fmt: skip
    changed = settle(drawn((1, 2, 3), (4, 5, 6, 7, 8)), members, NO_PAST)
    assert who(changed)[0] == (1, 2, 3, 9)


def test_someone_late_takes_the_place_of_one_who_left_so_that_nobody_is_alone():
    draw = drawn((1, 2), (3, 4, 5))
    members = [one for one in people(6) if one.user_id != 2]
    assert who(settle(draw, members, NO_PAST)) == [(1, 6), (3, 4, 5)]


def test_a_person_who_only_observes_from_now_on_gives_the_role_away():
    draw = drawn((1, 2, 3), (4, 5, 6))
    assert who(observe_only(draw, 1, people(6), NO_PAST)) == [(2, 3, 1), (4, 5, 6)]
    assert who(observe_only(draw, 2, people(6), NO_PAST)) == [(1, 3, 2), (4, 5, 6)]
    assert who(observe_only(draw, 3, people(6), NO_PAST)) == who(draw)


def test_a_group_with_one_lead_gets_another_for_someone_who_only_observes():
    members = wishing(a="any", b="any", c="observe", d="any", e="any", f="any")
    draw = drawn((1, 2, 3), (4, 5, 6))
    assert who(observe_only(draw, 2, members, NO_PAST)) == [(1, 6, 2), (4, 5, 3)]
    kept = observe_only(draw, 2, members, NO_PAST, [Pair(1, 6)])
    assert who(kept) == [(4, 5, 6, 1, 2, 3)]


def test_a_pair_with_one_lead_stays_a_group_where_another_lead_can_be_spared():
    members = wishing(a="any", b="any", c="any", d="any", e="any", f="observe")
    changed = settle(drawn((1, 2, 3, 4), (5, 6)), members, NO_PAST)
    assert sorted(map(len, who(changed))) == [2, 4]
    (pair,) = (people for people in who(changed) if 5 in people)
    assert 6 not in pair


def test_with_nobody_to_spare_groups_become_one():
    members = wishing(a="any", b="any", c="observe", d="any", e="any", f="observe")
    assert who(observe_only(drawn((1, 2, 3), (4, 5, 6)), 1, members, NO_PAST)) == [
        (4, 5, 2, 6, 1, 3)
    ]


@examples(max_examples=50)
@given(crowds(most=15), st.data())
def test_whatever_happens_everybody_is_in_a_group_and_nothing_changes_twice(members, data):
    ids = [member.user_id for member in members]
    was = data.draw(st.permutations([*ids[2:], 77, 78, 79]))
    parts = data.draw(st.integers(1, max(1, len(was) // 2)))
    past = data.draw(pasts(members))
    apart = [pair_of(1, one) for one in ids[3::3]]
    draw = drawn(*(was[part::parts] for part in range(parts)))
    settled = settle(draw, members, past, apart)
    is_right(settled, members)
    assert who(settle(settled, members, past, apart)) == who(settled)


def test_a_swap_in_a_draw_that_someone_has_left_makes_it_right_first():
    """F3: and the person who has left cannot be swapped any more."""
    draw = drawn((1, 2, 3), (4, 5, 6, 7))
    left = [one for one in people(7) if one.user_id != 7]
    assert who(swap(draw, 1, 4, left, NO_PAST)) == [(4, 2, 3), (1, 5, 6)]
    with pytest.raises(ValueError, match="in a group"):
        swap(draw, 1, 7, left, NO_PAST)


def test_a_swap_in_a_draw_in_which_a_lead_only_observes_by_now_makes_it_right_first():
    """F3: it was refused, though two others were to change places."""
    members = wishing(a="any", b="observe", c="any", d="any", e="any", f="any")
    changed = swap(drawn((1, 2), (3, 4, 5, 6)), 3, 4, members, NO_PAST)
    is_right(changed, members)
    assert changed.group_of(3) == changed.group_of(4)


@examples(max_examples=40, deadline=None)
@given(crowds(most=12, least=3), crowds(most=12, least=3), st.data())
def test_a_draw_that_is_kept_serves_the_person_who_is_there_by_now(then, now, data):
    """F3: whatever looks up the people of a stored draw among those of now."""
    draw = draw_groups(then, NO_PAST, seed=1)[0]
    gone = data.draw(st.sets(st.sampled_from([one.user_id for one in now]), max_size=2))
    members = [member for member in now if member.user_id not in gone]
    one, other = (data.draw(st.sampled_from(now)).user_id for _ in "ab")
    for move in (
        lambda: settle(draw, members, NO_PAST),
        lambda: swap(draw, one, other, members, NO_PAST),
        lambda: observe_only(draw, one, members, NO_PAST),
        lambda: rotate(draw, members, NO_PAST),
    ):
        try:
            changed = move()
        except (TooFewForGroups, ValueError):
            continue
        placed = {person for group in changed.groups for person in group.people}
        assert placed <= {member.user_id for member in members}
        is_right(changed, [member for member in members if member.user_id in placed])
