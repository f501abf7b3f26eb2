"""What dojos ask after the update that lets them choose a set of questions."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from bot.kit.database.migrate import load_migrations


def test_a_dojo_from_before_uses_all_questions_and_is_otherwise_as_it_was():
    """15.1: an open one and a closed one; no other set can be stored."""
    steps = load_migrations()
    (at,) = [number for number, step in enumerate(steps) if step.name.endswith("_question_set")]
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        for step in steps[:at]:
            connection.executescript(step.sql)
        connection.executemany(
            "INSERT INTO dojos (id, guild_id, channel_id, format_id, language, time_zone, asking,"
            " set_up_at, safety_user_id, closed_at)"
            " VALUES (?, 1, ?, 'triad-30', 'en', 'UTC', 'everyone', 1, 5, ?)",
            [(1, 1, None), (2, 2, 9)],
        )
        before = connection.execute("SELECT * FROM dojos ORDER BY id").fetchall()

        connection.executescript(steps[at].sql)

        after = connection.execute("SELECT * FROM dojos ORDER BY id").fetchall()
        assert after == [(*row, "all") for row in before]
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("UPDATE dojos SET question_set = 'few'")
