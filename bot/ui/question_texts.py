"""How questions and phases look: signs, colours, blanks, and the line on how to use one."""

from __future__ import annotations

import discord

from bot.domain.content import Content
from bot.domain.questions import SLOT, Phase, Question, QuestionKind
from bot.ui.texts import safe

EMOJI = {
    Phase.START: "🌱",
    Phase.CHECK_IN: "🧭",
    Phase.MEANING: "💡",
    Phase.ACTION: "👣",
    Phase.CLOSE: "🌙",
}
ACCENT = {
    Phase.START: 0x57A773,
    Phase.CHECK_IN: 0x4A90B8,
    Phase.MEANING: 0xE0A83E,
    Phase.ACTION: 0xC4674B,
    Phase.CLOSE: 0x7D6BA8,
}
HOW_TO_USE = {
    QuestionKind.OPEN: "Yours to change or to leave. Ask it in your own words.",
    QuestionKind.PERMISSION: "Closed on purpose: it asks leave. Wait for the answer.",
    QuestionKind.SLOT: "Fill the blank aloud; nothing is typed here.",
    QuestionKind.STEM: "Left open on purpose: stop there and let the client finish.",
}


def _blank(name: str) -> str:
    """A blank as shown: what the coach fills in aloud. Before "minutes" it is a number."""
    return "‹ … ›" if name == "minutes" else f"‹ {name.replace('_', ' ')} ›"


def question_text(question: Question) -> str:
    """The question as shown: typed text made safe, blanks visible as ‹ word ›."""
    parts: list[str] = []
    end = 0
    for blank in SLOT.finditer(question.text):
        parts += [safe(question.text[end : blank.start()]), f"__{_blank(blank[1])}__"]
        end = blank.end()
    parts.append(safe(question.text[end:]))
    return "".join(parts)


def question_lines(content: Content, phase: Phase, question: Question) -> list[str]:
    """Phase, the question large, and one line on how to use it."""
    label = content.phases[phase].label
    return [
        f"{EMOJI[phase]} **{safe(label)}**",
        f"## {question_text(question)}",
        f"-# {HOW_TO_USE[question.kind]}",
    ]


def unmarked(question: Question) -> str:
    """The text without markdown, for menus."""
    return SLOT.sub(lambda blank: _blank(blank[1]), question.text)


def phase_options(content: Content) -> list[discord.SelectOption]:
    """The phases as options of a menu."""
    return [
        discord.SelectOption(
            label=words.label, value=phase.value, description=words.hint, emoji=EMOJI[phase]
        )
        for phase, words in content.phases.items()
    ]
