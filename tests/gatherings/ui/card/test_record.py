"""`/dojo record` and the check-out: what is kept of an evening, and who sees it."""

from __future__ import annotations

import csv
import io
from unittest import mock

from bot.kit.person import MissedPeople
from tests.gatherings.ui.steps import group, in_rooms, members, panel_of
from tests.rounds.ui.steps import private, rows
from tests.simulation.world import chosen, fields, file_of, labels, text, told

MINUTE = 60


async def practised(world, server, people):
    """An evening of one round with real coaching, before its last card."""
    evening = await in_rooms(world, server, people, rounds=1)
    panel = await panel_of(evening)
    await evening.press(evening.lead, "Next", panel)
    await world.later(5 * MINUTE)
    await evening.press(evening.lead, "End all", panel)
    await evening.press(evening.lead, "End all", panel)
    await world.later(MINUTE)
    return evening


async def test_the_record_says_who_coached_and_who_is_owed_a_turn(world, server):
    fay = server.manager("keeper")
    empty = private(await fay.slash(server.dojo, "dojo record"))
    assert "Nobody has practised here yet." in text(empty)
    assert labels(empty) == []

    people = members(server, 4)
    evening = await practised(world, server, people)
    coach, client, *_ = group(evening, 1, people)
    record = private(await fay.slash(server.dojo, "dojo record"))
    said = text(record)
    assert "4 people" in said
    lines = [line for line in said.splitlines() if line.startswith("<@")]
    assert len(lines) == 4
    (coached,) = [line for line in lines if "coached 1 ×, last <t:" in line]
    assert coached.startswith(coach.mention)
    assert lines[-1] == coached
    assert "has not coached yet · 1 evening" in lines[0]
    assert not any(word in said for word in ("note", "sheet")) or "nothing of notes" in said

    with mock.patch("bot.gatherings.ui.record.PEOPLE_ON_A_PAGE", 3):
        paged = private(await fay.slash(server.dojo, "dojo record"))
        await world.later(1)
        await fay.click(paged, label="Next page")
    assert coach.mention in text(paged)
    assert client.mention not in text(paged)

    await world.later(1)
    file = private(await fay.click(record, label="As a file"))
    raw = await file_of(file, "record.csv")
    assert raw.startswith("\ufeff")
    found = list(csv.DictReader(io.StringIO(raw.removeprefix("\ufeff"))))
    assert {row["name"] for row in found} == {person.name for person in people}
    assert [row["coached"] for row in found] == ["0", "0", "0", "1"]

    # Discord says in passing who has left: they are asked about first at night.
    server.handle.remove_member(client)
    await world.later(1)
    file = private(await fay.click(record, label="As a file"))
    raw = await file_of(file, "record.csv")
    assert client.name not in raw
    assert world.bot.services[MissedPeople].take() == {(server.id, client.id)}

    ann = next(person for person in people if person is not client)
    server.show_commands_to(ann)
    assert "with **Manage Channels**" in told(await ann.slash(server.dojo, "dojo record"))
    # Who was a facilitator, and is none any more, gets no file from an old card.
    server.take_role(fay, server.managers)
    await world.later(1)
    assert "with **Manage Channels**" in told(await fay.click(record, label="As a file"))


async def test_people_check_out_and_what_they_say_is_shown_without_names(world, server):
    people = members(server, 3)
    evening = await practised(world, server, people)
    ann, ben, cyd = people

    form = await evening.press(ann, "Check out")
    assert chosen(fields(form)["useful"]) == []
    thanks = private(await ann.submit_modal(form, {"useful": ["8"], "word": "  wide  open "}))
    assert "8 of 10, “wide open”" in text(thanks)

    # A word that seems to name someone is looked at again first.
    form = await evening.press(ben, "Check out")
    asked = private(await ben.submit_modal(form, {"useful": ["10"], "word": "like @kim"}))
    assert "### Keep it like this?" in text(asked)
    assert len(rows(world, "check_outs")) == 1
    again = await ben.click(asked, label="Change it")
    assert chosen(fields(again)["useful"]) == ["10"]
    await ben.submit_modal(again, {"useful": ["9"], "word": "warm"})
    form = await evening.press(cyd, "Check out")
    await cyd.submit_modal(form, {"useful": ["0"], "word": ""})
    kept = {(row["useful"], row["word"]) for row in rows(world, "check_outs")}
    assert kept == {(8, "wide open"), (9, "warm"), (0, "")}
    guest = server.member("guest")
    assert "Not in this gathering" in told(await evening.press(guest, "Check out"))
