# ruff: noqa: SLF001 - this is the list of what is private
"""Lists every private name of SimCord that this package uses, and finds those that are missing."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import simcord._settlement as settlement
import simcord.actors
import simcord.env
import simcord.interactions
import simcord.preview._markdown as markdown
import simcord.preview._server as preview_server
import simcord.preview._snapshot as snapshot
from simcord._runtime import _CallbackRecord, _WorkState
from simcord.env import Env
from simcord.preview import Preview
from simcord.preview._actions import _Action
from simcord.preview._pages import _Page
from simcord.preview._server import PreviewServer

from bot.rehearsal.simulation.pages import MARKS, template

__all__ = ["VERSION", "broken_names"]

VERSION = "3.2.1"
"""The release that the names were taken from."""

_HAS = {
    Env: ("_schedule_timer", "_settle_internal"),
    Preview: (
        "_MAX_PAGES",
        "_action",
        "_advance_presentation_time",
        "_finish_action",
        "_mark_action_dispatched",
        "_open_page",
        "_page_payload",
        "_publish",
        "_viewer",
    ),
    PreviewServer: (
        "_SECURITY_HEADERS",
        "_STATIC_CONTENT_TYPES",
        "_STATIC_FILES",
        "_action",
        "_multipart_action",
        "_action_result",
        "_asset",
        "_authorized",
        "_commands",
        "_delete_page",
        "_state",
    ),
}
_SETS = {
    Env: ("_generation", "_preview", "_real_advance_task", "_runtime", "_work"),
    Preview: ("_closed", "_pages", "_python", "_server", "channel", "timezone", "viewers"),
    PreviewServer: ("_requested_port", "port"),
}
_FIELDS = {
    _Page: ("id", "last_activity", "revision", "target_id", "viewer", "window_end_id"),
    _Action: ("interaction",),
    _CallbackRecord: ("handle", "real_handle", "when"),
    _WorkState: ("callbacks", "executors", "tasks"),
}


def broken_names() -> list[str]:
    """The names used here that the installed SimCord lacks; empty if none."""
    return list(_broken())


def _broken() -> Iterator[str]:
    for owner, names in _HAS.items():
        yield from (f"{owner.__name__}.{name}" for name in names if not hasattr(owner, name))
    for owner, names in _SETS.items():
        made = owner.__init__.__code__.co_names
        yield from (f"{owner.__name__}().{name}" for name in names if name not in made)
    for record, names in _FIELDS.items():
        known = record.__dataclass_fields__
        yield from (f"{record.__name__}.{name}" for name in names if name not in known)
    if "idle" not in (inspect.unwrap(Env._settle_internal).__kwdefaults__ or {}):
        yield "Env._settle_internal(idle=...)"
    yield from _unlike(Env, "_schedule_timer", "record", "callback", "args", "schedule_context")
    if not hasattr(simcord.env, "asyncio"):
        yield "simcord.env.asyncio"
    if [*inspect.signature(Env.settle).parameters][-1] != "idle":
        yield "Env.settle(idle=...)"
    yield from _unlike(simcord.interactions, "base_payload", "user_id", "guild_id")
    sent = ("actor", "type", "channel", "data", "extra", "source_message_id")
    yield from _unlike(simcord.actors, "_dispatch_actor_interaction", *sent)
    yield from _unlike(settlement, "_park_reason", "self", "task", "deadline", "seen")
    yield from _unlike(markdown, "_markdown_parser", "policy", "context")
    yield from _unlike(snapshot, "_message_navigation", "preview", "page", "visible")
    yield from _unlike(Preview, "_finish_action", "page", "action", "settlement", "cursor")
    if "web" not in PreviewServer.start.__code__.co_names:
        yield f"{preview_server.__name__}.web"
    yield from (f"index.html: {mark}" for mark in MARKS.values() if mark not in template())


def _unlike(owner: object, name: str, *parameters: str) -> Iterator[str]:
    """The function's name, unless it exists and takes these parameters."""
    function: Callable[..., Any] | None = getattr(owner, name, None)
    known = inspect.signature(function).parameters if callable(function) else {}
    if not set(parameters) <= set(known):
        yield f"{getattr(owner, '__name__', owner)}.{name}({', '.join(parameters)})"
