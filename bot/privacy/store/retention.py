"""Erases data whose time is over, and the data of guilds."""

from __future__ import annotations

from datetime import datetime

from bot.dojos.model.keeping import add_months
from bot.dojos.store.terms import (
    CODES_MAY_BE_OVER,
    COLUMNS,
    NAMES_MAY_BE_OVER,
    NAMES_MONTHS,
    OLD_ROUNDS,
    ROUND_COLUMNS,
    ROUND_MAY_BE_OVER,
    WORDS_ARE_OVER,
    read_kept,
)
from bot.kit.database.database import Database, Row, Statements
from bot.kit.database.moments import EPOCH, MILLISECOND, in_milliseconds
from bot.kit.database.steps import in_parts, in_steps, marks
from bot.kit.database.values import ProgramValueStore

LAST_PURGE = "last-purge"
"""The program value with the moment of the last purge, ISO 8601."""
NOTES_TOGETHER = 50
"""Notes that one statement changes."""
_FEEDBACK = ("notes", "sheets", "debriefs")
_OF_CLIENTS = ("client_views", "quote_permissions")


class RetentionStore:
    """Erases data that has been kept long enough, in closed dojos as well.

    `bot.dojos.store.terms` decides what is over, as for readers. This looks for it on the
    connection for long reads, and erases it in small steps, between which others write.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._values = ProgramValueStore(database)

    async def last_purge(self) -> datetime | None:
        """When data was last erased because of its age; None if that has not happened yet."""
        value = await self._values.get(LAST_PURGE)
        return None if value is None else datetime.fromisoformat(value)

    async def remember_purge(self, at: datetime) -> None:
        """Store that data has been erased because of its age."""
        await self._values.put(LAST_PURGE, at.isoformat())

    async def erase_words(self, now: datetime) -> int:
        """Erase the words in notes that have been kept long enough. Returns of how many."""
        rows = await self._read(
            "SELECT n.id FROM notes AS n JOIN rounds AS t ON t.id = n.round_id"  # noqa: S608
            " JOIN dojos AS j ON j.id = t.dojo_id LEFT JOIN debriefs AS d ON d.round_id = t.id"
            " AND d.coach_user_id = n.coach_user_id"
            f" WHERE (n.quote <> '' OR n.effect <> '') AND {WORDS_ARE_OVER}",
            in_milliseconds(now),
        )
        notes = [row["id"] for row in rows]
        await in_steps(self._database, in_parts(notes, NOTES_TOGETHER), _erase_words)
        return len(notes)

    async def erase_feedback(self, now: datetime) -> int:
        """Erase notes, sheets and debriefs that were kept long enough. Returns how many debriefs.

        What the coach wanted watched goes with their debrief, the client's view with the last of
        its round. Without a debrief the time of both begins at the end of the round.
        """
        due = [
            (row["round_id"], row["coach_user_id"])
            for row in await self._read(
                f"SELECT d.round_id, d.coach_user_id, {COLUMNS} FROM {OLD_ROUNDS}"  # noqa: S608
                f" JOIN debriefs AS d ON d.round_id = t.id WHERE {CODES_MAY_BE_OVER}",
                in_milliseconds(now),
                in_milliseconds(now),
            )
            if not read_kept(row).has_codes(now)
        ]
        rounds = [
            row["round_id"]
            for row in await self._read(
                f"SELECT t.id AS round_id, {ROUND_COLUMNS} FROM {OLD_ROUNDS}"  # noqa: S608
                f" WHERE {ROUND_MAY_BE_OVER} AND"
                " (EXISTS (SELECT 1 FROM client_views AS v WHERE v.round_id = t.id)"
                " OR EXISTS (SELECT 1 FROM quote_permissions AS q WHERE q.round_id = t.id)"
                " OR EXISTS (SELECT 1 FROM round_people AS p WHERE p.round_id = t.id"
                " AND (p.focus <> '' OR p.wish <> '')))",
                in_milliseconds(now),
                in_milliseconds(now),
            )
            if not read_kept(row).has_codes(now)
        ]
        await in_steps(self._database, due, _erase_debrief)
        await in_steps(self._database, rounds, _erase_rest_of_round)
        return len(due)

    async def erase_names(self, now: datetime) -> int:
        """Remove names from rounds and evenings that had them long enough. Returns from how many.

        The round stays with its format, times and roles. Feedback belongs to a name, so none is
        left by then; what people said at the end of an evening goes as well.
        """
        rounds = _over(
            now,
            await self._read(
                f"SELECT t.id, t.ended_ms, {NAMES_MONTHS} AS months FROM {OLD_ROUNDS}"  # noqa: S608
                f" WHERE {NAMES_MAY_BE_OVER}"
                " AND (t.starter_user_id IS NOT NULL OR EXISTS (SELECT 1 FROM round_people AS p"
                " WHERE p.round_id = t.id AND p.user_id IS NOT NULL))",
                in_milliseconds(now),
                in_milliseconds(now),
            ),
        )
        evenings = _over(
            now,
            await self._read(
                f"SELECT t.id, t.ended_ms, {NAMES_MONTHS} AS months FROM dojos AS j"  # noqa: S608
                f" CROSS JOIN gatherings AS t ON t.dojo_id = j.id WHERE {NAMES_MAY_BE_OVER}"
                " AND (t.facilitator_user_id IS NOT NULL"
                " OR EXISTS (SELECT 1 FROM gathering_people AS p"
                " WHERE p.gathering_id = t.id AND p.user_id IS NOT NULL)"
                " OR EXISTS (SELECT 1 FROM gathering_helpers AS h WHERE h.gathering_id = t.id)"
                " OR EXISTS (SELECT 1 FROM check_outs AS c WHERE c.gathering_id = t.id))",
                in_milliseconds(now),
            ),
        )
        await in_steps(self._database, rounds, _unname_round)
        await in_steps(self._database, evenings, _unname_gathering)
        return len(rounds) + len(evenings)

    async def erase_talks(self, before: datetime) -> None:
        """Erase requests to safety contacts from before then."""
        await self._database.write(
            "DELETE FROM talk_requests WHERE asked_at < ?", int(before.timestamp())
        )

    async def erase_refused_messages(self, before: datetime) -> None:
        """Erase that direct messages were refused before then."""
        await self._database.write(
            "DELETE FROM refused_messages WHERE refused_at < ?", int(before.timestamp())
        )

    async def scrub(self) -> None:
        """Remove every trace of erased data from the disk."""
        await self._database.scrub()

    # Guilds

    async def guild_removed(self, guild_id: int, at: datetime) -> None:
        """The bot is no longer in a guild; only the first time counts."""
        await self._database.write(
            "INSERT INTO guild_removals (guild_id, removed_at) VALUES (?, ?)"
            " ON CONFLICT (guild_id) DO NOTHING",
            guild_id,
            int(at.timestamp()),
        )

    async def guild_back(self, guild_id: int) -> None:
        """The bot is in a guild again."""
        await self._database.write("DELETE FROM guild_removals WHERE guild_id = ?", guild_id)

    async def guilds(self) -> set[int]:
        """The guilds that something is stored about."""
        rows = await self._database.all("SELECT DISTINCT guild_id FROM dojos")
        return {row["guild_id"] for row in rows}

    async def removed_guilds(self) -> set[int]:
        """The guilds that are known to have removed the bot."""
        rows = await self._database.all("SELECT guild_id FROM guild_removals")
        return {row["guild_id"] for row in rows}

    async def erase_guilds(self, before: datetime) -> list[int]:
        """Erase everything of the guilds that removed the bot before then."""
        limit = int(before.timestamp())
        rows = await self._database.all(
            "SELECT guild_id FROM guild_removals WHERE removed_at <= ?", limit
        )
        return [row["guild_id"] for row in rows if await self._erase_guild(row["guild_id"], limit)]

    async def _erase_guild(self, guild_id: int, limit: int) -> bool:
        """Erase everything of a guild. Returns False if the bot has come back to it meanwhile."""
        gone = "EXISTS (SELECT 1 FROM guild_removals WHERE guild_id = ? AND removed_at <= ?)"
        for table in ("rounds", "gatherings"):
            rows = await self._read(
                f"SELECT id FROM {table} WHERE dojo_id IN"  # noqa: S608 - our own names
                " (SELECT id FROM dojos WHERE guild_id = ?)",
                guild_id,
            )

            async def erase(statements: Statements, id_: int, table: str = table) -> None:
                # Notes and all the rest refer to it.
                sql = f"DELETE FROM {table} WHERE id = ? AND {gone}"  # noqa: S608
                await statements.all(sql, id_, guild_id, limit)

            await in_steps(self._database, [row["id"] for row in rows], erase)
        async with self._database.transaction() as transaction:
            if not await transaction.all(
                "SELECT 1 FROM guild_removals WHERE guild_id = ? AND removed_at <= ?",
                guild_id,
                limit,
            ):
                return False
            for table in ("dojos", "guild_removals", "departures"):
                await transaction.all(f"DELETE FROM {table} WHERE guild_id = ?", guild_id)  # noqa: S608
        return True

    async def _read(self, sql: str, *values: int) -> list[Row]:
        """A long read that nobody waits for."""
        async with self._database.long_read() as statements:
            return await statements.all(sql, *values)


def _over(now: datetime, rows: list[Row]) -> list[int]:
    """The ids of the rows whose names have been kept long enough."""
    return [
        row["id"]
        for row in rows
        if add_months(EPOCH + row["ended_ms"] * MILLISECOND, row["months"]) <= now
    ]


async def _erase_words(statements: Statements, notes: list[int]) -> None:
    await statements.all(
        f"UPDATE notes SET quote = '', effect = '' WHERE id IN ({marks(notes)})",  # noqa: S608
        *notes,
    )


async def _erase_debrief(statements: Statements, about: tuple[int, int]) -> None:
    for table in _FEEDBACK:
        sql = f"DELETE FROM {table} WHERE round_id = ? AND coach_user_id = ?"  # noqa: S608
        await statements.all(sql, *about)
    sql = "UPDATE round_people SET focus = '', wish = '' WHERE round_id = ? AND user_id = ?"
    await statements.all(sql, *about)
    for table in _OF_CLIENTS:
        await statements.all(
            f"DELETE FROM {table} WHERE round_id = ? AND NOT EXISTS (SELECT 1"  # noqa: S608
            f" FROM debriefs AS d WHERE d.round_id = {table}.round_id)",
            about[0],
        )


async def _erase_rest_of_round(statements: Statements, round_id: int) -> None:
    for table in _OF_CLIENTS:
        await statements.all(f"DELETE FROM {table} WHERE round_id = ?", round_id)  # noqa: S608
    await statements.all(
        "UPDATE round_people SET focus = '', wish = '' WHERE round_id = ?", round_id
    )


async def _unname_round(statements: Statements, round_id: int) -> None:
    for table in (*_FEEDBACK, *_OF_CLIENTS):
        await statements.all(f"DELETE FROM {table} WHERE round_id = ?", round_id)  # noqa: S608
    await statements.all(
        "UPDATE round_people SET user_id = NULL, focus = '', wish = '' WHERE round_id = ?", round_id
    )
    await statements.all("UPDATE rounds SET starter_user_id = NULL WHERE id = ?", round_id)


async def _unname_gathering(statements: Statements, gathering_id: int) -> None:
    for sql in (
        "UPDATE gathering_people SET user_id = NULL WHERE gathering_id = ?",
        "UPDATE gatherings SET facilitator_user_id = NULL WHERE id = ?",
        "DELETE FROM gathering_helpers WHERE gathering_id = ?",
        "DELETE FROM gathering_trusted WHERE gathering_id = ?",
        "DELETE FROM check_outs WHERE gathering_id = ?",
    ):
        await statements.all(sql, gathering_id)
