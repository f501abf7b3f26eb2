"""Deadlines by the thousand: one timer for all of them, and a short task for each that is due.

They live in memory only. The caller stores a deadline on disk, and adds it again after a restart.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import heapq
import itertools
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.kit.time.clock import Clock

log = logging.getLogger(__name__)

MOST_BEGUN_IN_ONE_TURN = 16
"""Deadlines fired in one turn of the event loop: others need it when a thousand come."""
LONGEST_WAIT_SECONDS = 60.0
"""Then the clock is read again: it may have been set, or the machine may have been asleep."""
SHORTEST_WAIT_SECONDS = 0.001
FIRST_RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 60.0
STALE_AT_MOST = 64
"""Stale entries of the heap are dropped when there are this many more of them than valid ones."""

_Entry = tuple[datetime, int, int]
"""A deadline, a number that tells entries of the same moment apart, and the key."""


class DeadlineScheduler:
    """Calls `fire(key)` when the deadline of a key has come: never early, and never twice at once.

    When `fire` fails, the failure is logged and the key fired again after 1, 2, 4, … 60 seconds,
    until it succeeds or gets another deadline. `now` is read at least every 60 seconds.
    """

    def __init__(self, fire: Callable[[int], Awaitable[object]], now: Clock) -> None:
        self._fire = fire
        self._now = now
        self._numbers = itertools.count()
        self._heap: list[_Entry] = []
        # The valid entry of each key; any other entry of it in the heap is stale.
        self._waiting: dict[int, _Entry] = {}
        self._running: dict[int, asyncio.Task[bool]] = {}
        # Deadlines that count once the key's current run has succeeded.
        self._afterwards: dict[int, datetime] = {}
        self._retry_seconds: dict[int, float] = {}
        self._context: contextvars.Context | None = None
        self._closed = False
        self._handle: asyncio.Handle | None = None
        self._armed_for: _Entry | None = None
        self._at_once = False

    def __len__(self) -> int:
        """How many keys wait for a deadline."""
        return len(self._waiting) + sum(key not in self._waiting for key in self._afterwards)

    def add(self, key: int, when: datetime) -> None:
        """Fire `key` at `when`, and not at its previous deadline.

        While the key's `fire` is running, this sets the deadline after it.
        """
        if key in self._running:
            self._afterwards[key] = when
            return
        self._forget(key)
        self._put(key, when)

    def cancel(self, key: int) -> bool:
        """Remove the deadline of `key`, but no running `fire`. Returns whether there was one."""
        waited = self.next_at(key) is not None
        if key in self._running:
            self._afterwards.pop(key, None)
            return waited
        self._forget(key)
        self._waiting.pop(key, None)
        self._drop_stale()
        self._arm()
        return waited

    def next_at(self, key: int) -> datetime | None:
        """When `key` will be fired next, or None."""
        entry = self._waiting.get(key)
        return entry[0] if entry is not None else self._afterwards.get(key)

    def start(self) -> None:
        """Begin to fire, overdue deadlines first. Until then deadlines are only collected."""
        if self._context is None:
            # Everything fired gets the context of this call, not of the call that happened to add
            # the deadline: otherwise log lines would name that caller's command.
            self._context = contextvars.copy_context()
            self._arm()

    async def close(self) -> None:
        """Stop firing. Running calls are cancelled, and have ended when this returns."""
        self._closed = True
        if self._handle is not None:
            self._handle.cancel()
        others = [task for task in self._running.values() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _forget(self, key: int) -> None:
        """Forget an earlier failure of `key`."""
        self._retry_seconds.pop(key, None)
        self._afterwards.pop(key, None)

    def _put(self, key: int, when: datetime) -> None:
        entry = self._waiting[key] = (when, next(self._numbers), key)
        heapq.heappush(self._heap, entry)
        self._drop_stale()
        self._arm()

    def _drop_stale(self) -> None:
        """Keep the heap small, also when distant deadlines are moved over and over."""
        if len(self._heap) > 2 * len(self._waiting) + STALE_AT_MOST:
            self._heap = list(self._waiting.values())
            heapq.heapify(self._heap)

    def _first(self) -> _Entry | None:
        """The entry that is due first; drops stale ones before it."""
        while self._heap and self._waiting.get(self._heap[0][2]) is not self._heap[0]:
            heapq.heappop(self._heap)
        return self._heap[0] if self._heap else None

    def _arm(self) -> None:
        """Set the one timer for the first deadline."""
        # A wake-up that comes at once is never put off, however often deadlines are moved.
        if self._context is None or self._closed or self._at_once:
            return
        first = self._first()
        if first is self._armed_for:
            return
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
        self._armed_for = first
        if first is None:
            return
        loop = asyncio.get_running_loop()
        seconds = (first[0] - self._now()).total_seconds()
        if seconds <= 0:
            self._at_once = True
            self._handle = loop.call_soon(self._wake, context=self._context)
        else:
            # Not less than the shortest wait: the loop's clock and ours differ by a little.
            seconds = min(max(seconds, SHORTEST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)
            self._handle = loop.call_later(seconds, self._wake, context=self._context)

    def _wake(self) -> None:
        """Begin what is due, as much as fits into one turn, and set the timer for the rest."""
        self._handle = self._armed_for = None
        self._at_once = False
        now = self._now()
        for _ in range(MOST_BEGUN_IN_ONE_TURN):
            first = self._first()
            if first is None or first[0] > now:
                break
            heapq.heappop(self._heap)
            self._begin(first[2])
        self._arm()

    def _begin(self, key: int) -> None:
        del self._waiting[key]
        task = asyncio.get_running_loop().create_task(self._run(key), name=f"deadline-{key}")
        self._running[key] = task
        task.add_done_callback(functools.partial(self._ended, key))

    async def _run(self, key: int) -> bool:
        """Fire one key. Returns whether that succeeded."""
        try:
            await self._fire(key)
        except (Exception, asyncio.CancelledError) as error:
            # If nobody cancelled this task, something it waited for was cancelled: just a failure.
            if isinstance(error, asyncio.CancelledError) and self._running[key].cancelling():
                raise
            log.exception("deadline of %s failed", key)
            return False
        return True

    def _ended(self, key: int, task: asyncio.Task[bool]) -> None:
        del self._running[key]
        if self._closed:
            return
        afterwards = self._afterwards.pop(key, None)
        if not task.cancelled() and task.exception() is None and not task.result():
            self._fire_again(key, afterwards)
            return
        self._retry_seconds.pop(key, None)
        if afterwards is not None:
            self._put(key, afterwards)

    def _fire_again(self, key: int, afterwards: datetime | None) -> None:
        """Fire a failed key again after a pause, whatever else is planned for it."""
        seconds = self._retry_seconds.get(key, FIRST_RETRY_SECONDS)
        self._retry_seconds[key] = min(2 * seconds, LONGEST_RETRY_SECONDS)
        again = self._now() + timedelta(seconds=seconds)
        # One run then serves both, unless the deadline is still ahead.
        if afterwards is not None and afterwards > again:
            self._afterwards[key] = afterwards
        self._put(key, again)
