"""Opens the form for a coach's focus, filled in with what they wanted to try last time."""

from __future__ import annotations

from bot.feedback.service.debriefs import DebriefService
from bot.kit.discord.answers import show_form
from bot.kit.discord.interactions import Interaction, person_of, services_of
from bot.rounds.actions import FOCUS
from bot.rounds.ui.focus import focus_form
from bot.rounds.ui.shared import content_of, rounds_of


@FOCUS.pressed
async def ask_for_focus(interaction: Interaction, round_id: int) -> None:
    """Open the form for the coach, filled in with what they wanted to try last time."""
    rounds = rounds_of(interaction)
    round_ = rounds.kept.get(round_id)
    seat = rounds.check_is_coach(round_, person_of(interaction))
    content = await content_of(interaction, round_)
    debriefs = services_of(interaction)[DebriefService]
    last = "" if seat.wish else await debriefs.last_try(interaction.user.id, round_.guild_id)
    form = focus_form(round_id, seat, content, seat.wish or last, is_from_last=bool(last))
    await show_form(interaction, form)
