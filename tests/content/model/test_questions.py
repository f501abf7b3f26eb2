"""The question bank and the signal list, and what a dojo lays over them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.content.model.questions import Origin, Phase, Question, QuestionBank, QuestionKind
from bot.content.model.refusals import NoQuestion
from bot.content.model.signals import Counterpart, Signal, SignalKind, SignalList

A = Question("a", Phase.START, "One?")
B = Question("b", Phase.START, "Two?", also=(Phase.CLOSE,))
C = Question("c", Phase.CLOSE, "Three {word} and {other_word}?")
BANK = QuestionBank((A, B, C))


def test_a_deck_has_the_questions_of_the_phase_in_the_order_of_the_content():
    assert BANK.deck(Phase.START) == ("a", "b")


def test_a_question_is_offered_in_its_further_phases_too():
    assert BANK.deck(Phase.CLOSE) == ("c", "b")
    assert BANK.in_phase(Phase.CLOSE) == (C, B)


def test_a_phase_without_questions_has_an_empty_deck():
    assert BANK.deck(Phase.ACTION) == ()


def test_slots_are_named_in_their_order():
    assert C.slots == ("word", "other_word")


def test_a_question_that_is_gone_is_refused():
    assert BANK.find("x") is None
    with pytest.raises(NoQuestion) as refused:
        BANK.get("x")
    assert refused.value.what == "question"


def test_an_own_question_of_the_same_id_takes_the_place_of_the_shipped_one():
    changed = Question("b", Phase.START, "Other?")
    assert BANK.merged([changed], frozenset()).questions == (A, changed, C)


def test_an_own_question_of_a_new_id_comes_last():
    new = Question("n", Phase.START, "New?")
    assert BANK.merged([new], frozenset()).deck(Phase.START) == ("a", "b", "n")


def test_a_hidden_question_is_in_no_deck_and_cannot_be_got():
    merged = BANK.merged([], frozenset({"b"}))
    assert merged.deck(Phase.START) == ("a",)
    assert merged.deck(Phase.CLOSE) == ("c",)
    assert merged.find("b") is None


def test_laying_over_leaves_the_shipped_bank_as_it_is():
    BANK.merged([Question("a", Phase.CLOSE, "Other?")], frozenset({"b", "c"}))
    assert BANK.questions == (A, B, C)


OFFER = Question("o", Phase.START, "I see it.", QuestionKind.OFFER, signals=("S1",))
GONE = Question("g", Phase.START, "Gone?")
ARTICLE = replace(A, origin=Origin.ADAPTED)
ORIGINAL = [replace(question, origin=Origin.ORIGINAL) for question in (B, C, OFFER)]


def test_an_offer_is_in_no_deck_and_comes_last_among_what_is_offered():
    """15.1: it is never picked at random."""
    bank = QuestionBank((OFFER, A))
    assert bank.deck(Phase.START) == ("a",)
    assert bank.in_phase(Phase.START) == (A, OFFER)


def test_a_signal_has_the_questions_that_name_it():
    """15.1: in the order of the content."""
    other = replace(B, signals=("S2", "S1"))
    assert QuestionBank((other, A, OFFER)).for_signal("S1") == (other, OFFER)


def test_a_retired_question_is_found_and_offered_nowhere():
    """15.1: unless a dojo has words for it, or has hidden it."""
    bank = QuestionBank((A,), retired=(GONE,))
    assert bank.get("g") is GONE
    assert bank.in_phase(Phase.START) == (A,)
    ours = replace(GONE, text="Ours?")
    assert bank.merged([ours], frozenset()).in_phase(Phase.START) == (A, ours)
    assert bank.merged([], frozenset()).get("g") is GONE
    assert bank.merged([], frozenset({"g"})).find("g") is None


def test_only_the_article_leaves_its_questions_and_those_of_the_dojo():
    """15.1: what a dojo adds itself it wants, too."""
    bank = QuestionBank((ARTICLE, *ORIGINAL), retired=(GONE,)).merged(
        [Question("n", Phase.CLOSE, "New?")], frozenset()
    )
    chosen = bank.of_article()
    assert [question.id for question in chosen.questions] == ["a", "n"]
    assert chosen.find("g") is not None


def test_a_phase_that_only_the_article_would_leave_empty_keeps_what_it_has():
    """15.1: a person who asks in the middle of a conversation gets a question."""
    chosen = QuestionBank((ARTICLE, *ORIGINAL)).of_article()
    assert chosen.deck(Phase.CLOSE) == ("c", "b")
    assert "o" not in [question.id for question in chosen.questions]


def signal(code: str, name: str = "") -> Signal:
    counterpart = Counterpart(f"{code}-seen", "Seen", "It was there.")
    return Signal(code, code.lower(), name, SignalKind.EVENT, "s", "l", "h", counterpart)


def test_own_signals_change_add_and_hide():
    shipped = SignalList((signal("S1"), signal("S2"), signal("S3")))
    changed, new = signal("S2", "Other"), signal("X1")
    merged = shipped.merged([new, changed], frozenset({"S3"}))
    assert merged.signals == (signal("S1"), changed, new)
