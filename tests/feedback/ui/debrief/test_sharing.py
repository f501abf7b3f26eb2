"""Sharing feedback with the room, all of it or a part, and what facilitators see before that."""

from __future__ import annotations

import pytest

from bot.feedback.model.refusals import NothingToShow
from bot.feedback.service.debriefs import DebriefService
from tests.feedback.ui.steps import (
    SEEN,
    SIGNAL,
    feedback_of,
    next_part,
    pad_of,
    press,
    quote,
    released,
    tap,
)
from tests.rounds.ui.steps import cards, coaching, is_silent, notified, posts, rows
from tests.rounds.ui.trouble import bot_may, refusing
from tests.simulation.world import labels, text, told


async def full_of(world, server):
    """A round with notes of both sides, words, and one thing to try; and its feedback."""
    group = await coaching(world, server, 4, channel=server.thread())
    for person, side, words in zip(
        group.people[2:], (SEEN, SIGNAL), ("And then?", "So finally"), strict=True
    ):
        pad = await tap(group, person, await pad_of(group, person), side, after=60)
        await quote(group, person, pad, words)
    await next_part(group)
    full = await released(group)
    form = await press(world, group.coach, full, "One thing to try…")
    full = (await group.coach.submit_modal(form, {"words": "Count to five"})).response
    return group, full


async def share(group, full, what: str):
    """Share something; what the room then has as its last card."""
    asked = (await press(group.world, group.coach, full, "Share with the room")).response
    await press(group.world, group.coach, asked, what)
    return cards(group.room)[-1]


async def let_words_be_shown(group) -> None:
    """The client's private yes to words in the room."""
    own = await feedback_of(group, group.client)
    await press(group.world, group.client, own, "Let words be shown")


WORDS = ("And then?", "So finally")


async def test_words_are_left_out_unless_the_client_lets_them_be_shown(world, server):
    """H4: also for facilitators, and gone from the room once the client says no."""
    group, full = await full_of(world, server)
    fay = server.manager()
    post = await share(group, full, "Everything noted")
    assert not any(words in text(post) for words in WORDS)
    assert "S5 Gap left open" in text(post)
    process = await feedback_of(group, fay)
    seen = (await press(world, fay, process, "What was shared")).response
    assert not any(words in text(seen) for words in WORDS)

    own = await feedback_of(group, group.client)
    assert "no words are shown" in text(own)
    await press(world, group.client, own, "Let words be shown")
    assert "words that observers typed are shown" in text(own)
    assert not any(words in text(post) for words in WORDS), "what is there is left as it is"
    full = await feedback_of(group, group.coach)
    again = await share(group, full, "Everything noted")
    assert all(words in text(again) for words in WORDS)

    await world.restart()
    await press(world, group.client, own, "No words, please")
    assert not any(words in text(one) for words in WORDS for one in posts(group.room))
    assert rows(world, "quote_permissions") == []


async def test_a_coach_takes_back_what_was_shared(world, server):
    """S30: it goes from the room, and facilitators open it no more; also after a restart."""
    group, full = await full_of(world, server)
    before = len(posts(group.room))
    await share(group, full, "Everything noted")
    full = await feedback_of(group, group.coach)
    await share(group, full, "My one thing to try")
    await world.restart()

    full = await feedback_of(group, group.coach)
    asked = (await press(world, group.coach, full, "Share with the room")).response
    await press(world, group.coach, asked, "Take it back")

    assert "Nothing of your feedback is shared any more" in text(asked)
    assert len(posts(group.room)) == before
    assert [(row["shared"], row["posts"]) for row in rows(world, "debriefs")] == [("", "")]
    fay = server.manager()
    assert "What was shared" not in labels(await feedback_of(group, fay))


async def test_what_cannot_be_deleted_is_said_and_tried_again(world, server):
    """S30: a message that Discord does not let the bot delete stays known."""
    group, full = await full_of(world, server)
    await share(group, full, "Everything noted")
    full = await feedback_of(group, group.coach)
    asked = (await press(world, group.coach, full, "Share with the room")).response
    with refusing(world, 403, 50083, room=group.room, method="DELETE", what="messages/*"):
        await press(world, group.coach, asked, "Take it back")
    assert "I could not delete it" in text(asked)
    (row,) = rows(world, "debriefs")
    assert row["shared"] == ""
    assert row["posts"]


async def test_erasing_the_feedback_takes_it_from_the_room(world, server):
    """S30: nobody has to ask a moderator."""
    group, full = await full_of(world, server)
    before = len(posts(group.room))
    await share(group, full, "Everything noted")
    asked = await press(world, group.coach, await feedback_of(group, group.coach), "Erase…")
    await press(world, group.coach, asked.response, "Erase it")
    assert len(posts(group.room)) == before


async def test_sharing_is_asked_about_and_can_be_left_alone(world, server):
    group, full = await full_of(world, server)
    before = len(posts(group.room))

    asked = (await press(world, group.coach, full, "Share with the room")).response
    assert "for everybody who can read there" in text(asked)
    assert labels(asked) == [
        "What observers saw me do",
        "Everything noted",
        "My one thing to try",
        "Back, share nothing",
    ]
    await press(world, group.coach, asked, "Back, share nothing")

    assert len(posts(group.room)) == before
    assert "### 🎁 Feedback on your coaching" in text(asked)


async def test_the_coach_shares_a_part_or_everything_without_the_names_of_observers(world, server):
    group, full = await full_of(world, server)

    await let_words_be_shown(group)
    post = await share(group, full, "What observers saw me do")
    assert "And then?" in text(post)
    assert "So finally" not in text(post)
    assert "Count to five" not in text(post)
    assert rows(world, "debriefs")[0]["shared"] == "seen"

    full = await feedback_of(group, group.coach)
    post = await share(group, full, "Everything noted")
    assert "And then?" in text(post)
    assert "So finally" in text(post)
    assert "Count to five" in text(post)
    assert "Your own view" not in text(post)
    assert not any(person.mention in text(post) for person in group.people[1:])
    assert f"### 📣 {group.coach.mention} shares their feedback" in text(post)
    assert rows(world, "debriefs")[0]["shared"] == "all"

    full = await feedback_of(group, group.coach)
    post = await share(group, full, "My one thing to try")
    assert text(post).endswith("🎯 **One thing to try:** Count to five")
    assert rows(world, "debriefs")[0]["shared"] == "all", "less does not take back more"
    for shared in posts(group.room)[-3:]:
        assert notified(world, group.room, shared) == set()
        assert is_silent(world, group.room, shared)


async def test_facilitators_see_how_far_it_is_and_notes_only_once_shared(world, server):
    group, full = await full_of(world, server)
    fay = server.manager()
    process = await feedback_of(group, fay)
    assert "2 of 2 sheets of observers in" in text(process)
    assert "feedback: opened" in text(process)
    assert labels(process) == []
    round_id = rows(world, "rounds")[0]["id"]
    with pytest.raises(NothingToShow):
        await world.bot.services[DebriefService].shared(round_id, group.coach.id)

    await let_words_be_shown(group)
    await share(group, full, "What observers saw me do")
    process = await feedback_of(group, fay)
    seen = (await press(world, fay, process, "What was shared")).response

    assert "And then?" in text(seen)
    assert "So finally" not in text(seen)
    assert not any(person.mention in text(seen) for person in group.people[2:])


async def test_observers_and_the_client_do_not_open_what_facilitators_may(world, server):
    group, full = await full_of(world, server)
    await share(group, full, "Everything noted")
    process = await feedback_of(group, server.manager())
    assert "What was shared" in labels(process)

    for person in (group.client, group.observer):
        assert "What was shared" not in labels(await feedback_of(group, person))


async def test_a_room_the_bot_may_not_write_in_gets_nothing_and_the_coach_is_told(world, server):
    group, full = await full_of(world, server)
    asked = (await press(world, group.coach, full, "Share with the room")).response
    bot_may(world, server.dojo, send_messages_in_threads=False)

    answer = await press(world, group.coach, asked, "Everything noted")

    assert "I lack **Send Messages in Threads**" in told(answer)
    assert rows(world, "debriefs")[0]["shared"] == ""


@pytest.mark.parametrize(
    "words",
    ["Share with the room", "Time line", "About a note…", "Erase…", "One thing to try…"],
)
async def test_an_old_card_of_feedback_that_is_erased_says_so_and_shares_nothing(
    world, server, words
):
    """Issue 12: each button of a card that was opened before."""
    group, full = await full_of(world, server)
    old = await feedback_of(group, group.coach)
    before = len(posts(group.room))
    asked = (await press(world, group.coach, full, "Erase…")).response
    await press(world, group.coach, asked, "Erase it")
    now = (await press(world, group.coach, old, words)).response
    assert text(now).startswith("### 🗑️ The feedback on this round is erased")
    assert labels(now) == []
    assert len(posts(group.room)) == before
    fresh = await feedback_of(group, group.coach)
    assert (text(fresh), labels(fresh)) == (text(now), [])


async def test_a_card_that_asks_what_to_share_shares_nothing_that_was_erased_since(world, server):
    """Issue 12: also by the form for the one thing to try that was still open."""
    group, full = await full_of(world, server)
    old = await feedback_of(group, group.coach)
    form = await press(world, group.coach, old, "One thing to try…")
    asks = (await press(world, group.coach, old, "Share with the room")).response
    before = len(posts(group.room))
    asked = (await press(world, group.coach, full, "Erase…")).response
    await press(world, group.coach, asked, "Erase it")
    now = (await press(world, group.coach, asks, "Everything noted")).response
    assert text(now).startswith("### 🗑️ The feedback on this round is erased")
    assert len(posts(group.room)) == before
    assert "You have erased the feedback" in told(
        await group.coach.submit_modal(form, {"words": "Wait"})
    )
    (kept,) = rows(world, "debriefs")
    assert (kept["next_try"], kept["shared"]) == ("", "")


async def test_feedback_without_anything_in_writing_offers_nothing_of_it(world, server):
    """Issue 12: no empty time line, nothing to erase, and nothing to post."""
    group = await coaching(world, server, 3, channel=server.thread())
    await next_part(group, 3)
    await world.later(40 * 60)
    waiting = await feedback_of(group, group.coach)
    full = (await press(world, group.coach, waiting, "Skip")).response
    assert "No notes and sheets of observers are kept" in text(full)
    assert labels(full) == ["One thing to try…"]
    form = await press(world, group.coach, full, "One thing to try…")
    full = (await group.coach.submit_modal(form, {"words": "Count to five"})).response
    asked = (await press(world, group.coach, full, "Share with the room")).response
    assert labels(asked) == ["My one thing to try", "Back, share nothing"]
