"""Privacy and safety of a dojo: the contact, how long things are kept, names."""

from __future__ import annotations

import pytest

from bot.dojos.model.dojo import ATTENDANCE_MONTHS, CODE_MONTHS, QUOTE_DAYS
from bot.dojos.service.dojos import DojoService
from tests.dojos.ui.steps import settings_of
from tests.simulation.world import chosen, fields, labels, text, told

BUTTON = "Privacy and safety"
SHORTEN, KEEP = "Shorten and erase", "Keep the longer times"
NUMBERS = ("days", "months", "attendance")
TYPED = {"days": "30", "months": "12", "attendance": "24", "names": "shown"}


async def form_of(server, by):
    card = (await by.slash(server.dojo, "dojo settings")).response
    return await by.click(card, label=BUTTON)


async def sent(server, by, **typed):
    """Send the form, and say yes to shorter times if that is asked."""
    answer = await by.submit_modal(await form_of(server, by), {**TYPED, **typed})
    if SHORTEN in labels(answer.response):
        return await by.click(answer.response, label=SHORTEN)
    return answer


def settings_now(world, server):
    return world.bot.services[DojoService].get(server.dojo.id).settings


async def test_contact_keeping_and_names_are_set_in_one_form(world, server):
    fay, sal = server.manager(), server.member("sal")
    before = await settings_of(server)
    assert sal.mention not in before
    form = await form_of(server, fay)
    inputs = fields(form)
    assert [inputs[name]["value"] for name in NUMBERS] == ["30", "12", "24"]
    assert chosen(inputs["names"]) == ["shown"]

    answer = await fay.submit_modal(
        form,
        {"contact": [sal], "days": "7", "months": "6", "attendance": "9", "names": "hidden"},
    )
    answer = await fay.click(answer.response, label=SHORTEN)

    assert answer.response.ephemeral
    assert "Saved" in text(answer.response)
    settings = world.bot.services[DojoService].get(server.dojo.id).settings
    assert (settings.safety_user_id, settings.quote_days, settings.code_months) == (sal.id, 7, 6)
    assert not settings.names_shown
    said = await settings_of(server)
    assert f"**Safety contact:** {sal.mention}" in said
    assert "words kept 7 days, codes 6 months; “an observer”" in said
    assert "**Names:** on rounds and evenings for 9 months" in said
    # It is there again after a restart, and in the form.
    await world.restart()
    await world.later(1)
    inputs = fields(await form_of(server, fay))
    assert [inputs[name]["value"] for name in NUMBERS] == ["7", "6", "9"]
    assert chosen(inputs["names"]) == ["hidden"]
    assert [one["id"] for one in inputs["contact"]["default_values"]] == [sal.id]


async def test_numbers_are_kept_within_their_bounds_and_that_is_said(world, server):
    fay = server.manager()
    for days, months in (("0", "999"), ("999", "0"), ("two", "-1"), ("³", "1.5"), ("٣", "x")):
        await world.later(1)
        form = await form_of(server, fay)

        answer = await fay.submit_modal(
            form, {**TYPED, "days": days, "months": months, "attendance": months}
        )

        assert "Saved, with the nearest number possible" in text(answer.response), (days, months)
        if SHORTEN in labels(answer.response):
            await fay.click(answer.response, label=SHORTEN)
        settings = world.bot.services[DojoService].get(server.dojo.id).settings
        assert ATTENDANCE_MONTHS.nearest(settings.attendance_months) == settings.attendance_months
        assert QUOTE_DAYS.nearest(settings.quote_days) == settings.quote_days
        assert CODE_MONTHS.nearest(settings.code_months) == settings.code_months
    assert (settings.quote_days, settings.code_months) == (QUOTE_DAYS.most, CODE_MONTHS.least)
    assert settings.attendance_months == ATTENDANCE_MONTHS.least


async def test_a_contact_can_be_taken_away_again(world, server):
    fay, sal = server.manager(), server.member("sal")
    await fay.submit_modal(await form_of(server, fay), {**TYPED, "contact": [sal]})
    await world.later(1)

    await fay.submit_modal(await form_of(server, fay), {**TYPED, "contact": []})

    assert world.bot.services[DojoService].get(server.dojo.id).settings.safety_user_id is None


async def test_other_settings_do_not_change_what_was_set_here(world, server):
    fay, sal = server.manager(), server.member("sal")
    await sent(server, fay, contact=[sal], days="9")
    await server.set_up(by=fay, format=["pair-25"])

    settings = world.bot.services[DojoService].get(server.dojo.id).settings

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
    assert world.bot.services[DojoService].get(server.dojo.id).settings.quote_days == 30
    assert carla.mention not in text(card)


async def test_a_bot_cannot_be_the_contact_and_the_rest_is_saved(world, server):
    fay, sal = server.manager(), server.member("sal")
    await fay.submit_modal(await form_of(server, fay), {**TYPED, "contact": [sal]})
    robot = server.handle.add_member(world.env.create_user("robot", bot=True))
    await world.later(1)

    answer = await fay.submit_modal(
        await form_of(server, fay), {**TYPED, "days": "35", "contact": [robot]}
    )

    assert "except the contact: a bot cannot look at a report" in text(answer.response)
    settings = world.bot.services[DojoService].get(server.dojo.id).settings
    assert (settings.safety_user_id, settings.quote_days) == (sal.id, 35)


# Shorter times


@pytest.mark.parametrize("typed", [{"days": "7"}, {"months": "11"}, {"attendance": "1"}])
async def test_a_shorter_time_waits_for_a_yes_and_all_else_is_saved(world, server, typed):
    """S26: a facilitator is told what goes before anything goes."""
    fay, sal = server.manager(), server.member("sal")
    form = await form_of(server, fay)

    answer = await fay.submit_modal(form, {**TYPED, **typed, "contact": [sal], "names": "hidden"})

    said = text(answer.response)
    assert answer.response.ephemeral
    assert "Tonight it is erased, for every coach of this dojo, and cannot be brought back" in said
    assert labels(answer.response) == [SHORTEN, KEEP]
    settings = settings_now(world, server)
    assert (settings.quote_days, settings.code_months, settings.attendance_months) == (30, 12, 24)
    assert (settings.safety_user_id, settings.names_shown) == (sal.id, False)

    answer = await fay.click(answer.response, label=SHORTEN)

    assert "## Saved" in text(answer.response)
    settings = settings_now(world, server)
    kept = (settings.quote_days, settings.code_months, settings.attendance_months)
    assert kept == tuple(int({**TYPED, **typed}[name]) for name in NUMBERS)


async def test_a_person_who_keeps_the_longer_times_changes_nothing(world, server):
    """S26: the card leads back to the settings."""
    fay = server.manager()
    answer = await fay.submit_modal(await form_of(server, fay), {**TYPED, "days": "1"})

    answer = await fay.click(answer.response, label=KEEP)

    assert "## Nothing is erased" in text(answer.response)
    assert settings_now(world, server).quote_days == 30


async def test_longer_times_are_saved_at_once_beside_a_shorter_one_that_waits(world, server):
    """S26: only what erases something is asked about."""
    fay = server.manager()
    answer = await fay.submit_modal(
        await form_of(server, fay), {**TYPED, "days": "60", "attendance": "3"}
    )
    assert SHORTEN in labels(answer.response)
    settings = settings_now(world, server)
    assert (settings.quote_days, settings.attendance_months) == (60, 24)
    await world.later(1)

    answer = await fay.submit_modal(
        await form_of(server, fay), {**TYPED, "days": "90", "months": "24", "attendance": "36"}
    )

    assert "## Saved" in text(answer.response)
    settings = settings_now(world, server)
    assert (settings.quote_days, settings.code_months, settings.attendance_months) == (90, 24, 36)


async def test_an_old_yes_never_lengthens_what_was_shortened_since(world, server):
    """S26: two facilitators at once; the shorter time holds."""
    fay = server.manager()
    first = await fay.submit_modal(await form_of(server, fay), {**TYPED, "days": "20"})
    await world.later(1)
    await sent(server, fay, days="5")
    await world.later(1)

    await fay.click(first.response, label=SHORTEN)

    assert settings_now(world, server).quote_days == 5


async def test_a_person_who_is_a_facilitator_no_longer_shortens_nothing(world, server):
    """S26: the right is asked at the press."""
    fay = server.manager()
    answer = await fay.submit_modal(await form_of(server, fay), {**TYPED, "days": "1"})
    server.take_role(fay, server.managers)

    for label in (SHORTEN, KEEP):
        await world.later(1)
        refused = await fay.click(answer.response, label=label)
        assert "That is for people with **Manage Channels** in the channel of the dojo" in told(
            refused
        )
    assert settings_now(world, server).quote_days == 30


async def test_a_dojo_that_was_stopped_meanwhile_is_not_shortened(world, server):
    """S26: there is a sentence for it."""
    fay = server.manager()
    answer = await fay.submit_modal(await form_of(server, fay), {**TYPED, "days": "1"})
    await server.stop()

    refused = await fay.click(answer.response, label=SHORTEN)

    assert "This channel is not a dojo" in told(refused)
