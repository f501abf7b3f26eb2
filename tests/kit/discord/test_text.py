"""Text typed by people is shown as typed, whatever it tries."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.clicks.double_click import Clicks
from bot.kit.discord.text import safe, safe_with_links

UNESCAPED = r"(?<!\\)(?:\\\\)*"


@pytest.mark.parametrize(
    "typed",
    [
        "[x] [click](https://evil.example)",
        "[a](b) **bold** [c](d)",
        "<#123>",
        "</question:1>",
        "<t:0:R>",
        "<@123> <@&5>",
        "https://evil.example",
        "`code` ||spoiler|| ~~gone~~ __u__ _i_",
        "> quoted",
        "# large",
        "- item",
        "1. item",
    ],
)
def test_no_markdown_mention_or_link_survives(typed):
    shown = safe(typed)
    assert not re.search(UNESCAPED + r"[*_~`|\[<>#]", shown)
    assert not re.search(UNESCAPED + r"://", shown.replace("\\:", ""))
    assert not re.match(r"[-+]|\d+[.)]", shown)


def test_mentions_of_everyone_are_broken():
    assert "@everyone" not in safe("@everyone and @here")


@given(st.text(alphabet="ab*_~`|[]()<>#@:/\\. -1", max_size=40))
def test_removing_the_escapes_gives_what_was_typed(typed):
    assert re.sub(r"\\([^a-z0-9\s])", r"\1", safe(typed).replace("\u200b", "")) == typed


@given(st.text(alphabet="ab*_~`|[]()<>#@:/\\. -1", max_size=40))
def test_where_links_are_let_through_all_else_is_as_safe_as_elsewhere(typed):
    assert re.sub(r"(?<!\S)\(?https?://\S+", "", safe_with_links(typed)) == safe(typed)


@pytest.mark.parametrize(
    ("typed", "links"),
    [
        ("https://example.org/help", ["https://example.org/help"]),
        ("See http://a-b.example.org:80/x_y?z=1#w, or (https://b.org).", 2),
        ("[click](https://evil.example)", 0),
        ("[click here](https://evil.example)", 0),
        ("[click] (https://evil.example)", 1),
        ("<https://evil.example>", 0),
        ("https://example.org/@everyone", 0),
        ("https://ana@evil.example", 0),
        ("https://example.org/**loud**", 0),
        ("javascript://example.org discord://x.y", 0),
        ("Https://example.org https://nowhere", 0),
    ],
)
def test_only_an_address_that_stands_alone_is_a_link(typed, links):
    """H13: a link never has other words than its own address."""
    shown = safe_with_links(typed)
    found = re.findall(UNESCAPED + r"(\w+://\S+)", shown.replace("\\:", ""))
    assert found == links or len(found) == links
    assert not re.search(UNESCAPED + r"\[", shown)
    assert "@everyone" not in shown


# Double clicks


def click(person: int, at: datetime, message: int = 1) -> Any:
    return cast(
        "Any",
        SimpleNamespace(
            user=SimpleNamespace(id=person), message=SimpleNamespace(id=message), created_at=at
        ),
    )


NOW = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)


def test_sixty_people_who_click_at_once_can_all_click_again_later():
    clicks = Clicks()
    for person in range(60):
        with clicks.once(click(person, NOW), "again") as first:
            assert first
    for person in reversed(range(60)):
        with clicks.once(click(person, NOW + timedelta(hours=1)), "again") as first:
            assert first


@pytest.mark.parametrize(("after", "acts"), [(0.1, False), (0.39, False), (0.41, True)])
def test_a_second_click_acts_when_it_is_no_double_click(after, acts):
    clicks = Clicks()
    with clicks.once(click(1, NOW), "again"):
        pass
    with clicks.once(click(1, NOW + timedelta(seconds=after)), "again") as first:
        assert first is acts


def test_a_click_while_the_first_is_still_worked_on_is_a_repeat():
    clicks = Clicks()
    with (
        clicks.once(click(1, NOW), "slow"),
        clicks.once(click(1, NOW + timedelta(seconds=5)), "slow") as first,
    ):
        assert not first
