"""Notes from memory, after the coaching: listening came first, or the hands were elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import discord

from bot.domain.content import Content
from bot.domain.debriefs import Listed
from bot.domain.notes import QUESTION, Side
from bot.domain.questions import Phase
from bot.ui.answers import defer, redraw, show_form
from bot.ui.careful import KEEPERS, Keeper, Texts, again_card, keep, redraw_or_reply
from bot.ui.components import DojoMenu, card, row
from bot.ui.forms import DojoForm, Typed, one
from bot.ui.interactions import Interaction
from bot.ui.note_forms import EFFECT, QUOTE, clock_field, read_words, word_fields
from bot.ui.note_texts import NOTED, clock, read_clock, read_noted
from bot.ui.notes import BackToPad, content_of
from bot.ui.pad import ACCENT, pad_view, pads_of
from bot.ui.round_steps import ROUND, RoundButton
from bot.ui.texts import cut

END = timedelta(days=1)
"""A time that nobody gave: whatever is later than the end of the coaching is at its end."""


class FromMemory(RoundButton, template=rf"{ROUND}:memory", is_own=True):
    """Adds a note after the coaching."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "memory", "Add from memory…", emoji="🧠")

    async def pressed(self, interaction: Interaction) -> None:
        """Ask what it was."""
        pad = await pads_of(interaction).look(self.round_id, interaction.user.id)
        content = await content_of(interaction, pad)
        await redraw(
            interaction,
            card(
                "### 🧠 From memory",
                "What did you see or hear? Then a form asks when, and for the coach’s words.",
                row(RememberCode(self.round_id, pad.listed)),
                row(RememberQuestion(self.round_id, content)),
                row(BackToPad(self.round_id)),
                accent=ACCENT,
            ),
        )


class _Remember(DojoMenu):
    """Asks when it was."""

    round_id: int

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Open the form for it."""
        code, _, side = choice.partition(":")
        await show_form(interaction, MemoryForm(self.round_id, code, side, {}, ""))


class RememberCode(_Remember, template=rf"{ROUND}:memory-code", is_own=True):
    """One side of a code, from memory."""

    def __init__(self, round_id: str | int, listed: Sequence[Listed] = ()) -> None:
        self.round_id = int(round_id)
        options = [
            discord.SelectOption(
                label=cut(f"{one.code} {name}", 100), value=f"{one.code}:{side.value}", emoji=emoji
            )
            for one in listed
            for side, name, emoji in (
                (Side.SEEN, one.counterpart, "🤝"),
                (Side.SIGNAL, one.signal, "🧲"),
            )
        ]
        super().__init__(f"round:{round_id}:memory-code", "A code…", options or None)


class RememberQuestion(_Remember, template=rf"{ROUND}:memory-question", is_own=True):
    """A partnering question, from memory."""

    def __init__(self, round_id: str | int, content: Content | None = None) -> None:
        self.round_id = int(round_id)
        options = [
            discord.SelectOption(
                label=cut(content.phases[phase].label, 100), value=f"{QUESTION}:{phase.value}"
            )
            for phase in Phase
            if content is not None
        ]
        super().__init__(f"round:{round_id}:memory-question", "A question heard…", options or None)


class MemoryForm(DojoForm, template=rf"{ROUND}:memory:{NOTED}", is_own=True):
    """When something was, and the words for it."""

    def __init__(self, round_id: int, code: str, side: str, typed: Texts, at: str) -> None:
        title = "From memory" if code == QUESTION else f"From memory · {code}"
        super().__init__(f"round:{round_id}:memory:{code}:{side}", title)
        clock_field(self, at)
        word_fields(self, typed)

    @classmethod
    async def submitted(
        cls, interaction: Interaction, about: Mapping[str, str], typed: Typed
    ) -> None:
        """Keep it, unless the words should be looked at first. Without a time it is at the end."""
        await defer(interaction)
        at = one(typed, "at")
        read = read_clock(at)
        seconds = int((END if read is None else read).total_seconds())
        target = f"memory:{about['round_id']}:{about['code']}:{about['side']}:{seconds}"
        if at and read_clock(at) is None:
            why = "I could not read the time. Write it like 06:10, or leave it empty."
            await redraw_or_reply(interaction, again_card(target, read_words(typed), why))
            return
        await keep(interaction, target, read_words(typed))


async def _save_memory(interaction: Interaction, about: Sequence[str], texts: Texts) -> None:
    pads, user_id = pads_of(interaction), interaction.user.id
    round_id, code, side = int(about[0]), about[1], about[2]
    noted, phase = read_noted(code, side)
    pad = await pads.remember(
        round_id,
        user_id,
        code,
        noted,
        timedelta(seconds=int(about[3])),
        phase=phase,
        quote=texts.get(QUOTE, ""),
        effect=texts.get(EFFECT, ""),
    )
    await redraw(interaction, await pad_view(interaction, pad))


async def _memory_again(interaction: Interaction, about: Sequence[str], texts: Texts) -> DojoForm:
    at = timedelta(seconds=int(about[3]))
    filled = "" if at >= END else clock(at)
    return MemoryForm(int(about[0]), about[1], about[2], texts, filled)


KEEPERS["memory"] = Keeper(
    _save_memory, _memory_again, rf"(?P<round_id>\d{{1,19}}):{NOTED}:\d{{1,6}}"
)
