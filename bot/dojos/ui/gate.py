"""Which dojos and channels a click may name."""

from __future__ import annotations

from bot.dojos.model.refusals import DojoUnknown
from bot.dojos.service.dojos import DojoService
from bot.dojos.ui.places import dojo_channel
from bot.kit.clicks.gate import guards, is_of
from bot.kit.discord.interactions import Interaction, bot_is_here, services_of
from bot.kit.refusals import NotHere


@guards("dojo_id")
async def _dojo(interaction: Interaction, dojo_id: int, _: bool) -> None:  # noqa: FBT001
    dojo = services_of(interaction)[DojoService].by_id(dojo_id)
    if dojo is None or not is_of(interaction, dojo.guild_id):
        raise DojoUnknown(interaction.channel_id or 0)


@guards("channel_id")
async def _channel(interaction: Interaction, channel_id: int, _: bool) -> None:  # noqa: FBT001
    """A channel is set up from inside it, or from one of its threads."""
    if not bot_is_here(interaction) or channel_id != dojo_channel(interaction):
        raise NotHere
