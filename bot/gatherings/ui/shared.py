"""What every button of a gathering begins with: which gathering is meant, and who is who."""

from __future__ import annotations

from bot.content.model.content import Content
from bot.gatherings.model.gathering import Gathering
from bot.gatherings.model.plan import Plan
from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.joining import GatheringService
from bot.kit.discord.interactions import Interaction, person_of, services_of


def gatherings_of(interaction: Interaction) -> GatheringService:
    """The bot's gatherings."""
    return services_of(interaction)[GatheringService]


async def gathering_of(interaction: Interaction, gathering_id: int) -> Gathering:
    """A gathering, also one that is over. Raises CannotGather when nothing is known of it."""
    gathering = await gatherings_of(interaction).kept.read(gathering_id)
    if gathering is None:
        raise CannotGather("over")
    return gathering


def facilitated(interaction: Interaction, gathering_id: int) -> Gathering:
    """A gathering that is going on, for those who look after it.

    Raises CannotGather when it is over, NotFacilitator for others.
    """
    gatherings = gatherings_of(interaction)
    gathering = gatherings.kept.get(gathering_id)
    gatherings.check_facilitates(gathering, person_of(interaction))
    return gathering


async def words_of(interaction: Interaction, gathering: Gathering) -> tuple[Content, Plan]:
    """The words of its dojo, and how the evening goes as it is planned."""
    gatherings = gatherings_of(interaction)
    return await gatherings.content_of(gathering), await gatherings.plan_of(gathering)
