"""What one person alone is told of an evening: that their own list cannot be kept."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from bot.gatherings.model.gathering import Gathering
from bot.gatherings.service.ports import Whisper
from bot.gatherings.ui.words import ACCENT
from bot.kit.discord.actions import Style
from bot.kit.discord.cards import BUTTON, Component, card, row
from bot.kit.discord.interactions import View
from bot.kit.one_per_key import BackgroundTasks
from bot.kit.requests.posting import nonce, posted
from bot.kit.requests.reach import Reach
from bot.kit.requests.unreachable import DISCORD_FAILURES

log = logging.getLogger(__name__)

WHISPERS: Mapping[Whisper, str] = {
    Whisper.LIST_UNMET: (
        "🔒 **Not in a group with…** With the groups that are proposed in {dojo}, you would be with"
        " someone you named. Press **My wishes** on the card there and choose what you prefer."
        " Without an answer you observe in another room, or sit this round out."
    ),
    Whisper.OBSERVES: (
        "🔒 **Not in a group with…** There was no other place without the people you named. So you"
        " observe in another room this round. **My wishes** in {dojo} changes your list."
    ),
    Whisper.SITS_OUT: (
        "🔒 **Not in a group with…** There was no place without the people you named. So you sit"
        " this round out. **My wishes** in {dojo} changes your list."
    ),
}
PRIVATE = "-# Only you get this. Nobody else learns that you have a list."


def whisper_card(gathering: Gathering, what: Whisper) -> View:
    """What is said, with the way to the card of the evening."""
    where = f"https://discord.com/channels/{gathering.guild_id}/{gathering.channel_id}"
    if gathering.card_id:
        where += f"/{gathering.card_id}"
    link: Component = {
        "type": BUTTON,
        "style": Style.link.value,
        "label": "To the card",
        "url": where,
    }
    text = WHISPERS[what].format(dojo=f"<#{gathering.channel_id}>")
    return card(text, PRIVATE, row(link), accent=ACCENT)


class Whisperer:
    """Sends direct messages beside everything else, so that nothing takes longer by them.

    A person who takes none reads the same on **My wishes** and **Join**.
    """

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._sending = BackgroundTasks()

    def whisper(self, gathering: Gathering, what: Whisper, user_id: int) -> None:
        """Begin to send it; never raises."""
        self._sending.begin(self._send(gathering, what, user_id), "whisper")

    async def _send(self, gathering: Gathering, what: Whisper, user_id: int) -> None:
        try:
            await self._reach.rate.slot(gathering.guild_id)
            user = await self._reach.client.fetch_user(user_id)
            number = nonce("whisper", gathering.id, gathering.turn, what, user_id)
            await posted(user, number, view=whisper_card(gathering, what))
        except DISCORD_FAILURES as error:
            log.info("no direct message possible: %s", type(error).__name__)
        except Exception:
            log.exception("a direct message failed")
