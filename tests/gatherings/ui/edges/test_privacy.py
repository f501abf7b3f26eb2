"""What belongs to one person stays with them through an evening, and nothing typed does harm."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.feedback.service.debriefs import DebriefService
from bot.feedback.service.sheets import SheetService
from bot.gatherings.model.gathering import Stage
from tests.feedback.ui.steps import SEEN, label
from tests.gatherings.ui.steps import Evening, members, opened, panel_of, room, room_card
from tests.gatherings.ui.trouble import (
    boarding,
    end_all,
    everybody,
    gathered,
    next_round,
    running,
    seated,
)
from tests.rounds.ui.steps import cards, posts, private, rows
from tests.rounds.ui.trouble import pinged
from tests.simulation.world import World, file_of, labels, text, told

pytestmark = pytest.mark.usefixtures("panels_at_once")


def sent(world: World) -> list[str]:
    """Everything the bot has sent to anybody."""
    return [json.dumps(one.json, ensure_ascii=False) for one in world.env.http_requests if one.json]


async def exported(person: Any, channel: Any) -> dict[str, Any]:
    """What someone gets for `/my export`."""
    answer = await person.slash(channel, "my export")
    return json.loads(await file_of(private(answer), "my-dojo-data.json"))


async def forget(person: Any, channel: Any) -> None:
    """Someone has everything erased that is stored about them."""
    asked = private(await person.slash(channel, "my forget"))
    done = await person.click(asked, label="Erase")
    assert "### Done" in text(done.response)


# Never together


async def test_never_together_pairs_are_never_shown_to_anybody(world, server):
    evening, people = await gathered(world, server, 6)
    ann, ben = people[:2]
    form = await evening.press(ann, "My wishes")
    typed = {"wish": "any", "languages": [], "apart": [ben]}
    private(await ann.submit_modal(form, typed))
    shown = await evening.preview()
    for _ in range(4):
        shown = (await evening.press(evening.lead, "Reshuffle", shown)).response
        groups = [set(group.people) for group in evening.proposed]
        assert not any({ann.id, ben.id} <= group for group in groups)
    # Where they can only be together, nobody but the owner of the list learns that there is one.
    for person in people[2:5]:
        await evening.press(person, "Leave")
    shown = (await evening.press(evening.lead, "Reshuffle", shown)).response
    assert "Start" in labels(shown)
    assert "private wishes" not in text(shown)
    # All that anybody has ever been sent: the pair is named once, to the person who named it.
    naming = [one for one in sent(world) if "Not in a group with: <@" in one]
    assert len(naming) == 1
    assert str(ann.id) in json.dumps(await exported(ann, server.dojo))
    mine, theirs = await exported(ann, server.dojo), await exported(ben, server.dojo)
    assert str(ben.id) in json.dumps(mine["stored"]["wishes"])
    assert str(ann.id) not in json.dumps(theirs)
    form = await evening.press(ben, "My wishes")
    assert str(ann.id) not in json.dumps(form.modal)


# Data rights in the middle of an evening


async def test_my_export_in_the_middle_of_an_evening_names_nobody_else(world, server):
    evening, people = await running(world, server, 6)
    coach, *_ = seated(evening, 1, people)
    data = await exported(coach, server.dojo)
    assert len(data["stored"]["gatherings"]) == 1
    assert len(data["stored"]["rounds"]) == 1
    assert not any(str(one.id) in json.dumps(data) for one in people if one is not coach)
    lead = await exported(evening.lead, server.dojo)
    assert len(lead["stored"]["gatherings"]) == 1
    assert evening.now.stage is Stage.RUNNING


async def test_my_forget_in_the_middle_of_an_evening_erases_the_person_and_harms_nobody(
    world, server
):
    evening, people = await gathered(world, server, 8)
    shown = await evening.preview()
    gone = [next(one for one in people if one.id == evening.proposed[0].coach)]
    # With groups on the table: they are proposed again.
    await forget(gone[0], server.dojo)
    assert evening.now.draft is None
    assert "No groups are proposed" in told(await evening.press(evening.lead, "Start", shown))
    shown = await evening.preview()
    await evening.press(evening.lead, "Start", shown)
    # On the way to the rooms, and while the clocks run.
    gone.append(seated(evening, 1, people)[1])
    await forget(gone[1], server.dojo)
    await world.later(105)
    assert evening.now.stage is Stage.RUNNING
    gone.append(seated(evening, 2, people)[0])
    await forget(gone[2], server.dojo)
    panel = await panel_of(evening)
    assert all(one.mention not in text(panel) for one in gone)
    assert all(one.mention not in text(evening.card) for one in gone)
    await end_all(evening)
    await next_round(evening)
    assert everybody(evening) == {one.id for one in people} - {one.id for one in gone}
    # The person who leads it may go, too: the others take over.
    await forget(evening.lead, server.dojo)
    assert evening.now.facilitator_user_id is None
    gus = server.manager("gus")
    hers = await panel_of(evening, gus)
    assert "nobody has the lead" in text(hers)
    await evening.press(gus, "Take over", hers)
    assert evening.now.facilitator_user_id == gus.id
    gone.append(evening.lead)
    assert [name for name in tables(world) for row in rows(world, name) if names(row, gone)] == []


def tables(world: World) -> list[str]:
    """What there is on disk."""
    return [row["name"] for row in rows(world, "sqlite_master") if row["type"] == "table"]


def names(row: dict[str, Any], people: list[Any]) -> bool:
    """Whether a row on disk says who one of these people is."""
    return any(str(one.id) in str(value) for one in people for value in row.values())


# Words


async def test_another_language_than_the_dojos_finds_its_way_through_an_evening(
    world, server, two_languages
):
    world.content = two_languages
    await world.restart()
    await server.set_up(language=["it"])
    people = members(server, 3)
    for one, locale in zip(people, ("ja", "it", "de"), strict=True):
        world.payloads.set(one.id, locale=locale)
    evening, _ = await running(world, server, people, rounds=1)
    await end_all(evening)
    # Public words are those of the dojo, whatever the people speak.
    assert "**For the whole group:** Allora: " in text(evening.card)
    form = await evening.press(people[0], "Check out")
    thanks = private(await people[0].submit_modal(form, {"useful": ["7"], "word": "良い"}))
    assert "7 of 10, “良い”" in text(thanks)


async def test_a_broadcast_of_500_characters_with_mentions_and_markdown_does_no_harm(world, server):
    evening, people = await running(world, server, 3)
    panel = await panel_of(evening)
    evil = f"@everyone <@{people[0].id}> <@&{server.managers.id}> # *bold* ||x|| ```code "
    typed = (evil + "*_~`|>[](#" * 60)[:500]
    form = await evening.press(evening.lead, "Broadcast", panel)
    await evening.lead.submit_modal(form, {"text": typed, "notify": "nobody"})
    said = posts(room(evening, 1))[-1]
    assert "📣 Posted in room 1." in text(panel)
    assert said.content.startswith(f"📣 **From {evening.lead.mention}**: ")
    assert len(said.content) <= 2_000
    assert pinged(world, said) == set()
    assert "```" not in said.content
    assert "\n# " not in said.content


# The end


async def test_check_out_never_blocks_the_end(world, server):
    evening, people = await running(world, server, 3, rounds=1)
    await end_all(evening)
    form = await evening.press(people[0], "Check out")
    late = await evening.press(people[1], "Check out")
    await people[0].submit_modal(form, {"useful": ["9"], "word": "warm"})
    # One word is not shown: it would say whose it is.
    assert "warm" not in text(evening.card)
    assert "a number and a word, if you like" in text(evening.card)
    await evening.close()
    assert rows(world, "gatherings")[0]["stage"] == "ended"
    ended = cards(server.dojo)[-1]
    assert "The gathering is over" in text(ended)
    assert "Check out" not in labels(ended)
    # Who was still typing is told so, and nothing is shown of anybody.
    refused = await people[1].submit_modal(late, {"useful": ["1"], "word": "slow"})
    assert "over" in text(private(refused))
    assert "warm" not in text(cards(server.dojo)[-1])
    await opened(world, server, lead=evening.lead)


async def test_check_outs_are_shown_once_when_the_evening_closes(world, server):
    """S16, H8: before that the card shows no word, no number, and not that someone answered."""
    evening, people = await running(world, server, 6, rounds=1)
    await end_all(evening)
    before = text(evening.card)
    said = [("9", "warm"), ("8", "curious"), ("10", "open"), ("1", "angry"), ("2", "sad")]
    # The last one is what the first person says after changing their mind.
    for person, (useful, word) in zip([*people[:4], people[0]], said, strict=True):
        form = await evening.press(person, "Check out")
        await person.submit_modal(form, {"useful": [useful], "word": word})
        await world.later(2)
        assert text(evening.card) == before

    await evening.close()

    shown = text(cards(server.dojo)[-1])
    assert "🚪 **Check-out:** angry · curious · open · sad\n" in shown
    assert "0 to 10: 1 to 10, by 4 people" in shown
    assert "warm" not in shown


async def test_plenary_shows_released_feedback_of_enough_rounds_in_words(world, server):
    """S7: only what coaches have, never a count near none or all, and the same for the evening."""
    evening, people = await boarding(world, server, 6, rounds=2)
    for _ in range(2):
        await noted(evening, people, rooms=(1, 2))
        await end_all(evening)
        await next_round(evening)
    await noted(evening, people, rooms=(1, 2))
    await end_all(evening)
    assert "6 rounds of practice" in text(evening.card)
    assert "What observers saw" not in text(evening.card), "nobody has their feedback yet"
    rounds = [row["id"] for row in rows(world, "rounds")]

    for number, round_id in enumerate(rounds[:5]):
        assert "What observers saw" not in text(evening.card)
        await release(world, round_id, people)
        if number < 4:
            await redrawn(evening, server, number)
    await redrawn(evening, server, 9)

    shown = text(evening.card)
    assert "🔎 **What observers saw**, over the rounds of all rooms" in shown
    assert "Seen in most rounds: Gap left open" in shown
    assert "Nobody noticed" not in shown
    assert "(5)" not in shown
    assert not any(one.mention in shown for one in people)
    # The sixth would say by subtraction what was noted of one coach.
    await release(world, rounds[5], people)
    await world.restart()
    await redrawn(evening, server, 10)
    await evening.close()
    assert rows(world, "plenaries")[0]["rounds"] == 5
    assert "Seen in most rounds: Gap left open" in text(cards(server.dojo)[-1])


async def release(world: Any, round_id: int, people: list[Any]) -> None:
    """The coach of a round skips their own view and opens their feedback."""
    await world.later(121)
    services = world.bot.services
    (coach,) = await services[DebriefService].process(round_id)
    await services[SheetService].skip_own(round_id, coach.coach_user_id)
    await services[DebriefService].open(round_id, coach.coach_user_id)
    assert coach.coach_user_id in {one.id for one in people}


async def redrawn(evening: Evening, server: Any, number: int) -> None:
    """The card is rendered again, because someone joins."""
    await evening.join(server.member(f"late-{number}"))
    await evening.world.later(2)


async def noted(evening: Evening, people: list[Any], *, rooms: tuple[int, ...]) -> None:
    """In these rooms an observer notes something; all agree to notes."""
    for number in rooms:
        for one in seated(evening, number, people):
            await one.click(room_card(evening, number), label="Agree, with notes")
    await evening.world.later(60)
    for number in rooms:
        coach, _, observer = seated(evening, number, people)
        await evening.press(coach, "Next", room_card(evening, number))
        pad = private(await evening.press(observer, "Open my pad", room_card(evening, number)))
        await evening.press(observer, label(pad, SEEN), pad)
