"""Reports what goes wrong in the bot during a rehearsal, in lines."""

from __future__ import annotations

import logging
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath

__all__ = ["LogLines", "Reporter", "one_line"]


def one_line(error: BaseException) -> str:
    """What happened and where, without a traceback."""
    cause = list(_causes(error))[-1]
    said = next(iter(str(cause).strip().splitlines()), "")
    text = f"{type(cause).__name__}: {said}" if said else type(cause).__name__
    frames = traceback.extract_tb(cause.__traceback__)
    own = [frame for frame in frames if {"bot", "cogs"} & set(PurePath(frame.filename).parts)]
    if frames:
        frame = (own or frames)[-1]
        text += f" ({PurePath(frame.filename).name}, line {frame.lineno}, in {frame.name})"
    return text


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and, inside discord.py's wrappers, the errors it is about."""
    yield error
    while isinstance(inner := getattr(error, "original", None), BaseException):
        yield (error := inner)


class Reporter:
    """Passes on one line for every error, and none for refusals.

    ``refusals`` are the errors with which the bot declines something; it has already told the
    person.
    """

    def __init__(
        self, line: Callable[[str], None], refusals: tuple[type[Exception], ...] = ()
    ) -> None:
        self._line = line
        self._refusals = refusals
        self._told: deque[BaseException] = deque(maxlen=20)
        self._trouble = ""
        self._stumbled: set[str] = set()

    def log(self, record: logging.LogRecord) -> None:
        """Report what the bot itself wrote into its log."""
        text = record.getMessage()
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            self._told.extend(_causes(error))
            text = f"{text}: {one_line(error)}"
        self._line(f"{record.levelname.capitalize()}: {text}")

    def errors(self, errors: Sequence[BaseException]) -> None:
        """Report what the bot raised, unless its log has said so."""
        for error in errors:
            causes = list(_causes(error))
            known = any(cause is told for cause in causes for told in self._told)
            if not known and not isinstance(causes[-1], self._refusals):
                self._line(f"Error: {one_line(error)}")

    def trouble(self, error: Exception) -> None:
        """Report what keeps time from passing. Time is tried again and again, but this is reported
        once."""
        line = f"Time could not pass: {one_line(error)}"
        if line != self._trouble:
            self._line(line)
            self._trouble = line

    def stumbled(self, name: str, error: Exception) -> None:
        """Report why a person who plays by themselves stops; the same reason is reported once."""
        why = one_line(error)
        if why not in self._stumbled:
            self._stumbled.add(why)
            self._line(f"{name} can no longer play by themself here: {why}")

    def well(self) -> None:
        """Time passes again; the next trouble is a new one."""
        self._trouble = ""


class LogLines(logging.Handler):
    """Gives the program's warnings and errors to a reporter while it is installed."""

    def __init__(self, reporter: Reporter) -> None:
        super().__init__(logging.WARNING)
        self._reporter = reporter

    def emit(self, record: logging.LogRecord) -> None:
        """Report the record."""
        self._reporter.log(record)

    def __enter__(self) -> LogLines:
        logging.getLogger().addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)
