"""The words each dojo works with: the shipped content, changed by the dojo's own."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from bot.content.library import FALLBACK, Library
from bot.content.model.content import Content, OwnContent
from bot.content.model.formats import short_parts
from bot.content.model.questions import QuestionSet
from bot.content.model.refusals import ContentRejected
from bot.content.own import own_template, read_own
from bot.content.reader import check_in_process
from bot.dojos.model.dojo import Dojo
from bot.dojos.model.refusals import ShortParts
from bot.dojos.service.imports import Imports
from bot.dojos.store.own_contents import OwnContentStore
from bot.kit.person import Person
from bot.kit.time.clock import Clock

log = logging.getLogger(__name__)

READERS = 2
"""Processes at a time that read files, for all servers together; further files wait."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    own: OwnContent
    before: str | None
    """The file the dojo had until now, so that it can be given back."""
    added_questions: int
    changed_questions: int
    added_signals: int
    changed_signals: int
    added_formats: int
    changed_formats: int


class ContentService:
    """Gives content by dojo or by locale, and imports and exports own content."""

    def __init__(self, library: Library, store: OwnContentStore, *, now: Clock) -> None:
        self._store = store
        self._now = now
        self._merged: dict[tuple[int, str, QuestionSet], Content] = {}
        # Files are read or replaced one at a time, so that memory is never older than the disk.
        self._files = asyncio.Lock()
        self._readers = asyncio.Semaphore(READERS)
        self.imports = Imports(now=now)
        self.library = library

    def shipped(self, language: str) -> Content:
        """The shipped content of a language; English when that language is not shipped."""
        return self.library.get(language) or self.library[FALLBACK]

    def for_locale(self, locale: str) -> Content:
        """The shipped content nearest to a person's locale."""
        return self.library.nearest(locale)

    async def of_dojo(self, dojo: Dojo) -> Content:
        """What this dojo works with at present."""
        key = (dojo.id, dojo.settings.language, dojo.settings.question_set)
        content = self._merged.get(key)
        if content is None:
            async with self._files:
                content = (await self._merge(dojo)).with_questions(dojo.settings.question_set)
                self._merged[key] = content
        return content

    async def export_file(self, dojo: Dojo) -> str:
        """The dojo's own file as it was imported; if it has none, a template."""
        text = await self._store.load(dojo.id)
        return text or own_template(self.shipped(dojo.settings.language))

    async def import_file(
        self, dojo: Dojo, text: str, person: Person, *, with_short_parts: bool = False
    ) -> Imported:
        """Make `text` the dojo's own file, replacing the previous one.

        Raises ContentRejected with every fault, ShortParts unless they are wanted, NotAllowed, and
        ImportBusy and ImportTooSoon, which keep a server from having files read all the time. An
        error changes nothing.
        """
        dojo.check_may_configure(person)
        base = self.shipped(dojo.settings.language)
        with self.imports.reading(dojo.guild_id):
            async with self._readers:
                # The thread only waits for a process: a file from a stranger is never parsed here.
                await asyncio.to_thread(check_in_process, text, base)
        # It has no faults, so it is quick to read.
        own = await asyncio.to_thread(read_own, text, base)
        if not with_short_parts and (short := _short_parts(own, base)):
            raise ShortParts(short)
        async with self._files:
            before = await self._store.load(dojo.id)
            await self._store.save(dojo.id, text, user_id=person.user_id, at=self._now())
            for key in [key for key in self._merged if key[0] == dojo.id]:
                del self._merged[key]
        questions = [base.bank.find(question.id) is not None for question in own.questions]
        shipped_codes = {signal.code for signal in base.signals.signals}
        signals = [signal.code in shipped_codes for signal in own.signals]
        formats = [entry.id in base.formats for entry in own.formats]
        return Imported(
            own=own,
            before=before,
            added_questions=questions.count(False),
            changed_questions=questions.count(True),
            added_signals=signals.count(False),
            changed_signals=signals.count(True),
            added_formats=formats.count(False),
            changed_formats=formats.count(True),
        )

    async def stored_faults(self, dojo: Dojo) -> ContentRejected | None:
        """What is wrong with the dojo's stored file, e.g. after an update of the program."""
        text = await self._store.load(dojo.id)
        if text is None:
            return None
        try:
            await asyncio.to_thread(read_own, text, self.shipped(dojo.settings.language))
        except ContentRejected as rejected:
            return rejected
        return None

    async def _merge(self, dojo: Dojo) -> Content:
        base = self.shipped(dojo.settings.language)
        text = await self._store.load(dojo.id)
        if text is None:
            return base
        try:
            # A process of its own has read it once, in time; size and names are checked again.
            return base.with_own(await asyncio.to_thread(read_own, text, base))
        except ContentRejected as rejected:
            # It was valid when it was imported; the shipped content has changed since. The dojo
            # goes on with the shipped words, and `/dojo check` names the faults.
            log.warning(
                "own content of dojo %s is not used: %d faults", dojo.id, len(rejected.faults)
            )
            return base


def _short_parts(own: OwnContent, base: Content) -> tuple[tuple[str, str, int], ...]:
    """The parts under a minute of the formats in a file, but for those that are as shipped."""
    return tuple(
        (entry.name, str(part.kind), int(part.length.total_seconds()))
        for entry in own.formats
        if entry.id not in base.formats or entry.segments != base.formats[entry.id].segments
        for part in short_parts(entry)
    )
