"""The pad: one tap notes one side of a code, with its time; only the observer sees it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import discord

from bot.domain.content import Content
from bot.domain.debriefs import Listed
from bot.domain.errors import CannotNote
from bot.domain.notes import QUESTION, Side
from bot.domain.questions import Phase
from bot.domain.sheets import is_coaching_over
from bot.services.pads import Counts, Pad, PadService
from bot.ui.answers import acknowledge_repeat, redraw, reply
from bot.ui.components import PREFIX, DojoMenu, PreparedCard
from bot.ui.failures import answered
from bot.ui.gate import admit
from bot.ui.interactions import Interaction, View, client_of, services_of
from bot.ui.note_texts import (
    NOTED,
    PARTNERING,
    PULLED_AWAY,
    QUESTION_HEARD,
    in_time,
    note_line,
    read_noted,
)
from bot.ui.own_notes import released_view
from bot.ui.raw import Component, raw_button, raw_card, raw_row, raw_text
from bot.ui.round_steps import ROUND, RoundButton
from bot.ui.texts import cut, plural, safe

ACCENT = 0x6B5BA8
MOST_BUTTONED = 6
"""Codes with a row of their own; of longer lists the others are in a menu, for 40 parts at most."""
LONGEST_LABEL = 80
MOST_SHOWN = 8
"""Notes shown on a pad that is closed."""
_HEARD = [(phase, f"{QUESTION}:{phase.value}") for phase in Phase]
TAP = re.compile(re.escape(PREFIX) + rf"tap:(?P<round_id>\d{{1,19}}):{NOTED}")
"""What a tap notes. Taps are known by this alone and answered without the library's machinery for
buttons, which would first rebuild the whole pad from the message."""


def pads_of(interaction: Interaction) -> PadService:
    """The bot's pads."""
    return services_of(interaction).pads


async def open_pad(interaction: Interaction, round_id: int) -> None:
    """Answer with the person's pad; once the coach has the notes, with what became of them."""
    pad = await pads_of(interaction).look(round_id, interaction.user.id)
    await reply(interaction, await pad_view(interaction, pad))


async def pad_view(interaction: Interaction, pad: Pad) -> View:
    """The pad as it is to be seen now; once the coach has the notes, what became of them."""
    content = await pads_of(interaction).desk.content_of(pad.round)
    return await released_view(interaction, pad, content) or pad_card(pad, content)


def pad_card(pad: Pad, content: Content, *, is_refused: bool = False) -> PreparedCard:
    """The pad, ready to be tapped; after the coaching, what to do with the notes.

    `is_refused`: a tap has just come too late.
    """
    if is_coaching_over(pad.round) and pad.opening is None:
        return raw_card(_closed_parts(pad, content, is_refused=is_refused), ACCENT)
    counts, about = pad.counts, pad.round.id
    coach = pad.round.coach
    parts = [raw_text(_head(pad.focus, coach.wish if coach else ""))]
    parts.append(raw_text(_status(pad, content)))
    buttoned, others = _ordered(pad.listed, pad.focus)
    for one, is_watched, seen, signal in buttoned:
        row = _row_of(about, one, counts.get(seen, 0), counts.get(signal, 0), is_watched)
        parts.append(row)
    if others:
        parts.append(_code_menu(pad, others, counts))
    parts += _question_rows(pad, content, counts)
    parts.append(raw_row(*_controls(pad)))
    return raw_card(parts, ACCENT)


@lru_cache(maxsize=512)
def _ordered(
    listed: tuple[Listed, ...], focus: tuple[str, ...]
) -> tuple[list[tuple[Listed, bool, str, str]], list[Listed]]:
    """The codes with a row of their own, the focus first, and what their counts go by; the rest."""
    ordered = sorted(listed, key=lambda one: one.code not in focus)
    buttoned = [
        (one, one.code in focus, f"{one.code}:seen", f"{one.code}:signal")
        for one in ordered[:MOST_BUTTONED]
    ]
    return buttoned, ordered[MOST_BUTTONED:]


@lru_cache(maxsize=512)
def _head(focus: tuple[str, ...], wish: str) -> str:
    lines = ["### 📝 My pad"]
    watched = [f"**{code}**" for code in focus]
    wish = f"“{safe(wish)}”" if wish else ""
    if watched or wish:
        lines.append(
            "🔎 The coach asks you to watch: " + " · ".join([*watched, wish] if wish else watched)
        )
    lines.append(
        f"-# {PARTNERING} partnering · {PULLED_AWAY} pulled away · only you see this, until the"
        " coach gets it at the end"
    )
    return "\n".join(lines)


def _status(pad: Pad, content: Content) -> str:
    """What was just done, so that a tap is seen to have counted."""
    late = "⌛ The coaching is over; taps count for a few seconds more.\n"
    before = late if pad.opening is not None and pad.opening.is_late else ""
    if _is_just_undone(pad) and pad.taken_back is not None:
        line = note_line(pad.taken_back, pad.listed, content)
        return f"{before}↩️ Taken back: {line}\n-# {plural(len(pad.notes), 'note')} left"
    if pad.last is None:
        return before + "Listen. Tap once when you see or hear something; words can come later."
    line = note_line(pad.last, pad.listed, content)
    return f"{before}✅ {line}\n-# {plural(len(pad.notes), 'note')} so far"


def _label(text: str, count: int) -> str:
    counted = f" · {count}" if count else ""
    return cut(text, LONGEST_LABEL - len(counted)) + counted


@lru_cache(maxsize=1024)
def _row_of(round_id: int, one: Listed, seen: int, signals: int, is_watched: bool) -> Component:  # noqa: FBT001
    """A row as it stands between two taps: most rows are the same before and after one."""
    star = "★ " if is_watched else ""
    return raw_row(
        raw_button(
            f"tap:{round_id}:{one.code}:seen",
            _label(f"{star}{one.code} {one.counterpart}", seen),
            emoji=PARTNERING,
            style=discord.ButtonStyle.success,
        ),
        raw_button(
            f"tap:{round_id}:{one.code}:signal",
            _label(f"{one.code} {one.signal}", signals),
            emoji=PULLED_AWAY,
        ),
    )


def _code_menu(pad: Pad, listed: Sequence[Listed], counts: Counts) -> Component:
    options: list[Component] = []
    for one in listed:
        for side, emoji, name in (
            (Side.SEEN, PARTNERING, one.counterpart),
            (Side.SIGNAL, PULLED_AWAY, one.signal),
        ):
            label = _label(f"{one.code} {name}", counts.get(f"{one.code}:{side.value}", 0))
            value = f"{one.code}:{side.value}"
            options.append({"label": label, "value": value, "emoji": {"name": emoji}})
    menu = {
        "type": 3,
        "custom_id": f"{PREFIX}round:{pad.round.id}:more",
        "placeholder": "More of this dojo’s list…",
        "options": options,
    }
    return raw_row(menu)


def _question_rows(pad: Pad, content: Content, counts: Counts) -> list[Component]:
    buttons = [
        _question_button(pad.round.id, phase, content.phases[phase].label, counts.get(heard, 0))
        for phase, heard in _HEARD
    ]
    title = raw_text("-# ❓ A partnering question heard:")
    return [title, raw_row(*buttons[:3]), raw_row(*buttons[3:])]


@lru_cache(maxsize=1024)
def _question_button(round_id: int, phase: Phase, label: str, count: int) -> Component:
    about = f"tap:{round_id}:{QUESTION}:{phase.value}"
    return raw_button(about, _label(label, count), emoji=QUESTION_HEARD)


def _is_just_undone(pad: Pad) -> bool:
    """Whether taking a note back was the last thing this observer did."""
    back, last = pad.taken_back, pad.last
    if back is None or back.withdrawn_at is None:
        return False
    return last is None or back.withdrawn_at >= last.taken_at


def _controls(pad: Pad) -> list[Component]:
    """At most three, for a thumb: words, taking back or putting back, and all notes."""
    about = f"round:{pad.round.id}"
    buttons: list[Component] = []
    last, back = pad.last, pad.taken_back
    if back is not None and _is_just_undone(pad):
        buttons.append(raw_button(f"{about}:redo:{back.id}", "Put back", emoji="↪️"))
    elif last is not None:
        buttons.append(raw_button(f"{about}:quote:{last.id}", "Quote", emoji="💬"))
    if last is not None:
        buttons.append(raw_button(f"{about}:undo:{last.id}", "Undo", emoji="↩️"))
    if is_coaching_over(pad.round):
        return [*buttons, raw_button(f"{about}:sheet", "My sheet", emoji="🗒️")]
    return [*buttons, raw_button(f"{about}:notes:0", "Edit", emoji="📋")]


def _closed_parts(pad: Pad, content: Content, *, is_refused: bool) -> list[Component]:
    # The ones taken last, so that a note from memory is seen to be there, in their order in time.
    shown = in_time(pad.notes[-MOST_SHOWN:])
    lines = [f"- {note_line(note, pad.listed, content)}" for note in shown]
    more = len(pad.notes) - len(shown)
    if more > 0:
        lines.insert(0, f"-# {plural(more, 'more note')}: **Edit** shows all.")
    about = f"round:{pad.round.id}"
    primary = discord.ButtonStyle.primary
    return [
        raw_text(
            "### 📝 My pad"
            + ("\n⌛ That tap came too late, so it was not noted." if is_refused else "")
        ),
        raw_text(
            "The coaching is over. The sheet has all codes at a glance, half a minute. Words can"
            " still be added to notes until the coach has them."
        ),
        raw_text(cut("\n".join(lines), 2_800) or "You noted nothing. The sheet is worth as much."),
        raw_row(
            raw_button(f"{about}:sheet", "My sheet", emoji="🗒️", style=primary),
            raw_button(f"{about}:notes:0", "Edit", emoji="📋"),
            raw_button(f"{about}:memory", "Add from memory…", emoji="🧠"),
        ),
    ]


# Taps


def is_tap(custom_id: str) -> bool:
    """Whether a click on this is a tap."""
    return custom_id.startswith(f"{PREFIX}tap:")


async def dispatch_tap(interaction: Interaction, custom_id: str) -> bool:
    """Note what was tapped, and answer; whether this was a tap at all."""
    match = TAP.fullmatch(custom_id) if is_tap(custom_id) else None
    if match is None:
        return False
    with client_of(interaction).clicks.once(interaction, custom_id) as is_first:
        if is_first:
            await answered(interaction, _tap(interaction, match), what="Tap")
        else:
            await answered(interaction, acknowledge_repeat(interaction), what="double tap")
    return True


async def _tap(interaction: Interaction, match: re.Match[str]) -> None:
    await admit(interaction, {"round_id": match["round_id"]}, is_own=True)
    side, phase = read_noted(match["code"], match["side"])
    await _note(interaction, int(match["round_id"]), match["code"], side, phase)


async def _note(
    interaction: Interaction, round_id: int, code: str, side: Side, phase: Phase | None
) -> None:
    """Note it and draw the pad anew; once the pad is closed, say so on it."""
    pads = pads_of(interaction)
    try:
        pad = await pads.tap(round_id, interaction.user.id, code, side, phase)
    except CannotNote as error:
        if error.why != "over":
            raise
        pad = await pads.look(round_id, interaction.user.id)
        if not is_coaching_over(pad.round):
            raise
        content = await pads.desk.content_of(pad.round)
        await redraw(interaction, pad_card(pad, content, is_refused=True))
        return
    await redraw(interaction, await pad_view(interaction, pad))


class MoreCodes(DojoMenu, template=rf"{ROUND}:more", is_own=True):
    """Notes a code that has no button of its own."""

    def __init__(self, round_id: str) -> None:
        self.round_id = int(round_id)
        super().__init__(f"round:{round_id}:more", "More of this dojo’s list…")

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Note it."""
        code, _, side = choice.partition(":")
        await _note(interaction, self.round_id, code, Side(side), None)


class OpenPad(RoundButton, template=rf"{ROUND}:pad", is_own=True):
    """Opens the pad of whoever presses."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "pad", "Open my pad", emoji="📝")

    async def pressed(self, interaction: Interaction) -> None:
        """Answer with it, in private."""
        await open_pad(interaction, self.round_id)


class Undo(RoundButton, template=rf"{ROUND}:undo:(?P<note_id>\d{{1,19}})", is_own=True):
    """Takes the last note back."""

    def __init__(self, round_id: str | int, note_id: str | int) -> None:
        self.note_id = int(note_id)
        super().__init__(round_id, f"undo:{note_id}", "Undo", emoji="↩️")

    async def pressed(self, interaction: Interaction) -> None:
        """Take it back, and offer to put it back."""
        pads = pads_of(interaction)
        pad = await pads.take_back(self.round_id, interaction.user.id, self.note_id)
        await redraw(interaction, await pad_view(interaction, pad))


class PutBack(RoundButton, template=rf"{ROUND}:redo:(?P<note_id>\d{{1,19}})", is_own=True):
    """Puts back what was taken back."""

    def __init__(self, round_id: str | int, note_id: str | int) -> None:
        self.note_id = int(note_id)
        super().__init__(round_id, f"redo:{note_id}", "Put back", emoji="↪️")

    async def pressed(self, interaction: Interaction) -> None:
        """Put it back."""
        pads = pads_of(interaction)
        pad = await pads.put_back(self.round_id, interaction.user.id, self.note_id)
        await redraw(interaction, await pad_view(interaction, pad))
