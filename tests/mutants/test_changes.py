"""The faults that are put into the program are programs, and differ from it."""

from __future__ import annotations

import ast
import random

from tests.mutants.__main__ import SHARES, chosen
from tests.mutants.changes import changes_of

SOURCE = b'''
async def late(now, due, rooms):
    """Whether it is late; NOT EXISTS here is only said."""
    log.info("%s", now < due)
    pairs = zip(now, due, strict=True)
    if not rooms and now >= due + 1:
        return True
    async with self._lock(1):
        await tell("SELECT 1 FROM rounds WHERE id = ? AND due < ? ORDER BY due DESC")
'''


def test_every_kind_of_fault_is_made_once_for_each_place():
    made = [(change.what, change.new) for change in changes_of(SOURCE)]
    assert sorted(made) == sorted(
        [
            ("or instead", "((not rooms) or (now >= due + 1))"),
            ("not is gone", "(rooms)"),
            ("> instead", "(now > due + 1)"),
            ("- instead", "(due - 1)"),
            ("2 instead", "2"),
            ("2 instead", "2"),
            ("always", "True"),
            ("never", "False"),
            ("returns None", "return None"),
            ("False instead", "False"),
            ("without its lock", "contextlib_nullcontext()"),
            ("not called", "pass"),
            ("OR in SQL", " OR "),
            ("<> ? in SQL", " <> ?"),
            ("<= in SQL", " <= "),
            ("ASC in SQL", " ASC"),
        ]
    )


def test_a_choice_is_the_same_for_the_same_seed_and_can_be_run():
    mutants = chosen(100, random.Random(7), None)
    assert list(map(str, mutants)) == list(map(str, chosen(100, random.Random(7), None)))
    assert len(mutants) == 100
    assert {mutant.layer for mutant in mutants} == set(SHARES)
    for mutant in mutants:
        source = mutant.path.read_bytes()
        changed = mutant.change.applied(source)
        assert changed != source, mutant
        ast.parse(changed)
