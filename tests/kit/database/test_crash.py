"""What was acknowledged is on disk, however the program ends."""

from __future__ import annotations

import asyncio
import random
import sys

import pytest

from bot.kit.database.database import open_database
from tests.kit.database.files import PUT, ROOT, names_in

# Writes singly and in pairs, and prints each number only when the write has returned.
WRITER = """
import asyncio, os, sys
from pathlib import Path
from bot.kit.database.database import open_database

PUT = "INSERT INTO program_values (name, value) VALUES (?, 'x')"

async def main():
    async with open_database(Path(sys.argv[1])) as database:
        for number in range(100_000):
            if number % 2:
                await database.write(PUT, f"{number}-a")
            else:
                async with database.transaction() as transaction:
                    await transaction.all(PUT, f"{number}-a")
                    await transaction.all(PUT, f"{number}-b")
            os.write(1, b"%d\\n" % number)

asyncio.run(main())
"""


async def write_and_kill(path, rng: random.Random) -> list[int]:
    """Run the writer and kill it at a random moment; the numbers it acknowledged."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, str(path), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    first = await process.stdout.readline()
    await asyncio.sleep(rng.random() * 0.12)
    process.kill()
    rest = await process.stdout.read()
    assert await process.wait() == -9
    # A line cut in the middle was not acknowledged.
    return [int(line) for line in (first + rest).split(b"\n")[:-1]]


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
@pytest.mark.parametrize("seed", range(5))
async def test_a_killed_program_loses_nothing_it_acknowledged(tmp_path, seed):
    """20 kills in all; nothing half-written, and the file is usable at once."""
    rng = random.Random(seed)
    paths = [tmp_path / f"{number}.sqlite3" for number in range(4)]
    runs = await asyncio.gather(*(write_and_kill(path, rng) for path in paths))
    for path, acknowledged in zip(paths, runs, strict=True):
        assert acknowledged == list(range(len(acknowledged)))
        kept = names_in(path)
        pairs = range(0, len(acknowledged) + 2, 2)
        assert [n for n in acknowledged if f"{n}-a" not in kept] == [], "lost"
        assert [n for n in pairs if (f"{n}-a" in kept) != (f"{n}-b" in kept)] == [], "half"
        async with open_database(path) as database:
            await database.write(PUT, "afterwards")
