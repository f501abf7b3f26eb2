"""A round in the rehearsal, played through its pages as coach, client and observer."""

from __future__ import annotations

import re
from typing import Any

from bot.content.model.formats import minutes
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.rehearsal.wiring import SHORT_FORMAT
from tests.rehearsal.visitor import RoomVisitor, Visitor

PLAYERS = ("carla", "kim", "olu")
SEATS = dict(zip(("coach", "client", "observer1"), PLAYERS, strict=True))
AGREE, COACHING = 60, 120
LANDING = 60
"""Seconds the coaching may run over, to end softly."""
FEEDBACK = {"Coach’s own view": 30, "Client": 30, "Observers": 30, "Next step": 60}
"""What follows when that many seconds of writing, and so on, have passed."""
BRIEFS = {
    "carla": "Follow the client: the client leads.",
    "kim": "Bring a real, current topic you are willing to share.",
    "olu": "one tap notes the coach’s words and acts, with the time.",
}
"""From what each is told in private while there is coaching."""

Round = dict[str, RoomVisitor]
"""The pages of those who play, by their names."""


async def asked(visitor: Visitor, by: str = "carla", place: str = "dojo") -> dict[str, Any]:
    """Someone asks the three into a round; what the page says came of it."""
    page = await visitor.room(place, by)
    seats = {seat: await visitor.id_of(person) for seat, person in SEATS.items()}
    receipt = await page.use("round start", **seats)
    assert receipt["settlement"] == "settled", receipt
    return receipt


async def come(visitor: Visitor, person: str) -> None:
    """Someone who is asked in the dojo reads the agreement there and says yes."""
    page = await visitor.room("dojo", person)
    await page.press("Read and answer")
    await page.sees("You are asked to be")
    await page.press("Agree, with notes")
    await page.sees("The room is")


async def played(visitor: Visitor, place: str = "dojo") -> Round:
    """A round that all have agreed to, in a thread of its own or right in `place`."""
    await asked(visitor, place=place)
    where = place
    if place == "dojo":
        where = (await visitor.rooms())[-1]["key"]
        for person in PLAYERS[1:]:
            await come(visitor, person)
        carla = await visitor.room(where, "carla")
        await carla.press("Agree, with notes")
        pages = {person: await visitor.room(where, person) for person in PLAYERS}
        await pages["carla"].sees("part 1 of 7")
        return pages
    pages = {person: await visitor.room(where, person) for person in PLAYERS}
    for page in pages.values():
        await page.sees("before it begins")
        await page.press("Agree, with notes")
    await pages["carla"].sees("part 1 of 7")
    return pages


async def on_card(page: RoomVisitor, part: int) -> None:
    await page.sees(f"part {part} of 7")


async def test_the_dojo_has_a_format_that_is_over_in_six_minutes(rehearsal):
    stage = rehearsal.stage
    services = stage.env.bot.services
    dojo = services[DojoService].get(stage.community.dojo.id)
    content = await services[ContentService].of_dojo(dojo)
    format_ = content.format_or_default(dojo.settings.format_id)
    assert format_.id == SHORT_FORMAT
    assert minutes(format_.total) == "6"
    assert "six minutes" in format_.name
    assert await services[ContentService].stored_faults(dojo) is None


async def test_the_file_of_the_dojo_still_shows_how_to_write_one(rehearsal):
    services = rehearsal.stage.env.bot.services
    dojo = services[DojoService].get(rehearsal.stage.community.dojo.id)
    text = await services[ContentService].export_file(dojo)
    assert "# A new question." in text
    assert f'id = "{SHORT_FORMAT}"' in text


async def test_a_round_is_played_from_the_agreement_to_the_end(visitor, complaints):
    pages = await played(visitor)
    await visitor.do("jump", seconds=AGREE)
    for page in pages.values():
        await on_card(page, 2)
        assert page.shows("Coaching")
    await visitor.do("jump", seconds=COACHING / 2)
    await pages["olu"].sees("Half of the time is left.")
    await visitor.do("jump", seconds=COACHING / 2)
    await pages["kim"].sees("Time is up.")
    await visitor.do("jump", seconds=LANDING)
    await on_card(pages["carla"], 3)
    for part, (title, seconds) in enumerate(FEEDBACK.items(), 4):
        await visitor.do("jump", seconds=seconds)
        await on_card(pages["olu"], part)
        assert pages["olu"].shows(title)
    await visitor.do("jump", seconds=30)
    for page in pages.values():
        await page.sees("The round is complete")
    assert not complaints


async def test_each_role_has_a_brief_that_nobody_else_sees(visitor):
    pages = await played(visitor)
    await visitor.do("jump", seconds=AGREE)
    for page in pages.values():
        await on_card(page, 2)
        await page.press("My role now")
        await page.look()
    shown = {
        person: [one for one, brief in BRIEFS.items() if page.shows(brief)]
        for person, page in pages.items()
    }
    assert shown == {person: [person] for person in PLAYERS}


async def test_what_one_does_with_the_clock_the_others_see(visitor):
    pages = await played(visitor)
    await pages["olu"].look()
    await pages["olu"].press("Pause")
    await pages["kim"].sees("has paused the round")
    await visitor.do("jump", seconds=300)
    await pages["kim"].sees("part 1 of 7")
    await pages["kim"].press("Resume")
    await pages["carla"].sees("has started the clock again")
    await pages["carla"].press("Next")
    await on_card(pages["olu"], 2)


async def test_the_parts_of_a_round_follow_the_fast_clock(visitor, complaints):
    pages = await played(visitor)
    await visitor.do("speed", speed=60)
    for page in pages.values():
        await on_card(page, 2)
    assert not complaints


async def test_a_restart_in_the_middle_of_a_round_loses_nothing(visitor, complaints):
    pages = await played(visitor)
    await visitor.do("jump", seconds=AGREE + 30)
    await on_card(pages["carla"], 2)
    assert await visitor.do("restart") == 200
    await pages["carla"].look()
    await pages["carla"].press("Pause")
    await pages["olu"].sees("has paused the round")
    left = re.search(r"with 1:(\d\d) left", str(pages["olu"].snapshot["messages"]))
    assert left is not None
    assert 20 <= int(left[1]) <= 30
    await pages["olu"].press("Resume")
    await visitor.do("jump", seconds=COACHING - 30 + LANDING)
    await on_card(pages["kim"], 3)
    assert not pages["kim"].shows("late")
    assert not complaints


async def test_the_thread_is_listed_for_its_people_only(visitor):
    await asked(visitor)
    (room,) = await visitor.rooms()
    assert (room["parent"], room["kind"]) == ("dojo", "private thread")
    # Ada owns the server: she can read everything, as the agreement says.
    assert room["readers"] == ["carla", "ada"]
    for person in PLAYERS[1:]:
        await come(visitor, person)
    (room,) = await visitor.rooms()
    assert room["readers"] == ["carla", "kim", "olu", "ada"]
    assert room["key"] in (await visitor.state("kim"))["latest"]
    omar = await visitor.room("dojo", "omar")
    assert not omar.shows(room["key"])
    assert (await visitor.get(f"/in/{room['key']}/as/omar"))[0] == 404


async def test_a_page_that_is_open_learns_of_the_thread_without_being_loaded_again(visitor):
    before = await visitor.state("kim")
    await asked(visitor)
    await come(visitor, "kim")
    after = await visitor.state("kim")
    assert after["version"] > before["version"]
    (room,) = [key for key in after["latest"] if key not in before["latest"]]
    assert after["latest"][room]


async def test_a_round_that_is_started_for_others_begins_with_their_answers(visitor):
    await asked(visitor, by="omar")
    for person in PLAYERS:
        await come(visitor, person)
    (room,) = await visitor.rooms()
    assert "omar" not in room["readers"]
    await on_card(await visitor.room(room["key"], "kim"), 1)


async def test_a_round_in_a_voice_channel_waits_for_who_leaves_it(visitor, complaints):
    for person in PLAYERS:
        await visitor.do("voice", person=person, place="practice-room")
    pages = await played(visitor, "practice-room")
    await visitor.do("jump", seconds=AGREE)
    await visitor.do("voice", person="carla", place=None)
    await pages["kim"].sees("their seat is kept for 5 minutes")
    await visitor.do("jump", seconds=301)
    await pages["kim"].sees("The coach’s seat is empty")
    await pages["olu"].look()
    await pages["olu"].press("I coach on")
    await pages["kim"].sees("has taken the seat")
    assert not complaints


async def test_a_person_who_comes_back_to_voice_in_time_stays_coach(visitor):
    for person in PLAYERS:
        await visitor.do("voice", person=person, place="practice-room")
    pages = await played(visitor, "practice-room")
    await visitor.do("jump", seconds=AGREE)
    await visitor.do("voice", person="carla", place=None)
    await visitor.do("voice", person="carla", place="practice-room")
    await pages["kim"].sees("is back")
    await visitor.do("jump", seconds=31)
    await pages["kim"].look()
    assert not pages["kim"].shows("seat is empty")


async def test_the_start_page_tells_how_to_play_a_round(visitor):
    _, page = await visitor.get("/")
    steps = page[page.index("Try this") : page.index("Channels and rooms")]
    for said in ("/round start", "coach", "client", "observer", "My role now", "voice channel"):
        assert said in steps, said
