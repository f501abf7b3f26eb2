"""Notes from memory, after the coaching: for observers who first listened, or had no hand free."""

from __future__ import annotations

from datetime import timedelta

from bot.content.model.questions import Phase
from bot.feedback.actions import (
    ADD_FROM_MEMORY,
    BACK_TO_PAD,
    MEMORY_FORM,
    MEMORY_WORDS,
    REMEMBER_CODE,
    REMEMBER_QUESTION,
)
from bot.feedback.model.notes import QUESTION, Side
from bot.feedback.ui.notes.forms import EFFECT, QUOTE, clock_field, read_words, word_fields
from bot.feedback.ui.notes.notes import content_of
from bot.feedback.ui.notes.pad import ACCENT, pad_view, pads_of
from bot.feedback.ui.notes.words import SIDE_EMOJI, clock, read_clock, read_noted
from bot.kit.discord.actions import FormShown, option
from bot.kit.discord.answers import answer_in_place, defer, redraw, show_form
from bot.kit.discord.ask_before_keeping import Texts
from bot.kit.discord.cards import card, row
from bot.kit.discord.forms import Typed, one
from bot.kit.discord.interactions import Interaction
from bot.kit.discord.text import cut

END = timedelta(days=1)
"""Used when nobody gave a time: a time after the end of the coaching counts as its end."""


@ADD_FROM_MEMORY.pressed
async def add_from_memory(interaction: Interaction, round_id: int) -> None:
    """Ask what it was."""
    pad = await pads_of(interaction).look(round_id, interaction.user.id)
    content = await content_of(interaction, pad)
    codes = [
        option(cut(f"{one.code} {name}", 100), f"{one.code}:{side}", emoji=SIDE_EMOJI[side])
        for one in pad.listed
        for side, name in ((Side.SEEN, one.counterpart), (Side.SIGNAL, one.signal))
    ]
    questions = [
        option(cut(content.phases[phase].label, 100), f"{QUESTION}:{phase}") for phase in Phase
    ]
    view = card(
        "### 🧠 From memory",
        "What did you see or hear? Then a form asks when, and for the coach’s words.",
        row(REMEMBER_CODE.menu(codes, round_id=round_id)),
        row(REMEMBER_QUESTION.menu(questions, round_id=round_id)),
        row(BACK_TO_PAD.button(round_id=round_id)),
        accent=ACCENT,
    )
    await redraw(interaction, view)


@REMEMBER_CODE.chosen
@REMEMBER_QUESTION.chosen
async def remember(interaction: Interaction, choice: str, round_id: int) -> None:
    """Open the form for what was chosen."""
    code, _, side = choice.partition(":")
    await show_form(interaction, memory_form(round_id, code, side, {}, ""))


def memory_form(round_id: int, code: str, side: str, typed: Texts, at: str) -> FormShown:
    """A form for when it was, and the words for it."""
    title = "" if code == QUESTION else f"From memory · {code}"
    fields = (clock_field(at), *word_fields(typed))
    return MEMORY_FORM.form(*fields, title=title, round_id=round_id, code=code, side=side)


@MEMORY_FORM.submitted
async def send_memory(
    interaction: Interaction, typed: Typed, round_id: int, code: str, side: str
) -> None:
    """Save it, unless the words should be checked first. Without a time it is at the end."""
    await defer(interaction)
    at = read_clock(one(typed, "at"))
    seconds = int((END if at is None else at).total_seconds())
    words = read_words(typed)
    about = {"round_id": round_id, "code": code, "side": side, "seconds": seconds}
    if at is None and one(typed, "at"):
        why = "I could not read the time. Write it like 06:10, or leave it empty."
        await answer_in_place(interaction, MEMORY_WORDS.again_card(words, why, about))
    else:
        await MEMORY_WORDS.keep(interaction, words, **about)


@MEMORY_WORDS.kept
async def keep_memory(
    interaction: Interaction, texts: Texts, round_id: int, code: str, side: str, seconds: int
) -> None:
    """Add the note, and show the pad."""
    noted, phase = read_noted(code, side)
    pad = await pads_of(interaction).remember(
        round_id,
        interaction.user.id,
        code,
        noted,
        timedelta(seconds=seconds),
        phase=phase,
        quote=texts.get(QUOTE, ""),
        effect=texts.get(EFFECT, ""),
    )
    await redraw(interaction, await pad_view(interaction, pad))


@MEMORY_WORDS.changed
async def change_memory(
    interaction: Interaction, texts: Texts, round_id: int, code: str, side: str, seconds: int
) -> None:
    """Open the form again, with time and words in it."""
    at = timedelta(seconds=seconds)
    filled = "" if at >= END else clock(at)
    await show_form(interaction, memory_form(round_id, code, side, texts, filled))
