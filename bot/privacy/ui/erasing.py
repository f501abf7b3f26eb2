"""What coach and client can erase: the client the whole round, both the notes so far."""

from __future__ import annotations

import discord

from bot.dojos.service.dojos import DojoService
from bot.feedback.service.debriefs import DebriefService
from bot.feedback.ui.debrief.posts import remove
from bot.kit.discord.answers import answer_in_place, defer, redraw
from bot.kit.discord.cards import card, row
from bot.kit.discord.file_traces import with_file_traces
from bot.kit.discord.interactions import Interaction, person_of, services_of
from bot.kit.discord.text import moment, safe
from bot.privacy.service.erasing import ErasingService
from bot.rounds.actions import (
    CHANGE_NOTHING,
    CONFIRM_ERASE_NOTES,
    CONFIRM_ERASE_ROUND,
    ERASE_NOTES,
    ERASE_ROUND,
)
from bot.rounds.model.moves import check_was_client
from bot.rounds.service.live import LiveRounds
from bot.rounds.ui.traces import remove_traces


@ERASE_ROUND.pressed
async def ask_to_erase_round(interaction: Interaction, round_id: int) -> None:
    """Ask the client once: it cannot be undone."""
    round_ = await services_of(interaction)[LiveRounds].read(round_id)
    check_was_client(round_, interaction.user.id)
    what = "End the round and erase it" if round_.is_open else "Erase this round"
    room = " The room learns only that the round has ended." if round_.is_open else ""
    view = card(
        f"**{what}?** {safe(round_.format.name)}, {moment(round_.proposed_at, 'f')}. Who took"
        " part, the minutes and every note go, for everybody and for good, and so do my cards"
        f" and lines about it and what the coach shared.{room} What people wrote stays until it"
        " is deleted in Discord.",
        row(
            CONFIRM_ERASE_ROUND.button(round_id=round_id), CHANGE_NOTHING.button(round_id=round_id)
        ),
    )
    await answer_in_place(interaction, view)


@CONFIRM_ERASE_ROUND.pressed
async def erase_round(interaction: Interaction, round_id: int) -> None:
    """Erase the round and what the bot posted about it, and say so on the private card."""
    services, person = services_of(interaction), person_of(interaction)
    round_ = await services[LiveRounds].read(round_id)
    check_was_client(round_, person.user_id)
    await defer(interaction)
    now = discord.utils.utcnow()
    # Before the round: after that nobody knows which messages they were.
    posted = await services[DebriefService].posted(round_id)
    left = [post for one in posted for post in await remove(interaction, one)]
    following = await services[ErasingService].next_in_room(round_)
    await services[ErasingService].erase_round(round_id, person)
    dojo = services[DojoService].by_id(round_.dojo_id)
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


@ERASE_NOTES.pressed
async def ask_to_erase_notes(interaction: Interaction, round_id: int) -> None:
    """Ask the coach or the client once: it cannot be undone."""
    view = card(
        "**Delete the notes so far?** Notes and sheets that you may have deleted go for"
        " good, if there are any. Nobody is told.",
        row(
            CONFIRM_ERASE_NOTES.button(round_id=round_id), CHANGE_NOTHING.button(round_id=round_id)
        ),
    )
    await answer_in_place(interaction, view)


@CONFIRM_ERASE_NOTES.pressed
async def erase_notes(interaction: Interaction, round_id: int) -> None:
    """Erase the notes so far; the answer is the same if there were none."""
    await defer(interaction)
    await services_of(interaction)[ErasingService].erase_notes(round_id, person_of(interaction))
    said = with_file_traces(interaction, "🗑️ Nothing noted so far is stored any more.")
    await redraw(interaction, card(said))
