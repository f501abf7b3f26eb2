"""Everything stored about a person: exports it and erases it, at once."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.dojos.service.dojos import DojoService
from bot.feedback.service.pads import PadService
from bot.feedback.store.notes import NoteStore
from bot.kit.database.database import Database
from bot.kit.personal import ForgetsPeople, KeepsPeople
from bot.kit.time.clock import Clock
from bot.privacy.model.refusals import ExportTooLarge, ExportUnderWay

FILE_NAME, PACKED_NAME = "my-dojo-data.json", "my-dojo-data.zip"
MOST_BYTES = 10_000_000
"""Of a file for Discord, which accepts 10 MiB."""
MOST_AT_ONCE = 2
"""Files that are made at the same time; the next one waits."""

NOT_RELEASED = "Feedback that has not been released to you is not in this file."
"""Said to everybody, whether or not there is any: otherwise it would reveal that there is."""
OF_OTHERS = (
    "What other people keep to themselves is not in this file either.",
    "It does not say whether another person does not want to be in a group with you.",
    "It does not say who took a note about you, or whether anybody reported a note of yours.",
    "It does not say who was in a group or a round with you.",
    "It does not say what a coach thought of one note of yours, or what a client said of a round.",
)


@dataclass(frozen=True, slots=True)
class ExportFile:
    """Everything stored about a person, as a file that Discord accepts."""

    name: str
    data: bytes
    counts: Mapping[str, int]
    """How many entries of each kind are in it, without kinds that have none."""


@dataclass(eq=False)
class PrivacyService:
    """Data rights."""

    _database: Database
    _stores: Mapping[str, KeepsPeople]
    _dojos: DojoService
    _going_on: Sequence[ForgetsPeople]
    _pads: PadService
    _notes: NoteStore
    _now: Clock
    _asking: set[int] = field(default_factory=set[int], init=False)
    _places: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE), init=False
    )
    _erasing: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    @property
    def holds_erased(self) -> bool:
        """Whether erased data is still in the database's files, as another program reads them."""
        return self._database.holds_erased

    @contextlib.contextmanager
    def one_at_a_time(self, user_id: int) -> Generator[None]:
        """Enter this while everything stored about a person is read for them.

        Raises ExportUnderWay if that is going on already: reading everything is a lot of work, and
        one person must not be able to start it again and again at once.
        """
        if user_id in self._asking:
            raise ExportUnderWay
        self._asking.add(user_id)
        try:
            yield
        finally:
            self._asking.discard(user_id)

    async def export(self, user_id: int) -> dict[str, object]:
        """Everything stored about a person, by kind, ready for JSON. Times are ISO 8601 in UTC."""
        stored = await self._read(user_id)
        # A year of one person takes longer than others who use the bot should wait.
        return await asyncio.to_thread(self._export, user_id, stored)

    async def export_file(self, user_id: int) -> ExportFile:
        """The same as a file, compressed if necessary. Raises ExportTooLarge."""
        async with self._places:
            stored = await self._read(user_id)
            name, data = await asyncio.to_thread(lambda: _packed(self._export(user_id, stored)))
        return ExportFile(name, data, _counted(stored))

    async def counts(self, user_id: int) -> dict[str, int]:
        """How many entries of each kind an export has, without kinds that have none."""
        return _counted(await self._read(user_id))

    async def forget(self, user_id: int) -> dict[str, int]:
        """Erase a person everywhere. Returns how many entries an export would have had.

        Their notes go first, in small steps, and then all the rest in one transaction. If it is
        interrupted, asking again does the rest.

        Data that is withheld from them is erased as well, and not counted.
        """
        async with self._erasing:
            counts = await self.counts(user_id)
            # First what is going on: otherwise memory would be written to disk again.
            for service in self._going_on:
                await service.forget_person(user_id)
            await self._erase(user_id)
        return counts

    async def forget_in_guild(self, user_id: int, guild_id: int) -> bool:
        """Erase a person who is no longer in a guild, only there. Returns whether that was done.

        Not while something that is going on there still names them. It is harmless to repeat.
        """
        if any(service.is_busy(user_id, guild_id) for service in self._going_on):
            return False
        await self._erase(user_id, guild_id)
        return True

    async def _erase(self, user_id: int, guild_id: int | None = None) -> None:
        await self._notes.forget_most(user_id, guild_id)
        async with self._database.transaction() as transaction:
            for store in self._stores.values():
                await store.forget_person(transaction, user_id, guild_id)
        await self._database.scrub()
        self._dojos.forget_person(user_id, guild_id)
        self._pads.forget_all()

    async def _read(self, user_id: int) -> dict[str, list[dict[str, object]]]:
        """What every store has, as it was at one moment."""
        async with self._database.long_read() as statements:
            return {
                name: await store.export_person(statements, user_id)
                for name, store in self._stores.items()
            }

    def _export(
        self, user_id: int, stored: Mapping[str, list[dict[str, object]]]
    ) -> dict[str, object]:
        return {
            "user_id": str(user_id),
            "exported_at": self._now().isoformat(timespec="seconds"),
            "not_in_this_file": [NOT_RELEASED, *OF_OTHERS],
            "stored": {
                name: [_readable(entry) for entry in entries] for name, entries in stored.items()
            },
        }


def _counted(stored: Mapping[str, Sequence[object]]) -> dict[str, int]:
    return {name: len(entries) for name, entries in stored.items() if entries}


def _packed(export: Mapping[str, object]) -> tuple[str, bytes]:
    """Name and content of the file. Raises ExportTooLarge."""
    data = json.dumps(export, indent=2, ensure_ascii=False).encode()
    if len(data) <= MOST_BYTES:
        return FILE_NAME, data
    packed = io.BytesIO()
    import zipfile  # Only where it is used: 200 kB.

    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(FILE_NAME, data)
    if len(packed.getvalue()) > MOST_BYTES:
        raise ExportTooLarge
    return PACKED_NAME, packed.getvalue()


def _readable(entry: dict[str, object]) -> dict[str, object]:
    """The entry in a form that people and programs can read.

    Ids are text, as many programs read large numbers imprecisely; times are text in UTC.
    """

    def readable(name: str, value: object) -> object:
        if name.endswith("_id") and value is not None:
            return str(value)
        if name.endswith("_at") and isinstance(value, int):
            return datetime.fromtimestamp(value, UTC).isoformat()
        return value

    return {name: readable(name, value) for name, value in entry.items()}
