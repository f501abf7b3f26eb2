"""Checking out at the end of an evening: how useful it was, and a word; shown without names."""

from __future__ import annotations

from bot.gatherings.actions import CHECK_OUT, CHECK_OUT_FORM, CHECK_OUT_WORDS
from bot.gatherings.model.gathering import Gathering
from bot.gatherings.model.harvest import FEWEST_CHECK_OUTS
from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.joining import GatheringJoining
from bot.gatherings.ui.shared import gathering_of
from bot.kit.discord.actions import FormShown, menu_field, text_field
from bot.kit.discord.answers import answer_in_place, show_form
from bot.kit.discord.ask_before_keeping import Texts
from bot.kit.discord.cards import card
from bot.kit.discord.forms import Typed, choice, one
from bot.kit.discord.interactions import Interaction, person_of, services_of
from bot.kit.discord.text import safe
from bot.kit.personal_words import tidy

LONGEST_WORD = 40
MOST_USEFUL = 10
WORD = "In a word"


@CHECK_OUT.pressed
async def ask_check_out(interaction: Interaction, gathering_id: int) -> None:
    """Open the form, for those who took part."""
    await _guest(interaction, gathering_id)
    await show_form(interaction, _form(gathering_id))


async def _guest(interaction: Interaction, gathering_id: int) -> Gathering:
    """The gathering, if this person was in it and it is not closed yet. Raises CannotGather."""
    gathering = await gathering_of(interaction, gathering_id)
    if gathering.guest(interaction.user.id) is None:
        raise CannotGather("not in it")
    if not gathering.is_open:
        raise CannotGather("over")
    return gathering


def _form(gathering_id: int, useful: int | None = None, word: str = "") -> FormShown:
    return CHECK_OUT_FORM.form(
        menu_field(
            "How useful was it for your practice?",
            "useful",
            [(str(number), _label(number), "") for number in range(MOST_USEFUL, -1, -1)],
            [str(useful)],
            placeholder=f"0 to {MOST_USEFUL}",
            description="Of the evening for you; it says nothing of anybody’s coaching.",
        ),
        text_field(
            WORD,
            "word",
            most=LONGEST_WORD,
            filled=word,
            example="e.g. curious",
            description=f"Shown without names at the close, if {FEWEST_CHECK_OUTS} or more answer.",
        ),
        gathering_id=gathering_id,
    )


def _label(number: int) -> str:
    return {0: "0 · not at all", MOST_USEFUL: f"{MOST_USEFUL} · very"}.get(number, str(number))


@CHECK_OUT_FORM.submitted
async def check_out(interaction: Interaction, typed: Typed, gathering_id: int) -> None:
    """Save it, or ask first where the word seems to name a person."""
    await _guest(interaction, gathering_id)
    word = tidy(one(typed, "word"), LONGEST_WORD)
    useful = choice(typed, "useful", {str(number) for number in range(MOST_USEFUL + 1)}, "0")
    await CHECK_OUT_WORDS.keep(interaction, {WORD: word}, gathering_id=gathering_id, useful=useful)


@CHECK_OUT_WORDS.kept
async def keep_check_out(
    interaction: Interaction, texts: Texts, gathering_id: int, useful: str
) -> None:
    """Keep number and word, and say thank you."""
    word, person = texts.get(WORD, ""), person_of(interaction)
    joining = services_of(interaction)[GatheringJoining]
    await joining.check_out(gathering_id, person, int(useful), word)
    said = f", “{safe(word)}”" if word else ""
    text = (
        f"👋 Thank you: {useful} of {MOST_USEFUL}{said}. When the evening closes, it is shown"
        " without names among what others say. **Check out** again changes it; nobody sees that."
    )
    await answer_in_place(interaction, card(text))


@CHECK_OUT_WORDS.changed
async def change_check_out(
    interaction: Interaction, texts: Texts, gathering_id: int, useful: str
) -> None:
    """Open the form again, with number and word in it."""
    await _guest(interaction, gathering_id)
    await show_form(interaction, _form(gathering_id, int(useful), texts.get(WORD, "")))
