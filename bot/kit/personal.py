"""What the features store about people, as seen by the code that exports and erases it."""

from __future__ import annotations

from typing import Protocol

from bot.kit.database.database import Statements


class KeepsPeople(Protocol):
    """A store with something about people in it."""

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """Everything it holds about one person that they may know, one entry a row.

        Read through `statements`. What is withheld from them has no entry at all: a number of
        entries would reveal that there is something.
        """
        ...

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Erase it, or what belongs to one guild, in the transaction of `statements`."""
        ...


class ForgetsPeople(Protocol):
    """A service that has people in memory, in what is going on."""

    def is_busy(self, user_id: int, guild_id: int) -> bool:
        """Whether anything that is going on in a guild names this person."""
        ...

    async def forget_person(self, user_id: int) -> None:
        """Stop naming this person; on disk when this returns."""
        ...
