"""An SQL condition: whether something about a coach has been released to them."""

from __future__ import annotations


def is_released(table: str) -> str:
    """True for rows of `table` (or its alias) that have been released to their coach.

    The table names a round and a coach in `round_id` and `coach_user_id`.
    """
    return (
        f"EXISTS (SELECT 1 FROM debriefs AS released WHERE released.round_id = {table}.round_id"  # noqa: S608 - our own names
        f" AND released.coach_user_id = {table}.coach_user_id"
        " AND released.released_ms IS NOT NULL)"
    )
