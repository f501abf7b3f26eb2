"""W13d: people and facilitators learn that the database file was deleted under the running bot."""

from __future__ import annotations

import sqlite3

from tests.rounds.ui.steps import coaching, custom_ids, private
from tests.simulation.world import text, told


async def test_what_cannot_be_kept_is_not_confirmed(world, server):
    """W13d: taps were confirmed and `/dojo status` was all right; everything was lost later."""
    world.provoked += (sqlite3.OperationalError,)
    group = await coaching(world, server)
    pad = private(await group.press(group.observer, "Open my pad"))
    fay = server.manager()
    aside = world.database.with_name("aside")
    world.database.rename(aside)

    tap = next(one for one in custom_ids(pad).values() if ":tap:" in one)
    answer = told(await group.observer.click(pad, custom_id=tap))
    assert "the file with my data was deleted or replaced" in answer
    status = (await fay.slash(server.dojo, "dojo status")).response
    assert "❌ its file was deleted or replaced" in text(status)

    aside.rename(world.database)
    status = (await fay.slash(server.dojo, "dojo status")).response
    assert "**Database:** ✅" in text(status)
