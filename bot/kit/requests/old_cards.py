"""Takes the buttons off cards that are over, even if Discord is in trouble at the time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import Context

from bot.kit.one_per_key import BackgroundTasks
from bot.kit.requests.errors import RoomGone, RoomRefused, RoomUnreachable
from bot.kit.requests.reach import CardLost, reaching
from bot.kit.requests.unreachable import DISCORD_FAILURES

log = logging.getLogger(__name__)

PAUSES = (30.0, 120.0, 600.0)
"""Seconds before an edit that did not reach Discord is tried again; then it is given up."""

Edit = Callable[[], Awaitable[object]]
Slot = Callable[[], Awaitable[None]]


class OldCards:
    """Edits cards that are over, each in a task of its own; nobody waits for it.

    A card that cannot be edited stays as it is: its buttons know by themselves that it is over.
    """

    def __init__(self) -> None:
        self._tasks = BackgroundTasks()

    def close(self, name: str, edit: Edit, slot: Slot, context: Context | None = None) -> None:
        """Edit the card now. Before each later try this waits for `slot`. `name` is the task's."""
        self._tasks.begin(_close(edit, slot), name, context)

    async def give_up(self) -> None:
        """Leave the cards that are not closed yet as they are."""
        await self._tasks.close()


async def _close(edit: Edit, slot: Slot) -> None:
    for pause in (*PAUSES, None):
        try:
            await reaching(edit())
        except RoomUnreachable as error:
            if pause is None:
                log.info("a card that is over keeps its buttons: %s", error)
                return
            await asyncio.sleep(pause)
            await slot()
        except (CardLost, RoomGone, RoomRefused, *DISCORD_FAILURES) as error:
            log.info("a card that is over keeps its buttons: %s", error)
            return
        else:
            return
