"""Nobody changes or sees what the tables of rights do not give them."""

from __future__ import annotations

from unittest import mock

import pytest

from bot.kit.refusals import DojoError
from tests.rights.ids import THINGS
from tests.rights.scenes import SCENES, THERE_IS
from tests.rights.sweep import commands_of, everything, sweep
from tests.rights.table import CHANGES, EVERYBODY, READING, SECRETS, people


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("panels_at_once")
@pytest.mark.parametrize("situation", SCENES)
async def test_nobody_changes_or_sees_what_is_not_theirs(world, server, situation):
    """Every button, menu, form and command, in this situation.

    Who has no secret to see does half of it here and the other half in the next situation, where
    there are the same things; with EVERY_SEED=1 everybody does all of it everywhere.
    """
    world.provoked += (DojoError,)
    scene = await SCENES[situation](world, server)
    assert THINGS & set(scene.about) == THERE_IS[situation]
    with mock.patch("bot.kit.clicks.dispatch.offered_values", _as_sent):
        broken = await sweep(scene, situation, [*SCENES].index(situation))
    assert not broken, "\n".join(broken)


def _as_sent(interaction, custom_id):
    """What a menu offers is another test's concern: here every menu is tried without its card."""
    return [str(value) for value in interaction.data["values"]]


async def test_the_tables_name_only_what_there_is(world):
    """A line of a button, a command or a person that is gone would say nothing."""
    known = everything() | commands_of(world.bot)
    assert set(CHANGES) - known == set()
    assert set(READING) <= set(CHANGES)
    ways = {way for one in SECRETS.values() for way in one.ways}
    assert ways - known == set()
    named = [*CHANGES.values(), *(who for one in SECRETS.values() for who in one.seen_by.values())]
    assert set().union(*map(people, named)) <= people(EVERYBODY)
    assert frozenset().union(*THERE_IS.values()) == THINGS
    assert {situation for one in SECRETS.values() for situation in one.seen_by} <= set(SCENES)
