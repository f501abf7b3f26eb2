"""The Discord side of the program: gateway, cogs, clicks, forms, and the one path of errors."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_time import heard_from_answers
from bot.lean import read_lean
from bot.logs import log_context, set_log_context
from bot.services import Services
from bot.settings import Settings
from bot.storage.program_values import ProgramValueStore
from bot.sync import CommandSync
from bot.ui.checks import wanted
from bot.ui.clicks import Clicks
from bot.ui.components import dispatch_click
from bot.ui.debrief_live import WaitingCards
from bot.ui.failures import answered, loggable_channel, report_failure
from bot.ui.forms import dispatch_form
from bot.ui.gathering_panel_live import LivePanels
from bot.ui.interactions import Interaction
from bot.ui.lanes import Lanes
from bot.ui.pad import dispatch_tap, is_tap

log = logging.getLogger(__name__)

EXTENSIONS = (
    "cogs.questions",
    "cogs.guide",
    "cogs.dojos",
    "cogs.rounds",
    "cogs.feedback",
    "cogs.privacy",
)


class DojoTree(app_commands.CommandTree["DojoBot"]):
    """The slash commands: every log line says where, every failure is told."""

    async def interaction_check(self, interaction: discord.Interaction[DojoBot], /) -> bool:
        """Lets everything through in its turn, with its place noted for the log."""
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
    """The bot. Made by `bot.app.open_bot`, which gives it services that are ready."""

    def __init__(
        self,
        services: Services,
        values: ProgramValueStore,
        settings: Settings,
        *,
        sync: bool,
        sent: Callable[[], None],
    ) -> None:
        """`sync` tells Discord the commands in any case; `sent` hears of each request."""
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=DojoTree,
            intents=discord.Intents(guilds=True, voice_states=True),
            # Nobody is notified by us unless a card names whom.
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            max_messages=None,
            chunk_guilds_at_startup=False,
            http_trace=heard_from_answers(services.time.hear, sent),
        )
        self.services = services
        self.clicks = Clicks()
        self.lanes = Lanes()
        self.panels = LivePanels(services)
        self.waiting_cards = WaitingCards(services)
        self._settings = settings
        self._sync = CommandSync(self.tree, values, force=sync)
        read_lean(self, is_tap)

    async def setup_hook(self) -> None:
        """Load the cogs, listen for buttons of all times, and let Discord know the commands."""
        for extension in EXTENSIONS:
            # A login that failed half-way is tried again with the same bot.
            if extension not in self.extensions:
                await self.load_extension(extension)
        await self._sync.run(self._settings.sync_guilds)

    def mention_command(self, name: str) -> str:
        """A command as a clickable mention, or as `/name` while its id is not known."""
        return self._sync.mention(name)

    async def on_ready(self) -> None:
        """Say so in the log; this can happen many times."""
        log.info("ready as %s in %d servers", self.user, len(self.guilds))
        if not self.guilds and self.application_id:
            log.info("invite me with %s", invitation(self.application_id))
        for guild in self.guilds:
            await self.services.dojos.correct_server(
                guild.id, {channel.id for channel in guild.channels}
            )
            await self._close_dojos_without_channel(guild)
        await self.services.rounds.see_voice(self._voice_members)
        self.services.rounds.kept.start()
        self.services.invitations.start()
        self.services.late_observers.start()
        self.services.conductor.start()
        self.services.facilitators.start()
        await self.services.retention.see_guilds({guild.id for guild in self.guilds})
        self.services.retention.start()
        self.services.leavers.start()
        await self.services.reports.tell_waiting()
        await self.services.talks.tell_waiting()

    def _voice_members(self, channel_id: int) -> Collection[int] | None:
        """Who is in a voice channel, as far as Discord has told us; none if it is not known."""
        channel = self.get_channel(channel_id)
        if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            return set(channel.voice_states)
        return None

    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Notice who comes to and leaves the room of a round."""
        was = before.channel.id if before.channel else None
        is_now = after.channel.id if after.channel else None
        if is_now is not None:
            self.services.leavers.seen(member.guild.id, member.id)
        if was != is_now:
            await self.services.rounds.voice_changed(member.id, was, is_now)
            self.services.facilitators.voice_changed(
                member.id, member.guild.id, is_in_voice=is_now is not None
            )

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A round ends with its room."""
        await self.services.rounds.room_deleted(payload.thread_id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Where the bot is no longer, no round can go on."""
        await self.services.gatherings.guild_left(guild.id)
        await self.services.rounds.guild_left(guild.id)
        await self.services.retention.guild_left(guild.id)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Where the bot is back, everything is as it was."""
        await self.services.retention.guild_joined(guild.id)

    async def _close_dojos_without_channel(self, guild: discord.Guild) -> None:
        """Close dojos whose channel was deleted while we were away."""
        for dojo in self.services.dojos.of_guild(guild.id):
            if guild.get_channel(dojo.channel_id) is not None:
                continue
            # Not in the cache is not gone: only Discord itself can say so.
            try:
                await self.fetch_channel(dojo.channel_id)
            except discord.NotFound:
                await self.services.dojos.channel_deleted(dojo.channel_id)
                await self.services.gatherings.dojo_deleted(dojo.id)
                log.info("closed dojo %s: its channel is gone", dojo.id)
            except discord.HTTPException as error:
                log.info("the channel of dojo %s cannot be looked at: %s", dojo.id, error)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A dojo goes with its channel; what belongs to it is kept."""
        await self.services.rounds.room_deleted(channel.id)
        dojo = await self.services.dojos.channel_deleted(channel.id)
        if dojo is not None:
            await self.services.gatherings.dojo_deleted(dojo.id)
            await self.services.rounds.dojo_deleted(dojo.id)
            with log_context(guild=channel.guild.id, channel=channel.id):
                log.info("closed dojo %s: its channel was deleted", dojo.id)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Answer what is not a command: forms, taps, clicks, and buttons nobody knows any more."""
        self.services.time.hear(interaction.created_at)
        if interaction.guild is not None:
            self.services.leavers.seen(interaction.guild.id, interaction.user.id)
        if interaction.type in (
            discord.InteractionType.modal_submit,
            discord.InteractionType.component,
        ):
            async with self.lanes.lane_of(interaction.user.id):
                await self._answer(interaction)

    async def _answer(self, interaction: Interaction) -> None:
        data = cast("dict[str, Any]", interaction.data or {})
        custom_id = str(data.get("custom_id", ""))
        if interaction.type is discord.InteractionType.modal_submit:
            if not await dispatch_form(interaction):
                await answered(interaction, _outdated(interaction), what="unknown form")
        elif not await dispatch_tap(interaction, custom_id):
            if interaction.message is not None and interaction.message.flags.ephemeral:
                # A click may put something else in the place of a card that waits.
                self.waiting_cards.rest(interaction.user.id)
            if not await dispatch_click(interaction, custom_id):
                await answered(interaction, _outdated(interaction), what="unknown component")

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        """Log what an event handler raised."""
        log.exception("failure in %s", event_method)


def invitation(application_id: int) -> str:
    """The address with which somebody adds the bot to their server."""
    return discord.utils.oauth_url(
        application_id, permissions=wanted(), scopes=("bot", "applications.commands")
    )


async def _outdated(interaction: Interaction) -> None:
    await interaction.response.send_message(
        "This belongs to an older version of me and no longer works. Please use the command again.",
        ephemeral=True,
    )


def _command_name(interaction: Interaction) -> str:
    """`dojo content import`, as typed."""
    data = cast("dict[str, Any]", interaction.data or {})
    words = [str(data.get("name", ""))]
    options: list[dict[str, Any]] = data.get("options", [])
    while options and options[0].get("type") in (1, 2):
        words.append(str(options[0]["name"]))
        options = options[0].get("options", [])
    return "/" + " ".join(words)
