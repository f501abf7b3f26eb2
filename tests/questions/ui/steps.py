"""What tests of `/question` share."""

from __future__ import annotations

import discord

from bot.content.model.questions import Phase
from bot.questions.ui.words import question_text
from bot.rehearsal import simulation

PHASES = ["Start", "Check-in", "Meaning", "Action", "Close"]
READ_ONLY = discord.Permissions(
    view_channel=True, read_message_history=True, use_application_commands=True
)


def shown(library, phase="meaning") -> set[str]:
    bank = library["en"].bank
    return {question_text(bank.get(question_id)) for question_id in bank.deck(Phase(phase))}


def posted_by_itself(message) -> bool:
    return message.interaction_metadata is None


def may_not_write(world, server) -> None:
    """Neither the bot's role nor @everyone may write."""
    simulation.restrict_bot(world.env, server.handle, READ_ONLY)
    world.env.backend.edit_role(server.id, server.id, {"permissions": READ_ONLY.value})
