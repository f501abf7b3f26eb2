"""Answers to commands, clicks and forms: each is given once, even if Discord's word of it is lost.

Discord accepts one first answer to an interaction. The connection may be cut after Discord has
accepted it and before the bot hears so; the library itself may send it again after a 5xx. To a
second one Discord says that the interaction "has already been acknowledged": then the first answer
counts, and the work goes on. What follows the first answer either changes that answer, which can be
repeated without harm, or is a message of its own. Such a message is sent a single time, because it
has no nonce by which Discord could recognise a repeat.

Everything that answers an interaction goes through this module.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from enum import Enum, auto
from typing import Any, TypeAlias

import aiohttp
import discord

from bot.kit.requests.sent_once import sent_once
from bot.kit.requests.unreachable import CONNECTION_FAILURES, is_passing

log = logging.getLogger(__name__)

Interaction: TypeAlias = discord.Interaction[Any]
View: TypeAlias = discord.ui.LayoutView
Kind: TypeAlias = discord.InteractionResponseType

ALREADY_ACKNOWLEDGED = 40060
"""Discord's error code for an interaction that already has a first answer."""

_SHOWING = (Kind.channel_message, Kind.message_update, Kind.modal)
"""First answers that are themselves what the person is meant to see."""
_GIVEN, _TRIED, _FILLED = "answer given", "answer tried", "answer filled"
"""Keys under which an interaction carries what the library does not know about the first answer."""


class AnswerFailed(Exception):
    """An answer that Discord did not accept, or may not have accepted."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error) or type(error).__name__)
        self.error = error
        self.is_unsure = is_passing(error)
        """Whether Discord may have accepted it after all."""


class NotTaken(AnswerFailed):
    """The acknowledgement before the work failed, so nothing has been done."""


class AnswerLost(AnswerFailed):
    """What was asked for has been done; only the answer failed."""


class _Taken(Enum):
    """Which first answer Discord has accepted."""

    NOW = auto()
    PERHAPS = auto()
    """This one, as far as anyone knows: the connection was cut each time after sending it."""
    BEFORE = auto()
    """An earlier one, which had seemed to fail."""


def is_answered(interaction: Interaction) -> bool:
    """Whether Discord has accepted a first answer, including one whose confirmation was lost."""
    return _given(interaction) is not None


async def defer(
    interaction: Interaction, *, ephemeral: bool = False, thinking: bool = False
) -> None:
    """Acknowledge before work that may take longer. Raises NotTaken: then do not begin the work."""
    awaits_message = thinking or interaction.type is discord.InteractionType.application_command
    kind = Kind.deferred_channel_message if awaits_message else Kind.deferred_message_update
    try:
        await _answer_first(
            interaction,
            kind,
            lambda: interaction.response.defer(ephemeral=ephemeral, thinking=thinking),
        )
    except AnswerLost as lost:
        raise NotTaken(lost.error) from lost.error


def is_private(interaction: Interaction) -> bool:
    """Whether what was clicked, or what a form was opened from, is seen by nobody else."""
    return interaction.message is not None and interaction.message.flags.ephemeral


async def wait_for(interaction: Interaction) -> None:
    """Answer later: in the place of a private card, else as one of its own. Raises NotTaken."""
    if is_private(interaction):
        await defer(interaction)
    else:
        await defer(interaction, ephemeral=True, thinking=True)


async def acknowledge_repeat(interaction: Interaction) -> None:
    """Acknowledge a repeated press, which does nothing because the first press did everything."""
    try:
        await defer(interaction)
    except NotTaken as error:
        log.info("the repeat of a press is not acknowledged: %s", error)


async def show_form(interaction: Interaction, form: discord.ui.Modal) -> None:
    """Answer with a form. Raises NotTaken."""
    try:
        await _answer_first(interaction, Kind.modal, lambda: interaction.response.send_modal(form))
    except AnswerLost as lost:
        raise NotTaken(lost.error) from lost.error


async def reply(
    interaction: Interaction,
    view: View,
    *,
    private: bool = True,
    files: list[discord.File] | None = None,
) -> None:
    """Answer with a new card, whether or not the answer was deferred. Raises AnswerLost."""
    await _message(interaction, {"view": view}, private=private, files=files or [])


async def say(interaction: Interaction, text: str, *, unless_shown: bool = False) -> None:
    """Answer with a private sentence, in whichever way is still open. Raises AnswerLost.

    With `unless_shown` nothing is said if a first answer that seemed to fail was accepted after
    all, and showed the person what they were meant to see.
    """
    content = {"content": text}
    await _message(interaction, content, private=True, files=[], unless_shown=unless_shown)


async def redraw(interaction: Interaction, view: View) -> None:
    """Replace the card that was clicked by another one. Raises AnswerLost."""
    if not is_answered(interaction):
        taken = await _answer_first(
            interaction, Kind.message_update, lambda: interaction.response.edit_message(view=view)
        )
        if taken is _Taken.NOW:
            return
    await _change_first(interaction, {"view": view})


async def answer_in_place(interaction: Interaction, view: View) -> None:
    """Show a card in place of the private one that was clicked, or as one. Raises AnswerLost."""
    await (redraw if is_private(interaction) else reply)(interaction, view)


async def _message(
    interaction: Interaction,
    content: dict[str, Any],
    *,
    private: bool,
    files: list[discord.File],
    unless_shown: bool = False,
) -> None:
    if not is_answered(interaction):
        taken = await _answer_first(
            interaction,
            Kind.channel_message,
            lambda: interaction.response.send_message(
                **content, ephemeral=private, files=_from_the_start(files)
            ),
        )
        if taken is _Taken.NOW:
            return
        if taken is _Taken.PERHAPS:
            await _change_first(interaction, content, files)
            return
        if unless_shown and _given(interaction) in _SHOWING:
            return
    is_awaited = _given(interaction) is Kind.deferred_channel_message
    if is_awaited and _FILLED not in interaction.extras:
        # Not as a message of its own, which the library might send twice.
        await _change_first(interaction, content, files)
    else:
        await _send_after(interaction, content, private=private, files=files)


async def _answer_first(
    interaction: Interaction, kind: Kind, answer: Callable[[], Awaitable[object]]
) -> _Taken:
    """Give the first answer; once more if the connection was cut. Raises AnswerLost."""
    earlier: Kind | None = interaction.extras.get(_TRIED)
    interaction.extras[_TRIED] = kind
    was_sent = False
    failure: Exception | None = None
    for _ in range(2):
        try:
            await answer()
        except discord.HTTPException as error:
            if error.code != ALREADY_ACKNOWLEDGED:
                if not is_passing(error):
                    # Certainly not accepted: another first answer can still be given.
                    interaction.extras.pop(_TRIED)
                raise AnswerLost(error) from error
            log.info("Discord has taken an answer whose confirmation was lost")
            interaction.extras[_GIVEN] = earlier or kind
            return _Taken.NOW if earlier is None else _Taken.BEFORE
        except CONNECTION_FAILURES as error:
            was_sent = was_sent or not isinstance(error, aiohttp.ClientConnectorError)
            failure = error
        else:
            return _Taken.NOW
    if failure is not None and not was_sent:
        raise AnswerLost(failure) from failure
    log.info("the connection was cut after an answer was sent; it is taken for given")
    interaction.extras[_GIVEN] = kind
    return _Taken.PERHAPS


async def _change_first(
    interaction: Interaction, content: dict[str, Any], files: list[discord.File] | None = None
) -> None:
    """Change the first answer; once more if the connection was cut. Raises AnswerLost."""
    for is_last in (False, True):
        try:
            if files:
                content = {**content, "attachments": _from_the_start(files)}
            await interaction.edit_original_response(**content)
        except discord.HTTPException as error:
            raise AnswerLost(error) from error
        except CONNECTION_FAILURES as error:
            if is_last:
                raise AnswerLost(error) from error
        else:
            interaction.extras[_FILLED] = True
            return


async def _send_after(
    interaction: Interaction, content: dict[str, Any], *, private: bool, files: list[discord.File]
) -> None:
    """Send a message after the first answer, a single time. Raises AnswerLost."""
    try:
        with sent_once():
            await interaction.followup.send(**content, ephemeral=private, files=files)
    except (discord.HTTPException, *CONNECTION_FAILURES) as error:
        raise AnswerLost(error) from error


def _given(interaction: Interaction) -> Kind | None:
    return interaction.response.type or interaction.extras.get(_GIVEN)


def _from_the_start(files: list[discord.File]) -> list[discord.File]:
    """The files, to be read from their beginning: they may have been sent before."""
    for file in files:
        file.reset()
    return files
