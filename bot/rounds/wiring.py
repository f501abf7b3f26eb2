"""Joins the parts of rounds."""

from __future__ import annotations

from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.kit.feature import Feature, Kit
from bot.kit.requests.direct import DirectMessages
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.asking import AskingService
from bot.rounds.service.invitations import Invitations
from bot.rounds.service.late_observers import LateObservers
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.people import RoundPeople
from bot.rounds.service.ports import Apart
from bot.rounds.service.proposing import RoundProposing
from bot.rounds.service.readers import RoomReaders
from bot.rounds.service.rooms import RoundRooms
from bot.rounds.service.steering import RoundSteering
from bot.rounds.store.askings import AskingStore, InvitationStore
from bot.rounds.store.rounds import RoundStore
from bot.rounds.ui import (
    again,
    agreement,
    controls,
    focus,
    refusals,
    role,
    seats,
    shared,
    someone_left,
)
from bot.rounds.ui.announcer import DiscordAnnouncer
from bot.rounds.ui.asking import card, choice, late
from bot.rounds.ui.asking.inviter import DiscordInviter
from bot.rounds.ui.beginning import changes, start
from bot.rounds.ui.door import DiscordDoor

HANDLERS = (
    again,
    agreement,
    card,
    changes,
    choice,
    controls,
    focus,
    late,
    role,
    seats,
    someone_left,
    start,
)


def wire(kit: Kit, apart: Apart) -> Feature:
    """Rounds, the people who are asked into them, and those who come late.

    `apart` tells who must not be coach and client of each other.
    """
    services, database = kit.services, kit.database
    dojos, contents = services[DojoService], services[ContentService]
    store, askings = services.add(RoundStore(database)), AskingStore(database)
    invited = InvitationStore(database)
    kit.stores.update({"rounds": store, "askings": askings, "invitations": invited})
    direct = services[DirectMessages]
    announcer = DiscordAnnouncer(dojos, direct, kit.rate)
    inviter = DiscordInviter(direct, kit.rate)
    live = services.add(LiveRounds(store, announcer, now=kit.now))
    access = services.add(RoundAccess(live, dojos))
    asking = services.add(AskingService(askings, apart, now=kit.now))
    services.add(RoundProposing(live, access, dojos, contents, asking, kit.rng))
    people = services.add(RoundPeople(live, access, asking))
    services.add(RoundSteering(live, access))
    services.add(RoundRooms(live, access))
    invitations = services.add(Invitations(live, invited, inviter))
    people.tell_replaced(invitations.replace_person)
    late_observers = services.add(LateObservers(live, people, inviter))
    door = DiscordDoor(dojos, kit.rate)
    readers = services.add(RoomReaders(live, store, door, brought=invitations.brought))
    kit.going_on.extend((people, asking, invitations, late_observers))
    return Feature(
        registered=(shared, refusals),
        handlers=HANDLERS,
        loads=[live.load, asking.load, invitations.load, late_observers.load, readers.load],
        speakers=[one.speak_through for one in (announcer, inviter, door)],
        clocks=[live, invitations, late_observers, readers],
        closes=[
            invitations.close,
            late_observers.close,
            readers.close,
            live.close,
            announcer.close,
        ],
    )
