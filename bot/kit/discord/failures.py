"""The one path of errors: whatever goes wrong, the person gets a sentence.

A refused rule says what to do next. A refusal by Discord names the missing right. Anything else
is "on my side", with a short reference that is also in the log.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable

import aiohttp
import discord
from discord import app_commands

from bot.feedback.ui.refusals import feedback_sentence
from bot.gatherings.ui.refusals import DONE_GATHERING, gathering_sentence
from bot.kit.database.errors import DatabaseGone
from bot.kit.discord.answers import AnswerLost, NotTaken, is_answered, say
from bot.kit.discord.interactions import Interaction, client_of
from bot.kit.discord.text import cut, joined, plural, safe
from bot.kit.logs import set_log_context
from bot.kit.refusals import (
    AlreadyDone,
    AnswerAwaited,
    AskedOften,
    Busy,
    CannotBeAsked,
    CannotGather,
    CannotNote,
    CannotNow,
    ContentRejected,
    DojoError,
    DojoUnknown,
    ExportTooLarge,
    ExportUnderWay,
    FormatUnknown,
    FormatUnsuitable,
    GroupFaulty,
    HasProposal,
    ImportBusy,
    ImportTooSoon,
    LacksRight,
    MayNotWrite,
    NoRound,
    NoSafetyContact,
    NotAllowed,
    NotHere,
    NothingToShow,
    NotInRound,
    NotOffered,
    NotReleased,
    RoomTaken,
    SupportLineTooLong,
    UnknownTimeZone,
)
from bot.kit.requests.unreachable import (
    DISCORD_FAILURES,
    is_passing,
    is_refusal,
    says_something_is_gone,
)
from bot.rounds.service.ports import RoomUnreachable
from bot.rounds.ui.refusals import round_sentence

log = logging.getLogger(__name__)

COUNTS = (
    "Only my answer was lost. What you did counts, so please do not do it again: open it once more"
    " to see it."
)
TROUBLE = "Discord is in trouble at the moment. Please look whether it worked, else try again."


def loggable_channel(interaction: Interaction) -> int | None:
    """The channel, for the log; none for direct messages, where it would name a person."""
    return interaction.channel_id if interaction.guild_id else None


async def answered(interaction: Interaction, action: Awaitable[object], *, what: str) -> None:
    """Await `action` and tell the person if it fails.

    `what` names its kind in the log; never a custom id, which can name people.
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
    """What to offer while somebody types, by names that stand for themselves."""

    async def choices() -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=cut(name, 100), value=name) for name in await names]

    return await chosen_from(interaction, choices())


async def chosen_from(
    interaction: Interaction, choices: Awaitable[list[app_commands.Choice[str]]]
) -> list[app_commands.Choice[str]]:
    """What to offer while somebody types; nothing, and a line in the log, when that fails.

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
    """Tell the person what went wrong, in words fit for them."""
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
    await _tell(interaction, text)


async def _report_lost_answer(interaction: Interaction, lost: AnswerLost) -> None:
    """Say that what the person did counts: whoever takes it for failed does it twice."""
    if not lost.is_unsure and not says_something_is_gone(lost.error):
        reference = _logged(lost.error)
        await _tell(interaction, f"{COUNTS} My reference for it: **{reference}**.")
        return
    log.warning("an answer is lost: %s", lost)
    if is_answered(interaction):
        # The answer may be there all the same; and where Discord takes none, it takes no other.
        return
    await _tell(interaction, COUNTS, unless_shown=True)


def _logged(error: Exception) -> str:
    """A reference to the failure, which is in the log."""
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
            return sentence(error, command)
        case NotTaken() if error.is_unsure or says_something_is_gone(error.error):
            log.warning("not acknowledged, so not done: %s", error)
            return "Discord did not take my answer, so nothing was done. Please try again."
        case NotTaken():
            # Our own mistake, e.g. a form that Discord does not take.
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
            # The connection has said so in the log, once.
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


def plain_command(name: str) -> str:
    """A command as text."""
    return f"`/{name}`"


def sentence(error: DojoError, command: Callable[[str], str] = plain_command) -> str:
    """What a refused rule means for the person who met it, and what to do next.

    `command` turns the name of a command into what is shown for it.
    """
    match error:
        case DojoUnknown():
            return (
                "This channel is not a dojo. Someone who manages channels can make it one"
                f" with {command('dojo setup')}."
            )
        case NotHere():
            return "This works only in the server and channel it belongs to. Open it there again."
        case NotOffered():
            return "I did not offer that choice here. Please open it again and choose from there."
        case NotAllowed(what="configure"):
            return (
                "That is for people with **Manage Channels** in the channel of the dojo"
                f"{_or_role(error)}. Ask one of them to do it."
            )
        case NotAllowed(what="gather") | CannotGather():
            return gathering_sentence(error, command)
        case NotAllowed(what="see reports"):
            return (
                "Only the safety contact it was sent to can open this, for as long as they are in"
                " this server."
            )
        case AlreadyDone(did) if did in DONE_GATHERING:
            return gathering_sentence(error, command)
        case NotAllowed():
            return (
                f"In this dojo, facilitators{_role(error)} ask for the questions."
                " Ask one of them for one."
            )
        case NothingToShow(what="question"):
            return "That question is no longer part of this dojo. Ask for another one."
        case NothingToShow(what="phase"):
            return "There is no question for that phase. Choose another phase."
        case NothingToShow(what="signal"):
            return "That code is not part of this round’s signal list. Open the pad again."
        case NothingToShow(what="note"):
            return "That note is gone. Open the notes again to see what is there."
        case NothingToShow(what="report"):
            return "That note or report is gone: it was erased, or its time was over."
        case NothingToShow(what="feedback"):
            return "Nothing is shared (any more). The coach decides what you see."
        case NothingToShow(what="own feedback"):
            return (
                "You have not coached in a round yet. When you have, this shows what others noted,"
                " for you alone. In the room of a round it also shows what is yours there."
            )
        case NothingToShow():
            return "There is nothing to show here (any more)."
        case UnknownTimeZone(name, nearest):
            hint = f" Did you mean {joined(nearest)}?" if nearest else ""
            return f"I do not know the time zone “{cut(safe(name), 60)}”.{hint}"
        case ContentRejected(faults):
            first = "\n".join(f"- {cut(safe(str(fault)), 200)}" for fault in faults[:8])
            return f"The content has faults, and nothing was changed:\n{first}"
        case ExportUnderWay():
            return "I am reading your data already. Please wait for that answer, then ask again."
        case ExportTooLarge():
            return (
                "Your file is larger than Discord lets me send. Please ask the people who run me"
                " for it; they can make it without Discord."
            )
        case ImportBusy():
            return "Another file of this server is being read. Try again in a moment."
        case ImportTooSoon(seconds):
            return f"The last file had faults. Try again in {plural(seconds, 'second')}."
        case LacksRight(switches):
            return (
                f"I may not do that here: I lack **{joined(switches)}**. Someone who manages"
                " channels can turn that on for me in the channel's settings under Permissions."
            )
        case SupportLineTooLong(length, most):
            return (
                f"A support line has {most} characters at most, and this one has {length}."
                " Nothing was changed. Press **Support line…** again and write a shorter one."
            )
        case CannotNote() | NotReleased() | NoSafetyContact():
            return feedback_sentence(error, command)
        case (
            NoRound()
            | NotInRound()
            | AlreadyDone()
            | CannotNow()
            | AnswerAwaited()
            | FormatUnknown()
            | FormatUnsuitable()
            | GroupFaulty()
            | Busy()
            | CannotBeAsked()
            | AskedOften()
            | HasProposal()
            | MayNotWrite()
            | RoomTaken()
        ):
            return round_sentence(error, command)
        case _:
            raise TypeError(f"no sentence for {type(error).__name__}")


def _role(error: NotAllowed) -> str:
    role_id = error.facilitator_role_id
    return f" (<@&{role_id}>)" if role_id else " (whoever manages channels)"


def _or_role(error: NotAllowed) -> str:
    if not error.facilitator_role_id:
        return ""
    return f" and for the facilitators of this dojo (<@&{error.facilitator_role_id}>)"


async def _tell(interaction: Interaction, text: str, *, unless_shown: bool = False) -> None:
    """Say it in private by the way that is still open; without one, only the log knows."""
    try:
        if interaction.type is not discord.InteractionType.autocomplete:
            await say(interaction, text, unless_shown=unless_shown)
        elif not interaction.response.is_done():
            await interaction.response.autocomplete([])
    except (AnswerLost, *DISCORD_FAILURES) as error:
        log.warning("could not tell the person: %s", error)
