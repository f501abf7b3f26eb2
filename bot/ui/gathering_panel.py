"""The facilitator's panel: the whole evening on one private card, and what can be done to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import discord

from bot.domain.errors import AlreadyDone
from bot.domain.gatherings import Gathering, Stage
from bot.services import Services
from bot.services.gathering_control import Steer
from bot.ui.cards import Component
from bot.ui.components import Part, card, row, turning
from bot.ui.gathering_panel_lines import (
    SEEN,
    RoomShown,
    head_lines,
    lacks_lines,
    read_seen,
    room_line,
    rooms_shown,
    seen_code,
    without_room_lines,
)
from bot.ui.gathering_panel_live import ACCENT, panels_of, put
from bot.ui.gathering_panel_notes import EARLIER_ROUND, already_note, outcome_note
from bot.ui.gathering_panel_room import RoomMenu
from bot.ui.gathering_preview import show_preview
from bot.ui.gathering_steps import (
    GATHER,
    GatherButton,
    button_to,
    facilitated,
    gatherings_of,
    wait_for,
)
from bot.ui.interactions import Interaction, View, client_of, person_of, services_of
from bot.ui.round_controls import WORTH_ASKING
from bot.ui.round_texts import clock_text
from bot.ui.texts import plural

ROOMS_ON_A_PAGE = 15
QUESTIONS = {
    "end": (
        "**End the rounds in all rooms?** Everybody is called back, and has a minute to come."
        " What belongs to the rounds is kept."
    ),
    "close": (
        "**Close the evening?** No further round begins, nobody can check out any more, and rooms"
        " I made are removed once they are empty. Feedback stays open to the coaches."
    ),
}
MEANT = {"end": "End all", "close": "Close the evening"}


async def show_panel(
    interaction: Interaction, gathering_id: int, *, page: int = 0, note: str = ""
) -> None:
    """Show the panel in the place of the private card that was clicked, or as a new one.

    It keeps itself true from now on, for a while. `note` says what has just been done.
    """
    services = services_of(interaction)
    panels = panels_of(interaction)
    viewer = interaction.user.id
    was_being_edited = panels.rest(interaction, gathering_id)
    gathering = await services.gatherings.kept.read(gathering_id)
    if gathering is None:
        gathering = facilitated(interaction, gathering_id)

    async def draw(current: Gathering) -> View:
        # What was done is no news any more when the evening has gone on.
        is_news = (current.stage, current.number) == (gathering.stage, gathering.number)
        said = note if is_news else ""
        return await panel_view(services, current, viewer, page=page, note=said)

    view = await draw(gathering)
    await put(interaction, view)
    if gathering.is_open:
        panels.keep(interaction, gathering, draw, view, anew=was_being_edited)


async def panel_view(
    services: Services, gathering: Gathering, viewer: int, *, page: int = 0, note: str = ""
) -> View:
    """The panel as it looks now for one facilitator."""
    now = services.gatherings.kept.now()
    rooms = await rooms_shown(services, gathering, viewer)
    lacks = lacks_lines(services.gatherings.lacks(gathering.id)) if gathering.is_open else []
    parts: list[Part] = ["\n".join([*head_lines(gathering, rooms), *lacks])]
    if note:
        parts.append(note)
    if not gathering.is_open:
        return card(*parts, accent=ACCENT)
    shown = rooms if gathering.is_in_rooms else []
    pages = max(-(-len(shown) // ROOMS_ON_A_PAGE), 1)
    page = min(page, pages - 1)
    on_page = shown[page * ROOMS_ON_A_PAGE : (page + 1) * ROOMS_ON_A_PAGE]
    lines = [room_line(one, gathering, now) for one in on_page]
    if page == pages - 1:
        lines += without_room_lines(gathering)
    if lines:
        parts.append("\n".join(lines))
    parts += _buttons(gathering, rooms, viewer, page)
    if on_page:
        parts.append(row(RoomMenu(gathering.id, str(page), on_page)))
    parts += turning(page, pages, lambda to, label: Page(gathering.id, "page", str(to), label))
    parts.append(
        "-# It keeps itself up to date for a quarter of an hour after your last click; later,"
        " **Refresh**. The evening runs on without it."
    )
    return card(*parts, accent=ACCENT)


def _buttons(
    gathering: Gathering, rooms: list[RoomShown], viewer: int, page: int
) -> list[Component]:
    here = gathering.id
    first: list[discord.ui.Item[Any]] = []
    if gathering.stage is Stage.RUNNING:
        seen = seen_code(gathering, [one.now for one in rooms])
        first = [SteerAll(here, steer, seen) for steer in ("pause", "resume", "longer", "next")]
    if gathering.is_in_rooms:
        first.append(button_to(here, "panel:broadcast:0", "Broadcast", emoji="📣"))
    second: list[discord.ui.Item[Any]] = []
    if gathering.stage in (Stage.BOARDING, Stage.RUNNING):
        second.append(AskFirst(here, "end"))
    if gathering.stage is Stage.BETWEEN:
        second.append(NextRound(here, gathering.number))
    if not gathering.is_in_rooms:
        second.append(AskFirst(here, "close"))
    second.append(button_to(here, "panel:hand-over", "Hand over", emoji="🤝"))
    if gathering.facilitator_user_id != viewer:
        second.append(button_to(here, "panel:take-over", "Take over", emoji="🙋"))
    second.append(Page(here, "refresh", str(page), "Refresh", emoji="🔄"))
    third: list[discord.ui.Item[Any]] = []
    if gathering.trusted_user_ids and viewer not in gathering.trusted_user_ids:
        third.append(button_to(here, "panel:take-off", "Take off…", emoji="🙅"))
    return [row(*buttons) for buttons in (first, second, third) if buttons]


class OpenPanel(GatherButton, template=GATHER + ":panel"):
    """Opens the panel."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "panel", "Panel", emoji="🎛️")

    async def pressed(self, interaction: Interaction) -> None:
        """Show it in private, to those who look after the evening."""
        facilitated(interaction, self.gathering_id)
        await show_panel(interaction, self.gathering_id)


class Page(GatherButton, template=GATHER + r":panel:(?P<why>page|refresh|back):(?P<page>\d)"):
    """Shows the panel as it is now: another page of it, or again."""

    def __init__(
        self, gathering_id: str | int, why: str, page: str, label: str = "…", **looks: object
    ) -> None:
        self.page = int(page)
        super().__init__(gathering_id, f"panel:{why}:{page}", label, **looks)

    async def pressed(self, interaction: Interaction) -> None:
        """Draw it anew."""
        facilitated(interaction, self.gathering_id)
        await show_panel(interaction, self.gathering_id, page=self.page)


_STEER = {
    "pause": (Steer.PAUSE, "Pause all", "⏸️"),
    "resume": (Steer.RESUME, "Resume", "▶️"),
    "longer": (Steer.LONGER, "+2 min", "➕"),
    "next": (Steer.NEXT, "Next", "⏭️"),
    "next-indeed": (Steer.NEXT, "Next", "⏭️"),
}


class SteerAll(
    GatherButton, template=GATHER + rf":panel:(?P<how>pause|resume|longer|next|next-indeed):{SEEN}"
):
    """Does something to the clocks of all rooms."""

    def __init__(self, gathering_id: str | int, how: str, seen: str) -> None:
        self.how, self.seen = how, seen
        self.steer, label, emoji = _STEER[how]
        super().__init__(gathering_id, f"panel:{how}:{seen}", label, emoji=emoji)

    async def pressed(self, interaction: Interaction) -> None:
        """Do it in every room; with much coaching left, **Next** asks first."""
        gathering = facilitated(interaction, self.gathering_id)
        seen = read_seen(gathering, self.seen)
        if seen is None:
            await show_panel(interaction, self.gathering_id, note=EARLIER_ROUND)
            return
        if self.how == "next" and (question := self._worth_asking(interaction, gathering, seen)):
            panels_of(interaction).rest(interaction, self.gathering_id)
            sure = SteerAll(self.gathering_id, "next-indeed", self.seen)
            await put(interaction, _question(question, sure, self.gathering_id))
            return
        await wait_for(interaction)
        outcome = await gatherings_of(interaction).steer_all(
            self.gathering_id, person_of(interaction), self.steer, seen=seen
        )
        note = outcome_note(self.steer, outcome, client_of(interaction).mention_command)
        await show_panel(interaction, self.gathering_id, note=note)

    def _worth_asking(
        self, interaction: Interaction, gathering: Gathering, seen: Mapping[int, int]
    ) -> str:
        gatherings = gatherings_of(interaction)
        now = gatherings.kept.now()
        left = [
            found.round.left(now)
            for found in gatherings.rooms_now(gathering)
            if found.round is not None
            and found.round.is_coaching
            and found.round.position == seen.get(found.round.id)
        ]
        longest = max(left, default=timedelta())
        if longest <= WORTH_ASKING:
            return ""
        return (
            f"There is coaching in {plural(len(left), 'room')}, up to {clock_text(longest)} of it"
            " left. Close it in all of them and go on?"
        )


def _question(text: str, sure: discord.ui.Item[Any], gathering_id: int) -> View:
    back = Page(gathering_id, "back", "0", "Leave it as it is")
    return card(text, row(sure, back), accent=ACCENT)


class AskFirst(GatherButton, template=GATHER + r":panel:ask:(?P<what>end|close)"):
    """Ends all rounds, or the evening, after a question."""

    def __init__(self, gathering_id: str | int, what: str) -> None:
        self.what = what
        label, emoji = ("End all", "⏹️") if what == "end" else ("Close the evening", "🌙")
        danger = discord.ButtonStyle.danger
        super().__init__(gathering_id, f"panel:ask:{what}", label, emoji=emoji, style=danger)

    async def pressed(self, interaction: Interaction) -> None:
        """Ask whether it is meant; nothing ends by a slip of the thumb."""
        facilitated(interaction, self.gathering_id)
        panels_of(interaction).rest(interaction, self.gathering_id)
        sure = Indeed(self.gathering_id, self.what)
        await put(interaction, _question(QUESTIONS[self.what], sure, self.gathering_id))


class Indeed(GatherButton, template=GATHER + r":panel:indeed:(?P<what>end|close)"):
    """Ends all rounds, or the evening."""

    def __init__(self, gathering_id: str | int, what: str) -> None:
        self.what = what
        label, danger = MEANT[what], discord.ButtonStyle.danger
        super().__init__(gathering_id, f"panel:indeed:{what}", label, style=danger)

    async def pressed(self, interaction: Interaction) -> None:
        """Do so, and show how it is now."""
        await wait_for(interaction)
        gatherings, person = gatherings_of(interaction), person_of(interaction)
        if self.what == "end":
            await gatherings.end_all(self.gathering_id, person)
            note = "⏹️ The rounds have ended, and everybody is called back."
        else:
            await gatherings.close(self.gathering_id, person)
            record = client_of(interaction).mention_command("dojo record")
            note = f"👋 Closed. Thank you for looking after it. {record} says who has coached."
        await show_panel(interaction, self.gathering_id, note=note)


class NextRound(GatherButton, template=GATHER + r":panel:next-round:(?P<after>\d{1,2})"):
    """Begins the next round, or proposes groups for it."""

    def __init__(self, gathering_id: str | int, after: str | int) -> None:
        self.after = int(after)
        green = discord.ButtonStyle.success
        super().__init__(
            gathering_id, f"panel:next-round:{after}", "Next round", emoji="⏩", style=green
        )

    async def pressed(self, interaction: Interaction) -> None:
        """Rotate at once where groups stay; fresh groups are looked at first."""
        await wait_for(interaction)
        gatherings = gatherings_of(interaction)
        try:
            gathering = await gatherings.next_round(
                self.gathering_id, person_of(interaction), after=self.after
            )
        except AlreadyDone as done:
            await show_panel(interaction, self.gathering_id, note=already_note(interaction, done))
            return
        if not gathering.is_in_rooms:
            panels_of(interaction).rest(interaction, self.gathering_id)
            await show_preview(interaction, gathering)
            return
        note = f"⏩ Round {gathering.number} begins: everybody goes to their room."
        await show_panel(interaction, self.gathering_id, note=note)
