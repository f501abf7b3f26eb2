"""Small facts the program stores about itself."""

from __future__ import annotations

from bot.kit.database.database import Database


class ProgramValueStore:
    """Text values by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> str | None:
        """The value of that name, if there is one."""
        row = await self._database.one("SELECT value FROM program_values WHERE name = ?", name)
        return row["value"] if row else None

    async def put(self, name: str, value: str) -> None:
        """Save a value under a name."""
        await self._database.write(
            "INSERT INTO program_values (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            value,
        )

    async def names(self, prefix: str) -> list[str]:
        """The names that begin with `prefix`."""
        rows = await self._database.all("SELECT name FROM program_values ORDER BY name")
        return [row["name"] for row in rows if row["name"].startswith(prefix)]

    async def drop(self, name: str) -> None:
        """Delete the value of a name."""
        await self._database.write("DELETE FROM program_values WHERE name = ?", name)
