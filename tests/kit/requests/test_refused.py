"""F6: only a missing right is a refusal; every other 403 is Discord in trouble, and tried again."""

from __future__ import annotations

import pytest

from bot.kit.database.refused_messages import NOT_AGAIN_FOR
from bot.kit.requests.direct import DirectMessages
from tests.gatherings.ui.host.steps import Evenings
from tests.rounds.ui.steps import rows, running, title
from tests.rounds.ui.trouble import COACH, MISSING_PERMISSIONS, direct_messages, refusing

NOT_ABOUT_RIGHTS = [0, 40333]
"""The bare page of what stands before Discord; “internal network error”."""
LOCKED, MFA = 160005, 60003


@pytest.mark.parametrize("code", NOT_ABOUT_RIGHTS)
async def test_a_card_is_tried_again_and_nobody_is_sent_to_the_permissions(world, server, code):
    """F6: as after a 503."""
    group = await running(world, server)
    with refusing(world, 403, code, room=group.room):
        await world.later(COACH + 10)
    await world.later(20)
    assert title(group.card) == "🗣️ Coaching"
    assert direct_messages(group.coach) == []


@pytest.mark.parametrize("code", [50001, MISSING_PERMISSIONS, LOCKED, MFA])
async def test_a_missing_right_is_told_to_who_started_the_round(world, server, code):
    """F6: these codes say so."""
    group = await running(world, server)
    with refusing(world, 403, code, room=group.room):
        await world.later(COACH + 10)
    assert "I may not write in" in direct_messages(group.coach)[0]


@pytest.mark.parametrize("code", [*NOT_ABOUT_RIGHTS, MISSING_PERMISSIONS])
async def test_people_are_moved_and_let_in_until_a_right_is_missing(world, server, code):
    """F6: three answers that say nothing of rights leave nobody where they are for the evening."""
    is_refusal = code == MISSING_PERMISSIONS
    evenings = Evenings(world, server)
    hall = server.handle.create_voice_channel("hall")
    people = await evenings.in_voice(hall, 4)
    in_voice = await evenings.open(evenings.boarding(people, voice=hall))
    in_thread = await evenings.open(evenings.boarding(people))
    guests = [*people, *evenings.people(1)]
    faults = [
        (in_voice, "PATCH", "/guilds/*/members/*"),
        (in_thread, "PUT", "/channels/*/thread-members/*"),
    ]
    for gathering, method, path in faults:
        world.env.inject_error(method, path, status=403, code=code, times=3)
        await evenings.bring(gathering)
        before = len(evenings.requests(method, "member"))
        # Not those who were tried: each is brought once.
        late = evenings.keep(gathering, number=2) if gathering is in_voice else gathering
        room = late.rooms[0]
        tried = people if gathering is in_voice else guests[-1:]
        await evenings.host.visit(late, room, tried[0].id)
        assert len(evenings.requests(method, "member")) - before == (0 if is_refusal else 1)
        assert bool(evenings.missing.of(gathering.id)) == (is_refusal and gathering is in_voice)
        world.env.backend.faults.clear()


@pytest.mark.parametrize("code", [50007, 50278])
async def test_a_person_who_takes_no_direct_messages_is_not_written_to_for_a_week(
    world, server, code
):
    """3C: the refusal is remembered on disk, and after a week one more is tried."""
    kim = server.member("kim")

    async def tell(number: str) -> bool:
        direct = world.bot.services[DirectMessages]
        return await direct.write_to(world.bot, kim.id, number, content="hello")

    def tried() -> int:
        path = f"/channels/{kim.user.dm_channel.id}/messages"
        return [(one.method, one.path) for one in world.env.http_requests].count(("POST", path))

    with refusing(world, 403, code, room=kim.user.dm_channel):
        assert not await tell("one")
    after_one = tried()
    await world.restart()
    await world.later(NOT_AGAIN_FOR.total_seconds() - 60)
    assert not await tell("two")
    assert tried() == after_one
    await world.later(60)
    assert await tell("three")
    assert direct_messages(kim) == ["hello"]
    assert rows(world, "refused_messages") == []


async def test_trouble_with_discord_is_not_taken_for_a_refusal(world, server):
    """3C: only a person who takes no messages is spared the next one."""
    kim = server.member("kim")
    direct = world.bot.services[DirectMessages]
    with refusing(world, 403, room=kim.user.dm_channel):
        assert not await direct.write_to(world.bot, kim.id, "one", content="hello")

    assert await direct.write_to(world.bot, kim.id, "two", content="hello again")
