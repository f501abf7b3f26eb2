"""The Discord side of the program: gateway, cogs, clicks, forms, and the one path of errors."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Collection, Sequence
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.dojos.model.dojo import Dojo
from bot.dojos.service.dojos import DojoService
from bot.dojos.ui.checks import wanted
from bot.feedback.service.reports import ReportService
from bot.feedback.service.talks import TalkService
from bot.feedback.ui.debrief.waiting import WaitingCards
from bot.feedback.ui.notes.pad import is_tap
from bot.gateway import Identifies, expect_no_voice
from bot.gatherings.service.leading import FacilitatorWatch, GatheringLeading
from bot.kit.clicks.deliveries import Deliveries
from bot.kit.clicks.dispatch import dispatch_click, dispatch_form
from bot.kit.clicks.double_click import Clicks
from bot.kit.clicks.gate import check_guarded
from bot.kit.clicks.lanes import Lanes
from bot.kit.database.values import ProgramValueStore
from bot.kit.discord.actions import ACTIONS, check_actions
from bot.kit.discord.answers import is_private, say
from bot.kit.discord.explain import all_refusals, check_explained
from bot.kit.discord.failures import answered, loggable_channel, report_failure
from bot.kit.discord.interactions import Interaction
from bot.kit.feature import Feature
from bot.kit.logs import log_context, set_log_context
from bot.kit.requests.discord_time import heard_from_answers
from bot.kit.requests.lean import read_lean
from bot.kit.requests.threads import ThreadMaker
from bot.kit.requests.unreachable import DISCORD_FAILURES, is_passing, says_channel_is_gone
from bot.kit.services import Services
from bot.kit.steps import Steps
from bot.kit.time.trusted_time import TrustedTime
from bot.privacy.service.leavers import LeaverService
from bot.privacy.service.retention import RetentionService
from bot.rounds.service.rooms import RoundRooms
from bot.settings import Settings
from bot.sync import CommandSync

log = logging.getLogger(__name__)

LONGEST_RATE_LIMIT_SECONDS = 120.0
"""A request that Discord delays longer than this fails, instead of holding up its caller.

The library also refuses a request whose limit is counted over a longer time than this, even while
some of it is left; the longest limit that the bot meets is a minute.
"""
COMMANDS_SECONDS = 10.0
"""How long a start waits until Discord knows the commands; then it goes on without."""
VOICE_SECONDS = 2.0
"""How long the clocks wait until it is stored who is in voice."""

EXTENSIONS = (
    "cogs.questions",
    "cogs.guide",
    "cogs.dojos",
    "cogs.gatherings",
    "cogs.rounds",
    "cogs.feedback",
    "cogs.privacy",
)


@functools.cache
def check_handlers(modules: tuple[str, ...]) -> None:
    """Raise TypeError if an action would find no handler in these modules, or two.

    Also if an id would pass the gate unchecked, or a refusal would find no sentence. Checked at
    once, because all of these are declared when their modules are imported.
    """
    check_actions(ACTIONS, modules)
    check_guarded(action.pattern for action in ACTIONS)
    check_explained(all_refusals())


class DojoTree(app_commands.CommandTree["DojoBot"]):
    """The slash commands. Every log line says where they were used, every failure is told."""

    async def interaction_check(self, interaction: discord.Interaction[DojoBot], /) -> bool:
        """Let everything through when it is its turn, and put its place into the log."""
        if not self.client.deliveries.is_first(interaction.id):
            log.info("a command was delivered twice")
            return False
        await self.client.lanes.hold_for_task(interaction.user.id)
        set_log_context(
            guild=interaction.guild_id,
            channel=loggable_channel(interaction),
            command=_command_name(interaction),
        )
        return True

    async def on_error(
        self, interaction: discord.Interaction[DojoBot], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell the person."""
        await report_failure(interaction, error)


class DojoBot(commands.Bot):
    """The bot. `bot.app.open_bot` makes it with services that are ready."""

    def __init__(
        self,
        features: Sequence[Feature],
        services: Services,
        values: ProgramValueStore,
        settings: Settings,
        *,
        sync: bool,
        sent: Callable[[], None],
    ) -> None:
        """`sync` tells Discord the commands in any case; `sent` is called for each request."""
        expect_no_voice()
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=DojoTree,
            intents=discord.Intents(guilds=True, voice_states=True),
            # The bot notifies nobody unless a card names them.
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            max_messages=None,
            chunk_guilds_at_startup=False,
            http_trace=heard_from_answers(services[TrustedTime].hear, sent),
            max_ratelimit_timeout=LONGEST_RATE_LIMIT_SECONDS,
        )
        self.services = services
        self._features = features
        self.clicks = Clicks()
        self.deliveries = Deliveries()
        self.threads = ThreadMaker()
        self.lanes = Lanes()
        self.steps = Steps()
        self._has_begun = False
        self.identifies = Identifies()
        self._settings = settings
        self._sync = CommandSync(self.tree, values, force=sync)
        read_lean(self, is_tap)
        check_handlers(tuple(name for feature in features for name in feature.handler_names))

    async def setup_hook(self) -> None:
        """Load the cogs, listen for buttons of all ages, and tell Discord the commands."""
        for extension in EXTENSIONS:
            # A login that failed half-way is tried again with the same bot.
            if extension not in self.extensions:
                await self.load_extension(extension)
        self.steps.begin("commands", lambda: self._sync.run(self._settings.sync_guilds))
        await self.steps.tried("commands", within=COMMANDS_SECONDS)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """See Client: wait until Discord allows another login at the gateway."""
        await super().before_identify_hook(shard_id, initial=initial)
        await self.identifies.slot()

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - theirs
        """See Client. Leaves out the event that only announces other events."""
        if event_name != "socket_event_type":
            super().dispatch(event_name, *args, **kwargs)

    @property
    def commands_are_behind(self) -> bool:
        """Whether Discord has not been told the present commands."""
        return self._sync.is_behind

    def mention_command(self, name: str) -> str:
        """A command as a clickable mention, or as `/name` while its id is not known."""
        return self._sync.mention(name)

    async def on_ready(self) -> None:
        """Let the clocks run, then look after everything else; this can happen many times."""
        log.info("ready as %s in %d servers", self.user, len(self.guilds))
        if not self.guilds and self.application_id:
            log.info("invite me with %s", invitation(self.application_id))
        retention = self.services[RetentionService]
        self.steps.begin(
            "servers that are left",
            lambda: retention.see_guilds({guild.id for guild in self.guilds}),
        )
        # For the clocks, people who left a voice room before are gone now: so first store who came
        # back. But no clock waits long for that.
        self.steps.begin("who is in voice", self._see_voice)
        await self.steps.tried("who is in voice", within=VOICE_SECONDS)
        for feature in self._features:
            feature.start()
        self._has_begun = True
        self.steps.begin("servers of dojos", self._correct_servers)
        self.steps.begin("reports", self.services[ReportService].tell_waiting)
        self.steps.begin("requests to talk", self.services[TalkService].tell_waiting)
        for guild in self.guilds:
            if not guild.unavailable:
                self._look_at(guild, [dojo for dojo in self._dojos(guild) if self._misses(dojo)])

    async def _see_voice(self) -> None:
        await self.services[RoundRooms].see_voice(self._voice_members)

    async def _correct_servers(self) -> None:
        for guild in self.guilds:
            await self.services[DojoService].correct_server(
                guild.id, {channel.id for channel in guild.channels}
            )

    def _voice_members(self, channel_id: int) -> Collection[int] | None:
        """Who is in a voice channel, as far as Discord has told; empty if it is unknown."""
        channel = self.get_channel(channel_id)
        if not isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            return None
        return None if channel.guild.unavailable else set(channel.voice_states)

    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Notice who joins and leaves the room of a round."""
        was = before.channel.id if before.channel else None
        is_now = after.channel.id if after.channel else None
        if is_now is not None:
            self.services[LeaverService].seen(member.guild.id, member.id)
        if was != is_now:
            await self.services[RoundRooms].voice_changed(member.id, was, is_now)
            self.services[FacilitatorWatch].voice_changed(
                member.id, member.guild.id, is_in_voice=is_now is not None
            )

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """End a round with its room."""
        await self.services[RoundRooms].room_deleted(payload.thread_id)

    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """While a server is down, nobody knows who is in voice there.

        The library would keep showing who was there before, even after it hears who is there now.
        """
        guild._voice_states.clear()  # noqa: SLF001 - tests/test_gateway.py holds the library to it

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A server is back: notice what happened there in the meantime."""
        if self._has_begun:
            self.steps.begin("who is in voice", self._see_voice)
            # The library would also keep channels that were deleted in the meantime.
            self._look_at(guild, self._dojos(guild))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """End the rounds of a server that the bot is no longer in."""
        services, guild_id = self.services, guild.id

        async def end_all() -> None:
            # Evenings first: they would look after the rounds that end.
            await services[GatheringLeading].guild_left(guild_id)
            await services[RoundRooms].guild_left(guild_id)

        self.steps.begin(f"rounds of {guild_id}", end_all)
        self.steps.begin(
            f"data of {guild_id}", lambda: services[RetentionService].guild_left(guild_id)
        )

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot is back in a server: everything is as it was."""
        retention, guild_id = self.services[RetentionService], guild.id
        self.steps.begin(f"data of {guild_id}", lambda: retention.guild_joined(guild_id))

    def _dojos(self, guild: discord.Guild) -> list[Dojo]:
        return self.services[DojoService].of_guild(guild.id)

    def _misses(self, dojo: Dojo) -> bool:
        """Whether the channel of a dojo is missing from those that Discord has sent."""
        guild = self.get_guild(dojo.guild_id)
        return guild is None or guild.get_channel(dojo.channel_id) is None

    def _look_at(self, guild: discord.Guild, dojos: Sequence[Dojo]) -> None:
        """Check in the background whether the channels of these dojos still exist."""
        if dojos:
            ids = [dojo.channel_id for dojo in dojos]
            self.steps.begin(f"channels of {guild.id}", lambda: self._close_deleted(guild, ids))

    async def _close_deleted(self, guild: discord.Guild, channel_ids: Collection[int]) -> None:
        """Close dojos whose channel was deleted without the bot hearing of it.

        Raises the last error of Discord, after all have been checked.
        """
        failure: BaseException | None = None
        for channel_id in channel_ids:
            if guild.unavailable or self.services[DojoService].find(channel_id) is None:
                # Checked when it is back.
                continue
            # Only Discord itself can say that a channel that is not in the cache does not exist.
            try:
                await self.fetch_channel(channel_id)
            except DISCORD_FAILURES as error:
                if says_channel_is_gone(error):
                    await self._close_dojo(guild.id, channel_id)
                elif is_passing(error):
                    failure = error
                else:
                    log.info("the channel %s of a dojo cannot be looked at: %s", channel_id, error)
        if failure is not None:
            raise failure

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A dojo goes with its channel; what belongs to it is kept."""
        rooms, channel_id, guild_id = self.services[RoundRooms], channel.id, channel.guild.id
        self.steps.begin(f"room {channel_id}", lambda: rooms.room_deleted(channel_id))
        if self.services[DojoService].find(channel_id) is not None:
            name = f"channel {channel_id}"
            self.steps.begin(name, lambda: self._close_dojo(guild_id, channel_id))

    async def _close_dojo(self, guild_id: int, channel_id: int) -> None:
        """Close the dojo of a channel that Discord says is deleted, and what is going on in it."""
        dojo = self.services[DojoService].known(channel_id, guild_id)
        if dojo is not None:
            await self.services[DojoService].channel_deleted(channel_id)
            await self.services[GatheringLeading].dojo_deleted(dojo.id)
            await self.services[RoundRooms].dojo_deleted(dojo.id)
            with log_context(guild=guild_id, channel=channel_id):
                log.info("closed dojo %s: its channel was deleted", dojo.id)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Answer everything but commands: forms, clicks, and buttons that nobody knows any more."""
        is_click = interaction.type is discord.InteractionType.component
        self.services[TrustedTime].hear(interaction.created_at, in_passing=is_click)
        if interaction.guild is not None:
            self.services[LeaverService].seen(interaction.guild.id, interaction.user.id)
        kinds = discord.InteractionType
        if interaction.type in (kinds.modal_submit, kinds.component):
            if not self.deliveries.is_first(interaction.id):
                log.info("a click or form was delivered twice")
                return
            user_id = interaction.user.id
            await self.lanes.enter(user_id)
            try:
                await self._answer(interaction)
            finally:
                self.lanes.leave(user_id)

    async def _answer(self, interaction: Interaction) -> None:
        data = cast("dict[str, Any]", interaction.data or {})
        custom_id = str(data.get("custom_id", ""))
        if interaction.type is discord.InteractionType.modal_submit:
            if not await dispatch_form(interaction):
                await answered(interaction, _outdated(interaction), what="unknown form")
        else:
            if is_private(interaction):
                # A click may replace a card that waits.
                self.services[WaitingCards].rest(interaction.user.id)
            if not await dispatch_click(interaction, custom_id):
                await answered(interaction, _outdated(interaction), what="unknown component")

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        """Log what an event handler raised."""
        log.exception("failure in %s", event_method)


def invitation(application_id: int) -> str:
    """The address with which someone adds the bot to their server."""
    return discord.utils.oauth_url(
        application_id, permissions=wanted(), scopes=("bot", "applications.commands")
    )


async def _outdated(interaction: Interaction) -> None:
    await say(
        interaction,
        "This belongs to an older version of me and no longer works. Please use the command again.",
    )


def _command_name(interaction: Interaction) -> str:
    """The command as typed, e.g. `dojo content import`."""
    data = cast("dict[str, Any]", interaction.data or {})
    words = [str(data.get("name", ""))]
    options: list[dict[str, Any]] = data.get("options", [])
    while options and options[0].get("type") in (1, 2):
        words.append(str(options[0]["name"]))
        options = options[0].get("options", [])
    return "/" + " ".join(words)
