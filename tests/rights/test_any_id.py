"""S21: whatever an id says, a click or form is answered in words; never a traceback or silence."""

from __future__ import annotations

import functools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kit.discord.actions import Action
from bot.kit.refusals import DojoError
from tests.cards.kinds import Kind, kinds
from tests.rights.bystanders import Scene
from tests.rights.ids import PREFIXES, fill, shape
from tests.rights.scenes import SCENES
from tests.rights.sweep import FIELDS, Act, choose, press, send
from tests.simulation.forged import said
from tests.simulation.world import Result

ODD = ("0", "9", "99", "999")
"""Numbers that are of nothing, as far as a pattern takes them."""


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_an_id_that_fits_its_pattern_is_read_or_refused(data):
    """What reads an id raises nothing that would be taken for a failure of ours."""
    kind = data.draw(st.sampled_from([one for one in kinds() if not one.is_form]))
    custom_id = data.draw(st.from_regex(kind.template, fullmatch=True))
    match = kind.template.fullmatch(custom_id)
    assert match is not None
    if isinstance(kind.of, Action):
        kind.of.pattern.values(match.groupdict())
        return
    try:
        kind.of(**match.groupdict())
    except (ValueError, LookupError):
        return


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("panels_at_once")
@pytest.mark.parametrize("situation", ["released", "evening"])
async def test_odd_numbers_and_values_are_answered(world, server, situation):
    """By people who may go furthest: the coach, and who looks after the dojo."""
    world.provoked += (DojoError,)
    scene = await SCENES[situation](world, server)
    unanswered: list[str] = []
    for kind in kinds():
        if shape(kind) in ("me:forget:yes", "dojo:stop:yes"):
            continue
        calls = {
            f"{name}: {shape(kind)} with {odd}": functools.partial(act, scene.people[name])
            for name in ("coach", "facilitator")
            for odd, act in _odd_acts(scene, kind).items()
        }
        await world.later(1)
        results = await world.together(*calls.values())
        unanswered += [
            call for call, result in zip(calls, results, strict=True) if not _is_answer(result)
        ]
    assert not unanswered, "\n".join(unanswered)


def _odd_acts(scene: Scene, kind: Kind) -> dict[str, Act]:
    """What can be done with ids and values of this kind that are of nothing, each once."""
    found: dict[str, Act] = {}
    ids: set[str] = set()
    for odd in ODD:
        custom_id = fill(kind, functools.partial(_about, scene, odd))
        if custom_id is None:
            continue
        if kind.is_form:
            fields: dict[str, str | list[str]] = {
                field: [odd] if isinstance(value, list) else odd
                for field, value in FIELDS[shape(kind)].items()
            }
            found[odd] = functools.partial(send, custom_id, fields)
        elif kind.is_menu:
            found[odd] = functools.partial(choose, custom_id, odd)
        elif custom_id not in ids:
            found[odd] = functools.partial(press, custom_id)
        ids.add(custom_id)
    return found


def _is_answer(result: Result) -> bool:
    return result.acknowledged and "on my side" not in said(result)


def _about(scene: Scene, odd: str, name: str, pattern: str) -> str | None:
    """What a group of a pattern says: an id of the situation, or something odd that it takes."""
    if name in scene.about and name in PREFIXES:
        return scene.about[name]
    takes = re.compile(pattern)
    return next((text for text in (odd, odd[:1]) if takes.fullmatch(text)), None)
