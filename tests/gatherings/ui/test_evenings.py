"""Whole evenings of every kind of size, as people live them, with what goes wrong in them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dojos.service.dojos import DojoService
from bot.gatherings.model.gathering import Presence, Stage
from bot.gatherings.service.live import LiveGatherings
from bot.rounds.model.round import Role, State
from bot.rounds.service.live import LiveRounds
from tests.gatherings.ui.steps import Evening, board_all, members, opened, panel_of, room, room_card
from tests.rounds.ui.steps import private
from tests.rounds.ui.trouble import bot_may
from tests.simulation.world import Server, World, choose, labels, menus, text

ROUND_SECONDS = 17 * 60
"""quick-10 with its soft landing."""
SPLIT = {3: [3], 4: [4], 5: [5], 7: [3, 4], 10: [3, 3, 4], 11: [3, 4, 4], 20: [3, 3, 3, 3, 4, 4]}
ROOMS, MISSING = "One room: people, clock, visit…", "Someone is missing"


async def gathered(
    world: World, server: Server, count: int, **options: Any
) -> tuple[Evening, list[Any]]:
    """An evening that so many people have joined, each by pressing Join."""
    evening = await opened(world, server, format="quick-10", **options)
    people = members(server, count)
    await evening.join(*people)
    return evening, people


async def start(evening: Evening) -> None:
    """Form groups, look, and start; the groups are as the rule wants them, with everybody."""
    preview = await evening.preview()
    assert not evening.now.is_in_rooms
    assert private(await evening.press(evening.lead, "Start", preview))
    await evening.world.env.settle()
    here = [guest.user_id for guest in evening.now.here]
    assert everybody(evening) == sorted(here)
    if len(here) in SPLIT:
        assert sizes(evening) == SPLIT[len(here)]


async def all_agree(evening: Evening, people: list[Any], *, but: tuple[int, ...] = ()) -> None:
    """Everybody answers the agreement in their room."""
    by_id = {person.id: person for person in people}
    for number, group in enumerate(evening.now.draw.groups, 1):
        card = room_card(evening, number)
        for user_id in group.people:
            if user_id not in but:
                await by_id[user_id].click(card, label="Agree, with notes")
    await evening.world.env.settle()


async def begin(evening: Evening, people: list[Any]) -> None:
    """The next round, until its clocks run: all at once."""
    if evening.now.number and evening.now.draft is None:
        await evening.press(evening.lead, "Next round")
        await evening.world.env.settle()
    if not evening.now.is_in_rooms:
        await start(evening)
    await all_agree(evening, people)
    assert evening.now.stage is Stage.RUNNING
    assert len({round_.since for round_ in rounds_of(evening)}) == 1


async def finish(evening: Evening) -> None:
    """Let the rounds end by the clock, and everybody come back."""
    await evening.world.later(ROUND_SECONDS)
    assert evening.now.stage in (Stage.RETURNING, Stage.BETWEEN)
    await evening.world.later(61)
    assert evening.now.stage is Stage.BETWEEN


def rounds_of(evening: Evening) -> list[Any]:
    kept = evening.world.bot.services[LiveRounds]
    found = [kept.find(room.round_id) for room in evening.now.rooms]
    return [round_ for round_ in found if round_ is not None]


def everybody(evening: Evening) -> list[int]:
    return sorted(one for group in evening.now.draw.groups for one in group.people)


def sizes(evening: Evening) -> list[int]:
    return [len(group.people) for group in evening.now.draw.groups]


async def test_an_evening_of_three_from_join_to_the_last_card(world, server):
    evening, people = await gathered(world, server, 3, rounds=3)
    coaches = []
    for _ in range(3):
        await begin(evening, people)
        coaches.append(evening.now.draw.groups[0].coach)
        await finish(evening)
    # Everybody coached once, in one room for the whole evening.
    assert sorted(coaches) == sorted(person.id for person in people)
    assert len(evening.dojo.threads) == 1
    assert "Check out" in labels(evening.card)
    panel = await panel_of(evening)
    for _ in range(2):
        await evening.press(evening.lead, "Close the evening", panel)
    services = world.bot.services
    assert services[LiveGatherings].of_dojo(services[DojoService].get(server.dojo.id).id) is None


@pytest.mark.parametrize("count", [4, 5])
async def test_one_group_of_four_or_five_goes_on_after_a_restart_in_the_middle(
    world, server, count
):
    evening, people = await gathered(world, server, count)
    await begin(evening, people)
    await world.later(5 * 60)
    before = rounds_of(evening)[0]
    await world.away(30)
    after = rounds_of(evening)[0]
    assert (after.id, after.position, after.since) == (before.id, before.position, before.since)
    await finish(evening)
    await world.restart()
    assert evening.now.stage is Stage.BETWEEN
    await begin(evening, people)
    assert evening.now.number == 2
    assert everybody(evening) == sorted(person.id for person in people)


async def test_seven_with_someone_who_does_not_come_and_someone_who_comes_late(world, server):
    evening, people = await gathered(world, server, 7)
    await start(evening)
    group = evening.now.draw.groups[0]
    absent = group.coach
    watcher = next(one for one in people if one.id == group.observers[0])
    await all_agree(evening, people, but=(absent,))
    # Not everybody has answered: the clocks start when boarding is over.
    assert evening.now.stage is Stage.BOARDING
    await world.later(105)
    assert evening.now.stage is Stage.RUNNING
    panel = await panel_of(evening)
    await choose(evening.lead, panel, ROOMS, "1")
    await world.later(1)
    assert not rounds_of(evening)[0].has_begun
    await choose(evening.lead, panel, MISSING, str(absent))
    await evening.press(watcher, "I will coach", room_card(evening, 1))
    await world.env.settle()
    assert rounds_of(evening)[0].has_begun
    assert rounds_of(evening)[0].coach.user_id == watcher.id
    # The person who comes late observes in the smallest group at once, and is in the next draft.
    late = server.member("late")
    [answer] = await evening.join(late)
    await world.env.settle()
    assert rounds_of(evening)[0].get_seat(late.id).role is Role.OBSERVER
    assert f"<#{evening.now.rooms[0].channel_id}>" in text(answer)
    # That room began a minute late.
    await world.later(60)
    await finish(evening)
    await begin(evening, [*people, late])
    assert late.id in everybody(evening)
    assert absent not in everybody(evening)


async def test_ten_in_fresh_groups_when_threads_may_no_longer_be_opened(world, server):
    evening, people = await gathered(world, server, 10, rounds=3)
    await evening.replan(how=["fresh"])
    await begin(evening, people)
    before = [one.channel_id for one in evening.now.rooms]
    met = pairs(evening)
    await finish(evening)
    # The rooms that are there serve for the next round, also for other groups.
    bot_may(world, server.dojo, create_private_threads=False, create_public_threads=False)
    await begin(evening, people)
    assert [one.channel_id for one in evening.now.rooms] == before
    assert len(rounds_of(evening)) == 3
    # Four people of three groups: one pair at least was together before.
    assert len(pairs(evening) & met) == 1


def pairs(evening: Evening) -> set[frozenset[int]]:
    return {
        frozenset((one, other))
        for group in evening.now.draw.groups
        for one in group.people
        for other in group.people
        if one != other
    }


async def test_eleven_when_one_leaves_and_a_room_is_deleted(world, server):
    evening, people = await gathered(world, server, 11)
    await begin(evening, people)
    leaver = next(one for one in people if one.id == evening.now.draw.groups[2].observers[0])
    asked = private(await evening.press(leaver, "Leave"))
    await evening.press(leaver, "Leave the evening", asked)
    assert evening.now.guest(leaver.id).presence is Presence.LEFT
    assert [round_.state for round_ in rounds_of(evening)] == [State.RUNNING] * 3
    world.env.backend.delete_channel(room(evening, 1).id)
    await world.env.settle()
    assert [one.number for one in evening.now.rooms] == [2, 3]
    await finish(evening)
    await begin(evening, [one for one in people if one is not leaver])
    assert [one.number for one in evening.now.rooms] == [1, 2, 3]
    assert leaver.id not in everybody(evening)
    assert len(everybody(evening)) == 10


async def test_twenty_with_a_crash_while_people_go_to_their_rooms(world, server):
    evening, people = await gathered(world, server, 20)
    await start(evening)
    await world.restart(crash=True)
    assert len(rounds_of(evening)) == 6
    assert len(evening.dojo.threads) == 6
    await all_agree(evening, people)
    assert evening.now.stage is Stage.RUNNING
    await finish(evening)


async def test_sixty_start_together_and_come_back_together(world, server):
    evening, people = await gathered(world, server, 60)
    await start(evening)
    assert sizes(evening) == [3] * 20
    panel = await panel_of(evening)
    assert len(menus(panel)[ROOMS]) <= 25
    await board_all(evening, people)
    assert evening.now.stage is Stage.RUNNING
    assert len({round_.since for round_ in rounds_of(evening)}) == 1
    await finish(evening)


async def test_from_the_second_round_on_the_agreement_is_short(world, server):
    """B4: for people who have agreed tonight; with a person who is new it is the whole one."""
    evening, people = await gathered(world, server, 6)
    await start(evening)
    whole = text(room_card(evening, 1))
    assert "before it begins" in whole
    await all_agree(evening, people)
    await finish(evening)
    new = server.member("new")
    await evening.join(new)
    await evening.press(evening.lead, "Start", await evening.preview())
    await world.env.settle()
    seated = {one: n for n, group in enumerate(evening.groups, 1) for one in group.people}
    of_new = seated[new.id]
    short = next(number for number in seated.values() if number != of_new)
    assert "before it begins" in text(room_card(evening, of_new))

    card = room_card(evening, short)
    assert "All that you agreed to tonight holds again" in text(card)
    assert len(text(card).split()) < 100 < len(whole.split())
    assert "Ask for help" in labels(card)
    assert "Begin now" not in labels(card)
    first = next(one for one in people if seated[one.id] == short)
    page = private(await first.click(card, label="Read the agreement"))
    assert "Agree, with notes" in labels(page)
    # Nobody's yes of before counts for this round.
    assert not any(round_.has_yes_of_leads for round_ in rounds_of(evening))
    await all_agree(evening, [*people, new])
    assert evening.now.stage is Stage.RUNNING
