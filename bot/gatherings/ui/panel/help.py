"""A room of a gathering asks for a facilitator; nobody is told who asked, or why."""

from __future__ import annotations

from typing import cast

from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.service.rooms import GatheringRooms
from bot.kit.discord.answers import redraw, reply
from bot.kit.discord.cards import Card, Component, card
from bot.kit.discord.interactions import Interaction, person_of, services_of
from bot.kit.discord.text import moment
from bot.rounds.actions import ASK_HELP
from bot.rounds.model.refusals import AlreadyDone
from bot.rounds.service.live import LiveRounds

ON_ITS_WAY = "Help is on its way"


@ASK_HELP.pressed
async def ask_help(interaction: Interaction, round_id: int) -> None:
    """Tell the facilitators of the evening which room it is, and the person that they know.

    The button in the room says from then on that help is on its way.
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
    relabelled = _relabelled(interaction)
    if relabelled is not None:
        await redraw(interaction, relabelled)
    text = (
        f"🆘 {what} They learn which room it is, not who asked. If someone needs a moment until"
        " then: **Pause** stops the clock."
    )
    await reply(interaction, card(text))


def _relabelled(interaction: Interaction) -> Card | None:
    """The card that was clicked with other words on this button; it can still be pressed."""
    message = interaction.message
    if message is None or not message.flags.components_v2:
        return None
    components = [cast("Component", one.to_dict()) for one in message.components]
    clicked = str((interaction.data or {}).get("custom_id", ""))
    waiting = list(components)
    while waiting:
        one = waiting.pop()
        waiting += one.get("components", [])
        if one.get("custom_id") == clicked:
            one["label"] = ON_ITS_WAY
    return Card(components)
