"""How questions and phases look: symbols, colours, blanks, and the line on how to use one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.content.model.content import Content, PhaseWords
from bot.content.model.questions import FROM_ARTICLE, SLOT, Origin, Phase, Question, QuestionKind
from bot.content.model.refusals import NoQuestion
from bot.kit.discord.actions import option
from bot.kit.discord.cards import Component
from bot.kit.discord.text import safe

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
MINUTES = "minutes"
"""The one blank that the bot may fill."""
HOW_TO_USE = {
    QuestionKind.OPEN: "Yours to change or to leave. Ask it in your own words.",
    QuestionKind.PERMISSION: "Closed on purpose: it asks leave. Wait for the answer.",
    QuestionKind.SLOT: "Fill the blank aloud; nothing is typed here.",
    QuestionKind.STEM: "Left open on purpose: stop there and let the client finish.",
    QuestionKind.OFFER: "Offer it once. The client decides what to do with it.",
}


def phase_of(choice: str) -> Phase:
    """The phase that was chosen in a menu. Raises NoQuestion for one of another version."""
    try:
        return Phase(choice)
    except ValueError:
        raise NoQuestion("phase") from None


def _pieces(question: Question, minutes: int | None = None) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a blank.

    A blank shows its name as ‹ name ›, or ‹ … › where the word after it says the same. The blank
    for minutes is filled if a round's clock knows them.
    """
    end = 0
    for blank in SLOT.finditer(question.text):
        yield question.text[end : blank.start()], False
        end = blank.end()
        if blank[1] == MINUTES and minutes is not None:
            yield str(minutes), False
            continue
        name = blank[1].replace("_", " ")
        said_after = question.text[end:].lstrip().startswith(name)
        yield ("‹ … ›" if said_after else f"‹ {name} ›"), True
    yield question.text[end:], False


def question_text(question: Question, minutes: int | None = None) -> str:
    """The question as shown: typed text made safe, blanks visible."""
    return "".join(
        f"__{piece}__" if is_blank else safe(piece)
        for piece, is_blank in _pieces(question, minutes)
    )


def question_lines(
    content: Content, phase: Phase, question: Question, minutes: int | None = None
) -> list[str]:
    """Phase, question and how to use it; `minutes` of coaching are left, if that is known."""
    label = content.phases[phase].label
    kind = question.kind
    if kind is QuestionKind.SLOT and not any(blank for _, blank in _pieces(question, minutes)):
        kind = QuestionKind.OPEN
    return [
        f"{EMOJI[phase]} **{safe(label)}**",
        f"## {question_text(question, minutes)}",
        f"-# {HOW_TO_USE[kind]}",
    ]


def unmarked(question: Question) -> str:
    """The text without markdown, for menus."""
    return "".join(piece for piece, _ in _pieces(question))


def marked(question: Question, text: str) -> str:
    """The text as it stands in a list: with ◆ before it if it comes from the founding article."""
    return f"{FROM_ARTICLE} {text}" if question.origin is Origin.ADAPTED else text


def phase_options(phases: Mapping[Phase, PhaseWords]) -> list[Component]:
    """The phases as options of a menu."""
    return [
        option(words.label, phase.value, description=words.hint, emoji=EMOJI[phase])
        for phase, words in phases.items()
    ]
