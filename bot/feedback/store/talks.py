"""Requests to talk with a safety contact on disk: who asks whom, without a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.kit.database.database import Database, Row, Statements
from bot.kit.database.scopes import scope_of


@dataclass(frozen=True, slots=True)
class TalkRequest:
    """Someone would like to talk with the safety contact of a dojo."""

    id: int
    dojo_id: int
    user_id: int
    contact_user_id: int


class TalkStore:
    """Reads and writes requests to talk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, request: TalkRequest, at: datetime, *, since: datetime) -> bool:
        """Save a request. Returns False, and saves nothing, if they asked this contact `since`."""
        rows = await self._database.write(
            "INSERT INTO talk_requests (id, dojo_id, user_id, contact_user_id, asked_at)"
            " SELECT ?, id, ?, ?, ? FROM dojos WHERE id = ? AND NOT EXISTS"
            " (SELECT 1 FROM talk_requests WHERE user_id = ? AND asked_at > ?"
            " AND contact_user_id = ?) RETURNING id",
            request.id,
            request.user_id,
            request.contact_user_id,
            int(at.timestamp()),
            request.dojo_id,
            request.user_id,
            int(since.timestamp()),
            request.contact_user_id,
        )
        return bool(rows)

    async def get(self, request_id: int) -> TalkRequest | None:
        """One request; None if it does not exist."""
        row = await self._database.one("SELECT * FROM talk_requests WHERE id = ?", request_id)
        return None if row is None else _request(row)

    async def untold(self) -> list[TalkRequest]:
        """The requests that their contact has not been told about yet, oldest first."""
        rows = await self._database.all(
            "SELECT * FROM talk_requests WHERE told_at IS NULL ORDER BY id"
        )
        return [_request(row) for row in rows]

    async def told(self, request_id: int, at: datetime) -> None:
        """Store that the contact has been told."""
        await self._database.write(
            "UPDATE talk_requests SET told_at = ? WHERE id = ?", int(at.timestamp()), request_id
        )

    async def delete(self, request_id: int) -> None:
        """Delete a request that can reach nobody."""
        await self._database.write("DELETE FROM talk_requests WHERE id = ?", request_id)

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """What this person asked for; of requests to them only that there was one, and when."""
        rows = await statements.all(
            "SELECT t.*, d.guild_id, d.channel_id FROM talk_requests AS t"
            " JOIN dojos AS d ON d.id = t.dojo_id WHERE t.user_id = ? OR t.contact_user_id = ?"
            " ORDER BY t.id",
            user_id,
            user_id,
        )
        return [
            {
                "guild_id": row["guild_id"],
                "channel_id": row["channel_id"],
                "asked_at": row["asked_at"],
                "asked_by_me": row["user_id"] == user_id,
                "asked_for_me": row["contact_user_id"] == user_id,
            }
            for row in rows
        ]

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Erase what this person asked for, and what they were asked for."""
        scope = scope_of(guild_id, "dojo")
        sql = "DELETE FROM talk_requests WHERE (user_id = ? OR contact_user_id = ?)"
        await scope.run(statements, sql, user_id, user_id)


def _request(row: Row) -> TalkRequest:
    return TalkRequest(row["id"], row["dojo_id"], row["user_id"], row["contact_user_id"])
