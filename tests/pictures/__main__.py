"""The README's pictures, made from a rehearsal in a headless Chromium.

    uv run python -m tests.pictures [--out FOLDER] [NAME ...]

Beside each picture it writes a text file with the words on it. `test_pictures.py` plays the same
stories without a browser and fails when the words are others: then make the picture again. The
stories are in `scenes.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence, Set
from pathlib import Path

from tests.pictures.browser import NoBrowser, browser
from tests.pictures.camera import Chromium
from tests.pictures.play import FOLDER, play
from tests.pictures.scenes import PICTURES, STORIES


async def make(names: Set[str], folder: Path) -> None:
    """Make these pictures and the files with their words. Raises NoBrowser."""

    def place(name: str) -> Path | None:
        return folder / f"{name}.png" if name in names else None

    async with browser() as chromium:
        for story in STORIES:
            if not names & set(story.pictures):
                continue
            words = await play(story, camera=Chromium(chromium), place=place)
            for name in story.pictures:
                if (picture := place(name)) is not None:
                    picture.with_suffix(".txt").write_text(words[name], encoding="utf-8")
                    print(picture)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make pictures; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--out", type=Path, default=FOLDER, metavar="FOLDER")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PICTURES)}")
    given = parser.parse_args(arguments)
    if unknown := set(given.names) - PICTURES.keys():
        parser.error(f"there is no picture {', '.join(sorted(unknown))}")
    given.out.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(make(set(given.names or PICTURES), given.out))
    except NoBrowser as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
