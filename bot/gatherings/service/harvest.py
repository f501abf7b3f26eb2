"""What may be shown to everybody at the end of an evening."""

from __future__ import annotations

from bot.gatherings.model.gathering import Gathering
from bot.gatherings.model.harvest import FEWEST_CHECK_OUTS, Noticed, Plenary, publication
from bot.gatherings.store.check_outs import CheckOutStore
from bot.gatherings.store.harvest import PlenaryStore
from bot.gatherings.store.history import HistoryStore


class PlenaryService:
    """Puts together the last card of an evening."""

    def __init__(
        self, notes: PlenaryStore, history: HistoryStore, check_outs: CheckOutStore
    ) -> None:
        self._notes = notes
        self._history = history
        self._check_outs = check_outs

    async def of(self, gathering: Gathering) -> Plenary:
        """What everybody is shown of this evening by now.

        What observers noted is kept as it is shown: later rounds change it only when there are
        enough of them. What people said at the end is shown once, when the evening is closed.
        """
        met = await self._history.met(gathering.dojo_id, gathering.opened_at)
        tonight = [one for one in met if one.evening == gathering.id]
        answers = [] if gathering.is_open else await self._check_outs.of(gathering.id)
        return Plenary(
            rounds=len(tonight),
            people=len({user_id for one in tonight for user_id in one.people}),
            coached=len({user_id for one in tonight for user_id in one.coaches}),
            noticed=await self._published(gathering.id),
            check_outs=tuple(answers) if len(answers) >= FEWEST_CHECK_OUTS else (),
        )

    async def close(self, gathering: Gathering) -> None:
        """The evening is over: nothing says any more who checked out how."""
        await self._check_outs.unname(gathering.id)

    async def _published(self, gathering_id: int) -> Noticed | None:
        """What is published of the notes of an evening, with what may be added by now."""
        before = await self._notes.published(gathering_id)
        counted = await self._notes.counted(gathering_id)
        found = publication(before, counted, await self._notes.released(gathering_id))
        if found is None:
            return before
        await self._notes.publish(gathering_id, *found)
        return found[0]
