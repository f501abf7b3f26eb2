"""What every button and command of rounds begins with: which round is meant, and who is who."""

from __future__ import annotations

from bot.content.model.content import Content
from bot.kit.discord.interactions import Interaction, services_of
from bot.kit.discord.text import joined
from bot.rounds.model.refusals import NoRound
from bot.rounds.model.round import Role, Round, Seat
from bot.rounds.service.steering import RoundService
from bot.rounds.ui.words import ROLE

MOST_NAMED = 25
"""People named one by one on a card; of more, the others are counted."""


def rounds_of(interaction: Interaction) -> RoundService:
    """The bot's rounds."""
    return services_of(interaction).rounds


def is_private(interaction: Interaction) -> bool:
    """Whether what was clicked is seen by nobody else."""
    return interaction.message is not None and interaction.message.flags.ephemeral


def round_here(interaction: Interaction) -> Round:
    """The round of this room. Raises NoRound, which knows where the person's own round is."""
    kept = rounds_of(interaction).kept
    round_ = kept.in_room(interaction.channel_id)
    if round_ is not None:
        return round_
    own = kept.of_person(interaction.user.id)
    raise NoRound(room_id=own.room_id if own else None)


async def content_of(interaction: Interaction, round_: Round) -> Content:
    """The words of the round's dojo; the shipped ones if it is a dojo no longer."""
    services = services_of(interaction)
    dojo = services.rounds.dojo_of(round_)
    if dojo is None:
        return services.contents.for_locale(str(interaction.locale))
    return await services.contents.of_dojo(dojo)


async def round_here_or_own(interaction: Interaction) -> Round:
    """The round of this room, also when it is over, or else the one the person is in elsewhere.

    Raises NoRound.
    """
    services = services_of(interaction)
    kept, desk = services.rounds.kept, services.debriefs.desk
    own = kept.of_person(interaction.user.id)
    here = await desk.in_room(interaction.channel_id)
    if here is not None and (own is None or here.takes_part(interaction.user.id)):
        return here
    if own is None:
        raise NoRound
    return own


def mention(user_id: int | None) -> str:
    """A person, so that everybody sees who it is; nobody is notified by that alone."""
    return f"<@{user_id}>" if user_id else "somebody who has been forgotten"


def group_lines(round_: Round) -> list[str]:
    """Who does what, a line for each role."""
    lines: list[str] = []
    for role, seat in ((Role.COACH, round_.coach), (Role.CLIENT, round_.client)):
        emoji, name = ROLE[role]
        lines.append(f"{emoji} **{name}** {_person(seat)}")
    emoji, name = ROLE[Role.OBSERVER]
    observers = round_.observers
    named = [_person(seat) for seat in observers[:MOST_NAMED]]
    if len(observers) > MOST_NAMED:
        named.append(f"{len(observers) - MOST_NAMED} more")
    if named:
        plural = "s" if len(observers) > 1 else ""
        lines.append(f"{emoji} **{name}{plural}** {joined(named)}")
    elif round_.format.most > 2:
        lines.append(f"{emoji} **{name}** nobody")
    if round_.is_open and round_.invited:
        asked = joined(mention(seat.user_id) for seat in round_.invited[:MOST_NAMED])
        lines.append(f"⏳ **Asked to observe** {asked}. **My role now** lets you answer.")
    return lines


def _person(seat: Seat | None) -> str:
    if seat is None:
        return "nobody"
    if not seat.is_here:
        return f"{mention(seat.user_id)} (has left)"
    return mention(seat.user_id) + (" (away)" if seat.away_since else "")
