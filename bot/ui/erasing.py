"""What coach and client can have erased: the client the whole round, both the notes so far."""

from __future__ import annotations

from typing import Any

import discord

from bot.domain.round_moves import check_was_client
from bot.domain.rounds import Role, Round, Seat
from bot.ui.answers import defer, redraw, reply
from bot.ui.components import card, row
from bot.ui.debrief_posts import remove
from bot.ui.file_traces import with_file_traces
from bot.ui.interactions import Interaction, View, person_of, services_of
from bot.ui.round_controls import AsItIs
from bot.ui.round_steps import ROUND, RoundButton
from bot.ui.round_traces import remove_traces
from bot.ui.texts import moment, safe


def erase_buttons(
    round_: Round, seat: Seat, *, is_going_on: bool = False
) -> list[discord.ui.Item[Any]]:
    """The way to erase the round, for the person who is or was its client."""
    if not (seat.was_client or (seat.role is Role.CLIENT and round_.has_begun)):
        return []
    return [Erase(round_.id, "End and erase…" if is_going_on else "Erase this round…")]


class Erase(RoundButton, template=rf"{ROUND}:erase", is_own=True):
    """The person who is or was the client wants the round erased."""

    def __init__(self, round_id: str | int, label: str = "Erase this round…") -> None:
        danger = discord.ButtonStyle.danger
        super().__init__(round_id, "erase", label, emoji="🗑️", style=danger)

    async def pressed(self, interaction: Interaction) -> None:
        """Ask once; it cannot be undone."""
        round_ = await services_of(interaction).debriefs.desk.find(self.round_id)
        check_was_client(round_, interaction.user.id)
        what = "End the round and erase it" if round_.is_open else "Erase this round"
        room = " The room learns only that the round has ended." if round_.is_open else ""
        view = card(
            f"**{what}?** {safe(round_.format.name)}, {moment(round_.proposed_at, 'f')}. Who took"
            " part, the minutes and every note go, for everybody and for good, and so do my cards"
            f" and lines about it and what the coach shared.{room} What people wrote stays until it"
            " is deleted in Discord.",
            row(EraseIndeed(self.round_id), AsItIs(self.round_id)),
        )
        await show(interaction, view)


class EraseIndeed(RoundButton, template=rf"{ROUND}:erase-indeed", is_own=True):
    """Erases the round."""

    def __init__(self, round_id: str | int) -> None:
        danger = discord.ButtonStyle.danger
        super().__init__(round_id, "erase-indeed", "Erase it", emoji="🗑️", style=danger)

    async def pressed(self, interaction: Interaction) -> None:
        """Do so, also with what the bot posted about it, and say so on the private card."""
        services, person = services_of(interaction), person_of(interaction)
        round_ = await services.debriefs.desk.find(self.round_id)
        check_was_client(round_, person.user_id)
        await defer(interaction)
        now = discord.utils.utcnow()
        # Before the round: after it nobody knows which messages they were.
        posted = await services.debriefs.posted(self.round_id)
        left = [post for one in posted for post in await remove(interaction, one)]
        following = await services.erasing.next_in_room(round_)
        await services.erasing.erase_round(self.round_id, person)
        dojo = services.rounds.dojo_of(round_)
        is_clean = await remove_traces(
            interaction.client,
            round_,
            now,
            after=following,
            dojo_channel_id=dojo.channel_id if dojo is not None else None,
        )
        ended = "The round has ended, and everything" if round_.is_open else "Everything"
        said = f"🗑️ {ended} about it is erased, my cards and lines with it."
        if left or not is_clean:
            at = f"/{left[0]}" if left else ""
            where = f"https://discord.com/channels/{round_.guild_id}/{round_.room_id}{at}"
            said = (
                f"🗑️ {ended} about it is erased.\n⚠️ I could not delete all of my cards in the room:"
                f" {where} Ask a moderator to delete them there."
            )
        await redraw(interaction, card(with_file_traces(interaction, said)))


class EraseNotes(RoundButton, template=rf"{ROUND}:erase-notes"):
    """The coach or the client wants the notes erased that have been taken so far."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "erase-notes", "…and delete the notes so far", emoji="🗑️")

    async def pressed(self, interaction: Interaction) -> None:
        """Ask once; it cannot be undone."""
        await show(
            interaction,
            card(
                "**Delete the notes so far?** Notes and sheets that you may have deleted go for"
                " good, if there are any. Nobody is told.",
                row(EraseNotesIndeed(self.round_id), AsItIs(self.round_id)),
            ),
        )


class EraseNotesIndeed(RoundButton, template=rf"{ROUND}:erase-notes-indeed"):
    """Erases the notes so far."""

    def __init__(self, round_id: str | int) -> None:
        danger = discord.ButtonStyle.danger
        super().__init__(round_id, "erase-notes-indeed", "Delete them", emoji="🗑️", style=danger)

    async def pressed(self, interaction: Interaction) -> None:
        """Do so; the answer is the same whether there were any."""
        await defer(interaction)
        person = person_of(interaction)
        await services_of(interaction).erasing.erase_notes(self.round_id, person)
        said = with_file_traces(interaction, "🗑️ Nothing noted so far is stored any more.")
        await redraw(interaction, card(said))


async def show(interaction: Interaction, view: View) -> None:
    """Show it in the place of a private card that was clicked, else as an answer of its own."""
    message = interaction.message
    is_own = message is not None and message.flags.ephemeral
    await (redraw if is_own else reply)(interaction, view)
