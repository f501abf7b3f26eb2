"""How notes, codes and times of coaching are written, wherever they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.content import limits
from bot.content.model.content import Content
from bot.content.model.questions import Phase
from bot.feedback.model.debriefs import Listed
from bot.feedback.model.notes import QUESTION, Note, Side
from bot.kit.discord.text import cut, safe
from bot.kit.refusals import NotOffered
from bot.questions.ui.words import EMOJI
from bot.rounds.ui.words import PARTNERING, SIGNAL

QUESTION_HEARD = "❓"
SIDE_EMOJI: Mapping[Side, str] = {
    Side.SEEN: PARTNERING,
    Side.SIGNAL: SIGNAL,
    Side.QUESTION: QUESTION_HEARD,
}
ABOUT_WORDS = "What the coach said or did. Leave out names and details of the client."


def clock(at: timedelta) -> str:
    """A time of coaching: `06:10`, `72:05`."""
    minutes, seconds = divmod(int(at.total_seconds()), 60)
    return f"{minutes:02}:{seconds:02}"


def read_noted(code: str, side: str) -> tuple[Side, Phase | None]:
    """The side that an id gives (see `NOTED`), and the phase of a question. Raises NotOffered."""
    if (code == QUESTION) == (side in _SIDES):
        raise NotOffered
    return (Side(side), None) if side in _SIDES else (Side.QUESTION, Phase(side))


def read_choice(choice: str) -> tuple[str, Side, Phase | None]:
    """What was chosen in a menu: `S5:seen`, `Q:start`. Raises NotOffered."""
    code, _, side = choice.partition(":")
    try:
        return (code, *read_noted(code, side))
    except ValueError:
        raise NotOffered from None


_SIDES = (Side.SEEN.value, Side.SIGNAL.value)


def read_clock(text: str) -> timedelta | None:
    """The time that `6:10`, `06.10` or `6` gives; None if it gives none."""
    minutes, separator, seconds = text.strip().replace(".", ":").partition(":")
    if not (minutes.isascii() and minutes.isdigit() and len(minutes) <= 3):
        return None
    if separator and not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 2):
        return None
    if separator and int(seconds) > 59:
        return None
    return timedelta(minutes=int(minutes), seconds=int(seconds or 0))


def in_time(notes: Sequence[Note]) -> list[Note]:
    """Notes in the order of the coaching, also after their times were corrected."""
    return sorted(notes, key=lambda note: (note.at, note.id))


def side_name(listed: Sequence[Listed], code: str, side: Side) -> str:
    """The name of one side of a code, ready to be shown; a general name for an unknown code."""
    return safe(_plain_name(listed, code, side))


def _plain_name(listed: Sequence[Listed], code: str, side: Side) -> str:
    known = next((listed_ for listed_ in listed if listed_.code == code), None)
    if known is None:
        return "partnering" if side is Side.SEEN else "signal"
    return known.counterpart if side is Side.SEEN else known.signal


def pad_name(listed: Listed, side: Side) -> str:
    """The name of one side of a code in a word or two, so that both fit beside each other."""
    if side is Side.SEEN:
        return listed.counterpart_pad or cut(listed.counterpart, limits.PAD_NAME)
    return listed.signal_pad or cut(listed.signal, limits.PAD_NAME)


def what(note: Note, listed: Sequence[Listed], content: Content) -> str:
    """What a note says was there: `🤝 S5 Gap left open`, `🧭 Check-in question heard`.

    Plain text, for a menu; make it `safe` to show it as text.
    """
    if note.side is Side.QUESTION:
        if note.phase is None:
            return f"{QUESTION_HEARD} Partnering question heard"
        return f"{EMOJI[note.phase]} {content.phases[note.phase].label} question heard"
    variant = f" ({note.variant})" if note.variant else ""
    name = _plain_name(listed, note.code, note.side)
    return f"{SIDE_EMOJI[note.side]} {note.code}{variant} {name}"


def phase_name(phase: Phase | None, content: Content) -> str:
    """The name of a phase."""
    return "Partnering" if phase is None else safe(content.phases[phase].label)


def phase_mark(phase: Phase | None, content: Content) -> str:
    """A short phase to put beside a note; empty if it is not known."""
    return "" if phase is None else f" · {EMOJI[phase]} {phase_name(phase, content)}"


def words(note: Note) -> str:
    """What an observer typed into a note, ready to be shown; empty if nothing."""
    quote = f"“{safe(note.quote)}”" if note.quote else ""
    effect = safe(note.effect) if note.effect else ""
    return " – ".join(part for part in (quote, effect) if part)


def note_line(note: Note, listed: Sequence[Listed], content: Content) -> str:
    """A person's own note: `06:10 🤝 S5 Gap left open · “And the part you want to keep is…”`."""
    said = words(note)
    return f"`{clock(note.at)}` {safe(what(note, listed, content))}" + (
        f" · {said}" if said else ""
    )
