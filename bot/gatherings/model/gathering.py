"""A gathering: one evening of a dojo, as a value that is never changed, only replaced.

People join and are put into groups; each group practises a round in a room of its own, all of
them on one clock; then everybody comes back, and the next round begins, or the evening ends. What
the rounds themselves are is in `bot.rounds`; what people do with a gathering in
`bot.gatherings.model.moves`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.content.model.formats import Format, SegmentKind
from bot.gatherings.grouping.groups import Draw, Group, Member, Wish
from bot.rounds.model.round import RoomKind

CALL_BACK = timedelta(seconds=60)
"""From the end of the rounds until everybody is back in the common room."""
FIRST_BOARDING = timedelta(seconds=90)
"""For finding the room and reading the whole agreement, before the first round."""
SHORTEST_BOARDING = timedelta(seconds=45)
"""Before later rounds, whose agreement is short."""
LONGEST_BOARDING = timedelta(seconds=180)
"""For people who are moved; facilitators may add minutes."""
MORE_TIME = timedelta(minutes=1)
"""What a facilitator adds to the time to come by one press."""
MOST_TIME = timedelta(minutes=10)
"""So much time to come may be left at most."""
ONE_MOVE = timedelta(seconds=1)
"""Discord lets about ten people a server be moved in ten seconds (features.md 5)."""
OPEN_LASTS = timedelta(hours=12)
"""A gathering that has not begun by then is called off."""
IDLE = timedelta(hours=3)
"""After so long between two rounds an evening is over."""
LONGEST_LAG = timedelta(minutes=10)
"""By how much the people of one room may lengthen it in all, while the others wait."""
MOST_GUESTS = 60
FEWEST_GUESTS = 2
MOST_ROUNDS = 8
MOST_APART = 3
"""People someone can name with whom they do not want to be in one group."""
FACILITATOR_GONE = timedelta(minutes=2)
"""Out of the voice channel for so long: others are asked to take over."""


class Stage(StrEnum):
    """Where an evening is."""

    OPEN = "open"
    """People join; nothing has begun."""
    BOARDING = "boarding"
    """The groups are made, and everybody goes to their room."""
    RUNNING = "running"
    RETURNING = "returning"
    """The rounds are over, and everybody is called back."""
    BETWEEN = "between"
    """Everybody is together: before the next round, or at the end."""
    ENDED = "ended"


class Presence(StrEnum):
    """Whether someone is part of a gathering."""

    IN = "in"
    WAITING = "waiting"
    """On the waiting list: all seats are taken."""
    LEFT = "left"


class Places(StrEnum):
    """Where groups meet."""

    THREADS = "threads"
    VOICE = "voice"


class Grouping(StrEnum):
    """What happens to the groups from round to round."""

    STAY = "stay"
    """The same people; their roles rotate."""
    FRESH = "fresh"


class Closing(StrEnum):
    """How a gathering ended."""

    CLOSED = "closed"
    """A facilitator closed it."""
    CALLED_OFF = "called-off"
    """It ended before its first round."""
    IDLE = "idle"
    CHANNEL_GONE = "channel-gone"
    BOT_REMOVED = "bot-removed"


@dataclass(frozen=True, slots=True)
class Guest:
    """Someone who joined a gathering."""

    user_id: int
    joined_at: datetime
    """When they took their place in the line, for a seat or on the waiting list."""
    wish: Wish = Wish.ANY
    languages: frozenset[str] = frozenset()
    presence: Presence = Presence.IN
    rests: int = 0
    """The round they sit out, by its number; 0 for none."""


@dataclass(frozen=True, slots=True)
class Room:
    """Where a group meets."""

    number: int
    """From 1, as people see it."""
    channel_id: int
    kind: RoomKind
    is_made: bool = False
    """The bot made it for this gathering, and removes it when it is empty and not needed."""
    round_id: int | None = None
    """The round there, of the current turn; none while there is none yet."""
    asked_at: datetime | None = None
    """Someone there asked for help, and no facilitator has come yet."""
    asked_by: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Groups that are proposed, until someone starts them."""

    draw: Draw
    pins: tuple[frozenset[int], ...] = ()
    """People who stay together when the groups are drawn again."""
    rounds: int = 1
    """For how many rounds they were drawn together."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Who came and left since groups were proposed."""

    came: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    observe: tuple[int, ...] = ()
    """Who is coach or client there, and only observes by now."""
    rest: tuple[int, ...] = ()
    """Who sits this round out."""

    def __bool__(self) -> bool:
        return bool(self.came or self.left or self.observe or self.rest)


@dataclass(frozen=True, slots=True)
class Gathering:
    """One evening of a dojo."""

    id: int
    dojo_id: int
    guild_id: int
    channel_id: int
    """Where its card is: the channel of the dojo."""
    format: Format
    opened_at: datetime
    facilitator_user_id: int | None
    helper_user_ids: tuple[int, ...] = ()
    """Who had the lead before, and is called with the person who has it; no right by itself."""
    trusted_user_ids: tuple[int, ...] = ()
    """To whom a facilitator handed this evening by name: they may do what facilitators may."""
    rounds: int = 3
    """How many are planned."""
    minutes: int | None = None
    """How long the evening may last, where a facilitator said so."""
    places: Places = Places.THREADS
    voice_id: int | None = None
    """The common room, where there is one."""
    grouping: Grouping = Grouping.STAY
    seats: int = MOST_GUESTS
    guests: tuple[Guest, ...] = ()
    """In the order in which they came; people who come back are at the end."""
    stage: Stage = Stage.OPEN
    number: int = 0
    """Which round it is in, or has been in last, from 1; 0 before the first."""
    due_at: datetime | None = None
    """When boarding, the call back, or the whole evening ends by itself.

    While rounds run only where some began earlier than the others had to come.
    """
    draft: Draft | None = None
    draw: Draw | None = None
    """The groups of the current or last round."""
    rooms: tuple[Room, ...] = ()
    """By their numbers: room 1 is that of the first group. A group may have none (yet)."""
    closing: Closing | None = None
    ended_at: datetime | None = None
    card_id: int | None = None
    """The message with the card that people join by."""
    turn: int = 0
    """Grows with everything that changes what its card shows."""
    told_turn: int = -1
    told_stage: Stage | None = None
    """Which turn and stage the card in the dojo shows; ended once nothing is left to do."""
    version: int = 0
    parts: tuple[SegmentKind, ...] = field(default=(), metadata={"is_stored": False})
    """In which parts its rooms are: for showing only, and never stored."""

    @property
    def is_open(self) -> bool:
        """Whether anything can still happen in it."""
        return self.stage is not Stage.ENDED

    @property
    def is_in_rooms(self) -> bool:
        """Whether people are in their rooms, or on their way."""
        return self.stage in (Stage.BOARDING, Stage.RUNNING, Stage.RETURNING)

    @property
    def here(self) -> tuple[Guest, ...]:
        """Who takes part, in the order in which they joined."""
        return tuple(guest for guest in self.guests if guest.presence is Presence.IN)

    @property
    def waiting(self) -> tuple[Guest, ...]:
        """Who waits for a seat, the first in line first."""
        return tuple(guest for guest in self.guests if guest.presence is Presence.WAITING)

    @property
    def left(self) -> frozenset[int]:
        """Who was in it and has left, by user id."""
        gone = (guest.user_id for guest in self.guests if guest.presence is Presence.LEFT)
        return frozenset(gone)

    @property
    def is_last(self) -> bool:
        """Whether all rounds that were planned have begun."""
        return self.number >= self.rounds

    @property
    def facilitators(self) -> tuple[int, ...]:
        """Who looks after it: the person with the lead first."""
        lead = self.facilitator_user_id
        return ((lead,) if lead is not None else ()) + self.helper_user_ids

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups of the current or last round."""
        return self.draw.groups if self.draw else ()

    def guest(self, user_id: int | None) -> Guest | None:
        """Someone who joined, also if they have left or are waiting."""
        return next((guest for guest in self.guests if guest.user_id == user_id), None)

    def only_observes(self, user_id: int | None) -> bool:
        """Whether this person joined and wishes to only observe."""
        guest = self.guest(user_id)
        return guest is not None and guest.wish is Wish.OBSERVE

    def seated_since(self, before: Gathering) -> tuple[int, ...]:
        """Who waited for a seat `before` and has one now."""
        waited = {guest.user_id for guest in before.waiting}
        return tuple(guest.user_id for guest in self.here if guest.user_id in waited)

    def takes_part(self, user_id: int) -> bool:
        """Whether this person takes part now."""
        guest = self.guest(user_id)
        return guest is not None and guest.presence is Presence.IN

    def members(self, owed: Mapping[int, float]) -> list[Member]:
        """Who is to be put into groups; `owed` are turns as coach, by user id."""
        return [
            Member(guest.user_id, guest.wish, owed.get(guest.user_id, 0.0), guest.languages)
            for guest in self.here
            if not self.rests(guest)
        ]

    def rests(self, guest: Guest) -> bool:
        """Whether someone sits out the round that is under way, or else the next one."""
        return guest.rests == (self.number if self.is_in_rooms else self.number + 1)

    def room_of(self, user_id: int) -> Room | None:
        """The room of this person's group in the current round."""
        number = self.draw.group_of(user_id) if self.draw and self.is_in_rooms else None
        return None if number is None else self.room(number + 1)

    def room(self, number: int) -> Room | None:
        """The room of this number, if it is open."""
        return next((room for room in self.rooms if room.number == number), None)

    def group_in(self, room: Room) -> Group | None:
        """The group that meets in a room in the current or last round."""
        return self.groups[room.number - 1] if room.number <= len(self.groups) else None

    def room_with(self, round_id: int) -> Room | None:
        """The room a round takes place in."""
        return next((room for room in self.rooms if room.round_id == round_id), None)

    def with_room(self, room: Room) -> Gathering:
        """The gathering with one of its rooms replaced, by its number."""
        rooms = tuple(room if one.number == room.number else one for one in self.rooms)
        return replace(self, rooms=rooms)

    def turned(self) -> Gathering:
        """The gathering one turn on: its card is drawn again."""
        return replace(self, turn=self.turn + 1)

    def changes(self) -> Changes:
        """Who came and left since the groups were proposed."""
        if self.draft is None:
            return Changes()
        placed = {one for group in self.draft.draw.groups for one in group.people}
        resting = {guest.user_id for guest in self.here if self.rests(guest)}
        everybody = {guest.user_id for guest in self.here}
        here = [guest.user_id for guest in self.here if guest.user_id not in resting]
        observe = {guest.user_id for guest in self.here if guest.wish is Wish.OBSERVE}
        leads = [one for group in self.draft.draw.groups for one in group.people[:2]]
        return Changes(
            tuple(one for one in here if one not in placed),
            tuple(sorted(placed.difference(everybody))),
            tuple(one for one in leads if one in observe and one not in resting),
            tuple(sorted(placed & resting)),
        )


def boarding_for(people: int, places: Places, number: int) -> timedelta:
    """How long people get to go to the rooms of the round of this number.

    Longer before the first one, and with more people who are moved one by one.
    """
    moving = people * ONE_MOVE if places is Places.VOICE else timedelta()
    finding = FIRST_BOARDING if number == 1 else SHORTEST_BOARDING
    return min(finding + moving, LONGEST_BOARDING)


def arriving_for(people: int, places: Places) -> timedelta:
    """How much longer going to the rooms takes before the first round than before later ones."""
    return boarding_for(people, places, 1) - boarding_for(people, places, 2)


def members_of(draw: Draw) -> frozenset[int]:
    """Everybody who is in a group."""
    return frozenset(one for group in draw.groups for one in group.people)
