"""Refusals as exception types that carry facts; `bot.kit.discord.explain` puts them into words.

Each feature has its own in `model/refusals.py`, and their words in `ui/refusals.py`. This module
has their base class, and refusals that can happen anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass


class DojoError(Exception):
    """A rule was broken. The person is told what and why, and nothing was changed."""

    @property
    def ends_card(self) -> bool:
        """Whether a private card that leads to this can do nothing any more."""
        return False


@dataclass
class NotHere(DojoError):
    """What the person pressed works only in the server, or channel, that it belongs to."""


@dataclass
class NotOffered(DojoError):
    """A value came back that was not among those offered to the person."""


@dataclass
class LacksRight(DojoError):
    """The bot may not do something here. Carries the permissions it needs, in Discord's words."""

    switches: tuple[str, ...]
