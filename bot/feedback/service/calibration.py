"""How far the observers of a dojo mean the same by the signals: for calibrating observers."""

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
        """How far its observers agree; or how much data is still missing.

        Looks only at sheets that the coach has. The same sheets give the same answer.
        """
        rounds = await self._store.released(dojo.id)
        # The bootstrap takes a second for thousands of codes, and other people need the bot.
        return await asyncio.to_thread(_agreement, rounds, dojo.id)


def _agreement(found: list[tuple[Debrief, list[Sheet]]], seed: int) -> DojoAgreement:
    rounds: defaultdict[int, list[list[str | None]]] = defaultdict(list)
    for debrief, sheets in found:
        rounds[debrief.round_id] += [
            [_value(sheet, listed_.code) for sheet in sheets] for listed_ in debrief.listed
        ]
    return dojo_agreement(rounds, random.Random(seed))  # noqa: S311 - resampling, no secret


def _value(sheet: Sheet, code: str) -> str | None:
    """A judgement as a value to compare; “could not tell” is a missing value."""
    mark = sheet.marks.get(code, Mark.COULD_NOT_TELL)
    return None if mark is Mark.COULD_NOT_TELL else mark.value
