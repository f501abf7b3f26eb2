"""A dojo's own content: one file that adds, changes and hides questions and signals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, cast

from bot.content import limits
from bot.content.entries import likely_kind, read_question, read_signal
from bot.content.library import name_doubles, parse
from bot.content.tables import Faults, Table
from bot.domain.content import Content, OwnContent
from bot.domain.errors import ContentRejected
from bot.domain.questions import Origin, Phase, Question, QuestionKind
from bot.domain.signals import Counterpart, Signal

FILE_NAME = "dojo-content.toml"
VERSION = 1


def read_own(text: str, base: Content) -> OwnContent:
    """Read a dojo's file over the shipped content `base`.

    An entry with the id or code of a shipped one changes it, and may name only what changes.
    Raises ContentRejected with every fault; nothing is used of a file with a fault.
    """
    faults = Faults()
    if len(text.encode(errors="replace")) > limits.OWN_FILE_BYTES:
        faults.add(FILE_NAME, f"is larger than {limits.OWN_FILE_BYTES // 1024} KiB")
        raise ContentRejected(faults.found)
    values = parse(FILE_NAME, text, faults)
    if faults:
        raise ContentRejected(faults.found)
    own = _read(Table(FILE_NAME, values, faults), base)
    if not faults:
        _check_what_remains(base.with_own(own), faults)
    if faults:
        raise ContentRejected(faults.found)
    return own


def _read(table: Table, base: Content) -> OwnContent:
    table.number("version", least=VERSION, most=VERSION)
    shipped_questions = {question.id: question for question in base.bank.questions}
    shipped_signals = {signal.code: signal for signal in base.signals.signals}
    hidden_questions, hidden_signals = _read_hidden(table, shipped_questions, shipped_signals)
    questions = [
        read_question(_over(entry, "id", shipped_questions), origin=Origin.OWN)
        for entry in table.tables("question", name_by="id")
    ]
    signals = [
        read_signal(_over(entry, "code", shipped_signals))
        for entry in table.tables("signal", name_by="code")
    ]
    table.done()
    if len(questions) > limits.OWN_QUESTIONS:
        table.fault("question", f"there are {len(questions)}; {limits.OWN_QUESTIONS} is the most")
    name_doubles(table.place, (question.id for question in questions), table.faults)
    name_doubles(table.place, (signal.code for signal in signals), table.faults)
    for name in sorted(hidden_questions & {question.id for question in questions}):
        table.fault("hide", f"“{name}” is hidden and changed at once")
    for name in sorted(hidden_signals & {signal.code for signal in signals}):
        table.fault("hide", f"“{name}” is hidden and changed at once")
    return OwnContent(tuple(questions), tuple(signals), hidden_questions, hidden_signals)


def _read_hidden(
    table: Table, questions: dict[str, Question], signals: dict[str, Signal]
) -> tuple[frozenset[str], frozenset[str]]:
    if "hide" not in table:
        return frozenset(), frozenset()
    hide = table.table("hide")
    found: list[frozenset[str]] = []
    for key, known in (("questions", questions), ("signals", signals)):
        names = hide.texts(key)
        for name in names:
            if name not in known:
                hide.fault(key, f"“{name}” is not in the shipped content")
        found.append(frozenset(names))
    hide.done()
    return found[0], found[1]


def _check_what_remains(content: Content, faults: Faults) -> None:
    for phase in Phase:
        if not content.bank.deck(phase):
            faults.add(f"{FILE_NAME}: hide", f"would leave no question for the phase {phase}")
    count = len(content.signals.signals)
    if not 1 <= count <= limits.SIGNALS:
        faults.add(
            f"{FILE_NAME}: signal", f"there would be {count}; 1 to {limits.SIGNALS} are allowed"
        )
    signals = content.signals.signals
    slugs = [slug for signal in signals for slug in (signal.slug, signal.counterpart.slug)]
    name_doubles(FILE_NAME, slugs, faults)


def _over(entry: Table, key: str, shipped: Mapping[str, Question] | Mapping[str, Signal]) -> Table:
    """The entry with what it leaves out taken from the shipped one of the same name."""
    name = entry.peek(key)
    base = shipped.get(name.strip()) if isinstance(name, str) else None
    if base is None:
        return entry
    values = _as_toml(base)
    values.pop("origin", None)
    text = entry.peek("text")
    if isinstance(base, Question) and isinstance(text, str):
        plain = (QuestionKind.OPEN, QuestionKind.PERMISSION)
        if base.kind not in plain or likely_kind(text) not in plain:
            # The new text is of another kind; one that asks leave goes on doing so.
            del values["kind"]
    return entry.merged_over(values)


def _as_toml(entry: Question | Signal) -> dict[str, Any]:
    return {field.name: _plain(getattr(entry, field.name)) for field in fields(entry)}


def _plain(value: object) -> object:
    match value:
        case str():
            return str(value)
        case tuple():
            return [_plain(item) for item in cast("tuple[object, ...]", value)]
        case Counterpart():
            return {field.name: getattr(value, field.name) for field in fields(value)}
        case Mapping():
            return dict(cast("Mapping[str, object]", value))
        case _:
            raise TypeError(type(value))


def own_template(base: Content) -> str:
    """The file a dojo without own content gets: what can be done, and every shipped name."""
    lines = [_TEMPLATE.format(language=base.language_name, version=VERSION)]
    for phase in Phase:
        lines.append(f"#\n# {base.phases[phase].label}")
        lines += [f"#   {q.id:<12} {q.text}" for q in base.bank.questions if q.phase is phase]
    lines.append("#\n# Signals")
    lines += [f"#   {s.code:<12} {s.name} / {s.counterpart.name}" for s in base.signals.signals]
    return "\n".join(lines) + "\n"


_TEMPLATE = """\
# Own questions and signals of this dojo, over the shipped ones ({language}).
# Change this file and give it back with /dojo content import. It replaces what you gave before.
# A line that begins with # is a note and does nothing.

version = {version}

# A new question. `phase` is start, check-in, meaning, action or close.
#
# [[question]]
# id = "our-start-1"
# phase = "start"
# text = "What would make the next minutes yours?"
#
# Another wording for a shipped question: its id, and only what changes.
#
# [[question]]
# id = "start-1"
# text = "How shall we two go about this today?"
#
# A question with a blank the coach fills aloud, and a sentence left open to the client:
#
# [[question]]
# id = "our-meaning-1"
# phase = "meaning"
# text = "You said {{word}}. What is in it?"
#
# [[question]]
# id = "our-meaning-2"
# phase = "meaning"
# text = "And the part you want to keep is…"
#
# Leave out shipped questions and signals:
#
# [hide]
# questions = ["action-1", "close-4"]
# signals = ["S2"]
#
# A signal can be changed by its code in the same way ([[signal]], code = "S4"), or added with
# code, slug, name, kind, short, looks, listen and counterpart.slug, .name, .text.
#
# What is shipped:"""
