"""What is erased by itself when its time is over, and what goes with a guild."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.debriefs import add_months
from bot.storage.database import Database, Row, Statements
from bot.storage.moments import in_milliseconds

# Counted from the release, or from the end of a round that was never released. A round that has
# not ended keeps everything.
_FROM = "COALESCE(d.released_ms, r.ended_ms)"
_ROUNDS = (
    "FROM rounds AS r JOIN debriefs AS d ON d.round_id = r.id"
    " WHERE r.dojo_id = ? AND r.ended_ms IS NOT NULL AND"
)


DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long a dojo keeps what belongs to feedback."""

    dojo_id: int
    quote_days: int
    code_months: int


class RetentionStore:
    """Erases what has been kept long enough."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keepings(self) -> list[Keeping]:
        """How long each dojo keeps things; closed dojos as well."""
        rows = await self._database.all("SELECT id, quote_days, code_months FROM dojos")
        return [Keeping(row["id"], row["quote_days"], row["code_months"]) for row in rows]

    async def erase_words(self, keeping: Keeping, now: datetime) -> int:
        """Take the words out of notes that have been kept long enough; of how many.

        A dojo that keeps them for longer now does not do so for what was noted before.
        """
        rows = await self._database.write(
            "UPDATE notes SET quote = '', effect = '' WHERE (quote <> '' OR effect <> '')"  # noqa: S608
            " AND EXISTS (SELECT 1"
            f" {_ROUNDS} r.id = notes.round_id AND d.coach_user_id = notes.coach_user_id"
            f" AND {_FROM} + ? * (CASE WHEN d.quote_days < ? THEN d.quote_days ELSE ? END) <= ?)"
            " RETURNING id",
            keeping.dojo_id,
            DAY_MS,
            keeping.quote_days,
            keeping.quote_days,
            in_milliseconds(now),
        )
        return len(rows)

    async def erase_feedback(self, keeping: Keeping, now: datetime) -> int:
        """Erase notes, sheets and debriefs that have been kept long enough; how many debriefs.

        The client's view goes with the last debrief of its round. What coaches wanted watched is
        counted from the end of the round. A dojo that keeps things for longer now does not do so
        for rounds from before.
        """
        late, due = in_milliseconds(add_months(now, -keeping.code_months)), 0
        async with self._database.transaction() as transaction:
            for row in await _due(transaction, keeping, now):
                erased = (row["round_id"], row["coach_user_id"])
                for table in ("notes", "sheets", "debriefs"):
                    await transaction.all(
                        f"DELETE FROM {table} WHERE round_id = ? AND coach_user_id = ?",  # noqa: S608
                        *erased,
                    )
                due += 1
            await transaction.all(
                "UPDATE round_people SET focus = '', wish = '' WHERE (focus <> '' OR wish <> '')"
                " AND round_id IN (SELECT id FROM rounds WHERE dojo_id = ? AND ended_ms <= ?)",
                keeping.dojo_id,
                late,
            )
            await transaction.all(
                "DELETE FROM client_views WHERE round_id IN (SELECT r.id FROM rounds AS r"
                " WHERE r.dojo_id = ? AND r.ended_ms <= ? AND NOT EXISTS"
                " (SELECT 1 FROM debriefs AS d WHERE d.round_id = r.id))",
                keeping.dojo_id,
                late,
            )
        return due

    async def erase_talks(self, before: datetime) -> None:
        """Erase what was asked of safety contacts before then."""
        await self._database.write(
            "DELETE FROM talk_requests WHERE asked_at < ?", int(before.timestamp())
        )

    async def scrub(self) -> None:
        """Leave nothing of what was erased on the disk."""
        await self._database.scrub()

    # Guilds

    async def guild_removed(self, guild_id: int, at: datetime) -> None:
        """The bot is no longer in a guild; what was noted first counts."""
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
        """The guilds of which anything is stored."""
        rows = await self._database.all("SELECT DISTINCT guild_id FROM dojos")
        return {row["guild_id"] for row in rows}

    async def removed_guilds(self) -> set[int]:
        """The guilds the bot is known to be no longer in."""
        rows = await self._database.all("SELECT guild_id FROM guild_removals")
        return {row["guild_id"] for row in rows}

    async def erase_guilds(self, before: datetime) -> list[int]:
        """Erase everything of the guilds the bot has been away from since before then."""
        limit = int(before.timestamp())
        async with self._database.transaction() as transaction:
            rows = await transaction.all(
                "SELECT guild_id FROM guild_removals WHERE removed_at <= ?", limit
            )
            for row in rows:
                # Rounds, notes and all the rest hang on their dojo.
                await transaction.all("DELETE FROM dojos WHERE guild_id = ?", row["guild_id"])
                await transaction.all(
                    "DELETE FROM guild_removals WHERE guild_id = ?", row["guild_id"]
                )
        return [row["guild_id"] for row in rows]


async def _due(statements: Statements, keeping: Keeping, now: datetime) -> list[Row]:
    """The debriefs of a dojo that have been kept long enough, by what held when they were begun."""
    terms = await statements.all(
        "SELECT DISTINCT d.code_months FROM debriefs AS d JOIN rounds AS r ON r.id = d.round_id"
        " WHERE r.dojo_id = ?",
        keeping.dojo_id,
    )
    found: list[Row] = []
    for term in terms:
        months = min(term["code_months"], keeping.code_months)
        found += await statements.all(
            f"SELECT d.round_id, d.coach_user_id {_ROUNDS} d.code_months = ? AND {_FROM} <= ?",
            keeping.dojo_id,
            term["code_months"],
            in_milliseconds(add_months(now, -months)),
        )
    return found
