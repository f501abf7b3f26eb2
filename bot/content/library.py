"""The shipped content: one folder per language, validated as a whole."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.content import limits
from bot.content.entries import read_format, read_question, read_signal
from bot.content.model.content import Content, PhaseWords
from bot.content.model.formats import Format
from bot.content.model.questions import Origin, Phase, Question, QuestionBank
from bot.content.model.refusals import ContentRejected
from bot.content.model.signals import Signal, SignalList
from bot.content.tables import Faults, Table
from bot.content.toml_guard import slow_part

SHIPPED = Path(__file__).resolve().parents[2] / "content"
"""Beside the packages, both in a checkout and in an installation."""
FALLBACK = "en"

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2}|-\d{3})?")
_FILES = {
    "language.toml",
    "phases.toml",
    "signals.toml",
    "formats.toml",
    "spoken.toml",
    "questions",
}


class Library(Mapping[str, Content]):
    """The shipped content by language tag. English is always there."""

    def __init__(self, contents: Iterable[Content]) -> None:
        self._contents = {content.language: content for content in contents}

    def __getitem__(self, language: str) -> Content:
        return self._contents[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._contents)

    def __len__(self) -> int:
        return len(self._contents)

    def nearest(self, locale: str) -> Content:
        """The content for a locale such as `es-419`: itself, its language, or English."""
        return (
            self._contents.get(locale)
            or self._contents.get(locale.split("-", maxsplit=1)[0])
            or self._contents[FALLBACK]
        )


def load_library(folder: Path = SHIPPED) -> Library:
    """Read and check all languages. Raises ContentRejected with every fault of the whole tree."""
    faults = Faults()
    contents = [
        _read_language(language, faults)
        for language in sorted(path for path in folder.glob("*") if path.is_dir())
        if not language.name.startswith((".", "_"))
    ]
    library = Library(contents)
    if FALLBACK not in library:
        faults.add(f"{FALLBACK}/", "is missing; every text falls back to it")
    else:
        for content in contents:
            _compare(content, library[FALLBACK], faults)
    if faults:
        raise ContentRejected(faults.found)
    return library


def _read_language(folder: Path, faults: Faults) -> Content:
    tag = folder.name
    if not _LANGUAGE.fullmatch(tag):
        faults.add(f"{tag}/", "must be a language tag such as en or pt-BR")
    for path in sorted(folder.iterdir()):
        if path.name not in _FILES and not path.name.startswith("."):
            faults.add(f"{tag}/{path.name}", "is not known here; is it misspelt?")
    about = _read_file(folder / "language.toml", faults)
    name = about.text("name", most=limits.SHORT_TEXT)
    reviewed = about.flag("reviewed", default=False)
    about.done()
    bank = _read_questions(folder, faults)
    signals = _read_signals(_read_file(folder / "signals.toml", faults))
    codes = {signal.code for signal in signals}
    for question in bank.questions:
        name_unknown_codes(f"{tag}/questions: {question.id}", question, codes, faults)
    spoken = _read_file(folder / "spoken.toml", faults)
    group_questions, feedback_questions = (
        _read_spoken(spoken.table(key)) for key in ("group", "feedback")
    )
    spoken.done()
    return Content(
        language=tag,
        language_name=name,
        phases=_read_phases(_read_file(folder / "phases.toml", faults)),
        bank=bank,
        signals=SignalList(tuple(signals)),
        formats=_read_formats(_read_file(folder / "formats.toml", faults)),
        reviewed=reviewed,
        group_questions=group_questions,
        feedback_questions=feedback_questions,
    )


def _read_phases(table: Table) -> Mapping[Phase, PhaseWords]:
    words: dict[Phase, PhaseWords] = {}
    for phase in Phase:
        entry = table.table(phase.value)
        words[phase] = PhaseWords(
            label=entry.text("label", most=limits.PHASE_LABEL),
            hint=entry.text("hint", most=limits.PHASE_HINT),
        )
        entry.done()
    table.done()
    return MappingProxyType(words)


def _read_spoken(table: Table) -> tuple[str, ...]:
    """Questions of which some are shown as they are."""
    questions = table.texts("questions", most=limits.QUESTION_TEXT)
    if not 1 <= len(questions) <= limits.SPOKEN:
        table.fault("questions", f"there are {len(questions)}; 1 to {limits.SPOKEN} are allowed")
    table.done()
    return questions


def _read_questions(folder: Path, faults: Faults) -> QuestionBank:
    files = sorted((folder / "questions").glob("*.toml"))
    questions: list[Question] = []
    retired: list[Question] = []
    for file in files:
        table = _read_file(file, faults)
        phase = table.choice("phase", Phase)
        for key, read in (("question", questions), ("retired", retired)):
            for entry in table.tables(key, name_by="id"):
                question = read_question(entry, phase=phase)
                if question.origin is Origin.OWN:
                    entry.fault("origin", "must be adapted or original in the shipped content")
                read.append(question)
        table.done()
    place = f"{folder.name}/questions"
    name_doubles(place, (question.id for question in (*questions, *retired)), faults)
    # Phases in their order, whatever the files are called.
    questions.sort(key=lambda question: list(Phase).index(question.phase))
    bank = QuestionBank(tuple(questions), tuple(retired))
    for phase in Phase:
        if not bank.deck(phase):
            faults.add(place, f"has no question for the phase {phase}")
    return bank


def _read_signals(table: Table) -> list[Signal]:
    signals = [read_signal(entry) for entry in table.tables("signal", name_by="code")]
    table.done()
    name_doubles(table.place, (signal.code for signal in signals), table.faults)
    slugs = [slug for signal in signals for slug in (signal.slug, signal.counterpart.slug)]
    name_doubles(table.place, slugs, table.faults)
    if not 1 <= len(signals) <= limits.SIGNALS:
        table.fault("signal", f"there are {len(signals)}; 1 to {limits.SIGNALS} are allowed")
    return signals


def _read_formats(table: Table) -> Mapping[str, Format]:
    formats = [read_format(entry) for entry in table.tables("format", name_by="id")]
    table.done()
    name_doubles(table.place, (entry.id for entry in formats), table.faults)
    if not 1 <= len(formats) <= limits.FORMATS:
        table.fault("format", f"there are {len(formats)}; 1 to {limits.FORMATS} are allowed")
    return MappingProxyType({entry.id: entry for entry in formats})


def name_doubles(place: str, names: Iterable[str], faults: Faults) -> None:
    """Note every name that occurs more than once."""
    for name, times in Counter(names).items():
        if times > 1 and name:
            faults.add(f"{place}: {name}", f"occurs {times} times; each name may occur once")


def name_unknown_codes(
    place: str, question: Question, codes: Container[str], faults: Faults
) -> None:
    """Note every signal of a question that does not exist."""
    for code in question.signals:
        if code not in codes:
            faults.add(f"{place}: signals", f"“{code}” is no code of the signal list")


def _compare(content: Content, english: Content, faults: Faults) -> None:
    """What must be the same in every language: a dojo may change its language at any time."""
    codes = [signal.code for signal in content.signals.signals]
    if codes != [signal.code for signal in english.signals.signals]:
        faults.add(f"{content.language}/signals.toml", "must have the same codes as in English")
    if set(content.formats) != set(english.formats):
        faults.add(f"{content.language}/formats.toml", "must have the same ids as in English")
    for name, entry in content.formats.items():
        model = english.formats.get(name)
        if model is not None and entry.segments != model.segments:
            faults.add(
                f"{content.language}/formats.toml: {name}: segments",
                "differ from the English ones; a format is the same practice in every language",
            )


def _read_file(path: Path, faults: Faults) -> Table:
    folders = 2 if path.parent.name == "questions" else 1
    place = "/".join(path.parts[-1 - folders :])
    return Table(place, parse(place, _text_of(path, place, faults), faults), faults)


def _text_of(path: Path, place: str, faults: Faults) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        faults.add(place, "is missing")
    except (OSError, UnicodeDecodeError):
        faults.add(place, "cannot be read as UTF-8 text")
    return ""


def parse(place: str, text: str, faults: Faults) -> dict[str, Any]:
    """The values of a TOML text; text that is not TOML, or would take long, is a fault."""
    slow = slow_part(text)
    if slow is not None:
        faults.add(place, slow)
        return {}
    try:
        return tomllib.loads(text)
    except RecursionError:
        faults.add(place, "is not valid TOML: it is nested too deeply")
    except ValueError as error:
        # Also for what the parser itself cannot handle, such as a number of thousands of digits.
        hint = "; texts need straight quotes, not curly ones" if _CURLY.search(text) else ""
        faults.add(place, f"is not valid TOML: {str(error)[:200]}{hint}")
    return {}


_CURLY = re.compile(r"=[ \t]*[“”„«‘’]")
"""A text that begins with a quotation mark as word processors write it."""
