"""The debrief: released in its turn, to the coach alone, and what the coach does with it."""

from __future__ import annotations

import re

import pytest

from bot.feedback.service.debriefs import DebriefService
from bot.rounds.model.refusals import NotInRound
from tests.cards.rules import parts
from tests.feedback.ui.steps import (
    MOMENTS_MENU,
    SEEN,
    SIGNAL,
    about_note,
    coached,
    feedback_of,
    hand_in,
    next_part,
    pad_of,
    press,
    quote,
    released,
    remember,
    tap,
)
from tests.rounds.ui.steps import coaching, private, proposed, rows
from tests.simulation.world import fields, labels, menus, text, told

FOCUS = "Coach: what to watch"


async def test_feedback_waits_for_each_part_before_it(world, server):
    group = await coaching(world, server, 4)
    early = await group.coach.slash(group.room, "feedback")
    assert "Your feedback comes after the coaching." in text(private(early))
    assert "It comes after **Observers**, part 6 of 7, about <t:" in text(private(early))
    assert "Ask again nearer the time" in text(private(early)), "C3: nothing that is not true"
    assert labels(private(early)) == []
    await tap(group, group.observer, await pad_of(group, group.observer), SEEN)
    await next_part(group)

    said = {}
    for part in ("write", "self", "client", "observers"):
        said[part] = text(await feedback_of(group, group.coach))
        if part == "observers":
            await world.later(245)
        else:
            await next_part(group)
    assert "after your own view and the client’s" in said["write"]
    # Only the hour follows the clock.
    said = {part: re.sub(r"<t:[^>]*>", "", words) for part, words in said.items()}
    assert said["write"] == said["self"] == said["client"]
    assert "as soon as everybody has handed in" in said["observers"]

    # Their part is over, and one of them had nothing: it opens all the same.
    waiting = await feedback_of(group, group.coach)
    assert "First your own view" in text(waiting)
    assert [row["released_ms"] for row in rows(world, "debriefs")] == [None]
    full = (await press(world, group.coach, waiting, "Skip")).response
    assert "· `" in text(full) or "- `" in text(full)
    assert rows(world, "debriefs")[0]["released_ms"] is not None


async def test_feedback_of_a_round_is_its_coachs_alone(world, server):
    group = await coached(world, server, channel=server.thread())
    full = await released(group)
    assert full.ephemeral
    others = [group.client, group.observer, server.member("zoe")]

    shown = [text(await feedback_of(group, person)) for person in others]
    assert not any("Feedback on your coaching" in one for one in shown)
    assert "You are not in this round" in shown[-1]
    # As if someone made a custom id up.
    debriefs, round_id = world.bot.services[DebriefService], rows(world, "rounds")[0]["id"]
    for person in [*others, server.manager()]:
        with pytest.raises(NotInRound):
            await debriefs.open(round_id, person.id)


async def test_the_debrief_leads_with_the_focus_and_folds_the_rest(world, server):
    group = await proposed(world, server)
    form = await group.press(group.coach, FOCUS)
    await group.coach.submit_modal(form, {"codes": ["S5"], "wish": "Do I leave room?"})
    await group.agree()
    await group.press(group.coach, "Next")
    pad = await pad_of(group, group.observer)
    for side in ("S4 named", SEEN, "Meaning", "missed", SIGNAL):
        pad = await tap(group, group.observer, pad, side, after=40)
        if side == "Meaning":
            pad = await quote(group, group.observer, pad, "What does it mean to you?")
    await next_part(group)

    full = await released(group)

    said = text(full)
    assert "🔎 **You asked to watch:** ★ S5 Gap left open · “Do I leave room?”" in said
    assert said.index("★ **S5 Gap left open**") < said.index("S4 Greatness named")
    assert "★ **S5 Sentence finished for the client**" in said
    assert "Greatness not acknowledged" not in said
    assert "1 other signal: S4. **Show the rest** opens it." in said
    assert "❓ **Partnering questions heard**" in said
    assert "“What does it mean to you?”" in said, "words of a question that was heard"
    assert said.count("-# Idea for S5: ") == 2, "15.1: for the signal that is read first"
    await press(world, group.coach, full, "Show the rest")
    assert "S4 Greatness not acknowledged" in text(full)
    assert "Show the rest" not in labels(full)


async def test_a_debrief_has_no_score_no_total_and_no_comparison(world, server):
    group = await coached(world, server, 4)
    full = await released(group)

    lines = text(full).splitlines()

    assert "🤝 **What observers saw you do**" in lines
    head = "\n".join(lines[: lines.index("🤝 **What observers saw you do**")])
    assert not any(sign.isdigit() for sign in head.replace("S5", ""))
    for word in ("score", "total", "%", "average", "better", "worse", "level"):
        assert word not in text(full).lower()


async def test_one_thing_to_try_is_kept_and_offered_as_focus_next_time(world, server):
    group = await coached(world, server)
    full = await released(group)
    assert "🎯 **One thing to try:** what do you choose, small and your own?" in text(full)
    form = await press(world, group.coach, full, "One thing to try…")
    await group.coach.submit_modal(form, {"words": "Stop after the question"})
    assert "🎯 **One thing to try:** Stop after the question" in text(full)
    form = await press(world, group.coach, full, "One thing to try…")
    assert fields(form)["words"]["value"] == "Stop after the question"
    await next_part(group, 2)

    again = await proposed(world, server, group.people)
    form = await again.press(again.coach, FOCUS)

    assert fields(form)["wish"]["value"] == "Stop after the question"
    assert "Last time you wanted to try this" in str(form.modal)


async def test_a_note_can_be_called_helpful_or_unclear(world, server):
    group = await coached(world, server, 4)
    one = await about_note(group, await released(group))
    assert f"noted by {group.observer.mention}" in text(one)

    await press(world, group.coach, one, "This note helped")
    assert "This note helped ✓" in labels(one)
    await press(world, group.coach, one, "This note is unclear")
    assert [label for label in labels(one) if "✓" in label] == ["This note is unclear ✓"]
    assert [row["verdict"] for row in rows(world, "notes")].count("unclear") == 1
    await press(world, group.coach, one, "This note is unclear")
    assert not any("✓" in label for label in labels(one))

    await press(world, group.coach, one, "Another note")
    assert len(menus(one)[MOMENTS_MENU]) == 2
    await press(world, group.coach, one, "Back to my feedback")
    assert "### 🎁 Feedback on your coaching" in text(one)


async def test_observers_learn_in_all_how_many_of_their_notes_helped(world, server):
    group = await coaching(world, server, 4)
    olu, pia = group.people[2:]
    pad = await tap(group, olu, await pad_of(group, olu), SEEN)
    await tap(group, olu, pad, SIGNAL, after=60)
    await tap(group, pia, await pad_of(group, pia), SEEN, after=60)
    await next_part(group)
    full = await released(group)
    for number in range(3):
        one = await about_note(group, full, number)
        await press(world, group.coach, one, "This note helped")
        full = (await press(world, group.coach, one, "Back to my feedback")).response

    assert "The coach says that 2 of them helped." in text(await pad_of(group, olu))
    # A single note would say what the coach thought of it.
    said = text(await pad_of(group, pia))
    assert "### 📝 My notes are with the coach" in said
    assert "helped" not in said
    # Neither learns what was said of which note, or anything of the other's.
    assert "Sentence finished" not in said


async def test_the_words_of_a_note_can_be_erased_by_the_coach(world, server):
    group = await coaching(world, server)
    pad = await tap(group, group.observer, await pad_of(group, group.observer), SEEN)
    await quote(group, group.observer, pad, "Not quite what I said")
    await next_part(group)
    full = await released(group)
    assert "Not quite what I said" in text(full)

    one = await about_note(group, full)
    asked = (await press(world, group.coach, one, "Erase its words…")).response
    assert "It cannot be undone." in text(asked)
    one = (await press(world, group.coach, asked, "Erase them")).response

    assert "Erase its words…" not in labels(one)
    assert [(row["code"], row["quote"]) for row in rows(world, "notes")] == [("S5", "")]
    assert "Not quite" not in text(await feedback_of(group, group.coach))
    assert "Not quite" not in text(await feedback_of(group, group.observer))


async def test_the_coach_erases_all_of_it(world, server):
    """10: and the feedback says one true sentence then."""
    group = await coached(world, server)
    await hand_in(group, group.observer)
    full = await released(group)
    asked = (await press(world, group.coach, full, "Erase…")).response
    assert "go, for good" in text(asked)
    await press(world, group.coach, asked, "Keep it")
    assert rows(world, "notes")

    asked = (await press(world, group.coach, asked, "Erase…")).response
    await press(world, group.coach, asked, "Erase it")

    assert "The feedback on this round is erased." in text(asked)
    assert {name: rows(world, name) for name in ("notes", "sheets")} == {"notes": [], "sheets": []}
    assert len(rows(world, "rounds")) == 1, "that they coached stays"
    # 10: what is erased is not said to be stored.
    left = text(await feedback_of(group, group.coach))
    assert "No notes and sheets of observers are kept of this round." in left
    assert "Stored:" not in left


async def test_the_picture_says_in_words_what_it_shows(world, server):
    group = await coached(world, server, 4)
    full = await released(group)

    answer = await press(world, group.coach, full, "Time line")

    picture = private(answer)
    gallery = next(part for part in parts(picture) if part.get("type") == 12)
    said = gallery["items"][0]["description"]
    assert "S5" in said
    assert "Gap left open" in said
    assert len(said) <= 1024
    assert picture.ephemeral


async def test_feedback_is_found_by_command_and_by_the_list_of_own_rounds(world, server):
    group = await coached(world, server)
    await released(group)
    await next_part(group, 2)
    round_id = rows(world, "rounds")[0]["id"]

    by_room = private(await group.coach.slash(group.room, "feedback"))
    elsewhere = private(await group.coach.slash(server.lounge, "feedback"))
    offered = await group.coach.autocomplete(server.lounge, "feedback", "round", "triad")
    chosen = private(await group.coach.slash(server.lounge, "feedback", round=str(round_id)))

    assert text(by_room) == text(elsewhere) == text(chosen)
    assert [choice["value"] for choice in offered] == [str(round_id)]
    assert "Classic triad" in offered[0]["name"]
    zoe = server.member("zoe")
    assert "You have not coached in a round yet" in told(await zoe.slash(server.lounge, "feedback"))
    stolen = await zoe.slash(server.lounge, "feedback", round=str(round_id))
    assert "You are not in this round" in told(stolen)
    assert "That round is over." in told(await zoe.slash(server.lounge, "feedback", round="x"))


async def test_how_long_it_is_kept_is_said(world, server):
    group = await coached(world, server)
    await released(group)
    await next_part(group, 2)

    said = text(await feedback_of(group, group.coach))

    assert "observers’ words until <t:" in said
    assert "notes and sheets until <t:" in said
    assert "**Erase…** does it now." in said


async def test_what_is_remembered_after_the_coaching_is_in_it(world, server):
    group = await coached(world, server)
    await world.later(30)
    pad = await pad_of(group, group.observer)
    await remember(group, group.observer, pad, "S2:signal", at="1:01", quote="Hm", effect="")

    full = await released(group)

    assert "S2 Stuck on the problem" in text(full)
    assert "`01:01` · “Hm”" in text(full)
