"""Who may be asked into rounds: what people chose, whom they must not meet, and how often."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from bot.kit.time.clock import Clock
from bot.rounds.model.asking import ASKED_WITHIN, Askings, WhoMayAsk, asked_people
from bot.rounds.model.pairs import Pair, apart_from
from bot.rounds.model.refusals import AskedOften, CannotBeAsked
from bot.rounds.model.round import Round
from bot.rounds.service.ports import Apart
from bot.rounds.store.askings import AskingStore


class AskingService:
    """Says whether people may be asked, and remembers that they were."""

    def __init__(self, store: AskingStore, apart: Apart, *, now: Clock) -> None:
        """`apart` tells who is not to meet whom."""
        self._store = store
        self._apart = apart
        self._now = now
        self._askings = Askings()

    async def load(self) -> None:
        """Read who was asked lately, as far as it is on disk."""
        for user_id, round_id, at in await self._store.asked_since(self._now() - ASKED_WITHIN):
            self._askings.note(user_id, round_id, at)

    # What people choose

    async def choice_of(self, user_id: int) -> WhoMayAsk:
        """Who may ask this person into rounds."""
        return (await self._store.choices([user_id])).get(user_id, WhoMayAsk.ANYBODY)

    async def choose(self, user_id: int, who: WhoMayAsk) -> None:
        """Save who may ask this person into rounds; on disk on return."""
        await self._store.choose(user_id, who)

    # Before a person is asked

    async def check_willing(
        self,
        dojo_id: int,
        asked: Sequence[int],
        others: Iterable[int] = (),
        *,
        at_evening: bool = False,
    ) -> None:
        """Check that nobody who is `asked` has ruled it out; `others` are those they would meet.

        Raises CannotBeAsked, which names people and never a reason.
        """
        if not asked:
            return
        choices, usual = await self._store.choices(asked), WhoMayAsk.ANYBODY
        may = {one for one in asked if choices.get(one, usual).allows(at_evening=at_evening)}
        unwilling = set(asked) - may
        with_them = tuple(others)
        pairs = await self._apart(dojo_id, {*asked, *with_them})
        unwilling |= set(apart_from(tuple(asked), with_them, pairs))
        if unwilling:
            raise CannotBeAsked(tuple(one for one in asked if one in unwilling))

    async def pairs_apart(self, dojo_id: int, people: Collection[int]) -> Collection[Pair]:
        """Who of these people do not want to be in a group with each other."""
        return await self._apart(dojo_id, people)

    async def are_apart(self, dojo_id: int, user_id: int, others: Iterable[int]) -> bool:
        """Whether this person and one of the others do not want to be in a group."""
        with_them = tuple(others)
        pairs = await self._apart(dojo_id, {user_id, *with_them})
        return bool(apart_from((user_id,), with_them, pairs))

    def check_not_often(self, asked: Iterable[int]) -> None:
        """Raises AskedOften for people who were asked as often as a person may be in an hour."""
        now = self._now()
        often = tuple(one for one in asked if self._askings.is_enough(one, now))
        if often:
            raise AskedOften(often)

    # Once a person is asked

    def note(self, round_: Round) -> None:
        """Remember that the people of a round are asked into it."""
        self._askings.drop_old(self._now())
        for seat in asked_people(round_):
            self.note_one(seat.user_id or 0, round_.id)

    def note_one(self, user_id: int, round_id: int) -> None:
        """Remember that one person is asked into a round."""
        self._askings.note(user_id, round_id, self._now())

    def count_no_more(self, user_id: int, round_id: int) -> None:
        """Forget one question: the person said yes to it, or was not asked after all."""
        self._askings.accepted(user_id, round_id)

    def is_busy(self, user_id: int, guild_id: int) -> bool:
        """Nothing here goes on in one guild."""
        return False

    async def forget_person(self, user_id: int) -> None:
        """Keep nothing about this person in memory."""
        self._askings.forget(user_id)
