"""Changing groups that are proposed: who changes places, who only observes."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.domain.errors import CannotGather
from bot.domain.gatherings import Draft, Gathering
from bot.domain.groups import Group
from bot.domain.rounds import Role
from bot.ui.answers import defer, redraw
from bot.ui.components import DojoMenu, card, row
from bot.ui.gathering_preview import ShowPreview, show_preview
from bot.ui.gathering_steps import GATHER, GatherButton, facilitated, gatherings_of
from bot.ui.gathering_texts import ACCENT, group_lines
from bot.ui.interactions import Interaction, View, person_of
from bot.ui.round_steps import mention
from bot.ui.round_texts import ROLE
from bot.ui.texts import cut

MOST_OPTIONS = 25
GROUPS_TEXT = 3_000
ASKED = {
    "swap": "**Who changes places?** First one of the two.",
    "observe": (
        "**Who only observes tonight?** Their place goes to somebody else of the group; they may"
        " change their wish again at any time."
    ),
}


def draft_of(gathering: Gathering) -> Draft:
    """What is proposed. Raises CannotGather when nothing is."""
    if gathering.draft is None:
        raise CannotGather("nothing proposed")
    return gathering.draft


def _name_of(interaction: Interaction, user_id: int) -> str:
    """How somebody is called here; nothing where Discord has not told us."""
    guild = interaction.guild
    member = guild.get_member(user_id) if guild is not None else None
    return member.display_name if member is not None else ""


def _role_in(place: int) -> Role:
    return (Role.COACH, Role.CLIENT)[place] if place < 2 else Role.OBSERVER


def options_for(
    interaction: Interaction, groups: Sequence[tuple[int, Group]], *, but: int = 0
) -> list[discord.SelectOption]:
    """An option for each person: by name where it is known, and by group and role."""
    options: list[discord.SelectOption] = []
    for number, group in groups:
        for place, user_id in enumerate(group.people):
            if user_id == but:
                continue
            emoji, role = ROLE[_role_in(place)]
            which = f" {place - 1}" if place >= 2 and len(group.people) > 3 else ""
            where = f"Group {number} · {role}{which}"
            name = _name_of(interaction, user_id)
            options.append(
                discord.SelectOption(
                    label=cut(name or where, 100),
                    value=str(user_id),
                    description=where if name else None,
                    emoji=emoji,
                )
            )
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


def people_card(
    interaction: Interaction, gathering: Gathering, doing: str, *, first: int = 0
) -> View:
    """Asks for one of the people in the proposal; of a swap also for the other, after `first`."""
    groups = draft_of(gathering).draw.groups
    asked = f"**Who changes places with** {mention(first)}**?**" if first else ASKED[doing]
    menus = [
        row(
            PickPerson(
                gathering.id,
                doing,
                first,
                number,
                options_for(interaction, page, but=first),
                placeholder=_span(page),
            )
        )
        for number, page in enumerate(_pages(groups))
        if any(user_id != first for _, group in page for user_id in group.people)
    ]
    return card(
        asked,
        "\n".join(group_lines(groups, {}, most_text=GROUPS_TEXT)),
        *menus,
        row(ShowPreview(gathering.id)),
        accent=ACCENT,
    )


def _span(page: Sequence[tuple[int, Group]]) -> str:
    first, last = page[0][0], page[-1][0]
    return f"Group {first}" if first == last else f"Groups {first} to {last}"


class PickPerson(
    DojoMenu,
    template=rf"{GATHER}:(?P<doing>swap|observe):(?P<first>\d{{1,20}}):(?P<number>\d{{1,2}})",
):
    """One of the people in the proposal."""

    def __init__(
        self,
        gathering_id: str | int,
        doing: str,
        first: str | int,
        number: str | int,
        options: list[discord.SelectOption] | None = None,
        *,
        placeholder: str = "…",
    ) -> None:
        self.gathering_id, self.doing, self.first = int(gathering_id), doing, int(first)
        super().__init__(f"gather:{gathering_id}:{doing}:{first}:{number}", placeholder, options)

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Ask for the other of a swap; else do it, and show the groups as they are then."""
        who = int(choice)
        gathering = facilitated(interaction, self.gathering_id)
        gatherings, person = gatherings_of(interaction), person_of(interaction)
        if self.doing == "swap" and not self.first:
            await redraw(interaction, people_card(interaction, gathering, "swap", first=who))
            return
        await defer(interaction)
        if self.doing == "swap":
            changed = await gatherings.swap(self.gathering_id, person, self.first, who)
            note = f"🔀 {mention(self.first)} and {mention(who)} have changed places."
        else:
            changed = await gatherings.let_observe(self.gathering_id, person, who)
            note = f"👀 {mention(who)} only observes tonight."
        await show_preview(interaction, changed, note=note)


class Swap(GatherButton, template=rf"{GATHER}:swap"):
    """Lets two people change places."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "swap", "Swap", emoji="🔀")

    async def pressed(self, interaction: Interaction) -> None:
        """Ask for the first."""
        gathering = facilitated(interaction, self.gathering_id)
        await redraw(interaction, people_card(interaction, gathering, "swap"))


class ObserveOnly(GatherButton, template=rf"{GATHER}:observe"):
    """Lets somebody only observe."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "observe", "Observe only", emoji="👀")

    async def pressed(self, interaction: Interaction) -> None:
        """Ask who."""
        gathering = facilitated(interaction, self.gathering_id)
        await redraw(interaction, people_card(interaction, gathering, "observe"))
