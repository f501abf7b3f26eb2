"""What can be wrong with a database, in a sentence for whoever runs the bot."""

from __future__ import annotations


class StorageError(Exception):
    """The database cannot be used; the message says why and what to do, in plain words."""


class ChangedMeanwhile(StorageError):
    """What is on disk is not what the change was made from; nothing was written."""
