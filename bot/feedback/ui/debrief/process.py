"""What a facilitator sees of feedback: how far it is, and no content until it is shared."""

from __future__ import annotations

from collections.abc import Sequence

from bot.feedback.actions import SHOW_SHARED
from bot.feedback.model.debriefs import Shared
from bot.feedback.service.debriefs import Process
from bot.kit.discord.cards import Part, card, row
from bot.kit.discord.interactions import View
from bot.kit.discord.text import plural
from bot.rounds.model.round import Round
from bot.rounds.ui.shared import mention

ACCENT = 0x6B7280


def process_card(round_: Round, found: Sequence[Process]) -> View:
    """How far the feedback of a round is, for each of its coaches."""
    parts: list[Part] = ["### 🧭 How far the feedback is"]
    parts += [f"**{mention(one.coach_user_id)}**\n{_lines(one)}" for one in found]
    if not found:
        parts.append("Nobody has coached in this round yet.")
    shared = [one for one in found if one.shared is not Shared.NOTHING]
    if shared:
        buttons = [
            SHOW_SHARED.button(round_id=round_.id, coach_id=one.coach_user_id) for one in shared
        ]
        parts.append(row(*buttons[:5]))
    parts.append("-# Notes belong to the coach. You see them when the coach shares them.")
    return card(*parts, accent=ACCENT)


def _lines(one: Process) -> str:
    # A person without notes looks like one who has not handed in.
    sheets = f"{one.handed_in} of {plural(one.observers, 'sheet')} of observers in"
    if not one.observers:
        sheets = "nobody observes"
    return "\n".join(
        (
            f"- {sheets}",
            f"- own view: {'in, or skipped' if one.has_own_view else 'not yet'}",
            f"- feedback: {'opened' if one.is_released else 'not opened yet'}",
        )
    )
