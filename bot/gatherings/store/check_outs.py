"""What people say at the end of a gathering, on disk: with their name only until it is over."""

from __future__ import annotations

from bot.kit.database.database import Database, Statements
from bot.kit.database.moments import seconds
from bot.kit.database.scopes import scope_of


class CheckOutStore:
    """How useful an evening was to its people, and a word from each."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, gathering_id: int, user_id: int, useful: int, word: str) -> bool:
        """Keep what someone says, in the place of what they said of this gathering before.

        False, and nothing kept, once the gathering is over: what was said has been shown then.
        """
        rows = await self._database.write(
            "INSERT INTO check_outs (gathering_id, user_id, useful, word)"
            " SELECT id, ?, ?, ? FROM gatherings WHERE id = ? AND stage <> 'ended'"
            " ON CONFLICT (gathering_id, user_id) DO UPDATE SET useful = excluded.useful,"
            " word = excluded.word RETURNING gathering_id",
            user_id,
            useful,
            word,
            gathering_id,
        )
        return bool(rows)

    async def of(self, gathering_id: int) -> list[tuple[int, str]]:
        """How useful it was and the word of each person, in the order of the words."""
        # In the order in which they came, who watches could tell who they are from.
        rows = await self._database.all(
            "SELECT useful, word FROM check_outs WHERE gathering_id = ? ORDER BY word, useful",
            gathering_id,
        )
        return [(row["useful"], row["word"]) for row in rows]

    async def unname(self, gathering_id: int) -> None:
        """From now on nothing on the disk says who said what of a gathering."""
        rows = await self._database.write(
            "UPDATE check_outs SET user_id = NULL WHERE gathering_id = ? AND user_id IS NOT NULL"
            " RETURNING gathering_id",
            gathering_id,
        )
        if rows:
            await self._database.scrub()

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """What this person said of gatherings that are not over."""
        rows = await statements.all(
            "SELECT c.*, g.opened_ms FROM check_outs AS c"
            " JOIN gatherings AS g ON g.id = c.gathering_id WHERE c.user_id = ? ORDER BY g.id",
            user_id,
        )
        return [
            {
                "gathering_id": row["gathering_id"],
                "opened_at": seconds(row["opened_ms"]),
                "useful": row["useful"],
                "word": row["word"],
            }
            for row in rows
        ]

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Erase what this person said, as long as it is known to be theirs."""
        scope = scope_of(guild_id, "gathering")
        sql = "DELETE FROM check_outs WHERE user_id = ?"
        await statements.all(sql + scope.sql, user_id, *scope.values)
