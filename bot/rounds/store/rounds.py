"""Rounds on disk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.content.format_text import format_text, read_format
from bot.dojos.store.terms import (
    ROUND_COLUMNS,
    ROUND_JOINS,
    promise_names,
    read_kept,
    with_round_terms,
)
from bot.kit.database.columns import Columns, insert, update
from bot.kit.database.database import Database, Row, Statements, Value
from bot.kit.database.errors import ChangedMeanwhile
from bot.kit.database.moments import EPOCH, MILLISECOND, in_milliseconds, seconds
from bot.kit.database.scopes import scope_of
from bot.rounds.model.did import Action, Did
from bot.rounds.model.round import (
    Agreement,
    Ask,
    Cue,
    Ending,
    Offer,
    Role,
    RoomKind,
    Round,
    Seat,
    State,
    Told,
    Waiting,
    WayBack,
)

_OPEN = "state <> 'ended' OR told_ended = 0"

_ROUND = Columns(
    (
        *("id", "dojo_id", "guild_id", "room_id", "starter_user_id", "gathering_id"),
        *("position", "extensions", "turn", "card_id", "card_losses", "asking_channel_id"),
        "version",
    ),
    flags=("refused", "names_shown", "is_again"),
    kinds={"room": RoomKind, "state": State, "asked": Ask, "ending": Ending},
    moments={
        "proposed_at": "proposed_ms",
        "since": "since_ms",
        "began_at": "began_ms",
        "paused_at": "paused_ms",
        "ended_at": "ended_ms",
    },
    lengths={"length": "length_ms", "ran": "ran_ms"},
)
_SEAT = Columns(
    ("user_id", "wish"),
    flags=("is_here", "has_coached", "in_voice", "observes_only", "let_in", "lost"),
    kinds={"role": Role, "agreement": Agreement},
    moments={
        "coached_until": "coached_until_ms",
        "away_since": "away_ms",
        "doubted_at": "doubted_ms",
    },
    lengths={"coached": "coached_ms"},
)


class RoundStore:
    """Reads and writes rounds. Moments are kept to the millisecond."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def unfinished(self) -> list[Round]:
        """Every round that has not ended, or whose room has not been told that it has."""
        # Put in order here: asked for it, SQLite would rather read all rounds in order of their id
        # than look up the few that are open.
        rows = await self._database.all(f"SELECT * FROM rounds WHERE {_OPEN}")  # noqa: S608
        rows.sort(key=lambda row: row["id"])
        seats = await self._database.all(
            f"SELECT * FROM round_people WHERE round_id IN (SELECT id FROM rounds WHERE {_OPEN})"  # noqa: S608
        )
        seats.sort(key=lambda seat: (seat["round_id"], seat["number"]))
        # Nobody waits for a round that is over, so these are few.
        waiting = await self._database.all("SELECT * FROM round_waiting ORDER BY round_id, number")
        of_seats, of_waiting = by_round(seats), by_round(waiting)
        return [
            _round(row, of_seats.get(row["id"], ()), of_waiting.get(row["id"], ())) for row in rows
        ]

    async def get(self, round_id: int) -> Round | None:
        """One round, also one that has ended."""
        row = await self._database.one(
            f"{with_round_terms('rounds', 'o', 'id')} WHERE o.id = ?", round_id
        )
        if row is None:
            return None
        seats = await self._database.all(
            "SELECT * FROM round_people WHERE round_id = ? ORDER BY number", round_id
        )
        waiting = await self._database.all(
            "SELECT * FROM round_waiting WHERE round_id = ? ORDER BY number", round_id
        )
        round_ = _round(row, seats, waiting)
        if read_kept(row).has_codes(self._database.now()):
            return round_
        # What coaches wanted watched is part of the feedback, and its time is over.
        unfocused = tuple(replace(seat, focus=(), wish="") for seat in round_.seats)
        return replace(round_, seats=unfocused)

    async def people_of_room(self, room_id: int, gathering_id: int) -> set[int]:
        """Everybody who has a seat in a round of this gathering in a room."""
        rows = await self._database.all(
            "SELECT DISTINCT p.user_id FROM rounds AS r JOIN round_people AS p ON p.round_id = r.id"
            " WHERE r.room_id = ? AND r.gathering_id = ? AND p.user_id IS NOT NULL",
            room_id,
            gathering_id,
        )
        return {row["user_id"] for row in rows}

    async def left_in_rooms(self, since: datetime) -> list[Round]:
        """Rounds of open dojos that people have left, and that ended after `since`.

        Each is the last one of its private thread, and its room knows that it is over.
        """
        rows = await self._database.all(
            "SELECT r.id FROM rounds AS r"
            " WHERE r.dojo_id IN (SELECT id FROM dojos WHERE closed_at IS NULL)"
            " AND r.ended_ms >= ? AND r.told_ended = 1"
            " AND r.room = 'private-thread' AND r.ending <> 'erased'"
            " AND EXISTS (SELECT 1 FROM round_people AS p WHERE p.round_id = r.id"
            " AND p.is_here = 0)"
            " AND NOT EXISTS (SELECT 1 FROM rounds AS later WHERE later.room_id = r.room_id"
            " AND later.id > r.id)",
            in_milliseconds(since),
        )
        return await self._of_rows(rows)

    async def next_in_room(self, round_: Round) -> datetime | None:
        """When the next round was proposed in the room of this one; None if there was no other."""
        row = await self._database.one(
            "SELECT MIN(proposed_ms) AS at FROM rounds WHERE room_id = ? AND id > ?",
            round_.room_id,
            round_.id,
        )
        at = row["at"] if row is not None else None
        return None if at is None else EPOCH + at * MILLISECOND

    async def add(self, round_: Round) -> None:
        """Write a new round."""
        async with self._database.transaction() as transaction:
            row = _row(round_)
            await transaction.all(insert("rounds", tuple(row)), *row.values())
            await transaction.all(promise_names("rounds"), round_.id)
            await _write_seats(transaction, round_)
            await _write_waiting(transaction, round_)

    async def save(self, old: Round, new: Round) -> Round:
        """Write what became of a round, and give it with its new version; on disk on return.

        Raises ChangedMeanwhile, and writes nothing, where the disk has another version than `old`.
        """
        new = replace(new, version=old.version + 1)
        row = _row(new)
        # A dojo that hides names hides those of its earlier rounds on the disk: nothing in memory
        # may undo that.
        del row["names_shown"]
        sql, values = update("rounds", tuple(row)), (*row.values(), old.id, old.version)
        if new.seats == old.seats and new.waiting == old.waiting:
            rows = await self._database.write(sql, *values)
        else:
            async with self._database.transaction() as transaction:
                rows = await transaction.all(sql, *values)
                if rows:
                    if new.seats != old.seats:
                        await _write_seats(transaction, new)
                    if new.waiting != old.waiting:
                        await _write_waiting(transaction, new)
                    if new.ending is Ending.ERASED:
                        await _erase_feedback(transaction, new.id)
        if not rows:
            raise ChangedMeanwhile(f"Round {new.id} is not on disk as it was known.")
        return new

    async def coached_by(self, user_id: int, most: int) -> list[Round]:
        """The rounds that this person coached and that were begun, the latest first."""
        return await self._begun("(p.role = 'coach' OR p.has_coached = 1)", user_id, most)

    async def clients_of(self, user_id: int, most: int) -> list[Round]:
        """The rounds that were begun and in which this person was the client, the latest first."""
        return await self._begun("p.may_erase = 1", user_id, most)

    async def _begun(self, condition: str, user_id: int, most: int) -> list[Round]:
        rows = await self._database.all(
            "SELECT r.id FROM rounds AS r JOIN round_people AS p ON p.round_id = r.id"  # noqa: S608
            f" WHERE p.user_id = ? AND {condition} AND r.began_ms IS NOT NULL"
            " ORDER BY r.id DESC LIMIT ?",
            user_id,
            most,
        )
        return await self._of_rows(rows)

    async def _of_rows(self, rows: Iterable[Row]) -> list[Round]:
        found = [await self.get(row["id"]) for row in rows]
        return [round_ for round_ in found if round_ is not None]

    async def last_in_room(self, room_id: int) -> Round | None:
        """The latest round of a room that was begun, also when it is over."""
        row = await self._database.one(
            "SELECT id FROM rounds WHERE room_id = ? AND began_ms IS NOT NULL"
            " ORDER BY id DESC LIMIT 1",
            room_id,
        )
        return None if row is None else await self.get(row["id"])

    async def last_of_person(self, user_id: int, dojo_id: int) -> Round | None:
        """The latest round of a dojo that is over, and that this person was in to its end."""
        row = await self._database.one(
            "SELECT r.id FROM rounds AS r JOIN round_people AS p ON p.round_id = r.id"
            " WHERE p.user_id = ? AND p.is_here = 1 AND r.dojo_id = ?"
            " AND r.began_ms IS NOT NULL AND r.state = 'ended' ORDER BY r.id DESC LIMIT 1",
            user_id,
            dojo_id,
        )
        return None if row is None else await self.get(row["id"])

    async def delete(self, round_id: int) -> None:
        """Erase a round and everything about it."""
        await self._database.write("DELETE FROM rounds WHERE id = ?", round_id)

    async def scrub(self) -> None:
        """Leave nothing of what was erased on the disk."""
        await self._database.scrub()

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """The rounds this person took part in, or proposed."""
        rows = await statements.all(
            "SELECT rounds.*, rounds.id AS round_id, user_id, role, agreement,"  # noqa: S608
            " is_here, coached_ms, focus, wish, may_erase, has_coached,"
            f" lost, let_in, observes_only, in_voice, {ROUND_COLUMNS} FROM rounds"
            f" {ROUND_JOINS.format('rounds.id')}"
            " LEFT JOIN round_people ON round_id = rounds.id AND user_id = ?"
            " WHERE rounds.id IN (SELECT round_id FROM round_people WHERE user_id = ?"
            " UNION SELECT id FROM rounds WHERE starter_user_id = ?) ORDER BY rounds.id",
            user_id,
            user_id,
            user_id,
        )
        waiting = await statements.all(
            "SELECT round_id, has_gone FROM round_waiting WHERE user_id = ? ORDER BY round_id",
            user_id,
        )
        asked: list[dict[str, object]] = [
            {"asked_to_observe_round_id": row["round_id"], "waits": not row["has_gone"]}
            for row in waiting
        ]
        now = self._database.now()

        def exported() -> list[dict[str, object]]:
            return [
                _exported(row, user_id, has_wishes=read_kept(row).has_codes(now)) for row in rows
            ]

        # A year of one person takes longer than others who talk to us should wait.
        return [*await asyncio.to_thread(exported), *asked]

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Take the person off their rounds, with what they wanted; others keep their rounds."""
        people, rounds = scope_of(guild_id, "round"), scope_of(guild_id, "guild")
        no_person = "UPDATE round_people SET user_id = NULL, focus = '', wish = ''"
        for sql, scope in (
            (f"{no_person} WHERE user_id = ?", people),
            ("DELETE FROM round_waiting WHERE user_id = ?", people),
            ("UPDATE rounds SET starter_user_id = NULL WHERE starter_user_id = ?", rounds),
        ):
            await statements.all(sql + scope.sql, user_id, *scope.values)


async def _write_seats(statements: Statements, round_: Round) -> None:
    await statements.all("DELETE FROM round_people WHERE round_id = ?", round_.id)
    for number, seat in enumerate(round_.seats):
        row = _seat_row(round_.id, number, seat)
        await statements.all(insert("round_people", tuple(row)), *row.values())


async def _write_waiting(statements: Statements, round_: Round) -> None:
    await statements.all("DELETE FROM round_waiting WHERE round_id = ?", round_.id)
    for number, one in enumerate(round_.waiting):
        row = {
            "round_id": round_.id,
            "number": number,
            "user_id": one.user_id,
            "card_id": one.card_id,
            "has_gone": int(one.has_gone),
        }
        await statements.all(insert("round_waiting", tuple(row)), *row.values())


def by_round(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """The rows by the round they belong to."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["round_id"], []).append(row)
    return found


def _row(round_: Round) -> dict[str, Value]:
    told, offer = round_.told, round_.offer
    return {
        **_ROUND.row(round_),
        "format": format_text(round_.format),
        "past": json.dumps([ran // MILLISECOND for ran in round_.past]),
        "actions": _actions_text(round_),
        "told_position": told.position,
        "told_cue": int(told.cue),
        "told_turn": told.turn,
        "told_asked": told.asked and told.asked.value,
        "told_ended": int(told.ended),
        "way_back": _way_back_text(round_.way_back),
        "offered_role": offer and offer.role.value,
        "offered_to": offer and _number_of(round_, offer.user_id),
        "offer_rests": int(offer is not None and offer.rests),
    }


def _seat_row(round_id: int, number: int, seat: Seat) -> dict[str, Value]:
    own = {"round_id": round_id, "number": number, "may_erase": int(seat.was_client)}
    return {**_SEAT.row(seat), **own, "focus": " ".join(seat.focus)}


def _number_of(round_: Round, user_id: int) -> int | None:
    numbers = (number for number, seat in enumerate(round_.seats) if seat.user_id == user_id)
    return next(numbers, None)


async def _erase_feedback(statements: Statements, round_id: int) -> None:
    """At once, though the round itself is kept until its room knows that it has ended."""
    for table in ("notes", "sheets", "client_views", "debriefs"):
        await statements.all(f"DELETE FROM {table} WHERE round_id = ?", round_id)  # noqa: S608


def _round(row: Row, seat_rows: Iterable[Row], waiting_rows: Iterable[Row] = ()) -> Round:
    seats = tuple(_seat(seat) for seat in seat_rows)
    return Round(
        **_ROUND.fields(row),
        format=read_format(row["format"]),
        seats=seats,
        past=tuple(ran * MILLISECOND for ran in json.loads(row["past"])),
        actions=_actions(row["actions"], seats),
        told=Told(
            row["told_position"],
            Cue(row["told_cue"]),
            row["told_turn"],
            asked=row["told_asked"] and Ask(row["told_asked"]),
            ended=bool(row["told_ended"]),
        ),
        offer=_offer(row, seats),
        way_back=_way_back(row["way_back"]),
        waiting=tuple(
            Waiting(one["user_id"], one["card_id"], bool(one["has_gone"])) for one in waiting_rows
        ),
    )


def _seat(row: Row) -> Seat:
    focus = tuple(row["focus"].split())
    return Seat(**_SEAT.fields(row), focus=focus, was_client=bool(row["may_erase"]))


def _offer(row: Row, seats: Sequence[Seat]) -> Offer | None:
    """The offer of a seat; none once the person it was made to is no longer named."""
    role: str | None = row["offered_role"]
    number: int | None = row["offered_to"]
    user_id = seats[number].user_id if number is not None and number < len(seats) else None
    if role is None or user_id is None:
        return None
    return Offer(Role(role), user_id, bool(row["offer_rests"]))


def _way_back_text(way: WayBack | None) -> str:
    if way is None:
        return ""
    return json.dumps(
        [
            in_milliseconds(way.until),
            way.position,
            way.length // MILLISECOND,
            way.ran // MILLISECOND,
            way.extensions,
            in_milliseconds(way.began_at),
            way.was_paused,
        ]
    )


def _way_back(text: str) -> WayBack | None:
    if not text:
        return None
    until, position, length, ran, extensions, began, was_paused = json.loads(text)
    return WayBack(
        EPOCH + until * MILLISECOND,
        position,
        length * MILLISECOND,
        ran * MILLISECOND,
        extensions,
        EPOCH + began * MILLISECOND,
        was_paused=was_paused,
    )


def _actions_text(round_: Round) -> str:
    """What people did, without saying who they are: by their number in the group.

    A facilitator from outside the group is not named on disk.
    """
    if not round_.actions:
        return "[]"
    numbers = {seat.user_id: number for number, seat in enumerate(round_.seats)}
    return json.dumps(
        [
            [
                action.turn,
                action.did.value,
                numbers.get(action.user_id) if action.user_id else None,
                numbers.get(action.about_user_id) if action.about_user_id else None,
                action.minutes,
            ]
            for action in round_.actions
        ]
    )


def _actions(text: str, seats: Sequence[Seat]) -> tuple[Action, ...]:
    if text == "[]":
        return ()

    def person(number: int | None) -> int | None:
        return seats[number].user_id if number is not None else None

    return tuple(
        Action(turn, Did(did), person(by), person(about), minutes)
        for turn, did, by, about, minutes in json.loads(text)
    )


def _exported(row: Row, user_id: int, *, has_wishes: bool) -> dict[str, object]:
    """One round as the person may have it: their own part, and nobody else's."""

    entry: dict[str, object] = {
        "round_id": row["round_id"],
        "gathering_id": row["gathering_id"],
        "guild_id": row["guild_id"],
        "room_id": row["room_id"],
        "format": read_format(row["format"]).name,
        "proposed_at": seconds(row["proposed_ms"]),
        "ended_at": seconds(row["ended_ms"]),
        "state": row["state"],
        "ending": row["ending"],
        "proposed_by_me": row["starter_user_id"] == user_id,
    }
    is_asked_only = row["agreement"] == "open" and row["began_ms"] is not None
    if row["user_id"] == user_id and is_asked_only:
        # Who has not said yes is not part of it.
        entry |= {"asked_to_be": row["role"], "answered": False}
    elif row["user_id"] == user_id:
        entry |= {
            "role": row["role"],
            "was_client": bool(row["may_erase"]),
            "agreement": row["agreement"],
            "stayed": bool(row["is_here"]),
            "taken_for_gone": bool(row["lost"]),
            "has_coached": bool(row["has_coached"]),
            "let_in_by_client": bool(row["let_in"]),
            "only_observes": bool(row["observes_only"]),
            "in_voice": bool(row["in_voice"]),
            "coached_seconds": row["coached_ms"] // 1000,
            "focus": row["focus"] if has_wishes else "",
            "wish": row["wish"] if has_wishes else "",
        }
    return entry
