"""Makes SimCord's copies of payloads faster.

SimCord copies every payload several times so that nobody can change what someone else holds.
Payloads are trees of plain JSON values, for which Python's general `deepcopy` does much more than
necessary: it took a fifth of the time of a simulated evening.
"""

from __future__ import annotations

import copy
from types import ModuleType, SimpleNamespace
from typing import Any

from simcord import components, gateway, results
from simcord.backend import serializers
from simcord.http import router

BY_NAME: tuple[ModuleType, ...] = (components, results, serializers)
"""Modules that import `deepcopy` by name."""
BY_MODULE: tuple[ModuleType, ...] = (gateway, router)
"""Modules that use it through `copy`."""

_PLAIN = frozenset({str, int, bool, float, type(None)})


def copied(value: Any) -> Any:  # noqa: ANN401 - as the original
    """A copy of a tree; lists and dicts are new, plain values the same, the rest as usual."""
    kind = type(value)
    if kind is dict:
        return {
            name: part if type(part) in _PLAIN else copied(part) for name, part in value.items()
        }
    if kind is list:
        return [part if type(part) in _PLAIN else copied(part) for part in value]
    return value if kind in _PLAIN else copy.deepcopy(value)


def quick_copying() -> None:
    """Let SimCord copy payloads quickly. Applies to the process.

    Raises RuntimeError for a SimCord that copies in another way.
    """
    for module in BY_NAME:
        if getattr(module, "deepcopy", None) not in (copy.deepcopy, copied):
            raise RuntimeError(f"{module.__name__} has no deepcopy of its own")
        setattr(module, "deepcopy", copied)  # noqa: B010 - not known to be there
    for module in BY_MODULE:
        if getattr(getattr(module, "copy", None), "deepcopy", None) not in (copy.deepcopy, copied):
            raise RuntimeError(f"{module.__name__} does not copy through the module copy")
        setattr(module, "copy", SimpleNamespace(deepcopy=copied))  # noqa: B010
