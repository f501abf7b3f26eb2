"""What a round says to one person is true of that person, also when they come late or go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.feedback.ui.timeline.words import TimeLine, describe
from bot.rounds.ui.words import clock_text
from tests.gatherings.ui.steps import BOARDING, room, room_card, say_yes
from tests.gatherings.ui.trouble import boarding as evening_boarding
from tests.gatherings.ui.trouble import by_id, round_in
from tests.gatherings.ui.trouble import running as evening_running
from tests.rounds.ui.steps import cards, coaching, lines, private, proposed
from tests.simulation.world import labels, text, told

pytestmark = pytest.mark.usefixtures("panels_at_once")


async def test_a_person_who_only_joined_is_not_said_to_have_agreed(world, server):
    """D2: the agreement can be read from there."""
    evening, _ = await evening_running(world, server, 6)
    zoe = server.member("zoe")
    (shown,) = await evening.join(zoe)
    await world.env.settle()
    number = 1 if round_in(evening, 1).seat_of(zoe.id) else 2
    role = private(await evening.press(zoe, "My role now", room_card(evening, number)))
    assert "You have agreed" not in text(role)
    assert "You take part **without notes**." in text(role)
    await world.later(1)
    read = private(await zoe.click(role, label="Read the agreement"))
    assert "What the client shares stays in this group." in text(read)
    assert "You have agreed" not in text(read)
    assert "You are asked to be" not in text(read)
    assert shown is not None


async def test_a_person_who_is_still_asked_reads_the_agreement_once_the_clock_runs(world, server):
    """D2: it was nowhere any more."""
    evening, people = await evening_boarding(world, server, 6)
    asked = by_id(people, round_in(evening, 1).observers[0].user_id)
    await say_yes(evening, people, but=(asked.id,))
    await world.later(BOARDING)
    role = private(await evening.press(asked, "My role now", room_card(evening, 1)))
    assert "What the client shares stays in this group." in text(role)
    assert labels(role) == ["Agree, with notes", "Agree, without notes", "I cannot come"]
    # D4: the card of the agreement is closed, and asks nobody.
    (agreement,) = [one for one in cards(_room(evening)) if "The agreement" in text(one)]
    assert "Asked to observe" not in text(agreement)


def _room(evening):

    return room(evening, 1)


async def test_an_observer_who_cannot_come_and_asks_again_is_told_how_to_come(world, server):
    """D7: the card names them."""
    group = await proposed(world, server, 4, in_room=False)
    card, pia = server.dojo.history()[-1], group.people[3]
    answer = private(await pia.click(card, label="Read and answer"))
    await pia.click(answer, label="I cannot come")
    await world.later(2)
    again = private(await pia.click(card, label="Read and answer"))
    assert text(again).startswith("📭 You have said that you cannot come.")
    assert labels(again) == ["Join as observer"]
    stranger = server.member("zoe")
    said = told(await stranger.click(card, label="Read and answer"))
    assert said == "This card asks other people. It is for those whom it names."


async def test_a_person_who_started_the_round_is_not_sent_to_themselves(world, server):
    """D8: nor offered not to be asked again."""
    group = await proposed(world, server)
    asked = private(await group.press(group.coach, "I cannot come"))
    assert group.coach.mention not in text(asked)
    assert "Or ask another person to take your seat, with" in text(asked)
    await group.coach.click(asked, label="I will come")
    assert "Do not ask me again…" not in labels(asked)


async def test_a_late_observer_is_said_to_join_once(world, server):
    """D10: when they join, and not again when they agree."""
    thread = server.thread()
    group = await proposed(world, server, channel=thread)
    elif_ = server.member("elif")
    await group.press(elif_, "Join as observer")
    await group.agree(group.coach, group.client)
    await group.press(group.coach, "Begin now")
    role = private(await group.press(elif_, "My role now"))
    await elif_.click(role, label="Agree, with notes")
    said = [one for one in lines(group.room) if elif_.mention in one]
    assert said == [
        f"-# 👀 {elif_.mention} joins as an observer.",
        f"-# 👀 {elif_.mention} has agreed, and observes from now on.",
    ]


async def test_an_old_pad_turns_into_the_true_one_with_any_press(world, server):
    """D10: after the coaching it has the sheet, whatever button is pressed."""
    group = await coaching(world, server)
    pad = private(await group.press(group.observer, "Open my pad"))
    first = labels(pad)[0]
    assert "My sheet" not in labels(pad)
    await world.later(20 * 60)
    await group.observer.click(pad, label=first)
    assert "My sheet" in labels(pad)
    assert first not in labels(pad)
    assert "That tap came too late" in text(pad)


async def test_an_old_feedback_card_says_that_the_round_was_erased(world, server):
    """D10: not that another round may begin."""
    group = await coaching(world, server)
    await world.later(20 * 60)
    feedback = private(await group.press(group.coach, "Open my feedback"))
    role = private(await group.press(group.client, "My role now"))
    asked = private(await group.client.click(role, label="Erase this round…"))
    await group.client.click(asked, label="Erase it")
    await world.later(5)
    await group.coach.click(feedback, label=labels(feedback)[0])
    assert "Nothing of it is stored: it was erased, or never began." in text(feedback)
    assert labels(feedback) == []


def test_the_time_line_rounds_the_coaching_as_the_card_does():
    """D10: 112 s on the card were 01:51 in the words of the picture."""
    coached = timedelta(seconds=111.6)
    line = TimeLine(coached, marks=(), phases=(), names={}, observers=1)
    assert clock_text(coached) == "112 s"
    assert describe(line).startswith("Time line of 01:52 of coaching")


async def test_the_closed_agreement_says_that_it_shows_the_beginning(world, server):
    """Issue 12: an observer may have agreed or joined since."""
    group = await proposed(world, server, 3)
    await group.agree(*group.people[:2])
    await group.press(group.coach, "Begin now")
    await world.later(2)
    closed = cards(group.room)[0]
    assert "These began it; the newest card says who is in it now." in text(closed)


async def test_an_agreement_with_its_buttons_sends_nobody_to_others(world, server):
    """Issue 12: a person outside of the room cannot press My role now."""
    group = await proposed(world, server, 3, in_room=False)
    card = server.dojo.history()[-1]
    answer = private(await group.client.click(card, label="Read and answer"))
    await group.client.click(answer, label="Agree, with notes")
    await group.press(group.coach, "Agree, with notes")
    await group.press(group.coach, "Begin now")
    await world.later(2)
    shown = private(await group.observer.click(card, label="Read and answer"))
    assert "**Asked to observe**" in text(shown)
    assert "**My role now** lets you answer" not in text(shown)
    assert "Agree, with notes" in labels(shown)


async def test_a_person_who_is_let_in_is_said_to_observe_once(world, server):
    """Issue 12: the line says it, the card that asked is over."""
    group = await coaching(world, server)
    zoe = server.member("zoe")
    world.env.backend.add_thread_member(group.room.id, zoe.id)
    role = private(await group.press(zoe, "My role now"))
    await zoe.click(role, label="Join as observer")
    await group.client.click(group.question, label="Let them in")
    await world.later(2)
    (question,) = [one for one in cards(group.room) if "This question" in text(one)]
    assert text(question) == f"-# 👀 This question about {zoe.mention} is answered."
    assert lines(group.room)[-1] == f"-# 👀 {zoe.mention} comes in and observes."
