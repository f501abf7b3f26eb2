"""Log lines that say where they belong: the guild, round and command of what is going on."""

from __future__ import annotations

import contextlib
import logging
import sys
import time
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TextIO

from bot.kit.log_privacy import PrivateFormatter

_context: ContextVar[dict[str, object]] = ContextVar("log_context")


@contextlib.contextmanager
def log_context(**values: object) -> Iterator[None]:
    """Add values to every log line of this task, inside the block; empty values are left out."""
    token = _context.set({**_context.get({}), **_given(values)})
    try:
        yield
    finally:
        _context.reset(token)


def set_log_context(**values: object) -> None:
    """Like `log_context`, for the rest of the current task."""
    _context.set({**_context.get({}), **_given(values)})


def _given(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


class ContextFilter(logging.Filter):
    """Adds the context to a record as `context`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keeps every record."""
        pairs = (f" {name}={value}" for name, value in _context.get({}).items())
        record.context = "".join(pairs)
        return True


class ReconnectFilter(logging.Filter):
    """Turns what the library logs at each lost connection, with a traceback, into one line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keeps every record."""
        if str(record.msg).startswith("Attempting a reconnect") and record.exc_info:
            reason = record.exc_info[1]
            record.msg = f"{record.getMessage()} ({type(reason).__name__}: {reason})"
            record.args = ()
            record.exc_info = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


def lines_to(stream: TextIO) -> logging.Handler:
    """A handler that writes lines about places and kinds, never about people; times in UTC."""
    handler = logging.StreamHandler(stream)
    formatter = PrivateFormatter(
        "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s:%(context)s %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S",
    )
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(ContextFilter())
    return handler


def set_up_logging(level: int) -> None:
    """Write log lines to stderr, times in UTC."""
    handler = lines_to(sys.stderr)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # At this level the library logs every reconnection, and nothing else.
    logging.getLogger("discord").setLevel(max(level, logging.INFO))
    logging.getLogger("discord.client").addFilter(ReconnectFilter())
    for chatty in ("aiosqlite", "asyncio"):
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))
