"""What must hold of rounds on disk, and of what a program said about them before it was killed."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.rounds.model.round import ZERO, Ask, Ending, Role, Round, State
from bot.rounds.store.rounds import _round

LEADS = (Role.COACH, Role.CLIENT)


def rounds_in(path: Path, *, thorough: bool = False) -> dict[int, Round]:
    """Every round in a database that nobody has open; with `thorough` its pages are checked, too.

    Nothing is written: the person who opens the file next finds it as the crash left it.
    """
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        if thorough:
            (verdict,) = connection.execute("PRAGMA integrity_check").fetchall()
            assert tuple(verdict) == ("ok",)
        seats: dict[int, list[sqlite3.Row]] = {}
        for row in connection.execute("SELECT * FROM round_people ORDER BY round_id, number"):
            seats.setdefault(row["round_id"], []).append(row)
        rows = connection.execute("SELECT * FROM rounds").fetchall()
    rounds = {row["id"]: _round(row, seats.pop(row["id"], ())) for row in rows}
    assert seats == {}, "seats without a round"
    return rounds


def check_states(rounds: Iterable[Round], now: datetime) -> None:
    """Every round is in a state that the rules allow, by itself and beside the others."""
    begun_of: Counter[int] = Counter()
    open_in: Counter[int] = Counter()
    for round_ in rounds:
        try:
            check_state(round_, now)
        except AssertionError as error:
            raise AssertionError(f"{error}\nin {round_}") from error
        if round_.has_begun:
            begun_of.update(one.user_id for one in round_.here if one.user_id is not None)
        if round_.is_open:
            open_in[round_.room_id] += 1
    assert [person for person, times in begun_of.items() if times > 1] == [], "in two rounds"
    assert [room for room, times in open_in.items() if times > 1] == [], "two rounds in a room"


def check_state(round_: Round, now: datetime) -> None:
    """A round on disk is one that the rules allow."""
    assert (round_.state is State.RUNNING) is (round_.since is not None)
    assert (round_.state is State.PAUSED) is (round_.paused_at is not None)
    assert (round_.state is State.ENDED) is (round_.ended_at is not None)
    assert (round_.state is State.ENDED) is (round_.ending is not None)
    assert (round_.began_at is None) is (round_.position == -1)
    assert -1 <= round_.position < len(round_.format.segments)
    assert min(round_.ran, *round_.past, ZERO) == ZERO
    _check_told(round_)
    _check_group(round_)
    if round_.state is State.PROPOSED:
        assert round_.position == -1
    if round_.state in (State.PROPOSED, State.RUNNING, State.PAUSED):
        assert len(round_.past) == max(round_.position, 0)
    if round_.has_begun:
        assert round_.length >= round_.format.segments[round_.position].length
        assert len(round_.here) >= 2
        _check_leads(round_, now)
        coached = sum((round_.seat_coached_for(one, now) for one in round_.seats), ZERO)
        assert coached == round_.coached_for(now)
    if round_.state is State.ENDED:
        _check_ended(round_, now)


def _check_told(round_: Round) -> None:
    """The room knows no more than there is, and what it does not know is there."""
    told, turns = round_.told, [action.turn for action in round_.actions]
    assert told.position <= round_.position
    assert told.turn <= round_.turn
    assert not told.ended or round_.state is State.ENDED
    assert turns == sorted(set(turns))
    assert all(told.turn < turn <= round_.turn for turn in turns)


def _check_group(round_: Round) -> None:
    people = [one.user_id for one in round_.seats if one.user_id is not None]
    assert len(people) == len(set(people))
    for role in LEADS:
        assert sum(one.role is role for one in round_.seats) <= 1
    assert all(one.coached >= ZERO for one in round_.seats)
    if round_.state is State.PROPOSED:
        assert all(one.is_here and not one.coached for one in round_.seats)


def _check_leads(round_: Round, now: datetime) -> None:
    """Coaching stands still without a coach and a client, and someone is asked."""
    missing = set(LEADS) - {one.role for one in round_.here}
    if round_.coaching_left(now) and missing:
        assert round_.state is State.PAUSED
        assert round_.asked in (Ask.COACH_GONE, Ask.CLIENT_GONE)


def _check_ended(round_: Round, now: datetime) -> None:
    if round_.ending is Ending.ERASED:
        assert (round_.seats, round_.actions, round_.past) == ((), (), ())
        assert round_.starter_user_id is None
        assert not round_.told.ended, "erased, and known to be over, but still there"
        return
    # A round that went past its end from before its last segment ran none of those between.
    assert len(round_.past) > round_.position
    assert set(round_.past[round_.position + 1 :]) <= {ZERO}
    coached = sum((one.coached for one in round_.seats), ZERO)
    assert coached == round_.coached_for(now)
    if round_.began_at is None:
        assert not round_.told.ended, "never begun, and known to be over, but still there"


@dataclass
class Acknowledged:
    """What a program said that it had done with one round."""

    version: int = -1
    turn: int = 0
    position: int = -1
    ending: str | None = None
    attempts: set[str] = field(default_factory=set[str])
    """What it was about to do after which the round may be gone."""
    is_erased: bool = False
    told: int = -2
    """The latest segment that it began to tell the room of."""
    is_end_told: bool = False
    said: int = -2
    """The latest one that it has noted as known to the room."""
    is_end_said: bool = False

    def heed(self, word: str, *facts: object) -> None:
        """Take in what a line says of this round."""
        match word, *facts:
            case "will", str(name):
                self.attempts.add(name)
            case "did", str(name):
                self.is_erased |= name == "erase"
            case "did", str(), int(version), int(turn), int(position), str() | None as ending:
                self.version = max(self.version, version)
                self.turn = max(self.turn, turn)
                self.position = max(self.position, position)
                self.ending = self.ending or ending
            case "told", int(position), str(what):
                self._heed_told(position, what)
            case "said", int(position), str(what):
                self.said = max(self.said, position)
                self.is_end_said |= what == "end"
            case "gone" | "refused", *_:
                pass
            case _:
                raise AssertionError(f"an unknown line: {word} {facts}")

    def _heed_told(self, position: int, what: str) -> None:
        assert not self.is_end_said, "told of what is known to be over"
        assert position >= self.told, "told of an earlier segment"
        assert what != "card" or position > self.said, "told of the same segment again"
        self.told = position
        self.is_end_told |= what == "end"

    def check(self, stored: Round | None) -> None:
        """All of it is on disk."""
        if stored is None and self.version < 0:
            # Nothing was done that would be on disk.
            return
        if stored is None:
            has_begun = self.position >= 0
            assert "erase" in self.attempts or (self.attempts and not has_begun), "lost"
            return
        assert stored.version >= self.version
        assert stored.turn >= self.turn
        assert stored.position >= max(self.position, self.told)
        assert stored.told.position >= self.said
        assert stored.told.ended or not self.is_end_said
        assert stored.state is State.ENDED or not self.is_end_told
        # Also a round that has ended may be erased.
        erased_later = "erase" in self.attempts and stored.ending is Ending.ERASED
        assert self.ending is None or stored.ending == self.ending or erased_later
        assert not self.is_erased or stored.ending is Ending.ERASED


class Ledger:
    """All that was acknowledged, by round."""

    def __init__(self) -> None:
        self.rounds: dict[int, Acknowledged] = {}
        self.acts: Counter[str] = Counter()
        """How often what was done."""

    def heed(self, word: str, round_id: int, *facts: object) -> None:
        """Take in one line of the program."""
        if word == "did":
            self.acts[str(facts[0])] += 1
        try:
            self.rounds.setdefault(round_id, Acknowledged()).heed(word, *facts)
        except AssertionError as error:
            known = self.rounds[round_id]
            raise AssertionError(f"{error}: {word} {round_id} {facts} after {known}") from error

    def check(self, stored: Mapping[int, Round]) -> None:
        """Nothing acknowledged is missing from the disk."""
        for round_id, acknowledged in self.rounds.items():
            try:
                acknowledged.check(stored.get(round_id))
            except AssertionError as error:
                found = stored.get(round_id)
                raise AssertionError(f"{error}\n{acknowledged}\nbut {found}") from error
