"""What happens to notes when people, rooms, cards or the bot itself go; each case by its name."""

from __future__ import annotations

from bot.kit.time.trusted_time import TrustedTime
from tests.feedback.ui.steps import (
    SEEN,
    SIGNAL,
    coached,
    feedback_of,
    hand_in,
    label,
    next_part,
    noted,
    pad_of,
    press,
    quote,
    skipped,
    tap,
)
from tests.rounds.ui.steps import coaching, custom_ids, private, rows, title
from tests.rounds.ui.trouble import come_back, delete_channel, delete_message, leave, remove_guild
from tests.simulation import forged
from tests.simulation.world import labels, text, told


async def test_observer_leaves_and_their_notes_are_kept_and_included(world, server):
    group = await noted(world, server)
    olu, pia = group.people[2:]
    pad = await pad_of(group, olu)
    await quote(group, olu, pad, "And then?")
    await leave(group, olu)
    await next_part(group)
    await hand_in(group, pia)
    await next_part(group, 3)

    # Nobody waits for who has left.
    full = await skipped(group)

    assert "“And then?”" in text(full)
    assert "1 of 2 · " in text(full)


async def test_last_observer_leaves_and_the_coach_has_their_own_view(world, server):
    group = await noted(world, server, 3)
    await leave(group, group.observer)
    assert "👀 **Observer** nobody" in text(group.card)
    await next_part(group, 4)
    await world.later(121)

    waiting = await feedback_of(group, group.coach)
    own = (await press(world, group.coach, waiting, "My own view")).response
    own = (await press(world, group.coach, own, "Hand in")).response
    full = (await press(world, group.coach, own, "To my feedback")).response

    assert "S5 Gap left open" in text(full)


async def test_someone_returns_and_finds_their_notes(world, server):
    group = await noted(world, server)
    custom_id = custom_ids(group.card)["Open my pad"]
    await leave(group, group.observer)
    gone = await forged.click(group.observer, server.dojo, custom_id)
    assert "You are not in this round." in told(gone)

    await come_back(group, group.observer)
    await group.client.click(group.question, label="Let them in")

    assert "S5 gap 1" in labels(await pad_of(group, group.observer))


async def test_late_joiner_observes_without_notes_until_they_agree(world, server):
    group = await coaching(world, server, channel=server.thread())
    zoe = server.member("zoe")
    await zoe.click(private(await group.press(zoe, "My role now")), label="Join as observer")
    await group.client.click(group.question, label="Let them in")
    assert "You take part without notes." in told(await group.press(zoe, "Open my pad"))

    role = private(await group.press(zoe, "My role now"))
    await zoe.click(role, label="With notes from now on")
    await tap(group, zoe, await pad_of(group, zoe), SEEN)

    assert [row["observer_user_id"] for row in rows(world, "notes")] == [zoe.id]


async def test_coach_leaves_mid_practice_and_taps_so_far_stay_with_the_first_coach(world, server):
    group = await noted(world, server)
    carla, _, olu, pia = group.people
    await leave(group, carla)
    await world.later(31)
    await group.press(olu, "I coach on")
    pad = await tap(group, pia, await pad_of(group, pia), SIGNAL, after=10)
    # Who coaches on keeps what they noted before, and notes nothing about themselves.
    own = await pad_of(group, olu)
    assert "You coach" in told(await olu.click(own, label=label(own, SIGNAL)))

    by_coach = {row["coach_user_id"]: row["side"] for row in rows(world, "notes")}
    assert by_coach == {carla.id: "seen", olu.id: "signal"}
    await next_part(group, by=olu)
    await world.later(30)
    which = (await press(world, pia, await pad_of(group, pia), "My sheet")).response
    assert labels(which) == ["Coach 1", "Coach 2"]
    await next_part(group, 4, by=olu)

    # Each coach gets what is about them, also who has left.
    await world.later(121)
    names = ("Gap left open", "Sentence finished")
    for coach, words, others in ((carla, *names), (olu, *reversed(names))):
        waiting = (await coach.slash(server.dojo, "feedback")).response
        full = (await press(world, coach, waiting, "Skip")).response
        assert words in text(full)
        assert others not in text(full)
    assert pad.ephemeral


async def test_client_leaves_and_what_was_seen_goes_to_feedback(world, server):
    group = await noted(world, server)
    await leave(group, group.client)
    await world.later(31)
    await group.press(group.observer, "Go to feedback")
    assert "Open my feedback" in labels(group.card)
    await next_part(group, 4)

    assert "S5 Gap left open" in text(await skipped(group))


async def test_room_down_to_one_person_and_the_notes_are_there(world, server):
    group = await noted(world, server, 3)
    await leave(group, group.client)
    await leave(group, group.observer)
    assert title(group.card) == "⏹️ The round has ended"

    # Until then it can be taken up again.
    await world.later(301)
    assert "S5 Gap left open" in text(await skipped(group))


async def test_member_leaves_the_guild_and_feedback_works_in_a_direct_message(world, server):
    group = await coached(world, server)
    await hand_in(group, group.observer)
    await next_part(group, 5)
    server.handle.remove_member(group.coach)
    await world.later(121)

    waiting = private(await group.coach.user.slash("feedback"))
    assert labels(waiting) == ["My own view", "Skip"]
    full = (await press(world, group.coach.user, waiting, "Skip")).response
    form = await press(world, group.coach.user, full, "One thing to try…")
    full = (await group.coach.user.submit_modal(form, {"words": "Wait"})).response

    assert "S5 Gap left open" in text(full)
    assert "🎯 **One thing to try:** Wait" in text(full)
    offered = await group.coach.user.autocomplete("feedback", "round", "")
    assert len(offered) == 1


async def test_room_deleted_and_the_feedback_is_still_there(world, server):
    group = await coached(world, server)
    await hand_in(group, group.observer)
    await next_part(group, 5)

    await delete_channel(world, group.room)
    await world.later(121)
    waiting = private(await group.coach.slash(server.lounge, "feedback"))
    full = (await press(world, group.coach, waiting, "Skip")).response

    assert "S5 Gap left open" in text(full)


async def test_card_deleted_by_a_moderator_and_the_pad_opens_by_command(world, server):
    group = await coaching(world, server)
    await delete_message(world, group.card)

    pad = private(await group.observer.slash(group.room, "observe"))
    await tap(group, group.observer, pad, SEEN)

    assert len(rows(world, "notes")) == 1


async def test_bot_removed_from_guild_keeps_the_notes_for_thirty_days(world, server):
    group = await coached(world, server)
    assert rows(world, "notes")

    await remove_guild(world, server)
    await world.away(29 * 86_400)
    assert [row["coach_user_id"] for row in rows(world, "notes")] == [group.coach.id]
    await world.away(3 * 86_400)
    assert rows(world, "notes"), "no clock is trusted before Discord has told the time"
    world.bot.services[TrustedTime].hear(world.env.now())
    await world.env.settle()

    assert rows(world, "notes") == []
