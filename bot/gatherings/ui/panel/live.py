"""Panels that keep themselves true for a while after they were opened or clicked.

A private card can only be edited with the token of the click it answers, for 15 minutes. So each
click gives a panel another 14; after that it stays as it is until its person presses **Refresh**.
Panels are kept in memory alone: after a restart the first click makes one live again.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from bot.feedback.service.sheets import SheetService
from bot.gatherings.actions import REFRESH_PANEL
from bot.gatherings.model.gathering import Gathering
from bot.gatherings.service.access import GatheringAccess
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.ui.shared import NO_LONGER
from bot.kit.discord.answers import AnswerLost, redraw
from bot.kit.discord.cards import card, row
from bot.kit.discord.interactions import Interaction, View, person_now, services_of
from bot.kit.discord.text import moment
from bot.kit.logs import log_context
from bot.kit.one_per_key import OnePerKey
from bot.kit.refusals import DojoError
from bot.kit.requests.unreachable import DISCORD_FAILURES
from bot.kit.services import Services
from bot.rounds.model.round import Round
from bot.rounds.service.live import LiveRounds

log = logging.getLogger(__name__)

LIVES = timedelta(minutes=14)
RIGHTS_HOLD = timedelta(minutes=1)
"""For so long after a press a panel is redrawn before the rights of its person are asked again."""
SECONDS_BETWEEN_EDITS = 1.0
MOST_PANELS = 200
MOST_EACH = 3
"""Panels of one facilitator that are kept true."""

ACCENT = 0x5B7083
FOLLOWED = (
    "🎛️ This panel is no longer kept up to date: others were opened after it. **Refresh** shows how"
    " it is."
)

_Key: TypeAlias = tuple[int, int, int]
"""A gathering, a person, and the interaction that opened the card."""
Drawing: TypeAlias = Callable[[Gathering], Awaitable[View]]
"""How a panel looks now."""


@dataclass(eq=False, repr=False, slots=True)
class _Panel:
    """One private card of one facilitator."""

    interaction: Interaction
    """The last click, which may still edit it."""
    gathering: Gathering
    draw: Drawing
    until: datetime
    checked_at: datetime
    """When its person was last known to look after the evening."""
    shown: list[dict[str, Any]]
    """Its components, as Discord has them."""
    edited_at: float = -math.inf
    """When it was last edited by itself, in the seconds of the event loop."""
    is_being_edited: bool = False


class LivePanels:
    """Redraws the panels that are open when anything they show has changed.

    A few of each facilitator; one that is followed by others says so itself. Each is edited at most
    once a second, and only if it looks different.
    """

    def __init__(self, services: Services) -> None:
        self._access = services[GatheringAccess]
        self._gatherings = services[LiveGatherings]
        self._panels: dict[_Key, _Panel] = {}
        """The one that was used longest ago first."""
        self._tasks: OnePerKey[_Panel] = OnePerKey("panel")
        self._stop_watching = (
            self._gatherings.watch(self._gathering_changed),
            services[LiveRounds].watch(self._round_changed),
            services[SheetService].watch(self._round_changed),
        )

    def __len__(self) -> int:
        return len(self._panels)

    async def close(self) -> None:
        """Stop all editing; the panels stay as they are."""
        for stop in self._stop_watching:
            stop()
        self._stop_watching = ()
        self._panels.clear()
        await self._tasks.close()

    def rest(self, interaction: Interaction, gathering_id: int) -> bool:
        """Leave the panel that was clicked alone; whether an edit of it was on its way.

        For a click that puts something else in its place.
        """
        panel = self._panels.pop(_key(interaction, gathering_id), None)
        if panel is None:
            return False
        self._tasks.cancel(panel)
        return panel.is_being_edited

    def keep(
        self,
        interaction: Interaction,
        gathering: Gathering,
        draw: Drawing,
        view: View,
        *,
        is_unsure: bool = False,
    ) -> None:
        """Keep the panel true that `interaction` was answered with, which looks like `view` now.

        `is_unsure`: it may have been overwritten by an edit that was on its way.
        """
        self.rest(interaction, gathering.id)
        now = self._gatherings.now()
        panel = _Panel(interaction, gathering, draw, now + LIVES, now, view.to_components())
        if is_unsure:
            panel.shown = []
        self._panels[_key(interaction, gathering.id)] = panel
        person = interaction.user.id
        theirs = [one for one in self._panels.values() if one.interaction.user.id == person]
        for one in theirs[:-MOST_EACH]:
            self._retire(one)
        while len(self._panels) > MOST_PANELS:
            self._retire(next(iter(self._panels.values())))
        # What changed while it was drawn and sent.
        self._wake(panel)

    def touch(self, gathering_id: int) -> None:
        """Something that the panels of a gathering show, and it does not know itself, changed."""
        for (of, *_), panel in self._panels.items():
            if of == gathering_id:
                self._wake(panel)

    # Inside

    def _gathering_changed(self, gathering: Gathering) -> None:
        for (gathering_id, *_), panel in self._panels.items():
            if gathering_id == gathering.id:
                panel.gathering = gathering
                self._wake(panel)

    def _round_changed(self, round_: Round) -> None:
        for (gathering_id, *_), panel in self._panels.items():
            if gathering_id == round_.gathering_id:
                self._wake(panel)

    def _wake(self, panel: _Panel) -> None:
        self._tasks.wake(panel, lambda: self._run(panel))

    async def _run(self, panel: _Panel) -> None:
        with log_context(gathering=panel.gathering.id):
            try:
                await self._bring_up_to_date(panel)
            except (AnswerLost, *DISCORD_FAILURES, DojoError) as error:
                # Closed by its person, or Discord had enough: the next click makes it live again.
                log.debug("a panel is no longer live: %s", error)
                self._forget(panel)
            except Exception:
                log.exception("a panel could not be kept up to date")
                self._forget(panel)

    async def _bring_up_to_date(self, panel: _Panel) -> None:
        view = await self._drawn(panel)
        if view is None or view.to_components() == panel.shown:
            return
        clock = asyncio.get_running_loop().time
        wait = panel.edited_at + SECONDS_BETWEEN_EDITS - clock()
        if wait > 0:
            await asyncio.sleep(wait)
            view = await self._drawn(panel)
            if view is None:
                return
        if not await self._may_still_see(panel):
            view = card(NO_LONGER, accent=ACCENT)
            self._forget(panel)
        components = view.to_components()
        if components == panel.shown:
            return
        panel.edited_at = clock()
        panel.is_being_edited = True
        await redraw(panel.interaction, view)
        panel.is_being_edited = False
        panel.shown = components

    async def _drawn(self, panel: _Panel) -> View | None:
        """How it is to look now; None when its time is over."""
        if self._gatherings.now() > panel.until:
            self._forget(panel)
            return None
        gathering = self._gatherings.find(panel.gathering.id) or panel.gathering
        view = await panel.draw(gathering)
        if not gathering.is_open:
            # Nothing changes any more; this look is its last.
            panel.until = self._gatherings.now()
        return view

    async def _may_still_see(self, panel: _Panel) -> bool:
        """Whether its person looks after the evening by the rights they have now.

        A panel shows who is where without a press of theirs, so Discord is asked, once a minute.
        """
        now = self._gatherings.now()
        if now - panel.checked_at < RIGHTS_HOLD:
            return True
        person = await person_now(panel.interaction)
        panel.checked_at = now
        return self._access.facilitates(panel.gathering, person)

    def _retire(self, panel: _Panel) -> None:
        """Let go of a panel for others that were opened since; it says so."""
        self._forget(panel)
        self._tasks.wake(panel, lambda: self._say_retired(panel))

    async def _say_retired(self, panel: _Panel) -> None:
        here = panel.gathering.id
        with log_context(gathering=here):
            try:
                refresh = row(REFRESH_PANEL.button(gathering_id=here, page=0))
                await redraw(panel.interaction, card(FOLLOWED, refresh, accent=ACCENT))
            except (AnswerLost, *DISCORD_FAILURES) as error:
                log.debug("a panel that is no longer live cannot say so: %s", error)

    def _forget(self, panel: _Panel) -> None:
        key = _key(panel.interaction, panel.gathering.id)
        if self._panels.get(key) is panel:
            del self._panels[key]
        self._tasks.cancel(panel)


def _key(interaction: Interaction, gathering_id: int) -> _Key:
    """Which card an interaction is answered on: the one that was clicked if it is private.

    A private card knows which interaction it first was the answer to.
    """
    message = interaction.message
    if message is None or not message.flags.ephemeral:
        return gathering_id, interaction.user.id, interaction.id
    about = message.interaction_metadata
    return gathering_id, interaction.user.id, message.id if about is None else about.id


def until_line(until: datetime, *, way: str = "Refresh") -> str:
    """Until when a panel keeps itself up to date, and which of its buttons shows the rest."""
    return (
        f"-# It keeps itself up to date until {moment(until, 't')}, unless I am restarted before."
        f" After that, **{way}** shows how it is. The evening runs on without it."
    )


def panels_of(interaction: Interaction) -> LivePanels:
    """The panels that keep themselves true."""
    return services_of(interaction)[LivePanels]
