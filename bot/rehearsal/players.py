"""People of a rehearsal who play by themselves, so that a person alone can learn to facilitate."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import random
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simcord.env import Env

from bot.rehearsal.board import GATHERING, Board, Card
from bot.rehearsal.community import Community, Person
from bot.rehearsal.habits import Habit, spend_evening, take_part
from bot.rehearsal.hands import Hands, Manner

__all__ = ["FEWEST", "MOST", "NEVER_PLAYED", "Players"]

FEWEST, MOST = 3, 60
"""How many people may play by themselves."""
NEVER_PLAYED = ("fay", "ada")
"""The facilitator and the owner of the server are always played by the person at the browser."""

_SEED = "an evening"
_WAITS = timedelta(seconds=4)
"""How soon to check again whether the person at the browser has stopped playing someone."""
_SETTLES = 1.0
"""Real seconds to wait for the bot's answer. SimCord waits for everything that comes due within
this time, and all pages would wait with it."""
_WISHES = (None, None, None, "coach", "client", None, "observe")
_ENOUGH = 9
"""With this many people one never answers; from six on one comes late and one leaves early."""
_PAUSES = 0.2
"""The share of rounds in which the coach pauses once."""


@dataclass(order=True, slots=True)
class _Step:
    due: datetime
    number: int
    hands: Hands = field(compare=False)
    habit: Habit = field(compare=False)


class Players:
    """The people who act by themselves, when it is their time; they act only in ``act()``.

    ``failed`` is told who could not go on and why; the others go on. ``by_hand`` gives the Discord
    ids of people whose pages are open in a browser: they do not act by themselves.
    """

    def __init__(
        self, env: Env, community: Community, count: int, failed: Callable[[str, Exception], None]
    ) -> None:
        self._env = env
        self._failed = failed
        self._board = Board(env, community.guild.id)
        played = [one for one in community.people if one.key not in NEVER_PLAYED][:count]
        self._hands = {
            person.id: Hands(env, self._board, person, _luck_of(person), how)
            for person, how in zip(played, _manners(played), strict=True)
        }
        self._steps: list[_Step] = []
        self._numbers = itertools.count()
        self._known: set[tuple[int, str, int]] = set()
        self._has_asked_help = False
        self._may_be_paused: dict[int, bool] = {}
        self.by_hand: Callable[[], Collection[int]] = frozenset

    @property
    def ids(self) -> Collection[int]:
        """Discord ids of those who play by themselves and have no page open."""
        return self._hands.keys()

    def due(self) -> datetime | None:
        """When the next person acts; None if nobody plans anything."""
        self._notice()
        return self._steps[0].due if self._steps else None

    async def act(self) -> bool:
        """Let the next person act. Returns whether they did more than look."""
        step = heapq.heappop(self._steps)
        now = self._env.now()
        if step.hands.id in self.by_hand():
            self._plan(step.hands, step.habit, now + _WAITS)
            return False
        before = step.hands.actions
        usual, self._env.settle_timeout = self._env.settle_timeout, _SETTLES
        try:
            wait = await anext(step.habit)
        except StopAsyncIteration:
            pass
        except Exception as error:  # noqa: BLE001 - whatever happens to one, the rehearsal goes on
            self._failed(step.hands.person.name, error)
        else:
            self._plan(step.hands, step.habit, self._env.now() + timedelta(seconds=wait))
        finally:
            self._env.settle_timeout = usual
        return step.hands.actions != before

    async def close(self) -> None:
        """Let everybody stop."""
        for step in self._steps:
            with contextlib.suppress(Exception):
                await step.habit.aclose()
        self._steps.clear()

    def _plan(self, hands: Hands, habit: Habit, due: datetime) -> None:
        heapq.heappush(self._steps, _Step(due, next(self._numbers), hands, habit))

    def _notice(self) -> None:
        """Give people the plans that new cards suggest."""
        if not self._board.look():
            return
        for card in self._board.all():
            for user_id in self._meant(card):
                known = user_id, card.kind, card.id
                if known not in self._known:
                    self._known.add(known)
                    hands = self._hands[user_id]
                    self._plan(hands, self._habit(hands, card), self._env.now())

    def _meant(self, card: Card) -> Iterator[int]:
        if card.kind != GATHERING:
            yield from (one for one in card.parts if one in self._hands)
        elif "join" in card.offers:
            yield from self._hands

    def _habit(self, hands: Hands, card: Card) -> Habit:
        if card.kind == GATHERING:
            return spend_evening(hands, card.id, len(self._hands))
        return take_part(
            hands, card.id, lambda: self._may_pause(hands, card.id), self._may_ask_help
        )

    def _may_pause(self, hands: Hands, round_id: int) -> bool:
        """A coach may, once in a round and in about every fifth room."""
        may = self._may_be_paused.get(round_id)
        if may is None:
            may = hands.happens(_PAUSES)
        self._may_be_paused[round_id] = False
        return may

    def _may_ask_help(self) -> bool:
        """The first person who could may, and nobody after them."""
        has_asked, self._has_asked_help = self._has_asked_help, True
        return not has_asked


def _luck_of(person: Person) -> random.Random:
    """A random generator for each person, so that what one does changes nothing for the others."""
    return random.Random(f"{_SEED} {person.key}")  # noqa: S311 - nothing secret is made with it


def _manners(people: list[Person]) -> Iterator[Manner]:
    """How each person takes part, the same in every rehearsal. The first ones, who have a part,
    always do."""
    rng = random.Random(_SEED)  # noqa: S311 - nothing secret is made with it
    usual = 4
    special = list(range(usual, len(people)))
    rng.shuffle(special)
    each = 1 + len(people) // 30 if len(people) >= usual + 2 else 0
    silent, late, leaving = (set(special[at : at + each]) for at in (0, each, 2 * each))
    wordless = range(6, len(people), 10)
    for number in range(len(people)):
        yield Manner(
            # If the coach or the client did not agree to notes, nobody in the room could take any.
            wish="observe" if number in wordless else _WISHES[number % len(_WISHES)],
            is_without_notes=number in wordless,
            never_answers=number in silent and len(people) >= _ENOUGH,
            comes_late=number in late,
            leaves_early=number in leaving,
        )
