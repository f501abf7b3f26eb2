"""The people and channels of these tests."""

from __future__ import annotations

from bot.domain.dojos import Person

GUILD, CHANNEL, OTHER_CHANNEL = 1000, 2000, 2001
ROLE = 77
MANAGER = Person(1, manages_channels=True)
FACILITATOR = Person(2, frozenset({ROLE}))
MEMBER = Person(3)
