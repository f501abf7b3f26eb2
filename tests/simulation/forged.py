"""What a modified client can send: any custom id, any form, any value; from wherever it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from simcord.backend.models import Overwrite
from simcord.enums import ComponentType, InteractionType, OverwriteType

from bot.rehearsal.simulation.kit import deliver_any
from tests.simulation.world import Result, World, text


async def click(actor: Any, channel: Any, custom_id: str, *, on: Any = None) -> Result:
    """Press a button of this id, as if it were on the message `on`."""
    data = {"custom_id": custom_id, "component_type": int(ComponentType.BUTTON)}
    return await deliver_any(actor, InteractionType.MESSAGE_COMPONENT, channel, data, on)


async def select(
    actor: Any, channel: Any, custom_id: str, values: Sequence[str], *, on: Any = None
) -> Result:
    """Choose these values in a menu of this id."""
    kind = int(ComponentType.STRING_SELECT)
    data = {"custom_id": custom_id, "component_type": kind, "values": list(values)}
    return await deliver_any(actor, InteractionType.MESSAGE_COMPONENT, channel, data, on)


async def submit(
    actor: Any,
    channel: Any,
    custom_id: str,
    fields: Mapping[str, str | list[str]],
    *,
    people: Sequence[Any] = (),
    on: Any = None,
) -> Result:
    """Send a form of this id: a text as a string, chosen values as a list.

    `people` are those Discord sends along because they were chosen: it knows them in this server.
    """
    inputs = [
        {"type": 3, "custom_id": name, "values": value}
        if isinstance(value, list)
        else {"type": 4, "custom_id": name, "value": value}
        for name, value in fields.items()
    ]
    labels = [{"type": 18, "id": n, "component": one} for n, one in enumerate(inputs, 1)]
    resolved = {
        "users": {str(one.id): {"id": str(one.id), "username": "x"} for one in people},
        "members": {str(one.id): {"roles": []} for one in people},
    }
    data = {"custom_id": custom_id, "components": labels, "resolved": resolved}
    return await deliver_any(actor, InteractionType.MODAL_SUBMIT, channel, data, on)


def said(result: Result) -> str:
    """Everything the person was answered."""
    answers = [one for one in (result.response, *result.followups) if one is not None]
    return "\n".join(text(one) or one.content or "" for one in answers)


def let_manage(world: World, channel: Any, member: Any) -> None:
    """Let a member manage this one channel, as bots do that give people voice channels."""
    allowed = discord.Permissions(manage_channels=True).value
    overwrite = Overwrite(member.id, OverwriteType.MEMBER, allowed, 0)
    world.env.backend.set_overwrite(channel.id, overwrite)
