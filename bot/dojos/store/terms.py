"""Until when stored feedback may be shown, read together with it: one rule for every reader.

A statement joins what it reads with `JOINS` and selects `COLUMNS`; `read_kept` turns such a row
into the moments. Data past them is erased at night, and given to nobody before that.
"""

from __future__ import annotations

from bot.dojos.model.keeping import Kept, kept
from bot.kit.database.database import Row
from bot.kit.database.moments import moment

DAY_MS = 24 * 60 * 60 * 1000


def _shorter(first: str, second: str) -> str:
    """The smaller of two, the second of which may be missing; SQLite and PostgreSQL differ here."""
    return f"(CASE WHEN {second} < {first} THEN {second} ELSE {first} END)"


# The term begins at the end of the round. A coach who had the feedback a little earlier was told a
# term from that time, and the promise is kept. Opening it later does not start the term again.
START = _shorter("t.ended_ms", "d.released_ms")
# A dojo may keep things for less time than when the round began, but not longer.
NAMES_MONTHS = _shorter("j.attendance_months", "t.attendance_months")
_QUOTE_DAYS = _shorter("j.quote_days", "d.quote_days")
# Feedback belongs to a name, and is erased with it.
_CODE_MONTHS = _shorter(_shorter("j.code_months", "d.code_months"), NAMES_MONTHS)
# Data about a whole round stays with the last feedback on it.
_LAST_MONTHS = "(SELECT max(m.code_months) FROM debriefs AS m WHERE m.round_id = t.id)"
_ROUND_MONTHS = _shorter(_shorter("j.code_months", _LAST_MONTHS), NAMES_MONTHS)

COLUMNS = (
    f"{START} AS kept_from_ms, {_QUOTE_DAYS} AS kept_days, {_CODE_MONTHS} AS kept_months,"
    " d.released_ms AS kept_released_ms"
)
JOINS = (
    "JOIN rounds AS t ON t.id = {0}.round_id JOIN dojos AS j ON j.id = t.dojo_id"
    " LEFT JOIN debriefs AS d ON d.round_id = {0}.round_id"
    " AND d.coach_user_id = {0}.coach_user_id"
)
"""For rows about one coach: `{0}` has `round_id` and `coach_user_id`."""
ROUND_COLUMNS = (
    f"t.ended_ms AS kept_from_ms, j.quote_days AS kept_days, {_ROUND_MONTHS} AS kept_months"
)
ROUND_JOINS = "JOIN rounds AS t ON t.id = {0} JOIN dojos AS j ON j.id = t.dojo_id"
"""For rows about a whole round: `{0}` is its id."""

SHORTEST_MS = 28 * DAY_MS
"""No term of codes or names is shorter than a month."""
OLD_ROUNDS = (
    f"dojos AS j CROSS JOIN rounds AS t ON t.dojo_id = j.id AND t.ended_ms <= ? - {SHORTEST_MS}"
)
"""For the nightly purge: finds rounds by their dojo and end, and reads no others."""
WORDS_ARE_OVER = f"{START} + {DAY_MS} * {_QUOTE_DAYS} <= ?"
# No month has fewer than 28 days, and only rounds that pass this have to be checked.
CODES_MAY_BE_OVER = f"{START} + {28 * DAY_MS} * {_CODE_MONTHS} <= ?"
ROUND_MAY_BE_OVER = f"t.ended_ms + {28 * DAY_MS} * {_ROUND_MONTHS} <= ?"
NAMES_MAY_BE_OVER = f"t.ended_ms + {28 * DAY_MS} * {NAMES_MONTHS} <= ?"


def with_terms(table: str, alias: str) -> str:
    """The beginning of a query for rows about one coach, with their terms; `WHERE` follows."""
    return f"SELECT {alias}.*, {COLUMNS} FROM {table} AS {alias} {JOINS.format(alias)}"  # noqa: S608


def with_round_terms(table: str, alias: str, round_id: str = "round_id") -> str:
    """Like `with_terms`, for rows about a whole round, whose id is in the column `round_id`."""
    joins = ROUND_JOINS.format(f"{alias}.{round_id}")
    return f"SELECT {alias}.*, {ROUND_COLUMNS} FROM {table} AS {alias} {joins}"  # noqa: S608


def read_kept(row: Row) -> Kept:
    """Until when the subject of the row may be shown."""
    return kept(moment(row["kept_from_ms"]), row["kept_days"], row["kept_months"])


def promise_names(table: str) -> str:
    """A statement that stores the dojo's present term with a new round or gathering, by its id."""
    return (
        f"UPDATE {table} SET attendance_months = (SELECT attendance_months FROM dojos"  # noqa: S608
        f" WHERE dojos.id = {table}.dojo_id) WHERE id = ?"
    )
