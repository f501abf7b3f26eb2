"""`dojo-bot forget` and `dojo-bot export`: the rights of people who can no longer reach the bot.

For operators, e.g. when a person is banned or has no account any more. The bot must not be running:
what it has in memory would be written again.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

from bot.app import open_bot
from bot.check import naming_damage
from bot.kit.clicks.gate import LARGEST_ID
from bot.kit.database.errors import StorageError
from bot.kit.database.lease import hold_at_once
from bot.privacy.service.privacy import PrivacyService
from bot.settings import Settings, SettingsError

OWNER_ONLY = 0o600
YES = "yes"

T = TypeVar("T")
Say = Callable[[str], None]
Ask = Callable[[str], str]


def read_user_id(text: str) -> int:
    """The account number that was typed. Raises SettingsError for anything else."""
    if text.isascii() and text.isdigit() and len(text) <= 19 and 0 < int(text) <= LARGEST_ID:
        return int(text)
    raise SettingsError(
        f"{text!r} is no account number; in Discord, turn on Developer Mode, right-click the"
        " person and choose Copy User ID"
    )


def forget(settings: Settings, user_id: int, *, ask: Ask | None, say: Say) -> int:
    """Erase a person everywhere, after asking if there is an `ask`. Returns the exit code.

    Raises StorageError when there is no database, or a bot runs on it.
    """
    with _alone(settings.database):
        counts = _with_privacy(settings, lambda privacy: privacy.counts(user_id))
        # Feedback that has not been released to anybody is not counted, but is erased as well.
        say(f"Stored about {user_id}:" if counts else f"An export of {user_id} would be empty.")
        for kind, count in counts.items():
            say(f"  {kind.replace('_', ' ')}: {count}")
        if ask is not None and not _agreed(ask):
            say("Nothing was erased.")
            return 1

        async def erase(privacy: PrivacyService) -> bool:
            await privacy.forget(user_id)
            return privacy.holds_erased

        holds_erased = _with_privacy(settings, erase)
        say(
            "Erased on every server. What others keep stays without the name and without words of"
            " this person. Backups and copies of the database still hold it."
        )
        if holds_erased:
            say(
                "Another program reads the database just now, so its files still hold traces. End"
                " that program, then start the bot: each start removes them."
            )
    return 0


def export(settings: Settings, user_id: int, *, to: Path | None, say: Say) -> int:
    """Write everything stored about a person as JSON, to a file or to `say`. Returns the exit code.

    The file is new and only its owner may read it. Raises StorageError when there is no database, a
    bot runs on it, or the file cannot be written.
    """
    with _alone(settings.database):
        data = _with_privacy(settings, lambda privacy: privacy.export(user_id))
    text = json.dumps(data, indent=2, ensure_ascii=False)
    if to is None:
        say(text)
        return 0
    try:
        # Others may be able to read an existing file.
        file = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(file, "w", encoding="utf-8") as stream:
            stream.write(text + "\n")
    except FileExistsError:
        raise StorageError(f"{to} exists already; choose another name.") from None
    except OSError as error:
        raise StorageError(f"{to} cannot be written: {error.strerror}.") from error
    say(f"Everything stored about {user_id} is in {to}. Give it to nobody else, then delete it.")
    return 0


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Be the only one who uses an existing database."""
    if not path.exists():
        raise StorageError(f"There is no database at {path}.")
    with hold_at_once(path):
        yield


def _with_privacy(settings: Settings, use: Callable[[PrivacyService], Awaitable[T]]) -> T:
    async def used() -> T:
        # `open_bot` uses little of what it is given here.
        async with open_bot(settings) as bot, naming_damage(settings.database):
            return await use(bot.services[PrivacyService])

    return asyncio.run(used())


def _agreed(ask: Ask) -> bool:
    try:
        answer = ask(f"Erase all of it, on every server? It cannot be undone. Type {YES}: ")
    except EOFError:
        # Nobody is there to answer.
        return False
    return answer.strip().casefold() == YES
