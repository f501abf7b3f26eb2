"""Who takes no direct messages, on disk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.kit.database.database import Database, Statements

NOT_AGAIN_FOR = timedelta(days=7)
"""How long a person who took no direct message gets none: many refusals make Discord suspicious."""


class RefusedMessageStore:
    """When a direct message to a person was last refused."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def refused_at(self, user_id: int) -> datetime | None:
        """When this person's last direct message was refused; None if it was not."""
        row = await self._database.one(
            "SELECT refused_at FROM refused_messages WHERE user_id = ?", user_id
        )
        return None if row is None else datetime.fromtimestamp(row["refused_at"], UTC)

    async def put(self, user_id: int, at: datetime) -> None:
        """A direct message was refused."""
        await self._database.write(
            "INSERT INTO refused_messages (user_id, refused_at) VALUES (?, ?)"
            " ON CONFLICT (user_id) DO UPDATE SET refused_at = excluded.refused_at",
            user_id,
            int(at.timestamp()),
        )

    async def drop(self, user_id: int) -> None:
        """A direct message was taken."""
        await self._database.write("DELETE FROM refused_messages WHERE user_id = ?", user_id)

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """When this person's last direct message was refused."""
        rows = await statements.all(
            "SELECT refused_at FROM refused_messages WHERE user_id = ?", user_id
        )
        return [dict(row) for row in rows]

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Erase it. It belongs to no server, so it stays when a person is erased in one of them."""
        if guild_id is None:
            await statements.all("DELETE FROM refused_messages WHERE user_id = ?", user_id)
