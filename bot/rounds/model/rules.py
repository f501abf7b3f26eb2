"""What moves of a round ask first: how far it is, and whether its coach and client are there."""

from __future__ import annotations

from bot.rounds.model.did import Did
from bot.rounds.model.refusals import AlreadyDone, AnswerAwaited, CannotNow, NoRound, NotInRound
from bot.rounds.model.round import MOST_STEERING, Agreement, Ask, Role, Round, State


def check_proposed(round_: Round) -> None:
    """Raises CannotNow when the round has begun, NoRound when it is over."""
    check_open(round_)
    if round_.has_begun:
        raise CannotNow("has begun")


def check_begun(round_: Round) -> None:
    """Raises CannotNow before the round has begun, AlreadyDone when it is over."""
    if round_.state is State.PROPOSED:
        raise CannotNow("not begun")
    if round_.state is State.ENDED:
        raise AlreadyDone(Did.STOPPED)


def check_open(round_: Round) -> None:
    """Raises NoRound when the round is over."""
    if not round_.is_open:
        raise NoRound(is_over=True)


def has_leads(round_: Round) -> bool:
    """Whether both coach and client are there."""
    return len(round_.leads) == 2


def check_has_leads(round_: Round) -> None:
    """Raises CannotNow when the coach or the client is not there."""
    missing = still_missing(round_)
    if missing is not None:
        raise CannotNow("no coach" if missing is Ask.COACH_GONE else "no client")


def check_has_yes(round_: Round) -> None:
    """Raises CannotNow or AnswerAwaited unless coach and client are there and have both agreed."""
    check_has_leads(round_)
    open_ = [seat.user_id for seat in round_.leads if seat.agreement is Agreement.OPEN]
    if open_:
        raise AnswerAwaited(tuple(one for one in open_ if one is not None))


def lacks_people(round_: Round) -> bool:
    """Whether a round of its own does not begin only because its format is for more people.

    Everybody who is asked has agreed, so it waits for nobody: the person who started it decides.
    """
    answered = all(seat.agreement is not Agreement.OPEN for seat in round_.here)
    return has_leads(round_) and answered and people_needed(round_) > 0


def people_needed(round_: Round) -> int:
    """How many more people a round of its own needs before it can begin with its format."""
    if round_.state is not State.PROPOSED or round_.gathering_id is not None:
        return 0
    return max(round_.format.fewest - len(round_.here), 0)


def check_may_steer(round_: Round, user_id: int, *, facilitates: bool) -> None:
    """Raises NotInRound unless this person may steer the round.

    Facilitators may, and the people of the round; of more than five only coach and client.
    """
    if facilitates:
        return
    if not round_.takes_part(user_id):
        raise NotInRound("steer")
    is_large = len(round_.here) > MOST_STEERING
    if is_large and round_.get_seat(user_id).role is Role.OBSERVER:
        raise NotInRound("steer many")


def check_leads(round_: Round, user_id: int) -> None:
    """Raises NotInRound unless this is the coach or the client."""
    if round_.get_seat(user_id).role is Role.OBSERVER:
        raise NotInRound("coach or client")


def check_not_alone(round_: Round) -> None:
    """Raises CannotNow when one person is left, who waits for another one to come back."""
    if len(round_.here) < 2:
        raise CannotNow("alone")


def ask_for(role: Role) -> Ask | None:
    """What a round asks that waits for someone in that role; it waits for no observer."""
    return {Role.COACH: Ask.COACH_GONE, Role.CLIENT: Ask.CLIENT_GONE}.get(role)


def still_missing(round_: Round) -> Ask | None:
    """Which of coach and client is not there (any more)."""
    for role in (Role.COACH, Role.CLIENT):
        if all(seat.role is not role for seat in round_.here):
            return ask_for(role)
    return None
