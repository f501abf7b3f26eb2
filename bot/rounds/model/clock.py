"""How a round moves on by itself, and what its room has to be told.

`advance` may be called late, often, and after a crash: it does what was due by the clock, in the
order in which it was due, and says what the room does not know yet, in one piece. What has been
told is noted with `with_told`; until then it is news again. So everything is announced at least
once, and however late it is, there is never a burst of old cues.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.content.model.formats import SegmentKind, first_debrief
from bot.rounds.model.did import CALLS, Action, Did
from bot.rounds.model.round import (
    ANSWER_WITHIN,
    AWAY_LASTS,
    GONE,
    GRACE,
    LATE,
    LONG_PAUSE,
    LONGEST_PAUSE,
    PROPOSAL_LASTS,
    TAKEN_UP_WITHIN,
    ZERO,
    Agreement,
    Ask,
    Cue,
    Ending,
    Role,
    Round,
    Seat,
    State,
    Told,
)
from bot.rounds.model.rules import has_leads

WORTH_GOING_ON = 0.4
"""With more than this share of the coaching left, a round without its coach or client asks."""


@dataclass(frozen=True, slots=True)
class News:
    """What a room does not know yet, all in one."""

    upto: Told
    """How far the room has been told once it knows this."""
    is_card: bool = False
    """A new card is due: the round was proposed, asks something, or ended, or a segment began."""
    cue: Cue = Cue.NONE
    actions: tuple[Action, ...] = ()
    late: timedelta = ZERO
    """How long ago the card was due, where that is more than a moment; else zero."""
    missed: int = 0
    """How many segments came and went without their card."""


def advance(round_: Round, now: datetime) -> tuple[Round, News | None]:
    """The round as it stands at `now` by the clock, and what its room has to be told, if anything.

    Nothing that was due is left out, and what was not due does not happen; calling it again
    changes nothing.
    """
    moved, last = round_, None
    while (event := _next_event(moved)) is not None and event[0] <= now:
        last = moved
        moved = event[1](moved, event[0])
    if last is not None:
        moved = _judge_lateness(round_, last, moved, now)
    moved = _without_stale_cues(moved, now)
    return moved, news_of(moved, now)


def due_at(round_: Round, now: datetime) -> datetime | None:
    """When, after `now`, the clock next has something to do or to say; None if it never has."""
    event = _next_event(round_)
    moments = [event[0]] if event else []
    if round_.since:
        moments += [round_.since + at - round_.ran for at, _ in cues_of(round_)]
    return min((moment for moment in moments if moment > now), default=None)


def news_of(round_: Round, now: datetime, *, repost: bool = False) -> News | None:
    """What the room does not know yet of a round that has been advanced to `now`.

    With `repost` its card is news, though it is known.
    """
    told = round_.told
    ended = not round_.is_open
    asks = round_.asked is not None and round_.asked is not told.asked
    is_new = not told.ended if ended else told.position < round_.position
    actions = tuple(action for action in round_.actions if action.turn > told.turn)
    calls = any(action.did in CALLS for action in actions)
    is_card = is_new or asks or ((repost or calls) and not ended)
    due = _due_cue(round_, now)
    known = told.cue if told.position == round_.position else Cue.NONE
    cue = due if due > known and not is_card else Cue.NONE
    if not is_card and not cue and told.turn >= round_.turn:
        return None
    late = _late(round_, now) if is_new else ZERO
    return News(
        upto=Told(round_.position, max(due, known), round_.turn, round_.asked, ended=ended),
        is_card=is_card,
        cue=cue,
        actions=actions,
        late=late if late >= LATE else ZERO,
        missed=_missed(round_) if is_new else 0,
    )


def _missed(round_: Round) -> int:
    first = round_.told.position + 1
    if first < 0 or round_.began_at is None:
        return 0
    if round_.is_open:
        return max(round_.position - first, 0)
    # The card of the end is that of no segment. Which of them someone passed over a moment before
    # the end, was not missed.
    return sum(ran >= LATE for ran in round_.past[first:])


def with_told(round_: Round, news: News) -> Round:
    """The round once its room knows the news."""
    told, upto = round_.told, news.upto
    # It may have been taken up again while the room was told that it is over.
    ended = (told.ended or upto.ended) and not round_.is_open
    if upto.position > round_.position:
        # Someone went back while the room was told of the next segment.
        upto = replace(upto, position=told.position, cue=told.cue)
    if (told.position, told.cue) > (upto.position, upto.cue):
        upto = replace(upto, position=told.position, cue=told.cue)
    elif any(one.did is Did.EXTENDED and one.turn > upto.turn for one in round_.actions):
        # Lengthened while the room was being told: what ends the segment comes again.
        upto = replace(upto, cue=min(upto.cue, Cue.FIVE_LEFT))
    return replace(
        round_,
        told=replace(upto, turn=max(told.turn, upto.turn), ended=ended),
        actions=tuple(action for action in round_.actions if action.turn > upto.turn),
    )


# What happens by itself

_Event = tuple[datetime, Callable[[Round, datetime], Round]]


def _next_event(round_: Round) -> _Event | None:
    """What the clock does next to a round, and when."""
    events: list[_Event] = []
    if round_.state is State.PROPOSED:
        events.append(
            (round_.proposed_at + PROPOSAL_LASTS, lambda r, at: end(r, Ending.LAPSED, at))
        )
    if round_.way_back is not None:
        events.append((round_.way_back.until, lambda r, _: replace(r, way_back=None).acted()))
    rests_at = _rests_at(round_)
    if rests_at is not None:
        events.append((rests_at, _rest))
    if round_.next_at is not None:
        events.append((round_.next_at, move_on))
    if round_.state is State.PAUSED and round_.paused_at is not None:
        if round_.asked in (None, Ask.LATE):
            asked = round_.paused_at + LONG_PAUSE
            events.append((asked, lambda r, _: replace(r, asked=Ask.LONG_PAUSE).acted()))
        if len(round_.here) < 2:
            # Taken up again, and nobody else has come back.
            alone = round_.paused_at + TAKEN_UP_WITHIN
            events.append((alone, lambda r, at: end(r, Ending.ALONE, at)))
        given_up = round_.paused_at + LONGEST_PAUSE
        events.append((given_up, lambda r, at: end(r, Ending.INTERRUPTED, at)))
    if round_.has_begun:
        here = round_.here
        events += [(seat.away_since + AWAY_LASTS, _stay_away) for seat in here if seat.away_since]
        events += [(at, _give_no_answer) for seat in here if (at := _answer_due(round_, seat))]
    return min(events, key=lambda event: event[0], default=None)


def move_on(round_: Round, when: datetime) -> Round:
    """The next segment begins, or the round is complete."""
    return move_to(round_, round_.position + 1, when)


def move_to(round_: Round, position: int, when: datetime) -> Round:
    """A later segment begins; those in between did not run. Past the last one, the round ends."""
    round_ = bank(round_, when)
    skipped = (ZERO,) * (position - round_.position - 1)
    past = (*round_.past, round_.ran_for(when), *skipped) if round_.has_begun else skipped
    coming = round_.format.segments[position:]
    if not coming:
        return replace(end(round_, Ending.COMPLETE, when), past=past)
    if round_.state is State.PROPOSED and (client := round_.client) is not None:
        round_ = round_.with_seat(client, replace(client, was_client=True))
    is_more = any(segment.kind is SegmentKind.COACH for segment in coming)
    is_empty = is_more and round_.awaits_next_coach and round_.next_in_line is not None
    if is_empty:
        # Nobody took the seat in the change of coach, and the person who had it has had their turn.
        round_ = stand_down(round_, round_.began_at or when)
    round_ = replace(
        round_,
        state=State.RUNNING,
        position=position,
        length=coming[0].length,
        ran=ZERO,
        since=when,
        began_at=when,
        past=past,
        extensions=0,
        paused_at=None,
        asked=None,
        offer=None,
        way_back=None,
    ).acted()
    return replace(stop_clock(round_, when), asked=Ask.COACH_GONE) if is_empty else round_


def end(round_: Round, ending: Ending, when: datetime) -> Round:
    """The round is over."""
    round_ = bank(round_, when)
    past = round_.past
    if round_.has_begun and len(past) == round_.position:
        past = (*past, round_.ran_for(when))
    return replace(
        round_,
        state=State.ENDED,
        ending=ending,
        ended_at=when,
        past=past,
        ran=ZERO,
        since=None,
        paused_at=None,
        asked=None,
        offer=None,
        way_back=None,
        seats=tuple(_seat_of_past(round_, seat) for seat in round_.seats),
        waiting=(),
    ).acted()


def _seat_of_past(round_: Round, seat: Seat) -> Seat:
    """What is kept of a seat once the round is over.

    Who was in a voice channel, or was let in, is nobody's business then, and neither is who was
    only asked. Who was lost had no time to finish: the feedback still waits for them.
    """
    if round_.began_at is not None and seat.agreement is Agreement.OPEN and not seat.has_coached:
        return Seat(None, Role.OBSERVER, is_here=False)
    return replace(seat, in_voice=False, away_since=None, doubted_at=None, let_in=False)


def bank(round_: Round, when: datetime) -> Round:
    """Credit the coach with the coaching until now, so that someone else can take over."""
    coach = round_.coach
    if coach is None or not round_.has_begun:
        return round_
    coached = round_.seat_coached_for(coach, when)
    return round_.with_seat(
        coach, replace(coach, coached=coached, has_coached=coach.has_coached or coached > ZERO)
    )


def stop_clock(round_: Round, when: datetime) -> Round:
    """Pause; what has run until now is kept."""
    return replace(round_, state=State.PAUSED, ran=round_.ran_for(when), since=None, paused_at=when)


def lose(round_: Round, seat: Seat, when: datetime) -> Round:
    """Someone no longer takes part; the round goes on, asks, or ends, by who it was.

    Without its coach or client a round with two others and more than 40 % of its coaching left
    stops its clock and asks who takes over; otherwise it goes to feedback. With fewer than two
    people there is no round.
    """
    gone = replace(seat, is_here=False, in_voice=False, away_since=None, doubted_at=None)
    round_ = round_.with_seat(seat, gone)
    if round_.offer is not None and round_.offer.user_id == seat.user_id:
        round_ = close_offer(round_, when)
    if len(round_.here) < 2:
        return end(round_, Ending.ALONE, when)
    if seat.role is Role.OBSERVER or not round_.has_begun:
        return wait_no_longer(round_, when)
    return wait_no_longer(_without_lead(round_, seat.role, when), when)


def _without_lead(round_: Round, role: Role, when: datetime) -> Round:
    left = round_.coaching_left(when)
    if not left:
        return round_
    if left > WORTH_GOING_ON * round_.format.coaching:
        round_ = bank(round_, when)
        if round_.state is State.RUNNING:
            round_ = stop_clock(round_, when)
        ask = Ask.COACH_GONE if role is Role.COACH else Ask.CLIENT_GONE
        return replace(round_, asked=ask)
    return skip_to(round_, first_debrief(round_.format), when)


def skip_to(round_: Round, position: int, when: datetime) -> Round:
    """Go to a later segment on purpose: what lies between is not reported as missed."""
    moved = move_to(round_, position, when)
    told = replace(moved.told, position=max(moved.told.position, position - 1))
    return replace(moved, told=told) if moved.is_open else moved


def stand_down(round_: Round, when: datetime) -> Round:
    """The coach gives up the seat, held until `when`, and observes if they are here."""
    coach = round_.coach
    if coach is None:
        return round_
    return round_.with_seat(coach, replace(coach, role=Role.OBSERVER, coached_until=when))


def close_offer(round_: Round, when: datetime) -> Round:
    """No seat is offered to one person any more; a clock that rested only for that goes on."""
    offer = round_.offer
    if offer is None:
        return round_
    round_ = replace(round_, offer=None)
    may_go_on = offer.rests and round_.asked not in GONE and has_leads(round_)
    if may_go_on and round_.state is State.PAUSED:
        return start_clock(round_, when)
    return round_


def start_clock(round_: Round, when: datetime) -> Round:
    """Go on where the clock stopped; whatever was asked is settled by that."""
    return replace(round_, state=State.RUNNING, since=when, paused_at=None, asked=None)


def _answer_due(round_: Round, seat: Seat) -> datetime | None:
    """When a person has to have said that they are there; None for those who no longer need to.

    For a client that stops a running clock, once: it may be set going again without their answer.
    """
    if seat.doubted_at is None:
        return None
    due = seat.doubted_at + ANSWER_WITHIN
    if seat.role is Role.CLIENT and (round_.since is None or due <= round_.since):
        return None
    return due


def _give_no_answer(round_: Round, when: datetime) -> Round:
    """Take a person for gone who did not say that they are there; not a client, nor in voice.

    The client's seat is theirs to give up, and a facilitator's to call empty: a person in the
    round might gain by it, as the client may have everything erased.
    """
    seat = next(one for one in round_.here if (at := _answer_due(round_, one)) and at <= when)
    if seat.in_voice:
        return round_.with_seat(seat, replace(seat, doubted_at=None)).acted()
    if seat.role is Role.CLIENT:
        return stop_clock(round_, when).acted(Did.CLIENT_SILENT)
    lost = replace(seat, lost=True)
    return lose(round_.with_seat(seat, lost), lost, when).acted(Did.NO_ANSWER, seat.user_id)


# Lost connections


def waited_for(round_: Round, when: datetime) -> tuple[Seat, ...]:
    """Who is out of the voice channel and is missed so much that the clock rests for them.

    That is the coach and the client as long as there is coaching left, and everybody where fewer
    than two people are left.
    """
    away = tuple(seat for seat in round_.here if seat.away_since is not None)
    if not away or len(round_.here) - len(away) < 2:
        return away
    if not round_.coaching_left(when):
        return ()
    return tuple(seat for seat in away if seat.role is not Role.OBSERVER)


def _rests_at(round_: Round) -> datetime | None:
    """When the clock stops for a person who lost the connection; not for one since it was started.

    So people who start it again go on without the others.
    """
    if round_.since is None or len(round_.here) < 2:
        return None
    away = sorted(seat.away_since for seat in round_.here if seat.away_since is not None)
    # With this person gone, only one is left.
    last_but_one = away[len(round_.here) - 2 : len(round_.here) - 1]
    missed = [since + GRACE for since in last_but_one]
    leads = [seat.away_since + GRACE for seat in round_.leads if seat.away_since is not None]
    missed += [at for at in leads if round_.coaching_left(at)]
    return min((at for at in missed if at > round_.since), default=None)


def _rest(round_: Round, when: datetime) -> Round:
    return replace(stop_clock(round_, when), asked=Ask.AWAY).acted()


def wait_no_longer(round_: Round, when: datetime) -> Round:
    """Let a clock go on that rested for lost connections, once nobody is waited for any more."""
    rests = round_.state is State.PAUSED and round_.asked is Ask.AWAY
    if not rests or waited_for(round_, when):
        return round_
    return start_clock(round_, when).acted(Did.GOES_ON)


def _stay_away(round_: Round, when: datetime) -> Round:
    seat = next(s for s in round_.here if s.away_since and s.away_since + AWAY_LASTS <= when)
    lost = replace(seat, lost=True)
    return lose(round_.with_seat(seat, lost), lost, when).acted(Did.GONE, seat.user_id)


# Lateness


def _judge_lateness(known: Round, before: Round, after: Round, now: datetime) -> Round:
    """What follows from noticing only now what the clock did.

    `known` is the round as it was known, `before` and `after` are its last step since. A segment
    that began more than a quarter of its length ago asks what to do; a round whose end was missed
    by as much, or together with other segments, was interrupted.
    """
    late = _late(after, now)
    has_moved = after.position != known.position or not after.is_open
    if late < LATE or not has_moved:
        return after
    if after.state is State.RUNNING and late > after.length / 4:
        return replace(after, asked=Ask.LATE).acted()
    missed_more = before.position > max(before.told.position, 0)
    if after.ending is Ending.COMPLETE and (late > before.length / 4 or missed_more):
        return replace(after, ending=Ending.INTERRUPTED)
    return after


def _late(round_: Round, now: datetime) -> timedelta:
    since = round_.began_at if round_.is_open else round_.ended_at
    return max(now - since, ZERO) if since else ZERO


def cues_of(round_: Round) -> Iterable[tuple[timedelta, Cue]]:
    """The cues of the current segment, each with how long the segment has run by then.

    Half time, five minutes left in coaching of 15 minutes and more, two minutes left, and the end
    of what lands softly; none so close to another that they would come in a burst.
    """
    length, minute = round_.length, timedelta(minutes=1)
    cues: list[tuple[timedelta, Cue]] = []
    if round_.is_coaching and length >= 15 * minute:
        cues.append((length - 5 * minute, Cue.FIVE_LEFT))
    if length >= 4 * minute:
        cues.append((length - 2 * minute, Cue.TWO_LEFT))
    if round_.is_coaching and length >= 2 * minute:
        half = length / 2
        if all(at - half >= minute for at, _ in cues):
            cues.insert(0, (half, Cue.HALF))
    if round_.landing:
        cues.append((length, Cue.TIME_UP))
    return cues


def _due_cue(round_: Round, now: datetime) -> Cue:
    if round_.state is not State.RUNNING:
        return Cue.NONE
    ran = round_.ran_for(now)
    return max((cue for at, cue in cues_of(round_) if at <= ran), default=Cue.NONE)


def _without_stale_cues(round_: Round, now: datetime) -> Round:
    """Take for told what nobody needs to hear any more."""
    told = round_.told
    if round_.state is not State.RUNNING or told.position != round_.position:
        return round_
    ran = round_.ran_for(now)
    old = [c for at, c in cues_of(round_) if at + LATE <= ran and c is not Cue.TIME_UP]
    stale = max(old, default=Cue.NONE)
    return replace(round_, told=replace(told, cue=stale)) if stale > told.cue else round_
