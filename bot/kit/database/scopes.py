"""Restricts a statement about a person to the rows of one guild, if there is one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.kit.database.database import Statements, Value

_IN = {
    "dojo": "{0} IN (SELECT id FROM dojos WHERE guild_id = ?)",
    "round": "{0} IN (SELECT id FROM rounds WHERE guild_id = ?)",
    "note": (
        "{0} IN (SELECT n.id FROM notes AS n JOIN rounds AS r ON r.id = n.round_id"
        " WHERE r.guild_id = ?)"
    ),
    "invitation": "{0} IN (SELECT round_id FROM invitations WHERE guild_id = ?)",
    "gathering": "{0} IN (SELECT id FROM gatherings WHERE guild_id = ?)",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """A condition to add to a statement, with its values."""

    sql: str
    values: tuple[int, ...]

    async def run(self, statements: Statements, sql: str, *values: Value) -> None:
        """Run a statement that ends with a condition, with this one added to it."""
        await statements.all(sql + self.sql, *values, *self.values)


def scope_of(guild_id: int | None, what: str, column: str | None = None) -> Scope:
    """The condition that a row belongs to a guild; an empty one without a guild.

    `what` says what the column `column` (by default `<what>_id`) refers to: a dojo, round, note,
    invitation or gathering; `guild` where it is the guild itself.
    """
    if guild_id is None:
        return Scope("", ())
    name = column or f"{what}_id"
    condition = f"{name} = ?" if what == "guild" else _IN[what].format(name)
    return Scope(f" AND {condition}", (guild_id,))
