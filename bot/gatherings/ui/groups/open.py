"""`/dojo open`: a gathering begins. Nobody is in it until they press **Join**."""

from __future__ import annotations

import discord

from bot.dojos.model.dojo import Dojo
from bot.dojos.service.dojos import DojoService
from bot.dojos.ui.checks import contact_warning
from bot.gatherings.actions import OPEN_PANEL
from bot.gatherings.model.gathering import Gathering, Places
from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.leading import GatheringLeading
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.ui.groups.plan import show_plan
from bot.gatherings.ui.words import ACCENT
from bot.kit.discord.answers import defer, reply
from bot.kit.discord.cards import card, row
from bot.kit.discord.interactions import Interaction, View, client_of, person_of, services_of
from bot.kit.discord.text import plural
from bot.kit.refusals import LacksRight
from bot.kit.requests.rights import lacking_to_write
from bot.rounds.ui.beginning.start import dojo_here, format_named

VoiceRoom = discord.VoiceChannel | discord.StageChannel


async def open_gathering(
    interaction: Interaction,
    *,
    format_name: str | None = None,
    rounds: int | None = None,
    places: Places | None = None,
) -> None:
    """Open a gathering in this dojo; the person who opens it learns what comes next.

    What is left out is the usual format of the dojo, and voice channels as rooms for a person who
    sits in one of the dojo. Where a gathering is open, the answer leads there.
    """
    dojo, content = await dojo_here(interaction)
    dojo.check_may_configure(person_of(interaction))
    services = services_of(interaction)
    existing = services[LiveGatherings].of_dojo(dojo.id)
    if existing is not None:
        await reply(interaction, _existing_card(existing))
        return
    usual = content.format_or_default(dojo.settings.format_id)
    format_ = format_named(content, format_name) if format_name else usual
    _check_can_post(interaction, dojo)
    voice = _common_room(interaction, dojo)
    await defer(interaction, ephemeral=True, thinking=True)
    try:
        gathering = await services[GatheringLeading].open(
            dojo,
            person_of(interaction),
            format_=format_,
            rounds=rounds,
            places=places or (Places.VOICE if voice else Places.THREADS),
            voice_id=voice.id if voice else None,
        )
    except CannotGather as error:
        # Another facilitator was quicker.
        other = services[LiveGatherings].of_dojo(dojo.id)
        if error.why != "open already" or other is None:
            raise
        await reply(interaction, _existing_card(other))
        return
    here = len({*_people_in(voice)} - {interaction.user.id}) if voice else 0
    await _show_opened(interaction, gathering, here)


async def _show_opened(interaction: Interaction, gathering: Gathering, here: int) -> None:
    already = ""
    if here:
        people = f"{'is' if here == 1 else 'are'} {plural(here, 'person', 'people')}"
        already = f" In <#{gathering.voice_id}> there {people}: ask them to press **Join**."
    check = client_of(interaction).mention_command("dojo check")
    dojo = services_of(interaction)[DojoService].by_id(gathering.dojo_id)
    warning = await contact_warning(interaction, dojo) if dojo is not None else ""
    note = (
        f"Its card is in <#{gathering.channel_id}>: people press **Join** there.{already} When"
        " all are in, **Form groups** shows you a proposal; nobody is moved or told before you"
        f" press **Start**.\n-# {check} says if I lack a permission here.\n{warning}"
    )
    title = "### 🌱 The gathering is open"
    await show_plan(interaction, gathering, title=title, note=note.rstrip())


def _existing_card(gathering: Gathering) -> View:
    where = f"<#{gathering.channel_id}>"
    if gathering.card_id:
        where = (
            f"[its card](https://discord.com/channels/{gathering.guild_id}"
            f"/{gathering.channel_id}/{gathering.card_id}) in {where}"
        )
    return card(
        f"A gathering is open in this dojo already: {where}. One at a time; the panel leads to"
        " everything, and ends it too.",
        row(OPEN_PANEL.button(gathering_id=gathering.id)),
        accent=ACCENT,
    )


def _check_can_post(interaction: Interaction, dojo: Dojo) -> None:
    """Raises LacksRight where the card could not be posted."""
    rights = interaction.app_permissions
    guild = interaction.guild
    if guild is not None and interaction.channel_id != dojo.channel_id:
        home = guild.get_channel(dojo.channel_id)
        if home is not None:
            rights = home.permissions_for(guild.me)
    # A dojo is no thread, wherever it is asked from.
    if missing := lacking_to_write(rights, None):
        raise LacksRight(missing)


def _common_room(interaction: Interaction, dojo: Dojo) -> VoiceRoom | None:
    """The voice channel of the dojo in which the person sits."""
    guild, user = interaction.guild, interaction.user
    if guild is None or not isinstance(user, discord.Member):
        return None
    channel = user.voice.channel if user.voice else None
    if channel is None:
        return None
    home = guild.get_channel(dojo.channel_id)
    is_near = home is not None and channel.category_id == home.category_id is not None
    is_only = len(services_of(interaction)[DojoService].of_guild(guild.id)) == 1
    return channel if is_near or is_only else None


def _people_in(channel: VoiceRoom) -> list[int]:
    """Who sits there, without bots as far as they are known."""
    bots = {member.id for member in channel.members if member.bot}
    return [user_id for user_id in channel.voice_states if user_id not in bots]
