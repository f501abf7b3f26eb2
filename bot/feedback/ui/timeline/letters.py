"""Letters on a picture, painted with a font that comes with the program.

It is a subset of Noto Sans, under the SIL Open Font License (`fonts/OFL.txt`): Latin with all
accents, Greek and Cyrillic, made from its regular style with the subset tool of fonttools.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Imported when a picture is painted, not when the bot starts: many bots never paint one.
    from PIL import Image, ImageFont

Colour = tuple[int, int, int]

FONT = Path(__file__).with_name("fonts") / "NotoSans.ttf"
_NO_LETTER = "\ue123"
"""For private use: no font has it, so it is painted as the sign for a missing character."""


def drawable(text: str) -> str:
    """The part of the text that the font has; empty if most of it would be missing."""
    kept, lost = "", 0
    for sign in unicodedata.normalize("NFC", text):
        if sign.isspace():
            kept += " " if kept and not kept.endswith(" ") else ""
            continue
        shown = sign if has(sign) else unicodedata.normalize("NFKC", sign)
        if all(map(has, shown)):
            kept += shown
        else:
            lost += unicodedata.category(sign)[0] in "LN"
    return kept.rstrip() if lost <= sum(map(str.isalnum, kept)) else ""


def short(text: str, size: int, most: float) -> str:
    """The text, cut with … to this many pixels."""
    if length(text, size) <= most:
        return text
    room = most - length("…", size)
    kept = bisect_right(range(len(text)), room, key=lambda n: length(text[: n + 1], size))
    while kept and not text[kept - 1].isalnum():
        kept -= 1
    return text[:kept] + "…"


def length(text: str, size: int) -> float:
    """The length of a text, in pixels."""
    return font(size).getlength(text)


def write(
    image: Image.Image, at: tuple[float, float], text: str, size: int, colour: Colour
) -> None:
    """Write letters from `at` to the right, with their capitals centred on it."""
    from PIL import ImageDraw

    capitals = font(size).getbbox("H", anchor="ls")[1]
    place = (at[0], at[1] - capitals / 2)
    ImageDraw.Draw(image).text(place, text, colour, font(size), anchor="ls")


@lru_cache(maxsize=2048)
def has(sign: str) -> bool:
    """Whether the font has this character."""
    if sign == " ":
        return True
    # An accent by itself has no place; where one belongs to a letter, NFC has joined them.
    if unicodedata.category(sign)[0] in "CM":
        return False
    return _painted(sign) != _painted(_NO_LETTER)


def _painted(sign: str) -> bytes:
    from PIL import Image, ImageDraw

    image = Image.new("L", (80, 80))
    ImageDraw.Draw(image).text((20, 10), sign, 255, font(40))
    return image.tobytes()


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font in a size of pixels."""
    from PIL import ImageFont

    # Places letters one at a time, in the same way on every machine.
    return ImageFont.truetype(FONT, size, layout_engine=ImageFont.Layout.BASIC)
