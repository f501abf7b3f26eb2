"""Where a rehearsal stores its data: a folder that is deleted at its end, or after a kill at the
next start.

A folder is in use for as long as its lock is held. The operating system releases the lock with the
process, however it ends.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.kit.database.errors import StorageError
from bot.kit.database.lease import hold_at_once, lock_file

__all__ = ["rehearsal_folder"]

_PREFIX = "dojo-bot-try-"
_LOCK = "rehearsal"


@contextmanager
def rehearsal_folder() -> Iterator[Path]:
    """A new folder for as long as the context lasts. Deletes folders left by killed rehearsals."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if _is_left(left):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as made:
        folder = Path(made)
        with hold_at_once(folder / _LOCK):
            yield folder


def _is_left(folder: Path) -> bool:
    """Whether a rehearsal of this account made a folder, and has ended without removing it."""
    try:
        about = folder.lstat()
        is_own = not hasattr(os, "getuid") or about.st_uid == os.getuid()
        # A folder without the lock file is being made right now, or is not a rehearsal's.
        if folder.is_symlink() or not is_own or not lock_file(folder / _LOCK).is_file():
            return False
        with hold_at_once(folder / _LOCK):
            return True
    except (OSError, StorageError):
        return False
