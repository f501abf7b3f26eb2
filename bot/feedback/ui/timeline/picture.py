"""A coaching round as a time line: a picture for the coach's debrief.

A lane for each code that was noted: partnering above its line, the signal below. Shape, place and
a legend repeat what colour says. No totals and no score: what was noted, when, by how many.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.feedback.ui.notes.words import clock
from bot.feedback.ui.timeline.letters import Colour, drawable, font, length, short, write
from bot.feedback.ui.timeline.words import (
    Mark,
    PhaseMark,
    TimeLine,
    code_order,
    name_of_side,
    order,
    side_words,
)

if TYPE_CHECKING:
    # Imported when a picture is painted, not when the bot starts: many bots never paint one.
    from PIL import Image, ImageDraw

WIDTH = 1_200
"""Pixels. Discord shows a picture at about half of that: letters are twice as large here."""

# A background of its own, so that it looks the same in Discord's dark and light themes.
GROUND: Colour = (35, 40, 48)
BAND: Colour = (44, 50, 60)
FLAG: Colour = (60, 68, 81)
LINE: Colour = (74, 83, 98)
POLE: Colour = (124, 134, 151)
TEXT: Colour = (233, 231, 226)
QUIET: Colour = (174, 182, 194)
PARTNERING: Colour = (127, 209, 191)
PULLED: Colour = (244, 176, 140)
INK: Colour = (22, 38, 36)
"""The colour of a number in a partnering mark."""

CORNER = 28
EDGE = 32
NAMES = 104
LEFT, RIGHT = 496, 1_136
"""Where the coaching begins and ends."""
ROW = 46
GAP = 12
SPACE = 3
"""Pixels between two marks."""
NUDGE = 12
"""Pixels that a mark may move along the line before it is put above another."""
MOST_LEVELS = 7
"""Marks above each other; more are moved along the line, until that is full as well."""
SMOOTH = 4
"""Pillow paints shapes with hard edges: they are painted this much larger and then scaled down."""
FLAG_SIZE = 21
FLAG_ROW = 36
MOST_FLAG_ROWS = 6

TICKS = (15, 30, 60, 120, 180, 300, 600, 900, 1_800, 3_600)
"""Seconds between two times on the axis."""
MOST_TICKS = 6


# --- where everything goes ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Placed:
    """A mark with the pixels of its centre from the left and from the lane's line."""

    mark: Mark
    x: float
    away: float


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of one lane."""

    placed: tuple[_Placed, ...] = ()
    height: int = ROW


def _radius(mark: Mark) -> int:
    """Half the width of a mark in pixels."""
    size = min(max(mark.observers, 1), 3) - 1
    return (10, 15, 19)[size] if mark.is_partnering else (13, 18, 22)[size]


def _side_of_lane(marks: Iterable[Mark], span: float) -> _Side:
    """The marks at their times, above each other where they are close.

    Where the pile would be too high they move along the line, no further than they must.
    """
    ordered = sorted(marks, key=order)
    needed = sum(2 * _radius(mark) + SPACE for mark in ordered) * 1.1 / (RIGHT - LEFT)
    ends = [float("-inf")] * max(MOST_LEVELS, int(needed) + 1)
    levels: list[list[tuple[Mark, float]]] = [[] for _ in ends]
    for mark in ordered:
        wanted, radius = _x(mark.at, span), _radius(mark)
        free = (n for n, end in enumerate(ends) if end + radius <= wanted + NUDGE)
        level = next(free, ends.index(min(ends)))
        x = max(wanted, ends[level] + radius)
        levels[level].append((mark, x))
        ends[level] = x + radius + SPACE
    placed: list[_Placed] = []
    height = 0.0
    for row in filter(None, levels):
        tall = 2 * max(_radius(mark) for mark, _ in row) + SPACE if height else ROW
        most = float(RIGHT + EDGE - 8)
        for mark, x in reversed(row):
            radius = _radius(mark)
            x = min(x, most - radius)
            placed.append(_Placed(mark, x, height + tall / 2))
            most = x - radius - SPACE
        height += tall
    return _Side(tuple(placed), round(height) + 6 if height > ROW else ROW)


def _x(at: timedelta, span: float) -> float:
    part = min(max(at.total_seconds() / span, 0.0), 1.0)
    return LEFT + part * (RIGHT - LEFT)


def _ticks(span: float) -> list[int]:
    step = next((one for one in TICKS if span / one <= MOST_TICKS), int(span / MOST_TICKS) + 1)
    return list(range(0, int(span) + 1, step))


@dataclass(frozen=True, slots=True)
class _Flag:
    """A phase that was heard: a pole at its time, and a flag with the word beside it."""

    x: float
    left: float
    width: float
    letters: str
    row: int | None


# --- the picture --------------------------------------------------------------------------------


def paint(line: TimeLine) -> bytes:
    """The picture as a PNG, 1,200 pixels wide, the same for equal lines. Call it in a thread."""
    from PIL import Image, ImageDraw

    span = max(line.coached.total_seconds(), *(m.at.total_seconds() for m in line.marks), 1.0)
    sides: dict[tuple[str, bool], list[Mark]] = {}
    for mark in line.marks:
        sides.setdefault((mark.lane, mark.is_partnering), []).append(mark)
    codes = sorted({mark.lane for mark in line.marks}, key=code_order)
    lanes = [
        [_side_of_lane(sides.get((code, side), ()), span) for side in (True, False)]
        for code in codes
    ] or [[_Side(), _Side()]]
    flags = _flags(line.phases, span)
    rows = max((1 + (flag.row or 0) for flag in flags), default=0)
    top = EDGE + FLAG_ROW * rows
    bottom = top + sum(above.height + below.height + GAP for above, below in lanes)
    height = bottom + 108

    image = Image.new("RGB", (WIDTH, height), GROUND)
    pen = ImageDraw.Draw(image)
    middles: list[int] = []
    y = top
    for above, below in lanes:
        end = y + above.height + below.height
        pen.rounded_rectangle((EDGE - 12, y, WIDTH - EDGE + 12, end), 14, BAND)
        middles.append(y + above.height)
        y = end + GAP
    _paint_axis(image, pen, line.coached, span, (top, bottom))
    _paint_flags(image, pen, flags, bottom - GAP)
    if not codes:
        write(image, (EDGE + 8, middles[0]), drawable("Nothing was noted."), 26, QUIET)
    for code, two, middle in zip(codes, lanes, middles, strict=False):
        pen.line((NAMES, middle, WIDTH - EDGE, middle), LINE, 2)
        sign, room = drawable(code), NAMES - EDGE - 10
        size = next((size for size in (32, 26, 22) if length(sign, size) <= room), 17)
        write(image, (EDGE + 4, middle), sign, size, TEXT)
        for is_partnering, side in zip((True, False), two, strict=True):
            up = -1 if is_partnering else 1
            name = short(drawable(name_of_side(line, code, is_partnering)), 23, LEFT - NAMES - 36)
            write(image, (NAMES, middle + up * ROW // 2), name, 23, TEXT)
            for one in side.placed:
                _stamp(image, one.mark, one.x, middle + up * one.away)
    _paint_legend(image, line, height - 38)
    return _png(image)


def _flags(phases: Iterable[PhaseMark], span: float) -> list[_Flag]:
    """No flag hides another; a repeated word, or one without room, has only its pole."""
    last = ""
    ends = [float("-inf")] * MOST_FLAG_ROWS
    flags: list[_Flag] = []
    for phase in sorted(phases, key=lambda one: (one.at, one.label)):
        x = _x(phase.at, span)
        letters = short(drawable(phase.label), FLAG_SIZE, 180)
        width = length(letters, FLAG_SIZE) + 20
        left = min(x, WIDTH - EDGE + 12 - width)
        free = (n for n, end in enumerate(ends) if end <= left)
        row = next(free, None) if letters and phase.label != last else None
        if row is not None:
            ends[row] = left + width + 6
            last = phase.label
        flags.append(_Flag(x, left, width, letters, row))
    return flags


def _paint_flags(
    image: Image.Image, pen: ImageDraw.ImageDraw, flags: Sequence[_Flag], bottom: int
) -> None:
    lowest = max((flag.row or 0 for flag in flags), default=0)
    for flag in flags:  # Poles first: a flag covers the pole of another.
        _paint_pole(
            pen, flag.x, EDGE + FLAG_ROW * (lowest if flag.row is None else flag.row), bottom
        )
    for flag in flags:
        if flag.row is not None:
            y = EDGE + FLAG_ROW * flag.row
            box = (round(flag.left), y - 15, round(flag.left + flag.width), y + 15)
            pen.rounded_rectangle(box, 6, FLAG)
            write(image, (flag.left + 10, y), flag.letters, FLAG_SIZE, TEXT)


def _paint_pole(pen: ImageDraw.ImageDraw, x: float, top: int, bottom: int) -> None:
    for y in range(top, bottom, 12):
        pen.line((round(x), y, round(x), min(y + 5, bottom)), POLE, 2)


def _paint_axis(
    image: Image.Image,
    pen: ImageDraw.ImageDraw,
    coached: timedelta,
    span: float,
    ends: tuple[int, int],
) -> None:
    top, bottom = ends
    for tick in _ticks(span):
        at = timedelta(seconds=tick)
        x = round(_x(at, span))
        pen.line((x, top, x, bottom - GAP + 8), LINE, 1)
        letters = drawable(clock(at))
        write(image, (x - length(letters, 22) / 2, bottom + 16), letters, 22, QUIET)
    x = round(_x(coached, span))
    pen.line((x, top, x, bottom - GAP + 8), LINE, 3)


def _paint_legend(image: Image.Image, line: TimeLine, y: int) -> None:
    """What the shapes mean."""
    from PIL import ImageDraw

    none = timedelta()
    x = float(EDGE + 8)
    items = [
        (Mark(none, "", is_partnering=True, observers=1), side_words(is_partnering=True)),
        (Mark(none, "", is_partnering=False, observers=1), side_words(is_partnering=False)),
    ]
    if any(mark.observers > 1 for mark in line.marks):
        items.append((Mark(none, "", is_partnering=True, observers=2), "noted by two"))
    for mark, words in items:
        x += _radius(mark)
        _stamp(image, mark, x, y)
        x += _radius(mark) + 10
        letters = drawable(words)
        write(image, (x, y), letters, 22, QUIET)
        x += length(letters, 22) + 34
    if line.phases:
        _paint_pole(ImageDraw.Draw(image), x, y - 14, y + 14)
        write(image, (x + 14, y), drawable("phase heard"), 22, QUIET)


@lru_cache(maxsize=64)
def _sprite(radius: int, number: str, *, is_partnering: bool) -> Image.Image:
    """A mark, ready to be pasted: a full circle or an open diamond."""
    from PIL import Image, ImageDraw

    colour = PARTNERING if is_partnering else PULLED
    size = (2 * radius + 2) * SMOOTH
    image = Image.new("RGBA", (size, size), (*colour, 0))
    pen = ImageDraw.Draw(image)
    centre, far = size / 2, radius * SMOOTH
    if is_partnering:
        pen.ellipse((centre - far, centre - far, centre + far, centre + far), colour)
    else:
        for reach, fill in ((far, colour), (far - 4.2 * SMOOTH, BAND)):
            corners = [(0, -reach), (reach, 0), (0, reach), (-reach, 0)]
            pen.polygon([(centre + x, centre + y) for x, y in corners], fill)
    if number:
        face = font((21 if len(number) < 2 else 17) * SMOOTH)
        pen.text((centre, centre), number, INK if is_partnering else TEXT, face, anchor="mm")
    return image.reduce(SMOOTH)


def _stamp(image: Image.Image, mark: Mark, x: float, y: float) -> None:
    number = "" if mark.observers < 2 else str(min(mark.observers, 99))
    sprite = _sprite(_radius(mark), number, is_partnering=mark.is_partnering)
    image.paste(sprite, (round(x - sprite.width / 2), round(y - sprite.height / 2)), sprite)


def _png(image: Image.Image) -> bytes:
    """The picture with round corners, transparent outside."""
    from PIL import Image

    alpha = Image.new("L", image.size, 255)
    round_ = _disc(CORNER)
    for x in (0, 1):
        for y in (0, 1):
            part = (x * CORNER, y * CORNER, (x + 1) * CORNER, (y + 1) * CORNER)
            at = (x * (image.width - CORNER), y * (image.height - CORNER))
            alpha.paste(round_.crop(part), at)
    image.putalpha(alpha)
    file = io.BytesIO()
    # A palette is written in a tenth of the time that all colours take, and is half as large.
    few = image.quantize(128, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(file, "PNG", compress_level=3)
    return file.getvalue()


@lru_cache(maxsize=1)
def _disc(radius: int) -> Image.Image:
    from PIL import Image, ImageDraw

    size = 2 * radius * SMOOTH
    disc = Image.new("L", (size, size))
    ImageDraw.Draw(disc).ellipse((0, 0, size - 1, size - 1), 255)
    return disc.reduce(SMOOTH)
