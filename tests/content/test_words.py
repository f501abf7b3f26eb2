"""The words of the content: short, spoken, and our own.

`article_runs.txt` has a fingerprint of every run of five words in the questions and signals of the
founding article, so that the test knows them and the repository quotes none.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.content.library import load_library
from bot.content.model.content import Content
from bot.content.model.questions import QuestionKind
from tests.test_prose import BANNED as BANNED_IN_PROSE

BANNED: dict[str, str] = {
    **BANNED_IN_PROSE,
    r"asks? leave": "ask permission",
    r"carr(y|ies) (this|it) on": "take further",
    r"do not": "what to do instead",
    r"forgotten": "erased, left out",
    r"hang up": "finish",
    r"in hand": "now that you see",
    r"pull(s|ed|ing)? away": "signal",
    r"put to use": "use",
    r"really": "nothing: it claims to know better",
    r"serv(e|es|ed|ing)": "help",
    r"sits? (with|underneath)": "notice, is part of",
    r"stands? still": "is stopped",
    r"threads?": "topic, point",
    r"uncovered": "not touched on",
    r"why": "what makes, how",
}
"""Words as patterns, each with what to write instead."""
WORDS = re.compile(rf"\b(?:{'|'.join(BANNED)})\b", re.IGNORECASE)
SPOKEN = re.compile(r"“[^”]*”")
"""What a coach might say, as an example of a signal: it may be as bad as it is."""
LONGEST_QUESTION = 110
LONGEST_SENTENCE = 25
"""Words, so that it is understood when it is heard once."""
RUN = 5
RUNS = set((Path(__file__).parent / "article_runs.txt").read_text().split())


@pytest.fixture(scope="module")
def english() -> Content:
    return load_library()["en"]


def texts(content: Content) -> Iterator[tuple[str, str]]:
    """Everything that people read or say, with its place; no retired questions."""
    for question in content.bank.questions:
        yield question.id, question.text
        yield f"{question.id} intent", question.intent
    for phase, words in content.phases.items():
        yield f"{phase} label", words.label
        yield f"{phase} hint", words.hint
    for signal in content.signals.signals:
        other = signal.counterpart
        yield from (
            (f"{signal.code} {key}", text)
            for key, text in (
                ("name", signal.name),
                ("self", signal.first_person),
                ("short", signal.short),
                ("looks", signal.looks),
                ("listen", signal.listen),
                ("tie_break", signal.tie_break),
                ("counterpart name", other.name),
                ("counterpart self", other.first_person),
                ("counterpart text", other.text),
                *((f"variant {name}", text) for name, text in signal.variants.items()),
            )
        )
    for question in (*content.group_questions, *content.feedback_questions):
        yield "spoken", question
    for entry in content.formats.values():
        yield f"{entry.id} name", entry.name
        yield f"{entry.id} suits", entry.suits


def plain_words(text: str) -> list[str]:
    """The words in small letters, without signs; a blank is a word."""
    return re.findall(r"[a-z0-9_']+", text.lower().replace("’", "'"))


def fingerprints(text: str) -> Iterator[str]:
    """A fingerprint of each run of five words."""
    words = plain_words(text)
    for at in range(len(words) - RUN + 1):
        yield hashlib.sha256(" ".join(words[at : at + RUN]).encode()).hexdigest()[:12]


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+|(?<=[.!?]”)\s+", text)


def test_no_text_has_a_word_that_is_archaic_translated_or_an_idiom(english):
    """15.3: each has a plain word instead."""
    faults = [
        f"{place}: {found[0]}"
        for place, text in texts(english)
        for found in WORDS.finditer(SPOKEN.sub("", text))
    ]
    assert faults == []


def test_a_question_is_short_and_one_question(english):
    """15.3: an offer may be a statement alone, and two sentences are enough for all but those."""
    for question in english.bank.questions:
        assert len(question.text) <= LONGEST_QUESTION, question.id
        marks = question.text.count("?")
        if question.kind is QuestionKind.OFFER:
            assert marks <= 1, question.id
        elif question.kind is not QuestionKind.STEM:
            assert marks == 1, question.id
            assert len(sentences(question.text)) <= 2, question.id


def test_no_sentence_is_longer_than_twenty_five_words(english):
    """15.3: it is read on a phone, or heard once."""
    long = [
        f"{place}: {sentence}"
        for place, text in texts(english)
        for sentence in sentences(text)
        if len(plain_words(sentence)) > LONGEST_SENTENCE
    ]
    assert long == []


def test_names_fit_where_they_stand(english):
    """15.3: on a phone 34 characters stand in a row, and a menu of the sheet has both sides."""
    short = {f"{phase} label": words.label for phase, words in english.phases.items()}
    for signal in english.signals.signals:
        short[f"{signal.code} name"] = signal.name
        short[f"{signal.code} counterpart"] = signal.counterpart.name
    short |= {f"{entry.id} name": entry.name for entry in english.formats.values()}
    assert {place: text for place, text in short.items() if len(text) > 34} == {}
    first_person = [
        line
        for signal in english.signals.signals
        for line in (signal.first_person, signal.counterpart.first_person)
    ]
    assert [line for line in first_person if len(line) > 44] == []


def test_the_words_are_our_own(english):
    """15.3: no text shares five words in a row with the article."""
    shared = [
        f"{place}: {text}"
        for place, text in texts(english)
        if not RUNS.isdisjoint(fingerprints(text))
    ]
    assert shared == []


def test_the_runs_of_the_article_are_known():
    """15.3: one that anybody may read in its title is among them."""
    assert len(RUNS) > 100
    assert set(fingerprints("What does partnership mean in coaching?")) <= RUNS
