"""Which rounds a click may name."""

from __future__ import annotations

from contextlib import suppress

from bot.kit.clicks.gate import guards, is_of, lets_through
from bot.kit.discord.interactions import Interaction, person_of, services_of
from bot.kit.refusals import DojoError, NotHere
from bot.rounds.model.refusals import NoRound
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.people import RoundPeople

# A person belongs to the round.
lets_through("person_id")


@guards("round_id")
async def _round(interaction: Interaction, round_id: int, is_own: bool) -> None:  # noqa: FBT001
    round_ = await services_of(interaction)[LiveRounds].read(round_id)
    seat = round_.seat_of(interaction.user.id)
    if seat is not None and seat.doubted_at is not None:
        await _answer_doubt(interaction, round_id)
    if is_of(interaction, round_.guild_id):
        return
    if seat is None:
        raise NoRound(is_over=True)
    if not is_own:
        raise NotHere


async def _answer_doubt(interaction: Interaction, round_id: int) -> None:
    with suppress(DojoError):
        await services_of(interaction)[RoundPeople].still_here(round_id, person_of(interaction))
