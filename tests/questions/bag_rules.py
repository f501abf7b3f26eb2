"""What must hold for every run of draws, however the deck changes on the way."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

DECKS = st.lists(
    st.sets(st.sampled_from("abcdefgh"), min_size=1).map(sorted), min_size=1, max_size=12
)
"""Decks of one phase as they follow on each other when questions are added and hidden."""


class DrawChecker:
    """Follows draws and fails at the first that repeats too early."""

    def __init__(self) -> None:
        self.cycle: set[str] = set()
        self.last: str | None = None

    def see(self, deck: Sequence[str], drawn: str) -> None:
        assert drawn in deck, "drew what is not in the deck"
        if set(deck) <= self.cycle:
            assert len(deck) == 1 or drawn != self.last, "a fresh bag began with the one just seen"
            self.cycle = set()
        assert drawn not in self.cycle, "repeated before the deck was used up"
        self.cycle.add(drawn)
        self.last = drawn
