"""Starting a round: who, which format, where; and a way on when something is in the way."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import discord
from discord import app_commands

from bot.content.model.content import Content
from bot.content.model.formats import Format, nearest_for
from bot.content.model.refusals import FormatUnknown
from bot.dojos.model.dojo import Dojo
from bot.dojos.model.refusals import DojoUnknown
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.kit.discord.answers import defer, redraw, reply
from bot.kit.discord.cards import Component, card, row
from bot.kit.discord.explain import explain
from bot.kit.discord.interactions import (
    Interaction,
    View,
    bot_is_here,
    channel_ids,
    client_of,
    person_of,
    services_of,
)
from bot.kit.discord.text import cut, joined, safe, span
from bot.kit.requests.unreachable import says_person_is_gone
from bot.rounds.actions import BEGIN, CALL_OFF, CHANGE, START_AGAIN
from bot.rounds.model.asking import asked_people
from bot.rounds.model.moves import group
from bot.rounds.model.refusals import (
    AskedOften,
    Busy,
    CannotBeAsked,
    FormatUnsuitable,
    GroupFaulty,
    HasProposal,
    NoRound,
)
from bot.rounds.model.round import RoomKind, Round
from bot.rounds.model.rules import people_needed
from bot.rounds.service.invitations import Invitations
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.people import RoundPeople
from bot.rounds.service.proposing import NAMED_AT_MOST, RoundProposing
from bot.rounds.ui.beginning.changes import format_label
from bot.rounds.ui.beginning.opening import (
    asking_channel,
    check_may_write,
    check_may_write_in,
    in_voice,
    open_room,
    opens_thread,
    put_away,
)
from bot.rounds.ui.shared import mention
from bot.rounds.ui.words import ROLE


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who is asked into which round."""

    coach: int
    client: int
    observers: tuple[int, ...] = ()
    format_id: str = ""
    """Empty for the usual format of the dojo, or the nearest that suits."""

    @property
    def people(self) -> tuple[int, ...]:
        """Everybody, coach first, then client."""
        return (self.coach, self.client, *self.observers)

    def packed(self) -> str:
        """The people as text that fits into a button."""
        raw = struct.pack(f">{len(self.people)}Q", *self.people)
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    @classmethod
    def unpacked(cls, people: str, format_id: str) -> Proposal:
        """The proposal that a button carries. Raises NoRound for one that nobody has made."""
        try:
            raw = base64.urlsafe_b64decode(people + "=" * (-len(people) % 4))
        except ValueError:
            raise NoRound(is_over=True) from None
        if len(raw) not in range(8 * 2, 8 * NAMED_AT_MOST + 1, 8):
            raise NoRound(is_over=True)
        coach, client, *observers = struct.unpack(f">{len(raw) // 8}Q", raw)
        return cls(coach, client, tuple(observers), format_id)


async def start_round(
    interaction: Interaction, proposal: Proposal, names: Sequence[str] = ()
) -> None:
    """Ask people into a round, in a room of its own; the person learns where it is.

    `names` of coach and client go into the room's name, where only its people see it. When
    a person cannot be asked, or the format is for another number of people, the answer offers what
    can be done about it. Raises MayNotWrite where the person may not write themselves.
    """
    dojo, content = await dojo_here(interaction)
    check_may_write(interaction)
    check_may_write_in(interaction, dojo)
    seats = group(proposal.coach, proposal.client, proposal.observers)
    format_ = _format_for(content, dojo, proposal, len(seats))
    if proposal.format_id:
        # What was typed may be a name, and longer than a button can carry.
        proposal = replace(proposal, format_id=format_.id)
    services, starter = services_of(interaction), person_of(interaction)
    room_id = None if opens_thread(interaction) else interaction.channel_id
    # A button is answered in its own place, so that nobody presses it for a second round.
    is_button = interaction.type is discord.InteractionType.component
    answer = redraw if is_button else reply
    try:
        await services[RoundProposing].check_can_propose(dojo, format_, seats, starter, room_id)
    except (Busy, CannotBeAsked, AskedOften) as error:
        await answer(interaction, _unasked_card(interaction, proposal, error))
        return
    except HasProposal as error:
        await answer(interaction, _has_proposal_card(interaction, error))
        return
    except FormatUnsuitable as error:
        if not error.nearest_id:
            raise
        await answer(interaction, _unsuitable_card(proposal, error))
        return
    await defer(interaction, ephemeral=True, thinking=not is_button)
    goes_in = dojo.is_facilitator(starter) or starter.user_id in proposal.people
    room, is_missed = await open_room(
        interaction, format_, names, brought=starter.user_id if goes_in else None
    )
    try:
        round_ = await services[RoundProposing].propose(
            dojo,
            room,
            format_,
            seats,
            starter,
            in_voice=in_voice(interaction),
            asking_channel_id=asking_channel(interaction, dojo, room),
        )
    except Exception:
        await put_away(interaction, room)
        raise
    services_of(interaction)[Invitations].ask(round_)
    note = "\n⚠️ I could not add you to that room. Open it by its link." if is_missed else ""
    await answer(interaction, _started_card(interaction, round_, note, goes_in=goes_in))


async def ask_who(interaction: Interaction, format_id: str = "") -> None:
    """Offer the last group again, roles rotated; else say how people are named."""
    dojo, content = await dojo_here(interaction)
    command = client_of(interaction).mention_command("round start")
    how = f"Name a coach and a client, and up to three observers, with {command}."
    found = await services_of(interaction)[RoundProposing].last_group(dojo, person_of(interaction))
    if found is None:
        await reply(interaction, card(f"**Who practises?** {how}"))
        return
    last, seats = found
    coach, client, *observers = (seat.user_id or 0 for seat in seats)
    # A format that is not the dojo's any more gives way to its usual one.
    chosen = format_named(content, format_id).id if format_id else last.id
    known = chosen if chosen in content.formats else ""
    proposal = Proposal(coach, client, tuple(observers), known)
    listed = "\n".join(
        f"{ROLE[seat.role][0]} {mention(seat.user_id)} · {seat.role}" for seat in seats
    )
    await reply(
        interaction,
        card(
            f"**Who practises?** The last group, roles rotated:\n{listed}",
            row(start_again_button("last", proposal, "Ask them again", emoji="🔄")),
            f"-# Each of them is asked. Or others: {how}",
        ),
    )


def _started_card(interaction: Interaction, round_: Round, note: str, *, goes_in: bool) -> View:
    """Where the round is, how its people are asked, and what the starter can do from here."""
    is_here = round_.room_id == interaction.channel_id
    where = "here" if is_here else f"in <#{round_.room_id}>"
    if round_.room is RoomKind.HERE:
        check = client_of(interaction).mention_command("dojo check")
        note += f"\n-# I cannot open a thread for it here; {check} says what that needs."
    buttons: list[Component] = []
    if round_.room is RoomKind.PRIVATE_THREAD and not goes_in:
        # The thread is closed to who starts a round for others: what is theirs to do is here.
        where = "in a private thread of its people"
        stands = client_of(interaction).mention_command("round now")
        note += f"\n-# Once it has begun, {stands} here shows how it stands."
        buttons = [BEGIN.button(round_id=round_.id), CHANGE.button(round_id=round_.id)]
    asks = ""
    if round_.asking_channel_id is not None:
        asked = joined(mention(seat.user_id) for seat in asked_people(round_))
        asks = f" I ask {asked} in <#{round_.asking_channel_id}>; a yes adds them to the room."
    begins = "The round begins when all have answered, or when you press **Begin now**."
    if people_needed(round_):
        begins = (
            f"It begins when at least {round_.format.fewest} people have agreed; you are"
            f" {len(round_.here)}. More press **Join as observer** on its card."
        )
    return card(
        f"🤝 The agreement for **{safe(round_.format.name)}** is {where}.{asks} {begins}{note}",
        row(*buttons),
    )


def check_people(people: Iterable[discord.User | discord.Member]) -> None:
    """Raises GroupFaulty for bots, and for people who are not on this server."""
    people = list(people)
    bots = tuple(one.id for one in people if one.bot)
    if bots:
        raise GroupFaulty("bot", bots)
    strangers = tuple(one.id for one in people if not isinstance(one, discord.Member))
    if strangers:
        raise GroupFaulty("not here", strangers)


async def suggested_formats(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The dojo's formats that contain what was typed, with minutes and people."""
    _, content = await dojo_here(interaction)
    wanted = typed.strip().casefold()
    labels = {one.id: format_label(one) for one in content.formats.values()}
    found = [
        app_commands.Choice(name=cut(label, 100), value=format_id)
        for format_id, label in labels.items()
        if wanted in f"{format_id} {label}".casefold()
    ]
    return found[:25]


# Where


async def dojo_here(interaction: Interaction) -> tuple[Dojo, Content]:
    """The dojo of this place. Raises DojoUnknown."""
    services, dojo = services_of(interaction), None
    if bot_is_here(interaction):
        dojo = services[DojoService].find(*channel_ids(interaction)) or _dojo_of_voice(interaction)
    if dojo is None:
        raise DojoUnknown(interaction.channel_id or 0)
    return dojo, await services[ContentService].of_dojo(dojo)


def _dojo_of_voice(interaction: Interaction) -> Dojo | None:
    """The dojo a voice channel serves: one of its category, or the only one of the server."""
    channel, guild = interaction.channel, interaction.guild
    if guild is None or not isinstance(channel, discord.VoiceChannel | discord.StageChannel):
        return None
    dojos = services_of(interaction)[DojoService].of_guild(guild.id)
    category = channel.category_id
    for dojo in dojos:
        home = guild.get_channel(dojo.channel_id)
        if category is not None and home is not None and home.category_id == category:
            return dojo
    return dojos[0] if len(dojos) == 1 else None


# Which format


def format_named(content: Content, named: str) -> Format:
    """A format by its id, or by its name as people type it. Raises FormatUnknown."""
    known = content.formats.get(named)
    if known is not None:
        return known
    typed = named.strip().casefold()
    for format_ in content.formats.values():
        if typed in (format_.name.casefold(), format_.id.casefold()):
            return format_
    raise FormatUnknown(named)


def _format_for(content: Content, dojo: Dojo, proposal: Proposal, people: int) -> Format:
    if proposal.format_id:
        return format_named(content, proposal.format_id)
    usual = content.format_or_default(dojo.settings.format_id)
    if usual.suits_count(people):
        return usual
    return nearest_for(content.formats.values(), people, like=usual) or usual


# When something is in the way


def _unasked_card(
    interaction: Interaction, proposal: Proposal, error: Busy | CannotBeAsked | AskedOften
) -> View:
    """Who cannot be asked now, and the way on where there is one."""
    me = interaction.user.id
    people = set(error.rooms) if isinstance(error, Busy) else set(error.user_ids)
    buttons: list[Component] = []
    if people == {me}:
        buttons.append(start_again_button("own", proposal, "Leave that one and start this one"))
    elif people <= set(proposal.observers):
        without = tuple(one for one in proposal.observers if one not in people)
        fewer = replace(proposal, observers=without)
        buttons.append(start_again_button("few", fewer, "Start without them"))
    if not isinstance(error, Busy):
        return card(explain(error, client_of(interaction).mention_command), row(*buttons))
    listed = "\n".join(
        f"- {mention(user_id)}" + (f" in <#{room}>" if room is not None else "")
        for user_id, room in error.rooms.items()
    )
    return card(
        f"A person can be in one running round. In another one now:\n{listed}",
        row(*buttons) if buttons else "Choose somebody else for that seat, or wait for the end.",
    )


def _has_proposal_card(interaction: Interaction, error: HasProposal) -> View:
    """Where the starter's other round is, and how to take it back."""
    other = services_of(interaction)[LiveRounds].find(error.round_id)
    # What is of another server is done there.
    is_of_here = other is not None and other.guild_id == interaction.guild_id
    call_off = row(CALL_OFF.button(round_id=error.round_id)) if is_of_here else ""
    return card(explain(error, client_of(interaction).mention_command), call_off)


def _unsuitable_card(proposal: Proposal, error: FormatUnsuitable) -> View:
    nearest = replace(proposal, format_id=error.nearest_id)
    return card(
        f"**{safe(error.format_name)}** is for {span(error.fewest, error.most)} people;"
        f" you are {error.people}. **{safe(error.nearest_name)}** is the nearest that suits.",
        row(start_again_button("fit", nearest, f"Start with {error.nearest_name}")),
    )


def start_again_button(how: str, proposal: Proposal, label: str, *, emoji: str = "") -> Component:
    """The button that starts a round again, with what was in the way taken care of."""
    people, format_id = proposal.packed(), proposal.format_id
    return START_AGAIN.button(
        how=how, people=people, format_id=format_id, label=cut(label, 34), emoji=emoji
    )


@START_AGAIN.pressed
async def start_again(interaction: Interaction, how: str, people: str, format_id: str) -> None:
    """Leave the own other round where that was the choice, and start.

    The people that the button names are looked up again: they may have left the server by now.
    """
    proposal = Proposal.unpacked(people, format_id)
    await _check_are_here(interaction, proposal.people)
    services, person = services_of(interaction), person_of(interaction)
    other = services[LiveRounds].of_person(person.user_id)
    if how == "own" and other is not None:
        await services[RoundPeople].leave(other.id, person)
    await start_round(interaction, proposal)


async def _check_are_here(interaction: Interaction, people: Iterable[int]) -> None:
    """Raises GroupFaulty for bots, and for people who are not on this server."""
    guild = interaction.guild
    if guild is None:
        raise DojoUnknown(interaction.channel_id or 0)
    found: list[discord.Member] = []
    strangers: list[int] = []
    for user_id in people:
        try:
            found.append(guild.get_member(user_id) or await guild.fetch_member(user_id))
        except discord.HTTPException as error:
            if not says_person_is_gone(error):
                raise
            strangers.append(user_id)
    if strangers:
        raise GroupFaulty("not here", tuple(strangers))
    check_people(found)
