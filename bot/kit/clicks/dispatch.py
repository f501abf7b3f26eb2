"""Brings every click, choice and form to its handler once, through the gate, and answers it.

The library could do this, too, but it would first rebuild the whole card from its message.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from bot.kit.clicks.gate import admit, chosen_people, offered_values
from bot.kit.discord.actions import Action, Button, Form, ManyMenu, Menu, PeopleMenu, action_of
from bot.kit.discord.answers import acknowledge_repeat
from bot.kit.discord.ask_before_keeping import WordsButton, typed_on
from bot.kit.discord.failures import answered
from bot.kit.discord.forms import read_typed
from bot.kit.discord.interactions import Interaction, client_of


async def dispatch_click(interaction: Interaction, custom_id: str) -> bool:
    """Act on a click or choice, a repeat excepted. Returns whether there is an action for it."""
    found = action_of(custom_id, (Button, Menu, PeopleMenu))
    if found is None:
        return False
    action, raw = found
    if isinstance(action, Menu):
        await answered(interaction, _act(interaction, action, raw), what=action.name)
        return True
    with client_of(interaction).clicks.once(interaction, custom_id) as is_first:
        if is_first:
            await answered(interaction, _act(interaction, action, raw), what=action.name)
        else:
            await answered(interaction, acknowledge_repeat(interaction), what="double click")
    return True


async def dispatch_form(interaction: Interaction) -> bool:
    """Act on a form that was sent. Returns whether there is an action for it."""
    custom_id = str(cast("Mapping[str, Any]", interaction.data)["custom_id"])
    found = action_of(custom_id, Form)
    if found is None:
        return False
    action, raw = found
    await answered(interaction, _act(interaction, action, raw), what=action.name)
    return True


async def _act(interaction: Interaction, action: Action, raw: Mapping[str, str]) -> None:
    if action.handler is None:
        raise LookupError(f"{action!r} has no handler")
    await admit(interaction, raw, is_own=action.is_own)
    if isinstance(action, Menu):
        values = offered_values(interaction, action.pattern.fill(raw))
        given: tuple[object, ...] = (values if isinstance(action, ManyMenu) else values[0],)
    elif isinstance(action, PeopleMenu):
        given = (chosen_people(interaction, action.pattern.fill(raw)),)
    elif isinstance(action, WordsButton):
        given = (typed_on(interaction.message),)
    elif isinstance(action, Form):
        given = (read_typed(interaction),)
    else:
        given = ()
    await action.handler(interaction, *given, **action.pattern.values(raw))
