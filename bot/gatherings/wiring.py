"""Joins the parts of gatherings."""

from __future__ import annotations

from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.gatherings.service.access import GatheringAccess
from bot.gatherings.service.conductor import Conductor
from bot.gatherings.service.grouping import GatheringGrouping
from bot.gatherings.service.harvest import PlenaryService
from bot.gatherings.service.history import PracticeHistory
from bot.gatherings.service.joining import GatheringJoining
from bot.gatherings.service.leading import FacilitatorWatch, GatheringLeading
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.service.rooms import GatheringRooms
from bot.gatherings.service.steering import GatheringSteering
from bot.gatherings.store.check_outs import CheckOutStore
from bot.gatherings.store.gatherings import GatheringStore
from bot.gatherings.store.harvest import PlenaryStore
from bot.gatherings.store.history import HistoryStore
from bot.gatherings.store.wishes import WishStore
from bot.gatherings.ui import dry_run, record, refusals, shared, stopping
from bot.gatherings.ui.card import check_out, join, lists, wishes
from bot.gatherings.ui.groups import changes, pins, plan, preview
from bot.gatherings.ui.hall import Hall
from bot.gatherings.ui.host.host import DiscordHost
from bot.gatherings.ui.host.missing import MissingPermissions
from bot.gatherings.ui.panel import broadcast, lead, panel, room
from bot.gatherings.ui.panel import help as asking_for_help
from bot.gatherings.ui.panel.live import LivePanels
from bot.kit.feature import Feature, Kit
from bot.kit.requests.direct import DirectMessages
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.people import RoundPeople
from bot.rounds.service.proposing import RoundProposing
from bot.rounds.service.readers import RoomReaders
from bot.rounds.service.steering import RoundSteering

HANDLERS = (
    broadcast,
    changes,
    check_out,
    asking_for_help,
    dry_run,
    join,
    lead,
    lists,
    panel,
    pins,
    plan,
    preview,
    record,
    room,
    stopping,
    wishes,
)


def wire(kit: Kit, wish_store: WishStore) -> Feature:
    """Evenings: joining, groups, rooms, and the panel of facilitators."""
    services, database = kit.services, kit.database
    dojos, contents = services[DojoService], services[ContentService]
    rounds, steering = services[LiveRounds], services[RoundSteering]
    proposing, people = services[RoundProposing], services[RoundPeople]
    store, check_outs, history = (
        GatheringStore(database),
        CheckOutStore(database),
        HistoryStore(database),
    )
    kit.stores.update({"gatherings": store, "wishes": wish_store, "check_outs": check_outs})
    live = services.add(LiveGatherings(store, now=kit.now))
    missing = services.add(MissingPermissions())
    direct = services[DirectMessages]
    host = DiscordHost(dojos, contents, kit.rate, live, missing, direct, now=kit.now)
    access = services.add(GatheringAccess(live, dojos, contents))
    practised = services.add(PracticeHistory(history, now=live.now))
    rooms = services.add(GatheringRooms(live, access, rounds, proposing, people, wish_store, host))
    services.add(
        GatheringGrouping(live, access, services[RoundAccess], practised, wish_store, host, kit.rng)
    )
    services.add(GatheringSteering(live, access, rounds, proposing, steering, rooms, host))
    services.add(GatheringJoining(live, rooms, wish_store, check_outs))
    services.add(GatheringLeading(live, access, host, kit.rng))
    steering.lengthened_within(rooms.check_others_wait)
    people.joined_by(live.has_joined)
    services[RoomReaders].at_evenings(look_after=live.look_after, grouped=live.grouped)
    plenaries = PlenaryService(PlenaryStore(database), history, check_outs)
    conductor = Conductor(
        live,
        rounds,
        proposing,
        people,
        steering,
        rooms,
        dojos,
        contents,
        plenaries,
        practised,
        host,
    )
    facilitators = services.add(FacilitatorWatch(live, host))
    panels = services.add(LivePanels(services))
    hall = services.add(Hall(live, host, panels))
    kit.going_on.append(live)
    return Feature(
        registered=(shared, refusals),
        handlers=HANDLERS,
        loads=[live.load],
        speakers=[host.speak_through, hall.speak_through],
        clocks=[conductor, facilitators],
        closes=[
            conductor.close,
            rooms.close,
            facilitators.close,
            hall.close,
            panels.close,
            host.close,
        ],
    )
