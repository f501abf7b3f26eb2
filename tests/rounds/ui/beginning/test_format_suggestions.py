"""What is offered while someone types the format of a round."""

from __future__ import annotations

import pytest

from bot.content import limits
from bot.dojos.service.contents import ContentService
from tests.simulation.world import Server

OWN = """
version = 1
[[format]]
id = "{id}"
name = "{name}"
suits = "Us."
people = [{fewest}, {most}]
segments = [{{ kind = "coach", minutes = {minutes} }}]
"""


def own(
    name: str, format_id: str = "ours", *, fewest: int = 2, most: int = 2, minutes: float = 5
) -> str:
    return OWN.format(id=format_id, name=name, fewest=fewest, most=most, minutes=minutes)


async def suggested(server: Server, typed: str = "", channel=None) -> dict[str, str]:
    """What is offered, by the id of the format."""
    choices = await server.member("carla").autocomplete(
        channel or server.dojo, "round start", "format", typed
    )
    return {choice["value"]: choice["name"] for choice in choices}


async def test_a_format_is_offered_with_its_minutes_and_people(server, library):
    shown = await suggested(server)

    assert list(shown) == list(library["en"].formats)
    assert shown["triad-30"] == "Classic triad · 30 min · 3–4 people"
    assert shown["pair-25"] == "Pair · 25 min · 2 people"


@pytest.mark.parametrize("command", ["dojo open", "dojo rehearse"])
async def test_for_an_evening_the_same_formats_are_offered(server, command):
    for typed in ("", "deep"):
        offered = await server.manager(f"fay-{typed}").autocomplete(
            server.dojo, command, "format", typed
        )
        assert {one["value"]: one["name"] for one in offered} == await suggested(server, typed)


@pytest.mark.parametrize("typed", ["deep", "DEEP", " Deep practice ", "practice", "deep-4"])
async def test_what_is_typed_is_looked_for_in_names_and_ids(server, typed):
    shown = await suggested(server, typed)

    assert "deep-45" in shown
    assert "triad-30" not in shown


@pytest.mark.parametrize("typed", ["tango", "*", "(", "x" * 100])
async def test_nothing_is_offered_that_does_not_contain_what_is_typed(server, typed):
    assert await suggested(server, typed) == {}


async def test_the_own_formats_of_a_dojo_are_offered_there(server):
    await server.give_content(own("Ours *here*", minutes=7.5))
    await server.set_up(server.lounge)

    assert (await suggested(server))["ours"] == "Ours *here* · 7.5 min · 2 people"
    assert "ours" not in await suggested(server, channel=server.lounge)


async def test_a_format_that_a_dojo_changed_is_offered_as_changed(server):
    await server.give_content(own("Longer pair", "pair-25", minutes=60))

    assert (await suggested(server))["pair-25"] == "Longer pair · 60 min · 2 people"


async def test_a_format_that_a_dojo_hides_is_not_offered(server):
    await server.give_content('version = 1\n[hide]\nformats = ["deep-45"]\n')

    assert "deep-45" not in await suggested(server)


async def test_as_many_as_a_dojo_can_have_are_offered_at_their_full_length(server, library):
    room = limits.FORMATS - len(library["en"].formats)
    name = "W" * limits.FORMAT_NAME
    files = [
        own(name, f"{number:0{limits.FORMAT_ID}}", most=60, minutes=59.5) for number in range(room)
    ]
    rest = [file.replace("version = 1", "") for file in files[1:]]
    await server.give_content("\n".join([files[0], *rest]))

    shown = await suggested(server)

    assert len(shown) == limits.FORMATS == 25
    assert f"{name} · 59.5 min · 2–60 people" in shown.values()
    assert max(map(len, shown.values())) <= 100


async def test_formats_are_offered_in_a_thread_of_a_dojo_and_beside_its_voice(server):
    voice = server.handle.create_voice_channel("room")

    for channel in (server.thread(), voice):
        assert "triad-30" in await suggested(server, "triad", channel)


async def test_where_there_is_no_dojo_nothing_is_offered_and_nothing_fails(server):
    assert await suggested(server, channel=server.lounge) == {}


async def test_a_failure_while_typing_offers_nothing(server, monkeypatch, caplog):
    async def broken(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(ContentService, "of_dojo", broken)

    assert await suggested(server) == {}

    assert "no suggestions for start" in caplog.text
