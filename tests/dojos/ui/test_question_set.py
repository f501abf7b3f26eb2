"""Which of the shipped questions a dojo uses, chosen on the card of its settings."""

from __future__ import annotations

from bot.content.model.questions import Phase
from bot.questions.ui.words import question_text
from tests.dojos.ui.steps import settings_of
from tests.simulation.forged import said, select
from tests.simulation.world import choose, question_of, text, told

MENU = "Which questions"


async def open_settings(server, by):
    return (await by.slash(server.dojo, "dojo settings")).response


async def test_a_dojo_can_choose_only_the_questions_of_the_article_and_go_back(
    world, server, library
):
    """15.1: nineteen, at once, after a restart, and in a list as well."""
    fay, carla = server.manager(), server.member("carla")
    card = await open_settings(server, fay)
    assert "**Question set:** all 94" in text(card)
    await choose(fay, card, MENU, "article")
    assert "## Saved" in text(card)
    assert "**Question set:** only the article’s 19 ◆" in text(card)

    await world.restart()

    bank = library["en"].bank
    wanted = {question_text(bank.get(f"meaning-{number}")) for number in (1, 2, 3)}
    asked = [
        (await carla.slash(server.dojo, "question", phase="meaning")).response for _ in range(6)
    ]
    assert {question_of(one) for one in asked[:3]} == wanted
    assert {question_of(one) for one in asked[3:]} == wanted
    listed = (await carla.click(asked[0], label="Show all")).response
    assert "· 3 questions" in text(listed)

    await choose(fay, await open_settings(server, fay), MENU, "all")
    more = [
        question_of((await carla.slash(server.dojo, "question", phase="meaning")).response)
        for _ in bank.deck(Phase.MEANING)
    ]
    assert wanted.isdisjoint(more[:-3]), "the article’s were seen in this cycle"


async def test_own_questions_of_the_dojo_are_counted_beside_those_of_the_article(server):
    """15.1: they stay in both sets."""
    fay = server.manager()
    await server.give_content(
        'version = 1\n[[question]]\nid = "own-1"\nphase = "close"\ntext = "What now?"\n'
    )
    card = await open_settings(server, fay)
    assert "**Question set:** all 94, and 1 of this dojo" in text(card)
    await choose(fay, card, MENU, "article")
    assert "**Question set:** only the article’s 19 ◆, and 1 of this dojo" in text(card)


async def test_another_form_leaves_the_chosen_questions_as_they_are(server):
    """15.1: a form that was open before does not take the choice back."""
    fay, kai = server.manager(), server.manager("kai")
    card = await open_settings(server, fay)
    form = await fay.click(card, label="Support line…")
    await choose(kai, await open_settings(server, kai), MENU, "article")
    await fay.submit_modal(form, {"line": "Ana"})
    assert "only the article’s 19" in await settings_of(server)


async def test_a_person_who_may_not_configure_cannot_choose(server):
    """15.1: nor does a value count that was never offered, nor a dojo that is none any more."""
    fay, carla = server.manager(), server.member("carla")
    card = await open_settings(server, fay)
    refused = await select(carla, server.dojo, "dojo:1:dojo:questions", ["article"], on=card)
    assert "That is for people with **Manage Channels**" in said(refused)
    forged = await select(fay, server.dojo, "dojo:1:dojo:questions", ["few"], on=card)
    assert "I did not offer that choice here." in said(forged)
    assert "**Question set:** all 94" in await settings_of(server)

    stopping = (
        await fay.click(await open_settings(server, fay), label="Stop being a dojo…")
    ).response
    await fay.click(stopping, label="Stop")
    gone = await choose(fay, card, MENU, "article")
    assert "not a dojo" in told(gone)
