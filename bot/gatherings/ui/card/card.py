"""The card of a gathering in its dojo: for everybody, from the first to join to the last words."""

from __future__ import annotations

from datetime import datetime

from bot.content.model.content import Content
from bot.gatherings.actions import (
    CHECK_OUT,
    CLOSE,
    FORM_GROUPS,
    JOIN,
    LEAVE,
    MY_WISHES,
    NEXT_ROUND,
    OPEN_PANEL,
)
from bot.gatherings.model.gathering import Gathering, Places, Stage
from bot.gatherings.model.harvest import Plenary
from bot.gatherings.model.plan import Plan
from bot.gatherings.model.plan_of import over_by, remedies
from bot.gatherings.model.seats import NOBODY
from bot.gatherings.ui.card.harvest import harvest_parts
from bot.gatherings.ui.words import (
    ACCENT,
    CLOSING,
    GROUPING,
    PLACES,
    group_lines,
    guests_lines,
    people_text,
    planner_lines,
    remedy_text,
)
from bot.kit.discord.actions import Style
from bot.kit.discord.cards import Component, Part, card, line, row
from bot.kit.discord.interactions import View
from bot.kit.discord.text import minute_of, moment, plural, safe
from bot.rounds.model.round import RoomKind
from bot.rounds.ui.shared import mention
from bot.rounds.ui.words import SEGMENT, clock_text

MOST_WAITING = 25
"""Named one by one on the waiting list."""
GROUPS_TEXT = 3_200
"""Characters for the groups on one card."""


def gathering_card(
    gathering: Gathering, content: Content, plan: Plan, plenary: Plenary | None, now: datetime
) -> View:
    """The card as it is now; `plenary` is what may be shown once the last round is over."""
    match gathering.stage:
        case Stage.OPEN:
            parts = _open(gathering, content, plan, now)
        case Stage.BOARDING | Stage.RUNNING:
            parts = _in_rooms(gathering)
        case Stage.RETURNING:
            parts = _returning(gathering)
        case Stage.BETWEEN:
            parts = _between(gathering, content, plenary)
        case Stage.ENDED:
            parts = _ended(gathering, content, plenary)
    return card(*parts, accent=ACCENT)


def closed_gathering_card(gathering: Gathering) -> View:
    """What is left of a card when a newer one is posted further down."""
    which = f"Round {gathering.number} of {gathering.rounds}" if gathering.number else "Joining"
    return card(
        f"### 🌱 A gathering · {safe(gathering.format.name)}",
        f"-# {which}: this card is closed. The newest card of the gathering is further down.",
        accent=ACCENT,
    )


# Before the first round


def _open(gathering: Gathering, content: Content, plan: Plan, now: datetime) -> list[Part]:
    lead = gathering.facilitator_user_id
    remedy = remedy_text(remedies(gathering, content.formats.values(), plan))
    until = minute_of(over_by(plan, now))
    opened = f"-# Opened by {mention(lead)}" if lead else "-# Opened"
    where = f", meeting in <#{gathering.voice_id}>" if gathering.voice_id else ""
    planned = [
        *planner_lines(plan, gathering.minutes, remedy),
        "" if plan.sizes else _planned(gathering),
        f"-# {GROUPING[gathering.grouping].capitalize()}; {PLACES[gathering.places]}",
        f"-# If it begins now, it is over by {until}" if plan.sizes else "",
    ]
    form = FORM_GROUPS.button(gathering_id=gathering.id, style=Style.primary)
    return [
        "### 🌱 A gathering is open: practise with us",
        "\n".join(filter(None, planned)),
        line(),
        _people(gathering),
        (
            f"{opened} {moment(gathering.opened_at, 'R')}{where}. One tap on **Join** is enough;"
            " what you wish is remembered here."
        ),
        _everybody(gathering),
        row(form, OPEN_PANEL.button(gathering_id=gathering.id)),
    ]


def _planned(gathering: Gathering) -> str:
    """What is planned, while there are too few people for the planner to say it."""
    rounds, minutes = plural(gathering.rounds, "round"), clock_text(gathering.format.total)
    return f"📋 {rounds} of {safe(gathering.format.name)}, {minutes} each"


def _people(gathering: Gathering) -> str:
    here = gathering.here
    seats = f" of {gathering.seats}" if gathering.waiting or len(here) >= gathering.seats else ""
    lines = [f"**In: {len(here)}{seats}**", *guests_lines(here)]
    waiting = [guest.user_id for guest in gathering.waiting]
    if waiting:
        lines.append(f"⏳ Waiting, in this order: {people_text(waiting, most=MOST_WAITING)}")
    return "\n".join(lines)


def _count(gathering: Gathering) -> str:
    """How many there are, where what was noticed needs the space."""
    waiting = len(gathering.waiting)
    people = plural(len(gathering.here), "person", "people")
    return f"-# {people} in" + (f", {waiting} waiting for a seat" if waiting else "")


# Rounds


def _in_rooms(gathering: Gathering) -> list[Part]:
    which = f"Round {gathering.number} of {gathering.rounds}"
    if gathering.stage is Stage.BOARDING:
        due = f" at the latest {moment(gathering.due_at, 'R')}" if gathering.due_at else ""
        title = f"### 🚪 {which}: to your rooms"
        what = (
            "Go to your room and answer the agreement there. All clocks start together when"
            f" everybody has answered,{due or ' soon'}."
        )
        if gathering.places is Places.VOICE:
            what += "\n-# Whoever is in voice is moved; all others go by the link."
    else:
        what = "Each room has its own clock"
        if any(NOBODY in group.people for group in gathering.groups):
            what += "; one with a free seat waits for its coach or client"
        title, what = f"### ⏱️ {which} is running", f"{what}."
        if gathering.due_at is not None:
            what += f" The last one is done at about {moment(gathering.due_at, 't')}."
        else:
            title = f"### ⏸️ {which}: no clock is running"
            what = (
                "A room goes on once it has its coach and client, and nobody keeps it paused."
                " Who takes a free seat there does so with one press."
            )
    now = " · ".join(f"{SEGMENT[one].emoji} {SEGMENT[one].title}" for one in gathering.parts)
    if now and gathering.stage is Stage.RUNNING:
        what = f"{what}\n**Now:** {now}"
    rooms = {room.number: room for room in gathering.rooms}
    groups = group_lines(gathering.groups, rooms, most_text=GROUPS_TEXT)
    return [
        title,
        what,
        line(),
        "\n".join(groups) or "No groups.",
        f"-# {_way_in(gathering)}{_late(gathering)}",
        _everybody(gathering, OPEN_PANEL.button(gathering_id=gathering.id)),
    ]


def _late(gathering: Gathering) -> str:
    """What who comes late can do; nobody is promised a round that is not planned."""
    if gathering.is_last:
        return "Come late? Press **Join**: you observe this round, the last one."
    return "Come late? Press **Join**: you observe now and are in the draw for the next round."


def _way_in(gathering: Gathering) -> str:
    """How people find a room that is not linked here."""
    if all(room.kind is not RoomKind.PRIVATE_THREAD for room in gathering.rooms):
        return ""
    return "Your room has mentioned you; it is below this channel in the list. "


def _returning(gathering: Gathering) -> list[Part]:
    where = f"<#{gathering.voice_id}>" if gathering.voice_id else f"<#{gathering.channel_id}>"
    when = f" {moment(gathering.due_at, 'R')}" if gathering.due_at else ""
    return [
        f"### 🔔 Round {gathering.number} of {gathering.rounds} is over: come back",
        f"Finish your sentence, thank each other. We are together again in {where}{when}.",
        _everybody(gathering, OPEN_PANEL.button(gathering_id=gathering.id)),
    ]


def _between(gathering: Gathering, content: Content, plenary: Plenary | None) -> list[Part]:
    id_, after = gathering.id, gathering.number
    title = f"### ☕ Together again: {after} of {plural(gathering.rounds, 'round')} done"
    if plenary is None:
        return [
            title,
            (
                "A breath before the next round. What was noted belongs to the coaches: nobody owes"
                " the others a word about it."
            ),
            _people(gathering),
            _everybody(gathering),
            row(
                NEXT_ROUND.button(gathering_id=id_, after=after, style=Style.primary),
                FORM_GROUPS.button(gathering_id=id_),
                OPEN_PANEL.button(gathering_id=id_),
            ),
        ]
    return [
        title,
        *harvest_parts(gathering, content, plenary),
        line(),
        _count(gathering),
        _everybody(gathering, CHECK_OUT.button(gathering_id=id_)),
        row(
            CLOSE.button(gathering_id=id_, style=Style.primary),
            NEXT_ROUND.button(gathering_id=id_, after=after, label="One more round"),
            OPEN_PANEL.button(gathering_id=id_),
        ),
    ]


def _ended(gathering: Gathering, content: Content, plenary: Plenary | None) -> list[Part]:
    closing = CLOSING[gathering.closing] if gathering.closing else ""
    ended = f"-# {moment(gathering.ended_at)}" if gathering.ended_at else ""
    title, what = "### 📭 The gathering did not take place", ""
    if gathering.number:
        title = "### 🌿 The gathering is over"
        what = f"-# {plural(gathering.number, 'round')} · {safe(gathering.format.name)}"
    parts: list[Part] = [title, "\n".join(filter(None, (closing, what, ended)))]
    if gathering.number and plenary is not None:
        parts += [line(), *harvest_parts(gathering, content, plenary)]
    return parts


def _everybody(gathering: Gathering, *more: Component) -> Component:
    """What everybody can press, and what is for some beside it."""
    return row(*(one.button(gathering_id=gathering.id) for one in (JOIN, LEAVE, MY_WISHES)), *more)
