"""A person has one room in an evening, whatever happens at once."""

from __future__ import annotations

import functools

import pytest

from bot.gatherings.model.gathering import Stage
from tests.gatherings.ui.steps import board_all, room, room_card
from tests.gatherings.ui.trouble import boarding, gathered, leave, round_in, seated, sizes
from tests.rounds.ui.steps import private
from tests.rounds.ui.trouble import bot_may
from tests.simulation.world import text, told

pytestmark = pytest.mark.usefixtures("panels_at_once")


def rooms_of(evening, person) -> list[int]:
    """The numbers of the rooms in whose round a person has a seat, and where the draw has them."""
    seats = {
        one.number
        for one in evening.now.rooms
        if (seat := round_in(evening, one.number).seat_of(person.id)) and seat.is_here
    }
    groups = {n for n, one in enumerate(evening.groups, 1) if person.id in one.people}
    assert groups == seats, "the draw and the seats differ"
    return sorted(seats)


async def test_a_latecomer_is_let_into_one_room_by_a_press_and_the_clock_at_once(world, server):
    """1: one press of Join while people board; also after having left, and pressed twice."""
    evening, people = await gathered(world, server, 9)
    bea = people[0]
    await leave(evening, bea)
    await evening.press(evening.lead, "Start", await evening.preview())
    assert sizes(evening) == [4, 4]
    (shown,) = await evening.join(bea)
    assert evening.now.stage is Stage.BOARDING
    assert rooms_of(evening, bea) == [1]
    assert f"your room is {room(evening, 1).mention}" in text(shown)
    # Out of it and in again, pressed twice, beside a person who comes for the first time.
    await leave(evening, bea)
    card, zoe = evening.card, server.member("zoe")
    await world.later(1)
    presses = [one.click for one in (bea, bea, zoe, zoe)]
    await world.together(*(functools.partial(click, card, label="Join") for click in presses))
    assert sorted([*rooms_of(evening, bea), *rooms_of(evening, zoe)]) == [1, 2]
    readers = [world.env.backend.get_channel(room(evening, n).id).thread_members for n in (1, 2)]
    assert bea.id in readers[0]
    assert (zoe.id in readers[0], zoe.id in readers[1]) == (False, True)


async def test_a_seat_in_one_room_keeps_a_person_out_of_the_others_of_the_evening(world, server):
    """1: by the button of another room before the clocks run, and when the clock lets people in."""
    bot_may(world, server.dojo, create_private_threads=False)
    evening, people = await boarding(world, server, 7)
    large, small = (1, 2) if sizes(evening) == [4, 3] else (2, 1)
    *_, ben, ann = seated(evening, large, people)
    refused = await ann.click(room_card(evening, small), label="Join as observer")
    assert "You have a seat in another room of this evening." in told(refused)
    assert rooms_of(evening, ann) == [large]
    # Once that is given up, the other room is theirs, in the draw as well.
    await ann.click(room_card(evening, large), label="I cannot come")
    await ann.click(room_card(evening, small), label="Join as observer")
    await world.env.settle()
    (shown,) = await evening.join(ann)
    assert f"your room is {room(evening, small).mention}" in text(shown)
    assert rooms_of(evening, ann) == [small]
    # A room that did not wait for their answer does not keep a person who comes to another one.
    await board_all(evening, people, but=(ben.id,))
    assert evening.now.stage is Stage.RUNNING
    assert [seat.user_id for seat in round_in(evening, large).invited] == [ben.id]
    mine = private(await evening.press(ben, "My role now", room_card(evening, small)))
    await evening.press(ben, "Join as observer", mine)
    assert not round_in(evening, large).invited
    (shown,) = await evening.join(ben)
    assert f"your room is {room(evening, small).mention}" in text(shown)
    assert rooms_of(evening, ben) == [small]
