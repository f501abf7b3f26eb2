"""Finds out which round `/feedback` is about."""

from __future__ import annotations

from discord import app_commands

from bot.feedback.model.refusals import NothingToShow
from bot.feedback.model.sheets import coaches
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.ui.client_rounds import round_label
from bot.kit.clicks.gate import LARGEST_ID, admit
from bot.kit.discord.interactions import Interaction, person_of, services_of
from bot.kit.discord.text import cut
from bot.rounds.model.refusals import NoRound
from bot.rounds.model.round import Round
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.live import LiveRounds

MOST_SUGGESTED = 25


async def round_of_feedback(interaction: Interaction) -> int | None:
    """The round of this room if the person has a part in it, or else the last one they coached.

    None for a person who has not coached, and was the client of another round. Raises NoRound if
    theirs is elsewhere, and NothingToShow if they have neither coached nor been the client yet.
    """
    services, user_id = services_of(interaction), interaction.user.id
    access = services[FeedbackAccess]
    here = await access.in_room(interaction.channel_id) if interaction.guild_id else None
    if here is not None and any(seat.user_id == user_id for seat in coaches(here)):
        return here.id
    if here is not None and (here.takes_part(user_id) or _was_client(here, user_id)):
        return here.id
    mine = await access.coached_by(user_id, 1)
    if mine:
        return mine[0].id
    if here is not None and services[RoundAccess].facilitates(here, person_of(interaction)):
        return here.id
    if await services[FeedbackAccess].as_client(user_id, 1):
        return None
    own = services[LiveRounds].of_person(user_id)
    if own is not None:
        raise NoRound(room_id=own.room_id)
    raise NothingToShow("own feedback")


async def read_round_id(interaction: Interaction, text: str) -> int:
    """The round that was chosen from the list. Raises NoRound for anything else."""
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST_ID):
        raise NoRound(is_over=True)
    await admit(interaction, {"round_id": text}, is_own=True)
    return int(text)


async def suggested_rounds(
    interaction: Interaction, current: str
) -> list[app_commands.Choice[str]]:
    """The person's rounds as coach and as client, the latest first: when, and which format."""
    services, user_id = services_of(interaction), interaction.user.id
    coached = await services[FeedbackAccess].coached_by(user_id, MOST_SUGGESTED)
    client = await services[FeedbackAccess].as_client(user_id, MOST_SUGGESTED)
    named = {round_.id: round_label(interaction, round_) for round_ in coached}
    for round_ in client:
        label = round_label(interaction, round_)
        named[round_.id] = f"{label} · {'coach and ' if round_.id in named else 'as '}client"
    choices = [
        app_commands.Choice(name=cut(name, 100), value=str(round_id))
        for round_id, name in sorted(named.items(), reverse=True)
    ]
    wanted = current.casefold()
    return [choice for choice in choices if wanted in choice.name.casefold()][:MOST_SUGGESTED]


def _was_client(round_: Round, user_id: int) -> bool:
    seat = round_.seat_of(user_id)
    return seat is not None and seat.was_client
