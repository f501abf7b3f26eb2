"""A person's own notes: look through them, add words, correct the time, take them back."""

from __future__ import annotations

from datetime import timedelta

from bot.content.model.content import Content
from bot.feedback.actions import (
    ALL_NOTES,
    BACK_TO_PAD,
    CHANGE_SIGNAL,
    EARLIER,
    EDIT_NOTES,
    LATER,
    PICK_NOTE,
    PUT_NOTE_BACK,
    TAKE_NOTE_BACK,
    WRITE_FOR,
    WRITE_WORDS,
)
from bot.feedback.model.notes import QUESTION, Note, Side, moved
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.service.pads import Pad
from bot.feedback.ui.notes.handed_over import released_view
from bot.feedback.ui.notes.pad import ACCENT, pads_of
from bot.feedback.ui.notes.words import (
    SIDE_EMOJI,
    clock,
    in_time,
    note_line,
    read_choice,
    what,
)
from bot.kit.discord.actions import option
from bot.kit.discord.answers import redraw
from bot.kit.discord.cards import Component, card, row, turning
from bot.kit.discord.interactions import Interaction, View, services_of
from bot.kit.discord.text import cut, plural
from bot.questions.ui.words import EMOJI

NOTES_A_PAGE = 15
STEP = timedelta(seconds=10)


async def content_of(interaction: Interaction, pad: Pad) -> Content:
    """The words of the pad's dojo."""
    return await services_of(interaction)[FeedbackAccess].content_of(pad.round)


def notes_card(pad: Pad, content: Content, page: int) -> View:
    """All notes of the person, a page at a time; choosing one opens it."""
    round_id, count = pad.round.id, len(pad.notes)
    back = row(BACK_TO_PAD.button(round_id=round_id))
    if not count:
        return card(
            "### 📋 My notes",
            "There are none yet. A tap on the pad makes one.",
            back,
            accent=ACCENT,
        )
    pages = (count + NOTES_A_PAGE - 1) // NOTES_A_PAGE
    page = min(page, pages - 1)
    shown = in_time(pad.notes)[page * NOTES_A_PAGE : (page + 1) * NOTES_A_PAGE]
    lines = [cut(f"- {note_line(note, pad.listed, content)}", 240) for note in shown]
    where = f", page {page + 1} of {pages}" if pages > 1 else ""
    options = [
        option(
            cut(f"{clock(note.at)} {what(note, pad.listed, content)}", 100),
            str(note.id),
            description=cut(note.quote, 100),
        )
        for note in shown
    ]
    return card(
        f"### 📋 My notes · {plural(count, 'note')}{where}",
        cut("\n".join(lines), 3_600),
        row(WRITE_FOR.menu(options, round_id=round_id)),
        row(PICK_NOTE.menu(options, round_id=round_id)),
        *turning(
            page,
            pages,
            lambda to, label: EDIT_NOTES.button(round_id=round_id, page=to, label=label, emoji=""),
        ),
        back,
        accent=ACCENT,
    )


def note_card(pad: Pad, note: Note, content: Content, *, hint: str = "") -> View:
    """One note, with all that can be changed in it."""
    is_back, round_id = note.withdrawn_at is not None, pad.round.id
    changes = (PUT_NOTE_BACK,) if is_back else (EARLIER, LATER, WRITE_WORDS, TAKE_NOTE_BACK)
    others = CHANGE_SIGNAL.menu(_others(pad, note, content), round_id=round_id, note_id=note.id)
    return card(
        "### ✏️ One of my notes",
        note_line(note, pad.listed, content) + ("\n-# Taken back." if is_back else ""),
        *([f"⚠️ {hint}"] if hint else []),
        *([] if is_back else [row(others)]),
        row(*(one.button(round_id=round_id, note_id=note.id) for one in changes)),
        row(ALL_NOTES.button(round_id=round_id), BACK_TO_PAD.button(round_id=round_id)),
        accent=ACCENT,
    )


def _others(pad: Pad, note: Note, content: Content) -> list[Component]:
    """What a note may say instead: any side of a code; of a question heard, any phase."""
    if note.side is Side.QUESTION:
        return [
            option(words.label, f"{QUESTION}:{phase}", emoji=EMOJI[phase])
            for phase, words in content.phases.items()
            if phase is not note.phase
        ]
    return [
        option(cut(f"{one.code} {name}", 100), f"{one.code}:{side}", emoji=SIDE_EMOJI[side])
        for one in pad.listed
        for side, name in ((Side.SEEN, one.counterpart), (Side.SIGNAL, one.signal))
        if (one.code, side) != (note.code, note.side)
    ]


async def show_note(interaction: Interaction, pad: Pad, note_id: int, *, hint: str = "") -> None:
    """Show one of the person's notes in place of the card it came from."""
    note = await pads_of(interaction).mine(pad.round.id, interaction.user.id, note_id)
    view = note_card(pad, note, await content_of(interaction, pad), hint=hint)
    await redraw(interaction, view)


@EDIT_NOTES.pressed
async def show_notes(interaction: Interaction, round_id: int, page: int) -> None:
    """Show a page of the person's notes; once the coach has them, show what became of them."""
    pad = await pads_of(interaction).look(round_id, interaction.user.id)
    content = await content_of(interaction, pad)
    released = await released_view(interaction, pad, content)
    await redraw(interaction, released or notes_card(pad, content, page))


@ALL_NOTES.pressed
async def show_first_notes(interaction: Interaction, round_id: int) -> None:
    """Show the first page of the person's notes."""
    await show_notes(interaction, round_id, 0)


@PICK_NOTE.chosen
async def open_note(interaction: Interaction, choice: str, round_id: int) -> None:
    """Show the note that was chosen."""
    pad = await pads_of(interaction).look(round_id, interaction.user.id)
    await show_note(interaction, pad, int(choice))


@CHANGE_SIGNAL.chosen
async def change_signal(interaction: Interaction, choice: str, round_id: int, note_id: int) -> None:
    """Let the note say that it was something else; its time and its words stay."""
    noted = read_choice(choice)
    pad = await pads_of(interaction).correct(round_id, interaction.user.id, note_id, *noted)
    await show_note(interaction, pad, note_id)


@EARLIER.pressed
async def move_earlier(interaction: Interaction, round_id: int, note_id: int) -> None:
    """Move the note to ten seconds earlier: most taps come late."""
    await _move(interaction, round_id, note_id, -STEP)


@LATER.pressed
async def move_later(interaction: Interaction, round_id: int, note_id: int) -> None:
    """Move the note to ten seconds later."""
    await _move(interaction, round_id, note_id, STEP)


async def _move(interaction: Interaction, round_id: int, note_id: int, by: timedelta) -> None:
    pad = await pads_of(interaction).change(
        round_id, interaction.user.id, note_id, lambda note: moved(note, by)
    )
    await show_note(interaction, pad, note_id)


@TAKE_NOTE_BACK.pressed
async def take_note_back(interaction: Interaction, round_id: int, note_id: int) -> None:
    """Take the note back; the card offers to put it back."""
    pad = await pads_of(interaction).take_back(round_id, interaction.user.id, note_id)
    await show_note(interaction, pad, note_id)


@PUT_NOTE_BACK.pressed
async def put_note_back(interaction: Interaction, round_id: int, note_id: int) -> None:
    """Put the note back."""
    pad = await pads_of(interaction).put_back(round_id, interaction.user.id, note_id)
    await show_note(interaction, pad, note_id)
