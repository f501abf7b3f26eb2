"""Which gatherings a click may name."""

from __future__ import annotations

from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.live import LiveGatherings
from bot.kit.clicks.gate import guards, is_of
from bot.kit.discord.interactions import Interaction, services_of


@guards("gathering_id")
async def _gathering(interaction: Interaction, gathering_id: int, _: bool) -> None:  # noqa: FBT001
    gathering = await services_of(interaction)[LiveGatherings].read(gathering_id)
    if gathering is None or not is_of(interaction, gathering.guild_id):
        raise CannotGather("over")
