"""Reads one question, one signal or one format out of its table."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.content import limits
from bot.content.model.formats import (
    FEWEST_PEOPLE,
    MOST_PEOPLE,
    Format,
    Segment,
    SegmentKind,
    broken_lengths,
    broken_rules,
    minutes,
)
from bot.content.model.questions import SLOT, Origin, Phase, Question, QuestionKind
from bot.content.model.signals import Counterpart, Signal, SignalKind
from bot.content.tables import Table

CODE = re.compile(r"[A-Z][A-Z0-9]{0,3}")
MARKER = re.compile(r"[1-8]\.\d{1,2}")


def read_question(
    table: Table, *, phase: Phase | None = None, origin: Origin | None = None
) -> Question:
    """A question. `phase` is used where the table has none; `origin` always."""
    text = table.text("text", most=limits.QUESTION_TEXT)
    question = Question(
        id=table.identifier("id"),
        phase=table.choice("phase", Phase, default=phase),
        text=text,
        kind=table.choice(
            "kind", QuestionKind, default=None if origin is None else likely_kind(text)
        ),
        origin=origin or table.choice("origin", Origin),
        intent=table.text("intent", most=limits.SHORT_TEXT, default=""),
        markers=_markers(table),
        also=table.choices("also", Phase),
        signals=_codes(table),
    )
    table.done()
    for problem in _question_problems(question):
        table.fault("text", problem)
    return question


def likely_kind(text: str) -> QuestionKind:
    """The kind of a question whose kind is not given: blanks make a slot, an ellipsis a stem."""
    if SLOT.search(text):
        return QuestionKind.SLOT
    if text.rstrip().endswith(("…", "...")):
        return QuestionKind.STEM
    return QuestionKind.OPEN


def _question_problems(question: Question) -> list[str]:
    if not question.text:
        return []
    is_slot, has_blank = question.kind is QuestionKind.SLOT, bool(question.slots)
    may_have_blanks = is_slot or question.kind is QuestionKind.OFFER
    is_stem, ends_open = question.kind is QuestionKind.STEM, question.text.endswith("…")
    has_brace = not {"{", "}"}.isdisjoint(SLOT.sub("", question.text))
    problems = (
        (is_slot and not has_blank, "is of kind slot but has no {blank}"),
        (has_blank and not may_have_blanks, "has a {blank}, so its kind must be slot or offer"),
        (has_brace, "has a brace that is no blank; a blank is {small_letters}"),
        (is_stem and not ends_open, "is of kind stem, so it must end with …"),
        (ends_open and not is_stem, "ends with …, so its kind must be stem"),
    )
    return [problem for is_wrong, problem in problems if is_wrong]


def read_signal(table: Table) -> Signal:
    """A signal with its counterpart."""
    code = table.text("code", most=4)
    if code and not CODE.fullmatch(code):
        table.fault("code", f"“{code}” must be a capital letter and up to three more or digits")
    other_side = table.table("counterpart")
    signal = Signal(
        code=code,
        slug=table.identifier("slug"),
        name=table.text("name", most=limits.SIGNAL_NAME),
        kind=table.choice("kind", SignalKind),
        short=table.text("short", most=limits.SIGNAL_TEXT),
        looks=table.text("looks", most=limits.SIGNAL_TEXT),
        listen=table.text("listen", most=limits.SIGNAL_TEXT),
        counterpart=Counterpart(
            slug=other_side.identifier("slug"),
            name=other_side.text("name", most=limits.SIGNAL_NAME),
            text=other_side.text("text", most=limits.SIGNAL_TEXT),
            pad=other_side.text("pad", most=limits.PAD_NAME, default=""),
            first_person=other_side.text("self", most=limits.SIGNAL_NAME, default=""),
        ),
        tie_break=table.text("tie_break", most=limits.SIGNAL_TEXT, default=""),
        markers=_markers(table),
        confidence=table.text("confidence", most=limits.SHORT_TEXT, default=""),
        variants=_variants(table),
        pad=table.text("pad", most=limits.PAD_NAME, default=""),
        first_person=table.text("self", most=limits.SIGNAL_NAME, default=""),
    )
    other_side.done()
    table.done()
    return signal


def read_format(table: Table, *, sums_optional: bool = False) -> Format:
    """A round format. Checks its sums and the rules that every format keeps."""
    before = len(table.faults)
    segments, kinds_known = _read_segments(table)
    adds_up = len(table.faults) == before
    fewest, most = table.span("people", least=FEWEST_PEOPLE, most=MOST_PEOPLE)
    result = Format(
        id=table.identifier("id", most=limits.FORMAT_ID),
        name=table.text("name", most=limits.FORMAT_NAME),
        suits=table.text("suits", most=limits.FORMAT_SUITS),
        fewest=fewest,
        most=most,
        segments=tuple(segments),
    )
    for key, real in (("total", result.total), ("coaching", result.coaching)):
        if key in table or not sums_optional:
            _check_sum(table, key, real if adds_up else None)
    table.done()
    # The default for an unknown kind would break rules that the file itself keeps.
    for problem in broken_rules(segments) if kinds_known else broken_lengths(segments):
        table.fault("segments", problem)
    return result


def _read_segments(table: Table) -> tuple[list[Segment], bool]:
    """The segments, and whether the kind of each is known."""
    segments: list[Segment] = []
    kinds_known = True
    for number, entry in enumerate(table.tables("segments", name_by=""), 1):
        entry.place = f"{table.place}: segment {number}"
        before = len(entry.faults)
        kind = entry.choice("kind", SegmentKind)
        kinds_known = kinds_known and len(entry.faults) == before
        # To the second, as clocks show it.
        seconds = round(60 * entry.number("minutes", least=0.5, most=60))
        length = timedelta(seconds=seconds)
        segments.append(Segment(kind, length))
        entry.done()
    return segments, kinds_known


def _check_sum(table: Table, key: str, real: timedelta | None) -> None:
    """Compare a sum with what the segments add up to, where both can be read."""
    before = len(table.faults)
    said = timedelta(minutes=table.number(key, least=0, most=180))
    if real is not None and said != real and len(table.faults) == before:
        table.fault(key, f"says {minutes(said)} min, but the segments add up to {minutes(real)}")


def _variants(table: Table) -> dict[str, str]:
    found = table.texts_by_name("variants", most=limits.SHORT_TEXT)
    if len(found) > limits.VARIANTS:
        table.fault("variants", f"there are {len(found)}; {limits.VARIANTS} is the most")
    for name in found:
        if not 1 <= len(name) <= limits.VARIANT_NAME:
            shown = f"{name[: limits.VARIANT_NAME]}…"
            table.fault("variants", f"“{shown}” must have 1 to {limits.VARIANT_NAME} characters")
    return found


def _codes(table: Table) -> tuple[str, ...]:
    """The codes of signals that a question is an answer to."""
    found = table.texts("signals", most=4)
    for code in found:
        if not CODE.fullmatch(code):
            table.fault("signals", f"“{code}” is no code of a signal such as S1")
    return found


def _markers(table: Table) -> tuple[str, ...]:
    found = table.texts("markers")
    for marker in found:
        if not MARKER.fullmatch(marker):
            table.fault("markers", f"“{marker}” is no marker number such as 7.3")
    if len(found) > limits.MARKERS:
        table.fault("markers", f"there are {len(found)}; {limits.MARKERS} is the most")
    return found
