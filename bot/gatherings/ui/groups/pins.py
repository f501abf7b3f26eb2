"""Keeping people of proposed groups together when they are drawn once more."""

from __future__ import annotations

from collections.abc import Sequence

from bot.gatherings.actions import PIN, PIN_ALL, PIN_GROUP_MENU, PIN_PEOPLE_MENU, SHOW_GROUPS, UNPIN
from bot.gatherings.grouping.groups import Group
from bot.gatherings.model.gathering import Gathering
from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.grouping import GatheringGrouping
from bot.gatherings.ui.groups.changes import GROUPS_TEXT, MOST_OPTIONS, draft_of, options_for
from bot.gatherings.ui.groups.preview import show_preview
from bot.gatherings.ui.shared import facilitated, while_open
from bot.gatherings.ui.words import ACCENT, group_lines
from bot.kit.discord.actions import option
from bot.kit.discord.answers import defer, redraw
from bot.kit.discord.cards import card, row
from bot.kit.discord.interactions import Interaction, View, person_of, services_of
from bot.rounds.ui.shared import mention


def pins_card(gathering: Gathering) -> View:
    """Asks which group the people are in who are to stay together."""
    draft = draft_of(gathering)
    numbers = list(range(1, len(draft.draw.groups) + 1))
    pages = [numbers[at : at + MOST_OPTIONS] for at in range(0, len(numbers), MOST_OPTIONS)]
    menus = [
        PIN_GROUP_MENU.menu(
            [option(f"Group {one}", str(one)) for one in groups],
            placeholder=f"Groups {groups[0]} to {groups[-1]}",
            gathering_id=gathering.id,
            number=page,
        )
        for page, groups in enumerate(pages)
    ]
    unpin = [UNPIN.button(gathering_id=gathering.id)] if draft.pins else []
    return card(
        "**Who stays together when groups are drawn again?** Choose the group first.",
        "\n".join(group_lines(draft.draw.groups, {}, most_text=GROUPS_TEXT)),
        *map(row, menus),
        row(*unpin, SHOW_GROUPS.button(gathering_id=gathering.id, page=0)),
        accent=ACCENT,
    )


@PIN.pressed
@while_open
async def ask_pin(interaction: Interaction, gathering_id: int) -> None:
    """Ask which group it is about."""
    await redraw(interaction, pins_card(facilitated(interaction, gathering_id)))


@PIN_GROUP_MENU.chosen
@while_open
async def ask_people(interaction: Interaction, choice: str, gathering_id: int, number: int) -> None:
    """Ask whether all of the group stay together, or who."""
    del number
    chosen = int(choice)
    group = _group(facilitated(interaction, gathering_id), chosen)
    people = options_for(interaction, [(chosen, Group(group.people[:MOST_OPTIONS]))])
    most, fewest = len(people), min(2, len(people))
    menu = PIN_PEOPLE_MENU.menu(
        people, fewest=fewest, most=most, gathering_id=gathering_id, number=chosen
    )
    everybody = PIN_ALL.button(gathering_id=gathering_id, number=chosen)
    view = card(
        f"**Group {chosen}:** all of it, or only some?",
        ", ".join(map(mention, group.people)),
        row(menu),
        row(everybody, SHOW_GROUPS.button(gathering_id=gathering_id, page=0)),
        accent=ACCENT,
    )
    await redraw(interaction, view)


def _group(gathering: Gathering, number: int) -> Group:
    groups = draft_of(gathering).draw.groups
    if not 1 <= number <= len(groups):
        raise CannotGather("not together")
    return groups[number - 1]


@PIN_PEOPLE_MENU.chosen
@while_open
async def pin_people(
    interaction: Interaction, choices: list[str], gathering_id: int, number: int
) -> None:
    """Keep those who were chosen together."""
    del number
    await _pin(interaction, gathering_id, list(map(int, choices)))


@PIN_ALL.pressed
@while_open
async def pin_all(interaction: Interaction, gathering_id: int, number: int) -> None:
    """Keep the whole group together."""
    group = _group(facilitated(interaction, gathering_id), number)
    await _pin(interaction, gathering_id, group.people)


async def _pin(interaction: Interaction, gathering_id: int, people: Sequence[int]) -> None:
    await defer(interaction)
    grouping, person = services_of(interaction)[GatheringGrouping], person_of(interaction)
    pinned = await grouping.pin(gathering_id, person, people)
    await show_preview(interaction, pinned, note="📌 They stay together when you reshuffle.")


@UNPIN.pressed
@while_open
async def unpin(interaction: Interaction, gathering_id: int) -> None:
    """Let everybody be drawn into any group again."""
    await defer(interaction)
    grouping, person = services_of(interaction)[GatheringGrouping], person_of(interaction)
    free = await grouping.unpin(gathering_id, person)
    await show_preview(interaction, free, note="Nobody is pinned any more.")
