"""The plan of an evening: format, rounds, minutes, seats, rooms, and which format fits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial

import discord

from bot.content.model.content import Content
from bot.content.model.formats import Format
from bot.content.model.refusals import FormatUnknown
from bot.dojos.ui.words import format_facts
from bot.gatherings.actions import CHANGE_PLAN, FORM_GROUPS, OPEN_PANEL, PLAN_FORM, TAKE_PLAN
from bot.gatherings.model.gathering import (
    FEWEST_GUESTS,
    MOST_GUESTS,
    MOST_ROUNDS,
    Gathering,
    Grouping,
    Places,
)
from bot.gatherings.model.plan import Plan
from bot.gatherings.model.plan_of import fitting, remedies
from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.leading import GatheringLeading
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.ui.hall import Hall
from bot.gatherings.ui.panel.live import LIVES, panels_of, until_line
from bot.gatherings.ui.shared import facilitated, while_open, words_of
from bot.gatherings.ui.words import (
    ACCENT,
    GROUPING,
    PLACES,
    counted,
    planner_line,
    planner_lines,
    remedy_text,
)
from bot.kit.discord.actions import FormShown, Style, field, menu_field, text_field
from bot.kit.discord.answers import answer_in_place, show_form, wait_for
from bot.kit.discord.cards import Part, card, line, row
from bot.kit.discord.explain import explain
from bot.kit.discord.forms import Typed, choices, one
from bot.kit.discord.interactions import Interaction, View, client_of, person_of, services_of
from bot.kit.discord.text import cut, plural, safe
from bot.rounds.model.refusals import AlreadyDone

PLAN = "### 📋 The plan of the evening"
"""The title once what was done to it is no news any more."""
LONGEST_EVENING = 480
"""Minutes."""
FRESH, VOICE = "fresh", "voice"


def plan_card(
    gathering: Gathering,
    content: Content,
    plan: Plan,
    *,
    title: str,
    note: str = "",
    until: datetime | None = None,
    in_hall: Sequence[str] = (),
) -> View:
    """The plan as facilitators see it, with what would fit better, and the way on.

    `until` is when the card ends to keep itself true; `in_hall`, who sits in voice and is not in.
    """
    id_, formats = gathering.id, content.formats.values()
    remedy = remedy_text(remedies(gathering, formats, plan))
    places, grouping = PLACES[gathering.places], GROUPING[gathering.grouping]
    lines = [
        f"📋 **{safe(gathering.format.name)}** · {format_facts(gathering.format)}",
        (
            f"-# {plural(gathering.rounds, 'round')} · {grouping} · {places} ·"
            f" {plural(gathering.seats, 'seat')}"
        ),
        *planner_lines(plan, gathering.minutes, remedy),
    ]
    parts: list[Part] = [title, note, "\n".join(in_hall), "\n".join(lines)]
    buttons = [
        FORM_GROUPS.button(gathering_id=id_, style=Style.primary),
        CHANGE_PLAN.button(gathering_id=id_),
        OPEN_PANEL.button(gathering_id=id_),
    ]
    better = fitting(gathering, formats, plan)
    if better is not None:
        parts += [line(), f"💡 What fits: {planner_line(better)}"]
        label = f"Take it: {counted(better.rounds, 'round')}"
        about = {"format_id": better.format.id, "rounds": better.rounds}
        buttons.append(TAKE_PLAN.button(gathering_id=id_, label=label, **about))
    elif gathering.minutes is None:
        parts.append("-# Say how long the evening may last, and I say which format fits.")
    kept = until_line(until, way="Panel") if until is not None else ""
    return card(*parts, row(*buttons), kept, accent=ACCENT)


async def show_plan(
    interaction: Interaction, gathering: Gathering, *, title: str, note: str = ""
) -> None:
    """Show the plan; it keeps itself true as the panel does, while people join and when it ends.

    `title` and `note` say what has just been done, until the evening goes on.
    """
    services, panels = services_of(interaction), panels_of(interaction)
    was_being_edited = panels.rest(interaction, gathering.id)
    until = services[LiveGatherings].now() + LIVES

    async def draw(current: Gathering) -> View:
        if not current.is_open:
            return card(explain(CannotGather("over"), client_of(interaction).mention_command))
        content, plan = await words_of(interaction, current)
        is_news = (current.stage, current.number) == (gathering.stage, gathering.number)
        said = {"title": title, "note": note} if is_news else {"title": PLAN}
        return plan_card(
            current, content, plan, until=until, in_hall=services[Hall].lines(current), **said
        )

    view = await draw(gathering)
    await answer_in_place(interaction, view)
    panels.keep(interaction, gathering, draw, view, is_unsure=was_being_edited)


@CHANGE_PLAN.pressed
@while_open
async def ask_plan(interaction: Interaction, gathering_id: int) -> None:
    """Open the form for facilitators, filled with what holds now."""
    gathering = facilitated(interaction, gathering_id)
    content, _ = await words_of(interaction, gathering)
    await show_form(interaction, _form(gathering, content))


def _form(gathering: Gathering, content: Content) -> FormShown:
    formats = [
        (one.id, one.name, cut(format_facts(one), 100))
        for one in _formats(content, gathering.format)
    ]
    numbers = range(max(gathering.number, 1), MOST_ROUNDS + 1)
    rounds = [(str(number), plural(number, "round"), "") for number in numbers]
    return PLAN_FORM.form(
        menu_field("Format of the rounds", "format", formats, [gathering.format.id]),
        menu_field("Rounds", "rounds", rounds, [str(gathering.rounds)]),
        text_field(
            "Minutes the evening may last",
            "minutes",
            most=4,
            filled=str(gathering.minutes or ""),
            description="With opening, moves and harvest. Empty: as long as the rounds take.",
        ),
        text_field(
            "Seats",
            "seats",
            most=3,
            filled=str(gathering.seats),
            description=f"From {FEWEST_GUESTS} to {MOST_GUESTS}; who comes later waits in line.",
            required=True,
        ),
        field(
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
        ),
        gathering_id=gathering.id,
    )


@PLAN_FORM.submitted
@while_open
async def change_plan(interaction: Interaction, typed: Typed, gathering_id: int) -> None:
    """Take all of it; where a number cannot be read, say so and leave it as it was."""
    gathering = facilitated(interaction, gathering_id)
    content, _ = await words_of(interaction, gathering)
    format_id = one(typed, "format", gathering.format.id)
    known = {entry.id: entry for entry in _formats(content, gathering.format)}
    if format_id not in known:
        raise FormatUnknown(format_id)
    minutes, odd_minutes = _number(one(typed, "minutes"), gathering.minutes or 0)
    seats, odd_seats = _number(one(typed, "seats"), gathering.seats)
    rounds, _ = _number(one(typed, "rounds"), gathering.rounds)
    how = choices(typed, "how", (FRESH, VOICE))
    await wait_for(interaction)
    change = partial(
        services_of(interaction)[GatheringLeading].change_plan,
        gathering_id,
        person_of(interaction),
        format_=known[format_id],
        rounds=rounds,
        minutes=min(minutes, LONGEST_EVENING),
        seats=min(max(seats, FEWEST_GUESTS), MOST_GUESTS),
        grouping=Grouping.FRESH if FRESH in how else Grouping.STAY,
        places=Places.VOICE if VOICE in how else Places.THREADS,
    )
    await _change(interaction, gathering_id, change, _odd(minutes=odd_minutes, seats=odd_seats))


def _formats(content: Content, format_: Format) -> list[Format]:
    """The formats of the dojo, and first the one that holds, should it not be among them now."""
    formats = list(content.formats.values())
    if format_.id not in content.formats:
        formats = [format_, *formats[: 25 - 1]]
    return formats


def _number(text: str, before: int) -> tuple[int, bool]:
    """The number that was typed, 0 for nothing, and whether it was no number."""
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


@TAKE_PLAN.pressed
@while_open
async def take_plan(
    interaction: Interaction, gathering_id: int, format_id: str, rounds: int
) -> None:
    """Change format and rounds to those that fit."""
    gathering = facilitated(interaction, gathering_id)
    content, _ = await words_of(interaction, gathering)
    format_ = content.formats.get(format_id)
    if format_ is None:
        raise FormatUnknown(format_id)
    await wait_for(interaction)
    leading, person = services_of(interaction)[GatheringLeading], person_of(interaction)
    change = partial(leading.change_plan, gathering_id, person, format_=format_, rounds=rounds)
    await _change(interaction, gathering_id, change)


async def _change(
    interaction: Interaction,
    gathering_id: int,
    change: Callable[[], Awaitable[Gathering]],
    note: str = "",
) -> None:
    """Change the plan, and show it as it is then."""
    title = "### 📋 The plan is changed"
    try:
        await change()
    except AlreadyDone:
        title = "### 📋 The plan is as it was"
    await show_plan(interaction, facilitated(interaction, gathering_id), title=title, note=note)
