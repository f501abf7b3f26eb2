"""What a room or the dojo is told of a gathering on top of the cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.gatherings.actions import JOIN, TAKE_LEAD, VISIT_CALL
from bot.gatherings.model.gathering import FACILITATOR_GONE, Gathering, Room, Stage
from bot.gatherings.service.ports import Call
from bot.kit.discord.actions import Style
from bot.kit.discord.cards import Part, row
from bot.kit.discord.text import cut, joined, moment, safe
from bot.rounds.ui.shared import mention

MOST_TYPED = 1_800
"""Characters of what a facilitator says to all rooms; Discord takes 2,000 with our own words."""


_CALLS: Mapping[Call, str] = {
    Call.MOVED_ON: "🚪 {to}you are the only one left in your room. {where} would be glad if you"
    " came to observe: **Join** lets you in.",
    Call.NO_ROOM: "🚪 {to}I could not open a room for your group. You can observe in another one:"
    " **Join** lets you in.",
    Call.ROOM_LATE: "⏳ {to}your room is not there yet; Discord takes long to make it. Please stay"
    " here. I bring you in as soon as it is there.",
    Call.NO_ROOMS: "🚪 {to}I could not open any room, so the round has not begun and nobody has"
    " been moved. `/dojo check` says what I need; then press **Form groups** and **Start**.",
    # Not which room: everybody reads this, and the card above says who is in it.
    Call.HELP: "🆘 {to}a room asks for a facilitator.",
    Call.COMING: "🚶 {who} is coming.",
    Call.COME_IN: "👋 {to}an evening is open here, and you have come to <#{hall}>. **Join** if you"
    " would like to take part; otherwise you need do nothing.",
    Call.STILL_READ: "👁️ People of an earlier round can still read here: I could not remove them.",
    Call.VISIT: "🚶 A facilitator looks in.",
}


def call_text(gathering: Gathering, call: Call, room: Room | None, people: Iterable[int]) -> str:
    """The words of a call; it mentions the people it is for."""
    who = joined(mention(one) for one in people)
    to = f"{who}: " if who else ""
    where = f"**Room {room.number}** (<#{room.channel_id}>)" if room else "the room"
    asked = moment(room.asked_at, "R") if room and room.asked_at else "now"
    match call:
        case Call.CALLED_BACK:
            common = gathering.voice_id or gathering.channel_id
            due = gathering.due_at
            until = f" at {moment(due, 'T')} ({moment(due, 'R')})" if due else ""
            if room is not None and room.channel_id == common:
                return f"🔔 {to}the round is over; we go on together, right here{until}."
            return f"🔔 {to}the round is over. We meet again in <#{common}>{until}."
        case Call.FACILITATOR_GONE:
            minutes = int(FACILITATOR_GONE.total_seconds() // 60)
            return (
                f"🧭 {to}whoever facilitates has been away for {minutes} minutes. The rounds go on"
                " by themselves. Someone else who looks after this dojo can take over."
            )
        case Call.SEAT_FREE:
            late = ""
            if gathering.stage in (Stage.BOARDING, Stage.RUNNING):
                late = " A round is under way: **Join** lets you in to observe."
            return f"🎟️ {to}a seat has become free, and it is yours: you take part now.{late}"
        case Call.HELP_ASKED:
            return f"🆘 Help was asked for {asked}. A facilitator has been told."
        case _:
            return _CALLS[call].format(to=to, where=where, who=who, hall=gathering.voice_id)


def call_parts(gathering: Gathering, call: Call, text: str) -> list[Part]:
    """The text with the buttons that belong to it; empty where it needs none."""
    if call is Call.FACILITATOR_GONE:
        button = TAKE_LEAD.button(gathering_id=gathering.id, style=Style.primary)
    elif call is Call.HELP:
        button = VISIT_CALL.button(gathering_id=gathering.id)
    elif call in (Call.MOVED_ON, Call.NO_ROOM, Call.COME_IN) or (
        call is Call.SEAT_FREE and gathering.stage in (Stage.BOARDING, Stage.RUNNING)
    ):
        button = JOIN.button(gathering_id=gathering.id, style=Style.primary)
    else:
        return []
    return [text, row(button)]


def broadcast_text(text: str, by: int, notify: Iterable[int] = ()) -> str:
    """What a facilitator typed for everybody, as typed, with the people whom it mentions."""
    named = " ".join(map(mention, notify))
    below = f"\n{named}" if named else ""
    return f"📣 **From {mention(by)}**: {cut(safe(text), MOST_TYPED - len(below))}{below}"
