"""Privacy and safety of a dojo: the contact, how long things are kept, names."""

from __future__ import annotations

from bot.domain.dojos import CODE_MONTHS, QUOTE_DAYS
from tests.cogs.dojo_steps import settings_of
from tests.world import chosen, fields, labels, text, told

BUTTON = "Privacy and safety"
TYPED = {"days": "30", "months": "12", "names": "shown"}


async def form_of(server, by):
    card = (await by.slash(server.dojo, "dojo settings")).response
    return await by.click(card, label=BUTTON)


async def test_contact_keeping_and_names_are_set_in_one_form(world, server):
    fay, sal = server.manager(), server.member("sal")
    before = await settings_of(server)
    assert sal.mention not in before
    form = await form_of(server, fay)
    inputs = fields(form)
    assert [inputs[name]["value"] for name in ("days", "months")] == ["30", "12"]
    assert chosen(inputs["names"]) == ["shown"]

    answer = await fay.submit_modal(
        form, {"contact": [sal], "days": "7", "months": "6", "names": "hidden"}
    )

    assert answer.response.ephemeral
    assert "Saved" in text(answer.response)
    settings = world.bot.services.dojos.get(server.dojo.id).settings
    assert (settings.safety_user_id, settings.quote_days, settings.code_months) == (sal.id, 7, 6)
    assert not settings.names_shown
    said = await settings_of(server)
    assert f"**Safety contact:** {sal.mention}" in said
    assert "words kept 7 days, codes 6 months; “an observer”" in said
    # It is there again after a restart, and in the form.
    await world.restart()
    await world.later(1)
    inputs = fields(await form_of(server, fay))
    assert [inputs[name]["value"] for name in ("days", "months")] == ["7", "6"]
    assert chosen(inputs["names"]) == ["hidden"]
    assert [one["id"] for one in inputs["contact"]["default_values"]] == [sal.id]


async def test_numbers_are_kept_within_their_bounds_and_that_is_said(world, server):
    fay = server.manager()
    for days, months in (("0", "999"), ("999", "0"), ("two", "-1"), ("³", "1.5"), ("٣", "x")):
        await world.later(1)
        form = await form_of(server, fay)

        answer = await fay.submit_modal(form, {**TYPED, "days": days, "months": months})

        assert "Saved, with the nearest number possible" in text(answer.response), (days, months)
        settings = world.bot.services.dojos.get(server.dojo.id).settings
        assert QUOTE_DAYS.nearest(settings.quote_days) == settings.quote_days
        assert CODE_MONTHS.nearest(settings.code_months) == settings.code_months
    assert (settings.quote_days, settings.code_months) == (QUOTE_DAYS.most, CODE_MONTHS.least)


async def test_a_contact_can_be_taken_away_again(world, server):
    fay, sal = server.manager(), server.member("sal")
    await fay.submit_modal(await form_of(server, fay), {**TYPED, "contact": [sal]})
    await world.later(1)

    await fay.submit_modal(await form_of(server, fay), {**TYPED, "contact": []})

    assert world.bot.services.dojos.get(server.dojo.id).settings.safety_user_id is None


async def test_other_settings_do_not_change_what_was_set_here(world, server):
    fay, sal = server.manager(), server.member("sal")
    await fay.submit_modal(await form_of(server, fay), {**TYPED, "contact": [sal], "days": "9"})
    await server.set_up(by=fay, format=["pair-25"])

    settings = world.bot.services.dojos.get(server.dojo.id).settings

    assert (settings.safety_user_id, settings.quote_days) == (sal.id, 9)


async def test_only_facilitators_open_it(world, server):
    fay, carla = server.manager(), server.member("carla")
    card = (await fay.slash(server.dojo, "dojo settings")).response
    assert BUTTON in labels(card)
    form = await fay.click(card, label=BUTTON)
    server.take_role(fay, server.managers)
    await world.later(1)

    answer = await fay.click(card, label=BUTTON)
    assert answer.modal is None
    assert "That is for people with **Manage Channels** in the channel of the dojo" in told(answer)
    answer = await fay.submit_modal(form, {**TYPED, "days": "5"})
    assert "That is for people with **Manage Channels** in the channel of the dojo" in told(answer)
    assert world.bot.services.dojos.get(server.dojo.id).settings.quote_days == 30
    assert carla.mention not in text(card)


async def test_a_bot_cannot_be_the_contact_and_the_rest_is_saved(world, server):
    fay, sal = server.manager(), server.member("sal")
    await fay.submit_modal(await form_of(server, fay), {**TYPED, "contact": [sal]})
    robot = server.handle.add_member(world.env.create_user("robot", bot=True))
    await world.later(1)

    answer = await fay.submit_modal(
        await form_of(server, fay), {**TYPED, "days": "5", "contact": [robot]}
    )

    assert "except the contact: a bot cannot look at a report" in text(answer.response)
    settings = world.bot.services.dojos.get(server.dojo.id).settings
    assert (settings.safety_user_id, settings.quote_days) == (sal.id, 5)
