"""What is said when there is no question for a person, and what to do next."""

from __future__ import annotations

from bot.content.model.refusals import NoQuestion
from bot.kit.discord.explain import Command, explain

NO_QUESTION = {
    "question": "That question is no longer part of this dojo. Ask for another one.",
    "phase": "There is no question for that phase. Choose another phase.",
}


@explain.register
def _(error: NoQuestion, command: Command) -> str:
    return NO_QUESTION[error.what]
