"""A round that all have agreed to, and whose format is for more people: whether to begin."""

from __future__ import annotations

from bot.content.model.formats import minutes
from bot.kit.discord.answers import defer, reply
from bot.kit.discord.cards import card
from bot.kit.discord.interactions import Interaction, person_of, services_of
from bot.kit.discord.text import safe, span
from bot.rounds.actions import BEGIN_WITH_FEWER
from bot.rounds.model.round import Round
from bot.rounds.model.rules import lacks_people
from bot.rounds.service.proposing import RoundProposing
from bot.rounds.ui.shared import mention


def fewer_texts(round_: Round) -> list[str]:
    """That everybody has agreed, and what the person who started it can do."""
    if not lacks_people(round_):
        return []
    people, format_ = len(round_.here), round_.format
    starter = round_.starter_user_id
    # The mention lets the card call them.
    who = f"{mention(starter)}: all" if starter else "All"
    suits = f"{safe(format_.name)} is for {span(format_.fewest, format_.most)} people"
    taken = f"the nearest format for {people} is taken"
    asks = f"**{who} others have agreed. Begin with {people}?**"
    return [f"{asks} {suits}; {taken}. More can join until then."]


@BEGIN_WITH_FEWER.pressed
async def begin_with_fewer(interaction: Interaction, round_id: int) -> None:
    """Begin with the nearest format, for the person who started it and for facilitators."""
    await defer(interaction)
    round_ = await services_of(interaction)[RoundProposing].begin_with_fewer(
        round_id, person_of(interaction)
    )
    if round_.has_begun:
        return
    format_ = round_.format
    await reply(
        interaction,
        card(
            f"📋 **{safe(format_.name)}** takes {minutes(format_.total)} min, longer than"
            " agreed, so the others are asked again. It begins once they have agreed."
        ),
    )
