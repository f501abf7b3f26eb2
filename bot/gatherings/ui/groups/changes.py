"""Changing groups that are proposed: who changes places, who only observes.

People are chosen by name, from the people of the server.
"""

from __future__ import annotations

from collections.abc import Collection

from bot.gatherings.actions import (
    OBSERVE_MENU,
    OBSERVE_ONLY,
    OBSERVE_PERSON,
    SHOW_GROUPS,
    SWAP,
    SWAP_MENU,
    SWAP_PEOPLE,
)
from bot.gatherings.model.gathering import Draft, Gathering
from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.grouping import GatheringGrouping
from bot.gatherings.ui.groups.preview import menu_mark, show_preview
from bot.gatherings.ui.shared import facilitated, while_open
from bot.gatherings.ui.words import ACCENT, group_lines, people_text
from bot.kit.discord.answers import defer, redraw
from bot.kit.discord.cards import card, row
from bot.kit.discord.interactions import Interaction, person_of, services_of
from bot.rounds.ui.shared import mention

GROUPS_TEXT = 3_000
MOST_NAMED = 5


def draft_of(gathering: Gathering) -> Draft:
    """What is proposed. Raises CannotGather when nothing is."""
    if gathering.draft is None:
        raise CannotGather("nothing proposed")
    return gathering.draft


def elsewhere_note(gathering: Gathering, people: Collection[int]) -> str:
    """That some of the people who were chosen are in none of the groups; else empty."""
    drawn = draft_of(gathering).draw
    others = [one for one in people if drawn.group_of(one) is None]
    if not others:
        return ""
    verb = "is" if len(others) == 1 else "are"
    who = people_text(others, most=MOST_NAMED)
    return f"⚠️ {who} {verb} in none of these groups, so nothing was changed."


@SWAP_PEOPLE.chosen
@while_open
async def swap_people(
    interaction: Interaction, people: list[int], gathering_id: int, mark: str
) -> None:
    """Swap the two who were chosen, and show the groups as they are then."""
    del mark
    await _swap(interaction, gathering_id, *people)


async def _swap(interaction: Interaction, gathering_id: int, first: int, second: int) -> None:
    gathering = facilitated(interaction, gathering_id)
    await defer(interaction)
    note = elsewhere_note(gathering, (first, second))
    if not note:
        grouping, person = services_of(interaction)[GatheringGrouping], person_of(interaction)
        gathering = await grouping.swap(gathering_id, person, first, second)
        note = f"🔀 {mention(first)} and {mention(second)} have changed places."
    await show_preview(interaction, gathering, note=note)


@SWAP.pressed
@while_open
async def show_swap(interaction: Interaction, gathering_id: int) -> None:
    """Show the groups, whose card has the menu for it."""
    gathering = facilitated(interaction, gathering_id)
    await show_preview(interaction, gathering, note="🔀 Choose the two people in the menu below.")


@SWAP_MENU.chosen
@while_open
async def swap_places(
    interaction: Interaction, choice: str, gathering_id: int, first: int, number: int
) -> None:
    """Swap a person with the one who was chosen before, if there was one."""
    del number
    if first:
        await _swap(interaction, gathering_id, first, int(choice))
    else:
        await show_swap(interaction, gathering_id)


@OBSERVE_ONLY.pressed
@while_open
async def ask_observer(interaction: Interaction, gathering_id: int) -> None:
    """Ask who only observes."""
    gathering = facilitated(interaction, gathering_id)
    draft = draft_of(gathering)
    view = card(
        "**Who only observes tonight?** Their place goes to someone else of the group; they may"
        " change their wish again at any time.",
        "\n".join(group_lines(draft.draw.groups, {}, most_text=GROUPS_TEXT)),
        row(OBSERVE_PERSON.menu(gathering_id=gathering_id, mark=menu_mark(draft))),
        row(SHOW_GROUPS.button(gathering_id=gathering_id, page=0)),
        accent=ACCENT,
    )
    await redraw(interaction, view)


@OBSERVE_PERSON.chosen
@while_open
async def let_person_observe(
    interaction: Interaction, people: list[int], gathering_id: int, mark: str
) -> None:
    """Let the person who was chosen only observe."""
    del mark
    await _let_observe(interaction, gathering_id, people[0])


@OBSERVE_MENU.chosen
@while_open
async def let_observe(
    interaction: Interaction, choice: str, gathering_id: int, first: int, number: int
) -> None:
    """Let the person whose place was chosen only observe."""
    del first, number
    await _let_observe(interaction, gathering_id, int(choice))


async def _let_observe(interaction: Interaction, gathering_id: int, who: int) -> None:
    gathering = facilitated(interaction, gathering_id)
    await defer(interaction)
    note = elsewhere_note(gathering, (who,))
    if not note:
        grouping, person = services_of(interaction)[GatheringGrouping], person_of(interaction)
        gathering = await grouping.let_observe(gathering_id, person, who)
        note = f"👀 {mention(who)} only observes tonight."
    await show_preview(interaction, gathering, note=note)
