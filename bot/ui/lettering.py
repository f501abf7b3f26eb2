"""Letters on a picture: Pillow's built-in font, with the accents it lacks put over its letters."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # When a picture is drawn, not when the bot starts: many bots never draw one.
    from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Letters = tuple[tuple[str, str], ...]
"""Characters the font has, each with the accents that go with it."""

SMOOTH = 4
"""Pillow draws hard edges: shapes are drawn this much larger and made small."""

# Pillow's own font has no letter beyond ASCII; accents are drawn over its letters. What is of
# another script is left out: the code stays, and the words for the picture have all of it.
_OWN = frozenset(map(chr, range(32, 127))) | frozenset("«°±·»‘’“”…‹›⁄™")
_SPELLING = str.maketrans("ıəƏ–—‐−‚„•×ʻʼ′″", "ieE----,“·x‘’’”") | {
    ord(letter): spelled
    for letter, spelled in (
        *(("ß", "ss"), ("ẞ", "SS"), ("æ", "ae"), ("Æ", "AE"), ("œ", "oe"), ("Œ", "OE")),
        *(("þ", "th"), ("Þ", "Th"), ("ŋ", "ng"), ("ø", "o\u0338"), ("Ø", "O\u0338")),
        *(("ł", "l\u0337"), ("Ł", "L\u0337"), ("đ", "d\u0335"), ("Đ", "D\u0335")),
        *(("ð", "d\u0335"), ("Ð", "D\u0335"), ("ħ", "h\u0335")),
    )
}
HORN = "\u031b"
_Stroke = tuple[tuple[float, float], ...]
_ABOVE: Mapping[str, tuple[_Stroke, ...]] = {
    "\u0300": (((-0.11, -0.2), (0.04, -0.08)),),
    "\u0301": (((0.11, -0.2), (-0.04, -0.08)),),
    "\u0302": (((-0.14, -0.08), (0, -0.19), (0.14, -0.08)),),
    "\u0303": (((-0.16, -0.09), (-0.07, -0.16), (0.07, -0.1), (0.16, -0.17)),),
    "\u0304": (((-0.15, -0.13), (0.15, -0.13)),),
    "\u0306": (((-0.14, -0.19), (-0.07, -0.1), (0.07, -0.1), (0.14, -0.19)),),
    "\u0307": (((0, -0.13),),),
    "\u0308": (((-0.11, -0.13),), ((0.11, -0.13),)),
    "\u0309": (((-0.05, -0.2), (0.05, -0.19), (0.04, -0.13), (0, -0.08)),),
    "\u030a": (((0, -0.22), (0.08, -0.14), (0, -0.06), (-0.08, -0.14), (0, -0.22)),),
    "\u030b": (((0, -0.2), (-0.1, -0.08)), ((0.16, -0.2), (0.06, -0.08))),
    "\u030c": (((-0.14, -0.19), (0, -0.08), (0.14, -0.19)),),
    HORN: (((0.2, -0.1), (0.24, 0.0), (0.16, 0.08)),),
}
"""Strokes of an accent in ems from the top of its letter."""
_BELOW: Mapping[str, tuple[_Stroke, ...]] = {
    "\u0323": (((0, 0.14),),),
    "\u0326": (((0.02, 0.12), (-0.03, 0.22)),),
    "\u0327": (((0, 0.02), (0.06, 0.12), (0, 0.19), (-0.08, 0.18)),),
    "\u0328": (((0.1, 0.02), (0.03, 0.12), (0.07, 0.19), (0.14, 0.18)),),
    "\u0331": (((-0.15, 0.12), (0.15, 0.12)),),
    "\u0335": (((-0.05, -0.6), (0.3, -0.6)),),
    "\u0337": (((-0.13, -0.3), (0.13, -0.43)),),
    "\u0338": (((-0.24, 0.04), (0.24, -0.58)),),
}
"""The same from the line that letters stand on."""


def spelled(text: str) -> Letters:
    """The text as far as it can be drawn; nothing when most of it cannot."""
    letters: list[tuple[str, str]] = []
    lost = 0
    is_kept = False
    for one in unicodedata.normalize("NFKD", text.translate(_SPELLING).replace("…", "\x00")):
        if unicodedata.combining(one):
            if is_kept and (one in _ABOVE or one in _BELOW):
                letters[-1] = (letters[-1][0], letters[-1][1] + one)
            continue
        sign = "…" if one == "\x00" else " " if one.isspace() else one
        is_kept = sign in _OWN and (sign != " " or bool(letters and letters[-1][0] != " "))
        if is_kept:
            letters.append((sign, ""))
        lost += sign not in _OWN and unicodedata.category(sign)[0] in "LN"
    while letters and letters[-1][0] == " ":
        letters.pop()
    return tuple(letters) if lost <= sum(sign.isalnum() for sign, _ in letters) else ()


def short(letters: Letters, size: int, most: float) -> Letters:
    """Cut with … to so many pixels."""
    if length(letters, size) <= most:
        return letters
    room = most - length((("…", ""),), size)
    kept = bisect_right(range(len(letters)), room, key=lambda n: length(letters[: n + 1], size))
    while kept and not letters[kept - 1][0].isalnum():
        kept -= 1
    return (*letters[:kept], ("…", ""))


def length(letters: Letters, size: int) -> float:
    """How long they are, in pixels."""
    return font(size * SMOOTH).getlength("".join(sign for sign, _ in letters)) / SMOOTH


def write(
    image: Image.Image, at: tuple[float, float], letters: Letters, size: int, colour: Colour
) -> None:
    """Letters from `at` to the right, their capitals centred on it."""
    mask, (left, up) = _mask(letters, size)
    x, y = round(at[0] - left), round(at[1] - up)
    image.paste(colour, (x, y, x + mask.width, y + mask.height), mask)


@lru_cache(maxsize=128)
def _mask(letters: Letters, size: int) -> tuple[Image.Image, tuple[float, float]]:
    """The drawn letters, and where in them the left end of the middle of the capitals is."""
    from PIL import Image, ImageDraw

    em = size * SMOOTH
    face, text = font(em), "".join(sign for sign, _ in letters)
    margin, base = em // 2, round(1.25 * em)
    width = int(face.getlength(text)) + 2 * margin
    mask = Image.new("L", (width // SMOOTH * SMOOTH + SMOOTH, em * 7 // 4 // SMOOTH * SMOOTH))
    pen = ImageDraw.Draw(mask)
    pen.text((margin, base), text, 255, face, anchor="ls")
    for n, (sign, accents) in enumerate(letters):
        if not accents:
            continue
        left, top, right, _ = face.getbbox(sign, anchor="ls")
        x = margin + face.getlength(text[:n])
        if sign in "ij" and any(accent in _ABOVE for accent in accents):  # Without its dot.
            x_top = face.getbbox("x", anchor="ls")[1]
            pen.rectangle((x + left - 1, base + top - 1, x + right + 1, base + x_top - em // 50), 0)
            top = x_top
        for accent in accents:
            strokes = _ABOVE.get(accent)
            y = base + top if strokes else base
            _strokes(pen, (x + (left + right) / 2, y), strokes or _BELOW[accent], em)
            top -= 0.16 * em if strokes and accent != HORN else 0
    return mask.reduce(SMOOTH), (margin / SMOOTH, (base - 0.36 * em) / SMOOTH)


def _strokes(
    pen: ImageDraw.ImageDraw, at: tuple[float, float], strokes: Iterable[_Stroke], em: int
) -> None:
    for stroke in strokes:
        points = [(at[0] + x * em, at[1] + y * em) for x, y in stroke]
        pen.line(points, 255, round(0.065 * em))
        wide = (0.033 if len(points) > 1 else 0.055) * em
        for x, y in points:
            pen.ellipse((x - wide, y - wide, x + wide, y + wide), 255)


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The built-in font in a size of pixels."""
    from PIL import ImageFont

    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # noqa: S101 - every wheel of Pillow has FreeType
    return font
