"""`/question show:me`, and sharing what only one person saw."""

from __future__ import annotations

import discord

from bot.content.model.questions import Phase
from bot.rehearsal import simulation
from tests.questions.ui.steps import READ_ONLY, may_not_write, posted_by_itself, shown
from tests.simulation.forged import click, said
from tests.simulation.world import choose, disabled, labels, menus, question_of, text


async def test_a_question_for_oneself_is_private_and_can_be_shared(server, library):
    carla, kim = server.member("carla"), server.member("kim")

    answer = await carla.slash(server.dojo, "question", phase="meaning", show="me")

    assert answer.response.ephemeral
    assert question_of(answer.response) in shown(library)
    assert labels(answer.response) == ["Another", "Show all", "Share with the room", "Not helpful"]
    assert menus(answer.response) == {"Other phase": [phase.value for phase in Phase]}
    assert server.dojo.history(viewer=kim) == []


async def test_a_private_question_counts_as_seen_in_the_dojo(server, library):
    coach = server.member("carla")
    seen = []
    for number in range(len(shown(library, "check-in"))):
        show = "me" if number % 2 else "channel"
        answer = await coach.slash(server.dojo, "question", phase="check-in", show=show)
        seen.append(question_of(answer.response))

    assert set(seen) == shown(library, "check-in")


async def test_what_is_not_helpful_does_not_come_back_to_that_person_until_they_bring_it_back(
    world, server, library
):
    """M5: it is set aside for them in this dojo, over restarts, and can be brought back."""
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="check-in", show="me")).response
    aside, deck = question_of(card), shown(library, "check-in")

    await carla.click(card, label="Not helpful")
    first = question_of(card)
    said_then = text(card)
    await world.restart()
    seen = {first}
    for _ in range(2 * len(deck)):
        await world.later(1)
        await carla.click(card, label="Another")
        seen.add(question_of(card))
    theirs = [
        (await kim.slash(server.dojo, "question", phase="check-in", show="me")).response
        for _ in range(2 * len(deck))
    ]

    assert f"“{aside}” does not come to you here again." in said_then
    assert seen == deck - {aside}
    assert aside in {question_of(one) for one in theirs}


async def test_a_question_that_was_set_aside_by_mistake_is_brought_back(server):
    """M5: one press takes it back, and shows it again."""
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="check-in", show="me")).response
    question = question_of(card)
    await carla.click(card, label="Not helpful")

    await carla.click(card, label="Bring it back")

    assert question_of(card) == question
    assert "Bring it back" not in labels(card)


async def test_a_whole_phase_that_was_set_aside_comes_all_the_same(world, server, library):
    """M5: nobody is left without a question."""
    carla, deck = server.member("carla"), shown(library, "check-in")
    card = (await carla.slash(server.dojo, "question", phase="check-in", show="me")).response

    for _ in deck:
        await world.later(1)
        await carla.click(card, label="Not helpful")

    assert question_of(card) in deck


async def test_who_asks_is_told_when_all_questions_of_a_phase_were_seen(world, server, library):
    """M5: a deck that begins again says so, once, in private and in the room."""
    carla, deck = server.member("carla"), shown(library, "check-in")
    seen = []
    for number in range(2 * len(deck) + 1):
        await world.later(1)
        show = "me" if number == len(deck) else "channel"
        answer = await carla.slash(server.dojo, "question", phase="check-in", show=show)
        seen.append(f"All {len(deck)} questions of this part" in text(answer.response))

    assert [at for at, is_said in enumerate(seen) if is_said] == [len(deck), 2 * len(deck)]


async def test_outside_a_dojo_nothing_is_set_aside(world, server):
    """M5: private questions outside a dojo leave no trace; a forged press is refused there."""
    carla = server.member("carla")
    card = (await carla.slash(server.lounge, "question", phase="meaning")).response

    assert "Not helpful" not in labels(card)
    forged = "dojo:1:private:meaning:aside:meaning-1"
    refused = await click(carla, server.lounge, forged)
    odd = await click(carla, server.dojo, "dojo:1:private:meaning:aside:no-such-1")

    assert said(refused)
    assert said(odd)


async def test_another_in_private_changes_the_card_in_place(world, server, library):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="meaning", show="me")).response
    seen = {question_of(card)}
    for _ in range(5):
        answer = await carla.click(card, label="Another")
        assert answer.response.id == card.id
        seen.add(question_of(card))

    assert len(seen) == 6
    assert seen <= shown(library)
    assert server.dojo.history(viewer=kim) == []


async def test_another_phase_in_private_changes_the_card_in_place(server, library):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="meaning", show="me")).response

    answer = await choose(carla, card, "Other phase", "close")

    assert answer.response.id == card.id
    assert question_of(card) in shown(library, "close")
    assert "Close" in text(card)
    assert server.dojo.history(viewer=kim) == []


async def test_private_buttons_work_after_a_restart(world, server, library):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="meaning", show="me")).response
    first = question_of(card)
    await world.restart()

    await carla.click(card, label="Another")
    assert question_of(card) in shown(library) - {first}
    await choose(carla, card, "Other phase", "close")
    question = question_of(card)
    await carla.click(card, label="Share with the room")

    (post,) = server.dojo.history(viewer=kim)
    assert question_of(post) == question


async def test_share_posts_the_question_without_saying_who_shared_it(server):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="meaning", show="me")).response
    question = question_of(card)

    await carla.click(card, label="Share with the room")

    (post,) = server.dojo.history(viewer=kim)
    assert question_of(post) == question
    assert labels(post) == ["Another", "Show all"]
    assert posted_by_itself(post)


async def test_share_closes_its_button(server):
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="meaning", show="me")).response
    question = question_of(card)

    await carla.click(card, label="Share with the room")

    assert question_of(card) == question
    assert disabled(card) == ["Shared with the room"]


async def test_a_double_click_on_share_posts_once(world, server):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="meaning", show="me")).response

    one, two = await world.together(
        lambda: carla.click(card, label="Share with the room"),
        lambda: carla.click(card, label="Share with the room"),
    )

    assert len(server.dojo.history(viewer=kim)) == 1
    assert one.acknowledged
    assert two.acknowledged


async def test_after_sharing_the_next_question_can_be_shared_too(world, server):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="meaning", show="me")).response
    await carla.click(card, label="Share with the room")

    await carla.click(card, label="Another")
    second = question_of(card)
    await carla.click(card, label="Share with the room")

    assert question_of(server.dojo.history(viewer=kim)[1]) == second


async def test_share_in_a_thread_posts_in_the_thread(server):
    carla, thread = server.member("carla"), server.thread()
    card = (await carla.slash(thread, "question", phase="meaning", show="me")).response
    question = question_of(card)

    await carla.click(card, label="Share with the room")

    assert question_of(thread.history()[-1]) == question
    assert posted_by_itself(thread.history()[-1])


async def test_where_the_bot_may_not_write_share_answers_instead(world, server):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="meaning", show="me")).response
    question = question_of(card)
    may_not_write(world, server)

    await carla.click(card, label="Share with the room")

    (post,) = server.dojo.history(viewer=kim)
    assert question_of(post) == question
    assert not posted_by_itself(post)
    assert disabled(card) == ["Shared with the room"]


async def test_where_the_bot_may_not_write_in_threads_share_answers_there(world, server):
    carla, thread = server.member("carla"), server.thread()
    card = (await carla.slash(thread, "question", phase="meaning", show="me")).response
    question = question_of(card)
    may_not_write(world, server)
    in_channels = discord.Permissions(READ_ONLY.value)
    in_channels.update(send_messages=True)
    simulation.restrict_bot(world.env, server.handle, in_channels)

    await carla.click(card, label="Share with the room")

    assert question_of(thread.history()[-1]) == question
    assert not posted_by_itself(thread.history()[-1])


async def test_share_answers_when_discord_refuses_the_post(world, server):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="meaning", show="me")).response
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)

    await carla.click(card, label="Share with the room")

    (post,) = server.dojo.history(viewer=kim)
    assert not posted_by_itself(post)


async def test_the_list_leads_back_to_the_question_from_any_page(world, server):
    """C8: also after a restart, and with the same buttons."""
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="meaning", show="me")).response
    before, buttons = question_of(card), labels(card)

    await carla.click(card, label="Show all")
    assert "Back to the question" in labels(card)
    await carla.click(card, label="Next page")
    await choose(carla, card, "Other phase", "close")
    await world.restart()
    answer = await carla.click(card, label="Back to the question")

    assert answer.response.id == card.id
    assert question_of(card) == before
    assert labels(card) == buttons


async def test_the_private_run_goes_on_after_the_list(server, library):
    """C8: where there is no dojo, nothing comes twice because a person looked at the list."""
    carla = server.member("carla")
    card = (await carla.slash(server.lounge, "question", phase="close")).response
    seen = [question_of(card)]
    for _ in range(len(shown(library, "close")) - 1):
        await carla.click(card, label="Show all")
        await carla.click(card, label="Back to the question")
        assert question_of(card) == seen[-1]
        await carla.click(card, label="Another")
        seen.append(question_of(card))

    assert set(seen) == shown(library, "close")


async def test_a_question_that_is_gone_is_said_when_the_list_leads_back(server):
    """C8: it was hidden meanwhile, or the id was made up."""
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="close", show="me")).response
    answer = await click(carla, server.dojo, "dojo:1:list:close:back:no-such-1:0:0", on=card)
    assert "no longer" in said(answer)
