"""Which round `/feedback` is about."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

from discord import app_commands

from bot.domain.errors import NoRound, NothingToShow
from bot.domain.rounds import Round
from bot.domain.sheets import coaches
from bot.ui.gate import LARGEST_ID, admit
from bot.ui.interactions import Interaction, person_of, services_of
from bot.ui.texts import cut

MOST_SUGGESTED = 25


async def round_of_feedback(interaction: Interaction) -> int:
    """The round of this room if the person has a part in it, else the last one they coached.

    Raises NoRound when theirs is elsewhere, and NothingToShow when they have not coached yet.
    """
    services, user_id = services_of(interaction), interaction.user.id
    desk = services.debriefs.desk
    here = await desk.in_room(interaction.channel_id) if interaction.guild_id else None
    if here is not None and any(seat.user_id == user_id for seat in coaches(here)):
        return here.id
    if here is not None and here.takes_part(user_id):
        return here.id
    mine = await desk.coached_by(user_id, 1)
    if mine:
        return mine[0].id
    if here is not None and services.rounds.facilitates(here, person_of(interaction)):
        return here.id
    own = services.rounds.kept.of_person(user_id)
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
    """The person's rounds as coach: format and when, in the time zone of the dojo."""
    services = services_of(interaction)
    rounds = await services.debriefs.desk.coached_by(interaction.user.id, MOST_SUGGESTED)
    choices = [
        app_commands.Choice(name=cut(_label(interaction, one), 100), value=str(one.id))
        for one in rounds
    ]
    wanted = current.casefold()
    return [one for one in choices if wanted in one.name.casefold()]


def _label(interaction: Interaction, round_: Round) -> str:
    dojo = services_of(interaction).rounds.dojo_of(round_)
    zone = ZoneInfo(dojo.settings.time_zone) if dojo else UTC
    when = round_.proposed_at.astimezone(zone).strftime("%d %b %Y, %H:%M")
    return f"{when} · {round_.format.name}"
