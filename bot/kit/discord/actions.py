"""Everything that can be clicked, chosen from or sent, declared as data.

An action is declared once, in the `actions` of its feature: a pattern for its custom ids, and its
looks. Cards of any feature above show it; a function of the feature that acts on it is its handler:

    EXTEND = Button("round:{round_id}:extend:{position:-3}.{extensions:-3}", "+2 min", emoji="➕")

    row(EXTEND.button(round_id=round_.id, position=1, extensions=0))

    @EXTEND.pressed
    async def extend(interaction: Interaction, round_id: int, position: int, extensions: int): ...

A custom id holds identity only; what a click does is decided from the database, so it always works.
`check_actions` refuses to start with an action without a handler, or two that fit one id.
"""

from __future__ import annotations

import functools
import inspect
import itertools
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

import discord

from bot.kit.discord.cards import Component, row
from bot.kit.discord.patterns import PREFIX, Pattern

Style = discord.ButtonStyle
Handler = Callable[..., Awaitable[None]]
H = TypeVar("H", bound=Handler)

ACTIONS: list[Action] = []
"""Every action of the program, in the order of declaration."""


class Action:
    """Something that a person can do on a card. Its custom id is all that identifies it."""

    given: ClassVar[tuple[str, ...]] = ("interaction",)
    """The arguments that every handler of this kind gets before the fields of the pattern."""

    def __init__(self, pattern: str, *, is_own: bool = False) -> None:
        """`is_own`: it leads to something of the person's own, and also works outside servers."""
        self.pattern = Pattern(pattern)
        self.is_own = is_own
        self.handler: Handler | None = None
        ACTIONS.append(self)

    @property
    def name(self) -> str:
        """Its name in logs."""
        return self.pattern.name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.pattern.text}>"

    def custom_id(self, **about: object) -> str:
        """The custom id for these values. Raises ValueError for one that does not fit."""
        return self.pattern.fill(about)

    def _handled(self, handler: H) -> H:
        if self.handler is not None:
            raise TypeError(f"{self!r} has two handlers")
        named = list(inspect.signature(handler).parameters)
        wanted = [*self.given, *self.pattern.fields]
        if named[: len(self.given)] != list(self.given) or set(named) != set(wanted):
            raise TypeError(f"the handler of {self!r} takes {wanted}, not {named}")
        self.handler = handler
        return handler


class Button(Action):
    """A button."""

    def __init__(
        self,
        pattern: str,
        label: str,
        *,
        emoji: str = "",
        style: Style = Style.secondary,
        is_own: bool = False,
    ) -> None:
        super().__init__(pattern, is_own=is_own)
        self.label, self.emoji, self.style = label, emoji, style

    def button(
        self,
        *,
        label: str | None = None,
        emoji: str | None = None,
        style: Style | None = None,
        disabled: bool = False,
        **about: object,
    ) -> Component:
        """The button for these values. Looks that are not given are the declared ones."""
        shown = self.emoji if emoji is None else emoji
        button: Component = {
            "type": 2,
            "style": (style or self.style).value,
            "label": self.label if label is None else label,
            "custom_id": self.pattern.fill(about),
        }
        if shown:
            button["emoji"] = {"name": shown}
        if disabled:
            button["disabled"] = True
        return button

    def pressed(self, handler: H) -> H:
        """Register the handler of a press. A DojoError it raises is told to the person."""
        return self._handled(handler)


def row_of(*buttons: Button, **about: Any) -> Component:  # noqa: ANN401 - as `Button.button`
    """A row of buttons that look as they are declared, for the same values."""
    return row(*(one.button(**about) for one in buttons))


class Menu(Action):
    """A menu of texts."""

    given = ("interaction", "choice")

    def __init__(self, pattern: str, placeholder: str, *, is_own: bool = False) -> None:
        super().__init__(pattern, is_own=is_own)
        self.placeholder = placeholder

    def menu(
        self,
        options: Sequence[Component],
        *,
        placeholder: str | None = None,
        fewest: int = 1,
        most: int = 1,
        **about: object,
    ) -> Component:
        """The menu for these values. `fewest` and `most` limit how many options can be chosen."""
        menu: Component = {
            "type": 3,
            "custom_id": self.custom_id(**about),
            "placeholder": self.placeholder if placeholder is None else placeholder,
            "options": list(options),
        }
        if (fewest, most) != (1, 1):
            menu |= {"min_values": fewest, "max_values": most}
        return menu

    def chosen(self, handler: H) -> H:
        """Register a function as the handler of a choice; it gets the chosen value as `choice`."""
        return self._handled(handler)


class ManyMenu(Menu):
    """A menu in which several options can be chosen."""

    given = ("interaction", "choices")


class PeopleMenu(Action):
    """A menu of the people of the server, whom Discord shows and finds by name."""

    given = ("interaction", "people")

    def __init__(self, pattern: str, placeholder: str) -> None:
        super().__init__(pattern)
        self.placeholder = placeholder

    def menu(self, *, fewest: int = 1, most: int = 1, **about: object) -> Component:
        """The menu for these values. `fewest` and `most` limit how many can be chosen."""
        return {
            "type": 5,
            "custom_id": self.custom_id(**about),
            "placeholder": self.placeholder,
            "min_values": fewest,
            "max_values": most,
        }

    def chosen(self, handler: H) -> H:
        """Register a function as the handler of a choice; it gets the ids as `people`."""
        return self._handled(handler)


class Form(Action):
    """A form. It survives a restart: what was typed is read from the submitted form alone."""

    given = ("interaction", "typed")

    def __init__(self, pattern: str, title: str, *, is_own: bool = False) -> None:
        super().__init__(pattern, is_own=is_own)
        self.title = title

    def form(self, *fields: discord.ui.Item[Any], title: str = "", **about: object) -> FormShown:
        """The form for these values, with its fields from top to bottom."""
        return FormShown(title or self.title, self.custom_id(**about), fields)

    def submitted(self, handler: H) -> H:
        """Register the handler of a submission; it gets what was entered as `typed`."""
        return self._handled(handler)


class FormShown(discord.ui.Modal):
    """A form as it is sent."""

    def __init__(self, title: str, custom_id: str, fields: Sequence[discord.ui.Item[Any]]) -> None:
        super().__init__(title=title, custom_id=custom_id, timeout=None)
        for field in fields:
            self.add_item(field)
        # The library does not keep a stopped view. So it does not handle the submission as well,
        # and a form that a person closes again costs no memory.
        self.stop()


def field(
    label: str, component: discord.ui.Item[Any], *, description: str | None = None
) -> discord.ui.Label[Any]:
    """A field of a form with its label."""
    return discord.ui.Label(text=label, component=component, description=description)


def text_field(
    label: str,
    custom_id: str,
    *,
    most: int,
    filled: str = "",
    example: str = "",
    description: str | None = None,
    required: bool = False,
) -> discord.ui.Label[Any]:
    """A field for one line of at most `most` characters, filled in with what is known."""
    line = discord.ui.TextInput[Any](
        custom_id=custom_id,
        required=required,
        max_length=most,
        default=filled or None,
        placeholder=example or None,
    )
    return field(label, line, description=description)


def menu_field(
    label: str,
    custom_id: str,
    offered: Iterable[tuple[str, str, str]],
    chosen: Collection[str],
    *,
    most: int | None = None,
    placeholder: str = "",
    description: str | None = None,
) -> discord.ui.Label[Any]:
    """A field for one of these answers, or, with `most`, for none and up to so many.

    `offered` are the value, the label and a description of each.
    """
    options = [
        discord.SelectOption(
            label=name, value=value, description=about or None, default=value in chosen
        )
        for value, name, about in offered
    ]
    menu = discord.ui.Select[Any](
        custom_id=custom_id,
        placeholder=placeholder or None,
        min_values=1 if most is None else 0,
        max_values=1 if most is None else most,
        required=most is None,
        options=options,
    )
    return field(label, menu, description=description)


def radio_field(
    label: str, custom_id: str, offered: Iterable[tuple[str, str, str]], chosen: str | None
) -> discord.ui.Label[Any]:
    """A field for one of a few answers: the value, the label and a description of each."""
    options = [
        discord.RadioGroupOption(
            label=name, value=value, description=about or None, default=value == chosen
        )
        for value, name, about in offered
    ]
    return field(label, discord.ui.RadioGroup(custom_id=custom_id, options=options))


def option(
    label: str, value: str, *, description: str = "", emoji: str = "", is_chosen: bool = False
) -> Component:
    """An option of a menu."""
    made: Component = {"label": label, "value": value}
    if description:
        made["description"] = description
    if emoji:
        made["emoji"] = {"name": emoji}
    if is_chosen:
        made["default"] = True
    return made


def action_of(
    custom_id: str, kinds: type[Action] | tuple[type[Action], ...]
) -> tuple[Action, dict[str, str]] | None:
    """The action of one of these kinds that an id belongs to, and the texts of its fields."""
    # Ids of one feature begin with the same word, so few patterns have to be tried.
    about = custom_id.removeprefix(PREFIX)
    for action in _by_beginning(len(ACTIONS)).get(about.partition(":")[0], ()):
        if isinstance(action, kinds):
            raw = action.pattern.raw(custom_id)
            if raw is not None:
                return action, raw
    return None


@functools.lru_cache(maxsize=1)
def _by_beginning(count: int) -> Mapping[str, Sequence[Action]]:
    """The first `count` actions, by the first word of their ids."""
    found: dict[str, list[Action]] = {}
    for action in ACTIONS:
        found.setdefault(action.pattern.first_word, []).append(action)
    return found


def _overlapping(actions: Sequence[Action]) -> Iterator[tuple[Action, Action]]:
    """Pairs of actions that one id could fit. An id of a form is never one of a click."""
    alike: dict[tuple[bool, str], list[Action]] = {}
    for action in actions:
        alike.setdefault((isinstance(action, Form), action.pattern.first_word), []).append(action)
    for group in alike.values():
        for one, other in itertools.combinations(group, 2):
            if one.pattern.overlaps(other.pattern):
                yield one, other


def check_actions(actions: Sequence[Action], modules: Sequence[str]) -> None:
    """Raise TypeError, naming all faults, if a click would find no handler, or two.

    `modules` are the names of the modules that are loaded for their handlers.
    """
    faults = [f"{one!r} has no handler" for one in actions if one.handler is None]
    faults += [
        f"the handler of {one!r} is in {one.handler.__module__}, which nobody loads for it"
        for one in actions
        if one.handler is not None and one.handler.__module__ not in modules
    ]
    faults += [
        f"{one!r} and {other!r} fit the same custom id" for one, other in _overlapping(actions)
    ]
    handling = {action.handler.__module__ for action in actions if action.handler is not None}
    faults += [f"{name} is loaded and handles nothing" for name in modules if name not in handling]
    if faults:
        raise TypeError("; ".join(faults))
