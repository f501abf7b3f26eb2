"""The list of all questions of a phase, and what each kind of question looks like."""

from __future__ import annotations

import re

import pytest

from bot.content.model.questions import Origin, Phase, QuestionKind
from bot.questions.ui.words import question_text
from tests.cards.rules import parts
from tests.simulation.world import choose, labels, menus, question_of, text, texts, told


async def open_list(actor, channel, phase):
    """A private card of a phase, and its list in its place."""
    card = (await actor.slash(channel, "question", phase=phase, show="me")).response
    return (await actor.click(card, label="Show all")).response


async def every_page(actor, card) -> list[list[str]]:
    """The lines of all pages of a list from the first to the last."""
    pages = [texts(card)[1].splitlines()]
    while "Next page" in labels(card):
        await actor.click(card, label="Next page")
        pages.append(texts(card)[1].splitlines())
    return pages


async def find(actor, channel, question):
    """The list of a question's phase, at the page with that question."""
    card = await open_list(actor, channel, question.phase.value)
    while question.id not in menus(card)["Take one"]:
        await actor.click(card, label="Next page")
    return card


async def test_show_all_of_a_public_card_is_private(server):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="close")).response

    answer = await kim.click(card, label="Show all")

    assert answer.response.ephemeral
    assert len(server.dojo.history(viewer=carla)) == 1


async def test_show_all_of_a_private_card_takes_its_place(server):
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="close", show="me")).response

    answer = await carla.click(card, label="Show all")

    assert answer.response.id == card.id
    assert menus(card).keys() == {"Take one", "Other phase"}


@pytest.mark.parametrize("phase", list(Phase))
async def test_the_pages_of_the_list_show_every_question_of_the_phase_once(server, library, phase):
    carla = server.member("carla")
    questions = library["en"].bank.in_phase(phase)
    card = await open_list(carla, server.dojo, phase.value)

    lines = [line for page in await every_page(carla, card) for line in page]

    assert lines == [
        f"{number}. {'◆ ' if q.origin is Origin.ADAPTED else ''}{question_text(q)}"
        for number, q in enumerate(questions, 1)
    ]


async def test_the_list_says_how_many_questions_and_pages_there_are(server, library):
    carla = server.member("carla")

    card = await open_list(carla, server.dojo, "meaning")

    assert texts(card)[0].endswith("· 24 questions · page 1 of 3")


async def test_the_list_cannot_be_turned_beyond_its_ends(server):
    carla = server.member("carla")
    card = await open_list(carla, server.dojo, "meaning")
    assert [label for label in labels(card) if label.endswith("page")] == ["Next page"]

    await every_page(carla, card)

    assert [label for label in labels(card) if label.endswith("page")] == ["Previous page"]


async def test_the_list_turns_back_as_well(server):
    carla = server.member("carla")
    card = await open_list(carla, server.dojo, "meaning")
    first = text(card)

    await carla.click(card, label="Next page")
    await carla.click(card, label="Previous page")

    assert text(card) == first


async def test_the_list_turns_after_a_restart(world, server):
    carla = server.member("carla")
    card = await open_list(carla, server.dojo, "meaning")
    await world.restart()

    await carla.click(card, label="Next page")

    assert "page 2 of 3" in text(card)


async def test_looking_at_the_list_picks_nothing_from_the_bag(server, library):
    carla = server.member("carla")
    seen = []
    for _ in library["en"].bank.deck(Phase.CHECK_IN):
        answer = await carla.slash(server.dojo, "question", phase="check-in")
        seen.append(question_of(answer.response))
        shown = (await carla.click(answer.response, label="Show all")).response
        await choose(carla, shown, "Take one", menus(shown)["Take one"][0])

    assert len(set(seen)) == len(seen)


async def test_taking_one_shows_that_question_alone(server, library):
    carla = server.member("carla")
    question = library["en"].bank.in_phase(Phase.ACTION)[12]
    card = await find(carla, server.dojo, question)

    answer = await choose(carla, card, "Take one", question.id)

    assert answer.response.id == card.id
    assert question_of(card) == question_text(question)
    assert labels(card) == ["Another", "Show all", "Share with the room", "Not helpful"]


async def test_a_question_taken_from_the_list_can_be_shared(server, library):
    carla, kim = server.member("carla"), server.member("kim")
    question = library["en"].bank.in_phase(Phase.ACTION)[3]
    card = await find(carla, server.dojo, question)
    await choose(carla, card, "Take one", question.id)

    await carla.click(card, label="Share with the room")

    (post,) = server.dojo.history(viewer=kim)
    assert question_of(post) == question_text(question)


async def test_the_list_of_another_phase_takes_its_place(server, library):
    carla = server.member("carla")
    card = await open_list(carla, server.dojo, "meaning")

    answer = await choose(carla, card, "Other phase", "close")

    assert answer.response.id == card.id
    first = library["en"].bank.in_phase(Phase.CLOSE)[0]
    assert texts(card)[1].startswith(f"1. ◆ {question_text(first)}\n")


async def test_taking_a_question_that_was_hidden_meanwhile_says_so(server, library):
    carla = server.member("carla")
    card = await open_list(carla, server.dojo, "close")
    hidden = menus(card)["Take one"][0]
    await server.give_content(f'version = 1\n[hide]\nquestions = ["{hidden}"]\n')

    answer = await choose(carla, card, "Take one", hidden)

    assert told(answer) == "That question is no longer part of this dojo. Ask for another one."


async def test_a_page_that_no_longer_exists_shows_the_last_one(server, library):
    carla = server.member("carla")
    card = await open_list(carla, server.dojo, "meaning")
    hidden = [q.id for q in library["en"].bank.in_phase(Phase.MEANING)[5:]]
    await server.give_content(f"version = 1\n[hide]\nquestions = {hidden}\n")

    await carla.click(card, label="Next page")

    assert len(texts(card)[1].splitlines()) == 5


BLANK = re.compile(r"‹ [^‹›{}]+ ›")
HOW = {
    QuestionKind.OPEN: "Yours to change or to leave",
    QuestionKind.PERMISSION: "Closed on purpose: it asks leave",
    QuestionKind.SLOT: "Fill the blank aloud; nothing is typed here",
    QuestionKind.STEM: "Left open on purpose: stop there",
    QuestionKind.OFFER: "Offer it once. The client decides",
}


@pytest.mark.parametrize("kind", list(QuestionKind))
async def test_each_kind_of_question_says_how_to_use_it(server, library, kind):
    carla = server.member("carla")
    question = next(q for q in library["en"].bank.questions if q.kind is kind)
    card = await find(carla, server.dojo, question)

    await choose(carla, card, "Take one", question.id)

    assert text(card).splitlines()[-1].startswith(f"-# {HOW[kind]}")


def blank(slot: str) -> str:
    """As shown; the number before the word minutes has no name of its own."""
    return "‹ … ›" if slot == "minutes" else f"‹ {slot.replace('_', ' ')} ›"


async def test_blanks_are_visible_as_something_to_fill(server, library):
    carla = server.member("carla")
    questions = [q for q in library["en"].bank.questions if q.kind is QuestionKind.SLOT]
    for question in questions:
        card = await find(carla, server.dojo, question)
        await choose(carla, card, "Take one", question.id)
        assert not set("{}") & set(question_of(card))
        assert len(BLANK.findall(question_of(card))) == len(question.slots)


async def test_a_blank_names_what_to_fill_in(server, library):
    carla = server.member("carla")
    question = next(q for q in library["en"].bank.questions if q.slots == ("your_word",))
    card = await find(carla, server.dojo, question)

    await choose(carla, card, "Take one", question.id)

    assert "‹ your word ›" in question_of(card)


async def test_blanks_are_visible_in_the_menu_of_the_list_too(server, library):
    carla = server.member("carla")
    question = next(q for q in library["en"].bank.questions if q.kind is QuestionKind.SLOT)
    card = await find(carla, server.dojo, question)

    menu = next(part for part in parts(card) if part.get("placeholder") == "Take one")
    option = next(o for o in menu["options"] if o["value"] == question.id)

    assert BLANK.search(option["label"])
    assert not set("{}_") & set(option["label"])


async def test_stems_are_left_open(server, library):
    carla = server.member("carla")
    for question in library["en"].bank.questions:
        if question.kind is QuestionKind.STEM:
            card = await find(carla, server.dojo, question)
            await choose(carla, card, "Take one", question.id)
            assert question_of(card).endswith("…")


async def test_questions_of_the_article_are_marked_where_they_are_listed(server, library):
    """15.1: in the list and in its menu, with a line that says what ◆ means; not on the card."""
    carla = server.member("carla")
    card = await open_list(carla, server.dojo, "start")

    marked = [line for line in texts(card)[1].splitlines() if "◆" in line]
    assert [line.split()[0] for line in marked] == ["1.", "2.", "3."]
    assert texts(card)[2].startswith("-# ◆ after the article “What does partnership mean in")
    menu = next(part for part in parts(card) if part.get("placeholder") == "Take one")
    assert [o["value"] for o in menu["options"] if "◆" in o["label"]] == [
        "start-1",
        "start-2",
        "start-3",
    ]

    await carla.click(card, label="Next page")
    assert "◆" not in text(card)

    first = library["en"].bank.get("start-1")
    taken = await find(carla, server.dojo, first)
    await choose(carla, taken, "Take one", first.id)
    assert question_of(taken) == question_text(first)


async def test_an_offer_is_listed_last_and_never_picked_at_random(server, library):
    """15.1: an offer belongs to what the coach has just seen."""
    carla = server.member("carla")
    bank = library["en"].bank
    offers = [q for q in bank.in_phase(Phase.MEANING) if q.kind is QuestionKind.OFFER]
    assert bank.in_phase(Phase.MEANING)[-len(offers) :] == tuple(offers)

    picked = set()
    for _ in bank.deck(Phase.MEANING):
        answer = await carla.slash(server.dojo, "question", phase="meaning", show="me")
        picked.add(question_of(answer.response))

    assert picked.isdisjoint(question_text(offer) for offer in offers)
    assert len(picked) == len(bank.deck(Phase.MEANING))


async def test_a_private_card_with_a_retired_question_can_still_be_shared(server, library):
    """15.1: the id of a question that is offered no more stays known."""
    carla, kim = server.member("carla"), server.member("kim")
    await server.give_content(
        'version = 1\n[[question]]\nid = "close-o14"\ntext = "What do you choose now?"\n'
    )
    card = await find(carla, server.dojo, library["en"].bank.get("close-o14"))
    await choose(carla, card, "Take one", "close-o14")
    await server.give_content("version = 1\n")

    await carla.click(card, label="Share with the room")

    (post,) = server.dojo.history(viewer=kim)
    assert question_of(post) == question_text(library["en"].bank.get("close-o14"))
