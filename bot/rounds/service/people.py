"""People come to a round, leave it, take over seats, and are forgotten."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from functools import partial

from bot.kit.person import Person
from bot.kit.refusals import DojoError
from bot.rounds.model import late as round_late
from bot.rounds.model import moves
from bot.rounds.model import people as round_people
from bot.rounds.model import seats as round_seats
from bot.rounds.model.did import Did
from bot.rounds.model.pairs import Pair
from bot.rounds.model.refusals import AlreadyDone, CannotNow, NoRound, NotInRound
from bot.rounds.model.round import ANSWER_WITHIN, Agreement, Role, Round, State
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.asking import AskingService
from bot.rounds.service.live import LiveRounds

log = logging.getLogger(__name__)

Seated = Callable[..., Round]
"""A move by which someone gets a seat, given the time as `now` and who is kept `apart`."""
LET_BE = 3 * ANSWER_WITHIN
"""How soon the same person may be asked again whether they are still there."""


class RoundPeople:
    """How the people of a round change, and its seats."""

    def __init__(self, live: LiveRounds, access: RoundAccess, asking: AskingService) -> None:
        self._live = live
        self._access = access
        self._asking = asking
        # When someone, by round and user id, was last asked whether they are there.
        self._doubted: dict[tuple[int, int], datetime] = {}
        # Who said of whom, by round and user id, that they have left, as long as it can be undone.
        self._words: dict[tuple[int, int], tuple[int, datetime]] = {}
        self._has_joined: Callable[[int, int], bool] = _not_joined
        self._on_replaced: Callable[[int, int, bool], None] = _nobody_told

    def joined_by(self, has_joined: Callable[[int, int], bool]) -> None:
        """Ask `has_joined(gathering_id, user_id)` whether a person has joined an evening."""
        self._has_joined = has_joined

    def tell_replaced(self, on_replaced: Callable[[int, int, bool], None]) -> None:
        """Call `on_replaced(round_id, user_id, has_agreed)` as others are asked for a seat."""
        self._on_replaced = on_replaced

    async def join(self, round_id: int, person: Person) -> Round:
        """A person comes as observer, or comes back.

        Where the client is asked first, the round that is returned has them among those who wait.
        Raises CannotNow for a round that is full, in the same words for who is not to meet a
        person in it, and for who has a seat in another room of the evening.
        """
        known = self._live.get(round_id)
        if known.seat_of(person.user_id) is None:
            if known.gathering_id is not None and not self._has_joined(
                known.gathering_id, person.user_id
            ):
                raise CannotNow("evening first")
            people = [seat.user_id for seat in known.here if seat.user_id is not None]
            if await self._asking.are_apart(known.dojo_id, person.user_id, people):
                raise CannotNow("full")
        apart = await self._pairs_apart(round_id, person.user_id)

        def move(round_: Round, now: datetime) -> Round:
            self._access.check_can_come(round_, person.user_id)
            return round_people.join(round_, person.user_id, apart)

        return await self._access.move(round_id, move)

    async def leave(self, round_id: int, person: Person, *, who: int | None = None) -> Round:
        """A person leaves, or a facilitator says that another person (`who`) has left.

        When a person of the round says so of another, facilitator or not, the other is asked first,
        and taken for gone without an answer within a minute.
        """
        if who is None or who == person.user_id:
            return await self._access.move(
                round_id, lambda r, now: round_people.leave(r, person.user_id, now)
            )

        def move(round_: Round, now: datetime) -> Round:
            if round_.has_begun and not round_.takes_part(who):
                raise AlreadyDone(Did.LEFT)
            is_of_it = round_.takes_part(person.user_id)
            if self._access.facilitates(round_, person) and not is_of_it:
                return round_people.leave(round_, who, now, said_by=person.user_id)
            doubted = self._doubted.get((round_id, who))
            if doubted is not None and now - doubted < LET_BE:
                raise CannotNow("just answered")
            return round_people.doubt(round_, who, person.user_id, now)

        moved = await self._access.steer(round_id, person, Did.LEFT, move, has_seen=True)
        now = self._live.now()
        asked = {of: since for of, since in self._doubted.items() if now - since < LET_BE}
        self._doubted = {**asked, (round_id, who): now}
        words = {of: word for of, word in self._words.items() if now - word[1] < ANSWER_WITHIN}
        self._words = {**words, (round_id, who): (person.user_id, now)}
        return moved

    async def take_word_back(self, round_id: int, person: Person, who: int) -> Round:
        """The person who has just said that another one left takes it back.

        Raises CannotNow for other people, and a minute later.
        """
        apart = await self._pairs_apart(round_id, who)

        def move(round_: Round, now: datetime) -> Round:
            by, at = self._words.get((round_id, who), (None, now))
            if by != person.user_id or now - at >= ANSWER_WITHIN:
                raise CannotNow("too late to take back")
            self._access.check_free_for(round_, [who], by=person.user_id)
            return round_people.take_word_back(round_, who, person.user_id, apart)

        return await self._access.move(round_id, move)

    async def take_up(self, round_id: int, person: Person, in_voice: Collection[int] = ()) -> Round:
        """A person of a round that ended for want of people takes it up again, and is in it.

        `in_voice` is who is in its voice channel. Raises Busy where someone who was left in it is
        in another round by now.
        """
        known = await self._live.read(round_id)
        seated = {seat.user_id for seat in known.seats if seat.user_id is not None}
        apart = await self._asking.pairs_apart(known.dojo_id, seated)

        def move(round_: Round, now: datetime) -> Round:
            moved = round_people.take_up(
                round_, person.user_id, now, in_voice=in_voice, apart=apart
            )
            here = [seat.user_id for seat in moved.here if seat.user_id is not None]
            self._access.check_free_for(moved, here, by=person.user_id)
            return moved

        moved = await self._live.reopen(round_id, move)
        log.info("round %s: taken up again", round_id)
        return moved

    async def still_here(self, round_id: int, person: Person) -> Round:
        """A person who was asked whether they are there says so."""

        def move(round_: Round, _: datetime) -> Round:
            round_.get_seat(person.user_id)
            return round_people.still_here(round_, person.user_id)

        return await self._access.move(round_id, move)

    # Seats

    async def take_over(
        self, round_id: int, person: Person, role: Role, agreement: Agreement | None = None
    ) -> Round:
        """A person in the room takes the seat of coach or client that is empty; the first one.

        `agreement` is the answer of someone who has given none yet.
        """
        seated = partial(round_seats.take_over, user_id=person.user_id, role=role)
        return await self._seated(round_id, person, partial(seated, agreement=agreement))

    async def accept(
        self, round_id: int, person: Person, agreement: Agreement | None = None
    ) -> Round:
        """The person a seat is offered to takes it."""
        seated = partial(round_seats.accept, user_id=person.user_id, agreement=agreement)
        return await self._seated(round_id, person, seated)

    async def refuse(self, round_id: int, person: Person) -> Round:
        """The person a seat is offered to does not take it."""
        return await self._access.move(
            round_id, lambda r, now: round_seats.refuse(r, person.user_id, now)
        )

    async def take_offer_back(self, round_id: int, person: Person) -> Round:
        """The person who has the seat that is offered, or a facilitator, takes the offer back."""

        def move(round_: Round, now: datetime) -> Round:
            facilitates = self._access.facilitates(round_, person)
            return round_seats.take_offer_back(round_, person.user_id, now, facilitates=facilitates)

        return await self._access.move(round_id, move)

    async def hand_over(self, round_id: int, person: Person, old: int, new: int) -> Round:
        """Offer one person's seat to another; before the clock runs, ask that person instead.

        For the holder of the seat and for facilitators; before the clock runs also for the person
        who started the round. Raises CannotBeAsked and AskedOften for a person who is not in the
        round yet.
        """
        known = self._live.get(round_id)
        is_new = known.seat_of(new) is None and new != person.user_id
        is_asked = known.state is State.PROPOSED and is_new
        at_evening = known.gathering_id is not None and self._has_joined(known.gathering_id, new)
        if is_asked:
            if person.user_id != old:
                self._access.check_may_start(known, person)
            here = [s.user_id for s in known.here if s.user_id is not None]
            others = [person.user_id, *(one for one in here if one != old)]
            await self._asking.check_willing(known.dojo_id, [new], others, at_evening=at_evening)
            if not at_evening:
                # Noted at once: others may be asking the same person at this moment.
                self._asking.check_not_often([new])
                self._asking.note_one(new, round_id)
        apart = await self._pairs_apart(round_id, old, new)

        def move(round_: Round, now: datetime) -> Round:
            facilitates = self._access.facilitates(round_, person)
            seat = round_.seat_of(old)
            if seat is None:
                raise NotInRound("replace")
            if round_.state is not State.PROPOSED:
                if not seat.is_here and seat.role is Role.OBSERVER:
                    raise AlreadyDone(Did.REPLACED)
                self._access.check_free_for(round_, [new], by=person.user_id)
                offer = partial(round_seats.offer_seat, facilitates=facilitates, apart=apart)
                return offer(round_, seat.role, new, person.user_id, now)
            if person.user_id != old:
                moves.check_may_start(round_, person.user_id, facilitates=facilitates)
            self._access.check_free_for(round_, [new], by=person.user_id)
            if self._access.sits_elsewhere(round_, new):
                raise CannotNow("their room")
            asked = round_seats.ask_instead(round_, old, new, person.user_id, apart)
            asked = moves.with_usual_focus(asked, self._access.settings_of(asked).usual_focus)
            has_agreed = seat.agreement is not Agreement.OPEN
            self._on_replaced(round_id, old, has_agreed and person.user_id != old)
            return asked

        try:
            return await self._access.move(round_id, move)
        except DojoError:
            if is_asked and not at_evening:
                self._asking.count_no_more(new, round_id)
            raise

    # Who would like to observe a round that runs

    async def let_in(self, round_id: int, person: Person, who: int) -> Round:
        """The client lets a person observe.

        Raises NotInRound for other people, and AlreadyDone when that person waits no more.
        """

        def move(round_: Round, _: datetime) -> Round:
            round_late.check_is_client(round_, person.user_id)
            if self._access.is_busy_elsewhere(who, but=round_id):
                raise AlreadyDone("not-waiting")
            return round_late.let_in(round_, person.user_id, who)

        return await self._access.move(round_id, move)

    async def wait_no_more(self, round_id: int, person: Person) -> Round:
        """A person no longer wants to observe. Raises AlreadyDone when they do not wait."""
        return await self._access.move(
            round_id, lambda r, _: round_late.wait_no_more(r, person.user_id)
        )

    async def admit(self, round_id: int) -> Round:
        """After the coaching, let in who waits and is in no other round."""

        def move(round_: Round, _: datetime) -> Round:
            waiting = [one.user_id for one in round_.waiting]
            free = {one for one in waiting if not self._access.is_busy_elsewhere(one, but=round_id)}
            return round_late.admit(round_, free)

        return await self._access.move(round_id, move)

    async def asked_about(self, round_id: int, who: int, card_id: int) -> None:
        """Note which message asks the client about a person."""
        with suppress(NoRound):
            await self._access.move(round_id, lambda r, _: round_late.asked_about(r, who, card_id))

    async def note_wish(self, round_id: int, user_id: int, *, observes_only: bool) -> None:
        """A person of a round wishes to only observe, or no longer does."""
        noted = partial(round_seats.note_wish, user_id=user_id, observes_only=observes_only)
        with suppress(DojoError):
            await self._access.move(round_id, lambda r, _: noted(r))

    async def _seated(self, round_id: int, person: Person, seated: Seated) -> Round:
        apart = await self._pairs_apart(round_id, person.user_id)

        def move(round_: Round, now: datetime) -> Round:
            self._access.check_can_come(round_, person.user_id)
            focus = self._access.settings_of(round_).usual_focus
            moved = moves.with_usual_focus(seated(round_, now=now, apart=apart), focus)
            # The last yes that it waited for may come with a seat.
            return moves.begun_if_all_agree(moved, now)

        return await self._access.steer(
            round_id, person, Did.TOOK_OVER, move, has_seen=True, checks_itself=True
        )

    async def _pairs_apart(self, round_id: int, *user_ids: int) -> Collection[Pair]:
        """Who of a round, with these people, must not be coach and client of each other."""
        round_ = self._live.find(round_id)
        if round_ is None:
            return ()
        seated = {seat.user_id for seat in round_.seats if seat.user_id is not None}
        return await self._asking.pairs_apart(round_.dojo_id, seated.union(user_ids))

    # Forgetting

    def is_busy(self, user_id: int, guild_id: int) -> bool:
        """Whether a round that is kept in memory names this person in a guild."""
        return any(one.guild_id == guild_id and _names(one, user_id) for one in self._live.all())

    async def forget_person(self, user_id: int) -> None:
        """A person who is being forgotten leaves every round, and no round names them."""
        self._access.forget_person(user_id)
        for round_ in self._live.all():
            if not _names(round_, user_id):
                continue
            with suppress(NoRound):
                await self._access.move(
                    round_.id,
                    lambda r, now: _forgotten(self._access.agreed_by_free(r), user_id, now),
                )
            # A round that is over is kept until its room knows, and written again then.
            await self._live.forget(round_.id, user_id)


def _nobody_told(round_id: int, user_id: int, has_agreed: bool) -> None:  # noqa: FBT001
    """Without cards that ask, nobody reads that another person was asked."""


def _not_joined(gathering_id: int, user_id: int) -> bool:
    """Without gatherings nobody has joined one."""
    return False


def _names(round_: Round, user_id: int) -> bool:
    has_seat, waits = round_.seat_of(user_id), round_.waits_for(user_id)
    return bool(has_seat or waits) or round_.starter_user_id == user_id


def _forgotten(round_: Round, user_id: int, now: datetime) -> Round:
    if round_.has_begun and round_.takes_part(user_id):
        round_ = round_people.leave(round_, user_id, now)
    elif not round_.has_begun:
        with suppress(NotInRound):
            round_ = moves.decline(round_, user_id, now)
    return round_people.forget(round_, user_id)
