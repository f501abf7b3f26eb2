"""Cards, cues and lines in the room of a round: who hears of them, and what is redrawn."""

from __future__ import annotations

import pytest

from tests.rounds.ui.steps import (
    as_posted,
    cards,
    coaching,
    is_silent,
    lines,
    notified,
    posts,
    private,
    proposed,
    running,
    title,
)
from tests.rounds.ui.trouble import leave_by
from tests.simulation.world import labels, text

MINUTE = 60
TRIAD = 31 * MINUTE
"""A classic triad with its soft landing."""
HALF = "-# 🌗 Half of the time is left."
FIVE_LEFT = "-# ⏳ 5 minutes left."
TWO_LEFT = "-# ⏳ 2 minutes left."


def ids(*people) -> set[int]:
    return {person.id for person in people}


def by_title(world, room) -> dict[str, set[int]]:
    """Whom each card notified."""
    return {
        title(as_posted(world, room, card)): notified(world, room, card) for card in cards(room)
    }


def timed_lines(group, begun_at) -> list[tuple[float, str]]:
    """The lines of the room, each with its minute since then."""
    return [
        ((post.created_at - begun_at).total_seconds() / MINUTE, post.content)
        for post in posts(group.room)
        if post.content
    ]


# Who is notified


async def test_cards_notify_the_people_of_the_round_but_in_the_coaching_not_the_client(
    world, server
):
    group = await running(world, server)

    await world.later(TRIAD)

    everybody = ids(*group.people)
    assert by_title(world, group.room) == {
        # The others are asked in the dojo: a mention here would add them to the thread.
        "🤝 A practice round, before it begins": ids(group.coach),
        "📜 Agree": everybody,
        "🗣️ Coaching": ids(group.coach, group.observer),
        "✍️ Write": everybody,
        "🪞 Coach’s own view": everybody,
        "💬 Client": everybody,
        "🔎 Observers": everybody,
        "🎯 Next step": everybody,
        "🌿 The round is complete": set(),
    }


async def test_the_client_is_named_on_the_card_of_the_coaching_all_the_same(world, server):
    group = await coaching(world, server)

    assert f"🙋 **Client** {group.client.user.mention}" in text(group.card)
    assert group.client.id not in notified(world, group.room, group.card)


async def test_a_card_is_heard(world, server):
    group = await running(world, server)

    await world.later(TRIAD)

    assert not any(is_silent(world, group.room, card) for card in cards(group.room))


async def test_cues_and_lines_notify_nobody_and_make_no_sound(world, server):
    group = await coaching(world, server)
    for label in ("Pause", "Resume", "+2 min"):
        await group.press(group.client, label)

    await world.later(TRIAD)

    said = [post for post in posts(group.room) if post.content]
    assert len(said) >= 7
    for post in said:
        assert notified(world, group.room, post) == set()
        assert is_silent(world, group.room, post)


async def test_a_round_notifies_nobody_of_another_one(world, server):
    one = await running(world, server)
    two = await running(world, server, [server.member(name) for name in ("ann", "ben", "cyd")])

    await world.later(TRIAD)

    for group in (one, two):
        heard = set().union(*by_title(world, group.room).values())
        assert heard == ids(*group.people)


async def test_an_observer_who_came_late_is_notified_from_then_on(world, server):
    group = await coaching(world, server, channel=server.thread())
    zoe = server.member("zoe")
    role = private(await group.press(zoe, "My role now"))
    await zoe.click(role, label="Join as observer")
    await group.client.click(group.question, label="Let them in")

    await world.later(19 * MINUTE)

    assert title(group.card) == "✍️ Write"
    assert notified(world, group.room, group.card) == ids(*group.people, zoe)


async def test_a_person_who_has_left_is_not_notified_any_more(world, server):
    group = await coaching(world, server, 4)
    role = private(await group.press(group.observer, "My role now"))
    await leave_by(group.observer, role)

    await world.later(19 * MINUTE)

    assert title(group.card) == "✍️ Write"
    assert group.observer.id not in notified(world, group.room, group.card)


async def test_a_card_brought_back_down_in_the_coaching_does_not_notify_the_client(world, server):
    group = await coaching(world, server)

    await group.observer.slash(group.room, "round now")

    assert [title(card) for card in cards(group.room)[-1:]] == ["🗣️ Coaching"]
    assert group.client.id not in notified(world, group.room, group.card)


async def test_a_card_of_the_coaching_that_is_redrawn_does_not_mention_the_client_either(
    world, server
):
    group = await coaching(world, server)

    await group.press(group.observer, "Pause")

    path = f"/channels/{group.room.id}/messages/{group.card.id}"
    (edit,) = [one for one in world.env.http_requests if one.path == path]
    mentions = edit.json["allowed_mentions"]
    assert mentions["parse"] == []
    assert {int(one) for one in mentions["users"]} == ids(group.coach, group.observer)


async def test_a_card_that_is_over_mentions_nobody_any_more(world, server):
    group = await coaching(world, server)

    path = f"/channels/{group.room.id}/messages/{cards(group.room)[0].id}"
    edit = [one for one in world.env.http_requests if one.path == path][-1]
    mentions = edit.json["allowed_mentions"]
    assert mentions["parse"] == []
    assert mentions["users"] == []


# Cues


@pytest.mark.parametrize(
    ("format_id", "cues"),
    [
        ("triad-30", [(9, HALF), (13, FIVE_LEFT), (16, TWO_LEFT)]),
        ("quick-10", [(5, HALF), (8, TWO_LEFT)]),
    ],
)
async def test_cues_of_the_coaching(world, server, format_id, cues):
    group = await coaching(world, server, format=format_id)
    begun_at = group.card.created_at

    await world.later(cues[-1][0] * MINUTE)

    assert timed_lines(group, begun_at) == [(float(minute), cue) for minute, cue in cues]


async def test_the_end_of_the_coaching_lands_softly(world, server):
    group = await coaching(world, server)
    begun_at = group.card.created_at

    await world.later(18 * MINUTE)

    minute, line = timed_lines(group, begun_at)[-1]
    assert minute == 18
    assert line.startswith("-# ⌛ Time is up. Finish the sentence, then close.")
    assert "⌛ **Time is up.** Finish the sentence, then close. It goes on at" in text(group.card)
    await world.later(MINUTE - 1)
    assert title(group.card) == "🗣️ Coaching"
    await world.later(1)
    assert title(group.card) == "✍️ Write"


async def test_what_is_not_the_last_coaching_ends_sharp(world, server):
    group = await coaching(world, server, 5, format="relay-30")

    await world.later(5 * MINUTE)

    assert title(group.card) == "🔄 Change of coach"
    assert "Time is up" not in "\n".join(lines(group.room))


async def test_a_cue_posts_no_card(world, server):
    group = await coaching(world, server)
    posted = len(cards(group.room))

    await world.later(18 * MINUTE)

    assert len(lines(group.room)) == 4
    assert len(cards(group.room)) == posted


async def test_while_the_round_is_paused_there_are_no_cues(world, server):
    group = await coaching(world, server)
    await group.press(group.coach, "Pause")
    before = len(lines(group.room))

    await world.later(9 * MINUTE + 30)

    assert len(lines(group.room)) == before


# What is redrawn


async def test_the_card_is_rendered_again_and_not_posted_again_when_someone_steers(world, server):
    group = await coaching(world, server)
    card = group.card

    for label in ("Pause", "Resume", "+2 min"):
        await group.press(group.observer, label)

    assert group.card.id == card.id
    assert len(cards(group.room)) == 3


async def test_a_card_that_is_over_says_what_it_was_and_how_long(world, server):
    group = await running(world, server)
    await world.later(90)

    await group.press(group.coach, "Next")

    over = cards(group.room)[1]
    assert text(over) == "📜 **Agree** · 91 s · over"
    assert labels(over) == []


async def test_the_agreement_stays_readable_without_its_buttons(world, server):
    group = await running(world, server)

    agreement = cards(group.room)[0]
    assert "🤝 The agreement" in text(agreement)
    assert all(person.user.mention in text(agreement) for person in group.people)
    assert labels(agreement) == []


async def test_the_card_shows_what_comes_next(world, server):
    group = await coaching(world, server)
    assert "Classic triad, part 2 of 7 · next: Write, 1 min" in text(group.card)

    await world.later(28 * MINUTE)

    assert "Classic triad, part 7 of 7 · the last part" in text(group.card)


async def test_the_answers_to_the_agreement_are_rendered_again_on_its_card(world, server):
    group = await proposed(world, server)

    await group.agree(group.coach, group.client)

    assert len(posts(group.room)) == 1
    assert "✅ Agreed: " in text(group.card)
