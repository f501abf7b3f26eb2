"""Reported notes: the safety contact is told that there is one, and opens it in private."""

from __future__ import annotations

import logging

import aiohttp
import discord

from bot.domain.dojos import Dojo
from bot.services.reports import Reported
from bot.ui.components import DojoButton, card, row
from bot.ui.interactions import Interaction, View, redraw, reply, services_of
from bot.ui.note_texts import note_line
from bot.ui.round_steps import mention

log = logging.getLogger(__name__)

ACCENT = 0xC4674B
REPORT = r"report:(?P<report_id>\d{1,19})"


class DiscordContactTeller:
    """Implements `bot.services.ports.ContactTeller`: a direct message, or else a line in the dojo.

    Neither says anything of the note.
    """

    def __init__(self) -> None:
        self._client: discord.Client | None = None

    def speak_through(self, client: discord.Client) -> None:
        """Use this client from now on."""
        self._client = client

    async def tell(self, dojo: Dojo, contact_user_id: int, report_id: int) -> bool:
        """See ContactTeller."""
        if self._client is None:
            raise RuntimeError("the teller has no client yet")
        try:
            user = await self._client.fetch_user(contact_user_id)
            await user.send(view=_notice(dojo, report_id, ""))
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.info("no direct message possible: %s", error)
        else:
            return True
        channel = self._client.get_partial_messageable(dojo.channel_id, guild_id=dojo.guild_id)
        try:
            await channel.send(
                view=_notice(dojo, report_id, f"{mention(contact_user_id)}: "),
                allowed_mentions=discord.AllowedMentions(users=[discord.Object(contact_user_id)]),
            )
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.info("nothing can be said in the dojo: %s", error)
            return False
        return True


def _notice(dojo: Dojo, report_id: int, to_whom: str) -> View:
    start = f"🚩 {to_whom}a note" if to_whom else "🚩 A note"
    return card(
        f"{start} from a practice round in <#{dojo.channel_id}> was reported. You are the safety"
        " contact of that dojo; only you can open it.",
        row(OpenReport(report_id)),
        accent=ACCENT,
    )


def report_card(reported: Reported, line: str) -> View:
    """The reported note, and nothing else of its round."""
    note = reported.note
    who = mention(note.observer_user_id) if note.observer_user_id else "somebody forgotten"
    return card(
        "### 🚩 A reported note",
        line,
        f"Noted by {who} about {mention(note.coach_user_id)}, reported by"
        f" {mention(reported.report.reporter_user_id)}, in <#{reported.round.room_id}>.",
        "-# Speak with the people first, each alone. Erasing takes the note away for everybody.",
        row(EraseReported(reported.report.id)),
        accent=ACCENT,
    )


async def _opened(interaction: Interaction, report_id: int) -> View:
    services = services_of(interaction)
    reported = await services.reports.open(report_id, interaction.user.id)
    content = await services.debriefs.desk.content_of(reported.round)
    return report_card(reported, note_line(reported.note, reported.listed, content))


class OpenReport(DojoButton, template=REPORT):
    """Opens a reported note."""

    def __init__(self, report_id: str | int) -> None:
        self.report_id = int(report_id)
        super().__init__(f"report:{report_id}", "Open the note", emoji="🚩")

    async def pressed(self, interaction: Interaction) -> None:
        """Show it, to the safety contact alone."""
        await reply(interaction, await _opened(interaction, self.report_id))


class EraseReported(DojoButton, template=rf"{REPORT}:erase"):
    """Asks before a reported note is erased."""

    def __init__(self, report_id: str | int) -> None:
        self.report_id = int(report_id)
        super().__init__(f"report:{report_id}:erase", "Erase this note…", emoji="🗑️")

    async def pressed(self, interaction: Interaction) -> None:
        """Ask; it cannot be undone."""
        await services_of(interaction).reports.open(self.report_id, interaction.user.id)
        await redraw(
            interaction,
            card(
                "**Erase this note for everybody?** It cannot be undone.",
                row(EraseReportedIndeed(self.report_id), OpenReportAgain(self.report_id)),
                accent=ACCENT,
            ),
        )


class OpenReportAgain(DojoButton, template=rf"{REPORT}:again"):
    """Back to the reported note."""

    def __init__(self, report_id: str | int) -> None:
        self.report_id = int(report_id)
        super().__init__(f"report:{report_id}:again", "Keep it", emoji="↩️")

    async def pressed(self, interaction: Interaction) -> None:
        """Show it in the same place."""
        await redraw(interaction, await _opened(interaction, self.report_id))


class EraseReportedIndeed(DojoButton, template=rf"{REPORT}:erase-indeed"):
    """Erases a reported note."""

    def __init__(self, report_id: str | int) -> None:
        self.report_id = int(report_id)
        danger = discord.ButtonStyle.danger
        super().__init__(f"report:{report_id}:erase-indeed", "Erase it", emoji="🗑️", style=danger)

    async def pressed(self, interaction: Interaction) -> None:
        """Do so, and say so."""
        await services_of(interaction).reports.erase_note(self.report_id, interaction.user.id)
        await redraw(interaction, card("🗑️ The note is erased.", accent=ACCENT))
