"""Checking out at the end of an evening: how useful it was, and a word; shown without names."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.domain.careful import tidy
from bot.domain.errors import CannotGather
from bot.domain.gatherings import Gathering
from bot.domain.plenary import FEWEST_CHECK_OUTS
from bot.ui.answers import show_form
from bot.ui.careful import Texts, redraw_or_reply
from bot.ui.components import card
from bot.ui.forms import DojoForm, Typed, choice, one
from bot.ui.gathering_actions import CHECK_OUT_WORDS
from bot.ui.gathering_steps import GATHER, GatherButton, gathering_of, gatherings_of
from bot.ui.interactions import Interaction, person_of
from bot.ui.texts import safe

LONGEST_WORD = 40
MOST_USEFUL = 10
WORD = "In a word"


class CheckOut(GatherButton, template=GATHER + ":check-out"):
    """Opens the form."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "check-out", "Check out", emoji="🚪")

    async def pressed(self, interaction: Interaction) -> None:
        """Ask, for those who took part."""
        await _guest(interaction, self.gathering_id)
        await show_form(interaction, CheckOutForm(self.gathering_id))


async def _guest(interaction: Interaction, gathering_id: int) -> Gathering:
    """The gathering, if this person was in it and it is not closed yet. Raises CannotGather."""
    gathering = await gathering_of(interaction, gathering_id)
    if gathering.guest(interaction.user.id) is None:
        raise CannotGather("not in it")
    if not gathering.is_open:
        raise CannotGather("over")
    return gathering


class CheckOutForm(DojoForm, template=GATHER + ":check-out"):
    """A number and a word."""

    def __init__(self, gathering_id: int, useful: int | None = None, word: str = "") -> None:
        super().__init__(f"gather:{gathering_id}:check-out", "Check out")
        self.field(
            "How useful was it for your practice?",
            discord.ui.Select(
                custom_id="useful",
                placeholder=f"0 to {MOST_USEFUL}",
                options=[
                    discord.SelectOption(
                        label=_label(number), value=str(number), default=number == useful
                    )
                    for number in range(MOST_USEFUL, -1, -1)
                ],
            ),
            description="Of the evening for you; it says nothing of anybody’s coaching.",
        )
        self.field(
            WORD,
            discord.ui.TextInput(
                custom_id="word",
                required=False,
                max_length=LONGEST_WORD,
                default=word or None,
                placeholder="e.g. curious",
            ),
            description=f"Shown without names at the close, if {FEWEST_CHECK_OUTS} or more answer.",
        )

    @classmethod
    async def submitted(
        cls, interaction: Interaction, about: Mapping[str, str], typed: Typed
    ) -> None:
        """Keep it, or ask first where the word seems to name somebody."""
        gathering = await _guest(interaction, int(about["gathering_id"]))
        word = tidy(one(typed, "word"), LONGEST_WORD)
        useful = choice(typed, "useful", {str(number) for number in range(MOST_USEFUL + 1)}, "0")
        await CHECK_OUT_WORDS.keep(
            interaction, {WORD: word}, gathering_id=gathering.id, useful=useful
        )


def _label(number: int) -> str:
    return {0: "0 · not at all", MOST_USEFUL: f"{MOST_USEFUL} · very"}.get(number, str(number))


@CHECK_OUT_WORDS.kept
async def keep_check_out(
    interaction: Interaction, texts: Texts, gathering_id: int, useful: str
) -> None:
    """Keep number and word, and say thank you."""
    word = texts.get(WORD, "")
    person = person_of(interaction)
    await gatherings_of(interaction).check_out(gathering_id, person, int(useful), word)
    said = f", “{safe(word)}”" if word else ""
    text = (
        f"👋 Thank you: {useful} of {MOST_USEFUL}{said}. When the evening closes, it is shown"
        " without names among what others say. **Check out** again changes it; nobody sees that."
    )
    await redraw_or_reply(interaction, card(text))


@CHECK_OUT_WORDS.changed
async def change_check_out(
    interaction: Interaction, texts: Texts, gathering_id: int, useful: str
) -> None:
    """Open the form again, with number and word in it."""
    await _guest(interaction, gathering_id)
    await show_form(interaction, CheckOutForm(gathering_id, int(useful), texts.get(WORD, "")))
