"""One room on the facilitator's panel: its people, its clock, a visit, and a hole to be mended."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.domain.errors import CannotGather
from bot.domain.gatherings import Gathering, Stage
from bot.domain.round_rules import check_has_yes
from bot.domain.rounds import Role, Round, State
from bot.services import Services
from bot.services.gathering_control import Steer
from bot.ui.answers import redraw
from bot.ui.components import DojoMenu, Part, card, row
from bot.ui.gathering_panel_lines import RoomShown, room_line, rooms_shown
from bot.ui.gathering_panel_live import panels_of, put
from bot.ui.gathering_panel_notes import missing_note, outcome_note
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
from bot.ui.round_steps import group_lines
from bot.ui.round_texts import ROLE, clock_text

ACCENT = 0x5B7083
ROOM = GATHER + r":panel:room:(?P<number>\d{1,2})"
MOST_CHOICES = 25


async def show_room(
    interaction: Interaction, gathering_id: int, number: int, *, note: str = ""
) -> None:
    """Show a room in the place of the panel; it keeps itself true, as the panel does."""
    services = services_of(interaction)
    panels = panels_of(interaction)
    was_being_edited = panels.rest(interaction, gathering_id)
    gathering = facilitated(interaction, gathering_id)

    async def draw(current: Gathering) -> View:
        return await room_view(services, current, number, interaction.user.id, note=note)

    view = await draw(gathering)
    await put(interaction, view)
    panels.keep(interaction, gathering, draw, view, anew=was_being_edited)


async def room_view(
    services: Services, gathering: Gathering, number: int, viewer: int, *, note: str = ""
) -> View:
    """One room as it looks now for a facilitator."""
    now = services.gatherings.kept.now()
    back = button_to(gathering.id, f"panel:back:{_page_of(number)}", "All rooms", emoji="🎛️")
    found = [one for one in await rooms_shown(services, gathering, viewer) if one.number == number]
    if not found or not gathering.is_in_rooms:
        parts: list[Part] = [note] if note else []
        return card(*parts, "Nobody is in this room now.", row(back), accent=ACCENT)
    shown = found[0]
    round_ = shown.now.round
    parts = [f"### 🚪 Room {number}\n{room_line(shown, gathering, now)}"]
    if note:
        parts.append(note)
    if round_ is None or not round_.is_open:
        return card(*parts, row(Visit(gathering.id, number), back), accent=ACCENT)
    parts.append("\n".join(group_lines(round_)))
    if round_.has_begun:
        is_paused = round_.state is State.PAUSED
        clock = "resume" if is_paused else "pause"
        seen = str(round_.position)
        steering = [SteerRoom(gathering.id, number, how, seen) for how in (clock, "longer", "next")]
        parts.append(row(*steering, SteerRoom(gathering.id, number, "end", seen)))
    elif gathering.stage is Stage.RUNNING:
        # The others did not wait for it; it follows once its coach and client have agreed.
        parts.append(row(SteerRoom(gathering.id, number, "begin", 0)))
    parts += [
        row(
            Visit(gathering.id, number),
            button_to(gathering.id, f"panel:broadcast:{number}", "Broadcast here", emoji="📣"),
            back,
            RoomAgain(gathering.id, number),
        ),
        row(Missing(gathering.id, number, round_)),
    ]
    return card(*parts, accent=ACCENT)


def _page_of(number: int) -> int:
    # As many as on a page of the panel.
    return (number - 1) // 15


class RoomMenu(DojoMenu, template=GATHER + r":panel:rooms:(?P<page>\d)"):
    """The rooms, to choose one from."""

    def __init__(
        self, gathering_id: str | int, page: str, rooms: Sequence[RoomShown] | None = None
    ) -> None:
        self.gathering_id = int(gathering_id)
        options = [
            discord.SelectOption(
                label=f"Room {one.number}",
                value=str(one.number),
                emoji="🆘" if one.now.room.asked_at is not None else None,
            )
            for one in rooms or ()
        ]
        about = f"gather:{gathering_id}:panel:rooms:{page}"
        super().__init__(about, "One room: people, clock, visit…", options)

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Show it."""
        await show_room(interaction, self.gathering_id, int(choice))


class RoomButton(GatherButton):
    """A button of one room. Subclass it with `template=ROOM + …`."""

    def __init__(
        self, gathering_id: str | int, number: str | int, about: str, label: str, **looks: object
    ) -> None:
        self.number = int(number)
        super().__init__(gathering_id, f"panel:room:{number}{about}", label, **looks)


class RoomAgain(RoomButton, template=ROOM):
    """Shows the room as it is now."""

    def __init__(
        self,
        gathering_id: str | int,
        number: str | int,
        label: str = "Refresh",
        emoji: str | None = "🔄",
    ) -> None:
        super().__init__(gathering_id, number, "", label, emoji=emoji)

    async def pressed(self, interaction: Interaction) -> None:
        """Draw it anew."""
        await show_room(interaction, self.gathering_id, self.number)


_STEER = {
    "begin": (None, "Begin now", "▶️"),
    "pause": (Steer.PAUSE, "Pause", "⏸️"),
    "resume": (Steer.RESUME, "Resume", "▶️"),
    "longer": (Steer.LONGER, "+2 min", "➕"),
    "next": (Steer.NEXT, "Next", "⏭️"),
    "next-indeed": (Steer.NEXT, "Next", "⏭️"),
    "end": (Steer.END, "End", "⏹️"),
    "end-indeed": (Steer.END, "End the round", "⏹️"),
}


class SteerRoom(
    RoomButton,
    template=ROOM
    + r":(?P<how>begin|pause|resume|longer|next|next-indeed|end|end-indeed):(?P<seen>\d{1,2})",
):
    """Does something to the clock of one room."""

    def __init__(
        self, gathering_id: str | int, number: str | int, how: str, seen: str | int
    ) -> None:
        self.how, self.seen = how, int(seen)
        self.steer, label, emoji = _STEER[how]
        style = discord.ButtonStyle.danger if self.steer is Steer.END else None
        super().__init__(
            gathering_id,
            number,
            f":{how}:{seen}",
            label,
            emoji=emoji,
            style=style or discord.ButtonStyle.secondary,
        )

    async def pressed(self, interaction: Interaction) -> None:
        """Do it; an end, and **Next** with much coaching left, ask first."""
        gathering = facilitated(interaction, self.gathering_id)
        question = self._question(interaction, gathering)
        if question:
            panels_of(interaction).rest(interaction, self.gathering_id)
            sure = SteerRoom(self.gathering_id, self.number, f"{self.how}-indeed", self.seen)
            stay = RoomAgain(self.gathering_id, self.number, "Leave it as it is", None)
            view = card(question, row(sure, stay), accent=ACCENT)
            await redraw(interaction, view)
            return
        await wait_for(interaction)
        note = await self._steered(interaction, gathering)
        await show_room(interaction, self.gathering_id, self.number, note=note)

    async def _steered(self, interaction: Interaction, gathering: Gathering) -> str:
        gatherings, person = gatherings_of(interaction), person_of(interaction)
        if self.steer is None:
            round_ = _round_in(interaction, gathering, self.number)
            rounds = services_of(interaction).rounds
            check_has_yes(round_)
            await rounds.begin_with_others(round_.id, rounds.kept.now())
            return "▶️ The round has begun."
        outcome = await gatherings.steer_one(
            self.gathering_id, person, self.number, self.steer, seen=self.seen
        )
        return outcome_note(self.steer, outcome, client_of(interaction).mention_command)

    def _question(self, interaction: Interaction, gathering: Gathering) -> str:
        round_ = _round_in(interaction, gathering, self.number)
        if self.how == "end":
            return (
                f"**End the round in room {self.number}?** What belongs to it is kept; the other"
                " rooms go on."
            )
        left = round_.left(gatherings_of(interaction).kept.now())
        is_seen = round_.is_coaching and round_.position == self.seen
        if self.how == "next" and is_seen and left > WORTH_ASKING:
            return (
                f"There are {clock_text(left)} of coaching left in room {self.number}. Close it"
                " and go on?"
            )
        return ""


def _round_in(interaction: Interaction, gathering: Gathering, number: int) -> Round:
    """The round that is going on in a room. Raises CannotGather."""
    rooms = gatherings_of(interaction).rooms_now(gathering)
    round_ = next((one.round for one in rooms if one.room.number == number), None)
    if round_ is None or not round_.is_open or not gathering.is_in_rooms:
        raise CannotGather("not in rooms")
    return round_


class Visit(RoomButton, template=ROOM + ":visit"):
    """Brings the facilitator into the room."""

    def __init__(self, gathering_id: str | int, number: str | int) -> None:
        primary = discord.ButtonStyle.primary
        super().__init__(gathering_id, number, ":visit", "Visit", emoji="🚶", style=primary)

    async def pressed(self, interaction: Interaction) -> None:
        """Go there, or show the way; the room’s call for help is taken care of."""
        facilitated(interaction, self.gathering_id)
        await wait_for(interaction)
        room, is_moved = await gatherings_of(interaction).visit(
            self.gathering_id, person_of(interaction), self.number
        )
        where = f"<#{room.channel_id}>"
        note = f"🚶 You are in {where} now." if is_moved else f"🚶 This way: {where}"
        await show_room(interaction, self.gathering_id, self.number, note=note)


class Missing(DojoMenu, template=ROOM + ":missing"):
    """The people of a room, to say who is not there."""

    def __init__(
        self, gathering_id: str | int, number: str | int, round_: Round | None = None
    ) -> None:
        self.gathering_id, self.number = int(gathering_id), int(number)
        options = _people_options(round_) if round_ is not None else None
        super().__init__(
            f"gather:{gathering_id}:panel:room:{number}:missing", "Someone is missing", options
        )

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Take that person out of the room; a seat they had is open to everybody in it."""
        gathering = facilitated(interaction, self.gathering_id)
        await wait_for(interaction)
        who = int(choice)
        _round_in(interaction, gathering, self.number)
        gatherings = gatherings_of(interaction)
        gathering = await gatherings.missing(
            self.gathering_id, person_of(interaction), self.number, who
        )
        rooms = gatherings.rooms_now(gathering)
        after = next((one.round for one in rooms if one.room.number == self.number), None)
        note = missing_note(who, after)
        await show_room(interaction, self.gathering_id, self.number, note=note)


def _people_options(round_: Round) -> list[discord.SelectOption]:
    """Who is in the room, named by what they do: names are in the lines above."""
    options: list[discord.SelectOption] = []
    leads = [seat for seat in (round_.coach, round_.client) if seat in round_.here]
    people = [seat for seat in leads if seat is not None]
    for seat in [*people, *round_.observers, *round_.invited][:MOST_CHOICES]:
        if seat.user_id is None:
            continue
        emoji, name = ROLE[seat.role]
        many = seat.role is Role.OBSERVER and len(round_.observers) > 1
        count = f" {round_.observers.index(seat) + 1}" if many and seat in round_.observers else ""
        options.append(
            discord.SelectOption(
                label=f"{name}{count}",
                value=str(seat.user_id),
                description=None if round_.is_in(seat) else "asked, has not answered yet",
                emoji=emoji,
            )
        )
    return options
