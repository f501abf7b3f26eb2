"""Starting a round: who, which format, where; and a way on when something is in the way."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import discord
from discord import app_commands

from bot.domain.content import Content
from bot.domain.dojos import Dojo
from bot.domain.errors import (
    Busy,
    DojoUnknown,
    FormatUnknown,
    FormatUnsuitable,
    GroupFaulty,
    LacksRight,
)
from bot.domain.formats import Format, nearest_for
from bot.domain.round_moves import group
from bot.domain.rounds import RoomKind, Seat
from bot.services.round_proposals import Room, all_can_be_named
from bot.ui.components import DojoButton, card, row
from bot.ui.interactions import (
    Interaction,
    View,
    bot_is_here,
    client_of,
    person_of,
    redraw,
    reply,
    services_of,
)
from bot.ui.round_agreement import BeginNow, Change, format_label
from bot.ui.round_steps import mention
from bot.ui.texts import cut, joined, safe

log = logging.getLogger(__name__)

THREAD_NAME = 100
TOO_MANY_THREADS = 160006
"""A server can have a thousand that are not put away."""
ONE_DAY = 1440
"""Minutes after which Discord puts a quiet thread away."""
_PEOPLE = r"[A-Za-z0-9_-]{22,55}"


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
        raw = b"".join(user_id.to_bytes(8, "big") for user_id in self.people)
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    @classmethod
    def unpacked(cls, people: str, format_id: str) -> Proposal:
        """The proposal that a button carries."""
        raw = base64.urlsafe_b64decode(people + "=" * (-len(people) % 4))
        ids = [int.from_bytes(raw[at : at + 8], "big") for at in range(0, len(raw), 8)]
        return cls(ids[0], ids[1], tuple(ids[2:]), format_id)


async def start_round(
    interaction: Interaction, proposal: Proposal, names: Sequence[str] = ()
) -> None:
    """Ask people into a round, in a room of its own; the person learns where it is.

    `names` of coach and client go into the room's name, where they are known. When somebody is in
    another running round, or the format is for another number of people, the answer offers what can
    be done about it.
    """
    dojo, content = await dojo_here(interaction)
    seats = group(proposal.coach, proposal.client, proposal.observers)
    format_ = _format_for(content, dojo, proposal, len(seats))
    if proposal.format_id:
        # What was typed may be a name, and longer than a button can carry.
        proposal = replace(proposal, format_id=format_.id)
    rounds = services_of(interaction).rounds
    opens_thread = _opens_thread(interaction)
    room_id = None if opens_thread else interaction.channel_id
    # A button is answered in its own place, so that nobody presses it for a second round.
    is_button = interaction.type is discord.InteractionType.component
    answer = redraw if is_button else reply
    try:
        await rounds.check_can_propose(dojo, format_, seats, room_id)
    except Busy as busy:
        await answer(interaction, _busy_card(interaction, proposal, busy))
        return
    except FormatUnsuitable as error:
        if not error.nearest_id:
            raise
        await answer(interaction, _unsuitable_card(proposal, error))
        return
    await interaction.response.defer(ephemeral=True, thinking=not is_button)
    room, missed = await _open_room(interaction, seats, format_, names)
    try:
        round_ = await rounds.propose(
            dojo,
            room,
            format_,
            seats,
            person_of(interaction),
            in_voice=_in_voice(interaction),
        )
    except Exception:
        await _put_away(interaction, room)
        raise
    where = "here" if room.channel_id == interaction.channel_id else f"in <#{room.channel_id}>"
    note = f"\n⚠️ I could not bring {joined(map(mention, missed))} into the room." if missed else ""
    if room.kind is RoomKind.HERE:
        check = client_of(interaction).mention_command("dojo check")
        note += f"\n-# I cannot open a thread for it here; {check} says what that needs."
    buttons: list[DojoButton] = []
    if room.kind is RoomKind.PRIVATE_THREAD and round_.seat_of(interaction.user.id) is None:
        # The thread is closed to whoever starts a round for others: what is theirs to do is here.
        where = f"in a private thread with {joined(mention(seat.user_id) for seat in seats)}"
        buttons = [BeginNow(round_.id), Change(round_.id)]
    await answer(
        interaction,
        card(
            f"🤝 The agreement for **{safe(round_.format.name)}** is {where}. The round begins when"
            f" all have answered, or when you press **Begin now**.{note}",
            *([row(*buttons)] if buttons else []),
        ),
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
    found = [
        format_
        for format_ in content.formats.values()
        if typed.strip().casefold() in f"{format_.id} {format_label(format_)}".casefold()
    ]
    return [
        app_commands.Choice(name=cut(format_label(format_), 100), value=format_.id)
        for format_ in found[:25]
    ]


# Where


async def dojo_here(interaction: Interaction) -> tuple[Dojo, Content]:
    """The dojo of this place. Raises DojoUnknown."""
    services = services_of(interaction)
    dojo = services.dojos.find(*_channels(interaction)) if bot_is_here(interaction) else None
    if dojo is None and bot_is_here(interaction):
        dojo = _dojo_of_voice(interaction)
    if dojo is None:
        raise DojoUnknown(interaction.channel_id or 0)
    return dojo, await services.contents.of_dojo(dojo)


def _channels(interaction: Interaction) -> tuple[int | None, ...]:
    channel = interaction.channel
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    return (interaction.channel_id, parent)


def _dojo_of_voice(interaction: Interaction) -> Dojo | None:
    """The dojo a voice channel serves: one of its category, or the only one of the server."""
    channel, guild = interaction.channel, interaction.guild
    if guild is None or not isinstance(channel, discord.VoiceChannel | discord.StageChannel):
        return None
    dojos = services_of(interaction).dojos.of_guild(guild.id)
    category = channel.category_id
    for dojo in dojos:
        home = guild.get_channel(dojo.channel_id)
        if category is not None and home is not None and home.category_id == category:
            return dojo
    return dojos[0] if len(dojos) == 1 else None


def _opens_thread(interaction: Interaction) -> bool:
    """Whether a round started here gets a thread of its own."""
    rights = interaction.app_permissions
    may_open = rights.create_private_threads or rights.create_public_threads
    is_text = isinstance(interaction.channel, discord.TextChannel)
    return is_text and may_open and rights.send_messages_in_threads and rights.view_channel


async def _open_room(
    interaction: Interaction, seats: Sequence[Seat], format_: Format, names: Sequence[str]
) -> tuple[Room, tuple[int, ...]]:
    """The room of a new round, and who could not be brought in.

    Raises LacksRight where nothing can be posted.
    """
    channel, rights = interaction.channel, interaction.app_permissions
    guild_id = interaction.guild_id or 0
    if _opens_thread(interaction) and isinstance(channel, discord.TextChannel):
        name = "Practice · " + " & ".join(names) if names else "Practice round"
        # Whom the command cannot name has to see the card to join.
        needs_others = not all_can_be_named(format_) and rights.create_public_threads
        is_private = rights.create_private_threads and not needs_others
        try:
            return await _open_thread(channel, seats, cut(name, THREAD_NAME), is_private=is_private)
        except discord.HTTPException as error:
            if error.code != TOO_MANY_THREADS:
                raise
            log.info("no thread for a round: there are too many")
    in_thread = isinstance(channel, discord.Thread)
    may_send = rights.send_messages_in_threads if in_thread else rights.send_messages
    missing = [] if rights.view_channel else ["View Channel"]
    if not may_send:
        missing.append("Send Messages in Threads" if in_thread else "Send Messages")
    if missing:
        raise LacksRight(tuple(missing))
    kind = RoomKind.HERE
    if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
        kind = RoomKind.VOICE
    elif isinstance(channel, discord.Thread):
        kind = RoomKind.PRIVATE_THREAD if channel.is_private() else RoomKind.PUBLIC_THREAD
    return Room(guild_id, interaction.channel_id or 0, kind), ()


async def _open_thread(
    channel: discord.TextChannel, seats: Sequence[Seat], name: str, *, is_private: bool
) -> tuple[Room, tuple[int, ...]]:
    kind = discord.ChannelType.private_thread if is_private else discord.ChannelType.public_thread
    thread = await channel.create_thread(
        name=name,
        type=kind,
        auto_archive_duration=ONE_DAY,
        # Those who are in a private one can let a late observer in.
        invitable=True,
    )
    missed: list[int] = []
    for seat in seats:
        if seat.user_id is None:
            continue
        try:
            await thread.add_user(discord.Object(seat.user_id))
        except discord.HTTPException as error:
            log.info("somebody cannot be brought into the thread: %s", error)
            missed.append(seat.user_id)
    room_kind = RoomKind.PRIVATE_THREAD if is_private else RoomKind.PUBLIC_THREAD
    return Room(channel.guild.id, thread.id, room_kind), tuple(missed)


async def bring_in(interaction: Interaction, user_id: int) -> None:
    """Let somebody into this thread, as far as that is possible and needed."""
    if not isinstance(interaction.channel, discord.Thread):
        return
    try:
        await interaction.channel.add_user(discord.Object(user_id))
    except discord.HTTPException as error:
        log.info("somebody cannot be brought into the thread: %s", error)


async def _put_away(interaction: Interaction, room: Room) -> None:
    """Remove a thread that was opened for a round which did not come about."""
    if room.channel_id == interaction.channel_id or interaction.guild is None:
        return
    thread = interaction.guild.get_thread(room.channel_id)
    if thread is not None:
        try:
            await thread.delete()
        except discord.HTTPException as error:
            log.info("a thread without a round stays: %s", error)


def _in_voice(interaction: Interaction) -> frozenset[int]:
    channel = interaction.channel
    if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
        return frozenset(channel.voice_states)
    return frozenset()


# Which format


def format_named(content: Content, named: str) -> Format:
    """A format by its id, or by its name where somebody typed it. Raises FormatUnknown."""
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


def _busy_card(interaction: Interaction, proposal: Proposal, busy: Busy) -> View:
    listed = "\n".join(f"- {mention(user)} in <#{room}>" for user, room in busy.rooms.items())
    me = interaction.user.id
    without = tuple(one for one in proposal.observers if one not in busy.rooms)
    buttons: list[DojoButton] = []
    if set(busy.rooms) == {me}:
        buttons.append(StartAgain("own", proposal.packed(), proposal.format_id))
    elif set(busy.rooms) <= set(proposal.observers):
        fewer = replace(proposal, observers=without)
        buttons.append(StartAgain("few", fewer.packed(), fewer.format_id))
    return card(
        f"A person can be in one running round. In another one now:\n{listed}",
        row(*buttons) if buttons else "Choose somebody else for that seat, or wait for the end.",
    )


def _unsuitable_card(proposal: Proposal, error: FormatUnsuitable) -> View:
    people = str(error.fewest) if error.fewest == error.most else f"{error.fewest}–{error.most}"
    return card(
        f"**{safe(error.format_name)}** is for {people} people; you are {error.people}."
        f" **{safe(error.nearest_name)}** is the nearest that suits.",
        row(StartAgain("fit", proposal.packed(), error.nearest_id, name=error.nearest_name)),
    )


class StartAgain(
    DojoButton,
    template=rf"ask:(?P<how>own|few|fit):(?P<people>{_PEOPLE}):(?P<format_id>[a-z0-9-]{{0,30}})",
):
    """Starts a round once more, with what was in the way taken care of."""

    def __init__(self, how: str, people: str, format_id: str, *, name: str = "") -> None:
        self.how = how
        self.proposal = Proposal.unpacked(people, format_id)
        label = {
            "own": "Leave that one and start this one",
            "few": "Start without them",
            "fit": f"Start with {name}",
        }[how]
        primary = discord.ButtonStyle.primary
        super().__init__(f"ask:{how}:{people}:{format_id}", cut(label, 34), style=primary)

    async def pressed(self, interaction: Interaction) -> None:
        """Leave the own other round where that was the choice, and start."""
        rounds = services_of(interaction).rounds
        person = person_of(interaction)
        other = rounds.kept.of_person(person.user_id)
        if self.how == "own" and other is not None:
            await rounds.leave(other.id, person)
        await start_round(interaction, self.proposal)
