"""Joins the parts of gatherings."""

from __future__ import annotations

from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.gatherings.service.absent_lead import FacilitatorWatch
from bot.gatherings.service.conductor import GatheringRunner
from bot.gatherings.service.harvest import PlenaryService
from bot.gatherings.service.joining import GatheringService
from bot.gatherings.service.live import GatheringKeeper
from bot.gatherings.store.check_outs import CheckOutStore
from bot.gatherings.store.gatherings import GatheringStore
from bot.gatherings.store.harvest import PlenaryStore
from bot.gatherings.store.history import HistoryStore
from bot.gatherings.store.wishes import WishStore
from bot.gatherings.ui import dry_run, gate, record, refusals, stopping
from bot.gatherings.ui.card import check_out, join, lists, wishes
from bot.gatherings.ui.groups import changes, pins, plan, preview
from bot.gatherings.ui.host.host import DiscordHost
from bot.gatherings.ui.panel import broadcast, lead, panel, room
from bot.gatherings.ui.panel import help as asking_for_help
from bot.gatherings.ui.panel.live import LivePanels
from bot.kit.feature import Feature, Kit
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
    rounds, proposing, steering = (
        services[LiveRounds],
        services[RoundProposing],
        services[RoundSteering],
    )
    people = services[RoundPeople]
    store, check_outs, history = (
        GatheringStore(database),
        CheckOutStore(database),
        HistoryStore(database),
    )
    kit.stores.update({"gatherings": store, "wishes": wish_store, "check_outs": check_outs})
    live = GatheringKeeper(store, now=kit.now)
    host = DiscordHost(dojos, contents, kit.rate, live, now=kit.now)
    gatherings = services.add(
        GatheringService(
            live,
            rounds,
            services[RoundAccess],
            proposing,
            people,
            steering,
            dojos,
            contents,
            history,
            wish_store,
            check_outs,
            host,
            rng=kit.rng,
        )
    )
    services[RoomReaders].at_evenings(look_after=gatherings.look_after, grouped=gatherings.grouped)
    plenaries = PlenaryService(PlenaryStore(database), history, check_outs)
    conductor = services.add(
        GatheringRunner(
            gatherings, rounds, proposing, people, steering, dojos, contents, plenaries, host
        )
    )
    facilitators = services.add(FacilitatorWatch(live, host))
    panels = services.add(LivePanels(services))
    kit.going_on.append(gatherings)
    return Feature(
        registered=(
            gate,
            refusals,
        ),
        handlers=HANDLERS,
        loads=[live.load],
        speakers=[host],
        clocks=[conductor, facilitators],
        closes=[conductor.close, facilitators.close, panels.close, host.close],
    )
