"""Replaces something of SimCord's for a while."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

__all__ = ["replaced"]


@contextlib.contextmanager
def replaced(owner: object, name: str, value: object) -> Iterator[None]:
    """While the context lasts, ``owner.name`` is ``value``. AttributeError if it was nothing."""
    genuine = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, genuine)
