"""What readers no longer get and what the night erases is decided by one rule."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.dojos.model.dojo import DojoSettings
from bot.feedback.model.debriefs import Debrief
from bot.kit.database.database import open_database
from tests.kit.time.timers import MovableClock
from tests.rounds.store.samples import (
    AT,
    COACH,
    DOJO,
    LISTED,
    NOTE,
    OBSERVED,
    SHEET,
    VIEW,
    Stores,
    make_dojo,
)
from tests.simulation.quick import quick_databases

DAYS, MONTHS, NAMES = st.integers(1, 90), st.integers(1, 24), st.integers(1, 36)
MOMENTS = st.one_of(
    st.integers(0, 100 * 24).map(lambda hours: timedelta(hours=hours)),
    st.integers(0, 1200).map(lambda days: timedelta(days=days)),
)
RELEASES = st.one_of(st.none(), st.integers(-600, 90 * 86_400).map(lambda s: timedelta(seconds=s)))


@examples(max_examples=40, deadline=None)
@given(
    began=st.tuples(DAYS, MONTHS, NAMES),
    now_kept=st.tuples(DAYS, MONTHS, NAMES),
    released=RELEASES,
    later=MOMENTS,
    ended_on=st.integers(0, 60),
)
async def test_readers_get_exactly_what_the_night_would_leave(
    began, now_kept, released, later, ended_on
):
    """S20: before and after the purge at any moment, readers get the same."""
    days, months, names = began
    clock = MovableClock()
    with quick_databases(), tempfile.TemporaryDirectory() as folder:
        async with open_database(Path(folder) / "dojo.sqlite3", now=clock) as database:
            stores = Stores(database)
            await make_dojo(
                database,
                settings=DojoSettings(quote_days=days, code_months=months, attendance_months=names),
            )
            end = AT + timedelta(days=ended_on)
            clock.present = end
            wanting = replace(OBSERVED.seats[0], focus=("S1",), wish="more silence")
            await stores.rounds.add(
                replace(OBSERVED, ended_at=end, seats=(wanting, *OBSERVED.seats[1:]))
            )
            # Begun under the terms of then, as `FeedbackAccess.open` does.
            await stores.debriefs.open(
                Debrief(OBSERVED.id, COACH, LISTED, quote_days=days, code_months=months)
            )
            assert await stores.notes.take(NOTE)
            assert await stores.sheets.hand_in(SHEET, AT)
            await stores.views.save(VIEW)
            await stores.debriefs.try_next(OBSERVED.id, COACH, "be silent")
            if released is not None:
                await stores.release(end + released)
            days, months, names = now_kept
            await make_dojo(
                database,
                DOJO,
                settings=DojoSettings(quote_days=days, code_months=months, attendance_months=names),
            )
            clock.present = end + later
            before = await _read(stores)

            await stores.retention.erase_words(clock.present)
            await stores.retention.erase_feedback(clock.present)

            assert await _read(stores) == before
            clock.present = AT
            assert await _read(stores) == before, "still on disk, though nobody may read it"


async def _read(stores: Stores) -> list[object]:
    """What anybody can read, and with which words."""
    round_ = await stores.rounds.get(OBSERVED.id)
    assert round_ is not None
    debrief = await stores.debriefs.get(OBSERVED.id, COACH)
    return [
        await stores.notes.of_round(OBSERVED.id),
        await stores.sheets.of_round(OBSERVED.id),
        await stores.views.of_round(OBSERVED.id),
        "" if debrief is None else debrief.next_try,
        [(seat.focus, seat.wish) for seat in round_.seats],
    ]
