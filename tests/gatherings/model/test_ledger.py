"""Who has had which role how often, and who is owed a turn as coach."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.gatherings.model.ledger import COLUMNS, Entry, Turn, csv_of, ledger, owed_first
from bot.rounds.model.round import Role

NOW = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
ANA, BEN, CLEO, DAN = 11, 12, 13, 14
FOUR = [ANA, BEN, CLEO, DAN]


def at(number: int) -> datetime:
    return NOW + timedelta(days=7 * number)


def one_round(number: int, *people: int, coaches: int = 1) -> list[Turn]:
    """A round: who coached, then the client, then who observed."""
    roles = [Role.OBSERVER] * (coaches - 1) + [Role.COACH, Role.CLIENT]
    roles += [Role.OBSERVER] * (len(people) - len(roles))
    return [
        Turn(user_id, at(number), number, role, place < coaches, len(people), coaches)
        for place, (user_id, role) in enumerate(zip(people, roles, strict=True))
    ]


def owed(turns: list[Turn]) -> dict[int, float]:
    return {user_id: entry.owed for user_id, entry in ledger(turns).items()}


def test_it_counts_rounds_roles_and_evenings():
    turns = [
        *one_round(0, ANA, BEN, CLEO),
        *one_round(0, BEN, CLEO, ANA),
        *one_round(2, ANA, CLEO, BEN),
    ]
    assert ledger(turns) == {
        ANA: Entry(ANA, 2, 3, 2, 0, 1, -1, at(2), at(2)),
        BEN: Entry(BEN, 2, 3, 1, 1, 1, 0, at(0), at(2)),
        CLEO: Entry(CLEO, 2, 3, 0, 2, 1, 1, None, at(2)),
    }
    assert ledger([]) == {}


def test_a_full_rotation_leaves_nobody_owed_and_three_rounds_of_a_four_leave_one():
    rotation = [
        one
        for turn in range(4)
        for one in one_round(0, *(FOUR[(turn + place) % 4] for place in range(4)))
    ]
    assert owed(rotation) == dict.fromkeys(FOUR, 0)
    after_three = ledger(rotation[:12])
    assert {one.user_id for one in after_three.values() if one.is_owed} == {DAN}
    assert after_three[DAN].owed == 0.75
    assert owed_first(after_three.values())[0].user_id == DAN


def test_two_rounds_of_a_three_without_coaching_are_owed_a_turn_and_one_is_not():
    once = one_round(0, ANA, BEN, CLEO)
    assert not any(entry.is_owed for entry in ledger(once).values())
    twice = once + one_round(0, BEN, CLEO, ANA)
    assert ledger(twice)[CLEO].is_owed


def test_in_a_relay_all_turns_of_the_round_are_shared_out():
    entries = ledger(one_round(0, *FOUR, 15, coaches=3))
    assert {one.user_id: one.coached for one in entries.values()} == {
        ANA: 1,
        BEN: 1,
        CLEO: 1,
        DAN: 0,
        15: 0,
    }
    assert entries[ANA].owed == -0.4
    assert entries[15].owed == 0.6
    assert entries[ANA].observed == 0


def test_a_person_who_only_observes_is_owed_nothing():
    turns = [
        Turn(ANA, NOW, 0, Role.COACH, has_coached=True, leads=2),
        Turn(BEN, NOW, 0, Role.CLIENT, has_coached=False, leads=2),
        Turn(CLEO, NOW, 0, Role.OBSERVER, has_coached=False, leads=2, observes_only=True),
    ]
    assert owed(turns) == {ANA: -0.5, BEN: 0.5, CLEO: 0}


def test_someone_who_coached_and_then_was_the_client_did_both():
    entry = ledger([Turn(ANA, NOW, 0, Role.CLIENT, has_coached=True, leads=3)])[ANA]
    assert (entry.coached, entry.client, entry.observed) == (1, 1, 0)


def test_ties_go_to_who_never_coached_then_to_the_longest_wait_then_by_id():
    entries = [
        Entry(4, 1, 3, 1, 1, 1, 0.5, at(3), at(3)),
        Entry(5, 1, 3, 1, 1, 1, 0.5, at(1), at(4)),
        Entry(3, 1, 3, 0, 1, 1, 0.5, None, at(9)),
        Entry(6, 1, 3, 1, 1, 1, 0.75, at(9), at(9)),
        Entry(2, 1, 3, 1, 1, 1, 0.5, at(3), at(3)),
    ]
    assert [one.user_id for one in owed_first(entries)] == [6, 3, 5, 2, 4]


GROUPS = st.lists(
    st.tuples(st.lists(st.integers(1, 12), min_size=2, max_size=7, unique=True), st.integers(1, 3)),
    max_size=20,
)


@given(GROUPS, st.randoms(use_true_random=False))
@examples(max_examples=50, deadline=None)
def test_what_is_owed_adds_up_to_nothing_in_whatever_order_it_is_read(groups, rng):
    turns = [
        turn
        for number, (people, coaches) in enumerate(groups)
        for turn in one_round(number, *people, coaches=min(coaches, len(people) - 1))
    ]
    entries = ledger(turns)
    assert sum(one.owed for one in entries.values()) == pytest.approx(0, abs=1e-4)
    for one in entries.values():
        assert one.coached + one.client + one.observed == one.rounds
        assert one.evenings <= one.rounds
    rng.shuffle(turns)
    assert ledger(turns) == entries
    assert owed_first(ledger(turns).values()) == owed_first(entries.values())


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_file_has_a_row_for_each_person_with_days_of_the_dojos_zone():
    entries = owed_first(
        ledger([*one_round(0, ANA, BEN, CLEO), *one_round(1, BEN, CLEO, ANA)]).values()
    )
    rows = read(csv_of(entries, {CLEO: "Cleo “C” Ruiz, 静"}, timezone(timedelta(hours=1))))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0] == {
        "name": "Cleo “C” Ruiz, 静",
        "evenings": "2",
        "rounds": "2",
        "coached": "0",
        "client": "1",
        "observed": "1",
        "owed": "0.67",
        "last_coached": "",
        "last_seen": "2026-11-28",
    }
    assert rows[1]["name"] == str(ANA)
    assert rows[1]["last_coached"] == "2026-11-21"
    assert rows[1]["owed"] == "-0.33"
    assert csv_of([], {}).splitlines() == [",".join(f'"{one}"' for one in COLUMNS)]


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ('=HYPERLINK("x")', '\'=HYPERLINK("x")'),
        ("+49 170", "'+49 170"),
        ("-Ana-", "'-Ana-"),
        ("@ana", "'@ana"),
        ("\t=1+1", "'=1+1"),
        ("\r\n=1+1", "'=1+1"),
        ("  =1+1", "'=1+1"),
        ("＝1+1", "'＝1+1"),
        ("Ana=Maria", "Ana=Maria"),
        ("Ana\nMaria", "Ana Maria"),
        ("", ""),
    ],
)
def test_a_name_is_never_a_formula(name, cell):
    text = csv_of(ledger(one_round(0, ANA, BEN)).values(), {ANA: name})
    assert read(text)[0]["name"] == cell


def test_a_name_with_a_semicolon_begins_no_new_cell():
    text = csv_of(ledger(one_round(0, ANA, BEN)).values(), {ANA: "Ana;=1+1"})
    assert '"Ana;=1+1","1"' in text
