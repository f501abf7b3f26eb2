"""A broken tree: every fault is named by file and key, all of them at once."""

from __future__ import annotations

import shutil

import pytest

from bot.content import limits
from bot.content.library import load_library
from bot.content.model.refusals import ContentRejected
from tests.content.trees import change_line, copy_language, faults_of, names

# file, line to begin at, start of the line to replace, its replacement, place and problem named
EDITS = {
    "unknown phase": (
        "questions/start.toml",
        "",
        "phase =",
        'phase = "begin"',
        "en/questions/start.toml: phase",
        "“begin” is not known; it must be one of start, check-in, meaning, action, close",
    ),
    "doubled id": (
        "questions/close.toml",
        'id = "close-2"',
        "id =",
        'id = "close-1"',
        "en/questions: close-1",
        "occurs 2 times",
    ),
    "id of two files": (
        "questions/close.toml",
        'id = "close-5"',
        "id =",
        'id = "start-3"',
        "en/questions: start-3",
        "occurs 2 times",
    ),
    "empty text": (
        "questions/meaning.toml",
        'id = "meaning-1"',
        "text =",
        'text = "  "',
        "en/questions/meaning.toml: meaning-1: text",
        "is empty",
    ),
    "over-long text": (
        "questions/action.toml",
        'id = "action-1"',
        "text =",
        f'text = "{"x" * 200}?"',
        "en/questions/action.toml: action-1: text",
        "has 201 characters; 200 is the most",
    ),
    "unknown kind": (
        "questions/check-in.toml",
        'id = "check-1"',
        "kind =",
        'kind = "shut"',
        "en/questions/check-in.toml: check-1: kind",
        "“shut” is not known; it must be one of open, permission, slot, stem",
    ),
    "marker out of range": (
        "questions/check-in.toml",
        'id = "check-2"',
        "markers =",
        'markers = ["9.1"]',
        "en/questions/check-in.toml: check-2: markers",
        "“9.1” is no marker number such as 7.3",
    ),
    "marker that is no number": (
        "questions/check-in.toml",
        'id = "check-o01"',
        "markers =",
        'markers = ["7.1", "seven"]',
        "en/questions/check-in.toml: check-o01: markers",
        "“seven” is no marker number",
    ),
    "marker without quotes": (
        "questions/check-in.toml",
        'id = "check-o02"',
        "markers =",
        "markers = [7.1]",
        "en/questions/check-in.toml: check-o02: markers",
        "must be a list of texts in quotes",
    ),
    "too many markers": (
        "questions/check-in.toml",
        'id = "check-o03"',
        "markers =",
        f"markers = {['7.1'] * (limits.MARKERS + 1)}",
        "en/questions/check-in.toml: check-o03: markers",
        f"there are {limits.MARKERS + 1}; {limits.MARKERS} is the most",
    ),
    "marker too long": (
        "questions/check-in.toml",
        'id = "check-o04"',
        "markers =",
        f'markers = ["{"7" * 41}"]',
        "en/questions/check-in.toml: check-o04: markers",
        "has more than 40 characters",
    ),
    "stem without ellipsis": (
        "questions/meaning.toml",
        'id = "meaning-o15"',
        "text =",
        'text = "And what that means to you is"',
        "en/questions/meaning.toml: meaning-o15: text",
        "is of kind stem, so it must end with …",
    ),
    "ellipsis without stem": (
        "questions/action.toml",
        'id = "action-2"',
        "text =",
        'text = "And you will…"',
        "en/questions/action.toml: action-2: text",
        "ends with …, so its kind must be stem",
    ),
    "blank in an open question": (
        "questions/meaning.toml",
        'id = "meaning-2"',
        "text =",
        'text = "What about {word}?"',
        "en/questions/meaning.toml: meaning-2: text",
        "has a {blank}, so its kind must be slot",
    ),
    "slot without blank": (
        "questions/meaning.toml",
        'id = "meaning-o01"',
        "text =",
        'text = "What about it?"',
        "en/questions/meaning.toml: meaning-o01: text",
        "is of kind slot but has no {blank}",
    ),
    "lone brace": (
        "questions/meaning.toml",
        'id = "meaning-3"',
        "text =",
        'text = "What about {it?"',
        "en/questions/meaning.toml: meaning-3: text",
        "has a brace that is no blank",
    ),
    "blank in capitals": (
        "questions/meaning.toml",
        'id = "meaning-o07"',
        "text =",
        'text = "What about {word} and {Word}?"',
        "en/questions/meaning.toml: meaning-o07: text",
        "has a brace that is no blank",
    ),
    "unknown key": (
        "questions/action.toml",
        'id = "action-3"',
        "origin =",
        'origin = "adapted"\ncolour = "red"',
        "en/questions/action.toml: action-3: colour",
        "is not known here",
    ),
    "unknown key of a file": (
        "questions/check-in.toml",
        "",
        "phase =",
        'phase = "check-in"\nphases = "check-in"',
        "en/questions/check-in.toml: phases",
        "is not known here",
    ),
    "missing text": (
        "questions/action.toml",
        'id = "action-4"',
        "text =",
        "",
        "en/questions/action.toml: action-4: text",
        "is missing",
    ),
    "missing id": (
        "questions/action.toml",
        'id = "action-o06"',
        "id =",
        "",
        "en/questions/action.toml: question 12: id",
        "is missing",
    ),
    "number for text": (
        "questions/action.toml",
        'id = "action-5"',
        "text =",
        "text = 5",
        "en/questions/action.toml: action-5: text",
        "must be text in quotes",
    ),
    "faulty id": (
        "questions/action.toml",
        'id = "action-6"',
        "id =",
        'id = "Action 6"',
        "en/questions/action.toml: Action 6: id",
        "may have only small letters, digits and hyphens",
    ),
    "own origin in the shipped content": (
        "questions/action.toml",
        'id = "action-o01"',
        "origin =",
        'origin = "own"',
        "en/questions/action.toml: action-o01: origin",
        "must be adapted or original",
    ),
    "unknown further phase": (
        "questions/action.toml",
        'id = "action-o02"',
        "origin =",
        'origin = "original"\nalso = ["later"]',
        "en/questions/action.toml: action-o02: also",
        "“later” is not known",
    ),
    "text for a list": (
        "questions/action.toml",
        'id = "action-o03"',
        "markers =",
        'markers = "3.1"',
        "en/questions/action.toml: action-o03: markers",
        "must be a list",
    ),
    "two lines": (
        "questions/action.toml",
        'id = "action-o04"',
        "text =",
        'text = "One\\nand two?"',
        "en/questions/action.toml: action-o04: text",
        "must be one line",
    ),
    "signal of a question that is no code": (
        "questions/close.toml",
        'id = "close-o15"',
        "signals =",
        'signals = ["s4"]',
        "en/questions/close.toml: close-o15: signals",
        "“s4” is no code of a signal such as S1",
    ),
    "signal of a question that does not exist": (
        "questions/close.toml",
        'id = "close-o04"',
        "signals =",
        'signals = ["S9"]',
        "en/questions: close-o04: signals",
        "“S9” is no code of the signal list",
    ),
    "id that is retired and in use": (
        "questions/close.toml",
        'id = "close-o14"',
        "id =",
        'id = "close-o05"',
        "en/questions: close-o05",
        "occurs 2 times; each name may occur once",
    ),
    "over-long words of the coach": (
        "signals.toml",
        'code = "S6"',
        "counterpart.self =",
        f'counterpart.self = "{"x" * 81}"',
        "en/signals.toml: S6: counterpart: self",
        "has 81 characters; 80 is the most",
    ),
    "empty label of a phase": (
        "phases.toml",
        "[meaning]",
        "label =",
        'label = ""',
        "en/phases.toml: meaning: label",
        "is empty",
    ),
    "over-long label of a phase": (
        "phases.toml",
        "[start]",
        "label =",
        f'label = "{"x" * 35}"',
        "en/phases.toml: start: label",
        "has 35 characters; 34 is the most",
    ),
    "over-long hint of a phase": (
        "phases.toml",
        "[close]",
        "hint =",
        f'hint = "{"x" * 101}"',
        "en/phases.toml: close: hint",
        "has 101 characters; 100 is the most",
    ),
    "missing phase": (
        "phases.toml",
        "[action]",
        "[action]",
        "[acting]",
        "en/phases.toml: action",
        "is missing",
    ),
    "no questions for the group": (
        "spoken.toml",
        "[group]",
        "questions =",
        "questions = []\nothers = [",
        "en/spoken.toml: group: questions",
        "there are 0; 1 to 12 are allowed",
    ),
    "unknown kind of signal": (
        "signals.toml",
        'code = "S1"',
        "kind =",
        'kind = "moment"',
        "en/signals.toml: S1: kind",
        "“moment” is not known",
    ),
    "faulty code": (
        "signals.toml",
        'code = "S2"',
        "code =",
        'code = "s2"',
        "en/signals.toml: s2: code",
        "must be a capital letter",
    ),
    "missing name of a counterpart": (
        "signals.toml",
        'code = "S3"',
        "counterpart.name =",
        "",
        "en/signals.toml: S3: counterpart: name",
        "is missing",
    ),
    "doubled slug": (
        "signals.toml",
        'code = "S4"',
        "slug =",
        'slug = "meaning-imposed"',
        "en/signals.toml: meaning-imposed",
        "occurs 2 times",
    ),
    "over-long text of a signal": (
        "signals.toml",
        'code = "S5"',
        "short =",
        f'short = "{"x" * 301}"',
        "en/signals.toml: S5: short",
        "has 301 characters; 300 is the most",
    ),
    "variant that is no text": (
        "signals.toml",
        'code = "S6"',
        "variants =",
        "variants = { a = 1 }",
        "en/signals.toml: S6: variants: a",
        "must be text in quotes",
    ),
    "minutes that do not add up": (
        "formats.toml",
        'id = "quick-10"',
        "total =",
        "total = 17",
        "en/formats.toml: quick-10: total",
        "says 17 min, but the segments add up to 16",
    ),
    "coaching that does not add up": (
        "formats.toml",
        'id = "deep-45"',
        "coaching =",
        "coaching = 24",
        "en/formats.toml: deep-45: coaching",
        "says 24 min, but the segments add up to 25",
    ),
    "wrong debrief order": (
        "formats.toml",
        'id = "triad-30"',
        '{ kind = "write"',
        '{ kind = "next", minutes = 1 },',
        "en/formats.toml: triad-30: segments",
        "has its debrief in the order next → self → client → observers → next; it must be",
    ),
    "people that are no span": (
        "formats.toml",
        'id = "pair-25"',
        "people =",
        "people = [2]",
        "en/formats.toml: pair-25: people",
        "must be two whole numbers from 2 to 60, the smaller first",
    ),
    "people the wrong way round": (
        "formats.toml",
        'id = "relay-30"',
        "people =",
        "people = [7, 5]",
        "en/formats.toml: relay-30: people",
        "must be two whole numbers from 2 to 60, the smaller first",
    ),
    "segment too short": (
        "formats.toml",
        'id = "micro-12"',
        '{ kind = "self"',
        '{ kind = "self", minutes = 0.25 },',
        "en/formats.toml: micro-12: segment 3: minutes",
        "is 0.25; 0.5 to 60 are allowed",
    ),
    "unknown kind of segment": (
        "formats.toml",
        'id = "fishbowl-45"',
        '{ kind = "next"',
        '{ kind = "after", minutes = 1 },',
        "en/formats.toml: fishbowl-45: segment 8: kind",
        "“after” is not known",
    ),
    "format without coaching": (
        "formats.toml",
        'id = "mcc-demo-60"',
        '{ kind = "coach"',
        '{ kind = "pause", minutes = 30 },',
        "en/formats.toml: mcc-demo-60: segments",
        "has no coach segment",
    ),
    "doubled format": (
        "formats.toml",
        'id = "stop-clock-45"',
        "id =",
        'id = "quick-10"',
        "en/formats.toml: quick-10",
        "occurs 2 times",
    ),
    "flag that is none": (
        "language.toml",
        "",
        "reviewed =",
        'reviewed = "yes"',
        "en/language.toml: reviewed",
        "must be true or false",
    ),
}


def apply(edit, folder):
    file, after, start, new, _, _ = edit
    change_line(folder / file, after, start, new)


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_a_fault_is_named_by_file_and_key(edit, tmp_path):
    folder = copy_language(tmp_path)
    apply(edit, folder)
    file, *_, place, problem = edit
    found = faults_of(tmp_path)
    assert names(found, place, problem), "\n".join(map(str, found))
    blamed = {fault.place.split(":")[0] for fault in found}
    assert blamed <= {f"en/{file}", "en/questions"}, "another file is blamed"


def test_all_faults_of_a_tree_are_named_at_once(tmp_path):
    folder = copy_language(tmp_path)
    for edit in EDITS.values():
        apply(edit, folder)
    found = faults_of(tmp_path)
    missed = [name for name, edit in EDITS.items() if not names(found, *edit[-2:])]
    assert missed == []


def test_a_rejection_reads_as_one_line_per_fault(tmp_path):
    folder = copy_language(tmp_path)
    for name in ("empty text", "unknown key"):
        apply(EDITS[name], folder)
    with pytest.raises(ContentRejected) as rejected:
        load_library(tmp_path)
    assert str(rejected.value).splitlines() == [
        "en/questions/action.toml: action-3: colour: is not known here",
        "en/questions/meaning.toml: meaning-1: text: is empty",
    ]


@pytest.mark.parametrize(
    "file", ["language.toml", "phases.toml", "signals.toml", "formats.toml"], ids=str
)
def test_a_missing_file_is_named(file, tmp_path):
    (copy_language(tmp_path) / file).unlink()
    assert names(faults_of(tmp_path), f"en/{file}", "is missing")


def test_a_phase_without_questions_is_named(tmp_path):
    (copy_language(tmp_path) / "questions" / "meaning.toml").unlink()
    (fault,) = faults_of(tmp_path)
    assert str(fault) == "en/questions: has no question for the phase meaning"


def test_a_missing_folder_of_questions_names_every_phase(tmp_path):
    shutil.rmtree(copy_language(tmp_path) / "questions")
    assert [fault.place for fault in faults_of(tmp_path)] == ["en/questions"] * 5


@pytest.mark.parametrize("file", ["signals.toml", "questions/start.toml"])
def test_invalid_toml_is_named_with_its_line(file, tmp_path):
    path = copy_language(tmp_path) / file
    path.write_text('# a note\nname = "open\n', encoding="utf-8")
    found = faults_of(tmp_path)
    assert names(found, f"en/{file}", "is not valid TOML")
    assert names(found, f"en/{file}", "line 2")


def test_a_file_that_is_not_utf_8_is_named(tmp_path):
    (copy_language(tmp_path) / "phases.toml").write_bytes(b'[start]\nlabel = "\xff"\n')
    assert names(faults_of(tmp_path), "en/phases.toml", "cannot be read as UTF-8 text")


@pytest.mark.parametrize("value", ["3", '["x"]', '"x"', "[[1]]", "{ id = 1 }", "true"])
def test_questions_that_are_no_tables_are_named(value, tmp_path):
    file = copy_language(tmp_path) / "questions" / "extra.toml"
    file.write_text(f'phase = "start"\nquestion = {value}\n', encoding="utf-8")
    found = faults_of(tmp_path)
    assert found
    assert all(fault.place.startswith("en/questions/extra.toml: question") for fault in found)


@pytest.mark.parametrize(
    "minutes",
    ["nan", "inf", "-inf", "1e300", "-1", "9" * 400, "true", '"1"', "[1]", "1979-05-27"],
    ids=lambda minutes: minutes[:10],
)
def test_minutes_that_are_no_usable_number_are_named(minutes, tmp_path):
    file = copy_language(tmp_path) / "formats.toml"
    change_line(
        file, 'id = "triad-30"', '{ kind = "write"', f'{{ kind = "write", minutes = {minutes} }},'
    )
    found = faults_of(tmp_path)
    assert any(f.place == "en/formats.toml: triad-30: segment 3: minutes" for f in found)


@pytest.mark.parametrize("total", ["nan", "inf", "9" * 400], ids=lambda total: total[:10])
def test_a_total_that_is_no_usable_number_is_named(total, tmp_path):
    file = copy_language(tmp_path) / "formats.toml"
    change_line(file, 'id = "triad-30"', "total =", f"total = {total}")
    assert any(f.place == "en/formats.toml: triad-30: total" for f in faults_of(tmp_path))


def test_a_format_has_a_short_id(tmp_path):
    name = "r" * (limits.FORMAT_ID + 1)
    file = copy_language(tmp_path) / "formats.toml"
    change_line(file, 'id = "relay-30"', "id =", f'id = "{name}"')
    (fault,) = faults_of(tmp_path)
    assert str(fault) == f"en/formats.toml: {name}: id: has 31 characters; 30 is the most"


@pytest.mark.parametrize("key", ["total", "coaching"])
def test_the_sums_of_a_shipped_format_are_needed(key, tmp_path):
    file = copy_language(tmp_path) / "formats.toml"
    change_line(file, 'id = "triad-30"', f"{key} =", "")
    (fault,) = faults_of(tmp_path)
    assert str(fault) == f"en/formats.toml: triad-30: {key}: is missing"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x = " + "[" * 5_000, "is nested too deeply (line 1)"),
        ("x = " + "9" * 5_000, "is not valid TOML"),
    ],
    ids=["deeply nested", "huge number"],
)
def test_toml_that_the_parser_chokes_on_is_named(text, problem, tmp_path):
    (copy_language(tmp_path) / "phases.toml").write_text(text, encoding="utf-8")
    assert names(faults_of(tmp_path), "en/phases.toml", problem)


def test_too_many_signals_are_refused(tmp_path):
    file = copy_language(tmp_path) / "signals.toml"
    text = file.read_text(encoding="utf-8")
    extra = text.replace('code = "S', 'code = "X').replace('slug = "', 'slug = "x-')
    file.write_text(text + extra, encoding="utf-8")
    assert names(faults_of(tmp_path), "en/signals.toml: signal", "there are 12; 1 to 10 are")


def test_a_language_without_signals_and_formats_is_refused(tmp_path):
    folder = copy_language(tmp_path)
    for file in ("signals.toml", "formats.toml"):
        (folder / file).write_text("", encoding="utf-8")
    found = faults_of(tmp_path)
    assert names(found, "en/signals.toml: signal", "there are 0")
    assert names(found, "en/formats.toml: format", "there are 0")


@pytest.mark.parametrize("made", [True, False], ids=["empty folder", "no folder"])
def test_without_english_nothing_loads(made, tmp_path):
    root = tmp_path / "content"
    if made:
        root.mkdir()
    assert names(faults_of(root), "en/", "is missing")
