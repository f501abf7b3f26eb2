"""The signal cards: both sides of each code, what to look and listen for."""

from __future__ import annotations

from bot.content.model.content import Content
from bot.content.model.signals import Signal
from bot.guide.actions import SIGNALS_PAGE
from bot.kit.discord.answers import redraw
from bot.kit.discord.cards import Part, card, line, turning
from bot.kit.discord.interactions import Interaction, View
from bot.kit.discord.text import paged, safe
from bot.questions.ui.place import place_of

ACCENT = 0x8A6F5C
SIGNALS_A_PAGE = 3


def signal_text(signal: Signal) -> str:
    """One code: partnering first, then its signal, then how to tell."""
    lines = [
        f"### {signal.code} · {safe(signal.name)}",
        safe(signal.short),
        f"👁️ **Looks like:** {safe(signal.looks)}",
        f"👂 **Listen for:** {safe(signal.listen)}",
        f"🤝 **{safe(signal.counterpart.name)}:** {safe(signal.counterpart.text)}",
    ]
    if signal.tie_break:
        lines.append(f"-# In doubt: {safe(signal.tie_break)}")
    if signal.markers:
        lines.append(f"-# Related to PCC Markers {', '.join(signal.markers)}")
    return "\n".join(lines)


def signals_card(content: Content, page: int = 0) -> View:
    """The signals of a dojo, a few on a page."""
    texts = [signal_text(signal) for signal in content.signals.signals]
    pages = paged(texts, most_text=3_400, most_blocks=SIGNALS_A_PAGE)
    page = min(max(page, 0), len(pages) - 1)
    parts: list[Part] = [
        "## Signals and their counterparts",
        (
            "-# 🤝 is the partnering side. Note what was said and done, not what someone is;"
            " when in doubt, only the words and the time."
        ),
    ]
    for text in pages[page]:
        parts += [line(), text]
    if len(pages) > 1:
        parts += [
            line(),
            f"-# Page {page + 1} of {len(pages)}",
            *turning(page, len(pages), lambda to, label: SIGNALS_PAGE.button(page=to, label=label)),
        ]
    return card(*parts, accent=ACCENT)


@SIGNALS_PAGE.pressed
async def show_signals_page(interaction: Interaction, page: int) -> None:
    """Show another page of the signal cards."""
    place = await place_of(interaction)
    await redraw(interaction, signals_card(place.content, page))
