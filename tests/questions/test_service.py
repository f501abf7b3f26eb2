"""Giving questions, in a dojo and outside."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.content.model.questions import Phase, QuestionBank
from bot.content.model.refusals import NoQuestion
from bot.dojos.model.dojo import Asking, DojoSettings
from bot.dojos.model.refusals import NotAllowed
from tests.dojos.service.house import House
from tests.people import CHANNEL, FACILITATOR, GUILD, MANAGER, MEMBER, ROLE

FACILITATORS_ONLY = DojoSettings(facilitator_role_id=ROLE, asking=Asking.FACILITATORS)


async def make(house, settings=None):
    return await house.dojos.set_up(GUILD, CHANNEL, settings or DojoSettings(), MANAGER)


@pytest.mark.parametrize("phase", Phase)
async def test_a_phase_gives_all_its_questions_before_one_comes_back(house, phase):
    dojo = await make(house)
    deck = (await house.contents.of_dojo(dojo)).bank.deck(phase)
    picked = [await house.question(dojo, phase, MEMBER) for _ in deck]
    assert sorted(question.id for question in picked) == sorted(deck)


async def test_a_bag_goes_on_after_a_restart(path, library, clock):
    picked = []
    for start in range(4):
        async with House.opened(path, library, clock) as house:
            dojo = house.dojos.find(CHANNEL) or await make(house)
            picked += [await house.question(dojo, Phase.CHECK_IN, MEMBER) for _ in range(3)]
        assert len({question.id for question in picked}) == 3 * (start + 1)


async def test_two_people_at_once_get_two_different_questions(house):
    dojo = await make(house)
    one, two = await asyncio.gather(*(house.question(dojo, Phase.START, MEMBER) for _ in range(2)))
    assert one != two


@pytest.mark.parametrize("person", [MANAGER, FACILITATOR])
async def test_facilitators_may_ask_where_questions_are_theirs(house, person):
    dojo = await make(house, FACILITATORS_ONLY)
    assert await house.question(dojo, Phase.START, person)


async def test_a_member_may_not_ask_there_and_takes_nothing_out_of_the_bag(house):
    dojo = await make(house, FACILITATORS_ONLY)
    with pytest.raises(NotAllowed) as refused:
        await house.question(dojo, Phase.START, MEMBER)
    assert refused.value == NotAllowed("ask", ROLE)
    assert await house.database.all("SELECT * FROM question_bags") == []


async def test_own_questions_come_and_hidden_ones_do_not(house):
    dojo = await make(house)
    text = (
        'version = 1\n[[question]]\nid = "own-1"\nphase = "check-in"\ntext = "What now?"\n'
        '[hide]\nquestions = ["check-1"]\n'
    )
    await house.contents.import_file(dojo, text, MANAGER)
    picked = {(await house.question(dojo, Phase.CHECK_IN, MEMBER)).id for _ in range(15)}
    assert "own-1" in picked
    assert "check-1" not in picked
    assert len(picked) == 15


async def test_an_import_in_the_middle_of_a_cycle_repeats_nothing(house):
    dojo = await make(house)
    picked = [(await house.question(dojo, Phase.CHECK_IN, MEMBER)).id for _ in range(8)]
    text = 'version = 1\n[[question]]\nid = "own-1"\nphase = "check-in"\ntext = "What now?"\n'
    await house.contents.import_file(dojo, text, MANAGER)
    picked += [(await house.question(dojo, Phase.CHECK_IN, MEMBER)).id for _ in range(8)]
    assert len(set(picked)) == 16


async def test_a_question_moved_to_another_phase_is_picked_there(house):
    dojo = await make(house)
    text = 'version = 1\n[[question]]\nid = "start-1"\nphase = "check-in"\n'
    await house.contents.import_file(dojo, text, MANAGER)
    picked = {(await house.question(dojo, Phase.CHECK_IN, MEMBER)).id for _ in range(17)}
    assert "start-1" in picked


class TestLoose:
    @pytest.mark.parametrize("phase", Phase)
    async def test_gives_a_whole_phase_before_anything_comes_back(self, house, library, phase):
        content, at = library["en"], house.questions.begin_loose()
        picked = []
        for _ in content.bank.deck(phase):
            picked.append(house.questions.pick_loose(content, phase, at).id)
            at = at.next()
        assert sorted(picked) == sorted(content.bank.deck(phase))

    async def test_stores_nothing(self, house, library):
        before = await house.database.all("SELECT * FROM question_bags")
        house.questions.pick_loose(library["en"], Phase.START, house.questions.begin_loose())
        assert await house.database.all("SELECT * FROM question_bags") == before == []

    async def test_runs_begin_in_different_places(self, house):
        assert len({house.questions.begin_loose() for _ in range(20)}) == 20

    async def test_a_phase_without_questions_is_refused(self, house, library):
        content = replace(library["en"], bank=QuestionBank(()))
        with pytest.raises(NoQuestion) as refused:
            house.questions.pick_loose(content, Phase.START, house.questions.begin_loose())
        assert refused.value.what == "phase"
