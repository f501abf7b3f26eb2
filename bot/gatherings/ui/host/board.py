"""The card of a gathering in its dojo: posted where people have to notice, else redrawn."""

from __future__ import annotations

import logging
from collections import Counter

import discord

from bot.content.model.content import Content
from bot.gatherings.model.gathering import Gathering, Stage, members_of
from bot.gatherings.model.harvest import Plenary
from bot.gatherings.model.plan_of import shown_plan
from bot.gatherings.ui.card.card import closed_gathering_card, gathering_card
from bot.gatherings.ui.host.missing import MissingPermissions
from bot.kit.discord.interactions import View
from bot.kit.requests.errors import RoomGone, RoomRefused
from bot.kit.requests.old_cards import OldCards
from bot.kit.requests.posting import Poster, nonce
from bot.kit.requests.reach import CardLost, Reach, notifying, reaching
from bot.kit.requests.rights import SEND, may_write
from bot.kit.time.clock import Clock

log = logging.getLogger(__name__)

MOST_LOSSES = 2
"""How often a card that was deleted is posted again in one stage."""
NOTICED = (Stage.BOARDING, Stage.BETWEEN)
"""Stages that everybody has to notice: they begin with a card of their own."""


class DojoBoard:
    """Shows gatherings in the channels of their dojos."""

    def __init__(self, reach: Reach, missing: MissingPermissions, now: Clock) -> None:
        self._reach = reach
        self._missing = missing
        self._now = now
        self._old_cards = OldCards()
        self._posts = Poster()
        self._losses: Counter[tuple[int, int, Stage]] = Counter()

    async def show(
        self, gathering: Gathering, content: Content, plenary: Plenary | None
    ) -> int | None:
        """Post or redraw the card; its message, or None where it cannot be posted.

        Raises RoomUnreachable.
        """
        if not may_write(self._reach.client.get_channel(gathering.channel_id)):
            self._missing.note(gathering, SEND)
            return None
        plan = shown_plan(gathering, content.formats.values())
        view = gathering_card(gathering, content, plan, plenary, self._now())
        try:
            card_id = await self._show(gathering, view)
        except RoomRefused as error:
            log.info("the card cannot be shown: %s", error)
            self._missing.note(gathering, SEND)
            return None
        except RoomGone as error:
            log.info("the card cannot be shown: %s", error)
            return None
        self._missing.clear(gathering, SEND)
        return card_id

    async def close(self) -> None:
        """Leave cards that are over, and not closed yet, as they are."""
        await self._old_cards.give_up()

    def forget(self, gathering_id: int) -> None:
        """A gathering is over."""
        for key in [key for key in self._losses if key[0] == gathering_id]:
            del self._losses[key]

    async def _show(self, gathering: Gathering, view: View) -> int | None:
        is_new_stage = gathering.stage is not gathering.told_stage
        if gathering.card_id is None:
            return await self._post(gathering, view) if gathering.is_open else None
        if is_new_stage and gathering.stage in NOTICED:
            card_id = await self._post(gathering, view)
            await self._close(gathering, gathering.card_id)
            return card_id
        return await self._redraw(gathering, gathering.card_id, view)

    async def _post(self, gathering: Gathering, view: View, *, instead_of: int = 0) -> int:
        await self._reach.rate.slot(gathering.guild_id)
        place = self._reach.place(gathering.channel_id, gathering.guild_id)
        # By what the dojo has been told, there is another card after a round that could not begin.
        about = (gathering.number, gathering.stage, gathering.told_turn)
        number = nonce("evening", gathering.id, instead_of or about)
        return await self._posts.card(place, number, view, _notifying(gathering))

    async def _redraw(self, gathering: Gathering, card_id: int, view: View) -> int | None:
        stage = (gathering.id, gathering.number, gathering.stage)
        if self._losses[stage] > MOST_LOSSES:
            return None
        await self._reach.rate.slot(gathering.guild_id)
        place = self._reach.place(gathering.channel_id, gathering.guild_id)
        card = place.get_partial_message(card_id)
        try:
            # Without saying whom, Discord would take it to mention all who are on it.
            await reaching(card.edit(view=view, allowed_mentions=_notifying(gathering)))
        except CardLost as lost:
            self._losses[stage] += lost.was_deleted
            if self._losses[stage] > MOST_LOSSES or not gathering.is_open:
                return None
            return await self._post(gathering, view, instead_of=card_id)
        return card_id

    async def _close(self, gathering: Gathering, card_id: int) -> None:
        """Begin to take the buttons off the card before."""
        guild_id = gathering.guild_id
        await self._reach.rate.slot(guild_id)
        place = self._reach.place(gathering.channel_id, guild_id)
        card = place.get_partial_message(card_id)
        view = closed_gathering_card(gathering)
        self._old_cards.close(
            f"close-evening-card-{gathering.id}",
            lambda: card.edit(view=view, allowed_mentions=notifying([])),
            lambda: self._reach.rate.slot(guild_id),
        )


def _notifying(gathering: Gathering) -> discord.AllowedMentions:
    """Those who are to go to their rooms, as they do; nobody else."""
    if gathering.stage is not Stage.BOARDING or gathering.draw is None:
        return notifying([])
    return notifying(sorted(members_of(gathering.draw)))
