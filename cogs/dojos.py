"""`/dojo`: what facilitators do with a dojo."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import DojoBot
from bot.dojos.service.dojos import DojoService
from bot.dojos.ui.checks import check_card
from bot.dojos.ui.content_files import export_content, import_content
from bot.dojos.ui.places import check_facilitates
from bot.dojos.ui.settings import open_form, settings_card
from bot.feedback.service.calibration import CalibrationService
from bot.guide.service import StatusService
from bot.guide.status import status_card
from bot.kit.discord.answers import defer, reply
from bot.kit.discord.failures import suggested
from bot.kit.discord.interactions import channel_ids
from bot.privacy.service.retention import RetentionService

Interaction = discord.Interaction[DojoBot]


# Spelled out instead of `guild_only`, which is merged with the contexts of the whole tree and
# would let these commands into direct messages.
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.default_permissions(manage_channels=True)
class Dojos(commands.GroupCog, group_name="dojo", group_description="Set up and look after a dojo"):
    """Set-up, settings, check, status and own content; gatherings add their own."""

    content = app_commands.Group(
        name="content", description="The dojo's own questions, signals and formats, as a file"
    )

    @app_commands.command()
    @app_commands.describe(timezone="Start typing a city; the form opens with it")
    async def setup(self, interaction: Interaction, timezone: str | None = None) -> None:
        """Make this channel a dojo, or change what it is set to"""
        await open_form(interaction, zone=timezone)

    @setup.autocomplete("timezone")
    async def suggest_zone(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Time zones that fit what was typed."""
        zones = interaction.client.services[DojoService].zones
        return await suggested(interaction, zones.suggest(current))

    @app_commands.command()
    async def settings(self, interaction: Interaction) -> None:
        """Show what this dojo is set to, and change it"""
        check_facilitates(interaction)
        dojo = interaction.client.services[DojoService].get(*channel_ids(interaction))
        await reply(interaction, await settings_card(interaction, dojo))

    @app_commands.command()
    async def check(self, interaction: Interaction) -> None:
        """Check which permissions are missing in this channel, and what for"""
        check_facilitates(interaction)
        await reply(interaction, await check_card(interaction))

    @app_commands.command()
    async def status(self, interaction: Interaction) -> None:
        """Show how the bot is doing: connection, rounds, database, version"""
        check_facilitates(interaction)
        await defer(interaction, ephemeral=True, thinking=True)
        bot = interaction.client
        status = await bot.services[StatusService].now(interaction.guild_id)
        dojo = bot.services[DojoService].find(*channel_ids(interaction))
        agreement = await bot.services[CalibrationService].of_dojo(dojo) if dojo else None
        card = status_card(
            status,
            latency=bot.latency,
            clock=bot.services[RetentionService].clock(),
            commands_are_behind=bot.commands_are_behind,
            agreement=agreement,
        )
        await reply(interaction, card)

    @content.command(name="export")
    async def export_file(self, interaction: Interaction) -> None:
        """Get the file with this dojo's own questions, signals and formats"""
        await export_content(interaction)

    @content.command(name="import")
    @app_commands.describe(file="The file from /dojo content export, with your changes")
    async def import_file(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Use a file as this dojo's own questions, signals and formats"""
        await import_content(interaction, file)


async def setup(bot: DojoBot) -> None:
    """Add the cog."""
    await bot.add_cog(Dojos())
