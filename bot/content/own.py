"""A dojo's own content: one file that adds, changes and hides questions, signals and formats."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any, cast

from bot.content import limits
from bot.content.entries import likely_kind, read_format, read_question, read_signal
from bot.content.library import name_doubles, name_unknown_codes, parse
from bot.content.model.content import Content, OwnContent
from bot.content.model.formats import Format, minutes
from bot.content.model.questions import FROM_ARTICLE, Origin, Phase, Question, QuestionKind
from bot.content.model.refusals import ContentRejected
from bot.content.model.signals import Counterpart, Signal
from bot.content.tables import Faults, Table

FILE_NAME = "dojo-content.toml"
VERSION = 1


def read_own(text: str, base: Content) -> OwnContent:
    """Read a dojo's file, which changes the shipped content `base`.

    An entry with the id or code of a shipped one changes it, and may contain only what changes.
    Raises ContentRejected with every fault; a file with a fault is not used at all.
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
    shipped_questions = {one.id: one for one in (*base.bank.retired, *base.bank.questions)}
    shipped_signals = {signal.code: signal for signal in base.signals.signals}
    hidden = _read_hidden(
        table, {"questions": shipped_questions, "signals": shipped_signals, "formats": base.formats}
    )
    questions = [
        read_question(_over(entry, "id", shipped_questions), origin=Origin.OWN)
        for entry in table.tables("question", name_by="id")
    ]
    signals = [
        read_signal(_over(entry, "code", shipped_signals))
        for entry in table.tables("signal", name_by="code")
    ]
    formats = [
        read_format(_over(entry, "id", base.formats), sums_optional=True)
        for entry in table.tables("format", name_by="id")
    ]
    table.done()
    codes = {*shipped_signals, *(signal.code for signal in signals)}
    for question in questions:
        name_unknown_codes(f"{table.place}: {question.id}", question, codes, table.faults)
    if len(questions) > limits.OWN_QUESTIONS:
        table.fault("question", f"there are {len(questions)}; {limits.OWN_QUESTIONS} is the most")
    _check_names(table, [question.id for question in questions], hidden["questions"])
    _check_names(table, [signal.code for signal in signals], hidden["signals"])
    _check_names(table, [entry.id for entry in formats], hidden["formats"])
    return OwnContent(
        questions=tuple(questions),
        signals=tuple(signals),
        formats=tuple(formats),
        hidden_questions=hidden["questions"],
        hidden_signals=hidden["signals"],
        hidden_formats=hidden["formats"],
    )


def _read_hidden(table: Table, shipped: Mapping[str, Container[str]]) -> dict[str, frozenset[str]]:
    """What is hidden, under the keys of the shipped content."""
    if "hide" not in table:
        return dict.fromkeys(shipped, frozenset())
    hide = table.table("hide")
    found: dict[str, frozenset[str]] = {}
    for key, known in shipped.items():
        names = hide.texts(key)
        for name in names:
            if name not in known:
                hide.fault(key, f"“{name}” is not in the shipped content")
        found[key] = frozenset(names)
    hide.done()
    return found


def _check_names(table: Table, names: Sequence[str], hidden: frozenset[str]) -> None:
    name_doubles(table.place, names, table.faults)
    for name in sorted(hidden.intersection(names)):
        table.fault("hide", f"“{name}” is hidden and changed at once")


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
    count = len(content.formats)
    if not 1 <= count <= limits.FORMATS:
        faults.add(
            f"{FILE_NAME}: format",
            f"there would be {count}, shipped ones included; 1 to {limits.FORMATS} are allowed",
        )


def _over(
    entry: Table,
    key: str,
    shipped: Mapping[str, Question] | Mapping[str, Signal] | Mapping[str, Format],
) -> Table:
    """The entry, completed from the shipped one with the same name."""
    name = entry.peek(key)
    base = shipped.get(name.strip()) if isinstance(name, str) else None
    if base is None:
        return entry
    values = _format_as_toml(base) if isinstance(base, Format) else _as_toml(base)
    values.pop("origin", None)
    text = entry.peek("text")
    if isinstance(base, Question) and isinstance(text, str):
        plain = (QuestionKind.OPEN, QuestionKind.PERMISSION)
        if base.kind not in plain or likely_kind(text) not in plain:
            # The new text is of another kind; a question that asks for permission goes on doing so.
            del values["kind"]
    if isinstance(base, Signal):
        other_side = entry.peek("counterpart")
        _drop_stale(entry.peek, values)
        if isinstance(other_side, Mapping):
            given = cast("Mapping[str, object]", other_side)
            _drop_stale(given.get, values["counterpart"])
    return entry.merged_over(values)


def _drop_stale(given: Callable[[str], object], values: dict[str, Any]) -> None:
    """Leave out the shipped words for the pad and of the coach where a new name has none."""
    for key in ("pad", "self"):
        if given("name") is not None and given(key) is None:
            del values[key]


_KEYS = {"first_person": "self"}
"""Fields that are called otherwise in files."""


def _as_toml(entry: Question | Signal | Counterpart) -> dict[str, Any]:
    return {
        _KEYS.get(field.name, field.name): _plain(getattr(entry, field.name))
        for field in fields(entry)
    }


def _format_as_toml(entry: Format) -> dict[str, Any]:
    """Without its sums: they would be wrong next to other segments."""
    return {
        "id": entry.id,
        "name": entry.name,
        "suits": entry.suits,
        "people": [entry.fewest, entry.most],
        "segments": [
            {"kind": segment.kind.value, "minutes": segment.length / timedelta(minutes=1)}
            for segment in entry.segments
        ],
    }


def _plain(value: object) -> object:
    match value:
        case str():
            return str(value)
        case tuple():
            return [_plain(item) for item in cast("tuple[object, ...]", value)]
        case Counterpart():
            return _as_toml(value)
        case Mapping():
            return dict(cast("Mapping[str, object]", value))
        case _:
            raise TypeError(type(value))


def own_template(base: Content) -> str:
    """The file for a dojo without own content: what can be done, and every shipped name."""
    lines = [_TEMPLATE.format(language=base.language_name, version=VERSION, pad=limits.PAD_NAME)]
    for phase in Phase:
        lines.append(f"#\n# {base.phases[phase].label}")
        lines += [f"#   {_about_question(q)}" for q in base.bank.questions if q.phase is phase]
    lines.append("#\n# Signals")
    lines += [f"#   {s.code:<12} {s.name} / {s.counterpart.name}" for s in base.signals.signals]
    lines.append("#\n# Formats, with people and minutes")
    lines += [f"#   {f.id:<14} {f.name}, {_about(f)}" for f in base.formats.values()]
    return "\n".join(lines) + "\n"


def _about_question(question: Question) -> str:
    from_article = f" {FROM_ARTICLE}" if question.origin is Origin.ADAPTED else ""
    return f"{question.id:<12} {question.text}{from_article}"


def _about(entry: Format) -> str:
    """`3 to 4: agree 2, coach 18, …`."""
    segments = ", ".join(f"{s.kind} {minutes(s.length)}" for s in entry.segments)
    return f"{entry.fewest} to {entry.most}: {segments}"


_TEMPLATE = """\
# Own questions, signals and formats of rounds of this dojo, over the shipped ones ({language}).
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
# text = "How do we want to do this today?"
#
# A question with a blank that the coach fills aloud, and a sentence left open for the client:
#
# [[question]]
# id = "our-meaning-1"
# phase = "meaning"
# text = "You said {{word}}. What is in it?"
#
# [[question]]
# id = "our-meaning-2"
# phase = "meaning"
# text = "And what you want to keep is…"
#
# An offer is a statement that the client may take or leave. It is never picked at random: it stands
# at the end of Show all, and feedback suggests it for its `signals`. Questions can have `signals`,
# too.
#
# [[question]]
# id = "our-meaning-3"
# phase = "meaning"
# kind = "offer"
# text = "I have an idea. Would you like to hear it?"
# signals = ["S3", "S6"]
#
# A new format of a round. `people` are the fewest and the most it is for. It has 1 to 12 segments
# of 0.5 to 60 minutes, 180 minutes at most: agree, coach, write, self, client, observers,
# facilitator, next, pause or swap. The debrief comes after the last coach segment, in the order
# write, self, client, observers, facilitator, next.
#
# [[format]]
# id = "our-round-20"
# name = "Our round"
# suits = "Evenings on which time is short."
# people = [3, 4]
# segments = [
#     {{ kind = "agree", minutes = 1.5 }},
#     {{ kind = "coach", minutes = 12 }},
#     {{ kind = "self", minutes = 1.5 }},
#     {{ kind = "client", minutes = 2 }},
#     {{ kind = "observers", minutes = 3 }},
# ]
#
# A shipped format is changed by its id in the same way; its `segments` are replaced as a whole.
#
# Leave out shipped questions, signals and formats:
#
# [hide]
# questions = ["action-1", "close-4"]
# signals = ["S2"]
# formats = ["relay-30"]
#
# A signal can be changed by its code in the same way ([[signal]], code = "S4"), or added with
# code, slug, name, kind, short, looks, listen and counterpart.slug, .name, .text. `pad` and
# counterpart.pad are the words on the buttons of the pad, at most {pad} characters each. `self` and
# counterpart.self say each side in the words of the coach, for the coach's own sheet.
#
# What is shipped. ◆ is a question of the founding article, in our own words:"""
