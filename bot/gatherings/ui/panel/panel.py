"""The facilitator's panel: the whole evening on one private card, and what can be done to it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.gatherings.actions import (
    BACK_TO_PANEL,
    BEGIN_NEXT_ROUND,
    BROADCAST,
    CHOOSE_ROOM,
    CLOSE,
    CONFIRM_CLOSE,
    CONFIRM_END_ALL,
    CONFIRM_NEXT_ALL,
    END_ALL,
    EXTEND_ALL,
    HAND_OVER,
    MORE_TIME,
    NAME_HELPER,
    NEXT_ALL,
    OPEN_PANEL,
    PAUSE_ALL,
    REFRESH_PANEL,
    RESUME_ALL,
    START_NOW,
    TAKE_LEAD,
    TAKE_OFF,
    TURN_PANEL,
    VISIT,
)
from bot.gatherings.model.gathering import Gathering, Stage
from bot.gatherings.service.grouping import GatheringGrouping
from bot.gatherings.service.leading import GatheringLeading
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.service.rooms import GatheringRooms
from bot.gatherings.service.steering import GatheringSteering, Steer
from bot.gatherings.ui.groups.preview import show_preview
from bot.gatherings.ui.hall import Hall
from bot.gatherings.ui.host.missing import MissingPermissions
from bot.gatherings.ui.panel.lines import (
    LEGEND,
    RoomShown,
    head_lines,
    missing_lines,
    read_seen,
    room_line,
    rooms_shown,
    seen_code,
    without_room_line,
)
from bot.gatherings.ui.panel.live import ACCENT, LIVES, panels_of, until_line
from bot.gatherings.ui.panel.notices import (
    DID,
    EARLIER_ROUND,
    Notice,
    already_note,
    outcome_notice,
    while_it_holds,
)
from bot.gatherings.ui.shared import facilitated, shown_as_it_is, while_open
from bot.kit.discord.actions import Button, Handler, Style, option
from bot.kit.discord.answers import answer_in_place, wait_for
from bot.kit.discord.cards import Component, Part, card, row, section, turning
from bot.kit.discord.interactions import Interaction, View, client_of, person_of, services_of
from bot.kit.discord.text import plural
from bot.kit.services import Services
from bot.rounds.model.refusals import AlreadyDone
from bot.rounds.ui.controls import WORTH_ASKING
from bot.rounds.ui.words import clock_text

ROOMS_ON_A_PAGE = 15
ROOMS_WITH_VISIT = 4
"""Discord takes 40 components in a card, and such a line is three of them."""


async def show_panel(
    interaction: Interaction, gathering_id: int, *, page: int = 0, note: Notice = ""
) -> None:
    """Show the panel in the place of the private card that was clicked, or as a new one.

    It keeps itself true from now on, for a while. `note` says what has just been done.
    """
    services = services_of(interaction)
    panels = panels_of(interaction)
    viewer = interaction.user.id
    was_being_edited = panels.rest(interaction, gathering_id)
    gathering = await services[LiveGatherings].read(gathering_id)
    if gathering is None:
        gathering = facilitated(interaction, gathering_id)

    said = while_it_holds(note, gathering)

    async def draw(current: Gathering) -> View:
        notice = said(current)
        return await panel_view(services, current, viewer, page=page, note=notice, until=until)

    until = services[LiveGatherings].now() + LIVES
    view = await draw(gathering)
    await answer_in_place(interaction, view)
    if gathering.is_open:
        panels.keep(interaction, gathering, draw, view, is_unsure=was_being_edited)


async def panel_view(
    services: Services,
    gathering: Gathering,
    viewer: int,
    *,
    page: int = 0,
    note: str = "",
    until: datetime | None = None,
) -> View:
    """The panel as it looks now for one facilitator.

    `until` is when it ends to keep itself true, counted from now if that is left out.
    """
    now = services[LiveGatherings].now()
    rooms = await rooms_shown(services, gathering, viewer)
    head = head_lines(gathering, rooms)
    if not gathering.is_open:
        return card("\n".join(head), note, accent=ACCENT)
    head += services[Hall].lines(gathering)
    head += missing_lines(services[MissingPermissions].of(gathering.id))
    shown = rooms if gathering.is_in_rooms else []
    pages = max(-(-len(shown) // ROOMS_ON_A_PAGE), 1)
    page = min(page, pages - 1)
    on_page = shown[page * ROOMS_ON_A_PAGE : (page + 1) * ROOMS_ON_A_PAGE]
    here = gathering.id
    turns = turning(
        page, pages, lambda to, label: TURN_PANEL.button(gathering_id=here, page=to, label=label)
    )
    return card(
        "\n".join(head),
        note,
        *_room_parts(gathering, on_page, now),
        without_room_line(gathering) if page == pages - 1 else "",
        *_buttons(gathering, rooms, viewer, page),
        _room_menu(gathering, page, on_page) if on_page else "",
        *turns,
        LEGEND if on_page else "",
        until_line(until or now + LIVES),
        accent=ACCENT,
    )


def _room_parts(gathering: Gathering, rooms: list[RoomShown], now: datetime) -> list[Part]:
    """A line for each room; beside it **Visit**, for a few rooms or those that ask for help."""
    asking = [room for room in rooms if room.now.room.asked_at is not None]
    beside = rooms if len(rooms) <= ROOMS_WITH_VISIT else asking[:ROOMS_WITH_VISIT]
    parts: list[Part] = []
    for with_visit, together in itertools.groupby(rooms, lambda room: room in beside):
        lines = [(room, room_line(room, gathering, now)) for room in together]
        if with_visit:
            parts += [section(line, _visit(gathering, room)) for room, line in lines]
        else:
            parts.append("\n".join(line for _, line in lines))
    return parts


def _visit(gathering: Gathering, room: RoomShown) -> Component:
    """The way into a room; only where help is asked for does it stand out."""
    style = Style.secondary if room.now.room.asked_at is None else Style.primary
    return VISIT.button(gathering_id=gathering.id, number=room.number, style=style)


def _buttons(
    gathering: Gathering, rooms: list[RoomShown], viewer: int, page: int
) -> list[Component]:
    here = gathering.id
    first: list[Component] = []
    if gathering.stage is Stage.RUNNING:
        seen = seen_code(one.now for one in rooms)
        first = [
            steer.button(gathering_id=here, number=gathering.number, seen=seen)
            for steer in (PAUSE_ALL, RESUME_ALL, EXTEND_ALL, NEXT_ALL)
        ]
    if gathering.stage is Stage.BOARDING and gathering.due_at is not None:
        due = int(gathering.due_at.timestamp())
        first = [
            START_NOW.button(gathering_id=here, number=gathering.number),
            MORE_TIME.button(gathering_id=here, number=gathering.number, due=due),
        ]
    if gathering.is_in_rooms:
        first.append(BROADCAST.button(gathering_id=here, number=0))
    second: list[Component] = []
    if gathering.stage in (Stage.BOARDING, Stage.RUNNING):
        second.append(END_ALL.button(gathering_id=here))
    if gathering.stage is Stage.BETWEEN and gathering.is_last:
        after, style = gathering.number, Style.secondary
        more = BEGIN_NEXT_ROUND.button(
            gathering_id=here, after=after, label="One more round", style=style
        )
        second += [CLOSE.button(gathering_id=here, style=Style.primary), more]
    elif gathering.stage is Stage.BETWEEN:
        second.append(BEGIN_NEXT_ROUND.button(gathering_id=here, after=gathering.number))
        second.append(CLOSE.button(gathering_id=here))
    elif not gathering.is_in_rooms:
        second.append(CLOSE.button(gathering_id=here))
    second.append(HAND_OVER.button(gathering_id=here))
    if gathering.facilitator_user_id != viewer:
        second.append(TAKE_LEAD.button(gathering_id=here))
    second.append(REFRESH_PANEL.button(gathering_id=here, page=page))
    third: list[Component] = []
    is_over_soon = gathering.is_last and bool(gathering.number)
    if not gathering.is_in_rooms and not is_over_soon:
        third.append(NAME_HELPER.button(gathering_id=here))
    if gathering.trusted_user_ids and viewer not in gathering.trusted_user_ids:
        third.append(TAKE_OFF.button(gathering_id=here))
    return [row(*first), row(*second), row(*third)]


def _room_menu(gathering: Gathering, page: int, rooms: list[RoomShown]) -> Component:
    asking = {one.number for one in rooms if one.now.room.asked_at is not None}
    options = [
        option(f"Room {number}", str(number), emoji="🆘" if number in asking else "")
        for number in (one.number for one in rooms)
    ]
    return row(CHOOSE_ROOM.menu(options, gathering_id=gathering.id, page=page))


async def _as_it_is(interaction: Interaction, gathering_id: int, **_: object) -> None:
    await show_panel(interaction, gathering_id)


on_panel = shown_as_it_is(_as_it_is)
"""A handler of the panel, which is redrawn also where nothing could be done."""


@OPEN_PANEL.pressed
@while_open
async def open_panel(interaction: Interaction, gathering_id: int) -> None:
    """Show the panel in private, to those who look after the evening."""
    await show_page(interaction, gathering_id, 0)


@TURN_PANEL.pressed
@REFRESH_PANEL.pressed
@BACK_TO_PANEL.pressed
@while_open
async def show_page(interaction: Interaction, gathering_id: int, page: int) -> None:
    """Show a page of the panel as it is now."""
    facilitated(interaction, gathering_id)
    await show_panel(interaction, gathering_id, page=page)


# The time to come


@MORE_TIME.pressed
@on_panel
async def more_time(interaction: Interaction, gathering_id: int, number: int, due: int) -> None:
    """Give everybody a minute more to come to their rooms."""
    del number
    facilitated(interaction, gathering_id)
    await wait_for(interaction)
    steering, person = services_of(interaction)[GatheringSteering], person_of(interaction)
    try:
        longer = await steering.more_time(gathering_id, person, due)
    except AlreadyDone as done:
        await show_panel(interaction, gathering_id, note=already_note(interaction, done))
        return

    def note(now: Gathering) -> str:
        return "➕ Everybody has a minute more to come." if now.due_at == longer.due_at else ""

    await show_panel(interaction, gathering_id, note=note)


@START_NOW.pressed
@on_panel
async def start_now(interaction: Interaction, gathering_id: int, number: int) -> None:
    """Start the clocks of the rooms that are ready; the others follow when they are."""
    facilitated(interaction, gathering_id)
    await wait_for(interaction)
    steering, person = services_of(interaction)[GatheringSteering], person_of(interaction)
    note = (
        "▶️ The rooms that are ready start now. The others follow as soon as their coach and client"
        " have agreed."
    )
    try:
        await steering.start_now(gathering_id, person, number=number)
    except AlreadyDone as done:
        note = already_note(interaction, done)
    await show_panel(interaction, gathering_id, note=note)


# The clocks of all rooms


def _steering(steer: Steer) -> Handler:
    async def act(interaction: Interaction, gathering_id: int, number: int, seen: str) -> None:
        """Do it in every room of the round that was shown, and show the panel as it is then."""
        gathering = facilitated(interaction, gathering_id)
        shown = read_seen(gathering, number, seen)
        if shown is None:
            await show_panel(interaction, gathering_id, note=EARLIER_ROUND)
            return
        await wait_for(interaction)
        steering, person = services_of(interaction)[GatheringSteering], person_of(interaction)
        outcome = await steering.steer_all(gathering_id, person, steer, seen=shown)
        rooms = services_of(interaction)[GatheringRooms]
        note = outcome_notice(rooms, DID[steer], outcome, client_of(interaction).mention_command)
        await show_panel(interaction, gathering_id, note=note)

    return act


_go_on = _steering(Steer.NEXT)
PAUSE_ALL.pressed(on_panel(_steering(Steer.PAUSE)))
RESUME_ALL.pressed(on_panel(_steering(Steer.RESUME)))
EXTEND_ALL.pressed(on_panel(_steering(Steer.LONGER)))
CONFIRM_NEXT_ALL.pressed(on_panel(_go_on))


@NEXT_ALL.pressed
@on_panel
async def ask_to_go_on(interaction: Interaction, gathering_id: int, number: int, seen: str) -> None:
    """Begin the next segment in every room; with much coaching left, ask first."""
    gathering = facilitated(interaction, gathering_id)
    shown = read_seen(gathering, number, seen) or {}
    question = _coaching_left(interaction, gathering, shown)
    if not question:
        await _go_on(interaction, gathering_id, number, seen)
        return
    sure = CONFIRM_NEXT_ALL.button(gathering_id=gathering_id, number=number, seen=seen)
    await _ask(interaction, gathering_id, question, sure)


def _coaching_left(interaction: Interaction, gathering: Gathering, seen: Mapping[int, int]) -> str:
    """The question before much coaching is closed; empty where there is little."""
    services = services_of(interaction)
    now = services[LiveGatherings].now()
    left = [
        found.round.left(now)
        for found in services[GatheringRooms].rooms_now(gathering)
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


# The end, and the next round


def _asking(question: str, sure: Button) -> Handler:
    """What a button does that asks first: nothing ends by a slip of the thumb."""

    async def ask(interaction: Interaction, gathering_id: int) -> None:
        facilitated(interaction, gathering_id)
        await _ask(interaction, gathering_id, question, sure.button(gathering_id=gathering_id))

    return on_panel(ask)


END_ALL.pressed(
    _asking(
        "**End the rounds in all rooms?** Everybody is called back, and has a minute to come."
        " What belongs to the rounds is kept.",
        CONFIRM_END_ALL,
    )
)
CLOSE.pressed(
    _asking(
        "**Close the evening?** No further round begins, nobody can check out any more, and rooms"
        " I made are removed once they are empty. Feedback stays open to the coaches.",
        CONFIRM_CLOSE,
    )
)


async def _ask(interaction: Interaction, gathering_id: int, question: str, sure: Component) -> None:
    """Ask in the place of the panel before something is done."""
    panels_of(interaction).rest(interaction, gathering_id)
    label = "Leave it as it is"
    stay = BACK_TO_PANEL.button(gathering_id=gathering_id, page=0, label=label, emoji="")
    await answer_in_place(interaction, card(question, row(sure, stay), accent=ACCENT))


@CONFIRM_END_ALL.pressed
@on_panel
async def end_all(interaction: Interaction, gathering_id: int) -> None:
    """End the rounds in all rooms, and show how it is now."""
    await wait_for(interaction)
    await services_of(interaction)[GatheringSteering].end_all(gathering_id, person_of(interaction))
    note = "⏹️ The rounds have ended, and everybody is called back."
    await show_panel(interaction, gathering_id, note=note)


@CONFIRM_CLOSE.pressed
@on_panel
async def close(interaction: Interaction, gathering_id: int) -> None:
    """Close the evening, and show how it is now."""
    await wait_for(interaction)
    await services_of(interaction)[GatheringLeading].close(gathering_id, person_of(interaction))
    record = client_of(interaction).mention_command("dojo record")
    note = f"👋 Closed. Thank you for looking after it. {record} says who has coached."
    await show_panel(interaction, gathering_id, note=note)


@BEGIN_NEXT_ROUND.pressed
@on_panel
async def begin_next_round(interaction: Interaction, gathering_id: int, after: int) -> None:
    """Rotate at once where groups stay; fresh groups are looked at first."""
    await wait_for(interaction)
    grouping, person = services_of(interaction)[GatheringGrouping], person_of(interaction)
    try:
        gathering = await grouping.next_round(gathering_id, person, after=after)
    except AlreadyDone as done:
        await show_panel(interaction, gathering_id, note=already_note(interaction, done))
        return
    if not gathering.is_in_rooms:
        await show_preview(interaction, gathering)
        return
    note = f"⏩ Round {gathering.number} begins: everybody goes to their room."
    await show_panel(interaction, gathering_id, note=note)
