"""What happens to notes at the edges: few notes, many devices, restarts; each case by its name."""

from __future__ import annotations

import contextlib

from tests.cards.feedback_tour import many_signals
from tests.cards.rules import faults_of, parts
from tests.feedback.ui.steps import (
    SEEN,
    SIGNAL,
    coached,
    feedback_of,
    hand_in,
    label,
    marked,
    next_part,
    noted,
    pad_of,
    press,
    released,
    skipped,
    tap,
)
from tests.rounds.ui.steps import coaching, private, rows, running, title
from tests.rounds.ui.trouble import NO_DMS, refusing, second_dojo
from tests.simulation.world import choose, labels, menus, text

MINUTE = 60


async def test_nobody_took_notes_and_there_are_four_questions_to_ask_aloud(world, server):
    group = await coaching(world, server)
    await next_part(group, 5)

    full = await skipped(group)

    said = text(full)
    assert "🗨️ **No notes and sheets of observers are kept of this round.** Ask in talk:" in said
    assert "Stored:" not in said
    assert sum(line.startswith("- ") and line.endswith("?") for line in said.splitlines()) == 4
    assert "About a note…" not in labels(full)
    assert "Time line" not in labels(full)


async def test_observer_without_notes_is_named_to_nobody(world, server):
    group = await coaching(world, server, 4, channel=server.thread())
    olu, pia = group.people[2:]
    await tap(group, olu, await pad_of(group, olu), SEEN)
    await next_part(group)
    await world.later(30)
    assert "You noted nothing. The sheet is worth as much." in text(await pad_of(group, pia))
    await hand_in(group, olu)
    await next_part(group, 4)

    full = await skipped(group)
    process = await feedback_of(group, server.manager())

    assert pia.mention not in text(full)
    assert pia.mention not in text(process)
    assert "of 2" not in text(full), "who noted nothing is not counted"


# Devices, restarts, time


async def test_double_click_and_two_devices_note_once(world, server):
    group = await coaching(world, server)
    desk, phone = await pad_of(group, group.observer), await pad_of(group, group.observer)
    await world.later(5)

    await world.together(
        lambda: group.observer.click(desk, label=label(desk, SEEN)),
        lambda: group.observer.click(desk, label=label(desk, SEEN)),
        lambda: group.observer.click(phone, label=label(phone, SEEN)),
    )

    assert len(rows(world, "notes")) == 1
    assert "S5 gap 1" in labels(await pad_of(group, group.observer))


async def test_restart_loses_no_tap_and_no_button(world, server):
    group = await coaching(world, server)
    pad = await tap(group, group.observer, await pad_of(group, group.observer), SEEN)
    form = await press(world, group.observer, pad, "Quote")
    await world.restart(crash=True)

    pad = await tap(group, group.observer, pad, SIGNAL)
    await group.observer.submit_modal(form, {"quote": "Hm?", "effect": ""})

    assert {"S5 gap 1", "finished 1"} <= set(labels(pad))
    assert sorted(row["quote"] for row in rows(world, "notes")) == ["", "Hm?"]
    await next_part(group)
    await world.later(30)
    sheet = await press(world, group.observer, await pad_of(group, group.observer), "My sheet")
    assert marked(sheet.response) == {"S5": "both"}
    await world.restart(crash=True)
    await press(world, group.observer, sheet.response, "Hand in")
    await next_part(group, 3)
    await world.later(121)
    waiting = await feedback_of(group, group.coach)
    await world.restart()
    full = (await press(world, group.coach, waiting, "Skip")).response
    assert "“Hm?”" in text(full)


async def test_restart_longer_than_the_round_keeps_the_notes_for_the_coach(world, server):
    group = await noted(world, server, 3)

    await world.away(3 * 3600)
    assert title(group.card) == "🔌 The round was interrupted"

    assert "S5 Gap left open" in text(await skipped(group))


async def test_practice_longer_than_15_minutes_and_the_pad_still_works(world, server):
    group = await coaching(world, server, 4, format="deep-45")
    pad = await pad_of(group, group.observer)
    pad = await tap(group, group.observer, pad, SEEN, after=16 * MINUTE)
    assert "S5 gap 1" in labels(pad)
    edits = len(world.env.http_requests)

    # The bot does not touch a pad on its own: it says so on the next tap.
    await world.later(14 * MINUTE)
    touched = [
        one.path
        for one in world.env.http_requests[edits:]
        if "webhooks" in one.path or "callback" in one.path
    ]
    assert touched == []
    answer = await group.observer.click(pad, label=label(pad, SEEN))
    assert "That tap came too late, so it was not noted" in text(answer.response)
    assert len(rows(world, "notes")) == 1


async def test_mobile_users_have_three_buttons_a_row_and_forty_parts_at_most(world, server):
    channel = server.handle.create_text_channel("many")
    await server.set_up(channel)
    await server.give_content(many_signals(), channel)
    few = await coaching(world, server, [server.member(name) for name in ("ann", "ben", "cyd")])
    many = await coaching(world, server, channel=channel)
    for group in (few, many):
        pad = await pad_of(group, group.observer)
        await world.later(5)
        first = next(part["custom_id"] for part in parts(pad) if part.get("type") == 2)
        await group.observer.click(pad, custom_id=first)
        await press(world, group.observer, pad, "Undo")
        rows_of = [part["components"] for part in parts(pad) if part.get("type") == 1]
        assert max(map(len, rows_of)) <= 3
        assert faults_of(pad.components) == []
        assert len(list(parts(pad))) <= 40
    assert len(menus(pad)["More of this dojo’s list…"]) == 8
    pad = (await choose(many.observer, pad, "More of this dojo’s list…", "X3:signal")).response
    assert [row["code"] for row in rows(world, "notes")][-1] == "X3"


# What is never needed, read or kept


async def test_message_content_is_never_read(world, server):
    intents = world.bot.intents
    assert not intents.message_content
    assert not intents.messages
    group = await coached(world, server)
    await group.client.send(group.room, "My boss said something dreadful")
    await released(group)

    assert b"dreadful" not in world.database.read_bytes()
    assert not any(
        b"dreadful" in file.read_bytes() for file in world.database.parent.glob("*sqlite3*")
    )


async def test_dms_closed_and_nothing_is_missing(world, server):
    group = await coaching(world, server, 4)
    with contextlib.ExitStack() as stack:
        for person in group.people:
            stack.enter_context(refusing(world, 403, NO_DMS, room=person.user.dm_channel))
        for person in group.people[2:]:
            await tap(group, person, await pad_of(group, person), SEEN)
        await next_part(group)
        full = await released(group)
    assert "S5 Gap left open" in text(full)
    dms = {str(person.user.dm_channel.id) for person in group.people}
    posted = [one.path for one in world.env.http_requests if one.method == "POST"]
    assert not any(dm in path for path in posted for dm in dms), "not even tried"


async def test_sensitive_topics_have_no_place(world, server):
    group = await running(world, server)
    role = private(await group.press(group.client, "My role now"))
    assert "bring nothing that you would rather keep to yourself" in text(role)
    await group.press(group.coach, "Next")
    pad = await tap(group, group.observer, await pad_of(group, group.observer), SEEN)
    form = await press(world, group.observer, pad, "Quote")
    assert "Leave out names and details of the client." in str(form.modal)

    columns = {
        name
        for table in ("rounds", "round_people", "notes", "sheets", "debriefs", "client_views")
        for row in rows(world, table)
        for name in row
    }
    assert not {name for name in columns if "topic" in name or "story" in name}


async def test_same_user_in_two_dojos_has_the_pad_of_the_round_they_are_in(world, server):
    evening = await second_dojo(server)
    group = await noted(world, server, 3)

    pad = private(await group.observer.slash(evening, "observe"))

    assert "S5 gap 1" in labels(pad)
    await tap(group, group.observer, pad, SIGNAL)
    assert len(rows(world, "notes")) == 2


async def test_names_are_hidden_where_the_dojo_says_so(world, server):
    fay = server.manager()
    card = (await fay.slash(server.dojo, "dojo settings")).response
    form = await fay.click(card, label="Privacy and safety")
    typed = {"contact": [], "days": "30", "months": "12", "attendance": "24", "names": "hidden"}
    await fay.submit_modal(form, typed)
    group = await noted(world, server)
    await next_part(group)

    full = await released(group)

    assert "S5 Gap left open" in text(full)
    assert not any(person.mention in text(full) for person in group.people[2:])
