"""`dojo-bot check`: checks settings, content, database and who can read it; changes nothing."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shlex
import sqlite3
import stat
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import discord

from bot.content.library import SHIPPED, load_library
from bot.content.model.refusals import ContentRejected
from bot.kit.database.errors import StorageError
from bot.kit.database.looking import Facts, read_facts, read_value
from bot.kit.database.migrate import APPLICATION_ID, load_migrations
from bot.kit.database.private_files import Exposed, exposed
from bot.kit.refusals import DojoError
from bot.kit.time.trusted_time import MOST_OFF
from bot.privacy.store.retention import LAST_PURGE
from bot.settings import ENV_FILE, Settings, SettingsError

log = logging.getLogger(__name__)

BROKEN_VALUES = (ValueError, TypeError, LookupError, ArithmeticError)
"""Exceptions caused by a damaged value, even if the pages of its file are intact."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one part of the check says."""

    part: str
    good: bool
    text: str

    def __str__(self) -> str:
        return f"{'ok   ' if self.good else 'FAULT'} {self.part}: {self.text}"


async def check_everything(environment: Mapping[str, str]) -> list[Finding]:
    """Check settings, content, database and files; every fault is a separate finding."""
    findings: list[Finding] = []
    path: Path | None = None
    try:
        settings = Settings.from_env(environment)
        path = settings.database
        settings.with_token()
        findings.append(Finding("settings", good=True, text="complete"))
    except SettingsError as error:
        findings.append(Finding("settings", good=False, text=str(error)))
    findings += check_content(SHIPPED)
    if path is not None:
        findings.append(await check_database(path))
        findings += await check_clock(path, discord.utils.utcnow())
        findings += await asyncio.to_thread(check_files, path, ENV_FILE)
    return findings


def check_content(folder: Path) -> list[Finding]:
    """One finding for good content, or one for every fault."""
    try:
        library = load_library(folder)
    except ContentRejected as rejected:
        return [Finding("content", good=False, text=str(fault)) for fault in rejected.faults]
    parts = [
        f"{name} ({len(content.bank.questions)} questions, {len(content.signals.signals)} signals,"
        f" {len(content.formats)} formats)"
        for name, content in library.items()
    ]
    return [Finding("content", good=True, text=", ".join(parts))]


async def check_database(path: Path) -> Finding:
    """Whether the file is intact, ours, and not newer than this program. Only reads it."""
    if not await asyncio.to_thread(path.exists):
        return Finding("database", good=True, text=f"{path} will be made at the first start")
    try:
        facts = await asyncio.to_thread(read_facts, path)
    except sqlite3.Error as error:
        return Finding("database", good=False, text=f"{path} cannot be read: {error}")
    return _judge_database(path, facts, newest=len(load_migrations()))


@contextlib.asynccontextmanager
async def naming_damage(path: Path) -> AsyncGenerator[None]:
    """Raise StorageError with what the check says where the block fails on a damaged database."""
    try:
        yield
    except (DojoError, StorageError):
        raise
    except Exception as error:
        finding = await check_database(path)
        if not finding.good:
            raise StorageError(f"The database {finding.text}.") from error
        if isinstance(error, sqlite3.Error):
            raise StorageError(f"The database {path} cannot be read: {error}.") from error
        if isinstance(error, BROKEN_VALUES):
            # Not the value itself: it may be a person's words.
            log.debug("a stored value cannot be read", exc_info=error)
            kind = type(error).__name__
            raise StorageError(
                f"The database {path} cannot be read: a value in it is damaged ({kind})."
            ) from error
        raise


async def check_clock(path: Path, now: datetime) -> list[Finding]:
    """A fault if `now` is long before something the bot did; one that is ahead stays unseen.

    A bot whose clock is wrong erases nothing because of its age.
    """
    try:
        stored = await asyncio.to_thread(read_value, path, LAST_PURGE)
        last = None if stored is None else datetime.fromisoformat(stored)
    except (sqlite3.Error, ValueError):
        # The file does not exist, or another finding reports the fault already.
        return []
    if last is None or now >= last - MOST_OFF:
        return []
    text = (
        f"this machine says {now:%Y-%m-%d %H:%M} UTC, but the bot erased old feedback at"
        f" {last:%Y-%m-%d %H:%M} UTC; set the clock right, nothing is erased by its age before that"
    )
    return [Finding("clock", good=False, text=text)]


def check_files(database: Path, settings_file: Path) -> list[Finding]:
    """Whether other accounts of this machine can read what is stored, or the token.

    One finding for each file and folder that is open to them, with the command that closes it.
    """
    try:
        found = exposed(database, settings_file)
    except OSError as error:
        return [Finding("files", good=False, text=f"cannot be looked at: {error}")]
    if not found:
        return [Finding("files", good=True, text="no other account can open them")]
    return [Finding("files", good=False, text=_opening(one)) for one in found]


def _opening(one: Exposed) -> str:
    name, mode = shlex.quote(str(one.path)), stat.S_IMODE(one.mode)
    if one.is_shared_by_design:
        return f"{name} is a folder for everybody; put the database into a folder of its own"
    if one.is_folder:
        return f"others can change {name} (mode {mode:o}); close it with: chmod go-w {name}"
    return f"others can open {name} (mode {mode:o}); close it with: chmod 600 {name}"


def _judge_database(path: Path, facts: Facts, *, newest: int) -> Finding:
    fault = None
    if facts.whole != "ok" or facts.broken_references:
        fault = f"is damaged ({facts.whole}, {facts.broken_references} broken references)"
    elif facts.tables and facts.application != APPLICATION_ID:
        fault = "belongs to another program"
    elif facts.version > newest:
        fault = f"has schema {facts.version}; this dojo-bot knows up to {newest}: update it"
    if fault:
        return Finding("database", good=False, text=f"{path} {fault}")
    later = "" if facts.version == newest else f"; the next start brings it to {newest}"
    return Finding("database", good=True, text=f"{path} is whole, schema {facts.version}{later}")
