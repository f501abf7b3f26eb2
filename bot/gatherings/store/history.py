"""What a dojo has practised, read from its rounds on disk: for its ledger and its next groups."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from bot.gatherings.grouping.meetings import Meeting
from bot.gatherings.model.ledger import Turn
from bot.kit.database.database import Database, Row
from bot.kit.database.moments import EPOCH, MILLISECOND, in_milliseconds
from bot.rounds.model.round import Role

# The gathering; for a round that was started by itself the day in UTC, negative, so that it is
# never the id of anything.
_EVENING = "COALESCE(r.gathering_id, -(r.ended_ms / 86400000))"
# Who did not say yes to a round has no part in it, also when it ran without their yes.
_AGREED = "p.agreement <> 'open'"
_ROLES = {role.value: role for role in Role}


class HistoryStore:
    """Reads who took part in the rounds of a dojo that are over and had coaching.

    Rounds that a client erased are left out. People who have been forgotten are not named, and
    still count for the size of their group. The evening of a round is the id of its gathering.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def turns(self, dojo_id: int, since: datetime | None = None) -> list[Turn]:
        """Each person's part in each round that ended at or after `since`, the oldest first."""
        rows = await self._rows(dojo_id, since)
        # A year of a large dojo takes longer than others who talk to us should wait.
        return await asyncio.to_thread(_turns, rows)

    async def met(self, dojo_id: int, since: datetime | None = None) -> list[Meeting]:
        """Who took part in each round that ended at or after `since`, the oldest round first."""
        rows = await self._rows(dojo_id, since)
        return await asyncio.to_thread(_meetings, rows)

    async def agreed_at(self, gathering_id: int) -> frozenset[int]:
        """Who has said yes to a round of this evening, by user id."""
        rows = await self._database.all(
            "SELECT DISTINCT p.user_id FROM rounds AS r"  # noqa: S608
            " JOIN round_people AS p ON p.round_id = r.id"
            f" WHERE r.gathering_id = ? AND {_AGREED} AND p.user_id IS NOT NULL"
            " AND r.began_ms IS NOT NULL",
            gathering_id,
        )
        return frozenset(row["user_id"] for row in rows)

    async def _rows(self, dojo_id: int, since: datetime | None) -> list[Row]:
        """Everybody who was asked, in the order of rounds."""
        return await self._database.all(
            f"SELECT r.id, r.ended_ms, {_EVENING} AS evening, p.user_id, p.role, p.has_coached,"  # noqa: S608
            f" {_AGREED} AS has_agreed,"
            # People who coached after all had a turn, whatever they had wished.
            " g.user_id IS NOT NULL AND p.has_coached = 0 AS observes_only"
            " FROM rounds AS r JOIN round_people AS p ON p.round_id = r.id"
            " LEFT JOIN gathering_people AS g ON g.gathering_id = r.gathering_id"
            " AND g.user_id = p.user_id AND g.wish = 'observe'"
            " WHERE r.dojo_id = ? AND r.ended_ms >= ? AND r.began_ms IS NOT NULL"
            " AND r.ending <> 'erased'"
            " ORDER BY r.ended_ms, r.id, p.number",
            dojo_id,
            0 if since is None else in_milliseconds(since),
        )


def _turns(rows: list[Row]) -> list[Turn]:
    found: list[Turn] = []
    for people in _with_coaching(rows):
        at, evening = _ended_at(people[0]), people[0]["evening"]
        leads = sum(not row["observes_only"] for row in people)
        coaches = sum(row["has_coached"] for row in people)
        found += [
            Turn(
                user_id=row["user_id"],
                at=at,
                evening=evening,
                role=_ROLES[row["role"]],
                has_coached=bool(row["has_coached"]),
                leads=leads,
                coaches=coaches,
                observes_only=bool(row["observes_only"]),
            )
            for row in people
            if row["user_id"] is not None
        ]
    return found


def _meetings(rows: list[Row]) -> list[Meeting]:
    return [_meeting(people) for people in _with_coaching(rows)]


def _meeting(rows: list[Row]) -> Meeting:
    people = [row for row in rows if row["user_id"] is not None]
    return Meeting(
        at=_ended_at(rows[0]),
        evening=rows[0]["evening"],
        people=tuple(row["user_id"] for row in people),
        coaches=tuple(row["user_id"] for row in people if row["has_coached"]),
        client=next((row["user_id"] for row in people if row["role"] == "client"), None),
    )


def _with_coaching(rows: list[Row]) -> Iterator[list[Row]]:
    """Who agreed to each round in which someone coached."""
    for _, group in groupby(rows, key=lambda row: row["id"]):
        everybody = list(group)
        people = [row for row in everybody if row["has_agreed"]]
        if people and any(row["has_coached"] for row in everybody):
            yield people


def _ended_at(row: Row) -> datetime:
    return EPOCH + row["ended_ms"] * MILLISECOND
