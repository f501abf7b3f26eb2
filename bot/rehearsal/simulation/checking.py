# ruff: noqa: ANN401 - what is private to SimCord has no types for others
"""Makes SimCord's checks of messages faster: they took a tenth of the time of a simulated round.

Every message is checked twice, by the route that receives it and by the code that stores it, and
each check walks through all components several times.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simcord import components
from simcord.backend.ops import messages
from simcord.http import _helpers as routes

from bot.rehearsal.simulation.copying import copied

__all__ = ["quick_checking"]

WALK = components.walk_components
"""SimCord's original."""
_check = components.validate_message_state
_passed: list[Any] = [None, None]
"""The components that a route has accepted, and the flags they came with."""


def walk(roots: Any) -> Iterator[dict[str, Any]]:
    """Every component from top to bottom, as `walk_components` gives them."""
    found: list[dict[str, Any]] = []
    _collect((roots,) if isinstance(roots, dict) else roots, found)
    return iter(found)


def _collect(roots: Any, found: list[dict[str, Any]]) -> None:
    for component in roots:
        if not isinstance(component, dict):
            continue
        found.append(component)
        if isinstance(children := component.get("components"), list):
            _collect(children, found)
        for key in ("accessory", "component"):
            if isinstance(child := component.get(key), dict):
                _collect((child,), found)


def _at_the_route(parts: Any, **about: Any) -> list[dict[str, Any]]:
    passed = _check(parts, **about)
    _passed[:] = copied(passed), about["flags"]
    return passed


def _at_the_store(parts: Any, **about: Any) -> list[dict[str, Any]]:
    is_layout = int(about["flags"]) & components.COMPONENTS_V2_FLAG
    others = (about.get(name) for name in ("content", "embeds", "poll", "stickers"))
    if is_layout and parts and not any(others) and _passed == [parts, about["flags"]]:
        return copied(parts)
    return _check(parts, **about)


def quick_checking() -> None:
    """Let SimCord check each message once. Applies to the process.

    Raises RuntimeError for a SimCord that checks in another way.
    """
    genuine = (_check, _at_the_route, _at_the_store)
    for module, quick in ((routes, _at_the_route), (messages, _at_the_store)):
        if getattr(module, "validate_message_state", None) not in genuine:
            raise RuntimeError(f"{module.__name__} does not check messages")
        setattr(module, "validate_message_state", quick)  # noqa: B010
    setattr(components, "walk_components", walk)  # noqa: B010
