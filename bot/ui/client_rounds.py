"""The rounds someone was the client in: a list, also in a direct message, with what is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from zoneinfo import ZoneInfo

import discord

from bot.domain.errors import NoRound
from bot.domain.rounds import Round
from bot.ui.answers import redraw
from bot.ui.client_view import client_card
from bot.ui.components import DojoButton, DojoMenu, card, row
from bot.ui.erasing import show
from bot.ui.interactions import Interaction, View, services_of
from bot.ui.texts import cut

MOST_ROUNDS = 25
ACCENT = 0x6B7280


async def show_client_rounds(interaction: Interaction) -> None:
    """Answer with the rounds this person was the client in. Raises NoRound when there are none."""
    rounds = await services_of(interaction).erasing.as_client(interaction.user.id, MOST_ROUNDS)
    if not rounds:
        raise NoRound
    view = card(
        "### 🙋 Your rounds as client",
        "Choose one to take your answers back, or to have the whole round erased. You can do both"
        " for as long as the round is stored.",
        row(ClientRounds([(one.id, round_label(interaction, one)) for one in rounds])),
        accent=ACCENT,
    )
    await show(interaction, view)


def round_label(interaction: Interaction, round_: Round) -> str:
    """When a round was, in the time zone of its dojo, and which format it followed."""
    dojo = services_of(interaction).rounds.dojo_of(round_)
    zone = ZoneInfo(dojo.settings.time_zone) if dojo else UTC
    when = round_.proposed_at.astimezone(zone).strftime("%d %b %Y, %H:%M")
    return f"{when} · {round_.format.name}"


class ClientRounds(DojoMenu, template=r"rounds:as-client"):
    """The rounds someone was the client in, to choose one from."""

    def __init__(self, rounds: Sequence[tuple[int, str]] = ()) -> None:
        options = [
            discord.SelectOption(label=cut(label, 100), value=str(round_id))
            for round_id, label in rounds
        ]
        super().__init__("rounds:as-client", "Which round?", options or None)

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Show what is theirs of it."""
        if not (choice.isascii() and choice.isdigit() and len(choice) <= 19):
            raise NoRound(is_over=True)
        await redraw(interaction, await client_page(interaction, int(choice)))


class MyClientRounds(DojoButton, template=r"rounds:my-client"):
    """Leads to the other rounds someone was the client in."""

    def __init__(self) -> None:
        super().__init__("rounds:my-client", "My rounds as client", emoji="🗂️")

    async def pressed(self, interaction: Interaction) -> None:
        """Show them in the place of this card."""
        await show_client_rounds(interaction)


async def client_page(interaction: Interaction, round_id: int) -> View:
    """What is a client's of one round. Raises NoRound, and NotInRound for anyone else."""
    look = await services_of(interaction).sheets.client_look(round_id, interaction.user.id)
    return client_card(look)
