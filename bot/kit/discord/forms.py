"""Forms (modals) that survive a restart: nothing that was typed into one is lost.

The library forgets every open modal when the process ends, and then never answers its submission.
So the library does not handle forms: like a button, a form is identified by its custom id alone,
and what was typed is read from the interaction itself, whether or not this process sent the form.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any, cast

from bot.kit.discord.interactions import Interaction
from bot.kit.refusals import NotOffered

Typed = Mapping[str, list[str]]
"""What was entered, by the custom id of the field; an empty list for an empty field."""


def read_typed(interaction: Interaction) -> Typed:
    """What was entered into the form that this interaction submits."""
    data = cast("Mapping[str, Any]", interaction.data)
    typed: dict[str, list[str]] = {}
    waiting: list[Any] = list(data.get("components", []))
    while waiting:
        component = waiting.pop()
        waiting.extend(component.get("components", []))
        if "component" in component:
            waiting.append(component["component"])
        if "values" in component:
            typed[component["custom_id"]] = [str(value) for value in component["values"]]
        elif "value" in component and "custom_id" in component:
            value = component["value"]
            typed[component["custom_id"]] = [] if value in (None, "") else [str(value)]
    return typed


def one(typed: Typed, custom_id: str, default: str = "") -> str:
    """The single value of a field."""
    values = typed.get(custom_id) or [default]
    return values[0]


def choices(typed: Typed, custom_id: str, offered: Container[str]) -> list[str]:
    """What was chosen in a field. Raises NotOffered for anything that is not in `offered`."""
    values = typed.get(custom_id, [])
    if any(value not in offered for value in values):
        raise NotOffered
    return list(values)


def choice(typed: Typed, custom_id: str, offered: Container[str], default: str = "") -> str:
    """The one value chosen in a field, or `default`. Raises NotOffered."""
    return (choices(typed, custom_id, offered) or [default])[0]


def people(interaction: Interaction, typed: Typed, custom_id: str) -> list[int]:
    """Who was chosen in a field for people. Raises NotOffered for ids Discord does not know."""
    users = _resolved(interaction, "users")
    return [int(user_id) for user_id in choices(typed, custom_id, users)]


def is_bot(interaction: Interaction, user_id: int) -> bool:
    """Whether a chosen person is a bot."""
    return bool(_resolved(interaction, "users").get(str(user_id), {}).get("bot"))


def is_member(interaction: Interaction, user_id: int) -> bool:
    """Whether a chosen person is on this server."""
    return str(user_id) in _resolved(interaction, "members")


def roles(interaction: Interaction, typed: Typed, custom_id: str) -> list[int]:
    """Which roles of this server were chosen. Raises NotOffered for ids Discord does not know."""
    known = _resolved(interaction, "roles")
    return [int(role_id) for role_id in choices(typed, custom_id, known)]


def _resolved(interaction: Interaction, kind: str) -> Mapping[str, Any]:
    """What Discord sent about the people and roles that were chosen, by their ids."""
    data = cast("Mapping[str, Any]", interaction.data)
    resolved: Mapping[str, Any] = data.get("resolved") or {}
    found: Mapping[str, Any] = resolved.get(kind) or {}
    return found
