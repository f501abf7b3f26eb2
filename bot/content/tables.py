"""Reads values from TOML tables, and collects faults instead of stopping at the first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar, cast

from bot.content.model.refusals import Fault

# Not pydantic: 2.14 takes 7.1 MB, and 10.6 MB with its first model; all of the bot may take 15 MB
# above a bare one. This file takes next to nothing, and names every fault by file and key.

Choice = TypeVar("Choice", bound=StrEnum)

IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]*")


class Faults:
    """Collects faults while files are read."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    def add(self, place: str, problem: str) -> None:
        """Add a fault."""
        self._found.append(Fault(place, problem))

    @property
    def found(self) -> tuple[Fault, ...]:
        """All faults, in the order of reading."""
        return tuple(self._found)

    def __len__(self) -> int:
        return len(self._found)


class Table:
    """One TOML table under a name for messages, e.g. `en/signals.toml: S3`.

    Where the file has a fault, every reader returns a harmless value and records the fault, so that
    one pass finds all of them. `done` records the keys that nobody read.
    """

    def __init__(self, place: str, values: object, faults: Faults) -> None:
        self.place = place
        self.faults = faults
        self._asked: set[str] = set()
        if isinstance(values, Mapping):
            self._values = dict(cast("Mapping[str, Any]", values))
        else:
            self._values: dict[str, Any] = {}
            faults.add(place, "must be a table")

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def fault(self, key: str, problem: str) -> None:
        """Record a fault of one key."""
        self.faults.add(f"{self.place}: {key}", problem)

    def text(self, key: str, *, most: int, default: str | None = None) -> str:
        """A line of text with 1 to `most` characters."""
        value = self._take(key, default)
        if value is None:
            self.fault(key, "is missing")
            return ""
        if not isinstance(value, str):
            self.fault(key, "must be text in quotes")
            return ""
        value = value.strip()
        # Some characters show nothing, e.g. one that joins others.
        if default is None and not any(unicodedata.category(sign)[0] in "LNPS" for sign in value):
            self.fault(key, "is empty")
        if len(value) > most:
            self.fault(key, f"has {len(value)} characters; {most} is the most")
        if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in value):
            self.fault(key, "must be one line without control characters")
        return value

    def identifier(self, key: str, *, most: int = 40) -> str:
        """A name of small letters, digits and hyphens."""
        value = self.text(key, most=most)
        if value and not IDENTIFIER.fullmatch(value):
            self.fault(key, f"“{value}” may have only small letters, digits and hyphens")
        return value

    def choice(self, key: str, kinds: type[Choice], *, default: Choice | None = None) -> Choice:
        """One of the values of an enumeration."""
        value = self._take(key, default)
        return self._one_of(key, value, kinds) or default or next(iter(kinds))

    def choices(self, key: str, kinds: type[Choice]) -> tuple[Choice, ...]:
        """A list of values of an enumeration; empty when the key is missing."""
        found = (self._one_of(key, value, kinds) for value in self._list(key))
        return tuple(kind for kind in found if kind is not None)

    def texts(self, key: str, *, most: int = 40) -> tuple[str, ...]:
        """A list of short texts; empty when the key is missing."""
        values: list[str] = []
        for value in self._list(key):
            if not isinstance(value, str) or not value.strip():
                self.fault(key, "must be a list of texts in quotes")
            elif len(value) > most:
                self.fault(key, f"“{value[:20]}…” has more than {most} characters")
            else:
                values.append(value.strip())
        return tuple(values)

    def number(self, key: str, *, least: float, most: float) -> float:
        """A number within bounds."""
        value = self._take(key, None)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(key, "is missing" if value is None else "must be a number")
            return least
        # Compared before anything else: TOML has infinities, "not a number", and endless integers.
        if not least <= value <= most:
            endless = isinstance(value, int) and abs(value) > 10**9
            said = "is far too large" if endless else f"is {value:g}"
            self.fault(key, f"{said}; {least:g} to {most:g} are allowed")
            return least
        return value

    def span(self, key: str, *, least: int, most: int) -> tuple[int, int]:
        """Two whole numbers within bounds, the smaller first."""
        value = self._take(key, None)
        numbers = cast("list[object]", value) if isinstance(value, list) else []
        if [type(number) for number in numbers] == [int, int]:
            low, high = cast("list[int]", numbers)
            if least <= low <= high <= most:
                return low, high
        self.fault(key, f"must be two whole numbers from {least} to {most}, the smaller first")
        return least, most

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            self.fault(key, "must be true or false")
            return default
        return value

    def table(self, key: str) -> Table:
        """A table inside this one."""
        value = self._take(key, None)
        if value is None:
            self.fault(key, "is missing")
            return Table(f"{self.place}: {key}", {}, Faults())
        return Table(f"{self.place}: {key}", value, self.faults)

    def texts_by_name(self, key: str, *, most: int) -> dict[str, str]:
        """A table of texts; empty when the key is missing."""
        if key not in self._values:
            return {}
        inner = self.table(key)
        return {name: inner.text(name, most=most) for name in inner._values}  # noqa: SLF001 - same class

    def tables(self, key: str, *, name_by: str) -> Iterator[Table]:
        """The tables of a list, each named in messages by its key `name_by`, else by number."""
        for number, value in enumerate(self._list(key), 1):
            name = f"{key} {number}"
            if isinstance(value, Mapping):
                given = cast("Mapping[str, Any]", value).get(name_by)
                if isinstance(given, str) and given:
                    name = given[:40]
            yield Table(f"{self.place}: {name}", cast("object", value), self.faults)

    def peek(self, key: str) -> object:
        """The value of a key, unchecked; None if it is missing."""
        return self._values.get(key)

    def merged_over(self, base: Mapping[str, Any]) -> Table:
        """This table with values of `base` where it has none, in inner tables, too."""
        merged: dict[str, Any] = dict(base)
        for key, value in self._values.items():
            below = base.get(key)
            if isinstance(value, dict) and isinstance(below, dict):
                value = {**cast("dict[str, Any]", below), **cast("dict[str, Any]", value)}
            merged[key] = value
        return Table(self.place, merged, self.faults)

    def done(self) -> None:
        """Record the keys that nobody has read."""
        for key in self._values:
            if key not in self._asked:
                self.fault(key, "is not known here")

    def _take(self, key: str, default: object) -> Any:  # noqa: ANN401 - TOML values are of any kind
        self._asked.add(key)
        return self._values.get(key, default)

    def _list(self, key: str) -> list[Any]:
        value = self._take(key, [])
        if not isinstance(value, list):
            self.fault(key, "must be a list")
            return []
        return cast("list[Any]", value)

    def _one_of(self, key: str, value: object, kinds: type[Choice]) -> Choice | None:
        if value is None:
            self.fault(key, "is missing")
            return None
        try:
            return kinds(value)
        except ValueError:
            known = ", ".join(kinds)
            self.fault(key, f"“{value}” is not known; it must be one of {known}")
            return None
