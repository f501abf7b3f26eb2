"""A room of a gathering asks for a facilitator; nobody is told who asked, or why."""

from __future__ import annotations

from bot.gatherings.actions import VISIT_CALL
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.service.rooms import GatheringRooms
from bot.gatherings.ui.panel.panel import show_panel
from bot.gatherings.ui.panel.room import visit
from bot.gatherings.ui.shared import facilitated, while_open
from bot.kit.discord.answers import reply
from bot.kit.discord.cards import card
from bot.kit.discord.interactions import Interaction, person_of, services_of
from bot.kit.discord.text import moment
from bot.rounds.actions import ASK_HELP
from bot.rounds.model.refusals import AlreadyDone
from bot.rounds.service.live import LiveRounds


@ASK_HELP.pressed
async def ask_help(interaction: Interaction, round_id: int) -> None:
    """Tell the facilitators of the evening which room it is, and the person that they know.

    A line in the room says since when, and then who comes.
    """
    services, person = services_of(interaction), person_of(interaction)
    services[LiveRounds].get(round_id).get_seat(person.user_id)
    what = "A facilitator is told."
    try:
        await services[GatheringRooms].ask_help(round_id, person)
    except AlreadyDone:
        gathering = services[LiveGatherings].of_round(round_id)
        room = gathering.room_with(round_id) if gathering else None
        since = f", {moment(room.asked_at, 'R')}" if room and room.asked_at else ""
        what = f"A facilitator has been told already{since}."
    text = (
        f"🆘 {what} They learn which room it is, not who asked. If someone needs a moment until"
        " then: **Pause** stops the clock."
    )
    await reply(interaction, card(text))


@VISIT_CALL.pressed
@while_open
async def visit_call(interaction: Interaction, gathering_id: int) -> None:
    """Bring a facilitator into the room that has waited longest for help, or show the way."""
    gathering = facilitated(interaction, gathering_id)
    asking = [room for room in gathering.rooms if room.asked_at is not None]
    if not asking or not gathering.is_in_rooms:
        await show_panel(interaction, gathering_id, note="👌 No room asks for help any more.")
        return
    first = min(asking, key=lambda room: (room.asked_at, room.number))
    await visit(interaction, gathering_id=gathering_id, number=first.number)
