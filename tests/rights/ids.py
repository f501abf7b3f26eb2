"""Custom ids of everything that can be clicked or sent, made from the patterns that read them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.kit.discord.patterns import PREFIX
from tests.cards.kinds import Kind

THINGS = frozenset({"round_id", "gathering_id", "report_id", "request_id"})
"""What an id is about, and a situation has or has not."""
SAMPLES: Mapping[str, str] = {
    **dict.fromkeys(THINGS, "1"),
    "after": "0",
    "agreement": "no-notes",
    "at": "1",
    "coach_id": "1",
    "code": "S5",
    "days": "1",
    "first": "0",
    "fold": "0",
    "format_id": "quick-10",
    "hint": "ok",
    "how": "pause",
    "mark": "00000000",
    "may": "yes",
    "months": "1",
    "names": "1",
    "note_id": "1",
    "number": "1",
    "off": "",
    "page": "0",
    "phase": "start",
    "position": "1",
    "question_id": "start-1",
    "role": "coach",
    "rounds": "2",
    "seconds": "1",
    "seed": "1",
    "extensions": "0",
    "seen": "1",
    "show": "me",
    "side": "signal",
    "useful": "1",
    "verdict": "helpful",
    "what": "end",
    "which": "1",
    "of": "start",
    "due": "1",
    "where": "note",
    "why": "page",
}
"""What stands for a group of a pattern, where the situation has nothing of its own for it."""
OWN: Mapping[str, Mapping[str, str]] = {
    "round:extend": {"position": "1", "extensions": "0"},
    "rehearse": {"how": "stay", "people": "6", "format_id": "triad-30"},
    "round:share": {"what": "all"},
    "ask": {"how": "few"},
}
"""What differs for one kind of item or form."""
VALUES: Mapping[str, str] = {
    "round:format": "pair-25",
    "round:mark": "both",
    "round:more": "S5:seen",
    "list:phase": "close",
    "private:phase": "close",
    "question:phase": "close",
    "dojo:zone": "Asia/Tokyo",
    "round:memory-code": "S5:seen",
    "round:memory-question": "Q:start",
    "me:asking": "evenings",
    "gather:wish": "coach",
}
"""What is chosen in a menu; else a person or a note of the situation."""

_GROUP = re.compile(r"\(\?P<(?P<name>\w+)>(?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)(?P<maybe>\??)")


def shape(kind: Kind) -> str:
    """What its custom ids look like: `round:*:pause`, or `form round:*:focus`."""
    looks = _literal(_GROUP.sub("*", _pattern(kind)))
    if kind.is_form:
        return f"form {looks}"
    return f"menu {looks}" if kind.is_menu else looks


def _pattern(kind: Kind) -> str:
    return kind.template.pattern.removeprefix(re.escape(PREFIX))


def _literal(text: str) -> str:
    """The text that a pattern without groups stands for."""
    return re.sub(r"\\(.)", r"\1", text)


def names(kind: Kind) -> set[str]:
    """The groups of its pattern: what it is about."""
    return set(kind.template.groupindex)


def id_of(kind: Kind, about: Mapping[str, str]) -> str:
    """The custom id of this kind for what it is about in a situation."""
    known = {**SAMPLES, **about, **OWN.get(kind.name, {})}
    filled = _GROUP.sub(lambda m: "" if m["maybe"] else known[m["name"]], _pattern(kind))
    custom_id = PREFIX + _literal(filled)
    assert kind.template.fullmatch(custom_id), (kind.name, custom_id)
    return custom_id


PREFIXES = ("round_id", "gathering_id", "dojo_id", "channel_id")
"""What an id is about; the rest says where on it, or which part of it."""


def fill(kind: Kind, say: Callable[[str, str], str | None]) -> str | None:
    """A custom id of this kind with what `say` has for each group, by its name and pattern.

    None where it does not fit the pattern of the kind.
    """
    known = {**SAMPLES, **OWN.get(kind.name, {})}

    def said(match: re.Match[str]) -> str:
        name = match["name"]
        inner = match[0].removesuffix("?").removeprefix(f"(?P<{name}>")[:-1]
        return "" if match["maybe"] else say(name, inner) or known.get(name, "")

    custom_id = PREFIX + _literal(_GROUP.sub(said, _pattern(kind)))
    return custom_id if kind.template.fullmatch(custom_id) else None
