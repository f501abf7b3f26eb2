"""Who has left a server, on disk: since when that is known, and who is known in which server."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.kit.database.database import Database, Statements
from bot.kit.database.scopes import scope_of

_OF_DOJO = "JOIN dojos AS x ON x.id = p.dojo_id"
_OF_ROUND = "JOIN rounds AS x ON x.id = p.round_id"
_OF_GATHERING = "JOIN gatherings AS x ON x.id = p.gathering_id"
WHERE_PEOPLE_ARE: dict[tuple[str, str], str] = {
    ("dojos", "set_up_user_id"): "",
    ("dojos", "safety_user_id"): "",
    ("own_contents", "imported_user_id"): _OF_DOJO,
    ("rounds", "starter_user_id"): "",
    ("round_people", "user_id"): _OF_ROUND,
    ("round_waiting", "user_id"): _OF_ROUND,
    ("invited_people", "user_id"): "JOIN invitations AS x ON x.round_id = p.round_id",
    ("notes", "observer_user_id"): _OF_ROUND,
    ("notes", "coach_user_id"): _OF_ROUND,
    ("sheets", "user_id"): _OF_ROUND,
    ("sheets", "coach_user_id"): _OF_ROUND,
    ("client_views", "user_id"): _OF_ROUND,
    ("quote_permissions", "user_id"): _OF_ROUND,
    ("debriefs", "coach_user_id"): _OF_ROUND,
    ("reports", "reporter_user_id"): (
        "JOIN notes AS n ON n.id = p.note_id JOIN rounds AS x ON x.id = n.round_id"
    ),
    ("reports", "contact_user_id"): (
        "JOIN notes AS n ON n.id = p.note_id JOIN rounds AS x ON x.id = n.round_id"
    ),
    ("talk_requests", "user_id"): _OF_DOJO,
    ("talk_requests", "contact_user_id"): _OF_DOJO,
    ("gatherings", "facilitator_user_id"): "",
    ("gathering_people", "user_id"): _OF_GATHERING,
    ("gathering_helpers", "user_id"): _OF_GATHERING,
    ("gathering_trusted", "user_id"): _OF_GATHERING,
    ("member_wishes", "user_id"): _OF_DOJO,
    ("set_aside_questions", "user_id"): _OF_DOJO,
    ("kept_apart", "user_id"): _OF_DOJO,
    ("kept_apart", "other_user_id"): _OF_DOJO,
    ("check_outs", "user_id"): _OF_GATHERING,
}
"""Every column that names a person, with the way from there to the guild (`x`, or the row `p`)."""


def _is_dojo(table: str, join: str) -> bool:
    """Whether the row that names the guild is the dojo itself."""
    return table == "dojos" or join == _OF_DOJO


_KNOWN = " UNION ".join(
    f"SELECT {'x' if join else 'p'}.guild_id, p.{column} AS user_id FROM {table} AS p {join}"  # noqa: S608
    f" WHERE {'x' if join else 'p'}.{'id' if _is_dojo(table, join) else 'dojo_id'} = ?"
    for (table, column), join in WHERE_PEOPLE_ARE.items()
)


class DepartureStore:
    """Reads and writes who has left a server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self) -> list[tuple[int, int]]:
        """Everybody that something is stored about, as guild and user id, in that order."""
        # Once a night it reads everything, dojo by dojo, so that an export waits only briefly.
        dojos = await self._database.all("SELECT id FROM dojos")
        known: set[tuple[int, int]] = set()
        for dojo in dojos:
            async with self._database.long_read() as statements:
                rows = await statements.all(
                    f"SELECT guild_id, user_id FROM ({_KNOWN}) AS known"  # noqa: S608
                    " WHERE user_id IS NOT NULL",
                    *[dojo["id"]] * len(WHERE_PEOPLE_ARE),
                )
            known.update((row["guild_id"], row["user_id"]) for row in rows)
        return sorted(known)

    async def all(self) -> dict[tuple[int, int], datetime]:
        """Who is known to have left, as guild and user id, and since when."""
        rows = await self._database.all("SELECT * FROM departures ORDER BY guild_id, user_id")
        return {
            (row["guild_id"], row["user_id"]): datetime.fromtimestamp(row["noticed_at"], UTC)
            for row in rows
        }

    async def left(self, guild_id: int, user_id: int, at: datetime) -> None:
        """This person is no longer in a guild; only the first time counts."""
        await self._database.write(
            "INSERT INTO departures (guild_id, user_id, noticed_at) VALUES (?, ?, ?)"
            " ON CONFLICT (guild_id, user_id) DO NOTHING",
            guild_id,
            user_id,
            int(at.timestamp()),
        )

    async def back(self, guild_id: int, user_id: int) -> None:
        """This person is in a guild again."""
        await self._database.write(
            "DELETE FROM departures WHERE guild_id = ? AND user_id = ?", guild_id, user_id
        )

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """The servers this person was found to have left."""
        rows = await statements.all(
            "SELECT guild_id, noticed_at FROM departures WHERE user_id = ? ORDER BY guild_id",
            user_id,
        )
        return [dict(row) for row in rows]

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Erase that this person left a server; see `KeepsPeople`."""
        scope = scope_of(guild_id, "guild")
        await scope.run(statements, "DELETE FROM departures WHERE user_id = ?", user_id)
