"""The panel of the largest evening there can be fits into what Discord takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.content.model.formats import Format
from bot.feedback.service.debriefs import DebriefService, Process
from bot.gatherings.actions import PAUSE_ALL
from bot.gatherings.grouping.groups import Draw, Group
from bot.gatherings.model.gathering import Gathering, Guest, Places, Room, Stage
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.service.rooms import GatheringRooms, RoomNow
from bot.gatherings.ui.hall import Hall
from bot.gatherings.ui.host.missing import MissingPermissions
from bot.gatherings.ui.panel.lines import read_seen, seen_code
from bot.gatherings.ui.panel.notices import MOST_NOTE
from bot.gatherings.ui.panel.panel import panel_view
from bot.gatherings.ui.panel.room import room_view
from bot.kit.requests.rights import CHANNELS, MOVE, PRIVATE, PUBLIC, SEND, THREADS
from bot.rounds.model.moves import group as seats_of
from bot.rounds.model.round import Ask, RoomKind, Round, State
from tests.cards.kinds import kind_of
from tests.cards.rules import faults_of, parts
from tests.simulation.world import labels, text

NOW = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)
LARGE = 2**63 - 1_000
"""An id as long as they get."""


def largest(format_: Format, rooms: int = 30, **about: Any) -> tuple[Gathering, Any]:
    """An evening of 60 people in pairs, all in trouble, and the services that tell of it."""
    groups = [Group((LARGE + 2 * n, LARGE + 2 * n + 1)) for n in range(rooms)]
    if rooms == 1:
        groups = [Group(tuple(LARGE + n for n in range(60)))]
    kept: list[RoomNow] = []
    for number, group in enumerate(groups, 1):
        room = Room(number, LARGE - number, RoomKind.VOICE, True, 10 * number, NOW, LARGE)
        round_ = Round(
            10 * number,
            1,
            1,
            room.channel_id,
            RoomKind.VOICE,
            format_,
            seats_of(group.coach, group.client, group.observers),
            NOW,
            None,
            state=State.PAUSED,
            position=len(format_.segments) - 1,
            length=timedelta(minutes=60),
            paused_at=NOW - timedelta(minutes=20),
            asked=Ask.COACH_GONE,
            gathering_id=LARGE,
        )
        kept.append(RoomNow(room, group, round_))
    people = [one for group in groups for one in group.people]
    gathering = Gathering(
        LARGE,
        1,
        1,
        LARGE,
        format_,
        NOW,
        LARGE,
        tuple(LARGE + n for n in range(20)),
        places=Places.VOICE,
        guests=tuple(Guest(one, NOW) for one in people),
        stage=Stage.RUNNING,
        voice_id=LARGE - 100,
        number=8,
        rounds=8,
        draw=Draw(tuple(groups), 1),
        rooms=tuple(now.room for now in kept),
    )

    async def process(_: int) -> list[Process]:
        raise AssertionError("only asked where the coaching is over")

    missing = (SEND, THREADS, PRIVATE, PUBLIC, CHANNELS, MOVE)
    host = SimpleNamespace(in_voice=lambda _: list(range(LARGE - 120, LARGE - 60)))
    watched = SimpleNamespace(watch=lambda _: None)
    services = {
        Hall: Hall(cast("Any", watched), cast("Any", host), cast("Any", None)),
        GatheringRooms: SimpleNamespace(rooms_now=lambda _: kept),
        LiveGatherings: SimpleNamespace(now=lambda: NOW),
        MissingPermissions: SimpleNamespace(of=lambda _: missing),
        DebriefService: SimpleNamespace(process=process),
    }
    return replace(gathering, **about), services


@pytest.fixture(scope="module")
def format_(library):
    """With coaching to its end, so that no sheets are asked for."""
    whole = library["en"].formats["quick-10"]
    kinds = [one.kind.value for one in whole.segments]
    return replace(whole, most=60, segments=whole.segments[: kinds.index("coach") + 1])


async def test_thirty_rooms_in_trouble_fit_on_pages(format_):
    gathering, services = largest(format_)
    shown: list[str] = []
    for page in range(2):
        note = "W" * MOST_NOTE
        view = await panel_view(services, gathering, 1, page=page, note=note)
        assert faults_of(view.to_components()) == []
        card = SimpleNamespace(components=view.to_components(), content="")
        shown += [line for line in text(card).splitlines() if "<#" in line and "· 🗣️" in line]
        assert {"Take over", "Refresh"} <= set(labels(card))
        for entry in parts(card):
            if "custom_id" in entry:
                assert not kind_of(entry["custom_id"]).is_form
    assert len(shown) == 30
    assert all("⚠ the coach’s seat is empty" in line and "🆘" in line for line in shown)


@pytest.mark.parametrize("stage", Stage)
async def test_every_stage_of_the_largest_evening_fits(format_, stage):
    gathering, services = largest(format_, stage=stage, due_at=NOW)
    view = await panel_view(services, gathering, LARGE)
    assert faults_of(view.to_components()) == []
    room = await room_view(services, gathering, 30, 1, note="W" * MOST_NOTE)
    assert faults_of(room.to_components()) == []


async def test_a_ring_of_sixty_fits_into_the_view_of_its_room(format_):
    gathering, services = largest(format_, rooms=1)
    view = await room_view(services, gathering, 1, 1, note="W" * MOST_NOTE)
    assert faults_of(view.to_components()) == []


def test_what_a_panel_showed_is_read_from_its_buttons(format_):
    gathering, services = largest(format_, rooms=5)
    rooms = services[GatheringRooms].rooms_now(gathering)
    without = [*rooms[:1], *rooms[2:4], replace(rooms[4], round=None)]
    code = seen_code(without)
    position = len(format_.segments) - 1

    PAUSE_ALL.custom_id(gathering_id=LARGE, number=8, seen=code)
    assert read_seen(gathering, 8, code) == {10: position, 30: position, 40: position}
    # Of another round than the one that is going on.
    assert read_seen(replace(gathering, number=7), 8, code) is None
