"""Which format a round follows: the usual one, a chosen one, one of the dojo’s own."""

from __future__ import annotations

import pytest

from tests.rounds.ui.steps import cards, on_disk, private, proposed, running, start, title
from tests.simulation.world import labels, text, told

OWN = """\
version = 1

[[format]]
id = "our-6"
name = "Our *six*"
suits = "Evenings."
people = [3, 4]
segments = [{ kind = "coach", minutes = 4 }, { kind = "observers", minutes = 2 }]
"""


def people(server, *names):
    return [server.member(name) for name in names]


def format_line(group) -> str:
    return next(line for line in text(group.card).splitlines() if line.startswith("📋"))


# Which format


async def test_without_a_format_it_is_the_usual_one_of_the_dojo(world, server):
    await server.set_up(server.lounge, format=["quick-10"])

    group = await proposed(world, server, channel=server.lounge)

    assert "**Quick ten**" in format_line(group)


async def test_without_a_format_it_is_the_nearest_to_the_usual_for_so_many_people(world, server):
    group = await proposed(world, server, 2)

    assert "**Pair**" in format_line(group)


@pytest.mark.parametrize("typed", ["deep-45", "Deep practice", " DEEP PRACTICE "])
async def test_a_format_may_be_chosen_or_typed(world, server, typed):
    group = await proposed(world, server, format=typed)

    assert "**Deep practice**" in format_line(group)


async def test_a_format_nobody_knows_is_refused(server):
    carla, kim, olu = people(server, "carla", "kim", "olu")

    answer = await start(carla, server.dojo, carla, kim, olu, format="*tango*")

    assert "I know no format “\\*tango\\*”." in told(answer)


async def test_formats_are_suggested_with_minutes_and_people(server):
    carla = server.member("carla")

    suggested = await carla.autocomplete(server.dojo, "round start", "format", "PAIR")

    assert suggested == [{"name": "Pair · 25 min · 2 people", "value": "pair-25"}]


async def test_all_formats_are_suggested_before_anything_is_typed(server, library):
    carla = server.member("carla")

    suggested = await carla.autocomplete(server.dojo, "round start", "format", "")

    assert [one["value"] for one in suggested] == list(library["en"].formats)
    assert "Classic triad · 30 min · 3–4 people" in [one["name"] for one in suggested]


async def test_a_format_for_other_numbers_is_refused_with_the_nearest(world, server):
    carla, kim, olu = people(server, "carla", "kim", "olu")

    answer = await start(carla, server.dojo, carla, kim, olu, format="pair-25")

    card = private(answer)
    assert text(card) == (
        "**Pair** is for 2 people; you are 3. **Classic triad** is the nearest that suits."
    )
    assert labels(card) == ["Start with Classic triad"]
    assert server.dojo.threads == []


async def test_the_nearest_format_is_started_with_by_its_button(world, server):
    carla, kim, olu = people(server, "carla", "kim", "olu")
    refused = private(await start(carla, server.dojo, carla, kim, olu, format="pair-25"))

    await carla.click(refused, label="Start with Classic triad")

    (room,) = server.dojo.threads
    said = text(cards(room)[0])
    assert "**Classic triad** · 30 min" in said
    assert f"**Coach** {carla.user.mention}\n🙋 **Client** {kim.user.mention}" in said


async def test_the_button_of_the_nearest_format_works_after_a_restart(world, server):
    carla, kim, olu = people(server, "carla", "kim", "olu")
    refused = private(await start(carla, server.dojo, carla, kim, olu, format="pair-25"))
    await world.restart()

    await carla.click(refused, label="Start with Classic triad")

    assert len(server.dojo.threads) == 1


async def test_a_button_that_starts_a_round_is_gone_afterwards(world, server):
    carla, kim, olu = people(server, "carla", "kim", "olu")
    refused = private(await start(carla, server.dojo, carla, kim, olu, format="pair-25"))

    answer = await carla.click(refused, label="Start with Classic triad")

    assert answer.response.id == refused.id
    assert labels(answer.response) == []
    assert "The agreement for **Classic triad** is in" in text(answer.response)


# A dojo's own formats


async def test_a_round_follows_an_own_format_of_the_dojo(world, server):
    await server.give_content(OWN)

    group = await running(world, server, format="our-6")
    await world.later(4 * 60 + 60 + 2 * 60)

    assert "our-6" in str(on_disk(world)["format"])
    assert [title(card) for card in cards(group.room)[-1:]] == ["🌿 The round is complete"]
    assert "-# Our \\*six\\* · 5 min of coaching" in text(group.card)


async def test_a_round_keeps_its_format_when_the_dojo_changes_it_meanwhile(world, server):
    await server.give_content(OWN)
    group = await running(world, server, format="our-6")

    await server.give_content(OWN.replace("minutes = 2", "minutes = 50"))
    await world.restart()
    await world.later(4 * 60 + 60)

    assert "⏱️ 2 min · until" in text(group.card)


async def test_a_proposal_keeps_its_format_when_the_dojo_drops_it_meanwhile(world, server):
    await server.give_content(OWN)
    group = await proposed(world, server, format="our-6")

    await server.give_content("version = 1\n")
    await group.agree()

    assert title(group.card) == "🗣️ Coaching"


async def test_own_formats_are_suggested_as_well(server):
    await server.give_content(OWN)

    suggested = await server.member("carla").autocomplete(
        server.dojo, "round start", "format", "six"
    )

    assert suggested == [{"name": "Our *six* · 6 min · 3–4 people", "value": "our-6"}]


# Carried along by a button


@pytest.fixture
async def group(world, server):
    """A round that is running."""
    return await running(world, server, 4)


async def test_the_format_stays_as_typed_when_someone_is_left_out(world, server, group):
    ann, ben, cyd = people(server, "ann", "ben", "cyd")
    card = private(
        await start(ann, server.dojo, ann, ben, cyd, group.observer, format="Deep practice")
    )

    await ann.click(card, label="Start without them")

    assert "**Deep practice** · 45 min" in text(cards(server.dojo.threads[-1])[0])


async def test_five_people_and_the_longest_name_of_a_format_fit_the_button(world, server, group):
    long = "a-format-whose-id-is-quite-lon"
    await server.give_content(OWN.replace("our-6", long).replace("[3, 4]", "[3, 5]"))
    ann, ben, cyd, dan = people(server, "ann", "ben", "cyd", "dan")
    card = private(
        await start(group.observer, server.dojo, ann, ben, cyd, dan, group.observer, format=long)
    )

    await group.observer.click(card, label="Leave that one and start this one")

    assert r"**Our \*six\***" in text(cards(server.dojo.threads[-1])[0])
