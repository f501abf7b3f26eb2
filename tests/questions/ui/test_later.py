"""Old cards in a dojo that has changed, and dojos where only facilitators ask."""

from __future__ import annotations

import pytest

from bot.questions.ui.words import question_text
from tests.questions.ui.steps import shown
from tests.simulation.world import choose, labels, question_of, text, told


async def test_another_after_the_dojo_was_closed_is_private(server, library):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="close")).response
    await server.stop()

    answer = await kim.click(card, label="Another")

    assert answer.response.ephemeral
    assert question_of(answer.response) in shown(library, "close")
    assert "no dojo on this server" in text(answer.response)


async def test_other_phase_after_the_dojo_was_closed_is_private(server, library):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="close")).response
    await server.stop()

    answer = await choose(kim, card, "Other phase", "start")

    assert answer.response.ephemeral
    assert question_of(answer.response) in shown(library, "start")


async def test_show_all_after_the_dojo_was_closed_still_shows_the_shipped_questions(server):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="close")).response
    await server.stop()

    answer = await kim.click(card, label="Show all")

    assert answer.response.ephemeral
    assert "Close" in text(answer.response)


async def test_share_after_the_dojo_was_closed_posts_nothing(server):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="close", show="me")).response
    await server.stop()

    answer = await carla.click(card, label="Share with the room")

    assert server.dojo.history(viewer=kim) == []
    assert "not a dojo" in told(answer)


async def test_a_chooser_after_the_dojo_was_closed_answers_in_private(server, library):
    carla, kim = server.member("carla"), server.member("kim")
    chooser = (await carla.slash(server.dojo, "question")).response
    await server.stop()

    await carla.click(chooser, label="Close")

    assert question_of(chooser) in shown(library, "close")
    assert "Share with the room" not in labels(chooser)
    assert server.dojo.history(viewer=kim) == []


async def test_buttons_work_again_when_the_dojo_is_set_up_again(server, library):
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="close")).response
    before = question_of(card)
    await server.stop()
    await server.set_up()

    answer = await carla.click(card, label="Another")

    assert not answer.response.ephemeral
    assert question_of(answer.response) in shown(library, "close") - {before}


async def test_sharing_a_question_that_was_hidden_meanwhile_says_so(server, library):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="close", show="me")).response
    bank = library["en"].bank
    hidden = next(q.id for q in bank.questions if question_text(q) == question_of(card))
    await server.give_content(f'version = 1\n[hide]\nquestions = ["{hidden}"]\n')

    answer = await carla.click(card, label="Share with the room")

    assert told(answer) == "That question is no longer part of this dojo. Ask for another one."
    assert server.dojo.history(viewer=kim) == []


async def test_sharing_a_question_that_was_reworded_meanwhile_shows_the_new_words(server, library):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="close", show="me")).response
    bank = library["en"].bank
    changed = next(q.id for q in bank.questions if question_text(q) == question_of(card))
    await server.give_content(f'version = 1\n[[question]]\nid = "{changed}"\ntext = "What now?"\n')

    await carla.click(card, label="Share with the room")

    (post,) = server.dojo.history(viewer=kim)
    assert question_of(post) == "What now?"


ONLY_FACILITATORS = "facilitators (<@&{role}>) ask for the questions"


@pytest.fixture
async def reserved(world, server):
    """In this dojo facilitators ask; cards from before that, and a member."""
    carla = server.member("carla")
    cards = {
        "public": (await carla.slash(server.dojo, "question", phase="close")).response,
        "private": (await carla.slash(server.dojo, "question", phase="close", show="me")).response,
        "chooser": (await carla.slash(server.dojo, "question")).response,
    }
    cards["list"] = (await carla.click(cards["public"], label="Show all")).response
    await server.set_up(asking="facilitators", role=[server.facilitators])
    await world.later(1)
    return carla, cards


@pytest.mark.parametrize(
    "options",
    [{}, {"phase": "close"}, {"show": "me"}, {"phase": "close", "show": "me"}],
    ids=["chooser", "public", "private chooser", "private"],
)
async def test_a_member_who_asks_where_facilitators_ask_is_told_so(server, reserved, options):
    carla, _ = reserved
    before = len(server.dojo.history())

    answer = await carla.slash(server.dojo, "question", **options)

    assert ONLY_FACILITATORS.format(role=server.facilitators.id) in told(answer)
    assert "Ask one of them" in told(answer)
    assert len(server.dojo.history()) == before


@pytest.mark.parametrize(
    ("card", "press"),
    [
        ("public", "Another"),
        ("public", "Show all"),
        ("private", "Another"),
        ("private", "Show all"),
        ("private", "Share with the room"),
        ("chooser", "Meaning"),
        ("list", "Next page"),
    ],
)
async def test_a_button_where_facilitators_ask_refuses_a_member(
    server, reserved, library, card, press
):
    carla, cards = reserved
    kim = server.member("kim")
    before = len(server.dojo.history(viewer=kim)), text(cards[card])

    answer = await carla.click(cards[card], label=press)

    assert ONLY_FACILITATORS.format(role=server.facilitators.id) in told(answer)
    assert (len(server.dojo.history(viewer=kim)), text(cards[card])) == before


@pytest.mark.parametrize("card", ["public", "private", "list"])
async def test_another_phase_where_facilitators_ask_refuses_a_member(server, reserved, card):
    carla, cards = reserved
    before = text(cards[card])

    answer = await choose(carla, cards[card], "Other phase", "start")

    assert ONLY_FACILITATORS.format(role=server.facilitators.id) in told(answer)
    assert text(cards[card]) == before


async def test_a_refusal_without_a_role_says_who_facilitates(server):
    await server.set_up(asking="facilitators")

    answer = await server.member("carla").slash(server.dojo, "question", phase="close")

    assert told(answer).startswith(
        "In this dojo, facilitators (whoever manages channels) ask for the questions."
    )


async def test_a_refused_member_costs_the_dojo_no_question(server, library):
    await server.set_up(asking="facilitators")
    carla, fay = server.member("carla"), server.manager()
    seen = []
    for _ in shown(library, "check-in"):
        await carla.slash(server.dojo, "question", phase="check-in")
        answer = await fay.slash(server.dojo, "question", phase="check-in")
        seen.append(question_of(answer.response))

    assert set(seen) == shown(library, "check-in")


@pytest.mark.parametrize("by", ["role", "rights"])
async def test_facilitators_ask_where_facilitators_ask(server, reserved, library, by):
    role = server.facilitators if by == "role" else server.managers
    fay = server.member("fay", role)

    answer = await fay.slash(server.dojo, "question", phase="close")
    another = await fay.click(reserved[1]["public"], label="Another")

    assert question_of(answer.response) in shown(library, "close")
    assert question_of(another.response) in shown(library, "close")
