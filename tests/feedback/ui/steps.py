"""What tests of notes and feedback share: taps, words, sheets, and what a coach then sees."""

from __future__ import annotations

from typing import Any

from tests.cards.rules import parts
from tests.rounds.ui.steps import Group, cards, coaching, private
from tests.simulation.world import Result, Server, World, choose, labels, menus

SEEN, SIGNAL = "S5 gap", "finished"
"""The two sides of S5, as buttons of the pad call them."""
MOMENTS_MENU = "Which note?"


def label(message: Any, words: str) -> str:
    """The whole label of the button with these words: labels also count."""
    every = labels(message)
    found = [words] if words in every else [one for one in every if words in one]
    assert len(found) == 1, f"{words!r} is on {found} of {every}"
    return found[0]


async def press(world: World, person: Any, message: Any, words: str) -> Result:
    """Press a button of a private card, a second after whatever came before."""
    await world.later(1)
    return await person.click(message, label=label(message, words))


async def pad_of(group: Group, person: Any) -> Any:
    """The pad of someone, opened from the card."""
    return private(await _press_card(group, person, "Open my pad"))


async def tap(group: Group, person: Any, pad: Any, words: str, *, after: float = 1) -> Any:
    """Tap a side of the pad; the pad as it is then."""
    await group.world.later(after)
    return (await person.click(pad, label=label(pad, words))).response


async def quote(group: Group, person: Any, pad: Any, words: str, effect: str = "") -> Any:
    """Add words to the note that was taken last; the card that is shown then."""
    form = await press(group.world, person, pad, "Quote")
    return (await person.submit_modal(form, {"quote": words, "effect": effect})).response


async def remember(
    group: Group, person: Any, pad: Any, code: str = "S5:seen", /, **typed: str
) -> Any:
    """Add a note from memory on a pad that is closed; the card that is shown then."""
    card = (await press(group.world, person, pad, "Add from memory…")).response
    form = await choose(person, card, "A code…", code)
    return (await person.submit_modal(form, typed)).response


async def hand_in(group: Group, person: Any, pad: Any | None = None, **marks: str) -> Any:
    """Fill in the sheet of an observer and hand it in; `marks` by code, e.g. `S5="seen"`."""
    pad = pad or await pad_of(group, person)
    sheet = (await press(group.world, person, pad, "My sheet")).response
    for code, mark in marks.items():
        sheet = await choose_mark(group, person, sheet, code, mark)
    if "Hand in" not in labels(sheet):
        return sheet
    return (await press(group.world, person, sheet, "Hand in")).response


async def choose_mark(group: Group, person: Any, sheet: Any, code: str, mark: str) -> Any:
    """Choose a mark on a sheet; the sheet as it is then."""
    await group.world.later(1)
    return (await person.select(sheet, [mark], custom_id=_menu_of(sheet, code))).response


def marked(sheet: Any) -> dict[str, str]:
    """The marks on a sheet, by code."""
    return {
        part["custom_id"].rpartition(":")[2]: option["value"]
        for part in parts(sheet)
        if part.get("type") == 3
        for option in part["options"]
        if option.get("default")
    }


def _menu_of(sheet: Any, code: str) -> str:
    return next(
        part["custom_id"]
        for part in parts(sheet)
        if part.get("type") == 3 and part["custom_id"].endswith(f":{code}")
    )


async def next_part(group: Group, times: int = 1, by: Any = None) -> None:
    """Go on to the next part; while there is coaching left, that is asked about first."""
    for _ in range(times):
        answer = await _press_card(group, by or group.coach, "Next")
        if answer.followups or (answer.response is not None and "Next" in labels(answer.response)):
            await press(group.world, by or group.coach, private(answer), "Next")


async def feedback_of(group: Group, person: Any) -> Any:
    """What someone gets for Open my feedback."""
    return private(await _press_card(group, person, "Open my feedback"))


async def _press_card(group: Group, person: Any, name: str) -> Result:
    """Press a button of the round's card, also when something was shared below it."""
    card = [one for one in cards(group.room) if name in labels(one)][-1]
    return await press(group.world, person, card, name)


async def coached(world: World, server: Server, people: int = 3, **how: Any) -> Group:
    """A round whose coaching has just ended, after one tap of each observer, a minute apart."""
    group = await coaching(world, server, people, **how)
    for person in group.people[2:]:
        await tap(group, person, await pad_of(group, person), SEEN, after=60)
    await next_part(group)
    return group


async def released(group: Group) -> Any:
    """The feedback of a round whose coaching is over: all hand in, the coach skips their view.

    The client has their two minutes.
    """
    for person in group.people[2:]:
        await hand_in(group, person)
    await next_part(group, 2)
    await group.world.later(121)
    waiting = await feedback_of(group, group.coach)
    return (await press(group.world, group.coach, waiting, "Skip")).response


async def skipped(group: Group) -> Any:
    """The feedback of a coach who skips their own view, once everybody has had their time."""
    await group.world.later(121)
    waiting = await feedback_of(group, group.coach)
    return (await press(group.world, group.coach, waiting, "Skip")).response


async def noted(world: World, server: Server, people: int | list[Any] = 4, **how: Any) -> Group:
    """A round in its coaching in which each observer has noted one thing, a minute apart."""
    group = await coaching(world, server, people, **how)
    for person in group.people[2:]:
        await tap(group, person, await pad_of(group, person), SEEN, after=60)
    return group


async def about_note(group: Group, feedback: Any, number: int = 0) -> Any:
    """The card of one of the notes, from the feedback."""
    listed = (await press(group.world, group.coach, feedback, "About a note…")).response
    value = menus(listed)[MOMENTS_MENU][number]
    return (await choose(group.coach, listed, MOMENTS_MENU, value)).response
