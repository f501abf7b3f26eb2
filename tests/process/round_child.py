"""Runs rounds as fast as it can until it is killed; says what was acknowledged, and nothing else.

`python -m tests.process.round_child DATABASE` reads lines from stdin. `run SEED` begins a run in a
process of its own, which costs no imports; `kill` kills it. Everything is said on stdout, one JSON
list in a line: `will` before an act after which a round may be gone, `did` after an act has
returned, `told` when a room is told its news, `said` when it is on disk that the room knows them,
and `ended` with the exit code of a run.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.content.library import Library, load_library
from bot.content.model.formats import Format, Segment, SegmentKind
from bot.dojos.model.dojo import Dojo, DojoSettings
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.dojos.service.timezones import TimeZones
from bot.dojos.store.dojos import DojoStore
from bot.dojos.store.own_contents import OwnContentStore
from bot.gatherings.store.wishes import WishStore
from bot.kit.database.database import open_database
from bot.kit.person import Person
from bot.kit.refusals import DojoError
from bot.rounds.model.clock import News
from bot.rounds.model.did import CALLS
from bot.rounds.model.moves import group
from bot.rounds.model.round import Agreement, Role, RoomKind, Round
from bot.rounds.service.asking import AskingService
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.ports import Announcer, Sent
from bot.rounds.service.proposing import Room
from bot.rounds.store.askings import AskingStore
from bot.rounds.store.rounds import RoundStore
from tests.people import CHANNEL, GUILD, MANAGER
from tests.rounds.service.parts import RoundParts

ROOMS = (3001, 3002, 3003)
PEOPLE = range(11, 22)
"""Few for so many rooms: they are wanted in several rounds at once."""
AT_WORK_IN_EACH_ROOM = 3
LONGEST_REST = 0.002
CUTS = (SegmentKind.PAUSE, SegmentKind.SWAP)
DEBRIEF = (SegmentKind.WRITE, SegmentKind.SELF, SegmentKind.CLIENT, SegmentKind.OBSERVERS)


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - this program is a clock's owner, as the bot is


def say(*words: object) -> None:
    """One line in one write, which is never cut in the middle."""
    os.write(1, json.dumps(words).encode() + b"\n")


def fast_format(rng: random.Random) -> Format:
    """Segments of 0.3 to 1 s, in an order that the rules allow."""
    kinds = [SegmentKind.AGREE] * rng.randrange(2) + [SegmentKind.COACH]
    for _ in range(rng.randrange(2)):
        kinds += [rng.choice(CUTS), SegmentKind.COACH]
    kinds += DEBRIEF[: rng.randrange(4)]
    segments = (Segment(kind, timedelta(milliseconds=rng.randrange(300, 1001))) for kind in kinds)
    return Format(f"fast-{rng.randrange(1000)}", "Fast", "Anyone", 2, 5, tuple(segments))


class SayingAnnouncer(Announcer):
    """Tells this program's parent what rooms would be told."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._cards = 0

    async def tell(self, round_: Round, news: News, now: datetime) -> Sent:
        del now
        # A card that asks something comes in addition to the one with which its segment began.
        asks = round_.asked is not None and round_.told.position == round_.position
        calls = any(action.did in CALLS for action in news.actions)
        what = ("ask" if asks or calls else "card") if news.is_card else "line"
        say("told", round_.id, round_.position, what if round_.is_open else "end")
        # As long as Discord might take, so that much happens while news are on their way.
        await asyncio.sleep(self._rng.random() * 0.004)
        self._cards += news.is_card
        return Sent(self._cards) if news.is_card else Sent()

    def may_write(self, round_: Round) -> bool:
        del round_
        return True

    async def report_refused(self, round_: Round) -> None:
        say("refused", round_.id)

    async def report_gone(self, round_: Round) -> None:
        say("gone", round_.id)


class SayingRounds(LiveRounds):
    """Says which news it has on disk as known to the room."""

    async def said(self, round_id: int, news: News, sent: Sent) -> None:
        await super().said(round_id, news, sent)
        say("said", round_id, news.upto.position, "end" if news.upto.ended else "card")


@dataclass
class Act:
    """Someone does something to a round."""

    rounds: RoundParts
    round: Round
    who: Person
    whom: Person
    rng: random.Random

    @property
    def id(self) -> int:
        return self.round.id


Acts = dict[str, tuple[int, Callable[[Act], Coroutine[object, object, Round | None]]]]
"""By name, with how often they are taken beside each other."""


async def agree(act: Act) -> Round:
    answer = act.rng.choice([Agreement.NOTES, Agreement.NO_NOTES])
    return await act.rounds.proposing.agree(act.id, act.who, answer)


async def agree_all(act: Act) -> Round | None:
    """Everybody answers at once."""
    people = [Person(one.user_id) for one in act.round.here if one.user_id is not None]
    answers = (act.rounds.proposing.agree(act.id, one, Agreement.NOTES) for one in people)
    answered = await asyncio.gather(*answers, return_exceptions=True)
    for one in answered:
        if isinstance(one, BaseException) and not isinstance(one, DojoError):
            raise one
    moved = [one for one in answered if isinstance(one, Round)]
    return max(moved, key=lambda one: one.version, default=None)


async def watch_for(act: Act) -> Round:
    coach = act.round.coach
    who = Person(coach.user_id) if coach and coach.user_id else act.who
    return await act.rounds.proposing.watch_for(act.id, who, ["S1"], f"wish {act.rng.random()}")


async def delete_room(act: Act) -> None:
    await act.rounds.rooms.room_deleted(act.round.room_id)


async def go_through_voice(act: Act) -> None:
    room = act.round.room_id
    await act.rounds.rooms.voice_changed(
        act.whom.user_id, *act.rng.choice([(room, None), (None, room)])
    )


async def begin(act: Act) -> Round:
    return await act.rounds.proposing.begin(act.id, Person(act.round.starter_user_id or 0))


async def call_off(act: Act) -> Round:
    return await act.rounds.proposing.call_off(act.id, Person(act.round.starter_user_id or 0))


MAY_TAKE_IT_AWAY = {"decline", "call off", "erase", "delete room", "forget"}
"""After these acts there may be nothing left of a round on disk."""
BEFORE: Acts = {
    "agree": (4, agree),
    "agree all": (12, agree_all),
    "begin": (6, begin),
    "watch for": (4, watch_for),
    "change format": (
        2,
        lambda a: a.rounds.proposing.change_format(a.id, MANAGER, fast_format(a.rng)),
    ),
    "join": (3, lambda a: a.rounds.people.join(a.id, a.whom)),
    "hand over": (
        3,
        lambda a: a.rounds.people.hand_over(a.id, a.who, a.who.user_id, a.whom.user_id),
    ),
    "voice": (3, go_through_voice),
    "decline": (1, lambda a: a.rounds.proposing.decline(a.id, a.who)),
    "call off": (1, call_off),
}
AFTER: Acts = {
    "pause": (8, lambda a: a.rounds.steering.pause(a.id, a.who)),
    "need a moment": (3, lambda a: a.rounds.steering.need_moment(a.id, a.who)),
    "resume": (12, lambda a: a.rounds.steering.resume(a.id, a.who)),
    "resume as facilitator": (6, lambda a: a.rounds.steering.resume(a.id, MANAGER)),
    "extend": (1, lambda a: a.rounds.steering.extend(a.id, a.who, 1, after=a.round.extensions)),
    "next": (6, lambda a: a.rounds.steering.go_next(a.id, a.who, after=a.round.position)),
    "agree": (2, agree),
    "watch for": (4, watch_for),
    "join": (8, lambda a: a.rounds.people.join(a.id, a.whom)),
    "leave": (2, lambda a: a.rounds.people.leave(a.id, a.who)),
    "say who left": (1, lambda a: a.rounds.people.leave(a.id, a.who, who=a.whom.user_id)),
    "take over": (8, lambda a: a.rounds.people.take_over(a.id, a.who, a.rng.choice(list(Role)))),
    "hand over": (
        8,
        lambda a: a.rounds.people.hand_over(a.id, a.who, a.who.user_id, a.whom.user_id),
    ),
    "accept": (8, lambda a: a.rounds.people.accept(a.id, a.who)),
    "refuse": (2, lambda a: a.rounds.people.refuse(a.id, a.who)),
    "say one is here": (2, lambda a: a.rounds.people.still_here(a.id, a.who)),
    "to feedback": (2, lambda a: a.rounds.steering.go_to_feedback(a.id, a.who)),
    "voice": (4, go_through_voice),
    "stop": (1, lambda a: a.rounds.steering.stop(a.id, a.who)),
    "erase": (1, lambda a: a.rounds.steering.erase(a.id, a.who)),
    "delete room": (1, delete_room),
    "forget": (1, lambda a: a.rounds.people.forget_person(a.whom.user_id)),
}


class Evening:
    """Rounds in several rooms at once, forever."""

    def __init__(self, rounds: RoundParts, dojo: Dojo, rng: random.Random) -> None:
        self._rounds = rounds
        self._dojo = dojo
        self._rng = rng

    async def go_on(self) -> None:
        """Never ends."""
        async with asyncio.TaskGroup() as tasks:
            for room in ROOMS * AT_WORK_IN_EACH_ROOM:
                tasks.create_task(self._work(room))

    async def _work(self, room: int) -> None:
        while True:
            await asyncio.sleep(self._rng.random() * LONGEST_REST)
            round_ = self._rounds.live.in_room(room)
            try:
                if round_ is None:
                    await self._propose(room)
                else:
                    await self._act(round_)
            except DojoError:
                # It was not possible; something else will be.
                continue

    async def _propose(self, room: int) -> None:
        people = self._rng.sample(PEOPLE, self._rng.randrange(2, 5))
        coach, client, *observers = people
        kind = RoomKind.VOICE if room == ROOMS[0] else RoomKind.HERE
        in_voice = people if kind is RoomKind.VOICE else ()
        round_ = await self._rounds.proposing.propose(
            self._dojo,
            Room(GUILD, room, kind),
            fast_format(self._rng),
            group(coach, client, observers),
            Person(coach),
            in_voice=in_voice,
        )
        self._acknowledge(round_.id, "propose", round_)

    async def _act(self, round_: Round) -> None:
        rng = self._rng
        acts = AFTER if round_.has_begun else BEFORE
        (name,) = rng.choices(list(acts), [often for often, _ in acts.values()])
        people = [one.user_id for one in round_.here if one.user_id is not None] or PEOPLE
        act = Act(
            self._rounds,
            round_,
            Person(rng.choice(people)),
            Person(rng.choice(people if rng.random() < 0.5 else PEOPLE)),
            rng,
        )
        if name in MAY_TAKE_IT_AWAY:
            for one in self._rounds.live.all() if name == "forget" else [round_]:
                say("will", one.id, name)
        moved = await acts[name][1](act)
        self._acknowledge(round_.id, name, moved)

    def _acknowledge(self, round_id: int, name: str, moved: Round | None) -> None:
        if moved is None:
            say("did", round_id, name)
            return
        ending = moved.ending and moved.ending.value
        say("did", round_id, name, moved.version, moved.turn, moved.position, ending)


async def run(path: Path, library: Library, seed: int) -> None:
    """Take up what the run before has left, and go on."""
    rng = random.Random(seed)
    async with open_database(path) as database:
        dojos = DojoService(DojoStore(database), TimeZones(), now=now, rng=rng)
        contents = ContentService(library, OwnContentStore(database), now=now)
        live = SayingRounds(RoundStore(database), SayingAnnouncer(rng), now=now)
        asking = AskingService(AskingStore(database), WishStore(database).pairs, now=now)
        rounds = RoundParts(live, dojos, contents, asking, rng=rng)
        await dojos.load()
        dojo = dojos.find(CHANNEL) or await dojos.set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
        await live.load()
        live.start()
        await Evening(rounds, dojo, rng).go_on()


def main(
    arguments: Sequence[str], run: Callable[[Path, Library, int], Coroutine[object, object, None]]
) -> None:
    """Begin and kill runs as told."""
    library = load_library()
    child = 0
    for line in sys.stdin:
        order, *seed = line.split()
        if order == "run":
            child = os.fork()
            if not child:
                asyncio.run(run(Path(arguments[0]), library, int(seed[0])))
        else:
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            child = 0
            say("ended", os.waitstatus_to_exitcode(status))
    if child:
        # The test has failed in the middle of a run.
        os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1:], run)
