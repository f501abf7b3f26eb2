"""What the features keep about people, as those see it who export and erase it."""

from __future__ import annotations

from typing import Protocol

from bot.kit.database.database import Statements


class KeepsPeople(Protocol):
    """A store with something about people in it."""

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """All it holds about one person that they may know, one entry a row.

        Read through `statements`. What is held back from them has no entry at all: a number of
        entries would say that there is something.
        """
        ...

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Erase all of it, or what belongs to one guild, within the transaction of `statements`."""
        ...


class ForgetsInSteps(Protocol):
    """A store with so much about a person that erasing it at once would keep others waiting."""

    async def forget_most(self, user_id: int, guild_id: int | None = None) -> None:
        """Erase what is there now, in small steps; the rest is done by `forget_person`."""
        ...


class ForgetsPeople(Protocol):
    """Has people in memory, in what is going on."""

    def is_busy(self, user_id: int, guild_id: int) -> bool:
        """Whether anything that is going on in a guild names this person."""
        ...

    async def forget_person(self, user_id: int) -> None:
        """No longer name this person; on disk on return."""
        ...
