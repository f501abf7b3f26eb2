"""How much it counts that two people practised together before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.gatherings.grouping.groups import Past
from bot.gatherings.grouping.meetings import Meeting, coached, decayed, past_of, weight
from bot.rounds.model.pairs import Pair

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)


def triad(coach: int, client: int, observer: int, *, ago: timedelta = timedelta()) -> Meeting:
    return Meeting(NOW - ago, 1, (coach, client, observer), (coach,), client)


def test_a_meeting_counts_half_after_eight_weeks_and_in_full_when_a_clock_was_set_back():
    assert [weight(timedelta(weeks=n)) for n in (0, 8, 16)] == [1, 0.5, 0.25]
    assert weight(timedelta(days=7)) > weight(timedelta(days=8))
    assert weight(timedelta(days=-3)) == 1


def test_everybody_in_a_small_group_has_met_and_meetings_add_up():
    meetings = [triad(3, 1, 2), triad(1, 3, 4, ago=timedelta(weeks=8))]
    assert decayed(meetings, NOW) == {
        (1, 2): 1,
        (1, 3): 1.5,
        (2, 3): 1,
        (1, 4): 0.5,
        (3, 4): 0.5,
    }
    assert coached(meetings, NOW) == {(3, 1): 1, (1, 3): 0.5}


@pytest.mark.parametrize(("people", "pairs"), [(2, 1), (4, 6), (7, 21), (8, 1), (30, 1)])
def test_in_a_large_ring_only_the_coach_and_the_client_have_met(people, pairs):
    meeting = Meeting(NOW, 1, tuple(range(1, people + 1)), (2,), 1)
    found = decayed([meeting], NOW)
    assert len(found) == pairs
    assert found[Pair(1, 2)] == 1


def test_a_person_who_took_over_coached_too_and_a_forgotten_client_is_nobodys():
    relay = Meeting(NOW, 1, (1, 2, 3), (1, 3), 2)
    assert coached([relay], NOW) == {(1, 2): 1, (3, 2): 1}
    assert coached([Meeting(NOW, 1, (1, 3), (1,), None)], NOW) == {}
    assert coached([Meeting(NOW, 1, (1, 3), (1, 3), 3)], NOW) == {(1, 3): 1}


def test_the_past_keeps_tonight_apart_from_before():
    before = [triad(1, 2, 3, ago=timedelta(weeks=8))]
    tonight = [triad(1, 2, 4, ago=timedelta(hours=1)), triad(2, 4, 1)]
    past = past_of(iter(before), iter(tonight), NOW)
    assert past.met == {(1, 2): 0.5, (1, 3): 0.5, (2, 3): 0.5}
    assert past.tonight == {(1, 2): 2, (1, 4): 2, (2, 4): 2}
    assert past.coached == {(1, 2): 1.5, (2, 4): 1}
    assert past.coached_tonight == {1: 1, 2: 1}
    assert past.client_tonight == {2: 1, 4: 1}
    assert past_of([], [], NOW) == Past()
