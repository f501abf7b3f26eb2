"""I need a moment: a way out for coach and client that names nobody."""

from __future__ import annotations

import json

import pytest

from tests.rounds.ui.steps import (
    Group,
    cards,
    coaching,
    lines,
    on_disk,
    posts,
    pressable,
    private,
    proposed,
    rows,
    title,
)
from tests.rounds.ui.trouble import leave_by
from tests.simulation.world import labels, text, told

MINUTE = 60
MOMENT = "I need a moment"
CALM = "-# ⏸️ The round is paused. Take the time you need."
TABLES = ("rounds", "round_people")


async def moment(group: Group, who: str = "client"):
    """The private card of someone who needed a moment."""
    return private(await group.press(getattr(group, who), MOMENT))


async def erased(group: Group):
    """The private card of a client who has had the round erased."""
    card = await moment(group)
    await group.client.click(card, label="End and erase…")
    await group.client.click(card, label="Erase it")
    return card


@pytest.mark.parametrize("who", ["coach", "client"])
async def test_coach_and_client_pause_at_once(world, server, who):
    group = await coaching(world, server)

    await moment(group, who)

    assert "⏸️ **Paused**, with 17:59 left" in text(group.card)
    assert on_disk(world)["state"] == "paused"


@pytest.mark.parametrize("who", ["coach", "client"])
async def test_the_room_is_not_told_who_needed_a_moment(world, server, who):
    group = await coaching(world, server)
    before = len(posts(group.room))

    await moment(group, who)

    (line,) = posts(group.room)[before:]
    assert line.content == CALM


async def test_on_disk_nobody_needed_a_moment(world, server):
    group = await coaching(world, server)
    # What the room has not been told waits on disk.
    world.env.inject_error("PATCH", f"/channels/{group.room.id}/messages/*", status=503, times=None)

    await moment(group)

    row = on_disk(world)
    (action,) = json.loads(row["actions"])
    assert "needs-moment" in action
    assert action.count(None) == 2, "neither who, nor about whom"


async def test_observers_may_need_one_as_well_and_end_nothing(world, server):
    """B10, H17, S24: a quiet pause for everybody."""
    group = await coaching(world, server)

    card = private(await group.press(group.observer, MOMENT))

    assert labels(card) == ["Resume", "Leave the round"]
    assert "Then go on, or leave the round." in text(card)
    assert "If you leave: the room reads that you left, not why." in text(card)
    assert "Paused" in text(group.card)


async def test_others_have_no_part_in_it(world, server):
    group = await coaching(world, server, channel=server.thread())

    answer = await group.press(server.member("zoe"), MOMENT)

    assert "You are not in this round." in told(answer)
    assert on_disk(world)["state"] == "running"


@pytest.mark.parametrize(
    ("who", "ways"),
    [
        ("coach", ["Resume", "Leave the round", "End the round"]),
        ("client", ["Resume", "Leave the round", "End the round", "End and erase…"]),
    ],
)
async def test_the_ways_on(world, server, who, ways):
    group = await coaching(world, server)

    card = await moment(group, who)

    assert labels(card) == ways
    assert "You need give no reason for any of it." in text(card)
    assert ("erased" in text(card)) is (who == "client")


async def test_a_person_who_pauses_then_is_not_told_by_whom_it_is(world, server):
    group = await coaching(world, server)
    await moment(group)

    answer = await group.observer.slash(group.room, "round pause")

    assert told(answer) == "The round is paused already."


async def test_pause_and_a_moment_at_once_name_nobody(world, server):
    group = await coaching(world, server)
    card = group.card

    _, second = await world.together(
        lambda: group.client.click(card, label=MOMENT),
        lambda: group.observer.click(card, label="Pause"),
    )

    assert told(second) == "The round is paused already."
    assert lines(group.room) == [CALM]


async def test_a_moment_in_a_paused_round_changes_nothing(world, server):
    group = await coaching(world, server)
    await group.press(group.observer, "Pause")
    before = len(posts(group.room))

    card = await moment(group)

    assert "End and erase…" in labels(card)
    assert len(posts(group.room)) == before


async def test_going_on_after_a_moment(world, server):
    group = await coaching(world, server)
    card = await moment(group)
    await world.later(3 * MINUTE)

    await group.client.click(card, label="Resume")

    assert "Paused" not in text(group.card)
    assert lines(group.room)[-1] == "-# ▶️ The clock is running again."


async def test_a_person_who_is_slower_to_go_on_after_a_moment_is_not_told_who_it_was(world, server):
    group = await coaching(world, server)
    card = await moment(group)
    public = group.card

    _, slower = await world.together(
        lambda: group.client.click(card, label="Resume"),
        lambda: group.observer.click(public, label="Resume"),
    )

    assert told(slower) == "The round is running already."


async def test_ending_after_a_moment_keeps_the_round(world, server):
    group = await coaching(world, server)
    card = await moment(group)

    await group.client.click(card, label="End the round")

    assert title(group.card) == "⏹️ The round has ended"
    assert not any(group.client.user.mention in line for line in lines(group.room))
    assert "has ended the round" not in text(group.card)
    assert on_disk(world)["ending"] == "stopped"


async def test_leaving_gives_no_reason(world, server):
    group = await coaching(world, server, 4)
    card = await moment(group)

    await leave_by(group.client, card)

    assert "You have left the round. The room reads that you left, not why." in text(card)
    assert labels(card) == ["Come back"]
    assert "The client’s seat is empty" in text(group.card)


async def test_a_moment_survives_a_restart(world, server):
    group = await coaching(world, server)
    card = await moment(group)
    await world.restart(crash=True)

    await group.client.click(card, label="Resume")

    assert "Paused" not in text(group.card)


async def test_a_moment_of_ten_minutes_asks_like_any_pause(world, server):
    group = await coaching(world, server)
    await moment(group)

    await world.later(10 * MINUTE)

    assert "The round has been paused for 10 minutes." in text(group.card)
    assert "<@" not in text(group.card).split("**⏸️")[1]


# Erase


async def test_erasing_is_asked_about_once_more(world, server):
    group = await coaching(world, server)
    card = await moment(group)

    await group.client.click(card, label="End and erase…")

    assert "Who took part, the minutes and every note go, for everybody and for good" in text(card)
    assert labels(card) == ["Erase it", "Leave it as it is"]
    assert on_disk(world)["state"] == "paused"


async def test_nothing_is_left_of_an_erased_round(world, server):
    group = await coaching(world, server)
    assert all(rows(world, table) for table in TABLES)

    card = await erased(group)

    assert "The round has ended, and everything about it is erased, my cards" in text(card)
    assert all(rows(world, table) == [] for table in TABLES)
    assert pressable(group.room) == []


async def test_not_a_trace_of_an_erased_round_is_in_the_file(world, server):
    group = await coaching(world, server)
    form = await group.coach.click(
        private(await group.press(group.coach, "My role now")), label="Coach: what to watch"
    )
    await group.coach.submit_modal(form, {"codes": [], "wish": "a quiet wish of mine"})

    await erased(group)

    left = b"".join(file.read_bytes() for file in world.database.parent.glob("dojo.sqlite3*"))
    assert b"a quiet wish of mine" not in left
    assert b"Classic triad" not in left


async def test_the_room_learns_only_that_an_erased_round_has_ended(world, server):
    group = await coaching(world, server)
    before = {post.id for post in posts(group.room)}

    await erased(group)

    *_, line, card = [post for post in posts(group.room) if post.id not in before]
    assert line.content == CALM
    assert text(card) == "### ⏹️ The round has ended"


async def test_the_people_of_an_erased_round_are_free(world, server):
    group = await coaching(world, server)
    await erased(group)

    again = await group.coach.slash(
        server.dojo,
        "round start",
        coach=group.coach,
        client=group.client,
        observer1=group.observer,
    )

    assert "The agreement for" in text(private(again))


async def test_an_erased_round_does_not_come_back_after_a_restart(world, server):
    group = await coaching(world, server)
    await erased(group)
    posted = len(posts(group.room))

    await world.restart(crash=True)
    await world.later(60 * MINUTE)

    assert len(posts(group.room)) == posted
    assert all(rows(world, table) == [] for table in TABLES)


async def test_a_round_is_erased_also_when_its_room_cannot_be_told_at_once(world, server):
    group = await coaching(world, server)
    card = await moment(group)
    await group.client.click(card, label="End and erase…")
    world.env.inject_error("POST", f"/channels/{group.room.id}/messages", status=503)

    await group.client.click(card, label="Erase it")

    assert "erased" in text(card)
    assert rows(world, "round_people") == []
    await world.later(30)
    assert title(group.card) == "⏹️ The round has ended"
    assert rows(world, "rounds") == []


async def test_erasing_may_be_thought_better_of(world, server):
    group = await coaching(world, server)
    card = await moment(group)
    await group.client.click(card, label="End and erase…")

    await group.client.click(card, label="Leave it as it is")

    assert on_disk(world)["state"] == "paused"
    assert len(cards(group.room)) == 3


async def test_a_person_who_is_client_no_longer_still_erases_the_round(world, server):
    """S4: the person who took the seat has not taken that."""
    group = await coaching(world, server, 4)
    card = await moment(group)
    pia = group.people[3]
    await group.client.slash(group.room, "round replace", member=group.client, by=pia)
    await group.press(pia, "Take the seat")
    await group.client.click(card, label="End and erase…")

    await group.client.click(card, label="Erase it")

    assert rows(world, "rounds") == []


@pytest.mark.parametrize("who", ["observer", "client"])
async def test_leaving_says_before_what_the_room_is_told_and_that_is_what_it_is_told(
    world, server, who
):
    """B9: “quietly” was not quiet."""
    group = await coaching(world, server, 4)
    person = getattr(group, who)
    role = private(await group.press(person, "My role now"))
    asked = private(await person.click(role, label="Leave the round"))
    assert "The room reads that you left, not why." in text(asked)
    left = private(await person.click(asked, label="Leave the round"))

    assert "The room reads that you left, not why." in text(left)
    said = [*lines(group.room), text(group.card)]
    assert any(f"👋 {person.mention} has left the round." in one for one in said)


@pytest.mark.parametrize("who", ["observer", "client"])
async def test_where_everybody_can_read_it_the_line_names_nobody(world, server, who):
    """B9: and that is what the person reads before."""
    group = await coaching(world, server, 4, channel=server.thread())
    person = getattr(group, who)
    role = private(await group.press(person, "My role now"))
    asked = private(await person.click(role, label="Leave the round"))
    assert "The room reads that somebody left" in text(asked)
    await person.click(asked, label="Leave the round")

    said = "\n".join([*lines(group.room), text(group.card)])
    assert "👋 Somebody has left the round." in said
    names_them = person.mention in text(group.card)
    assert names_them is (who == "client"), "the card shows whose seat it was"


async def test_an_observer_pauses_quietly_also_where_only_a_few_steer(world, server):
    """B10: above five people **Pause** is for coach, client and facilitators."""
    people = [server.member(name) for name in "abcdef"]
    group = await proposed(world, server, people[:5], format="fishbowl-45")
    await group.press(people[5], "Join as observer")
    for one in people:
        await group.press(one, "Agree, with notes")
    assert "more than five people" in told(await group.press(people[5], "Pause"))
    await group.press(people[5], MOMENT)

    assert on_disk(world)["state"] == "paused"
    assert lines(group.room)[-1] == CALM
