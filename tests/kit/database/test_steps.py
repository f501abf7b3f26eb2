"""Issue 12: much is erased in small steps, between which others write, and all of it is erased."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from bot.kit.database.steps import in_parts, in_steps
from tests.kit.database.files import PUT, names_in
from tests.rounds.store.samples import AT, COACH, DOJO, NOTE, OBSERVED, OBSERVER, Stores, make_dojo


async def put(statements, name):
    await statements.all(PUT, name)


async def test_others_write_between_two_steps_and_a_step_takes_what_its_moment_allows(
    database, path, monkeypatch
):
    """A tap does not wait for the whole purge; without anybody waiting there are few commits."""
    commits: list[str] = []
    await database._writer.set_trace_callback(
        lambda sql: commits.append(sql) if sql == "COMMIT" else None
    )
    names = [f"step {number}" for number in range(30)]
    await in_steps(database, names, put)
    assert names_in(path) == set(names)
    assert len(commits) < 30
    monkeypatch.setattr("bot.kit.database.steps.STEP_SECONDS", -1)
    done: list[str] = []

    async def put_and_tell(statements, name):
        await put(statements, name)
        done.append(name)

    async def tap():
        await database.write(PUT, "tap")
        done.append("tap")

    names = [f"later {number}" for number in range(30)]
    await asyncio.gather(in_steps(database, names, put_and_tell), tap())
    assert done.index("tap") < 5
    assert list(in_parts([1, 2, 3], 2)) == [[1, 2], [3]]


async def test_a_step_holds_the_writer_for_50_ms_at_most(database, monkeypatch):
    """Issue 12: by a clock of its own, on which each of 60 items takes 4 ms."""
    clock, changed = [0.0], [0]
    monkeypatch.setattr("bot.kit.database.steps.time.perf_counter", lambda: clock[0])
    commit, ends = database._writer.commit, [0]

    async def committed():
        ends.append(changed[0])
        await commit()

    monkeypatch.setattr(database._writer, "commit", committed)

    async def change(statements, name):
        await put(statements, name)
        clock[0] += 0.004
        changed[0] += 1

    await in_steps(database, [f"item {number}" for number in range(60)], change)
    steps = [after - before for before, after in pairwise(ends)]
    assert sum(steps) == 60
    assert max(steps) * 4 <= 50


async def test_a_server_that_is_back_while_it_is_erased_keeps_the_rest(database, monkeypatch):
    """What the bot finds there again is not erased behind its back."""
    await make_dojo(database)
    stores = Stores(database)
    (guild,) = await stores.retention.guilds()
    for number in range(5):
        await stores.observe(replace(OBSERVED, id=100 + number, guild_id=guild))
    await stores.retention.guild_removed(guild, AT)
    steps = 0

    async def one_by_one(database, items, change):
        """The server is back after two steps."""
        nonlocal steps
        for item in items:
            await in_steps(database, [item], change)
            steps += 1
            if steps == 2:
                await stores.retention.guild_back(guild)

    with monkeypatch.context() as patched:
        patched.setattr("bot.privacy.store.retention.in_steps", one_by_one)
        assert await stores.retention.erase_guilds(AT + timedelta(days=1)) == []
    assert await database.one("SELECT id FROM dojos WHERE id = ?", DOJO)
    left = len(await database.all("SELECT id FROM rounds"))
    assert 0 < left < 5
    await stores.retention.guild_removed(guild, AT)
    assert await stores.retention.erase_guilds(AT + timedelta(days=1)) == [guild]
    for table in ("dojos", "rounds", "round_people", "notes", "debriefs", "guild_removals"):
        assert await database.all(f"SELECT 1 FROM {table}") == []  # noqa: S608


async def test_what_goes_before_in_steps_is_what_forgetting_erases(database):
    """Notes about a person go; those they took lose name and words."""
    await make_dojo(database)
    stores = Stores(database)
    await stores.observe()
    await stores.notes.take(NOTE)
    await stores.notes.forget_most(OBSERVER, guild_id=12345)
    assert (await stores.notes.get(NOTE.id)) == NOTE
    await stores.notes.forget_most(OBSERVER)
    kept = await stores.notes.get(NOTE.id)
    assert kept is not None
    assert (kept.observer_user_id, kept.quote, kept.effect) == (None, "", "")
    await stores.notes.forget_most(COACH)
    assert await stores.notes.get(NOTE.id) is None
