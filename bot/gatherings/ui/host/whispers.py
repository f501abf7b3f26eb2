"""What one person alone is told of an evening: about their own list, or who has left."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from bot.gatherings.model.gathering import Gathering
from bot.gatherings.service.ports import Whisper
from bot.gatherings.ui.words import ACCENT
from bot.kit.discord.actions import Style
from bot.kit.discord.cards import BUTTON, Component, card, row
from bot.kit.discord.interactions import View
from bot.kit.discord.text import plural
from bot.kit.one_per_key import BackgroundTasks
from bot.kit.requests.direct import DirectMessages
from bot.kit.requests.posting import nonce
from bot.kit.requests.reach import Reach
from bot.rounds.ui.shared import mention

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
    Whisper.ONE_LESS: (
        "👋 {who} has left the evening in {dojo}; {people} in now. **Panel** on its card shows"
        " their room."
    ),
}
PRIVATE = "-# Only you get this. Nobody else learns that you have a list."


def whisper_card(gathering: Gathering, what: Whisper, about: int | None = None) -> View:
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
    text = WHISPERS[what].format(
        dojo=f"<#{gathering.channel_id}>",
        who=mention(about),
        people=plural(len(gathering.here), "person is", "people are"),
    )
    private = "" if what is Whisper.ONE_LESS else PRIVATE
    return card(text, private, row(link), accent=ACCENT)


class Whisperer:
    """Sends direct messages beside everything else, so that nothing takes longer by them.

    A person who takes none reads the same on **My wishes** and **Join**.
    """

    def __init__(self, reach: Reach, direct: DirectMessages) -> None:
        self._reach = reach
        self._direct = direct
        self._sending = BackgroundTasks()

    def whisper(
        self, gathering: Gathering, what: Whisper, user_id: int, about: int | None = None
    ) -> None:
        """Begin to send it; never raises."""
        self._sending.begin(self._send(gathering, what, user_id, about), "whisper")

    async def _send(
        self, gathering: Gathering, what: Whisper, user_id: int, about: int | None
    ) -> None:
        try:
            await self._reach.rate.slot(gathering.guild_id)
            number = nonce("whisper", gathering.id, gathering.turn, what, user_id)
            view = whisper_card(gathering, what, about)
            await self._direct.write_to(self._reach.client, user_id, number, view=view)
        except Exception:
            log.exception("a direct message failed")
