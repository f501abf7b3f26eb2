"""Opens the form for a coach's focus, filled in with what they wanted to try last time."""

from __future__ import annotations

from bot.feedback.service.debriefs import DebriefService
from bot.kit.discord.answers import show_form
from bot.kit.discord.interactions import Interaction, services_of
from bot.rounds.actions import FOCUS
from bot.rounds.model.moves import check_is_coach
from bot.rounds.service.live import LiveRounds
from bot.rounds.ui.focus import focus_form
from bot.rounds.ui.shared import content_of


@FOCUS.pressed
async def ask_for_focus(interaction: Interaction, round_id: int) -> None:
    """Open the form for the coach, filled in with what they wanted to try last time."""
    services = services_of(interaction)
    round_ = services[LiveRounds].get(round_id)
    seat = check_is_coach(round_, interaction.user.id)
    content = await content_of(interaction, round_)
    debriefs = services[DebriefService]
    last = "" if seat.wish else await debriefs.last_try(interaction.user.id, round_.guild_id)
    form = focus_form(round_id, seat, content, seat.wish or last, is_from_last=bool(last))
    await show_form(interaction, form)
