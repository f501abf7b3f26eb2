"""`/dojo rehearse`: an evening with made-up people, to see groups, roles and times beforehand."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import datetime
from typing import Any

from bot.content.model.formats import Format
from bot.gatherings.actions import REHEARSE
from bot.gatherings.grouping.groups import Group
from bot.gatherings.model.dry_run import Rehearsal, RehearsedRound, rehearse
from bot.gatherings.model.gathering import Grouping
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.ui.words import GROUPING, counted, planner_lines
from bot.kit.discord.answers import defer, redraw, reply
from bot.kit.discord.cards import Component, card, row, turning
from bot.kit.discord.interactions import Interaction, View, person_of, services_of
from bot.kit.discord.text import joined, moment, paged, plural
from bot.rounds.model.round import Role
from bot.rounds.ui.beginning.start import dojo_here, format_named
from bot.rounds.ui.words import ROLE

ACCENT = 0x8A7CA8
PAGE_TEXT = 2_600
_NAMES = (
    "Ada Ben Cleo Dina Emil Fay Gus Hana Ivo June Kofi Lena Milo Nora Otto Pia Quin Rosa Sam Tess"
    " Uma Vera Wim Xena Yara Zeno Amir Bea Cato Dora Eli Finn Gita Hugo Ines Jan Kaya Luca Mina"
    " Noel Oda Per Rafa Suki Theo Ugo Vito Wanda Yuki Zoe Alma Bram Chen Dev Elsa Fred Gaia Hal"
    " Isa Joel"
)
NAMES = tuple(_NAMES.split())
"""As many as an evening can have people."""
_OTHER = {Grouping.STAY: Grouping.FRESH, Grouping.FRESH: Grouping.STAY}


async def start_rehearsal(
    interaction: Interaction, people: int, rounds: int, format_name: str | None
) -> None:
    """Answer with an evening. Raises DojoUnknown, NotAllowed and FormatUnknown."""
    dojo, content = await dojo_here(interaction)
    dojo.check_may_configure(person_of(interaction))
    name = format_name or content.format_or_default(dojo.settings.format_id).id
    format_ = format_named(content, name)
    await defer(interaction, ephemeral=True, thinking=True)
    # Another command, other groups; pages of one answer show the same ones.
    seed = interaction.id % 2**31
    played = await _played(interaction, people, rounds, format_, Grouping.STAY, seed)
    begins_at = services_of(interaction)[LiveGatherings].now()
    await reply(interaction, rehearsal_card(played, begins_at, seed))


async def _played(
    interaction: Interaction,
    people: int,
    rounds: int,
    format_: Format,
    grouping: Grouping,
    seed: int,
) -> Rehearsal:
    _, content = await dojo_here(interaction)
    formats = tuple(content.formats.values())
    return await asyncio.to_thread(
        rehearse, people, rounds, format_, formats, grouping=grouping, seed=seed
    )


def rehearsal_card(played: Rehearsal, begins_at: datetime, seed: int, page: int = 0) -> View:
    """An evening that begins at `begins_at`, one page of it."""
    blocks = [_round_block(number, one, begins_at) for number, one in enumerate(played.rounds, 1)]
    blocks.append(_turns_block(played))
    pages = paged(blocks, most_text=PAGE_TEXT)
    page = min(page, len(pages) - 1)
    plan, grouping = played.plan, played.grouping
    met = ""
    if grouping is Grouping.FRESH and played.repeats:
        met = f"; two people are together once more {counted(played.repeats, 'time')}"
    elif grouping is Grouping.FRESH and len(played.rounds) > 1:
        met = "; no two people are together twice"
    head = [
        "### 🎭 Rehearsal: nobody is told, nothing is stored",
        *planner_lines(plan, None),
        f"🔁 {GROUPING[grouping].capitalize()}{met}.",
    ]
    other = _OTHER[grouping]

    def button(why: str, **changed: Any) -> Component:  # noqa: ANN401 - as `Button.button`
        """Leads to the same evening, but for what is changed."""
        same = {"how": grouping, "page": 0, "seed": seed, "format_id": plan.format.id}
        about = {**same, "people": plan.people, "rounds": plan.rounds, **changed}
        return REHEARSE.button(why=why, **about)

    return card(
        "\n".join(head),
        *pages[page],
        row(
            button("switch", label=GROUPING[other].capitalize(), emoji="🔁", how=other),
            button("again", seed=(seed + 1) % 2**31),
        ),
        *turning(
            page, len(pages), lambda to, label: button("page", label=label, emoji="", page=to)
        ),
        "-# The names are made up. The times are as if it began now, without pauses.",
        accent=ACCENT,
    )


def _round_block(number: int, one: RehearsedRound, begins_at: datetime) -> str:
    rooms_at, clock_at, back_at = (
        moment(begins_at + after, "t") for after in (one.rooms_at, one.clock_at, one.back_at)
    )
    lines = [f"**Round {number}** · to the rooms {rooms_at}, clock {clock_at}, back {back_at}"]
    lines += [f"{at}. {_group_text(group)}" for at, group in enumerate(one.draw.groups, 1)]
    return "\n".join(lines)


def _group_text(group: Group) -> str:
    texts = [f"{ROLE[group.role_of(who)][0]} {_name(who)}" for who in group.people[:2]]
    if group.observers:
        texts.append(f"{ROLE[Role.OBSERVER][0]} {', '.join(map(_name, group.observers))}")
    return " · ".join(texts)


def _turns_block(played: Rehearsal) -> str:
    by_turns: defaultdict[int, list[str]] = defaultdict(list)
    for number, turns in played.coached.items():
        by_turns[turns].append(_name(number))
    lines = ["**Who coaches how often**"]
    for turns in sorted(by_turns, reverse=True):
        names = by_turns[turns]
        often = f"{turns} ×" if turns else "not this time, and so owed a turn"
        # All of them is said shorter.
        who = "everybody" if len(by_turns) == 1 else joined(names)
        lines.append(f"{often}: {who} ({plural(len(names), 'person', 'people')})")
    return "\n".join(lines)


def _name(number: int) -> str:
    return NAMES[number - 1]


@REHEARSE.pressed
async def show_rehearsal(
    interaction: Interaction,
    why: str,
    how: str,
    page: int,
    people: int,
    rounds: int,
    seed: int,
    format_id: str,
) -> None:
    """Play the evening on the button, and show it in the same place."""
    del why
    dojo, content = await dojo_here(interaction)
    dojo.check_may_configure(person_of(interaction))
    format_ = format_named(content, format_id)
    people = min(max(people, 2), len(NAMES))
    await defer(interaction)
    played = await _played(interaction, people, max(rounds, 1), format_, Grouping(how), seed)
    begins_at = services_of(interaction)[LiveGatherings].now()
    await redraw(interaction, rehearsal_card(played, begins_at, seed, page))
