"""The client's own three items, which the coach sees only if the client wants them to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

from bot.domain.sheets import Answer, ClientView
from bot.services.sheets import ClientLook
from bot.ui.answers import redraw, reply, show_form
from bot.ui.cards import Component
from bot.ui.components import Part, card, leading_to, row
from bot.ui.debrief_live import waiting_cards_of
from bot.ui.forms import DojoForm, Typed, choice
from bot.ui.interactions import Interaction, View
from bot.ui.round_actions import ERASE_ROUND
from bot.ui.round_steps import ROUND, RoundButton, button_to
from bot.ui.sheets import ACCENT, sheets_of
from bot.ui.texts import moment, safe

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
    """Answer the person who is or was the client with what is theirs of the round."""
    look = await sheets_of(interaction).client_look(round_id, interaction.user.id)
    if look.round.is_open and look.view is None and look.round.takes_part(interaction.user.id):
        # While the round is going on, the way to erase it is in their role.
        look.check_may_say()
    await reply(interaction, client_card(look))


async def client_card_of(interaction: Interaction, round_id: int) -> View:
    """What is theirs of the round, as it stands now."""
    return client_card(await sheets_of(interaction).client_look(round_id, interaction.user.id))


def client_card(look: ClientLook) -> View:
    """What the client said and whom it is shown to, and the way to erase the round."""
    round_id, view = look.round.id, look.view
    when = moment(look.round.proposed_at, "f")
    parts: list[Part] = [
        f"### 💬 How it was for you\n-# {safe(look.round.format.name)}, {when}",
    ]
    buttons: list[Component | discord.ui.Item[Any]] = []
    if view is None and look.may_say:
        parts.append(
            "Three items, half a minute, if you like. They are yours: the coach sees them only if"
            " you choose so."
        )
        buttons.append(SayIt(round_id))
    elif view is None:
        parts.append(_UNSAID)
    else:
        who = "The coach sees it with their feedback." if view.is_shared else "Only you see it."
        change = "change it, or take it back" if look.may_say else "take it back"
        parts += [view_lines(view), f"-# {who} You can {change} for as long as it is stored."]
        buttons += [SayIt(round_id, label="Change")] if look.may_say else []
        buttons.append(Unsay(round_id))
    buttons += [
        ERASE_ROUND.button(round_id=round_id),
        leading_to("rounds:my-client", "My rounds as client", emoji="🗂️"),
    ]
    words = (
        "words that observers typed are shown, too." if look.may_quote else "no words are shown."
    )
    return card(
        *parts,
        row(*buttons),
        f"**If the coach shares their feedback in the room:** {words} Coaches repeat their client’s"
        " words, so this is for you to decide.",
        row(_words_button(round_id, may_quote=look.may_quote)),
        accent=ACCENT,
    )


_UNSAID = "You have said nothing about this round. Here you can have the whole round erased."


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
        look = await sheets_of(interaction).client_look(self.round_id, interaction.user.id)
        look.check_may_say()
        await show_form(interaction, ClientForm(self.round_id, look.view))


class Unsay(RoundButton, template=rf"{ROUND}:unsay", is_own=True):
    """Erases what the client said."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "unsay", "Take my answers back", emoji="↩️")

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
