"""What can be wrong with a database, in a sentence for the person who runs the bot."""

from __future__ import annotations

import sqlite3


class StorageError(Exception):
    """The database cannot be used; the message says why and what to do, in plain words."""


def broken_text() -> sqlite3.DatabaseError:
    """The exception to raise where a text of a damaged file cannot be read (UnicodeDecodeError).

    Python's driver cannot even read SQLite's own message where that quotes a broken name.
    """
    return sqlite3.DatabaseError("a name or a text in it is damaged")


class DatabaseGone(sqlite3.OperationalError):
    """The file was deleted or replaced while the program runs; nothing was written."""


class ChangedMeanwhile(StorageError):
    """What is on disk is not what the change was made from; nothing was written."""
