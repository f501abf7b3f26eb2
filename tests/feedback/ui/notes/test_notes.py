"""One's own notes: looked through, given words and the right time, taken back, remembered."""

from __future__ import annotations

import pytest

from bot.feedback.model.notes import Side
from bot.feedback.model.refusals import NothingToShow
from bot.feedback.service.pads import PadService
from tests.feedback.ui.steps import (
    SEEN,
    SIGNAL,
    label,
    next_part,
    pad_of,
    press,
    quote,
    released,
    remember,
    tap,
)
from tests.rounds.ui.steps import Group, coaching, rows
from tests.simulation.world import choose, fields, labels, menus, text, told

MENU, WORDS, OTHER = "Change a note…", "Words for a note…", "It was something else…"


async def noted(world, server, *sides: str) -> tuple[Group, object]:
    """A round in which the observer has tapped these sides, half a minute apart; and their pad."""
    group = await coaching(world, server)
    pad = await pad_of(group, group.observer)
    for side in sides:
        pad = await tap(group, group.observer, pad, side, after=30)
    return group, pad


async def opened(group: Group, pad, number: int = 0):
    """The card of one of the notes."""
    notes = (await press(group.world, group.observer, pad, "Edit")).response
    return (await choose(group.observer, notes, MENU, menus(notes)[MENU][number])).response


async def test_edit_lists_my_notes_and_opens_one(world, server):
    group, pad = await noted(world, server, SEEN, SIGNAL)
    pad = await quote(group, group.observer, pad, "And then?")
    notes = (await press(world, group.observer, pad, "Edit")).response

    assert "### 📋 My notes · 2 notes" in text(notes)
    assert "S5 Sentence finished for the client · “And then?”" in text(notes)
    one = (await choose(group.observer, notes, MENU, menus(notes)[MENU][1])).response

    assert labels(one) == [
        "−10 s",
        "+10 s",
        "Words and time…",
        "Take it back",
        "All my notes",
        "Back to the pad",
    ]
    await press(world, group.observer, one, "All my notes")
    assert "### 📋 My notes" in text(one)
    await press(world, group.observer, one, "Back to the pad")
    assert "### 📝 My pad" in text(one)


async def test_a_list_of_many_notes_has_pages(world, server):
    group, pad = await noted(world, server, *[SEEN] * 16)
    notes = (await press(world, group.observer, pad, "Edit")).response
    assert "16 notes, page 1 of 2" in text(notes)
    assert len(menus(notes)[MENU]) == 15

    await press(world, group.observer, notes, "Next page")

    assert len(menus(notes)[MENU]) == 1
    assert labels(notes) == ["Previous page", "Back to the pad"]


async def test_the_time_of_a_note_can_be_put_right(world, server):
    group, pad = await noted(world, server, SEEN)
    at = rows(world, "notes")[0]["at_ms"]
    one = await opened(group, pad)

    one = (await press(world, group.observer, one, "−10 s")).response
    assert rows(world, "notes")[0]["at_ms"] == at - 10_000
    for _ in range(4):
        one = (await press(world, group.observer, one, "−10 s")).response
    assert rows(world, "notes")[0]["at_ms"] == 0, "never before the beginning"
    one = (await press(world, group.observer, one, "+10 s")).response
    assert "`00:10`" in text(one)
    form = await press(world, group.observer, one, "Words and time…")
    one = (
        await group.observer.submit_modal(form, {"quote": "", "effect": "", "at": "0.25"})
    ).response

    assert "`00:25`" in text(one)
    assert rows(world, "notes")[0]["at_ms"] == 25_000


async def test_a_time_that_cannot_be_read_is_said_and_the_words_are_kept(world, server):
    group, pad = await noted(world, server, SEEN)
    form = await press(world, group.observer, await opened(group, pad), "Words and time…")

    one = (
        await group.observer.submit_modal(form, {"quote": "Hm", "effect": "", "at": "soon"})
    ).response

    assert "I could not read the time, so it stays. Write it like 06:10." in text(one)
    assert rows(world, "notes")[0]["quote"] == "Hm"


async def test_a_code_with_parts_asks_which_part(world, server):
    group, pad = await noted(world, server, "steered")
    form = await press(world, group.observer, await opened(group, pad), "Words and time…")
    letters = [option["value"] for option in fields(form)["variant"]["options"]]

    await group.observer.submit_modal(
        form, {"quote": "", "effect": "", "at": "", "variant": [letters[0]]}
    )

    assert letters == ["a", "b"]
    assert rows(world, "notes")[0]["variant"] == "a"


async def test_a_note_is_taken_back_and_put_back(world, server):
    group, pad = await noted(world, server, SEEN)
    one = await opened(group, pad)

    one = (await press(world, group.observer, one, "Take it back")).response
    assert "Taken back." in text(one)
    assert labels(one) == ["Put it back", "All my notes", "Back to the pad"]
    assert "There are none yet" in text(
        (await press(world, group.observer, pad, "All my notes")).response
    )
    pad = await pad_of(group, group.observer)
    pad = (await press(world, group.observer, pad, "Put back")).response

    assert "S5 gap 1" in labels(pad)
    assert [row["withdrawn_ms"] for row in rows(world, "notes")] == [None]


async def test_a_note_is_added_from_memory(world, server):
    group, pad = await noted(world, server, SEEN)
    await world.later(300)
    await next_part(group)
    await world.later(30)
    observer = group.observer

    pad = await remember(
        group, observer, await pad_of(group, observer), at="1:10", quote="Hm", effect=""
    )
    assert "`01:10` 🤝 S5 Gap left open · “Hm”" in text(pad)
    pad = await remember(group, observer, pad, "S5:signal", at="", quote="", effect="")
    pad = await remember(group, observer, pad, "S1:signal", at="99", quote="", effect="")
    card = (await press(world, observer, pad, "Add from memory…")).response
    form = await choose(observer, card, "A question heard…", "Q:close")
    pad = (await observer.submit_modal(form, {"at": "0:00", "quote": "", "effect": ""})).response

    assert "🌙 Close question heard" in text(pad)
    times = [row["at_ms"] // 1000 for row in sorted(rows(world, "notes"), key=lambda r: r["id"])]
    assert times[1] == 70
    assert times[2] == times[3] > 300, "without a time, or with one too late, it is at the end"
    assert times[4] == 0, "the beginning is a time like any other"


async def test_a_memory_with_a_time_that_cannot_be_read_is_asked_for_again(world, server):
    group, _ = await noted(world, server)
    await next_part(group)
    await world.later(30)

    card = await remember(
        group,
        group.observer,
        await pad_of(group, group.observer),
        at="when?",
        quote="Hm",
        effect="Oh",
    )
    assert "### Not saved yet" in text(card)
    assert rows(world, "notes") == []
    form = await press(world, group.observer, card, "Change it")
    assert fields(form)["quote"]["value"] == "Hm"
    assert fields(form)["effect"]["value"] == "Oh"
    await group.observer.submit_modal(form, {"at": "0:01", "quote": "Hm", "effect": "Oh"})

    assert [(row["at_ms"], row["quote"]) for row in rows(world, "notes")] == [(1_000, "Hm")]


async def test_nobody_reads_or_changes_the_notes_of_others(world, server):
    group = await coaching(world, server, 4, channel=server.thread())
    olu, pia = group.people[2:]
    pad = await tap(group, olu, await pad_of(group, olu), SEEN)
    pad = await quote(group, olu, pad, "Secret words")
    note_id = rows(world, "notes")[0]["id"]
    theirs = await tap(group, pia, await pad_of(group, pia), SIGNAL)
    other_id = next(row["id"] for row in rows(world, "notes") if row["id"] != note_id)
    assert label(theirs, "Undo")

    # As if someone made a custom id up, with the id of a note that is not theirs.
    pads = world.bot.services[PadService]
    round_id = rows(world, "rounds")[0]["id"]
    for action in (pads.mine, pads.take_back, pads.put_back):
        with pytest.raises(Exception, match="note"):
            await action(round_id, pia.id, note_id)
        with pytest.raises(Exception, match="note"):
            await action(round_id, olu.id, other_id)

    assert "Secret words" not in text(await pad_of(group, pia))
    assert "Secret words" not in told(await group.press(group.coach, "Open my pad"))
    assert [row["withdrawn_ms"] for row in rows(world, "notes")] == [None, None]


async def test_a_note_can_say_something_else_with_its_time_and_words(world, server):
    """C6: signal and side can be put right; a part of the code is asked for again."""
    group, pad = await noted(world, server, "steered")
    form = await press(world, group.observer, await opened(group, pad), "Words and time…")
    typed = {"quote": "Let us", "effect": "", "at": "", "variant": ["a"]}
    one = (await group.observer.submit_modal(form, typed)).response
    before = rows(world, "notes")[0]
    assert "S6:signal" not in menus(one)[OTHER]
    assert "S6:seen" in menus(one)[OTHER]

    one = (await choose(group.observer, one, OTHER, "S1:signal")).response

    after = rows(world, "notes")[0]
    assert "🔸 S1 Meaning made for the client · “Let us”" in text(one)
    assert (after["code"], after["side"], after["variant"]) == ("S1", "signal", "")
    assert (after["at_ms"], after["quote"]) == (before["at_ms"], "Let us")
    pad = (await press(world, group.observer, one, "Back to the pad")).response
    assert "told 1" in labels(pad)
    assert "steered" in labels(pad)


async def test_a_question_heard_can_be_of_another_phase_and_of_nothing_else(world, server):
    """C6: also with an id that was made up."""
    group, pad = await noted(world, server, "Meaning")
    one = await opened(group, pad)
    assert menus(one)[OTHER] == ["Q:start", "Q:check-in", "Q:action", "Q:close"]

    one = (await choose(group.observer, one, OTHER, "Q:close")).response
    assert "🌙 Close question heard" in text(one)
    pads, note = world.bot.services[PadService], rows(world, "notes")[0]
    for code, side in (("S5", Side.SEEN), ("X9", Side.SIGNAL)):
        with pytest.raises(NothingToShow):
            await pads.correct(note["round_id"], group.observer.id, note["id"], code, side)
    assert rows(world, "notes")[0]["phase"] == "close"


async def test_a_released_note_cannot_say_something_else(world, server):
    """C6: the coach has it by then; the card says so."""
    group, pad = await noted(world, server, SEEN)
    one = await opened(group, pad)
    await next_part(group)
    await released(group)

    answer = await choose(group.observer, one, OTHER, "S1:signal")

    assert "The coach has it already" in told(answer)
    assert rows(world, "notes")[0]["code"] == "S5"


async def test_words_for_an_older_note_take_four_clicks(world, server):
    """C6: Edit, the menu, the note, and the form is there to be sent."""
    group, pad = await noted(world, server, SEEN, SIGNAL)
    notes = (await press(world, group.observer, pad, "Edit")).response
    form = await choose(group.observer, notes, WORDS, menus(notes)[WORDS][0])

    await group.observer.submit_modal(form, {"quote": "And then?", "effect": "", "at": ""})

    assert [row["quote"] for row in rows(world, "notes")] == ["And then?", ""]
