"""Time as people meet it: what is over is not shown, and what goes by its age goes at night."""

from __future__ import annotations

from bot.privacy.service.leavers import LeaverService
from bot.privacy.service.retention import RetentionService
from tests.simulation.world import text

DAY = 24 * 3600


async def test_the_first_sign_of_discord_lets_the_purge_of_the_start_go_on(world):
    """U1: the id of an interaction is enough; without one a start erases nothing."""
    server = world.guild()
    retention = world.bot.services[RetentionService]
    assert retention._last is None
    answer = await server.manager().slash(server.dojo, "dojo status")
    assert "**Clock:** ✅" in text(answer.response)
    await world.env.settle()
    assert retention._last is not None


async def test_a_person_who_left_the_server_is_found_at_night_and_erased_a_month_later(
    world, server
):
    """GDPR 5(1)(e): `GET member` says so; the bot has no right to see members."""
    ana = server.manager("ana")
    await server.set_up(server.lounge, by=ana)
    store = world.bot.services[LeaverService]._store
    known = await store.known()
    assert (server.id, ana.id) in known
    fay = server.manager("fay")
    await fay.slash(server.dojo, "dojo status")
    await world.later(DAY)
    assert await store.all() == {}

    server.handle.remove_member(ana)
    await fay.slash(server.dojo, "dojo status")
    await world.later(DAY)
    assert list(await store.all()) == [(server.id, ana.id)]
    await world.away(28 * DAY)
    await world.later(DAY)
    await fay.slash(server.dojo, "dojo status")
    await world.later(2 * DAY)

    store = world.bot.services[LeaverService]._store
    assert await store.all() == {}
    assert (server.id, ana.id) not in await store.known()
