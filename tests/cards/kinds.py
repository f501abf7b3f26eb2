"""Every kind of button, menu and form, in one way for all tests that walk over them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.kit.discord.actions import ACTIONS, Action, Form, Menu, PeopleMenu


@dataclass(frozen=True)
class Kind:
    """A kind of button, menu or form."""

    name: str
    """As it stands in the log."""
    template: re.Pattern[str]
    is_own: bool
    is_menu: bool
    is_form: bool
    module: str
    """Where its handler is."""
    of: Action

    @property
    def is_button(self) -> bool:
        return not self.is_menu and not self.is_form

    def __repr__(self) -> str:
        return self.name


def kinds() -> list[Kind]:
    """All of them."""
    return [_kind(action) for action in ACTIONS]


def kind_of(custom_id: str, *, is_form: bool = False) -> Kind:
    """The one kind to which a custom id belongs."""
    (found,) = [
        action
        for action in ACTIONS
        if isinstance(action, Form) is is_form and action.pattern.regex.fullmatch(custom_id)
    ]
    return _kind(found)


def _kind(action: Action) -> Kind:
    return Kind(
        action.name,
        action.pattern.regex,
        action.is_own,
        isinstance(action, Menu | PeopleMenu),
        isinstance(action, Form),
        action.handler.__module__ if action.handler else "",
        action,
    )
