"""What the owner of a list can choose when groups cannot keep to it; sitting a round out."""

from __future__ import annotations

from bot.gatherings.actions import CHANGE_LIST, OBSERVE_TONIGHT, REST, TAKE_PART
from bot.gatherings.model.gathering import Gathering
from bot.gatherings.service.joining import GatheringJoining
from bot.gatherings.ui.words import ACCENT
from bot.kit.discord.actions import row_of
from bot.kit.discord.answers import answer_in_place, defer, redraw
from bot.kit.discord.cards import card, row
from bot.kit.discord.interactions import Interaction, View, person_of, services_of

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
    ways = row_of(CHANGE_LIST, OBSERVE_TONIGHT, REST, gathering_id=gathering.id)
    return card(UNMET, ways, DEFAULT, accent=ACCENT)


@OBSERVE_TONIGHT.pressed
async def observe_tonight(interaction: Interaction, gathering_id: int) -> None:
    """Let the person only observe tonight; their wish stays for the next evening."""
    await defer(interaction)
    joining = services_of(interaction)[GatheringJoining]
    await joining.observe_tonight(gathering_id, person_of(interaction))
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


@REST.pressed
async def rest(interaction: Interaction, gathering_id: int) -> None:
    """Let the person sit the next round out, with the way back at hand."""
    joining = services_of(interaction)[GatheringJoining]
    gathering = await joining.rest(gathering_id, person_of(interaction))
    back = row(TAKE_PART.button(gathering_id=gathering_id))
    await answer_in_place(interaction, card(rest_text(gathering), back))


@TAKE_PART.pressed
async def take_part(interaction: Interaction, gathering_id: int) -> None:
    """Let the person take part after all, and say how they come in."""
    joining, person = services_of(interaction)[GatheringJoining], person_of(interaction)
    gathering = await joining.rest(gathering_id, person, rests=False)
    text = f"🙌 {draw_text(gathering)}"
    if gathering.is_in_rooms:
        text = "🙌 **Join** on the card lets you into a room now, if one takes an observer."
    await answer_in_place(interaction, card(text))
