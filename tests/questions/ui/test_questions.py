"""`/question` in a dojo, for everyone."""

from __future__ import annotations

import pytest

from bot.content.model.questions import Phase
from tests.questions.ui.steps import PHASES, may_not_write, posted_by_itself, shown
from tests.simulation.world import choose, labels, menus, question_of, text


async def test_a_question_in_a_dojo_is_for_everyone(server, library):
    coach = server.member("carla")

    answer = await coach.slash(server.dojo, "question", phase="meaning")

    card = answer.response
    assert not card.ephemeral
    assert question_of(card) in shown(library)
    assert "Meaning" in text(card)
    assert labels(card) == ["Another", "Show all"]
    assert menus(card) == {"Other phase": [phase.value for phase in Phase]}


@pytest.mark.parametrize("phase", list(Phase))
async def test_every_phase_has_questions(server, library, phase):
    answer = await server.member("carla").slash(server.dojo, "question", phase=phase.value)

    assert question_of(answer.response) in shown(library, phase)


async def test_a_public_question_says_how_to_use_it_in_one_line(server):
    answer = await server.member("carla").slash(server.dojo, "question", phase="close")

    phase, question, how = text(answer.response).splitlines()
    assert "Close" in phase
    assert question.startswith("## ")
    assert how.startswith("-# ")


async def test_a_question_in_a_thread_of_a_dojo_is_for_everyone_there(server, library):
    thread = server.thread()

    answer = await server.member("carla").slash(thread, "question", phase="meaning")

    assert not answer.response.ephemeral
    assert question_of(answer.response) in shown(library)


async def test_a_thread_and_its_dojo_share_a_bag(server, library):
    coach, thread = server.member("carla"), server.thread()
    seen = []
    for number in range(len(shown(library, "check-in"))):
        place = thread if number % 2 else server.dojo
        answer = await coach.slash(place, "question", phase="check-in")
        seen.append(question_of(answer.response))

    assert set(seen) == shown(library, "check-in")


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


async def test_a_crash_costs_no_pick(world, server, library):
    coach = server.member("carla")
    seen = []
    for _ in shown(library, "check-in"):
        answer = await coach.slash(server.dojo, "question", phase="check-in")
        seen.append(question_of(answer.response))
        if len(seen) in {3, 4}:
            await world.restart(crash=True)

    assert set(seen) == shown(library, "check-in")


async def test_two_dojos_of_a_server_have_bags_of_their_own(server, library):
    await server.set_up(server.lounge)
    coach = server.member("carla")
    seen = {server.dojo: [], server.lounge: []}
    for _ in shown(library, "check-in"):
        for channel, questions in seen.items():
            answer = await coach.slash(channel, "question", phase="check-in")
            questions.append(question_of(answer.response))

    for questions in seen.values():
        assert set(questions) == shown(library, "check-in")


async def test_two_who_press_another_at_once_get_one_question(world, server):
    """C9: they see it in the place of the old one, and neither takes it away from the other."""
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="close")).response
    before = question_of(card)

    one, two = await world.together(
        lambda: carla.click(card, label="Another"),
        lambda: kim.click(card, label="Another"),
    )

    assert one.acknowledged
    assert two.acknowledged
    assert len(server.dojo.history()) == 1
    assert f"Asked for by {carla.mention}. Before: “{before}”" in text(card)
    await world.later(1)
    await kim.click(card, label="Another")
    assert f"Asked for by {kim.mention}." in text(card)


async def test_ten_who_ask_at_once_get_ten_questions(world, server):
    people = [server.member(f"member-{number}") for number in range(10)]

    answers = await world.together(
        *(lambda p=person: p.slash(server.dojo, "question", phase="action") for person in people)
    )

    assert len({question_of(answer.response) for answer in answers}) == 10


async def test_a_double_click_gives_one_question(world, server):
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="close")).response
    before = question_of(card)

    one, two = await world.together(
        lambda: carla.click(card, label="Another"),
        lambda: carla.click(card, label="Another"),
    )

    assert len(server.dojo.history()) == 1
    assert one.acknowledged
    assert two.acknowledged
    assert f"Before: “{before}”" in text(card)


async def test_a_second_click_a_second_later_gives_another_question(world, server):
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="close")).response

    seen = [question_of(card)]

    for _ in range(2):
        await world.later(1)
        await carla.click(card, label="Another")
        seen.append(question_of(card))

    assert len(set(seen)) == 3
    plain = seen[1].replace("__", "")
    assert f"Before: “{plain}”" in text(card)


async def test_buttons_of_an_old_card_work_after_a_restart(world, server, library):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="action")).response
    first = question_of(card)
    await world.later(7 * 86_400)
    await world.restart()

    await kim.click(card, label="Another")
    assert question_of(card) in shown(library, "action") - {first}
    await choose(kim, card, "Other phase", "start")
    assert question_of(card) in shown(library, "start")
    everything = await kim.click(card, label="Show all")
    assert everything.response.ephemeral


@pytest.mark.parametrize("custom_id", ["question:action:another", "question:phase"])
async def test_a_card_from_before_is_replaced_as_well(world, server, library, custom_id):
    """C9: its buttons do not say which question it shows, so neither does the new one."""
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="close")).response

    for part in world.env.backend.get_message(card.channel_id, card.id).components[0]["components"]:
        for item in part.get("components", []):
            item["custom_id"] = f"dojo:1:{custom_id}"
    if custom_id == "question:phase":
        await choose(kim, card, "Other phase", "action")
    else:
        await kim.click(card, label="Another")

    assert question_of(card) in shown(library, "action")
    assert f"-# 🔄 Asked for by {kim.mention}." in text(card).splitlines()
    assert len(server.dojo.history()) == 1


async def test_another_takes_the_place_of_the_question_and_says_what_stood_there(server, library):
    """C9: no pile of cards; who asked is said, and the question that a person read is not lost."""
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="action")).response
    before = question_of(card)

    another = await kim.click(card, label="Another")

    assert another.response.id == card.id
    assert question_of(card) in shown(library, "action") - {before}
    assert f"-# 🔄 Asked for by {kim.mention}. Before: “{before}”" in text(card)
    assert labels(card) == ["Another", "Show all"]


async def test_the_only_question_of_a_phase_can_be_asked_for_again(world, server, library):
    """C9: the card does not take it for one that was replaced."""
    others = [q.id for q in library["en"].bank.in_phase(Phase.CLOSE)][1:]
    await server.give_content(f"version = 1\n[hide]\nquestions = {others}\n".replace("'", '"'))
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="close")).response
    for person in (kim, carla):
        await world.later(1)
        await person.click(card, label="Another")
        assert f"Asked for by {person.mention}." in text(card)


async def test_without_a_phase_the_person_chooses_in_private(server):
    answer = await server.member("carla").slash(server.dojo, "question")

    assert answer.response.ephemeral
    assert labels(answer.response) == PHASES
    assert "posted here for everyone" in text(answer.response)
    assert [message for message in server.dojo.history() if not message.flags.ephemeral] == []


async def test_choosing_a_phase_posts_in_the_channel_without_saying_who_asked(server, library):
    carla, kim = server.member("carla"), server.member("kim")
    chooser = (await carla.slash(server.dojo, "question")).response

    await carla.click(chooser, label="Meaning")

    (post,) = server.dojo.history(viewer=kim)
    assert question_of(post) in shown(library)
    assert posted_by_itself(post)
    assert "carla" not in text(post)
    assert carla.mention not in text(post)


async def test_the_chooser_says_what_was_posted_and_stays(world, server):
    carla, kim = server.member("carla"), server.member("kim")
    chooser = (await carla.slash(server.dojo, "question")).response

    await carla.click(chooser, label="Meaning")
    said = text(chooser)
    await world.later(1)
    await carla.click(chooser, label="Meaning")

    one, two = server.dojo.history(viewer=kim)
    assert f"“{question_of(one)}”" in said
    assert f"“{question_of(two)}”" in text(chooser)
    assert labels(chooser) == PHASES


async def test_a_double_click_on_the_chooser_posts_one_question(world, server):
    carla, kim = server.member("carla"), server.member("kim")
    chooser = (await carla.slash(server.dojo, "question")).response

    await world.together(
        lambda: carla.click(chooser, label="Close"),
        lambda: carla.click(chooser, label="Close"),
    )

    assert len(server.dojo.history(viewer=kim)) == 1


async def test_a_chooser_works_after_a_restart(world, server, library):
    carla, kim = server.member("carla"), server.member("kim")
    chooser = (await carla.slash(server.dojo, "question")).response
    await world.restart()

    await carla.click(chooser, label="Start")

    (post,) = server.dojo.history(viewer=kim)
    assert question_of(post) in shown(library, "start")


async def test_choosing_in_a_thread_posts_in_the_thread(server, library):
    carla, thread = server.member("carla"), server.thread()
    chooser = (await carla.slash(thread, "question")).response

    await carla.click(chooser, label="Meaning")

    assert question_of(thread.history()[-1]) in shown(library)
    assert posted_by_itself(thread.history()[-1])


async def test_where_the_bot_may_not_write_choosing_answers_instead(world, server, library):
    carla, kim = server.member("carla"), server.member("kim")
    chooser = (await carla.slash(server.dojo, "question")).response
    may_not_write(world, server)

    await carla.click(chooser, label="Meaning")

    (post,) = server.dojo.history(viewer=kim)
    assert question_of(post) in shown(library)
    assert not posted_by_itself(post)


async def test_choosing_for_oneself_turns_the_chooser_into_a_private_card(server, library):
    carla, kim = server.member("carla"), server.member("kim")
    chooser = (await carla.slash(server.dojo, "question", show="me")).response

    answer = await carla.click(chooser, label="Meaning")

    assert answer.response.id == chooser.id
    assert question_of(chooser) in shown(library)
    assert "Share with the room" in labels(chooser)
    assert server.dojo.history(viewer=kim) == []
