"""Puts refusals into words: each feature registers the sentences for its own refusals here."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator

from bot.kit.discord.text import joined
from bot.kit.refusals import DojoError, LacksRight, NotHere, NotOffered

Command = Callable[[str], str]
"""Turns the name of a command into the text that is shown for it."""


@functools.singledispatch
def explain(error: DojoError, command: Command) -> str:
    """What a refusal means for the person it is told to, and what to do next.

    Raises TypeError for a refusal whose feature has registered no sentence.
    """
    raise TypeError(f"no sentence for {type(error).__name__}")


@explain.register
def _(error: NotHere | NotOffered | LacksRight, command: Command) -> str:
    match error:
        case NotHere():
            return "This works only in the server and channel it belongs to. Open it there again."
        case NotOffered():
            return "I did not offer that choice here. Please open it again and choose from there."
        case LacksRight(switches):
            return (
                f"I may not do that here: I lack **{joined(switches)}**. Someone who manages"
                " channels can turn that on for me in the channel's settings under Permissions."
            )


def check_explained(kinds: Iterable[type[DojoError]]) -> None:
    """Raise TypeError, naming every kind of refusal that has no sentence of its own."""
    mute = sorted(kind.__name__ for kind in kinds if kind not in explain.registry)
    if mute:
        raise TypeError(f"no sentence for {', '.join(mute)}")


def all_refusals(base: type[DojoError] = DojoError) -> Iterator[type[DojoError]]:
    """Every kind of refusal in the modules that are loaded."""
    for kind in base.__subclasses__():
        if kind.__module__.startswith("bot."):
            yield kind
        yield from all_refusals(kind)
