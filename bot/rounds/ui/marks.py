"""A mark on cards that say nothing of their round any more, by which the bot still knows them.

Components may have an id of 32 bits, which nobody sees and Discord gives back with the message.
That of the first text of such a card is made from the round, so that the card is found when the
round is erased.
"""

from __future__ import annotations

import hashlib

from bot.kit.discord.cards import Component, text

_FIRST = 1 << 16
"""Discord numbers components without an id from 1: no mark is among those."""
_LAST = (1 << 31) - 1


def mark_of(round_id: int) -> int:
    """The id of a component that marks a card of this round."""
    number = int.from_bytes(hashlib.blake2b(str(round_id).encode(), digest_size=8).digest())
    return _FIRST + number % (_LAST - _FIRST)


def marked(content: str, round_id: int) -> Component:
    """The text of a card without buttons that is about this round."""
    return text(content) | {"id": mark_of(round_id)}
