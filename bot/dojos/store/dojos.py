"""Dojos on disk."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from bot.content.model.questions import QuestionSet
from bot.dojos.model.dojo import Asking, Dojo, DojoSettings
from bot.kit.database.columns import insert
from bot.kit.database.database import Database, Row, Statements, Value
from bot.kit.database.scopes import scope_of

_SETTINGS = tuple(field.name for field in fields(DojoSettings))
"""They are stored under the names that they have."""
_SAVE = (
    insert("dojos", ("id", "guild_id", "channel_id", "set_up_at", "set_up_user_id", *_SETTINGS))
    # A channel never changes its server: a row that says otherwise is wrong.
    + " ON CONFLICT (channel_id) DO UPDATE SET guild_id = excluded.guild_id, closed_at = NULL, "
    + ", ".join(f"{name} = excluded.{name}" for name in _SETTINGS)
    + " RETURNING *"
)


class DojoStore:
    """Reads and writes dojos."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all_open(self) -> list[Dojo]:
        """Every dojo that is not closed."""
        rows = await self._database.all("SELECT * FROM dojos WHERE closed_at IS NULL")
        return [_dojo(row) for row in rows]

    async def all_closed(self) -> list[Dojo]:
        """Every dojo that is closed, with the settings it had."""
        rows = await self._database.all("SELECT * FROM dojos WHERE closed_at IS NOT NULL")
        return [_dojo(row) for row in rows]

    async def save(self, dojo: Dojo) -> Dojo:
        """Write a dojo; an existing one of the same channel, even a closed one, gets its settings.

        Returns the dojo as stored, with the id under which the channel was known before.
        """
        settings = dojo.settings
        if not settings.names_shown:
            await self._hide_names(dojo.channel_id)
        rows = await self._database.write(
            _SAVE,
            dojo.id,
            dojo.guild_id,
            dojo.channel_id,
            int(dojo.set_up_at.timestamp()),
            dojo.set_up_user_id,
            *(_stored(settings, name) for name in _SETTINGS),
        )
        return _dojo(rows[0])

    async def _hide_names(self, channel_id: int) -> None:
        """Hide the names in all rounds so far: they stay hidden, whatever is chosen later."""
        dojo = "SELECT id FROM dojos WHERE channel_id = ?"
        async with self._database.transaction() as transaction:
            await transaction.all(
                "UPDATE debriefs SET names_shown = 0 WHERE round_id IN"  # noqa: S608 - our own SQL
                f" (SELECT id FROM rounds WHERE dojo_id IN ({dojo}) AND names_shown = 1)",
                channel_id,
            )
            await transaction.all(
                f"UPDATE rounds SET names_shown = 0 WHERE dojo_id IN ({dojo}) AND names_shown = 1",  # noqa: S608
                channel_id,
            )

    async def close(self, dojo_id: int, at: datetime) -> None:
        """Mark a dojo as closed; everything that belongs to it is kept."""
        await self._database.write(
            "UPDATE dojos SET closed_at = ? WHERE id = ?", int(at.timestamp()), dojo_id
        )

    async def move(self, dojo_id: int, guild_id: int) -> None:
        """Store the server that a dojo's channel really belongs to."""
        await self._database.write("UPDATE dojos SET guild_id = ? WHERE id = ?", guild_id, dojo_id)

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """The dojos this person set up, or is the safety contact of."""
        rows = await statements.all(
            "SELECT * FROM dojos WHERE set_up_user_id = ? OR safety_user_id = ?"
            " ORDER BY set_up_at, id",
            user_id,
            user_id,
        )
        return [
            {
                "guild_id": row["guild_id"],
                "channel_id": row["channel_id"],
                "set_up_at": row["set_up_at"],
                "set_up_by_me": row["set_up_user_id"] == user_id,
                "safety_contact": row["safety_user_id"] == user_id,
            }
            for row in rows
        ]

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Remove this person from every dojo they set up or are a contact of; the dojos stay."""
        scope = scope_of(guild_id, "guild")
        for column in ("set_up_user_id", "safety_user_id"):
            sql = f"UPDATE dojos SET {column} = NULL WHERE {column} = ?"  # noqa: S608 - our names
            await scope.run(statements, sql, user_id)


def _stored(settings: DojoSettings, name: str) -> Value:
    return " ".join(settings.usual_focus) if name == "usual_focus" else getattr(settings, name)


def _dojo(row: Row) -> Dojo:
    read: dict[str, Any] = {
        "asking": Asking(row["asking"]),
        "names_shown": bool(row["names_shown"]),
        "question_set": QuestionSet(row["question_set"]),
        "usual_focus": tuple(row["usual_focus"].split()),
    }
    return Dojo(
        id=row["id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        settings=DojoSettings(**{name: row[name] for name in _SETTINGS} | read),
        set_up_at=datetime.fromtimestamp(row["set_up_at"], UTC),
        set_up_user_id=row["set_up_user_id"],
    )
