"""How the parts are joined: what the library calls things, and what is logged."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.app import open_bot
from bot.client import LONGEST_RATE_LIMIT_SECONDS
from bot.content.model.refusals import ContentRejected
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.kit.discord.interactions import _RolesOf
from bot.kit.logs import ContextFilter, log_context
from bot.run import ANSWERING, drain
from bot.settings import Settings
from tests.simulation.world import SETUP


async def test_a_stop_waits_for_every_kind_of_answer(world, server, monkeypatch):
    """Commands, buttons and forms are answered in tasks that `drain` knows by their names."""
    names = {}

    def watch(owner, method, kind):
        real = getattr(owner, method)

        async def watched(self, *arguments, **options):
            task = asyncio.current_task()
            assert task is not None
            names[kind] = task.get_name()
            return await real(self, *arguments, **options)

        monkeypatch.setattr(owner, method, watched)

    carla, fay = server.member("carla"), server.manager()
    watch(ContentService, "of_dojo", "command")
    card = (await carla.slash(server.dojo, "question", phase="start")).response
    watch(ContentService, "of_dojo", "button")
    await carla.click(card, label="Another")
    form = await fay.slash(server.dojo, "dojo setup")
    watch(DojoService, "set_up", "form")
    await fay.submit_modal(form, SETUP)

    assert set(names) == {"command", "button", "form"}
    assert all(name.startswith(ANSWERING) for name in names.values()), names


async def test_whatever_a_feature_starts_it_closes(world):
    """A clock that goes on writes to a database that is closed."""
    features = world.bot._features
    clocks = {clock for one in features for clock in one.clocks if hasattr(clock, "close")}
    closed = {getattr(close, "__self__", None) for one in features for close in one.closes}
    assert clocks
    assert clocks <= closed


async def test_draining_waits_for_answers_but_not_for_ever():
    async def answer(seconds: float) -> None:
        await asyncio.sleep(seconds)

    quick = asyncio.create_task(answer(0.02), name=ANSWERING[0])
    stuck = asyncio.create_task(answer(60), name=ANSWERING[1] + "x")
    other = asyncio.create_task(answer(60), name="something else")

    await drain(0.1)

    assert quick.done()
    assert not stuck.done()
    for task in (stuck, other):
        task.cancel()


async def test_faulty_content_keeps_the_bot_from_starting(tmp_path):
    (tmp_path / "content").mkdir()
    with pytest.raises(ContentRejected):
        async with open_bot(
            Settings(database=tmp_path / "dojo.sqlite3"), content=tmp_path / "content"
        ):
            pytest.fail("it started")
    assert not (tmp_path / "dojo.sqlite3").exists()


def test_a_log_line_carries_what_is_being_worked_on():
    record = logging.LogRecord("bot", logging.INFO, "", 0, "moved on", (), None)
    with log_context(guild=5, round=12, channel=None), log_context(command="/round next"):
        ContextFilter().filter(record)
    assert record.__dict__["context"] == " guild=5 round=12 command=/round next"


async def test_draining_waits_for_what_begins_meanwhile():
    done = []

    async def late() -> None:
        await asyncio.sleep(0.05)
        done.append("late")

    async def first() -> None:
        await asyncio.sleep(0.02)
        tasks.append(asyncio.create_task(late(), name=ANSWERING[0]))

    tasks = [asyncio.create_task(first(), name=ANSWERING[0])]
    await drain(2)

    assert done == ["late"]


async def test_the_roles_of_a_member_are_known_before_the_server_is_loaded(world, server):
    """The library finds roles by name only later, and facilitators must not be refused."""
    fay = server.member("fay", server.facilitators)
    member = world.bot.get_guild(server.id).get_member(fay.id) or await world.bot.get_guild(
        server.id
    ).fetch_member(fay.id)
    role_id = server.facilitators.id
    member.guild._roles.clear()

    assert member.get_role(role_id) is None
    assert role_id in _RolesOf(member)
    assert role_id + 1 not in _RolesOf(member)


async def test_no_request_waits_for_minutes_until_discord_lets_it(tmp_path):
    """F14: it fails, and is tried again; what the bot meets is a limit of a minute at most."""
    async with open_bot(Settings(database=tmp_path / "dojo.sqlite3")) as bot:
        assert bot.http.max_ratelimit_timeout == LONGEST_RATE_LIMIT_SECONDS
    assert 60 < LONGEST_RATE_LIMIT_SECONDS <= 120
