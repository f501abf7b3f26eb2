"""How the program says it is doing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from bot import __version__
from bot.guide.service import StatusService
from bot.rounds.service.live import LiveRounds
from bot.rounds.store.rounds import RoundStore


def rounds_of(house, clock) -> LiveRounds:
    """Rounds that nobody is told about."""
    return LiveRounds(RoundStore(house.database), cast("Any", None), now=clock)


async def test_tells_version_and_time_since_the_start(house, clock):
    service = StatusService(house.database, rounds_of(house, clock), now=clock)
    clock.forward(hours=3, seconds=5)
    status = await service.now()
    assert status.version == __version__
    assert status.uptime == timedelta(hours=3, seconds=5)


async def test_tells_how_the_database_is(house, clock):
    status = await StatusService(house.database, rounds_of(house, clock), now=clock).now()
    assert status.database is not None
    assert status.database.write_seconds > 0


async def test_goes_on_when_the_database_does_not_answer(house, clock):
    await house.database.write("DROP TABLE program_values")
    status = await StatusService(house.database, rounds_of(house, clock), now=clock).now()
    assert status.database is None
