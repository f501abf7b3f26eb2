"""dojo-bot itself, as `dojo-bot run` starts it, but connected to the stand-in."""

from __future__ import annotations

import sys

from bot.cli import main
from tests.benchmarks import redirect

if __name__ == "__main__":
    redirect.to_stand_in()
    sys.exit(main(["run"]))
