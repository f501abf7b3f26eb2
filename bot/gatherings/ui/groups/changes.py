"""Changing groups that are proposed: who changes places, who only observes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.gatherings.actions import OBSERVE_MENU, OBSERVE_ONLY, SHOW_GROUPS, SWAP, SWAP_MENU
from bot.gatherings.grouping.groups import Group
from bot.gatherings.model.gathering import Draft, Gathering
from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.grouping import GatheringGrouping
from bot.gatherings.ui.groups.preview import show_preview
from bot.gatherings.ui.shared import facilitated, name_of, while_open
from bot.gatherings.ui.words import ACCENT, group_lines
from bot.kit.discord.actions import Menu, option
from bot.kit.discord.answers import defer, redraw
from bot.kit.discord.cards import Component, card, row
from bot.kit.discord.interactions import Interaction, View, person_of, services_of
from bot.kit.discord.text import cut
from bot.rounds.model.round import Role
from bot.rounds.ui.shared import mention
from bot.rounds.ui.words import ROLE

MOST_OPTIONS = 25
GROUPS_TEXT = 3_000


def draft_of(gathering: Gathering) -> Draft:
    """What is proposed. Raises CannotGather when nothing is."""
    if gathering.draft is None:
        raise CannotGather("nothing proposed")
    return gathering.draft


def options_for(
    interaction: Interaction, groups: Sequence[tuple[int, Group]], *, but: int = 0
) -> list[Component]:
    """An option for each person: by name where it is known, and by group and role."""
    options: list[Component] = []
    for number, group in groups:
        for place, user_id in enumerate(group.people):
            if user_id == but:
                continue
            emoji, role = ROLE[(Role.COACH, Role.CLIENT)[place] if place < 2 else Role.OBSERVER]
            which = f" {place - 1}" if place >= 2 and len(group.people) > 3 else ""
            where = f"Group {number} · {role}{which}"
            name = name_of(interaction, user_id)
            label, more = cut(name or where, 100), where if name else ""
            options.append(option(label, str(user_id), description=more, emoji=emoji))
    return options


def _pages(groups: Sequence[Group]) -> list[list[tuple[int, Group]]]:
    """Groups with their numbers, as many together as a menu holds people."""
    pages: list[list[tuple[int, Group]]] = [[]]
    for number, group in enumerate(groups, 1):
        # One ring of everybody does not fit one menu: it goes on in the next.
        for at in range(0, len(group.people), MOST_OPTIONS):
            size = min(len(group.people) - at, MOST_OPTIONS)
            if sum(len(one.people) for _, one in pages[-1]) + size > MOST_OPTIONS:
                pages.append([])
            pages[-1].append((number, Group(group.people[at : at + size])))
    return pages


def _people_card(
    interaction: Interaction, gathering: Gathering, asked: str, menu: Menu, *, first: int = 0
) -> View:
    """Asks for one of the people in the proposal with a menu; `first` was chosen before."""
    groups = draft_of(gathering).draw.groups
    menus: list[Component] = []
    for number, page in enumerate(_pages(groups)):
        low, high = page[0][0], page[-1][0]
        span = f"Group {low}" if low == high else f"Groups {low} to {high}"
        about = {"gathering_id": gathering.id, "first": first, "number": number}
        if options := options_for(interaction, page, but=first):
            menus.append(row(menu.menu(options, placeholder=span, **about)))
    return card(
        asked,
        "\n".join(group_lines(groups, {}, most_text=GROUPS_TEXT)),
        *menus,
        row(SHOW_GROUPS.button(gathering_id=gathering.id, page=0)),
        accent=ACCENT,
    )


@SWAP.pressed
@while_open
async def ask_swap(interaction: Interaction, gathering_id: int) -> None:
    """Ask for the first of the two who change places."""
    gathering = facilitated(interaction, gathering_id)
    asked = "**Who changes places?** First one of the two."
    await redraw(interaction, _people_card(interaction, gathering, asked, SWAP_MENU))


@SWAP_MENU.chosen
@while_open
async def swap(
    interaction: Interaction, choice: str, gathering_id: int, first: int, number: int
) -> None:
    """Ask for the other of the two; then swap them, and show the groups as they are then."""
    del number
    who = int(choice)
    gathering = facilitated(interaction, gathering_id)
    if not first:
        asked = f"**Who changes places with** {mention(who)}**?**"
        view = _people_card(interaction, gathering, asked, SWAP_MENU, first=who)
        await redraw(interaction, view)
        return
    await defer(interaction)
    grouping, person = services_of(interaction)[GatheringGrouping], person_of(interaction)
    changed = await grouping.swap(gathering_id, person, first, who)
    note = f"🔀 {mention(first)} and {mention(who)} have changed places."
    await show_preview(interaction, changed, note=note)


@OBSERVE_ONLY.pressed
@while_open
async def ask_observer(interaction: Interaction, gathering_id: int) -> None:
    """Ask who only observes."""
    gathering = facilitated(interaction, gathering_id)
    asked = (
        "**Who only observes tonight?** Their place goes to someone else of the group; they may"
        " change their wish again at any time."
    )
    await redraw(interaction, _people_card(interaction, gathering, asked, OBSERVE_MENU))


@OBSERVE_MENU.chosen
@while_open
async def let_observe(
    interaction: Interaction, choice: str, gathering_id: int, first: int, number: int
) -> None:
    """Let a person only observe, and show the groups as they are then."""
    del first, number
    who = int(choice)
    facilitated(interaction, gathering_id)
    await defer(interaction)
    grouping, person = services_of(interaction)[GatheringGrouping], person_of(interaction)
    changed = await grouping.let_observe(gathering_id, person, who)
    await show_preview(interaction, changed, note=f"👀 {mention(who)} only observes tonight.")
