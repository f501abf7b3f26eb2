"""Small functions on texts: make them safe, count, join, cut to fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import discord

from bot.kit.time.clock import full_minute

_SPECIAL = re.compile(r"[\\*_~`|\[<>#]|:(?=//)|^[-+]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")

# Few characters and no `@`, so that nothing in an address can be markdown or a mention.
_HOST = r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_PLAIN_LINK = re.compile(
    rf"((?<!\S)\(?https?://{_HOST}(?::\d{{1,5}})?(?:[/?#][A-Za-z0-9/._~?#&=%+-]*)?[.,;:!?)]*(?!\S))"
)

CARD_TEXT = 3_800
"""Characters in all texts of one card; Discord allows 4,000."""


def safe(text: str) -> str:
    """Text typed by people, shown as typed: no markdown, no mention, no link.

    The library's own escaping skips what looks like a link, and most mentions.
    """
    escaped = _SPECIAL.sub(_escaped, text)
    return discord.utils.escape_mentions(escaped) if "@" in escaped else escaped


def _escaped(found: re.Match[str]) -> str:
    return "\\" + found[0]


def safe_with_links(text: str) -> str:
    """Like `safe`, but a web address that stands alone can still be clicked.

    Discord turns such an address into a link by itself. The text of a link is always its address.
    """
    pieces = _PLAIN_LINK.split(text)
    # Every second piece is an address.
    return "".join(piece if at % 2 else safe(piece) for at, piece in enumerate(pieces))


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 question`, `2 questions`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def joined(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    words = list(parts)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def cut(text: str, most: int) -> str:
    """The text, cut to `most` characters; … shows that something is missing."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def span(least: int, most: int) -> str:
    """`3` or `3-5` with a proper dash."""
    return str(least) if least == most else f"{least}–{most}"


def paged(
    blocks: Sequence[str], *, most_text: int = CARD_TEXT, most_blocks: int = 25
) -> list[list[str]]:
    """Blocks of text in pages that fit a card; at least one page, no block split."""
    pages: list[list[str]] = [[]]
    size = 0
    for block in blocks:
        if pages[-1] and (size + len(block) > most_text or len(pages[-1]) >= most_blocks):
            pages.append([])
            size = 0
        pages[-1].append(block)
        size += len(block)
    return pages


def minute_of(at: datetime) -> str:
    """The time of day by which something is over, in Discord's format: never a minute too early."""
    return moment(full_minute(at), "t")


def moment(at: datetime, style: discord.utils.TimestampStyle = "f") -> str:
    """A time in Discord's format, which shows it in each reader's own zone and language."""
    return discord.utils.format_dt(at, style)
