"""What people do in the scenes, at the places where they do it; no browser is needed for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from simcord.backend.access import message_accessible
from simcord.backend.models import Message
from simcord.builders import ChannelHandle
from simcord.components import walk_components
from simcord.enums import AppCommandType, ComponentType, OptionType
from simcord.interactions import command_leaves
from simcord.results import InteractionResult, ResponseMessage

from bot.rehearsal import simulation
from bot.rehearsal.stage import Stage
from tests.pictures.words import Names, words_of_message

__all__ = ["Seat"]

Component = dict[str, Any]

_LOOKS = 20
_BETWEEN_LOOKS = 0.25
"""Seconds of the dojo's time: a card that follows another is a moment late."""


class Seat:
    """One person at one place: what they see there, and can press, choose and fill in.

    Everything is named by what is written on it. Raises AssertionError for what is not there.
    """

    def __init__(self, stage: Stage, place: str, person: str) -> None:
        self.place = place
        self.person = person
        self._stage = stage
        self._person = stage.community[person]
        dojo = stage.community.dojo
        backend = stage.env.backend
        channel = dojo if place == "dojo" else None
        if channel is None:
            thread = backend.get_channel(int(place))
            channel = ChannelHandle(stage.env, stage.community.guild, thread)
        self._channel = channel
        self._form: InteractionResult | None = None
        self._filled: dict[str, Any] = {}

    @property
    def name(self) -> str:
        """The person's name, as it is shown."""
        return self._person.name

    @property
    def channel_name(self) -> str:
        """The name of the channel or thread."""
        return self._stage.env.backend.get_channel(self._channel.id).name or ""

    @property
    def form(self) -> Component:
        """The form that is open."""
        assert self._form is not None, "no form is open"
        form = self._form.modal
        assert form is not None
        return form

    def messages(self) -> list[Message]:
        """All messages this person can see here, oldest first."""
        backend, id_ = self._stage.env.backend, self._channel.id
        return [
            message
            for message in backend.messages.get(id_, {}).values()
            if message_accessible(backend, id_, message, self._person.id, history=True)
        ]

    def card(self, text: str = "") -> Message:
        """The latest message that says this, or of all."""
        names = Names(self._stage)
        for message in reversed(self.messages()):
            if text in words_of_message(message, names):
                return message
        raise self._missing(f"no {text!r}")

    def words(self) -> str:
        """Everything this person can read here."""
        names = Names(self._stage)
        return "\n\n".join(words_of_message(message, names) for message in self.messages())

    async def sees(self, text: str) -> None:
        """Wait until a text can be read."""
        for _ in range(_LOOKS):
            if text in self.words():
                return
            async with self._stage.turn():
                await simulation.forward(self._stage.env, _BETWEEN_LOOKS)
        raise self._missing(f"no {text!r}")

    def _missing(self, what: str) -> AssertionError:
        return AssertionError(
            f"{self.name} sees {what}. If it was renamed, rename it in tests/pictures/scenes.py."
            f" They see:\n{self.words()}"
        )

    async def slash(self, command: str, **options: object) -> None:
        """Use a command such as "dojo setup"; an option's value is what its list shows."""
        declared = self._options_of(command)
        values: dict[str, Any] = {}
        async with self._stage.turn():
            for name, shown in options.items():
                values[name] = await self._value(command, declared[name], shown, values)
            result = await self._person.member.slash(self._channel, command, **values)
        self._answered(result)

    def _options_of(self, command: str) -> dict[str, Component]:
        seen = self._stage.env.backend.visible_commands(
            user_id=self._person.id, channel_id=self._channel.id
        )
        for root in seen:
            if root.get("type", 1) != AppCommandType.CHAT_INPUT:
                continue
            for path, leaf in command_leaves(root):
                if " ".join(path) == command:
                    return {option["name"]: option for option in leaf.get("options") or ()}
        raise AssertionError(f"{self.name} has no command /{command}")

    async def _value(
        self, command: str, option: Component, shown: object, filled: dict[str, Any]
    ) -> object:
        name = option["name"]
        if option["type"] == OptionType.USER:
            people = self._stage.community.people
            return next(one.member for one in people if one.name == shown)
        offered = option.get("choices") or ()
        if option.get("autocomplete"):
            offered = await self._person.member.autocomplete(
                self._channel, command, name, str(shown), **filled
            )
        if not offered:
            return shown
        named = {choice["name"]: choice["value"] for choice in offered}
        assert shown in named, f"/{command} {name} offers {list(named)}, not {shown!r}"
        return named[shown]

    async def press(self, label: str) -> None:
        """Press the latest button of this label."""
        await self._press(label, re.compile(re.escape(label)))

    async def tap(self, label: str) -> None:
        """Press the latest button of this label on a pad, which also counts and marks the focus."""
        await self._press(label, re.compile(rf"\W*{re.escape(label)}( · \d+)?"))

    async def _press(self, label: str, written: re.Pattern[str]) -> None:
        for message, button in self._controls(ComponentType.BUTTON):
            if written.fullmatch(button.get("label") or ""):
                held = ResponseMessage(self._stage.env, message)
                async with self._stage.turn():
                    click = self._person.member.click(held, custom_id=button["custom_id"])
                    self._answered(await click)
                return
        raise self._missing(f"no button {label!r}")

    async def choose(self, menu: str, *labels: str) -> None:
        """Choose in the latest menu whose placeholder begins like this."""
        for message, select in self._controls(ComponentType.STRING_SELECT):
            if (select.get("placeholder") or "").startswith(menu):
                held = ResponseMessage(self._stage.env, message)
                values = _values(select, labels)
                async with self._stage.turn():
                    member, custom_id = self._person.member, select["custom_id"]
                    self._answered(await member.select(held, values, custom_id=custom_id))
                return
        raise self._missing(f"no menu {menu!r}")

    def _controls(self, kind: ComponentType) -> Iterator[tuple[Message, Component]]:
        for message in reversed(self.messages()):
            for component in walk_components(message.components):
                if component["type"] == kind and not component.get("disabled"):
                    yield message, component

    async def fill(self, label: str, *values: str) -> None:
        """Fill the field of the open form with this label: text, or what is to be chosen."""
        fields = {
            one["label"]: one["component"] for one in self.form["components"] if "label" in one
        }
        assert label in fields, f"the form has {list(fields)}, not {label!r}"
        control = fields[label]
        if control["type"] == ComponentType.TEXT_INPUT:
            filled: str | list[str] = "".join(values)
        elif control["type"] == ComponentType.RADIO_GROUP:
            (filled,) = _values(control, values)
        else:
            filled = _values(control, values)
        self._filled[control["custom_id"]] = filled

    async def submit(self) -> None:
        """Send the open form."""
        assert self._form is not None, "no form is open"
        form, filled, self._form, self._filled = self._form, self._filled, None, {}
        async with self._stage.turn():
            self._answered(await self._person.member.submit_modal(form, filled))

    def _answered(self, result: InteractionResult) -> None:
        assert result.acknowledged, f"{self.name} got no answer"
        self._form = result if result.modal is not None else None
        self._filled = {}
        self._stage.acted()


def _values(menu: Component, labels: tuple[str, ...]) -> list[str]:
    named = {option["label"]: option["value"] for option in menu["options"]}
    assert set(labels) <= named.keys(), f"there is {list(named)}, not {labels}"
    return [named[label] for label in labels]
