"""M4: the usual focus of a dojo, and a coach who comes into the seat in the middle of a round."""

from __future__ import annotations

from tests.dojos.ui.steps import settings_of
from tests.rounds.ui.steps import coaching, private, proposed, say_left
from tests.rounds.ui.test_focus import BUTTON, focus_line, watch
from tests.simulation.forged import said, select
from tests.simulation.world import chosen, fields, labels, text

MENU = "Usual focus of observers: up to two, or none"


async def set_focus(server, *codes):
    fay = server.manager(f"fay-{len(codes)}-{len(server.handle.member_ids())}")
    card = (await fay.slash(server.dojo, "dojo settings")).response
    return await select(fay, server.dojo, "dojo:1:dojo:focus", list(codes), on=card)


async def test_a_coach_who_says_nothing_has_the_usual_focus_of_the_dojo(world, server):
    """M4: it stands in the form from the start, and the coach can leave it out."""
    await set_focus(server, "S5")
    await world.restart()
    group = await proposed(world, server)

    usual = await focus_line(group)
    form = fields(await group.press(group.coach, BUTTON))
    await watch(group)

    assert "watch for: S5 " in usual
    assert chosen(form["codes"]) == ["S5"]
    assert await focus_line(group) == ""


async def test_what_the_coach_names_takes_the_place_of_the_usual_focus(world, server):
    """M4: the coach's own wish comes first."""
    await set_focus(server, "S5", "S1")
    group = await proposed(world, server)

    await watch(group, "S2")

    assert "S2 " in await focus_line(group)
    assert "S5 " not in await focus_line(group)


async def test_the_settings_say_the_usual_focus_and_take_it_back(server):
    """M4: two at most; none is what a dojo begins with."""
    before = await settings_of(server)
    await set_focus(server, "S5", "S1")
    named = await settings_of(server)
    await set_focus(server)

    assert "**Usual focus:** what the coach says" in before
    assert "**Usual focus:** S5 " in named
    assert "**Usual focus:** what the coach says" in await settings_of(server)


async def test_only_facilitators_choose_it_and_only_what_was_offered(server):
    """M4: a forged press changes nothing."""
    fay, carla = server.manager(), server.member("carla")
    card = (await fay.slash(server.dojo, "dojo settings")).response

    refused = await select(carla, server.dojo, "dojo:1:dojo:focus", ["S5"], on=card)
    odd = await select(fay, server.dojo, "dojo:1:dojo:focus", ["S99"], on=card)

    assert "Manage Channels" in said(refused)
    assert "I did not offer that choice here." in said(odd)
    assert "what the coach says" in await settings_of(server)


async def test_a_coach_who_comes_in_the_middle_is_asked_for_theirs(world, server):
    """M4: once, with the answer to their own press; without a word the usual focus holds."""
    await set_focus(server, "S5")
    group = await coaching(world, server, 4)
    await watch_now(group, group.coach, "S2")
    await say_left(group, group.client, group.coach)
    await world.later(70)

    answer = private(await group.press(group.observer, "I coach on"))

    assert BUTTON in labels(answer)
    assert "If you say nothing, what is usual in this dojo holds." in text(answer)
    assert "S5 " in await focus_line(group, group.observer)
    await watch_now(group, group.observer, "S3")
    assert "S3 " in await focus_line(group, group.observer)


async def test_a_client_who_comes_in_the_middle_is_not_asked_for_a_focus(world, server):
    """M4: only the coach names it."""
    group = await coaching(world, server, 4)
    role = private(await group.client.slash(group.room, "round now"))
    asked = private(await group.client.click(role, label="Leave the round"))
    await group.client.click(asked, label="Leave the round")

    answer = private(await group.press(group.observer, "I will be the client"))

    assert BUTTON not in labels(answer)


async def watch_now(group, coach, *codes):
    """The coach fills in the form from the private card of their role."""
    role = private(await coach.slash(group.room, "round now"))
    form = await coach.click(role, label=BUTTON)
    return await coach.submit_modal(form, {"codes": list(codes), "wish": ""})
