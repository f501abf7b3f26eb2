"""Quick copies of what SimCord sends are copies, and are of the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.rehearsal.simulation import copying
from bot.rehearsal.simulation.copying import quick_copying

PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
TREES = st.recursive(
    PLAIN, lambda part: st.lists(part) | st.dictionaries(st.text(max_size=3), part), max_leaves=8
)


def containers(tree: object) -> list[object]:
    """The tree and everything in it that could be changed."""
    if not isinstance(tree, list | dict):
        return []
    inner = tree if isinstance(tree, list) else list(tree.values())
    return [tree, *(found for part in inner for found in containers(part))]


@examples(max_examples=40, deadline=None)
@given(TREES)
def test_a_copy_is_equal_and_shares_nothing_that_can_be_changed(tree):
    copy = copying.copied(tree)
    assert copy == tree
    originals = {id(part) for part in containers(tree)}
    assert not [part for part in containers(copy) if id(part) in originals]


def test_what_is_not_plain_is_copied_as_usual():
    at, kept = datetime(2026, 1, 1, tzinfo=UTC), {1, 2}
    copy = copying.copied({"at": at, "kept": kept})
    assert copy == {"at": at, "kept": kept}
    assert copy["kept"] is not kept


def test_a_simcord_that_copies_otherwise_is_noticed(monkeypatch):
    monkeypatch.setattr(copying.results, "deepcopy", dict)
    with pytest.raises(RuntimeError, match=r"simcord\.results"):
        quick_copying()
    monkeypatch.setattr(copying.results, "deepcopy", copying.copied)
    monkeypatch.delattr(copying.router, "copy")
    with pytest.raises(RuntimeError, match=r"simcord\.http\.router"):
        quick_copying()
