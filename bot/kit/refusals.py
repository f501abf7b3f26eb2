"""What can be refused, as types that carry facts; `bot.kit.discord.explain` says them in words.

Each feature has its own in `model/refusals.py`, and their words in `ui/refusals.py`. Here are what
they have in common, and what can be refused anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass


class DojoError(Exception):
    """A rule said no. The person is told what and why, and nothing was changed."""


@dataclass
class NotHere(DojoError):
    """What the person pressed works only in the server, or channel, that it belongs to."""


@dataclass
class NotOffered(DojoError):
    """A value came back that was not among those offered to the person."""


@dataclass
class LacksRight(DojoError):
    """The bot may not do something here; the switches that would let it, as Discord names them."""

    switches: tuple[str, ...]
