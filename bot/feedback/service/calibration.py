"""How far the observers of a dojo mean the same with the signals: to calibrate observers."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict

from bot.dojos.model.dojo import Dojo
from bot.feedback.model.agreement import DojoAgreement, dojo_agreement
from bot.feedback.model.debriefs import Debrief
from bot.feedback.model.sheets import Mark, Sheet
from bot.feedback.store.calibration import CalibrationStore


class CalibrationService:
    """Agreement over the rounds of a dojo, without anybody's name in it."""

    def __init__(self, store: CalibrationStore) -> None:
        self._store = store

    async def of_dojo(self, dojo: Dojo) -> DojoAgreement:
        """How far its observers agree; or how little there is yet to say so from.

        Only sheets that the coach has are looked at. The same sheets give the same answer.
        """
        rounds = await self._store.released(dojo.id)
        # The bootstrap takes a second for thousands of codes, and others are talking to us.
        return await asyncio.to_thread(_agreement, rounds, dojo.id)


def _agreement(found: list[tuple[Debrief, list[Sheet]]], seed: int) -> DojoAgreement:
    rounds: defaultdict[int, list[list[str | None]]] = defaultdict(list)
    for debrief, sheets in found:
        rounds[debrief.round_id] += [
            [_value(sheet, one.code) for sheet in sheets] for one in debrief.listed
        ]
    return dojo_agreement(rounds, random.Random(seed))  # noqa: S311 - resampling, no secret


def _value(sheet: Sheet, code: str) -> str | None:
    """A judgement as a value to compare; what could not be told is missing, as it says."""
    mark = sheet.marks.get(code, Mark.COULD_NOT_TELL)
    return None if mark is Mark.COULD_NOT_TELL else mark.value
