"""The card of a dojo for its members: a question, a round, help. Facilitators post it."""

from __future__ import annotations

import logging

import discord

from bot.content.model.content import Content
from bot.content.model.questions import Phase
from bot.dojos.actions import POST_CARD
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.dojos.ui.places import dojo_channel
from bot.guide.actions import DOJO_HELP, DOJO_QUESTION, DOJO_ROUND
from bot.guide.cards import ACCENT, help_card
from bot.kit.discord.answers import defer, reply
from bot.kit.discord.cards import card, row
from bot.kit.discord.interactions import Interaction, View, client_of, person_of, services_of
from bot.kit.requests.posting import nonce, posted
from bot.kit.requests.rights import may_write
from bot.kit.requests.unreachable import DISCORD_FAILURES
from bot.questions.ui.cards import give_question
from bot.questions.ui.place import place_of
from bot.questions.ui.words import EMOJI
from bot.rounds.ui.beginning.start import ask_who

log = logging.getLogger(__name__)


def dojo_card(content: Content) -> View:
    """What people can do in a dojo, one press each."""
    questions = [
        DOJO_QUESTION.button(phase=phase, label=content.phases[phase].label, emoji=EMOJI[phase])
        for phase in Phase
    ]
    return card(
        "### 🌱 This is a dojo: we practise coaching here",
        "One coaches for real, one is the client, the others observe. A question for the"
        " conversation you are in, for everybody here:",
        row(*questions),
        row(DOJO_ROUND.button(), DOJO_HELP.button()),
        accent=ACCENT,
    )


@POST_CARD.pressed
async def post_card(interaction: Interaction) -> None:
    """Post the card in the dojo and pin it there, for facilitators."""
    services = services_of(interaction)
    dojo = services[DojoService].get(dojo_channel(interaction))
    dojo.check_may_configure(person_of(interaction))
    await defer(interaction, ephemeral=True, thinking=True)
    guild = interaction.guild
    channel = guild.get_channel(dojo.channel_id) if guild is not None else None
    check = client_of(interaction).mention_command("dojo check")
    if not isinstance(channel, discord.abc.Messageable) or not may_write(channel):
        text = f"I may not write in <#{dojo.channel_id}>. {check} says which permission is missing."
        await reply(interaction, card(text))
        return
    content = await services[ContentService].of_dojo(dojo)
    nobody = discord.AllowedMentions.none()
    number = nonce("dojo-card", interaction.id)
    try:
        message = await posted(channel, number, view=dojo_card(content), allowed_mentions=nobody)
    except DISCORD_FAILURES as error:
        log.info("the card of a dojo cannot be posted: %s", type(error).__name__)
        await reply(interaction, card(f"Discord did not take the card. Try again, or {check}."))
        return
    text = f"📌 The card is in <#{dojo.channel_id}>, pinned."
    try:
        await message.pin()
    except DISCORD_FAILURES as error:
        log.info("the card of a dojo cannot be pinned: %s", type(error).__name__)
        text = (
            f"The card is in <#{dojo.channel_id}>. I may not pin it: do that from its menu, or"
            " give me **Pin Messages** and post it again."
        )
    await reply(interaction, card(text))


@DOJO_QUESTION.pressed
async def give_dojo_question(interaction: Interaction, phase: str) -> None:
    """Give a question of the phase, for everybody; in private while someone is being coached."""
    place = await place_of(interaction)
    await give_question(interaction, place, Phase(phase), private=place.is_coaching)


@DOJO_ROUND.pressed
async def start_round(interaction: Interaction) -> None:
    """Offer the last group again, or say how people are named."""
    await ask_who(interaction)


@DOJO_HELP.pressed
async def show_help(interaction: Interaction) -> None:
    """Show in private what this person can do here."""
    await reply(interaction, await help_card(interaction))
