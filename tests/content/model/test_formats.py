"""The rules every round format keeps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.content.model.formats import (
    DEBRIEF_ORDER,
    Format,
    Segment,
    SegmentKind,
    broken_lengths,
    broken_rules,
    minutes,
    nearest_for,
)


def segments(text: str) -> list[Segment]:
    """`agree 2, coach 18` as segments."""
    pairs = (part.split() for part in text.split(","))
    return [Segment(SegmentKind(kind), timedelta(minutes=float(length))) for kind, length in pairs]


def lasting(length: int, *, people: tuple[int, int] = (3, 4), name: str = "") -> Format:
    """A format of that many minutes."""
    parts = tuple(segments(f"coach {length}"))
    return Format(name or f"own-{length}", "Own", "Anyone", *people, parts)


@pytest.mark.parametrize(
    "text",
    [
        "coach 10",
        "agree 2, coach 18, write 1, self 2, client 2, observers 4, facilitator 3, next 1",
        "coach 5, pause 3, coach 5, swap 1, coach 5, self 1",
        "agree 1, pause 1, agree 1, coach 5",
        "coach 0.5",
        "coach 60, pause 60, coach 60",
        "coach 5, observers 3",
        ", ".join(["coach 1"] * 12),
    ],
)
def test_may_be_used(text):
    assert broken_rules(segments(text)) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (", ".join(["coach 1"] * 13), "has 13 segments; 1 to 12 are allowed"),
        ("coach 0.4", "segment 1 (coach) lasts 0.4 min; 0.5 to 60 are allowed"),
        ("coach 5, self 0", "segment 2 (self) lasts 0 min; 0.5 to 60 are allowed"),
        ("coach 60.5", "segment 1 (coach) lasts 60.5 min; 0.5 to 60 are allowed"),
        ("coach 60, pause 60, coach 60, self 1", "lasts 181 min; 180 is the most"),
        ("agree 2, self 3", "has no coach segment"),
        (
            "coach 5, observers 3, self 1",
            "has its debrief in the order observers → self; it must be self → observers",
        ),
        (
            "coach 5, client 3, self 1",
            "has its debrief in the order client → self; it must be self → client",
        ),
        (
            "coach 5, observers 3, client 1",
            "has its debrief in the order observers → client; it must be client → observers",
        ),
        (
            "coach 5, facilitator 3, client 1",
            "has its debrief in the order facilitator → client; it must be client → facilitator",
        ),
        (
            "coach 5, self 3, write 1",
            "has its debrief in the order self → write; it must be write → self",
        ),
        (
            "coach 5, next 3, self 1",
            "has its debrief in the order next → self; it must be self → next",
        ),
        ("coach 5, self 1, self 1", "has more than one self segment"),
        ("self 1, coach 5", "has self before the last coach segment"),
        ("coach 5, client 1, coach 5", "has client before the last coach segment"),
        ("coach 5, agree 1", "has its agree segment after coaching has begun"),
        ("coach 5, agree 1, coach 5", "has its agree segment after coaching has begun"),
    ],
)
def test_is_refused_with_the_reason(text, problem):
    assert problem in broken_rules(segments(text))


def test_no_segments_at_all_are_refused():
    problems = broken_rules([])
    assert "has 0 segments; 1 to 12 are allowed" in problems
    assert "has no coach segment" in problems


def test_every_broken_rule_is_named_at_once():
    assert len(broken_rules(segments("observers 0, self 61, agree 60, pause 60"))) == 5


def test_lengths_are_looked_at_whatever_the_segments_are_for():
    problems = broken_lengths(segments(", ".join(["self 0.4", "agree 61", *["next 10"] * 12])))
    assert [problem.split(";")[0] for problem in problems] == [
        "has 14 segments",
        "segment 1 (self) lasts 0.4 min",
        "segment 2 (agree) lasts 61 min",
        "lasts 181.4 min",
    ]


@examples(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(DEBRIEF_ORDER), unique=True))
def test_a_debrief_is_right_exactly_when_its_parts_are_in_the_fixed_order(kinds):
    parts = [Segment(kind, timedelta(minutes=1)) for kind in (SegmentKind.COACH, *kinds)]
    in_order = kinds == [kind for kind in DEBRIEF_ORDER if kind in kinds]
    assert (broken_rules(parts) == []) is in_order


def test_total_and_coaching_are_sums_of_the_segments():
    parts = tuple(segments("agree 2, coach 5.5, swap 1, coach 5, self 2"))
    entry = Format("own", "Own", "Anyone", 2, 5, parts)
    assert entry.total == timedelta(minutes=15.5)
    assert entry.coaching == timedelta(minutes=10.5)


@pytest.mark.parametrize(
    ("people", "suits"), [(1, False), (2, False), (3, True), (4, True), (5, True), (6, False)]
)
def test_a_format_is_for_its_fewest_to_its_most_people(people, suits):
    assert lasting(30, people=(3, 5)).suits_count(people) is suits


class TestNearest:
    @pytest.mark.parametrize(("like", "found"), [(10, 16), (22, 16), (24, 30), (60, 45)])
    def test_is_the_one_that_differs_least_in_length(self, like, found):
        formats = [lasting(45), lasting(16), lasting(30)]
        nearest = nearest_for(formats, 3, like=lasting(like, people=(2, 2)))
        assert nearest == lasting(found)

    def test_is_only_one_for_that_number_of_people(self):
        formats = [lasting(30), lasting(45, people=(6, 30)), lasting(60, people=(6, 60))]
        assert nearest_for(formats, 31, like=lasting(30)) == formats[2]
        assert nearest_for(formats, 6, like=lasting(30)) == formats[1]

    def test_is_the_first_of_those_that_differ_equally(self):
        formats = [lasting(40), lasting(20), lasting(40, name="later")]
        assert nearest_for(formats, 3, like=lasting(30, people=(2, 2))) == formats[0]

    def test_is_the_format_itself_where_it_suits(self):
        formats = [lasting(30, name="earlier"), lasting(30)]
        assert nearest_for(formats, 3, like=formats[1]) == formats[1]

    def test_is_none_where_no_format_is_for_so_many(self):
        assert nearest_for([lasting(30)], 5, like=lasting(30)) is None
        assert nearest_for([], 3, like=lasting(30)) is None


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(minutes=18), "18"),
        (timedelta(seconds=30), "0.5"),
        (timedelta(), "0"),
        (timedelta(hours=3), "180"),
    ],
)
def test_minutes_have_no_needless_decimals(length, text):
    assert minutes(length) == text
