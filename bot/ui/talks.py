"""Talking with the safety contact: for everybody in a round, without saying why."""

from __future__ import annotations

from bot.services.talks import Asked
from bot.ui.answers import defer, redraw, reply
from bot.ui.components import Part, card, row
from bot.ui.dojo_texts import support_text
from bot.ui.interactions import Interaction, View, services_of
from bot.ui.round_steps import ROUND, RoundButton, mention

ACCENT = 0xC4674B
SENT = {
    Asked.TOLD: "🕊️ Sent. They will get in touch with you.",
    Asked.LATER: (
        "🕊️ I could not reach them yet, and try again by myself. If it is urgent, please write to"
        " them, or speak with a facilitator."
    ),
    Asked.ALREADY: (
        "🕊️ You have asked within the last hour, so nothing was sent twice. If you need someone"
        " now, please speak with a facilitator."
    ),
}


class Talk(RoundButton, template=rf"{ROUND}:talk", is_own=True):
    """Asks before the safety contact is told."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "talk", "Talk to the safety contact", emoji="🕊️")

    async def pressed(self, interaction: Interaction) -> None:
        """Say who would be told what. Raises NotInRound and NoSafetyContact."""
        await reply(interaction, await _question(interaction, self.round_id))


async def _question(interaction: Interaction, round_id: int) -> View:
    contact = await services_of(interaction).talks.contact_for(round_id, interaction.user.id)
    support = await _support(interaction, round_id)
    return card(
        f"### 🕊️ Talk to {mention(contact)}?",
        f"I send them one sentence: “{mention(interaction.user.id)} would like to talk with you.”"
        " Not why, and nothing of this round. Nobody else is told.",
        *support,
        row(TalkTo(round_id, contact), TalkNot(round_id)),
        accent=ACCENT,
    )


async def _support(interaction: Interaction, round_id: int) -> list[Part]:
    """The support line of the round's dojo, which helps sooner than a contact can answer."""
    services = services_of(interaction)
    round_ = await services.debriefs.desk.find(round_id)
    text = support_text(services.contacts.support_line(round_.dojo_id))
    return [text] if text else []


class TalkTo(RoundButton, template=rf"{ROUND}:talk-to:(?P<contact_id>\d{{1,20}})", is_own=True):
    """Sends it to the contact who was named on the card."""

    def __init__(self, round_id: str | int, contact_id: str | int) -> None:
        self.contact_id = int(contact_id)
        super().__init__(round_id, f"talk-to:{contact_id}", "Send it", emoji="🕊️")

    async def pressed(self, interaction: Interaction) -> None:
        """Send it; if the contact is another one by now, ask again."""
        await defer(interaction)
        talks, user_id = services_of(interaction).talks, interaction.user.id
        if await talks.contact_for(self.round_id, user_id) != self.contact_id:
            await redraw(interaction, await _question(interaction, self.round_id))
            return
        asked = await talks.ask(self.round_id, user_id)
        support = await _support(interaction, self.round_id)
        await redraw(interaction, card(SENT[asked], *support, accent=ACCENT))


class TalkNot(RoundButton, template=rf"{ROUND}:talk-not", is_own=True):
    """Sends nothing."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "talk-not", "Not now")

    async def pressed(self, interaction: Interaction) -> None:
        """Say so."""
        await redraw(interaction, card("👍 Nothing was sent."))
