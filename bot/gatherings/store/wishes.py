"""What people wish for their groups, on disk: what they would like to do, and without whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from bot.gatherings.grouping.groups import Wish
from bot.gatherings.model.gathering import MOST_APART
from bot.kit.database.columns import insert
from bot.kit.database.database import Database, Statements
from bot.kit.database.scopes import scope_of
from bot.rounds.model.pairs import Pair, pair_of

_KEPT_APART = ("dojo_id", "user_id", "other_user_id")


class WishStore:
    """The wishes of the people of each dojo, kept from one gathering to the next."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, dojo_id: int, user_id: int) -> tuple[Wish, frozenset[str]] | None:
        """What someone last wished in a dojo, and in which languages; none the first time."""
        row = await self._database.one(
            "SELECT wish, languages FROM member_wishes WHERE dojo_id = ? AND user_id = ?",
            dojo_id,
            user_id,
        )
        return None if row is None else (Wish(row["wish"]), frozenset(row["languages"].split()))

    async def remember(
        self, dojo_id: int, user_id: int, wish: Wish, languages: frozenset[str]
    ) -> None:
        """Keep what someone wishes, in the place of what they wished before."""
        await self._database.write(
            "INSERT INTO member_wishes (dojo_id, user_id, wish, languages) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (dojo_id, user_id) DO UPDATE SET wish = excluded.wish,"
            " languages = excluded.languages",
            dojo_id,
            user_id,
            wish.value,
            " ".join(sorted(languages)),
        )

    # With whom someone does not want to be in a group: for their own eyes, and for the draw.

    async def apart_of(self, dojo_id: int, user_id: int) -> list[int]:
        """With whom someone said that they do not want to be in a group, by user id."""
        rows = await self._database.all(
            "SELECT other_user_id FROM kept_apart WHERE dojo_id = ? AND user_id = ?"
            " ORDER BY other_user_id",
            dojo_id,
            user_id,
        )
        return [row["other_user_id"] for row in rows]

    async def keep_apart(self, dojo_id: int, user_id: int, others: Collection[int]) -> None:
        """Keep with whom someone does not want to be in a group; who is not named is off it."""
        named = sorted(set(others) - {user_id})
        async with self._database.transaction() as transaction:
            await transaction.all(
                "DELETE FROM kept_apart WHERE dojo_id = ? AND user_id = ?", dojo_id, user_id
            )
            if named:
                values = [value for other in named for value in (dojo_id, user_id, other)]
                await transaction.all(insert("kept_apart", _KEPT_APART, len(named)), *values)

    async def lists(self, dojo_id: int) -> dict[int, frozenset[int]]:
        """Whom everybody of a dojo named, by the owner of the list.

        Of lists from when there could be more names, the first ones hold.
        """
        rows = await self._database.all(
            "SELECT user_id, other_user_id FROM kept_apart WHERE dojo_id = ?"
            " ORDER BY user_id, other_user_id",
            dojo_id,
        )
        found: defaultdict[int, list[int]] = defaultdict(list)
        for row in rows:
            found[row["user_id"]].append(row["other_user_id"])
        return {owner: frozenset(named[:MOST_APART]) for owner, named in found.items()}

    async def pairs(self, dojo_id: int, among: Collection[int]) -> frozenset[Pair]:
        """Who of these people must not be in one group, whichever of the two said so."""
        return frozenset(
            pair_of(owner, other)
            for owner, named in (await self.lists(dojo_id)).items()
            for other in named
            if owner in among and other in among
        )

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """What this person wished, and whom they named; not who named them."""
        wishes = await statements.all(
            "SELECT d.guild_id, d.channel_id, w.wish, w.languages FROM member_wishes AS w"
            " JOIN dojos AS d ON d.id = w.dojo_id WHERE w.user_id = ? ORDER BY d.id",
            user_id,
        )
        apart = await statements.all(
            "SELECT d.guild_id, d.channel_id, k.other_user_id AS not_in_a_group_with_user_id"
            " FROM kept_apart AS k JOIN dojos AS d ON d.id = k.dojo_id"
            " WHERE k.user_id = ? ORDER BY d.id, k.other_user_id",
            user_id,
        )
        return [dict(row) for row in (*wishes, *apart)]

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Erase what this person wished and whom they named, and that others named them."""
        scope = scope_of(guild_id, "dojo")
        for sql in (
            "DELETE FROM member_wishes WHERE user_id = ?",
            "DELETE FROM kept_apart WHERE user_id = ?",
            "DELETE FROM kept_apart WHERE other_user_id = ?",
        ):
            await statements.all(sql + scope.sql, user_id, *scope.values)
