"""Asking to talk with the safety contact: for everybody in a round, without giving a reason."""

from __future__ import annotations

from bot.dojos.ui.words import support_text
from bot.feedback.actions import DO_NOT_TALK, TALK_TO
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.service.talks import Asked, TalkService
from bot.kit.discord.answers import defer, redraw, reply
from bot.kit.discord.cards import Part, card, row
from bot.kit.discord.interactions import Interaction, View, services_of
from bot.rounds.actions import TALK
from bot.rounds.service.safety import SafetyContacts
from bot.rounds.ui.shared import mention

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


@TALK.pressed
async def ask_to_talk(interaction: Interaction, round_id: int) -> None:
    """Say who would be told what, and ask. Raises NotInRound and NoSafetyContact."""
    await reply(interaction, await _question(interaction, round_id))


async def _question(interaction: Interaction, round_id: int) -> View:
    contact = await services_of(interaction)[TalkService].contact_for(round_id, interaction.user.id)
    support = await _support(interaction, round_id)
    return card(
        f"### 🕊️ Talk to {mention(contact)}?",
        f"I send them one sentence: “{mention(interaction.user.id)} would like to talk with you.”"
        " Not why, and nothing of this round. Nobody else is told.",
        *support,
        row(
            TALK_TO.button(round_id=round_id, contact_id=contact),
            DO_NOT_TALK.button(round_id=round_id),
        ),
        accent=ACCENT,
    )


async def _support(interaction: Interaction, round_id: int) -> list[Part]:
    """The support line of the round's dojo, which can help sooner than a contact can answer."""
    services = services_of(interaction)
    round_ = await services[FeedbackAccess].find(round_id)
    text = support_text(services[SafetyContacts].support_line(round_.dojo_id))
    return [text] if text else []


@TALK_TO.pressed
async def talk_to(interaction: Interaction, round_id: int, contact_id: int) -> None:
    """Tell the contact who was named on the card. If the contact has changed, ask again."""
    await defer(interaction)
    talks, user_id = services_of(interaction)[TalkService], interaction.user.id
    if await talks.contact_for(round_id, user_id) != contact_id:
        await redraw(interaction, await _question(interaction, round_id))
        return
    asked = await talks.ask(round_id, user_id)
    support = await _support(interaction, round_id)
    await redraw(interaction, card(SENT[asked], *support, accent=ACCENT))


@DO_NOT_TALK.pressed
async def do_not_talk(interaction: Interaction, round_id: int) -> None:
    """Say that nothing was sent."""
    del round_id
    await redraw(interaction, card("👍 Nothing was sent."))
