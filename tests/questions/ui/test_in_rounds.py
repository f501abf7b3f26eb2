"""`/question` where a round is going on: for the asker alone while someone is coached."""

from __future__ import annotations

import discord

from bot.content.model.questions import Phase
from bot.dojos.service.contents import ContentService
from bot.questions.ui.words import question_text
from bot.rehearsal import simulation
from tests.questions.ui.steps import may_not_write, posted_by_itself, shown
from tests.rounds.ui.steps import coaching, posts, private, proposed, running
from tests.simulation.world import choose, labels, question_of, text, told


async def test_a_question_without_a_phase_goes_by_where_the_round_stands(world, server, library):
    group = await coaching(world, server)

    at_the_start = private(await group.coach.slash(group.room, "question"))
    await world.later(8 * 60)
    later_on = private(await group.coach.slash(group.room, "question"))
    await world.later(9 * 60)
    at_the_end = private(await group.coach.slash(group.room, "question"))

    assert question_of(at_the_start) in shown_with_minutes(library, "start")
    assert question_of(later_on) in shown(library, "meaning")
    assert question_of(at_the_end) in shown_with_minutes(library, "close")


async def test_the_phase_is_shown_and_can_be_changed(world, server, library):
    group = await coaching(world, server)
    answer = private(await group.coach.slash(group.room, "question"))
    assert "**Start**" in text(answer)

    changed = await choose(group.coach, answer, "Other phase", "action")

    assert question_of(changed.response) in shown(library, "action")


async def test_half_way_a_check_in_is_offered(world, server, library):
    group = await coaching(world, server)
    await world.later(9 * 60)

    answer = private(await group.coach.slash(group.room, "question"))

    assert question_of(answer) in shown_with_minutes(library, "check-in")


async def test_while_someone_is_coached_a_question_is_for_the_asker_alone(world, server):
    group = await coaching(world, server)
    before = len(posts(group.room))

    answer = await group.coach.slash(group.room, "question", phase="meaning")

    assert private(answer).ephemeral
    assert len(posts(group.room)) == before


async def test_a_coach_who_asks_in_the_dojo_while_their_round_runs_elsewhere_asks_in_private(
    world, server, library
):
    """F: `/question` by the coach in the dojo's channel names nobody, and goes by their round."""
    group = await coaching(world, server)
    before = len(server.dojo.history())

    answer = private(await group.coach.slash(server.dojo, "question"))
    another = await group.coach.click(answer, label="Another")
    chosen = private(await group.coach.slash(server.dojo, "question", phase="meaning"))

    assert question_of(answer) in shown_with_minutes(library, "start")
    assert labels(another.response) == ["Another", "Show all", "Not helpful"]
    assert question_of(chosen) in shown(library, "meaning")
    assert [one for one in server.dojo.history() if not one.flags.ephemeral][before:] == []


async def test_a_coach_who_posts_in_the_dojo_while_their_round_runs_is_not_named(world, server):
    """F: what the coach asks for does not reach the client under the coach's name."""
    group = await coaching(world, server)

    await group.coach.slash(server.dojo, "question", phase="meaning", show="channel")
    card = posts(server.dojo)[-1]
    other = await group.coach.click(card, label="Another")

    assert posted_by_itself(card)
    assert private(other).ephemeral
    assert question_of(posts(server.dojo)[-1]) == question_of(card)


async def test_others_of_the_round_and_of_other_rounds_ask_in_the_dojo_for_everyone(world, server):
    """F: only who coaches at this moment asks in private there."""
    group = await coaching(world, server)

    by_client = await group.client.slash(server.dojo, "question", phase="meaning")
    by_other = await server.member("zoe").slash(server.dojo, "question", phase="meaning")

    assert not by_client.response.ephemeral
    assert not by_other.response.ephemeral


async def test_outside_the_coaching_a_question_is_for_the_room(world, server):
    group = await running(world, server)

    answer = await group.coach.slash(group.room, "question")

    assert not answer.response.ephemeral
    assert "**Start**" in text(answer.response)


async def test_before_a_round_begins_the_phase_is_asked_for(world, server):
    group = await proposed(world, server)

    answer = await group.coach.slash(group.room, "question")

    assert labels(answer.response) == ["Start", "Check-in", "Meaning", "Action", "Close"]


async def test_in_the_feedback_it_says_what_the_coach_can_ask_and_lets_choose(
    world, server, library
):
    """15.1: no question for a client is posted while observers give feedback, unless chosen."""
    group = await coaching(world, server)
    await world.later(18 * 60 + 60)
    before = len(posts(group.room))

    answer = private(await group.coach.slash(group.room, "question"))

    assert "### The coaching is over" in text(answer)
    for question in library["en"].feedback_questions:
        assert f"- {question}" in text(answer)
    assert labels(answer) == ["Start", "Check-in", "Meaning", "Action", "Close"]
    assert len(posts(group.room)) == before
    chosen = await group.coach.slash(group.room, "question", phase="close")
    assert question_of(chosen.response) in shown(library, "close")


async def test_a_shared_question_does_not_say_who_asked(world, server):
    group = await coaching(world, server)
    answer = private(await group.coach.slash(group.room, "question", phase="meaning"))

    await group.coach.click(answer, label="Share with the room")

    post = posts(group.room)[-1]
    assert question_of(post) == question_of(answer)
    assert post.interaction_metadata is None
    assert str(group.coach.id) not in text(post)


async def test_a_question_for_the_channel_does_not_say_who_asked_while_someone_is_coached(
    world, server
):
    group = await coaching(world, server)

    answer = await group.coach.slash(group.room, "question", phase="meaning", show="channel")

    assert private(answer).ephemeral
    assert "without saying who asked" in text(private(answer))
    assert posts(group.room)[-1].interaction_metadata is None
    assert question_of(posts(group.room)[-1])


async def test_a_person_who_is_not_in_the_round_shares_nothing_without_a_name(world, server):
    """S9: a stranger in the room posted into the coaching, and nobody knew who."""
    group = await coaching(world, server, channel=server.thread())
    zoe, fay = server.member("zoe"), server.manager()
    before = len(posts(group.room))
    asked = private(await zoe.slash(group.room, "question", phase="meaning"))
    refusals = [
        await zoe.click(asked, label="Share with the room"),
        await zoe.slash(group.room, "question", phase="meaning", show="channel"),
    ]
    said = "Only its people and facilitators can share a question with the room."
    assert all(said in told(one) for one in refusals)
    assert len(posts(group.room)) == before
    asked = private(await fay.slash(group.room, "question", phase="meaning"))
    await fay.click(asked, label="Share with the room")
    assert len(posts(group.room)) == before + 1


async def test_where_the_bot_may_not_post_nobody_is_named_either(world, server):
    group = await coaching(world, server)
    rights = discord.Permissions(view_channel=True, read_message_history=True)
    simulation.restrict_bot(world.env, server.handle, rights)
    may_not_write(world, server)

    answer = await group.coach.slash(group.room, "question", phase="meaning", show="channel")

    assert "Send Messages in Threads" in private(answer).content
    assert all(post.interaction_metadata is None for post in group.room.history())


async def test_another_from_an_older_post_is_private_while_someone_is_coached(world, server):
    group = await running(world, server)
    post = (await group.coach.slash(group.room, "question", phase="start")).response
    await group.press(group.coach, "Next")

    another = await group.coach.click(post, label="Another")
    other_phase = await choose(group.observer, post, "Other phase", "close")

    assert private(another).ephemeral
    assert private(other_phase).ephemeral


async def test_a_chooser_from_before_gives_a_private_question_while_someone_is_coached(
    world, server
):
    group = await proposed(world, server)
    chooser = (await group.coach.slash(group.room, "question", show="channel")).response
    await group.agree()
    await group.press(group.coach, "Next")
    before = len(posts(group.room))

    await group.coach.click(chooser, label="Meaning")

    assert len(posts(group.room)) == before


async def test_the_minutes_in_a_question_are_those_of_the_round(world, server):
    await server.give_content(
        'version = 1\n[[question]]\nid = "our-start-1"\nphase = "start"\n'
        'text = "What would you like in these {minutes} minutes?"\n[hide]\nquestions = ['
        + ", ".join(f'"{one.id}"' for one in starts(world))
        + "]\n"
    )
    group = await coaching(world, server)
    await world.later(120)

    answer = private(await group.coach.slash(group.room, "question", phase="start"))

    assert question_of(answer) == "What would you like in these 16 minutes?"
    assert "blank" not in text(answer)


async def test_a_question_in_the_voice_channel_of_a_round_comes_from_its_dojo(world, server):
    voice = server.handle.create_voice_channel("Room 1")
    group = await coaching(world, server, channel=voice)

    answer = private(await group.coach.slash(voice, "question", phase="close"))

    assert "Share with the room" in labels(answer)


def starts(world):
    return world.bot.services[ContentService].shipped("en").bank.in_phase(Phase.START)


def shown_with_minutes(library, phase):
    """As shown at any minute of the round."""
    deck = library["en"].bank.in_phase(Phase(phase))
    return {question_text(q, minutes) for q in deck for minutes in range(1, 19)}
