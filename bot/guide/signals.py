"""The signals: both sides of each code in short, and cards with what to look and listen for."""

from __future__ import annotations

from bot.content.model.content import Content
from bot.content.model.signals import Signal
from bot.guide.actions import SIGNALS_NOW, SIGNALS_PAGE, SIGNALS_SHORT
from bot.kit.discord.answers import redraw, reply
from bot.kit.discord.cards import Part, card, line, row, turning
from bot.kit.discord.interactions import Interaction, View
from bot.kit.discord.text import paged, safe
from bot.questions.ui.place import place_of
from bot.rounds.ui.words import PARTNERING, SIGNAL

ACCENT = 0x8A6F5C
SIGNALS_A_PAGE = 3
HOW_TO_NOTE = (
    "Note what was said and done, not what someone is; when in doubt, only the words and the time."
)


def signal_text(signal: Signal) -> str:
    """One code: partnering first, then its signal, then how to tell."""
    lines = [
        f"### {signal.code} · {PARTNERING} {safe(signal.counterpart.name)}",
        safe(signal.counterpart.text),
        f"{SIGNAL} **{safe(signal.name)}:** {safe(signal.short)}",
        f"👁️ **Looks like:** {safe(signal.looks)}",
        f"👂 **Listen for:** {safe(signal.listen)}",
    ]
    if signal.tie_break:
        lines.append(f"-# In doubt: {safe(signal.tie_break)}")
    if signal.markers:
        lines.append(f"-# Related to PCC Markers {', '.join(signal.markers)}")
    return "\n".join(lines)


def short_card(content: Content) -> View:
    """The signals of a dojo, a line each, partnering first."""
    lines = [
        # The symbol stays with its name where the line breaks.
        f"**{one.code}** {PARTNERING}\N{NO-BREAK SPACE}{safe(one.counterpart.name)}"
        f" · {SIGNAL}\N{NO-BREAK SPACE}{safe(one.name)}"
        for one in content.signals.signals
    ]
    return card(
        f"## {PARTNERING} Partnering and {SIGNAL} signals",
        "\n".join(lines),
        f"-# {HOW_TO_NOTE}",
        row(SIGNALS_PAGE.button(page=0)),
        accent=ACCENT,
    )


def signals_card(content: Content, page: int = 0) -> View:
    """The signals of a dojo with how to tell, a few on a page."""
    texts = [signal_text(signal) for signal in content.signals.signals]
    pages = paged(texts, most_text=3_400, most_blocks=SIGNALS_A_PAGE)
    page = min(max(page, 0), len(pages) - 1)
    parts: list[Part] = [
        f"## {PARTNERING} Partnering and {SIGNAL} signals: how to tell",
        f"-# {HOW_TO_NOTE}",
    ]
    for text in pages[page]:
        parts += [line(), text]
    parts.append(line())
    if len(pages) > 1:
        parts += [
            f"-# Page {page + 1} of {len(pages)}",
            *turning(
                page,
                len(pages),
                lambda to, label: SIGNALS_PAGE.button(page=to, label=label, emoji=""),
            ),
        ]
    parts.append(row(SIGNALS_SHORT.button()))
    return card(*parts, accent=ACCENT)


@SIGNALS_NOW.pressed
async def show_signals(interaction: Interaction) -> None:
    """Show them in short to the person who pressed, beside the card it was pressed on."""
    place = await place_of(interaction)
    await reply(interaction, short_card(place.content))


@SIGNALS_PAGE.pressed
async def show_signals_page(interaction: Interaction, page: int) -> None:
    """Show another page of the signal cards."""
    place = await place_of(interaction)
    await redraw(interaction, signals_card(place.content, page))


@SIGNALS_SHORT.pressed
async def show_short(interaction: Interaction) -> None:
    """Show all signals in short again."""
    place = await place_of(interaction)
    await redraw(interaction, short_card(place.content))
