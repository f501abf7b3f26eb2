"""The plan of an evening: format, rounds, minutes, seats, rooms, and which format fits."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.domain.content import Content
from bot.domain.errors import AlreadyDone, FormatUnknown
from bot.domain.formats import Format
from bot.domain.gathering_plans import fitting, remedies
from bot.domain.gatherings import (
    FEWEST_GUESTS,
    MOST_GUESTS,
    MOST_ROUNDS,
    Gathering,
    Grouping,
    Places,
)
from bot.domain.planner import Plan
from bot.ui.answers import redraw, reply, show_form
from bot.ui.components import Part, card, line, row
from bot.ui.dojo_texts import format_facts
from bot.ui.forms import DojoForm, Typed, choices, one
from bot.ui.gathering_steps import (
    GATHER,
    GatherButton,
    button_to,
    facilitated,
    gatherings_of,
    is_private,
    panel_button,
    wait_for,
    words_of,
)
from bot.ui.gathering_texts import (
    ACCENT,
    GROUPING,
    PLACES,
    counted,
    planner_line,
    planner_lines,
    remedy_text,
)
from bot.ui.interactions import Interaction, View, person_of
from bot.ui.texts import cut, plural, safe

LONGEST_EVENING = 480
"""Minutes."""
FRESH, VOICE = "fresh", "voice"


def plan_card(
    gathering: Gathering, content: Content, plan: Plan, *, title: str, note: str = ""
) -> View:
    """The plan as facilitators see it, with what would fit better, and the way on."""
    formats = content.formats.values()
    remedy = remedy_text(remedies(gathering, formats, plan))
    parts: list[Part] = [title]
    if note:
        parts.append(note)
    places, grouping = PLACES[gathering.places], GROUPING[gathering.grouping]
    parts.append(
        "\n".join(
            [
                f"📋 **{safe(gathering.format.name)}** · {format_facts(gathering.format)}",
                (
                    f"-# {plural(gathering.rounds, 'round')} · {grouping} · {places} ·"
                    f" {plural(gathering.seats, 'seat')}"
                ),
                *planner_lines(plan, gathering.minutes, remedy),
            ]
        )
    )
    better = fitting(gathering, formats, plan)
    buttons = [
        button_to(gathering.id, "form", "Form groups", emoji="🧩", is_first=True),
        ChangePlan(gathering.id),
        panel_button(gathering.id),
    ]
    if better is not None:
        parts += [line(), f"💡 What fits: {planner_line(better)}"]
        buttons.append(TakePlan(gathering.id, better.format.id, better.rounds))
    elif gathering.minutes is None:
        parts.append("-# Say how long the evening may last, and I say which format fits.")
    return card(*parts, row(*buttons), accent=ACCENT)


class PlanForm(DojoForm, template=rf"{GATHER}:plan"):
    """All that is planned of an evening."""

    def __init__(self, gathering: Gathering, content: Content) -> None:
        super().__init__(f"gather:{gathering.id}:plan", "The plan of the evening")
        formats = _with(content, gathering.format)
        self.field(
            "Format of the rounds",
            discord.ui.Select(
                custom_id="format",
                options=[
                    discord.SelectOption(
                        label=entry.name,
                        value=entry.id,
                        description=cut(format_facts(entry), 100),
                        default=entry.id == gathering.format.id,
                    )
                    for entry in formats
                ],
            ),
        )
        self.field(
            "Rounds",
            discord.ui.Select(
                custom_id="rounds",
                options=[
                    discord.SelectOption(
                        label=plural(number, "round"),
                        value=str(number),
                        default=number == gathering.rounds,
                    )
                    for number in range(max(gathering.number, 1), MOST_ROUNDS + 1)
                ],
            ),
        )
        self.field(
            "Minutes the evening may last",
            discord.ui.TextInput(
                custom_id="minutes",
                default=str(gathering.minutes or ""),
                required=False,
                max_length=4,
            ),
            description="With opening, moves and harvest. Empty: as long as the rounds take.",
        )
        self.field(
            "Seats",
            discord.ui.TextInput(custom_id="seats", default=str(gathering.seats), max_length=3),
            description=f"From {FEWEST_GUESTS} to {MOST_GUESTS}; who comes later waits in line.",
        )
        self.field(
            "Groups and rooms",
            discord.ui.CheckboxGroup(
                custom_id="how",
                required=False,
                min_values=0,
                max_values=2,
                options=[
                    discord.CheckboxGroupOption(
                        label="Fresh groups each round",
                        value=FRESH,
                        description="Otherwise they stay together and rotate their roles",
                        default=gathering.grouping is Grouping.FRESH,
                    ),
                    discord.CheckboxGroupOption(
                        label="Voice channels as rooms",
                        value=VOICE,
                        description="Otherwise threads",
                        default=gathering.places is Places.VOICE,
                    ),
                ],
            ),
        )

    @classmethod
    async def submitted(
        cls, interaction: Interaction, about: Mapping[str, str], typed: Typed
    ) -> None:
        """Take all of it; a number that is none stays as it was, and that is said."""
        gathering = facilitated(interaction, int(about["gathering_id"]))
        content, _ = await words_of(interaction, gathering)
        format_id = one(typed, "format", gathering.format.id)
        known = {entry.id: entry for entry in _with(content, gathering.format)}
        if format_id not in known:
            raise FormatUnknown(format_id)
        minutes, odd_minutes = _number(one(typed, "minutes"), gathering.minutes or 0)
        seats, odd_seats = _number(one(typed, "seats"), gathering.seats)
        rounds, _ = _number(one(typed, "rounds"), gathering.rounds)
        how = choices(typed, "how", (FRESH, VOICE))
        await wait_for(interaction)
        note = _odd(minutes=odd_minutes, seats=odd_seats)
        try:
            await gatherings_of(interaction).change_plan(
                gathering.id,
                person_of(interaction),
                format_=known[format_id],
                rounds=rounds,
                minutes=min(minutes, LONGEST_EVENING),
                seats=min(max(seats, FEWEST_GUESTS), MOST_GUESTS),
                grouping=Grouping.FRESH if FRESH in how else Grouping.STAY,
                places=Places.VOICE if VOICE in how else Places.THREADS,
            )
            title = "### 📋 The plan is changed"
        except AlreadyDone:
            title = "### 📋 The plan is as it was"
        await _show(interaction, gathering.id, title, note)


def _with(content: Content, format_: Format) -> list[Format]:
    """The formats of the dojo, and first the one that holds, should it be none of them now."""
    formats = list(content.formats.values())
    if format_.id not in content.formats:
        formats = [format_, *formats[: 25 - 1]]
    return formats


def _number(text: str, before: int) -> tuple[int, bool]:
    """The number that was typed, 0 for nothing, and whether it is none."""
    words = text.strip()
    if not words:
        return 0, False
    if not (words.isascii() and words.isdigit()):
        return before, True
    return int(words), False


def _odd(**fields: bool) -> str:
    odd = [name for name, is_odd in fields.items() if is_odd]
    if not odd:
        return ""
    return f"⚠️ I could not read the {' and the '.join(odd)}: a whole number, please."


async def _show(interaction: Interaction, gathering_id: int, title: str, note: str = "") -> None:
    gathering = facilitated(interaction, gathering_id)
    content, plan = await words_of(interaction, gathering)
    view = plan_card(gathering, content, plan, title=title, note=note)
    await (redraw if is_private(interaction) else reply)(interaction, view)


class ChangePlan(GatherButton, template=rf"{GATHER}:plan"):
    """Opens the form."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "plan", "Change the plan", emoji="✏️")

    async def pressed(self, interaction: Interaction) -> None:
        """Open it for facilitators, filled with what holds now."""
        gathering = facilitated(interaction, self.gathering_id)
        content, _ = await words_of(interaction, gathering)
        await show_form(interaction, PlanForm(gathering, content))


class TakePlan(
    GatherButton,
    template=rf"{GATHER}:take:(?P<format_id>[a-z0-9-]{{1,30}}):(?P<rounds>\d)",
):
    """Takes the plan that fits."""

    def __init__(self, gathering_id: str | int, format_id: str, rounds: str | int) -> None:
        self.format_id, self.rounds = format_id, int(rounds)
        about = f"take:{format_id}:{rounds}"
        label = f"Take it: {counted(self.rounds, 'round')}"
        super().__init__(gathering_id, about, label, emoji="💡")

    async def pressed(self, interaction: Interaction) -> None:
        """Change format and rounds to it."""
        gathering = facilitated(interaction, self.gathering_id)
        content, _ = await words_of(interaction, gathering)
        format_ = content.formats.get(self.format_id)
        if format_ is None:
            raise FormatUnknown(self.format_id)
        await wait_for(interaction)
        try:
            await gatherings_of(interaction).change_plan(
                gathering.id, person_of(interaction), format_=format_, rounds=self.rounds
            )
            title = "### 📋 The plan is changed"
        except AlreadyDone:
            title = "### 📋 The plan is as it was"
        await _show(interaction, gathering.id, title)
