"""Custom ids as patterns: one text writes an id and reads it back, as a route does a path.

`round:{round_id}:extend:{position:-3}.{extensions:-3}` has three fields. A field is

* `{round_id}`: an id, up to 20 digits,
* `{page:2}`: a number of up to two digits; `{page:-2}`: one that may be negative,
* `{what:end|close}`: one of these words, which may be empty,
* `{code:code}`: one of the kinds in `KINDS`.

Numbers are read as `int`, all else as text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PREFIX = "dojo:1:"
"""The beginning of every custom id of this program, in its first version."""
KINDS: Mapping[str, str] = {
    "code": "[A-Z][A-Z0-9]{0,3}",
    "hex": "[0-9a-f]{8}",
    "slug": "[a-z0-9-]{0,40}",
    "base64": "[A-Za-z0-9_-]{0,80}",
}

_FIELD = re.compile(r"\{(?P<name>\w+)(?::(?P<kind>[^{}]+))?\}")

Value = int | str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a pattern."""

    name: str
    regex: str
    is_number: bool

    @classmethod
    def of(cls, name: str, kind: str | None) -> Field:
        """The field that a pattern describes. Raises ValueError for an unknown kind."""
        if kind is None:
            return cls(name, r"\d{1,20}", is_number=True)
        if re.fullmatch(r"-?[1-9]\d?", kind):
            sign = "-?" if kind.startswith("-") else ""
            return cls(name, rf"{sign}\d{{1,{kind.lstrip('-')}}}", is_number=True)
        if "|" in kind:
            return cls(name, "|".join(map(re.escape, kind.split("|"))), is_number=False)
        if kind not in KINDS:
            raise ValueError(f"no kind of field is called {kind!r}")
        return cls(name, KINDS[kind], is_number=False)


class Pattern:
    """What the custom ids of one action look like."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.fields: dict[str, Field] = {}
        regex, end = re.escape(PREFIX), 0
        for found in _FIELD.finditer(text):
            field = Field.of(found["name"], found["kind"])
            self.fields[field.name] = field
            regex += f"{re.escape(text[end : found.start()])}(?P<{field.name}>{field.regex})"
            end = found.end()
        self.regex = re.compile(regex + re.escape(text[end:]))
        words = re.split(r"[:.]+", _FIELD.sub("", text))
        self.name = ":".join(word for word in words if word)
        """Its name in logs: its words without its fields, as `round:extend`."""
        self._blank = PREFIX + _FIELD.sub(r"%(\g<name>)s", text)

    def fill(self, values: Mapping[str, object]) -> str:
        """The custom id for these values. Raises ValueError if one is missing or does not fit."""
        if values.keys() != self.fields.keys():
            raise ValueError(f"{self.text} has the fields {list(self.fields)}, not {list(values)}")
        custom_id = self._blank % values
        if self.regex.fullmatch(custom_id) is None:
            raise ValueError(f"{custom_id} is no custom id like {self.text}")
        return custom_id

    def raw(self, custom_id: str) -> dict[str, str] | None:
        """The texts of the fields in a custom id; None for ids of another pattern."""
        match = self.regex.fullmatch(custom_id)
        return match.groupdict() if match else None

    def values(self, raw: Mapping[str, str]) -> dict[str, Value]:
        """The values that the texts of the fields stand for."""
        return {
            name: int(raw[name]) if field.is_number else raw[name]
            for name, field in self.fields.items()
        }

    @property
    def first_word(self) -> str:
        """The beginning of its ids, up to a colon."""
        return self.text.partition(":")[0]

    def overlaps(self, other: Pattern) -> bool:
        """Whether there may be an id that fits both."""
        return any(map(other.regex.fullmatch, self.samples)) or any(
            map(self.regex.fullmatch, other.samples)
        )

    @functools.cached_property
    def samples(self) -> Sequence[str]:
        """Some ids of this pattern: its fields with each of their words, or with a few texts."""
        words = {name: _words(field) for name, field in self.fields.items()}
        most = max(map(len, words.values()), default=1)
        return [
            self._blank % {name: texts[number % len(texts)] for name, texts in words.items()}
            for number in range(most)
        ]


_EXAMPLES = ("0", "1", "12", "S5", "0a1b2c3d", "quick-10", "wish:1")


def _words(field: Field) -> list[str]:
    """Texts that fit a field: all words of a choice, else one of each shape."""
    choices = [one.replace("\\", "") for one in field.regex.split("|")]
    fitting = [choice for choice in choices if re.fullmatch(field.regex, choice)]
    return fitting or [one for one in _EXAMPLES if re.fullmatch(field.regex, one)]
