"""What every use case of feedback needs: the round, its signal list, and the words of its dojo."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.content.library import FALLBACK
from bot.content.model.content import Content
from bot.dojos.model.dojo import DojoSettings
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.feedback.model.debriefs import Debrief, Listed
from bot.feedback.model.visibility import Viewer, names_observers
from bot.feedback.store.debriefs import DebriefStore
from bot.kit.ids import new_id
from bot.rounds.model.round import Round
from bot.rounds.service.live import LiveRounds
from bot.rounds.store.rounds import RoundStore

MOST_KNOWN = 4_000
"""Debriefs known to be on disk, of which this many are remembered."""


@dataclass(eq=False)
class FeedbackAccess:
    """Looks up what notes, sheets and debriefs belong to."""

    _live: LiveRounds
    _rounds: RoundStore
    _debriefs: DebriefStore
    _dojos: DojoService
    _contents: ContentService
    _rng: random.Random
    _listed: dict[tuple[int, int], tuple[Listed, ...]] = field(
        default_factory=dict[tuple[int, int], tuple[Listed, ...]], init=False
    )

    def __post_init__(self) -> None:
        self.when_over(self._let_go)

    def now(self) -> datetime:
        """The present to the millisecond, UTC."""
        return self._live.now()

    def new_id(self, now: datetime) -> int:
        """An id for something made at `now` (UTC)."""
        return new_id(now, self._rng)

    async def find(self, round_id: int) -> Round:
        """A round, including one that is over. Raises NoRound."""
        return await self._live.read(round_id)

    async def in_room(self, channel_id: int | None) -> Round | None:
        """The round of a room: the one that is going on, or else the last one."""
        return await self._live.latest_in_room(channel_id)

    async def coached_by(self, user_id: int, most: int = 25) -> list[Round]:
        """The rounds that this person coached, the latest first."""
        rounds = await self._rounds.coached_by(user_id, most)
        return [self._live.find(round_.id) or round_ for round_ in rounds]

    async def as_client(self, user_id: int, most: int) -> list[Round]:
        """The rounds in which this person is or was the client, the latest first."""
        rounds = await self._rounds.clients_of(user_id, most)
        return [self._live.find(round_.id) or round_ for round_ in rounds]

    def settings_of(self, round_: Round) -> DojoSettings:
        """The settings of the round's dojo; the usual settings if it is no longer a dojo."""
        dojo = self._dojos.by_id(round_.dojo_id)
        return DojoSettings() if dojo is None else dojo.settings

    def names_observers(self, round_: Round, debrief: Debrief, viewer: Viewer) -> bool:
        """Whether this viewer may learn which observer noted what in a round."""
        dojo = self._dojos.by_id(round_.dojo_id)
        return names_observers(
            viewer,
            was_shown=debrief.names_shown,
            is_shown=dojo is None or dojo.settings.names_shown,
        )

    async def content_of(self, round_: Round) -> Content:
        """The words of the round's dojo; the shipped ones if it is no longer a dojo."""
        dojo = self._dojos.by_id(round_.dojo_id)
        if dojo is None:
            return self._contents.shipped(FALLBACK)
        return await self._contents.of_dojo(dojo)

    async def listed(self, round_: Round, coach_user_id: int | None) -> tuple[Listed, ...]:
        """A round's signal list: as it was when this coach's feedback began, or else as it is."""
        if coach_user_id is not None:
            known = self._listed.get((round_.id, coach_user_id))
            if known is not None:
                return known
            debrief = await self._debriefs.get(round_.id, coach_user_id)
            if debrief is not None:
                return self._remember(debrief)
        content = await self.content_of(round_)
        return tuple(map(Listed.of, content.signals.signals))

    async def open(self, round_: Round, coach_user_id: int) -> tuple[Listed, ...]:
        """Begin a coach's debrief, if it has not begun, and return its list; on disk afterwards."""
        known = self._listed.get((round_.id, coach_user_id))
        if known is not None:
            return known
        listed = await self.listed(round_, coach_user_id)
        settings = self.settings_of(round_)
        await self._debriefs.open(
            Debrief(
                round_.id,
                coach_user_id,
                listed,
                quote_days=settings.quote_days,
                code_months=settings.feedback_months,
                names_shown=round_.names_shown and settings.names_shown,
            )
        )
        debrief = await self._debriefs.get(round_.id, coach_user_id)
        return listed if debrief is None else self._remember(debrief)

    def forget_all(self) -> None:
        """Forget what is known to be on disk, because it has been changed there."""
        self._listed.clear()

    def when_over(self, watcher: Callable[[Round], None]) -> None:
        """Call `watcher` with every round that has ended, at least once."""

        def see(round_: Round) -> None:
            if not round_.is_open:
                watcher(round_)

        self._live.watch(see)

    def _let_go(self, round_: Round) -> None:
        """Hardly anybody asks again about a round that is over: from then on the disk answers."""
        for seat in round_.seats:
            self._listed.pop((round_.id, seat.user_id or 0), None)

    def _remember(self, debrief: Debrief) -> tuple[Listed, ...]:
        if len(self._listed) >= MOST_KNOWN:
            self._listed.clear()
        self._listed[debrief.round_id, debrief.coach_user_id] = debrief.listed
        return debrief.listed
