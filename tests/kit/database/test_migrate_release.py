"""What older rows say after the update that keeps names, contacts and publications."""

from __future__ import annotations

import contextlib
import sqlite3

from bot.kit.database.migrate import load_migrations

ROUND = (
    "INSERT INTO rounds (id, dojo_id, guild_id, room_id, room, format, starter_user_id,"
    " proposed_ms, state, position, length_ms, ran_ms, past, extensions, turn, actions,"
    " told_position, told_cue, told_turn, told_ended, card_losses, refused, version, ending,"
    " ended_ms)"
    " VALUES (?, ?, 1, 1, 'here', '{}', NULL, 1, 'ended', 0, 0, 0, '[]', 0, 0, '[]',"
    " 0, 0, 0, 1, 0, 0, 1, 'complete', 1)"
)
DEBRIEF = (
    "INSERT INTO debriefs (round_id, coach_user_id, listed, skipped, shared, next_try, quote_days,"
    " code_months) VALUES (?, 5, '[]', 0, '', '', 30, 12)"
)


def before() -> sqlite3.Connection:
    """A database as the program before this update left it."""
    connection = sqlite3.connect(":memory:")
    for step in load_migrations():
        if step.name.endswith("_release"):
            break
        connection.executescript(step.sql)
    return connection


def update(connection: sqlite3.Connection) -> None:
    (step,) = [one for one in load_migrations() if one.name.endswith("_release")]
    connection.executescript(step.sql)


def test_names_of_older_rounds_are_shown_only_where_their_dojo_says_so():
    """S6: hidden where the dojo hides them, also where it is a dojo no longer."""
    with contextlib.closing(before()) as connection:
        for number, (names_shown, closed_at) in enumerate(((1, None), (0, None), (0, 9)), 1):
            connection.execute(
                "INSERT INTO dojos (id, guild_id, channel_id, format_id, language, time_zone,"
                " asking, set_up_at, names_shown, closed_at)"
                " VALUES (?, 1, ?, 'triad-30', 'en', 'UTC', 'everyone', 1, ?, ?)",
                (number, number, names_shown, closed_at),
            )
            connection.execute(ROUND, (number, number))
            connection.execute(DEBRIEF, (number,))
        update(connection)
        for table, key in (("rounds", "id"), ("debriefs", "round_id")):
            rows = connection.execute(f"SELECT {key}, names_shown FROM {table} ORDER BY {key}")  # noqa: S608
            assert rows.fetchall() == [(1, 1), (2, 0), (3, 0)]


def test_older_reports_are_for_nobody():
    """S15: who they were made for is not known."""
    with contextlib.closing(before()) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(
            "INSERT INTO reports (id, note_id, reporter_user_id, reported_at, told_at)"
            " VALUES (1, 1, 5, 1, 2)"
        )
        update(connection)
        assert connection.execute("SELECT contact_user_id FROM reports").fetchall() == [(None,)]
