"""How far the observers of a dojo agree, from the sheets that coaches have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dojos.model.dojo import Dojo, DojoSettings
from bot.feedback.model.agreement import FEWEST_ROUNDS
from bot.feedback.model.debriefs import Debrief, Listed
from bot.feedback.model.sheets import Mark, Sheet
from bot.feedback.service.calibration import CalibrationService
from bot.feedback.store.calibration import CalibrationStore
from bot.guide.status import agreement_text
from bot.kit.database.database import open_database
from tests.rounds.store.samples import (
    AT,
    COACH,
    DOJO,
    OBSERVED,
    OBSERVER,
    SECOND,
    Stores,
    make_dojo,
)

CODES = [f"S{number}" for number in range(1, 7)]
LISTED = tuple(Listed(code, "one", "other") for code in CODES)
HERE = Dojo(DOJO, 100, 300, DojoSettings(), AT)


async def judge(stores: Stores, round_id: int, *judged: tuple[int, int, Mark]) -> None:
    """Observers hand in sheets with the same mark for every code: seat, person, mark."""
    for seat, user_id, mark in judged:
        marks = dict.fromkeys(CODES, mark)
        assert await stores.sheets.hand_in(Sheet(round_id, seat, user_id, COACH, marks), AT)


async def test_it_says_how_little_there_is_until_there_is_enough(quick_databases, tmp_path):
    async with open_database(tmp_path / "dojo.sqlite3") as database:
        await make_dojo(database)
        stores, service = Stores(database), CalibrationService(CalibrationStore(database))
        assert "it takes 10 rounds and 60 codes" in agreement_text(await service.of_dojo(HERE))

        for number in range(FEWEST_ROUNDS):
            round_id = 100 + number
            await stores.rounds.add(replace(OBSERVED, id=round_id))
            await stores.debriefs.open(Debrief(round_id, COACH, LISTED))
            mark = Mark.SEEN if number % 2 else Mark.SIGNAL
            other = Mark.COULD_NOT_TELL if number == 0 else mark
            await judge(stores, round_id, (2, OBSERVER, mark), (3, SECOND, other))
            # The coach's own sheet is no observer's.
            own = Sheet(round_id, 0, COACH, COACH, dict.fromkeys(CODES, Mark.NO_OCCASION))
            assert await stores.sheets.hand_in(own, AT)

        assert (await service.of_dojo(HERE)).rounds == 0, "nothing is released yet"
        for number in range(FEWEST_ROUNDS):
            await stores.release(round_id=100 + number)
        found = await service.of_dojo(HERE)
        assert (found.rounds, found.units) == (9, 54), "what could not be told is missing"
        assert "Not enough to say yet" in agreement_text(found)

        await stores.rounds.add(replace(OBSERVED, id=200))
        await stores.debriefs.open(Debrief(200, COACH, LISTED))
        await judge(stores, 200, (2, OBSERVER, Mark.SEEN), (3, SECOND, Mark.SIGNAL))
        await stores.release(round_id=200)
        found = await service.of_dojo(HERE)
        assert found.is_enough
        assert found.alpha is not None
        assert found.alpha == pytest.approx(0.8013, abs=0.01)
        assert found.interval is not None
        assert found.interval[0] < found.alpha < found.interval[1] <= 1
        assert await service.of_dojo(HERE) == found, "the same sheets give the same answer"
        assert "from 10 rounds" in agreement_text(found)
        assert await service.of_dojo(replace(HERE, id=DOJO + 1)) != found
