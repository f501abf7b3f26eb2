"""Copies of the shipped content that a test may break."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.content.library import SHIPPED, load_library
from bot.content.model.refusals import ContentRejected, Fault


def copy_language(root: Path, language: str = "en") -> Path:
    """The shipped English as a folder of another tree."""
    folder = root / language
    shutil.copytree(SHIPPED / "en", folder)
    return folder


def change_line(file: Path, after: str, start: str, new: str) -> None:
    """Replace the first line beginning with `start` at or after the line `after`."""
    lines = file.read_text(encoding="utf-8").splitlines()
    begin = lines.index(after) if after else 0
    at = next(n for n in range(begin, len(lines)) if lines[n].strip().startswith(start))
    lines[at] = new
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def faults_of(root: Path) -> tuple[Fault, ...]:
    """What loading the tree finds; nothing when it is right."""
    try:
        load_library(root)
    except ContentRejected as rejected:
        return rejected.faults
    return ()


def names(faults: tuple[Fault, ...], place: str, problem: str) -> bool:
    """Whether a fault of that place says that."""
    return any(fault.place == place and problem in fault.problem for fault in faults)
