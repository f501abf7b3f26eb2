"""S19: many people ask for all of their data, and nobody else waits for it."""

from __future__ import annotations

import asyncio
import random

import pytest
import pytest_asyncio

from bot.app import open_bot
from bot.dojos.model.dojo import DojoSettings
from bot.dojos.service.dojos import DojoService
from bot.privacy.model.refusals import ExportUnderWay
from bot.privacy.service.privacy import MOST_AT_ONCE, PrivacyService
from bot.settings import Settings
from tests.kit.time.timers import turns
from tests.people import CHANNEL, GUILD, MANAGER

PEOPLE = range(101, 111)


@pytest_asyncio.fixture
async def services(quick_databases, path, clock):
    """As the program joins them."""
    async with open_bot(Settings(database=path), now=clock, rng=random.Random(1)) as bot:
        yield bot.services


async def test_while_an_export_reads_others_read_and_write(services):
    """S19: exports have a reader of their own, so that taps never wait behind them."""
    database = services[PrivacyService]._database
    async with database.long_read() as statements:
        await statements.all("SELECT * FROM dojos")
        async with asyncio.timeout(5):
            await asyncio.gather(*(database.one("SELECT 1") for _ in range(10)))
            await database.write("INSERT INTO program_values (name, value) VALUES ('a', '1')")


async def test_an_export_is_made_by_the_reader_for_long_reads(services, monkeypatch):
    """S19: those for whom people wait are not asked."""
    database = services[PrivacyService]._database
    monkeypatch.setattr(database, "_readers", iter(()))
    assert await services[PrivacyService].counts(PEOPLE[0]) == {}
    assert (await services[PrivacyService].export_file(PEOPLE[0])).data
    assert (await services[PrivacyService].export(PEOPLE[0]))["user_id"] == str(PEOPLE[0])


async def test_an_export_is_of_one_moment(services):
    """What is written in the meantime is not half in it."""
    database = services[PrivacyService]._database
    count = "SELECT count(*) FROM program_values"
    async with database.long_read() as statements:
        (before,) = await statements.all(count)
        await database.write("INSERT INTO program_values (name, value) VALUES ('a', '1')")
        (after,) = await statements.all(count)
    assert before[0] == after[0]
    async with database.long_read() as statements:
        (later,) = await statements.all(count)
    assert later[0] == before[0] + 1


async def test_a_few_files_are_made_at_once_and_the_others_come_after(services, monkeypatch):
    """S19: for ten people at once, not ten times the memory."""
    made_at_once = most = 0
    read = services[PrivacyService]._read

    async def counted(user_id):
        nonlocal made_at_once, most
        made_at_once += 1
        most = max(most, made_at_once)
        await turns(3)
        found = await read(user_id)
        made_at_once -= 1
        return found

    monkeypatch.setattr(services[PrivacyService], "_read", counted)
    files = await asyncio.gather(*(services[PrivacyService].export_file(one) for one in PEOPLE))
    assert most == MOST_AT_ONCE
    assert [str(one).encode() in file.data for one, file in zip(PEOPLE, files, strict=True)] == [
        True
    ] * len(PEOPLE)


async def test_one_person_has_one_answer_at_a_time_and_another_after_it(services):
    privacy = services[PrivacyService]
    with privacy.one_at_a_time(101):
        with pytest.raises(ExportUnderWay), privacy.one_at_a_time(101):
            pass
        with privacy.one_at_a_time(102):
            pass
    with privacy.one_at_a_time(101):
        pass


async def test_an_answer_that_failed_is_over(services):
    def fail():
        with services[PrivacyService].one_at_a_time(101):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with services[PrivacyService].one_at_a_time(101):
        pass


async def test_two_cards_that_erase_at_once_count_each_thing_once(services):
    await services[DojoService].set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
    counts = await asyncio.gather(
        *(services[PrivacyService].forget(MANAGER.user_id) for _ in range(2))
    )
    assert counts == [{"dojos": 1}, {}]
