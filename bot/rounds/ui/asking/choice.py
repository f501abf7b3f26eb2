"""Who may ask a person into rounds: the choice, and its confirmation."""

from __future__ import annotations

from bot.kit.discord.actions import option
from bot.kit.discord.answers import redraw, reply
from bot.kit.discord.cards import card, row
from bot.kit.discord.interactions import Interaction, View, client_of, services_of
from bot.rounds.actions import CHOOSE_WHO_ASKS, WHO_MAY_ASK
from bot.rounds.model.asking import WhoMayAsk
from bot.rounds.service.asking import AskingService

ACCENT = 0x6B7280

LABEL = {
    WhoMayAsk.ANYBODY: "Anybody",
    WhoMayAsk.EVENINGS: "Evenings only",
    WhoMayAsk.NOBODY: "Nobody",
}
_MEANS = {
    WhoMayAsk.ANYBODY: "Anybody in a dojo may ask you into a round.",
    WhoMayAsk.EVENINGS: "You are asked only at an evening that you have joined.",
    WhoMayAsk.NOBODY: "Nobody can name you for a round. You can still join by yourself.",
}


@CHOOSE_WHO_ASKS.pressed
async def show_choice(interaction: Interaction) -> None:
    """Answer with what the person has chosen, and let them change it."""
    asking = services_of(interaction)[AskingService]
    await reply(interaction, _choice_card(await asking.choice_of(interaction.user.id)))


def _choice_card(who: WhoMayAsk) -> View:
    options = [option(LABEL[one], one.value, description=_MEANS[one]) for one in WhoMayAsk]
    return card(
        "### Who may ask me into rounds",
        f"**{LABEL[who]}.** {_MEANS[who]}",
        row(WHO_MAY_ASK.menu(options)),
        "-# This holds on all servers. Who asks in vain reads that you cannot be asked right now,"
        " and never why.",
        accent=ACCENT,
    )


@WHO_MAY_ASK.chosen
async def choose_who_asks(interaction: Interaction, choice: str) -> None:
    """Save the choice, and say how to change it."""
    who = WhoMayAsk(choice)
    await services_of(interaction)[AskingService].choose(interaction.user.id, who)
    again = f"{client_of(interaction).mention_command('my asking')} changes it at any time."
    view = card(f"### ✅ Saved: {LABEL[who]}", f"{_MEANS[who]} {again}", accent=ACCENT)
    await redraw(interaction, view)
