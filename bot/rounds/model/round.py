"""A round: one timed practice of one group, as a value that is never changed, only replaced.

A round knows its group, the format it follows (copied into it, so that editing a format changes
no round), and where its clock stands. The clock of a segment is three values: how long the segment
is, how much of it had run when the clock was last started, and since when it has been running.
Everything else is computed from them, so nothing ticks, and pausing loses nothing.

Who acts on a round is in `bot.rounds.model.moves` and `people` beside it, and how it moves on by
itself in `clock`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from bot.content.model.formats import Format, Segment, SegmentKind, landing_of, last_coaching, lasts
from bot.rounds.model.did import Action, Did
from bot.rounds.model.refusals import NotInRound

ZERO = timedelta()
PROPOSAL_LASTS = timedelta(minutes=60)
GRACE = timedelta(seconds=30)
"""How long a coach or client may be out of the voice channel before the clock stops for them."""
AWAY_LASTS = timedelta(minutes=5)
"""How long the seat of a person who left the voice channel is kept for them."""
TAKEN_UP_WITHIN = AWAY_LASTS
"""How long a round that ended for want of people can be taken up again."""
BACK_WITHIN = timedelta(seconds=20)
"""How long **Next** can be taken back."""
LONG_PAUSE = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(minutes=70)
"""After this a paused round is taken for abandoned."""
LATE = timedelta(seconds=15)
"""What is later than this is said to be late."""
ANSWER_WITHIN = timedelta(seconds=60)
"""How long someone who is said to have left has to say that they are there."""
MOST_STEERING = 5
"""With more people than this, only coach, client and facilitators steer."""
LONGEST_WISH = 200


class Role(StrEnum):
    """What someone does in a round."""

    COACH = "coach"
    CLIENT = "client"
    OBSERVER = "observer"


class Agreement(StrEnum):
    """What someone answered to the agreement of a round."""

    OPEN = "open"
    """No answer yet. Once the clock runs, who has not answered is asked, and takes no part."""
    NOTES = "notes"
    NO_NOTES = "no-notes"


class State(StrEnum):
    """Where a round is in its life."""

    PROPOSED = "proposed"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class Ending(StrEnum):
    """How a round ended."""

    COMPLETE = "complete"
    STOPPED = "stopped"
    """Someone of the round or a facilitator ended it."""
    ALONE = "alone"
    """Fewer than two people were left."""
    INTERRUPTED = "interrupted"
    """The program was away until after its end, or it was paused and forgotten."""
    CALLED_OFF = "called-off"
    LAPSED = "lapsed"
    """It was proposed, and never begun."""
    ROOM_GONE = "room-gone"
    BOT_REMOVED = "bot-removed"
    ERASED = "erased"
    """The client ended it, and all that was stored about it was erased."""


class RoomKind(StrEnum):
    """Where a group meets."""

    PRIVATE_THREAD = "private-thread"
    PUBLIC_THREAD = "public-thread"
    VOICE = "voice"
    HERE = "here"
    """A channel or thread that was there before."""


class Cue(IntEnum):
    """A quiet signal within a segment, in the order in which they come."""

    NONE = 0
    HALF = 1
    FIVE_LEFT = 2
    TWO_LEFT = 3
    TIME_UP = 4
    """The coaching is over by the clock, and lands softly."""


class Ask(StrEnum):
    """A question the round puts to its people."""

    LATE = "late"
    """A segment began much later than it should have: go on, lengthen it, or skip it?"""
    LONG_PAUSE = "long-pause"
    AWAY = "away"
    """The clock rests until a person who lost the voice connection is back."""
    COACH_GONE = "coach-gone"
    CLIENT_GONE = "client-gone"


GONE = (Ask.COACH_GONE, Ask.CLIENT_GONE)
"""What a round asks that waits for a coach or a client."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One person of a round."""

    user_id: int | None
    """None once that person has been forgotten."""
    role: Role
    agreement: Agreement = Agreement.OPEN
    is_here: bool = True
    coached: timedelta = ZERO
    """How long this person coached in this round, without the time since they last began."""
    has_coached: bool = False
    coached_until: datetime | None = None
    """When this person last handed the coaching to someone else."""
    focus: tuple[str, ...] = ()
    """The codes this coach wants observers to watch; at most two."""
    wish: str = ""
    """In the coach's own words, what feedback they want."""
    in_voice: bool = False
    """Seen in the voice channel of the room."""
    away_since: datetime | None = None
    """Left the voice channel then, and has not come back."""
    was_client: bool = False
    """Has been the client since the clock began, also before someone else was."""
    observes_only: bool = False
    """Wished to only observe: is never named for the seat of coach or client."""
    doubted_at: datetime | None = None
    """When they were asked whether they are still there; none once they answered."""
    let_in: bool = False
    """The client has let this person observe."""
    lost: bool = False
    """Out of the round without having left it: by a lost connection, or as others said."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A seat of coach or client, offered to one person while the clock runs."""

    role: Role
    user_id: int
    rests: bool = False
    """The clock was stopped for it, and goes on with the answer."""


@dataclass(frozen=True, slots=True)
class WayBack:
    """The segment that **Next** has left, as it stood then, for as long as that can be undone."""

    until: datetime
    position: int
    length: timedelta
    ran: timedelta
    extensions: int
    began_at: datetime
    was_paused: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A person who would like to observe a round that runs."""

    user_id: int
    card_id: int | None = None
    """The message that asks the client, once there is one."""
    has_gone: bool = False
    """Does not wait any more."""


@dataclass(frozen=True, slots=True)
class Told:
    """How far the room has been told."""

    position: int = -2
    cue: Cue = Cue.NONE
    turn: int = -1
    asked: Ask | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """One practice of one group."""

    id: int
    dojo_id: int
    guild_id: int
    room_id: int
    room: RoomKind
    format: Format
    seats: tuple[Seat, ...]
    proposed_at: datetime
    starter_user_id: int | None
    state: State = State.PROPOSED
    position: int = -1
    """Which segment of the format it is in; -1 before the first."""
    length: timedelta = ZERO
    """Of the current segment, with what was added to it."""
    ran: timedelta = ZERO
    """How much of the current segment had run at `since`."""
    since: datetime | None = None
    """Since when the clock has been running; none while it stands still."""
    began_at: datetime | None = None
    """When the current segment began."""
    past: tuple[timedelta, ...] = ()
    """How long each earlier segment ran, without pauses."""
    extensions: int = 0
    """How often the current segment was lengthened."""
    paused_at: datetime | None = None
    asked: Ask | None = None
    ending: Ending | None = None
    ended_at: datetime | None = None
    turn: int = 0
    """Grows with everything that changes what the card shows."""
    actions: tuple[Action, ...] = ()
    """What people did, as far as the room has not been told."""
    told: Told = Told()
    card_id: int | None = None
    """The message with the current card."""
    card_losses: int = 0
    """How often someone deleted the card."""
    refused: bool = False
    """Discord does not let us write in the room, and the person who started it has been told."""
    gathering_id: int | None = None
    """The gathering it belongs to; None for a round that was started by itself."""
    names_shown: bool = True
    """Whether its dojo showed coaches who noted what when people were asked into it."""
    offer: Offer | None = None
    """A seat that is offered to someone who has not answered yet."""
    asking_channel_id: int | None = None
    """Where its people are asked; None where its room asks them itself."""
    way_back: WayBack | None = None
    is_again: bool = False
    """The people of a round that has ended are asked into this one, in the same room."""
    waiting: tuple[Waiting, ...] = ()
    """Who would like to observe it; nobody once its coaching is over."""
    version: int = 0
    """Of the row on disk."""

    # The clock

    @property
    def segment(self) -> Segment | None:
        """The current segment; none before the first and after the end."""
        if self.state in (State.RUNNING, State.PAUSED):
            return self.format.segments[self.position]
        return None

    @property
    def kind(self) -> SegmentKind | None:
        """What the current segment is for."""
        return self.segment.kind if self.segment else None

    @property
    def is_coaching(self) -> bool:
        """Whether the group is in a coach segment."""
        return self.kind is SegmentKind.COACH

    @property
    def is_open(self) -> bool:
        """Whether anything can still happen in it."""
        return self.state is not State.ENDED

    @property
    def has_begun(self) -> bool:
        """Whether its clock has been started, and not ended."""
        return self.state in (State.RUNNING, State.PAUSED)

    def ran_for(self, now: datetime) -> timedelta:
        """How long the current segment has run, without pauses."""
        # A clock that is set back does not turn the round back.
        return self.ran + (max(now - self.since, ZERO) if self.since else ZERO)

    def left(self, now: datetime) -> timedelta:
        """How much of the current segment is left; negative during a soft landing."""
        return self.length - self.ran_for(now)

    @property
    def landing(self) -> timedelta:
        """How much longer than its length the current segment may run, to end softly.

        Only where coaching ends for good: before a stop or a change of coach, the next segment
        is the break.
        """
        return landing_of(self.format, self.position, self.length) if self.has_begun else ZERO

    @property
    def segment_ends_at(self) -> datetime | None:
        """When the time of the current segment is up; none while the clock stands still."""
        return self.since + self.length - self.ran if self.since else None

    @property
    def next_at(self) -> datetime | None:
        """When the next segment begins; none while the clock stands still."""
        ends_at = self.segment_ends_at
        return ends_at + self.landing if ends_at else None

    @property
    def ends_at(self) -> datetime | None:
        """When the round ends if nobody does anything; none while the clock stands still."""
        return self.next_at + lasts(self.format, self.position + 1) if self.next_at else None

    def left_in_all(self, now: datetime) -> timedelta:
        """How long the whole round still lasts, if nobody pauses it."""
        if not self.has_begun:
            return lasts(self.format)
        current = self.length + self.landing - self.ran_for(now)
        return max(current, ZERO) + lasts(self.format, self.position + 1)

    def coached_for(self, now: datetime) -> timedelta:
        """How long there has been coaching in this round, without pauses."""
        pairs = zip(self.format.segments, self.past, strict=False)
        done = sum((ran for segment, ran in pairs if segment.kind is SegmentKind.COACH), ZERO)
        return done + (self.ran_for(now) if self.is_coaching else ZERO)

    def coaching_left(self, now: datetime) -> timedelta:
        """How much coaching is still to come."""
        if not self.has_begun:
            return ZERO
        coming = self.format.segments[self.position + 1 :]
        later = sum((s.length for s in coming if s.kind is SegmentKind.COACH), ZERO)
        return later + (max(self.left(now), ZERO) if self.is_coaching else ZERO)

    def seat_coached_for(self, seat: Seat, now: datetime) -> timedelta:
        """How long one person has coached in this round."""
        if seat is not self.coach or not self.has_begun:
            return seat.coached
        others = sum((one.coached for one in self.seats if one is not seat), ZERO)
        return self.coached_for(now) - others

    # The group

    @property
    def here(self) -> tuple[Seat, ...]:
        """Who takes part now."""
        return tuple(seat for seat in self.seats if self.is_in(seat))

    @property
    def invited(self) -> tuple[Seat, ...]:
        """Who was asked, has not answered, and takes no part because the clock began meanwhile."""
        return tuple(seat for seat in self.seats if seat.is_here and not self.is_in(seat))

    def is_in(self, seat: Seat) -> bool:
        """Whether the holder of this seat takes part.

        Before the clock begins that is everybody who is asked, then everybody who has said yes.
        """
        return seat.is_here and (self.began_at is None or seat.agreement is not Agreement.OPEN)

    @property
    def coach(self) -> Seat | None:
        """Who coaches, also if they have left and nobody has taken over."""
        return next((seat for seat in self.seats if seat.role is Role.COACH), None)

    @property
    def client(self) -> Seat | None:
        """Who is the client, also if they have left and nobody has taken over."""
        return next((seat for seat in self.seats if seat.role is Role.CLIENT), None)

    @property
    def leads(self) -> tuple[Seat, ...]:
        """The coach and the client who take part now."""
        return tuple(seat for seat in self.here if seat.role is not Role.OBSERVER)

    @property
    def observers(self) -> tuple[Seat, ...]:
        """Who observes now."""
        return tuple(seat for seat in self.here if seat.role is Role.OBSERVER)

    def seat_of(self, user_id: int) -> Seat | None:
        """The seat of a person, also of one who has left."""
        return next((seat for seat in self.seats if seat.user_id == user_id), None)

    @property
    def open_roles(self) -> tuple[Role, ...]:
        """The seats of coach and client that are empty, for the first who takes them."""
        if self.state is not State.PROPOSED and self.asked not in GONE:
            return ()
        held = {seat.role for seat in self.here}
        return tuple(role for role in (Role.COACH, Role.CLIENT) if role not in held)

    @property
    def has_yes_of_leads(self) -> bool:
        """Whether coach and client are there and have both agreed."""
        answered = [seat for seat in self.leads if seat.agreement is not Agreement.OPEN]
        return len(answered) == 2

    @property
    def awaits_next_coach(self) -> bool:
        """Whether, in a change of coach, the seat is offered to those who have not coached yet."""
        coach = self.coach
        if self.kind is not SegmentKind.SWAP or coach is None or not coach.has_coached:
            return False
        coming = self.format.segments[self.position + 1 :]
        is_more = any(segment.kind is SegmentKind.COACH for segment in coming)
        return is_more and any(not seat.has_coached for seat in self.observers)

    @property
    def next_in_line(self) -> Seat | None:
        """Whose turn to coach it is next; nobody's who wished to only observe."""
        waiting = (one for one in self.observers if not (one.has_coached or one.observes_only))
        return next(waiting, None)

    def takes_part(self, user_id: int) -> bool:
        """Whether this person takes part now."""
        seat = self.seat_of(user_id)
        return seat is not None and self.is_in(seat)

    def is_host(self, user_id: int) -> bool:
        """Whether this person has only started the round, and has no seat in it."""
        return user_id == self.starter_user_id and self.seat_of(user_id) is None

    def get_seat(self, user_id: int) -> Seat:
        """The seat of a person who takes part. Raises NotInRound for anyone else."""
        seat = self.seat_of(user_id)
        if seat is None or not self.is_in(seat):
            raise NotInRound("take part")
        return seat

    def seat_to_answer(self, user_id: int) -> Seat:
        """The seat of a person who takes part or is asked to. Raises NotInRound for others."""
        seat = self.seat_of(user_id)
        if seat is None or not seat.is_here:
            raise NotInRound("take part")
        return seat

    def waits_for(self, user_id: int) -> Waiting | None:
        """The wish of this person to observe, if they have one."""
        return next((one for one in self.waiting if one.user_id == user_id), None)

    def with_waiting(self, changed: Waiting) -> Round:
        """The round with what is known of one who waits replaced."""
        known = changed.user_id
        others = tuple(changed if one.user_id == known else one for one in self.waiting)
        return replace(self, waiting=others)

    def with_seat(self, old: Seat, new: Seat) -> Round:
        """The round with one seat replaced."""
        return replace(self, seats=tuple(new if seat is old else seat for seat in self.seats))

    def acted(
        self,
        did: Did | None = None,
        user_id: int | None = None,
        *,
        about: int | None = None,
        minutes: int = 0,
    ) -> Round:
        """The round one turn on, with what was done noted for the room."""
        turn = self.turn + 1
        if did is None:
            return replace(self, turn=turn)
        action = Action(turn, did, user_id, about, minutes)
        return replace(self, turn=turn, actions=(*self.actions, action))


def is_coaching_over_for_good(round_: Round) -> bool:
    """Whether no more coaching is to come, and nobody can go back to it any more."""
    back = round_.way_back
    return is_coaching_over(round_) and (
        back is None or back.position > last_coaching(round_.format)
    )


def taken_up_until(round_: Round) -> datetime | None:
    """Until when a round can go on that has ended because fewer than two people were left.

    None for others, and at an evening, which goes on without it.
    """
    if round_.ending is not Ending.ALONE or round_.ended_at is None or round_.began_at is None:
        return None
    return round_.ended_at + TAKEN_UP_WITHIN if round_.gathering_id is None else None


def can_be_taken_up(round_: Round, now: datetime) -> bool:
    """Whether a round that has ended can go on."""
    until = taken_up_until(round_)
    return until is not None and now < until


def is_coaching_over(round_: Round) -> bool:
    """Whether no more coaching is to come."""
    if not round_.is_open:
        return round_.began_at is not None
    return round_.position > last_coaching(round_.format)
