"""Lets the card of an evening follow what happens to people in its rooms."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from bot.content.model.formats import SegmentKind
from bot.gatherings.grouping.groups import Group
from bot.gatherings.model.gathering import Gathering, Stage
from bot.gatherings.model.seats import as_seated, ends_about, seated_in
from bot.rounds.model.refusals import NoRound
from bot.rounds.model.round import Round
from bot.rounds.service.live import LiveRounds

CARD_EVERY = timedelta(seconds=1)
"""So often at most: Discord takes five edits of messages in five seconds of one channel."""

Look = tuple[Group, datetime | None, SegmentKind | None]
"""Who sits where in a round, until when it goes if nobody does anything, and its part now."""


class SeatWatch:
    """Knows where people sit elsewhere than the card in the dojo shows."""

    def __init__(self, rounds: LiveRounds) -> None:
        self._rounds = rounds
        self._looks: dict[int, Look] = {}
        """By round, as it was when it was last looked at."""
        self._moved: set[int] = set()
        """Gatherings whose cards are behind."""
        self._shown_at: dict[int, datetime] = {}

    def begin(self, gatherings: Iterable[Gathering]) -> None:
        """After a start: what changed just before the end of the program is on no card."""
        rounds = self._kept()
        self._looks = {one.id: _look(one) for one in rounds.values() if one.gathering_id}
        for gathering in gatherings:
            is_unknown = any(one not in rounds for one in _rounds_of(gathering))
            if is_unknown or as_seated(gathering, rounds).draw != gathering.draw:
                self._moved.add(gathering.id)

    def has_moved(self, round_: Round) -> bool:
        """Whether someone sits elsewhere in a round, or it ends otherwise, than before."""
        before = self._looks.pop(round_.id, None)
        if round_.is_open:
            self._looks[round_.id] = _look(round_)
        # One that has just been proposed is on the card together with its room.
        if before is None or before == self._looks.get(round_.id):
            return False
        if round_.gathering_id is not None:
            self._moved.add(round_.gathering_id)
        return True

    def due_at(self, gathering: Gathering) -> datetime | None:
        """When the card is to be shown again; none as long as it shows what is true."""
        if gathering.stage not in (Stage.BOARDING, Stage.RUNNING):
            # These cards name no rooms.
            self._moved.discard(gathering.id)
        if gathering.id not in self._moved:
            return None
        shown_at = self._shown_at.get(gathering.id)
        return self._rounds.now() if shown_at is None else shown_at + CARD_EVERY

    async def shown(self, gathering: Gathering) -> Gathering:
        """The evening as its card is to show it now, which counts as shown; see `not_shown`."""
        self._moved.discard(gathering.id)
        self._shown_at[gathering.id] = self._rounds.now()
        if gathering.stage not in (Stage.BOARDING, Stage.RUNNING):
            return gathering
        rounds: dict[int, Round] = {}
        for round_id in _rounds_of(gathering):
            with suppress(NoRound):
                # Also one that is over: its card tells who was in it, not who was to be.
                rounds[round_id] = await self._rounds.read(round_id)
        running = (one for one in rounds.values() if one.is_open and one.has_begun)
        parts = dict.fromkeys(one.kind for one in running if one.kind is not None)
        return replace(as_seated(gathering, rounds), parts=tuple(parts))

    def not_shown(self, gathering_id: int) -> None:
        """The card could not be shown: it is still behind."""
        self._moved.add(gathering_id)

    def forget(self, gathering_id: int) -> None:
        """An evening is over."""
        self._moved.discard(gathering_id)
        self._shown_at.pop(gathering_id, None)

    def _kept(self) -> dict[int, Round]:
        return {one.id: one for one in self._rounds.all()}


def _rounds_of(gathering: Gathering) -> list[int]:
    """The rounds of its rooms, also those that are over."""
    return [room.round_id for room in gathering.rooms if room.round_id is not None]


def _look(round_: Round) -> Look:
    return seated_in(round_), ends_about(round_), round_.kind
