"""Keeps people and their words out of the log: out of its lines, and of the errors in them.

People other than those it is about read a log, and it is kept longer. Lines of this program only
name kinds and places; people could get in through errors, whose texts quote what was typed, and
through libraries, which log people's ids and Discord's tokens. So every line is formatted here.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from bot.kit.refusals import DojoError

OURS = ("bot", "cogs")
LONGEST_TEXT = 300
"""Characters of an error's text."""
LONGEST_CHAIN = 8
"""Errors in a chain of causes."""

ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)

_ADDRESS = re.compile(r"\bhttps?://[^\s'\"<>)\]]+")
_CUSTOM_ID = re.compile(r"\bdojo:\d+:\S*")
_ID = re.compile(r"(?<!\d)\d{15,20}(?!\d)")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{30,}")
_QUOTED = re.compile(r"(['\"“‘`]).*['\"”’`]", re.DOTALL)
"""From the first quotation mark to the last: an apostrophe must not end a quotation too early."""
_SECRET_AFTER = {"webhooks": 2, "interactions": 2}
"""Where the token of a webhook or an interaction is in an address, counted from this word."""


def described(error: BaseException) -> str:
    """An error by its kind, with those parts of its text that cannot be about anybody."""
    kind = type(error).__name__
    status, code = getattr(error, "status", None), getattr(error, "code", None)
    if isinstance(status, int) and isinstance(code, int):
        # Discord's answer. Its text can repeat what was sent.
        return f"{kind} {status}/{code}"
    if isinstance(error, DojoError) or type(error).__module__.startswith("discord.app_commands"):
        return kind
    text = _QUOTED.sub("…", without_people(str(error)))[:LONGEST_TEXT]
    return f"{kind}: {text}" if text else kind


def without_people(text: str) -> str:
    """A text in which addresses are templates, and ids, tokens and custom ids are left out."""
    text = _ADDRESS.sub(lambda match: _template(match[0]), text)
    text = _CUSTOM_ID.sub("dojo:…", text)
    return _TOKEN.sub("<token>", _ID.sub("<id>", text))


def _template(address: str) -> str:
    """`https://discord.com/api/v10/guilds/{id}/members/{id}`."""
    parts = urlsplit(address)
    segments = parts.path.split("/")
    for at, segment in enumerate(segments):
        if segment in _SECRET_AFTER and at + _SECRET_AFTER[segment] < len(segments):
            segments[at + _SECRET_AFTER[segment]] = "{token}"
    shown = [
        "{id}" if segment.isdigit() else _TOKEN.sub("{token}", segment) for segment in segments
    ]
    return f"{parts.scheme}://{parts.netloc}{'/'.join(shown)}"


class _Shown(str):
    """Replaces a value in a line, in whatever way it is formatted."""

    __slots__ = ()
    __repr__ = str.__str__


class PrivateFormatter(logging.Formatter):
    """Formats lines that name kinds of things, never people or what they wrote."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, with the traceback of its error."""
        # The record is left as it is: other handlers see it, too.
        copy = logging.makeLogRecord(record.__dict__)
        copy.message = self._message(record)
        if self.usesTime():
            copy.asctime = self.formatTime(record, self.datefmt)
        lines = [self.formatMessage(copy)]
        if record.exc_info:
            lines.append(self.formatException(record.exc_info))
        return "\n".join(lines)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the library's own name
        """The tracebacks of an error and of those that led to it."""
        return "\n".join(_tracebacks(ei[1], LONGEST_CHAIN)) if ei[1] is not None else ""

    def _message(self, record: logging.LogRecord) -> str:
        is_ours = record.name.partition(".")[0] in OURS
        show = _ours if is_ours else _of_a_library
        text = described(record.msg) if isinstance(record.msg, BaseException) else str(record.msg)
        if not record.args:
            # A library's own text can contain anything, e.g. the repr of an error.
            return text if is_ours else _QUOTED.sub("…", without_people(text))
        if isinstance(record.args, Mapping):
            text %= {name: show(value) for name, value in record.args.items()}
        else:
            text %= tuple(show(value) for value in record.args)
        return text if is_ours else without_people(text)


def _ours(value: object) -> object:
    return _Shown(described(value)) if isinstance(value, BaseException) else value


def _of_a_library(value: Any) -> object:  # noqa: ANN401 - anything can be logged
    match value:
        case BaseException():
            return _Shown(described(value))
        case str():
            # Here, because a format can cut it, and half a token is not recognised.
            return without_people(value)
        case bool() | float() | int() | None:
            # Ids are looked for in the whole text, after the format has had its numbers.
            return value
        case _:
            # Its repr could be that of a button, of a member, or of a whole answer.
            return _Shown(f"<{type(value).__name__}>")


def _tracebacks(error: BaseException, most: int) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and most > 1:
        yield from _tracebacks(before, most - 1)
        yield "which led to"
    yield "Traceback (most recent call last):"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    yield described(error)
    if isinstance(error, BaseExceptionGroup) and most > 1:
        for one in error.exceptions:
            yield "of which one is"
            yield from _tracebacks(one, most - 1)
