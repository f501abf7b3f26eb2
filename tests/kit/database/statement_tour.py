"""Sends every statement of every store once, so that their plans can be looked at."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from bot.content.model.questions import Phase
from bot.dojos.store.dojos import DojoStore
from bot.dojos.store.own_contents import OwnContentStore
from bot.feedback.model.debriefs import Shared
from bot.feedback.model.notes import Verdict
from bot.feedback.model.sheets import Mark
from bot.feedback.store.calibration import CalibrationStore
from bot.feedback.store.talks import TalkRequest, TalkStore
from bot.gatherings.grouping.groups import Wish
from bot.gatherings.model.harvest import Noticed
from bot.gatherings.store.check_outs import CheckOutStore
from bot.gatherings.store.gatherings import GatheringStore
from bot.gatherings.store.harvest import PlenaryStore
from bot.gatherings.store.history import HistoryStore
from bot.gatherings.store.wishes import WishStore
from bot.kit.database.database import Database
from bot.kit.database.values import ProgramValueStore
from bot.privacy.store.departures import DepartureStore
from bot.questions.store import BagStore
from bot.rounds.model.asking import Invitation, Invited, WhoMayAsk
from bot.rounds.model.round import Ending, Role, State, Waiting
from bot.rounds.store.askings import AskingStore, InvitationStore
from tests.gatherings.store import samples as gathering_samples
from tests.gatherings.store.samples import ANN, BEN
from tests.rounds.store.samples import (
    AT,
    CLIENT,
    COACH,
    DOJO,
    NOTE,
    OBSERVED,
    OBSERVER,
    OWN_SHEET,
    RUNNING,
    SHEET,
    VIEW,
    Stores,
    make_dojo,
)

EVENING = gathering_samples.FULL


async def send_everything(database: Database) -> None:
    """Use every method of every store, on rows that make it send all of its statements."""
    await make_dojo(database)
    stores = Stores(database)
    for part in (_rounds, _feedback, _retention, _gatherings, _small_things):
        await part(database, stores)
    await _people(database, stores)
    await _departures(database)
    await _guilds(database, stores)


async def _departures(database: Database) -> None:
    departures = DepartureStore(database)
    await departures.left(100, BEN, AT)
    await departures.known()
    await departures.all()
    await departures.export_person(database, BEN)
    await departures.back(100, BEN)
    async with database.transaction() as transaction:
        await departures.forget_person(transaction, BEN)


async def _rounds(database: Database, stores: Stores) -> None:
    del database
    await stores.observe()
    await stores.rounds.add(RUNNING)
    await stores.rounds.unfinished()
    await stores.rounds.get(RUNNING.id)
    await stores.rounds.coached_by(COACH, 25)
    await stores.rounds.clients_of(CLIENT, 25)
    await stores.rounds.last_in_room(RUNNING.room_id)
    await stores.rounds.next_in_room(RUNNING)
    await stores.rounds.people_of_room(RUNNING.room_id, 1)
    moved = await stores.rounds.save(RUNNING, replace(RUNNING, turn=1))
    moved = await stores.rounds.save(moved, replace(moved, waiting=(Waiting(BEN),)))
    seats = (replace(moved.seats[0], is_here=False), *moved.seats[1:])
    erased = replace(
        moved, seats=seats, state=State.ENDED, since=None, ending=Ending.ERASED, ended_at=AT
    )
    await stores.rounds.save(moved, erased)
    await stores.rounds.delete(RUNNING.id)


async def _feedback(database: Database, stores: Stores) -> None:
    round_id = OBSERVED.id
    await stores.notes.take(NOTE)
    # One that is not in its round makes the store look which of them are there.
    await stores.notes.take(replace(NOTE, id=75, round_id=99))
    await stores.notes.change(replace(NOTE, quote="other"))
    await stores.notes.get(NOTE.id)
    await stores.notes.of_round(round_id)
    await stores.notes.of_observer(round_id, OBSERVER)
    await stores.notes.judge(NOTE.id, COACH, Verdict.HELPFUL)
    for sheet in (SHEET, OWN_SHEET):
        await stores.sheets.mark(sheet, "S1", Mark.SEEN)
        await stores.sheets.hand_in(sheet, AT)
    await stores.sheets.of_round(round_id)
    await stores.views.save(VIEW)
    await stores.views.of_round(round_id)
    await stores.views.let_quote(round_id, CLIENT, AT)
    await stores.views.quoting(round_id)
    await stores.views.forbid_quotes(round_id, CLIENT)
    await stores.reports.add(5, NOTE.id, CLIENT, BEN, AT)
    await stores.reports.get(5)
    await stores.reports.untold()
    await stores.reports.told(5, AT)
    await stores.reports.last_told(BEN)
    await stores.reports.add(7, NOTE.id, COACH, BEN, AT)
    await stores.reports.delete(7)
    talks = TalkStore(database)
    request = TalkRequest(6, DOJO, CLIENT, BEN)
    await talks.add(request, AT, since=AT)
    await talks.get(6)
    await talks.untold()
    await talks.told(6, AT)
    await talks.delete(6)
    await stores.debriefs.get(round_id, COACH)
    await stores.debriefs.kept(round_id, COACH)
    await stores.debriefs.of_round(round_id)
    await stores.debriefs.try_next(round_id, COACH, "be silent")
    await stores.debriefs.last_try(COACH, 100)
    await stores.release()
    await stores.debriefs.note_unsure(round_id, COACH, 1)
    await stores.debriefs.note_post(round_id, COACH, 2)
    await stores.debriefs.settle(round_id, COACH, (1,))
    await stores.debriefs.posts_elsewhere(round_id, COACH)
    await stores.debriefs.unshare(round_id, COACH, ())
    await stores.debriefs.share(round_id, COACH, Shared.ALL, ())
    await CalibrationStore(database).released(DOJO)
    await HistoryStore(database).turns(DOJO)
    await stores.notes.erase_words(NOTE.id, COACH)
    await stores.debriefs.erase_notes(round_id, COACH)
    await stores.debriefs.erase(round_id, COACH)
    await stores.notes.erase(NOTE.id)
    await stores.views.take_back(round_id, CLIENT)


async def _retention(database: Database, stores: Stores) -> None:
    later = AT + timedelta(days=1_000)
    worded = replace(OBSERVED, id=78)
    await stores.rounds.add(worded)
    await stores.notes.take(replace(NOTE, id=77, round_id=worded.id))
    await stores.retention.erase_words(later)
    await stores.retention.erase_feedback(later)
    # What is left of a round without a debrief goes by the end of the round.
    await stores.views.save(VIEW)
    await stores.retention.erase_feedback(later)
    store = GatheringStore(database)
    await store.add(gathering_samples.ENDED)
    await stores.retention.erase_names(later)
    await stores.retention.erase_talks(later)
    await stores.retention.last_purge()
    await stores.retention.remember_purge(later)


async def _gatherings(database: Database, stores: Stores) -> None:
    del stores
    store = GatheringStore(database)
    await store.add(EVENING)
    await store.open_ones()
    await store.get(EVENING.id)
    await store.last_of_dojo(DOJO)
    known = await store.save(EVENING, replace(EVENING, turn=18))
    left = replace(known, guests=known.guests[:-1], helper_user_ids=(), rooms=known.rooms[1:])
    known = await store.save(known, left)
    plenaries = PlenaryStore(database)
    await plenaries.released(EVENING.id)
    await plenaries.publish(EVENING.id, Noticed(1, {}, {}), [OBSERVED.id])
    await plenaries.published(EVENING.id)
    await plenaries.counted(EVENING.id)
    check_outs = CheckOutStore(database)
    await check_outs.put(EVENING.id, BEN, 8, "calm")
    await check_outs.of(EVENING.id)
    await check_outs.unname(EVENING.id)
    askings, invitations = AskingStore(database), InvitationStore(database)
    await askings.choose(ANN, WhoMayAsk.NOBODY)
    await askings.choose(BEN, WhoMayAsk.NOBODY)
    await askings.choose(BEN, WhoMayAsk.ANYBODY)
    await askings.choices([ANN, BEN])
    await askings.asked_since(AT)
    await invitations.save(Invitation(7, DOJO, 100, 300, 301, (Invited(ANN, Role.CLIENT),)))
    await invitations.save(Invitation(8, DOJO, 100, 300, 302, (Invited(BEN, Role.CLIENT),)))
    await invitations.all()
    await invitations.delete(8)
    wishes = WishStore(database)
    await wishes.remember(DOJO, ANN, Wish.COACH, frozenset({"de"}))
    await wishes.of(DOJO, ANN)
    await wishes.keep_apart(DOJO, ANN, [BEN])
    await wishes.apart_of(DOJO, ANN)
    await wishes.pairs(DOJO, [ANN, BEN])


async def _small_things(database: Database, stores: Stores) -> None:
    del stores
    await database.health()
    dojos, own = DojoStore(database), OwnContentStore(database)
    await dojos.all_open()
    (dojo,) = [one for one in await dojos.all_open() if one.id == DOJO]
    await dojos.save(replace(dojo, settings=replace(dojo.settings, names_shown=False)))
    await dojos.all_closed()
    await dojos.move(DOJO, 100)
    await own.save(DOJO, "version = 1", user_id=ANN, at=AT)
    await own.load(DOJO)
    values = ProgramValueStore(database)
    await values.put("a", "1")
    await values.get("a")
    await values.names("a")
    await values.drop("a")
    bags, rng = BagStore(database), random.Random(1)
    for _ in range(100):
        await bags.draw(DOJO, Phase.START, ("q1", "q2", "q3"), rng)


async def _people(database: Database, stores: Stores) -> None:
    every = (
        stores.rounds,
        stores.notes,
        stores.sheets,
        stores.views,
        stores.debriefs,
        stores.reports,
        DojoStore(database),
        OwnContentStore(database),
        GatheringStore(database),
        WishStore(database),
        AskingStore(database),
        InvitationStore(database),
        CheckOutStore(database),
        TalkStore(database),
    )
    other = replace(OBSERVED, id=77)
    await stores.rounds.add(other)
    await stores.notes.take(replace(NOTE, id=76, round_id=other.id))
    await stores.notes.forget_most(COACH)
    for store in every:
        await store.export_person(database, ANN)
        async with database.transaction() as transaction:
            await store.forget_person(transaction, ANN)


async def _guilds(database: Database, stores: Stores) -> None:
    retention = stores.retention
    await retention.guilds()
    await retention.guild_removed(100, AT)
    await retention.guild_back(100)
    await retention.removed_guilds()
    await retention.guild_removed(100, AT)
    await DojoStore(database).close(DOJO, AT)
    await stores.rounds.add(RUNNING)
    await retention.erase_guilds(AT + timedelta(days=1))
