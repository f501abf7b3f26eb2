"""What a coach does with one note, and the one thing to try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import discord

from bot.domain.careful import tidy
from bot.domain.content import Content
from bot.domain.debriefs import LONGEST_TRY
from bot.domain.notes import Note, Verdict
from bot.services.debriefs import Feedback
from bot.services.reports import Told
from bot.ui.answers import defer, redraw, show_form
from bot.ui.careful import KEEPERS, Keeper, Texts, keep
from bot.ui.components import DojoMenu, card, row, turning
from bot.ui.debrief import ACCENT, debriefs_of, show_feedback
from bot.ui.file_traces import with_file_traces
from bot.ui.forms import DojoForm, Typed, one
from bot.ui.interactions import Interaction, View, services_of
from bot.ui.note_texts import clock, in_time, note_line, what
from bot.ui.round_steps import ROUND, RoundButton, button_to, mention
from bot.ui.texts import cut

NOTES_A_PAGE = 25
NOTE = r"(?P<note_id>\d{1,19})"
TRY = "One thing to try"
VERDICTS = {
    Verdict.HELPFUL: ("👍", "This note helped"),
    Verdict.UNCLEAR: ("🌫️", "This note is unclear"),
}


def _notes(feedback: Feedback) -> list[Note]:
    return in_time([note for one in feedback.moments for note in one.notes])


async def _one(interaction: Interaction, round_id: int) -> tuple[Feedback, Content]:
    debriefs = debriefs_of(interaction)
    feedback = await debriefs.open(round_id, interaction.user.id)
    return feedback, await debriefs.desk.content_of(feedback.round)


def _back(round_id: int) -> discord.ui.Button[Any]:
    return button_to(round_id, "look-again", "Back to my feedback", emoji="🎁")


class AboutNotes(RoundButton, template=rf"{ROUND}:about:(?P<page>\d{{1,2}})", is_own=True):
    """Lets the coach choose one of the notes."""

    def __init__(
        self, round_id: str | int, page: str | int, *, label: str = "About a note…"
    ) -> None:
        self.page = int(page)
        super().__init__(round_id, f"about:{page}", label, emoji="🔍")

    async def pressed(self, interaction: Interaction) -> None:
        """Show a page of them."""
        feedback, content = await _one(interaction, self.round_id)
        notes = _notes(feedback)
        pages = max((len(notes) + NOTES_A_PAGE - 1) // NOTES_A_PAGE, 1)
        page = min(self.page, pages - 1)
        shown = notes[page * NOTES_A_PAGE : (page + 1) * NOTES_A_PAGE]
        view = card(
            "### 🔍 About a note",
            "Say that it helped or is unclear, take words out of it, or report it.",
            *([row(PickOne(self.round_id, feedback, content, shown))] if shown else []),
            *turning(page, pages, lambda to, label: AboutNotes(self.round_id, to, label=label)),
            row(_back(self.round_id)),
            accent=ACCENT,
        )
        await redraw(interaction, view)


class PickOne(DojoMenu, template=rf"{ROUND}:about-one", is_own=True):
    """Opens one note."""

    def __init__(
        self,
        round_id: str | int,
        feedback: Feedback | None = None,
        content: Content | None = None,
        notes: Sequence[Note] = (),
    ) -> None:
        self.round_id = int(round_id)
        options = [
            discord.SelectOption(
                label=cut(f"{clock(note.at)} {what(note, feedback.debrief.listed, content)}", 100),
                value=str(note.id),
                description=cut(note.quote or note.effect, 100) or None,
            )
            for note in notes
            if feedback is not None and content is not None
        ]
        super().__init__(f"round:{round_id}:about-one", "Which note?", options or None)

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Show it."""
        await _show(interaction, self.round_id, int(choice))


async def _show(interaction: Interaction, round_id: int, note_id: int, said: str = "") -> None:
    feedback, content = await _one(interaction, round_id)
    await redraw(interaction, one_card(feedback, feedback.note(note_id), content, said))


def one_card(feedback: Feedback, note: Note, content: Content, said: str = "") -> View:
    """One note, what the coach can say of it, and what has just been done, if anything."""
    round_id = feedback.round.id
    by = mention(note.observer_user_id) if feedback.names_shown else "an observer"
    verdicts = [
        Judge(round_id, note.id, verdict.value, is_set=note.verdict is verdict)
        for verdict in Verdict
    ]
    more: list[RoundButton] = []
    if note.quote or note.effect:
        more.append(EraseWords(round_id, note.id))
    return card(
        "### 🔍 About this note",
        f"{note_line(note, feedback.debrief.listed, content)}\n-# noted by {by}",
        row(*verdicts),
        row(*more, button_to(round_id, f"report:{note.id}", "Report a note", emoji="🚩")),
        row(button_to(round_id, "about:0", "Another note", emoji="🔍"), _back(round_id)),
        *([said] if said else []),
        (
            "-# Observers only learn how many of their notes helped or were unclear, and nothing"
            " when they have a single note."
        ),
        accent=ACCENT,
    )


class Judge(
    RoundButton,
    template=rf"{ROUND}:judge:{NOTE}:(?P<verdict>helpful|unclear)(?P<off>:off)?",
    is_own=True,
):
    """Says that a note helped, or is unclear; pressed again, takes it back."""

    def __init__(
        self,
        round_id: str | int,
        note_id: str | int,
        verdict: str,
        off: str | None = None,
        *,
        is_set: bool = False,
    ) -> None:
        self.note_id, self.verdict = int(note_id), Verdict(verdict)
        self.is_off = is_set or off is not None
        emoji, label = VERDICTS[self.verdict]
        style = discord.ButtonStyle.success if is_set else discord.ButtonStyle.secondary
        about = f"judge:{note_id}:{verdict}" + (":off" if self.is_off else "")
        said = f"{label} ✓" if is_set else label
        super().__init__(round_id, about, said, emoji=emoji, style=style)

    async def pressed(self, interaction: Interaction) -> None:
        """Keep it, and show the note."""
        verdict = None if self.is_off else self.verdict
        user_id = interaction.user.id
        await debriefs_of(interaction).judge(self.round_id, user_id, self.note_id, verdict)
        await _show(interaction, self.round_id, self.note_id)


class EraseWords(RoundButton, template=rf"{ROUND}:wordless:{NOTE}", is_own=True):
    """Takes the words out of a note, after asking."""

    def __init__(self, round_id: str | int, note_id: str | int) -> None:
        self.note_id = int(note_id)
        super().__init__(round_id, f"wordless:{note_id}", "Erase its words…", emoji="🧹")

    async def pressed(self, interaction: Interaction) -> None:
        """Ask; it cannot be undone."""
        view = card(
            "**Erase the words of this note?** Its time and code stay. It cannot be undone. If you"
            " report the note, or have done so, nobody sees the words any more.",
            row(
                EraseWordsIndeed(self.round_id, self.note_id),
                button_to(self.round_id, "about:0", "Keep them", emoji="↩️"),
            ),
            accent=ACCENT,
        )
        await redraw(interaction, view)


class EraseWordsIndeed(RoundButton, template=rf"{ROUND}:wordless-indeed:{NOTE}", is_own=True):
    """Takes the words out of a note."""

    def __init__(self, round_id: str | int, note_id: str | int) -> None:
        self.note_id = int(note_id)
        danger = discord.ButtonStyle.danger
        super().__init__(
            round_id, f"wordless-indeed:{note_id}", "Erase them", emoji="🧹", style=danger
        )

    async def pressed(self, interaction: Interaction) -> None:
        """Do so, and show the note."""
        await defer(interaction)
        user_id = interaction.user.id
        await debriefs_of(interaction).erase_words(self.round_id, user_id, self.note_id)
        said = with_file_traces(interaction, "🧹 Its words are erased.")
        await _show(interaction, self.round_id, self.note_id, said)


class Report(RoundButton, template=rf"{ROUND}:report:{NOTE}", is_own=True):
    """Asks before a note is reported."""

    def __init__(self, round_id: str | int, note_id: str | int) -> None:
        self.note_id = int(note_id)
        super().__init__(round_id, f"report:{note_id}", "Report a note", emoji="🚩")

    async def pressed(self, interaction: Interaction) -> None:
        """Say who will see what. Raises NoSafetyContact."""
        await _ask_to_report(interaction, self.round_id, self.note_id)


async def _ask_to_report(interaction: Interaction, round_id: int, note_id: int) -> None:
    """Name the contact who would get it, so that the coach knows whom they tell."""
    feedback, content = await _one(interaction, round_id)
    note = feedback.note(note_id)
    reports = services_of(interaction).reports
    contact = await reports.contact_for(feedback.round, interaction.user.id)
    view = card(
        "### 🚩 Report this note?",
        note_line(note, feedback.debrief.listed, content),
        f"{mention(contact)}, the safety contact of this dojo, sees this note alone, who wrote"
        " it, and that you report it. Nobody else is told, also not a later contact.",
        row(
            ReportTo(round_id, note_id, contact),
            button_to(round_id, "about:0", "Do not report", emoji="↩️"),
        ),
        accent=ACCENT,
    )
    await redraw(interaction, view)


class ReportIndeed(RoundButton, template=rf"{ROUND}:report-indeed:{NOTE}", is_own=True):
    """Stands on older cards, which do not say for whom the report would be now."""

    def __init__(self, round_id: str | int, note_id: str | int) -> None:
        self.note_id = int(note_id)
        danger = discord.ButtonStyle.danger
        super().__init__(
            round_id, f"report-indeed:{note_id}", "Report it", emoji="🚩", style=danger
        )

    async def pressed(self, interaction: Interaction) -> None:
        """Ask again, and name the contact."""
        await _ask_to_report(interaction, self.round_id, self.note_id)


class ReportTo(
    RoundButton, template=rf"{ROUND}:report-to:{NOTE}:(?P<contact_id>\d{{1,20}})", is_own=True
):
    """Reports a note to the contact who was named on the card."""

    def __init__(self, round_id: str | int, note_id: str | int, contact_id: str | int) -> None:
        self.note_id, self.contact_id = int(note_id), int(contact_id)
        danger = discord.ButtonStyle.danger
        about = f"report-to:{note_id}:{contact_id}"
        super().__init__(round_id, about, "Report it", emoji="🚩", style=danger)

    async def pressed(self, interaction: Interaction) -> None:
        """Report it, and say whether the contact knows; if that is another one by now, ask."""
        await defer(interaction)
        reports, user_id = services_of(interaction).reports, interaction.user.id
        feedback, _ = await _one(interaction, self.round_id)
        if await reports.contact_for(feedback.round, user_id) != self.contact_id:
            await _ask_to_report(interaction, self.round_id, self.note_id)
            return
        told = await reports.report(self.round_id, user_id, self.note_id)
        await redraw(interaction, card(REPORTED[told], row(_back(self.round_id)), accent=ACCENT))


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


class TryNext(RoundButton, template=rf"{ROUND}:try", is_own=True):
    """Opens the form for the one thing to try."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "try", "One thing to try…", emoji="🎯")

    async def pressed(self, interaction: Interaction) -> None:
        """Open it, with what was said before."""
        feedback, _ = await _one(interaction, self.round_id)
        typed = {TRY: feedback.debrief.next_try}
        await show_form(interaction, TryForm(self.round_id, typed))


class TryForm(DojoForm, template=ROUND + ":try", is_own=True):
    """One line, in the coach's own words."""

    def __init__(self, round_id: int, typed: Texts) -> None:
        super().__init__(f"round:{round_id}:try", TRY)
        self.field(
            "What do you want to try?",
            discord.ui.TextInput(
                custom_id="words",
                required=False,
                max_length=LONGEST_TRY,
                default=typed.get(TRY) or None,
                placeholder="e.g. Stop after the question, and count to five",
            ),
            description="Small, and your own. It is offered as your focus next time.",
        )

    @classmethod
    async def submitted(
        cls, interaction: Interaction, about: Mapping[str, str], typed: Typed
    ) -> None:
        """Keep it, unless it should be looked at first."""
        await defer(interaction)
        words = tidy(one(typed, "words"), LONGEST_TRY)
        await keep(interaction, f"try:{about['round_id']}", {TRY: words})


async def _save_try(interaction: Interaction, about: Sequence[str], texts: Texts) -> None:
    round_id = int(about[0])
    await debriefs_of(interaction).try_next(round_id, interaction.user.id, texts.get(TRY, ""))
    await show_feedback(interaction, round_id)


async def _try_again(interaction: Interaction, about: Sequence[str], texts: Texts) -> DojoForm:
    return TryForm(int(about[0]), texts)


KEEPERS["try"] = Keeper(_save_try, _try_again, r"(?P<round_id>\d{1,19})")
