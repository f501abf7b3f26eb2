"""Everything stored about a person: given to them, and erased for them, at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from bot.services.clock import Clock
from bot.services.dojos import DojoService
from bot.services.pads import PadService
from bot.storage.database import Database, Statements


class KeepsPeople(Protocol):
    """A store with something about people in it."""

    async def export_person(self, user_id: int) -> list[dict[str, object]]:
        """All it holds about one person, one entry a row."""
        ...

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Erase all of it, or what belongs to one guild, within the transaction of `statements`."""
        ...


class ForgetsPeople(Protocol):
    """Has people in memory, in what is going on."""

    def is_busy(self, user_id: int, guild_id: int) -> bool:
        """Whether anything that is going on in a guild names this person."""
        ...

    async def forget_person(self, user_id: int) -> None:
        """No longer name this person; on disk on return."""
        ...


class PrivacyService:
    """Data rights."""

    def __init__(
        self,
        database: Database,
        stores: Mapping[str, KeepsPeople],
        dojos: DojoService,
        going_on: Sequence[ForgetsPeople],
        pads: PadService,
        *,
        now: Clock,
    ) -> None:
        self._database = database
        self._stores = stores
        self._dojos = dojos
        self._going_on = going_on
        self._pads = pads
        self._now = now

    async def export(self, user_id: int) -> dict[str, object]:
        """All that is stored about a person, by kind, ready for JSON. Times are ISO 8601 in UTC."""
        stored = {
            name: [_readable(entry) for entry in await store.export_person(user_id)]
            for name, store in self._stores.items()
        }
        return {
            "user_id": str(user_id),
            "exported_at": self._now().isoformat(timespec="seconds"),
            "stored": stored,
        }

    async def counts(self, user_id: int) -> dict[str, int]:
        """How many entries of each kind are stored about a person; kinds without any left out."""
        stored = {name: await store.export_person(user_id) for name, store in self._stores.items()}
        return {name: len(entries) for name, entries in stored.items() if entries}

    async def forget(self, user_id: int) -> dict[str, int]:
        """Erase a person everywhere, in one transaction; how many entries of each kind it was."""
        counts = await self.counts(user_id)
        # First what is going on: what is in memory would be written again.
        for one in self._going_on:
            await one.forget_person(user_id)
        async with self._database.transaction() as transaction:
            for store in self._stores.values():
                await store.forget_person(transaction, user_id)
        await self._database.scrub()
        self._dojos.forget_person(user_id)
        self._pads.forget_all()
        return counts

    async def forget_in_guild(self, user_id: int, guild_id: int) -> bool:
        """Erase a person who is no longer in a guild, there alone; whether that was done.

        It is not while something that is going on there still names them. It can be done again
        without harm.
        """
        if any(one.is_busy(user_id, guild_id) for one in self._going_on):
            return False
        async with self._database.transaction() as transaction:
            for store in self._stores.values():
                await store.forget_person(transaction, user_id, guild_id)
        await self._database.scrub()
        self._dojos.forget_person(user_id, guild_id)
        self._pads.forget_all()
        return True


def _readable(entry: dict[str, object]) -> dict[str, object]:
    """The entry as people and programs can read it.

    Ids are text, because many programs read large numbers of JSON imprecisely; times are written
    out in UTC.
    """

    def readable(name: str, value: object) -> object:
        if name.endswith("_id") and value is not None:
            return str(value)
        if name.endswith("_at") and isinstance(value, int):
            return datetime.fromtimestamp(value, UTC).isoformat()
        return value

    return {name: readable(name, value) for name, value in entry.items()}
