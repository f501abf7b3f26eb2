"""`/dojo settings`: changing a dojo, stopping it, bringing it back."""

from __future__ import annotations

from tests.dojos.ui.steps import is_dojo, settings_of
from tests.gatherings.ui.trouble import gathered
from tests.rounds.ui.steps import coaching
from tests.simulation.world import SETUP, chosen, fields, labels, question_of, text, told


async def test_settings_can_be_changed_checked_and_stopped_from_their_card(server):
    answer = await server.manager().slash(server.dojo, "dojo settings")

    assert answer.response.ephemeral
    assert labels(answer.response) == [
        "Change",
        "Privacy and safety",
        "Support line…",
        "Post a card for members",
        "Check",
        "Stop being a dojo…",
    ]


async def test_change_opens_the_form(server):
    fay = server.manager()
    card = (await fay.slash(server.dojo, "dojo settings")).response

    form = await fay.click(card, label="Change")
    await fay.submit_modal(form, {**SETUP, "format": ["pair-25"]})

    assert "Pair" in await settings_of(server)


async def test_check_on_the_settings_answers_with_the_check(server):
    fay = server.manager()
    card = (await fay.slash(server.dojo, "dojo settings")).response

    answer = await fay.click(card, label="Check")

    assert answer.response.ephemeral
    assert "Check of this channel" in text(answer.response)


async def test_settings_where_there_is_no_dojo_say_how_to_get_one(server):
    answer = await server.manager().slash(server.lounge, "dojo settings")

    assert "not a dojo" in told(answer)
    assert "/dojo setup" in told(answer)


async def test_settings_do_not_name_a_person_who_has_been_forgotten(server):
    fay = server.manager()
    await server.set_up(server.lounge, by=fay)
    assert fay.mention in await settings_of(server, server.lounge)
    card = (await fay.slash(server.dojo, "my forget")).response

    await fay.click(card, label="Erase")

    assert fay.mention not in await settings_of(server, server.lounge)


async def test_stop_asks_first(server):
    fay = server.manager()
    card = (await fay.slash(server.dojo, "dojo settings")).response

    await fay.click(card, label="Stop being a dojo…")

    assert labels(card) == ["Stop", "Keep it"]
    assert await is_dojo(server)


async def test_stop_names_the_evening_and_the_rounds_that_are_going_on(world, server):
    """8: and what becomes of them; not those of another dojo."""

    async def question() -> str:
        await world.later(2)
        fay = server.manager(f"asker-{world.env.now().timestamp()}")
        card = (await fay.slash(server.dojo, "dojo settings")).response
        await fay.click(card, label="Stop being a dojo…")
        return text(card)

    await server.set_up(server.lounge)
    await coaching(world, server, 2, channel=server.lounge)
    assert "going on" not in await question()
    evening, _ = await gathered(world, server, 3)
    assert "A gathering is going on here** (Quick ten). No round of it can" in await question()
    await evening.press(evening.lead, "Start", await evening.preview())
    await coaching(world, server, [server.member("ben-2"), server.member("cyd-2")])
    said = await question()
    assert "The round that runs goes on to its end; no other one begins." in said
    assert "**1 round is going on**, and goes on to its end." in said


async def test_keep_it_goes_back_to_the_settings(server):
    fay = server.manager()
    card = (await fay.slash(server.dojo, "dojo settings")).response
    before = text(card)
    await fay.click(card, label="Stop being a dojo…")

    await fay.click(card, label="Keep it")

    assert text(card) == before
    assert await is_dojo(server)


async def test_stop_makes_it_no_dojo_and_says_how_to_get_it_back(world, server):
    result = await server.stop()

    assert "is no longer a dojo" in text(result.response)
    assert "</dojo setup:" in text(result.response)
    assert not await is_dojo(server)
    await world.restart()
    assert not await is_dojo(server)


async def test_stop_twice_is_refused_with_a_sentence(world, server):
    fay = server.manager()
    card = (await fay.slash(server.dojo, "dojo settings")).response
    await fay.click(card, label="Stop being a dojo…")
    await server.stop()

    answer = await fay.click(card, label="Stop")

    assert "not a dojo" in told(answer)


async def test_a_dojo_that_was_stopped_opens_the_form_with_what_it_was(server):
    await server.set_up(role=[server.facilitators], format=["pair-25"], zone="Asia/Tokyo")
    await server.stop()

    entries = fields(await server.manager().slash(server.dojo, "dojo setup"))

    (role,) = entries["role"]["default_values"]
    assert int(role["id"]) == server.facilitators.id
    assert chosen(entries["format"]) == ["pair-25"]
    assert entries["zone"]["value"] == "Asia/Tokyo"


async def test_setting_up_again_brings_back_content_and_order(server, library):
    await server.give_content(
        'version = 1\n[[question]]\nid = "ours"\nphase = "check-in"\ntext = "Ours?"\n'
    )
    carla = server.member("carla")
    count = len(library["en"].bank.deck("check-in")) + 1
    seen = []
    for number in range(count):
        if number == 4:
            await server.stop()
            await server.set_up()
        answer = await carla.slash(server.dojo, "question", phase="check-in")
        seen.append(question_of(answer.response))

    assert len(set(seen)) == count
    assert "Ours?" in seen


async def test_bring_it_back_needs_one_click(world, server):
    fay = server.manager()
    card = (await fay.slash(server.dojo, "dojo settings")).response
    await fay.click(card, label="Stop being a dojo…")
    await fay.click(card, label="Stop")

    await world.restart()
    await fay.click(card, label="Bring it back")

    assert "Back as it was" in text(card)
    assert "**Time zone:** Europe/Rome" in text(card)
    assert await is_dojo(server)
