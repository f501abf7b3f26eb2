"""The people and channels of these tests."""

from __future__ import annotations

from bot.kit.person import Person

GUILD, CHANNEL, OTHER_CHANNEL = 1000, 2000, 2001
ROLE = 77
MANAGER = Person(1, GUILD, managed=frozenset({CHANNEL, OTHER_CHANNEL}))
FACILITATOR = Person(2, GUILD, frozenset({ROLE}))
MEMBER = Person(3, GUILD)
