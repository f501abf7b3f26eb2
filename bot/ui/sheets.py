"""The sheet: all codes at a glance at the end of a round. Every choice is kept as it is made."""

from __future__ import annotations

from typing import Any

import discord

from bot.domain.debriefs import Listed
from bot.domain.sheets import Mark
from bot.services.sheets import SheetPage, SheetService
from bot.ui.answers import redraw, reply
from bot.ui.components import DojoMenu, Part, card, row
from bot.ui.debrief_live import waiting_cards_of
from bot.ui.gathering_panel_live import panels_of
from bot.ui.interactions import Interaction, View, services_of
from bot.ui.note_texts import PARTNERING, PULLED_AWAY
from bot.ui.round_steps import ROUND, RoundButton, button_to, mention
from bot.ui.texts import cut, moment, safe

ACCENT = 0x6B5BA8
COACH = r"(?P<coach_id>\d{1,20})"
NOTHING = "none"
MARKS: dict[Mark, tuple[str, str]] = {
    Mark.SEEN: (PARTNERING, "partnering"),
    Mark.SIGNAL: (PULLED_AWAY, "pulled away"),
    Mark.BOTH: ("⚖️", "both"),
    Mark.NO_OCCASION: ("➖", "no occasion"),
    Mark.COULD_NOT_TELL: ("❔", "could not tell"),
}


def sheets_of(interaction: Interaction) -> SheetService:
    """The bot's sheets."""
    return services_of(interaction).sheets


async def open_sheet(interaction: Interaction, round_id: int, *, in_place: bool) -> None:
    """Show the person's sheet; with several coaches to judge, ask which."""
    sheets, user_id = sheets_of(interaction), interaction.user.id
    judged = await sheets.judged_by(round_id, user_id)
    show = redraw if in_place else reply
    if len(judged) == 1:
        page = await sheets.page(round_id, user_id, judged[0])
        await show(interaction, await sheet_view(interaction, page))
        return
    buttons = [OneSheet(round_id, one, label=f"Coach {at}") for at, one in enumerate(judged, 1)]
    lines = [f"{at}. {mention(one)}" for at, one in enumerate(judged, 1)]
    rows = [row(*buttons[at : at + 3]) for at in range(0, len(buttons), 3)]
    await show(
        interaction,
        card("### 🗒️ A sheet for each coach", "\n".join(lines), *rows, accent=ACCENT),
    )


async def open_own(interaction: Interaction, round_id: int, *, in_place: bool) -> None:
    """Show the coach's own sheet."""
    user_id = interaction.user.id
    page = await sheets_of(interaction).page(round_id, user_id, user_id)
    await (redraw if in_place else reply)(interaction, await sheet_view(interaction, page))


async def sheet_view(interaction: Interaction, page: SheetPage) -> View:
    """A sheet as it is to be seen now."""
    sheet = page.sheet
    if sheet.handed_in_at is None and not sheet.is_own:
        return sheet_card(page)
    found = await services_of(interaction).debriefs.process(sheet.round_id)
    released = {one.coach_user_id for one in found if one.is_released}
    return sheet_card(page, is_released=sheet.coach_user_id in released)


def sheet_card(page: SheetPage, *, is_released: bool = False) -> View:
    """A sheet as it is on disk; `is_released`: the coach has it, so it can only be looked at."""
    sheet = page.sheet
    head = (
        "### 🪞 My own view\nBefore you see what others noted: what did you notice yourself?"
        if sheet.is_own
        else f"### 🗒️ My sheet about {mention(sheet.coach_user_id)}\nOver the whole coaching. What"
        " you noted is filled in; your judgement counts, not the number of taps."
    )
    rows: list[Part] = (
        ["\n".join(_line(one, sheet.marks.get(one.code)) for one in page.listed)]
        if is_released
        else [
            row(
                ChooseMark(
                    sheet.round_id, sheet.coach_user_id, one.code, one, sheet.marks.get(one.code)
                )
            )
            for one in page.listed
        ]
    )
    parts: list[Part] = [
        head,
        *rows,
        f"-# {_state(page, is_released=is_released)}",
        row(*_buttons(page, is_released=is_released)),
    ]
    return card(*parts, accent=ACCENT)


def _marked(listed: Listed, mark: Mark) -> str:
    """What a mark says of a code, as plain text for a menu."""
    names = {Mark.SEEN: listed.counterpart, Mark.SIGNAL: listed.signal}
    said = f"{listed.code} {MARKS[mark][1]}"
    return f"{said}: {names[mark]}" if mark in names else said


def _line(listed: Listed, mark: Mark | None) -> str:
    """A code and its mark on a sheet that can only be looked at."""
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
        return f"✅ Handed in {moment(at, 'R')}. {why}, so it can no longer be changed."
    until = "you see your feedback" if is_own else "the coach has it"
    return f"✅ Handed in {moment(at, 'R')}. You can change it until {until}."


def _buttons(page: SheetPage, *, is_released: bool) -> list[discord.ui.Item[Any]]:
    sheet, round_id = page.sheet, page.sheet.round_id
    is_done = is_released or sheet.handed_in_at is not None
    hand_in = [] if is_done else [HandIn(round_id, sheet.coach_user_id)]
    if not sheet.is_own:
        return [*hand_in, button_to(round_id, "pad-again", "Back to the pad", emoji="📝")]
    if hand_in:
        return [*hand_in, button_to(round_id, "own-skip", "Skip", emoji="⏭️")]
    return [button_to(round_id, "look-again", "To my feedback", emoji="🎁", is_first=True)]


class ChooseMark(
    DojoMenu, template=rf"{ROUND}:mark:{COACH}:(?P<code>[A-Z][A-Z0-9]{{0,3}})", is_own=True
):
    """The judgement of one code."""

    def __init__(
        self,
        round_id: str | int,
        coach_id: str | int,
        code: str,
        listed: Listed | None = None,
        mark: Mark | None = None,
    ) -> None:
        self.round_id, self.coach_id, self.code = int(round_id), int(coach_id), code
        about = f"round:{round_id}:mark:{coach_id}:{code}"
        if listed is None:
            super().__init__(about, "…")
            return
        options = [
            discord.SelectOption(
                label=cut(_marked(listed, one), 100),
                value=one.value,
                emoji=emoji,
                default=one is mark,
            )
            for one, (emoji, _) in MARKS.items()
        ]
        if mark is not None:
            options.append(discord.SelectOption(label=f"{code} not answered", value=NOTHING))
        half = 44
        placeholder = f"{code} {cut(listed.counterpart, half)} / {cut(listed.signal, half)}"
        super().__init__(about, cut(placeholder, 150), options)

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Keep it, and show the sheet as it is then."""
        mark = None if choice == NOTHING else Mark(choice)
        page = await sheets_of(interaction).mark(
            self.round_id, interaction.user.id, self.coach_id, self.code, mark
        )
        await redraw(interaction, await sheet_view(interaction, page))


class HandIn(RoundButton, template=rf"{ROUND}:hand-in:{COACH}", is_own=True):
    """Hands a sheet in."""

    def __init__(self, round_id: str | int, coach_id: str | int) -> None:
        self.coach_id = int(coach_id)
        green = discord.ButtonStyle.success
        super().__init__(round_id, f"hand-in:{coach_id}", "Hand in", emoji="📨", style=green)

    async def pressed(self, interaction: Interaction) -> None:
        """Hand it in as it is, and say so."""
        sheets, user_id = sheets_of(interaction), interaction.user.id
        page = await sheets.hand_in(self.round_id, user_id, self.coach_id)
        await redraw(interaction, await sheet_view(interaction, page))
        waiting_cards_of(interaction).touch(self.round_id)
        if page.round.gathering_id is not None:
            panels_of(interaction).touch(page.round.gathering_id)


class OneSheet(RoundButton, template=rf"{ROUND}:sheet:{COACH}", is_own=True):
    """Opens the sheet about one of several coaches."""

    def __init__(self, round_id: str | int, coach_id: str | int, *, label: str = "…") -> None:
        self.coach_id = int(coach_id)
        super().__init__(round_id, f"sheet:{coach_id}", label, emoji="🗒️")

    async def pressed(self, interaction: Interaction) -> None:
        """Show it."""
        sheets, user_id = sheets_of(interaction), interaction.user.id
        page = await sheets.page(self.round_id, user_id, self.coach_id)
        await redraw(interaction, await sheet_view(interaction, page))


class MySheet(RoundButton, template=rf"{ROUND}:sheet", is_own=True):
    """Opens the person's sheet."""

    def __init__(self, round_id: str | int) -> None:
        primary = discord.ButtonStyle.primary
        super().__init__(round_id, "sheet", "My sheet", emoji="🗒️", style=primary)

    async def pressed(self, interaction: Interaction) -> None:
        """Show it in the place of the pad."""
        await open_sheet(interaction, self.round_id, in_place=True)


class OwnView(RoundButton, template=rf"{ROUND}:own", is_own=True):
    """Opens the coach's own sheet."""

    def __init__(self, round_id: str | int, *, is_first: bool = True) -> None:
        primary, secondary = discord.ButtonStyle.primary, discord.ButtonStyle.secondary
        style = primary if is_first else secondary
        super().__init__(round_id, "own", "My own view", emoji="🪞", style=style)

    async def pressed(self, interaction: Interaction) -> None:
        """Show it in the place of the card it is on."""
        await open_own(interaction, self.round_id, in_place=True)
