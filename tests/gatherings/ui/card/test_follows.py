"""The card of an evening, which everybody reads, shows who sits where in the rooms now."""

from __future__ import annotations

import functools

import pytest

from bot.gatherings.model.gathering import Stage
from tests.gatherings.ui.steps import BOARDING, board_all, panel_of, room_card
from tests.gatherings.ui.trouble import (
    ROOMS,
    agree,
    boarding,
    by_id,
    leave,
    missing,
    round_in,
    running,
    seated,
)
from tests.rounds.ui.trouble import pinged
from tests.simulation.world import choose, labels, text

pytestmark = pytest.mark.usefixtures("panels_at_once")


def line_of(evening, number: int) -> str:
    """What the card says of a room."""
    (line,) = [
        one
        for one in text(evening.card).splitlines()
        if one.startswith((f"**{number}**", f"**Room {number}**"))
    ]
    return line


def edits(world, card) -> int:
    """How often the card was edited so far."""
    path = f"/messages/{card.id}"
    return sum(one.method == "PATCH" and one.path.endswith(path) for one in world.env.http_requests)


async def test_the_card_follows_every_change_in_the_rooms(world, server):
    """B8: a no-show, a seat that is taken, someone who leaves, a late comer, and the end."""
    evening, people = await running(world, server, 6)
    coach, client, observer = (by_id(people, one) for one in evening.groups[0].people)
    assert f"🎧 {coach.mention} · 🙋 {client.mention} · 👀 {observer.mention}" in line_of(
        evening, 1
    )
    ends = round_in(evening, 1).ends_at
    assert ends is not None
    minute = -(-int(ends.timestamp()) // 60) * 60
    assert f"The last one is done at about <t:{minute}:t>." in text(evening.card)
    assert "**Now:** 📜 Agree" in text(evening.card)
    await evening.press(coach, "Next", room_card(evening, 1))
    await world.later(2)
    # Each part is named once, however many rooms are in it.
    assert "**Now:** 🗣️ Coaching · 📜 Agree" in text(evening.card)

    await missing(evening, 1, client.id)
    await world.later(2)
    assert f"🎧 {coach.mention} · 🙋 free seat · 👀 {observer.mention}" in line_of(evening, 1)
    await evening.press(observer, "I will be the client", room_card(evening, 1))
    await world.later(2)
    assert line_of(evening, 1).endswith(f"🎧 {coach.mention} · 🙋 {observer.mention}")
    gone = by_id(people, evening.groups[1].observers[0])
    await leave(evening, gone)
    await world.later(2)
    assert gone.mention not in text(evening.card)
    late = server.member("late")
    await evening.join(late)
    await world.later(2)
    assert f"👀 {late.mention}" in text(evening.card)
    assert pinged(world, evening.card) == set()

    # After a restart it goes on, and what it shows is true at once.
    await world.restart(crash=True)
    await world.later(2)
    assert f"🙋 {observer.mention}" in line_of(evening, 1)
    await evening.press(coach, "Pause", room_card(evening, 1))
    await evening.press(coach, "+2 min", room_card(evening, 1))
    await evening.press(coach, "Resume", room_card(evening, 1))
    await world.later(2)
    assert f"at about <t:{minute}:t>" not in text(evening.card)


async def test_on_the_way_to_the_rooms_it_follows_too_and_not_at_each_press(world, server):
    """B8: many changes in one moment are one or two edits."""
    evening, people = await boarding(world, server, 9)
    card = evening.card
    before = edits(world, card)
    refusing = [by_id(people, group.observers[0]) for group in evening.groups]
    cards = [room_card(evening, number) for number in (1, 2, 3)]
    presses = [
        functools.partial(one.click, card, label="I cannot come")
        for one, card in zip(refusing, cards, strict=True)
    ]
    await world.together(*presses)
    await world.later(3)
    assert not [one for one in refusing if one.mention in text(evening.card)]
    assert edits(world, card) - before <= 2
    await board_all(evening, [one for one in people if one not in refusing])
    assert evening.now.stage is Stage.RUNNING
    assert "Join" in labels(evening.card)


async def test_a_room_that_is_over_names_who_was_in_it(world, server):
    """12 f1: not the coach by plan, who did not come; also after a restart, and who leaves."""
    evening, people = await boarding(world, server, 6)
    silent, client, observer = seated(evening, 1, people)
    await agree(evening, people, but=(silent.id,))
    await world.later(BOARDING + 2)
    await evening.press(observer, "I will coach", room_card(evening, 1))
    await world.later(2)
    real = f"🎧 {observer.mention} · 🙋 {client.mention}"
    assert line_of(evening, 1).endswith(real)
    await end_room(evening, 1)
    await world.later(2)
    assert line_of(evening, 1).endswith(real)
    await world.restart(crash=True)
    await world.later(2)
    assert line_of(evening, 1).endswith(real)
    await leave(evening, client)
    await world.later(2)
    assert line_of(evening, 1).endswith(f" · 🎧 {observer.mention}")
    assert "free seat" not in text(evening.card)


async def end_room(evening, number: int) -> None:
    """End the round of a room from its page."""
    panel = await panel_of(evening)
    await choose(evening.lead, panel, ROOMS, str(number))
    await evening.press(evening.lead, "End", panel)
    await evening.press(evening.lead, "End the round", panel)
