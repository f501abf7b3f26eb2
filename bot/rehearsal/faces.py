"""Pictures of the people: initials on a colour, painted here so that nothing is downloaded."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

__all__ = ["bot_face", "face"]

_SIZE = 128
_COLOURS = (
    "#3b7a78", "#b4583a", "#5a6fae", "#8a5a8c", "#4f7d3c", "#a8742a", "#32748f", "#a04a61",
    "#63703a", "#6a5a9e",
)  # fmt: skip


@cache
def face(name: str, index: int) -> bytes:
    """A square PNG with the first letter of ``name``; ``index`` chooses the colour."""
    image = Image.new("RGB", (_SIZE, _SIZE), _COLOURS[index % len(_COLOURS)])
    draw = ImageDraw.Draw(image)
    draw.text((_SIZE / 2, _SIZE / 2 + 2), name[:1].upper(), "white", _font(66), anchor="mm")
    return _png(image)


@cache
def bot_face() -> bytes:
    """The bot's PNG: an open circle, as if painted with one stroke of a brush."""
    scale = 4  # Pillow's arcs have hard edges; painted large and scaled down they are smooth.
    large = Image.new("RGB", (_SIZE * scale, _SIZE * scale), "#22302f")
    draw = ImageDraw.Draw(large)
    margin = 26 * scale
    box = (margin, margin, _SIZE * scale - margin, _SIZE * scale - margin)
    steps = 270
    for step in range(steps):  # The brush runs dry towards the end of the stroke.
        width = int(scale * (13 - 8 * step / steps))
        draw.arc(box, 120 + step * 1.2, 122 + step * 1.2, fill="#e9dcc3", width=width)
    return _png(large.resize((_SIZE, _SIZE), Image.Resampling.LANCZOS))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
