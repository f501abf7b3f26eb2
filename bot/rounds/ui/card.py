"""The card of a round at every moment of its life."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.content.model.formats import SegmentKind
from bot.dojos.model.dojo import DojoSettings
from bot.kit.discord.cards import Part, card, row
from bot.kit.discord.interactions import View
from bot.kit.discord.text import cut, minute_of, moment, safe
from bot.rounds.model.round import Round, State
from bot.rounds.ui.again import again_card, again_part
from bot.rounds.ui.agreement import agreement_card, focus_part
from bot.rounds.ui.controls import controls, take_up_part
from bot.rounds.ui.focus import FOCUSED
from bot.rounds.ui.role import feedback_buttons, personal_row
from bot.rounds.ui.seats import seat_texts
from bot.rounds.ui.shared import group_lines
from bot.rounds.ui.traces import marked
from bot.rounds.ui.words import ASK, SEGMENT, clock_text, ended_text, exactly

ACCENT = {SegmentKind.COACH: 0x3E8E7E, SegmentKind.PAUSE: 0xC4674B, SegmentKind.SWAP: 0xC4674B}
DEBRIEF_ACCENT = 0xE0A83E
PAUSED_ACCENT = 0x8A8F98
NOTHING_NOTED = (
    "-# Nothing noted? Say aloud: What helped the client think? Where did the coach choose, and"
    " where the client? What could the coach try next?"
)
"""For the observers of every round: nobody learns by it whether there are notes."""
MOST_HEAD = 900
"""Characters of what happened, above a card."""


def round_card(
    round_: Round, now: datetime, head: Sequence[str] = (), settings: DojoSettings | None = None
) -> View:
    """The card as it is to be seen now; `head` says what has just happened.

    `settings` are those of the dojo, the usual ones if it is erased.
    """
    if round_.state is State.PROPOSED:
        if round_.is_again:
            return again_card(round_, now)
        return agreement_card(round_, now, settings or DojoSettings())
    if not round_.is_open:
        return _ended_card(round_, now, head)
    return _segment_card(round_, now, head)


def _segment_card(round_: Round, now: datetime, head: Sequence[str]) -> View:
    segment, kind = round_.format.segments[round_.position], round_.kind
    words = SEGMENT[segment.kind]
    paused = round_.state is State.PAUSED
    return card(
        cut("\n".join(head), MOST_HEAD),
        f"### {words.emoji} {words.title}\n{_clock_line(round_, now)}",
        words.now,
        NOTHING_NOTED if segment.kind is SegmentKind.OBSERVERS else "",
        "\n".join(group_lines(round_)),
        focus_part(round_) if kind in FOCUSED else "",
        f"**{ASK[round_.asked]}**" if round_.asked is not None else "",
        *seat_texts(round_),
        *controls(round_),
        personal_row(round_),
        f"-# {_ahead(round_)}",
        accent=PAUSED_ACCENT if paused else ACCENT.get(segment.kind, DEBRIEF_ACCENT),
    )


def _clock_line(round_: Round, now: datetime) -> str:
    """How long it still lasts: as a countdown that Discord draws, and as a time of day."""
    left = round_.left(now)
    if round_.state is State.PAUSED:
        return f"⏸️ **Paused**, with {exactly(left)} left"
    if left.total_seconds() <= 0:
        text = "⌛ **Time is up.** Finish the sentence, then close."
        return text + (f" It goes on at {moment(round_.next_at, 'T')}" if round_.next_at else "")
    ends_at = round_.segment_ends_at
    length = clock_text(round_.length)
    when = f" · until {moment(ends_at, 'T')} ({moment(ends_at, 'R')})" if ends_at else ""
    return f"⏱️ {length}{when}"


def _ahead(round_: Round) -> str:
    """Where in the round this is, what follows, and when it is over."""
    segments, at = round_.format.segments, round_.position + 1
    follows = "the last part"
    if at < len(segments):
        follows = f"next: {SEGMENT[segments[at].kind].title}, {clock_text(segments[at].length)}"
    where = f"{safe(round_.format.name)}, part {at} of {len(segments)}"
    over = f" · over by {minute_of(round_.ends_at)}" if round_.ends_at else ""
    return f"{where} · {follows}{over}"


def _ended_card(round_: Round, now: datetime, head: Sequence[str]) -> View:
    assert round_.ending is not None  # noqa: S101 - an ended round has an ending, also on disk
    title, text = ended_text(round_.ending, at_gathering=round_.gathering_id is not None)
    parts: list[Part] = [cut("\n".join(head), MOST_HEAD), f"### {title}\n{text}".rstrip()]
    if round_.seats and round_.began_at is not None:
        coached = round_.coached_for(now)
        how_long = f" · {clock_text(coached)} of coaching" if coached else ""
        parts += ["\n".join(group_lines(round_)), f"-# {safe(round_.format.name)}{how_long}"]
        parts += [row(*feedback_buttons(round_))] if coached else []
        parts += take_up_part(round_, now)
        parts += again_part(round_)
    return card(*parts, accent=PAUSED_ACCENT)


def closed_card(round_: Round, position: int) -> View:
    """What is left of the card of an earlier segment: no buttons, so that nobody presses them."""
    if position < 0:
        return card(
            marked("### 🤝 The agreement", round_.id),
            # It is not redrawn any more: who is still asked then may have answered since.
            "\n".join(group_lines(round_, with_asked=False)),
            (
                "-# The round has begun. These began it; the newest card says who is in it now."
                if round_.began_at
                else "-# The round does not take place."
            ),
            accent=PAUSED_ACCENT,
        )
    segment = round_.format.segments[position]
    words = SEGMENT[segment.kind]
    ran = round_.past[position] if position < len(round_.past) else segment.length
    said = f"{words.emoji} **{words.title}** · {clock_text(ran)} · over"
    return card(marked(said, round_.id), accent=PAUSED_ACCENT)


def moved_card(round_: Round) -> View:
    """What is left of the card of a segment that has been posted again."""
    return card(marked("-# The card is further down.", round_.id))
