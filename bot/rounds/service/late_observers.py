"""Asks the client about people who would like to observe a round that runs.

Each of them has one card in the room. Who waits is part of the round, so a restart loses nobody.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.kit.logs import log_context
from bot.kit.requests.errors import RoomGone, RoomRefused, RoomUnreachable
from bot.kit.time.timers import DeadlineScheduler
from bot.rounds.model.round import Round, Waiting, is_coaching_over_for_good
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.people import RoundPeople
from bot.rounds.service.ports import AsksClient, LateCard

log = logging.getLogger(__name__)

RETRY_SECONDS = 10.0
REMEMBERED = timedelta(hours=1)
"""How long it is remembered, for `/round now`, that someone was not let in."""


class LateObservers:
    """Keeps the cards about late observers true, and lets them in after the coaching."""

    def __init__(self, live: LiveRounds, people: RoundPeople, asks: AsksClient) -> None:
        self._live = live
        self._people = people
        self._asks = asks
        self._cards: dict[int, dict[int, tuple[int, LateCard]]] = {}
        """By round and person: the message, and what it says."""
        self._rooms: dict[int, Round] = {}
        self._refused: set[int] = set()
        self._hoping: dict[int, set[int]] = {}
        """By round: who has waited so far, and does not know yet that they are not let in."""
        self._not_let_in: dict[int, tuple[int, datetime]] = {}
        """By person: in which guild the round was over before they were let in, and since when."""
        self._due = DeadlineScheduler(self._bring_up_to_date, live.now)
        live.watch(self._changed)

    async def load(self) -> None:
        """Note who waits, before the clocks end what was over in the meantime."""
        for round_ in self._live.all():
            for one in round_.waiting:
                if one.card_id is not None:
                    cards = self._cards.setdefault(round_.id, {})
                    cards[one.user_id] = (one.card_id, _wanted(one))
            self._changed(round_)

    def start(self) -> None:
        """Begin to ask, first of all what was missed."""
        for round_ in self._live.all():
            self._changed(round_)
        self._due.start()

    async def close(self) -> None:
        """Stop; what is not done is done after the next start."""
        await self._due.close()

    def _changed(self, round_: Round) -> None:
        if round_.is_open and not is_coaching_over_for_good(round_):
            hoping = {one.user_id for one in round_.waiting if not one.has_gone}
            self._hoping.pop(round_.id, None)
            if hoping:
                self._hoping[round_.id] = hoping
        known = round_.id in self._cards or round_.id in self._hoping
        if not round_.waiting and not known:
            return
        self._rooms[round_.id] = round_
        self._due.add(round_.id, self._live.now())

    async def _bring_up_to_date(self, round_id: int) -> None:
        with log_context(round=round_id):
            try:
                await self._once(round_id)
            except RoomUnreachable as error:
                log.warning("the client cannot be asked (%s); trying again", error)
                wait = timedelta(seconds=RETRY_SECONDS)
                self._due.add(round_id, self._live.now() + wait)

    async def _once(self, round_id: int) -> None:
        round_ = self._live.find(round_id) or self._rooms.get(round_id)
        if round_ is None:
            return
        if round_.waiting and round_.has_begun and is_coaching_over_for_good(round_):
            round_ = await self._people.admit(round_id)
        cards = self._cards.setdefault(round_id, {})
        for one in round_.waiting:
            if one.card_id is None and not one.has_gone and round_id not in self._refused:
                await self._ask(round_, one, cards)
        waiting = {one.user_id: _wanted(one) for one in round_.waiting}
        for user_id, (message_id, shown) in list(cards.items()):
            wanted = waiting.get(user_id)
            if wanted is None:
                wanted = LateCard.IN if round_.takes_part(user_id) else LateCard.OVER
            if wanted is not shown:
                await self._show(round_, user_id, message_id, wanted)
                cards[user_id] = (message_id, wanted)
            if user_id not in waiting:
                del cards[user_id]
        if not round_.waiting:
            await self._tell_not_let_in(round_)
        if not cards and not round_.waiting:
            self._cards.pop(round_id, None)
            self._rooms.pop(round_id, None)
            self._refused.discard(round_id)

    async def _tell_not_let_in(self, round_: Round) -> None:
        """Tell who has waited that the round is over, or that no seat was left for them."""
        if round_.is_open and not is_coaching_over_for_good(round_):
            # They do not wait any more, or are in another round.
            return
        hoping = self._hoping.pop(round_.id, set[int]())
        for user_id in hoping:
            if round_.is_open and round_.takes_part(user_id):
                continue
            now = self._live.now()
            self._not_let_in = {
                of: one for of, one in self._not_let_in.items() if now - one[1] < REMEMBERED
            } | {user_id: (round_.guild_id, now)}
            await self._asks.tell_not_let_in(round_, user_id)

    def was_not_let_in(self, user_id: int, guild_id: int | None) -> bool:
        """Whether a round in a guild was lately over before this person was let in."""
        guild, at = self._not_let_in.get(user_id, (None, self._live.now()))
        return guild == guild_id is not None and self._live.now() - at < REMEMBERED

    def is_busy(self, user_id: int, guild_id: int) -> bool:
        """Whether it is remembered of this person that they have waited in a guild."""
        return self.was_not_let_in(user_id, guild_id)

    async def forget_person(self, user_id: int) -> None:
        """Nothing is remembered of this person."""
        self._not_let_in.pop(user_id, None)
        for hoping in self._hoping.values():
            hoping.discard(user_id)

    async def _ask(
        self, round_: Round, one: Waiting, cards: dict[int, tuple[int, LateCard]]
    ) -> None:
        client = round_.client
        if client is None or client.user_id is None or not client.is_here:
            # Nobody is there to say yes: they wait for the end of the coaching.
            return
        try:
            message_id = await self._asks.ask_client(round_, one.user_id, client.user_id)
        except (RoomRefused, RoomGone) as error:
            log.info("the client cannot be asked: %s", error)
            self._refused.add(round_.id)
            return
        cards[one.user_id] = (message_id, LateCard.ASKING)
        await self._people.asked_about(round_.id, one.user_id, message_id)

    async def _show(self, round_: Round, user_id: int, message_id: int, wanted: LateCard) -> None:
        try:
            await self._asks.show_late(round_, user_id, message_id, wanted)
        except (RoomRefused, RoomGone) as error:
            # Its buttons know by themselves that they are over.
            log.info("a question about an observer stays as it is: %s", error)


def _wanted(one: Waiting) -> LateCard:
    return LateCard.GONE if one.has_gone else LateCard.ASKING
