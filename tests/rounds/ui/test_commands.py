"""The commands of `/round` in its room: what they do, for whom, and where."""

from __future__ import annotations

from datetime import timedelta

import pytest
import simcord
from discord.utils import format_dt

from bot.rehearsal import simulation
from tests.questions.ui.steps import READ_ONLY
from tests.rounds.ui.steps import (
    cards,
    coaching,
    lines,
    on_disk,
    posts,
    pressable,
    private,
    proposed,
    running,
    title,
)
from tests.simulation.world import labels, text, told

MINUTE = 60
STEERING = ["pause", "resume", "extend", "next", "end"]


def options(command: str) -> dict:
    return {"minutes": 5} if command == "extend" else {}


async def use(person, group, command: str, **more):
    return await person.slash(group.room, f"round {command}", **options(command), **more)


# What they do


async def test_pause_and_resume(world, server):
    group = await coaching(world, server)
    await world.later(4 * MINUTE)

    paused = await use(group.client, group, "pause")

    assert text(private(paused)) == "⏸️ The round is paused."
    assert "⏸️ **Paused**, with 14:00 left" in text(group.card)
    await world.later(MINUTE)
    resumed = await use(group.observer, group, "resume")
    assert text(private(resumed)) == "▶️ The clock is running."
    assert format_dt(world.env.now() + timedelta(minutes=14), "T") in text(group.card)


async def test_extend_by_any_number_of_minutes(world, server):
    group = await coaching(world, server)
    began_at = group.card.created_at

    answer = await group.client.slash(group.room, "round extend", minutes=7)

    assert text(private(answer)) == "➕ 7 min longer."
    assert format_dt(began_at + timedelta(minutes=25), "T") in text(group.card)
    assert lines(group.room) == [f"-# ➕ {group.client.user.mention} has added 7 minutes."]


async def test_extend_takes_one_to_thirty_minutes(world, server):
    group = await coaching(world, server)

    for minutes in (0, 31):
        with pytest.raises(simcord.OptionError):
            await group.client.slash(group.room, "round extend", minutes=minutes)


async def test_a_part_is_never_longer_than_two_hours(world, server):
    group = await coaching(world, server)
    for _ in range(3):
        await group.client.slash(group.room, "round extend", minutes=30)

    answer = await group.client.slash(group.room, "round extend", minutes=30)

    assert "A segment can be lengthened to two hours at most." in told(answer)


async def test_next(world, server):
    group = await running(world, server)

    answer = await use(group.client, group, "next")

    assert text(private(answer)) == "⏭️ On to the next part."
    assert title(group.card) == "🗣️ Coaching"
    assert f"{group.client.user.mention} has moved the round on." in text(group.card)


async def test_end(world, server):
    group = await coaching(world, server)

    answer = await use(group.client, group, "end")

    assert text(private(answer)) == "⏹️ The round has ended."
    assert title(group.card) == "⏹️ The round has ended"
    assert f"{group.client.user.mention} has ended the round." in text(group.card)
    assert on_disk(world)["ending"] == "stopped"


async def test_what_a_command_answers_is_private(world, server):
    group = await coaching(world, server)
    before = len(posts(group.room))

    answers = [await use(group.client, group, one) for one in ("pause", "extend", "resume")]

    assert all(private(answer) for answer in answers)
    assert len(posts(group.room)) == before + 3, "a quiet line for each"


# Round now


async def test_now_tells_the_own_role_and_brings_the_card_down(world, server):
    group = await coaching(world, server)
    await world.later(10 * MINUTE)
    old = group.card

    answer = await use(group.observer, group, "now")

    assert text(private(answer)).startswith("### 👀 Observer")
    assert group.card.id != old.id
    assert title(group.card) == "🗣️ Coaching"
    assert [card.id for card in pressable(group.room)] == [group.card.id]


async def test_the_card_that_was_brought_down_says_the_same(world, server):
    group = await running(world, server)
    await world.later(12 * MINUTE)
    said = text(group.card)

    await use(group.observer, group, "now")

    assert text(group.card) == said
    assert text(cards(group.room)[-2]) == "-# The card is further down."


async def test_cues_after_now_come_once(world, server):
    group = await coaching(world, server)
    await world.later(14 * MINUTE)
    await use(group.observer, group, "now")

    await world.later(5 * MINUTE)

    assert [line for line in lines(group.room) if "minutes left" in line] == [
        "-# ⏳ 5 minutes left.",
        "-# ⏳ 2 minutes left.",
    ]


async def test_now_brings_down_a_paused_card_as_paused(world, server):
    group = await coaching(world, server)
    await use(group.coach, group, "pause")

    await use(group.coach, group, "now")

    assert "⏸️ **Paused**" in text(group.card)
    assert labels(group.card)[0] == "Resume"


async def test_now_brings_down_the_agreement_as_well(world, server):
    group = await proposed(world, server)

    answer = await use(group.client, group, "now")

    assert title(group.card) == "🤝 A practice round, before it begins"
    assert len(cards(group.room)) == 2
    assert [card.id for card in pressable(group.room)] == [group.card.id]
    assert "The clock has not begun." in text(private(answer))


async def test_now_shows_others_how_to_join_and_leaves_the_card_where_it_is(world, server):
    group = await coaching(world, server, channel=server.thread())
    posted = len(posts(group.room))

    answer = await use(server.member("zoe"), group, "now")

    assert "You are not in this round." in text(private(answer))
    assert labels(private(answer)) == ["Join as observer"]
    assert len(posts(group.room)) == posted


async def test_now_brings_the_card_down_for_a_facilitator(world, server):
    group = await coaching(world, server, channel=server.thread())
    old = group.card

    await use(server.manager(), group, "now")

    assert group.card.id != old.id


# For whom


@pytest.mark.parametrize("who", ["coach", "client", "observer", "facilitator"])
async def test_the_people_of_the_round_and_facilitators_may(world, server, who):
    group = await running(world, server, channel=server.thread())
    person = server.manager() if who == "facilitator" else getattr(group, who)
    for command in STEERING:
        before = on_disk(world)["turn"]

        await use(person, group, command)

        assert on_disk(world)["turn"] > before, command


async def test_nobody_else_may(world, server):
    group = await running(world, server, channel=server.thread())
    before, zoe = on_disk(world), server.member("zoe")

    answers = [await use(zoe, group, command) for command in STEERING]

    only = "Only the people of this round and facilitators can do that."
    assert [told(answer) for answer in answers] == [only] * len(STEERING)
    assert on_disk(world) == before


# Where, and when


async def test_where_there_is_no_round(server):
    carla = server.member("carla")
    for command in (*STEERING, "now"):
        answer = await carla.slash(server.dojo, f"round {command}", **options(command))

        assert "There is no round here. </round start:" in told(answer), command


async def test_elsewhere_a_command_says_where_the_own_round_is(world, server):
    group = await running(world, server)
    for command in (*STEERING, "now"):
        answer = await group.client.slash(server.dojo, f"round {command}", **options(command))

        where = f"There is no round here; yours is in <#{group.room.id}>."
        assert where in told(answer), command


async def test_before_it_begins_there_is_nothing_to_steer(world, server):
    group = await proposed(world, server)
    for command in STEERING:
        answer = await use(group.coach, group, command)

        assert "The round has not begun yet. **Begin now** on its card" in told(answer), command


async def test_after_its_end_there_is_no_round_any_more(world, server):
    group = await coaching(world, server)
    await use(group.client, group, "end")
    for command in (*STEERING, "now"):
        answer = await use(group.client, group, command)

        assert "There is no round here. </round start:" in told(answer), command


@pytest.mark.parametrize(
    ("command", "said"),
    [("pause", "The round is paused already"), ("resume", "The round is running already")],
)
async def test_what_is_so_already_is_said_so(world, server, command, said):
    group = await coaching(world, server)
    if command == "pause":
        await group.press(group.client, "Pause")
    await world.later(MINUTE)

    answer = await use(group.observer, group, command)

    assert said in told(answer)


async def test_a_person_who_is_late_to_pause_learns_who_did(world, server):
    group = await coaching(world, server)
    await group.press(group.client, "Pause")
    await world.later(5 * MINUTE)

    answer = await use(group.observer, group, "pause")

    assert told(answer) == f"The round is paused already, by {group.client.user.mention}."


async def test_commands_answer_although_the_bot_may_not_write_in_the_room(world, server):
    group = await coaching(world, server)
    simulation.restrict_bot(world.env, server.handle, READ_ONLY)
    world.env.backend.edit_role(server.id, server.id, {"permissions": READ_ONLY.value})

    answer = await use(group.client, group, "pause")

    assert text(private(answer)) == "⏸️ The round is paused."
    assert on_disk(world)["state"] == "paused"


async def test_the_commands_are_for_servers_only(world):
    command = world.env.backend.commands[None][("round", 1)]

    assert command["contexts"] == [0]
    assert command["integration_types"] == [0]
    assert command.get("default_member_permissions") is None
