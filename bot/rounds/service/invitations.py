"""The cards in the dojo that ask people into rounds, and the way from a yes into the room.

A round says where its people are asked; what its card shows follows from it. So there is nothing
to lose: after a restart every round is looked at again, and so is every card that is not closed.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from bot.kit.logs import log_context
from bot.kit.per_key import Locks
from bot.kit.requests.errors import RoomGone, RoomRefused, RoomUnreachable
from bot.kit.time.timers import DeadlineScheduler
from bot.rounds.model.asking import (
    Asked,
    Invitation,
    Invited,
    Stand,
    answered,
    asked_people,
    is_waited_for,
    stand_of,
)
from bot.rounds.model.round import Agreement, Round
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.ports import Inviter, Shown
from bot.rounds.store.askings import InvitationStore

log = logging.getLogger(__name__)

RETRY_SECONDS = 10.0


class Invitations:
    """Asks the people of rounds in the dojo, and lets in who says yes."""

    def __init__(self, rounds: LiveRounds, store: InvitationStore, inviter: Inviter) -> None:
        self._rounds = rounds
        self._store = store
        self._inviter = inviter
        self._known: dict[int, Invitation] = {}
        self._over: dict[int, Round] = {}
        """Rounds that have ended since their card was last brought up to date."""
        self._shown: dict[int, Shown] = {}
        self._outside: set[tuple[int, int]] = set()
        """By round and person: who said yes and could not be brought into the room."""
        self._refused: set[int] = set()
        """Rounds whose people cannot be asked, because the dojo cannot be written to."""
        self._replaced: dict[tuple[int, int], Asked] = {}
        """By round and person: for whose seat another person was asked, until a card knows."""
        self._locks: Locks[int] = Locks()
        self._due = DeadlineScheduler(self._bring_up_to_date, rounds.now)
        rounds.watch(self._changed)

    # Life

    async def load(self) -> None:
        """Read which cards are not closed."""
        self._known = {one.round_id: one for one in await self._store.all()}

    def start(self) -> None:
        """Begin to ask, first of all what was missed."""
        for round_ in self._rounds.all():
            self._changed(round_)
        for round_id in self._known:
            self._wake(round_id)
        self._due.start()

    async def close(self) -> None:
        """Stop; what is not done is done after the next start."""
        await self._due.close()

    def ask(self, round_: Round) -> None:
        """Ask the people of a new round, where it is not asked in its room."""
        self._changed(round_)

    async def bring(self, round_id: int, user_id: int) -> bool:
        """Let a person who has said yes into the room; whether they are in it."""
        async with self._locks[round_id]:
            round_ = self._rounds.find(round_id)
            if round_ is None or round_.asking_channel_id is None:
                return True
            known = self._known.get(round_id)
            try:
                await self._bring(round_, known, user_id)
            except (RoomUnreachable, RoomGone) as error:
                log.info("a person is not in the room yet: %s", error)
                self._outside.add((round_id, user_id))
                self._wake(round_id)
        return (round_id, user_id) not in self._outside

    def brought(self, round_: Round) -> Collection[int]:
        """Who said yes to a card that is not closed, and was brought into the room."""
        known = self._known.get(round_.id)
        people = known.people if known is not None else ()
        return {one.user_id for one in people if one.is_brought and one.user_id is not None}

    def named(self, round_: Round) -> Collection[int]:
        """Whom a card that is not closed names."""
        known = self._known.get(round_.id)
        people = known.people if known is not None else ()
        return {one.user_id for one in people if one.user_id is not None}

    def is_replaced(self, round_: Round, user_id: int) -> bool:
        """Whether this person was asked, and another one was asked instead."""
        known = self._known.get(round_.id)
        return known is not None and known.is_replaced(user_id)

    def replace_person(self, round_id: int, user_id: int, has_agreed: bool) -> None:  # noqa: FBT001
        """Another person is asked instead of this one, who is told if they had said yes."""
        self._replaced[(round_id, user_id)] = Asked.REPLACED if has_agreed else Asked.TOLD

    def is_busy(self, user_id: int, guild_id: int) -> bool:
        """Whether a card in a guild asks this person."""
        return any(
            known.guild_id == guild_id and any(one.user_id == user_id for one in known.people)
            for known in self._known.values()
        )

    async def forget_person(self, user_id: int) -> None:
        """No card names this person any more."""
        for round_id in list(self._known):
            async with self._locks[round_id]:
                known = self._known.get(round_id)
                if known is None or all(one.user_id != user_id for one in known.people):
                    continue
                people = tuple(
                    replace(one, user_id=None) if one.user_id == user_id else one
                    for one in known.people
                )
                await self._keep(replace(known, people=people))
                self._shown.pop(round_id, None)
            self._wake(round_id)
        self._outside = {pair for pair in self._outside if pair[1] != user_id}

    # Inside

    def _changed(self, round_: Round) -> None:
        if round_.asking_channel_id is None or round_.gathering_id is not None:
            return
        if not round_.is_open:
            if round_.id not in self._known:
                return
            self._over[round_.id] = round_
        self._wake(round_.id)

    def _wake(self, round_id: int) -> None:
        self._due.add(round_id, self._rounds.now())

    async def _bring_up_to_date(self, round_id: int) -> None:
        with log_context(round=round_id):
            try:
                async with self._locks[round_id]:
                    await self._once(round_id)
            except RoomUnreachable as error:
                log.warning("people cannot be asked (%s); trying again", error)
                self._due.add(round_id, self._rounds.now() + timedelta(seconds=RETRY_SECONDS))

    async def _once(self, round_id: int) -> None:
        round_ = self._rounds.find(round_id)
        if round_ is None or not round_.is_open:
            round_ = self._over.get(round_id, round_)
        stand = stand_of(round_)
        if round_ is not None and round_.is_open:
            for seat in round_.here:
                if seat.user_id is not None and seat.agreement is not Agreement.OPEN:
                    # Where the room is gone, the round ends by itself.
                    with suppress(RoomGone):
                        await self._bring(round_, self._known.get(round_id), seat.user_id)
            await self._note_replaced(round_)
            if stand is Stand.OPEN:
                await self._ask(round_, self._known.get(round_id))
        known = self._known.get(round_id)
        if known is not None:
            await self._show(known, round_, stand)
        if round_ is None or not round_.is_open:
            await self._let_go(round_id)

    async def _note_replaced(self, round_: Round) -> None:
        """Keep for whose seat another person was asked."""
        known = self._known.get(round_.id)
        noted = {
            user_id: stands
            for (round_id, user_id), stands in self._replaced.items()
            if round_id == round_.id and round_.seat_of(user_id) is None
        }
        if known is not None and any(one.user_id in noted for one in known.people):
            people = tuple(
                replace(one, is_brought=False, stands=noted[one.user_id])
                if one.user_id in noted
                else one
                for one in known.people
            )
            await self._keep(replace(known, people=people))
        for user_id in noted:
            self._replaced.pop((round_.id, user_id), None)

    async def _ask(self, round_: Round, known: Invitation | None) -> None:
        """Post a card where a person is asked who is on none, or is to read that they are not.

        It is the one that counts then.
        """
        asked = asked_people(round_)
        before = known.people if known is not None else ()
        on_card = {one.user_id for one in known.asked} if known is not None else set[int | None]()
        off = [
            replace(one, stands=one.stands or Asked.DECLINED)
            for one in before
            if one.user_id is not None and round_.seat_of(one.user_id) is None
        ]
        untold = [one.user_id for one in off if one.stands is Asked.REPLACED]
        new = [
            seat.user_id
            for seat in asked
            if seat.user_id not in on_card and is_waited_for(round_, seat.user_id)
        ]
        channel_id = round_.asking_channel_id
        if not (new or untold) or channel_id is None or round_.id in self._refused:
            return
        brought = {one.user_id for one in before if one.is_brought}
        card = Invitation(
            round_.id,
            round_.dojo_id,
            round_.guild_id,
            channel_id,
            message_id=0,
            people=(
                *(Invited(s.user_id, s.role, s.user_id in brought) for s in asked),
                *(
                    replace(one, stands=Asked.TOLD) if one.stands is Asked.REPLACED else one
                    for one in off
                ),
            ),
            number=known.number + 1 if known else 0,
        )
        shown = _shown(card, round_, Stand.OPEN)
        try:
            message_id = await self._inviter.ask(round_, card, shown, [*new, *untold])
        except (RoomRefused, RoomGone) as error:
            log.info("nobody can be asked in the dojo: %s", error)
            self._refused.add(round_.id)
            await self._inviter.report_unasked(round_)
            return
        await self._keep(replace(card, message_id=message_id))
        self._shown[round_.id] = shown
        if known is not None:
            await self._edit(known, None)

    async def _show(self, known: Invitation, round_: Round | None, stand: Stand) -> None:
        shown = _shown(known, round_, stand)
        if self._shown.get(known.round_id) != shown:
            await self._edit(known, shown)
            self._shown[known.round_id] = shown

    async def _edit(self, known: Invitation, shown: Shown | None) -> None:
        try:
            await self._inviter.show(known, shown)
        except (RoomRefused, RoomGone) as error:
            # Its button knows by itself what has become of the round.
            log.info("an invitation stays as it is: %s", error)

    async def _bring(self, round_: Round, known: Invitation | None, user_id: int) -> None:
        """Add a person to the room, once. Raises RoomUnreachable and RoomGone."""
        mine = (
            next((one for one in known.people if one.user_id == user_id), None) if known else None
        )
        if mine is None or known is None:
            # The person who started the round is in its room from the beginning.
            return
        pair = (round_.id, user_id)
        if mine.is_brought:
            return
        self._outside.discard(pair)
        try:
            await self._inviter.bring(round_, user_id)
        except RoomRefused as error:
            log.info("a person cannot be brought into the thread: %s", error)
            self._outside.add(pair)
        people = tuple(
            replace(one, is_brought=True) if one is mine else one for one in known.people
        )
        await self._keep(replace(known, people=people))
        if pair in self._outside:
            await self._inviter.report_outside(round_, user_id)

    async def _keep(self, invitation: Invitation) -> None:
        await self._store.save(invitation)
        self._known[invitation.round_id] = invitation

    async def _let_go(self, round_id: int) -> None:
        if round_id in self._known:
            await self._store.delete(round_id)
        self._known.pop(round_id, None)
        self._over.pop(round_id, None)
        self._shown.pop(round_id, None)
        self._refused.discard(round_id)
        self._replaced = {of: how for of, how in self._replaced.items() if of[0] != round_id}
        self._outside = {pair for pair in self._outside if pair[0] != round_id}


def _shown(card: Invitation, round_: Round | None, stand: Stand) -> Shown:
    if round_ is None:
        return Shown(stand, 0, "", timedelta(), None)
    return Shown(
        stand,
        answered(card, round_),
        round_.format.name,
        round_.format.total,
        round_.starter_user_id,
    )
