"""What an observer has of their notes once the coach has them."""

from __future__ import annotations

from bot.content.model.content import Content
from bot.feedback.actions import MY_SHEET
from bot.feedback.service.debriefs import DebriefService, OwnNotes
from bot.feedback.service.pads import Pad
from bot.feedback.ui.notes.words import note_line
from bot.kit.discord.cards import Part, card, row
from bot.kit.discord.interactions import Interaction, View, services_of
from bot.kit.discord.text import cut, plural
from bot.rounds.model.round import is_coaching_over

ACCENT = 0x6B5BA8
MOST_LINES = 25


async def released_view(interaction: Interaction, pad: Pad, content: Content) -> View | None:
    """What became of the person's notes; None while they can still change them."""
    if not is_coaching_over(pad.round):
        return None
    debriefs = services_of(interaction)[DebriefService]
    own = await debriefs.own_notes(pad.round.id, interaction.user.id)
    return handed_over_card(pad, own, content) if own.is_released else None


def handed_over_card(pad: Pad, own: OwnNotes, content: Content) -> View:
    """Their own notes, how many others noted too, and what the coach said of all together."""
    lines = [f"- {cut(note_line(note, pad.listed, content), 240)}" for note in own.notes]
    parts: list[Part] = [
        "### 📝 My notes are with the coach",
        "Thank you for watching so closely. "
        + (
            "They can no longer be changed."
            if lines
            else "Of yours none are kept: you took none, or they have been erased."
        ),
    ]
    if lines:
        more = len(lines) - MOST_LINES
        shown = lines[:MOST_LINES] + ([f"-# and {plural(more, 'note')} more"] if more > 0 else [])
        parts.append(cut("\n".join(shown), 3_200))
    said = _said(own)
    if said:
        parts.append("\n".join(f"-# {one}" for one in said))
    # A sheet that is not handed in can be, for a while; after that it is shown.
    parts.append(row(MY_SHEET.button(round_id=pad.round.id)))
    return card(*parts, accent=ACCENT)


def _said(own: OwnNotes) -> list[str]:
    said: list[str] = []
    if own.has_others and own.notes:
        count = len(own.notes)
        said.append(
            f"Others noted {own.matched} of your {plural(count, 'note')} as well. What one sees and"
            " another does not is worth a talk."
        )
    if own.helpful:
        said.append(f"The coach says that {own.helpful} of them helped.")
    if own.unclear:
        said.append(f"{own.unclear} {'was' if own.unclear == 1 else 'were'} unclear to the coach.")
    return said
