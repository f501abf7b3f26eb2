"""The README's pictures show the cards as they are; no browser is needed to find that out."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from tests.pictures.play import FOLDER, play
from tests.pictures.scenes import PICTURES, STORIES, Story

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
async def test_pictures_show_todays_cards(story: Story):
    """B14: a change of the words on a card asks for a new picture of it."""
    changes = {name: _change(name, now) for name, now in (await play(story)).items()}
    if stale := [name for name, change in changes.items() if change]:
        told = "\n\n".join(changes[name] for name in stale)
        command = f"uv run python -m tests.pictures {' '.join(stale)}"
        pytest.fail(
            f"These pictures of the README show something else than the bot does now:\n\n{told}\n\n"
            f"Make them again (this needs Chromium), and look at them:\n    {command}",
            pytrace=False,
        )


def _change(name: str, now: str) -> str:
    """What has changed on a picture since it was taken; nothing if all is as it was."""
    file = FOLDER / f"{name}.txt"
    then = file.read_text(encoding="utf-8") if file.exists() else ""
    lines = difflib.unified_diff(
        then.splitlines(), now.splitlines(), f"{name}.png", "now", n=1, lineterm=""
    )
    return "\n".join(lines)


def test_each_picture_is_linked_and_has_its_words_and_a_story():
    """B14: no picture is left out."""
    linked: set[str] = set()
    for page in ("README.md", "content/README.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        linked |= set(re.findall(r"!\[[^\]]*\]\([^)]*?([\w-]+)\.png\)", text))
    pictures = {file.stem for file in FOLDER.glob("*.png")}
    words = {file.stem for file in FOLDER.glob("*.txt")}
    assert linked == pictures == words == set(PICTURES)
