"""A dojo's own content file."""

from __future__ import annotations

import contextlib
import json
import re
import string
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.content import limits
from bot.content.library import load_library
from bot.content.model.content import OwnContent
from bot.content.model.formats import broken_rules
from bot.content.model.questions import Origin, Phase, QuestionKind
from bot.content.model.refusals import ContentRejected
from bot.content.model.signals import SignalKind
from bot.content.own import FILE_NAME, own_template, read_own
from tests.content.bombs import bombs

BASE = load_library()["en"]
SIGNAL = """
[[signal]]
code = "X1"
slug = "clock-watched"
name = "Watching the clock"
kind = "event"
short = "s"
looks = "l"
listen = "h"
counterpart = { slug = "time-held", name = "Time held", text = "t" }
"""
SEGMENTS = "agree 2, coach 12, self 1.5, client 1.5, observers 3"


def read(text: str) -> OwnContent:
    return read_own(f"version = 1\n{text}", BASE)


def faults(text: str, *, version: str = "version = 1\n") -> list[str]:
    with pytest.raises(ContentRejected) as rejected:
        read_own(version + text, BASE)
    return [str(fault) for fault in rejected.value.faults]


def question(name: str = "own-1", phase: str = "start", text: str = "What now?") -> str:
    return f'[[question]]\nid = "{name}"\nphase = "{phase}"\ntext = "{text}"\n'


def segments(text: str) -> str:
    """`agree 2, coach 18` as a line of the file."""
    pairs = (part.split() for part in text.split(","))
    listed = (f'{{ kind = "{kind}", minutes = {length} }}' for kind, length in pairs)
    return f"segments = [{', '.join(listed)}]\n"


def round_format(name: str = "own-20", parts: str = SEGMENTS) -> str:
    about = f'[[format]]\nid = "{name}"\nname = "Ours"\nsuits = "Evenings."\npeople = [3, 5]\n'
    return about + (segments(parts) if parts else "")


class TestTemplate:
    def test_reads_back_as_empty(self):
        assert not read_own(own_template(BASE), BASE)

    def test_its_examples_are_valid_when_uncommented(self):
        code = r"(?m)^# (\[+\w+\]+$|\w+ = |    \{|\]$)"
        text = re.sub(code, r"\1", own_template(BASE))
        own = read_own(text, BASE)
        assert [q.id for q in own.questions] == [
            "our-start-1",
            "start-1",
            "our-meaning-1",
            "our-meaning-2",
            "our-meaning-3",
        ]
        kinds = [QuestionKind.SLOT, QuestionKind.STEM, QuestionKind.OFFER]
        assert [q.kind for q in own.questions[2:]] == kinds
        assert own.hidden_questions == {"action-1", "close-4"}
        assert own.hidden_signals == {"S2"}
        assert [entry.id for entry in own.formats] == ["our-round-20"]
        assert own.hidden_formats == {"relay-30"}

    def test_names_every_shipped_question_signal_and_format(self):
        template = own_template(BASE)
        for entry in BASE.bank.questions:
            assert re.search(rf"(?m)^# +{entry.id} +{re.escape(entry.text)}( ◆)?$", template)
        for signal in BASE.signals.signals:
            assert re.search(rf"(?m)^# +{signal.code} +{re.escape(signal.name)}", template)
        for entry in BASE.formats.values():
            assert re.search(rf"(?m)^# +{entry.id} +{re.escape(entry.name)}, ", template)
        assert "Quick ten, 3 to 5: agree 1, coach 10, self 1, client 1, observers 3\n" in template

    def test_fits_its_own_limit(self):
        assert len(own_template(BASE).encode()) < limits.OWN_FILE_BYTES / 4


class TestChanges:
    def test_a_new_question_is_added_as_the_dojos_own(self):
        (added,) = read(question()).questions
        assert added.phase is Phase.START
        assert added.kind is QuestionKind.OPEN
        assert added.origin is Origin.OWN

    def test_a_file_that_names_a_retired_question_still_works(self):
        """15.1: an older file may hide it, or have words for it, which then are asked."""
        hidden = BASE.with_own(read('[hide]\nquestions = ["close-o14"]\n'))
        assert hidden.bank.find("close-o14") is None
        ours = read('[[question]]\nid = "close-o14"\ntext = "What do you choose now?"\n')
        assert "close-o14" in BASE.with_own(ours).bank.deck(Phase.CLOSE)

    def test_a_changed_question_still_practises_its_signals(self):
        """15.1: also in a file from before there were any."""
        own = read('[[question]]\nid = "close-o04"\ntext = "What are you proud of?"\n')
        assert own.questions[0].signals == ("S4",)

    def test_own_questions_can_name_signals_of_the_list_and_no_others(self):
        """15.1: a signal that the dojo hides, or adds, is known as well."""
        extra = 'signals = ["S2", "S9"]\n[hide]\nsignals = ["S2"]\n'
        (fault,) = faults(question() + extra)
        assert fault == f"{FILE_NAME}: own-1: signals: “S9” is no code of the signal list"

    def test_another_wording_of_an_offer_is_what_its_text_says(self):
        """15.1: a file from before there were offers is read as it was then."""
        text = '[[question]]\nid = "meaning-o07"\ntext = "I saw {observation}. What is it?"\n'
        assert read(text).questions[0].kind is QuestionKind.SLOT

    def test_a_signal_with_another_name_says_nothing_else_in_the_first_person(self):
        """15.1: the shipped words of the coach would not fit it."""
        (renamed,) = read('[[signal]]\ncode = "S1"\nname = "Telling"\n').signals
        shipped = BASE.signals.signals[0]
        assert renamed.first_person == ""
        assert renamed.counterpart.first_person == shipped.counterpart.first_person
        (other,) = read('[[signal]]\ncode = "S1"\ncounterpart.name = "Asking"\n').signals
        assert (other.first_person, other.counterpart.first_person) == (shipped.first_person, "")
        (said,) = read('[[signal]]\ncode = "S1"\nname = "Telling"\nself = "I told"\n').signals
        assert said.first_person == "I told"

    def test_a_new_question_is_picked_from_its_phase(self):
        merged = BASE.with_own(read(question(phase="meaning")))
        assert "own-1" in merged.bank.deck(Phase.MEANING)

    @pytest.mark.parametrize(
        ("text", "kind"),
        [("And so…", QuestionKind.STEM), ("What of {word}?", QuestionKind.SLOT)],
    )
    def test_a_blank_makes_a_slot_and_an_ellipsis_a_stem(self, text, kind):
        assert read(question(text=text)).questions[0].kind is kind

    def test_a_changed_question_keeps_what_the_file_does_not_say(self):
        shipped = BASE.bank.get("check-2")
        (changed,) = read('[[question]]\nid = "check-2"\nintent = "other"\n').questions
        assert changed.intent == "other"
        assert (changed.text, changed.phase, changed.kind, changed.markers) == (
            shipped.text,
            shipped.phase,
            shipped.kind,
            shipped.markers,
        )

    def test_a_new_wording_keeps_phase_and_markers_and_may_be_of_another_kind(self):
        shipped = BASE.bank.get("check-2")
        (changed,) = read('[[question]]\nid = "check-2"\ntext = "Still so?"\n').questions
        assert changed.kind is QuestionKind.OPEN
        assert (changed.phase, changed.markers) == (shipped.phase, shipped.markers)

    def test_a_changed_question_keeps_its_further_phases(self):
        (changed,) = read('[[question]]\nid = "action-1"\ntext = "Other?"\n').questions
        assert changed.also == (Phase.CLOSE,)

    def test_a_changed_question_is_the_dojos_own(self):
        (changed,) = read('[[question]]\nid = "start-1"\ntext = "Other?"\n').questions
        assert changed.origin is Origin.OWN

    def test_a_question_can_be_moved_to_another_phase(self):
        merged = BASE.with_own(read('[[question]]\nid = "start-1"\nphase = "close"\n'))
        assert "start-1" not in merged.bank.deck(Phase.START)
        assert "start-1" in merged.bank.deck(Phase.CLOSE)

    def test_hidden_questions_and_signals_are_gone(self):
        own = read('[hide]\nquestions = ["start-1"]\nsignals = ["S2"]\n')
        merged = BASE.with_own(own)
        assert merged.bank.find("start-1") is None
        assert [s.code for s in merged.signals.signals] == ["S1", "S3", "S4", "S5", "S6"]

    def test_a_signal_is_changed_by_its_code_and_keeps_the_rest(self):
        (changed,) = read('[[signal]]\ncode = "S3"\nname = "Other"\n').signals
        (shipped,) = (s for s in BASE.signals.signals if s.code == "S3")
        assert changed.name == "Other"
        assert (changed.slug, changed.kind, changed.counterpart, dict(changed.variants)) == (
            shipped.slug,
            shipped.kind,
            shipped.counterpart,
            dict(shipped.variants),
        )

    def test_one_text_of_a_counterpart_can_be_changed(self):
        own = read('[[signal]]\ncode = "S3"\ncounterpart.name = "Other"\n')
        (shipped,) = (s for s in BASE.signals.signals if s.code == "S3")
        assert own.signals[0].counterpart.name == "Other"
        assert own.signals[0].counterpart.text == shipped.counterpart.text

    def test_a_new_name_does_not_keep_the_old_word_for_the_pad(self):
        """C4: on its own it takes the beginning of the new name; a given word is kept."""
        own = read('[[signal]]\ncode = "S3"\nname = "Other"\ncounterpart.text = "t"\n')
        (shipped,) = (s for s in BASE.signals.signals if s.code == "S3")
        assert own.signals[0].pad == ""
        assert own.signals[0].counterpart.pad == shipped.counterpart.pad != ""
        own = read('[[signal]]\ncode = "S3"\ncounterpart = { name = "Other", pad = "other" }\n')
        assert (own.signals[0].pad, own.signals[0].counterpart.pad) == (shipped.pad, "other")

    def test_a_new_signal_is_added_last(self):
        merged = BASE.with_own(read(SIGNAL))
        assert merged.signals.signals[-1].code == "X1"
        assert merged.signals.signals[-1].kind is SignalKind.EVENT

    @pytest.mark.parametrize(
        "text", ["¿Qué más hay aquí?", "还有什么？", "Что ещё?", "ما الذي تغير؟", "💡 What else?"]
    )
    def test_any_script_may_be_used(self, text):
        assert read(question(text=text)).questions[0].text == text

    def test_windows_line_ends_are_read(self):
        text = ("version = 1\n" + question()).replace("\n", "\r\n")
        assert read_own(text, BASE).questions[0].id == "own-1"

    def test_as_many_questions_as_allowed_are_read(self):
        text = "".join(question(f"own-{number}") for number in range(limits.OWN_QUESTIONS))
        assert len(read(text).questions) == 500


class TestFormats:
    def test_a_new_format_is_added_last(self):
        merged = BASE.with_own(read(round_format()))
        assert list(merged.formats) == [*BASE.formats, "own-20"]
        added = merged.formats["own-20"]
        assert (added.name, added.fewest, added.most) == ("Ours", 3, 5)
        assert added.total == timedelta(minutes=20)
        assert added.coaching == timedelta(minutes=12)

    @pytest.mark.parametrize(
        "sums", ["total = 20\n", "coaching = 12\n", "coaching = 12\ntotal = 20\n"]
    )
    def test_right_sums_may_be_given(self, sums):
        assert read(round_format() + sums) == read(round_format())

    @pytest.mark.parametrize("parts", ["coach 10", "coach 0.5", "coach 60, pause 60, coach 60"])
    def test_nothing_needs_to_follow_the_coaching(self, parts):
        assert read(round_format(parts=parts)).formats

    def test_a_name_may_have_thirty_characters(self):
        assert read(round_format("o" * limits.FORMAT_ID)).formats

    def test_a_changed_format_keeps_what_the_file_does_not_say(self):
        shipped = BASE.formats["triad-30"]
        (changed,) = read('[[format]]\nid = "triad-30"\nname = "Three of us"\n').formats
        assert changed == replace(shipped, name="Three of us")

    def test_a_changed_format_keeps_its_place(self):
        merged = BASE.with_own(read('[[format]]\nid = "quick-10"\npeople = [2, 4]\n'))
        assert list(merged.formats) == list(BASE.formats)
        assert merged.formats["quick-10"].fewest == 2

    def test_segments_change_as_a_whole_and_take_the_sums_with_them(self):
        (changed,) = read(f'[[format]]\nid = "triad-30"\n{segments("coach 9, self 1")}').formats
        assert [s.kind.value for s in changed.segments] == ["coach", "self"]
        assert changed.total == timedelta(minutes=10)
        assert changed.suits == BASE.formats["triad-30"].suits

    @pytest.mark.parametrize("name", BASE.formats)
    def test_every_shipped_format_can_be_changed(self, name):
        (changed,) = read(f'[[format]]\nid = "{name}"\nname = "Ours"\n').formats
        assert changed.segments == BASE.formats[name].segments

    def test_hidden_formats_are_gone(self):
        own = read('[hide]\nformats = ["relay-30", "triad-30"]\n')
        assert own.hidden_formats == {"relay-30", "triad-30"}
        assert not own.hidden_formats & set(BASE.with_own(own).formats)

    def test_one_own_format_may_stand_for_all_shipped_ones(self):
        text = round_format() + f"[hide]\nformats = {json.dumps(list(BASE.formats))}\n"
        assert list(BASE.with_own(read(text)).formats) == ["own-20"]

    def test_as_many_formats_as_a_menu_holds_are_read(self):
        room = limits.FORMATS - len(BASE.formats)
        own = read("".join(round_format(f"own-{number}") for number in range(room)))
        assert len(BASE.with_own(own).formats) == limits.FORMATS

    def test_hiding_makes_room_for_own_ones(self):
        room = limits.FORMATS - len(BASE.formats) + 1
        text = "".join(round_format(f"own-{number}") for number in range(room))
        own = read(text + '[hide]\nformats = ["relay-30"]\n')
        assert len(BASE.with_own(own).formats) == limits.FORMATS


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            (question("Own 1"), "Own 1: id: “Own 1” may have only small letters"),
            (question(phase="begin"), "own-1: phase: “begin” is not known; it must be one of"),
            (question(text=""), "own-1: text: is empty"),
            (question(text="x" * 201), "own-1: text: has 201 characters; 200 is the most"),
            (question(text="What of {it?"), "own-1: text: has a brace that is no blank"),
            (question() + "colour = 1\n", "own-1: colour: is not known here"),
            (question() + 'kind = "stem"\n', "own-1: text: is of kind stem"),
            (question() + 'markers = ["0.1"]\n', "own-1: markers: “0.1” is no marker number"),
            ('[[question]]\ntext = "What?"\n', "question 1: id: is missing"),
            ('[[question]]\nid = "own-1"\ntext = "What?"\n', "own-1: phase: is missing"),
            (question() + question(), "own-1: occurs 2 times"),
            (SIGNAL + SIGNAL, "X1: occurs 2 times"),
            ('[[signal]]\ncode = "X1"\n', "X1: counterpart: is missing"),
            ('[[signal]]\ncode = "x"\n', "x: code: “x” must be a capital letter"),
            (
                '[[signal]]\ncode = "S3"\ncounterpart.name = 1\n',
                "S3: counterpart: name: must be text in quotes",
            ),
            ('[[signal]]\ncode = "S3"\ncounterpart = 1\n', "S3: counterpart: must be a table"),
            (
                '[[signal]]\ncode = "S3"\nslug = "path-led"\n',
                "path-led: occurs 2 times",
            ),
            ('[hide]\nquestions = ["nope"]\n', "hide: questions: “nope” is not in the shipped"),
            ('[hide]\nsignals = ["S9"]\n', "hide: signals: “S9” is not in the shipped content"),
            ('[hide]\nformats = ["nope"]\n', "hide: formats: “nope” is not in the shipped content"),
            ("[hide]\nformats = 3\n", "hide: formats: must be a list"),
            ('[hide]\nphases = ["start"]\n', "hide: phases: is not known here"),
            ("hide = 3\n", "hide: must be a table"),
            ("[hide]\nquestions = 3\n", "hide: questions: must be a list"),
            ("[hide]\nquestions = [3]\n", "hide: questions: must be a list of texts in quotes"),
            ("question = 3\n", "question: must be a list"),
            ('question = ["x"]\n', "question 1: must be a table"),
            ("question = [[]]\n", "question 1: must be a table"),
            ("signal = {}\n", "signal: must be a list"),
            ("signal = [1]\n", "signal 1: must be a table"),
            ('title = "Ours"\n', "title: is not known here"),
            ('[[phase]]\nid = "x"\n', "phase: is not known here"),
            ("format = 3\n", "format: must be a list"),
            ("format = [1]\n", "format 1: must be a table"),
            ("[[format]]\npeople = [3, 4]\n", "format 1: id: is missing"),
            (round_format("Own 20"), "Own 20: id: “Own 20” may have only small letters"),
            (round_format("o" * 31), f"{'o' * 31}: id: has 31 characters; 30 is the most"),
            (round_format() + "colour = 1\n", "own-20: colour: is not known here"),
            (round_format() + "total = 21\n", "own-20: total: says 21 min, but the segments add"),
            (round_format() + "coaching = 20\n", "own-20: coaching: says 20 min, but the segments"),
            (round_format() + 'total = "20"\n', "own-20: total: must be a number"),
            (round_format() + round_format(), "own-20: occurs 2 times"),
            (round_format(parts=""), "own-20: segments: has 0 segments; 1 to 12 are allowed"),
            (round_format(parts="agree 2"), "own-20: segments: has no coach segment"),
            (
                round_format(parts=", ".join(["coach 1"] * 13)),
                "own-20: segments: has 13 segments; 1 to 12 are allowed",
            ),
            (
                round_format(parts="coach 60, pause 60, coach 60, self 1"),
                "own-20: segments: lasts 181 min; 180 is the most",
            ),
            (
                round_format(parts="coach 9, observers 3, self 1"),
                "own-20: segments: has its debrief in the order observers → self; it must be",
            ),
            (round_format(parts="coach 61"), "own-20: segment 1: minutes: is 61; 0.5 to 60 are"),
            (round_format(parts="coach 9, self 0.4"), "own-20: segment 2: minutes: is 0.4; 0.5 to"),
            (round_format(parts="couch 9"), "own-20: segment 1: kind: “couch” is not known"),
            (
                '[[format]]\nid = "triad-30"\npeople = [4, 3]\n',
                "triad-30: people: must be two whole numbers from 2 to 60, the smaller first",
            ),
            ('[[format]]\nid = "triad-30"\nsegments = {}\n', "triad-30: segments: must be a list"),
            (
                '[[format]]\nid = "triad-30"\ntotal = 29\n',
                "triad-30: total: says 29 min, but the segments add up to 30",
            ),
        ],
    )
    def test_a_fault_is_named_by_file_and_key(self, text, fault):
        assert any(one.startswith(f"{FILE_NAME}: {fault}") for one in faults(text)), faults(text)

    @pytest.mark.parametrize(
        ("version", "problem"),
        [
            ("", "version: is missing"),
            ("version = 2\n", "version: is 2; 1 to 1 are allowed"),
            ("version = 0\n", "version: is 0"),
            ('version = "1"\n', "version: must be a number"),
            ("version = true\n", "version: must be a number"),
            ("version = nan\n", "version: is nan"),
            ("version = inf\n", "version: is inf"),
        ],
    )
    def test_a_file_of_another_version_is_refused(self, version, problem):
        (fault,) = faults("", version=version)
        assert fault.startswith(f"{FILE_NAME}: {problem}")

    def test_every_fault_of_a_file_is_named_at_once(self):
        text = (
            '[hide]\nquestions = ["nope"]\n'
            + question("a-1", phase="begin")
            + question("a-2", text="")
            + '[[signal]]\ncode = "S1"\nkind = "moment"\n'
            + round_format("f-1", parts="agree 61, observers 3, self 1")
            + round_format("F 2", parts="couch 9")
        )
        found = faults(text, version="version = 3\n")
        for part in (
            "version",
            "hide: questions",
            "a-1: phase",
            "a-2: text",
            "S1: kind",
            "f-1: segment 1: minutes",
            "f-1: segments",
            "F 2: id",
            "F 2: segment 1: kind",
        ):
            assert any(fault.startswith(f"{FILE_NAME}: {part}: ") for fault in found), part

    def test_hiding_a_whole_phase_is_refused(self):
        names = json.dumps([q.id for q in BASE.bank.in_phase(Phase.MEANING)])
        (fault,) = faults(f"[hide]\nquestions = {names}\n")
        assert fault == f"{FILE_NAME}: hide: would leave no question for the phase meaning"

    def test_a_phase_may_be_hidden_when_own_questions_take_its_place(self):
        names = json.dumps([q.id for q in BASE.bank.in_phase(Phase.MEANING)])
        own = read(f"[hide]\nquestions = {names}\n" + question(phase="meaning"))
        assert BASE.with_own(own).bank.deck(Phase.MEANING) == ("own-1",)

    def test_hiding_every_signal_is_refused(self):
        names = json.dumps([signal.code for signal in BASE.signals.signals])
        (fault,) = faults(f"[hide]\nsignals = {names}\n")
        assert fault == f"{FILE_NAME}: signal: there would be 0; 1 to 10 are allowed"

    def test_more_than_ten_signals_are_refused(self):
        extra = [
            SIGNAL.replace("X1", f"X{n}")
            .replace("clock-w", f"clock-{n}-w")
            .replace("e-h", f"e-{n}-h")
            for n in range(5)
        ]
        (fault,) = faults("".join(extra))
        assert fault == f"{FILE_NAME}: signal: there would be 11; 1 to 10 are allowed"

    def test_every_broken_rule_of_a_format_is_named(self):
        found = faults(
            round_format(parts=", ".join(["observers 30", "self 61", *["pause 30"] * 12]))
        )
        assert [fault.removeprefix(f"{FILE_NAME}: own-20: ").split(";")[0] for fault in found] == [
            "segment 2: minutes: is 61",
            "segments: has 14 segments",
            "segments: lasts 390.5 min",
            "segments: has no coach segment",
            "segments: has its debrief in the order observers → self",
        ]

    def test_a_misspelt_kind_is_the_only_fault_it_makes(self):
        """No rule and no sum is checked against what stands in for it."""
        text = round_format(parts="agree 2, coach 9, observer 3") + "total = 14\ncoaching = 9\n"
        (fault,) = faults(text)
        assert fault.startswith(f"{FILE_NAME}: own-20: segment 3: kind: “observer” is not known")

    def test_too_long_a_name_of_a_format_is_one_fault(self):
        (fault,) = faults(round_format("o" * 60))
        assert fault.endswith(": id: has 60 characters; 30 is the most")

    def test_hiding_every_format_is_refused(self):
        (fault,) = faults(f"[hide]\nformats = {json.dumps(list(BASE.formats))}\n")
        assert fault == (
            f"{FILE_NAME}: format: there would be 0, shipped ones included; 1 to 25 are allowed"
        )

    def test_more_formats_than_a_menu_holds_are_refused(self):
        room = limits.FORMATS - len(BASE.formats)
        (fault,) = faults("".join(round_format(f"own-{n}") for n in range(room + 1)))
        assert fault == (
            f"{FILE_NAME}: format: there would be 26, shipped ones included; 1 to 25 are allowed"
        )

    def test_a_format_cannot_be_hidden_and_changed(self):
        (fault,) = faults(round_format("triad-30") + '[hide]\nformats = ["triad-30"]\n')
        assert fault == f"{FILE_NAME}: hide: “triad-30” is hidden and changed at once"

    def test_too_many_questions_are_refused(self):
        text = "".join(question(f"own-{number}") for number in range(limits.OWN_QUESTIONS + 1))
        (fault,) = faults(text)
        assert fault == f"{FILE_NAME}: question: there are 501; 500 is the most"

    def test_too_large_a_file_is_refused_before_it_is_read(self):
        (fault,) = faults("[" * limits.OWN_FILE_BYTES)
        assert fault == f"{FILE_NAME}: is larger than 128 KiB"

    def test_size_is_measured_in_bytes(self):
        (fault,) = faults("#" + "💡" * (limits.OWN_FILE_BYTES // 4))
        assert fault == f"{FILE_NAME}: is larger than 128 KiB"

    def test_what_is_no_toml_is_refused_with_its_line(self):
        (fault,) = faults('[[question]]\nid = "open\n')
        assert fault.startswith(f"{FILE_NAME}: is not valid TOML: ")
        assert "line 3" in fault

    def test_an_empty_file_is_refused(self):
        assert faults("", version="") == [f"{FILE_NAME}: version: is missing"]

    def test_toml_that_the_parser_chokes_on_is_refused(self):
        (fault,) = faults("x = " + "9" * 5_000)
        assert fault.startswith(f"{FILE_NAME}: is not valid TOML")

    def test_toml_that_is_nested_too_deeply_is_refused(self):
        assert faults("x = " + "[" * 5_000) == [f"{FILE_NAME}: is nested too deeply (line 2)"]

    def test_more_variants_than_a_menu_holds_are_refused(self):
        variants = "".join(f'k{number} = "a"\n' for number in range(limits.VARIANTS + 1))
        (fault,) = faults(f'[[signal]]\ncode = "S1"\n[signal.variants]\n{variants}')
        assert fault.endswith("S1: variants: there are 26; 25 is the most")
        long = f'[[signal]]\ncode = "S1"\nvariants = {{ {"k" * 21} = "a" }}\n'
        (fault,) = faults(long)
        assert fault.endswith(f"S1: variants: “{'k' * 20}…” must have 1 to 20 characters")

    def test_a_version_beyond_all_numbers_is_refused(self):
        (fault,) = faults("", version=f"version = {'9' * 400}\n")
        assert fault.startswith(f"{FILE_NAME}: version: ")


# Values as someone might get them wrong: known keys and words in odd places.
NAMES = (
    "version question signal hide id phase text kind origin intent markers also code slug name"
    " short looks listen counterpart tie_break confidence variants questions signals"
    " format formats suits people segments minutes total coaching"
)
KEYS = st.sampled_from(NAMES.split()) | st.text(string.ascii_lowercase, min_size=1, max_size=5)
WORDS = st.sampled_from(
    ["start", "meaning", "open", "stem", "slot", "own", "start-1", "S1", "X1", "event", "7.1"]
) | st.sampled_from(["triad-30", "quick-10", "coach", "self", "observers"])
LEAVES = (
    WORDS
    | st.text(max_size=20)
    | st.integers(-5, 200)
    | st.floats()
    | st.booleans()
    | st.just("What of {word}?")
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)
ENTRIES = st.lists(st.dictionaries(KEYS, VALUES, max_size=8) | VALUES, max_size=3)
FILES = st.fixed_dictionaries(
    {"version": st.just(1) | VALUES},
    optional={
        "question": ENTRIES | VALUES,
        "signal": ENTRIES | VALUES,
        "format": ENTRIES | VALUES,
        "hide": VALUES,
    },
)


def toml(value: object) -> str:
    """A value as TOML, in one line."""
    match value:
        case dict():
            return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
        case bool():
            return str(value).lower()
        case _:
            return repr(value)


@examples(max_examples=80, deadline=None)
@given(FILES)
def test_whatever_a_file_holds_it_is_used_whole_or_refused_with_faults(file):
    text = "\n".join(f"{key} = {toml(value)}" for key, value in file.items())
    check_used_or_refused(text)


@examples(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_used_whole_or_refused_with_faults(text):
    check_used_or_refused(text)


@examples(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_file_is_used_whole_or_refused_with_faults(data):
    hidden = 'version = 1\n[hide]\nquestions = ["start-1"]\nformats = ["relay-30"]\n'
    whole = hidden + question() + SIGNAL + round_format()
    at = data.draw(st.integers(0, len(whole)))
    to = data.draw(st.integers(at, min(at + 10, len(whole))))
    check_used_or_refused(whole[:at] + data.draw(st.text(max_size=5)) + whole[to:])


def check_used_or_refused(text: str) -> None:
    try:
        own = read_own(text, BASE)
    except ContentRejected as error:
        rejected = error
    else:
        check_used(own)
        return
    assert rejected.faults
    assert all(fault.place.startswith(FILE_NAME) for fault in rejected.faults)


def check_used(own: OwnContent) -> None:
    merged = BASE.with_own(own)
    assert all(merged.bank.deck(phase) for phase in Phase)
    assert 1 <= len(merged.signals.signals) <= limits.SIGNALS
    assert all(question.text for question in merged.bank.questions)
    assert 1 <= len(merged.formats) <= limits.FORMATS
    assert not any(broken_rules(entry.segments) for entry in merged.formats.values())


class TestCurlyQuotes:
    def test_the_way_out_is_named(self):
        (fault,) = faults("[[question]]\nid = “our-1”")
        assert fault.endswith("texts need straight quotes, not curly ones")

    def test_curly_quotes_inside_a_text_are_fine(self):
        assert read(question("said", text="You said “enough”. What is it?"))


def calls(text: str) -> int:
    """Of functions, to and fro, while a file is read: the same on every machine."""
    count = 0

    def called(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(called)
    try:
        with contextlib.suppress(ContentRejected):
            read_own(text, BASE)
    finally:
        sys.setprofile(None)
    return count


def test_no_file_makes_its_reader_work_more_than_its_size_gives_reason_to():
    """S3: what grows faster than the file has a thousand times as many calls at this size."""
    files = bombs(limits.OWN_FILE_BYTES // 4)
    each = {name: calls(text) / len(text) for name, text in files.items()}
    assert each["questions that are numbers"] > 10
    assert [name for name, number in each.items() if number > 150] == []


class TestEndlessNames:
    def test_a_name_with_thousands_of_parts_is_refused_at_once(self):
        """The parser would take minutes over it."""
        (fault,) = faults("a." * 30_000 + "a = 1")
        assert fault == f"{FILE_NAME}: has a name with too many dots (line 2)"

    def test_dots_in_texts_and_notes_are_fine(self):
        text = question("dots", text="And . . . . . . . . . . . . . . . . . . . . what then?")
        assert read(f"# {'.' * 100}\n{text}")

    def test_what_is_changed_cannot_be_hidden_as_well(self):
        hidden = '\n[hide]\nquestions = ["start-1"]\n'
        (fault,) = faults(question("start-1") + hidden)
        assert "“start-1” is hidden and changed at once" in fault
