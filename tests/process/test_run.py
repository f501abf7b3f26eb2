"""`dojo-bot run` from start to end, as an operator sees it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3

import pytest
from aiohttp import web

from tests.benchmarks import payloads
from tests.benchmarks.standin import StandIn


def question(stand_in: StandIn, person: int = 1):
    options = [payloads.option("phase", "meaning"), payloads.option("show", "me")]
    return payloads.slash(person, stand_in.command("question"), options)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_cleanly(stand_in, start_own_python, number):
    program = await start_own_python(stand_in.port, "run")
    await stand_in.connected()

    program.process.send_signal(number)

    assert await program.ended() == 0
    assert "Traceback" not in program.errors


@pytest.mark.skipif(os.name != "posix", reason="modes of files are of POSIX")
async def test_its_files_are_closed_to_others_and_open_ones_are_told(
    stand_in, start_own_python, tmp_path
):
    """S8: with the mask of most systems, and a database that an earlier version left open."""
    mask = os.umask(0o022)
    try:
        program = await start_own_python(stand_in.port, "run")
    finally:
        os.umask(mask)
    await stand_in.connected()
    names = ["dojo.sqlite3", "dojo.sqlite3-shm", "dojo.sqlite3-wal", "dojo.sqlite3.lock"]
    files = [tmp_path / name for name in names]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * 4
    program.process.terminate()
    assert await program.ended() == 0
    assert "open to other accounts" not in program.errors

    files[0].chmod(0o644)
    program = await start_own_python(stand_in.port, "run")
    await program.says(f"open to other accounts of this machine: {files[0]}")
    program.process.terminate()
    assert await program.ended() == 0
    assert files[0].stat().st_mode & 0o777 == 0o644


async def test_what_is_under_way_at_the_end_is_answered(stand_in, start):
    program = await start(stand_in.port, "run")
    await stand_in.connected()
    callback, is_stopping, under_way = stand_in._callback, asyncio.Event(), asyncio.Barrier(21)

    async def held(*about):
        await under_way.wait()
        await is_stopping.wait()
        return await callback(*about)

    stand_in._callback = held
    asked = [asyncio.create_task(stand_in.ask(question(stand_in, n))) for n in range(20)]
    await under_way.wait()

    program.process.send_signal(signal.SIGTERM)
    await program.says("stopping")
    is_stopping.set()

    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert await program.ended() == 0
    assert "Traceback" not in program.errors
    assert not [answer for answer in answers if isinstance(answer, BaseException)]


async def test_the_commands_are_synced_once_and_again_on_request(stand_in, start):
    syncs = 0
    register = stand_in._register

    def counted(*arguments):
        nonlocal syncs
        syncs += 1
        return register(*arguments)

    stand_in._routes = [
        (method, pattern, counted if answer == register else answer)
        for method, pattern, answer in stand_in._routes
    ]
    counts = []
    for extra in ([], [], ["--sync"]):
        program = await start(stand_in.port, "run", *extra)
        await stand_in.connected()
        program.process.terminate()
        assert await program.ended() == 0
        counts.append(syncs)

    assert counts == [1, 1, 2]


async def test_a_log_line_says_where_it_belongs(stand_in, start):
    program = await start(stand_in.port, "run", DOJO_LOG_LEVEL="debug")
    await stand_in.connected()
    setup = payloads.slash(
        1, stand_in.command("dojo"), [{"type": 1, "name": "setup", "options": []}]
    )
    setup["member"]["permissions"] = "0"

    answer = await stand_in.ask(setup)
    program.process.terminate()
    await program.ended()

    assert answer.message is not None
    assert "**Manage Channels**" in answer.message["content"]
    line = next(line for line in program.errors.splitlines() if "NotAllowed" in line)
    assert f"guild={setup['guild_id']} channel={setup['channel_id']} command=/dojo setup" in line


async def test_a_lost_connection_is_taken_up_again(stand_in, start):
    program = await start(stand_in.port, "run")
    await stand_in.connected()

    assert stand_in._gateway is not None
    await stand_in._gateway.close()
    stand_in._ready.clear()

    async with asyncio.timeout(20):
        await stand_in.connected()
        answer = await stand_in.ask(question(stand_in))
    assert answer.message is not None
    program.process.terminate()
    assert await program.ended() == 0
    assert "Traceback" not in program.errors


async def test_it_waits_for_a_network_that_is_not_there_yet(start):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = await start(port, "run")

    await program.says("Discord cannot be reached")

    program.process.terminate()
    assert await program.ended() == 0
    assert "Traceback" not in program.errors


async def test_a_refused_token_is_one_line_and_exit_code_2(start):
    async def refuse(_: web.Request) -> web.Response:
        return web.json_response({"message": "401: Unauthorized", "code": 0}, status=401)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", refuse)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        program = await start(runner.addresses[0][1], "run", DOJO_LOG_LEVEL="error")
        assert await program.ended() == 2
    finally:
        await runner.cleanup()

    assert program.errors.count("\n") == 1
    assert "Discord refused the token" in program.errors


async def test_a_newer_database_is_one_line_and_exit_code_1(start_own_python, tmp_path):
    with sqlite3.connect(tmp_path / "dojo.sqlite3") as database:
        database.execute("PRAGMA application_id = 1685023343")
        database.execute("PRAGMA user_version = 4711")
        database.execute("CREATE TABLE a (b)")
    database.close()

    program = await start_own_python(1, "run")

    assert await program.ended() == 1
    assert program.errors.count("\n") == 1
    assert "newer dojo-bot (schema 4711" in program.errors


async def test_it_starts_when_the_network_comes_up(start):
    """Also after several attempts, with one and the same program."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = await start(port, "run")
    await program.says("trying again in 2 s")

    async with StandIn(guilds=1).running(port) as stand_in:
        async with asyncio.timeout(15):
            await stand_in.connected()
        answer = await stand_in.ask(question(stand_in))
        program.process.terminate()
        assert await program.ended() == 0

    assert answer.message is not None
    assert "Traceback" not in program.errors


async def test_a_first_connection_that_fails_is_tried_again(stand_in, start):
    """Logged in, but the gateway cannot be reached yet."""
    serve = stand_in._serve_gateway
    refused = 0

    async def refuse_once(request):
        nonlocal refused
        if not refused:
            refused += 1
            return web.Response(status=503)
        return await serve(request)

    stand_in._serve_gateway = refuse_once
    program = await start(stand_in.port, "run")
    async with asyncio.timeout(30):
        await stand_in.connected()
    program.process.terminate()

    assert await program.ended() == 0
    assert refused == 1
    assert "Traceback" not in program.errors


async def test_a_token_that_was_reset_is_one_line_and_exit_code_2(stand_in, start):
    async def invalid(request):
        socket_ = web.WebSocketResponse()
        await socket_.prepare(request)
        await socket_.send_json({"op": 10, "d": {"heartbeat_interval": 41_250}})
        await socket_.close(code=4004)
        return socket_

    stand_in._serve_gateway = invalid
    program = await start(stand_in.port, "run", DOJO_LOG_LEVEL="error")

    assert await program.ended() == 2
    assert "Discord refused the token" in program.errors
    assert "Traceback" not in program.errors
