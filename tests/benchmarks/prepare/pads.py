"""Make dojo-bot's database for the pad: rounds in which everybody observes, and one that is over.

The ids of the rounds are left in a file of the working directory: those that run, one after
another, and the one whose coach has 60 notes of three observers.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import discord

from bot.app import open_bot
from bot.content.model.formats import Format
from bot.content.model.questions import Phase
from bot.dojos.model.dojo import Dojo, DojoSettings
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.feedback.model.debriefs import Debrief, Listed
from bot.feedback.model.notes import Note, Side
from bot.feedback.model.sheets import Mark, Sheet
from bot.feedback.store.debriefs import DebriefStore
from bot.feedback.store.notes import NoteStore
from bot.feedback.store.sheets import SheetStore
from bot.kit.database.database import open_database
from bot.kit.ids import new_id
from bot.rounds.model import moves
from bot.rounds.model.clock import advance, end, with_told
from bot.rounds.model.round import Agreement, Ending, RoomKind, Round
from bot.rounds.store.rounds import RoundStore
from bot.settings import Settings
from tests.benchmarks import payloads
from tests.benchmarks.prepare.dojo import owner_of

PLAN = Path("pads.json")
ROUNDS = 24
OBSERVED = 60
OBSERVERS = 3
LEADS = 931_000_000_000_000_000


def person(index: int) -> int:
    """The id of someone who acts in the benchmark."""
    return int(payloads.member(2 + index)["user"]["id"])


def coaching(
    dojo: Dojo, format_: Format, people: Sequence[int], number: int, now: datetime
) -> Round:
    """A round in its coaching, of which its room knows."""
    coach, client, *observers = people
    round_ = Round(
        id=new_id(now + timedelta(milliseconds=number), random.Random(0)),
        dojo_id=dojo.id,
        guild_id=dojo.guild_id,
        room_id=payloads.room_id(number),
        room=RoomKind.PRIVATE_THREAD,
        format=format_,
        seats=moves.group(coach, client, observers),
        proposed_at=now,
        starter_user_id=coach,
        card_id=payloads.room_id(number),
    )
    for one in people:
        round_ = moves.agree(round_, one, Agreement.NOTES, now)
    round_ = moves.go_next(round_, coach, now)
    round_, news = advance(round_, now)
    return round_ if news is None else with_told(round_, news)


def over(round_: Round, now: datetime) -> Round:
    """The round, ended after 18 minutes of coaching."""
    since = now - timedelta(minutes=18)
    round_ = end(replace(round_, since=since), Ending.STOPPED, now)
    return replace(round_, told=replace(round_.told, ended=True), actions=())


def notes_of(round_: Round, coach: int, observers: Sequence[int]) -> list[Note]:
    """60 notes with words, some of them of the same moments."""
    rng = random.Random(1)
    now = round_.ended_at or round_.proposed_at
    found: list[Note] = []
    for number in range(OBSERVED):
        is_question = number % 6 == 5
        side = Side.QUESTION if is_question else rng.choice([Side.SEEN, Side.SIGNAL])
        found.append(
            Note(
                id=new_id(now, rng),
                round_id=round_.id,
                seat=2 + number % OBSERVERS,
                observer_user_id=observers[number % OBSERVERS],
                coach_user_id=coach,
                code="Q" if is_question else f"S{rng.randint(1, 6)}",
                side=side,
                at=timedelta(seconds=rng.randint(10, 1070)),
                taken_at=now,
                phase=rng.choice(list(Phase)),
                quote="And the part of it that you want to keep is…" if number % 2 else "",
                effect="I saw a long breath" if number % 4 == 1 else "",
            )
        )
    return found


async def main() -> dict[str, object]:
    """Set up the dojo and the rounds; their ids."""
    settings = Settings.from_env(os.environ)
    now = discord.utils.utcnow()
    async with open_bot(settings) as bot:
        dojo = await bot.services[DojoService].set_up(
            payloads.guild_id(0),
            payloads.channel_id(0, payloads.DOJO_CHANNEL),
            DojoSettings(),
            owner_of(0),
        )
        content = bot.services[ContentService].shipped("en")
    listed = tuple(map(Listed.of, content.signals.signals))
    everybody = [person(index) for index in range(payloads.USERS)]
    async with open_database(settings.database) as database:
        rounds, debriefs = RoundStore(database), DebriefStore(database)
        ids: list[int] = []
        for number in range(ROUNDS):
            group = [LEADS + 2 * number, LEADS + 2 * number + 1, *everybody]
            round_ = coaching(dojo, content.formats["mcc-demo-60"], group, number, now)
            await rounds.add(round_)
            ids.append(round_.id)
        coach, client, *observers = [everybody[0], LEADS + 999, *everybody[1 : 1 + OBSERVERS]]
        before = now - timedelta(minutes=30)
        group = [coach, client, *observers]
        done = over(coaching(dojo, content.formats["deep-45"], group, ROUNDS, before), now)
        await rounds.add(done)
        await debriefs.open(Debrief(done.id, coach, listed))
        notes, sheets = NoteStore(database), SheetStore(database)
        for note in notes_of(done, coach, observers):
            assert await notes.take(note)
        for seat, observer in enumerate(observers, 2):
            marks = {one.code: Mark.BOTH for one in listed}
            assert await sheets.hand_in(Sheet(done.id, seat, observer, coach, marks), now)
        await debriefs.reflect(done.id, coach, now, skipped=True)
    return {"running": ids, "over": done.id}


if __name__ == "__main__":
    PLAN.write_text(json.dumps(asyncio.run(main())))
