"""Tells rooms in Discord what happens in their rounds."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Collection
from datetime import datetime

import discord

from bot.dojos.model.dojo import DojoSettings
from bot.dojos.service.dojos import DojoService
from bot.kit.discord.text import joined, plural
from bot.kit.fairness import FairQueue
from bot.kit.requests.direct import DirectMessages
from bot.kit.requests.old_cards import OldCards
from bot.kit.requests.posting import Poster, nonce, posted
from bot.kit.requests.rate import RequestRate
from bot.kit.requests.reach import CardLost, Reach, RoomArchived, notifying, reaching
from bot.kit.requests.rights import may_write
from bot.kit.requests.unreachable import DISCORD_FAILURES
from bot.rounds.model.clock import News
from bot.rounds.model.did import CALLS, CALLS_ALL, Did
from bot.rounds.model.round import Agreement, Cue, RoomKind, Round
from bot.rounds.service.ports import Sent
from bot.rounds.ui.card import closed_card, moved_card, round_card
from bot.rounds.ui.shared import mention
from bot.rounds.ui.words import CUE, ROOM_DELETED, did_line, late_line

log = logging.getLogger(__name__)

MOST_NAMED = 20
MOST_LINES = 10
"""About what people did, in one message: an outage may keep back very many."""


class DiscordAnnouncer:
    """Posts and edits the cards of rounds. Implements `bot.rounds.service.ports.Announcer`.

    Everything goes to a channel by its id: that a channel is not in the cache says nothing.
    """

    def __init__(self, dojos: DojoService, direct: DirectMessages, rate: RequestRate) -> None:
        self._dojos = dojos
        self._direct = direct
        self._reach = Reach(rate)
        self._rate = rate
        self._posts = Poster()
        self._to_close: FairQueue[tuple[Round, contextvars.Context]] = FairQueue()
        self._closer: asyncio.Task[None] | None = None
        self._old_cards = OldCards()

    def speak_through(self, client: discord.Client) -> None:
        """Use this client from now on."""
        self._reach.speak_through(client)

    async def close(self) -> None:
        """Give up closing old cards; their buttons answer that they are over."""
        self._to_close.clear()
        if self._closer is not None:
            self._closer.cancel()
            await asyncio.gather(self._closer, return_exceptions=True)
        await self._old_cards.give_up()

    async def tell(self, round_: Round, news: News, now: datetime) -> Sent:
        """See Announcer: a new card where one is due, else a quiet line and the card redrawn."""
        if news.is_card:
            # Shown again where it is not about anything new, because someone asked for that.
            number = _card_number(round_, news) or self._posts.number_for("card again", round_.id)
            sent = Sent(await self._post_card(round_, news, now, number))
            if round_.card_id is not None:
                self._close_card(round_)
            return sent
        sent = await self._redraw(round_, news, now)
        lines = _lines(round_, news)
        if lines:
            await self._rate.slot(round_.guild_id)
            newcomers = _newcomers(round_, news)
            await self._posts.message(
                self._room(round_),
                nonce("lines", round_.id, news.upto.turn, int(news.upto.cue)),
                content="\n".join(f"-# {line}" for line in lines),
                silent=not newcomers,
                allowed_mentions=notifying(newcomers),
            )
        return sent

    def may_write(self, round_: Round) -> bool:
        """See Announcer: by what is known of the channel; an unknown one is worth a try."""
        return may_write(self._reach.client.get_channel(round_.room_id))

    async def report_refused(self, round_: Round) -> None:
        """See Announcer: a direct message; where those are closed, a line in the dojo."""
        text = (
            f"I may not write in <#{round_.room_id}> any more. The clock of the round there goes"
            " on, but nobody sees it. Someone who manages channels can let me: View Channel and"
            " Send Messages (in threads: Send Messages in Threads, and the thread not locked)."
            " After that, any button of the round or `/round now` brings its card back."
        )
        starter = round_.starter_user_id
        if starter is not None and await self._write_to(round_, starter, text):
            return
        to_whom = f"{mention(starter)}: " if starter else ""
        await self._write_in_dojo(round_, f"{to_whom}{text}", [starter] if starter else [])

    async def report_gone(self, round_: Round) -> None:
        """See Announcer: a line in the dojo that mentions the people of the round."""
        people = [seat.user_id for seat in round_.here if seat.user_id is not None]
        who = joined(mention(user_id) for user_id in people[:MOST_NAMED])
        kept = " Everything noted until then is kept." if round_.has_begun else ""
        text = f"🚪 {who}: {ROOM_DELETED}{kept} `/round start` begins another one."
        if not await self._write_in_dojo(round_, text, people) and round_.starter_user_id:
            await self._write_to(round_, round_.starter_user_id, f"{ROOM_DELETED}{kept}")

    # Inside

    def _room(self, round_: Round) -> discord.PartialMessageable:
        return self._reach.place(round_.room_id, round_.guild_id)

    async def _post_card(self, round_: Round, news: News, now: datetime, number: str) -> int:
        await self._rate.slot(round_.guild_id)
        view = round_card(round_, now, _lines(round_, news), self._settings(round_))
        mentions = notifying(_called(round_, news))
        return await self._posts.card(self._room(round_), number, view, mentions)

    async def _redraw(self, round_: Round, news: News, now: datetime) -> Sent:
        """Bring the card up to date; post a new one where it has been deleted, but not for ever."""
        changed = news.upto.turn > round_.told.turn or news.cue is Cue.TIME_UP
        if not changed or round_.card_id is None:
            return Sent()
        await self._rate.slot(round_.guild_id)
        view = round_card(round_, now, settings=self._settings(round_))
        instead = nonce("card", round_.id, "instead of", round_.card_id)
        message = self._room(round_).get_partial_message(round_.card_id)
        try:
            # Without saying whom, Discord would take an edited card to mention all who are on it.
            await reaching(message.edit(view=view, allowed_mentions=notifying(_whom(round_))))
        except RoomArchived:
            # A new message brings a thread back that was put away, unless it is locked.
            return Sent(await self._post_card(round_, News(news.upto), now, instead))
        except CardLost as lost:
            if lost.was_deleted and round_.card_losses >= 2:
                return Sent()
            card_id = await self._post_card(round_, News(news.upto), now, instead)
            return Sent(card_id, card_was_lost=lost.was_deleted)
        return Sent()

    def _close_card(self, round_: Round) -> None:
        """Take the buttons off the card before, when there is time for it."""
        # In the end the log says whose card it is, not whose was the first to wait.
        self._to_close.put(round_.guild_id, (round_, contextvars.copy_context()))
        if self._closer is None or self._closer.done():
            self._closer = asyncio.create_task(self._close_cards(), name="close-cards")

    async def _close_cards(self) -> None:
        while self._to_close:
            await self._rate.spare_slot()
            round_, context = self._to_close.take()
            # Not waited for: Discord may take longer than it is until the next one's turn.
            self._close_card_now(round_, context)

    def _settings(self, round_: Round) -> DojoSettings | None:
        dojo = self._dojos.open_or_closed(round_.dojo_id)
        return None if dojo is None else dojo.settings

    def _close_card_now(self, round_: Round, context: contextvars.Context) -> None:
        known = round_.told.position
        is_over = known < round_.position or not round_.is_open
        view = closed_card(round_, known) if is_over else moved_card(round_)
        assert round_.card_id is not None  # noqa: S101 - checked by the caller
        message = self._room(round_).get_partial_message(round_.card_id)
        self._old_cards.close(
            f"close-card-{round_.id}",
            lambda: message.edit(view=view, allowed_mentions=notifying([])),
            lambda: self._rate.slot(round_.guild_id),
            context,
        )

    async def _write_to(self, round_: Round, user_id: int, text: str) -> bool:
        """Write to a person; whether that was possible."""
        number = nonce(text, round_.id, round_.turn)
        return await self._direct.write_to(self._reach.client, user_id, number, content=text)

    async def _write_in_dojo(self, round_: Round, text: str, people: Collection[int]) -> bool:
        """Write in the channel of the round's dojo; whether that was possible."""
        dojo = self._dojos.by_id(round_.dojo_id)
        if dojo is None or dojo.channel_id == round_.room_id:
            return False
        channel = self._reach.place(dojo.channel_id, dojo.guild_id)
        try:
            number = nonce(text, round_.id, round_.turn)
            await posted(channel, number, content=text, allowed_mentions=notifying(people))
        except DISCORD_FAILURES as error:
            log.info("nothing can be said in the dojo: %s", error)
            return False
        return True


def _card_number(round_: Round, news: News) -> str | None:
    """The nonce of a new card: what it is about, whatever people press before it is told.

    What the room has been told (`told.turn`) tells two cards apart that ask the same, one after
    the other, and stays as it is until the room knows this one.
    """
    if _is_new(round_):
        # A part comes again after Back, and an end after Take it up again.
        part = round_.position if round_.is_open else "end"
        return nonce("card", round_.id, part, round_.told.turn)
    if _asks(round_) or any(action.did in CALLS for action in news.actions):
        return nonce("card", round_.id, round_.position, round_.asked, round_.told.turn)
    return None


def _is_new(round_: Round) -> bool:
    """Whether the room has not seen the card of this part, or of the end, yet."""
    return round_.told.position < round_.position or not round_.is_open


def _asks(round_: Round) -> bool:
    """Whether the room has not seen yet what the card asks."""
    return round_.asked is not None and round_.asked is not round_.told.asked


def _newcomers(round_: Round, news: News) -> list[int | None]:
    """Whom a line notifies: who is asked or let in by what others did, and may be in the room."""
    if not round_.has_begun and round_.asking_channel_id is not None:
        return []
    came = [a.about_user_id for a in news.actions if a.did in (Did.REPLACED, Did.LET_IN)]
    return came + [a.user_id for a in news.actions if a.did is Did.IN_CHANNEL]


def _lines(round_: Round, news: News) -> list[str]:
    """What has happened, a line each; of very much, the latest."""
    earlier = len(news.actions) - MOST_LINES
    lines = [f"⏳ {plural(earlier, 'thing')} more before that."] if earlier > 0 else []
    in_public = round_.room is not RoomKind.PRIVATE_THREAD
    latest = news.actions[-MOST_LINES:]
    lines += [did_line(one, name=mention, in_public=in_public) for one in latest]
    if news.late or news.missed:
        lines.append(late_line(news.late, news.missed))
    if news.cue is not Cue.NONE:
        lines.append(CUE[news.cue])
    return lines


def _called(round_: Round, news: News) -> list[int | None]:
    """Whom a card notifies: all if it is new to them, else those whom it calls to answer.

    A card that people know already notifies nobody when it is shown again.
    """
    calls_all = any(action.did in CALLS_ALL for action in news.actions)
    if _is_new(round_) or _asks(round_) or calls_all:
        return _whom(round_)
    return [action.about_user_id for action in news.actions if action.did in CALLS]


def _whom(round_: Round) -> list[int | None]:
    """Whom a new card notifies: the people of the round, but never the client while coaching."""
    if not round_.is_open:
        return []
    client = round_.client if round_.is_coaching else None
    return [
        seat.user_id
        for seat in round_.here
        if seat is not client and seat.user_id and _may_be_in_room(round_, seat.user_id)
    ]


def _may_be_in_room(round_: Round, user_id: int) -> bool:
    """Whether a mention may notify this person in the room.

    Discord adds whom it notifies to a thread. So who is asked elsewhere is mentioned only after
    their yes.
    """
    if round_.asking_channel_id is None or user_id == round_.starter_user_id:
        return True
    seat = round_.seat_of(user_id)
    return seat is not None and seat.agreement is not Agreement.OPEN
