"""Notices that whoever leads an evening is gone from voice, so that others are asked to take over.

The evening runs on in any case. This is kept in memory only: after a restart nobody is taken for
gone who may just be reading.
"""

from __future__ import annotations

from bot.gatherings.model.gathering import FACILITATOR_GONE, Gathering, Places
from bot.gatherings.service.live import GatheringKeeper
from bot.gatherings.service.ports import Call, GatheringHost
from bot.kit.time.timers import DeadlineScheduler


class FacilitatorWatch:
    """Tells the dojo when nobody has led an evening in voice for two minutes."""

    def __init__(self, keeper: GatheringKeeper, host: GatheringHost) -> None:
        self._kept = keeper
        self._host = host
        self._gone = DeadlineScheduler(self._say, keeper.now)
        self._who: dict[int, int] = {}
        """Who is gone, by gathering."""

    def start(self) -> None:
        """Let the two minutes end."""
        self._gone.start()

    async def close(self) -> None:
        """Stop."""
        await self._gone.close()

    def voice_changed(self, user_id: int, guild_id: int, *, is_in_voice: bool) -> None:
        """Somebody came to voice in a guild, or left it altogether."""
        for gathering in self._led_by(user_id, guild_id):
            if is_in_voice:
                self._gone.cancel(gathering.id)
            else:
                self._who[gathering.id] = user_id
                self._gone.add(gathering.id, self._kept.now() + FACILITATOR_GONE)

    def _led_by(self, user_id: int, guild_id: int) -> list[Gathering]:
        return [
            one
            for one in self._kept.all()
            if one.guild_id == guild_id
            and one.facilitator_user_id == user_id
            and one.places is Places.VOICE
            and one.number
            and one.is_open
        ]

    async def _say(self, gathering_id: int) -> None:
        gathering, who = self._kept.find(gathering_id), self._who.pop(gathering_id, None)
        if gathering is None or not gathering.is_open or gathering.facilitator_user_id != who:
            # Over, or somebody else has the lead by now.
            return
        people = gathering.helper_user_ids
        await self._host.tell(gathering, Call.FACILITATOR_GONE, people=people)
