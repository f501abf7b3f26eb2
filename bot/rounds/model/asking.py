"""Asking people into rounds: who wants to be asked, and how often a person may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from bot.rounds.model.round import Agreement, Role, Round, Seat

MOST_ASKED = 3
"""Questions that wait for one person's yes, or got none, within `ASKED_WITHIN`."""
ASKED_WITHIN = timedelta(hours=1)


class WhoMayAsk(StrEnum):
    """Who may ask a person into rounds, on all servers."""

    ANYBODY = "anybody"
    EVENINGS = "evenings"
    """Only at an evening that the person has joined."""
    NOBODY = "nobody"

    def allows(self, *, at_evening: bool) -> bool:
        """Whether the person may be asked, at an evening or outside of one."""
        return self is WhoMayAsk.ANYBODY or (self is WhoMayAsk.EVENINGS and at_evening)


@dataclass(frozen=True, slots=True)
class _Asked:
    round_id: int
    at: datetime


class Askings:
    """How often people were asked into rounds lately. A question that got a yes does not count."""

    def __init__(self) -> None:
        self._asked: dict[int, list[_Asked]] = {}

    def note(self, user_id: int, round_id: int, at: datetime) -> None:
        """A person is asked into a round."""
        known = [one for one in self._asked.get(user_id, ()) if _counts(one, at)]
        self._asked[user_id] = [*known, _Asked(round_id, at)]

    def accepted(self, user_id: int, round_id: int) -> None:
        """A person said yes to a round."""
        known = self._asked.get(user_id, [])
        left = [one for one in known if one.round_id != round_id]
        if left:
            self._asked[user_id] = left
        else:
            self._asked.pop(user_id, None)

    def is_enough(self, user_id: int, now: datetime) -> bool:
        """Whether a person was asked as often as anyone may be."""
        return sum(_counts(one, now) for one in self._asked.get(user_id, ())) >= MOST_ASKED

    def drop_old(self, now: datetime) -> None:
        """Let go of what no longer counts."""
        for user_id, known in list(self._asked.items()):
            if not any(_counts(one, now) for one in known):
                del self._asked[user_id]

    def forget(self, user_id: int) -> None:
        """Keep nothing about this person."""
        self._asked.pop(user_id, None)


def _counts(asked: _Asked, now: datetime) -> bool:
    return now - asked.at < ASKED_WITHIN


# The card that asks


class Asked(IntEnum):
    """Whether a person of an invitation is still asked, and if not, why."""

    NOW = 0
    REPLACED = 1
    """Another person was asked for their seat, and no card has told them."""
    TOLD = 2
    """Replaced, and a card has told them."""
    DECLINED = 3
    """Said no, before a later card."""


@dataclass(frozen=True, slots=True)
class Invited:
    """One person whom the card of an invitation names."""

    user_id: int | None
    """None once that person has been erased."""
    role: Role
    is_brought: bool = False
    """Said yes, and was added to the room, or it was tried."""
    stands: Asked = Asked.NOW


@dataclass(frozen=True, slots=True)
class Invitation:
    """A card in the dojo that asks people into a round."""

    round_id: int
    dojo_id: int
    guild_id: int
    channel_id: int
    message_id: int
    people: tuple[Invited, ...]
    number: int = 0
    """How many cards of this round there were before."""

    @property
    def asked(self) -> tuple[Invited, ...]:
        """Whom the card asks."""
        return tuple(one for one in self.people if one.stands is Asked.NOW)

    @property
    def replaced(self) -> tuple[Invited, ...]:
        """Who was asked before another person was asked for their seat."""
        return tuple(one for one in self.people if one.stands in (Asked.REPLACED, Asked.TOLD))

    def is_replaced(self, user_id: int) -> bool:
        """Whether this person was on a card, and another one was asked instead."""
        return any(one.user_id == user_id for one in self.replaced)


class Stand(StrEnum):
    """What has become of an invitation."""

    OPEN = "open"
    """The round waits for its people."""
    BEGUN = "begun"
    """It runs, and a person who was asked has not answered: they may still come."""
    SETTLED = "settled"
    """It runs or is over, and the card asks nobody any more."""
    OFF = "off"
    """It does not take place."""


def asked_people(round_: Round) -> tuple[Seat, ...]:
    """Everybody whom a card asks into a round: all but the person who asks."""
    return tuple(
        seat
        for seat in round_.seats
        if seat.user_id is not None and seat.user_id != round_.starter_user_id
    )


def is_waited_for(round_: Round, user_id: int | None) -> bool:
    """Whether this person is asked, and has not answered."""
    seat = None if user_id is None else round_.seat_of(user_id)
    return seat is not None and seat.is_here and seat.agreement is Agreement.OPEN


def stand_of(round_: Round | None) -> Stand:
    """What the card of a round has to say; None for a round of which nothing is kept."""
    if round_ is None:
        return Stand.OFF
    if not round_.is_open:
        return Stand.SETTLED if round_.began_at is not None else Stand.OFF
    if not round_.has_begun:
        return Stand.OPEN
    waits = any(is_waited_for(round_, seat.user_id) for seat in asked_people(round_))
    return Stand.BEGUN if waits else Stand.SETTLED


def answered(invitation: Invitation, round_: Round) -> int:
    """How many of the people on the card have answered, whatever they said."""
    return sum(not is_waited_for(round_, one.user_id) for one in invitation.asked)
