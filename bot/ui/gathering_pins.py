"""Keeping people of proposed groups together when groups are drawn anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord

from bot.domain.errors import CannotGather
from bot.domain.gatherings import Gathering
from bot.domain.groups import Group
from bot.ui.answers import defer, redraw
from bot.ui.components import DojoMenu, card, row
from bot.ui.gate import offered_values
from bot.ui.gathering_edits import GROUPS_TEXT, MOST_OPTIONS, draft_of, options_for
from bot.ui.gathering_preview import ShowPreview, show_preview
from bot.ui.gathering_steps import GATHER, GatherButton, facilitated, gatherings_of
from bot.ui.gathering_texts import ACCENT, group_lines
from bot.ui.interactions import Interaction, View, person_of
from bot.ui.round_steps import mention


def pins_card(gathering: Gathering) -> View:
    """Asks of which group people are to stay together."""
    draft = draft_of(gathering)
    numbers = list(range(1, len(draft.draw.groups) + 1))
    menus = [
        row(PickGroup(gathering.id, at // MOST_OPTIONS, numbers[at : at + MOST_OPTIONS]))
        for at in range(0, len(numbers), MOST_OPTIONS)
    ]
    buttons: list[discord.ui.Item[Any]] = [ShowPreview(gathering.id)]
    if draft.pins:
        buttons.insert(0, Unpin(gathering.id))
    return card(
        "**Who stays together when groups are drawn anew?** Choose the group first.",
        "\n".join(group_lines(draft.draw.groups, {}, most_text=GROUPS_TEXT)),
        *menus,
        row(*buttons),
        accent=ACCENT,
    )


class Pin(GatherButton, template=rf"{GATHER}:pin"):
    """Keeps people together."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "pin", "Pin", emoji="📌")

    async def pressed(self, interaction: Interaction) -> None:
        """Ask of which group."""
        await redraw(interaction, pins_card(facilitated(interaction, self.gathering_id)))


class PickGroup(DojoMenu, template=rf"{GATHER}:pin-group:(?P<number>\d)"):
    """One of the groups."""

    def __init__(
        self, gathering_id: str | int, number: str | int, groups: Sequence[int] = ()
    ) -> None:
        self.gathering_id = int(gathering_id)
        options = [discord.SelectOption(label=f"Group {one}", value=str(one)) for one in groups]
        placeholder = f"Groups {groups[0]} to {groups[-1]}" if groups else "…"
        super().__init__(f"gather:{gathering_id}:pin-group:{number}", placeholder, options)

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Ask whether all of it, or who."""
        gathering = facilitated(interaction, self.gathering_id)
        number = int(choice)
        group = _group(gathering, number)
        shown = Group(group.people[:MOST_OPTIONS])
        await redraw(
            interaction,
            card(
                f"**Group {number}:** all of it, or only some?",
                ", ".join(map(mention, group.people)),
                row(PickPeople(gathering.id, number, options_for(interaction, [(number, shown)]))),
                row(PinAll(gathering.id, number), ShowPreview(gathering.id)),
                accent=ACCENT,
            ),
        )


def _group(gathering: Gathering, number: int) -> Group:
    groups = draft_of(gathering).draw.groups
    if not 1 <= number <= len(groups):
        raise CannotGather("not together")
    return groups[number - 1]


class PickPeople(DojoMenu, template=rf"{GATHER}:pin-people:(?P<number>\d{{1,2}})"):
    """Several people of one group."""

    def __init__(
        self,
        gathering_id: str | int,
        number: str | int,
        options: list[discord.SelectOption] | None = None,
    ) -> None:
        self.gathering_id = int(gathering_id)
        about = f"gather:{gathering_id}:pin-people:{number}"
        super().__init__(about, "Only these, two or more", options)
        if options:
            self.min_values, self.max_values = min(2, len(options)), len(options)

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Keep all who were chosen together."""
        values = offered_values(interaction, self.known_by)
        await _pin(interaction, self.gathering_id, [int(value) for value in values])


class PinAll(GatherButton, template=rf"{GATHER}:pin-all:(?P<number>\d{{1,2}})"):
    """Keeps a whole group together."""

    def __init__(self, gathering_id: str | int, number: str | int) -> None:
        self.number = int(number)
        super().__init__(gathering_id, f"pin-all:{number}", "All of them", emoji="📌")

    async def pressed(self, interaction: Interaction) -> None:
        """Do so."""
        gathering = facilitated(interaction, self.gathering_id)
        await _pin(interaction, gathering.id, _group(gathering, self.number).people)


async def _pin(interaction: Interaction, gathering_id: int, people: Sequence[int]) -> None:
    await defer(interaction)
    pinned = await gatherings_of(interaction).pin(gathering_id, person_of(interaction), people)
    await show_preview(interaction, pinned, note="📌 They stay together when you reshuffle.")


class Unpin(GatherButton, template=rf"{GATHER}:unpin"):
    """Lets everybody be drawn anew."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "unpin", "Unpin all", emoji="🧷")

    async def pressed(self, interaction: Interaction) -> None:
        """Do so."""
        await defer(interaction)
        free = await gatherings_of(interaction).unpin(self.gathering_id, person_of(interaction))
        await show_preview(interaction, free, note="Nobody is pinned any more.")
