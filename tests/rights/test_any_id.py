"""S21: whatever an id says, a click or form is answered in words; never a traceback or silence."""

from __future__ import annotations

import functools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import DojoError
from bot.ui.components import PERSISTENT_ITEMS
from tests.cogs.forged import click, said, select, submit
from tests.rights.ids import PREFIXES, fill, is_form, is_menu, kinds, shape
from tests.rights.scenes import SCENES, Scene
from tests.rights.sweep import FIELDS

ODD = ("0", "9", "99", "999")
"""Numbers that are of nothing, as far as a pattern takes them."""


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_an_id_that_fits_its_pattern_is_read_or_refused(data):
    """What reads an id raises nothing that would be taken for a failure of ours."""
    kind = data.draw(st.sampled_from(PERSISTENT_ITEMS))
    custom_id = data.draw(st.from_regex(kind.template, fullmatch=True))
    match = kind.template.fullmatch(custom_id)
    assert match is not None
    try:
        kind(**match.groupdict())
    except (ValueError, LookupError):
        return


@pytest.mark.parametrize("situation", ["released", "evening"])
async def test_odd_numbers_and_values_are_answered(world, server, situation):
    """By people who may go furthest: the coach, and who looks after the dojo."""
    world.provoked += (DojoError,)
    scene = await SCENES[situation](world, server)
    # What the clocks do comes a moment after a full second: not while a click is under way.
    await world.later(0.5)
    unanswered = [
        f"{name}: {shape(kind)} with {odd}"
        for name in ("coach", "facilitator")
        for odd in ODD
        for kind in kinds()
        if shape(kind) not in ("me:forget:yes", "dojo:stop:yes")
        and not await _is_answered(scene, name, kind, odd)
    ]
    assert not unanswered, "\n".join(unanswered)


async def _is_answered(scene: Scene, name: str, kind: type, odd: str) -> bool:
    stand = scene.people[name]
    custom_id = fill(kind, functools.partial(_about, scene, odd))
    if custom_id is None:
        return True
    await scene.world.later(1)
    if is_form(kind):
        fields = FIELDS[shape(kind)]
        odd_fields: dict[str, str | list[str]] = {
            field: [odd] if isinstance(value, list) else odd for field, value in fields.items()
        }
        result = await submit(stand.actor, stand.channel, custom_id, odd_fields, on=stand.card)
    elif is_menu(kind):
        result = await select(stand.actor, stand.channel, custom_id, [odd], on=stand.card)
    else:
        result = await click(stand.actor, stand.channel, custom_id, on=stand.card)
    return result.acknowledged and "on my side" not in said(result)


def _about(scene: Scene, odd: str, name: str, pattern: str) -> str | None:
    """What a group of a pattern says: an id of the situation, or something odd that it takes."""
    if name in scene.about and name in PREFIXES:
        return scene.about[name]
    takes = re.compile(pattern)
    return next((text for text in (odd, odd[:1]) if takes.fullmatch(text)), None)
