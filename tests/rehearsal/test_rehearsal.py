"""A rehearsal with the real bot, as its pages use it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import discord
import pytest

from bot.dojos.service.dojos import DojoService
from bot.questions.service import QuestionService
from bot.rehearsal import Options
from bot.rehearsal.command import CannotBegin, open_dojo_rehearsal
from bot.rehearsal.stage import Stage
from bot.rehearsal.wiring import open_dojo_bot, prepare_dojo


async def test_the_start_page_tells_where_one_can_go(visitor):
    status, page = await visitor.get("/")
    assert status == 200
    assert "Open #dojo as Carla" in page
    state = await visitor.state()
    assert [place["name"] for place in state["places"]] == ["dojo", "lounge", "Practice room"]
    assert [person["name"] for person in state["people"]][:2] == [
        "Fay (facilitator)",
        "Carla (coach)",
    ]


async def test_everything_the_pages_ask_for_is_there(visitor):
    for path in (
        *(f"/page/{name}" for name in ("start.css", "start.js", "state.js", "key.js")),
        *("/page/room.css", "/page/room.js", "/app.js", "/preview.css"),
        *("/face/carla.png", "/face/_bot.png", "/in/dm/as/olu", "/in/practice-room/as/ada"),
    ):
        async with visitor.session.get(visitor.origin + path) as response:
            assert response.status == 200, path
            assert "default-src 'self'" in response.headers.get(
                "Content-Security-Policy", "default-src 'self'"
            )


async def test_a_question_asked_in_a_page_is_seen_in_another(visitor, complaints):
    carla = await visitor.room("dojo", "carla")
    kim = await visitor.room("dojo", "kim")
    receipt = await carla.use("question", phase="start")
    assert receipt["settlement"] == "settled", receipt
    await kim.sees("Another")
    await kim.press("Show all")
    await kim.look()
    assert "17 questions" in str(kim.snapshot["messages"])
    await asyncio.sleep(0.5)
    await carla.look()
    assert "17 questions" not in str(carla.snapshot["messages"])
    assert not complaints


async def test_a_page_of_long_ago_can_still_click(visitor, rehearsal):
    carla, kim = await visitor.room("dojo", "carla"), await visitor.room("dojo", "kim")
    await carla.use("question", phase="start")
    await kim.sees("Another")
    for phase in ("close", "action"):
        await carla.use("question", phase=phase)
    await visitor.do("jump", seconds=300)
    receipt = await kim.press("Another")
    assert receipt["settlement"] == "settled", receipt


async def test_buttons_survive_a_restart_of_the_bot(visitor, rehearsal, complaints):
    carla = await visitor.room("dojo", "carla")
    await carla.use("question", phase="start")
    await carla.sees("Another")
    before = rehearsal.stage.env.bot
    assert await visitor.do("restart") == 200
    assert rehearsal.stage.env.bot is not before
    receipt = await carla.press("Another")
    assert receipt["settlement"] == "settled", receipt
    assert not complaints


async def test_the_clock_jumps_and_goes_faster(visitor):
    def at(state):
        return datetime.fromisoformat(state["now"])

    before = await visitor.state()
    assert await visitor.do("jump", seconds=300) == 200
    after = await visitor.state()
    assert 300 <= (at(after) - at(before)).total_seconds() < 310
    assert await visitor.do("speed", speed=20) == 200
    assert (await visitor.state())["speed"] == 20
    await asyncio.sleep(0.2)
    later = await visitor.state()
    assert (at(later) - at(after)).total_seconds() > 3


async def test_while_nothing_happens_a_page_is_told_only_that(visitor):
    """C14: every open page asks each second, and the whole of it is long."""
    path = f"{visitor.origin}/state.json?as=carla"

    async def asked(tag: str = "") -> tuple[int, str]:
        async with visitor.session.get(path, headers={"If-None-Match": tag}) as response:
            return response.status, response.headers["ETag"]

    status, tag = await asked()
    again = await asked(tag)
    seen = [tag]
    for happens in (
        lambda: visitor.do("speed", speed=2),
        lambda: visitor.do("jump", seconds=60),
        lambda: visitor.do("language", person="kim", language="it"),
        lambda: visitor.do("restart"),
    ):
        assert await happens() == 200
        seen.append((await asked(seen[-1]))[1])

    assert (status, again) == (200, (304, tag))
    assert len(set(seen)) == len(seen)


async def test_the_bot_lives_in_the_time_of_the_clock(visitor, rehearsal):
    stage = rehearsal.stage
    await visitor.do("jump", seconds=86_400)
    assert abs(stage.clock.now() - stage.env.now()) < timedelta(seconds=5)


async def test_a_language_is_one_persons(visitor, rehearsal):
    assert await visitor.do("language", person="kim", language="de") == 200
    languages = {one["key"]: one["language"] for one in (await visitor.state())["people"]}
    assert languages["kim"] == "de"
    assert languages["carla"] == "en-US"


async def test_a_held_clock_moves_only_in_jumps(rehearsal):
    stage = rehearsal.stage
    await stage.hold_clock()
    then = stage.env.now()
    stage.acted()
    await asyncio.sleep(0)
    assert stage.clock.now() == then
    await stage.jump(timedelta(minutes=1))
    assert stage.clock.now() == stage.env.now() == then + timedelta(minutes=1)


async def test_it_ends_also_in_the_moment_in_which_something_was_done(tmp_path, complaints):
    """Being told of it won over being told to end, and the rehearsal never ended."""
    async with asyncio.timeout(5) as patience:
        async with Stage(open_dojo_bot(tmp_path), prepare_dojo, report=complaints.append) as stage:
            waits = asyncio.Event()
            stage.watched = lambda: bool(waits.set())
            await waits.wait()
            await asyncio.sleep(0)
            stage.acted()
    assert not patience.expired()
    assert not complaints


async def test_people_come_into_voice_and_go(visitor):
    assert await visitor.do("voice", person="kim", place="practice-room") == 200
    people = {one["key"]: one["voice"] for one in (await visitor.state())["people"]}
    assert people["kim"] == "practice-room"
    assert people["carla"] is None
    assert await visitor.do("voice", person="kim", place=None) == 200
    assert await visitor.do("voice", person="kim", place=None) == 200
    people = {one["key"]: one["voice"] for one in (await visitor.state())["people"]}
    assert people["kim"] is None


async def test_a_room_shows_up_for_those_who_are_in_it(visitor, rehearsal):
    stage = rehearsal.stage
    async with stage.turn():
        channel = stage.env.bot.get_channel(stage.community.dojo.id)
        thread = await channel.create_thread(name="Carla's round")
        await thread.add_user(discord.Object(stage.community["carla"].id))
        await thread.send("Welcome")
    stage.acted()
    carla = await visitor.room(str(thread.id), "carla")
    await carla.sees("Welcome")
    (room,) = [one for one in (await visitor.state())["places"] if one["parent"]]
    assert (room["parent"], room["kind"]) == ("dojo", "private thread")
    assert "carla" in room["readers"]
    assert "omar" not in room["readers"]
    status, _ = await visitor.get(f"/in/{thread.id}/as/omar")
    assert status == 404


async def test_direct_messages_are_a_persons_own(visitor, complaints):
    olu = await visitor.room("dm", "olu")
    receipt = await olu.use("question", phase="close")
    assert receipt["settlement"] == "settled", receipt
    await olu.sees("Another")
    assert (await visitor.state("olu"))["latest"]["dm"]
    assert "dm" not in (await visitor.state("omar"))["latest"]
    assert not complaints


async def test_the_dojo_is_one_and_the_lounge_is_none(rehearsal):
    stage = rehearsal.stage
    dojos = stage.env.bot.services[DojoService]
    assert dojos.find(stage.community.dojo.id) is not None
    assert dojos.find(stage.community.lounge.id) is None


FOREIGN = (
    {"Origin": "http://example.org"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Host": "example.org"},
)


async def test_no_other_page_can_do_anything(visitor):
    for headers in FOREIGN:
        assert await visitor.do("jump", headers=headers, seconds=60) == 403, headers


async def test_a_foreign_name_for_this_machine_reads_nothing(visitor):
    for path in ("/", "/state.json", "/in/dojo/as/carla"):
        assert (await visitor.get(path, Host="example.org"))[0] == 403


async def test_a_form_of_another_page_is_not_understood(visitor):
    url = f"{visitor.origin}/do/jump"
    async with visitor.session.post(url, data='{"seconds": 60}') as response:
        assert response.status == 415


IMPOSSIBLE = (
    ("jump", {"seconds": -1}, 409),
    ("jump", {"seconds": 1e300}, 409),
    ("jump", {"seconds": "60"}, 400),
    ("jump", {"seconds": True}, 400),
    ("jump", {}, 400),
    ("speed", {"speed": 0}, 409),
    ("language", {"person": "kim", "language": "tlh"}, 409),
    ("language", {"person": "nobody", "language": "de"}, 404),
    ("voice", {"person": "kim", "place": "dojo"}, 409),
)


async def test_what_cannot_be_is_refused(visitor):
    for what, fields, status in IMPOSSIBLE:
        assert await visitor.do(what, **fields) == status, (what, fields)


async def test_it_ends_with_bot_and_data_closed(tmp_path):
    opened = open_dojo_rehearsal(Options(people=60), tmp_path, report=print)
    async with opened as rehearsal:
        bot = rehearsal.stage.env.bot
        assert len(rehearsal.stage.community.people) == 60
    assert bot.is_closed()
    assert not [file for file in tmp_path.iterdir() if file.suffix.endswith("-wal")]


async def test_a_port_that_is_taken_is_told_in_a_line(rehearsal, tmp_path):
    port = int(rehearsal.address.rstrip("/").rpartition(":")[2])
    opened = open_dojo_rehearsal(Options(port=port), tmp_path, report=print)
    with pytest.raises(CannotBegin, match=f"Port {port} is taken"):
        async with opened:
            pass


async def test_what_goes_wrong_is_told_in_a_line_and_answered(
    visitor, rehearsal, complaints, monkeypatch
):
    async def broken(*_, **__):
        raise ValueError("broken")

    monkeypatch.setattr(rehearsal.stage.env.bot.services[QuestionService], "pick", broken)
    carla = await visitor.room("dojo", "carla")
    receipt = await carla.use("question", phase="start")
    assert receipt["settlement"] == "settled"
    await carla.sees("Something went wrong on my side")
    (line,) = complaints
    assert "ValueError: broken" in line
    assert "\n" not in line


async def test_times_are_shown_in_the_visitors_zone(visitor):
    assert await visitor.do("zone", zone="Europe/Rome") == 200
    assert await visitor.do("zone", zone="Nowhere/Land") == 200
    carla = await visitor.room("dojo", "carla")
    assert carla.snapshot["profile"]["timezone"] == "Europe/Rome"
