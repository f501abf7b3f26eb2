"""`dojo-bot` with its requests going to the stand-in: `python -m tests.process.launch run`."""

from __future__ import annotations

import sys

from bot.cli import main
from tests.benchmarks.redirect import to_stand_in

if __name__ == "__main__":
    to_stand_in()
    sys.exit(main(sys.argv[1:]))
