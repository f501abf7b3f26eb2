"""People of the rehearsal who play by themselves: each in their own time, through real buttons."""

from __future__ import annotations

import asyncio
from typing import cast

import aiohttp
import pytest
import pytest_asyncio

from bot import cli, rehearsal
from bot.client import DojoBot
from bot.feedback.service.debriefs import DebriefService
from bot.feedback.service.pads import PadService
from bot.gatherings.service.joining import GatheringService
from bot.kit.services import Services
from bot.rehearsal import Options
from bot.rehearsal.board import GATHERING, ROUND, Board, Card
from bot.rehearsal.command import Rehearsal, open_dojo_rehearsal
from bot.rehearsal.hands import Hands
from tests.rehearsal.visitor import RoomVisitor, Visitor

PEOPLE = ("carla", "kim", "olu", "omar", "bea")
SEATS = ("coach", "client", "observer1", "observer2", "observer3")


class Evening:
    """A rehearsal in which some play by themselves, and somebody at the browser."""

    def __init__(self, rehearsal: Rehearsal, visitor: Visitor) -> None:
        self.stage = rehearsal.stage
        self.visitor = visitor
        self.board = Board(self.stage.env, self.stage.community.guild.id)

    @property
    def services(self) -> Services:
        return cast("DojoBot", self.stage.env.bot).services

    def cards(self, kind: str = ROUND) -> list[Card]:
        """The latest card of each round, or gathering."""
        self.board.look()
        return [card for card in self.board.all() if card.kind == kind]

    async def pass_by(self, *, seconds: int, at_once: int = 30) -> None:
        """Let time pass, a piece at a time as on the start page."""
        for _ in range(0, seconds, at_once):
            assert await self.visitor.do("jump", seconds=at_once) == 200

    async def until(self, *titles: str) -> str:
        """Let time pass until the round's card has one of these titles."""
        for _ in range(60):
            title = self.cards()[0].title
            if title in titles:
                return title
            await self.pass_by(seconds=10, at_once=10)
        raise AssertionError(f"{titles} did not come, but {self.cards()[0].text}")

    async def round_of(self, *people: str) -> int:
        """Fay asks these into a round; its id."""
        fay = await self.visitor.room("dojo", "fay")
        ids = [await self.visitor.id_of(person) for person in people]
        receipt = await fay.use("round start", **dict(zip(SEATS, ids, strict=False)))
        assert receipt["settlement"] == "settled", receipt
        return self.cards()[0].id

    async def notes_by(self, round_id: int) -> dict[str, int]:
        """How many notes each observer has."""
        people = self.stage.community.people
        counts = {
            one.key: len((await self.services[PadService].look(round_id, one.id)).notes)
            for one in people
            if one.key in PEOPLE[2:]
        }
        return {key: count for key, count in counts.items() if count}


@pytest_asyncio.fixture
async def evening(tmp_path, complaints):
    """Five of them play by themselves."""
    opened = open_dojo_rehearsal(Options(players=5), tmp_path, report=complaints.append)
    async with opened as rehearsal, aiohttp.ClientSession() as session:
        yield Evening(rehearsal, Visitor(rehearsal, session))


async def test_a_round_reaches_its_end_without_a_click_besides_its_start(evening, complaints):
    round_id = await evening.round_of(*PEOPLE)
    await evening.until("Coaching")
    await evening.until("Write")
    assert set(await evening.notes_by(round_id)) == {"olu", "omar", "bea"}
    assert await evening.until("The round is complete")
    (process,) = await evening.services[DebriefService].process(round_id)
    assert (process.handed_in, process.observers) == (3, 3)
    assert process.has_own_view
    assert not complaints


async def test_they_act_one_after_the_other(evening):
    await evening.round_of(*PEOPLE)
    asked = len(evening.cards()[0].asked)
    answered: list[int] = []
    while asked:
        await evening.pass_by(seconds=1, at_once=1)
        answered.append(asked - len(evening.cards()[0].asked))
        asked = len(evening.cards()[0].asked)
    assert sum(answered) == len(PEOPLE)
    assert sum(1 for one in answered if one) >= 3
    assert answered[:2] == [0, 0]
    assert 5 < len(answered) <= 25


async def test_whose_page_is_open_is_left_to_who_opened_it(evening, complaints):
    kim = await evening.visitor.room("dojo", "kim")
    state = await evening.visitor.state()
    plays = {one["key"]: one["plays"] for one in state["people"]}
    assert plays["kim"] == plays["fay"] == plays["ada"] == "hand"
    assert plays["carla"] == plays["bea"] == "alone"

    await evening.round_of(*PEOPLE[:3])
    await evening.pass_by(seconds=120)
    (card,) = evening.cards()
    assert card.asked == {evening.stage.community["kim"].id}

    # Kim answers by hand; then the page is closed, and Kim goes on alone.
    room = await evening.visitor.room("dojo", "kim")
    await room.press("Read and answer")
    await room.sees("You are asked to be")
    await room.press("Agree, with notes")
    await evening.until("Agree", "Coaching")
    for page in (kim, room):
        await page.close()
    plays = {one["key"]: one["plays"] for one in (await evening.visitor.state())["people"]}
    assert plays["kim"] == "alone"
    assert not complaints


async def test_they_go_on_after_a_restart_of_the_bot(evening, complaints):
    round_id = await evening.round_of(*PEOPLE)
    await evening.until("Coaching")
    await evening.pass_by(seconds=60)
    before = await evening.notes_by(round_id)
    assert await evening.visitor.do("restart") == 200
    await evening.until("Write")
    after = await evening.notes_by(round_id)
    assert sum(after.values()) > sum(before.values()) > 0
    await evening.until("The round is complete")
    (process,) = await evening.services[DebriefService].process(round_id)
    assert process.handed_in == 3
    assert not complaints


async def test_who_stumbles_is_told_of_once_and_the_others_go_on(evening, complaints, monkeypatch):
    def dazed(self: Hands, kind: str, id_: int) -> Card | None:
        if self.person.key in ("olu", "omar"):
            raise LookupError("lost the thread")
        return seeing(self, kind, id_)

    seeing = Hands.sees
    monkeypatch.setattr(Hands, "sees", dazed)
    await evening.round_of(*PEOPLE)
    await evening.pass_by(seconds=60)
    people = evening.stage.community
    assert evening.cards()[0].asked == {people["olu"].id, people["omar"].id}
    (told,) = complaints
    assert "can no longer play by themself" in told
    assert "lost the thread" in told


async def test_without_players_nobody_does_anything(visitor, rehearsal, complaints):
    evening = Evening(rehearsal, visitor)
    assert {one["plays"] for one in (await visitor.state())["people"]} == {None}
    await evening.round_of(*PEOPLE[:4])
    await evening.pass_by(seconds=300, at_once=60)
    (card,) = evening.cards()
    assert len(card.asked) == 4
    assert not complaints


async def test_the_clock_may_go_fast(evening, complaints):
    await evening.round_of(*PEOPLE)
    assert await evening.visitor.do("speed", speed=60) == 200
    for _ in range(100):
        await asyncio.sleep(0.05)
        if not evening.cards()[0].asked:
            break
    assert not evening.cards()[0].asked
    assert not complaints


async def test_an_evening_of_nine_needs_its_facilitator_only(tmp_path, complaints):
    opened = open_dojo_rehearsal(Options(players=9), tmp_path, report=complaints.append)
    async with opened as rehearsal, aiohttp.ClientSession() as session:
        evening = Evening(rehearsal, Visitor(rehearsal, session))
        fay = await evening.visitor.room("dojo", "fay")
        await fay.use("dojo open", rounds="1")
        await evening.pass_by(seconds=60)
        await press(fay, "Form groups")
        (gathering,) = evening.services[GatheringService].kept.all()
        # One comes late.
        assert len(gathering.here) == 8
        assert len({guest.wish for guest in gathering.here}) >= 3
        await press(fay, "Start")

        # One does not answer, and the others are not kept waiting for ever.
        await evening.pass_by(seconds=40, at_once=10)
        assert sum(len(card.asked) for card in evening.cards()) == 1
        await evening.pass_by(seconds=180)
        (gathering,) = evening.services[GatheringService].kept.all()
        assert len(gathering.here) == 9
        # Who does not answer is only asked, and takes no part.
        assert sum(len(card.parts) for card in evening.cards()) == 8

        while not evening.cards(GATHERING)[0].offer("check"):
            await evening.pass_by(seconds=30)
        await evening.pass_by(seconds=90)
        processes = [
            (await evening.services[DebriefService].process(card.id))[0] for card in evening.cards()
        ]
        # A coach who does not answer also keeps their room from notes; a person who
        # comes late takes none. All others hand in.
        assert max(one.handed_in for one in processes) >= 2
        (gathering,) = evening.services[GatheringService].kept.all()
        # One has left early.
        assert len(gathering.here) == 8
        await press(fay, "Panel")
        await press(fay, "Close the evening")
        await press(fay, "Close the evening")
        await fay.sees("useful for my practice")
    assert not complaints


async def test_they_come_along_to_voice_rooms(evening, complaints):
    dojo = evening.stage.community
    await evening.visitor.do("voice", person="fay", place="practice-room")
    fay = await evening.visitor.room("dojo", "fay")
    await fay.use("dojo open", rounds="1")
    await press(fay, "Join")
    await evening.pass_by(seconds=60)
    seated = dojo.guild.voice_states()
    assert {seated[dojo[key].id].channel_id for key in PEOPLE} == {dojo.practice_room.id}
    await press(fay, "Form groups")
    await press(fay, "Start")
    await evening.until("Coaching")
    seated = dojo.guild.voice_states()
    for card in evening.cards():
        assert {seated[one].channel_id for one in card.parts} == {card.message.channel_id}
    assert len(evening.cards()) == 2
    assert not complaints


async def press(page: RoomVisitor, label: str) -> None:
    """Press what is on the page now, and see what comes of it."""
    await page.look()
    await page.press(label)
    await page.look()


@pytest.mark.parametrize("count", [1, 61])
def test_too_few_or_too_many_to_play_are_told_in_a_line(count, capsys):
    assert rehearsal.run(Options(players=count)) == 1
    assert "3 to 60 people can play" in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "players"), [([], 0), (["--people", "9"], 9)])
def test_people_play_by_themselves_when_the_command_line_says_so(arguments, players, monkeypatch):
    asked: list[Options] = []
    monkeypatch.setattr(rehearsal, "run", lambda options: asked.append(options) or 0)
    assert cli.main(["try", *arguments]) == 0
    assert asked[0].players == players


async def test_sixty_have_names_besides_the_facilitator_and_the_owner(tmp_path):
    opened = open_dojo_rehearsal(Options(players=60), tmp_path, report=print)
    async with opened as rehearsal, aiohttp.ClientSession() as session:
        people = (await Visitor(rehearsal, session).state())["people"]
    assert len({one["name"] for one in people}) == 62
    assert [one["plays"] for one in people].count("alone") == 60
