"""S19: reading everything about a person is much work: once at a time, and nobody else waits."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from bot.privacy.service.privacy import PrivacyService
from tests.simulation.world import file_of, labels, text, told

BUSY = "I am reading your data already. Please wait for that answer, then ask again."
FILE, PACKED = "my-dojo-data.json", "my-dojo-data.zip"


@pytest.mark.parametrize("second", ["my export", "my forget"])
async def test_a_person_who_asks_again_before_the_answer_is_there_is_told_so(world, server, second):
    """S19: one at a time for each person."""
    carla = server.member("carla")
    first, refused = await world.together(
        lambda: carla.slash(server.dojo, "my export"), lambda: carla.slash(server.dojo, second)
    )
    assert told(refused) == BUSY
    assert await file_of(first.response, FILE)
    again = await carla.slash(server.dojo, second)
    assert "stored about you" in text(again.response)


async def test_two_people_may_ask_at_once(world, server):
    carla, kim = server.member("carla"), server.member("kim")
    answers = await world.together(
        *(lambda one=one: one.slash(server.dojo, "my export") for one in (carla, kim))
    )
    for person, answer in zip((carla, kim), answers, strict=True):
        assert json.loads(await file_of(answer.response, FILE))["user_id"] == str(person.id)


def first_signs(world) -> list[int]:
    """What Discord was first told of each interaction: 5 and 6 announce an answer."""
    return [
        request.json["type"]
        for request in world.env.http_requests
        if request.path.endswith("/callback")
    ]


async def test_answers_that_may_take_long_are_announced_first(world, server, monkeypatch):
    """S19: Discord gives up after three seconds without any sign; everything is read after it."""
    carla = server.member("carla")
    known = len(first_signs(world))
    read, announced = PrivacyService._read, []

    async def noting(privacy, user_id):
        announced.append(len(first_signs(world)) - known)
        return await read(privacy, user_id)

    monkeypatch.setattr(PrivacyService, "_read", noting)
    await carla.slash(server.dojo, "my export")
    card = (await carla.slash(server.dojo, "my forget")).response
    await carla.click(card, label="Erase")
    assert first_signs(world)[known:] == [5, 5, 6]
    assert announced == [1, 2, 3]
    assert labels(card) == []


async def test_a_file_that_is_too_large_is_packed(world, server, monkeypatch):
    carla = server.member("carla")
    plain = (await carla.slash(server.dojo, "my export")).response
    size = len(await file_of(plain, FILE))
    monkeypatch.setattr("bot.privacy.service.privacy.MOST_BYTES", size - 1)

    answer = await carla.slash(server.dojo, "my export")

    (attachment,) = answer.response.attachments
    assert attachment.filename == PACKED
    buffer = io.BytesIO()
    await attachment.save(buffer)
    with zipfile.ZipFile(buffer) as packed:
        assert json.loads(packed.read(FILE))["user_id"] == str(carla.id)


async def test_a_file_that_is_too_large_even_packed_is_refused_in_a_sentence(
    world, server, monkeypatch
):
    carla = server.member("carla")
    monkeypatch.setattr("bot.privacy.service.privacy.MOST_BYTES", 10)
    answer = await carla.slash(server.dojo, "my export")
    assert "Your file is larger than Discord lets me send." in text(answer.response)


async def test_what_is_stored_is_read_once_for_an_answer(world, server, monkeypatch):
    """S19: not once for the file and once more to count it."""
    carla = server.member("carla")
    reads: list[int] = []
    for store in world.bot.services[PrivacyService]._stores.values():
        read = store.export_person

        async def counted(statements, user_id, read=read):
            reads.append(user_id)
            return await read(statements, user_id)

        monkeypatch.setattr(store, "export_person", counted)
    stores = len(world.bot.services[PrivacyService]._stores)
    await carla.slash(server.dojo, "my export")
    assert len(reads) == stores
    card = (await carla.slash(server.dojo, "my forget")).response
    assert len(reads) == 2 * stores
    await carla.click(card, label="Erase")
    assert len(reads) == 3 * stores
