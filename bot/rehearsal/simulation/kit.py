# ruff: noqa: ANN401, SLF001 - what is private to SimCord has no types for others
"""What SimCord's public interface lacks and both the rehearsal and the tests need."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, TypeVar

import discord
import simcord.actors
import simcord.env
import simcord.interactions
from simcord.backend import serializers
from simcord.enums import ChannelType, MessageType
from simcord.env import Env

from bot.rehearsal.simulation.patching import replaced

__all__ = [
    "Payloads",
    "deliver_any",
    "deliver_together",
    "forward",
    "interaction_payloads",
    "quick_settling",
    "quiet_private_threads",
    "restrict_bot",
]

Result = TypeVar("Result")

_UPLOAD_LIMIT = 10 * 2**20
"""Bytes a file may have without boosts; SimCord still says 25 MiB."""

_TURNS = 300
"""Iterations of the event loop for people who act together; if they need more, this waits."""


class _WithoutNaps:
    """`asyncio` for SimCord's settling, without sleeping while there is work."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, delay: float) -> None:
        """Let everything run that is ready; to look through it in between is most of the work."""
        ready = getattr(asyncio.get_running_loop(), "_ready", ())
        await asyncio.sleep(0 if ready else delay)
        for _ in range(_TURNS):
            if not ready:
                break
            await asyncio.sleep(0)


def quick_settling(seconds: float = 0.005) -> None:
    """Let SimCord check every few milliseconds whether the bot's work has ended.

    Otherwise it polls every 50 ms, and every action, every step of the clock and every call that
    settles pays for that. Below 0.005 the polling itself starts to cost. While the bot has
    something to do, SimCord checks again as soon as that is done. Applies to the process.
    """
    if seconds < 0.005:
        raise ValueError("settling quicker than every 5 ms costs more than it saves")
    within = inspect.unwrap(Env._settle_internal).__kwdefaults__ or {}
    # A poll that a caller asks for has an interval of its own, as its last parameter.
    settle = inspect.unwrap(Env.settle)
    defaults = settle.__defaults__ or ()
    if (
        "idle" not in within
        or not defaults
        or [*inspect.signature(settle).parameters][-1] != "idle"
    ):
        raise RuntimeError("this SimCord has no polling interval to set; see contract.py")
    within["idle"] = seconds
    settle.__defaults__ = (*defaults[:-1], seconds)
    setattr(simcord.env, "asyncio", _WithoutNaps())  # noqa: B010


def quiet_private_threads(env: Env) -> None:
    """Open private threads without a message about them in their channel, as Discord does.

    SimCord posts "started a thread" there for every thread, so that everybody would learn its name.
    """
    backend = env.backend
    genuine = backend.create_system_message

    def create_system_message(channel_id: int, kind: MessageType, *args: Any, **about: Any) -> Any:
        if kind == MessageType.THREAD_CREATED:
            thread = backend.channels.get(about.get("target_channel_id") or 0)
            if thread is not None and thread.type == ChannelType.PRIVATE_THREAD:
                return None
        return genuine(channel_id, kind, *args, **about)

    setattr(backend, "create_system_message", create_system_message)  # noqa: B010


async def forward(env: Env, seconds: float, *, budget: float = 60.0) -> None:
    """Advance the simulated time, allowing the bot ``budget`` real seconds for all of it.

    ``Env.settle_timeout`` limits a whole jump, but otherwise it has to stay small: while nothing is
    advanced, SimCord waits in real time for every timer due within it.
    """
    await _own_advances(env)
    usual, env.settle_timeout = env.settle_timeout, max(budget, env.settle_timeout)
    try:
        await env.advance_time(seconds)
    finally:
        env.settle_timeout = usual


async def _own_advances(env: Env) -> None:
    """Let SimCord finish an advance that it began by itself when a timer came due in real time.

    Otherwise that advance and the requested one would wait for each other until the budget is
    spent.
    """
    while (task := env._real_advance_task) is not None:
        if not task.done():
            await asyncio.wait((task,))
        elif not task.cancelled() and isinstance(task.exception(), TimeoutError):
            # The bot was slow; the rest of its work is part of the advance that comes now.
            env._real_advance_task = None
        else:
            return


class Payloads:
    """Fields of a person's interactions that differ from SimCord's, by user id."""

    def __init__(self) -> None:
        self._of: dict[int, dict[str, Any]] = {}

    def set(self, user_id: int, **fields: Any) -> None:
        """From now on interactions of this person carry ``fields``.

        For example ``locale="de"``, ``context=2`` or ``authorizing_integration_owners={"1": "5"}``.
        A field set to ``None`` is removed.
        """
        mine = self._of.setdefault(user_id, {})
        for name, value in fields.items():
            if value is None:
                mine.pop(name, None)
            else:
                mine[name] = value

    def of(self, user_id: int) -> Mapping[str, Any]:
        """The fields set for this person."""
        return self._of.get(user_id, {})


@contextlib.contextmanager
def interaction_payloads() -> Iterator[Payloads]:
    """Send interactions as Discord does, and allow choosing a person's language.

    SimCord says en-US for everybody, names no installation and allows 25 MiB. While the context
    lasts, the bot counts as installed to the guild (or, in its direct messages, to the account's
    guilds), the upload limit is Discord's, and ``Payloads.set`` changes what one person's
    interactions carry.
    """
    payloads = Payloads()
    genuine = simcord.interactions.base_payload

    def base_payload(backend: Any, **call: Any) -> tuple[Any, dict[str, Any]]:
        record, payload = genuine(backend, **call)
        payload["authorizing_integration_owners"] = {"0": str(call["guild_id"] or 0)}
        payload["attachment_size_limit"] = _UPLOAD_LIMIT
        payload.update(payloads.of(call["user_id"]))
        return record, payload

    with replaced(simcord.interactions, "base_payload", base_payload):
        yield payloads


async def deliver_together(env: Env, *calls: Callable[[], Awaitable[Result]]) -> list[Result]:
    """Deliver several people's actions before the bot reacts to any of them.

    ``calls`` are functions that start one action each, such as ``lambda: kim.click(message,
    label="Another")``. Returns their results in order once the bot is idle.
    """

    async def not_yet(**_: Any) -> None:
        return None

    env._settle_internal = not_yet
    try:
        results = [await call() for call in calls]
    finally:
        del env._settle_internal
    # Checking whether so much work has ended costs more than a few iterations of the event loop.
    for _ in range(_TURNS):
        if not _is_at_work(env):
            break
        await asyncio.sleep(0)
    await env.settle()
    return results


def _is_at_work(env: Env) -> bool:
    """Whether the bot has a task, or a callback without a delay, that has not ended."""
    work = env._work
    return not all(task.done() for task in work.tasks) or any(
        one.when is None and one.handle is not None and not one.handle.cancelled()
        for one in work.callbacks
    )


async def deliver_any(
    actor: Any, kind: int, channel: Any, data: dict[str, Any], on: Any = None
) -> simcord.InteractionResult:
    """Deliver an interaction with any data, as a modified client can send it.

    ``kind`` is its type, ``on`` the message it pretends to come from, if any.
    """
    extra: dict[str, Any] | None = None
    if on is not None:
        backend = actor._env.backend
        known = next(kept[on.id] for kept in backend.messages.values() if on.id in kept)
        extra = {"message": dict(serializers.message_payload(backend, known))}
    return await simcord.actors._dispatch_actor_interaction(
        actor, kind, channel, data, extra=extra, source_message_id=on.id if on else None
    )


def restrict_bot(env: Env, guild: Any, permissions: discord.Permissions) -> None:
    """Leave the bot exactly ``permissions`` in ``guild`` (a SimCord guild handle).

    SimCord gives the bot's role everything but Administrator.
    """
    record = env.backend.get_guild(guild.id)
    mine = record.members[env.backend.bot_user.id].role_ids
    roles = [role for role in record.roles.values() if role.id in mine]
    if not roles:
        raise LookupError(f"the bot has no role of its own in {record.name}")
    for role in roles:
        role.permissions = permissions.value
        payload = {"guild_id": str(guild.id), "role": serializers.role_payload(role)}
        env.backend.emit("GUILD_ROLE_UPDATE", payload)
