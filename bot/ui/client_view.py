"""The client's own three items, which the coach sees only if the client wants them to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

from bot.domain.sheets import Answer, ClientView
from bot.ui.components import card, row
from bot.ui.debrief_live import waiting_cards_of
from bot.ui.forms import DojoForm, Typed, choice
from bot.ui.interactions import Interaction, View, redraw, reply
from bot.ui.round_steps import ROUND, RoundButton, button_to
from bot.ui.sheets import ACCENT, sheets_of

ITEMS = (
    ("chose", "I chose where we went"),
    ("heard", "The coach used my words, not their own"),
    ("recognised", "Something good about me was noticed"),
)
ANSWERS = {Answer.YES: "Yes", Answer.PARTLY: "Partly", Answer.NO: "No"}
SHARE, KEEP = "share", "keep"


def view_lines(view: ClientView) -> str:
    """The three items with their answers."""
    return "\n".join(
        f"- {text}: **{ANSWERS[getattr(view, name)].lower()}**" for name, text in ITEMS
    )


async def open_client_view(interaction: Interaction, round_id: int) -> None:
    """Answer the client with what they said, or with the way to say it."""
    await reply(interaction, await client_card_of(interaction, round_id))


async def client_card_of(interaction: Interaction, round_id: int) -> View:
    """What the client said, as they see it now."""
    sheets, user_id = sheets_of(interaction), interaction.user.id
    view = await sheets.client_view(round_id, user_id)
    return client_card(round_id, view, may_quote=await sheets.may_quote(round_id, user_id))


def client_card(round_id: int, view: ClientView | None, *, may_quote: bool) -> View:
    """What the client said, and whom it is shown to; and whether words may be shared."""
    if view is None:
        said = (
            "Three items, half a minute, if you like. They are yours: the coach sees them only if"
            " you choose so."
        )
        buttons: list[RoundButton] = [SayIt(round_id)]
    else:
        who = "The coach sees it with their feedback." if view.is_shared else "Only you see it."
        said = f"{view_lines(view)}\n-# {who} You can change that at any time."
        buttons = [SayIt(round_id, label="Change"), Unsay(round_id)]
    return card(
        "### 💬 How it was for you",
        said,
        row(*buttons),
        "**If the coach shares their feedback in the room:** "
        + ("words that observers typed are shown, too." if may_quote else "no words are shown.")
        + " Coaches repeat their client’s words, so this is for you to decide.",
        row(_words_button(round_id, may_quote=may_quote)),
        accent=ACCENT,
    )


def _words_button(round_id: int, *, may_quote: bool) -> discord.ui.Button[Any]:
    if may_quote:
        return button_to(round_id, "words-shared:no", "No words, please", emoji="🤐")
    return button_to(round_id, "words-shared:yes", "Let words be shown", emoji="💬")


class SayIt(RoundButton, template=rf"{ROUND}:say", is_own=True):
    """Opens the client's form."""

    def __init__(self, round_id: str | int, *, label: str = "How it was for me…") -> None:
        super().__init__(round_id, "say", label, emoji="💬")

    async def pressed(self, interaction: Interaction) -> None:
        """Open it, with what was said before."""
        view = await sheets_of(interaction).client_view(self.round_id, interaction.user.id)
        await interaction.response.send_modal(ClientForm(self.round_id, view))


class Unsay(RoundButton, template=rf"{ROUND}:unsay", is_own=True):
    """Erases what the client said."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "unsay", "Take it back", emoji="🗑️")

    async def pressed(self, interaction: Interaction) -> None:
        """Erase it; saying it again is one tap away."""
        await sheets_of(interaction).unsay(self.round_id, interaction.user.id)
        await redraw(interaction, await client_card_of(interaction, self.round_id))


class ClientForm(DojoForm, template=ROUND + ":client", is_own=True):
    """Three items, and whether the coach may see them."""

    def __init__(self, round_id: int, view: ClientView | None) -> None:
        super().__init__(f"round:{round_id}:client", "How it was for me")
        for name, text in ITEMS:
            said = getattr(view, name) if view else None
            self.field(
                text,
                discord.ui.RadioGroup(
                    custom_id=name,
                    options=[
                        discord.RadioGroupOption(
                            label=label, value=answer.value, default=answer is said
                        )
                        for answer, label in ANSWERS.items()
                    ],
                ),
            )
        shares = view is not None and view.is_shared
        self.field(
            "Who may see it?",
            discord.ui.RadioGroup(
                custom_id="share",
                options=[
                    discord.RadioGroupOption(label="Only me", value=KEEP, default=not shares),
                    discord.RadioGroupOption(
                        label="The coach as well, at the end", value=SHARE, default=shares
                    ),
                ],
            ),
        )

    @classmethod
    async def submitted(
        cls, interaction: Interaction, about: Mapping[str, str], typed: Typed
    ) -> None:
        """Keep it, and show what is kept."""
        round_id = int(about["round_id"])
        offered = {answer.value for answer in Answer}
        first, second, third = (
            Answer(choice(typed, name, offered, Answer.PARTLY.value)) for name, _ in ITEMS
        )
        await sheets_of(interaction).say(
            round_id,
            interaction.user.id,
            (first, second, third),
            is_shared=choice(typed, "share", (KEEP, SHARE), KEEP) == SHARE,
        )
        shown = await client_card_of(interaction, round_id)
        waiting_cards_of(interaction).touch(round_id)
        if interaction.message is not None and interaction.message.flags.ephemeral:
            await redraw(interaction, shown)
        else:
            await reply(interaction, shown)
