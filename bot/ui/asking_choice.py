"""Who may ask a person into rounds: the choice, and its confirmation."""

from __future__ import annotations

import discord

from bot.domain.asking import WhoMayAsk
from bot.ui.answers import redraw, reply
from bot.ui.components import DojoButton, DojoMenu, card, row
from bot.ui.interactions import Interaction, View, client_of, services_of

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


async def show_choice(interaction: Interaction) -> None:
    """Answer with what the person has chosen, and let them change it."""
    asking = services_of(interaction).rounds.asking
    await reply(interaction, choice_card(await asking.choice_of(interaction.user.id)))


def choice_card(who: WhoMayAsk) -> View:
    """What is chosen now, and what else there is."""
    return card(
        "### Who may ask me into rounds",
        f"**{LABEL[who]}.** {_MEANS[who]}",
        row(WhoMayAskMenu()),
        "-# This holds on all servers. Who asks in vain reads that you cannot be asked right now,"
        " and never why.",
        accent=ACCENT,
    )


class WhoMayAskMenu(DojoMenu, template=r"me:asking"):
    """The three choices."""

    def __init__(self) -> None:
        options = [
            discord.SelectOption(label=LABEL[who], value=who.value, description=_MEANS[who])
            for who in WhoMayAsk
        ]
        super().__init__("me:asking", "Who may ask me", options)

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Keep it, and say how to change it."""
        if choice not in {one.value for one in WhoMayAsk}:
            # Not one of those that were offered.
            await redraw(interaction, choice_card(await self._known(interaction)))
            return
        who = WhoMayAsk(choice)
        await services_of(interaction).rounds.asking.choose(interaction.user.id, who)
        again = client_of(interaction).mention_command("my asking")
        await redraw(
            interaction,
            card(
                f"### ✅ Saved: {LABEL[who]}",
                f"{_MEANS[who]} {again} changes it at any time.",
                accent=ACCENT,
            ),
        )

    @staticmethod
    async def _known(interaction: Interaction) -> WhoMayAsk:
        return await services_of(interaction).rounds.asking.choice_of(interaction.user.id)


class ChooseWhoAsks(DojoButton, template=r"me:asking:open"):
    """Leads to the choice."""

    def __init__(self) -> None:
        super().__init__("me:asking:open", "Do not ask me again…")

    async def pressed(self, interaction: Interaction) -> None:
        """Show it."""
        await show_choice(interaction)
