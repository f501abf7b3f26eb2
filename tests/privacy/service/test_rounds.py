"""What is stored about people in rounds is theirs to have and to erase, also while they run."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.kit.person import Person
from bot.kit.requests.errors import RoomUnreachable
from bot.rounds.model.did import Did
from bot.rounds.model.refusals import AlreadyDone
from bot.rounds.model.round import Agreement, Ask, Ending, Role, Round, State
from tests.feedback.service.practice import FeedbackPractice
from tests.people import MANAGER
from tests.privacy.stored import cells
from tests.rounds.service.practice import FakeAnnouncer, Practice

COACH, CLIENT = Person(424_242_424_242), Person(535_353_535_353)
OBSERVER, OTHER = Person(646_464_646_464), Person(757_575_757_575)
GROUP = (COACH, CLIENT, OBSERVER, OTHER)
MINUTE = 60
ALL_OF_IT = 40 * MINUTE
"""Longer than any round of these tests."""


@pytest_asyncio.fixture
async def practice(quick_databases, path, library):
    """With all services, because forgetting reaches into each of them."""
    async with FeedbackPractice.opened(path, library) as practice:
        yield practice


@pytest.fixture
def outside(practice, path):
    """Another connection to the same file."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


async def forget(practice: Practice, person: Person) -> dict[str, int]:
    counts = await practice.privacy.forget(person.user_id)
    await practice.settled()
    return counts


async def coaching(practice: Practice, **how) -> Round:
    """A round two minutes into its coaching."""
    round_ = await practice.begun(people=GROUP, **how)
    await practice.forward(4 * MINUTE)
    return practice.rounds.live.get(round_.id)


async def ended(practice: Practice, round_: Round) -> Round:
    """What is on disk of a round whose time is up."""
    await practice.forward(ALL_OF_IT)
    return await on_disk(practice, round_)


async def on_disk(practice: Practice, round_: Round) -> Round:
    kept = await practice.on_disk(round_.id)
    assert kept is not None
    return kept


def is_named(practice: Practice, person: Person) -> bool:
    """Whether a round that is kept in memory says who this person is."""
    return str(person.user_id) in repr(practice.rounds.live.all())


def news_named(announcer: FakeAnnouncer, person: Person, since: int) -> list[Did]:
    """What a person is said to have done, in what has been told since."""
    return [
        action.did
        for telling in announcer.tellings[since:]
        for action in telling.news.actions
        if person.user_id in (action.user_id, action.about_user_id)
    ]


# To have


async def test_a_round_is_exported_with_the_own_part_in_it(practice):
    """Claim 5: all that is stored about the person, and nothing of the others."""
    round_ = await practice.begun(people=GROUP)
    await practice.rounds.proposing.watch_for(round_.id, COACH, ["S1", "S3"], "Do I leave room?")
    await practice.forward(ALL_OF_IT)

    (mine,) = (await practice.privacy.export(COACH.user_id))["stored"]["rounds"]

    assert mine == {
        "round_id": str(round_.id),
        "gathering_id": None,
        "guild_id": str(round_.guild_id),
        "room_id": str(round_.room_id),
        "format": "Classic triad",
        "proposed_at": "2026-01-05T18:00:00+00:00",
        "ended_at": "2026-01-05T18:31:00+00:00",
        "state": "ended",
        "ending": "complete",
        "proposed_by_me": True,
        "role": "coach",
        "was_client": False,
        "agreement": "notes",
        "stayed": True,
        "taken_for_gone": False,
        "has_coached": True,
        "let_in_by_client": False,
        "only_observes": False,
        "in_voice": False,
        "coached_seconds": 19 * MINUTE,
        "focus": "S1 S3",
        "wish": "Do I leave room?",
    }


async def test_nobody_else_is_in_the_export_of_a_round(practice):
    round_ = await coaching(practice)
    await practice.rounds.proposing.watch_for(round_.id, COACH, ["S1"], "Do I leave room?")
    await practice.rounds.steering.pause(round_.id, OBSERVER)

    text = json.dumps(await practice.privacy.export(CLIENT.user_id))

    assert [one for one in GROUP if str(one.user_id) in text] == [CLIENT]
    assert "leave room" not in text


async def test_a_person_who_proposed_a_round_for_others_has_it_in_the_export(practice):
    starter = Person(868_686_868_686)
    await practice.begun(people=GROUP, starter=starter)

    (mine,) = (await practice.privacy.export(starter.user_id))["stored"]["rounds"]

    assert mine["proposed_by_me"] is True
    assert "role" not in mine


# To erase


@pytest.mark.parametrize("person", GROUP, ids=["coach", "client", "observer", "another"])
async def test_a_person_who_is_forgotten_in_a_running_round_leaves_it_first(practice, person):
    round_ = await coaching(practice)

    assert await forget(practice, person) == {"rounds": 1}

    now = practice.rounds.live.get(round_.id)
    assert practice.rounds.live.of_person(person.user_id) is None
    (gone,) = [seat for seat in now.seats if not seat.is_here]
    assert (gone.user_id, gone.agreement) == (None, Agreement.NOTES)
    assert len(now.here) == 3


@pytest.mark.parametrize("person", GROUP, ids=["coach", "client", "observer", "another"])
async def test_a_person_who_is_forgotten_in_a_running_round_stays_so_while_it_runs_on(
    practice, outside, person
):
    round_ = await coaching(practice)

    await forget(practice, person)

    assert cells(outside, person.user_id) == []
    now = practice.rounds.live.get(round_.id)
    if now.asked is not None:
        empty = Role.COACH if now.asked is Ask.COACH_GONE else Role.CLIENT
        await practice.rounds.people.take_over(round_.id, OTHER, empty)
    over = await ended(practice, round_)
    assert over.ending is Ending.COMPLETE
    assert cells(outside, person.user_id) == []
    assert await practice.privacy.counts(person.user_id) == {}


async def test_the_room_is_asked_when_its_coach_is_forgotten_and_nobody_is_named(practice):
    round_ = await coaching(practice)
    known = len(practice.announcer.tellings)

    await forget(practice, COACH)

    assert practice.rounds.live.get(round_.id).asked is Ask.COACH_GONE
    assert [action.did for action in practice.announcer.tellings[-1].news.actions] == [Did.LEFT]
    assert news_named(practice.announcer, COACH, known) == []


async def test_the_others_keep_their_round_when_one_is_forgotten(practice):
    round_ = await coaching(practice)

    await forget(practice, OBSERVER)

    over = await ended(practice, round_)
    assert {seat.user_id for seat in over.here} == {one.user_id for one in (COACH, CLIENT, OTHER)}
    assert await practice.privacy.counts(COACH.user_id) == {"rounds": 1}


async def test_what_the_coach_wanted_watched_goes_with_the_coach(practice, outside):
    round_ = await coaching(practice)
    await practice.rounds.proposing.watch_for(round_.id, COACH, ["S1", "S2"], "Do I leave room?")

    await forget(practice, COACH)

    await practice.forward(ALL_OF_IT)
    assert outside.execute("SELECT DISTINCT focus, wish FROM round_people").fetchall() == [("", "")]


async def test_a_person_who_had_left_before_is_forgotten_as_well(practice, outside):
    round_ = await coaching(practice)
    await practice.rounds.people.leave(round_.id, OBSERVER)

    await forget(practice, OBSERVER)

    await ended(practice, round_)
    assert cells(outside, OBSERVER.user_id) == []


async def test_a_pair_ends_when_one_is_forgotten(practice, outside):
    round_ = await practice.begun("pair-25", people=(COACH, CLIENT))

    await forget(practice, CLIENT)

    over = await on_disk(practice, round_)
    assert (over.state, over.ending) == (State.ENDED, Ending.ALONE)
    assert cells(outside, CLIENT.user_id) == []


async def test_a_person_who_only_proposed_a_round_is_forgotten_and_it_goes_on(practice, outside):
    starter = Person(868_686_868_686)
    round_ = await practice.begun(people=GROUP, starter=starter)

    assert await forget(practice, starter) == {"rounds": 1}

    over = await ended(practice, round_)
    assert (over.ending, over.starter_user_id) == (Ending.COMPLETE, None)
    assert cells(outside, starter.user_id) == []


@pytest.mark.parametrize(
    ("person", "goes_on"), [(COACH, False), (OTHER, True)], ids=["coach", "observer"]
)
async def test_a_person_who_is_forgotten_before_the_clock_runs_is_no_longer_asked(
    practice, outside, person, goes_on
):
    round_ = await practice.proposed(people=GROUP, starter=CLIENT)

    await forget(practice, person)

    assert (practice.rounds.live.in_room(round_.room_id) is not None) is goes_on
    await practice.forward(5 * MINUTE)
    assert cells(outside, person.user_id) == []


async def test_a_person_who_is_forgotten_while_a_round_is_paused_stays_so(practice, outside):
    round_ = await coaching(practice)
    await practice.rounds.steering.pause(round_.id, OBSERVER)

    await forget(practice, OBSERVER)

    await practice.rounds.steering.resume(round_.id, OTHER)
    assert (await ended(practice, round_)).ending is Ending.COMPLETE
    assert cells(outside, OBSERVER.user_id) == []


async def test_a_person_who_is_forgotten_stays_so_over_a_restart(practice, outside):
    round_ = await coaching(practice)

    await forget(practice, OBSERVER)
    await practice.restart(away=MINUTE)

    assert not is_named(practice, OBSERVER)
    assert (await ended(practice, round_)).ending is Ending.COMPLETE
    assert cells(outside, OBSERVER.user_id) == []


async def test_news_that_is_on_its_way_does_not_bring_a_forgotten_person_back(practice, outside):
    round_ = await coaching(practice)
    practice.announcer.gate = asyncio.Event()
    await practice.rounds.steering.pause(round_.id, COACH)
    await practice.settled()

    await forget(practice, COACH)
    practice.announcer.gate.set()
    await practice.settled()

    assert not is_named(practice, COACH)
    assert cells(outside, COACH.user_id) == []


async def test_news_that_could_not_be_told_does_not_name_who_is_forgotten(practice, outside):
    round_ = await coaching(practice)
    practice.announcer.fail(RoomUnreachable("no route"))
    await practice.rounds.steering.pause(round_.id, OBSERVER)
    await practice.rounds.people.hand_over(round_.id, CLIENT, CLIENT.user_id, OBSERVER.user_id)
    await practice.settled()
    known = len(practice.announcer.tellings)

    await forget(practice, OBSERVER)
    practice.announcer.heal()
    await practice.forward(MINUTE)

    assert len(practice.announcer.tellings) > known
    assert news_named(practice.announcer, OBSERVER, known) == []
    assert cells(outside, OBSERVER.user_id) == []


async def test_a_round_whose_end_could_not_be_told_names_nobody_who_is_forgotten(practice, outside):
    """What is in memory until the room can be reached is written once more then."""
    round_ = await coaching(practice)
    practice.announcer.fail(RoomUnreachable("no route"))
    await practice.rounds.steering.stop(round_.id, OTHER)
    await practice.settled()

    assert await forget(practice, COACH) == {"rounds": 1}
    assert not is_named(practice, COACH)

    practice.announcer.heal()
    await practice.forward(MINUTE)
    assert practice.announcer.tellings[-1].news.upto.ended
    assert practice.rounds.live.all() == []
    assert cells(outside, COACH.user_id) == []


async def test_a_person_who_is_forgotten_is_not_named_as_the_one_who_was_quicker(practice):
    round_ = await coaching(practice)
    await practice.rounds.steering.pause(round_.id, OBSERVER)

    await forget(practice, OBSERVER)

    with pytest.raises(AlreadyDone) as refused:
        await practice.rounds.steering.pause(round_.id, OTHER)
    assert refused.value == AlreadyDone(Did.PAUSED, None)


async def test_a_facilitator_from_outside_is_never_written_down(practice, outside):
    """Not even while the room has not been told what they did."""
    facilitator = replace(MANAGER, user_id=868_686_868_686)
    round_ = await coaching(practice)
    practice.announcer.fail(RoomUnreachable("no route"))

    await practice.rounds.steering.pause(round_.id, facilitator)
    await practice.rounds.steering.extend(round_.id, facilitator, 5)
    await practice.settled()

    assert (await on_disk(practice, round_)).state is State.PAUSED
    assert cells(outside, facilitator.user_id) == []


async def test_a_round_that_its_client_erases_leaves_nobody_and_nothing(practice, outside, path):
    round_ = await coaching(practice)
    await practice.rounds.proposing.watch_for(round_.id, COACH, ["S1"], "Do I leave room?")

    await practice.rounds.steering.erase(round_.id, CLIENT)
    await practice.settled()

    assert [cells(outside, one.user_id) for one in GROUP] == [[], [], [], []]
    assert outside.execute("SELECT count(*) FROM rounds").fetchall() == [(0,)]
    assert b"leave room" not in path.read_bytes()


async def test_nothing_of_a_round_that_never_began_is_kept(practice, outside):
    round_ = await practice.proposed(people=GROUP)

    await practice.rounds.proposing.call_off(round_.id, COACH)
    await practice.settled()

    assert outside.execute("SELECT count(*) FROM rounds").fetchall() == [(0,)]
    assert outside.execute("SELECT count(*) FROM round_people").fetchall() == [(0,)]
