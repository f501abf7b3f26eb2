"""What goes wrong around rounds: rooms and disks that are slow, full, or looked into."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from typing import Any

from bot.rounds.model.clock import News
from bot.rounds.model.round import Round
from bot.rounds.service.ports import Sent
from tests.rounds.service.practice import Practice


class Gate:
    """Holds up every task that reaches it until it is opened."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._opened = asyncio.Event()

    def open(self) -> None:
        self._opened.set()

    async def wait(self) -> None:
        self.reached.set()
        await self._opened.wait()


def looked_up(practice: Practice) -> list[tuple[Round, Round | None]]:
    """What rooms are told of from now on, each time with what is on disk at that moment."""
    found: list[tuple[Round, Round | None]] = []

    async def look(round_: Round) -> None:
        found.append((round_, await practice.on_disk(round_.id)))

    before_telling(practice, look)
    return found


def slow_room(practice: Practice, round_id: int) -> Gate:
    """Whatever is told to the room of this round waits at the gate."""
    gate = Gate()

    async def wait(round_: Round) -> None:
        if round_.id != round_id:
            return
        practice.announcer.waiting.add(round_id)
        try:
            await gate.wait()
        finally:
            practice.announcer.waiting.discard(round_id)

    before_telling(practice, wait)
    return gate


def before_telling(practice: Practice, do: Callable[[Round], Any]) -> None:
    """Do something whenever a room is about to be told."""
    tell = practice.announcer.tell

    async def do_and_tell(round_: Round, news: News, now: Any) -> Sent:
        await do(round_)
        return await tell(round_, news, now)

    practice.announcer.tell = do_and_tell


def slow_disk(practice: Practice, *round_ids: int) -> Gate:
    """Whatever is saved of these rounds, or added when none is named, waits at the gate."""
    gate = Gate()
    add, save = practice.store.add, practice.store.save

    async def add_later(round_: Round) -> None:
        if not round_ids:
            await gate.wait()
        await add(round_)

    async def save_later(old: Round, new: Round) -> Round:
        if old.id in round_ids:
            await gate.wait()
        return await save(old, new)

    practice.store.add, practice.store.save = add_later, save_later
    return gate


@contextlib.asynccontextmanager
async def broken_disk(practice: Practice) -> AsyncGenerator[None]:
    """SQLite itself refuses every write while the context lasts."""
    run = practice.database._writer.execute_fetchall
    await run("PRAGMA query_only = 1")
    try:
        yield
    finally:
        await run("PRAGMA query_only = 0")


def task_names() -> set[str]:
    """The names of the tasks of rounds that are under way."""
    names = (task.get_name() for task in asyncio.all_tasks())
    return {name for name in names if name.startswith(("tell-", "deadline-"))}
