"""Reported notes: the safety contact is told that there is one, and opens it in private."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import discord

from bot.dojos.model.dojo import Dojo
from bot.dojos.service.dojos import DojoService
from bot.dojos.ui.words import support_text
from bot.feedback.actions import (
    CONFIRM_ERASE_REPORTED,
    ERASE_REPORTED,
    KEEP_REPORTED,
    OPEN_REPORT,
    OPEN_TALK,
)
from bot.feedback.model.refusals import NothingToShow
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.service.reports import Reported, ReportService
from bot.feedback.service.talks import TalkService
from bot.feedback.ui.notes.words import note_line
from bot.kit.discord.answers import defer, redraw, reply
from bot.kit.discord.cards import card, row
from bot.kit.discord.file_traces import with_file_traces
from bot.kit.discord.interactions import Interaction, View, services_of
from bot.kit.requests.direct import DirectMessages
from bot.kit.requests.posting import new_nonce, nonce, posted
from bot.kit.requests.rate import RequestRate
from bot.kit.requests.reach import Reach
from bot.kit.requests.unreachable import DISCORD_FAILURES, says_person_is_gone
from bot.rounds.ui.shared import mention

log = logging.getLogger(__name__)

ACCENT = 0xC4674B


class DiscordContactTeller(Reach):
    """Tells the safety contact by a direct message, or else by a line in the dojo.

    Neither says anything about the note, and the line names nobody but the contact. Implements
    `bot.rounds.service.ports.ContactTeller`.
    """

    def __init__(self, direct: DirectMessages, rate: RequestRate) -> None:
        super().__init__(rate)
        self._direct = direct

    async def is_here(self, dojo: Dojo, user_id: int) -> bool:
        """See ContactTeller. Only Discord itself can say that a person is gone."""
        guild = self.client.get_guild(dojo.guild_id)
        if guild is None:
            return True
        try:
            await guild.fetch_member(user_id)
        except DISCORD_FAILURES as error:
            if says_person_is_gone(error):
                return False
            log.info("it is not known whether a person is here: %s", type(error).__name__)
        return True

    async def tell(self, dojo: Dojo, contact_user_id: int, report_ids: Sequence[int]) -> bool:
        """See ContactTeller."""
        return await self._say(
            dojo,
            contact_user_id,
            nonce("reported", contact_user_id, *report_ids),
            _notice(dojo, report_ids, ""),
            _notice(dojo, report_ids, f"{mention(contact_user_id)}: "),
        )

    async def ask_to_talk(
        self, dojo: Dojo, contact_user_id: int, user_id: int, request_id: int
    ) -> bool:
        """See ContactTeller."""
        return await self._say(
            dojo,
            contact_user_id,
            nonce("would talk", contact_user_id, request_id),
            talk_card(dojo, user_id),
            _sealed_card(contact_user_id, request_id),
        )

    async def tell_unreached(self, dojo: Dojo, user_id: int) -> None:
        """See ContactTeller."""
        view = card(
            f"The safety contact of <#{dojo.channel_id}> left the server before I could reach them."
            " Please speak with a facilitator. Once they have named someone else, you can try"
            " again.",
            *([support] if (support := support_text(dojo.settings.support_line)) else []),
            accent=ACCENT,
        )
        await self._direct.write_to(self.client, user_id, new_nonce(), view=view)

    async def _say(
        self, dojo: Dojo, contact_user_id: int, number: str, alone: View, in_dojo: View
    ) -> bool:
        """Send it in a direct message, or else in the dojo. Returns whether it was sent."""
        if await self._direct.write_to(self.client, contact_user_id, number, view=alone):
            return True
        channel = self.place(dojo.channel_id, dojo.guild_id)
        try:
            await posted(
                channel,
                number,
                view=in_dojo,
                allowed_mentions=discord.AllowedMentions(users=[discord.Object(contact_user_id)]),
            )
        except DISCORD_FAILURES as error:
            log.info("nothing can be said in the dojo: %s", type(error).__name__)
            return False
        return True


def _notice(dojo: Dojo, report_ids: Sequence[int], to_whom: str) -> View:
    count = len(report_ids)
    what = "a note" if count == 1 else f"{count} notes"
    verb = "was" if count == 1 else "were"
    start = f"🚩 {to_whom}{what}" if to_whom else f"🚩 {what[0].upper()}{what[1:]}"
    labels = ["Open the note"] if count == 1 else [f"Open note {at + 1}" for at in range(count)]
    buttons = [
        OPEN_REPORT.button(report_id=report_id, label=label)
        for report_id, label in zip(report_ids, labels, strict=True)
    ]
    which = "it" if count == 1 else "them"
    return card(
        f"{start} from a practice round in <#{dojo.channel_id}> {verb} reported. You are the safety"
        f" contact of that dojo; only you can open {which}.",
        *(row(*buttons[at : at + 5]) for at in range(0, count, 5)),
        accent=ACCENT,
    )


def talk_card(dojo: Dojo, user_id: int) -> View:
    """Who would like to talk, for the contact alone."""
    return card(
        f"🕊️ {mention(user_id)} would like to talk with you, the safety contact of"
        f" <#{dojo.channel_id}>. I do not know why. Please write to them in private.",
        accent=ACCENT,
    )


def _sealed_card(contact_user_id: int, request_id: int) -> View:
    """A card for everybody to see: it says neither who asks, nor that they would like to talk."""
    return card(
        f"🕊️ {mention(contact_user_id)}: there is a message for you that only you can open.",
        row(OPEN_TALK.button(request_id=request_id)),
        accent=ACCENT,
    )


def report_card(reported: Reported, line: str) -> View:
    """The reported note, and nothing else of its round."""
    note = reported.note
    who = mention(note.observer_user_id) if note.observer_user_id else "a person who was erased"
    return card(
        "### 🚩 A reported note",
        line,
        f"Noted by {who} about {mention(note.coach_user_id)}, reported by"
        f" {mention(reported.report.reporter_user_id)}, in <#{reported.round.room_id}>.",
        "-# Ask the person who reported what they want before you speak with anybody, and do not"
        " say who reported. Erasing removes the note for everybody.",
        row(ERASE_REPORTED.button(report_id=reported.report.id)),
        accent=ACCENT,
    )


async def _opened(interaction: Interaction, report_id: int) -> View:
    services = services_of(interaction)
    reported = await services[ReportService].open(report_id, interaction.user.id)
    content = await services[FeedbackAccess].content_of(reported.round)
    return report_card(reported, note_line(reported.note, reported.listed, content))


@OPEN_REPORT.pressed
async def open_report(interaction: Interaction, report_id: int) -> None:
    """Show the reported note, to the safety contact alone."""
    await reply(interaction, await _opened(interaction, report_id))


@KEEP_REPORTED.pressed
async def keep_reported(interaction: Interaction, report_id: int) -> None:
    """Show the reported note again, in the same place."""
    await redraw(interaction, await _opened(interaction, report_id))


@ERASE_REPORTED.pressed
async def ask_to_erase(interaction: Interaction, report_id: int) -> None:
    """Ask first: it cannot be undone."""
    await services_of(interaction)[ReportService].open(report_id, interaction.user.id)
    buttons = (one.button(report_id=report_id) for one in (CONFIRM_ERASE_REPORTED, KEEP_REPORTED))
    asked = "**Erase this note for everybody?** It cannot be undone."
    await redraw(interaction, card(asked, row(*buttons), accent=ACCENT))


@CONFIRM_ERASE_REPORTED.pressed
async def erase_reported(interaction: Interaction, report_id: int) -> None:
    """Erase the reported note, and say so."""
    await defer(interaction)
    await services_of(interaction)[ReportService].erase_note(report_id, interaction.user.id)
    said = with_file_traces(interaction, "🗑️ The note is erased.")
    await redraw(interaction, card(said, accent=ACCENT))


@OPEN_TALK.pressed
async def open_talk(interaction: Interaction, request_id: int) -> None:
    """Show who would like to talk, to the contact who was asked and nobody else."""
    services = services_of(interaction)
    request = await services[TalkService].open(request_id, interaction.user.id)
    dojo = services[DojoService].by_id(request.dojo_id)
    if dojo is None:
        raise NothingToShow("report")
    await reply(interaction, talk_card(dojo, request.user_id))
