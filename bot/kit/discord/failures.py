"""The one path of errors: whatever goes wrong, the person gets a sentence.

A broken rule says what to do next. A refusal by Discord names the missing right. Anything else is
"on my side", with a short reference that is also in the log.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable

import aiohttp
import discord
from discord import app_commands

from bot.kit.database.errors import DatabaseGone
from bot.kit.discord.answers import AnswerLost, NotTaken, is_answered, is_private, redraw, say
from bot.kit.discord.cards import card
from bot.kit.discord.explain import explain
from bot.kit.discord.interactions import Interaction, client_of
from bot.kit.discord.text import cut
from bot.kit.logs import set_log_context
from bot.kit.refusals import DojoError
from bot.kit.requests.errors import RoomUnreachable
from bot.kit.requests.unreachable import (
    DISCORD_FAILURES,
    is_passing,
    is_refusal,
    says_something_is_gone,
)

log = logging.getLogger(__name__)

COUNTS = (
    "Only my answer was lost. What you did counts, so please do not do it again: open it once more"
    " to see it."
)
TROUBLE = "Discord is in trouble at the moment. Please look whether it worked, else try again."


def loggable_channel(interaction: Interaction) -> int | None:
    """The channel, for the log. None for direct messages, whose channel would identify a person."""
    return interaction.channel_id if interaction.guild_id else None


async def answered(interaction: Interaction, action: Awaitable[object], *, what: str) -> None:
    """Await `action` and tell the person if it fails.

    `what` gives its kind in the log. It is never a custom id, which can identify people.
    """
    set_log_context(
        guild=interaction.guild_id, channel=loggable_channel(interaction), command=cut(what, 60)
    )
    try:
        await action
    except Exception as error:  # noqa: BLE001 - this is where every failure ends
        await report_failure(interaction, error)


async def suggested(
    interaction: Interaction, names: Awaitable[list[str]]
) -> list[app_commands.Choice[str]]:
    """What to offer while someone types, from names that are also the values."""

    async def choices() -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=cut(name, 100), value=name) for name in await names]

    return await chosen_from(interaction, choices())


async def chosen_from(
    interaction: Interaction, choices: Awaitable[list[app_commands.Choice[str]]]
) -> list[app_commands.Choice[str]]:
    """What to offer while someone types. Offers nothing, and logs a line, when that fails.

    The library would log the person's id, and leave the question open.
    """
    try:
        return await choices
    except DojoError:
        # The command itself will say what is in the way.
        return []
    except Exception:
        log.exception("no suggestions for %s", interaction.command and interaction.command.name)
        return []


async def report_failure(interaction: Interaction, error: Exception) -> None:
    """Tell the person what went wrong, in words meant for them."""
    cause = _cause(error)
    if isinstance(cause, AnswerLost):
        await _report_lost_answer(interaction, cause)
        return
    text = _sentence_for(cause, client_of(interaction).mention_command)
    if text is None:
        reference = _logged(cause)
        text = (
            "Something went wrong on my side. Please try again; if it happens again, tell whoever"
            f" runs me this reference: **{reference}**."
        )
    if isinstance(cause, DojoError) and cause.ends_card and is_private(interaction):
        await _replace_card(interaction, text)
        return
    await _tell(interaction, text)


async def _replace_card(interaction: Interaction, text: str) -> None:
    """Say it in the place of the private card that was pressed, which leads nowhere any more."""
    try:
        await redraw(interaction, card(text))
    except (AnswerLost, *DISCORD_FAILURES) as error:
        log.info("a private card cannot be replaced: %s", error)
        await _tell(interaction, text, unless_shown=True)


async def _report_lost_answer(interaction: Interaction, lost: AnswerLost) -> None:
    """Say that what the person did counts. People who think that it failed do it twice."""
    if not lost.is_unsure and not says_something_is_gone(lost.error):
        reference = _logged(lost.error)
        await _tell(interaction, f"{COUNTS} My reference for it: **{reference}**.")
        return
    log.warning("an answer is lost: %s", lost)
    if is_answered(interaction):
        # The answer may be there after all; and if Discord accepts none, it accepts no other.
        return
    await _tell(interaction, COUNTS, unless_shown=True)


def _logged(error: Exception) -> str:
    """A short reference to the failure, which is logged in full."""
    reference = secrets.token_hex(3).upper()
    log.error("failure %s", reference, exc_info=error)
    return reference


def _cause(error: Exception) -> Exception:
    """What really happened, inside the library's wrapping."""
    if isinstance(error, app_commands.CommandInvokeError):
        return error.original
    return error


def _sentence_for(error: Exception, command: Callable[[str], str]) -> str | None:
    match error:
        case DojoError():
            log.debug("refused: %s", type(error).__name__)
            return explain(error, command)
        case NotTaken() if error.is_unsure or says_something_is_gone(error.error):
            log.warning("not acknowledged, so not done: %s", error)
            return "Discord did not take my answer, so nothing was done. Please try again."
        case NotTaken():
            # Our own mistake, e.g. a form that Discord does not accept.
            return _sentence_for(error.error, command)
        case RoomUnreachable():
            log.warning("Discord cannot be reached: %s", error)
            return TROUBLE
        case discord.HTTPException() | discord.RateLimited() if is_passing(error):
            log.warning("Discord is in trouble: %s", error)
            return TROUBLE
        case aiohttp.ClientError():
            log.warning("Discord cannot be reached: %s", type(error).__name__)
            return TROUBLE
        case discord.HTTPException() if is_refusal(error):
            log.info("Discord refused: %s", error)
            return (
                "Discord did not let me do that: I lack a permission here. In a server, a"
                f" facilitator can see which one with {command('dojo check')}."
            )
        case discord.HTTPException() if says_something_is_gone(error):
            log.info("gone: %s", error)
            return "What this belonged to is gone. Please use the command again."
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            log.warning("Discord has an older command tree: %s", error)
            return (
                "This command has changed since your Discord last looked."
                " Please reload Discord (Ctrl+R) and try again."
            )
        case DatabaseGone():
            # The connection has logged it, once.
            return (
                "I could not store that: the file with my data was deleted or replaced while I"
                " was running. Please tell the people who run me."
            )
        case app_commands.TransformerError():
            return "I cannot read one of the values of that command. Please choose from the list."
        case app_commands.CheckFailure():
            return "You may not use this command here."
        case _:
            return None


async def _tell(interaction: Interaction, text: str, *, unless_shown: bool = False) -> None:
    """Say it in private, in whichever way is still open. If none is, it is only in the log."""
    try:
        if interaction.type is not discord.InteractionType.autocomplete:
            await say(interaction, text, unless_shown=unless_shown)
        elif not interaction.response.is_done():
            await interaction.response.autocomplete([])
    except (AnswerLost, *DISCORD_FAILURES) as error:
        log.warning("could not tell the person: %s", error)
