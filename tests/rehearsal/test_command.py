"""The rehearsal as a process: how it starts and how it ends."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from bot import rehearsal
from bot.rehearsal.folders import rehearsal_folder

START = (
    "import sys; from bot.rehearsal import Options, run; "
    "sys.exit(run(Options(port=int(sys.argv[1]))))"
)


async def start(port: int = 0, **environment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-W", "default::ResourceWarning", "-c", START, str(port)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment or None,
    )


async def address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(30):
        line = (await process.stdout.readline()).decode()
    assert line.startswith("The rehearsal is open: http://127.0.0.1:"), line
    return line.split()[-1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_well_and_leaves_nothing(number, tmp_path):
    process = await start(TMPDIR=str(tmp_path), PATH="")
    async with aiohttp.ClientSession() as session:
        start_page = await address(process)
        async with session.get(start_page) as response:
            assert response.status == 200
        (folder,) = tmp_path.iterdir()
        assert (folder / "dojo.sqlite3").exists()
        process.send_signal(number)
        async with asyncio.timeout(10):
            out, err = await process.communicate()
    assert process.returncode == 0
    assert err == b""
    assert b"Ctrl-C" in out
    assert not list(tmp_path.iterdir())


def test_importing_it_takes_nothing_of_the_extra():
    code = "import sys, bot.rehearsal; print('simcord' in sys.modules, 'discord' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_without_the_extra_it_says_how_to_get_it(monkeypatch, capsys):
    monkeypatch.setattr(rehearsal.importlib.util, "find_spec", lambda name: None)
    assert rehearsal.run() == 1
    captured = capsys.readouterr()
    assert captured.err.strip() == rehearsal.MISSING
    assert captured.out == ""


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (rehearsal.Options(port=70_000), "A port is"),
        (rehearsal.Options(speed=0), "The speed"),
        (rehearsal.Options(people=61), "6 to 60 people"),
    ],
)
def test_an_option_out_of_its_range_is_told_in_a_line(options, sentence, capsys):
    assert rehearsal.run(options) == 1
    assert sentence in capsys.readouterr().err


def test_what_a_killed_rehearsal_left_is_removed_at_the_next_start(tmp_path, monkeypatch):
    """9: its own folders only, and none that is in use."""
    code = (
        "import sys; from bot.rehearsal.folders import rehearsal_folder\n"
        "with rehearsal_folder() as folder: print(folder, flush=True); sys.stdin.read()"
    )
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    other = tmp_path / "dojo-bot-try-notes"
    other.mkdir()
    (other / "mine.txt").write_text("by hand")
    (tmp_path / "dojo-bot-try-link").symlink_to(other)
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    in_use = Path(child.stdout.readline().strip())
    with rehearsal_folder() as own:
        assert in_use.is_dir()
        child.kill()
        child.communicate()
    assert in_use.is_dir()
    with rehearsal_folder() as own:
        assert sorted(tmp_path.iterdir()) == sorted([other, tmp_path / "dojo-bot-try-link", own])
    assert (other / "mine.txt").exists()
    assert not own.exists()
