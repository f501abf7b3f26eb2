"""The shipped words: the founding article is covered, and every text fits where it is shown."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.content import limits
from bot.content.library import load_library
from bot.content.model.formats import broken_rules
from bot.content.model.questions import Origin, Phase, QuestionKind
from bot.content.model.signals import SignalKind

QUESTIONS = {Phase.START: 17, Phase.CHECK_IN: 16, Phase.MEANING: 22, Phase.ACTION: 20}
QUESTIONS[Phase.CLOSE] = 94 - sum(QUESTIONS.values())
ADAPTED = {
    Phase.START: ["start-1", "start-2", "start-3"],
    Phase.CHECK_IN: ["check-1", "check-2"],
    Phase.MEANING: ["meaning-1", "meaning-2", "meaning-3"],
    Phase.ACTION: ["action-1", "action-2", "action-3", "action-4", "action-5", "action-6"],
    Phase.CLOSE: ["close-1", "close-2", "close-3", "close-4", "close-5"],
}
SPECIAL = {
    QuestionKind.PERMISSION: {"close-4": ()},
    QuestionKind.STEM: {"meaning-o15": (), "meaning-o16": ()},
    QuestionKind.SLOT: {
        "check-2": ("insight",),
        "start-o10": ("minutes",),
        "start-o12": ("your_words",),
        "meaning-o01": ("your_word",),
        "close-o11": ("minutes",),
    },
    QuestionKind.OFFER: {
        "check-o15": (),
        "check-o16": ("reason",),
        "meaning-o07": ("observation",),
        "meaning-o17": (),
        "meaning-o18": ("impression",),
        "close-o15": ("quality",),
    },
}
SIGNALS = [
    ("S1", "meaning-imposed", SignalKind.EVENT, "meaning-invited"),
    ("S2", "problem-bound", SignalKind.STRETCH, "person-and-outcome"),
    ("S3", "mirror-missing", SignalKind.MIXED, "mirror-offered"),
    ("S4", "greatness-unseen", SignalKind.OPPORTUNITY, "greatness-named"),
    ("S5", "sentence-finished", SignalKind.EVENT, "gap-left-open"),
    ("S6", "path-led", SignalKind.EVENT, "choice-handed-over"),
]
FORMATS = {
    "micro-12": (12, 6, "agree 1, coach 6, self 1, client 1, observers 3"),
    "quick-10": (16, 10, "agree 1, coach 10, self 1, client 1, observers 3"),
    "pair-25": (25, 16, "agree 2, coach 16, self 3, client 4"),
    "triad-30": (30, 18, "agree 2, coach 18, write 1, self 2, client 2, observers 4, next 1"),
    "deep-45": (45, 25, "agree 3, coach 25, write 2, self 3, client 3, observers 7, next 2"),
    "fishbowl-45": (
        45,
        20,
        "agree 4, coach 20, write 2, self 3, client 3, observers 8, facilitator 4, next 1",
    ),
    "stop-clock-45": (
        45,
        23,
        f"agree 4, {'coach 6, pause 3, ' * 3}coach 5, self 2, client 2, facilitator 4, next 1",
    ),
    "relay-30": (
        30,
        15,
        "agree 3, coach 5, swap 1, coach 5, swap 1, coach 5, client 3, observers 5, next 2",
    ),
    "mcc-demo-60": (
        60,
        30,
        "agree 5, coach 30, write 3, self 5, client 3, observers 9, next 5",
    ),
}
PEOPLE = {
    "micro-12": (2, 4),
    "pair-25": (2, 2),
    "triad-30": (3, 4),
    "deep-45": (3, 5),
    "fishbowl-45": (6, 30),
    "stop-clock-45": (4, 30),
    "relay-30": (5, 7),
    "mcc-demo-60": (6, 60),
}


@pytest.fixture(scope="module")
def english():
    return load_library()["en"]


def test_there_are_94_questions_and_offers(english):
    assert Counter(question.phase for question in english.bank.questions) == QUESTIONS
    assert len(english.bank.questions) == 94


def test_the_founding_articles_nineteen_questions_are_all_there(english):
    found = {
        phase: [q.id for q in english.bank.questions if q.phase is phase and q.origin is adapted]
        for adapted in [Origin.ADAPTED]
        for phase in Phase
    }
    assert found == ADAPTED
    assert sum(map(len, found.values())) == 19


def test_all_others_are_original(english):
    origins = Counter(question.origin for question in english.bank.questions)
    assert origins == {Origin.ADAPTED: 19, Origin.ORIGINAL: 75}


def test_ids_are_unique(english):
    assert len({question.id for question in english.bank.questions}) == 94


def test_texts_are_unique(english):
    assert len({question.text.casefold() for question in english.bank.questions}) == 94


def test_no_question_is_longer_than_110_characters(english):
    assert [q.id for q in english.bank.questions if len(q.text) > 110] == []


def test_a_question_has_one_question_mark_at_its_end_and_a_stem_has_none(english):
    for question in english.bank.questions:
        if question.kind is QuestionKind.STEM:
            assert "?" not in question.text
            assert question.text.endswith("…")
        elif question.kind is not QuestionKind.OFFER:
            assert question.text.count("?") == 1, question
            assert question.text.endswith("?"), question


def test_permissions_slots_stems_and_offers_are_the_ones_meant(english):
    found = {
        kind: {q.id: q.slots for q in english.bank.questions if q.kind is kind} for kind in SPECIAL
    }
    assert found == SPECIAL


def test_every_question_says_its_intent_and_related_markers(english):
    assert [q.id for q in english.bank.questions if not q.intent or not q.markers] == []


def test_four_are_offered_in_a_further_phase(english):
    assert {q.id: q.also for q in english.bank.questions if q.also} == {
        "check-o09": (Phase.CHECK_IN,),
        "check-o15": (Phase.MEANING,),
        "action-1": (Phase.CLOSE,),
        "close-o15": (Phase.MEANING,),
    }


def test_each_signal_has_at_least_two_questions_for_its_partnering_side(english):
    """15.1: feedback suggests two for a signal; each names only signals that there are."""
    linked = {s.code: english.bank.for_signal(s.code) for s in english.signals.signals}
    assert all(len(questions) >= 2 for questions in linked.values()), linked
    named = {code for question in english.bank.questions for code in question.signals}
    assert named == set(linked)


def test_every_side_of_a_signal_has_a_line_in_the_first_person(english):
    """15.1: for the coach's own sheet."""
    for signal in english.signals.signals:
        for line in (signal.first_person, signal.counterpart.first_person):
            assert line.startswith("I "), signal.code


def test_there_are_questions_for_the_group_and_for_the_feedback(english):
    """15.1: about the practice; none is one of the client's."""
    assert (len(english.group_questions), len(english.feedback_questions)) == (8, 4)
    spoken = {*english.group_questions, *english.feedback_questions}
    assert len(spoken) == 12
    assert spoken.isdisjoint(question.text for question in english.bank.questions)


def test_a_retired_question_is_found_by_its_id_and_offered_nowhere(english):
    """15.1: a question whose meaning changed got a new id; the old one stays for old cards."""
    retired = [question.id for question in english.bank.retired]
    assert retired == ["check-o10", "close-o14"]
    for question_id in retired:
        assert english.bank.get(question_id).id == question_id
        offered = [q.id for phase in Phase for q in english.bank.in_phase(phase)]
        assert question_id not in offered


def test_the_six_signals_each_have_a_counterpart(english):
    found = [(s.code, s.slug, s.kind, s.counterpart.slug) for s in english.signals.signals]
    assert found == SIGNALS


def test_every_signal_is_described_completely(english):
    for signal in english.signals.signals:
        texts = [signal.name, signal.short, signal.looks, signal.listen, signal.tie_break]
        assert all([*texts, signal.counterpart.name, signal.counterpart.text, signal.markers])


def test_both_sides_of_all_codes_have_names_of_their_own(english):
    slugs = [slug for s in english.signals.signals for slug in (s.slug, s.counterpart.slug)]
    assert len(set(slugs)) == 12


def test_the_codes_of_two_parts_name_both(english):
    variants = {s.code: list(s.variants) for s in english.signals.signals if s.variants}
    assert variants == {code: ["a", "b"] for code in ("S2", "S3", "S6")}


def test_there_are_nine_formats(english):
    assert set(english.formats) == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_has_its_segments_total_and_coaching(english, name):
    entry = english.formats[name]
    total, coaching, segments = FORMATS[name]
    said = [f"{s.kind} {s.length.total_seconds() / 60:g}" for s in entry.segments]
    assert ", ".join(said) == segments
    assert entry.total.total_seconds() == total * 60
    assert entry.coaching.total_seconds() == coaching * 60
    assert broken_rules(entry.segments) == []


@pytest.mark.parametrize("name", PEOPLE)
def test_a_format_is_for_the_number_of_people_it_was_made_for(english, name):
    assert (english.formats[name].fewest, english.formats[name].most) == PEOPLE[name]


def test_every_phase_has_a_label_and_a_hint(english):
    assert list(english.phases) == list(Phase)
    assert all(words.label and words.hint for words in english.phases.values())


def test_ten_questions_in_a_row_fit_a_message():
    """What "Show all" counts on."""
    assert 10 * limits.QUESTION_TEXT < 4_000


def test_the_shipped_questions_come_in_the_order_of_the_phases(english):
    phases = [question.phase for question in english.bank.questions]
    assert phases == sorted(phases, key=list(Phase).index)
