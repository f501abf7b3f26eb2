"""`dojo-bot` with its requests going to the stand-in: `python -m tests.process.launch run`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

# What `run` takes, so that a program that is forked has it already.
import bot.run  # noqa: F401
from bot import cli
from tests.benchmarks.redirect import to_stand_in


def main(arguments: Sequence[str]) -> int:
    """Run a command against the stand-in; its exit code."""
    to_stand_in()
    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
