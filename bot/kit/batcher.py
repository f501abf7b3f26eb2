"""Serves requests in batches: answering many at once costs about as much as answering one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Asked(Generic[T, R]):
    """An item, and the caller who waits for its answer."""

    __slots__ = ("_answer", "item")

    def __init__(self, item: T, answer: asyncio.Future[R]) -> None:
        self.item = item
        self._answer = answer

    def tell(self, outcome: R | BaseException) -> None:
        """Answer once, with a result or an exception. A cancelled caller gets nothing."""
        if self._answer.done():
            return
        if isinstance(outcome, BaseException):
            self._answer.set_exception(outcome)
            # Read the exception, so that asyncio does not complain when no caller is left to do so.
            self._answer.exception()
        else:
            self._answer.set_result(outcome)


class Batcher(Generic[T, R]):
    """Serves items in batches, one batch after another, while any caller waits.

    Items that arrive while a batch is being served go into the next one.
    """

    def __init__(
        self,
        name: str,
        serve: Callable[[Sequence[Asked[T, R]]], Awaitable[None]],
        *,
        most: int,
        slot: Callable[[], AbstractAsyncContextManager[Any]] = nullcontext,
        given_up: Callable[[], Exception] = lambda: RuntimeError("given up"),
    ) -> None:
        """`serve` answers a batch of at most `most` items; what it raises answers those left over.

        A batch is taken once `slot` has been entered, and served inside it. `given_up` makes the
        exception for callers who still wait when serving is cancelled.
        """
        self._name = name
        self._serve = serve
        self._most = most
        self._slot = slot
        self._given_up = given_up
        self._waiting: list[Asked[T, R]] = []
        self._serving: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """How many callers wait for the next batch."""
        return len(self._waiting)

    async def ask(self, item: T) -> R:
        """The answer for an item. The item is served even if its caller is cancelled."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[R] = loop.create_future()
        self._waiting.append(Asked(item, answer))
        if self._serving is None:
            self._serving = loop.create_task(self._serve_all(), name=self._name)
        return await answer

    async def finish(self) -> None:
        """Wait until no caller is waiting."""
        if self._serving is not None:
            await asyncio.shield(self._serving)

    async def _serve_all(self) -> None:
        batch: list[Asked[T, R]] = []
        try:
            while self._waiting:
                async with self._slot():
                    batch = self._waiting[: self._most]
                    del self._waiting[: self._most]
                    try:
                        await self._serve(batch)
                    except Exception as error:  # noqa: BLE001 - it belongs to those who asked
                        for asked in batch:
                            asked.tell(error)
        finally:
            # However this ends, no caller is left waiting.
            self._serving = None
            left, self._waiting = [*batch, *self._waiting], []
            for asked in left:
                asked.tell(self._given_up())
