"""What a coach does with one note, and the one thing to try."""

from __future__ import annotations

from bot.content.model.content import Content
from bot.feedback.actions import (
    ABOUT_NOTES,
    CONFIRM_ERASE_WORDS,
    ERASE_WORDS,
    JUDGE,
    LOOK_AGAIN,
    PICK_FEEDBACK_NOTE,
    REPORT_NOTE,
    REPORT_TO,
    REPORT_UNNAMED,
    TRY_FORM,
    TRY_WORDS,
    WRITE_TRY,
)
from bot.feedback.model.debriefs import LONGEST_TRY
from bot.feedback.model.notes import Note, Verdict
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.service.debriefs import Feedback
from bot.feedback.service.reports import ReportService, Told
from bot.feedback.ui.debrief.debrief import ACCENT, debriefs_of, opened_or_erased, show_feedback
from bot.feedback.ui.notes.words import clock, in_time, note_line, what
from bot.kit.discord.actions import FormShown, Style, option, text_field
from bot.kit.discord.answers import defer, redraw, show_form
from bot.kit.discord.ask_before_keeping import Texts
from bot.kit.discord.cards import Component, card, row, turning
from bot.kit.discord.file_traces import with_file_traces
from bot.kit.discord.forms import Typed, one
from bot.kit.discord.interactions import Interaction, View, services_of
from bot.kit.discord.text import cut
from bot.kit.personal_words import tidy
from bot.rounds.ui.shared import mention

NOTES_A_PAGE = 25
TRY = "One thing to try"
VERDICTS = {
    Verdict.HELPFUL: ("👍", "This note helped"),
    Verdict.UNCLEAR: ("🌫️", "This note is unclear"),
}


async def _opened(interaction: Interaction, round_id: int) -> tuple[Feedback, Content]:
    """The coach's feedback, and the words of its dojo."""
    feedback = await debriefs_of(interaction).open(round_id, interaction.user.id)
    return feedback, await services_of(interaction)[FeedbackAccess].content_of(feedback.round)


def _back(round_id: int) -> Component:
    return LOOK_AGAIN.button(round_id=round_id, label="Back to my feedback")


@ABOUT_NOTES.pressed
async def show_notes(interaction: Interaction, round_id: int, page: int) -> None:
    """Show a page of the notes, for the coach to choose from."""
    feedback = await opened_or_erased(interaction, round_id)
    if feedback is not None:
        content = await services_of(interaction)[FeedbackAccess].content_of(feedback.round)
        await redraw(interaction, notes_card(feedback, content, page))


def notes_card(feedback: Feedback, content: Content, page: int) -> View:
    """A page of the notes; choosing one opens it."""
    round_id = feedback.round.id
    notes = in_time([note for moment in feedback.moments for note in moment.notes])
    pages = max((len(notes) + NOTES_A_PAGE - 1) // NOTES_A_PAGE, 1)
    page = min(page, pages - 1)
    options = [
        option(
            cut(f"{clock(note.at)} {what(note, feedback.debrief.listed, content)}", 100),
            str(note.id),
            description=cut(note.quote or note.effect, 100),
        )
        for note in notes[page * NOTES_A_PAGE : (page + 1) * NOTES_A_PAGE]
    ]
    return card(
        "### 🔍 About a note",
        "Say that it helped or is unclear, take words out of it, or report it.",
        *([row(PICK_FEEDBACK_NOTE.menu(options, round_id=round_id))] if options else []),
        *turning(
            page,
            pages,
            lambda to, label: ABOUT_NOTES.button(round_id=round_id, page=to, label=label),
        ),
        row(_back(round_id)),
        accent=ACCENT,
    )


@PICK_FEEDBACK_NOTE.chosen
async def open_note(interaction: Interaction, choice: str, round_id: int) -> None:
    """Show the note that was chosen."""
    if await opened_or_erased(interaction, round_id) is not None:
        await _show(interaction, round_id, int(choice))


async def _show(interaction: Interaction, round_id: int, note_id: int, said: str = "") -> None:
    feedback, content = await _opened(interaction, round_id)
    await redraw(interaction, note_card(feedback, feedback.note(note_id), content, said))


def note_card(feedback: Feedback, note: Note, content: Content, said: str = "") -> View:
    """One note, what the coach can say about it, and what has just been done, if anything."""
    round_id = feedback.round.id
    by = mention(note.observer_user_id) if feedback.names_shown else "an observer"
    has_words = note.quote or note.effect
    return card(
        "### 🔍 About this note",
        f"{note_line(note, feedback.debrief.listed, content)}\n-# noted by {by}",
        row(*(_verdict_button(note, verdict) for verdict in Verdict)),
        row(
            *([ERASE_WORDS.button(round_id=round_id, note_id=note.id)] if has_words else []),
            REPORT_NOTE.button(round_id=round_id, note_id=note.id),
        ),
        row(_others(round_id, "Another note", "🔍"), _back(round_id)),
        *([said] if said else []),
        (
            "-# Observers only learn how many of their notes helped or were unclear, and nothing"
            " when they have a single note."
        ),
        accent=ACCENT,
    )


def _verdict_button(note: Note, verdict: Verdict) -> Component:
    is_set = note.verdict is verdict
    emoji, label = VERDICTS[verdict]
    return JUDGE.button(
        round_id=note.round_id,
        note_id=note.id,
        verdict=verdict,
        off=":off" if is_set else "",
        label=f"{label} ✓" if is_set else label,
        emoji=emoji,
        style=Style.success if is_set else Style.secondary,
    )


def _others(round_id: int, label: str, emoji: str = "↩️") -> Component:
    """The button that leads to all notes."""
    return ABOUT_NOTES.button(round_id=round_id, page=0, label=label, emoji=emoji)


@JUDGE.pressed
async def judge(
    interaction: Interaction, round_id: int, note_id: int, verdict: str, off: str
) -> None:
    """Store that the note helped or is unclear, or take that back, and show the note."""
    if await opened_or_erased(interaction, round_id) is None:
        return
    kept = None if off else Verdict(verdict)
    await debriefs_of(interaction).judge(round_id, interaction.user.id, note_id, kept)
    await _show(interaction, round_id, note_id)


@ERASE_WORDS.pressed
async def ask_to_erase_words(interaction: Interaction, round_id: int, note_id: int) -> None:
    """Ask first: it cannot be undone."""
    if await opened_or_erased(interaction, round_id) is None:
        return
    view = card(
        "**Erase the words of this note?** Its time and code stay. It cannot be undone. If you"
        " report the note, or have done so, nobody sees the words any more.",
        row(
            CONFIRM_ERASE_WORDS.button(round_id=round_id, note_id=note_id),
            _others(round_id, "Keep them"),
        ),
        accent=ACCENT,
    )
    await redraw(interaction, view)


@CONFIRM_ERASE_WORDS.pressed
async def erase_words(interaction: Interaction, round_id: int, note_id: int) -> None:
    """Erase the words of the note, and show it."""
    await defer(interaction)
    if await opened_or_erased(interaction, round_id) is None:
        return
    await debriefs_of(interaction).erase_words(round_id, interaction.user.id, note_id)
    said = with_file_traces(interaction, "🧹 Its words are erased.")
    await _show(interaction, round_id, note_id, said)


@REPORT_NOTE.pressed
@REPORT_UNNAMED.pressed
async def ask_to_report(interaction: Interaction, round_id: int, note_id: int) -> None:
    """Name the contact, so that the coach knows whom they tell. Raises NoSafetyContact."""
    feedback = await opened_or_erased(interaction, round_id)
    if feedback is None:
        return
    content = await services_of(interaction)[FeedbackAccess].content_of(feedback.round)
    note = feedback.note(note_id)
    reports = services_of(interaction)[ReportService]
    contact = await reports.contact_for(feedback.round, interaction.user.id)
    view = card(
        "### 🚩 Report this note?",
        note_line(note, feedback.debrief.listed, content),
        f"{mention(contact)}, the safety contact of this dojo, sees this note alone, who wrote"
        " it, and that you report it. Nobody else is told, also not a later contact.",
        row(
            REPORT_TO.button(round_id=round_id, note_id=note_id, contact_id=contact),
            _others(round_id, "Do not report"),
        ),
        accent=ACCENT,
    )
    await redraw(interaction, view)


@REPORT_TO.pressed
async def report(interaction: Interaction, round_id: int, note_id: int, contact_id: int) -> None:
    """Report it, and say whether the contact knows. If the contact has changed, ask again."""
    await defer(interaction)
    reports, user_id = services_of(interaction)[ReportService], interaction.user.id
    feedback = await opened_or_erased(interaction, round_id)
    if feedback is None:
        return
    if await reports.contact_for(feedback.round, user_id) != contact_id:
        await ask_to_report(interaction, round_id, note_id)
        return
    told = await reports.report(round_id, user_id, note_id)
    await redraw(interaction, card(REPORTED[told], row(_back(round_id)), accent=ACCENT))


REPORTED = {
    Told.NOW: "🚩 The safety contact has been told, and can open the note.",
    Told.SOON: (
        "🚩 Your report is saved. The safety contact hears of it within the hour, together with"
        " others."
    ),
    Told.LATER: (
        "🚩 Your report is saved, but I could not reach the safety contact yet. I try again by"
        " myself; if it is urgent, please speak to them yourself."
    ),
}


# One thing to try


@WRITE_TRY.pressed
async def write_try(interaction: Interaction, round_id: int) -> None:
    """Open the form for the one thing to try, with what was said before."""
    feedback = await opened_or_erased(interaction, round_id)
    if feedback is None:
        return
    await show_form(interaction, try_form(round_id, feedback.debrief.next_try))


@TRY_WORDS.changed
async def change_try(interaction: Interaction, texts: Texts, round_id: int) -> None:
    """Open the form again, with what was typed."""
    await show_form(interaction, try_form(round_id, texts.get(TRY, "")))


def try_form(round_id: int, filled: str) -> FormShown:
    """One line, in the coach's own words."""
    asked = text_field(
        "What do you want to try?",
        "words",
        most=LONGEST_TRY,
        filled=filled,
        example="e.g. Stop after the question, and count to five",
        description="Small, and your own. It is offered as your focus next time.",
    )
    return TRY_FORM.form(asked, round_id=round_id)


@TRY_FORM.submitted
async def send_try(interaction: Interaction, typed: Typed, round_id: int) -> None:
    """Save it, unless the words should be checked first."""
    await defer(interaction)
    words = tidy(one(typed, "words"), LONGEST_TRY)
    await TRY_WORDS.keep(interaction, {TRY: words}, round_id=round_id)


@TRY_WORDS.kept
async def keep_try(interaction: Interaction, texts: Texts, round_id: int) -> None:
    """Save the one thing to try, and show the feedback."""
    await debriefs_of(interaction).try_next(round_id, interaction.user.id, texts.get(TRY, ""))
    await show_feedback(interaction, round_id)
