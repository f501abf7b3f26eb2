"""What people do with a gathering: each move takes one and gives another.

A move that is refused raises a DojoError and changes nothing. Who may do what is asked with
`check_facilitates` of the dojo; what belongs to one person is checked here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.content.model.formats import Format
from bot.gatherings.grouping.groups import Draw, Group, Wish
from bot.gatherings.model.gathering import (
    CALL_BACK,
    FEWEST_GUESTS,
    IDLE,
    MORE_TIME,
    MOST_GUESTS,
    MOST_ROUNDS,
    MOST_TIME,
    OPEN_LASTS,
    Closing,
    Draft,
    Gathering,
    Grouping,
    Guest,
    Places,
    Presence,
    Room,
    Stage,
)
from bot.gatherings.model.plan import is_one_ring
from bot.gatherings.model.refusals import CannotGather, GatheringDone
from bot.rounds.model.pairs import Pair

# People


def join(
    gathering: Gathering, user_id: int, wish: Wish, languages: frozenset[str], now: datetime
) -> Gathering:
    """Someone joins, also late, or changes what they wish; a full gathering puts them in line."""
    check_open(gathering)
    guest = gathering.guest(user_id)
    if guest is not None and guest.presence is not Presence.LEFT:
        changed = replace(guest, wish=wish, languages=languages)
        if changed == guest:
            raise GatheringDone("joined")
        return _with_guest(gathering, changed).turned()
    # Nobody comes before those in line, also when a seat has just become free.
    is_full = len(gathering.here) >= gathering.seats or bool(gathering.waiting)
    presence = Presence.WAITING if is_full else Presence.IN
    return _with_guest(gathering, Guest(user_id, now, wish, languages, presence)).turned()


def leave(gathering: Gathering, user_id: int) -> Gathering:
    """Someone leaves, or gives up their place in line; the first in line gets the seat."""
    check_open(gathering)
    guest = gathering.guest(user_id)
    if guest is None or guest.presence is Presence.LEFT:
        raise CannotGather("not in it")
    return seated(_with_guest(gathering, replace(guest, presence=Presence.LEFT))).turned()


def seated(gathering: Gathering) -> Gathering:
    """The gathering with free seats given to those in line, in their order."""
    free = gathering.seats - len(gathering.here)
    for guest in gathering.waiting[: max(free, 0)]:
        gathering = _with_guest(gathering, replace(guest, presence=Presence.IN))
    return gathering


def filled(gathering: Gathering) -> Gathering:
    """The gathering as it is, or one turn on with free seats given to those in line."""
    seating = seated(gathering) if gathering.is_open else gathering
    return gathering if seating == gathering else seating.turned()


def _with_guest(gathering: Gathering, guest: Guest) -> Gathering:
    others = tuple(one for one in gathering.guests if one.user_id != guest.user_id)
    if len(others) == len(gathering.guests):
        return replace(gathering, guests=(*gathering.guests, guest))
    known = gathering.guest(guest.user_id)
    if known is not None and known.presence is Presence.LEFT:
        # Back after having left: at the end of the line.
        return replace(gathering, guests=(*others, guest))
    guests = tuple(guest if one.user_id == guest.user_id else one for one in gathering.guests)
    return replace(gathering, guests=guests)


def forget(gathering: Gathering, user_id: int) -> Gathering:
    """Nothing in the gathering names this person any more.

    A seat that this frees is given to the first in line by `filled`, because a person can also be
    erased while no bot is running that would tell them.
    """

    def without(draw: Draw | None) -> Draw | None:
        if draw is None:
            return None
        groups = tuple(
            replace(group, people=tuple(one for one in group.people if one != user_id))
            for group in draw.groups
        )
        return replace(
            draw,
            groups=groups,
            repeats=tuple(pair for pair in draw.repeats if user_id not in pair),
            again=tuple(pair for pair in draw.again if user_id not in pair),
            unmet=tuple(one for one in draw.unmet if one != user_id),
            owed_first=tuple(one for one in draw.owed_first if one != user_id),
        )

    lead = gathering.facilitator_user_id
    forgotten = replace(
        gathering,
        guests=tuple(one for one in gathering.guests if one.user_id != user_id),
        # Proposed groups with a hole are no proposal.
        draft=None
        if gathering.draft and gathering.draft.draw.group_of(user_id) is not None
        else gathering.draft,
        draw=without(gathering.draw),
        rooms=tuple(
            replace(room, asked_by=None) if room.asked_by == user_id else room
            for room in gathering.rooms
        ),
        facilitator_user_id=None if lead == user_id else lead,
        helper_user_ids=tuple(one for one in gathering.helper_user_ids if one != user_id),
        trusted_user_ids=tuple(one for one in gathering.trusted_user_ids if one != user_id),
    )
    return gathering if forgotten == gathering else forgotten.turned()


def rest(gathering: Gathering, user_id: int, *, rests: bool = True) -> Gathering:
    """Someone sits the next round out, or the one that is under way; or takes part after all."""
    check_open(gathering)
    guest = gathering.guest(user_id)
    if guest is None or guest.presence is Presence.LEFT:
        raise CannotGather("not in it")
    number = gathering.number if gathering.is_in_rooms else gathering.number + 1
    changed = replace(guest, rests=number if rests else 0)
    return gathering if changed == guest else _with_guest(gathering, changed).turned()


def forget_group(gathering: Gathering, round_id: int, people: Collection[int]) -> Gathering:
    """Nothing in the gathering says who was together in a round that is being erased.

    `people` are those of the round. While people are in their rooms nobody is moved by it.
    """

    def is_of_it(number: int, group: Group) -> bool:
        room = gathering.room(number)
        if room is not None and room.round_id is not None:
            return room.round_id == round_id
        return len(set(people).intersection(group.people[:2])) == len(group.people[:2])

    draw, draft = gathering.draw, gathering.draft
    if draw is not None and any(is_of_it(n, group) for n, group in enumerate(draw.groups, 1)):

        def others(pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
            return tuple(pair for pair in pairs if not set(pair) <= set(people))

        draw = replace(
            draw,
            groups=tuple(
                Group(()) if is_of_it(number, group) else group
                for number, group in enumerate(draw.groups, 1)
            ),
            # With the same seed the same groups could be formed again.
            seed=0,
            repeats=others(draw.repeats),
            again=others(draw.again),
            unmet=tuple(one for one in draw.unmet if one not in people),
            owed_first=tuple(one for one in draw.owed_first if one not in people),
        )
    tells = draft is not None and any(
        len(set(people).intersection(group.people)) > 1 for group in draft.draw.groups
    )
    forgotten = replace(gathering, draw=draw, draft=None if tells else draft)
    return gathering if forgotten == gathering else forgotten.turned()


# The plan


def change_plan(
    gathering: Gathering,
    *,
    format_: Format,
    rounds: int,
    minutes: int | None,
    places: Places,
    grouping: Grouping,
    seats: int,
) -> Gathering:
    """Change what is planned; it holds from the next round on.

    People who have a seat keep it when there are fewer seats now. Groups that were proposed are
    taken off the table where others are wanted now.
    """
    check_open(gathering)
    changed = replace(
        gathering,
        format=format_,
        rounds=min(max(rounds, gathering.number, 1), MOST_ROUNDS),
        minutes=minutes,
        places=places,
        grouping=grouping,
        seats=min(max(seats, FEWEST_GUESTS), MOST_GUESTS),
    )
    if changed == gathering:
        raise GatheringDone("changed")
    is_drawn_otherwise = (grouping, is_one_ring(format_)) != (
        gathering.grouping,
        is_one_ring(gathering.format),
    )
    if is_drawn_otherwise:
        # What was proposed is not what is planned any more.
        changed = replace(changed, draft=None)
    return seated(changed).turned()


def one_more(gathering: Gathering) -> Gathering:
    """Plan another round after the last one."""
    check_open(gathering)
    if gathering.number >= MOST_ROUNDS:
        raise CannotGather("enough rounds")
    return replace(gathering, rounds=gathering.number + 1).turned()


def hand_over(gathering: Gathering, user_id: int) -> Gathering:
    """A facilitator hands the evening to another person, who may then do what facilitators may."""
    led = take_over(gathering, user_id)
    if user_id in gathering.trusted_user_ids:
        return led
    return replace(led, trusted_user_ids=(*led.trusted_user_ids, user_id))


def take_over(gathering: Gathering, user_id: int) -> Gathering:
    """Another person has the lead, by the rights they have; the one before is called with them."""
    check_open(gathering)
    lead = gathering.facilitator_user_id
    if lead == user_id:
        raise GatheringDone("handed over")
    helpers = tuple(one for one in gathering.helper_user_ids if one != user_id)
    if lead is not None:
        helpers = (*helpers, lead)
    return replace(gathering, facilitator_user_id=user_id, helper_user_ids=helpers).turned()


def trust(gathering: Gathering, user_id: int) -> Gathering:
    """Another person looks after this evening together with who has the lead."""
    check_open(gathering)
    if user_id in (gathering.facilitator_user_id, *gathering.trusted_user_ids):
        raise GatheringDone("trusted")
    others = tuple(one for one in gathering.helper_user_ids if one != user_id)
    trusted = (*gathering.trusted_user_ids, user_id)
    named = replace(gathering, helper_user_ids=(*others, user_id), trusted_user_ids=trusted)
    return named.turned()


def take_off(gathering: Gathering, user_id: int, by: int) -> Gathering:
    """A person the evening was handed to looks after it no longer; if they led, `by` leads now."""
    check_open(gathering)
    if user_id not in gathering.trusted_user_ids:
        raise GatheringDone("taken off")
    lead = gathering.facilitator_user_id
    return replace(
        gathering,
        trusted_user_ids=tuple(one for one in gathering.trusted_user_ids if one != user_id),
        helper_user_ids=tuple(one for one in gathering.helper_user_ids if one != user_id),
        facilitator_user_id=by if lead == user_id else lead,
    ).turned()


# Groups


def propose(gathering: Gathering, draft: Draft | None) -> Gathering:
    """Put groups on the table, or take them off."""
    check_together(gathering)
    return replace(gathering, draft=draft).turned()


def start(
    gathering: Gathering, draw: Draw, now: datetime, boarding: timedelta, *, after: int
) -> Gathering:
    """The next round begins with these groups: everybody goes to their room.

    `after` is the round the person saw: if it is another one, someone was quicker. The rooms of
    the round before are used again, as far as there are groups for them.
    """
    check_open(gathering)
    if gathering.number != after or gathering.is_in_rooms:
        raise GatheringDone("started")
    rooms = tuple(
        replace(room, round_id=None, asked_at=None, asked_by=None) for room in gathering.rooms
    )
    return replace(
        gathering,
        stage=Stage.BOARDING,
        number=gathering.number + 1,
        rounds=max(gathering.rounds, gathering.number + 1),
        draft=None,
        draw=draw,
        rooms=rooms,
        due_at=now + boarding,
    ).turned()


def more_time(gathering: Gathering, seen: int, now: datetime) -> Gathering:
    """A minute more to come to the rooms.

    `seen` is when the time was to end, in seconds, as the person saw it: of two who press at once,
    one adds a minute.
    """
    due_at = _boarding_until(gathering)
    if int(due_at.timestamp()) != seen:
        raise GatheringDone("more time")
    later = max(due_at, now) + MORE_TIME
    if later - now > MOST_TIME:
        raise CannotGather("enough time")
    return replace(gathering, due_at=later).turned()


def start_now(gathering: Gathering, *, number: int) -> Gathering:
    """Rooms that are ready do not wait for the others, which have their time to come still."""
    _boarding_until(gathering)
    if gathering.number != number:
        raise GatheringDone("started")
    return replace(gathering, stage=Stage.RUNNING).turned()


def all_came(gathering: Gathering) -> Gathering:
    """The time to come is up also for the rooms that others did not wait for."""
    return replace(gathering, due_at=None).turned()


def _boarding_until(gathering: Gathering) -> datetime:
    check_open(gathering)
    if gathering.stage is not Stage.BOARDING or gathering.due_at is None:
        raise GatheringDone("started")
    return gathering.due_at


def not_begun(gathering: Gathering, now: datetime) -> Gathering:
    """No room could be opened for any group: all is as before the start, its groups proposed.

    There is as much time to try again as between two rounds, however long the evening is open.
    """
    if gathering.stage is not Stage.BOARDING or gathering.draw is None:
        return gathering
    number = gathering.number - 1
    return replace(
        gathering,
        stage=Stage.BETWEEN if number else Stage.OPEN,
        number=number,
        draft=Draft(gathering.draw),
        draw=None,
        due_at=now + IDLE if number else max(gathering.opened_at + OPEN_LASTS, now + IDLE),
    ).turned()


def opened(gathering: Gathering, room: Room) -> Gathering:
    """A group has its room."""
    others = tuple(one for one in gathering.rooms if one.number != room.number)
    return replace(gathering, rooms=tuple(sorted((*others, room), key=lambda one: one.number)))


def room_gone(gathering: Gathering, channel_id: int) -> Gathering:
    """Someone deleted a room: the next round gets another one in its place."""
    rooms = tuple(room for room in gathering.rooms if room.channel_id != channel_id)
    return gathering if rooms == gathering.rooms else replace(gathering, rooms=rooms).turned()


def begun(gathering: Gathering) -> Gathering:
    """The clocks of all rooms have been started."""
    return replace(gathering, stage=Stage.RUNNING, due_at=None).turned()


def regroup(gathering: Gathering, draw: Draw) -> Gathering:
    """The groups as they are now: someone came late, or went to another room."""
    return replace(gathering, draw=draw).turned()


def call_back(gathering: Gathering, now: datetime) -> Gathering:
    """The rounds are over: everybody comes back."""
    if gathering.stage not in (Stage.BOARDING, Stage.RUNNING):
        raise GatheringDone("called back")
    return replace(gathering, stage=Stage.RETURNING, due_at=now + CALL_BACK).turned()


def returned(gathering: Gathering, now: datetime) -> Gathering:
    """Everybody has been called back."""
    if gathering.stage is not Stage.RETURNING:
        raise GatheringDone("returned")
    return replace(gathering, stage=Stage.BETWEEN, due_at=now + IDLE).turned()


def end(gathering: Gathering, closing: Closing, now: datetime) -> Gathering:
    """The evening is over."""
    if not gathering.is_open:
        raise GatheringDone("closed")
    if closing is Closing.CLOSED and not gathering.number:
        closing = Closing.CALLED_OFF
    return replace(
        gathering, stage=Stage.ENDED, due_at=None, draft=None, closing=closing, ended_at=now
    ).turned()


# Help


def ask_help(gathering: Gathering, number: int, user_id: int, now: datetime) -> Gathering:
    """Someone in a room asks a facilitator to come; the reason is nobody's business."""
    check_open(gathering)
    room = gathering.room(number)
    if room is None or not gathering.is_in_rooms:
        raise CannotGather("not in rooms")
    if room.asked_at is not None:
        raise GatheringDone("asked for help", room.asked_by)
    return gathering.with_room(replace(room, asked_at=now, asked_by=user_id)).turned()


def helped(gathering: Gathering, number: int) -> Gathering:
    """A facilitator has taken care of it."""
    room = gathering.room(number)
    if room is None or room.asked_at is None:
        return gathering
    return gathering.with_room(replace(room, asked_at=None, asked_by=None)).turned()


# What is asked first


def check_open(gathering: Gathering) -> None:
    """Raises CannotGather when the evening is over."""
    if not gathering.is_open:
        raise CannotGather("over")


def check_together(gathering: Gathering) -> None:
    """Raises CannotGather when it is over, or while people are in their rooms."""
    check_open(gathering)
    if gathering.is_in_rooms:
        raise CannotGather("in rooms")
