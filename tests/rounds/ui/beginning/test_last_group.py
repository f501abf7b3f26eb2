"""`/round start` without people: the last group again, by one press."""

from __future__ import annotations

import pytest

from tests.rounds.ui.steps import coaching, private, rows, start
from tests.rounds.ui.trouble import leave
from tests.simulation.world import labels, text, told

ASK = "Ask them again"


@pytest.fixture
async def over(world, server):
    """A triad with two observers whose round is complete."""
    group = await coaching(world, server, 4)
    await world.later(40 * 60)
    return group


async def test_the_last_group_is_asked_with_two_actions(world, server, over):
    """B3: a command and one press, where naming four people took eleven clicks."""
    card = private(await over.client.slash(server.dojo, "round start"))
    coach, client = over.observer.mention, over.coach.mention
    assert f"🎧 {coach} · coach\n🙋 {client} · client" in text(card)
    before = [one.id for one in server.dojo.threads]
    await over.client.click(card, label=ASK)

    assert len(server.dojo.threads) == len(before) + 1
    (row,) = [one for one in rows(world, "rounds") if one["state"] == "proposed"]
    people = [one for one in rows(world, "round_people") if one["round_id"] == row["id"]]
    assert [one["user_id"] for one in people] == [
        over.observer.id,
        over.coach.id,
        over.people[3].id,
        over.client.id,
    ]
    assert {one["agreement"] for one in people} == {"open"}, "everybody is only asked"


async def test_a_restart_and_another_format(world, server, over):
    """B3: it is on disk, and a format that is named is taken."""
    await world.restart()
    card = private(await over.coach.slash(server.dojo, "round start", format="deep-45"))
    answer = await over.coach.click(card, label=ASK)

    assert "**Deep practice**" in text(private(answer))


async def test_who_has_been_in_no_round_here_reads_how_people_are_named(world, server, over):
    """B3: nothing to offer."""
    zoe = server.member("zoe")
    card = private(await zoe.slash(server.dojo, "round start"))
    assert text(card).startswith("**Who practises?** Name a coach and a client")
    assert labels(card) == []
    card = private(await zoe.slash(server.dojo, "round start", coach=zoe))
    assert text(card).startswith("**Who practises?** Name a coach and a client")


async def test_who_has_left_a_round_is_not_in_its_group(world, server):
    """B3."""
    group = await coaching(world, server, 4)
    await leave(group, group.people[3])
    await world.later(40 * 60)
    card = private(await group.coach.slash(server.dojo, "round start"))
    assert group.people[3].mention not in text(card)
    left = private(await group.people[3].slash(server.dojo, "round start"))
    assert labels(left) == []


async def test_a_person_who_has_left_the_server_is_named(world, server, over):
    """B3: the others choose someone else."""
    server.handle.remove_member(over.people[3])
    card = private(await over.coach.slash(server.dojo, "round start"))
    answer = await over.coach.click(card, label=ASK)

    assert "not on this server" in told(answer)


async def test_elsewhere_it_says_where_dojos_are(server):
    """B3: not a dojo."""
    carla = server.member("carla")
    answer = await carla.slash(server.lounge, "round start")
    assert "not a dojo" in told(answer)


async def test_coach_and_client_named_start_as_ever(world, server):
    """B3."""
    carla, kim = server.member("carla"), server.member("kim")
    answer = await start(carla, server.dojo, carla, kim)
    assert text(private(answer)).startswith("🤝 The agreement for **Pair**")
