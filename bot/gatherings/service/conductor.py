"""Conducts gatherings: opens the rooms of a round, starts all clocks at once, calls people back.

It looks at what a gathering is like now and does what is due, again and again; nothing depends on
having been there when something changed. What it has done is on disk, or does no harm when it is
done once more.
"""

from __future__ import annotations

import contextvars
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.gatherings.model import moves
from bot.gatherings.model.gathering import Closing, Gathering, Room, Stage
from bot.gatherings.service.boarding import Boarding, may_begin
from bot.gatherings.service.calls import Calls
from bot.gatherings.service.cards import SeatWatch
from bot.gatherings.service.harvest import PlenaryService
from bot.gatherings.service.history import PracticeHistory
from bot.gatherings.service.live import LiveGatherings, Move
from bot.gatherings.service.ports import GatheringHost
from bot.gatherings.service.rooms import GatheringRooms
from bot.kit.logs import log_context
from bot.kit.one_per_key import OnePerKey, within
from bot.kit.person import Person
from bot.kit.refusals import DojoError
from bot.kit.requests.errors import RoomUnreachable
from bot.kit.time.timers import DeadlineScheduler
from bot.rounds.model.round import Ending, RoomKind, Round, State
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.people import RoundPeople
from bot.rounds.service.proposing import RoundProposing
from bot.rounds.service.steering import RoundSteering

log = logging.getLogger(__name__)

RETRY = timedelta(seconds=5)
"""After Discord could not be reached."""
PATIENCE_SECONDS = 2.0
"""How long rounds wait for calls, and for the card in the dojo to say what comes next."""
RETURNING_SECONDS = 120.0
"""How long bringing everybody back may take."""
TIDYING_SECONDS = 20.0
"""How long everybody waits, after the last round, for rooms to be put away."""
LOOK_AGAIN = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=24)
"""For people to leave the voice rooms of an evening that is over, which are then removed."""


class Conductor:
    """Does what is due in every gathering. One task for each, as long as there is something."""

    def __init__(
        self,
        live: LiveGatherings,
        rounds: LiveRounds,
        proposing: RoundProposing,
        round_people: RoundPeople,
        round_steering: RoundSteering,
        rooms: GatheringRooms,
        dojos: DojoService,
        contents: ContentService,
        plenaries: PlenaryService,
        practised: PracticeHistory,
        host: GatheringHost,
    ) -> None:
        self._live = live
        self._rooms = rooms
        self._rounds = rounds
        self._proposing = proposing
        self._round_steering = round_steering
        self._calls = calls = Calls(live, host)
        self._boarding = Boarding(
            live,
            rounds,
            proposing,
            round_people,
            dojos,
            contents,
            host,
            calls,
            practised,
            self._show_soon,
            self.wake,
        )
        self._showing: OnePerKey[int] = OnePerKey("showing")
        self._plenaries = plenaries
        self._host = host
        self._running: OnePerKey[int] = OnePerKey("gathering")
        self._called: set[tuple[int, int]] = set()
        self._stale: set[int] = set()
        """Rounds that were over long ago: nobody sits there any more to be called back."""
        self._over: list[Round] = []
        """Rounds that have just ended, and may have left someone alone."""
        self._ended_rounds: set[int] = set()
        """Those that have been among them, and whose rooms may not know it yet."""
        self._never_began: set[int] = set()
        """Rounds that are over without their clock ever having run."""
        self._seats = SeatWatch(rounds)
        self._retries = DeadlineScheduler(self._retry, live.now)
        self._is_open = False
        self._context: contextvars.Context | None = None
        live.watch(lambda gathering: self.wake(gathering.id))
        rounds.watch(self._round_changed)

    def start(self) -> None:
        """Begin, once; what was due while the program was away comes first."""
        if self._is_open:
            return
        self._is_open = True
        self._context = contextvars.copy_context()
        self._seats.begin(self._live.all())
        self._retries.start()
        self._live.start()

    async def close(self) -> None:
        """Stop; what is left to do is found again at the next start."""
        self._is_open = False
        await self._live.close()
        await self._retries.close()
        await self._running.close()
        await self._showing.close()
        await self._boarding.close()
        await self._calls.close()

    def wake(self, gathering_id: int) -> None:
        """Look what is due in a gathering."""
        if not self._is_open:
            return
        # It belongs to nobody who happened to wake it: log lines would name their round.
        context = self._context.copy() if self._context is not None else None
        self._running.wake(gathering_id, lambda: self._run(gathering_id), context)

    async def _retry(self, gathering_id: int) -> None:
        self.wake(gathering_id)

    def _round_changed(self, round_: Round) -> None:
        # Most changes are the business of the room alone.
        if round_.gathering_id is None:
            return
        if not round_.is_open and round_.began_at is None:
            self._never_began.add(round_.id)
        if not round_.is_open and round_.id not in self._ended_rounds:
            kept = {one for one in self._ended_rounds if self._rounds.find(one) is not None}
            self._ended_rounds = {*kept, round_.id}
            self._over.append(round_)
        has_moved = self._seats.has_moved(round_)
        if not round_.is_open or has_moved or may_begin(round_):
            self.wake(round_.gathering_id)

    async def _run(self, gathering_id: int) -> None:
        with log_context(gathering=gathering_id):
            try:
                await self._look_after(gathering_id)
                gathering = await self._fill_seats(gathering_id)
                if gathering is None:
                    return
                await self._do_what_is_due(gathering)
                await self._show_soon(gathering_id)
            except RoomUnreachable as error:
                log.warning("Discord cannot be reached (%s); trying again", error)
                self._retries.add(gathering_id, self._live.now() + RETRY)
            except Exception:
                log.exception("a gathering could not be conducted; trying again")
                self._retries.add(gathering_id, self._live.now() + 4 * RETRY)

    async def _fill_seats(self, gathering_id: int) -> Gathering | None:
        """The gathering, with those told who got a seat from the waiting list.

        A seat can also have become free while the program was away: someone was erased then.
        """
        gathering = self._live.find(gathering_id)
        if gathering is None:
            return None
        if moves.filled(gathering) != gathering:
            gathering = await self._live.move(gathering_id, lambda g, _: moves.filled(g))
        self._calls.seats_free(gathering_id)
        return self._live.find(gathering_id)

    async def _do_what_is_due(self, gathering: Gathering) -> None:
        is_due = gathering.due_at is not None and gathering.due_at <= self._live.now()
        if gathering.stage is Stage.BOARDING:
            await self._show_soon(gathering.id)
            await self._boarding.board(gathering)
            await self._seat_late(gathering.id)
        elif gathering.stage is Stage.RUNNING:
            if is_due:
                gathering = await self._boarding.end_coming(gathering)
            await self._boarding.begin_waiting(gathering)
            await self._boarding.look_after_late(gathering)
            if not any(self._runs(room) for room in gathering.rooms) and not self._awaits(
                gathering
            ):
                await self._live.move(gathering.id, _called_back)
        elif gathering.stage is Stage.RETURNING:
            await self._return(gathering, is_due=is_due)
        elif is_due and gathering.is_open:
            await self._live.move(gathering.id, _ended_idle)

    async def _seat_late(self, gathering_id: int) -> None:
        """Who joined while there were no rooms yet observes in the smallest one."""
        gathering = self._live.find(gathering_id)
        if gathering is None or gathering.draw is None or not gathering.is_in_rooms:
            return
        for guest in gathering.here:
            if gathering.draw.group_of(guest.user_id) is None and not gathering.rests(guest):
                await self._rooms.let_in(gathering_id, Person(guest.user_id))

    async def _look_after(self, gathering_id: int) -> None:
        """After rounds that have just ended: rooms that are gone, and people left alone."""
        over = [one for one in self._over if one.gathering_id == gathering_id]
        self._over = [one for one in self._over if one.gathering_id != gathering_id]
        for round_ in over:
            gathering = self._live.find(gathering_id)
            if gathering is None or gathering.room_with(round_.id) is None:
                continue
            if round_.ending in (Ending.INTERRUPTED, Ending.LAPSED):
                self._stale.add(round_.id)
            if round_.ending is Ending.ROOM_GONE:
                await self._live.move(gathering_id, _without(round_.room_id))
            elif round_.ending in (Ending.ALONE, Ending.CALLED_OFF):
                await self._invite(gathering, round_)

    async def _invite(self, gathering: Gathering, round_: Round) -> None:
        """Tell someone who is the only one left where the smallest other room is.

        Nobody is moved without having pressed anything.
        """
        left = [one.user_id for one in round_.here if one.user_id is not None]
        if len(left) != 1 or not gathering.takes_part(left[0]):
            return
        smallest = await self._rooms.smallest_room(gathering, left[0])
        if smallest is not None:
            self._calls.moved_on(gathering, smallest.room, left[0])

    # Coming back

    def _runs(self, room: Room) -> bool:
        round_ = self._rounds.find(room.round_id or 0)
        return round_ is not None and round_.has_begun

    def _awaits(self, gathering: Gathering) -> bool:
        """Whether a room still waits for its coach or client, and no other has practised yet."""
        used = [room.round_id for room in gathering.rooms if room.round_id is not None]
        found = {one: self._rounds.find(one) for one in used}
        is_over = any(
            one not in self._never_began and (round_ is None or not round_.is_open)
            for one, round_ in found.items()
        )
        return self._boarding.waits(gathering) and not is_over

    async def _return(self, gathering: Gathering, *, is_due: bool) -> None:
        if not is_due:
            await self._call_all(gathering)
            return
        await self._end_rounds(gathering)
        await within(RETURNING_SECONDS, self._host.bring_back(gathering), otherwise=None)
        left = gathering.rooms
        if gathering.is_last:
            # What is not put away now is, when the evening ends.
            left = await within(TIDYING_SECONDS, self._host.put_away(gathering), otherwise=left)
        channels = {room.channel_id for room in left}

        def move(current: Gathering, now: datetime) -> Gathering:
            if current.stage is not Stage.RETURNING:
                return current
            rooms = tuple(room for room in current.rooms if room.channel_id in channels)
            return replace(moves.returned(current, now), rooms=rooms)

        await self._live.move(gathering.id, move)

    async def _call_all(self, gathering: Gathering) -> None:
        """Call everybody back, once; it is tried again where a room could not be reached."""
        if self._is_called(gathering):
            return
        # There may be more, of an earlier round with more groups.
        rooms = [room for room in gathering.rooms if room.round_id is not None]
        await self._end_rounds(gathering)
        # Nobody sits any more where a round was over long ago.
        stale = {room.round_id for room in rooms if room.round_id in self._stale}
        self._stale -= stale
        there = [room for room in rooms if room.round_id not in stale]
        await self._calls.come_back(gathering, there, PATIENCE_SECONDS)
        self._called.add((gathering.id, gathering.number))

    def _is_called(self, gathering: Gathering) -> bool:
        """Whether the rooms know that the round is over; a card that says so came after that."""
        has_card = gathering.told_stage is Stage.RETURNING
        return has_card or (gathering.id, gathering.number) in self._called

    async def _end_rounds(self, gathering: Gathering) -> None:
        """What never began does not begin any more, and nothing runs on."""
        for room in gathering.rooms:
            round_ = self._rounds.find(room.round_id or 0)
            if round_ is None or not round_.is_open:
                continue
            facilitator = Person(round_.starter_user_id or 0, looks_after=gathering.id)
            is_proposed = round_.state is State.PROPOSED
            end = self._proposing.call_off if is_proposed else self._round_steering.stop
            try:
                await end(round_.id, facilitator)
            except DojoError as error:
                log.info("room %d: %s", room.number, type(error).__name__)

    # The card

    async def _show_soon(self, gathering_id: int) -> None:
        """Show what can be shown now; no round waits long for a card, which is tried again."""
        self._showing.begin(gathering_id, lambda: self._show_all(gathering_id))
        await self._showing.wait([gathering_id], PATIENCE_SECONDS)

    async def _show_all(self, gathering_id: int) -> None:
        """Show the gathering as it is, and once more where it has changed meanwhile."""
        turn = None
        try:
            while (now := self._live.find(gathering_id)) is not None and now.turn != turn:
                turn = now.turn
                await self._show(gathering_id)
        except RoomUnreachable as error:
            log.warning("the card has to wait (%s); trying again", error)
            self._retries.add(gathering_id, self._live.now() + RETRY)
        except Exception:
            log.exception("the card could not be shown; trying again")
            self._retries.add(gathering_id, self._live.now() + 4 * RETRY)

    async def _show(self, gathering_id: int) -> None:
        """Bring the card in the dojo up to date; let go of what is over."""
        gathering = self._live.find(gathering_id)
        if gathering is None:
            return
        if gathering.stage is Stage.RETURNING and not self._is_called(gathering):
            # It comes right after the calls.
            return
        if gathering.told_turn != gathering.turn or self._is_behind(gathering):
            is_over = gathering.stage in (Stage.BETWEEN, Stage.ENDED) and gathering.number > 0
            plenary = None
            if is_over and (gathering.is_last or not gathering.is_open):
                plenary = await self._plenaries.of(gathering)
            try:
                shown = await self._seats.shown(gathering)
                card_id = await self._host.show_card(shown, plenary)
            except BaseException:
                self._seats.not_shown(gathering_id)
                raise
            await self._live.told(gathering, card_id or gathering.card_id)
        if gathering.stage is Stage.ENDED:
            await self._clear_up(gathering)

    def _is_behind(self, gathering: Gathering) -> bool:
        """Whether the card is to follow now what happened in the rooms; if soon, it is then."""
        due_at = self._seats.due_at(gathering)
        if due_at is None or due_at <= self._live.now():
            return due_at is not None
        self._retries.add(gathering.id, due_at)
        return False

    async def _clear_up(self, gathering: Gathering) -> None:
        """Let go of an evening that is over, once the rooms that were made for it are gone."""
        await self._plenaries.close(gathering)
        left = await self._host.put_away(gathering)
        voice = [room for room in left if room.is_made and room.kind is RoomKind.VOICE]
        ended_at = gathering.ended_at or self._live.now()
        is_gone = gathering.closing is Closing.BOT_REMOVED
        if voice and not is_gone and self._live.now() - ended_at < LONGEST_WAIT:
            # Someone is still in them.
            self._retries.add(gathering.id, self._live.now() + LOOK_AGAIN)
            return
        self._boarding.forget(gathering.id)
        self._seats.forget(gathering.id)
        self._called = {key for key in self._called if key[0] != gathering.id}
        self._never_began -= {room.round_id for room in gathering.rooms if room.round_id}
        await self._live.let_go(gathering)


def _without(room_id: int) -> Move:
    return lambda gathering, _: moves.room_gone(gathering, room_id)


def _ended_idle(gathering: Gathering, now: datetime) -> Gathering:
    # A round may have been started in this very moment.
    is_due = gathering.due_at is not None and gathering.due_at <= now
    if not is_due or not gathering.is_open or gathering.is_in_rooms:
        return gathering
    return moves.end(gathering, Closing.IDLE, now)


def _called_back(gathering: Gathering, now: datetime) -> Gathering:
    return moves.call_back(gathering, now) if gathering.stage is Stage.RUNNING else gathering
