"""Rounds in the chat of a voice channel: the bot sees who leaves, and waits for them a little."""

from __future__ import annotations

import pytest

from bot.rounds.service.live import LiveRounds
from tests.rounds.ui.steps import (
    coaching,
    is_silent,
    lines,
    posts,
    private,
    proposed,
    running,
    say_left,
    title,
)
from tests.rounds.ui.trouble import end_of, in_voice, people_on, pinged, round_row
from tests.simulation.world import labels, text, told

LEFT = "-# 🔌 {} has left the voice channel; their seat is kept for 5 minutes."
BACK = "-# 🙌 {} is back."
GOES_ON = "-# ▶️ The clock is running again."
EMPTY_SEAT = "The coach’s seat is empty"
RESTS = "The clock rests until the people who are away are back in the voice channel."
WAIT = 5 * 60


@pytest.fixture
async def voice(world, server):
    """A round at the beginning of its coaching, all four in the voice channel."""
    return await coaching(world, server, await in_voice(server, 4), channel=server.voice)


@pytest.fixture
def server(server):
    server.voice = server.handle.create_voice_channel("practice")
    return server


async def test_a_round_starts_right_in_the_chat_of_a_voice_channel(world, server):
    group = await proposed(world, server, await in_voice(server, 3), channel=server.voice)

    assert server.dojo.threads == []
    assert "everybody who may join it can listen in and read its chat" in text(group.card)
    assert text(private(group.answer)).startswith("🤝 The agreement for **Classic triad** is here.")


async def test_stage_channel_holds_a_round_like_a_voice_channel(world, server):
    stage = server.handle.create_stage_channel("stage")
    people = await in_voice(server, 3, stage)
    group = await coaching(world, server, people, channel=stage)
    await group.observer.leave_voice()
    assert lines(stage) == [LEFT.format(group.observer.mention)]
    await world.later(WAIT)

    assert people_on(group.card)["observers"] == "nobody"


# Five minutes


async def test_coach_leaves_mid_practice_and_the_card_says_that_we_wait(world, voice):
    before = end_of(voice.card)
    await voice.coach.leave_voice()

    assert people_on(voice.card)["coach"] == f"{voice.coach.mention} (away)"
    assert lines(voice.room) == [LEFT.format(voice.coach.mention)]
    assert end_of(voice.card) == before
    assert labels(voice.card)[0] == "Pause"


async def test_coach_leaves_mid_practice_and_nobody_is_notified_of_the_wait(world, voice):
    await voice.coach.leave_voice()

    assert pinged(world, posts(voice.room)[-1]) == set()
    assert is_silent(world, voice.room, posts(voice.room)[-1])


async def test_coach_leaves_mid_practice_and_is_back_in_time(world, voice):
    before = end_of(voice.card)
    await voice.coach.leave_voice()
    await world.later(29)
    await voice.coach.join_voice(voice.room)
    await world.later(60)

    assert people_on(voice.card)["coach"] == voice.coach.mention
    assert lines(voice.room) == [LEFT.format(voice.coach.mention), BACK.format(voice.coach.mention)]
    assert end_of(voice.card) == before


async def test_coach_is_back_after_the_clock_has_stopped_and_it_goes_on(world, voice):
    """B1: nothing of the coaching is lost by a lost connection."""
    await voice.coach.leave_voice()
    await world.later(30)
    assert RESTS in text(voice.card)
    assert "**Paused**, with 17:30 left" in text(voice.card)
    assert labels(voice.card)[0] == "Resume"
    await world.later(120)
    await voice.coach.join_voice(voice.room)

    assert people_on(voice.card)["coach"] == voice.coach.mention
    assert RESTS not in text(voice.card)
    assert labels(voice.card)[0] == "Pause"
    assert lines(voice.room)[-1] == f"{BACK.format(voice.coach.mention)}\n{GOES_ON}"


async def test_a_restart_in_the_wait_keeps_the_seat_and_the_clock(world, voice):
    """B1: the five minutes go on while the program is away."""
    await voice.coach.leave_voice()
    await world.later(40)
    await world.away(120, lambda: voice.coach.join_voice(voice.room))

    assert people_on(voice.card)["coach"] == voice.coach.mention
    assert labels(voice.card)[0] == "Pause"
    assert round_row(world)["ran_ms"] == 30_000


async def test_people_go_on_without_waiting_for_a_connection(world, voice):
    """B1: the clock follows them."""
    await voice.client.leave_voice()
    await world.later(30)
    await voice.press(voice.observer, "Resume")
    assert labels(voice.card)[0] == "Pause"
    await world.later(60)
    assert labels(voice.card)[0] == "Pause"


async def test_coach_leaves_mid_practice_and_does_not_come_back(world, voice):
    await world.later(60)
    await voice.coach.leave_voice()
    await world.later(WAIT)

    said = text(voice.card)
    assert "🚪 Somebody did not come back to the voice channel." in said
    assert EMPTY_SEAT in said
    assert "**Paused**, with 16:30 left" in said
    assert labels(voice.card)[:2] == ["I coach on", "Go to feedback"]


async def test_coach_leaves_mid_practice_for_another_voice_channel(world, server, voice):
    await voice.coach.join_voice(server.handle.create_voice_channel("elsewhere"))
    await world.later(WAIT)

    assert EMPTY_SEAT in text(voice.card)


async def test_coach_leaves_late_in_the_practice_and_does_not_come_back(world, voice):
    await world.later(15 * 60)
    await voice.coach.leave_voice()
    await world.later(WAIT)

    assert title(voice.card) == "✍️ Write"


async def test_client_leaves_and_does_not_come_back(world, voice):
    await voice.client.leave_voice()
    await world.later(WAIT)

    assert "The client’s seat is empty" in text(voice.card)
    await voice.press(voice.observer, "I will be the client")
    assert people_on(voice.card)["client"] == voice.observer.mention


async def test_observer_leaves_and_the_round_goes_on_without_them(world, voice):
    before = end_of(voice.card)
    await voice.observer.leave_voice()
    await world.later(WAIT)

    gone = "-# 🚪 Somebody did not come back to the voice channel."
    assert lines(voice.room)[-1] == gone
    assert people_on(voice.card)["observers"] == voice.people[3].mention
    assert end_of(voice.card) == before


async def test_someone_returns_within_the_segment_after_the_wait_by_a_press_of_their_own(
    world, voice
):
    """S9: the person who left is asked, and not put back."""
    await voice.coach.leave_voice()
    await world.later(WAIT)
    await voice.coach.join_voice(voice.room)
    assert EMPTY_SEAT in text(voice.card)
    said = f"🔊 {voice.coach.mention} is in the channel again. **My role now** has **Come back**."
    assert lines(voice.room)[-1] == f"-# {said}"
    assert pinged(world, posts(voice.room)[-1]) == {voice.coach.id}
    role = private(await voice.press(voice.coach, "My role now"))
    await voice.coach.click(role, label="Come back")

    assert people_on(voice.card)["coach"] == voice.coach.mention
    assert EMPTY_SEAT not in text(voice.card)


async def test_someone_returns_within_the_segment_after_the_wait_to_an_empty_seat_only(
    world, voice
):
    await voice.coach.leave_voice()
    await world.later(WAIT)
    await voice.press(voice.observer, "I coach on")
    await voice.coach.join_voice(voice.room)
    role = private(await voice.press(voice.coach, "My role now"))
    await voice.coach.click(role, label="Come back")

    assert people_on(voice.card)["coach"] == voice.observer.mention
    assert voice.coach.mention in people_on(voice.card)["observers"]


async def test_coach_leaves_for_another_device_and_nothing_is_said(world, voice):
    """Muting, deafening and switching devices are changes of the voice state, too."""
    before = len(posts(voice.room))
    await voice.coach.join_voice(voice.room, self_mute=True, self_deaf=True)
    await world.later(60)

    assert len(posts(voice.room)) == before


async def test_room_down_to_one_person_ends_the_round_after_the_wait(world, voice):
    for one in voice.people[1:]:
        await one.leave_voice()
    await world.later(WAIT - 1)
    assert title(voice.card) == "🗣️ Coaching"
    await world.later(1)

    assert title(voice.card) == "⏹️ The round has ended"
    assert round_row(world)["ending"] == "alone"


async def test_member_leaves_the_guild_and_is_treated_as_leaving(world, server, voice):
    # Discord takes someone who leaves a server out of its voice channels.
    await voice.observer.leave_voice()
    server.handle.remove_member(voice.observer)
    await world.later(WAIT)

    assert people_on(voice.card)["observers"] == voice.people[3].mention


async def test_a_person_who_was_never_in_the_voice_channel_does_not_leave_it(world, server):
    people = [*await in_voice(server, 2), server.member("typing")]
    group = await coaching(world, server, people, channel=server.voice)
    await world.later(120)

    assert people_on(group.card)["observers"] == people[2].mention
    assert lines(group.room) == []


async def test_one_who_comes_to_the_voice_channel_before_the_beginning_is_seen_leaving(
    world, server
):
    people = [*await in_voice(server, 2), server.member("late")]
    group = await proposed(world, server, people, channel=server.voice)
    await group.observer.join_voice(server.voice)
    await group.agree()
    await group.observer.leave_voice()

    assert lines(group.room) == [LEFT.format(group.observer.mention)]


async def test_one_who_leaves_the_voice_channel_before_the_beginning_is_not_waited_for(
    world, server
):
    group = await proposed(world, server, await in_voice(server, 3), channel=server.voice)
    await group.observer.leave_voice()
    await world.later(60)
    await group.agree()
    await world.later(60)

    assert people_on(group.card)["observers"] == group.observer.mention
    assert lines(group.room) == []


async def test_a_stranger_in_the_voice_channel_is_nobodys_business(world, server, voice):
    zoe = server.member("zoe")
    before = len(posts(voice.room))
    await zoe.join_voice(voice.room)
    await zoe.leave_voice()
    await world.later(60)

    assert len(posts(voice.room)) == before
    assert round_row(world)["state"] == "running"


async def test_only_one_round_in_a_voice_channel(world, server, voice):
    ann, ben, cleo = (server.member(name) for name in ("ann", "ben", "cleo"))
    answer = await ann.slash(server.voice, "round start", coach=ann, client=ben, observer1=cleo)

    assert told(answer).startswith(f"There is a round in {server.voice.mention} already")


# Away in the meantime


async def test_bot_restart_under_15_s_during_the_wait_changes_nothing(world, voice):
    await voice.coach.leave_voice()
    await world.later(10)
    await world.away(10)
    assert people_on(voice.card)["coach"] == f"{voice.coach.mention} (away)"
    await world.later(9)
    assert RESTS not in text(voice.card)
    await world.later(1)

    assert RESTS in text(voice.card)
    assert lines(voice.room) == [LEFT.format(voice.coach.mention)]


async def test_restart_after_the_wait_and_the_coach_is_still_gone(world, voice):
    await voice.coach.leave_voice()
    await world.later(10)
    await world.away(WAIT)

    assert EMPTY_SEAT in text(voice.card)
    assert "**Paused**, with 17:30 left" in text(voice.card)


async def test_restart_during_the_wait_and_the_coach_came_back_unseen(world, voice):
    await voice.coach.leave_voice()
    await world.later(10)
    await world.away(10, lambda: voice.coach.join_voice(voice.room))
    await world.later(60)

    assert people_on(voice.card)["coach"] == voice.coach.mention
    assert labels(voice.card)[0] == "Pause"
    assert lines(voice.room)[-1] == BACK.format(voice.coach.mention)


async def test_restart_after_the_wait_and_the_coach_came_back_unseen(world, voice):
    before = end_of(voice.card)
    await voice.coach.leave_voice()
    await world.later(10)
    await world.away(60, lambda: voice.coach.join_voice(voice.room))

    assert people_on(voice.card)["coach"] == voice.coach.mention
    assert labels(voice.card)[0] == "Pause"
    assert end_of(voice.card) == before


async def test_restart_and_an_observer_left_unseen_gets_the_whole_wait(world, voice):
    await world.away(60, voice.observer.leave_voice)
    assert lines(voice.room) == [LEFT.format(voice.observer.mention)]
    await world.later(WAIT - 1)
    assert voice.observer.mention in people_on(voice.card)["observers"]
    await world.later(1)

    assert people_on(voice.card)["observers"] == voice.people[3].mention


async def test_restart_and_someone_came_and_went_unseen(world, voice):
    await world.away(5, voice.observer.leave_voice, lambda: voice.observer.join_voice(voice.room))
    await world.later(60)

    assert lines(voice.room) == []


async def test_restart_before_the_beginning_sees_who_is_in_the_voice_channel(world, server):
    people = [*await in_voice(server, 2), server.member("late")]
    group = await proposed(world, server, people, channel=server.voice)
    await world.away(60, lambda: group.observer.join_voice(server.voice))
    await group.agree()
    await group.observer.leave_voice()

    assert lines(group.room) == [LEFT.format(group.observer.mention)]


async def test_a_voice_channel_is_forgotten_with_the_end_of_its_round(world, server):
    group = await running(world, server, await in_voice(server, 3), channel=server.voice)
    await world.later(31 * 60)
    before = len(posts(group.room))
    await group.observer.leave_voice()
    await world.later(60)

    assert title(group.card) == "🌿 The round is complete"
    assert len(posts(group.room)) == before


async def test_nobody_in_the_voice_channel_of_the_round_is_taken_for_gone(world, voice):
    """S11: they are plainly there."""
    await say_left(voice, voice.observer, voice.coach)
    assert "are you still here" in text(voice.card)
    await world.later(61)
    round_ = world.bot.services[LiveRounds].in_room(voice.room.id)
    assert round_.coach.user_id == voice.coach.id
    assert "are you still here" not in text(voice.card)
