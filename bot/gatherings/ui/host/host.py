"""Does in Discord what gatherings need there: cards, rooms, moves, and calls."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Collection, Sequence

import discord
from discord.ext import commands

from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.gatherings.model.gathering import Gathering, Room, Stage
from bot.gatherings.model.harvest import Plenary
from bot.gatherings.service.ports import Call, Whisper
from bot.gatherings.ui.host.board import DojoBoard
from bot.gatherings.ui.host.calls import broadcast_text, call_parts, call_text
from bot.gatherings.ui.host.channels import KnowsGatherings, RoomFinder
from bot.gatherings.ui.host.missing import MissingPermissions
from bot.gatherings.ui.host.tidying import RoomTidier
from bot.gatherings.ui.host.voice import HANGS_SECONDS, VoiceMover, people_in
from bot.gatherings.ui.host.whispers import Whisperer
from bot.kit.discord.cards import card
from bot.kit.few_at_a_time import FewAtATime
from bot.kit.requests.direct import DirectMessages
from bot.kit.requests.errors import RoomGone, RoomRefused, RoomUnreachable
from bot.kit.requests.posting import Poster, nonce
from bot.kit.requests.rate import RequestRate
from bot.kit.requests.reach import CardLost, Reach, notifying, reaching
from bot.kit.requests.rights import KEEP_OUT, SEND, may_write
from bot.kit.requests.unreachable import says_person_is_gone
from bot.kit.time.clock import Clock
from bot.rounds.model.round import RoomKind

log = logging.getLogger(__name__)

FAILURES = (RoomUnreachable, RoomRefused, RoomGone, CardLost, discord.HTTPException)
"""Everything that can come of a request."""
IN_ROOM = (Call.CALLED_BACK, Call.STILL_READ, Call.VISIT, Call.HELP_ASKED, Call.COMING)
"""Calls to a room; the others are for the dojo."""
MOST_REFUSED = 3
"""After so many people whom Discord does not let into a thread, no more are tried."""
MOST_LET_IN_AT_ONCE = 3
"""Of one room, besides those for whom it hangs."""


class DiscordHost:
    """Implements `bot.gatherings.service.ports.GatheringHost`."""

    def __init__(
        self,
        dojos: DojoService,
        contents: ContentService,
        rate: RequestRate,
        gatherings: KnowsGatherings,
        missing: MissingPermissions,
        direct: DirectMessages,
        *,
        now: Clock,
    ) -> None:
        self._dojos = dojos
        self._contents = contents
        self._gatherings = gatherings
        self._reach = Reach(rate)
        self._missing = missing
        self._board = DojoBoard(self._reach, self._missing, now)
        self._rooms = RoomFinder(self._reach, self._missing, dojos, gatherings)
        self._tidier = RoomTidier(self._reach, self._missing, self._rooms)
        self._mover = VoiceMover(self._reach, self._missing)
        self._whisperer = Whisperer(self._reach, direct)
        self._posts = Poster()
        self._refused: Counter[tuple[int, int, int]] = Counter()
        self._brought: set[tuple[int, int, int, int]] = set()
        self._readers: dict[int, set[int]] = {}
        """By thread: who was let in for a round, and is perhaps still there."""
        self._visitors: set[tuple[int, int]] = set()
        """By gathering: who was moved into a room by Visit, and may be no facilitator of it."""

    def speak_through(self, client: discord.Client) -> None:
        """Use this client from now on, and hear from it which rooms are empty or deleted."""
        self._reach.speak_through(client)
        if isinstance(client, commands.Bot):
            client.add_listener(self._voice_changed, "on_voice_state_update")
            client.add_listener(self._channel_deleted, "on_guild_channel_delete")
            client.add_listener(self._thread_deleted, "on_raw_thread_delete")

    async def close(self) -> None:
        """Stop what goes on beside everything else."""
        await self._board.close()
        await self._mover.close()

    # The card

    async def show_card(self, gathering: Gathering, plenary: Plenary | None) -> int | None:
        """See GatheringHost."""
        dojo = self._dojos.by_id(gathering.dojo_id)
        content = await self._contents.of_dojo(dojo) if dojo else self._contents.shipped("")
        return await self._board.show(gathering, content, plenary)

    # Rooms

    async def open_room(self, gathering: Gathering, number: int, *, taken: Collection[int]) -> Room:
        """See GatheringHost."""
        return await self._rooms.open(gathering, number, taken)

    async def put_away(self, gathering: Gathering) -> tuple[Room, ...]:
        """See GatheringHost; at the end of an evening everything known of it is let go, too."""
        left = await self._tidier.put_away(gathering)
        if gathering.stage is Stage.ENDED:
            self._board.forget(gathering.id)
            self._rooms.forget(gathering.id)
            self._mover.forget(gathering.id)
            self._missing.forget(gathering.id)
            self._brought = {key for key in self._brought if key[0] != gathering.id}
            self._visitors = {key for key in self._visitors if key[0] != gathering.id}
            for room in gathering.rooms:
                self._readers.pop(room.channel_id, None)
            self._refused = Counter(
                {k: n for k, n in self._refused.items() if k[0] != gathering.id}
            )
        return left

    # People

    async def bring(
        self, gathering: Gathering, room: Room, people: Sequence[int]
    ) -> tuple[int, ...]:
        """See GatheringHost; each person once, and nobody any more when the round is over."""
        new: list[int] = []
        for user_id in people:
            key = (gathering.id, gathering.number, room.channel_id, user_id)
            if key not in self._brought and self._is_awaited(gathering, user_id):
                self._brought.add(key)
                new.append(user_id)
        queue = FewAtATime(MOST_LET_IN_AT_ONCE, HANGS_SECONDS)
        come = await asyncio.gather(*(self._bring(gathering, room, one, queue) for one in new))
        return tuple(one for one, is_there in zip(new, come, strict=True) if not is_there)

    async def keep_out(self, gathering: Gathering, room: Room, people: Collection[int]) -> bool:
        """See GatheringHost."""
        if room.kind is not RoomKind.PRIVATE_THREAD:
            return True
        known = self._readers.setdefault(room.channel_id, set())
        others = [one for one in {*people, *known} if not self._may_read(gathering, room, one)]
        for user_id in others:
            if not await self._take_out(gathering, room, user_id):
                return False
            known.discard(user_id)
        return True

    async def bring_back(self, gathering: Gathering) -> None:
        """See GatheringHost."""
        common = self._channel(gathering, gathering.voice_id)
        back: list[int] = []
        for room in gathering.rooms:
            if common is None or room.kind is not RoomKind.VOICE:
                continue
            for user_id in people_in(self._channel(gathering, room.channel_id)):
                # Who came by Visit would keep the room from being removed.
                is_visitor = user_id in gathering.facilitators
                is_visitor = is_visitor or (gathering.id, user_id) in self._visitors
                if gathering.takes_part(user_id) or is_visitor:
                    back.append(user_id)

        def still() -> bool:
            now = self._gatherings.find(gathering.id)
            return now is not None and now.number == gathering.number

        # Nobody waits for a move that hangs.
        await asyncio.gather(
            *(self._mover.move(gathering, one, common, still=still, waits=False) for one in back)
        )

    async def visit(self, gathering: Gathering, room: Room, user_id: int) -> bool:
        """See GatheringHost; into a thread people are let in, and go by the link."""
        if room.kind is RoomKind.VOICE:
            channel = self._channel(gathering, room.channel_id)
            # Also where the move hangs: it may take effect later.
            self._visitors.add((gathering.id, user_id))
            return await self._mover.move(gathering, user_id, channel, waits=False)
        if room.kind is RoomKind.PRIVATE_THREAD:
            await self._let_in(gathering, room, user_id)
        return False

    def in_voice(self, channel_id: int) -> Collection[int]:
        """See GatheringHost."""
        channel = self._reach.client.get_channel(channel_id)
        if not isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            return ()
        members = {user_id: channel.guild.get_member(user_id) for user_id in people_in(channel)}
        return [one for one, member in members.items() if member is None or not member.bot]

    # Words

    async def tell(
        self, gathering: Gathering, call: Call, *, room: Room | None = None, people: Sequence[int]
    ) -> bool:
        """See GatheringHost; only what someone waits for is worth another try."""
        in_room = call in IN_ROOM and room is not None
        if call is Call.MOVED_ON and room is not None and room.kind is RoomKind.PRIVATE_THREAD:
            # A link to where someone is not let in is no invitation.
            for user_id in people:
                await self._let_in(gathering, room, user_id)
                self._readers.setdefault(room.channel_id, set()).add(user_id)
        text = call_text(gathering, call, room, people)
        parts = call_parts(gathering, call, text)
        where = room.channel_id if in_room and room is not None else gathering.channel_id
        view = card(*parts) if parts else None
        is_urgent = call not in (
            Call.VISIT,
            Call.HELP_ASKED,
            Call.COMING,
            Call.FACILITATOR_GONE,
            Call.COME_IN,
        )
        about = (gathering.id, gathering.number, call, room.number if room is not None else 0)
        once = call in (Call.CALLED_BACK, Call.NO_ROOM)
        # What may be said again in the same round, as a call for help, is another message then.
        # Different groups may learn at different times that they have no room.
        group = sorted(people) if call is Call.NO_ROOM else ()
        number = nonce(*about, *group) if once else self._posts.number_for(*about, tuple(people))
        try:
            # Who comes is named, and has no need to be notified of it.
            whom = () if call is Call.COMING else people
            await self._say(gathering, where, number, text, whom, view=view, is_urgent=is_urgent)
        except RoomUnreachable as error:
            log.info("a call does not reach its room: %s", error)
            return False
        return True

    def whisper(
        self, gathering: Gathering, what: Whisper, user_id: int, *, about: int | None = None
    ) -> None:
        """See GatheringHost."""
        self._whisperer.whisper(gathering, what, user_id, about)

    async def broadcast(
        self, gathering: Gathering, room: Room, text: str, by: int, *, notify: Sequence[int] = ()
    ) -> bool:
        """See GatheringHost; only who is named is notified: people are in the middle of something.

        A mention that was typed notifies nobody.
        """
        number = self._posts.number_for(gathering.id, room.channel_id, text, by, tuple(notify))
        said = broadcast_text(text, by, notify)
        return await self._say(gathering, room.channel_id, number, said, notify)

    # Inside

    async def _voice_changed(
        self, _: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        if before.channel is not None and before.channel != after.channel:
            await self._tidier.left_voice(before.channel.id)

    async def _channel_deleted(self, channel: discord.abc.GuildChannel) -> None:
        self._let_go(channel.id)

    async def _thread_deleted(self, payload: discord.RawThreadDeleteEvent) -> None:
        self._let_go(payload.thread_id)

    def _let_go(self, channel_id: int) -> None:
        self._rooms.channel_deleted(channel_id)
        self._tidier.channel_deleted(channel_id)

    def _channel(
        self, gathering: Gathering, channel_id: int | None
    ) -> discord.abc.GuildChannel | None:
        guild = self._reach.client.get_guild(gathering.guild_id)
        return guild.get_channel(channel_id or 0) if guild is not None else None

    def _is_awaited(self, gathering: Gathering, user_id: int) -> bool:
        """Whether someone is still to be brought into a room of this round."""
        now = self._gatherings.find(gathering.id)
        if now is None or now.number != gathering.number or not now.takes_part(user_id):
            return False
        return now.stage in (Stage.BOARDING, Stage.RUNNING)

    async def _bring(
        self, gathering: Gathering, room: Room, user_id: int, queue: FewAtATime
    ) -> bool:
        """Bring someone into a room when it is their turn; whether they are there."""

        def still() -> bool:
            return self._is_awaited(gathering, user_id)

        async def let_in() -> bool:
            if not still() or not await self._let_in(gathering, room, user_id):
                return False
            if still():
                return True
            # They have left while they were being let in.
            await self._take_out(gathering, room, user_id)
            return False

        if room.kind is RoomKind.HERE:
            return True
        if room.kind is RoomKind.VOICE:
            channel = self._channel(gathering, room.channel_id)
            return await self._mover.move(gathering, user_id, channel, still=still)
        self._readers.setdefault(room.channel_id, set()).add(user_id)
        return await (await queue.do(room.number, let_in))

    async def _let_in(self, gathering: Gathering, room: Room, user_id: int) -> bool:
        """Add someone to a thread; whether that was possible.

        Once Discord has refused it for a few people of a round, no more are tried; that it was in
        trouble says nothing about the others.
        """
        key = (gathering.id, gathering.number, room.channel_id)
        if self._refused[key] >= MOST_REFUSED:
            return False
        guild = self._reach.client.get_guild(gathering.guild_id)
        thread = guild.get_thread(room.channel_id) if guild is not None else None
        if thread is None or not may_write(thread):
            return False
        await self._reach.rate.slot(gathering.guild_id)
        try:
            await reaching(thread.add_user(discord.Object(user_id)))
        except FAILURES as error:
            self._refused[key] += isinstance(error, RoomRefused)
            log.info("somebody cannot be let into a thread: %s", error)
            return False
        return True

    def _may_read(self, gathering: Gathering, room: Room, user_id: int) -> bool:
        """Whether a person is of the round of a room, or looks after the evening."""
        now = self._gatherings.find(gathering.id) or gathering
        if user_id in (*now.facilitators, *now.trusted_user_ids):
            return True
        group = now.group_in(room)
        return group is not None and user_id in group.people and now.takes_part(user_id)

    async def _take_out(self, gathering: Gathering, room: Room, user_id: int) -> bool:
        """Remove a person from a thread; whether they are not in it."""
        guild = self._reach.client.get_guild(gathering.guild_id)
        thread = guild.get_thread(room.channel_id) if guild is not None else None
        if thread is None:
            return False
        await self._reach.rate.slot(gathering.guild_id)
        try:
            await reaching(thread.remove_user(discord.Object(user_id)))
        except FAILURES as error:
            if isinstance(error, RoomRefused):
                self._missing.note(gathering, KEEP_OUT)
            log.info("a person stays in a thread: %s", error)
            # A person who is not in it is unknown there.
            return says_person_is_gone(error.__cause__ or error)
        self._missing.clear(gathering, KEEP_OUT)
        return True

    async def _say(
        self,
        gathering: Gathering,
        channel_id: int,
        number: str,
        text: str,
        people: Collection[int],
        *,
        view: discord.ui.LayoutView | None = None,
        is_urgent: bool = False,
    ) -> bool:
        """Post something that notifies only these people; whether that was possible.

        `number` is its nonce. Raises RoomUnreachable for what is urgent.
        """
        if not may_write(self._reach.client.get_channel(channel_id)):
            self._missing.note(gathering, SEND)
            return False
        await self._reach.rate.slot(gathering.guild_id)
        place = self._reach.place(channel_id, gathering.guild_id)
        mentions = notifying(people)
        try:
            if view is None:
                await self._posts.message(place, number, content=text, allowed_mentions=mentions)
            else:
                await self._posts.message(place, number, view=view, allowed_mentions=mentions)
        except FAILURES as error:
            if is_urgent and isinstance(error, RoomUnreachable):
                raise
            log.info("something could not be said: %s", error)
            return False
        return True
