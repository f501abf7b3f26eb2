"""The rules every round format keeps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.domain.formats import DEBRIEF_ORDER, Format, Segment, SegmentKind, broken_rules, minutes


def segments(text: str) -> list[Segment]:
    """`agree 2, coach 18` as segments."""
    pairs = (part.split() for part in text.split(","))
    return [Segment(SegmentKind(kind), timedelta(minutes=float(length))) for kind, length in pairs]


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
