"""`/question` from end to end."""

from __future__ import annotations

from bot.domain.questions import Phase
from tests.world import choose, labels, menus, question_of, text


def shown(library, phase="meaning") -> set[str]:
    from bot.ui.question_texts import question_text

    return {question_text(q) for q in library["en"].bank.in_phase(Phase(phase))}


async def test_a_question_in_a_dojo_is_for_everyone(server, library):
    coach = server.member("carla")

    answer = await coach.slash(server.dojo, "question", phase="meaning")

    card = answer.response
    assert not card.ephemeral
    assert question_of(card) in shown(library)
    assert "Meaning" in text(card)
    assert labels(card) == ["Another", "Show all"]
    assert menus(card) == {"Other phase": [phase.value for phase in Phase]}


async def test_no_question_returns_before_all_of_its_phase_were_seen(world, server, library):
    coach = server.member("carla")
    seen = []
    for _ in range(19):
        answer = await coach.slash(server.dojo, "question", phase="meaning")
        seen.append(question_of(answer.response))
        if len(seen) == 9:
            await world.restart()

    assert set(seen) == shown(library)
    again = await coach.slash(server.dojo, "question", phase="meaning")
    assert question_of(again.response) in shown(library)
    assert question_of(again.response) != seen[-1]


async def test_two_who_press_another_at_once_get_two_questions(world, server):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="close")).response

    one, two = await world.together(
        lambda: carla.click(card, label="Another"),
        lambda: kim.click(card, label="Another"),
    )

    questions = {question_of(card), question_of(one.response), question_of(two.response)}
    assert len(questions) == 3


async def test_a_double_click_gives_one_question(world, server):
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="close")).response

    one, two = await world.together(
        lambda: carla.click(card, label="Another"),
        lambda: carla.click(card, label="Another"),
    )

    assert len(server.dojo.history()) == 2
    assert one.acknowledged
    assert two.acknowledged


async def test_buttons_of_an_old_card_work_after_a_restart(world, server, library):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="action")).response
    await world.later(7 * 86_400)
    await world.restart()

    another = await kim.click(card, label="Another")
    other = await choose(kim, card, "Other phase", "start")
    everything = await kim.click(card, label="Show all")

    assert question_of(another.response) in shown(library, "action") - {question_of(card)}
    assert question_of(other.response) in shown(library, "start")
    assert everything.response.ephemeral
