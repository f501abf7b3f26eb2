"""The bot is away while a round runs: what it says on return, and what it does not."""

from __future__ import annotations

import json

from tests.rounds.ui.steps import (
    WAYS_IN,
    cards,
    coaching,
    lines,
    posts,
    pressable,
    private,
    running,
    title,
)
from tests.rounds.ui.trouble import CLIENT, COACH, SELF, WRITE, end_of, in_seconds, round_row, seats
from tests.simulation.world import labels, text, told

LATE = "⏱️ I am {} late: Discord or I could not be reached for a while."


async def away_in(group, begins: int, ends: int) -> None:
    """The bot is away from and until so many seconds after the round began."""
    await group.world.later(begins)
    await group.world.away(ends - begins)


# A moment


async def test_bot_restart_under_15_s_says_nothing(world, server):
    group = await coaching(world, server)
    await world.later(20)
    before = len(posts(group.room)), text(group.card)
    await world.later(40)
    await world.away(5)

    assert (len(posts(group.room)), text(group.card)) == before


async def test_bot_restart_under_15_s_leaves_the_next_cue_on_time(world, server):
    group = await coaching(world, server)
    await away_in(group, 8 * 60, 8 * 60 + 5)
    await world.later(54)
    assert lines(group.room) == []
    await world.later(1)

    assert lines(group.room) == ["-# 🌗 Half of the time is left."]


async def test_bot_restart_under_15_s_over_a_boundary_is_not_worth_a_word(world, server):
    group = await running(world, server)
    ends = in_seconds(world, WRITE - 60)
    await away_in(group, COACH - 5, COACH + 5)

    assert title(group.card) == "🗣️ Coaching"
    assert "late" not in text(group.card)
    assert end_of(group.card) == ends


async def test_bot_restart_under_15_s_over_a_cue_brings_it_a_little_late(world, server):
    group = await running(world, server)
    await away_in(group, COACH + 9 * 60 - 5, COACH + 9 * 60 + 5)

    assert lines(group.room) == ["-# 🌗 Half of the time is left."]


async def test_bot_restart_under_15_s_twice_announces_a_segment_once(world, server):
    group = await running(world, server)
    await away_in(group, COACH - 5, COACH + 5)
    await world.away(5)

    titles = [title(card) for card in pressable(group.room)]
    assert titles == ["🗣️ Coaching"]
    assert len(cards(group.room)) == 3


async def test_bot_restart_under_15_s_leaves_the_buttons_of_the_card_alive(world, server):
    group = await coaching(world, server)
    card = group.card
    await world.away(5)
    await group.client.click(card, label="Pause")

    assert "**Paused**, with 17:55 left" in text(group.card)


async def test_bot_restart_under_15_s_forgets_nobody_who_is_in_the_round(world, server):
    group = await coaching(world, server)
    await world.away(5)
    pia = server.member("pia")
    answer = await pia.slash(server.dojo, "round start", coach=pia, client=group.client)

    said = text(private(answer))
    assert f"another one now:\n- {group.client.mention}\n" in said


# Over boundaries


async def test_restart_over_one_boundary_says_in_one_line_where_we_are(world, server):
    group = await running(world, server)
    ends, before = in_seconds(world, WRITE - 60), len(posts(group.room))
    await away_in(group, COACH - 20, COACH + 20)

    assert len(posts(group.room)) == before + 1
    assert text(group.card).splitlines()[:2] == [
        LATE.format("20 s") + " The clock went on.",
        "### 🗣️ Coaching",
    ]
    assert end_of(group.card) == ends


async def test_restart_over_one_boundary_notifies_the_group_as_on_time(world, server):
    group = await running(world, server)
    await away_in(group, COACH - 20, COACH + 20)

    sent = [one for one in world.env.http_requests if one.method == "POST"][-1]
    users = {int(one) for one in sent.json["allowed_mentions"]["users"]}
    assert users == {group.coach.id, group.observer.id}


async def test_restart_over_two_boundaries_is_one_card_and_one_line(world, server):
    group = await running(world, server)
    ends = in_seconds(world, CLIENT + 120)
    await world.later(SELF - 10)
    before = len(posts(group.room))
    await world.away(CLIENT + 25 - SELF + 10)

    assert len(posts(group.room)) == before + 1
    assert text(group.card).splitlines()[:2] == [
        LATE.format("25 s") + " 1 part went by without a card. The clock went on.",
        "### 💬 Client",
    ]
    assert end_of(group.card) == ends


async def test_restart_over_several_cues_brings_no_burst_of_old_ones(world, server):
    group = await running(world, server)
    # Past half time and "5 minutes left".
    await away_in(group, COACH + 60, COACH + 14 * 60)
    assert lines(group.room) == []
    await world.later(2 * 60)

    assert lines(group.room) == ["-# ⏳ 2 minutes left."]


async def test_restart_over_the_end_of_the_coaching_says_that_time_is_up(world, server):
    group = await running(world, server)
    await away_in(group, COACH + 18 * 60 - 20, COACH + 18 * 60 + 20)

    assert lines(group.room)[-1].startswith("-# ⌛ Time is up. Finish the sentence")
    await world.later(40)
    assert title(group.card) == "✍️ Write"


# Late by more than a quarter of the segment


async def very_late(world, server):
    """A group whose segment of two minutes began 40 seconds ago, which it just learns."""
    group = await running(world, server)
    await away_in(group, SELF - 10, SELF + 40)
    return group


async def test_restart_over_one_boundary_late_by_more_than_a_quarter_asks_the_room(world, server):
    group = await very_late(world, server)

    assert title(group.card) == "🪞 Coach’s own view"
    assert "This part began late. Go on as it is, lengthen it, or skip it?" in text(group.card)
    assert labels(group.card)[:4] == ["Continue", "Pause", "+2 min", "Next"]


async def test_restart_over_one_boundary_late_by_less_than_a_quarter_asks_nothing(world, server):
    group = await running(world, server)
    await away_in(group, SELF - 10, SELF + 25)

    assert labels(group.card)[0] == "Pause"


async def test_restart_late_by_a_quarter_and_the_room_continues(world, server):
    group = await very_late(world, server)
    before = end_of(group.card)
    await group.press(group.client, "Continue")

    assert "This part began late" not in text(group.card)
    assert labels(group.card)[0] == "Pause"
    assert end_of(group.card) == before
    assert f"👍 {group.client.mention} says: go on" in lines(group.room)[-1]


async def test_restart_late_by_a_quarter_and_the_room_takes_two_minutes_more(world, server):
    group = await very_late(world, server)
    before = end_of(group.card)
    await group.press(group.client, "+2 min")

    assert labels(group.card)[0] == "Pause"
    assert end_of(group.card) == before + 120


async def test_restart_late_by_a_quarter_and_the_room_goes_on_to_the_next(world, server):
    group = await very_late(world, server)
    await group.press(group.client, "Next")

    assert title(group.card) == "💬 Client"
    assert "late" not in text(group.card)


async def test_restart_late_by_a_quarter_and_nobody_answers(world, server):
    group = await very_late(world, server)
    await world.later(80)

    assert title(group.card) == "💬 Client"


async def test_restart_late_by_a_quarter_and_two_answer_at_once(world, server):
    group = await very_late(world, server)
    await world.later(1)
    card = group.card
    _, second = await world.together(
        lambda: group.client.click(card, label="Continue"),
        lambda: group.coach.click(card, label="Continue"),
    )

    assert told(second) == f"That is settled already, by {group.client.mention}."


# Longer than the round


async def test_restart_longer_than_the_round_closes_it_as_interrupted(world, server):
    group = await running(world, server)
    before = len(posts(group.room))
    await away_in(group, 600, 3 * 3600)

    assert len(posts(group.room)) == before + 2
    assert title(group.card) == "🔌 The round was interrupted"
    assert "Everything noted until then is kept." in text(group.card)
    assert [labels(card) for card in pressable(group.room)] == [WAYS_IN]


async def test_restart_longer_than_the_round_sends_no_cue_late(world, server):
    group = await coaching(world, server)
    await away_in(group, 60, 3 * 3600)
    await world.later(3600)

    assert lines(group.room) == []
    assert title(group.card) == "🔌 The round was interrupted"


async def test_restart_longer_than_the_round_keeps_roles_and_minutes(world, server):
    group = await running(world, server)
    await away_in(group, 600, 3 * 3600)

    row = round_row(world)
    assert (row["state"], row["ending"], row["told_ended"]) == ("ended", "interrupted", 1)
    assert [ms // 60_000 for ms in json.loads(row["past"])] == [2, 19, 1, 2, 2, 4, 1]
    kept = [(one["user_id"], one["role"], one["agreement"]) for one in seats(world)]
    roles = ("coach", "client", "observer")
    assert kept == [(one.id, role, "notes") for one, role in zip(group.people, roles, strict=True)]


async def test_restart_longer_than_the_round_sets_its_people_free(world, server):
    group = await running(world, server)
    await away_in(group, 600, 3 * 3600)
    again = await coaching(world, server, group.people)

    assert again.room.id != group.room.id
    assert title(again.card) == "🗣️ Coaching"


async def test_restart_a_moment_after_the_end_of_the_round_completes_it(world, server):
    group = await running(world, server)
    await away_in(group, 31 * 60 - 4, 31 * 60 + 6)

    assert title(group.card) == "🌿 The round is complete"
