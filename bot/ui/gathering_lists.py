"""What the owner of a list can choose when groups cannot keep to it; sitting a round out."""

from __future__ import annotations

from typing import Any

import discord

from bot.domain.gatherings import Gathering
from bot.ui.answers import defer, redraw, reply
from bot.ui.components import card, row
from bot.ui.gathering_steps import GATHER, GatherButton, button_to, gatherings_of, is_private
from bot.ui.gathering_texts import ACCENT
from bot.ui.interactions import Interaction, View, person_of

UNMET = (
    "### 🔒 Your list cannot be kept with these groups\nYou would be with someone you named under"
    " **Not in a group with…** What do you prefer?"
)
DEFAULT = (
    "-# Without an answer you observe in another room, or sit this round out. Only you see this:"
    " nobody else learns that you have a list."
)


def unmet_card(gathering: Gathering) -> View:
    """The ways on for the owner of a list."""
    return card(
        UNMET,
        row(
            button_to(gathering.id, "my-list", "Change my list", emoji="🌠", is_first=True),
            ObserveTonight(gathering.id),
            rest_button(gathering.id),
        ),
        DEFAULT,
        accent=ACCENT,
    )


def rest_button(gathering_id: int, *, rests: bool = True) -> discord.ui.Button[Any]:
    """Sits the next round out, or takes part after all: for everybody, and without a reason."""
    if rests:
        return button_to(gathering_id, "rest", "Sit this round out", emoji="💤")
    return button_to(gathering_id, "rest-not", "Take part after all", emoji="🙌")


class ObserveTonight(GatherButton, template=GATHER + ":observe-tonight"):
    """Only observes for the rest of the evening."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "observe-tonight", "Only observe tonight", emoji="👀")

    async def pressed(self, interaction: Interaction) -> None:
        """Keep it for tonight; what they wished before stays for the next evening."""
        await defer(interaction)
        await gatherings_of(interaction).observe_tonight(self.gathering_id, person_of(interaction))
        text = (
            "👀 You only observe tonight, in a room without the people you named if there is one."
            " **My wishes** changes it."
        )
        await redraw(interaction, card(text, accent=ACCENT))


def rest_text(gathering: Gathering) -> str:
    """That someone sits a round out, and the next one if there is to be one."""
    number = gathering.number if gathering.is_in_rooms else gathering.number + 1
    if number > gathering.rounds:
        return "💤 If another round is added, you sit it out."
    if number == gathering.rounds:
        return "💤 You sit this round out. It is the last one."
    return "💤 You sit this round out, and are in the draw for the one after it."


def draw_text(gathering: Gathering) -> str:
    """That someone is in the draw, of a round that is planned or may be."""
    if gathering.is_last:
        return "If another round is added, you are in its draw."
    return "You are in the draw for the next round."


class Rest(GatherButton, template=GATHER + ":rest"):
    """Sits the next round out."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "rest", "Sit this round out", emoji="💤")

    async def pressed(self, interaction: Interaction) -> None:
        """Keep it, with the way back at hand."""
        gatherings, person = gatherings_of(interaction), person_of(interaction)
        gathering = await gatherings.rest(self.gathering_id, person)
        await _answer(
            interaction, card(rest_text(gathering), row(rest_button(gathering.id, rests=False)))
        )


class RestNot(GatherButton, template=GATHER + ":rest-not"):
    """Takes part after all."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "rest-not", "Take part after all", emoji="🙌")

    async def pressed(self, interaction: Interaction) -> None:
        """Keep it."""
        gatherings, person = gatherings_of(interaction), person_of(interaction)
        gathering = await gatherings.rest(self.gathering_id, person, rests=False)
        text = f"🙌 {draw_text(gathering)}"
        if gathering.is_in_rooms:
            text = "🙌 **Join** on the card lets you into a room now, if one takes an observer."
        await _answer(interaction, card(text))


async def _answer(interaction: Interaction, view: View) -> None:
    await (redraw if is_private(interaction) else reply)(interaction, view)
