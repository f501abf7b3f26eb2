"""One room on the facilitator's panel: its people, its clock, a visit, and who is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.gatherings.actions import (
    BACK_TO_PANEL,
    BEGIN_ROOM,
    BROADCAST,
    CHOOSE_ROOM,
    CONFIRM_END_ROOM,
    CONFIRM_NEXT_IN_ROOM,
    END_ROOM,
    EXTEND_ROOM,
    MISSING,
    NEXT_IN_ROOM,
    PAUSE_ROOM,
    REFRESH_ROOM,
    RESUME_ROOM,
    VISIT,
)
from bot.gatherings.model.gathering import Gathering, Stage
from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.service.rooms import GatheringRooms
from bot.gatherings.service.steering import GatheringSteering, Steer
from bot.gatherings.ui.panel.lines import head_lines, room_line, rooms_shown
from bot.gatherings.ui.panel.live import ACCENT, LIVES, panels_of, until_line
from bot.gatherings.ui.panel.notices import (
    DID,
    Notice,
    missing_notice,
    outcome_notice,
    while_it_holds,
    while_rooms_stand,
)
from bot.gatherings.ui.panel.panel import ROOMS_ON_A_PAGE
from bot.gatherings.ui.shared import facilitated, name_of, shown_as_it_is, while_open
from bot.kit.discord.actions import Button, Handler, option, row_of
from bot.kit.discord.answers import answer_in_place, redraw, wait_for
from bot.kit.discord.cards import Component, card, row
from bot.kit.discord.interactions import Interaction, View, client_of, person_of, services_of
from bot.kit.discord.text import cut
from bot.kit.services import Services
from bot.rounds.model.round import Round, State
from bot.rounds.model.rules import check_has_yes
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.proposing import RoundProposing
from bot.rounds.ui.controls import WORTH_ASKING
from bot.rounds.ui.shared import group_lines, observer_number
from bot.rounds.ui.words import ROLE, clock_text

MOST_CHOICES = 25


async def show_room(
    interaction: Interaction, gathering_id: int, number: int, *, note: Notice = ""
) -> None:
    """Show a room in the place of the panel; it keeps itself true, as the panel does."""
    services = services_of(interaction)
    panels = panels_of(interaction)
    was_being_edited = panels.rest(interaction, gathering_id)
    gathering = facilitated(interaction, gathering_id)

    said = while_it_holds(note, gathering)

    def name(user_id: int) -> str:
        return name_of(interaction, user_id)

    async def draw(current: Gathering) -> View:
        notice, viewer = said(current), interaction.user.id
        return await room_view(
            services, current, number, viewer, note=notice, until=until, name=name
        )

    until = services[LiveGatherings].now() + LIVES
    view = await draw(gathering)
    await answer_in_place(interaction, view)
    panels.keep(interaction, gathering, draw, view, is_unsure=was_being_edited)


async def room_view(
    services: Services,
    gathering: Gathering,
    number: int,
    viewer: int,
    *,
    note: str = "",
    until: datetime | None = None,
    name: Callable[[int], str] = lambda _: "",
) -> View:
    """One room as it looks now for a facilitator; once the evening is over, only that.

    `until` is when it ends to keep itself true, counted from now if that is left out. `name` tells
    how a person is called, where that is known.
    """
    if not gathering.is_open:
        return card("\n".join(head_lines(gathering, ())), accent=ACCENT)
    now = services[LiveGatherings].now()
    kept = until_line(until or now + LIVES)
    here = gathering.id
    page = max(number - 1, 0) // ROOMS_ON_A_PAGE
    back = BACK_TO_PANEL.button(gathering_id=here, page=page)
    visit = VISIT.button(gathering_id=here, number=number)
    refresh = REFRESH_ROOM.button(gathering_id=here, number=number)
    found = [one for one in await rooms_shown(services, gathering, viewer) if one.number == number]
    if not found or not gathering.is_in_rooms:
        empty = "Nobody is in this room now."
        return card(note, empty, row(back, refresh), kept, accent=ACCENT)
    round_ = found[0].now.round
    title = f"### 🚪 Room {number}\n{room_line(found[0], gathering, now)}"
    if round_ is None or not round_.is_open:
        return card(title, note, row(visit, back, refresh), kept, accent=ACCENT)
    steering: Sequence[Button] = ()
    if round_.has_begun:
        clock = RESUME_ROOM if round_.state is State.PAUSED else PAUSE_ROOM
        steering = (clock, EXTEND_ROOM, NEXT_IN_ROOM, END_ROOM)
    elif gathering.stage is Stage.RUNNING:
        # The others did not wait for it; it follows once its coach and client have agreed.
        steering = (BEGIN_ROOM,)
    broadcast = BROADCAST.button(gathering_id=here, number=number, label="Broadcast here")
    return card(
        title,
        note,
        "\n".join(group_lines(round_, has_answers=True, is_numbered=True)),
        row_of(*steering, gathering_id=here, number=number, seen=max(round_.position, 0)),
        row(visit, broadcast, back, refresh),
        row(MISSING.menu(_people_options(round_, name), gathering_id=here, number=number)),
        kept,
        accent=ACCENT,
    )


def _people_options(round_: Round, name: Callable[[int], str]) -> list[Component]:
    """Who is in the room: by name where it is known, else by what they do, as in the lines above.

    Observers who are asked are counted on from those who are there.
    """
    options: list[Component] = []
    leads = [seat for seat in (round_.coach, round_.client) if seat in round_.here]
    people = [seat for seat in leads if seat is not None]
    for seat in [*people, *round_.observers, *round_.invited][:MOST_CHOICES]:
        if seat.user_id is None:
            continue
        emoji, role = ROLE[seat.role]
        number = observer_number(round_, seat)
        what = f"{role} {number}" if number else role
        asked = "" if round_.is_in(seat) else "asked, has not answered yet"
        known = name(seat.user_id)
        more = " · ".join(filter(None, (what if known else "", asked)))
        label = cut(known or what, 100)
        options.append(option(label, str(seat.user_id), description=more, emoji=emoji))
    return options


async def _as_it_is(interaction: Interaction, gathering_id: int, number: int, **_: object) -> None:
    await show_room(interaction, gathering_id, number)


on_page = shown_as_it_is(_as_it_is)
"""A handler of the page of a room, which is redrawn also where nothing could be done."""


@CHOOSE_ROOM.chosen
@while_open
async def choose_room(interaction: Interaction, choice: str, gathering_id: int, page: int) -> None:
    """Show the room that was chosen."""
    del page
    await show_room(interaction, gathering_id, int(choice))


@REFRESH_ROOM.pressed
@while_open
async def refresh_room(interaction: Interaction, gathering_id: int, number: int) -> None:
    """Show the room as it is now."""
    await show_room(interaction, gathering_id, number)


# Its clock


@BEGIN_ROOM.pressed
@on_page
async def begin(interaction: Interaction, gathering_id: int, number: int, seen: int) -> None:
    """Begin the round of a room that was not ready with the others."""
    del seen
    gathering = facilitated(interaction, gathering_id)
    _round_in(interaction, gathering, number)
    await wait_for(interaction)
    # It may have moved on meanwhile.
    round_ = _round_in(interaction, gathering, number)
    check_has_yes(round_)
    services = services_of(interaction)
    await services[RoundProposing].begin_with_others(round_.id, services[LiveRounds].now())
    begun = _note_while_it_stands(interaction, gathering, number, "▶️ The round has begun.")
    await show_room(interaction, gathering_id, number, note=begun)


def _note_while_it_stands(
    interaction: Interaction, gathering: Gathering, number: int, text: str
) -> Notice:
    rooms = services_of(interaction)[GatheringRooms]
    return while_rooms_stand(rooms, gathering, lambda standing: text if number in standing else "")


def _steering(steer: Steer) -> Handler:
    async def act(interaction: Interaction, gathering_id: int, number: int, seen: int) -> None:
        """Do it, and show the room as it is then."""
        gathering = facilitated(interaction, gathering_id)
        _round_in(interaction, gathering, number)
        await wait_for(interaction)
        steering, person = services_of(interaction)[GatheringSteering], person_of(interaction)
        outcome = await steering.steer_one(gathering_id, person, number, steer, seen=seen)
        rooms = services_of(interaction)[GatheringRooms]
        note = outcome_notice(rooms, DID[steer], outcome, client_of(interaction).mention_command)
        await show_room(interaction, gathering_id, number, note=note)

    return act


_go_on = _steering(Steer.NEXT)
PAUSE_ROOM.pressed(on_page(_steering(Steer.PAUSE)))
RESUME_ROOM.pressed(on_page(_steering(Steer.RESUME)))
EXTEND_ROOM.pressed(on_page(_steering(Steer.LONGER)))
CONFIRM_NEXT_IN_ROOM.pressed(on_page(_go_on))
CONFIRM_END_ROOM.pressed(on_page(_steering(Steer.END)))


@NEXT_IN_ROOM.pressed
@on_page
async def ask_to_go_on(interaction: Interaction, gathering_id: int, number: int, seen: int) -> None:
    """Begin the next segment in the room; with much coaching left, ask first."""
    gathering = facilitated(interaction, gathering_id)
    round_ = _round_in(interaction, gathering, number)
    left = round_.left(services_of(interaction)[LiveGatherings].now())
    if not round_.is_coaching or round_.position != seen or left <= WORTH_ASKING:
        await _go_on(interaction, gathering_id, number, seen)
        return
    left_text = f"There are {clock_text(left)} of coaching left in room {number}."
    sure = CONFIRM_NEXT_IN_ROOM.button(gathering_id=gathering_id, number=number, seen=seen)
    await _ask(interaction, gathering_id, number, f"{left_text} Close it and go on?", sure)


@END_ROOM.pressed
@on_page
async def ask_to_end(interaction: Interaction, gathering_id: int, number: int, seen: int) -> None:
    """Ask whether it is meant."""
    gathering = facilitated(interaction, gathering_id)
    _round_in(interaction, gathering, number)
    end = f"**End the round in room {number}?**"
    question = f"{end} What belongs to it is kept; the other rooms go on."
    sure = CONFIRM_END_ROOM.button(gathering_id=gathering_id, number=number, seen=seen)
    await _ask(interaction, gathering_id, number, question, sure)


async def _ask(
    interaction: Interaction, gathering_id: int, number: int, question: str, sure: Component
) -> None:
    """Ask in the place of the room before something is done."""
    panels_of(interaction).rest(interaction, gathering_id)
    stay = REFRESH_ROOM.button(
        gathering_id=gathering_id, number=number, label="Leave it as it is", emoji=""
    )
    await redraw(interaction, card(question, row(sure, stay), accent=ACCENT))


def _round_in(interaction: Interaction, gathering: Gathering, number: int) -> Round:
    """The round that is going on in a room. Raises CannotGather."""
    rooms = services_of(interaction)[GatheringRooms].rooms_now(gathering)
    round_ = next((one.round for one in rooms if one.room.number == number), None)
    if round_ is None or not round_.is_open or not gathering.is_in_rooms:
        raise CannotGather("not in rooms")
    return round_


# Its people


@VISIT.pressed
@on_page
async def visit(interaction: Interaction, gathering_id: int, number: int) -> None:
    """Bring the facilitator into the room, or show the way; its call for help is answered."""
    facilitated(interaction, gathering_id)
    await wait_for(interaction)
    steering, person = services_of(interaction)[GatheringSteering], person_of(interaction)
    room, is_moved = await steering.visit(gathering_id, person, number)
    where = f"<#{room.channel_id}>"
    note = f"🚶 I have moved you to {where}." if is_moved else f"🚶 This way: {where}"
    await show_room(interaction, gathering_id, number, note=note)


@MISSING.chosen
@on_page
async def take_out(interaction: Interaction, choice: str, gathering_id: int, number: int) -> None:
    """Take a person out of the room; a seat they had is open to everybody in it."""
    gathering = facilitated(interaction, gathering_id)
    await wait_for(interaction)
    who = int(choice)
    _round_in(interaction, gathering, number)
    rooms = services_of(interaction)[GatheringRooms]
    await rooms.missing(gathering_id, person_of(interaction), number, who)
    await show_room(interaction, gathering_id, number, note=missing_notice(rooms, number, who))
