"""The gate: whatever an id from outside names must be of the server it is used in.

Ids come from buttons, menus, forms, options and typed text, and a modified client can send any.
Every click and form passes here before it is acted on; commands with an id ask here, too. What is
of another server is refused in the same words as what does not exist, so that nobody learns which
of the two it is. Who may do what with it is asked after that, by the rights in the dojo's channel.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, cast

import discord

from bot.dojos.model.refusals import DojoUnknown
from bot.dojos.ui.places import dojo_channel
from bot.gatherings.model.refusals import CannotGather
from bot.kit.discord.interactions import Interaction, bot_is_here, person_of, services_of
from bot.kit.refusals import DojoError, NotHere, NotOffered
from bot.rounds.model.refusals import NoRound

LARGEST_ID = 2**63 - 1
"""Of what the database can hold; ids of Discord and of the program stay below it."""

Ids = Mapping[str, str | None]
"""What a custom id names, by the names of its groups, such as `round_id`."""


async def admit(interaction: Interaction, ids: Ids, *, is_own: bool = False) -> None:
    """Let an interaction through if everything its ids name belongs to the place it came from.

    `is_own`: what it leads to is the person's own, so that it also works in direct messages and
    elsewhere, for people who have or had a seat in the round. Raises NoRound, CannotGather,
    DojoUnknown, NotHere, and NotOffered for an id that can be of nothing.
    """
    for name, text in ids.items():
        if text is None:
            continue
        if name.endswith("_id") and text.isdigit() and int(text) > LARGEST_ID:
            raise NotOffered
        check = _CHECKS.get(name)
        if check is not None:
            await check(interaction, int(text), is_own)


async def _round(interaction: Interaction, round_id: int, is_own: bool) -> None:  # noqa: FBT001
    round_ = await services_of(interaction).debriefs.desk.find(round_id)
    seat = round_.seat_of(interaction.user.id)
    if seat is not None and seat.doubted_at is not None:
        await _answer_doubt(interaction, round_id)
    if bot_is_here(interaction) and round_.guild_id == interaction.guild_id:
        return
    if seat is None:
        raise NoRound(is_over=True)
    if not is_own:
        raise NotHere


async def _answer_doubt(interaction: Interaction, round_id: int) -> None:
    """Whoever presses anything of a round is still there."""
    with suppress(DojoError):
        await services_of(interaction).rounds.still_here(round_id, person_of(interaction))


async def _gathering(interaction: Interaction, gathering_id: int, _: bool) -> None:  # noqa: FBT001
    gathering = await services_of(interaction).gatherings.kept.read(gathering_id)
    if gathering is None or not _is_of(interaction, gathering.guild_id):
        raise CannotGather("over")


async def _dojo(interaction: Interaction, dojo_id: int, _: bool) -> None:  # noqa: FBT001
    dojo = services_of(interaction).dojos.by_id(dojo_id)
    if dojo is None or not _is_of(interaction, dojo.guild_id):
        raise DojoUnknown(interaction.channel_id or 0)


async def _channel(interaction: Interaction, channel_id: int, _: bool) -> None:  # noqa: FBT001
    """A channel is set up from within it, or from one of its threads."""
    if not bot_is_here(interaction) or channel_id != dojo_channel(interaction):
        raise NotHere


def _is_of(interaction: Interaction, guild_id: int) -> bool:
    return bot_is_here(interaction) and guild_id == interaction.guild_id


_CHECKS: Mapping[str, Callable[[Interaction, int, bool], Awaitable[None]]] = {
    "round_id": _round,
    "gathering_id": _gathering,
    "dojo_id": _dojo,
    "channel_id": _channel,
}
"""How each kind of id is resolved. Notes, reports and people belong to what these lead to."""


def offered_values(interaction: Interaction, custom_id: str) -> list[str]:
    """What was chosen from a menu. Raises NotOffered for anything its card does not offer."""
    data = cast("Mapping[str, Any]", interaction.data)
    values = [str(value) for value in data.get("values", [])]
    if not values or not set(values) <= _options(interaction.message, custom_id):
        raise NotOffered
    return values


def _options(message: discord.Message | None, custom_id: str) -> set[str]:
    """The values of a menu on the card that was clicked."""
    waiting: list[object] = list(message.components) if message is not None else []
    while waiting:
        component = waiting.pop()
        waiting.extend(getattr(component, "children", ()))
        if getattr(component, "custom_id", None) == custom_id:
            return {option.value for option in getattr(component, "options", ())}
    return set()
