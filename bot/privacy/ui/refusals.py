"""What is said to a person whose file cannot be sent now, and what to do next."""

from __future__ import annotations

from bot.kit.discord.explain import Command, explain
from bot.privacy.model.refusals import ExportTooLarge, ExportUnderWay


@explain.register
def _(error: ExportUnderWay | ExportTooLarge, command: Command) -> str:
    match error:
        case ExportUnderWay():
            return "I am reading your data already. Please wait for that answer, then ask again."
        case ExportTooLarge():
            return (
                "Your file is larger than Discord lets me send. Please ask the people who run me"
                " for it; they can make it without Discord."
            )
