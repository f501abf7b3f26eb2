"""`/question` from end to end: asking in a dojo, in the open and in private."""

from __future__ import annotations

import discord
import pytest

from bot.domain.questions import Phase
from bot.rehearsal import simulation
from bot.ui.question_texts import question_text
from tests.world import choose, disabled, labels, menus, question_of, text, told

PHASES = ["Start", "Check-in", "Meaning", "Action", "Close"]
READ_ONLY = discord.Permissions(
    view_channel=True, read_message_history=True, use_application_commands=True
)


def shown(library, phase="meaning") -> set[str]:
    return {question_text(q) for q in library["en"].bank.in_phase(Phase(phase))}


def posted_by_itself(message) -> bool:
    return message.interaction_metadata is None


def may_not_write(world, server) -> None:
    """Neither the bot's role nor @everyone may write."""
    simulation.restrict_bot(world.env, server.handle, READ_ONLY)
    world.env.backend.edit_role(server.id, server.id, {"permissions": READ_ONLY.value})


# In the open


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


async def test_a_crash_costs_no_draw(world, server, library):
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


async def test_two_who_press_another_at_once_get_two_questions(world, server):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="close")).response

    one, two = await world.together(
        lambda: carla.click(card, label="Another"),
        lambda: kim.click(card, label="Another"),
    )

    questions = {question_of(card), question_of(one.response), question_of(two.response)}
    assert len(questions) == 3


async def test_ten_who_ask_at_once_get_ten_questions(world, server):
    people = [server.member(f"member-{number}") for number in range(10)]

    answers = await world.together(
        *(lambda p=person: p.slash(server.dojo, "question", phase="action") for person in people)
    )

    assert len({question_of(answer.response) for answer in answers}) == 10


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


async def test_a_second_click_a_second_later_gives_another_question(world, server):
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="close")).response

    await carla.click(card, label="Another")
    await world.later(1)
    await carla.click(card, label="Another")

    assert len({question_of(message) for message in server.dojo.history()}) == 3


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


async def test_another_leaves_the_card_that_was_pressed_as_it_is(server):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="action")).response
    before = text(card)

    another = await kim.click(card, label="Another")

    assert another.response.id != card.id
    assert text(card) == before


# The chooser


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


# In private


async def test_a_question_for_oneself_is_private_and_can_be_shared(server, library):
    carla, kim = server.member("carla"), server.member("kim")

    answer = await carla.slash(server.dojo, "question", phase="meaning", show="me")

    assert answer.response.ephemeral
    assert question_of(answer.response) in shown(library)
    assert labels(answer.response) == ["Another", "Show all", "Share with the room"]
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


# After the dojo has changed


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
    await server.stop()
    await server.set_up()

    answer = await carla.click(card, label="Another")

    assert not answer.response.ephemeral
    assert question_of(answer.response) in shown(library, "close") - {question_of(card)}


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


# Asking for facilitators only

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
    assert "direct message" in told(answer)
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
