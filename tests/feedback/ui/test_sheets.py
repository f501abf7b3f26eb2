"""Sheets: all codes at a glance, filled in by observers, the coach and, in items, the client."""

from __future__ import annotations

import pytest

from bot.feedback.model.refusals import CannotNote
from bot.feedback.service.sheets import SheetService
from bot.kit.refusals import DojoError
from tests.cards.rules import parts
from tests.feedback.ui.steps import (
    SEEN,
    SIGNAL,
    choose_mark,
    coached,
    feedback_of,
    hand_in,
    marked,
    next_part,
    pad_of,
    press,
    released,
    tap,
)
from tests.rounds.ui.steps import coaching, private, rows, take_turns
from tests.simulation.forged import click, said
from tests.simulation.world import chosen, fields, labels, menus, text, told

SAID = {"chose": "yes", "heard": "partly", "recognised": "no", "share": "share"}


async def sheet_of(group, person):
    """An observer's sheet, opened from their pad."""
    return (await press(group.world, person, await pad_of(group, person), "My sheet")).response


async def test_a_sheet_is_filled_in_from_the_notes_and_kept_as_it_is_chosen(world, server):
    group = await coaching(world, server)
    olu = group.observer
    pad = await pad_of(group, olu)
    for side in (SEEN, SIGNAL, "S4 named"):
        pad = await tap(group, olu, pad, side, after=30)
    await next_part(group)
    await world.later(30)

    sheet = await sheet_of(group, olu)
    assert marked(sheet) == {"S4": "seen", "S5": "both"}
    codes = [part["custom_id"][-2:] for part in parts(sheet) if part.get("type") == 3]
    assert codes == ["S1", "S2", "S3", "S4", "S5", "S6"]
    values = [
        option["value"] for option in next(p for p in parts(sheet) if p.get("type") == 3)["options"]
    ]
    assert values == ["seen", "signal", "both", "no-occasion", "could-not-tell"]

    sheet = await choose_mark(group, olu, sheet, "S4", "no-occasion")
    sheet = await choose_mark(group, olu, sheet, "S2", "could-not-tell")
    sheet = await choose_mark(group, olu, sheet, "S5", "none")
    await world.restart(crash=True)
    assert marked(await sheet_of(group, olu)) == {"S2": "could-not-tell", "S4": "no-occasion"}

    sheet = (await press(world, olu, sheet, "Hand in")).response
    assert "You can change it until the coach has it." in text(sheet)
    sheet = await choose_mark(group, olu, sheet, "S2", "seen")
    assert marked(sheet)["S2"] == "seen"
    assert [row["handed_in_ms"] is not None for row in rows(world, "sheets")] == [True]


async def test_the_rest_is_marked_at_once_and_can_be_taken_back(world, server):
    """C7: five clicks for a full sheet; what was chosen one by one stays, also after the undo."""
    group = await coached(world, server)
    olu = group.observer
    sheet = await choose_mark(group, olu, await sheet_of(group, olu), "S1", "signal")
    whole = {"S1": "signal", "S5": "seen", **dict.fromkeys(("S2", "S3", "S4", "S6"), "no-occasion")}

    sheet = (await press(world, olu, sheet, "The rest: no occasion")).response
    assert marked(sheet) == whole
    assert "🤝 partnering: S5 · 🔸 signal: S1 · ➖ no occasion: S2, S3, S4, S6" in text(sheet)
    assert labels(sheet) == ["Hand in", "Undo the rest", "Back to the pad"]
    sheet = await choose_mark(group, olu, sheet, "S2", "both")
    assert labels(sheet) == ["Hand in", "Back to the pad"], "nothing is open any more"

    sheet = await choose_mark(group, olu, sheet, "S2", "none")
    sheet = (await press(world, olu, sheet, "The rest: no occasion")).response
    sheet = (await press(world, olu, sheet, "Undo the rest")).response
    assert marked(sheet) == {one: mark for one, mark in whole.items() if one != "S2"}
    await world.restart(crash=True)
    sheet = (await press(world, olu, sheet, "The rest: no occasion")).response
    assert marked(await sheet_of(group, olu)) == whole


async def test_undo_of_the_rest_leaves_what_was_changed_meanwhile(world, server):
    """C7: on another device; and an id that was made up takes back nothing but “no occasion”."""
    group = await coached(world, server)
    olu = group.observer
    desk = (await press(world, olu, await sheet_of(group, olu), "The rest: no occasion")).response
    phone = await sheet_of(group, olu)
    await choose_mark(group, olu, phone, "S3", "seen")

    desk = (await press(world, olu, desk, "Undo the rest")).response
    assert marked(desk) == {"S3": "seen", "S5": "seen"}

    sheets, round_id = world.bot.services[SheetService], rows(world, "rounds")[0]["id"]
    page = await sheets.unfill(round_id, olu.id, group.coach.id, range(14))
    assert dict(page.sheet.marks) == {"S3": "seen", "S5": "seen"}


async def test_the_rest_of_a_released_sheet_stays_as_it_is(world, server):
    """C7: the coach has it; and the coach’s own view is from before they saw others’."""
    group = await coached(world, server)
    sheet = await sheet_of(group, group.observer)
    await released(group)
    for person in (group.observer, group.coach):
        custom_id = f"dojo:1:round:{rows(world, 'rounds')[0]['id']}:rest:{group.coach.id}"
        answer = await click(person, group.room, custom_id, on=sheet)
        assert "The coach has it already" in said(answer)
    assert rows(world, "sheets")[0]["marks"] == '{"S5": "seen"}'


async def test_a_sheet_names_both_sides_shortly_enough_for_a_phone(world, server):
    """C7: no label is cut at 390 px; the whole names are below the options."""
    group = await coached(world, server)
    menu = next(p for p in parts(await sheet_of(group, group.observer)) if p.get("type") == 3)
    assert menu["placeholder"] == "S1 🤝 invited / 🔸 told"
    assert [one["label"] for one in menu["options"]][:3] == [
        "S1 partnering: invited",
        "S1 signal: told",
        "S1 both",
    ]
    assert menu["options"][1]["description"] == "Meaning made for the client"


async def test_a_sheet_is_for_after_the_coaching_and_for_observers_alone(world, server):
    group = await coached(world, server)
    sheet = await sheet_of(group, group.observer)
    assert f"about {group.coach.mention}" in text(sheet)
    of_coach = labels(private(await group.press(group.coach, "My role now")))
    of_client = labels(private(await group.press(group.client, "My role now")))
    assert "My own view" in of_coach
    assert "How it was for me…" in of_client
    assert not {"My own view", "My sheet"} & set(of_client)
    # As if someone made a custom id up.
    sheets, round_id = world.bot.services[SheetService], rows(world, "rounds")[0]["id"]
    for person, whose in ((group.client, group.coach), (group.observer, group.client)):
        with pytest.raises(DojoError):
            await sheets.page(round_id, person.id, whose.id)


async def test_there_is_no_sheet_while_there_is_coaching(world, server):
    group = await coaching(world, server)
    sheets, round_id = world.bot.services[SheetService], rows(world, "rounds")[0]["id"]

    for person in (group.observer, group.coach):
        with pytest.raises(CannotNote) as refused:
            await sheets.page(round_id, person.id, group.coach.id)
        assert refused.value.why == "coaching"


async def test_a_released_sheet_cannot_be_changed(world, server):
    group = await coached(world, server)
    sheet = await sheet_of(group, group.observer)
    await released(group)

    answer = await group.observer.select(
        sheet, ["seen"], custom_id=next(p["custom_id"] for p in parts(sheet) if p.get("type") == 3)
    )

    assert "The coach has it already, so it can no longer be changed." in told(answer)

    # Opened again, neither sheet nor notes look as if they could still be changed.
    sheet = await sheet_of(group, group.observer)
    assert "The coach has it, so it can no longer be changed." in text(sheet)
    assert "- S6 not answered" in text(sheet)
    assert menus(sheet) == {}
    pad = (await press(group.world, group.observer, sheet, "Back to the pad")).response
    assert "My notes are with the coach" in text(pad)
    assert labels(pad) == ["My sheet"]

    # Nor does the own view that was skipped.
    role = private(await group.press(group.coach, "My role now"))
    own = (await press(group.world, group.coach, role, "My own view")).response
    assert "You have seen your feedback, so this is no longer asked." in text(own)
    assert menus(own) == {}
    assert labels(own) == ["To my feedback"]


async def test_an_own_view_handed_in_can_be_looked_at_again_while_the_feedback_waits(world, server):
    group = await coached(world, server)
    role = private(await group.press(group.coach, "My role now"))
    own = (await press(world, group.coach, role, "My own view")).response
    own = (await press(world, group.coach, own, "Hand in")).response

    waiting = (await press(world, group.coach, own, "To my feedback")).response
    assert labels(waiting) == ["Look again", "My own view"]
    own = (await press(world, group.coach, waiting, "My own view")).response
    own = await choose_mark(group, group.coach, own, "S1", "both")
    assert marked(own) == {"S1": "both"}


async def test_a_sheet_never_handed_in_may_still_be_handed_in_within_a_day(world, server):
    group = await coached(world, server, 4)
    late = group.people[3]
    await hand_in(group, group.observer)
    await next_part(group, 4)
    await world.later(121)
    waiting = await feedback_of(group, group.coach)
    full = (await press(world, group.coach, waiting, "Skip")).response
    assert "· on the sheet" in text(full)
    sheet = await hand_in(group, late)
    assert "Handed in" in text(sheet)
    assert "on 2 of 2 sheets" in text(await feedback_of(group, group.coach))

    # And not after a day.
    await world.later(25 * 3600)
    answer = await press(world, late, await pad_of(group, late), "My sheet")
    assert "That was too long ago, or it has been erased." in told(answer)


async def test_a_person_who_is_not_done_is_named_nowhere(world, server):
    group = await coached(world, server, 4)
    pia = group.people[3]
    pad = await pad_of(group, pia)
    await press(world, pia, pad, "Undo")
    await hand_in(group, group.people[2], S5="seen")
    await next_part(group, 4)
    await world.later(121)
    waiting = await feedback_of(group, group.coach)
    full = (await press(world, group.coach, waiting, "Skip")).response

    said = text(full)
    assert "on the sheet" in said
    assert pia.mention not in said
    assert "not handed in" not in said.lower()
    assert "0 notes" not in said


async def test_the_own_view_of_a_coach_comes_before_they_see_anything(world, server):
    group = await coached(world, server)
    await hand_in(group, group.observer, S1="signal")
    await next_part(group, 3)
    await world.later(121)
    waiting = await feedback_of(group, group.coach)
    assert labels(waiting) == ["My own view", "Skip"]

    own = (await press(world, group.coach, waiting, "My own view")).response
    assert marked(own) == {}, "nothing of what others noted"
    own = await choose_mark(group, group.coach, own, "S1", "both")
    own = (await press(world, group.coach, own, "Hand in")).response
    assert "You can change it until you see your feedback." in text(own)
    full = (await press(world, group.coach, own, "To my feedback")).response
    assert "🪞 **Your own view:** ⚖️ S1 both" in text(full)

    answer = await group.coach.click(
        full, custom_id=next(p["custom_id"] for p in parts(full) if p.get("label") == "Time line")
    )
    assert answer.acknowledged
    role = private(await group.press(group.coach, "My role now"))
    own = (await press(world, group.coach, role, "My own view")).response
    assert "You have seen your feedback, so it can no longer be changed." in text(own)
    assert "- ⚖️ S1 both\n- S2 not answered" in text(own)
    assert menus(own) == {}


async def test_a_skipped_own_view_is_marked_so_to_the_coach_alone(world, server):
    group = await coached(world, server, channel=server.thread())

    full = await released(group)

    assert "🪞 **Your own view:** skipped" in text(full)
    process = await feedback_of(group, server.manager())
    assert "own view: in, or skipped" in text(process)


async def test_the_client_says_how_it_was_and_shares_it_only_by_choice(world, server):
    group = await coached(world, server)
    kim = group.client
    card = await feedback_of(group, kim)
    assert "the coach sees them only if you choose so" in text(card)
    form = await press(world, kim, card, "How it was for me…")
    assert chosen(fields(form)["share"]) == ["keep"]
    card = (await kim.submit_modal(form, {**SAID, "share": "keep"})).response
    assert "Only you see it." in text(card)

    full = await released(group)
    assert "The client says" not in text(full)

    form = await press(world, kim, card, "Change")
    assert chosen(fields(form)["heard"]) == ["partly"]
    card = (await kim.submit_modal(form, SAID)).response
    full = await feedback_of(group, group.coach)
    assert "💬 **The client says**\n- I chose where we went: **yes**" in text(full)

    await press(world, kim, card, "Take my answers back")
    assert rows(world, "client_views") == []
    assert "The client says" not in text(await feedback_of(group, group.coach))


async def test_in_a_relay_there_is_a_sheet_about_each_coach(world, server):
    group = await coaching(world, server, 5, format="relay-30")
    ruth = group.people[4]
    await tap(group, ruth, await pad_of(group, ruth), SEEN, after=5)
    for _ in range(22 * 6):
        await world.later(10)
        await take_turns(group)
    assert "Open my feedback" in labels(group.card)

    which = await sheet_of(group, ruth)
    assert "### 🗒️ A sheet for each coach" in text(which)
    assert labels(which) == ["Coach 1", "Coach 2", "Coach 3"]
    sheet = (await press(world, ruth, which, "Coach 1")).response

    assert f"about {group.coach.mention}" in text(sheet)
    assert marked(sheet) == {"S5": "seen"}


async def test_the_coachs_own_sheet_is_in_the_first_person(world, server):
    """15.1: a list to look at oneself with; the observers' sheet says what the coach did."""
    group = await coached(world, server)
    role = private(await group.press(group.coach, "My role now"))
    own = (await press(world, group.coach, role, "My own view")).response
    assert said_of(own, "S1")[:2] == ["I asked what it meant to them", "I made the meaning myself"]

    own = await choose_mark(group, group.coach, own, "S5", "seen")
    assert said_of(own, "S5")[0] == "I left the sentence open"
    sheet = await sheet_of(group, group.observer)
    assert said_of(sheet, "S1")[:2] == ["Meaning invited", "Meaning made for the client"]


def said_of(sheet, code) -> list[str]:
    """What the options about a code say below their labels."""
    menu = next(
        part
        for part in parts(sheet)
        if part.get("type") == 3 and part["custom_id"].endswith(f":{code}")
    )
    return [option.get("description", "") for option in menu["options"]]
