"""`/my export` and `/my forget` from end to end."""

from __future__ import annotations

import json

import pytest

from bot.kit.discord.file_traces import TRACES
from tests.kit.database.files import outside
from tests.rounds.ui.steps import coaching, lines, private, proposed
from tests.simulation.world import file_of, labels, text

OF_ROUNDS = ("rounds", "notes", "sheets", "client_views", "debriefs", "reports", "talks")
OF_GATHERINGS = ("gatherings", "wishes", "check_outs", "departures")
OF_ASKING = ("askings", "invitations")
OF_MESSAGES = ("refused_messages", "set_aside_questions")
OF_OTHERS = (*OF_ROUNDS, *OF_GATHERINGS, *OF_ASKING, *OF_MESSAGES)
NOTHING = {name: [] for name in ("dojos", "own_contents", *OF_OTHERS)}
OWN = 'version = 1\n[[question]]\nid = "ours"\nphase = "close"\ntext = "Ours?"\n'


@pytest.fixture
async def fay(server):
    """Someone who set up a dojo and imported content."""
    fay = server.manager()
    await server.set_up(server.lounge, by=fay)
    await server.give_content(OWN, by=fay)
    return fay


async def exported(answer) -> dict:
    assert answer.response.ephemeral
    return json.loads(await file_of(answer.response, "my-dojo-data.json"))


async def test_export_gives_all_that_is_stored_about_a_person(world, server, fay):
    data = await exported(await fay.slash(server.dojo, "my export"))

    now = world.env.now().isoformat(timespec="seconds")
    assert data["user_id"] == str(fay.id)
    assert data["exported_at"] == world.env.now().isoformat(timespec="seconds")
    (dojo,) = data["stored"].pop("dojos")
    (imported,) = data["stored"].pop("own_contents")
    assert data["stored"] == {name: [] for name in OF_OTHERS}
    assert dojo == {
        "guild_id": str(server.id),
        "channel_id": str(server.lounge.id),
        "set_up_at": now,
        "set_up_by_me": True,
        "safety_contact": False,
    }
    assert imported == {
        "guild_id": str(server.id),
        "channel_id": str(server.dojo.id),
        "imported_at": now,
    }


async def test_ids_in_the_export_survive_programs_that_read_numbers_as_floats(server, fay):
    """As Discord itself does, ids are texts: JavaScript rounds whole numbers above 2**53."""
    data = await exported(await fay.slash(server.dojo, "my export"))

    ids = [
        value
        for entries in data["stored"].values()
        for entry in entries
        for name, value in entry.items()
        if name.endswith("_id")
    ]
    assert ids
    assert all(isinstance(value, str) or value < 2**53 for value in ids)


async def test_export_counts_what_is_in_the_file(server, fay):
    answer = await fay.slash(server.dojo, "my export")

    said = text(answer.response)
    assert "- 1 dojo you set up" in said
    assert "- 1 content import" in said
    assert "</my forget:" in said


async def test_export_works_in_direct_messages_and_covers_all_servers(world, server, fay):
    elsewhere = world.guild(name="Elsewhere")
    both = elsewhere.handle.add_member(fay.user, roles=[elsewhere.managers])
    await elsewhere.set_up(by=both)

    data = await exported(await fay.user.slash("my export"))

    places = {int(entry["channel_id"]) for entry in data["stored"]["dojos"]}
    assert places == {server.lounge.id, elsewhere.dojo.id}


async def test_a_person_who_only_asks_for_questions_has_nothing_stored(server):
    carla = server.member("carla")
    for _ in range(3):
        await carla.slash(server.dojo, "question", phase="meaning")

    answer = await carla.slash(server.dojo, "my export")

    assert "I found nothing about you to show." in text(answer.response)
    assert (await exported(answer))["stored"] == NOTHING


async def test_nothing_of_other_people_is_in_the_export(server, fay):
    carla = server.member("carla")

    data = await exported(await carla.slash(server.dojo, "my export"))

    assert str(fay.id) not in json.dumps(data)


async def test_forget_says_what_goes_and_asks(server, fay):
    answer = await fay.slash(server.dojo, "my forget")

    said = text(answer.response)
    assert answer.response.ephemeral
    assert labels(answer.response) == ["Erase", "Keep it"]
    assert "1 dojo you set up or are a contact of (the dojo stays, without your name)" in said
    assert "1 content import (the content stays, without your name)" in said
    assert "every server" in said


async def test_forget_erases_everything_about_the_person(server, fay):
    card = (await fay.slash(server.dojo, "my forget")).response

    await fay.click(card, label="Erase")

    assert "1 dojo you set up" in text(card)
    assert labels(card) == []
    data = await exported(await fay.slash(server.dojo, "my export"))
    assert data["stored"] == NOTHING


async def test_what_was_erased_stays_erased_after_a_restart(world, server, fay):
    card = (await fay.slash(server.dojo, "my forget")).response
    await fay.click(card, label="Erase")

    await world.restart(crash=True)

    data = await exported(await fay.slash(server.dojo, "my export"))
    assert data["stored"] == NOTHING
    assert str(fay.id).encode() not in world.database.read_bytes()


async def test_dojo_and_content_stay_when_a_person_is_forgotten(server, fay):
    card = (await fay.slash(server.dojo, "my forget")).response
    await fay.click(card, label="Erase")

    carla = server.member("carla")
    in_lounge = await carla.slash(server.lounge, "question", phase="close")
    exported_file = await server.manager("other").slash(server.dojo, "dojo content export")

    assert not in_lounge.response.ephemeral
    assert await file_of(exported_file.response, "dojo-content.toml") == OWN


async def test_forget_leaves_other_people_alone(server, fay):
    other = server.manager("other")
    await server.set_up(server.handle.create_text_channel("third"), by=other)
    card = (await fay.slash(server.dojo, "my forget")).response

    await fay.click(card, label="Erase")

    data = await exported(await other.slash(server.dojo, "my export"))
    assert len(data["stored"]["dojos"]) == 1


async def test_keep_it_erases_nothing(server, fay):
    card = (await fay.slash(server.dojo, "my forget")).response

    await fay.click(card, label="Keep it")

    assert text(card) == "Nothing was erased."
    assert labels(card) == []
    data = await exported(await fay.slash(server.dojo, "my export"))
    assert len(data["stored"]["dojos"]) == 1


async def test_forget_asks_also_who_has_nothing_to_be_shown(server):
    """S5: what is held back can be erased, and that nothing is asked would say there is none."""
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "my forget")).response

    assert "I found nothing about you to show." in text(card)
    assert labels(card) == ["Erase", "Keep it"]
    await carla.click(card, label="Erase")
    assert "There was nothing more about you to show." in text(card)


async def test_forget_works_in_direct_messages(server, fay):
    card = (await fay.user.slash("my forget")).response

    await fay.user.click(card, label="Erase")

    data = await exported(await fay.slash(server.dojo, "my export"))
    assert data["stored"] == NOTHING


async def test_erase_pressed_after_a_restart_works(world, server, fay):
    card = (await fay.slash(server.dojo, "my forget")).response
    await world.restart()

    await fay.click(card, label="Erase")

    assert "Erased" in text(card)


async def test_erase_pressed_on_two_cards_says_that_nothing_was_left(server, fay):
    one = (await fay.slash(server.dojo, "my forget")).response
    two = (await fay.slash(server.dojo, "my forget")).response
    await fay.click(one, label="Erase")

    await fay.click(two, label="Erase")

    assert "There was nothing more about you to show." in text(two)


async def test_where_a_person_brings_the_app_along_data_rights_hold_too(world, server, fay):
    world.payloads.set(fay.id, authorizing_integration_owners={"1": str(fay.id)})

    data = await exported(await fay.slash(server.dojo, "my export"))

    assert len(data["stored"]["dojos"]) == 1


# Rounds


async def erase(person, server) -> str:
    """Erase everything about a person; what they are told."""
    card = (await person.slash(server.dojo, "my forget")).response
    await person.click(card, label="Erase")
    return text(card)


async def test_a_round_is_exported_while_it_runs(world, server):
    group = await coaching(world, server)

    answer = await group.client.slash(server.dojo, "my export")

    (mine,) = (await exported(answer))["stored"]["rounds"]
    assert "- 1 round\n" in text(answer.response)
    assert mine["room_id"] == str(group.room.id)
    assert (mine["role"], mine["agreement"], mine["state"]) == ("client", "notes", "running")
    assert (mine["proposed_by_me"], mine["ended_at"]) == (False, None)


async def test_nobody_else_of_the_group_is_in_the_export(world, server):
    group = await coaching(world, server)

    data = await exported(await group.client.slash(server.dojo, "my export"))

    others = [str(one.id) for one in group.people if one is not group.client]
    assert [one for one in others if one in json.dumps(data)] == []


async def test_forget_says_that_the_others_keep_their_rounds(world, server):
    group = await coaching(world, server)

    said = text((await group.observer.slash(server.dojo, "my forget")).response)

    assert "- 1 round (the others keep theirs, without your name)" in said


async def test_a_person_who_is_forgotten_in_a_running_round_has_left_it(world, server):
    group = await coaching(world, server, 4)

    said = await erase(group.observer, server)

    assert "1 round (the others keep theirs, without your name)" in said
    assert lines(group.room)[-1] == "-# 👋 Somebody has left the round."
    assert group.observer.mention not in text(group.card)
    # Others may bring them into the room again.
    world.env.backend.add_thread_member(group.room.id, group.observer.id)
    answer = await group.press(group.observer, "My role now")
    assert "You are not in this round." in text(private(answer))


async def test_a_person_who_is_forgotten_in_a_running_round_stays_so_until_its_end(world, server):
    group = await coaching(world, server, 4)
    await erase(group.observer, server)

    await world.later(60)
    await world.restart()
    await world.later(40 * 60)

    assert "complete" in text(group.card)
    data = await exported(await group.observer.slash(server.dojo, "my export"))
    assert data["stored"] == NOTHING
    assert str(group.observer.id).encode() not in world.database.read_bytes()


async def test_a_person_who_is_asked_into_a_round_and_forgotten_is_asked_no_longer(world, server):
    group = await proposed(world, server, 4)

    await erase(group.observer, server)

    assert group.observer.mention not in text(group.card)
    await group.agree(*(one for one in group.people if one is not group.observer))
    assert "### 📜 Agree" in text(group.card)


async def test_erasing_while_the_file_is_read_says_that_traces_are_left_until_they_are_gone(
    world, server, fay, monkeypatch
):
    """F9: in the answer and in the status."""
    monkeypatch.setattr("bot.kit.database.write_log.WAIT_SECONDS", 0)
    # Longer than the simulation waits for what will come to rest by itself.
    monkeypatch.setattr("bot.kit.database.write_log.LATER_SECONDS", 60)
    asked = (await fay.slash(server.dojo, "my forget")).response
    with outside(world.database) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM dojos").fetchall()
        answer = await fay.click(asked, label="Erase")
        assert "Erased:" in text(asked)
        assert TRACES in text(asked)
        assert answer.response is None or answer.response.ephemeral
        status = (await server.manager().slash(server.dojo, "dojo status")).response
        assert "the file holds traces" in text(status)
        other.execute("ROLLBACK")
    await world.later(61)
    status = (await server.manager().slash(server.dojo, "dojo status")).response
    assert "traces" not in text(status)
    assert str(fay.id).encode() not in world.database.with_name("dojo.sqlite3-wal").read_bytes()
