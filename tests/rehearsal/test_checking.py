"""SimCord's checks of messages, made quicker, find what they found before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from simcord import components

from bot.rehearsal.simulation import checking
from bot.rehearsal.simulation.checking import quick_checking

KEYS = st.sampled_from(["components", "accessory", "component", "label"])
TREES = st.recursive(
    st.none() | st.text(max_size=2),
    lambda inner: st.dictionaries(KEYS, inner, max_size=3) | st.lists(inner, max_size=3),
    max_leaves=12,
)
FLAGS = components.COMPONENTS_V2_FLAG


def card(words: str) -> list[dict[str, object]]:
    return [{"type": 10, "content": words}]


@given(st.lists(TREES, max_size=3))
@examples(deadline=None)
def test_it_walks_past_the_same_components(roots):
    assert list(checking.walk(roots)) == list(checking.WALK(roots))


def test_what_a_route_has_found_good_is_stored_and_nothing_else():
    about = {"flags": FLAGS, "content": None, "embeds": []}
    good = checking._at_the_route(card("Hello"), **about)
    stored = checking._at_the_store(good, **about)
    assert stored == good
    assert stored[0] is not good[0]
    with pytest.raises(ValueError, match="4000"):
        checking._at_the_store(card("x" * 4001), **about)
    with pytest.raises(ValueError, match="content"):
        checking._at_the_store(good, **{**about, "content": "and this"})


def test_a_simcord_that_checks_otherwise_is_noticed(monkeypatch):
    monkeypatch.setattr(checking.messages, "validate_message_state", dict)
    with pytest.raises(RuntimeError, match=r"ops\.messages"):
        quick_checking()
