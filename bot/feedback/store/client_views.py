"""How rounds were for their clients, on disk."""

from __future__ import annotations

from datetime import datetime

from bot.dojos.store.terms import read_kept, with_round_terms
from bot.feedback.model.sheets import Answer, ClientView
from bot.kit.database.database import Database, Statements
from bot.kit.database.moments import EPOCH, MILLISECOND, in_milliseconds, seconds
from bot.kit.database.scopes import scope_of

_READ = with_round_terms("client_views", "v")


class ClientViewStore:
    """Reads and writes how rounds were for their clients."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, view: ClientView) -> None:
        """Save it, replacing what this client said about this round before."""
        await self._database.write(
            "INSERT INTO client_views (round_id, user_id, chose, heard, recognised, is_shared,"
            " given_ms) SELECT round_id, user_id, ?, ?, ?, ?, ? FROM round_people"
            " WHERE round_id = ? AND user_id = ?"
            " ON CONFLICT (round_id, user_id) DO UPDATE SET chose = excluded.chose,"
            " heard = excluded.heard, recognised = excluded.recognised,"
            " is_shared = excluded.is_shared, given_ms = excluded.given_ms",
            view.chose.value,
            view.heard.value,
            view.recognised.value,
            int(view.is_shared),
            in_milliseconds(view.given_at),
            view.round_id,
            view.user_id,
        )

    async def of_round(self, round_id: int) -> list[ClientView]:
        """What the clients of a round said."""
        now = self._database.now()
        rows = await self._database.all(f"{_READ} WHERE v.round_id = ?", round_id)
        return [
            ClientView(
                round_id=row["round_id"],
                user_id=row["user_id"],
                chose=Answer(row["chose"]),
                heard=Answer(row["heard"]),
                recognised=Answer(row["recognised"]),
                is_shared=bool(row["is_shared"]),
                given_at=EPOCH + row["given_ms"] * MILLISECOND,
            )
            for row in rows
            if read_kept(row).has_codes(now)
        ]

    async def take_back(self, round_id: int, user_id: int) -> None:
        """Erase what a client said."""
        await self._database.write(
            "DELETE FROM client_views WHERE round_id = ? AND user_id = ?", round_id, user_id
        )

    # Words of the coach in what is shared

    async def let_quote(self, round_id: int, user_id: int, at: datetime) -> None:
        """Store that a client allows the coach's words to be shown with what is shared."""
        await self._database.write(
            "INSERT INTO quote_permissions (round_id, user_id, given_ms)"
            " SELECT round_id, user_id, ? FROM round_people WHERE round_id = ? AND user_id = ?"
            " ON CONFLICT (round_id, user_id) DO NOTHING",
            in_milliseconds(at),
            round_id,
            user_id,
        )

    async def forbid_quotes(self, round_id: int, user_id: int) -> None:
        """Store that a client no longer allows the coach's words to be shown."""
        await self._database.write(
            "DELETE FROM quote_permissions WHERE round_id = ? AND user_id = ?", round_id, user_id
        )

    async def quoting(self, round_id: int) -> set[int]:
        """The clients of a round who allow the coach's words to be shown."""
        rows = await self._database.all(
            "SELECT user_id FROM quote_permissions WHERE round_id = ?", round_id
        )
        return {row["user_id"] for row in rows}

    # Data rights

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """What this person said as a client, and what they allowed to be shown."""
        rows = await statements.all(f"{_READ} WHERE v.user_id = ? ORDER BY v.round_id", user_id)
        now = self._database.now()
        allowed = await statements.all(
            "SELECT * FROM quote_permissions WHERE user_id = ? ORDER BY round_id", user_id
        )
        permissions: list[dict[str, object]] = [
            {
                "round_id": row["round_id"],
                "words_may_be_shared_with_the_room": True,
                "given_at": seconds(row["given_ms"]),
            }
            for row in allowed
        ]
        return permissions + [
            {
                "round_id": row["round_id"],
                "i_chose_where_we_went": row["chose"],
                "i_was_heard_in_my_own_words": row["heard"],
                "something_about_me_was_recognised": row["recognised"],
                "shared_with_the_coach": bool(row["is_shared"]),
                "given_at": seconds(row["given_ms"]),
            }
            for row in rows
            if read_kept(row).has_codes(now)
        ]

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Erase what this person said as a client."""
        scope = scope_of(guild_id, "round")
        for table in ("client_views", "quote_permissions"):
            await scope.run(statements, f"DELETE FROM {table} WHERE user_id = ?", user_id)  # noqa: S608
