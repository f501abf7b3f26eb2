"""Rounds to put on disk: every field has something of its own in one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.dojos import Dojo, DojoSettings
from bot.domain.rounds import (
    Action,
    Agreement,
    Ask,
    Cue,
    Did,
    Ending,
    Role,
    RoomKind,
    Round,
    Seat,
    State,
    Told,
)
from bot.storage.database import Database
from bot.storage.dojos import DojoStore
from bot.storage.rounds import RoundStore
from tests.domain.round_steps import format_of

AT = datetime(2026, 1, 5, 18, 0, 0, 123_000, tzinfo=UTC)
COACH, CLIENT, OBSERVER, FACILITATOR = (901_234_567_890_123_000 + n for n in range(1, 5))
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
            focus=("S1", "S4"),
            wish="“more” silence – 静か",
            in_voice=True,
            away_since=AT + timedelta(milliseconds=1),
        ),
        Seat(CLIENT, Role.CLIENT, Agreement.NO_NOTES),
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
    PROPOSED,
    state=State.RUNNING,
    position=0,
    length=timedelta(minutes=10),
    since=AT,
    began_at=AT,
    told=Told(0, Cue.NONE, 0),
)


async def make_dojo(database: Database) -> None:
    await DojoStore(database).save(Dojo(DOJO, 100, 300, DojoSettings(), AT, FACILITATOR))


async def added(store: RoundStore, *rounds: Round) -> None:
    for round_ in rounds:
        await store.add(round_)
