"""`/partnership` from end to end."""

from __future__ import annotations

import pytest

from bot.guide.partnership import ARTICLE
from tests.simulation.world import labels, text


@pytest.mark.parametrize("where", ["dojo", "elsewhere", "direct message"])
async def test_what_partnership_means_can_be_read_in_private_everywhere(world, server, where):
    in_server = {"dojo": server.dojo, "elsewhere": server.lounge}
    if where in in_server:
        answer = await server.member("carla").slash(in_server[where], "partnership")
    else:
        answer = await world.person("carla").slash("partnership")

    assert answer.response.ephemeral
    said = text(answer.response)
    assert "it is the client who leads" in said
    assert ARTICLE in said
    assert "Lucia Baldelli" in said
    assert labels(answer.response) == ["Ask for a question", "The six signals"]


async def test_it_leads_to_a_question_and_to_the_signals_and_stays_as_it_is(world, server):
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "partnership")).response
    before = text(card)
    await world.restart()

    signals = await carla.click(card, label="The six signals")
    question = await carla.click(card, label="Ask for a question")

    assert "**S1**" in text(signals.response)
    assert signals.response.ephemeral
    assert labels(signals.response) == ["How to tell"]
    assert "Which part of the conversation" in text(question.response)
    assert text(card) == before


async def test_help_offers_it_first(server):
    for person in (server.member("carla"), server.manager()):
        answer = await person.slash(server.dojo, "help")

        assert labels(answer.response)[0] == "What is partnership?"
        card = (await person.click(answer.response, label="What is partnership?")).response
        assert card.ephemeral
        assert "What partnership means here" in text(card)
