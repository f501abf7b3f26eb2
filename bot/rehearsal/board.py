"""The cards in a rehearsal's channels, read as a person reads them who knows the bot.

It uses only what people also use: labels, the lines that say who does what, and the custom ids of
what can be pressed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from simcord.backend.access import message_accessible
from simcord.backend.models import Message
from simcord.env import Env

__all__ = ["ASKED", "COACHING", "GATHERING", "ROUND", "Board", "Card", "controls", "text_of"]

ROUND, GATHERING = "round", "gather"
ASKED = "asked"
"""Offered by the card in the dojo that asks people into a round."""
LATE = "late-"
"""The beginning of what a card offers that asks a client about a late comer."""
CALLS = frozenset({"join", "panel:take-over", "visit-call"})
"""What a call at an evening offers: one of these, and nothing else."""
COACHING = "Coaching"
"""The title of the part in which there is coaching."""

_NAMED = re.compile(rf"dojo:1:({ROUND}|{GATHERING}):(\d+):(.+)")
_PART = re.compile(r"\*\*(Coach|Client|Observer)s?\*\* (.*)")
_MENTION = re.compile(r"<@(\d+)>( \(has left\))?")
_INVITED = re.compile(r"<@(\d+)> \((coach|client|observer)\)")
_TITLE = re.compile(r"### (?:\W+ )?(.+)")
_ASKED = re.compile(r"Asked: (.*)")
_TEXT = 10
_LATEST = 30
"""The latest messages of a channel, which are looked at."""


@dataclass(frozen=True, slots=True)
class Card:
    """A public message that belongs to a round or a gathering and has something to press."""

    kind: str
    id: int
    message: Message
    offers: dict[str, str]
    """Custom ids by the part that follows the round or gathering, such as ``agree:notes``."""
    labels: dict[str, str]
    """Custom ids by the labels of the buttons."""
    text: str
    parts: dict[int, str] = field(default_factory=dict)
    """Who is coach, client or observer, by their ids; without people who have left."""
    asked: frozenset[int] = frozenset()
    """Who has not answered the agreement."""

    @property
    def title(self) -> str:
        """The heading, without its emoji."""
        found = _TITLE.search(self.text)
        return found[1].strip() if found else ""

    @property
    def is_main(self) -> bool:
        """Whether this is the round or gathering itself, rather than a question about it."""
        if self.kind == GATHERING and self.offers.keys() <= CALLS:
            return False
        return not any(one == ASKED or one.startswith(LATE) for one in self.offers)

    def offer(self, about: str) -> str | None:
        """The custom id of the first offer that begins with ``about``, such as ``next:`` of
        ``next:1``."""
        return next((self.offers[one] for one in self.offers if one.startswith(about)), None)


class Board:
    """All cards of a guild: the latest of each round and gathering, and before them questions about
    it."""

    def __init__(self, env: Env, guild_id: int) -> None:
        self._env = env
        self._guild_id = guild_id
        self._seen = -1
        self._cards: dict[tuple[str, int], list[Card]] = {}
        self._read: dict[int, tuple[list[dict[str, Any]], Card | None]] = {}

    def look(self) -> bool:
        """Read the channels if anything has happened in them. Returns whether it has."""
        # SimCord's transcript is shortened from time to time, so its length alone is not enough.
        transcript = self._env.backend.transcript
        seen = hash((len(transcript), id(transcript[-1]) if transcript else 0))
        if seen == self._seen:
            return False
        self._seen = seen
        cards: dict[tuple[str, int], list[Card]] = {}
        read: dict[int, tuple[list[dict[str, Any]], Card | None]] = {}
        for message in self._latest():
            known = self._read.get(message.id)
            if known is None or known[0] is not message.components:
                known = message.components, _card(message)
            read[message.id] = known
            if (card := known[1]) is not None:
                cards.setdefault((card.kind, card.id), []).append(card)
        for several in cards.values():
            several.sort(key=lambda card: (card.is_main, card.message.id), reverse=True)
        self._cards, self._read = cards, read
        return True

    def all(self) -> Iterator[Card]:
        """The latest card of each round and gathering."""
        for cards in self._cards.values():
            yield cards[0]

    def card(self, kind: str, id_: int, user_id: int) -> Card | None:
        """The latest card of a round or gathering that this person can see."""
        backend = self._env.backend
        for card in self._cards.get((kind, id_), ()):
            message = card.message
            if message_accessible(backend, message.channel_id, message, user_id, history=True):
                return card
        return None

    def _latest(self) -> Iterator[Message]:
        backend = self._env.backend
        for channel in backend.channels.values():
            if channel.guild_id != self._guild_id:
                continue
            left = _LATEST
            for message in reversed(backend.messages.get(channel.id, {}).values()):
                if message.is_ephemeral:
                    continue
                if message.components:
                    yield message
                left -= 1
                if not left:
                    break


def _card(message: Message) -> Card | None:
    offers: dict[str, str] = {}
    labels: dict[str, str] = {}
    whose: tuple[str, int] | None = None
    for control in controls(message.components):
        named = _NAMED.fullmatch(control["custom_id"])
        if named is None or whose not in (None, (named[1], int(named[2]))):
            continue
        whose = named[1], int(named[2])
        offers[named[3]] = named[0]
        labels[control.get("label") or ""] = named[0]
    if whose is None:
        return None
    text = text_of(message.components)
    asked = _ASKED.search(text)
    return Card(
        *whose,
        message,
        offers,
        labels,
        text,
        {user_id: part for part, user_id in _parts(text)},
        frozenset(int(one[1]) for one in _MENTION.finditer(asked[1])) if asked else frozenset(),
    )


def _parts(text: str) -> Iterator[tuple[str, int]]:
    for invited in _INVITED.finditer(text):
        yield invited[2].capitalize(), int(invited[1])
    for line in _PART.finditer(text):
        for mention in _MENTION.finditer(line[2]):
            if not mention[2]:
                yield line[1], int(mention[1])


def controls(components: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Everything on a card that can be pressed or chosen from at present."""
    for component in components:
        if component.get("custom_id") and not component.get("disabled"):
            yield component
        yield from controls(component.get("components") or ())
        if accessory := component.get("accessory"):
            yield from controls((accessory,))


def text_of(components: Sequence[dict[str, Any]]) -> str:
    """All texts of a card, one below the other."""
    texts = [one["content"] for one in components if one.get("type") == _TEXT]
    texts += [text_of(one["components"]) for one in components if one.get("components")]
    return "\n".join(filter(None, texts))
