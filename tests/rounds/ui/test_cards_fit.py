"""Every card and form of a round fits, however many people and however long their words are."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.content import limits
from bot.content.model.content import Content
from bot.content.model.formats import MOST_PEOPLE, MOST_SEGMENTS, Format, Segment, SegmentKind
from bot.content.model.signals import SignalList
from bot.dojos.model.dojo import LONGEST_SUPPORT_LINE, MOST_FOCUS, DojoSettings
from bot.kit.discord.cards import card, row
from bot.kit.discord.interactions import View
from bot.rounds.actions import START_AGAIN
from bot.rounds.model.did import Action, Did
from bot.rounds.model.moves import group
from bot.rounds.model.round import (
    LONGEST_WISH,
    Agreement,
    Ask,
    Ending,
    Role,
    RoomKind,
    Round,
    State,
)
from bot.rounds.service.safety import Support
from bot.rounds.ui.agreement import MOST_ANSWERS
from bot.rounds.ui.asking.card import answer_card
from bot.rounds.ui.beginning.changes import format_menu
from bot.rounds.ui.beginning.start import Proposal, start_again_button
from bot.rounds.ui.card import closed_card, round_card
from bot.rounds.ui.focus import focus_form
from bot.rounds.ui.role import moment_card, role_card
from bot.rounds.ui.shared import mention
from bot.rounds.ui.words import did_line
from tests.cards.rules import faults_of, form_faults
from tests.rounds.ui.steps import coaching, posts, private, proposed
from tests.simulation.world import labels, text

NOW = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)
LARGEST_ID = 2**63 - 1
HOUR = timedelta(minutes=60)
KINDS = [
    SegmentKind.AGREE,
    SegmentKind.COACH,
    SegmentKind.PAUSE,
    SegmentKind.COACH,
    SegmentKind.SWAP,
    SegmentKind.COACH,
    SegmentKind.WRITE,
    SegmentKind.SELF,
    SegmentKind.CLIENT,
    SegmentKind.OBSERVERS,
    SegmentKind.FACILITATOR,
    SegmentKind.NEXT,
]
"""Every kind, in as many segments as there can be."""

SUPPORTS = (Support(), Support(has_contact=True), Support(line="*" * LONGEST_SUPPORT_LINE))

sizes = pytest.mark.parametrize("people", [2, 5, MOST_PEOPLE])
fills = pytest.mark.parametrize("fill", ["W", "*", "é", "🌿"])


def longest_format(fill: str = "W", number: int = 0) -> Format:
    name = fill * limits.FORMAT_NAME
    parts = tuple(Segment(kind, timedelta(minutes=59.5)) for kind in KINDS)
    return Format(f"{number:0{limits.FORMAT_ID}}", name, fill * 200, 2, MOST_PEOPLE, parts)


def longest_content(library: dict[str, Content], fill: str) -> Content:
    """As many formats and signals as there can be, with names as long as they may be."""
    name = fill * limits.SIGNAL_NAME
    first = library["en"].signals.signals[0]
    signals = tuple(
        dataclasses.replace(
            first,
            code=f"X{number:03}",
            name=name,
            counterpart=dataclasses.replace(first.counterpart, name=name),
        )
        for number in range(limits.SIGNALS)
    )
    formats = [longest_format(fill, number) for number in range(limits.FORMATS)]
    return dataclasses.replace(
        library["en"],
        signals=SignalList(signals),
        formats={one.id: one for one in formats},
    )


def longest_round(people: int, fill: str, content: Content | None = None) -> Round:
    """A proposal in which every text is as long as it may be."""
    seats = group(
        LARGEST_ID, LARGEST_ID - 1, [LARGEST_ID - 2 - number for number in range(people - 2)]
    )
    codes = tuple(s.code for s in content.signals.signals[:MOST_FOCUS]) if content else ()
    coach = dataclasses.replace(seats[0], focus=codes, wish=fill * LONGEST_WISH)
    return Round(
        id=LARGEST_ID,
        dojo_id=2,
        guild_id=3,
        room_id=LARGEST_ID,
        room=RoomKind.VOICE,
        format=longest_format(fill),
        seats=(coach, *seats[1:]),
        proposed_at=NOW,
        starter_user_id=LARGEST_ID,
    )


def every_moment(round_: Round) -> Iterator[Round]:
    """The round as it stands in each segment, running or paused, with each thing it can ask."""
    for position in range(len(round_.format.segments)):
        running = dataclasses.replace(
            round_,
            state=State.RUNNING,
            position=position,
            length=timedelta(minutes=119),
            since=NOW,
            began_at=NOW,
            past=(HOUR,) * position,
            extensions=99,
            seats=tuple(dataclasses.replace(seat, has_coached=True) for seat in round_.seats),
        )
        for asked in (None, *Ask):
            yield dataclasses.replace(running, asked=asked)
            yield dataclasses.replace(
                running, state=State.PAUSED, since=None, paused_at=NOW, asked=asked
            )


def every_end(round_: Round) -> Iterator[Round]:
    """The round after each way to end."""
    past = (HOUR,) * len(round_.format.segments)
    for ending in Ending:
        yield dataclasses.replace(
            round_,
            state=State.ENDED,
            ending=ending,
            ended_at=NOW,
            began_at=NOW,
            position=len(past) - 1,
            past=past,
        )


def faults_in(views: Iterator[View]) -> set[str]:
    seen = list(views)
    assert seen
    return {fault for view in seen for fault in faults_of(view.to_components())}


def all_that_people_do() -> list[str]:
    """Very many lines about what has happened."""
    actions = [Action(turn, did, LARGEST_ID, LARGEST_ID - 1, 30) for turn, did in enumerate(Did)]
    return [did_line(action, name=mention) for action in actions * 5]


def test_the_longest_round_has_every_kind_of_segment():
    assert set(KINDS) == set(SegmentKind)
    assert len(KINDS) == MOST_SEGMENTS


@pytest.mark.parametrize("people", [2, 15, MOST_ANSWERS, MOST_PEOPLE])
@fills
async def test_every_agreement_fits(library, people, fill):
    """H13: with the longest support line, in the room and in private."""
    settings = DojoSettings(support_line=fill * LONGEST_SUPPORT_LINE)
    content = longest_content(library, fill)
    asked = longest_round(people, fill, content)
    answered = dataclasses.replace(
        asked,
        seats=tuple(dataclasses.replace(s, agreement=Agreement.NOTES) for s in asked.seats),
    )
    rounds = [
        dataclasses.replace(one, room=room, seats=(*answered.seats[:half], *one.seats[half:]))
        for one in (asked, answered)
        for room in RoomKind
        for half in (0, people // 2)
    ]

    assert faults_in(round_card(one, NOW, settings=settings) for one in rounds) == set()
    seats = (answered.seats[0], *asked.seats[1:3])
    assert faults_in(answer_card(asked, seat, settings) for seat in seats) == set()


@sizes
@fills
async def test_every_card_of_a_round_that_goes_on_fits(library, people, fill):
    content = longest_content(library, fill)
    head = all_that_people_do()
    rounds = list(every_moment(longest_round(people, fill, content)))

    assert faults_in(round_card(one, NOW, head) for one in rounds) == set()


@sizes
@fills
async def test_every_card_of_a_round_that_is_over_fits(people, fill):
    head = all_that_people_do()
    rounds = list(every_end(longest_round(people, fill)))

    assert faults_in(round_card(one, NOW, head) for one in rounds) == set()


@sizes
async def test_every_card_that_has_been_closed_fits(people):
    over = next(every_end(longest_round(people, "*")))
    positions = range(-1, len(over.format.segments))

    assert faults_in(closed_card(over, position) for position in positions) == set()


async def test_every_private_card_about_the_own_role_fits(library):
    content = longest_content(library, "*")
    asked = longest_round(5, "*", content)
    moments = [asked, *every_moment(asked)]
    seats = [
        dataclasses.replace(moments[0].seats[0], role=role, agreement=agreement, is_here=is_here)
        for role in Role
        for agreement in Agreement
        for is_here in (True, False)
    ]

    views = (
        role_card(one, seat, NOW, content, support)
        for one in moments
        for seat in (None, *seats)
        for support in SUPPORTS
    )

    assert faults_in(views) == set()


async def test_every_card_for_who_needs_a_moment_fits():
    round_ = longest_round(5, "*")

    views = (moment_card(round_, seat, one) for seat in round_.seats for one in SUPPORTS)

    assert faults_in(views) == set()


@fills
async def test_the_menu_of_formats_fits(library, fill):
    formats = list(longest_content(library, fill).formats.values())

    menus = (card(row(format_menu(LARGEST_ID, formats, people))) for people in (2, 60, 61))

    assert faults_in(menus) == set()


@pytest.mark.parametrize("how", ["own", "few", "fit"])
async def test_a_button_carries_five_people_and_the_longest_name_of_a_format(how):
    people = [LARGEST_ID - number for number in range(5)]
    proposal = Proposal(people[0], people[1], tuple(people[2:]), "a" * limits.FORMAT_ID)

    button = start_again_button(how, proposal, "Start with " + "W" * limits.FORMAT_NAME)

    assert faults_of(card(row(button)).to_components()) == []
    raw = START_AGAIN.pattern.raw(button["custom_id"])
    assert raw is not None
    assert raw["how"] == how
    assert Proposal.unpacked(raw["people"], raw["format_id"]) == proposal


@fills
async def test_the_form_of_what_to_watch_fits(library, fill):
    content = longest_content(library, fill)
    coach = longest_round(5, fill, content).seats[0]

    assert form_faults(focus_form(LARGEST_ID, coach, content, coach.wish).to_dict()) == []


async def test_one_who_has_left_can_be_said_in_a_group_of_more_than_there_is_room_for(
    world, server
):
    group = await proposed(world, server, format="mcc-demo-60", channel=server.thread())
    for number in range(20):
        guest = server.member(f"guest-{number}")
        await guest.click(group.card, label="Join as observer")
        await guest.click(group.card, label="Agree, without notes")
    for one in (group.coach, group.client):
        await one.click(group.card, label="Agree, without notes")
    await group.press(group.coach, "Begin now")

    asked = private(await group.press(group.coach, "Someone left"))

    assert faults_of(asked.components) == []
    assert [label.split(" ", 1)[1] for label in labels(asked)[:2]] == ["· coach", "· client"]
    assert len(set(labels(asked))) == len(labels(asked)) == 20


async def test_very_much_that_could_not_be_told_still_fits_a_message(world, server):
    """Discord takes clicks, and refuses what the bot posts, for a long time."""
    group = await coaching(world, server)
    world.env.inject_error("POST", f"/channels/{group.room.id}/messages", status=503, times=None)
    fault = world.env.backend.faults[-1]
    for number in range(32):
        person = group.people[number % 2]
        await group.press(person, "Pause" if number % 2 == 0 else "Resume")
    known = len(posts(group.room))

    world.env.backend.faults.remove(fault)
    await world.later(60)

    (said,) = [one.content for one in posts(group.room)[known:]]
    assert len(said) <= 2_000
    assert said.startswith("-# ⏳ 22 things more before that.\n")
    assert said.endswith(f"\n-# ▶️ {group.client.mention} has started the clock again.")
    assert "⏱️ 18 min · until" in text(group.card)
