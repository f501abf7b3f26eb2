"""The debrief: released when it is time, for the coach alone, until they share it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.feedback.model.debriefs import (
    LONGEST_TRY,
    Debrief,
    Shared,
    observers_of,
    opens_at,
    waits_for,
)
from bot.feedback.model.matching import Moment, matched, moments
from bot.feedback.model.notes import Note, Side, Verdict
from bot.feedback.model.refusals import CannotNote, NothingToShow, NotReleased
from bot.feedback.model.sheets import ClientView, Mark, Sheet, coaches
from bot.feedback.model.visibility import Data, Viewer, may_see
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.service.pads import PadService
from bot.feedback.store.client_views import ClientViewStore
from bot.feedback.store.debriefs import DebriefStore
from bot.feedback.store.notes import NoteStore
from bot.feedback.store.sheets import SheetStore
from bot.kit.per_key import Locks
from bot.kit.personal_words import tidy
from bot.rounds.model.refusals import NotInRound
from bot.rounds.model.round import Round

SEEN_MARKS = (Mark.SEEN, Mark.BOTH)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a coach gets of a round: everything that they may see, and until when."""

    round: Round
    debrief: Debrief
    moments: tuple[Moment, ...]
    """What observers noted, matched, in the order of coaching time."""
    observers: int
    """How many noted something or handed in a sheet. Who did not is nobody's business."""
    sheets: tuple[Sheet, ...]
    """Those of observers that are handed in."""
    own: Sheet | None
    """The coach's own view; None if they skipped it."""
    client_views: tuple[ClientView, ...]
    """Only those that the client shares."""
    focus: tuple[str, ...]
    wish: str
    names_shown: bool
    """Whether the viewer may learn which observer noted what."""
    may_quote: bool
    """Whether words may be shown to others than the coach: every client has said yes."""
    words_until: datetime | None
    """When the words are erased; None while the round is going on."""
    codes_until: datetime | None

    @property
    def has_writing(self) -> bool:
        """Whether observers have put anything in writing, and it is still there."""
        return bool(self.moments or self.sheets)

    @property
    def has_anything(self) -> bool:
        """Whether there is anything that the coach could erase."""
        debrief = self.debrief
        shared = debrief.posts or debrief.unsure
        return self.has_writing or self.own is not None or bool(debrief.next_try or shared)

    def note(self, note_id: int) -> Note:
        """One of its notes. Raises NothingToShow."""
        for moment in self.moments:
            for note in moment.notes:
                if note.id == note_id:
                    return note
        raise NothingToShow("note")


@dataclass(frozen=True, slots=True)
class Process:
    """How far the feedback on one coach is: as much as a facilitator may know."""

    coach_user_id: int
    observers: int
    """How many people observe, with or without notes: nobody is told who takes none."""
    handed_in: int
    has_own_view: bool
    is_released: bool
    shared: Shared


@dataclass(frozen=True, slots=True)
class OwnNotes:
    """What an observer has of a round, once a coach has it."""

    notes: tuple[Note, ...]
    is_released: bool
    """Whether a coach has them."""
    has_others: bool
    """Whether someone else noted anything that is released."""
    matched: int
    """How many of them someone else noted as well."""
    helpful: int
    unclear: int
    """How many they called unclear. Both are 0 unless there are several notes to hide among."""


@dataclass(eq=False, repr=False)
class DebriefService:
    """Debriefs as use cases."""

    _access: FeedbackAccess
    _pads: PadService
    _notes: NoteStore
    _sheets: SheetStore
    _debriefs: DebriefStore
    _client_views: ClientViewStore
    sharing: Locks[tuple[int, int]] = field(default_factory=Locks[tuple[int, int]], init=False)
    """Held while a coach shares something of a round, takes it back or erases it: by both."""

    async def open(self, round_id: int, user_id: int) -> Feedback:
        """A coach's feedback; releases it if its time has come.

        Raises NoRound, NotInRound for others, and NotReleased with what comes before it.
        """
        round_ = await self._coached(round_id, user_id)
        sheets = await self._sheets.of_round(round_id)
        debrief = await self._settled(round_, user_id, sheets)
        return await self._feedback(round_, debrief, sheets, Viewer.COACH)

    async def shared(self, round_id: int, coach_user_id: int) -> Feedback:
        """What a coach has shared of a round, for a facilitator. Raises NothingToShow."""
        round_ = await self._access.find(round_id)
        debrief = await self._debriefs.get(round_id, coach_user_id)
        if debrief is None or not may_see(
            Data.NOTES,
            Viewer.FACILITATOR,
            is_released=debrief.released_at is not None,
            is_shared=debrief.shared is not Shared.NOTHING,
        ):
            raise NothingToShow("feedback")
        sheets = await self._sheets.of_round(round_id)
        return await self._feedback(round_, debrief, sheets, Viewer.FACILITATOR)

    async def process(self, round_id: int) -> list[Process]:
        """How far the feedback of a round is, for each of its coaches, without its content."""
        round_ = await self._access.find(round_id)
        sheets = await self._sheets.of_round(round_id)
        debriefs = {
            debrief.coach_user_id: debrief for debrief in await self._debriefs.of_round(round_id)
        }
        found: list[Process] = []
        for seat in coaches(round_):
            if seat.user_id is None:
                continue
            observers = {number for number, _ in observers_of(round_, seat.user_id)}
            debrief = debriefs.get(seat.user_id)
            found.append(
                Process(
                    coach_user_id=seat.user_id,
                    observers=len(observers),
                    handed_in=len(observers & _handed_in(sheets, seat.user_id)),
                    has_own_view=debrief is not None and debrief.reflected_at is not None,
                    is_released=debrief is not None and debrief.released_at is not None,
                    shared=debrief.shared if debrief else Shared.NOTHING,
                )
            )
        return found

    async def own_notes(self, round_id: int, user_id: int) -> OwnNotes:
        """What someone noted in a round, and how much of it others noted as well.

        The latter is zero before the coach has it. Raises NoRound.
        """
        await self._access.find(round_id)
        notes = [note for note in await self._notes.of_round(round_id) if note.withdrawn_at is None]
        mine = [note for note in notes if note.observer_user_id == user_id]
        released = {
            one.coach_user_id
            for one in await self._debriefs.of_round(round_id)
            if may_see(
                Data.AGREEMENT,
                Viewer.OBSERVER,
                is_own=True,
                is_released=one.released_at is not None,
            )
        }
        seen = [note for note in notes if note.coach_user_id in released]
        judged = [note for note in mine if note.verdict is not None]
        # A single note would reveal what the coach thought of it.
        has_several = len([note for note in mine if note.coach_user_id in released]) > 1
        return OwnNotes(
            notes=tuple(mine),
            is_released=bool(released),
            has_others=any(note.observer_user_id != user_id for note in seen),
            matched=matched(seen, mine[0].seat) if mine else 0,
            helpful=sum(n.verdict is Verdict.HELPFUL for n in judged) if has_several else 0,
            unclear=sum(n.verdict is Verdict.UNCLEAR for n in judged) if has_several else 0,
        )

    # What the coach does with it

    async def try_next(self, round_id: int, user_id: int, words: str) -> str:
        """The one thing the coach wants to try, as it is saved; empty text takes it back."""
        round_ = await self._coached(round_id, user_id)
        kept = tidy(words, LONGEST_TRY)
        await self._access.open(round_, user_id)
        known = await self._debriefs.get(round_id, user_id)
        if known is not None and known.is_erased:
            raise NothingToShow("erased")
        await self._debriefs.try_next(round_id, user_id, kept)
        return kept

    async def last_try(self, user_id: int, guild_id: int) -> str:
        """What a coach last wanted to try in a guild; empty if they have not said."""
        return await self._debriefs.last_try(user_id, guild_id)

    async def will_post(self, round_id: int, user_id: int, moment_id: int) -> None:
        """Store that from this moment on, an id of Discord, something is posted for a coach."""
        await self.open(round_id, user_id)
        await self._debriefs.add_unsure(round_id, user_id, moment_id)

    async def has_posted(self, round_id: int, user_id: int, message_id: int) -> None:
        """Store a message in which a coach shares. Raises DojoError for erased feedback."""
        await self.open(round_id, user_id)
        await self._debriefs.add_post(round_id, user_id, message_id)

    async def settle_posts(self, round_id: int, user_id: int, moment_ids: Sequence[int]) -> None:
        """Store that it is now known what was posted from these moments on."""
        await self._debriefs.settle(round_id, user_id, moment_ids)

    async def posts_elsewhere(self, round_id: int, user_id: int) -> Collection[int]:
        """The messages in which this coach shares something of other rounds."""
        return await self._debriefs.posts_elsewhere(round_id, user_id)

    async def share(
        self, round_id: int, user_id: int, shared: Shared, posts: Sequence[int] = ()
    ) -> None:
        """Store how much of it the coach shows to the room, and in which further messages.

        What was shared before stays shared. Raises NothingToShow when it has been erased.
        """
        feedback = await self.open(round_id, user_id)
        if feedback.debrief.is_erased:
            raise NothingToShow("erased")
        await self._debriefs.share(round_id, user_id, shared, posts)

    async def unshare(
        self, round_id: int, user_id: int, left: Sequence[int] = (), unsure: Sequence[int] = ()
    ) -> None:
        """Store that the coach no longer shows it.

        `left` are messages that are still there, `unsure` moments from which on there may be more.
        """
        await self.open(round_id, user_id)
        await self._debriefs.unshare(round_id, user_id, left, unsure)

    async def posted(self, round_id: int) -> list[Feedback]:
        """What the coaches of a round have, or may have, posted in its room, as others see it.

        Also for a coach who shared only their one thing to try.
        """
        round_ = await self._access.find(round_id)
        sheets = await self._sheets.of_round(round_id)
        return [
            await self._feedback(round_, debrief, sheets, Viewer.FACILITATOR)
            for debrief in await self._debriefs.of_round(round_id)
            if debrief.posts or debrief.unsure
        ]

    async def judge(
        self, round_id: int, user_id: int, note_id: int, verdict: Verdict | None
    ) -> Note:
        """The coach says that a note helped, or is unclear; None takes that back."""
        feedback = await self.open(round_id, user_id)
        feedback.note(note_id)
        if not await self._notes.judge(note_id, user_id, verdict):
            raise NothingToShow("note")
        return (await self.open(round_id, user_id)).note(note_id)

    async def erase_words(self, round_id: int, user_id: int, note_id: int) -> None:
        """Remove the words from a note; code and time stay."""
        feedback = await self.open(round_id, user_id)
        feedback.note(note_id)
        await self._notes.erase_words(note_id, user_id)
        self._pads.forget_all()

    async def erase(self, round_id: int, user_id: int) -> None:
        """Erase all feedback on this coach in a round."""
        await self.open(round_id, user_id)
        await self._debriefs.erase(round_id, user_id)
        self._pads.forget_all()

    async def _coached(self, round_id: int, user_id: int) -> Round:
        round_ = await self._access.find(round_id)
        if all(seat.user_id != user_id for seat in coaches(round_)):
            raise NotInRound("coach")
        return round_

    async def _settled(self, round_: Round, user_id: int, sheets: Sequence[Sheet]) -> Debrief:
        """The debrief, released if everything that comes before it is done."""
        debrief = await self._debriefs.get(round_.id, user_id)
        if debrief is not None and debrief.released_at is not None:
            return debrief
        has_reflected = debrief is not None and debrief.reflected_at is not None
        wait = waits_for(
            round_,
            user_id,
            _handed_in(sheets, user_id),
            self._access.now(),
            has_reflected=has_reflected,
            client_has_answered=await self._has_client_answered(round_),
        )
        if wait is not None:
            raise NotReleased(wait, opens_at(round_, user_id))
        await self._debriefs.release(round_.id, user_id, self._access.now())
        self._pads.forget_all()
        released = await self._debriefs.get(round_.id, user_id)
        if released is None or released.released_at is None:
            raise CannotNote("gone")
        return released

    async def _feedback(
        self, round_: Round, debrief: Debrief, sheets: Sequence[Sheet], viewer: Viewer
    ) -> Feedback:
        coach_id = debrief.coach_user_id
        notes = [
            one
            for one in await self._notes.of_round(round_.id)
            if one.coach_user_id == coach_id and one.withdrawn_at is None
        ]
        about = [s for s in sheets if s.coach_user_id == coach_id and s.handed_in_at is not None]
        theirs = [sheet for sheet in about if not sheet.is_own]
        if viewer is not Viewer.COACH and debrief.shared is not Shared.ALL:
            notes = [note for note in notes if note.side is Side.SEEN]
            theirs = [_only_seen(sheet) for sheet in theirs]
        own = next((sheet for sheet in about if sheet.is_own), None)
        is_shared = debrief.shared is Shared.ALL
        sees_own = may_see(
            Data.SELF_SHEET,
            viewer,
            is_own=viewer is Viewer.COACH,
            is_released=True,
            is_shared=is_shared,
        )
        seat = round_.seat_of(coach_id)
        kept = await self._debriefs.kept(round_.id, coach_id)
        return Feedback(
            round=round_,
            debrief=debrief,
            moments=tuple(moments(notes)),
            observers=len({one.seat for one in [*notes, *theirs]}),
            sheets=tuple(theirs),
            own=own if sees_own else None,
            client_views=await self._visible_views(round_, viewer),
            focus=seat.focus if seat else (),
            wish=seat.wish if seat else "",
            names_shown=self._access.names_observers(round_, debrief, viewer),
            may_quote=await self._may_quote(round_),
            words_until=kept.words_until,
            codes_until=kept.codes_until,
        )

    async def _may_quote(self, round_: Round) -> bool:
        clients = [seat.user_id for seat in round_.seats if seat.was_client]
        allowing = await self._client_views.quoting(round_.id)
        return bool(clients) and all(client in allowing for client in clients)

    async def _has_client_answered(self, round_: Round) -> bool:
        views = await self._client_views.of_round(round_.id)
        client = round_.client
        return client is not None and any(view.user_id == client.user_id for view in views)

    async def _visible_views(self, round_: Round, viewer: Viewer) -> tuple[ClientView, ...]:
        return tuple(
            view
            for view in await self._client_views.of_round(round_.id)
            if may_see(Data.CLIENT_ITEMS, viewer, is_released=True, is_shared=view.is_shared)
        )


def _only_seen(sheet: Sheet) -> Sheet:
    """A sheet reduced to what was seen, without any signals."""
    seen = {code: Mark.SEEN for code, mark in sheet.marks.items() if mark in SEEN_MARKS}
    return replace(sheet, marks=seen)


def _handed_in(sheets: Iterable[Sheet], coach_user_id: int) -> set[int]:
    """The seats of the observers whose sheets about this coach are in."""
    return {
        sheet.seat
        for sheet in sheets
        if sheet.coach_user_id == coach_user_id
        and sheet.handed_in_at is not None
        and not sheet.is_own
    }
