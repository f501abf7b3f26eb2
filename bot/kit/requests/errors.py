"""Why a room cannot be told something, for services that know nothing of Discord."""

from __future__ import annotations


class RoomUnreachable(Exception):
    """Discord does not answer, or is in trouble: worth trying again a little later."""


class RoomRefused(Exception):
    """Discord does not let the bot write in the room: trying again does not help."""


class RoomGone(Exception):
    """The room has been deleted."""
