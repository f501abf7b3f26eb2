"""Dojos on disk."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.dojos import Asking, Dojo, DojoSettings
from bot.storage.database import Database, Row, Statements


class DojoStore:
    """Reads and writes dojos."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all_open(self) -> list[Dojo]:
        """Every dojo that is not closed."""
        rows = await self._database.all("SELECT * FROM dojos WHERE closed_at IS NULL")
        return [_dojo(row) for row in rows]

    async def save(self, dojo: Dojo) -> Dojo:
        """Write a dojo; one of the same channel, also a closed one, takes its settings.

        Gives the dojo as it stands, with the id under which the channel was known before.
        """
        settings = dojo.settings
        if not settings.names_shown:
            await self._hide_names(dojo.channel_id)
        rows = await self._database.write(
            "INSERT INTO dojos (id, guild_id, channel_id, facilitator_role_id, format_id,"
            " language, time_zone, asking, safety_user_id, quote_days, code_months, names_shown,"
            " set_up_at, set_up_user_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (channel_id) DO UPDATE SET"
            " facilitator_role_id = excluded.facilitator_role_id,"
            " format_id = excluded.format_id, language = excluded.language,"
            " time_zone = excluded.time_zone, asking = excluded.asking,"
            " safety_user_id = excluded.safety_user_id, quote_days = excluded.quote_days,"
            " code_months = excluded.code_months, names_shown = excluded.names_shown,"
            " closed_at = NULL"
            " RETURNING *",
            dojo.id,
            dojo.guild_id,
            dojo.channel_id,
            settings.facilitator_role_id,
            settings.format_id,
            settings.language,
            settings.time_zone,
            settings.asking.value,
            settings.safety_user_id,
            settings.quote_days,
            settings.code_months,
            int(settings.names_shown),
            int(dojo.set_up_at.timestamp()),
            dojo.set_up_user_id,
        )
        return _dojo(rows[0])

    async def _hide_names(self, channel_id: int) -> None:
        """Names that are hidden once stay hidden in all rounds so far, whatever is chosen later."""
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

    async def closed(self, channel_id: int) -> Dojo | None:
        """The closed dojo of a channel, with the settings it had."""
        row = await self._database.one(
            "SELECT * FROM dojos WHERE channel_id = ? AND closed_at IS NOT NULL", channel_id
        )
        return _dojo(row) if row else None

    async def close(self, dojo_id: int, at: datetime) -> None:
        """Mark a dojo as closed; all that belongs to it is kept."""
        await self._database.write(
            "UPDATE dojos SET closed_at = ? WHERE id = ?", int(at.timestamp()), dojo_id
        )

    async def export_person(self, user_id: int) -> list[dict[str, object]]:
        """The dojos this person set up, or is the safety contact of."""
        rows = await self._database.all(
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

    async def forget_person(self, statements: Statements, user_id: int) -> None:
        """Take this person off every dojo they set up or are a contact of; the dojos stay."""
        await statements.all(
            "UPDATE dojos SET set_up_user_id = NULL WHERE set_up_user_id = ?", user_id
        )
        await statements.all(
            "UPDATE dojos SET safety_user_id = NULL WHERE safety_user_id = ?", user_id
        )


def _dojo(row: Row) -> Dojo:
    return Dojo(
        id=row["id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        settings=DojoSettings(
            facilitator_role_id=row["facilitator_role_id"],
            format_id=row["format_id"],
            language=row["language"],
            time_zone=row["time_zone"],
            asking=Asking(row["asking"]),
            safety_user_id=row["safety_user_id"],
            quote_days=row["quote_days"],
            code_months=row["code_months"],
            names_shown=bool(row["names_shown"]),
        ),
        set_up_at=datetime.fromtimestamp(row["set_up_at"], UTC),
        set_up_user_id=row["set_up_user_id"],
    )
