"""What the facilitator's panel says of an evening and of its rooms: a line each.

Nothing in it says who needed a moment, who asked for help, or who has handed in what.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.feedback.service.debriefs import DebriefService
from bot.gatherings.model.gathering import Gathering, Room, Stage
from bot.gatherings.service.rooms import GatheringRooms, RoomNow
from bot.gatherings.ui.words import people_text as names_text
from bot.kit.discord.text import joined, minute_of, moment, plural
from bot.kit.requests.rights import (
    CHANNELS,
    CONNECT,
    KEEP_OUT,
    MOVE,
    PRIVATE,
    PUBLIC,
    SEND,
    THREADS,
    VIEW,
)
from bot.kit.services import Services
from bot.rounds.model.refusals import NoRound
from bot.rounds.model.round import (
    LONG_PAUSE,
    Agreement,
    Ask,
    RoomKind,
    Round,
    State,
    is_coaching_over,
)
from bot.rounds.ui.shared import mention
from bot.rounds.ui.words import SEGMENT, exactly

SHEETS = {None: "📝 –", False: "📝 …", True: "📝 ✓"}
"""Of every room alike: a mark that only some have would say who takes notes."""
LEGEND = "-# 👥 people there · 📝 observers’ sheets: – not yet their time, … some missing, ✓ all in"
MOST_AWAITED = 4
"""People of one room named as not having answered; of more, they are counted."""
MOST_GONE = 8
_UNSEEN = "-"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_GONE = {
    Ask.AWAY: "⚠ waits for a lost voice connection",
    Ask.COACH_GONE: "⚠ the coach’s seat is empty",
    Ask.CLIENT_GONE: "⚠ the client’s seat is empty",
}


@dataclass(frozen=True, slots=True)
class RoomShown:
    """A room with what a facilitator may know of its feedback."""

    now: RoomNow
    handed_in: bool | None = None
    """Whether all observers' sheets are in; None while it is not their time, or nobody observes."""

    @property
    def number(self) -> int:
        """Of the room."""
        return self.now.room.number


async def rooms_shown(services: Services, gathering: Gathering, viewer: int) -> list[RoomShown]:
    """Every room of the current round, as it is now for a viewer, who may coach in one."""
    rooms = services[GatheringRooms].rooms_now(gathering)
    handed_in = await asyncio.gather(*(_handed_in(services, now, viewer) for now in rooms))
    return [RoomShown(*pair) for pair in zip(rooms, handed_in, strict=True)]


async def _handed_in(services: Services, now: RoomNow, viewer: int) -> bool | None:
    round_id = now.room.round_id
    if round_id is None or (now.round is not None and not is_coaching_over(now.round)):
        return None
    try:
        found = await services[DebriefService].process(round_id)
    except NoRound:
        return None
    if not any(one.observers for one in found):
        return None
    if any(one.coach_user_id == viewer and not one.is_released for one in found):
        # What has been handed in about them is not theirs to know yet.
        return False
    return all(one.handed_in >= one.observers for one in found)


# The evening


def head_lines(gathering: Gathering, rooms: Sequence[RoomShown]) -> list[str]:
    """Where the evening is, who looks after it, and which rooms need a visit."""
    number = f"round {gathering.number} of {gathering.rounds}" if gathering.number else "not begun"
    lines = [f"### 🎛️ Panel · {number}", _stage_line(gathering, rooms)]
    waiting = f", {len(gathering.waiting)} on the waiting list" if gathering.waiting else ""
    lines.append(f"👥 {plural(len(gathering.here), 'person', 'people')} in{waiting}")
    lead = gathering.facilitator_user_id
    helpers = [one for one in gathering.helper_user_ids if one != lead]
    others = joined(map(mention, helpers[:5]))
    lines[-1] += f" · led by {mention(lead)}" if lead else " · nobody has the lead"
    lines[-1] += f", with {others}" if others else ""
    asking = [one.now.room for one in rooms if one.now.room.asked_at is not None]
    lines += gone_lines(gathering, rooms)
    if asking and gathering.is_in_rooms:
        where = joined(_named(room) for room in asking[:5])
        lines.append(
            f"🆘 **Help is asked for** in {where}: **Visit** is beside it, or choose it below."
        )
    return lines


def gone_lines(gathering: Gathering, rooms: Sequence[RoomShown]) -> list[str]:
    """Who of the groups has left the evening, and who is in no room though they take part."""
    if gathering.draw is None:
        return []
    grouped = [one for group in gathering.groups for one in group.people]
    left = [one for one in grouped if one in gathering.left]
    lines: list[str] = []
    if left:
        gone = "Left since the groups were made"
        lines.append(f"👋 {gone}: {names_text(left, most=MOST_GONE)}")
    open_rooms = [one.now for one in rooms if one.now.round is not None and one.now.round.is_open]
    there = {
        seat.user_id
        for now in open_rooms
        if now.round is not None
        for seat in (*now.round.here, *now.round.invited)
    }
    grouped_there = (one for now in open_rooms for one in now.group.people)
    out = [one for one in grouped_there if one not in there and gathering.takes_part(one)]
    if out and gathering.stage in (Stage.BOARDING, Stage.RUNNING):
        lines.append(f"🚪 Not in their room any more: {names_text(out, most=MOST_GONE)}")
    return lines


_WITHOUT = {
    SEND: "I cannot post in every room, or here",
    THREADS: "I cannot open threads as rooms",
    PRIVATE: "rooms are threads that everybody here can read",
    PUBLIC: "I cannot open public threads as rooms",
    CHANNELS: "I cannot make voice channels, and take rooms that are there",
    KEEP_OUT: "people of an earlier round can still read a room",
    VIEW: "people go to their voice rooms by the link",
    CONNECT: "people go to their voice rooms by the link",
    MOVE: "people go to their voice rooms by the link",
}


def missing_lines(missing: Iterable[str]) -> list[str]:
    """What the bot may not do tonight, and what that means."""
    return [f"⚠ **{switch}** is missing: {_WITHOUT.get(switch, '')}." for switch in missing]


def _stage_line(gathering: Gathering, rooms: Sequence[RoomShown]) -> str:
    until = (
        f" until {moment(gathering.due_at, 'T')} ({moment(gathering.due_at, 'R')})"
        if gathering.due_at
        else ""
    )
    match gathering.stage:
        case Stage.OPEN:
            return "🌱 People join. **Form groups** on the card comes next."
        case Stage.BOARDING:
            return f"🚪 Boarding{until}: {boarding_text(gathering, rooms)}"
        case Stage.RUNNING:
            return f"⏱️ The rounds are running{_over_by(rooms)}"
        case Stage.RETURNING:
            return f"🔔 Everybody is called back, with time{until}"
        case Stage.BETWEEN if gathering.is_last:
            return "🌿 Everybody is together; all planned rounds are done."
        case Stage.BETWEEN:
            return "🌿 Everybody is together, before the next round."
        case Stage.ENDED:
            return "🌙 The evening is over."


def boarding_text(gathering: Gathering, rooms: Iterable[RoomShown]) -> str:
    """`23 of 60 are in their rooms`, or have answered, where there is no room to be seen in."""
    people = sum(len(group.people) for group in gathering.groups)
    rooms = list(rooms)
    seats = [seat for one in rooms if one.now.round for seat in one.now.round.here]
    # By what the rooms are: an evening in voice may have had to make do with threads.
    if any(one.now.room.kind is RoomKind.VOICE for one in rooms):
        arrived = sum(seat.in_voice for seat in seats)
        return f"{arrived} of {people} are in their rooms"
    answered = sum(seat.agreement is not Agreement.OPEN for seat in seats)
    return f"{answered} of {people} have answered the agreement"


def _over_by(rooms: Iterable[RoomShown]) -> str:
    ends = [one.now.round.ends_at for one in rooms if one.now.round and one.now.round.ends_at]
    return f", the last one until about {minute_of(max(ends))}" if ends else ""


# The rooms


def _named(room: Room) -> str:
    """Which room; a private thread by its number, as facilitators see it only after a **Visit**."""
    is_hidden = room.kind is RoomKind.PRIVATE_THREAD
    return f"**Room {room.number}**" if is_hidden else f"<#{room.channel_id}>"


def room_line(shown: RoomShown, gathering: Gathering, now: datetime) -> str:
    """One room: where its round is, who is there, what is in, and whether it needs a visit."""
    room, round_ = shown.now.room, shown.now.round
    which = (
        _named(room)
        if room.kind is RoomKind.PRIVATE_THREAD
        else f"**{room.number}** {_named(room)}"
    )
    parts = [which, where_text(shown.now, gathering, now)]
    if round_ is not None and round_.is_open:
        parts.append(people_text(round_))
    parts.append(SHEETS[shown.handed_in])
    if room.asked_at is not None and gathering.is_in_rooms:
        parts.append(f"🆘 {moment(room.asked_at, 'R')}")
    return " · ".join(parts)


def where_text(room: RoomNow, gathering: Gathering, now: datetime) -> str:
    """Where the round of a room is, and what is in its way."""
    round_ = room.round
    if room.room.round_id is None:
        is_early = gathering.stage is Stage.BOARDING
        return "🚪 being opened" if is_early else "⚠ there is no round in it"
    if round_ is None or not round_.is_open:
        return "🌿 over"
    if round_.state is State.PROPOSED:
        return _before(round_, gathering)
    words = SEGMENT[round_.format.segments[round_.position].kind]
    name = f"{words.emoji} {words.title}"
    if round_.state is State.PAUSED:
        return f"{name} ⏸️ {exactly(round_.left(now))} left{_trouble(round_, now)}"
    ends_at = round_.segment_ends_at
    if ends_at is None or ends_at <= now:
        return f"{name}, time is up"
    return f"{name}, over {moment(ends_at, 'R')}"


def _before(round_: Round, gathering: Gathering) -> str:
    awaited = [seat.user_id for seat in round_.here if seat.agreement is Agreement.OPEN]
    known = [one for one in awaited if one is not None]
    text = f"✅ {len(round_.here) - len(awaited)} of {len(round_.here)} answered"
    if known:
        text += f", not yet {names_text(known, most=MOST_AWAITED)}"
    if round_.open_roles:
        empty = "the seat is empty" if len(round_.open_roles) == 1 else "the seats are empty"
        return f"{text} ⚠ waits for a {joined(round_.open_roles)}: {empty}"
    if gathering.stage is Stage.BOARDING:
        return text
    leads = (round_.coach, round_.client)
    roles = [seat.role for seat in leads if seat is not None and seat.agreement is Agreement.OPEN]
    whose = joined(f"the {role}" for role in roles)
    return f"{text} ⚠ waits for the yes of {whose}" if roles else f"{text} ⚠ has not begun"


def _trouble(round_: Round, now: datetime) -> str:
    if round_.offer is not None:
        return f" ⚠ the {round_.offer.role}’s seat is offered to someone"
    if round_.asked is not None and round_.asked in _GONE:
        return f" {_GONE[round_.asked]}"
    paused_at = round_.paused_at
    if paused_at is not None and now - paused_at >= LONG_PAUSE:
        return f" ⚠ paused {moment(paused_at, 'R')}"
    return ""


def without_room_line(gathering: Gathering) -> str:
    """That groups have no room at all; empty where all have one."""
    groups = len(gathering.groups) if gathering.is_in_rooms else 0
    known = {room.number for room in gathering.rooms}
    without = groups - len(known.intersection(range(1, groups + 1)))
    what = "being opened" if gathering.stage is Stage.BOARDING else "⚠ without a room"
    return f"🚪 {plural(without, 'group')} {what}" if without else ""


def people_text(round_: Round) -> str:
    """How many are there: of a voice room, who is in it."""
    people = len(round_.here)
    if round_.room is not RoomKind.VOICE:
        return f"👥 {people}"
    present = sum(seat.in_voice and seat.away_since is None for seat in round_.here)
    return f"👥 {people}" if present == people else f"👥 {present} of {people}"


# What was seen


def seen_code(rooms: Iterable[RoomNow]) -> str:
    """What a panel shows of the clocks, short enough for a custom id.

    Two facilitators who press **Next** on panels that show the same then move each room on once,
    also after a restart.
    """
    digits = {now.room.number: _digit(now.round) for now in rooms}
    last = max(digits, default=0)
    return "".join(digits.get(number, _UNSEEN) for number in range(1, last + 1))


def read_seen(gathering: Gathering, number: int, code: str) -> dict[int, int] | None:
    """The segment of each round, by its id, as it was shown in a round of the evening.

    None where another round of the evening goes on by now.
    """
    if number != gathering.number:
        return None
    digits = dict(enumerate(code, 1))
    return {
        room.round_id: _DIGITS.index(digits[room.number]) - 1
        for room in gathering.rooms
        if room.round_id is not None and digits.get(room.number, _UNSEEN) != _UNSEEN
    }


def _digit(round_: Round | None) -> str:
    # From -1, which is before the first segment.
    return _UNSEEN if round_ is None else _DIGITS[round_.position + 1]
