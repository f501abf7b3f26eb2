"""What the tests of the bot and the rehearsal put on top of SimCord."""

from __future__ import annotations

import asyncio
import inspect

import discord
import pytest
import pytest_asyncio
import simcord
from discord import app_commands

from bot.rehearsal import simulation


class Listener(discord.Client):
    """Answers /hello, and remembers who asked before it answered anybody."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self.tree = app_commands.CommandTree(self)
        self.asked: list[discord.Interaction] = []
        self.through: list[int] = []

        @self.tree.command(description="Say hello")
        async def hello(interaction: discord.Interaction) -> None:
            self.asked.append(interaction)
            await interaction.response.send_message("Hello")

        @self.tree.command(description="Three, one after the other, a second each")
        async def queue(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("Wait")
            lock = asyncio.Lock()

            async def pass_through(number: int) -> None:
                async with lock:
                    await asyncio.sleep(1)
                    self.through.append(number)

            await asyncio.gather(*(pass_through(number) for number in range(3)))

        @self.tree.command(description="Come back after two seconds")
        async def nap(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("Wait")
            await asyncio.sleep(2)
            self.through.append(2)

    async def setup_hook(self) -> None:
        await self.tree.sync()


@pytest_asyncio.fixture
async def env():
    env = simcord.Env(Listener(), settle_timeout=3.0)
    await env.start()
    try:
        yield env
    finally:
        await env.shutdown()
        await env.bot.close()
    env.raise_errors()


@pytest.fixture
def guild(env):
    return env.create_guild(owner=env.create_user("ada"))


def test_settling_cannot_be_so_quick_that_it_costs_more():
    with pytest.raises(ValueError, match="5 ms"):
        simulation.quick_settling(0.001)


def test_settling_is_as_quick_when_it_is_asked_for():
    """It was ten times slower for tests that settle, and for people who act together."""
    assert inspect.signature(simcord.Env.settle).parameters["idle"].default == 0.005


async def test_interactions_say_what_discord_says(env, guild):
    channel = guild.create_text_channel("dojo")
    kim, olu = (guild.add_member(env.create_user(name)) for name in ("kim", "olu"))
    with simulation.interaction_payloads() as payloads:
        payloads.set(kim.id, locale="de")
        for member in (kim, olu):
            await member.slash(channel, "hello")
        payloads.set(kim.id, locale=None)
        await kim.slash(channel, "hello")
    await kim.slash(channel, "hello")
    locales = [str(interaction.locale) for interaction in env.bot.asked]
    assert locales == ["de", "en-US", "en-US", "en-US"]
    assert [interaction.is_guild_integration() for interaction in env.bot.asked] == [
        True,
        True,
        True,
        False,
    ]
    assert env.bot.asked[0].filesize_limit == 10 * 2**20


async def test_people_act_in_the_same_moment(env, guild):
    channel = guild.create_text_channel("dojo")
    people = [guild.add_member(env.create_user(name)) for name in ("kim", "olu", "omar")]
    answered: list[int] = []

    async def ask(person):
        answered.append(len(channel.history()))
        return await person.slash(channel, "hello")

    results = await simulation.deliver_together(env, *(lambda p=p: ask(p) for p in people))
    assert answered == [0, 0, 0]
    assert [result.response.content for result in results] == ["Hello"] * 3


async def opened(env, channel, kind: discord.ChannelType) -> list[str]:
    """What everybody reads in a channel once the bot has opened a thread there."""
    await env.bot.get_channel(channel.id).create_thread(name="room 1", type=kind)
    return [message.content for message in channel.history()]


async def test_a_private_thread_is_opened_without_a_word_about_it(env, guild):
    simulation.quiet_private_threads(env)
    channel = guild.create_text_channel("dojo")
    await env.settle()
    assert await opened(env, channel, discord.ChannelType.private_thread) == []
    assert len(channel.threads) == 1


async def test_a_public_thread_is_spoken_of_in_its_channel(env, guild):
    simulation.quiet_private_threads(env)
    channel = guild.create_text_channel("dojo")
    await env.settle()
    assert len(await opened(env, channel, discord.ChannelType.public_thread)) == 1


async def test_a_long_time_passes_at_once(env):
    """An hour on the clock outside would be more than a test may take."""
    before = env.now()
    await simulation.forward(env, 3600)
    assert (env.now() - before).total_seconds() == 3600
    assert env.settle_timeout == 3.0


async def test_what_is_far_away_comes_only_when_time_is_let_pass(env, guild):
    """Also where the simulation has much more patience than that."""
    channel = guild.create_text_channel("dojo")
    await guild.add_member(env.create_user("kim")).slash(channel, "nap")
    assert not env.bot.through
    await simulation.forward(env, 2)
    assert env.bot.through == [2]


async def test_time_passes_for_those_who_wait_for_a_lock(env, guild):
    simulation.patient_locks()
    channel = guild.create_text_channel("dojo")
    env.settle_timeout = 0.5
    await guild.add_member(env.create_user("kim")).slash(channel, "queue")
    assert env.bot.through == []
    await simulation.forward(env, 2.5, budget=3)
    assert env.bot.through == [0, 1]
    await simulation.forward(env, 1, budget=3)
    assert env.bot.through == [0, 1, 2]


async def test_the_bot_has_only_what_it_is_left(env, guild):
    channel = guild.create_text_channel("dojo")
    simulation.restrict_bot(env, guild, discord.Permissions(view_channel=True))
    await env.settle()
    mine = env.bot.get_channel(channel.id).permissions_for(guild.me)
    assert mine.view_channel
    assert not mine.manage_threads
    assert not mine.manage_roles
