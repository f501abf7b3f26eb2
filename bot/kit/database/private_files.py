"""Files and folders that only the bot's account can open, whatever the umask says.

Everything the program stores is about people. SQLite gives its log and its other helper files the
mode of the database, so the mode of the database is enough. On Windows modes mean nothing: a file
belongs to the owner of its folder.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

OPEN_FILE = 0o600
OPEN_FOLDER = 0o700
_OTHERS = 0o077
_OTHERS_WRITE = 0o022


def make_private_folder(folder: Path) -> None:
    """Make a folder, and missing folders above it, for this account alone."""
    if folder.is_dir():
        return
    make_private_folder(folder.parent)
    folder.mkdir(mode=OPEN_FOLDER, exist_ok=True)


def make_private_file(file: Path) -> None:
    """Make an empty file for this account alone. An existing file stays as it is."""
    # A link may point to a file that does not exist yet.
    real = os.path.realpath(file)
    try:
        number = os.open(real, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OPEN_FILE)
    except FileExistsError:
        return
    os.close(number)


@dataclass(frozen=True, slots=True)
class Exposed:
    """A file that others can read or change, or a folder in which they can replace files."""

    path: Path
    mode: int

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return stat.S_ISDIR(self.mode)

    @property
    def is_shared_by_design(self) -> bool:
        """Whether it is a folder meant for everyone, such as `/tmp`."""
        return self.is_folder and bool(self.mode & stat.S_ISVTX)


def files_of(database: Path) -> list[Path]:
    """Every existing file that the program keeps for a database, the database first.

    If the path is a link, log and lock are beside the real file, copies beside the link.
    """
    real = Path(os.path.realpath(database))
    link = Path(os.path.realpath(database.parent), database.name)
    beside = [real.with_name(real.name + end) for end in ("-wal", "-shm", "-journal", ".lock")]
    copies = [
        copy
        for name in dict.fromkeys((real, link))
        for copy in sorted(name.parent.glob("*.schema-*"))
        if copy.name.startswith(f"{name.name}.schema-")
    ]
    return [file for file in dict.fromkeys([real, *beside, *copies]) if file.is_file()]


def exposed(database: Path, *others: Path) -> list[Exposed]:
    """The files of a database, and of `others`, that are open to other accounts. Raises OSError."""
    if os.name != "posix":
        return []
    real = Path(os.path.realpath(database))
    files = [*files_of(database), *(other for other in others if other.is_file())]
    found = [_open_to_others(file, _OTHERS) for file in files]
    if real.parent.is_dir():
        found.append(_open_to_others(real.parent, _OTHERS_WRITE))
    return [one for one in found if one is not None]


def _open_to_others(path: Path, bits: int) -> Exposed | None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        # The log disappears when the last program closes the database.
        return None
    return Exposed(path, mode) if mode & bits else None
