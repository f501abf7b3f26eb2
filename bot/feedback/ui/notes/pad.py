"""The pad: one tap notes one side of a code, with its time; only the observer sees it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.content.model.content import Content
from bot.content.model.questions import Phase
from bot.feedback.actions import (
    ADD_FROM_MEMORY,
    ADD_QUOTE,
    BACK_TO_PAD,
    EDIT_NOTES,
    MORE_CODES,
    MY_SHEET,
    REDO,
    TAP,
    UNDO,
)
from bot.feedback.model.debriefs import Listed
from bot.feedback.model.notes import QUESTION, Side
from bot.feedback.model.refusals import CannotNote
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.service.pads import Counts, Pad, PadService
from bot.feedback.ui.notes.handed_over import released_view
from bot.feedback.ui.notes.words import (
    PARTNERING,
    SIGNAL,
    in_time,
    note_line,
    pad_name,
    read_noted,
)
from bot.kit.discord.actions import Style, option
from bot.kit.discord.answers import redraw, reply
from bot.kit.discord.cards import Card, Component, Part, card, row, section
from bot.kit.discord.interactions import Interaction, View, services_of
from bot.kit.discord.patterns import PREFIX
from bot.kit.discord.text import cut, plural, safe
from bot.questions.ui.words import EMOJI
from bot.rounds.actions import OPEN_PAD
from bot.rounds.model.round import is_coaching_over

ACCENT = 0x6B5BA8
MOST_BUTTONED = 6
"""Codes with a row of their own; the rest are in a menu, as a card has 40 parts at most."""
LONGEST_LABEL = 80
LONGEST_STATUS = 240
MOST_SHOWN = 8
"""Notes shown on a pad that is closed."""
_HEARD = [(phase, f"{QUESTION}:{phase}") for phase in Phase]


def pads_of(interaction: Interaction) -> PadService:
    """The bot's pads."""
    return services_of(interaction)[PadService]


@OPEN_PAD.pressed
async def open_pad(interaction: Interaction, round_id: int) -> None:
    """Answer with the person's pad; once the coach has the notes, with what became of them."""
    pad = await pads_of(interaction).look(round_id, interaction.user.id)
    await reply(interaction, await pad_view(interaction, pad))


async def pad_view(interaction: Interaction, pad: Pad) -> View:
    """The pad as it is now; once the coach has the notes, what became of them."""
    content = await services_of(interaction)[FeedbackAccess].content_of(pad.round)
    return await released_view(interaction, pad, content) or pad_card(pad, content)


def pad_card(pad: Pad, content: Content, *, is_refused: bool = False) -> Card:
    """The pad, or what to do with the notes; `is_refused`: a tap has just come too late."""
    is_over = is_coaching_over(pad.round)
    if is_over and pad.opening is None:
        return card(*_closed_parts(pad, content, is_refused=is_refused), accent=ACCENT)
    round_id, counts, focus, coach = pad.round.id, pad.counts, pad.focus, pad.round.coach
    buttoned = _buttoned(pad.listed, focus)
    others = [one for one in pad.listed if one not in buttoned]
    return card(
        _head(focus, coach.wish if coach else ""),
        *[
            _code_row(
                round_id,
                one.code,
                one.code in focus,
                pad_name(one, Side.SEEN),
                counts.get(f"{one.code}:seen", 0),
                pad_name(one, Side.SIGNAL),
                counts.get(f"{one.code}:signal", 0),
            )
            for one in buttoned
        ],
        *([_code_menu(round_id, others, counts)] if others else []),
        "-# A partnering question heard:",
        *_question_rows(round_id, content, counts),
        _last_done(pad, content),
        row(*_controls(pad, is_over=is_over)),
        accent=ACCENT,
    )


@lru_cache(maxsize=512)
def _head(focus: tuple[str, ...], wish: str) -> str:
    lines = ["### 📝 My pad"]
    watched = [f"**★ {code}**" for code in focus]
    if wish:
        watched.append(f"“{safe(wish)}”")
    if watched:
        lines.append(f"🔎 The coach asks you to watch: {' · '.join(watched)}")
    lines.append(
        f"-# {PARTNERING} partnering · {SIGNAL} signal · only you see this, until the coach gets it"
        " at the end"
    )
    return "\n".join(lines)


def _buttoned(listed: Sequence[Listed], focus: Sequence[str]) -> Sequence[Listed]:
    """The codes with a row of their own, in the places they always have: the focus, then others."""
    if len(listed) <= MOST_BUTTONED:
        return listed
    first = sorted(listed, key=lambda one: one.code not in focus)[:MOST_BUTTONED]
    return [one for one in listed if one in first]


def _last_done(pad: Pad, content: Content) -> Part:
    """What was just done, with the way to take it back beside it."""
    said, last = _status(pad, content), pad.last
    if last is None:
        return said
    return section(said, UNDO.button(round_id=pad.round.id, note_id=last.id))


def _status(pad: Pad, content: Content) -> str:
    """What was just done, so that people see that a tap has counted."""
    late = "⌛ The coaching is over; taps count for a few seconds more.\n"
    before = late if pad.opening is not None and pad.opening.is_late else ""
    if _is_just_undone(pad) and pad.taken_back is not None:
        line = cut(note_line(pad.taken_back, pad.listed, content), LONGEST_STATUS)
        return f"{before}↩️ Taken back: {line}\n-# {plural(len(pad.notes), 'note')} left"
    if pad.last is None:
        return before + "Listen. Tap once when you see or hear something; words can come later."
    line = cut(note_line(pad.last, pad.listed, content), LONGEST_STATUS)
    return f"{before}✅ {line}\n-# {plural(len(pad.notes), 'note')} so far"


def _label(text: str, count: int) -> str:
    # Without a dot, so that a row with both counts still fits a phone.
    counted = f" {count}" if count else ""
    return cut(text, LONGEST_LABEL - len(counted)) + counted


@lru_cache(maxsize=1024)
def _code_row(
    round_id: int,
    code: str,
    is_focus: bool,  # noqa: FBT001 - a key
    counterpart: str,
    seen: int,
    signal: str,
    signals: int,
) -> Component:
    """A row between two taps: the code is said once, so that both sides fit beside each other.

    It is cached: most rows are the same before and after a tap.
    """
    shown = f"★ {code}" if is_focus else code
    return row(
        TAP.button(
            round_id=round_id,
            code=code,
            side="seen",
            label=_label(f"{shown} {counterpart}", seen),
            emoji=PARTNERING,
            style=Style.success,
        ),
        TAP.button(
            round_id=round_id,
            code=code,
            side="signal",
            label=_label(signal, signals),
            emoji=SIGNAL,
        ),
    )


def _code_menu(round_id: int, listed: Sequence[Listed], counts: Counts) -> Component:
    options = [
        option(
            _label(f"{one.code} {name}", counts.get(f"{one.code}:{side}", 0)),
            f"{one.code}:{side}",
            emoji=emoji,
        )
        for one in listed
        for side, emoji, name in (
            (Side.SEEN, PARTNERING, one.counterpart),
            (Side.SIGNAL, SIGNAL, one.signal),
        )
    ]
    return row(MORE_CODES.menu(options, round_id=round_id))


def _question_rows(round_id: int, content: Content, counts: Counts) -> list[Component]:
    buttons = [
        _question_button(round_id, phase, content.phases[phase].label, counts.get(heard, 0))
        for phase, heard in _HEARD
    ]
    return [row(*buttons[:3]), row(*buttons[3:])]


@lru_cache(maxsize=1024)
def _question_button(round_id: int, phase: Phase, name: str, count: int) -> Component:
    label = _label(name, count)
    return TAP.button(round_id=round_id, code=QUESTION, side=phase, label=label, emoji=EMOJI[phase])


def _is_just_undone(pad: Pad) -> bool:
    """Whether taking a note back was the last thing this observer did."""
    back, last = pad.taken_back, pad.last
    if back is None or back.withdrawn_at is None:
        return False
    return last is None or back.withdrawn_at >= last.taken_at


def _controls(pad: Pad, *, is_over: bool) -> list[Component]:
    """At most three, for a thumb: words or putting back, all notes, and in the end the sheet."""
    round_id, last, back = pad.round.id, pad.last, pad.taken_back
    buttons: list[Component] = []
    if back is not None and _is_just_undone(pad):
        buttons.append(REDO.button(round_id=round_id, note_id=back.id))
    elif last is not None:
        buttons.append(ADD_QUOTE.button(round_id=round_id, note_id=last.id))
    if is_over:
        return [*buttons, MY_SHEET.button(round_id=round_id)]
    return [*buttons, EDIT_NOTES.button(round_id=round_id, page=0)]


def _closed_parts(pad: Pad, content: Content, *, is_refused: bool) -> list[Part]:
    # The ones taken last, by coaching time, so that a note from memory is seen to be there.
    shown = in_time(pad.notes[-MOST_SHOWN:])
    lines = [f"- {note_line(note, pad.listed, content)}" for note in shown]
    more = len(pad.notes) - len(shown)
    if more > 0:
        lines.insert(0, f"-# {plural(more, 'more note')}: **Edit** shows all.")
    round_id = pad.round.id
    return [
        "### 📝 My pad"
        + ("\n⌛ That tap came too late, so it was not noted." if is_refused else ""),
        (
            "The coaching is over. The sheet has all codes at a glance, half a minute. Words can"
            " still be added to notes until the coach has them."
        ),
        cut("\n".join(lines), 2_800) or "You noted nothing. The sheet is worth as much.",
        row(
            MY_SHEET.button(round_id=round_id, style=Style.primary),
            EDIT_NOTES.button(round_id=round_id, page=0),
            ADD_FROM_MEMORY.button(round_id=round_id),
        ),
    ]


# Taps


def is_tap(custom_id: str) -> bool:
    """Whether a click on this is a tap."""
    return custom_id.startswith(f"{PREFIX}tap:")


@TAP.pressed
async def tap(interaction: Interaction, round_id: int, code: str, side: str) -> None:
    """Note a side of a code, or a question that was heard."""
    await _note(interaction, round_id, code, *read_noted(code, side))


@MORE_CODES.chosen
async def tap_in_menu(interaction: Interaction, choice: str, round_id: int) -> None:
    """Note a side of a code that has no button of its own."""
    code, _, side = choice.partition(":")
    await _note(interaction, round_id, code, Side(side), None)


async def _note(
    interaction: Interaction, round_id: int, code: str, side: Side, phase: Phase | None
) -> None:
    """Note it and render the pad again; if the pad is closed, say so on it."""
    pads = pads_of(interaction)
    try:
        pad = await pads.tap(round_id, interaction.user.id, code, side, phase)
    except CannotNote as error:
        if error.why != "over":
            raise
        pad = await pads.look(round_id, interaction.user.id)
        if not is_coaching_over(pad.round):
            raise
        content = await services_of(interaction)[FeedbackAccess].content_of(pad.round)
        released = await released_view(interaction, pad, content)
        await redraw(interaction, released or pad_card(pad, content, is_refused=True))
        return
    await redraw(interaction, await pad_view(interaction, pad))


@UNDO.pressed
async def undo(interaction: Interaction, round_id: int, note_id: int) -> None:
    """Take the last note back; the pad then offers to put it back."""
    pad = await pads_of(interaction).take_back(round_id, interaction.user.id, note_id)
    await redraw(interaction, await pad_view(interaction, pad))


@REDO.pressed
async def redo(interaction: Interaction, round_id: int, note_id: int) -> None:
    """Put back the note that was taken back."""
    pad = await pads_of(interaction).put_back(round_id, interaction.user.id, note_id)
    await redraw(interaction, await pad_view(interaction, pad))


@BACK_TO_PAD.pressed
async def back_to_pad(interaction: Interaction, round_id: int) -> None:
    """Show the pad in place of the card that was clicked."""
    pad = await pads_of(interaction).look(round_id, interaction.user.id)
    await redraw(interaction, await pad_view(interaction, pad))
