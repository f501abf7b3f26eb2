"""What is waited for, as it is shipped: other tests set their own."""

from __future__ import annotations

from bot.client import LONGEST_RATE_LIMIT_SECONDS
from bot.gatherings.model.gathering import CALL_BACK, SHORTEST_BOARDING
from bot.gatherings.service import boarding, calls, rooms
from bot.gatherings.service import conductor as runner
from bot.gatherings.ui.host import voice as moves


def test_nothing_is_waited_for_longer_than_what_depends_on_it():
    """F14, W6: each limit ends before the deadline to which it belongs."""
    back, way = CALL_BACK.total_seconds(), SHORTEST_BOARDING.total_seconds()
    # Looks at an evening, of which there are several before its clocks start.
    for patience in (boarding, rooms, runner):
        assert 0 < patience.PATIENCE_SECONDS <= way / 10
    # A call that hangs is made a second time before everybody is back.
    assert 0 < calls.AGAIN_SECONDS < calls.CALLING_SECONDS
    assert back > 2 * calls.CALLING_SECONDS + calls.AGAIN_SECONDS
    # A move leaves the queue long before it is given up, and all its tries end in time.
    assert 0 < moves.HANGS_SECONDS <= moves.MOVING_SECONDS / 10
    assert moves.TRIES * moves.MOVING_SECONDS < rooms.BRINGING_SECONDS < runner.RETURNING_SECONDS
    assert back > runner.TIDYING_SECONDS
    # A limit of Discord that the library waits for does not end the opening of a room.
    assert boarding.OPENING_SECONDS >= LONGEST_RATE_LIMIT_SECONDS
