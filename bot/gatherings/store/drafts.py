"""Groups as text that does not say who is in them: people stand there by a number.

People who have no number any more are left out. Proposed groups with such a hole are no proposal,
as in `model.moves.forget`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, get_type_hints

from bot.gatherings.grouping.groups import Draw, Group
from bot.gatherings.model.gathering import Draft, members_of
from bot.rounds.model.pairs import Pair

_HINTS = get_type_hints(Draw)
_PLAIN = (int, float, bool, str)
# By the types of the fields, so that a new one with a default needs nothing here, and older texts
# are still read. Whole numbers by themselves are plain; those in a tuple are people.
_GROUPS = [name for name, hint in _HINTS.items() if hint == tuple[Group, ...]]
_PAIRS = [name for name, hint in _HINTS.items() if hint == tuple[Pair, ...]]
_PEOPLE = [name for name, hint in _HINTS.items() if hint == tuple[int, ...]]
_FIELDS = [name for name, hint in _HINTS.items() if hint in _PLAIN]


def draw_text(draw: Draw, numbers: Mapping[int, int]) -> str:
    """A draw as JSON; `numbers` are those of people by user id."""
    return json.dumps(_facts(draw, numbers))


def read_draw(text: str, people: Mapping[int, int]) -> Draw:
    """The draw that was written so; `people` are user ids by their numbers."""
    return _draw(json.loads(text), people)


def draft_text(draft: Draft, numbers: Mapping[int, int]) -> str | None:
    """A draft as JSON; none when someone in its groups has no number."""
    if not members_of(draft.draw) <= numbers.keys():
        return None
    return json.dumps(
        {
            "draw": _facts(draft.draw, numbers),
            "pins": [sorted(_known(pin, numbers)) for pin in draft.pins],
            "rounds": draft.rounds,
        }
    )


def read_draft(text: str, people: Mapping[int, int]) -> Draft | None:
    """The draft that was written so; none when someone in its groups is not known any more."""
    facts = json.loads(text)
    if any(one not in people for name in _GROUPS for group in facts["draw"][name] for one in group):
        return None
    pins = tuple(frozenset(_known(pin, people)) for pin in facts["pins"])
    return Draft(_draw(facts["draw"], people), pins, facts["rounds"])


def _facts(draw: Draw, numbers: Mapping[int, int]) -> dict[str, Any]:
    facts: dict[str, Any] = {name: getattr(draw, name) for name in _FIELDS}
    for name in _GROUPS:
        facts[name] = [_known(group.people, numbers) for group in getattr(draw, name)]
    for name in _PAIRS:
        facts[name] = [known for pair in getattr(draw, name) if (known := _both(pair, numbers))]
    for name in _PEOPLE:
        facts[name] = _known(getattr(draw, name), numbers)
    return facts


def _draw(facts: Mapping[str, Any], people: Mapping[int, int]) -> Draw:
    found: dict[str, Any] = {name: facts[name] for name in _FIELDS if name in facts}
    for name in _GROUPS:
        if name in facts:
            found[name] = tuple(Group(tuple(_known(group, people))) for group in facts[name])
    for name in _PAIRS:
        if name in facts:
            pairs = (_both(pair, people) for pair in facts[name])
            found[name] = tuple(Pair(*pair) for pair in pairs if pair)
    for name in _PEOPLE:
        if name in facts:
            found[name] = tuple(_known(facts[name], people))
    return Draw(**found)


def _known(people: Iterable[int], known_as: Mapping[int, int]) -> list[int]:
    return [known_as[one] for one in people if one in known_as]


def _both(pair: Iterable[int], known_as: Mapping[int, int]) -> list[int] | None:
    known = _known(pair, known_as)
    return known if len(known) == 2 else None
