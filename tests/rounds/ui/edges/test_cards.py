"""Long practice, small screens, times anywhere, and what is neither read nor kept."""

from __future__ import annotations

import re

from tests.cards.kinds import kinds
from tests.cards.rules import parts
from tests.cards.tour import past_fewer, past_late_answers
from tests.rounds.ui.steps import (
    cards,
    coaching,
    is_silent,
    lines,
    posts,
    private,
    proposed,
    rows,
    running,
    say_left,
    start,
    title,
)
from tests.rounds.ui.trouble import (
    bring_in,
    come_back,
    every_card,
    leave,
    leave_by,
    members,
    pinged,
    second_dojo,
)
from tests.simulation.world import fields, labels, text, told

LONGEST_LABEL = 34


# Longer than a token lives


async def test_practice_longer_than_15_min_takes_clicks_on_private_cards_of_its_beginning(
    world, server
):
    """H2: also that the button says what the room sees."""
    group = await coaching(world, server, 4)
    card = private(await group.press(group.observer, "My role now"))
    await world.later(17 * 60)
    answer = await leave_by(group.observer, card)

    said = text(private(answer)).splitlines()
    assert said[0] == "👋 You have left the round. The room reads that you left, not why."
    assert lines(group.room)[-1] == f"-# 👋 {group.observer.mention} has left the round."


async def test_practice_longer_than_15_min_takes_clicks_on_its_card(world, server):
    group = await coaching(world, server, format="deep-45")
    await world.later(24 * 60)
    await group.press(group.client, "Pause")

    assert labels(group.card)[0] == "Resume"


async def test_practice_longer_than_15_min_tells_a_private_card_of_it_that_it_is_over(
    world, server
):
    group = await coaching(world, server)
    card = private(await group.press(group.observer, "My role now"))
    await world.later(31 * 60)
    answer = await leave_by(group.observer, card)

    assert told(answer).startswith("That round is over.")


# Small screens, and times


async def every_card_comes_up(world, server) -> None:
    """Everything a round can show to anybody is shown once."""
    group = await proposed(world, server, 4)
    carla, kim, olu, pia = group.people
    people = [*members(server, "ann", "ben"), pia]
    other = await proposed(world, server, people, channel=await second_dojo(server))
    await group.press(carla, "Change…")
    await group.press(kim, "I cannot come")
    await group.agree()
    await other.press(pia, "Agree, with notes")
    await group.press(carla, "Next")
    for label in ("Next", "End", "Someone left", "My role now"):
        await group.press(carla, label)
    await group.press(bring_in(group, "ruth"), "My role now")
    moment = private(await group.press(kim, "I need a moment"))
    await kim.click(moment, label="End and erase…")
    await world.later(11 * 60)
    await group.press(kim, "Resume")
    zoe, *others = members(server, "zoe", "cy", "di", "ed")
    await start(carla, server.dojo, carla, *others)
    await start(zoe, server.dojo, *others, olu)
    await start(zoe, server.dojo, *others, format="relay-30")
    await leave(group, carla)
    await group.press(olu, "I coach on")
    await leave(group, kim)
    await group.press(pia, "Go to feedback")
    # Back in the middle of the part after the next.
    await world.away(100)
    await world.later(31 * 60)
    await every_card_about_seats_comes_up(world, server)
    await past_fewer(world, server)
    await past_further_rounds(world, server)


async def every_card_about_seats_comes_up(world, server) -> None:
    """Seats that are offered and taken, and someone who is asked whether they are here."""
    group = await proposed(world, server, members(server, "fin", "gus", "hal", "ida"))
    for one in group.people[:2]:
        await group.press(one, "Agree, without notes")
    await group.press(group.coach, "Begin now")
    await past_late_answers(group, group.people[3])
    await say_left(group, group.coach, group.client)


async def past_further_rounds(world, server) -> None:
    """A round that all but one leave, which is taken up again, and the next one."""
    group = await coaching(world, server, members(server, "jo", "kai", "lou"))
    await leave(group, group.observer)
    await leave(group, group.client)
    await group.press(group.coach, "Take it up again")
    for one in group.people[1:]:
        await come_back(group, one)
    await group.press(group.coach, "Resume")
    await world.later(31 * 60)
    await group.press(group.coach, "Again, roles rotated")


def buttons_of(card) -> list[dict]:
    return [part for part in parts(card) if part.get("type") == 2]


async def test_mobile_rows_have_five_buttons_at_most_and_short_labels(world, server):
    await every_card_comes_up(world, server)

    buttons = [one for card in every_card(world) for one in buttons_of(card)]
    shown = {one["custom_id"]: one["label"] for one in buttons}
    assert [label for label in shown.values() if len(label) > LONGEST_LABEL] == []
    rows_of = [one for card in every_card(world) for one in parts(card) if one.get("type") == 1]
    assert max(len(one["components"]) for one in rows_of) <= 5
    # Nothing was left out above.
    elsewhere = "bot.rounds.ui.asking."
    of_rounds = [
        one
        for one in kinds()
        if one.module.startswith("bot.rounds.") and not one.module.startswith(elsewhere)
    ]
    # Words that are personal are asked about on a card of their own.
    buttons = [one for one in of_rounds if one.is_button and not one.name.startswith("words:")]
    assert [one for one in buttons if not any(map(one.template.fullmatch, shown))] == []
    assert {"Start without them", "Start with Classic triad"} <= set(shown.values())


async def test_mobile_countdowns_stand_beside_the_time_of_day(world, server):
    """A countdown stands still on some telephones."""
    await every_card_comes_up(world, server)

    said = [line for card in every_card(world) for line in text(card).splitlines()]
    counting = [line for line in said if re.search(r"<t:\d+:R>", line)]
    assert len(counting) > 5
    assert [line for line in counting if not re.search(r"<t:(\d+):T> \(<t:\1:R>\)", line)] == []


async def test_time_zones_dst_are_left_to_discord(world, server):
    group = await running(world, server)
    await world.later(120)

    for card in cards(group.room):
        assert re.search(r"\b\d{1,2}:\d{2}\b(?! min)", text(card)) is None
    assert re.search(r"over by <t:\d+:t>", text(group.card))


# What is not read, and not kept


async def test_message_content_never_read(world, server):
    group = await coaching(world, server)
    await group.client.send(group.room, "My sister and I have not spoken for a year.")
    await group.coach.send(group.room, "What would you like to be different?")
    await world.later(31 * 60)

    assert not world.bot.intents.message_content
    assert not world.bot.intents.messages
    asked = [one.path for one in world.env.http_requests if one.method == "GET"]
    assert [path for path in asked if "/messages" in path] == []
    on_disk = world.database.read_bytes()
    assert b"sister" not in on_disk
    assert b"like to be different" not in on_disk


async def test_sensitive_topics_are_kept_out_by_the_agreement_and_the_brief(world, server):
    group = await proposed(world, server)
    agreement = text(group.card)
    brief = text(private(await group.press(group.client, "Agree, without notes")))
    await group.agree(group.coach, group.observer)
    await group.press(group.coach, "Next")
    role = text(private(await group.press(group.client, "My role now")))

    assert "nothing you would not share with this group" in agreement
    assert "This is practice among adults, not therapy. If it gets too much, press" in agreement
    assert "Coaches repeat their client’s words" in agreement
    assert "without notes" in brief
    assert "topic you are willing to share. You may stop at any time." in role


async def test_sensitive_topics_have_no_field_to_be_typed_into(world, server):
    group = await proposed(world, server)
    form = await group.press(group.coach, "Coach: what to watch")

    assert list(fields(form)) == ["codes", "wish"]
    assert "never about the client" in str(form.modal)
    await world.later(1)
    answer = await group.press(group.client, "Coach: what to watch")
    assert told(answer) == "That is for the coach of this round."


async def test_sensitive_topics_leave_no_words_on_disk(world, server):
    group = await coaching(world, server)
    await world.later(31 * 60)

    assert title(group.card) == "🌿 The round is complete"
    words = [v for row in rows(world, "round_people") for v in row.values() if isinstance(v, str)]
    assert set(words) == {"coach", "client", "observer", "notes", ""}


async def test_i_need_a_moment_names_nobody_and_notifies_nobody(world, server):
    group = await coaching(world, server)
    await group.press(group.client, "I need a moment")

    assert lines(group.room) == ["-# ⏸️ The round is paused. Take the time you need."]
    assert is_silent(world, group.room, posts(group.room)[-1])
    assert pinged(world, posts(group.room)[-1]) == set()
