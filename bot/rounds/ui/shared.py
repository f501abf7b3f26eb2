"""What every button and command of rounds begins with: which round is meant, and who is who."""

from __future__ import annotations

from contextlib import suppress

from bot.content.model.content import Content
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.kit.clicks.gate import guards, is_of, lets_through
from bot.kit.discord.interactions import Interaction, client_of, person_of, services_of
from bot.kit.discord.text import joined
from bot.kit.refusals import DojoError, NotHere
from bot.rounds.model.refusals import NoRound
from bot.rounds.model.round import Role, RoomKind, Round, Seat
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.invitations import Invitations
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.people import RoundPeople
from bot.rounds.ui.words import ROLE

MOST_NAMED = 25
"""People named one by one on a card; of more, the others are counted."""


def round_here(interaction: Interaction) -> Round:
    """The round of this room. Raises NoRound, which knows where the person's own round is."""
    live = services_of(interaction)[LiveRounds]
    round_ = live.in_room(interaction.channel_id)
    if round_ is not None:
        return round_
    own = live.of_person(interaction.user.id)
    raise NoRound(room_id=own.room_id if own else None)


def round_here_or_left(interaction: Interaction) -> Round:
    """The round of this room; elsewhere one that the person is asked into, or was, or started.

    Who has left it, waits to observe it, has not agreed or only started it does not read its room
    and so cannot look there. Raises NoRound.
    """
    try:
        return round_here(interaction)
    except NoRound as error:
        if error.room_id is not None:
            raise
        services, user_id = services_of(interaction), interaction.user.id
        here = [
            one
            for one in services[LiveRounds].all()
            if one.guild_id == interaction.guild_id and one.is_open
        ]
        asked = [one for one in here if _is_asked(one, user_id)]
        out = [one for one in here if is_out_of(one, user_id)]
        named = [one for one in here if user_id in services[Invitations].named(one)]
        started = [one for one in here if one.is_host(user_id) and one.gathering_id is None]
        found = asked or out or named or started
        if not found:
            raise
        return max(found, key=lambda one: one.id)


def _is_asked(round_: Round, user_id: int) -> bool:
    """Whether a person has a seat in a round that is not running with them."""
    seat = round_.seat_of(user_id)
    return seat is not None and seat.is_here and not (round_.has_begun and round_.is_in(seat))


def is_out_of(round_: Round, user_id: int) -> bool:
    """Whether a person has left a round that goes on in a private room, or waits to observe it.

    Not at evenings: their way back is the card of the evening.
    """
    if not round_.has_begun or round_.gathering_id is not None:
        return False
    seat, waits = round_.seat_of(user_id), round_.waits_for(user_id)
    is_out = seat is not None and not seat.is_here
    is_out = is_out or (waits is not None and not waits.has_gone)
    return is_out and round_.room is RoomKind.PRIVATE_THREAD


def may_come(interaction: Interaction, round_: Round) -> bool:
    """Whether a person may ask to observe a round though they do not stand in its room.

    That is for who has left it, and for who was asked into it; once the round runs, its client is
    asked. For whose seat another person was asked, it is only from then on.
    """
    user_id, invitations = interaction.user.id, services_of(interaction)[Invitations]
    if is_out_of(round_, user_id):
        return True
    is_replaced = invitations.is_replaced(round_, user_id)
    return user_id in invitations.named(round_) and (round_.has_begun or not is_replaced)


def leaves_room(interaction: Interaction, round_: Round) -> bool:
    """Whether a person who is no longer of a round, or waits for it, does not read its room."""
    services, person = services_of(interaction), person_of(interaction)
    reads_on = round_.is_host(person.user_id) or services[RoundAccess].facilitates(round_, person)
    return hides_room(interaction, round_) and not reads_on


def hides_room(interaction: Interaction, round_: Round) -> bool:
    """Whether only the people of a round read its room: a private thread that the bot opened."""
    if round_.room is not RoomKind.PRIVATE_THREAD:
        return False
    guild = interaction.guild
    thread = guild.get_thread(round_.room_id) if guild is not None else None
    return thread is None or thread.owner_id == interaction.client.user.id


def way_back(interaction: Interaction, round_: Round) -> str:
    """What a person presses who has left a round and would come back."""
    if not hides_room(interaction, round_):
        return "**My role now**"
    if round_.gathering_id is not None:
        return "**Join** on the card of the evening"
    dojo = services_of(interaction)[DojoService].by_id(round_.dojo_id)
    where = f"<#{dojo.channel_id}>" if dojo is not None else "the dojo"
    return f"{client_of(interaction).mention_command('round now')} in {where}"


async def content_of(interaction: Interaction, round_: Round) -> Content:
    """The words of the round's dojo; the shipped ones if it is a dojo no longer."""
    services = services_of(interaction)
    dojo = services[DojoService].by_id(round_.dojo_id)
    if dojo is None:
        return services[ContentService].for_locale(str(interaction.locale))
    return await services[ContentService].of_dojo(dojo)


async def round_here_or_own(interaction: Interaction) -> Round:
    """The round of this room, also when it is over, or else the one the person is in elsewhere.

    Raises NoRound.
    """
    live = services_of(interaction)[LiveRounds]
    own = live.of_person(interaction.user.id)
    here = await live.latest_in_room(interaction.channel_id)
    if here is not None and (own is None or here.takes_part(interaction.user.id)):
        return here
    if own is None:
        raise NoRound
    return own


def mention(user_id: int | None) -> str:
    """A person, so that everybody sees who it is; nobody is notified by that alone."""
    return f"<@{user_id}>" if user_id else "somebody who has been forgotten"


def starter_of(round_: Round, otherwise: str = "a person of the round") -> str:
    """The person who started a round, or else these words once they have been forgotten."""
    return mention(round_.starter_user_id) if round_.starter_user_id else otherwise


def room_link(round_: Round) -> str:
    """The address of a round's room."""
    return f"https://discord.com/channels/{round_.guild_id}/{round_.room_id}"


def group_lines(
    round_: Round,
    *,
    with_asked: bool = True,
    has_answers: bool = False,
    is_numbered: bool = False,
) -> list[str]:
    """Who does what, a line for each role; `with_asked` also who is still asked to observe.

    `has_answers`: nothing is said of how they answer, because that is on the card, or it is for
    another person. `is_numbered`: with the numbers by which a menu tells several observers apart.
    """

    def numbered(seat: Seat, person: str) -> str:
        number = observer_number(round_, seat) if is_numbered else 0
        return f"{person} ({number})" if number else person

    lines: list[str] = []
    for role, seat in ((Role.COACH, round_.coach), (Role.CLIENT, round_.client)):
        emoji, name = ROLE[role]
        lines.append(f"{emoji} **{name}** {_person(seat)}")
    emoji, name = ROLE[Role.OBSERVER]
    observers = round_.observers
    named = [numbered(seat, _person(seat)) for seat in observers[:MOST_NAMED]]
    if len(observers) > MOST_NAMED:
        named.append(f"{len(observers) - MOST_NAMED} more")
    if named:
        plural = "s" if len(observers) > 1 else ""
        lines.append(f"{emoji} **{name}{plural}** {joined(named)}")
    elif round_.format.most > 2:
        lines.append(f"{emoji} **{name}** nobody")
    if with_asked and round_.is_open and round_.invited:
        invited = round_.invited[:MOST_NAMED]
        asked = joined(numbered(seat, mention(seat.user_id)) for seat in invited)
        way = "" if has_answers else _way_to_answer(round_)
        lines.append(f"⏳ **Asked to observe** {asked}.{way}")
    return lines


def _way_to_answer(round_: Round) -> str:
    """How who is still asked answers: where they are asked, because not all read the room."""
    if round_.asking_channel_id is None:
        return " **My role now** lets you answer."
    return f" They answer in <#{round_.asking_channel_id}>."


def observer_number(round_: Round, seat: Seat) -> int:
    """Which of several observers a person is, from 1, with those who are asked; 0 for the one."""
    together = [one for one in (*round_.observers, *round_.invited) if one.role is Role.OBSERVER]
    return together.index(seat) + 1 if len(together) > 1 and seat in together else 0


def _person(seat: Seat | None) -> str:
    if seat is None:
        return "nobody"
    if not seat.is_here:
        return f"{mention(seat.user_id)} (has left)"
    return mention(seat.user_id) + (" (away)" if seat.away_since else "")


# Which rounds a click may name

# A person belongs to the round.
lets_through("person_id")


@guards("round_id")
async def _round(interaction: Interaction, round_id: int, is_own: bool) -> None:  # noqa: FBT001
    round_ = await services_of(interaction)[LiveRounds].read(round_id)
    seat = round_.seat_of(interaction.user.id)
    if seat is not None and seat.doubted_at is not None:
        # A person who presses anything of a round is still there.
        with suppress(DojoError):
            await services_of(interaction)[RoundPeople].still_here(round_id, person_of(interaction))
    if is_of(interaction, round_.guild_id):
        return
    if seat is None:
        raise NoRound(is_over=True)
    if not is_own:
        raise NotHere
