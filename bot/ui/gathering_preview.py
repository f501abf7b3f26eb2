"""Groups that are proposed, for facilitators alone: nothing moves before **Start**."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from zlib import crc32

import discord

from bot.domain.errors import CannotGather
from bot.domain.formats import Format
from bot.domain.gathering_plans import plan_of, remedies
from bot.domain.gatherings import (
    Changes,
    Draft,
    Gathering,
)
from bot.ui.answers import defer, redraw, reply
from bot.ui.components import card, line, row, turning
from bot.ui.gathering_reasons import MOST_NAMED, boarding_text, changes_text, reasons
from bot.ui.gathering_steps import (
    GATHER,
    GatherButton,
    button_to,
    facilitated,
    gatherings_of,
    is_private,
    panel_button,
    wait_for,
)
from bot.ui.gathering_texts import (
    ACCENT,
    group_line,
    people_text,
    planner_lines,
    remedy_text,
)
from bot.ui.interactions import Interaction, View, person_of
from bot.ui.texts import CARD_TEXT, paged, plural

TITLE = 220
"""Characters of the title and what is under it."""


def preview_card(
    gathering: Gathering, formats: Collection[Format], *, page: int = 0, note: str = ""
) -> View:
    """The proposal, what speaks for it, and what can be changed. Raises CannotGather for none.

    `formats` are those of its dojo.
    """
    draft = gathering.draft
    if draft is None:
        raise CannotGather("nothing proposed")
    plan = plan_of(gathering, formats, draft.draw)
    changes = gathering.changes()
    above = [note] if note else []
    if changes:
        above.append(changes_text(changes, "Since these were proposed"))
    lines = [
        *planner_lines(plan, gathering.minutes, remedy_text(remedies(gathering, formats, plan))),
        boarding_text(gathering, draft.draw),
        *reasons(gathering, draft.draw),
    ]
    below = ["\n".join(lines)]
    space = CARD_TEXT - TITLE - sum(map(len, [*above, *below]))
    pages = paged([f"{group}\n" for group in _lines(draft)], most_text=space, most_blocks=30)
    page = min(page, len(pages) - 1)
    title = f"### 🧩 Groups for round {gathering.number + 1} of {_rounds(gathering)}"
    if len(pages) > 1:
        title += f" · page {page + 1} of {len(pages)}"
    return card(
        f"{title}\n-# Only you see this. Nobody is moved before **Start**; until then people can"
        " still choose to observe, or to sit this round out.",
        *above,
        "".join(pages[page]).rstrip(),
        line(),
        *below,
        *_rows(gathering, draft, page, len(pages), changes),
        accent=ACCENT,
    )


def mark_of(draft: Draft | None) -> str:
    """Which groups these are, in eight letters: who starts is to have seen them."""
    groups = draft.draw.groups if draft else ()
    return f"{crc32(repr([group.people for group in groups]).encode()):08x}"


def _rounds(gathering: Gathering) -> int:
    return max(gathering.rounds, gathering.number + 1)


def _lines(draft: Draft) -> list[str]:
    pinned = {one for pin in draft.pins for one in pin}
    lines: list[str] = []
    for number, group in enumerate(draft.draw.groups, 1):
        held = [one for one in group.people if one in pinned]
        if not held:
            pin = ""
        elif len(held) == len(group.people):
            pin = " · 📌"
        else:
            pin = f" · 📌 {people_text(held, most=MOST_NAMED)}"
        lines.append(group_line(number, group) + pin)
    return lines


def _rows(
    gathering: Gathering, draft: Draft, page: int, pages: int, changes: Changes
) -> list[discord.ui.ActionRow[Any]]:
    id_ = gathering.id
    first: list[discord.ui.Item[Any]] = [
        StartRound(id_, gathering.number, mark_of(draft)),
        Reshuffle(id_),
        button_to(id_, "swap", "Swap", emoji="🔀"),
        button_to(id_, "pin", "Pin", emoji="📌"),
        button_to(id_, "observe", "Observe only", emoji="👀"),
    ]
    second: list[discord.ui.Item[Any]] = [
        button_to(id_, "plan", "Change the plan", emoji="✏️"),
        panel_button(id_),
    ]
    if changes:
        second.insert(0, FormGroups(id_, label="Fit them in"))
    turns = turning(page, pages, lambda to, label: ShowPreview(id_, to, label=label))
    return [row(*first), row(*second), *turns]


async def show_preview(
    interaction: Interaction, gathering: Gathering, *, page: int = 0, note: str = ""
) -> None:
    """The proposal in the place of the private card that was clicked, else as a card of its own."""
    content = await gatherings_of(interaction).content_of(gathering)
    view = preview_card(gathering, content.formats.values(), page=page, note=note)
    await (redraw if is_private(interaction) else reply)(interaction, view)


class FormGroups(GatherButton, template=rf"{GATHER}:form"):
    """Proposes groups, or shows those that are proposed."""

    def __init__(self, gathering_id: str | int, *, label: str = "Form groups") -> None:
        super().__init__(gathering_id, "form", label, emoji="🧩")

    async def pressed(self, interaction: Interaction) -> None:
        """Show them, with those who came or left meanwhile fitted in."""
        before = facilitated(interaction, self.gathering_id)
        changes = before.changes()
        await wait_for(interaction)
        gatherings = gatherings_of(interaction)
        gathering = await gatherings.form_groups(self.gathering_id, person_of(interaction))
        note = changes_text(changes, "Fitted in since you looked") if changes else ""
        await show_preview(interaction, gathering, note=note)


class ShowPreview(GatherButton, template=rf"{GATHER}:preview:(?P<page>\d{{1,2}})"):
    """Shows what is proposed, from one of its pages on."""

    def __init__(
        self, gathering_id: str | int, page: str | int = 0, *, label: str = "Back to the groups"
    ) -> None:
        self.page = int(page)
        super().__init__(gathering_id, f"preview:{page}", label)

    async def pressed(self, interaction: Interaction) -> None:
        """Show it; nothing is changed."""
        gathering = facilitated(interaction, self.gathering_id)
        await show_preview(interaction, gathering, page=self.page)


class Reshuffle(GatherButton, template=rf"{GATHER}:reshuffle"):
    """Draws other groups; pins stay."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "reshuffle", "Reshuffle", emoji="🎲")

    async def pressed(self, interaction: Interaction) -> None:
        """Draw them, and say who came and left meanwhile."""
        changes = facilitated(interaction, self.gathering_id).changes()
        await defer(interaction)
        gatherings, person = gatherings_of(interaction), person_of(interaction)
        gathering = await gatherings.form_groups(self.gathering_id, person, anew=True)
        note = changes_text(changes, "Fitted in since you looked") if changes else ""
        await show_preview(interaction, gathering, note=note)


class StartRound(GatherButton, template=rf"{GATHER}:start:(?P<after>\d):(?P<mark>[0-9a-f]{{8}})"):
    """Begins the round with these groups and no others."""

    def __init__(self, gathering_id: str | int, after: str | int, mark: str) -> None:
        self.after, self.mark = int(after), mark
        green = discord.ButtonStyle.success
        super().__init__(gathering_id, f"start:{after}:{mark}", "Start", emoji="▶️", style=green)

    async def pressed(self, interaction: Interaction) -> None:
        """Begin; if the groups are not those on the card any more, show them first."""
        await defer(interaction)
        gatherings = gatherings_of(interaction)
        gathering = facilitated(interaction, self.gathering_id)
        changes = gathering.changes()
        is_waiting = gathering.number == self.after and not gathering.is_in_rooms
        if is_waiting and gathering.draft is not None and mark_of(gathering.draft) != self.mark:
            note = "🔔 Somebody has changed these groups meanwhile. If they are right, **Start**."
            await show_preview(interaction, gathering, note=note)
            return
        try:
            started = await gatherings.start(
                self.gathering_id, person_of(interaction), after=self.after
            )
        except CannotGather as error:
            fitted = gatherings.kept.find(self.gathering_id)
            if error.why != "changed" or fitted is None:
                raise
            note = "🔔 Somebody has come or left this very moment."
            if changes:
                note = changes_text(changes, "Fitted in since you looked")
            await show_preview(interaction, fitted, note=f"{note} If it is right, **Start**.")
            return
        await redraw(interaction, started_card(started))


class NextRound(GatherButton, template=rf"{GATHER}:next:(?P<after>\d)"):
    """Begins the next round, or proposes the groups for it."""

    def __init__(self, gathering_id: str | int, after: str | int) -> None:
        self.after = int(after)
        primary = discord.ButtonStyle.primary
        super().__init__(gathering_id, f"next:{after}", "Next round", emoji="🔁", style=primary)

    async def pressed(self, interaction: Interaction) -> None:
        """Begin at once where groups stay together; else show them first."""
        facilitated(interaction, self.gathering_id)
        await wait_for(interaction)
        gatherings = gatherings_of(interaction)
        gathering = await gatherings.next_round(
            self.gathering_id, person_of(interaction), after=self.after
        )
        if gathering.is_in_rooms:
            view = started_card(gathering)
            await (redraw if is_private(interaction) else reply)(interaction, view)
            return
        await show_preview(interaction, gathering)


def started_card(gathering: Gathering) -> View:
    """That the round begins, for whoever began it."""
    groups = gathering.draw.groups if gathering.draw else ()
    return card(
        f"### ▶️ Round {gathering.number} of {gathering.rounds} begins",
        f"{plural(len(groups), 'group is', 'groups are')} on the way to their rooms."
        " Their clocks start together when all have answered the agreement, or when the time to"
        " board is over. The panel shows you every room.",
        row(panel_button(gathering.id)),
        accent=ACCENT,
    )
