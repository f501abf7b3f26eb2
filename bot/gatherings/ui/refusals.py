"""What a rule of gatherings says to the person who met it, and what to do next."""

from __future__ import annotations

from bot.gatherings.model.refusals import CannotGather, GatheringDone, NotFacilitator
from bot.kit.discord.explain import Command, explain

CANNOT_GATHER = {
    "open already": "A gathering is open{here} already: everything about it is on its card.",
    "over": "That gathering is over. A facilitator can open another one.",
    "not in it": "Not in this gathering (any more): **Join** on its card is the way in.",
    "in rooms": "Everybody is in their rooms, or on the way. It can be done when they are back.",
    "not in rooms": "Nobody is in a room of this gathering now. It can be done once a round runs.",
    "too few": "It takes at least two people for groups. They come in with **Join** on the card.",
    "too few leads": "Each group needs two people who may be coach or client, and too many only"
    " want to observe. Ask whether someone would like to practise.",
    "nothing proposed": "No groups are proposed at the moment. **Form groups** on the card of the"
    " gathering proposes some.",
    "enough rounds": "Eight rounds are the most for one evening.",
    "other gathering": "You are in another gathering{there}. **Leave** on its card first.",
    "not together": "Only people of one group can be kept together, at least two of them. **Swap**"
    " brings people into one group.",
    "changed": "Somebody came or left meanwhile, and the groups are fitted anew. Look at them, then"
    " **Start**.",
    "unreachable": "I could not reach that room{there}. Please try again, or go there yourself.",
    "enough time": "Ten minutes to come are the most. **Start now** begins the rooms that are"
    " ready; the others follow as soon as their coach and client have agreed.",
    "rooms opening": "Some rooms are still being opened. Please press **Start now** again in a"
    " moment.",
    "nobody ready": "In no room have coach and client both agreed yet. **+1 min** gives them"
    " more time.",
}
DONE = {
    "changed": "The round follows that format already",
    "joined": "You are in it like that already",
    "handed over": "That person has the lead already",
    "trusted": "That person looks after this evening already",
    "taken off": "That person does not look after this evening by name",
    "more time": "A minute was added already",
    "started": "The round has begun already",
    "called back": "Everybody has been called back already",
    "returned": "Everybody is back already",
    "closed": "The gathering is over already",
    "asked for help": "Help has been asked for already",
}
"""What can have been done to a gathering already."""


@explain.register
def _(error: CannotGather | GatheringDone | NotFacilitator, command: Command) -> str:
    match error:
        case CannotGather(why, channel_id):
            return CANNOT_GATHER[why].format(
                here=f" in <#{channel_id}>" if channel_id else " here",
                there=f" (<#{channel_id}>)" if channel_id else "",
            )
        case GatheringDone(did, by):
            return DONE[did] + (f", by <@{by}>." if by else ".")
        case NotFacilitator(int(role_id)):
            return (
                f"That is for facilitators of this dojo (<@&{role_id}>). **Join** on the card is"
                " for everybody."
            )
        case NotFacilitator():
            return (
                "That is for people who facilitate this gathering, or manage the dojo’s channel."
                " **Join** on the card is for everybody."
            )
