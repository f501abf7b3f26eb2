"""Asks people in Discord: into rounds, in the dojo; and a client about a person who comes late."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Iterable, Sequence
from typing import Any, TypeVar

import discord

from bot.kit.discord.cards import card
from bot.kit.discord.interactions import View
from bot.kit.requests.direct import DirectMessages
from bot.kit.requests.errors import RoomGone, RoomRefused, RoomUnreachable
from bot.kit.requests.posting import nonce
from bot.kit.requests.rate import RequestRate
from bot.kit.requests.reach import CardLost, Reach, notifying
from bot.kit.requests.reach import reaching as _reaching
from bot.rounds.model.asking import Invitation
from bot.rounds.model.round import Round
from bot.rounds.service.ports import LateCard, Shown
from bot.rounds.ui.asking.card import invitation_card
from bot.rounds.ui.asking.late import late_card, not_let_in_text
from bot.rounds.ui.shared import mention, room_link

log = logging.getLogger(__name__)

T = TypeVar("T")
_FAILURES = (RoomGone, RoomRefused, RoomUnreachable, CardLost)


class DiscordInviter:
    """Implements `bot.rounds.service.ports.Inviter` and `AsksClient`."""

    def __init__(self, direct: DirectMessages, rate: RequestRate) -> None:
        self._direct = direct
        self._reach = Reach(rate)

    def speak_through(self, client: discord.Client) -> None:
        """Use this client from now on."""
        self._reach.speak_through(client)

    # Into rounds

    async def ask(
        self, round_: Round, card: Invitation, shown: Shown, new: Sequence[int | None]
    ) -> int:
        """See Inviter. Posted once: the same card has the same nonce after a crash, too."""
        number = nonce("asks into", round_.id, card.number)
        view = invitation_card(card, shown)
        return await self._post(card.channel_id, card.guild_id, number, new, view=view)

    async def show(self, card: Invitation, shown: Shown | None) -> None:
        """See Inviter."""
        view = invitation_card(card, shown)
        await self._edit(card.channel_id, card.guild_id, card.message_id, view)

    async def bring(self, round_: Round, user_id: int) -> None:
        """See Inviter."""
        client = self._reach.client
        room = client.get_channel(round_.room_id)
        if room is None:
            room = await reaching(client.fetch_channel(round_.room_id))
        if not isinstance(room, discord.Thread):
            return
        await self._reach.rate.slot(round_.guild_id)
        await reaching(room.add_user(discord.Object(user_id)))

    async def report_outside(self, round_: Round, user_id: int) -> None:
        """See Inviter: a line in the room, or a direct message to who is not in it."""
        starter = round_.starter_user_id
        text = (
            f"⚠️ {mention(user_id)} has agreed, and I could not add them to <#{round_.room_id}>."
            f" Mention them there, or send them this link: {room_link(round_)}"
        )
        if starter is None:
            return
        if round_.seat_of(starter) is None:
            await self._write_to(starter, text)
            return
        number, text = nonce("outside", round_.id, user_id), f"{mention(starter)} {text}"
        try:
            await self._post(round_.room_id, round_.guild_id, number, [starter], content=text)
        except _FAILURES as error:
            log.info("nothing can be said in the room: %s", error)

    async def report_unasked(self, round_: Round) -> None:
        """See Inviter."""
        if round_.starter_user_id is not None:
            await self._write_to(
                round_.starter_user_id,
                f"⚠️ I may not write in <#{round_.asking_channel_id}>, so nobody was asked into your"
                f" round in <#{round_.room_id}>. People who come into that room can answer there.",
            )

    # Late observers

    async def ask_client(self, round_: Round, user_id: int, client_id: int) -> int:
        """See AsksClient."""
        number = nonce("asks to observe", round_.id, user_id)
        view = late_card(round_.id, user_id, LateCard.ASKING, client_id)
        return await self._post(round_.room_id, round_.guild_id, number, [client_id], view=view)

    async def show_late(self, round_: Round, user_id: int, message_id: int, what: LateCard) -> None:
        """See AsksClient."""
        client = round_.client
        client_id = client.user_id if client is not None else None
        view = late_card(round_.id, user_id, what, client_id)
        await self._edit(round_.room_id, round_.guild_id, message_id, view)

    async def tell_not_let_in(self, round_: Round, user_id: int) -> None:
        """See AsksClient: a direct message, because they do not read the room."""
        await self._write_to(user_id, not_let_in_text(is_over=not round_.is_open))

    # Inside

    async def _post(
        self,
        channel_id: int,
        guild_id: int,
        number: str,
        people: Iterable[int | None],
        **what: Any,  # noqa: ANN401 - theirs
    ) -> int:
        """Post a message with this nonce, which notifies these people; its id."""
        await self._reach.rate.slot(guild_id)
        place, mentions = self._reach.place(channel_id, guild_id), notifying(people)
        return (await reaching(place.send(**what, allowed_mentions=mentions, nonce=number))).id

    async def _edit(self, channel_id: int, guild_id: int, message_id: int, view: View) -> None:
        await self._reach.rate.slot(guild_id)
        message = self._reach.place(channel_id, guild_id).get_partial_message(message_id)
        try:
            await reaching(message.edit(view=view, allowed_mentions=notifying([])))
        except CardLost as error:
            log.info("a card that asks is no longer there: %s", error)

    async def _write_to(self, user_id: int, text: str) -> None:
        number = nonce(text, user_id)
        await self._direct.write_to(self._reach.client, user_id, number, view=card(text))


async def reaching(request: Awaitable[T]) -> T:
    """As `bot.kit.requests.reach.reaching`; what Discord does not take otherwise is refused.

    A card that asks is not worth trying again and again.
    """
    try:
        return await _reaching(request)
    except discord.HTTPException as error:
        log.warning("Discord does not take this: %s", error)
        raise RoomRefused(str(error)) from error
