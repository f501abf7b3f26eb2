"""The rounds in which a person was the client, with what is theirs; also in direct messages."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

from bot.dojos.service.dojos import DojoService
from bot.feedback.actions import MY_CLIENT_ROUNDS, PICK_CLIENT_ROUND
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.ui.client_view import client_card_of
from bot.kit.discord.actions import option
from bot.kit.discord.answers import answer_in_place, redraw
from bot.kit.discord.cards import card, row
from bot.kit.discord.interactions import Interaction, services_of
from bot.kit.discord.text import cut
from bot.rounds.model.refusals import NoRound
from bot.rounds.model.round import Round

MOST_ROUNDS = 25
ACCENT = 0x6B7280


@MY_CLIENT_ROUNDS.pressed
async def show_client_rounds(interaction: Interaction) -> None:
    """Show the rounds in which this person was the client. Raises NoRound if there are none."""
    rounds = await services_of(interaction)[FeedbackAccess].as_client(
        interaction.user.id, MOST_ROUNDS
    )
    if not rounds:
        raise NoRound
    options = [
        option(cut(round_label(interaction, round_), 100), str(round_.id)) for round_ in rounds
    ]
    view = card(
        "### 🙋 Your rounds as client",
        "Choose one to take your answers back, or to have the whole round erased. You can do"
        " both for as long as the round is stored.",
        row(PICK_CLIENT_ROUND.menu(options)),
        accent=ACCENT,
    )
    await answer_in_place(interaction, view)


@PICK_CLIENT_ROUND.chosen
async def open_client_round(interaction: Interaction, choice: str) -> None:
    """Show what belongs to the client of the round. Raises NoRound, and NotInRound for others."""
    await redraw(interaction, await client_card_of(interaction, int(choice)))


def round_label(interaction: Interaction, round_: Round) -> str:
    """When a round was, in the time zone of its dojo, and which format it followed."""
    dojo = services_of(interaction)[DojoService].by_id(round_.dojo_id)
    zone = ZoneInfo(dojo.settings.time_zone) if dojo else UTC
    when = round_.proposed_at.astimezone(zone).strftime("%d %b %Y, %H:%M")
    return f"{when} · {round_.format.name}"
