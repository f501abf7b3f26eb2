"""S5: a coach cannot tell from `/my export` or `/my forget` what is noted before it is theirs."""

from __future__ import annotations

import json

from tests.feedback.ui.steps import (
    SEEN,
    SIGNAL,
    coached,
    coaching,
    hand_in,
    pad_of,
    press,
    quote,
    released,
    tap,
)
from tests.rounds.ui.steps import private
from tests.simulation.world import file_of, text

NOT_RELEASED = "Feedback that has not been released to you is not in this file."
NOT_COUNTED = "Feedback that has not been released to you is not counted here. It is erased too."
FILE = "my-dojo-data.json"


async def told(person, channel) -> tuple[str, dict]:
    """All that a person is told of what is stored about them: both cards, and what is kept."""
    given = private(await person.slash(channel, "my export"))
    asked = private(await person.slash(channel, "my forget"))
    data = json.loads(await file_of(given, FILE))
    of_feedback = {kind: data["stored"][kind] for kind in ("notes", "sheets", "debriefs")}
    return text(given) + text(asked), of_feedback


async def test_the_coach_cannot_count_the_notes_while_they_are_taken(world, server):
    """S5: not the first tap, not the third, not one that was taken back."""
    group = await coaching(world, server, 4)
    before = await told(group.coach, server.dojo)
    pad = await pad_of(group, group.observer)
    for _ in range(3):
        pad = await tap(group, group.observer, pad, SIGNAL, after=20)
        assert await told(group.coach, server.dojo) == before
    await quote(group, group.observer, pad, "“If I were you”")
    await press(world, group.observer, pad, "Undo")
    other = group.people[3]
    await tap(group, other, await pad_of(group, other), SEEN)
    assert await told(group.coach, server.dojo) == before


async def test_the_coach_cannot_see_sheets_come_in(world, server):
    """S5: a sheet that is in is none of the coach's until it is released."""
    group = await coached(world, server, 4)
    before = await told(group.coach, server.dojo)
    await hand_in(group, group.observer, S5="seen")
    assert await told(group.coach, server.dojo) == before


async def test_once_it_is_released_it_is_all_there(world, server):
    group = await coached(world, server)
    await released(group)
    said, stored = await told(group.coach, server.dojo)
    assert (len(stored["notes"]), len(stored["debriefs"])) == (1, 1)
    assert stored["notes"][0]["about_me"] is True
    assert "- 1 note by or about you" in said


async def test_everybody_is_told_the_same_sentence_whether_or_not_anything_is_held_back(
    world, server
):
    """S5: the coach with notes held back, their observer, and a member with nothing at all."""
    group = await coached(world, server)
    for person in (group.coach, group.observer, server.member("nobody")):
        said, _ = await told(person, server.dojo)
        assert said.count(NOT_RELEASED) == said.count(NOT_COUNTED) == 1


async def test_the_file_says_itself_what_is_not_in_it(world, server):
    """S25: two things, and nothing false instead."""
    group = await coached(world, server)
    await released(group)
    given = private(await group.observer.slash(server.dojo, "my export"))
    data = json.loads(await file_of(given, FILE))
    (mine,) = data["stored"]["notes"]
    assert "verdict" not in mine
    not_released, *of_others = data["not_in_this_file"]
    assert not_released == NOT_RELEASED
    assert any("what a coach thought of one note of yours" in one for one in of_others)
