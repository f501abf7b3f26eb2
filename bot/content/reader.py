"""Reads a dojo's own file in a separate process, which is ended when it takes too long.

A file comes from a stranger, so its reader is limited: it is a program that loads this module and
nothing of Discord, has neither the token nor the database, and lives a few seconds. Its result is a
list of faults as JSON. A file without faults is quick to read, so the values need not be returned:
the bot reads the file again itself.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.content.model.content import Content
from bot.content.model.refusals import ContentRejected, Fault
from bot.content.own import FILE_NAME, read_own

log = logging.getLogger(__name__)

LIMIT_SECONDS = 2.0
"""From the start of the process to its end; the largest valid file takes a tenth of it."""
MOST_BYTES = 1024**3
"""Of memory, on systems that can limit it."""
MOST_FAULTS = 1_000
"""More faults than anybody would correct before the next try are counted, not listed."""
LONGEST_PART = 250
"""Characters of a fault's place, and of its problem."""

_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = f"from {__name__} import main; main()"
_WINDOWS = sum(
    getattr(subprocess, name, 0) for name in ("CREATE_NO_WINDOW", "CREATE_NEW_PROCESS_GROUP")
)
"""No window if the bot has none, and no Ctrl+C; nothing on other systems."""
_SECRETS = ("DISCORD_", "DOJO_")


def check_in_process(text: str, base: Content, *, seconds: float = LIMIT_SECONDS) -> None:
    """Read a dojo's file over `base` in another process, for at most `seconds`.

    Returns if the file has no faults. Blocks, so call it in a thread. Raises ContentRejected with
    every fault, also for a file that takes too long; OSError if no process can be started.
    """
    try:
        done = subprocess.run(  # noqa: S603 - this very module
            # Ignore the working directory and installed packages: it needs neither.
            [sys.executable, "-P", "-S", "-c", _PROGRAM],
            input=_packed((text, base)),
            capture_output=True,
            env=_environment(),
            timeout=seconds,
            check=False,
            # Ctrl+C goes to every process of a terminal; the bot still waits for this one.
            start_new_session=True,
            creationflags=_WINDOWS,
        )
    except subprocess.TimeoutExpired:
        # It has been killed, and has ended.
        log.info("a content file took too long to read")
        raise _rejected(
            f"takes longer than {seconds:g} seconds to read, so I stopped; make it shorter and"
            " simpler"
        ) from None
    if done.returncode:
        # Not what it printed before it ended: that can quote the file.
        log.warning("the reader of content files ended with code %d", done.returncode)
        raise _rejected("could not be read to its end; try again, or make it shorter and simpler")
    answer = json.loads(done.stdout)
    if answer["faults"]:
        faults = tuple(Fault(place, problem) for place, problem in answer["faults"])
        raise ContentRejected(faults, more=answer["more"])


def _rejected(problem: str) -> ContentRejected:
    return ContentRejected((Fault(FILE_NAME, problem),))


def _environment() -> Mapping[str, str]:
    """What the reader needs to start, without the bot's own secrets."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_SECRETS)}
    return {**kept, "PYTHONPATH": str(_ROOT)}


class _Packer(pickle.Pickler):
    """Pickles content, whose mappings are read-only."""

    def reducer_override(self, obj: Any) -> Any:  # noqa: ANN401 - the library's own signature
        """How to rebuild a read-only mapping."""
        if isinstance(obj, MappingProxyType):
            return _read_only, (dict(obj),)  # pyright: ignore[reportUnknownArgumentType]
        return NotImplemented


def _read_only(values: dict[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(values)


def _packed(value: object) -> bytes:
    packed = BytesIO()
    _Packer(packed).dump(value)
    return packed.getvalue()


# Inside the process


def main() -> None:
    """Read the input from stdin and write its faults to stdout."""
    _limit_itself()
    text, base = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the bot that started us
    sys.stdout.buffer.write(json.dumps(faults_of(text, base)).encode())


def faults_of(text: str, base: Content) -> dict[str, Any]:
    """What is wrong with a file, as data, and no more of it than a person would read."""
    try:
        read_own(text, base)
    except ContentRejected as rejected:
        shown = rejected.faults[:MOST_FAULTS]
        return {
            "faults": [(_cut(fault.place), _cut(fault.problem)) for fault in shown],
            "more": len(rejected.faults) - len(shown),
        }
    return {"faults": [], "more": 0}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_PART else text[: LONGEST_PART - 1] + "…"


def _limit_itself() -> None:
    """End the process by itself even if the bot is gone and cannot, on systems that allow it."""
    try:
        resource: Any = importlib.import_module("resource")
    except ImportError:
        return
    for limit, most in (
        (resource.RLIMIT_CPU, round(LIMIT_SECONDS) + 1),
        (resource.RLIMIT_AS, MOST_BYTES),
    ):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(limit, (most, most))
