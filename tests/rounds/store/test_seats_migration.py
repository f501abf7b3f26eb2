"""What becomes of rounds from before seats changed hands only by a press of one's own."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from bot.kit.database.migrate import load_migrations

ROUND = (
    "INSERT INTO rounds (id, dojo_id, guild_id, room_id, room, format, proposed_ms, state,"
    " position, length_ms, ran_ms, since_ms, began_ms, past, extensions, ending, ended_ms, turn,"
    " actions, told_position, told_cue, told_turn, told_ended, card_losses, refused, version)"
    " VALUES (?, 2, 3, 4, 'here', '{}', 1, ?, 0, 1, 0, ?, ?, '[]', 0, ?, ?, 1, '[]', 0, 0, 0, 0,"
    " 0, 0, 0)"
)
PERSON = (
    "INSERT INTO round_people (round_id, number, user_id, role, agreement, is_here, coached_ms,"
    " has_coached, focus, wish, in_voice) VALUES (?, ?, ?, ?, ?, 1, 0, 0, '', '', 0)"
)
STATES = {
    "proposed": (None, None, None, None),
    "running": (5, 5, None, None),
    "ended": (None, 5, "complete", 9),
}


@pytest.fixture
def seats():
    """By state of the round and role: agreement, and whether the round may be erased by them."""
    steps = load_migrations()
    (at,) = [number for number, step in enumerate(steps) if step.name.endswith("_seats")]
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        for step in steps[:at]:
            connection.executescript(step.sql)
        for number, (state, times) in enumerate(STATES.items(), 1):
            connection.execute(ROUND, (number, state, *times))
            for seat, role in enumerate(("coach", "client", "observer")):
                connection.execute(PERSON, (number, seat, 10 + seat, role, "open"))
        connection.executescript(steps[at].sql)
        found = connection.execute(
            "SELECT r.state, p.role, p.agreement, p.may_erase FROM round_people AS p"
            " JOIN rounds AS r ON r.id = p.round_id"
        )
        return {(state, role): rest for state, role, *rest in found}


def test_a_person_who_is_the_client_of_a_round_that_has_begun_may_erase_it(seats):
    """S4: also of rounds from before."""
    may = {key for key, (_, may_erase) in seats.items() if may_erase}
    assert may == {("running", "client"), ("ended", "client")}


def test_a_round_under_way_goes_on_and_nobody_else_has_agreed_by_an_update(seats):
    """S9: coach and client took part without notes until then; others stay without an answer."""
    agreed = {key for key, (agreement, _) in seats.items() if agreement == "no-notes"}
    assert agreed == {("running", "coach"), ("running", "client")}
