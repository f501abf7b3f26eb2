"""`/dojo rehearse`: an evening with made-up people, of which nobody hears and nothing is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.gatherings.model.dry_run import rehearse
from bot.gatherings.model.gathering import Grouping
from bot.gatherings.ui.dry_run import NAMES, rehearsal_card
from tests.cards.rules import faults_of
from tests.rounds.ui.steps import posts, private, rows
from tests.simulation.world import labels, text, told

BEGIN = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)


async def test_a_facilitator_rehearses_an_evening_and_nothing_of_it_stays(world, server):
    fay = server.manager()
    before = len(posts(server.dojo))
    answer = private(
        await fay.slash(server.dojo, "dojo rehearse", people=10, rounds=4, format="quick-10")
    )

    said = text(answer)
    assert "Rehearsal: nobody is told, nothing is stored" in said
    assert "10 people, 96 min: 3+3+4, four rounds of Quick ten, nobody misses a turn" in said
    assert "Groups stay together, roles rotate" in said
    assert all(f"**Round {number}**" in said for number in range(1, 5))
    assert all(name in said for name in NAMES[:10])
    assert NAMES[10] not in said
    assert "**Who coaches how often**" in said

    await world.later(1)
    await fay.click(answer, label="Fresh groups each round")
    fresh = text(answer)
    assert "Fresh groups each round; " in fresh
    assert "Groups stay together, roles rotate" in labels(answer)
    await world.later(1)
    await fay.click(answer, label="Draw again")
    assert text(answer) != fresh
    assert rows(world, "gatherings") == []
    assert len(posts(server.dojo)) == before

    # Of many people, a few rounds on a page.
    large = private(await fay.slash(server.dojo, "dojo rehearse", people=60, rounds=8))
    assert "**Round 1**" in text(large)
    await world.later(1)
    await fay.click(large, label="Next page")
    assert "**Round 1**" not in text(large)
    assert "Previous page" in labels(large)

    ann = server.member("ann")
    server.show_commands_to(ann)
    refused = await ann.slash(server.dojo, "dojo rehearse", people=9, rounds=3)
    assert "with **Manage Channels**" in told(refused)
    unknown = await fay.slash(server.dojo, "dojo rehearse", people=9, rounds=3, format="xyz")
    assert "I know no format" in told(unknown)


@pytest.mark.parametrize("grouping", Grouping)
def test_the_largest_rehearsal_fits_on_its_pages(library, grouping):
    formats = tuple(library["en"].formats.values())
    played = rehearse(60, 8, formats[0], formats, grouping=grouping, seed=1)
    shown = ""
    for page in range(8):
        view = rehearsal_card(played, BEGIN, 1, page)
        assert faults_of(view.to_components()) == []
        shown += str(view.to_components())
    assert all(f"**Round {number}**" in shown for number in range(1, 9))
    assert len(set(NAMES)) == 60
