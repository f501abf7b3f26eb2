"""`/round`."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import DojoBot
from bot.gatherings.ui.card.join import way_in
from bot.kit.discord.answers import reply
from bot.kit.discord.cards import card
from bot.kit.discord.failures import chosen_from
from bot.kit.discord.interactions import person_of, services_of
from bot.kit.person import Person
from bot.rounds.model.refusals import NoRound
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.late_observers import LateObservers
from bot.rounds.service.people import RoundPeople
from bot.rounds.service.steering import RoundSteering
from bot.rounds.ui.asking.card import outside_card
from bot.rounds.ui.asking.late import not_let_in_text
from bot.rounds.ui.beginning.opening import bring_in
from bot.rounds.ui.beginning.start import (
    Proposal,
    ask_who,
    check_people,
    start_round,
    suggested_formats,
)
from bot.rounds.ui.role import enough_cards, own_card
from bot.rounds.ui.shared import round_here, round_here_or_left

Interaction: TypeAlias = discord.Interaction[DojoBot]
UserOrMember: TypeAlias = discord.User | discord.Member
Change: TypeAlias = Callable[[RoundSteering, int, Person], Awaitable[object]]


# See the comment about contexts in cogs/dojos.py.
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
class Rounds(commands.GroupCog, group_name="round", group_description="Timed practice rounds"):
    """Start a round and steer it."""

    @app_commands.command()
    @app_commands.describe(
        coach="Who coaches; without coach and client I offer your last group",
        client="Who brings a topic",
        observer1="Who observes",
        observer2="Who observes as well",
        observer3="Who observes as well",
        format="What the round looks like; the usual one of this dojo if you leave it out",
    )
    async def start(
        self,
        interaction: Interaction,
        coach: UserOrMember | None = None,
        client: UserOrMember | None = None,
        observer1: UserOrMember | None = None,
        observer2: UserOrMember | None = None,
        observer3: UserOrMember | None = None,
        format: str | None = None,  # noqa: A002 - the name people see
    ) -> None:
        """Start a practice round: asks everybody, then the clock runs"""
        if coach is None or client is None:
            await ask_who(interaction, format or "")
            return
        asked = (observer1, observer2, observer3)
        observers = [observer for observer in asked if observer is not None]
        check_people([coach, client, *observers])
        ids = tuple(observer.id for observer in observers)
        await start_round(
            interaction,
            Proposal(coach.id, client.id, ids, format or ""),
            names=(coach.display_name, client.display_name),
        )

    @start.autocomplete("format")
    async def suggest_format(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Formats that fit what was typed, with minutes and people."""
        return await chosen_from(interaction, suggested_formats(interaction, current))

    @app_commands.command()
    async def now(self, interaction: Interaction) -> None:
        """Show where the round of this room stands, and bring its card back down"""
        try:
            round_ = round_here_or_left(interaction)
        except NoRound as error:
            shown = None if error.room_id is not None else way_in(interaction)
            late, user_id = services_of(interaction)[LateObservers], interaction.user.id
            if shown is None and late.was_not_let_in(user_id, interaction.guild_id):
                shown = card(not_let_in_text())
            if shown is None:
                raise
            await reply(interaction, shown)
            return
        if round_.room_id != interaction.channel_id:
            await reply(interaction, await outside_card(interaction, round_))
            return
        services, person = services_of(interaction), person_of(interaction)
        is_shown = True
        if round_.takes_part(person.user_id) or services[RoundAccess].facilitates(round_, person):
            is_shown = await services[RoundSteering].show_card(round_.id, person)
        await reply(interaction, await own_card(interaction, round_))
        if not is_shown:
            await reply(interaction, enough_cards(round_))

    @app_commands.command()
    async def pause(self, interaction: Interaction) -> None:
        """Stop the clock of the round in this room"""
        await _steer(interaction, RoundSteering.pause, "⏸️ The round is paused.")

    @app_commands.command()
    async def resume(self, interaction: Interaction) -> None:
        """Start the clock of the round again"""
        await _steer(interaction, RoundSteering.resume, "▶️ The clock is running.")

    @app_commands.command()
    @app_commands.describe(minutes="How many minutes longer, 1 to 30")
    async def extend(
        self, interaction: Interaction, minutes: app_commands.Range[int, 1, 30]
    ) -> None:
        """Lengthen the part that is running"""
        steering, round_ = services_of(interaction)[RoundSteering], round_here(interaction)
        await steering.extend(round_.id, person_of(interaction), minutes)
        await _done(interaction, f"➕ {minutes} min longer.")

    @app_commands.command()
    async def next(self, interaction: Interaction) -> None:
        """Begin the next part of the round now"""
        await _steer(interaction, RoundSteering.go_next, "⏭️ On to the next part.")

    @app_commands.command()
    async def end(self, interaction: Interaction) -> None:
        """End the round now; what belongs to it is kept"""
        await _steer(interaction, RoundSteering.stop, "⏹️ The round has ended.")

    @app_commands.command()
    @app_commands.describe(member="Whose seat it is", by="Who is asked to take it")
    async def replace(
        self, interaction: Interaction, member: UserOrMember, by: UserOrMember
    ) -> None:
        """Offer someone's seat in the round to someone else, who takes it or not"""
        check_people([by])
        services = services_of(interaction)
        round_ = round_here(interaction)
        moved = await services[RoundPeople].hand_over(
            round_.id, person_of(interaction), member.id, by.id
        )
        if moved.offer is not None:
            text = f"🪑 {by.mention} is asked on the card to take the seat of {member.mention}."
        else:
            if round_.asking_channel_id is None:
                await bring_in(interaction, by.id)
            text = f"🔁 {by.mention} is asked instead of {member.mention} now."
        await _done(interaction, text)


async def _steer(interaction: Interaction, change: Change, said: str) -> None:
    steering, round_ = services_of(interaction)[RoundSteering], round_here(interaction)
    await change(steering, round_.id, person_of(interaction))
    await _done(interaction, said)


async def _done(interaction: Interaction, text: str) -> None:
    await reply(interaction, card(text))


async def setup(bot: DojoBot) -> None:
    """Add the cog."""
    await bot.add_cog(Rounds())
