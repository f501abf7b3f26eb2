"""The own content of dojos on disk: the text of the file as it was imported."""

from __future__ import annotations

from datetime import datetime

from bot.kit.database.database import Database, Statements
from bot.kit.database.scopes import scope_of


class OwnContentStore:
    """Reads and writes the content files of dojos."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, dojo_id: int) -> str | None:
        """The dojo's file, if it has one."""
        row = await self._database.one("SELECT toml FROM own_contents WHERE dojo_id = ?", dojo_id)
        return row["toml"] if row else None

    async def save(self, dojo_id: int, toml: str, *, user_id: int, at: datetime) -> None:
        """Replace the dojo's file."""
        await self._database.write(
            "INSERT INTO own_contents (dojo_id, toml, imported_at, imported_user_id)"
            " VALUES (?, ?, ?, ?) ON CONFLICT (dojo_id) DO UPDATE SET toml = excluded.toml,"
            " imported_at = excluded.imported_at, imported_user_id = excluded.imported_user_id",
            dojo_id,
            toml,
            int(at.timestamp()),
            user_id,
        )

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """The imports this person made."""
        rows = await statements.all(
            "SELECT dojos.guild_id, dojos.channel_id, own_contents.imported_at"
            " FROM own_contents JOIN dojos ON dojos.id = own_contents.dojo_id"
            " WHERE own_contents.imported_user_id = ?"
            " ORDER BY own_contents.imported_at, dojos.id",
            user_id,
        )
        return [dict(row) for row in rows]

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Remove this person from the imports they made; the content stays."""
        scope = scope_of(guild_id, "dojo")
        sql = "UPDATE own_contents SET imported_user_id = NULL WHERE imported_user_id = ?"
        await scope.run(statements, sql, user_id)
