"""Keeping people of proposed groups together when they are drawn once more."""

from __future__ import annotations

from collections.abc import Sequence

from bot.gatherings.actions import (
    PIN,
    PIN_ALL,
    PIN_GROUP_MENU,
    PIN_PEOPLE,
    PIN_PEOPLE_MENU,
    SHOW_GROUPS,
    UNPIN,
)
from bot.gatherings.grouping.groups import Group
from bot.gatherings.model.gathering import Gathering
from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.grouping import GatheringGrouping
from bot.gatherings.ui.groups.changes import GROUPS_TEXT, draft_of, elsewhere_note
from bot.gatherings.ui.groups.preview import show_preview
from bot.gatherings.ui.shared import facilitated, while_open
from bot.gatherings.ui.words import ACCENT, group_lines
from bot.kit.discord.actions import option
from bot.kit.discord.answers import defer, redraw
from bot.kit.discord.cards import card, row
from bot.kit.discord.interactions import Interaction, View, person_of, services_of

IN_A_ROW = 5
MOST_BUTTONS = 20
"""Groups; more of them, in pairs, are chosen from a menu: a card takes 40 components."""


def pins_card(gathering: Gathering) -> View:
    """Asks which group is to stay together."""
    draft = draft_of(gathering)
    id_, numbers = gathering.id, range(1, len(draft.draw.groups) + 1)
    buttons = [
        PIN_ALL.button(gathering_id=id_, number=number, label=f"Group {number}")
        for number in numbers[:MOST_BUTTONS]
    ]
    others = [option(f"Group {number}", str(number)) for number in numbers[MOST_BUTTONS:]]
    unpin = [UNPIN.button(gathering_id=id_)] if draft.pins else []
    return card(
        "**Which group stays together when groups are drawn again?** For only some of a group"
        " there is a menu below the groups.",
        "\n".join(group_lines(draft.draw.groups, {}, most_text=GROUPS_TEXT)),
        *(row(*buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW)),
        row(PIN_GROUP_MENU.menu(others, gathering_id=id_, number=0)) if others else "",
        row(*unpin, SHOW_GROUPS.button(gathering_id=id_, page=0)),
        accent=ACCENT,
    )


@PIN.pressed
@while_open
async def ask_pin(interaction: Interaction, gathering_id: int) -> None:
    """Ask which group it is about."""
    await redraw(interaction, pins_card(facilitated(interaction, gathering_id)))


@PIN_GROUP_MENU.chosen
@while_open
async def pin_chosen_group(
    interaction: Interaction, choice: str, gathering_id: int, number: int
) -> None:
    """Keep the group that was chosen together."""
    del number
    await pin_all(interaction, gathering_id, int(choice))


def _group(gathering: Gathering, number: int) -> Group:
    groups = draft_of(gathering).draw.groups
    if not 1 <= number <= len(groups):
        raise CannotGather("not together")
    return groups[number - 1]


@PIN_PEOPLE.chosen
@while_open
async def pin_people(
    interaction: Interaction, people: list[int], gathering_id: int, mark: str
) -> None:
    """Keep those who were chosen together."""
    del mark
    await _pin(interaction, gathering_id, people)


@PIN_PEOPLE_MENU.chosen
@while_open
async def pin_places(
    interaction: Interaction, choices: list[str], gathering_id: int, number: int
) -> None:
    """Keep those whose places were chosen together."""
    del number
    await _pin(interaction, gathering_id, list(map(int, choices)))


@PIN_ALL.pressed
@while_open
async def pin_all(interaction: Interaction, gathering_id: int, number: int) -> None:
    """Keep the whole group together."""
    group = _group(facilitated(interaction, gathering_id), number)
    await _pin(interaction, gathering_id, group.people)


async def _pin(interaction: Interaction, gathering_id: int, people: Sequence[int]) -> None:
    gathering = facilitated(interaction, gathering_id)
    await defer(interaction)
    note = elsewhere_note(gathering, people)
    if not note:
        grouping, person = services_of(interaction)[GatheringGrouping], person_of(interaction)
        gathering = await grouping.pin(gathering_id, person, people)
        note = "📌 They stay together when you reshuffle."
    await show_preview(interaction, gathering, note=note)


@UNPIN.pressed
@while_open
async def unpin(interaction: Interaction, gathering_id: int) -> None:
    """Let everybody be drawn into any group again."""
    await defer(interaction)
    grouping, person = services_of(interaction)[GatheringGrouping], person_of(interaction)
    free = await grouping.unpin(gathering_id, person)
    await show_preview(interaction, free, note="Nobody is pinned any more.")
