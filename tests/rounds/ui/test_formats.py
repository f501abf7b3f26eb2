"""A round of every shipped format, from the agreement to the end, also with restarts inside."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from discord.utils import format_dt

from bot.content.library import load_library
from bot.content.model.formats import Format, SegmentKind
from bot.kit.time.clock import full_minute
from tests.rounds.ui.steps import (
    NAMES,
    WAYS_IN,
    Group,
    as_posted,
    cards,
    coaching,
    posts,
    pressable,
    proposed,
    take_turns,
    title,
)
from tests.simulation.world import labels, text

FORMATS = load_library()["en"].formats
PEOPLE = {"fishbowl-45": 6, "mcc-demo-60": 9, "stop-clock-45": 7}
"""How many take part; elsewhere as few as the format is for."""
LANDING = 60
"""Seconds for the last coaching to end softly."""

TITLES = {
    SegmentKind.AGREE: "📜 Agree",
    SegmentKind.COACH: "🗣️ Coaching",
    SegmentKind.WRITE: "✍️ Write",
    SegmentKind.SELF: "🪞 Coach’s own view",
    SegmentKind.CLIENT: "💬 Client",
    SegmentKind.OBSERVERS: "🔎 Observers",
    SegmentKind.FACILITATOR: "🧵 Facilitator",
    SegmentKind.NEXT: "🎯 Next step",
    SegmentKind.PAUSE: "🛑 Stop the clock",
    SegmentKind.SWAP: "🔄 Change of coach",
}
HALF = "-# 🌗 Half of the time is left."
FIVE_LEFT = "-# ⏳ 5 minutes left."
TWO_LEFT = "-# ⏳ 2 minutes left."
TIME_UP = "-# ⌛ Time is up. Finish the sentence, then close. It goes on by itself within a minute."
COACHING_CUES = {
    5: [(3, TWO_LEFT)],
    6: [(3, HALF), (4, TWO_LEFT)],
    10: [(5, HALF), (8, TWO_LEFT)],
    16: [(8, HALF), (11, FIVE_LEFT), (14, TWO_LEFT)],
    18: [(9, HALF), (13, FIVE_LEFT), (16, TWO_LEFT)],
    20: [(10, HALF), (15, FIVE_LEFT), (18, TWO_LEFT)],
    25: [(12.5, HALF), (20, FIVE_LEFT), (23, TWO_LEFT)],
    30: [(15, HALF), (25, FIVE_LEFT), (28, TWO_LEFT)],
}
"""Cues of a coach segment, by its minutes, each with the minute at which it comes."""

every_format = pytest.mark.parametrize("format_", FORMATS.values(), ids=FORMATS)


def seconds(length: timedelta) -> int:
    return int(length.total_seconds())


def lengths(format_: Format) -> list[int]:
    """How many seconds each card is the current one: a segment, with its landing."""
    kinds = [segment.kind for segment in format_.segments]
    last = max(at for at, kind in enumerate(kinds) if kind is SegmentKind.COACH)
    return [
        seconds(segment.length) + (LANDING if at == last else 0)
        for at, segment in enumerate(format_.segments)
    ]


def starts(format_: Format) -> list[int]:
    """The second at which each segment begins, and that at which the round is over."""
    return [0, *itertools.accumulate(lengths(format_))]


def plan(format_: Format) -> list[tuple[int, str]]:
    """What is posted in the room, and at which second."""
    planned: list[tuple[int, str]] = []
    for segment, start, lasts in zip(
        format_.segments, starts(format_), lengths(format_), strict=False
    ):
        minutes = segment.length / timedelta(minutes=1)
        if segment.kind is SegmentKind.COACH:
            cues = COACHING_CUES[int(minutes)]
        else:
            cues = [(minutes - 2, TWO_LEFT)] if minutes >= 4 else []
        planned.append((start, TITLES[segment.kind]))
        planned += [(start + int(minute * 60), cue) for minute, cue in cues]
        if lasts > seconds(segment.length):
            planned.append((start + seconds(segment.length), TIME_UP))
    return [*planned, (starts(format_)[-1], "🌿 The round is complete")]


def record(group: Group) -> list[tuple[float, str]]:
    """What was posted since the round began, each with its second."""
    first = cards(group.room)[1]
    return [
        (
            (posted.created_at - first.created_at).total_seconds(),
            title(posted) if posted.components else posted.content,
        )
        for message in posts(group.room)
        if message.id >= first.id
        for posted in [as_posted(group.world, group.room, message)]
        # What people did is no part of the plan.
        if not posted.content.startswith("-# 🔄")
    ]


async def begun(world, server, format_: Format) -> Group:
    """A round of that format; whom the command cannot name joins, and all agree.

    Larger groups meet where everybody can find them.
    """
    people = PEOPLE.get(format_.id, format_.fewest)
    place = server.thread() if people > len(NAMES) else server.dojo
    named = min(people, len(NAMES))
    group = await proposed(world, server, named, channel=place, format=format_.id)
    for number in range(named, people):
        guest = server.member(f"guest{number}")
        await group.press(guest, "Join as observer")
        group.people.append(guest)
    for person in group.people:
        await group.press(person, "Agree, with notes")
    return group


@every_format
async def test_a_round_goes_on_to_the_second_though_it_is_restarted_in_each_part(
    world, server, format_
):
    group = await begun(world, server, format_)

    for number, (segment, lasts) in enumerate(zip(format_.segments, lengths(format_), strict=True)):
        await take_turns(group)
        first = seconds(segment.length) // 3
        await world.later(first)
        await world.restart(crash=number % 2 == 1)
        landing = lasts - seconds(segment.length)
        await world.later(lasts - first - landing / 2)
        if landing:
            await world.restart(crash=number % 2 == 0)
        await world.later(landing / 2)

    assert record(group) == plan(format_)


@every_format
async def test_a_round_posts_each_card_and_cue_once_in_order_to_the_second(world, server, format_):
    """And only the newest card has buttons, and says who does what until when."""
    group = await begun(world, server, format_)
    begun_at = group.card.created_at
    over_at = begun_at + timedelta(seconds=starts(format_)[-1])

    for number, (segment, start, lasts) in enumerate(
        zip(format_.segments, starts(format_), lengths(format_), strict=False), 1
    ):
        (card,) = pressable(group.room)
        assert title(card) == TITLES[segment.kind]
        assert all(person.user.mention in text(card) for person in group.people)
        until = begun_at + timedelta(seconds=start) + segment.length
        assert f"until {format_dt(until, 'T')} ({format_dt(until, 'R')})" in text(card)
        assert f"part {number} of {len(format_.segments)}" in text(card)
        assert f"over by {format_dt(full_minute(over_at), 't')}" in text(card)
        await take_turns(group)
        await world.later(lasts)

    assert record(group) == plan(format_)
    (card,) = pressable(group.room)
    assert labels(card) == (WAYS_IN if len(group.people) > 2 else WAYS_IN[1:])


async def test_a_round_that_is_over_says_who_took_part_and_how_long_the_coaching_was(world, server):
    triad = FORMATS["triad-30"]
    group = await begun(world, server, triad)

    await world.later(starts(triad)[-1])

    said = text(group.card)
    assert "Thank you" in said
    # 18 minutes, and the soft landing.
    assert "-# Classic triad · 19 min of coaching" in said
    assert all(person.user.mention in said for person in group.people)


async def test_in_a_relay_each_coach_hands_over_to_an_observer_who_has_not_coached(world, server):
    relay = FORMATS["relay-30"]
    group = await begun(world, server, relay)
    carla, kim, olu, pia, ruth = (person.user.mention for person in group.people)

    for lasts in lengths(relay):
        await take_turns(group)
        await world.later(lasts)

    seen = [
        [
            line.split(" ", 2)[2]
            for line in text(as_posted(world, group.room, card)).splitlines()
            if line.startswith(("🎧", "🙋", "👀"))
        ]
        for card in cards(group.room)[1:-1]
    ]
    first = [carla, kim, f"{olu}, {pia} and {ruth}"]
    second = [olu, kim, f"{carla}, {pia} and {ruth}"]
    third = [pia, kim, f"{carla}, {olu} and {ruth}"]
    # The card of a change of coach is posted before anybody has taken the seat.
    assert seen == [first, first, first, second, second, third, third, third, third]


async def test_in_the_part_of_the_observers_the_room_has_questions_for_when_nobody_took_notes(
    world, server
):
    """3C: with notes or without the card is the same, as nobody learns whether there are any."""
    group = await coaching(world, server, 4)
    other = await coaching(world, server, [server.member(name) for name in ("ida", "jon", "kay")])
    await group.observer.slash(group.room, "observe")
    await world.later((18 + 1 + 1 + 2 + 2) * 60 + 10)

    for one in (group, other):
        assert title(one.card) == "🔎 Observers"
        assert "Nothing noted? Say aloud: What helped the client think?" in text(one.card)
