"""Forms (modals) that survive a restart: nothing typed into one is lost.

The library forgets every open modal when the process ends, and then never answers its submit.
So forms are not left to it: a form is known by its custom id alone, like a button, and what was
typed is read from the interaction itself, whether or not this process sent the form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, cast

import discord

from bot.ui.components import PREFIX
from bot.ui.failures import answered
from bot.ui.interactions import Interaction

FORMS: list[type[DojoForm]] = []

Typed = Mapping[str, list[str]]
"""What was entered, by the custom id of the field; empty for a field left empty."""


class DojoForm(discord.ui.Modal):
    """A form known by its custom id.

    Subclass with `template=` (what follows the prefix; its named groups are the strings given to
    `blank`), and override `submitted`.
    """

    template: ClassVar[re.Pattern[str]]

    def __init_subclass__(cls, *, template: str) -> None:
        super().__init_subclass__()
        cls.template = re.compile(re.escape(PREFIX) + template)
        FORMS.append(cls)

    def __init__(self, about: str, title: str) -> None:
        super().__init__(title=title, custom_id=PREFIX + about, timeout=None)
        # A stopped view is not kept by the library, so it does not handle the submit as well, and
        # a form that somebody closes again costs no memory.
        self.stop()

    def field(
        self, text: str, component: discord.ui.Item[Any], *, description: str | None = None
    ) -> None:
        """Add an input with its label."""
        self.add_item(discord.ui.Label(text=text, component=component, description=description))

    @classmethod
    async def submitted(
        cls, interaction: Interaction, about: Mapping[str, str], typed: Typed
    ) -> None:
        """What the form does. A DojoError is told to the person."""
        raise NotImplementedError

    @classmethod
    def known_by(cls, custom_id: str) -> Mapping[str, str] | None:
        """What the custom id of a form of this kind says; none for other kinds."""
        match = cls.template.fullmatch(custom_id)
        return match.groupdict() if match else None


async def dispatch_form(interaction: Interaction) -> bool:
    """Hand a submitted form to its kind; whether there is one."""
    custom_id = str(cast("Mapping[str, Any]", interaction.data)["custom_id"])
    for form in FORMS:
        about = form.known_by(custom_id)
        if about is not None:
            typed = read_typed(interaction)
            submitted = form.submitted(interaction, about, typed)
            await answered(interaction, submitted, what=form.__name__)
            return True
    return False


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
