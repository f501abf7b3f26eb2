"""The services of a running bot, each asked for by its type."""

from __future__ import annotations

from typing import Any, TypeVar

S = TypeVar("S")


class Services:
    """Every service that a command or button may call: `services[LiveRounds]`.

    A feature adds its own when it is wired, and asks only for services of features below it.
    """

    def __init__(self) -> None:
        self._by_type: dict[type[Any], Any] = {}

    def add(self, service: S) -> S:
        """Add a service and return it. Raises ValueError for a second one of its type."""
        kind = type(service)
        if kind in self._by_type:
            raise ValueError(f"there is a {kind.__name__} already")
        self._by_type[kind] = service
        return service

    def __getitem__(self, kind: type[S]) -> S:
        """The service of exactly this type. Raises LookupError where none was added."""
        try:
            return self._by_type[kind]
        except KeyError:
            raise LookupError(f"nothing has added a {kind.__name__}") from None
