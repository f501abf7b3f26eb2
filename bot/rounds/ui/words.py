"""What is said about rounds: the fixed words for segments, roles, cues, moves and endings.

Names of people, times and buttons come from the caller. Nothing here says why someone
paused or left, and nothing claims to know why the bot was late.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.content.model.formats import SegmentKind
from bot.dojos.model.dojo import DojoSettings
from bot.dojos.ui.words import support_text
from bot.kit.discord.text import moment, plural
from bot.rounds.model.did import Action, Did
from bot.rounds.model.round import (
    ANSWER_WITHIN,
    AWAY_LASTS,
    LONG_PAUSE,
    LONGEST_PAUSE,
    Ask,
    Cue,
    Ending,
    Role,
    RoomKind,
    Round,
    State,
)


@dataclass(frozen=True, slots=True)
class SegmentWords:
    """How a segment is called, and what everybody does in it."""

    emoji: str
    title: str
    now: str
    """One or two short lines for the card that all can see."""


PARTNERING, SIGNAL = "🤝", "🔸"
"""The two sides of a code."""
ROLE: Mapping[Role, tuple[str, str]] = {
    Role.COACH: ("🎧", "Coach"),
    Role.CLIENT: ("🙋", "Client"),
    Role.OBSERVER: ("👀", "Observer"),
}

# Of notes in the same words for every round: that one runs without them would tell the coach what
# the client has answered, and the client what the coach has.
# The people of a pair have nobody to observe them: what is said of observers holds for any number.
SEGMENT: Mapping[SegmentKind, SegmentWords] = {
    SegmentKind.AGREE: SegmentWords(
        "📜",
        "Agree",
        "The coach names what to watch for; the client has a real topic at hand.\n"
        "Ask now what is unclear. Once the coaching begins, the client leads.",
    ),
    SegmentKind.COACH: SegmentWords(
        "🗣️",
        "Coaching",
        "The client leads, the coach goes with them.\n"
        "Observers stay silent; where notes are agreed, a tap keeps the coach’s words and acts, and"
        " the time.",
    ),
    SegmentKind.WRITE: SegmentWords(
        "✍️",
        "Write",
        "Everybody writes alone, nobody talks.\n"
        "Observers: where notes are agreed, your pad has the sheet. Coach and client: **Open my"
        " feedback**.",
    ),
    SegmentKind.SELF: SegmentWords(
        "🪞",
        "Coach’s own view",
        "The coach says what to keep, what to do differently, and what they ask you for.\n"
        "Everybody else listens.",
    ),
    SegmentKind.CLIENT: SegmentWords(
        "💬",
        "Client",
        "The client says how it was for them, and one moment that helped.\n"
        "Everybody else listens; the topic itself rests.",
    ),
    SegmentKind.OBSERVERS: SegmentWords(
        "🔎",
        "Observers",
        "Each in turn: one thing seen, at most one signal, with the coach’s words and the time.\n"
        "It is about the coach’s words and acts, not about the client’s topic.",
    ),
    SegmentKind.FACILITATOR: SegmentWords(
        "🧵",
        "Facilitator",
        "Whoever facilitates picks up one thread from what was said.\n"
        "Nobody facilitates here? Go on to the next part.",
    ),
    SegmentKind.NEXT: SegmentWords(
        "🎯",
        "Next step",
        "The coach names one thing to try, and can keep it in **Open my feedback**.\n"
        "The others wish them well, and add nothing.",
    ),
    SegmentKind.PAUSE: SegmentWords(
        "🛑",
        "Stop the clock",
        "The clock of the coaching stands still. All write the question they would ask next.\n"
        "The client picks where to go on, or none of them.",
    ),
    SegmentKind.SWAP: SegmentWords(
        "🔄",
        "Change of coach",
        "The next coach takes over; the client goes on from where they are.\n"
        "Whoever coached until now observes.",
    ),
}

_AGREED_TO = (
    "- What the client shares stays in this group. Nobody records. The only limits are the law, and"
    " somebody being in danger.\n"
    "- Bring a real topic, but not your biggest one: nothing you would not share with this group,"
    " and nothing about people of this community.\n"
    "- Is somebody here your boss, teacher, assessor, client or close friend? Say so first, or ask"
    " for another group.\n"
    "- This is practice among adults, not therapy. If it gets too much, press"
    " **I need a moment**.{support}\n"
    "- Anybody can stop at any time; no reason needed."
)


def confidentiality(support_line: str = "") -> str:
    """What people agree to, with the support line of the dojo where it has one."""
    support = support_text(support_line)
    return _AGREED_TO.format(support=f" {support}" if support else "")


LATE = "Once it has begun, nobody observes the coaching without the client’s yes."
LATE_AT_EVENING = "People who come late may observe."

STORED = (
    "I store who had which role, for how long, what the coach wants watched, and whether you agreed"
    " to notes; nothing of a round that does not begin.\n"
    "Notes say what the coach said and did. Coaches repeat their client’s words, so a note can"
    " contain some of them; observers are asked to leave out names and details. Notes go to the"
    " coach only, at the end; the coach may share them in this room later. Unless this dojo chose"
    " otherwise, the coach sees who noted what; in a small group people can guess.\n"
    "The person who is or was the client can have the whole round erased: by **My role now**, or"
    " later by `/feedback`. That works for as long as it is stored."
)


def how_long(settings: DojoSettings) -> str:
    """How long a dojo keeps what `STORED` names."""
    return (
        f"Names stay on a round for {plural(settings.attendance_months, 'month')}, codes for"
        f" {plural(settings.feedback_months, 'month')}, quoted words for"
        f" {plural(settings.quote_days, 'day')}. If you leave this server, I erase you here 30 days"
        " later."
    )


_ROOM: Mapping[RoomKind, str] = {
    RoomKind.PRIVATE_THREAD: (
        "🔒 A private thread: this round’s people can read it, people they @mention, moderators,"
        " and a visiting facilitator."
    ),
    RoomKind.PUBLIC_THREAD: "👥 A public thread: everybody who sees the dojo can read it.",
    RoomKind.VOICE: (
        "🔊 A voice channel: everybody who may join it can listen in and read its chat."
    ),
    RoomKind.HERE: "📍 Right here: everybody who sees this place can read along.",
}

NAMED, NAMELESS = "Practice · ", "Practice round"
ROOM_DELETED = "The room of your round has been deleted, so the round has ended."
"""How the name of a round's thread begins where only its people see it, and its name elsewhere."""

CUE: Mapping[Cue, str] = {
    Cue.HALF: "🌗 Half of the time is left.",
    Cue.FIVE_LEFT: "⏳ 5 minutes left.",
    Cue.TWO_LEFT: "⏳ 2 minutes left.",
    Cue.TIME_UP: (
        "⌛ Time is up. Finish the sentence, then close. It goes on by itself within a minute."
    ),
}

ASK: Mapping[Ask, str] = {
    Ask.LATE: "⏱️ This part began late. Go on as it is, lengthen it, or skip it?",
    Ask.LONG_PAUSE: (
        f"⏸️ The round has been paused for {LONG_PAUSE // timedelta(minutes=1)} minutes."
        " Go on, or end it? Without an answer it ends by itself in"
        f" {(LONGEST_PAUSE - LONG_PAUSE) // timedelta(minutes=1)} minutes."
    ),
    Ask.AWAY: (
        "🔌 The clock rests until the people who are away are back in the voice channel. Their"
        f" seats are kept for {AWAY_LASTS // timedelta(minutes=1)} minutes. Resume goes on without"
        " them."
    ),
    Ask.COACH_GONE: (
        "🎧 The coach’s seat is empty; the clock stands still. Anybody here but the client can"
        " coach on: the first who takes the seat has it. If there has been coaching,"
        " you can also go on to the feedback."
    ),
    Ask.CLIENT_GONE: (
        "🙋 The client’s seat is empty; the clock stands still. An observer who wants to may bring"
        " a topic of their own: the first who takes the seat has it. If there has been coaching,"
        " you can also go on to the feedback."
    ),
}

_KEPT = "Everything noted until then is kept."
_AGAIN = "nothing is stored about it. `/round start` begins another."
_ENDED: Mapping[Ending, tuple[str, str]] = {
    Ending.COMPLETE: (
        "🌿 The round is complete",
        "Thank you for the coaching, the trust and the attention. What was said here stays here.",
    ),
    Ending.STOPPED: ("⏹️ The round has ended", f"A round may end before its time. {_KEPT}"),
    Ending.ALONE: ("⏹️ The round has ended", f"Fewer than two people were left. {_KEPT}"),
    Ending.INTERRUPTED: (
        "🔌 The round was interrupted",
        f"I could not follow it to its end, or it was paused for too long. {_KEPT}",
    ),
    Ending.CALLED_OFF: ("📭 The round is called off", f"It does not take place; {_AGAIN}"),
    Ending.LAPSED: ("💤 The round did not begin", f"Nobody began it within an hour; {_AGAIN}"),
    Ending.ROOM_GONE: ("🚪 The round has ended", f"The room it was in is gone. {_KEPT}"),
    Ending.BOT_REMOVED: ("🔌 The round was interrupted", f"I was removed from its server. {_KEPT}"),
    # Why, and by whom, is nobody's business; it looks like any other round that was ended.
    Ending.ERASED: ("⏹️ The round has ended", ""),
}


def room_line(room: RoomKind) -> str:
    """Which room this is, and who else can follow what happens in it."""
    return _ROOM[room]


_AT_A_GATHERING = "Everybody else’s evening goes on: the card in the dojo has **Join**."


def ended_text(ending: Ending, *, at_gathering: bool = False) -> tuple[str, str]:
    """A title and what there is to say about an ending, which may be nothing.

    At a gathering nobody proposes another round by themselves.
    """
    title, text = _ENDED[ending]
    if at_gathering and ending in (Ending.CALLED_OFF, Ending.LAPSED):
        text = f"It does not take place. {_AT_A_GATHERING}"
    return title, text


_UNNAMED = (Did.LEFT, Did.GONE, Did.DECLINED)
"""What is said without a name where everybody can read it, for as long as the room is there."""

_DID: Mapping[Did, str] = {
    Did.PAUSED: "⏸️ {steering} has paused the round. The clock stands still.",
    Did.NEEDS_MOMENT: "⏸️ The round is paused. Take the time you need.",
    Did.RESUMED: "▶️ {steering} has started the clock again.",
    Did.GOES_ON: "▶️ The clock is running again.",
    Did.EXTENDED: "➕ {steering} has added {minutes}.",
    Did.MOVED_ON: "⏭️ {steering} has moved the round on.",
    Did.WENT_BACK: "⏮️ {steering} has taken **Next** back.",
    Did.STOPPED: "⏹️ {steering} has ended the round.",
    Did.CALLED_OFF: "📭 {steering} has called the round off.",
    Did.CARRIED_ON: "👍 {steering} says: go on, the clock stays as it is.",
    Did.WENT_TO_FEEDBACK: "💬 {steering} has closed the coaching: on to the feedback.",
    Did.LEFT: "👋 {whom} has left the round{said_by}.",
    Did.GONE: "🚪 {who} did not come back to the voice channel.",
    Did.AWAY: (
        "🔌 {who} has left the voice channel; their seat is kept for"
        f" {AWAY_LASTS // timedelta(minutes=1)} minutes."
    ),
    Did.CAME_BACK: "🙌 {who} is back.",
    Did.LET_IN: "👀 {whom} comes in and observes.",
    Did.JOINED: "👀 {who} joins as an observer.",
    Did.AGREED_LATE: "👀 {who} has agreed, and observes from now on.",
    Did.TOOK_OVER: "🔄 {who} has taken the seat. The card shows who does what.",
    Did.SEAT_OPEN: "🪑 A seat is empty. The first who takes it has it.",
    Did.FEWER: "🙋 {whom}: all others have agreed. Begin with the people who are there?",
    Did.OFFERED: "🪑 {whom}: a seat is offered to you.",
    Did.REFUSED_SEAT: "🪑 The seat stays as it was.",
    Did.TOOK_OFFER_BACK: "↩️ The offer of the seat is taken back.",
    Did.ASKED_IF_HERE: (
        "❓ {whom}: are you still here? Press **I am here** within"
        f" {ANSWER_WITHIN.seconds} seconds."
    ),
    Did.WORD_TAKEN_BACK: "↩️ {steering} has taken it back: {whom} has not left.",
    Did.IS_HERE: "🙋 {who} is here.",
    Did.NO_ANSWER: "🚪 {who} did not answer, and is taken for gone.",
    Did.CLIENT_SILENT: (
        "⏸️ The client did not answer, so the clock rests. The seat stays theirs; a facilitator can"
        " say that they have left."
    ),
    Did.TAKEN_UP: "↩️ {who} has taken the round up again. The clock stands where it stopped.",
    Did.IN_CHANNEL: "🔊 {who} is in the channel again. **My role now** has **Come back**.",
    Did.REPLACED: "🔁 {whom} is asked to take a seat{said_by}. The card shows which.",
    Did.DECLINED: "📭 {who} cannot take part this time.",
    Did.CHANGED_FORMAT: (
        "📋 {steering} has chosen another format. If it takes longer, everybody is asked again."
    ),
}
_NOBODY_KNOWN = {Did.FEWER: "You who started this", Did.REPLACED: "Somebody else"}
"""Whom it was done to, where no name is known."""


def did_line(action: Action, *, name: Callable[[int], str], in_public: bool = False) -> str:
    """What a person did, for the room; `name` says who someone is.

    `in_public`, nobody is named who left, could not come or did not come back. Who steered and
    cannot be named was a facilitator: those are not part of the round.
    """
    if in_public and action.did in _UNNAMED:
        action = replace(action, user_id=None, about_user_id=None)

    def known(user_id: int | None, otherwise: str) -> str:
        return name(user_id) if user_id is not None else otherwise

    by_themselves = action.about_user_id in (None, action.user_id)
    if action.did is Did.REPLACED:
        by_themselves = action.about_user_id is not None and by_themselves
    said_by = "" if by_themselves else f", says {known(action.user_id, 'a facilitator')}"
    return _DID[action.did].format(
        who=known(action.user_id, "Somebody"),
        steering=known(action.user_id, "A facilitator"),
        whom=known(action.about_user_id, _NOBODY_KNOWN.get(action.did, "Somebody")),
        said_by=said_by,
        minutes=plural(action.minutes, "minute"),
    )


def late_line(late: timedelta, missed: int) -> str:
    """That a card comes late, or that parts went by without one; no claim to know why."""
    lateness = f"I am {clock_text(late)} late: " if late > timedelta() else ""
    parts = [f"⏱️ {lateness}Discord or I could not be reached for a while."]
    if missed:
        parts.append(f"{plural(missed, 'part')} went by without a card.")
    parts.append("The clock went on.")
    return " ".join(parts)


def whole_seconds(length: timedelta) -> int:
    """A length in whole seconds, as every card and picture rounds it; less than nothing is 0."""
    return max(round(length.total_seconds()), 0)


def clock_text(length: timedelta) -> str:
    """A length to read at a glance: `90 s`, `1 min`, `2:20 min`, `12 min`, `1 h 5 min`.

    Seconds are shown as long as they matter; less than nothing is nothing.
    """
    seconds = whole_seconds(length)
    if seconds < 120 and seconds != 60:
        return f"{seconds} s"
    if seconds < 600:
        whole, rest = divmod(seconds, 60)
        return f"{whole}:{rest:02} min" if rest else f"{whole} min"
    hours, whole = divmod((seconds + 30) // 60, 60)
    if not hours:
        return f"{whole} min"
    return f"{hours} h {whole} min" if whole else f"{hours} h"


def exactly(length: timedelta) -> str:
    """A length to the second, for a clock that stands still: `17:55`, `1:02:05`."""
    seconds = whole_seconds(length)
    whole, rest = divmod(seconds, 60)
    hours, whole = divmod(whole, 60)
    return f"{hours}:{whole:02}:{rest:02}" if hours else f"{whole}:{rest:02}"


def how_far(round_: Round, now: datetime) -> str:
    """Where the clock of a round stands, as a sentence."""
    words = SEGMENT[round_.kind] if round_.kind else None
    if words is None:
        return "The clock has not begun."
    if round_.state is State.PAUSED:
        return f"{words.title}: paused, with {exactly(round_.left(now))} left."
    if round_.segment_ends_at is None or round_.left(now).total_seconds() <= 0:
        return f"{words.title}: the time is up; it ends softly."
    ends_at = round_.segment_ends_at
    return f"{words.title} until {moment(ends_at, 'T')} ({moment(ends_at, 'R')})."
