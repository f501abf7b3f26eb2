"""What a debrief says, block by block, in the order in which it helps: partnering before signals.

No totals at the top, no score, no comparison; counts only as "2 of 3 noted".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.content.model.content import Content
from bot.content.model.questions import Phase, Question
from bot.feedback.model.matching import Moment
from bot.feedback.model.notes import Note, Side
from bot.feedback.model.sheets import Mark, Sheet
from bot.feedback.service.debriefs import Feedback
from bot.feedback.ui.client_view import view_lines
from bot.feedback.ui.notes.words import (
    PARTNERING,
    SIGNAL,
    clock,
    phase_mark,
    phase_name,
    side_name,
    words,
)
from bot.feedback.ui.sheets import MARKS
from bot.kit.discord.text import joined, moment, paged, plural, safe
from bot.questions.ui.words import EMOJI, question_text
from bot.rounds.ui.shared import mention

MOMENTS_A_BLOCK = 6
"""Moments of one code in one block of text, so that pages can break between blocks."""
BLOCK_TEXT = 2_000
"""Characters of one block at most: words that people typed may be long."""
PROMPTS = 2


def blocks(feedback: Feedback, content: Content, *, unfolded: bool) -> list[str]:
    """The debrief for its coach, in blocks that belong together."""
    found = [_asked_for(feedback, content)]
    if not feedback.has_writing:
        found.append(_spoken_only(content))
    else:
        found += seen_blocks(feedback, content, names=feedback.names_shown)
    found += client_blocks(feedback)
    found += signal_blocks(feedback, content, names=feedback.names_shown, unfolded=unfolded)
    found += _phases(feedback, content, names=feedback.names_shown)
    # Together, so that no page has nothing but the line about storage.
    found.append(f"{_to_try(feedback, content)}\n{_stored(feedback)}".strip())
    return [block for block in found if block]


def has_folded(feedback: Feedback) -> bool:
    """Whether some signals are shown only on request."""
    return bool(_folded(feedback))


def _asked_for(feedback: Feedback, content: Content) -> str:
    parts: list[str] = []
    watched = [
        f"★ {code} {side_name(feedback.debrief.listed, code, Side.SEEN)}" for code in feedback.focus
    ]
    if feedback.wish:
        watched.append(f"“{safe(feedback.wish)}”")
    if watched:
        parts.append(f"🔎 **You asked to watch:** {' · '.join(watched)}")
    own = feedback.own
    if own is None and not feedback.has_writing:
        # It may have been given and erased.
        pass
    elif own is None:
        parts.append("🪞 **Your own view:** skipped")
    elif own.marks:
        marked = [
            f"{MARKS[mark][0]} {code} {MARKS[mark][1]}"
            for code, mark in sorted(
                own.marks.items(), key=lambda one: one[0] not in feedback.focus
            )
        ]
        parts.append(f"🪞 **Your own view:** {' · '.join(marked)}")
    else:
        parts.append("🪞 **Your own view:** nothing marked")
    return "\n".join(parts)


def _spoken_only(content: Content) -> str:
    questions = "\n".join(f"- {safe(one)}" for one in content.feedback_questions)
    return (
        f"🗨️ **No notes and sheets of observers are kept of this round.** Ask in talk:\n{questions}"
    )


def seen_blocks(
    feedback: Feedback, content: Content, *, names: bool, for_room: bool = False
) -> list[str]:
    """What observers saw the coach do, the focus first; addressed to the coach, or to the room.

    For the room, observers' words are shown only if the clients allow it.
    """
    quotes = feedback.may_quote or not for_room
    title = f"{PARTNERING} **What observers saw{'' if for_room else ' you do'}**"
    codes = _ordered(feedback)
    found = _by_code(feedback, content, Side.SEEN, codes, names=names, quotes=quotes)
    if not found:
        return [
            (
                f"{title}\nObservers noted few partnering moments in writing. Ask them in talk what"
                " they saw."
            )
        ]
    found[0] = f"{title}\n{found[0]}"
    if feedback.observers > 1 and all(one.seats == 1 for one in feedback.moments):
        found.append("-# Each observer noted different moments: good material to talk about.")
    return found


def signal_blocks(
    feedback: Feedback, content: Content, *, names: bool, unfolded: bool, for_room: bool = False
) -> list[str]:
    """The signals noted, the focus first, the rest on request; words as in `seen_blocks`."""
    quotes = feedback.may_quote or not for_room
    folded = [] if unfolded else _folded(feedback)
    shown = [code for code in _ordered(feedback) if code not in folded]
    found = _by_code(feedback, content, Side.SIGNAL, shown, names=names, quotes=quotes)
    if folded:
        found.append(
            f"-# {plural(len(folded), 'other signal')}: {', '.join(folded)}."
            f" **Show the rest** opens {'it' if len(folded) == 1 else 'them'}."
        )
    if found:
        found[0] = f"{SIGNAL} **Signals that observers saw**\n{found[0]}"
    return found


def _folded(feedback: Feedback) -> list[str]:
    """Codes outside the focus; without a focus nothing is folded."""
    if not feedback.focus:
        return []
    return [
        code
        for code in _ordered(feedback)
        if code not in feedback.focus and _has(feedback, code, Side.SIGNAL)
    ]


def _ordered(feedback: Feedback) -> list[str]:
    """All codes there are: the focus first, then in the order of the list, then unknown ones."""
    codes = [listed_.code for listed_ in feedback.debrief.listed]
    codes += [one.code for one in feedback.moments if one.side is not Side.QUESTION]
    for sheet in feedback.sheets:
        codes += sheet.marks
    return sorted(dict.fromkeys(codes), key=lambda code: code not in feedback.focus)


def _has(feedback: Feedback, code: str, side: Side) -> bool:
    return bool(_moments(feedback, code, side) or _on_sheets(feedback.sheets, code, side))


def _moments(feedback: Feedback, code: str, side: Side) -> list[Moment]:
    return [one for one in feedback.moments if (one.code, one.side) == (code, side)]


def _on_sheets(sheets: Iterable[Sheet], code: str, side: Side) -> int:
    wanted = {Side.SEEN: (Mark.SEEN, Mark.BOTH), Side.SIGNAL: (Mark.SIGNAL, Mark.BOTH)}[side]
    return sum(sheet.marks.get(code) in wanted for sheet in sheets)


def _by_code(
    feedback: Feedback,
    content: Content,
    side: Side,
    codes: Sequence[str],
    *,
    names: bool,
    quotes: bool,
) -> list[str]:
    """The moments of each code, in blocks."""
    found: list[str] = []
    listed = feedback.debrief.listed
    for code in codes:
        if not _has(feedback, code, side):
            continue
        star = "★ " if code in feedback.focus else ""
        head = (
            f"{star}**{code} {side_name(listed, code, side)}**{_sheet_mark(feedback, code, side)}"
        )
        lines = [
            moment_line(one, feedback, content, names=names, quotes=quotes)
            for one in _moments(feedback, code, side)
        ]
        shown = paged([head, *lines], most_text=BLOCK_TEXT, most_blocks=1 + MOMENTS_A_BLOCK)
        found += ["\n".join(block) for block in shown]
    return found


def _sheet_mark(feedback: Feedback, code: str, side: Side) -> str:
    on_sheets = _on_sheets(feedback.sheets, code, side)
    if not on_sheets:
        return ""
    if len(feedback.sheets) == 1:
        return " · on the sheet"
    return f" · on {on_sheets} of {len(feedback.sheets)} sheets"


def moment_line(
    one: Moment, feedback: Feedback, content: Content, *, names: bool, quotes: bool
) -> str:
    """`06:10` · 2 of 3 · “And the part you want to keep is…” (@Olu)."""
    parts = [f"- `{clock(one.at)}`"]
    if feedback.observers > 1:
        parts.append(f"{one.seats} of {feedback.observers}")
    notes = one.notes if quotes else ()
    said = _fitting([text for note in notes for text in _said(note, names=names)])
    if not said and names:
        said = [joined(_name(note) for note in one.notes)]
    variants = {note.variant for note in one.notes if note.variant}
    if variants:
        parts.append(f"({', '.join(sorted(variants))})")
    return " · ".join([*parts, *said]) + phase_mark(one.phase, content)


def _fitting(said: Sequence[str]) -> list[str]:
    """As many words of different observers as fit into a block."""
    first, *rest = paged(said, most_text=BLOCK_TEXT - 200)
    left = sum(len(page) for page in rest)
    return [*first, f"{left} more with words"] if left else first


def _said(note: Note, *, names: bool) -> list[str]:
    said = words(note)
    if not said:
        return []
    return [f"{said} ({_name(note)})" if names else said]


def _name(note: Note) -> str:
    return mention(note.observer_user_id) if note.observer_user_id else "an observer"


def client_blocks(feedback: Feedback) -> list[str]:
    """What the client lets the coach read."""
    return [f"💬 **The client says**\n{view_lines(view)}" for view in feedback.client_views]


def _phases(feedback: Feedback, content: Content, *, names: bool) -> list[str]:
    first: dict[Phase, Moment] = {}
    questions = [one for one in feedback.moments if one.side is Side.QUESTION]
    for question in questions:
        if question.phase is not None:
            first.setdefault(question.phase, question)
    heard = [
        f"{EMOJI[phase]} {phase_name(phase, content)} from `{clock(one.at)}`"
        for phase, one in first.items()
    ]
    if not heard:
        return []
    lines = [
        moment_line(question, feedback, content, names=names, quotes=True)
        for question in questions
        if any(words(note) for note in question.notes)
    ]
    head = f"❓ **Partnering questions heard**\n{' · '.join(heard)}"
    shown = paged([head, *lines], most_text=BLOCK_TEXT, most_blocks=1 + MOMENTS_A_BLOCK)
    return ["\n".join(block) for block in shown]


def prompts(feedback: Feedback, content: Content) -> list[Question]:
    """Two questions to try for the first signal that the coach reads."""
    code = practised(feedback, content)
    questions = content.bank.for_signal(code) if code else _of_phase(feedback, content)
    # The same ones each time this round is looked at, others for another round.
    start = feedback.round.id % len(questions) if questions else 0
    return [*questions[start:], *questions[:start]][:PROMPTS]


def practised(feedback: Feedback, content: Content) -> str | None:
    """The first signal in the order of the debrief that some question is an answer to."""
    for code in _ordered(feedback):
        if _has(feedback, code, Side.SIGNAL) and content.bank.for_signal(code):
            return code
    return None


def _of_phase(feedback: Feedback, content: Content) -> Sequence[Question]:
    """The questions of the phase of the first signal, for signals that no question answers."""
    signals = [one for one in feedback.moments if one.side is Side.SIGNAL and one.phase]
    signals.sort(key=lambda one: one.code not in feedback.focus)
    phase = signals[0].phase if signals else None
    return content.bank.in_phase(phase) if phase is not None else ()


def _to_try(feedback: Feedback, content: Content) -> str:
    said = feedback.debrief.next_try
    if said:
        return f"🎯 **One thing to try:** {safe(said)}"
    lines = ["🎯 **One thing to try:** what do you choose, small and your own?"]
    code = practised(feedback, content)
    idea = f"Idea for {code}" if code else "Idea"
    lines += [f"-# {idea}: {question_text(one)}" for one in prompts(feedback, content)]
    return "\n".join(lines)


def _stored(feedback: Feedback) -> str:
    """How long the above is stored; empty if there is nothing."""
    if feedback.own is None and not feedback.has_writing:
        return ""
    if feedback.words_until is None or feedback.codes_until is None:
        return (
            "-# 🗄️ Stored: the notes and sheets above. How long they are kept is counted from the"
            " end of the round."
        )
    return (
        f"-# 🗄️ Stored: observers’ words until {moment(feedback.words_until, 'D')}, notes and"
        f" sheets until {moment(feedback.codes_until, 'D')}. **Erase…** does it now."
    )
