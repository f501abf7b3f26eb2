"""The product's own files, for tests that read them."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BOT = ROOT / "bot"
RULES = ("model", "grouping")
"""Floors of a feature that are pure."""
PLAIN = (*RULES, "store", "service", "database", "time")
"""Floors that know nothing of Discord."""


def product() -> list[Path]:
    """Every file of the bot and its commands, without the rehearsal."""
    found = [path for path in BOT.rglob("*.py") if "rehearsal" not in path.parts]
    return sorted([*found, *(ROOT / "cogs").glob("*.py")])


def on(*floors: str) -> list[Path]:
    """The files of these floors, of every feature: of `rounds/model/clock.py` it is `model`."""
    return [
        path
        for path in product()
        if path.is_relative_to(BOT)
        and len(parts := path.relative_to(BOT).parts) > 1
        and parts[1].removesuffix(".py") in floors
    ]


def name_of(path: Path) -> str:
    """The file as seen from the top of the project."""
    return path.relative_to(ROOT).as_posix()
