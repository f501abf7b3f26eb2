"""The words of a card or a form as plain text, so that a change of them shows in a diff."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from simcord.backend.models import Message
from simcord.enums import SELECT_TYPES, ComponentType

from bot.rehearsal.stage import Stage

__all__ = ["Names", "words_of_form", "words_of_message", "words_of_page"]

_COLOURS = {1: "blue", 3: "green", 4: "red", 5: "link"}
"""Styles of buttons that do not look like the others."""
_PRIVATE = "(Only you can see this)"
_TIMES = {
    "d": "‹day›",
    "D": "‹day›",
    "f": "‹day and time›",
    "F": "‹day and time›",
    "R": "‹how long›",
}
"""What stands for a moment, by how it is shown: it is another one in every run."""
_MARK = re.compile(r"<(?:(@!?|@&|#)(\d+)|/([\w -]+):\d+|t:-?\d+(?::(\w))?)>")

Component = dict[str, Any]


class Names:
    """Puts names where Discord's text has ids, and the same words for every moment."""

    def __init__(self, stage: Stage) -> None:
        community, backend = stage.community, stage.env.backend
        self._people = {str(one.id): one.name for one in community.people}
        self._roles = {
            str(one.id): one.name for one in backend.guilds[community.guild.id].roles.values()
        }
        self._channels = {str(one.id): one.name or "" for one in backend.channels.values()}

    def of(self, id_: str) -> str:
        """The name of a person, a role or a channel; the id itself if nothing has it."""
        for known in (self._people, self._roles, self._channels):
            if id_ in known:
                return known[id_]
        return id_

    def read(self, text: str) -> str:
        """The text as people read it."""
        return _MARK.sub(self._shown, text)

    def _shown(self, mark: re.Match[str]) -> str:
        kind, id_, command, style = mark.groups()
        if command:
            return f"/{command}"
        if kind:
            return ("#" if kind == "#" else "@") + self.of(id_)
        return _TIMES.get(style or "f", "‹time›")


def words_of_message(message: Message, names: Names) -> str:
    """Everything that can be read on a message, a line for each row of buttons."""
    lines = [_PRIVATE] if message.is_ephemeral else []
    lines += _text(message.content, names)
    lines += _all(message.components, names)
    return "\n".join(lines)


def words_of_form(form: Component, names: Names) -> str:
    """Everything that can be read on a form: its title, and each field with what is in it."""
    return "\n".join([f"# {form['title']}", *_all(form["components"], names)])


def _all(components: Iterable[Component], names: Names) -> Iterator[str]:
    for component in components:
        yield from _words(component, names)


def _words(component: Component, names: Names) -> Iterator[str]:
    kind = component["type"]
    if kind == ComponentType.TEXT_DISPLAY:
        yield from _text(component["content"], names)
    elif kind == ComponentType.ACTION_ROW:
        yield " ".join(_all(component["components"], names))
    elif kind == ComponentType.BUTTON:
        yield _button(component)
    elif kind in SELECT_TYPES:
        yield f"[{_chosen(component, names)} ▾]"
    elif kind == ComponentType.SEPARATOR:
        yield "---"
    elif kind == ComponentType.MEDIA_GALLERY:
        yield from (f"![{names.read(one.get('description') or '')}]" for one in component["items"])
    elif kind == ComponentType.LABEL:
        yield from _field(component, names)
    elif kind == ComponentType.TEXT_INPUT:
        yield f"[{component.get('value') or component.get('placeholder') or ''}]"
    elif kind in (ComponentType.RADIO_GROUP, ComponentType.CHECKBOX_GROUP):
        yield from _choices(component)
    elif kind in (ComponentType.CONTAINER, ComponentType.SECTION):
        yield from _all(component["components"], names)
        if accessory := component.get("accessory"):
            yield from _words(accessory, names)
    else:
        raise ValueError(f"there are no words for a component of type {kind}")


def _text(text: str, names: Names) -> list[str]:
    return [line.rstrip() for line in names.read(text).splitlines() if line.strip()]


def _button(button: Component) -> str:
    emoji = (button.get("emoji") or {}).get("name")
    words = " ".join(filter(None, (emoji, button.get("label"))))
    marks = [_COLOURS.get(button["style"]), "off" if button.get("disabled") else None]
    return f"[{words}]" + "".join(f" ({mark})" for mark in marks if mark)


def _chosen(menu: Component, names: Names) -> str:
    chosen = [one["label"] for one in menu.get("options") or () if one.get("default")]
    chosen += [names.of(str(one["id"])) for one in menu.get("default_values") or ()]
    return ", ".join(chosen) or menu.get("placeholder") or ""


def _field(field: Component, names: Names) -> Iterator[str]:
    control = field["component"]
    required = control.get("required", control["type"] not in _OPTIONAL_UNLESS_SAID)
    yield ""
    yield f"**{field['label']}**" + (" *" if required else "")
    if description := field.get("description"):
        yield f"-# {description}"
    yield from _words(control, names)


_OPTIONAL_UNLESS_SAID = (
    ComponentType.RADIO_GROUP,
    ComponentType.CHECKBOX_GROUP,
    ComponentType.CHECKBOX,
)


def _choices(group: Component) -> Iterator[str]:
    off, on = ("( )", "(•)") if group["type"] == ComponentType.RADIO_GROUP else ("[ ]", "[x]")
    for option in group["options"]:
        more = f": {option['description']}" if option.get("description") else ""
        yield f"{on if option.get('default') else off} {option['label']}{more}"


def words_of_page(page: str) -> str:
    """Everything that can be read on a web page before its scripts add to it."""
    reader = _Reader()
    reader.feed(page)
    lines = (re.sub(r"\s+", " ", line).strip() for line in "".join(reader.parts).split("\n\n"))
    return "\n".join(filter(None, lines))


class _Reader(HTMLParser):
    """Collects text; an empty line stands between blocks."""

    _BLOCKS = frozenset(
        {"h1", "h2", "p", "li", "div", "section", "legend", "label", "header", "ol"}
    )
    _HEADINGS = {"h1": "# ", "h2": "## ", "li": "- "}
    _EMPTY = frozenset({"meta", "link", "img", "input", "br"})
    _SILENT = frozenset({"head", "script"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def _is_silent(self) -> bool:
        return any(silent for _, silent in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._EMPTY:
            return
        names = dict(attrs)
        skips = "hidden" in names or names.get("class") == "skip"
        self._open.append((tag, tag in self._SILENT or skips))
        if self._is_silent:
            return
        if tag in self._BLOCKS:
            self.parts.append("\n\n" + self._HEADINGS.get(tag, ""))
        elif tag == "button":
            self.parts.append("[")

    def handle_endtag(self, tag: str) -> None:
        silent = self._is_silent
        while self._open and self._open.pop()[0] != tag:
            pass
        if silent:
            return
        if tag in self._BLOCKS:
            self.parts.append("\n\n")
        elif tag == "button":
            self.parts.append("]")

    def handle_data(self, data: str) -> None:
        if not self._is_silent:
            self.parts.append(re.sub(r"\s+", " ", data))
