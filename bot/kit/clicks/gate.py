"""The gate: everything that an id from outside names must belong to the server it is used in.

Ids come from buttons, menus, forms, options and typed text, and a modified client can send any.
Every click and form passes through here before its handler runs; commands that take an id call
this, too. Each feature says how its own kinds of ids are checked. An id of another server is
refused in the same words as an id that does not exist, so that nobody learns which of the two it
is. Rights come afterwards: the dojo's channel decides who may do what.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

import discord

from bot.kit.discord.interactions import Interaction, bot_is_here
from bot.kit.discord.patterns import Pattern
from bot.kit.refusals import NotOffered

LARGEST_ID = 2**63 - 1
"""The largest id the database can store. Ids of Discord and of the program stay below it."""

Ids = Mapping[str, str | None]
"""What a custom id names, by the names of its groups, such as `round_id`."""


Check = Callable[[Interaction, int, bool], Awaitable[None]]
"""Refuses an id of another server. True: it must lead to something of the person's own."""
C = TypeVar("C", bound=Check)

_CHECKS: dict[str, Check | None] = {}
"""How each kind of id is checked, by its name in patterns. None where there is nothing to check."""


def guards(name: str) -> Callable[[C], C]:
    """Register how ids with this name are checked."""

    def register(check: C) -> C:
        _know(name, check)
        return check

    return register


def lets_through(*names: str) -> None:
    """Register names that need no check: they mean nothing without another id, which is checked."""
    for name in names:
        _know(name, None)


def _know(name: str, check: Check | None) -> None:
    if name in _CHECKS:
        raise TypeError(f"two features check {name}")
    _CHECKS[name] = check


def check_guarded(patterns: Iterable[Pattern]) -> None:
    """Raise TypeError, naming every id that could pass without a check."""
    free = {
        name
        for pattern in patterns
        for name, field in pattern.fields.items()
        if name.endswith("_id") and field.is_number and name not in _CHECKS
    }
    if free:
        raise TypeError(f"nobody checks {', '.join(sorted(free))}")


def is_of(interaction: Interaction, guild_id: int) -> bool:
    """Whether the interaction happens in this server, and the bot is a member of it."""
    return bot_is_here(interaction) and guild_id == interaction.guild_id


async def admit(interaction: Interaction, ids: Ids, *, is_own: bool = False) -> None:
    """Let an interaction through if everything its ids name belongs to the place it came from.

    `is_own`: it leads to something of the person's own, so it also works in direct messages and in
    other places, for people who have or had a seat in the round. Raises NotOffered for an id that
    cannot exist, and whatever the features' checks raise.
    """
    for name, text in ids.items():
        if text is None:
            continue
        if name.endswith("_id") and text.isdigit() and int(text) > LARGEST_ID:
            raise NotOffered
        check = _CHECKS.get(name)
        if check is not None:
            await check(interaction, int(text), is_own)


def offered_values(interaction: Interaction, custom_id: str) -> list[str]:
    """What was chosen from a menu. Raises NotOffered for anything its card does not offer."""
    data = cast("Mapping[str, Any]", interaction.data)
    values = [str(value) for value in data.get("values", [])]
    offered, fewest = _options(interaction.message, custom_id)
    if len(values) < fewest or not set(values) <= offered:
        raise NotOffered
    return values


def chosen_people(interaction: Interaction, custom_id: str) -> list[int]:
    """Who was chosen from a menu of people, in order. Raises NotOffered for what it does not offer.

    Discord sends along whom it knows; anybody else was made up.
    """
    data = cast("Mapping[str, Any]", interaction.data)
    values = list(dict.fromkeys(str(value) for value in data.get("values", [])))
    known = (data.get("resolved") or {}).get("users") or {}
    menu = _component(interaction.message, custom_id)
    if not isinstance(menu, discord.SelectMenu) or not set(values) <= set(known):
        raise NotOffered
    if menu.type is not discord.ComponentType.user_select:
        raise NotOffered
    if not menu.min_values <= len(values) <= menu.max_values:
        raise NotOffered
    return [int(value) for value in values]


def _options(message: discord.Message | None, custom_id: str) -> tuple[set[str], int]:
    """The values of a menu on the card that was clicked, and how few may be chosen."""
    menu = _component(message, custom_id)
    offered = {option.value for option in getattr(menu, "options", ())}
    return offered, getattr(menu, "min_values", 1)


def _component(message: discord.Message | None, custom_id: str) -> object:
    """The component of this id on the card that was clicked; None if there is none."""
    waiting: list[object] = list(message.components) if message is not None else []
    while waiting:
        component = waiting.pop()
        waiting.extend(getattr(component, "children", ()))
        if getattr(component, "custom_id", None) == custom_id:
            return component
    return None
