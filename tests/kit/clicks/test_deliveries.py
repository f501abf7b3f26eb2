"""F15: what Discord delivers twice, e.g. when the gateway resumes, is acted on once."""

from __future__ import annotations

import copy
from typing import Any

from bot.kit.clicks.deliveries import MOST_REMEMBERED, REMEMBERED_MS, Deliveries
from tests.feedback.ui.steps import SEEN, SIGNAL, label, pad_of
from tests.rounds.ui.steps import coaching, lines, posts, proposed, rows


def recorded(world) -> list[dict[str, Any]]:
    """The interactions that are delivered from now on."""
    parsers = world.bot._connection.parsers
    parse, came = parsers["INTERACTION_CREATE"], []

    def parse_and_keep(data: dict[str, Any]) -> None:
        came.append(copy.deepcopy(data))
        parse(data)

    parsers["INTERACTION_CREATE"] = parse_and_keep
    return came


async def replay(world, came: list[dict[str, Any]]) -> None:
    """Deliver all of them once more."""
    for data in list(came):
        world.bot._connection.parsers["INTERACTION_CREATE"](copy.deepcopy(data))
        await world.env.settle()


async def test_taps_clicks_commands_and_forms_that_are_delivered_twice_act_once(world, server):
    """F15: also long after the pause in which a second click counts as a double click."""
    group = await coaching(world, server)
    pad = await pad_of(group, group.observer)
    came = recorded(world)
    await world.later(1)
    await group.observer.click(pad, label=label(pad, SEEN))
    await world.later(1)
    await group.observer.click(pad, label=label(pad, SIGNAL))
    await group.press(group.client, "Pause")
    await group.press(group.client, "Resume")
    carla, kim = server.member("carol"), server.member("kit")
    await proposed(world, server, [carla, kim])
    said, rooms = len(posts(group.room)), len(server.dojo.threads)
    answers = len(world.env.http_requests)

    await world.later(5)
    await replay(world, came)

    assert len(rows(world, "notes")) == 2
    assert len(posts(group.room)) == said
    assert "paused" not in lines(group.room)[-1], "the clock runs"
    assert len(server.dojo.threads) == rooms
    assert len(world.env.http_requests) == answers, "the first delivery was answered"


def test_what_is_remembered_is_bounded_in_time_and_number():
    """F15: a quarter of an hour, and no more than two sets of ids."""
    known = Deliveries()
    first = 10**12 << 22
    assert known.is_first(first)
    assert not known.is_first(first)
    late = (10**12 + REMEMBERED_MS - 1) << 22
    assert known.is_first(late)
    assert not known.is_first(first)
    for minutes in (16, 32):
        assert known.is_first((10**12 + minutes * 60_000) << 22)
    assert len(known) == 2
    for number in range(3 * MOST_REMEMBERED):
        known.is_first(late + number)
    assert MOST_REMEMBERED <= len(known) <= 2 * MOST_REMEMBERED
