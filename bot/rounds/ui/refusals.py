"""What a rule of rounds says to the person who met it, and what to do next."""

from __future__ import annotations

from bot.content.model.refusals import FormatUnknown
from bot.kit.discord.explain import Command, explain
from bot.kit.discord.text import cut, joined, safe, span
from bot.rounds.model.refusals import (
    AlreadyDone,
    AnswerAwaited,
    AskedOften,
    Busy,
    CannotBeAsked,
    CannotNow,
    FormatUnsuitable,
    GroupFaulty,
    HasProposal,
    MayNotWrite,
    NoRound,
    NotInRound,
    RoomTaken,
)

NOT_IN_ROUND = {
    "take part": "You are not in this round. To observe, press **Join as observer** or **My role"
    " now** on its card.",
    "replace": "That person is not in this round, so there is no seat to give.",
    "steer": "Only the people of this round and facilitators can do that.",
    "steer many": "With more than five people only the coach, the client and facilitators can do"
    " that.",
    "offer": "Only the person who has that seat, or a facilitator, can offer it or take the offer"
    " back.",
    "start": "Only whoever started this round, or a facilitator, can do that.",
    "share": "A round is going on here. Only its people and facilitators can share a question with"
    " the room.",
    "facilitate": "That is for facilitators of this dojo.",
    "coach": "That is for the coach of this round.",
    "coach or client": "That is for the coach and the client. To step out, press **My role now**.",
    "client": "That is for the person who is or was the client of this round.",
    "client now": "That is for the client of this round.",
    "asked": "This card asks other people. It is for those whom it names.",
    "see the room": "Go to the room of that round, and press **My role now** there.",
}
CANNOT = {
    "not begun": "The round has not begun yet. **Begin now** on its card starts the clock; at a"
    " gathering all rooms begin together.",
    "has begun": "The round has begun, so this can no longer be changed.",
    "no coach": "There is no coach yet. The person who takes the empty seat on the card coaches.",
    "no client": "There is no client yet. The person who takes the empty seat on the card is the"
    " client.",
    "too long": "A segment can be lengthened to two hours at most. **Next** goes on.",
    "in it already": "You are in this round already. **My role now** tells you what to do.",
    "full": "This round takes nobody more right now. You can join the next one.",
    "seat taken": "That person has a seat as coach or client already. Choose somebody else.",
    "observers only": "You have a seat as coach or client already. The empty one is for others.",
    "asked already": "You are asked into this round already. **My role now** lets you answer.",
    "not answered": "First answer the agreement, with notes or without: press the seat again.",
    "coached already": "You have coached in this round. The seat is for someone who has not.",
    "seat offered": "A seat is offered to someone. The clock goes on with the answer, or when the"
    " offer is taken back.",
    "not this seat": "This seat is not open to you right now. You can stay as you are.",
    "not for them": "That person cannot be asked to take this seat right now. Choose someone else.",
    "not of the round": "While the clock runs, a seat goes to people of this round. That person"
    " can join as an observer first.",
    "observers are free": "Observers have no seat to give. Who wants to go presses **Leave the"
    " round**; who wants to come joins as an observer.",
    "evening first": "This room is part of an evening. Press **Join** on the card of the evening"
    " first.",
    "other room": "You have a seat in another room of this evening. Press **I cannot come** there"
    " first.",
    "their room": "That person has a seat in another room of this evening. Choose someone else.",
    "not in it": "You are not in this round now. Press **Join as observer** or **My role now** on"
    " its card first.",
    "offered already": "A seat is offered already. Wait for the answer, or take the offer back"
    " first.",
    "offered to another": "That seat is offered to another person, who answers for themselves.",
    "just answered": "That person was asked a moment ago. Wait a few minutes before asking again.",
    "alone": "You are the only one here. It goes on when another person has pressed **Come back**.",
    "too late to take up": "A round can be taken up again for five minutes after its end."
    " {start} begins another one.",
    "too late to go back": "**Next** can be taken back for 20 seconds. **+2 min** lengthens the"
    " part that is running.",
    "no further round": "Another round follows one that came to its debrief, with at least two"
    " people. {start} begins another one.",
    "too late to take back": "Only the person who said it can take it back, for a minute. The other"
    " one comes back with **My role now**.",
    "others wait": "The other rooms wait for this one already. A facilitator can lengthen it"
    " further: press **Ask for help**.",
}
DONE = {
    "begun": "The round has begun already",
    "changed": "The round follows that format already",
    "paused": "The round is paused already",
    "resumed": "The round is running already",
    "extended": "That has been done already",
    "moved-on": "The round has moved on already",
    "stopped": "The round has ended already",
    "carried-on": "That is settled already",
    "took-over": "That seat has been taken already",
    "went-to-feedback": "The round has moved on already",
    "left": "That has been said already",
    "let-in": "That person is in the round already",
    "not-waiting": "That wish to observe is over",
    "replaced": "That person has left or been replaced already",
    "offered": "That offer of a seat is answered or taken back already",
    "took-offer-back": "No seat is offered any more",
    "taken-up": "The round goes on already",
    "went-back": "The round is back there already",
    "again": "The next round is asked for already: its card is further down",
    "word-taken-back": "There is nothing to take back any more",
    "asked-if-here": "That person is being asked already",
}


@explain.register
def _(
    error: NoRound
    | NotInRound
    | AlreadyDone
    | CannotNow
    | AnswerAwaited
    | FormatUnknown
    | FormatUnsuitable
    | GroupFaulty
    | Busy
    | CannotBeAsked
    | AskedOften
    | HasProposal
    | MayNotWrite
    | RoomTaken,
    command: Command,
) -> str:
    match error:
        case NoRound(is_gone=True):
            return (
                f"That round is over. {command('round start')} begins another. Nothing of it is"
                " stored: it was erased, or never began."
            )
        case NoRound(is_over=True):
            return f"That round is over. {command('round start')} begins another."
        case NoRound(room_id=int(room_id)):
            return f"There is no round here; yours is in <#{room_id}>. Use the command there."
        case NoRound():
            return f"There is no round here. {command('round start')} begins one."
        case NotInRound(what):
            return NOT_IN_ROUND[what]
        case AlreadyDone(did, by):
            return DONE[did] + (f", by <@{by}>." if by else ".")
        case CannotNow(why):
            return CANNOT[why].format(start=command("round start"))
        case AnswerAwaited(who):
            asked = joined(f"<@{user_id}>" for user_id in who) or "the coach or the client"
            return f"The clock waits for {asked} to agree. Nobody coaches or is coached without it."
        case FormatUnknown(name):
            return f"I know no format “{cut(safe(name), 60)}”. Choose one from the list."
        case FormatUnsuitable():
            return _unsuitable(error)
        case GroupFaulty():
            return _faulty(error)
        case Busy(rooms):
            listed = joined(busy_person(user, room) for user, room in rooms.items())
            one = len(rooms) == 1
            where = "is in another round that is" if one else "are in other rounds that are"
            return f"{listed} {where} running. Choose somebody else, or wait for the end."
        case CannotBeAsked(people):
            return f"{_named(people)} cannot be asked into rounds right now. Choose another person."
        case AskedOften(people):
            was = "was" if len(people) == 1 else "were"
            return f"{_named(people)} {was} asked often enough for now. Choose another person."
        case HasProposal(_, room_id):
            return (
                f"You have asked people into a round already, in <#{room_id}>. Call that one off"
                " first, or wait for their answers."
            )
        case MayNotWrite(in_thread):
            where = "in this thread" if in_thread else "here"
            return (
                f"You may not write {where}, so you cannot start a round {where} either."
                " A person who manages channels can allow it."
            )
        case RoomTaken(room_id):
            return (
                f"There is a round in <#{room_id}> already: {command('round now')} shows it, and"
                " **End** ends it. A round that has not begun can be called off on its card."
            )


def busy_person(user_id: int, room_id: int | None) -> str:
    """A person who is in another round, with its room where the reader may know it."""
    return f"<@{user_id}> (<#{room_id}>)" if room_id is not None else f"<@{user_id}>"


def _named(people: tuple[int, ...]) -> str:
    return joined(f"<@{user_id}>" for user_id in people)


def _unsuitable(error: FormatUnsuitable) -> str:
    people = span(error.fewest, error.most)
    nearest = f" **{safe(error.nearest_name)}** is for as many." if error.nearest_id else ""
    return f"**{safe(error.format_name)}** is for {people} people; you are {error.people}.{nearest}"


def _faulty(error: GroupFaulty) -> str:
    who = joined(f"<@{user_id}>" for user_id in error.user_ids)
    one = len(error.user_ids) == 1
    match error.why:
        case "twice":
            return f"{who} can have only one seat{'' if one else ' each'}. Choose different people."
        case "bot":
            what, whom = ("is a bot", "a person") if one else ("are bots", "people")
            return f"{who} {what}, and cannot practise. Choose {whom}."
        case _:
            verb = "is" if one else "are"
            return f"{who} cannot see this channel or {verb} not on this server."
