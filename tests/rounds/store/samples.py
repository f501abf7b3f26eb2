"""Rounds to put on disk: every field has something of its own in one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.content.model.questions import Phase
from bot.dojos.model.dojo import Dojo, DojoSettings
from bot.dojos.store.dojos import DojoStore
from bot.feedback.model.debriefs import Debrief, Listed
from bot.feedback.model.notes import Note, Side
from bot.feedback.model.sheets import Answer, ClientView, Mark, Sheet
from bot.feedback.store.client_views import ClientViewStore
from bot.feedback.store.debriefs import DebriefStore
from bot.feedback.store.notes import NoteStore
from bot.feedback.store.reports import ReportStore
from bot.feedback.store.sheets import SheetStore
from bot.kit.database.database import Database
from bot.privacy.store.retention import RetentionStore
from bot.rounds.model.did import Action, Did
from bot.rounds.model.round import (
    Agreement,
    Ask,
    Cue,
    Ending,
    Offer,
    Role,
    RoomKind,
    Round,
    Seat,
    State,
    Told,
    Waiting,
    WayBack,
)
from bot.rounds.store.rounds import RoundStore
from tests.rounds.model.steps import agreed, format_of

AT = datetime(2026, 1, 5, 18, 0, 0, 123_000, tzinfo=UTC)
COACH, CLIENT, OBSERVER, FACILITATOR, SECOND = (901_234_567_890_123_000 + n for n in range(1, 6))
STRANGER = 901_234_567_890_123_099
DOJO = 2
FULL = Round(
    id=1,
    dojo_id=DOJO,
    guild_id=2**62 + 1,
    room_id=2**62 + 2,
    room=RoomKind.PUBLIC_THREAD,
    format=format_of("agree 0.5, coach 10, swap 1, coach 5, self 2", most=60),
    seats=(
        Seat(
            COACH,
            Role.COACH,
            Agreement.NOTES,
            is_here=False,
            coached=timedelta(seconds=61, milliseconds=7),
            has_coached=True,
            coached_until=AT + timedelta(milliseconds=5),
            focus=("S1", "S4"),
            wish="“more” silence – 静か",
            in_voice=True,
            away_since=AT + timedelta(milliseconds=1),
            let_in=True,
            lost=True,
        ),
        Seat(
            CLIENT,
            Role.CLIENT,
            Agreement.NO_NOTES,
            was_client=True,
            observes_only=True,
            doubted_at=AT + timedelta(milliseconds=6),
        ),
        Seat(None, Role.OBSERVER),
    ),
    proposed_at=AT,
    starter_user_id=CLIENT,
    state=State.RUNNING,
    position=3,
    length=timedelta(minutes=7, milliseconds=1),
    ran=timedelta(seconds=59, milliseconds=999),
    since=AT + timedelta(hours=1, milliseconds=2),
    began_at=AT + timedelta(minutes=50, milliseconds=3),
    past=(timedelta(seconds=30), timedelta(milliseconds=600_001), timedelta()),
    extensions=2,
    paused_at=AT + timedelta(milliseconds=4),
    asked=Ask.COACH_GONE,
    turn=17,
    actions=(
        Action(16, Did.EXTENDED, CLIENT, minutes=3),
        Action(17, Did.LEFT, CLIENT, COACH),
    ),
    told=Told(3, Cue.FIVE_LEFT, 15, Ask.LATE, ended=True),
    card_id=2**62 + 3,
    card_losses=1,
    refused=True,
    gathering_id=2**62 + 4,
    names_shown=False,
    offer=Offer(Role.CLIENT, COACH, rests=True),
    asking_channel_id=2**62 + 5,
    way_back=WayBack(
        AT + timedelta(seconds=20, milliseconds=7),
        position=2,
        length=timedelta(minutes=1, milliseconds=2),
        ran=timedelta(seconds=3, milliseconds=1),
        extensions=1,
        began_at=AT + timedelta(minutes=49, milliseconds=9),
        was_paused=True,
    ),
    is_again=True,
    waiting=(
        Waiting(SECOND, card_id=2**62 + 6),
        Waiting(STRANGER, has_gone=True),
    ),
    version=9,
)
ENDED = replace(
    FULL, id=2, state=State.ENDED, since=None, ending=Ending.ALONE, ended_at=AT, told=Told()
)
PROPOSED = Round(
    id=3,
    dojo_id=DOJO,
    guild_id=100,
    room_id=200,
    room=RoomKind.HERE,
    format=format_of("coach 10, self 1"),
    seats=(
        Seat(COACH, Role.COACH),
        Seat(CLIENT, Role.CLIENT),
        Seat(OBSERVER, Role.OBSERVER),
    ),
    proposed_at=AT,
    starter_user_id=FACILITATOR,
)
RUNNING = replace(
    agreed(PROPOSED),
    state=State.RUNNING,
    position=0,
    length=timedelta(minutes=10),
    since=AT,
    began_at=AT,
    told=Told(0, Cue.NONE, 0),
)
OBSERVED = replace(
    PROPOSED,
    id=7,
    seats=tuple(
        Seat(user_id, role, Agreement.NOTES)
        for user_id, role in (
            (COACH, Role.COACH),
            (CLIENT, Role.CLIENT),
            (OBSERVER, Role.OBSERVER),
            (SECOND, Role.OBSERVER),
        )
    ),
    state=State.ENDED,
    position=1,
    began_at=AT - timedelta(minutes=1),
    past=(timedelta(minutes=10), timedelta(minutes=1)),
    ending=Ending.COMPLETE,
    ended_at=AT,
    told=Told(1, Cue.NONE, 0, ended=True),
)
"""With a coach, a client and two observers who agreed to notes; ended at AT."""
LISTED = (
    Listed("S1", "Advising", "Asking"),
    Listed("own-1", "Leading – „führen“", "Following"),
)
NOTE = Note(
    id=70,
    round_id=OBSERVED.id,
    seat=2,
    observer_user_id=OBSERVER,
    coach_user_id=COACH,
    code="S1",
    side=Side.SIGNAL,
    at=timedelta(minutes=3, milliseconds=1),
    taken_at=AT - timedelta(minutes=7, milliseconds=1),
    phase=Phase.MEANING,
    variant="b",
    quote="“If I were you” – 静か",
    effect="looked at the floor",
)
SHEET = Sheet(OBSERVED.id, 2, OBSERVER, COACH, {"S1": Mark.BOTH, "own-1": Mark.NO_OCCASION})
OWN_SHEET = Sheet(OBSERVED.id, 0, COACH, COACH, {"S1": Mark.SEEN})
VIEW = ClientView(
    OBSERVED.id, CLIENT, Answer.YES, Answer.PARTLY, Answer.NO, is_shared=True, given_at=AT
)


class Stores:
    """Everything about feedback on one disk."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.rounds = RoundStore(database)
        self.notes = NoteStore(database)
        self.sheets = SheetStore(database)
        self.views = ClientViewStore(database)
        self.debriefs = DebriefStore(database)
        self.reports = ReportStore(database)
        self.retention = RetentionStore(database)

    async def observe(self, *rounds: Round) -> None:
        """Write rounds, each with the debrief of its coach begun."""
        for round_ in rounds or (OBSERVED,):
            await self.rounds.add(round_)
            # Begun when the dojo kept everything for as long as it can.
            begun = Debrief(round_.id, COACH, LISTED, quote_days=90, code_months=24)
            await self.debriefs.open(begun)

    async def release(self, at: datetime = AT, round_id: int = OBSERVED.id) -> None:
        """The coach skips their own view and has the feedback at that time."""
        await self.debriefs.reflect(round_id, COACH, at, skipped=True)
        await self.debriefs.release(round_id, COACH, at)

    async def forget(self, user_id: int) -> None:
        """Forget a person in everything about feedback and its rounds, as it is done at once."""
        every = (self.rounds, self.notes, self.sheets, self.views, self.debriefs, self.reports)
        async with self.database.transaction() as transaction:
            for store in every:
                await store.forget_person(transaction, user_id)

    async def ids(self) -> list[int]:
        """The notes that are on disk."""
        rows = await self.database.all("SELECT id FROM notes ORDER BY id")
        return [row["id"] for row in rows]

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        row = await self.database.one(f"SELECT count(*) AS n FROM {table}")  # noqa: S608
        assert row is not None
        return row["n"]


def raw(path: Path) -> bytes:
    """Every byte of a database, with those of its write-ahead log."""
    return b"".join(one.read_bytes() for one in sorted(path.parent.glob(f"{path.name}*")))


async def make_dojo(
    database: Database,
    dojo_id: int = DOJO,
    *,
    guild_id: int = 100,
    settings: DojoSettings | None = None,
) -> None:
    settings = settings or DojoSettings()
    channel_id = 298 + dojo_id
    await DojoStore(database).save(Dojo(dojo_id, guild_id, channel_id, settings, AT, FACILITATOR))


async def added(store: RoundStore, *rounds: Round) -> None:
    for round_ in rounds:
        await store.add(round_)
