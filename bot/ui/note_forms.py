"""Words for a note: what the coach said, what it did, which part of a code, and the right time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import discord

from bot.domain.careful import tidy
from bot.domain.content import Content
from bot.domain.notes import LONGEST_EFFECT, LONGEST_QUOTE, Note, Side
from bot.ui.answers import defer, redraw, show_form
from bot.ui.careful import KEEPERS, Keeper, Texts, keep
from bot.ui.forms import DojoForm, Typed, choice, one
from bot.ui.interactions import Interaction
from bot.ui.note_texts import ABOUT_WORDS, clock, read_clock
from bot.ui.notes import NOTE, show_note
from bot.ui.pad import pad_view, pads_of
from bot.ui.round_steps import ROUND, RoundButton
from bot.ui.texts import cut

QUOTE, EFFECT = "The coach’s words", "What it did, as you saw or heard it"
LONGEST_CLOCK = 6


class Quote(RoundButton, template=rf"{ROUND}:quote:{NOTE}", is_own=True):
    """Adds words to the note that was taken last; from the pad."""

    def __init__(self, round_id: str | int, note_id: str | int) -> None:
        self.note_id = int(note_id)
        super().__init__(round_id, f"quote:{note_id}", "Quote", emoji="💬")

    async def pressed(self, interaction: Interaction) -> None:
        """Open the form."""
        await _open_form(interaction, self.round_id, self.note_id, "pad")


class WriteWords(RoundButton, template=rf"{ROUND}:words:{NOTE}", is_own=True):
    """Changes words and time of a note."""

    def __init__(self, round_id: str | int, note_id: str | int) -> None:
        self.note_id = int(note_id)
        super().__init__(round_id, f"words:{note_id}", "Words and time…", emoji="✏️")

    async def pressed(self, interaction: Interaction) -> None:
        """Open the form."""
        await _open_form(interaction, self.round_id, self.note_id, "note")


async def _open_form(interaction: Interaction, round_id: int, note_id: int, where: str) -> None:
    pads = pads_of(interaction)
    note = await pads.mine(round_id, interaction.user.id, note_id)
    content = await pads.desk.content_of(await pads.desk.find(round_id))
    typed = {QUOTE: note.quote, EFFECT: note.effect}
    await show_form(interaction, NoteForm(note, content, where, typed))


class NoteForm(DojoForm, template=ROUND + rf":note:{NOTE}:(?P<where>pad|note)", is_own=True):
    """The coach's words, what they did, which part of the code, and from the list the time."""

    def __init__(self, note: Note, content: Content, where: str, typed: Texts) -> None:
        title = (
            f"{clock(note.at)} · {note.code}" if note.side is not Side.QUESTION else clock(note.at)
        )
        super().__init__(f"round:{note.round_id}:note:{note.id}:{where}", f"Words for {title}")
        word_fields(self, typed)
        variants = _variants(note, content)
        if variants:
            self.field(
                "Which part of it?",
                discord.ui.Select(
                    custom_id="variant",
                    min_values=0,
                    required=False,
                    placeholder="Not said",
                    options=[
                        discord.SelectOption(
                            label=cut(text, 100), value=letter, default=letter == note.variant
                        )
                        for letter, text in variants.items()
                    ],
                ),
            )
        if where == "note":
            clock_field(self, clock(note.at))

    @classmethod
    async def submitted(
        cls, interaction: Interaction, about: Mapping[str, str], typed: Typed
    ) -> None:
        """Keep variant and time at once, and the words, unless they should be looked at first."""
        await defer(interaction)
        round_id, note_id, where = int(about["round_id"]), int(about["note_id"]), about["where"]
        at = read_clock(one(typed, "at")) if one(typed, "at") else None
        pads = pads_of(interaction)
        note = await pads.mine(round_id, interaction.user.id, note_id)
        content = await pads.desk.content_of(await pads.desk.find(round_id))
        variants = _variants(note, content)
        variant = choice(typed, "variant", variants) if "variant" in typed else None
        if at is not None or variant is not None:
            await pads.change(
                round_id,
                interaction.user.id,
                note_id,
                lambda note: replace(
                    note,
                    at=note.at if at is None or clock(at) == clock(note.at) else at,
                    variant=note.variant if variant is None else variant,
                ),
            )
        is_misread = bool(one(typed, "at")) and at is None
        hint = "time" if is_misread else "ok"
        await keep(interaction, f"note:{round_id}:{note_id}:{where}:{hint}", read_words(typed))


def _variants(note: Note, content: Content) -> Mapping[str, str]:
    """The parts that a note may say it is about, by their letters; none for most codes."""
    signal = next((s for s in content.signals.signals if s.code == note.code), None)
    return signal.variants if signal is not None and note.side is Side.SIGNAL else {}


def word_fields(form: DojoForm, typed: Texts) -> None:
    """Adds the two fields for words to a form, with what is in them."""
    form.field(
        QUOTE,
        discord.ui.TextInput(
            custom_id="quote",
            required=False,
            max_length=LONGEST_QUOTE,
            default=typed.get(QUOTE) or None,
            placeholder="e.g. “And the part you want to keep is…”",
        ),
        description=ABOUT_WORDS,
    )
    form.field(
        EFFECT,
        discord.ui.TextInput(
            custom_id="effect",
            required=False,
            max_length=LONGEST_EFFECT,
            default=typed.get(EFFECT) or None,
            placeholder="e.g. I saw a long breath",
        ),
        description="Your impression, without the topic.",
    )


def clock_field(form: DojoForm, filled: str) -> None:
    """Adds the field for the time of coaching."""
    form.field(
        "When in the coaching, mm:ss",
        discord.ui.TextInput(
            custom_id="at",
            required=False,
            max_length=LONGEST_CLOCK,
            default=filled or None,
            placeholder="e.g. 06:10",
        ),
        description=None if filled else "If you leave it empty: at the end of the coaching.",
    )


def read_words(typed: Typed) -> dict[str, str]:
    """What was typed into the two fields for words, tidied, by their labels."""
    return {
        QUOTE: tidy(one(typed, "quote"), LONGEST_QUOTE),
        EFFECT: tidy(one(typed, "effect"), LONGEST_EFFECT),
    }


async def _save_words(interaction: Interaction, about: Sequence[str], texts: Texts) -> None:
    round_id, note_id, where, hint = int(about[0]), int(about[1]), about[2], about[3]
    pad = await pads_of(interaction).change(
        round_id,
        interaction.user.id,
        note_id,
        lambda note: replace(note, quote=texts.get(QUOTE, ""), effect=texts.get(EFFECT, "")),
    )
    if where == "pad":
        await redraw(interaction, await pad_view(interaction, pad))
    else:
        said = (
            "I could not read the time, so it stays. Write it like 06:10." if hint == "time" else ""
        )
        await show_note(interaction, pad, note_id, hint=said)


async def _form_again(interaction: Interaction, about: Sequence[str], texts: Texts) -> DojoForm:
    pads = pads_of(interaction)
    note = await pads.mine(int(about[0]), interaction.user.id, int(about[1]))
    content = await pads.desk.content_of(await pads.desk.find(int(about[0])))
    return NoteForm(note, content, about[2], texts)


KEEPERS["note"] = Keeper(
    _save_words,
    _form_again,
    r"(?P<round_id>\d{1,19}):(?P<note_id>\d{1,19}):(?:pad|note):(?:ok|time)",
)
