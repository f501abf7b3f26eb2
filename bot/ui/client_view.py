"""The client's own three items, which the coach sees only if the client wants them to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

from bot.domain.sheets import Answer, ClientView
from bot.services.sheets import ClientLook
from bot.ui.components import Part, card, leading_to, row
from bot.ui.erasing import Erase
from bot.ui.forms import DojoForm, Typed, one
from bot.ui.interactions import Interaction, View, redraw, reply
from bot.ui.round_steps import ROUND, RoundButton
from bot.ui.sheets import ACCENT, sheets_of

ITEMS = (
    ("chose", "I chose where we went"),
    ("heard", "I was heard in my own words"),
    ("recognised", "Something about me was recognised"),
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


def client_card(look: ClientLook) -> View:
    """What the client said and whom it is shown to, and the way to erase the round."""
    round_id, view = look.round.id, look.view
    parts: list[Part] = ["### 💬 How it was for you"]
    buttons: list[discord.ui.Item[Any]] = []
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
        Erase(round_id),
        leading_to("rounds:my-client", "My rounds as client", emoji="🗂️"),
    ]
    return card(*parts, row(*buttons), accent=ACCENT)


_UNSAID = "You have said nothing about this round. Here you can have the whole round erased."


class SayIt(RoundButton, template=rf"{ROUND}:say"):
    """Opens the client's form."""

    def __init__(self, round_id: str | int, *, label: str = "How it was for me…") -> None:
        super().__init__(round_id, "say", label, emoji="💬")

    async def pressed(self, interaction: Interaction) -> None:
        """Open it, with what was said before."""
        look = await sheets_of(interaction).client_look(self.round_id, interaction.user.id)
        look.check_may_say()
        await interaction.response.send_modal(ClientForm(self.round_id, look.view))


class Unsay(RoundButton, template=rf"{ROUND}:unsay"):
    """Erases what the client said."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "unsay", "Take my answers back", emoji="↩️")

    async def pressed(self, interaction: Interaction) -> None:
        """Erase it; saying it again is one tap away."""
        sheets, user_id = sheets_of(interaction), interaction.user.id
        await sheets.unsay(self.round_id, user_id)
        await redraw(interaction, client_card(await sheets.client_look(self.round_id, user_id)))


class ClientForm(DojoForm, template=ROUND + ":client"):
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
        first, second, third = (Answer(one(typed, name, Answer.PARTLY.value)) for name, _ in ITEMS)
        sheets, user_id = sheets_of(interaction), interaction.user.id
        shares = one(typed, "share", KEEP) == SHARE
        await sheets.say(round_id, user_id, (first, second, third), is_shared=shares)
        view = client_card(await sheets.client_look(round_id, user_id))
        if interaction.message is not None and interaction.message.flags.ephemeral:
            await redraw(interaction, view)
        else:
            await reply(interaction, view)
