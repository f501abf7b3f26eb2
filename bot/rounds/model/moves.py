"""What people do in a round: each move takes a round and gives another one.

A move that is refused raises a DojoError and changes nothing. Whether someone may steer at all
is asked with `rules.check_may_steer`; moves that belong to one person check that by
themselves.

How people come and go is in `bot.rounds.model.people`, and how seats change hands in
`bot.rounds.model.seats`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.content.model.formats import Format, first_debrief
from bot.dojos.model.dojo import MOST_FOCUS
from bot.rounds.model.clock import (
    close_offer,
    cues_of,
    end,
    move_on,
    skip_to,
    start_clock,
    stop_clock,
)
from bot.rounds.model.did import Did
from bot.rounds.model.refusals import (
    AlreadyDone,
    CannotNow,
    FormatUnsuitable,
    GroupFaulty,
    NotInRound,
)
from bot.rounds.model.round import (
    BACK_WITHIN,
    GONE,
    LONGEST_WISH,
    Agreement,
    Ask,
    Cue,
    Ending,
    Role,
    Round,
    Seat,
    State,
    WayBack,
)
from bot.rounds.model.rules import (
    check_begun,
    check_has_leads,
    check_has_yes,
    check_leads,
    check_not_alone,
    check_open,
    check_proposed,
    has_leads,
    lacks_people,
    still_missing,
)

LONGEST_EXTENSION = 30
LONGEST_SEGMENT = timedelta(minutes=120)
FEWEST = 2
"""People of a round."""


# Before the clock runs


def group(coach: int | None, client: int | None, observers: Iterable[int] = ()) -> tuple[Seat, ...]:
    """The seats of a new round; None for a coach or client who is still to be found.

    Raises GroupFaulty when someone is named twice.
    """
    leads = ((coach, Role.COACH), (client, Role.CLIENT))
    people = [(one, role) for one, role in leads if one is not None]
    people += [(observer, Role.OBSERVER) for observer in observers]
    ids = [user_id for user_id, _ in people]
    twice = tuple(sorted({user_id for user_id in ids if ids.count(user_id) > 1}))
    if twice:
        raise GroupFaulty("twice", twice)
    return tuple(Seat(user_id, role) for user_id, role in people)


def check_suits(format_: Format, people: int, *, fewest: int | None = None) -> None:
    """Raises FormatUnsuitable unless the format is for so many people."""
    if not (format_.fewest if fewest is None else fewest) <= people <= format_.most:
        raise FormatUnsuitable(format_.name, format_.fewest, format_.most, people)


def agree(round_: Round, user_id: int, agreement: Agreement, now: datetime) -> Round:
    """Someone says yes to the agreement, with notes or without; once all have, the round begins.

    A round of a gathering waits for the others of it. Who was asked before the clock began and
    says yes later takes part from then on. Raises ValueError for no answer.
    """
    if agreement is Agreement.OPEN:
        raise ValueError("an answer is a yes, with notes or without")
    seat = round_.seat_to_answer(user_id)
    check_open(round_)
    comes = not round_.is_in(seat)
    round_ = round_.with_seat(seat, replace(seat, agreement=agreement))
    # That they joined may have been told already, when they asked to.
    did = Did.AGREED_LATE if comes else None
    return begun_if_all_agree(round_.acted(did, user_id if comes else None), now)


def begun_if_all_agree(round_: Round, now: datetime) -> Round:
    """The round begins by itself once everybody who is asked into it has said yes.

    If its format is for more people, the person who started it is asked.
    """
    if round_.state is not State.PROPOSED:
        return round_
    answered = all(one.agreement is not Agreement.OPEN for one in round_.here)
    is_own = round_.gathering_id is None
    if is_own and answered and is_complete(round_):
        return move_on(round_, now)
    if lacks_people(round_):
        return round_.acted(Did.FEWER, about=round_.starter_user_id)
    return round_


def is_complete(round_: Round) -> bool:
    """Whether the group has a coach, a client, and as many people as the format is for."""
    return has_leads(round_) and round_.format.suits_count(len(round_.here))


def begin(round_: Round, now: datetime) -> Round:
    """Start the clock, though observers may not have answered: those are only asked from then on.

    Raises FormatUnsuitable when the format is not for so many people, CannotNow without a coach or
    a client, and AnswerAwaited while one of them has not agreed.
    """
    if round_.state is not State.PROPOSED:
        raise AlreadyDone("begun")
    check_suits(round_.format, len(round_.here))
    check_has_yes(round_)
    return move_on(round_, now)


def decline(round_: Round, user_id: int, now: datetime) -> Round:
    """Someone asked into a round cannot come. Without its coach or client it is called off.

    At a gathering, and where people go on with another round, their seat is then empty, and
    everyone else in the room may take it. Who was only asked when the clock began may still say no.
    """
    seat = round_.seat_to_answer(user_id)
    check_open(round_)
    if not round_.is_in(seat):
        round_ = round_.with_seat(seat, replace(seat, is_here=False)).acted()
        is_offered = round_.offer is not None and round_.offer.user_id == user_id
        return close_offer(round_, now) if is_offered else round_
    check_proposed(round_)
    seats = tuple(one for one in round_.seats if one is not seat)
    round_ = replace(round_, seats=seats).acted(Did.DECLINED, user_id)
    is_lead = seat.role is not Role.OBSERVER
    if len(round_.here) < FEWEST or (is_lead and calls_off(round_)):
        return end(round_, Ending.CALLED_OFF, now)
    return round_.acted(Did.SEAT_OPEN) if is_lead else begun_if_all_agree(round_, now)


def calls_off(round_: Round) -> bool:
    """Whether a round is off without its coach or client."""
    return round_.gathering_id is None and not round_.is_again


def open_seats(round_: Round) -> Round:
    """Who is to be coach or client and has not answered in time is only asked to observe.

    Their seat is empty then, also for themselves, if they come.
    """
    check_proposed(round_)
    for seat in round_.leads:
        if seat.agreement is Agreement.OPEN:
            asked = replace(seat, role=Role.OBSERVER, focus=(), wish="")
            round_ = round_.with_seat(seat, asked).acted(Did.SEAT_OPEN)
    return round_


def call_off(round_: Round, user_id: int, now: datetime) -> Round:
    """The person who proposed the round takes that back."""
    check_proposed(round_)
    return end(round_.acted(Did.CALLED_OFF, user_id), Ending.CALLED_OFF, now)


def change_format(round_: Round, format_: Format, user_id: int, now: datetime) -> Round:
    """Propose the round with another format; if all have agreed and it suits them, it begins.

    What takes longer than people have agreed to is for them to agree to again; the person who
    changes it has.
    """
    check_proposed(round_)
    check_suits(format_, len(round_.here), fewest=0)
    if format_ == round_.format:
        raise AlreadyDone("changed")
    seats = round_.seats
    if format_.total > round_.format.total:
        seats = tuple(
            one if one.user_id == user_id else replace(one, agreement=Agreement.OPEN)
            for one in seats
        )
    changed = replace(round_, format=format_, seats=seats).acted(Did.CHANGED_FORMAT, user_id)
    return begun_if_all_agree(changed, now)


def watch_for(round_: Round, user_id: int, codes: Sequence[str], wish: str) -> Round:
    """The coach says which codes observers should watch, at most two, and what feedback they want.

    What is left empty is taken back.
    """
    check_open(round_)
    seat = check_is_coach(round_, user_id)
    words = " ".join(wish.split())[:LONGEST_WISH]
    focus = tuple(codes)[:MOST_FOCUS]
    return round_.with_seat(seat, replace(seat, focus=focus, wish=words)).acted()


def with_usual_focus(round_: Round, codes: Sequence[str]) -> Round:
    """The round with the focus of its dojo, where there is a coach who has said nothing else."""
    seat = round_.coach
    if seat is None or seat.user_id is None or seat.focus or seat.wish:
        return round_
    return round_.with_seat(seat, replace(seat, focus=tuple(codes)[:MOST_FOCUS]))


def check_is_coach(round_: Round, user_id: int) -> Seat:
    """The seat of the coach. Raises NotInRound when this is someone else."""
    seat = round_.get_seat(user_id)
    if seat.role is not Role.COACH:
        raise NotInRound("coach")
    return seat


# Steering


def check_may_start(round_: Round, user_id: int, *, facilitates: bool) -> None:
    """Raises NotInRound unless this is the person who proposed the round, or a facilitator.

    Once that person has been erased, the coach and the client may.
    """
    if facilitates or user_id == round_.starter_user_id:
        return
    leads = [seat.user_id for seat in round_.leads]
    if round_.starter_user_id is not None or user_id not in leads:
        raise NotInRound("start")


def pause(round_: Round, user_id: int, now: datetime, did: Did = Did.PAUSED) -> Round:
    """Stop the clock; what is left of the segment is kept."""
    check_begun(round_)
    who = None if did is Did.NEEDS_MOMENT else user_id
    if round_.state is State.RUNNING:
        return stop_clock(round_, now).acted(did, who)
    if round_.asked is Ask.AWAY:
        # It rests until someone starts it, and no longer only until a connection is back.
        return replace(round_, asked=None).acted(did, who)
    offer = round_.offer
    if offer is None or not offer.rests:
        raise AlreadyDone(Did.PAUSED)
    # It rests until someone starts it, and no longer only until the seat is answered for.
    return replace(round_, offer=replace(offer, rests=False)).acted(did, who)


def need_moment(round_: Round, user_id: int, now: datetime) -> Round:
    """Someone of the round pauses at once; the room is not told who, or why.

    A round that is paused stays as it is.
    """
    round_.get_seat(user_id)
    try:
        return pause(round_, user_id, now, Did.NEEDS_MOMENT)
    except AlreadyDone as done:
        if done.did is not Did.PAUSED:
            raise
        return round_


def resume(round_: Round, user_id: int, now: datetime, *, quietly: bool = False) -> Round:
    """Start the clock again where it stopped; `quietly`, the room is not told who did.

    That is for the people of the round, after a moment that someone needed.
    """
    if quietly:
        round_.get_seat(user_id)
    check_begun(round_)
    if round_.state is State.RUNNING:
        raise AlreadyDone(Did.RESUMED)
    check_not_alone(round_)
    if round_.coaching_left(now):
        check_has_leads(round_)
        if round_.offer is not None:
            raise CannotNow("seat offered")
    running = start_clock(round_, now)
    return running.acted(Did.GOES_ON) if quietly else running.acted(Did.RESUMED, user_id)


def extend(
    round_: Round,
    user_id: int,
    minutes: int,
    *,
    after: int | None = None,
    position: int | None = None,
) -> Round:
    """Lengthen the current segment by minutes.

    `after` is how often the person saw it lengthened, `position` which segment they saw: if
    someone did so meanwhile, or it is over, it is done already. Raises CannotNow when the segment
    would become longer than two hours, or coaching would go on without a coach or a client.
    """
    check_begun(round_)
    if position is not None and position != round_.position:
        raise AlreadyDone(Did.MOVED_ON)
    if after is not None and after != round_.extensions:
        raise AlreadyDone(Did.EXTENDED)
    if round_.is_coaching and round_.state is State.RUNNING:
        check_has_leads(round_)
    added = timedelta(minutes=min(max(minutes, 1), LONGEST_EXTENSION))
    if round_.length + added > LONGEST_SEGMENT:
        raise CannotNow("too long")
    told = round_.told
    if told.cue > Cue.FIVE_LEFT:
        # Two minutes left will be true again.
        told = replace(told, cue=Cue.FIVE_LEFT)
    asked = None if round_.asked is Ask.LATE else round_.asked
    if round_.is_coaching and round_.state is State.PAUSED and asked not in GONE:
        # A seat may have become empty when no coaching was left; now there is some again.
        asked = still_missing(round_) or asked
    length, extensions = round_.length + added, round_.extensions + 1
    longer = replace(round_, length=length, extensions=extensions, told=told, asked=asked)
    return longer.acted(Did.EXTENDED, user_id, minutes=added // timedelta(minutes=1))


def go_next(round_: Round, user_id: int, now: datetime, *, after: int | None = None) -> Round:
    """Begin the next segment now; after the last one the round is complete.

    `after` is the segment the person saw: if it is over, this is done already. Raises CannotNow
    when coaching would begin without a coach or a client.
    """
    check_begun(round_)
    if after is not None and after != round_.position:
        raise AlreadyDone(Did.MOVED_ON)
    check_not_alone(round_)
    moved = skip_to(round_.acted(Did.MOVED_ON, user_id), round_.position + 1, now)
    if moved.coaching_left(now):
        check_has_leads(moved)
    return _with_way_back(moved, round_, now)


def _with_way_back(moved: Round, left: Round, now: datetime) -> Round:
    """The round with the way back to the segment it left, unless that has changed the roles."""
    same = all(one.role is other.role for one, other in zip(moved.seats, left.seats, strict=True))
    if not moved.is_open or not same or left.began_at is None:
        return moved
    way = WayBack(
        now + BACK_WITHIN,
        left.position,
        left.length,
        left.ran_for(now),
        left.extensions,
        left.began_at,
        was_paused=left.state is State.PAUSED,
    )
    return replace(moved, way_back=way)


def go_back(round_: Round, user_id: int, position: int, now: datetime) -> Round:
    """Take **Next** back: the segment at `position` goes on where it was left.

    Its clock stands still if it did then, or if the coach or the client has left since. Raises
    CannotNow when that is too long ago, AlreadyDone when someone else has done it.
    """
    check_begun(round_)
    if position == round_.position:
        raise AlreadyDone(Did.WENT_BACK)
    way = round_.way_back
    if way is None or way.position != position:
        raise CannotNow("too late to go back")
    back = replace(
        round_,
        state=State.RUNNING,
        position=way.position,
        length=way.length,
        ran=way.ran,
        since=now,
        began_at=way.began_at,
        past=round_.past[: way.position],
        extensions=way.extensions,
        paused_at=None,
        asked=None,
        offer=None,
        way_back=None,
    )
    known = max((cue for at, cue in cues_of(back) if at <= way.ran), default=Cue.NONE)
    back = replace(back, told=replace(round_.told, position=way.position, cue=known))
    missing = still_missing(back) if back.coaching_left(now) else None
    if way.was_paused or missing is not None:
        back = replace(stop_clock(back, now), asked=missing)
    return back.acted(Did.WENT_BACK, user_id)


def stop(round_: Round, user_id: int, now: datetime, *, quietly: bool = False) -> Round:
    """End the round now; all that belongs to it is kept.

    `quietly`, the room is not told who did: for a coach or client who needed a moment.
    """
    if quietly:
        check_leads(round_, user_id)
    check_begun(round_)
    acted = round_ if quietly else round_.acted(Did.STOPPED, user_id)
    return end(acted, Ending.STOPPED, now)


def go_to_feedback(round_: Round, user_id: int, now: datetime) -> Round:
    """Leave out what is left of the coaching; without any coaching so far, end the round."""
    check_begun(round_)
    if round_.asked not in GONE:
        raise AlreadyDone(Did.WENT_TO_FEEDBACK)
    check_not_alone(round_)
    if not round_.coached_for(now):
        return stop(round_, user_id, now)
    acted = round_.acted(Did.WENT_TO_FEEDBACK, user_id)
    return skip_to(acted, first_debrief(round_.format), now)


def carry_on(round_: Round, user_id: int) -> Round:
    """After a late start of a segment: leave the clock as it is."""
    if round_.asked is not Ask.LATE:
        raise AlreadyDone(Did.CARRIED_ON)
    return replace(round_, asked=None).acted(Did.CARRIED_ON, user_id)


def erase(round_: Round, user_id: int, now: datetime) -> Round:
    """The person who is or was the client ends the round and has everything about it erased.

    Also when they have left or been replaced, and after its end.
    """
    check_was_client(round_, user_id)
    ended = end(round_, Ending.ERASED, now) if round_.is_open else round_
    # Nothing is left that says who, how long, or what.
    return replace(ended, ending=Ending.ERASED, seats=(), actions=(), past=(), starter_user_id=None)


def check_was_client(round_: Round, user_id: int) -> Seat:
    """The seat of a person who is or was the client. Raises NotInRound for others."""
    seat = round_.seat_of(user_id)
    if seat is None or not (seat.was_client or seat.role is Role.CLIENT):
        raise NotInRound("client")
    return seat
