"""Asking people into rounds, on disk: what they choose, and the cards that ask them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.kit.database.columns import insert
from bot.kit.database.database import Database, Row, Statements
from bot.kit.database.moments import EPOCH, MILLISECOND
from bot.kit.database.scopes import scope_of
from bot.kit.ids import first_id
from bot.rounds.model.asking import Asked, Invitation, Invited, WhoMayAsk
from bot.rounds.model.round import Role
from bot.rounds.store.rounds import by_round

_INVITATION = ("round_id", "dojo_id", "guild_id", "channel_id", "message_id", "number")
_PEOPLE = ("round_id", "number", "user_id", "role", "is_brought", "stands")


class AskingStore:
    """Who may ask whom into rounds, and who was asked lately."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def choices(self, people: Collection[int]) -> dict[int, WhoMayAsk]:
        """What these people have chosen; who may be asked by anyone is left out."""
        marks = ", ".join("?" * len(people))
        rows = await self._database.all(
            f"SELECT user_id, who FROM asking_choices WHERE user_id IN ({marks})",  # noqa: S608
            *people,
        )
        return {row["user_id"]: WhoMayAsk(row["who"]) for row in rows}

    async def choose(self, user_id: int, who: WhoMayAsk) -> None:
        """Keep what a person chooses, in the place of what they chose before."""
        if who is WhoMayAsk.ANYBODY:
            await self._database.write("DELETE FROM asking_choices WHERE user_id = ?", user_id)
            return
        await self._database.write(
            "INSERT INTO asking_choices (user_id, who) VALUES (?, ?)"
            " ON CONFLICT (user_id) DO UPDATE SET who = excluded.who",
            user_id,
            who.value,
        )

    async def asked_since(self, since: datetime) -> list[tuple[int, int, datetime]]:
        """Who was asked into a round since then and has not said yes: person, round and moment.

        Rounds that never began are not on disk any more, once they are over.
        """
        rows = await self._database.all(
            "SELECT p.user_id, p.round_id, r.proposed_ms FROM rounds AS r"
            " JOIN round_people AS p ON p.round_id = r.id"
            " WHERE r.id >= ? AND r.gathering_id IS NULL AND p.user_id IS NOT NULL"
            " AND p.agreement = 'open'"
            " AND (r.starter_user_id IS NULL OR p.user_id <> r.starter_user_id)"
            " ORDER BY r.id, p.number",
            first_id(since),
        )
        return [
            (row["user_id"], row["round_id"], EPOCH + row["proposed_ms"] * MILLISECOND)
            for row in rows
        ]

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """What this person chose."""
        rows = await statements.all(
            "SELECT who AS who_may_ask_me_into_rounds FROM asking_choices WHERE user_id = ?",
            user_id,
        )
        return [dict(row) for row in rows]

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Erase what this person chose: anyone may ask them again.

        It holds on all servers, so it stays when a person is erased in one of them.
        """
        if guild_id is not None:
            return
        await statements.all("DELETE FROM asking_choices WHERE user_id = ?", user_id)


class InvitationStore:
    """The cards that ask people into rounds, until they are closed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[Invitation]:
        """Every card that is not closed."""
        rows = await self._database.all("SELECT * FROM invitations ORDER BY round_id")
        people = await self._database.all("SELECT * FROM invited_people ORDER BY round_id, number")
        of = by_round(people)
        return [_invitation(row, of.get(row["round_id"], [])) for row in rows]

    async def save(self, invitation: Invitation) -> None:
        """Keep a card, in the place of an earlier one of its round; on disk on return."""
        round_id = invitation.round_id
        values = [getattr(invitation, name) for name in _INVITATION]
        async with self._database.transaction() as transaction:
            await transaction.all("DELETE FROM invitations WHERE round_id = ?", round_id)
            await transaction.all(insert("invitations", _INVITATION), *values)
            for number, one in enumerate(invitation.people):
                about = (one.user_id, one.role.value, int(one.is_brought), int(one.stands))
                await transaction.all(insert("invited_people", _PEOPLE), round_id, number, *about)

    async def delete(self, round_id: int) -> None:
        """Forget the card of a round, and who was on it."""
        await self._database.write("DELETE FROM invitations WHERE round_id = ?", round_id)

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """The rounds this person is asked into by a card."""
        rows = await statements.all(
            "SELECT i.round_id, i.guild_id, i.channel_id, p.role FROM invited_people AS p"
            " JOIN invitations AS i ON i.round_id = p.round_id WHERE p.user_id = ?"
            " ORDER BY i.round_id",
            user_id,
        )
        return [dict(row) for row in rows]

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Take the person off the cards they are on."""
        scope = scope_of(guild_id, "invitation", "round_id")
        sql = "UPDATE invited_people SET user_id = NULL WHERE user_id = ?"
        await statements.all(sql + scope.sql, user_id, *scope.values)


def _invitation(row: Row, people: list[Row]) -> Invitation:
    invited = [
        Invited(p["user_id"], Role(p["role"]), bool(p["is_brought"]), Asked(p["stands"]))
        for p in people
    ]
    return Invitation(**{name: row[name] for name in _INVITATION}, people=tuple(invited))
