"""Ids from outside: nobody reaches what belongs to another server or channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from bot.dojos.service.dojos import DojoService
from bot.privacy.service.privacy import PrivacyService
from tests.feedback.ui.steps import coached, pad_of, press, quote, released, tap
from tests.gatherings.ui.steps import panel_of
from tests.gatherings.ui.trouble import gathered, running
from tests.rounds.ui.steps import coaching, proposed, rows
from tests.simulation.forged import click, let_manage, said, select, submit
from tests.simulation.world import Server, World, labels, text

SETTINGS = {
    "role": [],
    "format": ["quick-10"],
    "language": ["en"],
    "asking": "facilitators",
    "zone": "Asia/Tokyo",
}


def everything(world: World) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table about dojos, rounds, evenings and people."""
    tables = ("dojos", "rounds", "round_people", "gatherings", "gathering_people")
    tables += ("gathering_helpers", "gathering_trusted", "kept_apart", "member_wishes", "debriefs")
    return {table: rows(world, table) for table in tables}


@dataclass
class Outsider:
    """A person who manages channels, only not where the dojo is."""

    person: Any
    channel: Any


def of_another_server(world: World, server: Server) -> Outsider:
    other = world.guild(name="Other Corp")
    return Outsider(other.manager("mallory"), other.lounge)


def of_another_channel(world: World, server: Server) -> Outsider:
    """As bots give a member the rights over one voice channel of their own."""
    member = server.member("mallory")
    table = server.handle.create_voice_channel("mallory's table")
    let_manage(world, table, member)
    return Outsider(member, table)


ANYWHERE = pytest.mark.parametrize("come_from", [of_another_server, of_another_channel])
ComeFrom = Callable[[World, Server], Outsider]


# S1: forms trust their id


@ANYWHERE
async def test_nobody_sets_up_or_changes_a_dojo_from_elsewhere(world, server, come_from):
    """S1: neither its settings nor its safety contact, and nothing of them is shown."""
    outsider = come_from(world, server)
    before = everything(world)
    privacy = {"contact": [str(outsider.person.id)], "days": "1", "months": "1", "names": "shown"}

    forms = {"setup": SETTINGS, "dojo-privacy": privacy, "dojo-support": {"line": "Mallory"}}
    for name, fields in forms.items():
        custom_id = f"dojo:1:{name}:{server.dojo.id}"
        people = [outsider.person]
        answer = await submit(outsider.person, outsider.channel, custom_id, fields, people=people)
        assert "works only in the server and channel" in said(answer)
    menu = f"dojo:1:dojo:zone:{server.dojo.id}"
    answer = await select(outsider.person, outsider.channel, menu, ["Asia/Tokyo"])
    assert "works only in the server and channel" in said(answer)

    assert everything(world) == before


async def test_a_channel_cannot_be_claimed_from_another_server(world):
    """S1: before it is a dojo; and what an earlier version let happen is put right."""
    victim, other = world.guild(name="Victim"), world.guild(name="Other Corp")
    mallory = other.manager("mallory")
    await submit(mallory, other.lounge, f"dojo:1:setup:{victim.dojo.id}", SETTINGS)
    assert rows(world, "dojos") == []

    await victim.set_up()
    (row,) = rows(world, "dojos")
    assert row["guild_id"] == victim.id


async def test_the_server_of_a_dojo_is_that_of_its_channel(world, server):
    """S1: a row that says another one is corrected at the next start."""
    database = world.bot.services[PrivacyService]._database
    await database.write("UPDATE dojos SET guild_id = 1")
    await world.restart()
    assert [row["guild_id"] for row in rows(world, "dojos")] == [server.id]
    assert world.bot.services[DojoService].of_guild(server.id)
    assert not world.bot.services[DojoService].of_guild(1)


@ANYWHERE
async def test_nobody_gets_at_an_evening_from_elsewhere(world, server, come_from):
    """S1, S2: no form or button of an evening gives the panel, the lead, or a word in its rooms."""
    evening, _ = await running(world, server, 6)
    outsider = come_from(world, server)
    before = everything(world)
    about = f"dojo:1:gather:{evening.now.id}"
    forms: dict[str, dict[str, str | list[str]]] = {
        "hand-over": {"who": [str(outsider.person.id)]},
        "name": {"who": [str(outsider.person.id)]},
        "take-off": {"who": [str(evening.lead.id)]},
        "plan": {"format": ["quick-10"], "rounds": ["8"], "minutes": "", "seats": "9", "how": []},
        "broadcast:0": {"text": "Hello from elsewhere"},
    }
    for name, fields in forms.items():
        people = [outsider.person, evening.lead]
        answer = await submit(
            outsider.person, outsider.channel, f"{about}:{name}", fields, people=people
        )
        assert "Panel" not in said(answer)
        assert "for people who facilitate" in said(answer) or "is over" in said(answer)
    for button in ("panel", "panel:take-over", "panel:indeed:end", "panel:room:1:visit", "form"):
        answer = await click(outsider.person, outsider.channel, f"{about}:{button}")
        assert "Panel" not in said(answer)

    assert everything(world) == before


async def test_people_of_other_servers_neither_join_nor_write_down_wishes(world, server):
    """S1: also not from a direct message."""
    evening, people = await gathered(world, server, 3)
    other = world.guild(name="Other Corp")
    mallory = other.member("mallory")
    before = everything(world)
    about = f"dojo:1:gather:{evening.now.id}"
    wishes: dict[str, str | list[str]] = {
        "wish": "coach",
        "languages": [],
        "apart": [str(one.id) for one in people],
    }
    for actor, channel in ((mallory, other.lounge), (mallory.user, mallory.user.dm_channel)):
        # Otherwise the second press would be the repeat of the first.
        await world.later(1)
        refused = [
            await submit(actor, channel, f"{about}:wishes", wishes, people=people),
            await click(actor, channel, f"{about}:join"),
            await click(actor, channel, f"{about}:join-instead"),
            await select(actor, channel, f"{about}:wish", ["coach"]),
        ]
        assert {said(one)[:26] for one in refused} == {"That gathering is over. A "}
    assert everything(world) == before


# S2: rights come from the channel one stands in


@ANYWHERE
async def test_the_record_and_the_commands_of_a_dojo_are_for_its_own_facilitators(
    world, server, come_from
):
    """S2: the person who manages another channel reads no record and opens no evening."""
    outsider = come_from(world, server)
    await coached(world, server)
    for command, options in (
        ("dojo record", {}),
        ("dojo open", {"format": "quick-10"}),
        ("dojo rehearse", {"people": 6, "rounds": 2}),
    ):
        answer = await outsider.person.slash(outsider.channel, command, **options)
        assert "with **Manage Channels** in the channel" in said(answer) or "not a dojo" in said(
            answer
        )
    assert rows(world, "gatherings") == []


@ANYWHERE
async def test_feedback_with_a_typed_round_shows_nothing_of_others(world, server, come_from):
    """S2: not how far it is, nor what its coach shared."""
    group = await coached(world, server)
    await quote(group, group.observer, await pad_of(group, group.observer), "SECRET-WORDS")
    full = await released(group)
    ways = (await press(world, group.coach, full, "Share with the room")).response
    await press(world, group.coach, ways, "Everything noted")
    (round_,) = rows(world, "rounds")
    outsider = come_from(world, server)

    answer = await outsider.person.slash(outsider.channel, "feedback", round=str(round_["id"]))
    assert group.coach.mention not in said(answer)
    shown = f"dojo:1:round:{round_['id']}:shared:{group.coach.id}"
    answer = await click(outsider.person, outsider.channel, shown)
    assert "SECRET-WORDS" not in said(answer)


async def test_facilitators_keep_their_rights_in_every_channel_of_their_server(world, server):
    """S2: rights are those in the dojo's channel, wherever a facilitator stands."""
    fay = server.manager("fay")
    evening, _ = await running(world, server, 4, lead=fay)
    answer = await click(fay, server.lounge, f"dojo:1:gather:{evening.now.id}:panel")
    assert "Panel" in said(answer)


async def test_what_is_the_persons_own_works_in_direct_messages(world, server):
    """S1: feedback for its coach, and nothing that acts on the server."""
    group = await coached(world, server)
    await quote(group, group.observer, await pad_of(group, group.observer), "Well seen")
    await released(group)
    (round_,) = rows(world, "rounds")
    about = f"dojo:1:round:{round_['id']}"
    coach = group.coach.user
    dm = coach.dm_channel
    assert "Well seen" in said(await click(coach, dm, f"{about}:my-feedback"))
    assert "works only in the server" in said(await click(coach, dm, f"{about}:share"))
    assert "works only in the server" in said(await click(coach, dm, f"{about}:pause"))
    # For people without a part in it, there is no such round.
    carla = server.member("carla").user
    refused = said(await click(carla, carla.dm_channel, f"{about}:my-feedback"))
    assert "That round is over" in refused


# S14, S22: rights end at once


@pytest.mark.usefixtures("panels_at_once")
async def test_a_person_who_loses_the_role_loses_the_evening_at_once(world, server):
    """S14, 12 f6: what they press at once, and the panel that is open though they press nothing."""
    fay = server.manager("fay")
    evening, people = await gathered(world, server, 4, lead=fay)
    panel, *pressed = [await panel_of(evening, fay) for _ in range(3)]
    server.take_role(fay, server.managers)

    for label, other in zip(("Hand over", "Close the evening"), pressed, strict=True):
        assert "for people who facilitate" in said(await evening.press(fay, label, other))
        assert labels(other) == []
    assert "for people who facilitate" in said(await evening.press(fay, "Form groups"))
    await world.later(90)
    await people[0].click(evening.card, label="Leave")
    await world.env.settle()
    assert text(panel) == "You no longer look after this evening, so its panel is closed here."
    assert labels(panel) == []


async def test_a_person_who_left_the_server_sees_no_panel_any_more(world, server, panels_at_once):
    """S14: kicked, and out of everything at once."""
    fay = server.manager("fay")
    evening, people = await gathered(world, server, 4, lead=fay)
    panel = await panel_of(evening, fay)
    world.env.backend.remove_member(server.id, fay.id)
    await world.later(90)
    await people[0].click(evening.card, label="Leave")
    await world.env.settle()
    assert "You no longer look after this evening" in text(panel)


async def test_a_person_by_name_looks_after_one_evening_until_taken_off(world, server):
    """S14: the list of them is on the form that takes them off."""
    fay, gus = server.manager("fay"), server.member("gus")
    evening, _ = await gathered(world, server, 4, lead=fay)
    form = await evening.press(fay, "Hand over", await panel_of(evening, fay))
    await fay.submit_modal(form, {"who": [gus]})
    assert "Panel" in text(await panel_of(evening, gus))

    # Those it was handed to cannot take each other off.
    panel = await panel_of(evening, fay)
    assert "Take off…" in labels(panel)
    about = f"dojo:1:gather:{evening.now.id}"
    fields: dict[str, str | list[str]] = {"who": [str(gus.id)]}
    answer = await submit(gus, server.dojo, f"{about}:take-off", fields, people=[gus])
    assert "for people who facilitate" in said(answer)

    form = await evening.press(fay, "Take off…", panel)
    assert form.modal is not None
    shown = [one["content"] for one in form.modal["components"] if one["type"] == 10]
    assert gus.mention in shown[0]
    await fay.submit_modal(form, {"who": [gus]})
    assert evening.now.facilitator_user_id == fay.id
    assert "for people who facilitate" in said(await click(gus, server.dojo, f"{about}:panel"))


async def test_the_settings_are_shown_to_nobody_who_lost_the_role(world, server):
    """S22: not by "Keep it", nor by any other button of a card they still have."""
    fay = server.manager("fay")
    settings = (await fay.slash(server.dojo, "dojo settings")).response
    await fay.click(settings, label="Stop being a dojo…")
    server.take_role(fay, server.managers)
    answer = await fay.click(settings, label="Keep it")
    assert "Safety contact" not in said(answer)
    assert "with **Manage Channels** in the channel" in said(answer)


# S10, S21: values that were not offered


LINK = "[free coaching](https://evil.example)"


async def test_only_offered_parts_of_a_code_become_part_of_a_note(world, server):
    """S10: a value of a form that was never offered changes nothing."""
    group = await coaching(world, server)
    pad = await tap(group, group.observer, await pad_of(group, group.observer), "held")
    await quote(group, group.observer, pad, "Well seen")
    (note,) = rows(world, "notes")
    custom_id = f"dojo:1:round:{note['round_id']}:note:{note['id']}:pad"
    fields: dict[str, str | list[str]] = {"quote": "", "effect": "", "variant": [LINK]}
    answer = await submit(group.observer, group.room, custom_id, fields, on=pad)
    assert "I did not offer that choice" in said(answer)
    assert rows(world, "notes") == [note]


async def test_only_codes_of_the_list_become_a_focus(world, server):
    """S10: neither a link on the public card, nor so many signs that no card can be posted."""
    group = await proposed(world, server)
    (round_,) = rows(world, "rounds")
    before = rows(world, "round_people")
    for codes in ([LINK], ["S1", "@everyone"], ["x" * 4100]):
        fields: dict[str, str | list[str]] = {"codes": codes, "wish": ""}
        custom_id = f"dojo:1:round:{round_['id']}:focus"
        answer = await submit(group.coach, group.room, custom_id, fields)
        assert "I did not offer that choice" in said(answer)
    assert rows(world, "round_people") == before


async def test_a_menu_takes_only_what_its_card_offers(world, server):
    """S10: whatever a client sends, also without the card."""
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="close")).response
    for on, value in ((card, "no-phase"), (card, "x" * 4000), (None, "start")):
        answer = await select(carla, server.dojo, "dojo:1:question:phase", [value], on=on)
        assert "I did not offer that choice" in said(answer)


@pytest.mark.parametrize("number", [2**63, 10**19 - 1, 10**18])
async def test_ids_that_can_be_of_nothing_are_refused_in_words(world, server, number):
    """S21: beyond 64 bits, or of nothing; typed, and in the id of a button or form."""
    carla = server.member("carla")
    answer = await carla.slash(server.dojo, "feedback", round=str(number))
    assert "That round is over" in said(answer)
    for about in (f"round:{number}:pause", f"gather:{number}:join", f"report:{number}"):
        answer = await click(carla, server.dojo, f"dojo:1:{about}")
        assert said(answer)
        assert "on my side" not in said(answer)


@pytest.mark.parametrize(
    "about",
    [
        "words:keep:note:1:2:pad",
        "words:keep:note:x:2:pad:ok",
        "words:again:nothing:1",
        "words:keep:memory:1:Q:seen:5",
        "ask:few:" + "A" * 23 + ":triad-30",
        "tap:1:Q:seen",
        "tap:1:S1:start",
    ],
)
async def test_ids_that_say_nothing_are_answered(world, server, about):
    """S21: no traceback, no silence."""
    answer = await click(server.member("carla"), server.dojo, f"dojo:1:{about}")
    assert said(answer)
    assert "on my side" not in said(answer)
