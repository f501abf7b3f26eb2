"""Whether words may be shown in the room with shared feedback: the client decides, in private."""

from __future__ import annotations

from bot.ui.answers import defer, redraw, reply
from bot.ui.client_view import client_card_of
from bot.ui.components import card
from bot.ui.debrief_sharing import show_without_words
from bot.ui.interactions import Interaction
from bot.ui.round_steps import ROUND, RoundButton
from bot.ui.sheets import ACCENT, sheets_of


class LetQuote(RoundButton, template=rf"{ROUND}:words-shared:(?P<may>yes|no)", is_own=True):
    """Lets words be shown in the room with what the coach shares, or no longer."""

    def __init__(self, round_id: str | int, may: str) -> None:
        self.may = may == "yes"
        label = "Let words be shown" if self.may else "No words, please"
        emoji = "💬" if self.may else "🤐"
        super().__init__(round_id, f"words-shared:{may}", label, emoji=emoji)

    async def pressed(self, interaction: Interaction) -> None:
        """Note it; words that are in the room already go from there."""
        await defer(interaction)
        await sheets_of(interaction).let_quote(self.round_id, interaction.user.id, may=self.may)
        are_gone = self.may or await show_without_words(interaction, self.round_id)
        await redraw(interaction, await client_card_of(interaction, self.round_id))
        if not are_gone:
            await reply(
                interaction,
                card(
                    "⚠️ I could not change what is in the room already. Please press again, or ask a"
                    " moderator to delete it there.",
                    accent=ACCENT,
                ),
            )
