"""What may be shown to everybody at the end of an evening."""

from __future__ import annotations

from collections import defaultdict

from bot.domain.gatherings import Gathering
from bot.domain.notes import Side
from bot.domain.plenary import FEWEST_CHECK_OUTS, Noticed, Plenary
from bot.domain.questions import Phase
from bot.storage.check_outs import CheckOutStore
from bot.storage.history import HistoryStore
from bot.storage.plenaries import PlenaryStore


class PlenaryService:
    """Puts together the last card of an evening."""

    def __init__(
        self, notes: PlenaryStore, history: HistoryStore, check_outs: CheckOutStore
    ) -> None:
        self._notes = notes
        self._history = history
        self._check_outs = check_outs

    async def of(self, gathering: Gathering) -> Plenary:
        """What may be shown of this evening by now."""
        met = await self._history.met(gathering.dojo_id, gathering.opened_at)
        tonight = [one for one in met if one.evening == gathering.id]
        noticed = await self._noticed(gathering.id)
        answers = await self._check_outs.of(gathering.id)
        return Plenary(
            rounds=len(tonight),
            people=len({user_id for one in tonight for user_id in one.people}),
            coached=len({user_id for one in tonight for user_id in one.coaches}),
            noticed=noticed if noticed.may_be_shown else None,
            check_outs=tuple(answers) if len(answers) >= FEWEST_CHECK_OUTS else (),
            answered=len(answers),
        )

    async def close(self, gathering: Gathering) -> None:
        """The evening is over: nothing says any more who checked out how."""
        await self._check_outs.unname(gathering.id)

    async def _noticed(self, gathering_id: int) -> Noticed:
        rounds: set[int] = set()
        coaches: set[int] = set()
        seen: defaultdict[str, set[int]] = defaultdict(set)
        heard: defaultdict[Phase, set[int]] = defaultdict(set)
        for note in await self._notes.of_gathering(gathering_id):
            rounds.add(note.round_id)
            if note.coach_user_id is not None:
                coaches.add(note.coach_user_id)
            if note.side is Side.SEEN:
                seen[note.code].add(note.round_id)
            elif note.side is Side.QUESTION and note.phase is not None:
                heard[note.phase].add(note.round_id)
        return Noticed(
            len(rounds),
            len(coaches),
            {code: len(found) for code, found in seen.items()},
            {phase: len(found) for phase, found in heard.items()},
        )
