"""``dojo-bot try``: the real bot in a practice dojo on this machine, in the browser.

Importing this package is cheap; what it needs beyond the bot itself (the extra ``try``) is imported
only when a rehearsal starts.
"""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass

__all__ = ["MISSING", "PORT", "Options", "run"]

PORT = 8765
"""The port a rehearsal listens on if it is free and no other was asked for."""

MISSING = (
    "dojo-bot try needs the rehearsal extra: uv run --extra try dojo-bot try "
    '(or: pip install "dojo-bot[try]")'
)

_NEEDED = ("simcord", "markdown_it", "linkify_it", "regex", "PIL")


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a rehearsal."""

    port: int = 0
    """Port on loopback; 0 is ``PORT`` or, if that is taken, any free one."""
    open_browser: bool = False
    """Open the start page in the system's browser."""
    speed: float = 1.0
    """Seconds that pass in the dojo in one real second."""
    people: int = 6
    """Simulated people in the community, at least the six with a part, at most 60."""
    players: int = 0
    """People who play an evening by themselves, 3 to 60, besides the facilitator and the owner.

    The community is made as large as that requires. 0: nobody acts by themselves.
    """


def run(options: Options | None = None) -> int:
    """Rehearse until Ctrl-C (or SIGTERM) and return the exit code.

    0 after a rehearsal that was ended; 1 with one line on stderr when it could not
    begin: the extra is missing, the port is taken, an option is out of its range.
    """
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        return _fail(MISSING)
    from bot.rehearsal.command import CannotBegin, rehearse

    try:
        return rehearse(options or Options())
    except CannotBegin as error:
        return _fail(str(error))


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201 - one plain line, no traceback
    return 1
