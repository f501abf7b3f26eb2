"""Words for a note: what the coach said, its effect, which part of a code, and the right time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord

from bot.content.model.content import Content
from bot.feedback.actions import ADD_QUOTE, NOTE_FORM, NOTE_WORDS, WRITE_FOR, WRITE_WORDS
from bot.feedback.model.notes import LONGEST_EFFECT, LONGEST_QUOTE, Note, Side
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.ui.notes.notes import show_note
from bot.feedback.ui.notes.pad import pad_view, pads_of
from bot.feedback.ui.notes.words import ABOUT_WORDS, clock, read_clock
from bot.kit.discord.actions import FormShown, menu_field, text_field
from bot.kit.discord.answers import defer, redraw, show_form
from bot.kit.discord.ask_before_keeping import Texts
from bot.kit.discord.forms import Typed, choice, one
from bot.kit.discord.interactions import Interaction, services_of
from bot.kit.discord.text import cut
from bot.kit.personal_words import tidy

QUOTE, EFFECT = "The coach’s words", "What it did, as you saw or heard it"
LONGEST_CLOCK = 6

Field = discord.ui.Label[Any]


@ADD_QUOTE.pressed
async def add_quote(interaction: Interaction, round_id: int, note_id: int) -> None:
    """Open the form for the words of the last note."""
    await _open_form(interaction, round_id, note_id, "pad")


@WRITE_WORDS.pressed
async def write_words(interaction: Interaction, round_id: int, note_id: int) -> None:
    """Open the form for words and time of a note."""
    await _open_form(interaction, round_id, note_id, "note")


@WRITE_FOR.chosen
async def write_for(interaction: Interaction, choice: str, round_id: int) -> None:
    """Open the form for words and time of the note that was chosen from the list."""
    await _open_form(interaction, round_id, int(choice), "note")


@NOTE_WORDS.changed
async def change_note_words(
    interaction: Interaction, texts: Texts, round_id: int, note_id: int, where: str, hint: str
) -> None:
    """Open the form again, with the words in it."""
    del hint
    await _open_form(interaction, round_id, note_id, where, texts)


async def _open_form(
    interaction: Interaction, round_id: int, note_id: int, where: str, typed: Texts | None = None
) -> None:
    """Open the form with what was typed, or else with what the note says."""
    note, content = await _note(interaction, round_id, note_id)
    if typed is None:
        typed = {QUOTE: note.quote, EFFECT: note.effect}
    await show_form(interaction, note_form(note, content, where, typed))


async def _note(interaction: Interaction, round_id: int, note_id: int) -> tuple[Note, Content]:
    """One of the person's notes, and the words of its dojo."""
    pads = pads_of(interaction)
    note = await pads.mine(round_id, interaction.user.id, note_id)
    access = services_of(interaction)[FeedbackAccess]
    return note, await access.content_of(await access.find(round_id))


def note_form(note: Note, content: Content, where: str, typed: Texts) -> FormShown:
    """The coach's words, their effect, the part of the code, and, from the list, the time."""
    at = clock(note.at)
    title = at if note.side is Side.QUESTION else f"{at} · {note.code}"
    fields = word_fields(typed)
    variants = _variants(note, content)
    if variants:
        offered = [(letter, cut(text, 100), "") for letter, text in variants.items()]
        part, chosen = "Which part of it?", [note.variant or ""]
        fields.append(menu_field(part, "variant", offered, chosen, most=1, placeholder="Not said"))
    if where == "note":
        fields.append(clock_field(at))
    about = {"round_id": note.round_id, "note_id": note.id, "where": where}
    return NOTE_FORM.form(*fields, title=f"Words for {title}", **about)


@NOTE_FORM.submitted
async def send_note(
    interaction: Interaction, typed: Typed, round_id: int, note_id: int, where: str
) -> None:
    """Save variant and time at once, and the words, unless they should be checked first."""
    await defer(interaction)
    at = read_clock(one(typed, "at")) if one(typed, "at") else None
    note, content = await _note(interaction, round_id, note_id)
    variant = choice(typed, "variant", _variants(note, content)) if "variant" in typed else None
    if at is not None or variant is not None:
        await pads_of(interaction).change(
            round_id,
            interaction.user.id,
            note_id,
            lambda note: replace(
                note,
                at=note.at if at is None or clock(at) == clock(note.at) else at,
                variant=note.variant if variant is None else variant,
            ),
        )
    hint = "time" if one(typed, "at") and at is None else "ok"
    about = {"round_id": round_id, "note_id": note_id, "where": where, "hint": hint}
    await NOTE_WORDS.keep(interaction, read_words(typed), **about)


@NOTE_WORDS.kept
async def keep_note_words(
    interaction: Interaction, texts: Texts, round_id: int, note_id: int, where: str, hint: str
) -> None:
    """Save the words, and show the pad or the note, depending on where the form was opened."""
    pad = await pads_of(interaction).change(
        round_id,
        interaction.user.id,
        note_id,
        lambda note: replace(note, quote=texts.get(QUOTE, ""), effect=texts.get(EFFECT, "")),
    )
    if where == "pad":
        await redraw(interaction, await pad_view(interaction, pad))
    else:
        misread = "I could not read the time, so it stays. Write it like 06:10."
        await show_note(interaction, pad, note_id, hint=misread if hint == "time" else "")


def _variants(note: Note, content: Content) -> Mapping[str, str]:
    """The parts that a note may say it is about, by their letters; empty for most codes."""
    signal = next((s for s in content.signals.signals if s.code == note.code), None)
    return signal.variants if signal is not None and note.side is Side.SIGNAL else {}


def word_fields(typed: Texts) -> list[Field]:
    """The two fields for words, filled in."""
    return [
        text_field(
            QUOTE,
            "quote",
            most=LONGEST_QUOTE,
            filled=typed.get(QUOTE, ""),
            example="e.g. “And the part you want to keep is…”",
            description=ABOUT_WORDS,
        ),
        text_field(
            EFFECT,
            "effect",
            most=LONGEST_EFFECT,
            filled=typed.get(EFFECT, ""),
            example="e.g. I saw a long breath",
            description="Your impression, without the topic.",
        ),
    ]


def clock_field(filled: str) -> Field:
    """The field for the time of coaching."""
    return text_field(
        "When in the coaching, mm:ss",
        "at",
        most=LONGEST_CLOCK,
        filled=filled,
        example="e.g. 06:10",
        description=None if filled else "If you leave it empty: at the end of the coaching.",
    )


def read_words(typed: Typed) -> dict[str, str]:
    """What was typed into the two fields for words, tidied, by their labels."""
    return {
        QUOTE: tidy(one(typed, "quote"), LONGEST_QUOTE),
        EFFECT: tidy(one(typed, "effect"), LONGEST_EFFECT),
    }
