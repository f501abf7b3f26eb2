"""One's own notes: looked through, given words and the right time, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import discord

from bot.domain.content import Content
from bot.domain.debriefs import Listed
from bot.domain.notes import Note, moved
from bot.services.pads import Pad
from bot.ui.answers import redraw
from bot.ui.components import DojoMenu, Part, card, row, turning
from bot.ui.interactions import Interaction, View
from bot.ui.note_texts import clock, in_time, note_line, what
from bot.ui.own_notes import released_view
from bot.ui.pad import ACCENT, pad_view, pads_of
from bot.ui.round_steps import ROUND, RoundButton, button_to
from bot.ui.texts import cut, plural

NOTES_A_PAGE = 15
STEP = timedelta(seconds=10)
NOTE = r"(?P<note_id>\d{1,19})"


async def content_of(interaction: Interaction, pad: Pad) -> Content:
    """The words of the pad's dojo."""
    return await pads_of(interaction).desk.content_of(pad.round)


def notes_card(pad: Pad, content: Content, page: int) -> View:
    """All notes of the person, a page at a time; choosing one opens it."""
    count = len(pad.notes)
    if not count:
        return card(
            "### 📋 My notes",
            "There are none yet. A tap on the pad makes one.",
            row(BackToPad(pad.round.id)),
            accent=ACCENT,
        )
    pages = range((count + NOTES_A_PAGE - 1) // NOTES_A_PAGE)
    page = min(max(page, 0), pages[-1])
    shown = in_time(pad.notes)[page * NOTES_A_PAGE : (page + 1) * NOTES_A_PAGE]
    lines = [cut(f"- {note_line(note, pad.listed, content)}", 240) for note in shown]
    where = f", page {page + 1} of {len(pages)}" if len(pages) > 1 else ""
    parts: list[Part] = [
        f"### 📋 My notes · {plural(count, 'note')}{where}",
        cut("\n".join(lines), 3_600),
        row(PickNote(pad.round.id, shown, pad.listed, content)),
        *turning(page, len(pages), lambda to, label: TurnNotes(pad.round.id, to, label=label)),
        row(BackToPad(pad.round.id)),
    ]
    return card(*parts, accent=ACCENT)


def note_card(pad: Pad, note: Note, content: Content, *, hint: str = "") -> View:
    """One note, with all that can be changed in it."""
    round_id = pad.round.id
    is_back = note.withdrawn_at is not None
    buttons = (
        [PutNoteBack(round_id, note.id)]
        if is_back
        else [
            Earlier(round_id, note.id),
            Later(round_id, note.id),
            button_to(round_id, f"words:{note.id}", "Words and time…", emoji="✏️"),
            TakeNoteBack(round_id, note.id),
        ]
    )
    return card(
        "### ✏️ One of my notes",
        note_line(note, pad.listed, content) + ("\n-# Taken back." if is_back else ""),
        *([f"⚠️ {hint}"] if hint else []),
        row(*buttons),
        row(BackToNotes(round_id)),
        accent=ACCENT,
    )


async def show_note(interaction: Interaction, pad: Pad, note_id: int, *, hint: str = "") -> None:
    """Show one of the person's notes in the place of the card it came from."""
    note = await pads_of(interaction).mine(pad.round.id, interaction.user.id, note_id)
    view = note_card(pad, note, await content_of(interaction, pad), hint=hint)
    await redraw(interaction, view)


async def _show_notes(interaction: Interaction, round_id: int, page: int) -> None:
    pad = await pads_of(interaction).look(round_id, interaction.user.id)
    content = await content_of(interaction, pad)
    released = await released_view(interaction, pad, content)
    await redraw(interaction, released or notes_card(pad, content, page))


class TurnNotes(RoundButton, template=rf"{ROUND}:notes:(?P<page>\d{{1,2}})", is_own=True):
    """Shows a page of the person's notes."""

    def __init__(self, round_id: str | int, page: str | int, *, label: str = "Edit") -> None:
        self.page = int(page)
        super().__init__(round_id, f"notes:{page}", label)

    async def pressed(self, interaction: Interaction) -> None:
        """Show that page."""
        await _show_notes(interaction, self.round_id, self.page)


class BackToNotes(RoundButton, template=rf"{ROUND}:notes-all", is_own=True):
    """Back to all notes."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "notes-all", "All my notes", emoji="📋")

    async def pressed(self, interaction: Interaction) -> None:
        """Show the first page."""
        await _show_notes(interaction, self.round_id, 0)


class BackToPad(RoundButton, template=rf"{ROUND}:pad-again", is_own=True):
    """Back to the pad."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "pad-again", "Back to the pad", emoji="📝")

    async def pressed(self, interaction: Interaction) -> None:
        """Show it in the same place."""
        pad = await pads_of(interaction).look(self.round_id, interaction.user.id)
        await redraw(interaction, await pad_view(interaction, pad))


class PickNote(DojoMenu, template=rf"{ROUND}:pick", is_own=True):
    """Opens one of the notes on the page."""

    def __init__(
        self,
        round_id: str | int,
        notes: Sequence[Note] = (),
        listed: Sequence[Listed] = (),
        content: Content | None = None,
    ) -> None:
        self.round_id = int(round_id)
        options = [
            discord.SelectOption(
                label=cut(f"{clock(note.at)} {what(note, listed, content)}", 100),
                value=str(note.id),
                description=cut(note.quote, 100) or None,
            )
            for note in notes
            if content is not None
        ]
        super().__init__(f"round:{round_id}:pick", "Change a note…", options or None)

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Show it."""
        pad = await pads_of(interaction).look(self.round_id, interaction.user.id)
        await show_note(interaction, pad, int(choice))


class _Shift(RoundButton):
    """Corrects the time of a note."""

    by = STEP

    def __init__(self, round_id: str | int, note_id: str | int) -> None:
        self.note_id = int(note_id)
        is_later = self.by > timedelta()
        about, label = ("later", "+10 s") if is_later else ("earlier", "−10 s")
        super().__init__(round_id, f"{about}:{note_id}", label, emoji="⏩" if is_later else "⏪")

    async def pressed(self, interaction: Interaction) -> None:
        """Move it, and show it."""
        pad = await pads_of(interaction).change(
            self.round_id, interaction.user.id, self.note_id, lambda note: moved(note, self.by)
        )
        await show_note(interaction, pad, self.note_id)


class Later(_Shift, template=rf"{ROUND}:later:{NOTE}", is_own=True):
    """Ten seconds later."""


class Earlier(_Shift, template=rf"{ROUND}:earlier:{NOTE}", is_own=True):
    """Ten seconds earlier: most taps come late."""

    by = -STEP


class TakeNoteBack(RoundButton, template=rf"{ROUND}:drop:{NOTE}", is_own=True):
    """Takes a note back."""

    def __init__(self, round_id: str | int, note_id: str | int) -> None:
        self.note_id = int(note_id)
        super().__init__(round_id, f"drop:{note_id}", "Take it back", emoji="🗑️")

    async def pressed(self, interaction: Interaction) -> None:
        """Take it back; the card offers to put it back."""
        pads, user_id = pads_of(interaction), interaction.user.id
        pad = await pads.take_back(self.round_id, user_id, self.note_id)
        await show_note(interaction, pad, self.note_id)


class PutNoteBack(RoundButton, template=rf"{ROUND}:undrop:{NOTE}", is_own=True):
    """Puts a note back."""

    def __init__(self, round_id: str | int, note_id: str | int) -> None:
        self.note_id = int(note_id)
        super().__init__(round_id, f"undrop:{note_id}", "Put it back", emoji="↪️")

    async def pressed(self, interaction: Interaction) -> None:
        """Put it back."""
        pads, user_id = pads_of(interaction), interaction.user.id
        await show_note(
            interaction, await pads.put_back(self.round_id, user_id, self.note_id), self.note_id
        )
