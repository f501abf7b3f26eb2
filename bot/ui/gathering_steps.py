"""What every button of a gathering begins with: which gathering is meant, and who is who."""

from __future__ import annotations

from typing import Any

import discord

from bot.domain.content import Content
from bot.domain.errors import CannotGather
from bot.domain.gatherings import Gathering
from bot.domain.planner import Plan
from bot.services.gatherings import GatheringService
from bot.ui.answers import defer
from bot.ui.components import DojoButton, leading_to
from bot.ui.interactions import Interaction, person_of, services_of

GATHER = r"gather:(?P<gathering_id>\d{1,19})"
"""What the custom ids of a gathering's buttons begin with."""


def gatherings_of(interaction: Interaction) -> GatheringService:
    """The bot's gatherings."""
    return services_of(interaction).gatherings


async def gathering_of(interaction: Interaction, gathering_id: int) -> Gathering:
    """A gathering, also one that is over. Raises CannotGather when nothing is known of it."""
    gathering = await gatherings_of(interaction).kept.read(gathering_id)
    if gathering is None:
        raise CannotGather("over")
    return gathering


def facilitated(interaction: Interaction, gathering_id: int) -> Gathering:
    """A gathering that is going on, for those who look after it.

    Raises CannotGather when it is over, NotAllowed for others.
    """
    gatherings = gatherings_of(interaction)
    gathering = gatherings.kept.get(gathering_id)
    gatherings.check_facilitates(gathering, person_of(interaction))
    return gathering


async def words_of(interaction: Interaction, gathering: Gathering) -> tuple[Content, Plan]:
    """The words of its dojo, and how the evening goes as it is planned."""
    gatherings = gatherings_of(interaction)
    return await gatherings.content_of(gathering), await gatherings.plan_of(gathering)


def is_private(interaction: Interaction) -> bool:
    """Whether what was clicked is seen by nobody else."""
    return interaction.message is not None and interaction.message.flags.ephemeral


async def wait_for(interaction: Interaction) -> None:
    """Answer later: in the place of a private card, else as a private card of its own."""
    if is_private(interaction):
        await defer(interaction)
    else:
        await defer(interaction, ephemeral=True, thinking=True)


class GatherButton(DojoButton):
    """A button of a gathering. Subclass it with `template=GATHER + …`; the id is taken care of."""

    def __init__(self, gathering_id: str | int, about: str, label: str, **looks: object) -> None:
        self.gathering_id = int(gathering_id)
        super().__init__(f"gather:{gathering_id}:{about}", label, **looks)  # type: ignore[arg-type]


def button_to(
    gathering_id: int, about: str, label: str, *, emoji: str = "", is_first: bool = False
) -> discord.ui.Button[Any]:
    """A button of a gathering that leads to a part of the program which this card need not know."""
    return leading_to(f"gather:{gathering_id}:{about}", label, emoji=emoji, is_first=is_first)


def panel_button(gathering_id: int) -> discord.ui.Button[Any]:
    """Leads to the facilitator's panel."""
    return button_to(gathering_id, "panel", "Panel", emoji="🎛️")
