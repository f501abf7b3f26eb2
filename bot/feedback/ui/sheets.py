"""The sheet: all codes at a glance at the end of a round. Every choice is saved at once."""

from __future__ import annotations

from typing import Any

from bot.feedback.actions import (
    BACK_TO_PAD,
    HAND_IN,
    LOOK_AGAIN,
    MARK_CODE,
    MY_SHEET,
    NO_OCCASION_ELSE,
    SHEET_ABOUT,
    SKIP_OWN_VIEW,
    TAKE_REST_BACK,
)
from bot.feedback.model.debriefs import Listed
from bot.feedback.model.notes import Side
from bot.feedback.model.sheets import Mark, Sheet
from bot.feedback.service.debriefs import DebriefService
from bot.feedback.service.sheets import SheetPage, SheetService
from bot.feedback.ui.debrief.waiting import waiting_cards_of
from bot.feedback.ui.notes.words import PARTNERING, SIGNAL, pad_name
from bot.kit.discord.actions import Style, option
from bot.kit.discord.answers import redraw
from bot.kit.discord.cards import Component, Part, card, row
from bot.kit.discord.interactions import Interaction, View, services_of
from bot.kit.discord.text import cut, moment, safe
from bot.rounds.actions import OWN_VIEW
from bot.rounds.ui.shared import mention

ACCENT = 0x6B5BA8
NOTHING = "none"
MARKS: dict[Mark, tuple[str, str]] = {
    Mark.SEEN: (PARTNERING, "partnering"),
    Mark.SIGNAL: (SIGNAL, "signal"),
    Mark.BOTH: ("⚖️", "both"),
    Mark.NO_OCCASION: ("➖", "no occasion"),
    Mark.COULD_NOT_TELL: ("❔", "could not tell"),
}


def sheets_of(interaction: Interaction) -> SheetService:
    """The bot's sheets."""
    return services_of(interaction)[SheetService]


@MY_SHEET.pressed
async def open_sheet(interaction: Interaction, round_id: int) -> None:
    """Show the person's sheet in place of the pad; with several coaches to judge, ask which."""
    judged = await sheets_of(interaction).judged_by(round_id, interaction.user.id)
    if len(judged) == 1:
        await open_sheet_about(interaction, round_id, judged[0])
        return
    buttons = [
        SHEET_ABOUT.button(round_id=round_id, coach_id=one, label=f"Coach {at}")
        for at, one in enumerate(judged, 1)
    ]
    lines = [f"{at}. {mention(one)}" for at, one in enumerate(judged, 1)]
    rows = [row(*buttons[at : at + 3]) for at in range(0, len(buttons), 3)]
    await redraw(
        interaction, card("### 🗒️ A sheet for each coach", "\n".join(lines), *rows, accent=ACCENT)
    )


@SHEET_ABOUT.pressed
async def open_sheet_about(interaction: Interaction, round_id: int, coach_id: int) -> None:
    """Show the sheet about this coach."""
    page = await sheets_of(interaction).page(round_id, interaction.user.id, coach_id)
    await redraw(interaction, await sheet_view(interaction, page))


@OWN_VIEW.pressed
async def open_own_view(interaction: Interaction, round_id: int) -> None:
    """Show the coach's own sheet in place of the card it is on."""
    await open_sheet_about(interaction, round_id, interaction.user.id)


@MARK_CODE.chosen
async def mark_code(
    interaction: Interaction, choice: str, round_id: int, coach_id: int, code: str
) -> None:
    """Save the mark, and show the sheet as it is then."""
    mark = None if choice == NOTHING else Mark(choice)
    user_id = interaction.user.id
    page = await sheets_of(interaction).mark(round_id, user_id, coach_id, code, mark)
    await redraw(interaction, await sheet_view(interaction, page))


@NO_OCCASION_ELSE.pressed
async def fill(interaction: Interaction, round_id: int, coach_id: int) -> None:
    """Mark what is not answered as without an occasion; the sheet offers to take that back."""
    page = await sheets_of(interaction).fill(round_id, interaction.user.id, coach_id)
    await redraw(interaction, await sheet_view(interaction, page))


@TAKE_REST_BACK.pressed
async def unfill(interaction: Interaction, round_id: int, coach_id: int, which: int) -> None:
    """Leave open again what was marked all at once."""
    places = [place for place in range(which.bit_length()) if which >> place & 1]
    user_id = interaction.user.id
    page = await sheets_of(interaction).unfill(round_id, user_id, coach_id, places)
    await redraw(interaction, await sheet_view(interaction, page))


@HAND_IN.pressed
async def hand_in(interaction: Interaction, round_id: int, coach_id: int) -> None:
    """Hand the sheet in as it is, and say so."""
    page = await sheets_of(interaction).hand_in(round_id, interaction.user.id, coach_id)
    await redraw(interaction, await sheet_view(interaction, page))
    waiting_cards_of(interaction).touch(round_id)


async def sheet_view(interaction: Interaction, page: SheetPage) -> View:
    """A sheet as it is now."""
    sheet = page.sheet
    if sheet.handed_in_at is None and not sheet.is_own:
        return sheet_card(page)
    found = await services_of(interaction)[DebriefService].process(sheet.round_id)
    released = {one.coach_user_id for one in found if one.is_released}
    return sheet_card(page, is_released=sheet.coach_user_id in released)


def sheet_card(page: SheetPage, *, is_released: bool = False) -> View:
    """A sheet as it is on disk; `is_released`: the coach has it, so it can only be read."""
    sheet = page.sheet
    head = (
        "### 🪞 My own view\nBefore you see what others noted: what did you notice yourself?"
        if sheet.is_own
        else f"### 🗒️ My sheet about {mention(sheet.coach_user_id)}\nOver the whole coaching. What"
        " you noted is filled in; your judgement counts, not the number of taps."
    )
    rows: list[Part] = (
        ["\n".join(_line(listed_, sheet.marks.get(listed_.code)) for listed_ in page.listed)]
        if is_released
        else [row(_mark_menu(sheet, listed_)) for listed_ in page.listed]
    )
    return card(
        head,
        "" if is_released else _so_far(page),
        *rows,
        f"-# {_state(page, is_released=is_released)}",
        row(*_buttons(page, is_released=is_released)),
        accent=ACCENT,
    )


def _so_far(page: SheetPage) -> str:
    """What is marked, in a line: a menu on a phone shows what was chosen there last."""
    marks = page.sheet.marks
    found = [
        f"{emoji} {name}: "
        + ", ".join(one.code for one in page.listed if marks.get(one.code) is mark)
        for mark, (emoji, name) in MARKS.items()
        if any(marks.get(one.code) is mark for one in page.listed)
    ]
    return " · ".join(found)


def _mark_menu(sheet: Sheet, listed: Listed) -> Component:
    """The judgement of one code."""
    chosen = sheet.marks.get(listed.code)
    names = {Mark.SEEN: listed.counterpart, Mark.SIGNAL: listed.signal}
    options = [
        option(
            _shortly_marked(listed, one),
            one.value,
            description=cut(names.get(one, ""), 100),
            emoji=emoji,
            is_chosen=one is chosen,
        )
        for one, (emoji, _) in MARKS.items()
    ]
    if chosen is not None:
        options.append(option(f"{listed.code} not answered", NOTHING))
    sides = (
        f"{emoji} {pad_name(listed, side)}"
        for side, emoji in ((Side.SEEN, PARTNERING), (Side.SIGNAL, SIGNAL))
    )
    return MARK_CODE.menu(
        options,
        placeholder=f"{listed.code} {' / '.join(sides)}",
        round_id=sheet.round_id,
        coach_id=sheet.coach_user_id,
        code=listed.code,
    )


def _shortly_marked(listed: Listed, mark: Mark) -> str:
    """What a mark says about a code in a few words, which a phone shows whole."""
    sides = {Mark.SEEN: Side.SEEN, Mark.SIGNAL: Side.SIGNAL}
    said = f"{listed.code} {MARKS[mark][1]}"
    return f"{said}: {pad_name(listed, sides[mark])}" if mark in sides else said


def _marked(listed: Listed, mark: Mark) -> str:
    """What a mark says about a code, as plain text."""
    names = {Mark.SEEN: listed.counterpart, Mark.SIGNAL: listed.signal}
    said = f"{listed.code} {MARKS[mark][1]}"
    return f"{said}: {names[mark]}" if mark in names else said


def _line(listed: Listed, mark: Mark | None) -> str:
    """A code and its mark on a sheet that can only be read."""
    if mark is None:
        return f"- {listed.code} not answered"
    return cut(f"- {MARKS[mark][0]} {safe(_marked(listed, mark))}", 200)


def _state(page: SheetPage, *, is_released: bool) -> str:
    at, is_own = page.sheet.handed_in_at, page.sheet.is_own
    if at is None and is_released:
        return "You have seen your feedback, so this is no longer asked."
    if at is None:
        return "Every choice is kept at once. What you leave out counts as “could not tell”."
    if is_released:
        why = "You have seen your feedback" if is_own else "The coach has it"
        return f"✅ Handed in at {moment(at, 't')}. {why}, so it can no longer be changed."
    until = "you see your feedback" if is_own else "the coach has it"
    return f"✅ Handed in at {moment(at, 't')}. You can change it until {until}."


def _buttons(page: SheetPage, *, is_released: bool) -> list[Component]:
    sheet = page.sheet
    round_id = sheet.round_id
    about: dict[str, Any] = {"round_id": round_id, "coach_id": sheet.coach_user_id}
    is_done = is_released or sheet.handed_in_at is not None
    first = [] if is_done else [HAND_IN.button(**about)]
    if page.filled:
        which = sum(1 << place for place, one in enumerate(page.listed) if one.code in page.filled)
        first.append(TAKE_REST_BACK.button(which=which, **about))
    elif not is_released and any(one.code not in sheet.marks for one in page.listed):
        first.append(NO_OCCASION_ELSE.button(**about))
    if not sheet.is_own:
        return [*first, BACK_TO_PAD.button(round_id=round_id)]
    if not is_done:
        return [*first, SKIP_OWN_VIEW.button(round_id=round_id)]
    return [
        *first,
        LOOK_AGAIN.button(round_id=round_id, label="To my feedback", style=Style.primary),
    ]
