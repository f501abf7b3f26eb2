"""People leave a round; and which edge of rounds is tested where.

| Case | Tests |
|---|---|
| Coach leaves mid-practice | `test_coach_leaves_…` here (by button) and in `_voice` (30 seconds) |
| Client leaves | `test_client_leaves_…` here and in `_voice` |
| Observer leaves | `test_observer_leaves_…` here and in `_voice` |
| Room down to one person | `test_room_down_to_one_person_…` here and in `_voice` |
| Someone returns within the segment | `test_someone_returns_…` in `_returns` and `_voice` |
| Late joiner | `test_late_joiner_…` in `_returns` |
| Odd numbers | `test_odd_numbers_…` in `_returns` |
| Handing over | `test_a_seat_…`, `test_a_newcomer_…` in `_seats` |
| Double click, two devices | `test_double_click_…` in `_seats` |
| Bot restart under 15 s | `test_bot_restart_under_15_s_…` in `_restart` and `_voice` |
| Restart over one boundary | `test_restart_over_…`, `test_restart_late_…` in `_restart` |
| Restart longer than the round | `test_restart_longer_than_the_round_…` in `_restart` |
| Restart in a pause, before the beginning | `test_restart_during_…`, `…_before_…` in `_crash` |
| Crash between a change and its message | `test_a_crash_…` in `_crash` |
| Discord outage, 429, 5xx | `test_discord_outage_5xx_…` in `_discord` |
| Missing permissions | `test_missing_permissions_…` in `_permissions` |
| DMs closed | `test_dms_closed_…` in `_permissions` |
| Card deleted by a moderator | `test_card_deleted_by_a_moderator_…` in `_discord` |
| Thread put away or locked | `test_a_thread_that_…` in `_discord` |
| Two dojos in one guild | `test_two_dojos_in_one_guild_…` in `_places` |
| Same user in two dojos | `test_same_user_in_two_dojos_…` in `_places` |
| Room deleted | `test_room_deleted_…` in `_rooms` |
| Dojo channel deleted | `test_dojo_channel_deleted_…` in `_rooms` |
| Not in the cache is not gone | `…_is_never_taken_for_…` in `_rooms` and `_places` |
| Bot removed from guild | `test_bot_removed_from_guild_…` in `_places` |
| Member leaves the guild | `test_member_leaves_the_guild_…` here and in `_voice` |
| Stage channel | `test_stage_channel_…` in `_voice` |
| Practice longer than 15 min | `test_practice_longer_than_15_min_…` in `_cards` |
| Mobile users | `test_mobile_…` in `_cards` |
| Time zones, DST | `test_time_zones_dst_…` in `_cards` |
| Message content | `test_message_content_never_read` in `_cards` |
| Sensitive topics | `test_sensitive_topics_…` in `_cards` |
"""

from __future__ import annotations

from tests.rounds.ui.steps import (
    cards,
    coaching,
    is_silent,
    lines,
    posts,
    private,
    running,
    say_left,
    title,
)
from tests.rounds.ui.trouble import (
    bring_in,
    end_of,
    in_seconds,
    leave,
    people_on,
    pinged,
    round_row,
    seats,
)
from tests.simulation.world import labels, text, told

TAKEN = "That seat has been taken already, by {}."


# The coach leaves


async def test_coach_leaves_mid_practice_and_the_clock_waits_for_who_coaches_on(world, server):
    group = await coaching(world, server, 4)
    await world.later(59)
    await leave(group, group.coach)
    await world.later(300)

    said = text(group.card)
    assert f"👋 {group.coach.mention} has left the round." in said
    assert "The coach’s seat is empty; the clock stands still." in said
    assert "**Paused**, with 17:00 left" in said
    assert labels(group.card)[:2] == ["I coach on", "Go to feedback"]


async def test_coach_leaves_mid_practice_and_the_observers_are_notified(world, server):
    group = await coaching(world, server, 4)
    await leave(group, group.coach)

    # Not the client, even now: it is still the coaching that they are in.
    assert pinged(world, group.card) == {one.id for one in group.people[2:]}


async def test_coach_leaves_mid_practice_and_an_observer_coaches_on(world, server):
    group = await coaching(world, server, 4)
    await world.later(59)
    await leave(group, group.coach)
    await world.later(299)
    await group.press(group.observer, "I coach on")

    assert lines(group.room)[-1] == (
        f"-# 🔄 {group.observer.mention} has taken the seat. The card shows who does what."
    )
    assert people_on(group.card) == {
        "coach": group.observer.mention,
        "client": group.client.mention,
        "observers": group.people[3].mention,
    }
    assert end_of(group.card) == in_seconds(world, 17 * 60)
    assert labels(group.card)[0] == "Pause"


async def test_coach_leaves_mid_practice_and_of_two_observers_the_first_coaches_on(world, server):
    group = await coaching(world, server, 4)
    await leave(group, group.coach)
    await world.later(1)
    card, (olu, pia) = group.card, group.people[2:]
    first, second = await world.together(
        lambda: olu.click(card, label="I coach on"), lambda: pia.click(card, label="I coach on")
    )

    assert text(private(first)).startswith("🎧 **Coach:** the seat is yours")
    assert told(second) == TAKEN.format(olu.mention)
    assert people_on(group.card)["coach"] == olu.mention


async def test_coach_leaves_mid_practice_and_the_client_cannot_coach_on(world, server):
    group = await coaching(world, server, 4)
    await leave(group, group.coach)
    answer = await group.press(group.client, "I coach on")

    assert told(answer).startswith("You have a seat as coach or client already.")
    assert "The coach’s seat is empty" in text(group.card)


async def test_coach_leaves_mid_practice_and_the_clock_cannot_run_without_a_coach(world, server):
    group = await coaching(world, server, 4)
    await leave(group, group.coach)
    assert "Resume" not in labels(group.card)
    answer = await group.client.slash(group.room, "round resume")

    assert told(answer).startswith("There is no coach yet.")
    assert "Paused" in text(group.card)


async def test_coach_leaves_mid_practice_and_the_others_go_to_feedback(world, server):
    group = await coaching(world, server, 4)
    await world.later(60)
    await leave(group, group.coach)
    await group.press(group.client, "Go to feedback")

    assert title(group.card) == "✍️ Write"
    assert f"💬 {group.client.mention} has closed the coaching" in text(group.card)
    assert "late" not in text(group.card)


async def test_coach_leaves_late_in_the_practice_and_the_round_goes_to_feedback(world, server):
    group = await coaching(world, server, 4)
    await world.later(11 * 60)
    await leave(group, group.coach)

    assert title(group.card) == "✍️ Write"
    assert f"👋 {group.coach.mention} has left the round." in text(group.card)
    assert people_on(group.card)["coach"] == f"{group.coach.mention} (has left)"


async def test_coach_leaves_before_any_coaching_and_there_is_no_feedback_to_go_to(world, server):
    group = await running(world, server)
    await leave(group, group.coach)

    assert "The coach’s seat is empty" in text(group.card)
    assert labels(group.card)[:3] == ["I coach on", "Come back", "+2 min"]


async def test_coach_leaves_in_the_feedback_and_the_round_goes_on_by_the_clock(world, server):
    group = await coaching(world, server)
    await world.later(18 * 60 + 60)
    await leave(group, group.coach)
    await world.later(60)

    assert title(group.card) == "🪞 Coach’s own view"


async def test_coach_leaves_mid_practice_and_keeps_the_minutes_coached_so_far(world, server):
    group = await coaching(world, server, 4)
    await world.later(299)
    await leave(group, group.coach)
    await group.press(group.observer, "I coach on")
    await world.later(18 * 60)

    coached = {seat["user_id"]: round(seat["coached_ms"] / 60_000, 2) for seat in seats(world)}
    # With the soft landing of the one who coached to the end.
    assert (coached[group.coach.id], coached[group.observer.id]) == (5, 18 - 5 + 1)


# The client leaves


async def test_client_leaves_and_an_observer_may_become_the_client(world, server):
    group = await coaching(world, server, 4)
    await leave(group, group.client)
    assert "The client’s seat is empty; the clock stands still." in text(group.card)
    await group.press(group.observer, "I will be the client")

    assert people_on(group.card)["client"] == group.observer.mention
    assert labels(group.card)[0] == "Pause"


async def test_client_leaves_and_nobody_becomes_the_client_by_itself(world, server):
    group = await coaching(world, server, 4)
    await leave(group, group.client)
    await world.later(9 * 60)

    assert people_on(group.card)["client"] == f"{group.client.mention} (has left)"
    assert "Paused" in text(group.card)


async def test_client_leaves_and_the_feedback_begins_with_what_was_seen(world, server):
    group = await coaching(world, server, 4)
    await world.later(60)
    await leave(group, group.client)
    await group.press(group.coach, "Go to feedback")

    assert title(group.card) == "✍️ Write"


async def test_client_leaves_and_no_reason_is_asked_or_told(world, server):
    group = await coaching(world, server, 4)
    answer = await leave(group, group.client)

    said = text(private(answer)).splitlines()
    assert said[0] == "👋 You have left the round. The room reads that you left, not why."
    assert said[1].startswith("🔒 You do not read its room any more. Your way back is ")
    assert text(group.card).splitlines()[0] == f"👋 {group.client.mention} has left the round."


# Observers leave


async def test_observer_leaves_and_the_round_goes_on(world, server):
    group = await coaching(world, server, 4)
    before = end_of(group.card)
    await leave(group, group.observer)

    assert lines(group.room)[-1] == f"-# 👋 {group.observer.mention} has left the round."
    assert is_silent(world, group.room, posts(group.room)[-1])
    assert people_on(group.card)["observers"] == group.people[3].mention
    assert end_of(group.card) == before


async def test_observer_leaves_who_was_the_last_and_the_card_says_nobody(world, server):
    group = await coaching(world, server, 3)
    await leave(group, group.observer)

    assert people_on(group.card)["observers"] == "nobody"
    assert labels(group.card)[0] == "Pause"


async def test_observer_leaves_by_the_word_of_another_and_without_an_answer(world, server):
    """S11: asked first."""
    group = await coaching(world, server, 4)
    answer = await say_left(group, group.coach, group.observer)

    said = f"❓ {group.observer.mention} is asked on the card now whether they are still here."
    assert text(private(answer)) == said
    assert group.observer.mention in people_on(group.card)["observers"]
    await world.later(60)
    said = f"-# 🚪 {group.observer.mention} did not answer, and is taken for gone."
    assert lines(group.room)[-1] == said
    assert group.observer.mention not in people_on(group.card)["observers"]


async def test_observer_leaves_by_the_word_of_two_and_is_asked_once(world, server):
    group = await coaching(world, server, 4)
    kim, carla = group.client, group.coach
    questions = [private(await group.press(one, "Someone left")) for one in (kim, carla)]
    await kim.click(questions[0], label="olu · observer")
    answer = await carla.click(questions[1], label="olu · observer")

    assert told(answer).startswith("That person was asked a moment ago.")
    assert text(group.card).count("are you still here?") == 2


async def test_nobody_outside_the_round_can_say_that_someone_left(world, server):
    group = await coaching(world, server, 3)
    ruth = bring_in(group, "ruth")
    answer = await group.press(ruth, "Someone left")

    assert told(answer) == "Only the people of this round and facilitators can do that."


async def test_member_leaves_the_guild_and_the_others_say_so(world, server):
    group = await coaching(world, server, 4)
    server.handle.remove_member(group.observer)
    question = private(await group.press(group.coach, "Someone left"))
    assert labels(question) == ["carla · coach", "kim · client", "Observer 1", "pia · observer"]
    await group.coach.click(question, label="Observer 1")
    await world.later(18 * 60 + 60)

    assert people_on(group.card)["observers"] == group.people[3].mention
    assert title(group.card) == "✍️ Write"


# Too few


async def test_room_down_to_one_person_and_the_round_ends(world, server):
    group = await coaching(world, server, 2, format="micro-12")
    await leave(group, group.client)

    assert title(group.card) == "⏹️ The round has ended"
    assert "Fewer than two people were left. Everything noted until then is kept." in text(
        group.card
    )
    assert labels(group.card) == ["Open my feedback", "Take it up again"]
    assert round_row(world)["ending"] == "alone"


async def test_room_down_to_one_person_who_is_free_for_another_round(world, server):
    group = await coaching(world, server, 2, format="micro-12")
    await leave(group, group.client)
    await group.coach.slash(
        server.dojo, "round start", coach=group.coach, client=server.member("pia"), format="pair-25"
    )

    assert title(cards(server.dojo.threads[-1])[-1]) == "🤝 A practice round, before it begins"
