"""What a dojo works with when its own content lies over the shipped one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.content.model.content import Content, OwnContent
from bot.content.model.formats import DEFAULT_FORMAT, Format, Segment, SegmentKind
from bot.content.model.questions import QuestionBank
from bot.content.model.signals import SignalList


def format_(name: str, *, title: str = "A format") -> Format:
    parts = (Segment(SegmentKind.COACH, timedelta(minutes=10)),)
    return Format(name, title, "Anyone", 3, 4, parts)


def content(*names: str) -> Content:
    return Content(
        language="en",
        language_name="English",
        phases={},
        bank=QuestionBank(()),
        signals=SignalList(()),
        formats={name: format_(name) for name in names},
    )


def test_nothing_of_its_own_changes_nothing():
    assert not OwnContent()
    assert content("a", "b").with_own(OwnContent()) == content("a", "b")


@pytest.mark.parametrize(
    "own", [OwnContent(formats=(format_("c"),)), OwnContent(hidden_formats=frozenset({"a"}))]
)
def test_a_format_alone_is_something_of_its_own(own):
    assert own


def test_formats_keep_the_shipped_order_and_own_ones_come_last():
    own = OwnContent(
        formats=(format_("z"), format_("c", title="Ours"), format_("y")),
        hidden_formats=frozenset({"b"}),
    )
    merged = content("a", "b", "c", "d").with_own(own)
    assert list(merged.formats) == ["a", "c", "d", "z", "y"]
    assert merged.formats["c"].name == "Ours"


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("a", "b", DEFAULT_FORMAT), "b"),
        (("a", DEFAULT_FORMAT), DEFAULT_FORMAT),
        (("a", "c"), "a"),
    ],
)
def test_a_format_that_is_gone_gives_way_to_the_default_or_else_the_first(names, found):
    assert content(*names).format_or_default("b").id == found
