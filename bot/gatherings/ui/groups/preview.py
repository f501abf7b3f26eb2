"""Groups that are proposed, for facilitators alone: nothing moves before **Start**."""

from __future__ import annotations

from collections.abc import Collection
from zlib import crc32

from bot.content.model.formats import Format
from bot.gatherings.actions import (
    CHANGE_PLAN,
    FORM_GROUPS,
    NEXT_ROUND,
    OBSERVE_ONLY,
    OPEN_PANEL,
    PIN,
    PIN_PEOPLE,
    RESHUFFLE,
    SHOW_GROUPS,
    START,
    SWAP_PEOPLE,
)
from bot.gatherings.model.gathering import Changes, Draft, Gathering
from bot.gatherings.model.plan_of import plan_of, remedies
from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.access import GatheringAccess
from bot.gatherings.service.grouping import GatheringGrouping
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.ui.groups.reasons import MOST_NAMED, boarding_text, changes_text, reasons
from bot.gatherings.ui.hall import Hall
from bot.gatherings.ui.panel.live import panels_of
from bot.gatherings.ui.shared import facilitated, missing_rights, while_open
from bot.gatherings.ui.words import ACCENT, group_line, people_text, planner_lines, remedy_text
from bot.kit.discord.answers import answer_in_place, defer, redraw, wait_for
from bot.kit.discord.cards import Component, card, line, row, turning
from bot.kit.discord.interactions import Interaction, View, person_of, services_of
from bot.kit.discord.text import CARD_TEXT, paged, plural

MOST_CHOSEN = 25
"""People whom Discord lets be chosen in one menu."""
TITLE = 220
"""Characters of the title and what is under it."""


def preview_card(
    gathering: Gathering, formats: Collection[Format], *, page: int = 0, note: str = ""
) -> View:
    """The proposal, its reasons, and what can be changed. Raises CannotGather if there is none.

    `formats` are those of its dojo.
    """
    draft = gathering.draft
    if draft is None:
        raise CannotGather("nothing proposed")
    plan = plan_of(gathering, formats, draft.draw)
    changes = gathering.changes()
    since = changes_text(changes, "Since these were proposed") if changes else ""
    lines = [
        *planner_lines(plan, gathering.minutes, remedy_text(remedies(gathering, formats, plan))),
        boarding_text(gathering, draft.draw),
        *reasons(gathering, draft.draw),
    ]
    below = "\n".join(lines)
    space = CARD_TEXT - TITLE - len(note) - len(since) - len(below)
    pages = paged([f"{group}\n" for group in _lines(draft)], most_text=space, most_blocks=30)
    page = min(page, len(pages) - 1)
    title = f"### 🧩 Groups for round {gathering.number + 1} of {_rounds(gathering)}"
    if len(pages) > 1:
        title += f" · page {page + 1} of {len(pages)}"
    return card(
        f"{title}\n-# Only you see this. Nobody is moved before **Start**; until then people can"
        " still choose to observe, or to sit this round out.",
        note,
        since,
        "".join(pages[page]).rstrip(),
        line(),
        below,
        *_rows(gathering, draft, page, len(pages), changes),
        accent=ACCENT,
    )


def mark_of(draft: Draft | None) -> str:
    """Which groups these are, in eight letters: a facilitator starts those that they have seen."""
    groups = draft.draw.groups if draft else ()
    return f"{crc32(repr([group.people for group in groups]).encode()):08x}"


def menu_mark(draft: Draft | None) -> str:
    """Which groups and pins a menu stands beside, in eight letters."""
    pins = sorted(sorted(pin) for pin in draft.pins) if draft else []
    return f"{crc32(f'{mark_of(draft)}{pins}'.encode()):08x}"


def _rounds(gathering: Gathering) -> int:
    return max(gathering.rounds, gathering.number + 1)


def _lines(draft: Draft) -> list[str]:
    pinned = {one for pin in draft.pins for one in pin}
    lines: list[str] = []
    for number, group in enumerate(draft.draw.groups, 1):
        held = [one for one in group.people if one in pinned]
        who = f" {people_text(held, most=MOST_NAMED)}" if len(held) < len(group.people) else ""
        lines.append(group_line(number, group) + (f" · 📌{who}" if held else ""))
    return lines


def _rows(
    gathering: Gathering, draft: Draft, page: int, pages: int, changes: Changes
) -> list[Component]:
    id_ = gathering.id
    begin = START.button(gathering_id=id_, after=gathering.number, mark=mark_of(draft))
    edits = [one.button(gathering_id=id_) for one in (RESHUFFLE, PIN, OBSERVE_ONLY)]
    mark, everybody = menu_mark(draft), sum(len(one.people) for one in draft.draw.groups)
    choose = [row(SWAP_PEOPLE.menu(fewest=2, most=2, gathering_id=id_, mark=mark))]
    together = min(everybody, MOST_CHOSEN)
    choose.append(row(PIN_PEOPLE.menu(fewest=2, most=together, gathering_id=id_, mark=mark)))
    fit = [FORM_GROUPS.button(gathering_id=id_, label="Fit them in")] if changes else []
    others = [CHANGE_PLAN.button(gathering_id=id_), OPEN_PANEL.button(gathering_id=id_)]
    turns = turning(
        page, pages, lambda to, label: SHOW_GROUPS.button(gathering_id=id_, page=to, label=label)
    )
    return [row(begin, *edits), row(*fit, *others), *choose, *turns]


async def show_preview(
    interaction: Interaction, gathering: Gathering, *, page: int = 0, note: str = ""
) -> None:
    """The proposal in the place of the private card that was clicked, else as a card of its own."""
    # It follows nothing: the card in whose place it is shown is left alone from now on.
    panels_of(interaction).rest(interaction, gathering.id)
    services = services_of(interaction)
    content = await services[GatheringAccess].content_of(gathering)
    missing = missing_rights(interaction, gathering)
    said = "\n".join(one for one in (note, *services[Hall].lines(gathering), missing) if one)
    view = preview_card(gathering, content.formats.values(), page=page, note=said)
    await answer_in_place(interaction, view)


@FORM_GROUPS.pressed
@while_open
async def form_groups(interaction: Interaction, gathering_id: int) -> None:
    """Propose groups, or show those that are proposed, with those who came or left fitted in."""
    changes = facilitated(interaction, gathering_id).changes()
    await wait_for(interaction)
    grouping, person = services_of(interaction)[GatheringGrouping], person_of(interaction)
    gathering = await grouping.form_groups(gathering_id, person)
    await show_preview(interaction, gathering, note=_fitted_in(changes))


@SHOW_GROUPS.pressed
@while_open
async def show_groups(interaction: Interaction, gathering_id: int, page: int) -> None:
    """Show what is proposed, from one of its pages on; nothing is changed."""
    await show_preview(interaction, facilitated(interaction, gathering_id), page=page)


@RESHUFFLE.pressed
@while_open
async def reshuffle(interaction: Interaction, gathering_id: int) -> None:
    """Draw other groups, and say who came and left meanwhile; pins stay."""
    changes = facilitated(interaction, gathering_id).changes()
    await defer(interaction)
    grouping, person = services_of(interaction)[GatheringGrouping], person_of(interaction)
    gathering = await grouping.form_groups(gathering_id, person, again=True)
    await show_preview(interaction, gathering, note=_fitted_in(changes))


def _fitted_in(changes: Changes) -> str:
    return changes_text(changes, "Fitted in since you looked") if changes else ""


@START.pressed
@while_open
async def start(interaction: Interaction, gathering_id: int, after: int, mark: str) -> None:
    """Begin the round; if the groups are not those on the card any more, show them first."""
    await defer(interaction)
    services, person = services_of(interaction), person_of(interaction)
    gathering = facilitated(interaction, gathering_id)
    changes = gathering.changes()
    is_waiting = gathering.number == after and not gathering.is_in_rooms
    if is_waiting and gathering.draft is not None and mark_of(gathering.draft) != mark:
        note = "🔔 Somebody has changed these groups meanwhile. If they are right, **Start**."
        await show_preview(interaction, gathering, note=note)
        return
    try:
        started = await services[GatheringGrouping].start(gathering_id, person, after=after)
    except CannotGather as error:
        fitted = services[LiveGatherings].find(gathering_id)
        if error.why != "changed" or fitted is None:
            raise
        note = _fitted_in(changes) or "🔔 Somebody has come or left this very moment."
        await show_preview(interaction, fitted, note=f"{note} If it is right, **Start**.")
        return
    await redraw(interaction, started_card(started))


@NEXT_ROUND.pressed
@while_open
async def begin_next(interaction: Interaction, gathering_id: int, after: int) -> None:
    """Begin the next round at once where groups stay together; else show them first."""
    facilitated(interaction, gathering_id)
    await wait_for(interaction)
    grouping, person = services_of(interaction)[GatheringGrouping], person_of(interaction)
    gathering = await grouping.next_round(gathering_id, person, after=after)
    if gathering.is_in_rooms:
        await answer_in_place(interaction, started_card(gathering))
    else:
        await show_preview(interaction, gathering)


def started_card(gathering: Gathering) -> View:
    """That the round begins, for the facilitator who began it."""
    return card(
        f"### ▶️ Round {gathering.number} of {gathering.rounds} begins",
        f"{plural(len(gathering.groups), 'group is', 'groups are')} on the way to their rooms."
        " Their clocks start together when all have answered the agreement, or when the time to"
        " board is over. The panel shows you every room.",
        row(OPEN_PANEL.button(gathering_id=gathering.id)),
        accent=ACCENT,
    )
