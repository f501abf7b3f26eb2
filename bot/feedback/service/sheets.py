"""Sheets at the end of a round: the observers', the coach's own, and the client's three items."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from bot.feedback.model.debriefs import Listed, in_first_person
from bot.feedback.model.refusals import CannotNote, NothingToShow
from bot.feedback.model.sheets import (
    Answer,
    ClientView,
    Mark,
    Sheet,
    check_is_time,
    check_may_judge,
    coaches,
    prefilled,
)
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.store.client_views import ClientViewStore
from bot.feedback.store.debriefs import DebriefStore
from bot.feedback.store.notes import NoteStore
from bot.feedback.store.sheets import SheetStore
from bot.rounds.model.moves import check_was_client
from bot.rounds.model.refusals import NotInRound
from bot.rounds.model.round import Role, Round, is_coaching_over


@dataclass(frozen=True, slots=True)
class SheetPage:
    """A sheet as it is on disk, or as the notes would fill it in."""

    round: Round
    listed: tuple[Listed, ...]
    """On the coach's own sheet in the first person."""
    sheet: Sheet
    filled: tuple[str, ...] = ()
    """The codes that were just marked all at once."""


@dataclass(frozen=True, slots=True)
class ClientLook:
    """What a present or former client has of a round."""

    round: Round
    view: ClientView | None
    """Their three answers; None if they have given none."""
    refused: NotInRound | CannotNote | None = None
    """Why they cannot say or change anything now."""
    may_quote: bool = False
    """Whether they allow words to be shown in the room with what the coach shares."""

    @property
    def may_say(self) -> bool:
        """Whether they may say or change how it was for them."""
        return self.refused is None

    def check_may_say(self) -> None:
        """Raise NotInRound or CannotNote if they may not."""
        if self.refused is not None:
            raise self.refused


@dataclass(eq=False, repr=False)
class SheetService:
    """Sheets as use cases."""

    _access: FeedbackAccess
    _sheets: SheetStore
    _notes: NoteStore
    _debriefs: DebriefStore
    _client_views: ClientViewStore
    _watchers: list[Callable[[Round], None]] = field(
        default_factory=list[Callable[[Round], None]], init=False
    )

    def watch(self, watcher: Callable[[Round], None]) -> Callable[[], None]:
        """Call `watcher` with the round of each sheet handed in. Call the result to stop that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    async def judged_by(self, round_id: int, user_id: int) -> list[int]:
        """The coaches that someone may fill in a sheet about now, apart from their own.

        Raises NoRound, and NotInRound or CannotNote if there is none.
        """
        round_ = await self._access.find(round_id)
        found: list[int] = []
        refused: Exception | None = None
        for seat in coaches(round_):
            coach_id = seat.user_id
            if coach_id is None or coach_id == user_id:
                continue
            try:
                check_may_judge(round_, user_id, coach_id, self._access.now())
            except (NotInRound, CannotNote) as error:
                refused = error
            else:
                found.append(coach_id)
        if not found:
            is_coach = any(seat.user_id == user_id for seat in coaches(round_))
            raise refused or CannotNote("coach" if is_coach else "not begun")
        return found

    async def page(self, round_id: int, user_id: int, coach_user_id: int) -> SheetPage:
        """A sheet about a coach, also one's own. Raises NoRound, NotInRound and CannotNote."""
        round_ = await self._access.find(round_id)
        sheet = await self._sheet(round_, user_id, coach_user_id)
        listed = await self._access.listed(round_, coach_user_id)
        if sheet.is_own:
            content = await self._access.content_of(round_)
            listed = in_first_person(listed, content.signals.signals)
        return SheetPage(round_, listed, sheet)

    async def mark(
        self, round_id: int, user_id: int, coach_user_id: int, code: str, mark: Mark | None
    ) -> SheetPage:
        """Set one mark, or remove it with None; on disk when this returns.

        Raises NoRound, NotInRound, CannotNote, and NothingToShow for a code that is not listed.
        """
        sheet, listed = await self._to_change(round_id, user_id, coach_user_id)
        if all(listed_.code != code for listed_ in listed):
            raise NothingToShow("signal")
        if not await self._sheets.mark(sheet, code, mark):
            raise CannotNote("released")
        return await self.page(round_id, user_id, coach_user_id)

    async def fill(self, round_id: int, user_id: int, coach_user_id: int) -> SheetPage:
        """Judge every code that has no mark yet as one without an occasion; on disk afterwards.

        Raises as `mark` does.
        """
        sheet, listed = await self._to_change(round_id, user_id, coach_user_id)
        codes = [one.code for one in listed]
        filled = await self._sheets.fill(sheet, codes, Mark.NO_OCCASION)
        if filled is None:
            raise CannotNote("released")
        page = await self.page(round_id, user_id, coach_user_id)
        return replace(page, filled=tuple(code for code in codes if code in filled))

    async def unfill(
        self, round_id: int, user_id: int, coach_user_id: int, places: Collection[int]
    ) -> SheetPage:
        """Take back what `fill` has marked, at these places of the list. Raises as `mark` does."""
        sheet, listed = await self._to_change(round_id, user_id, coach_user_id)
        codes = [one.code for place, one in enumerate(listed) if place in places]
        if not await self._sheets.clear(sheet, codes, Mark.NO_OCCASION):
            raise CannotNote("released")
        return await self.page(round_id, user_id, coach_user_id)

    async def _to_change(
        self, round_id: int, user_id: int, coach_user_id: int
    ) -> tuple[Sheet, tuple[Listed, ...]]:
        """A sheet that may be changed, with its list; the coach's debrief has begun then."""
        round_ = await self._access.find(round_id)
        sheet = await self._sheet(round_, user_id, coach_user_id)
        listed = await self._access.open(round_, coach_user_id)
        await self._check_not_seen(sheet)
        return sheet, listed

    async def hand_in(self, round_id: int, user_id: int, coach_user_id: int) -> SheetPage:
        """Hand in a sheet as it is; the coach's own sheet is their own view of the round."""
        round_ = await self._access.find(round_id)
        sheet = await self._sheet(round_, user_id, coach_user_id)
        await self._access.open(round_, coach_user_id)
        await self._check_not_seen(sheet)
        now = self._access.now()
        if not await self._sheets.hand_in(sheet, now):
            raise CannotNote("released")
        if sheet.is_own:
            await self._debriefs.reflect(round_id, user_id, now, skipped=False)
        for watcher in tuple(self._watchers):
            watcher(round_)
        return await self.page(round_id, user_id, coach_user_id)

    async def skip_own(self, round_id: int, user_id: int) -> None:
        """Let the coach see their feedback without giving their own view first."""
        round_ = await self._access.find(round_id)
        await self._sheet(round_, user_id, user_id)
        await self._access.open(round_, user_id)
        await self._debriefs.reflect(round_id, user_id, self._access.now(), skipped=True)

    # The client

    async def client_look(self, round_id: int, user_id: int) -> ClientLook:
        """What belongs to a client of a round, even after they left, were replaced, or it ended.

        Raises NoRound, and NotInRound for anyone else.
        """
        round_ = await self._access.find(round_id)
        check_was_client(round_, user_id)
        views = await self._client_views.of_round(round_id)
        view = next((view for view in views if view.user_id == user_id), None)
        refused: NotInRound | CannotNote | None = None
        try:
            self._check_may_say(round_, user_id)
        except (NotInRound, CannotNote) as error:
            refused = error
        may_quote = user_id in await self._client_views.quoting(round_id)
        return ClientLook(round_, view, refused, may_quote)

    async def say(
        self,
        round_id: int,
        user_id: int,
        answers: tuple[Answer, Answer, Answer],
        *,
        is_shared: bool,
    ) -> ClientView:
        """Save the client's items, and whether the coach sees them; on disk when this returns."""
        round_ = await self._access.find(round_id)
        self._check_may_say(round_, user_id)
        for seat in coaches(round_):
            if seat.user_id is not None:
                await self._access.open(round_, seat.user_id)
        view = ClientView(round_id, user_id, *answers, is_shared, self._access.now())
        await self._client_views.save(view)
        return view

    async def unsay(self, round_id: int, user_id: int) -> None:
        """Erase what someone said as the client; possible as long as the round is stored."""
        check_was_client(await self._access.find(round_id), user_id)
        await self._client_views.take_back(round_id, user_id)

    async def let_quote(self, round_id: int, user_id: int, *, may: bool) -> None:
        """Store whether this client allows the coach's words to be shown with what is shared.

        Raises NoRound, and NotInRound for anyone who is not and was not the client.
        """
        check_was_client(await self._access.find(round_id), user_id)
        if may:
            await self._client_views.let_quote(round_id, user_id, self._access.now())
        else:
            await self._client_views.forbid_quotes(round_id, user_id)

    def _check_may_say(self, round_: Round, user_id: int) -> None:
        if round_.get_seat(user_id).role is not Role.CLIENT:
            raise NotInRound("client")
        check_is_time(round_, self._access.now())

    async def _sheet(self, round_: Round, user_id: int, coach_user_id: int) -> Sheet:
        """A sheet that may be looked at now: from disk, or else as the notes fill it in."""
        now = self._access.now()
        if user_id == coach_user_id:
            seat = next((coach for coach in coaches(round_) if coach.user_id == user_id), None)
            if seat is None:
                raise NotInRound("coach")
            if not is_coaching_over(round_):
                raise CannotNote("coaching")
            number = round_.seats.index(seat)
        else:
            number = check_may_judge(round_, user_id, coach_user_id, now)
        stored = _of(await self._sheets.of_round(round_.id), number, coach_user_id)
        if stored is not None:
            return stored
        notes = await self._notes.of_observer(round_.id, user_id)
        about = [note for note in notes if note.coach_user_id == coach_user_id]
        return Sheet(round_.id, number, user_id, coach_user_id, prefilled(about))

    async def _check_not_seen(self, sheet: Sheet) -> None:
        """The coach's own view must be from before they saw anybody else's."""
        if sheet.is_own:
            debrief = await self._debriefs.get(sheet.round_id, sheet.coach_user_id)
            if debrief is not None and debrief.released_at is not None:
                raise CannotNote("released")


def _of(sheets: Collection[Sheet], seat: int, coach_user_id: int) -> Sheet | None:
    key = (seat, coach_user_id)
    return next((sheet for sheet in sheets if (sheet.seat, sheet.coach_user_id) == key), None)
