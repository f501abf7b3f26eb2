"""The end of an evening on its card: what may be shown to everybody, without names."""

from __future__ import annotations

from collections import Counter

from bot.domain.content import Content
from bot.domain.gatherings import Gathering
from bot.domain.plenary import FEWEST_CHECK_OUTS, Noticed, Plenary
from bot.domain.questions import Phase
from bot.ui.components import Part
from bot.ui.texts import cut, joined, paged, plural, safe

MOST_NOTICED = 3
"""Codes named as the most noticed."""
WORDS_TEXT = 900
"""Characters for the words of a check-out, and of each."""
WORD = 40
NAME = 60
MOST_NUMBERS = 12
"""Numbers of a check-out written out one by one; of more, they are counted."""


def harvest_parts(gathering: Gathering, content: Content, plenary: Plenary) -> list[Part]:
    """What was practised, what observers noticed in all rooms together, a question, a word."""
    parts: list[Part] = [
        (
            f"🌾 {plural(plenary.rounds, 'round')} of practice in all rooms,"
            f" {plural(plenary.people, 'person', 'people')},"
            f" {plenary.coached} of them coached."
        )
    ]
    if plenary.noticed is not None:
        parts.append("\n".join(_noticed(plenary.noticed, content)))
    else:
        parts.append(
            "-# What observers noted stays with the coaches: there is too little of it tonight for"
            " numbers in which nobody can be recognised."
        )
    question = plenary.question or closing_question(gathering, content)
    if question:
        parts.append(f"💬 **For the whole group:** {safe(question)}")
    if gathering.is_open or plenary.check_outs:
        parts.append(_check_outs(plenary))
    return parts


def closing_question(gathering: Gathering, content: Content) -> str:
    """A question to close with; the same one as long as it is the same gathering."""
    questions = [
        one for one in content.bank.in_phase(Phase.CLOSE) if not one.slots
    ] or content.bank.in_phase(Phase.CLOSE)
    return questions[gathering.id % len(questions)].text if questions else ""


def _noticed(noticed: Noticed, content: Content) -> list[str]:
    """Counts over all rounds; which room or whose coaching it was is not to be seen."""
    names = {
        signal.code: safe(cut(signal.counterpart.name, NAME)) for signal in content.signals.signals
    }
    counts = {code: noticed.seen.get(code, 0) for code in names}
    found = sorted((code for code in names if counts[code]), key=lambda code: -counts[code])
    lines = [f"🔎 **What observers saw**, in {plural(noticed.rounds, 'round')} with notes"]
    if found:
        most = [f"{names[code]} ({counts[code]})" for code in found[:MOST_NOTICED]]
        lines.append(f"**Most noticed:** {joined(most)}")
        others = [f"{names[code]} ({counts[code]})" for code in found[MOST_NOTICED:]]
        if others:
            lines.append(f"Also: {joined(others)}")
    nobody = [names[code] for code in names if not counts[code]]
    if nobody:
        lines.append(f"**Nobody noticed:** {joined(nobody)}")
    heard = [
        f"{safe(content.phases[phase].label)} ({noticed.heard[phase]})"
        for phase in Phase
        if noticed.heard.get(phase)
    ]
    if heard:
        lines.append(f"Questions heard: {joined(heard)}")
    return lines


def _check_outs(plenary: Plenary) -> str:
    """Numbers and words, each in an order of its own, so that none belongs to anybody."""
    if not plenary.check_outs:
        more = f"{plenary.answered} so far" if plenary.answered else "nobody yet"
        return (
            f"🚪 **Check-out:** {more}. From {FEWEST_CHECK_OUTS} on, all see the numbers and words,"
            " without names."
        )
    useful = sorted(number for number, _ in plenary.check_outs)
    numbers = ", ".join(map(str, useful))
    if len(useful) > MOST_NUMBERS:
        counts = Counter(useful)
        numbers = ", ".join(f"**{one}** from {counts[one]}" for one in sorted(counts))
    words = sorted({cut(word, WORD) for _, word in plenary.check_outs if word.strip()})
    text = f"🚪 **Check-out:** useful for my practice, 0 to 10: {numbers}"
    if words:
        shown = paged([f"{safe(word)} · " for word in words], most_text=WORDS_TEXT)[0]
        more = len(words) - len(shown)
        text += "\n" + "".join(shown).removesuffix(" · ") + (f" · {more} more" if more else "")
    return text
