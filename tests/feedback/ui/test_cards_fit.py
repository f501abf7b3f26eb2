"""Every card about notes and feedback fits, however many notes and however long their words are."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from bot.content import limits
from bot.content.model.formats import SegmentKind
from bot.content.model.questions import Phase
from bot.feedback.actions import MEMORY_WORDS
from bot.feedback.model.debriefs import LONGEST_TRY, Debrief, Listed, Shared
from bot.feedback.model.matching import moments
from bot.feedback.model.notes import LONGEST_EFFECT, LONGEST_QUOTE, MOST_NOTES, QUESTION, Note, Side
from bot.feedback.model.refusals import CannotNote
from bot.feedback.model.sheets import Answer, ClientView, Mark, Sheet
from bot.feedback.service.debriefs import Feedback, OwnNotes, Process
from bot.feedback.service.pads import Pad
from bot.feedback.service.reports import Reported
from bot.feedback.service.sheets import ClientLook, SheetPage
from bot.feedback.store.reports import Report
from bot.feedback.ui.client_view import client_card
from bot.feedback.ui.debrief.debrief import feedback_card
from bot.feedback.ui.debrief.one_note import note_card as feedback_note_card
from bot.feedback.ui.debrief.one_note import notes_card as feedback_notes_card
from bot.feedback.ui.debrief.one_note import try_form
from bot.feedback.ui.debrief.process import process_card
from bot.feedback.ui.debrief.sharing import shared_cards, try_card
from bot.feedback.ui.notes.forms import EFFECT, QUOTE, note_form
from bot.feedback.ui.notes.handed_over import handed_over_card
from bot.feedback.ui.notes.memory import memory_form
from bot.feedback.ui.notes.notes import note_card, notes_card
from bot.feedback.ui.notes.pad import pad_card
from bot.feedback.ui.notes.words import note_line
from bot.feedback.ui.reports import report_card
from bot.feedback.ui.sheets import sheet_card
from bot.kit.personal_words import Find
from bot.rounds.model.round import LONGEST_WISH, Agreement, Ending, Round, State
from tests.cards.rules import faults_of, form_faults, parts
from tests.rounds.ui.test_cards_fit import LARGEST_ID, longest_content, longest_round
from tests.simulation.world import labels

NOW = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)
COACH = LARGEST_ID
fills = pytest.mark.parametrize("fill", ["*", "🌿"])
"""The first is twice as long when it is shown."""


def notes_of(
    codes: list[str], fill: str, observers: int = 3, each: int = 20, apart: int = 31
) -> list[Note]:
    """Notes with as many words as there can be, over all codes and both sides."""
    return [
        Note(
            id=LARGEST_ID - 1_000 * seat - number,
            round_id=LARGEST_ID,
            seat=seat,
            observer_user_id=LARGEST_ID - seat,
            coach_user_id=COACH,
            code=QUESTION if number % 7 == 6 else codes[number // 2 % len(codes)],
            side=Side.QUESTION if number % 7 == 6 else (Side.SEEN, Side.SIGNAL)[number % 2],
            at=timedelta(seconds=number * apart + seat),
            taken_at=NOW,
            phase=list(Phase)[number % 5],
            quote=fill * LONGEST_QUOTE,
            effect=fill * LONGEST_EFFECT,
        )
        for seat in range(2, 2 + observers)
        for number in range(each)
    ]


def round_of(content, fill: str, *, is_over: bool = True) -> Round:
    """A round with the longest words, whose coaching is going on or whose end has come."""
    proposed = longest_round(5, fill, content)
    seats = tuple(
        dataclasses.replace(one, agreement=Agreement.NOTES, has_coached=at == 0)
        for at, one in enumerate(proposed.seats)
    )
    segments = [one.kind for one in proposed.format.segments]
    position = len(segments) - 1 if is_over else segments.index(SegmentKind.COACH)
    return dataclasses.replace(
        proposed,
        seats=seats,
        state=State.ENDED if is_over else State.RUNNING,
        ending=Ending.COMPLETE if is_over else None,
        began_at=NOW,
        ended_at=NOW if is_over else None,
        since=None if is_over else NOW,
        position=position,
        length=timedelta(minutes=60),
        past=(timedelta(minutes=60),) * position,
    )


def listed_of(content) -> tuple[Listed, ...]:
    return tuple(map(Listed.of, content.signals.signals))


def feedback_on(content, fill: str, notes: list[Note]) -> Feedback:
    """A debrief in which every text is as long as it may be."""
    round_ = round_of(content, fill)
    listed = listed_of(content)
    debrief = Debrief(round_.id, COACH, listed, NOW, False, NOW, Shared.ALL, fill * LONGEST_TRY)
    marks = dict.fromkeys((one.code for one in listed), Mark.BOTH)
    seats = {note.seat for note in notes}
    return Feedback(
        round=round_,
        debrief=debrief,
        moments=tuple(moments(notes)),
        observers=len(seats),
        sheets=tuple(Sheet(1, seat, LARGEST_ID - seat, COACH, marks, NOW) for seat in seats),
        own=Sheet(1, 0, COACH, COACH, marks, NOW),
        client_views=(ClientView(1, 5, Answer.PARTLY, Answer.PARTLY, Answer.PARTLY, True, NOW),),
        focus=round_.seats[0].focus,
        wish=fill * LONGEST_WISH,
        names_shown=True,
        may_quote=True,
        words_until=NOW,
        codes_until=NOW,
    )


def faults_in(views) -> set[str]:
    seen = list(views)
    assert seen
    return {fault for view in seen for fault in faults_of(view.to_components())}


def every_page(feedback: Feedback, content, *, unfolded: bool):
    """The pages of a debrief, by their number."""
    for page in range(100):
        view = feedback_card(feedback, content, page, unfolded=unfolded)
        yield view
        if "Next page" not in labels(view_of(view)):
            return
    raise AssertionError("no last page")


def view_of(view):
    """What `labels` can look at."""
    return type("Shown", (), {"components": view.to_components()})


@fills
@pytest.mark.parametrize(
    ("apart", "most"), [(31, 10), (0, 10), (31, 1)], ids=["many codes", "at once", "one code"]
)
async def test_a_debrief_of_sixty_notes_fits(library, fill, apart, most):
    content = longest_content(library, fill)
    notes = notes_of([s.code for s in content.signals.signals][:most], fill, apart=apart)
    assert len(notes) == 60
    feedback = feedback_on(content, fill, notes)
    views = [
        feedback_card(feedback, content, 0, unfolded=False),
        *every_page(feedback, content, unfolded=True),
        *shared_cards(feedback, content, Shared.ALL),
        try_card(feedback),
        feedback_note_card(feedback, notes[0], content),
        *(feedback_notes_card(feedback, content, page) for page in (0, 1, 99)),
    ]
    assert faults_in(views) == set()


async def test_every_note_is_on_a_page_of_the_debrief(library):
    content = library["en"]
    notes = [
        dataclasses.replace(note, quote=f"<{note.id}>" + "W" * 100)
        for note in notes_of([s.code for s in content.signals.signals], "W")
        if note.side is not Side.QUESTION
    ]
    feedback = feedback_on(content, "W", notes)

    views = every_page(feedback, content, unfolded=True)
    said = "\n".join(
        part["content"] for view in views for part in parts(view_of(view)) if part["type"] == 10
    )

    assert [note.id for note in notes if str(note.id) not in said] == []


@fills
async def test_a_moment_that_very_many_noted_fits(library, fill):
    """A fishbowl: everybody but two observes, and all note the same."""
    content = longest_content(library, fill)
    codes = [content.signals.signals[0].code]
    notes = notes_of(codes, fill, observers=58, each=2, apart=0)

    feedback = feedback_on(content, fill, notes)

    views = [
        *every_page(feedback, content, unfolded=True),
        *shared_cards(feedback, content, Shared.ALL),
    ]
    assert faults_in(views) == set()


async def test_feedback_has_more_than_a_hundred_pages_where_all_note_all_they_can(library):
    content = library["en"]
    codes = [s.code for s in content.signals.signals]
    notes = notes_of(codes, "W", observers=30, each=MOST_NOTES, apart=700)
    feedback = feedback_on(content, "W", notes)

    views = [feedback_card(feedback, content, page, unfolded=True) for page in (99, 100, 101)]

    assert faults_in(views) == set()
    assert all("Next page" in labels(view_of(view)) for view in views)


@fills
async def test_every_pad_and_list_of_notes_fits(library, fill):
    content = longest_content(library, fill)
    codes = [s.code for s in content.signals.signals]
    notes = tuple(notes_of(codes, fill, observers=1, each=MOST_NOTES))
    listed = listed_of(content)
    sides = ("seen", "signal")
    counts = Counter({f"{code}:{side}": MOST_NOTES for code in codes for side in sides})
    counts += Counter({f"{QUESTION}:{phase}": MOST_NOTES for phase in Phase})
    views = []
    for is_over in (True, False):
        round_ = round_of(content, fill, is_over=is_over)
        focus = round_.seats[0].focus
        pad = Pad(round_, listed, focus, notes, counts, taken_back=notes[-1])
        views += [pad_card(pad, content), pad_card(dataclasses.replace(pad, notes=()), content)]
        views += [notes_card(pad, content, page) for page in (0, 9)]
        views.append(note_card(pad, notes[0], content, hint="h" * 80))
        own = OwnNotes(notes, True, True, matched=99, helpful=99, unclear=99)
        views.append(handed_over_card(pad, own, content))
        taken_back = dataclasses.replace(notes[0], withdrawn_at=NOW)
        views.append(note_card(pad, taken_back, content))
    assert faults_in(views) == set()


@pytest.mark.parametrize(("notes", "more"), [(25, ""), (26, "1 note"), (27, "2 notes")])
def test_notes_that_are_handed_over_are_listed_up_to_25(library, notes, more):
    content = library["en"]
    listed = listed_of(content)
    own = tuple(notes_of([listed[0].code], "", observers=1, each=notes))
    pad = Pad(round_of(content, "w"), listed, (), own, Counter(), taken_back=None)
    about = OwnNotes(own, True, False, matched=0, helpful=0, unclear=0)
    shown = str(handed_over_card(pad, about, content).to_components())
    assert f"and {more} more" in shown if more else " more" not in shown


def test_a_facilitator_reads_whose_notes_are(library):
    process = Process(LARGEST_ID, 2, 1, True, True, Shared.NOTHING)
    shown = str(process_card(round_of(library["en"], "w"), [process]).to_components())
    assert "Notes belong to the coach. You see them when the coach shares them." in shown


@fills
async def test_every_sheet_and_other_card_fits(library, fill):
    content = longest_content(library, fill)
    listed, round_ = listed_of(content), round_of(content, fill)
    note = notes_of([listed[0].code], fill)[0]
    marks = dict.fromkeys((one.code for one in listed), Mark.BOTH)
    sheets = [
        Sheet(LARGEST_ID, 2, user_id, COACH, some, at)
        for user_id in (COACH, COACH - 1)
        for some in ({}, marks)
        for at in (None, NOW)
    ]
    view = ClientView(1, 5, Answer.PARTLY, Answer.NO, Answer.YES, True, NOW)
    process = [Process(LARGEST_ID, 58, 57, True, True, Shared.ALL)] * 3
    texts = {QUOTE: fill * LONGEST_QUOTE, EFFECT: fill * LONGEST_EFFECT}
    report = Report(1, note.id, 1, 1, LARGEST_ID, LARGEST_ID, is_told=True)
    line = note_line(note, listed, content)
    about = {"round_id": LARGEST_ID, "code": "X009", "side": "check-in", "seconds": 86_400}

    views = [
        *(sheet_card(SheetPage(round_, listed, sheet)) for sheet in sheets),
        client_card(ClientLook(round_, view, may_quote=True)),
        client_card(ClientLook(round_, None)),
        client_card(ClientLook(round_, view, CannotNote("gone"))),
        client_card(ClientLook(round_, None, CannotNote("gone"))),
        process_card(round_, process[:1]),
        MEMORY_WORDS.ask_card(texts, list(Find), about),
        MEMORY_WORDS.again_card(texts, "w" * 80, about),
        report_card(Reported(report, round_, note, listed), line),
    ]

    assert faults_in(views) == set()
    forms = [
        note_form(note, content, "note", texts),
        memory_form(LARGEST_ID, "X009", "signal", texts, "120:59"),
        try_form(LARGEST_ID, fill * LONGEST_TRY),
    ]
    assert [faults for form in forms if (faults := form_faults(form.to_dict()))] == []


def test_the_longest_name_of_a_signal_is_tried():
    assert limits.SIGNAL_NAME == 80
