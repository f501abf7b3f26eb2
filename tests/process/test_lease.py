"""A second `dojo-bot run` on the same database, as an operator sees it."""

from __future__ import annotations

import asyncio
import signal
import sys

import pytest

from tests.process.test_run import question

WAITING = "another dojo-bot is running on this database; waiting until it ends"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no such signals")


@pytest.fixture
def connections(stand_in) -> list[object]:
    """One item for each connection to the gateway."""
    made = []
    serve = stand_in._serve_gateway

    async def counted(request):
        made.append(request)
        return await serve(request)

    stand_in._serve_gateway = counted
    return made


async def test_the_second_waits_and_goes_on_when_the_first_is_killed(stand_in, start, connections):
    first = await start(stand_in.port, "run")
    await stand_in.connected()
    second = await start(stand_in.port, "run")
    await second.says(WAITING)
    # Longer than it waits between two attempts.
    await asyncio.sleep(1.3)
    assert len(connections) == 1
    answer = await stand_in.ask(question(stand_in))
    assert answer.message is not None

    stand_in._ready.clear()
    first.process.kill()
    async with asyncio.timeout(15):
        await stand_in.connected()
    answer = await stand_in.ask(question(stand_in))
    second.process.terminate()

    assert answer.message is not None
    assert await second.ended() == 0
    assert len(connections) == 2
    assert second.errors.count(WAITING) == 1
    assert "Traceback" not in second.errors


async def test_the_second_goes_on_when_the_first_ends_cleanly(stand_in, start, connections):
    first = await start(stand_in.port, "run")
    await stand_in.connected()
    second = await start(stand_in.port, "run")
    await second.says(WAITING)

    stand_in._ready.clear()
    first.process.terminate()
    assert await first.ended() == 0
    async with asyncio.timeout(15):
        await stand_in.connected()
    second.process.terminate()

    assert await second.ended() == 0
    assert len(connections) == 2


async def test_a_signal_ends_it_while_it_waits(stand_in, start, connections):
    first = await start(stand_in.port, "run")
    await stand_in.connected()
    waiting = {
        number: await start(stand_in.port, "run") for number in (signal.SIGTERM, signal.SIGINT)
    }
    for number, program in waiting.items():
        await program.says(WAITING)

        program.process.send_signal(number)

        assert await program.ended(3) == 0, number
        assert "Traceback" not in program.errors, number
    assert len(connections) == 1
    assert first.process.returncode is None


async def test_a_restart_after_a_crash_waits_for_nobody(stand_in, start):
    first = await start(stand_in.port, "run")
    await stand_in.connected()
    first.process.kill()
    await first.ended()
    stand_in._ready.clear()

    second = await start(stand_in.port, "run")
    async with asyncio.timeout(15):
        await stand_in.connected()
    second.process.terminate()

    assert await second.ended() == 0
    assert WAITING not in second.errors


async def test_a_check_does_not_mind_a_running_bot(stand_in, start):
    await start(stand_in.port, "run")
    await stand_in.connected()
    check = await start(stand_in.port, "check")
    assert await check.ended() == 0


async def test_a_lock_file_that_cannot_be_used_is_one_line_and_exit_code_1(start, tmp_path):
    (tmp_path / "dojo.sqlite3.lock").mkdir()
    program = await start(1, "run")
    assert await program.ended() == 1
    assert program.errors.count("\n") == 1
    assert "cannot be kept for one process" in program.errors
