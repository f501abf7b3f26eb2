"""Cards of coaches who wait for their feedback: they change by themselves when it opens.

A private card can only be edited with the token of the click it answers, for 15 minutes. After
that, and after a restart, **Look again** on the card does the same.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from bot.kit.discord.answers import AnswerLost, redraw
from bot.kit.discord.interactions import Interaction, View, services_of
from bot.kit.logs import log_context
from bot.kit.one_per_key import OnePerKey
from bot.kit.refusals import DojoError
from bot.kit.requests.unreachable import DISCORD_FAILURES
from bot.kit.time.timers import DeadlineScheduler
from bot.rounds.model.round import Round
from bot.rounds.service.live import LiveRounds

log = logging.getLogger(__name__)

LIVES = timedelta(minutes=14)
MOST_CARDS = 500


@dataclass(frozen=True, slots=True)
class CoachCard:
    """What a coach sees of their feedback now."""

    view: View
    is_waiting: bool = False
    """Whether it changes by itself: it waits for something other than the coach."""
    opens_at: datetime | None = None
    """When it opens by the clock, if that is known."""


Rendering: TypeAlias = Callable[[], Awaitable[CoachCard]]


@dataclass(eq=False, repr=False, slots=True)
class _Waiting:
    """The private card of one coach."""

    interaction: Interaction
    round_id: int
    render: Rendering
    until: datetime
    shown: list[dict[str, Any]]
    """Its components, in Discord's form."""


class WaitingCards:
    """Updates the cards of waiting coaches; for each coach the one that was used last."""

    def __init__(self, rounds: LiveRounds) -> None:
        self._now = rounds.now
        self._cards: dict[int, _Waiting] = {}
        """By coach; the one that was used longest ago comes first."""
        self._tasks: OnePerKey[_Waiting] = OnePerKey("waiting")
        self._deadlines = DeadlineScheduler(self._come_due, self._now)
        self._stop_watching = rounds.watch(self._round_changed)
        self._is_open = True

    async def close(self) -> None:
        """Stop all editing; the cards stay as they are."""
        if self._is_open:
            self._is_open = False
            self._stop_watching()
        self._cards.clear()
        await self._tasks.close()
        await self._deadlines.close()

    def keep(
        self, interaction: Interaction, round_id: int, card: CoachCard, render: Rendering
    ) -> None:
        """Keep the card that `interaction` was answered with up to date, while its coach waits."""
        coach_id = interaction.user.id
        self.rest(coach_id)
        if not card.is_waiting:
            return
        self._deadlines.start()
        shown = card.view.to_components()
        waiting = _Waiting(interaction, round_id, render, self._now() + LIVES, shown)
        self._cards[coach_id] = waiting
        while len(self._cards) > MOST_CARDS:
            self.rest(next(iter(self._cards)))
        # Something changed while the card was rendered and sent.
        self._wake(waiting)

    def rest(self, coach_id: int) -> None:
        """Leave this coach's card alone: they put something else in its place."""
        waiting = self._cards.pop(coach_id, None)
        if waiting is None:
            return
        self._deadlines.cancel(coach_id)
        self._tasks.cancel(waiting)

    def touch(self, round_id: int) -> None:
        """After something was handed in, check whether this round's cards are still up to date."""
        for waiting in list(self._cards.values()):
            if waiting.round_id == round_id:
                self._wake(waiting)

    def _round_changed(self, round_: Round) -> None:
        self.touch(round_.id)

    async def _come_due(self, coach_id: int) -> None:
        waiting = self._cards.get(coach_id)
        if waiting is not None:
            self._wake(waiting)

    def _wake(self, waiting: _Waiting) -> None:
        self._tasks.wake(waiting, lambda: self._run(waiting))

    async def _run(self, waiting: _Waiting) -> None:
        with log_context(round=waiting.round_id):
            try:
                await self._bring_up_to_date(waiting)
            except (AnswerLost, *DISCORD_FAILURES, DojoError) as error:
                # Closed by its coach, or refused by Discord: **Look again** does the same.
                log.debug("a waiting card is no longer live: %s", type(error).__name__)
                self._forget(waiting)
            except Exception:
                log.exception("a waiting card could not be kept up to date")
                self._forget(waiting)

    async def _bring_up_to_date(self, waiting: _Waiting) -> None:
        if self._now() > waiting.until:
            self._forget(waiting)
            return
        card = await waiting.render()
        if card.opens_at is not None:
            self._deadlines.add(waiting.interaction.user.id, card.opens_at)
        components = card.view.to_components()
        if components != waiting.shown:
            await redraw(waiting.interaction, card.view)
            waiting.shown = components
        if not card.is_waiting:
            self._forget(waiting)

    def _forget(self, waiting: _Waiting) -> None:
        if self._cards.get(waiting.interaction.user.id) is waiting:
            self.rest(waiting.interaction.user.id)


def waiting_cards_of(interaction: Interaction) -> WaitingCards:
    """The bot's cards of waiting coaches."""
    return services_of(interaction)[WaitingCards]
