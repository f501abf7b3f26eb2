"""The stories of the README's pictures: what people do, and when a picture is taken.

A story is played on one rehearsal and takes several pictures. It is the same with a browser and
without. To add a picture, take it in a story and name it where the story is marked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from tests.pictures.seats import Seat
from tests.pictures.sets import Set

__all__ = ["PICTURES", "STORIES", "Story"]

WATCHED = "S5 🤝 Gap left open"
NOTED = (
    ("olu", 70, "Start", ""),
    ("omar", 12, "S6 choice", ""),
    ("olu", 95, "S5 gap", "And the part you want to keep is…"),
    ("omar", 6, "S5 gap", ""),
    ("omar", 140, "issue", ""),
    ("olu", 110, "Check-in", ""),
    ("omar", 60, "S1 invited", "What do you make of that?"),
    ("olu", 7, "S1 invited", ""),
    ("omar", 105, "finished", "…because you do not trust it yet?"),
    ("olu", 85, "Meaning", ""),
    ("olu", 40, "S4 named", ""),
)
"""Who taps what on their pad, so many seconds after what came before, and adds which words."""
CLIENT = {
    "I chose where we went": "Yes",
    "The coach used my words, not their own": "Yes",
    "Something good about me was noticed": "Partly",
    "Who may see it?": "The coach as well, at the end",
}
"""What the client says of it."""


@dataclass(frozen=True)
class Story:
    """A story and the pictures taken in it; `players` people act by themselves."""

    name: str
    pictures: tuple[str, ...]
    players: int
    play: Callable[[Set], Awaitable[None]]


STORIES: list[Story] = []


def story(
    *pictures: str, players: int = 0
) -> Callable[[Callable[[Set], Awaitable[None]]], Callable[[Set], Awaitable[None]]]:
    """Mark a function as a story in which these pictures are taken."""

    def mark(play: Callable[[Set], Awaitable[None]]) -> Callable[[Set], Awaitable[None]]:
        STORIES.append(Story(play.__name__, pictures, players, play))
        return play

    return mark


@story("rehearsal", "question", "show-all", "settings", "setup-form", "signals")
async def dojo(stage: Set) -> None:
    """The start page, and what one person asks for in the dojo."""
    await stage.start_page("rehearsal")

    carla, kim = stage.seat("dojo", "carla"), stage.seat("dojo", "kim")
    await carla.slash("question", phase="start")
    await kim.sees("Another")
    await stage.window("question", kim, height=420)

    await carla.slash("question", phase="meaning")
    await carla.press("Show all")
    await stage.card("show-all", carla)

    fay = stage.seat("dojo", "fay")
    await fay.slash("dojo settings")
    await stage.window("settings", fay)
    await stage.form("setup-form", fay, button="Change")

    olu = stage.seat("dojo", "olu")
    await olu.slash("signals")
    await stage.card("signals", olu)


@story("round-agreement", "round-coaching", "round-role", "pad", "feedback", "time-line")
async def practice_round(stage: Set) -> None:
    """A round from the question in the dojo to the coach's feedback."""
    carla, kim, olu, omar = await _asked(stage)
    await stage.card("round-agreement", kim, "before it begins")

    await carla.press("Coach: what to watch")
    await carla.fill("Watch me for", WATCHED)
    await carla.fill("What feedback would help you?", "Do I leave room after a question?")
    await carla.submit()
    await carla.press("Agree, with notes")
    await carla.sees("part 1 of 7")
    await stage.later(minutes=2, seconds=5)
    await olu.sees("part 2 of 7")
    await stage.window("round-coaching", olu, shown=3)
    await olu.press("My role now")
    await stage.card("round-role", olu, "Do not coach the client")

    await _noted(stage, {"olu": olu, "omar": omar})
    await stage.card("pad", olu, "My pad")

    await carla.press("Next")
    await carla.press("Next")
    await carla.sees("part 3 of 7")
    await _written(carla, kim, (olu, omar))
    for part in (4, 5, 6):
        await carla.press("Next")
        await carla.sees(f"part {part} of 7")
    await carla.press("Open my feedback")
    await stage.card("feedback", carla, "What observers saw you do")
    await carla.press("Time line")
    await stage.card("time-line", carla, "The coaching as a time line")


async def _asked(stage: Set) -> tuple[Seat, ...]:
    """Carla asks for a round; the others say yes; all of them in its room."""
    carla = stage.seat("dojo", "carla")
    await carla.slash(
        "round start",
        coach="Carla (coach)",
        client="Kim (client)",
        observer1="Olu (observer)",
        observer2="Omar (observer)",
        format="Classic triad · 30 min · 3–4 people",
    )
    for one in ("kim", "olu", "omar"):
        seat = stage.seat("dojo", one)
        await seat.press("Read and answer")
        await seat.press("Agree, with notes")
    room = stage.newest_room()
    return tuple(stage.seat(room, one) for one in ("carla", "kim", "olu", "omar"))


async def _noted(stage: Set, observers: Mapping[str, Seat]) -> None:
    """The observers note on their pads what they see."""
    for one in observers.values():
        await one.press("Open my pad")
    for who, seconds, side, words in NOTED:
        await stage.later(seconds=seconds)
        await observers[who].tap(side)
        if words:
            await observers[who].press("Quote")
            await observers[who].fill("The coach’s words", words)
            await observers[who].submit()


async def _written(carla: Seat, kim: Seat, observers: Iterable[Seat]) -> None:
    """All write what they saw: the observers their sheets, the client and the coach theirs."""
    for one in observers:
        await one.press("Open my pad")
        await one.press("My sheet")
        await one.press("Hand in")
    await kim.press("Open my feedback")
    await kim.press("How it was for me…")
    for item, answer in CLIENT.items():
        await kim.fill(item, answer)
    await kim.submit()
    await carla.press("Open my feedback")
    await carla.press("My own view")
    await carla.choose("S5", "S5 partnering: gap")
    await carla.press("Hand in")


@story("gathering", "groups", "panel", players=10)
async def evening(stage: Set) -> None:
    """An evening until its groups are in their coaching."""
    fay = stage.seat("dojo", "fay")
    await fay.slash("dojo open", rounds=4)
    await fay.sees("My wishes")
    # One of the ten comes late.
    await stage.later(minutes=3)
    await fay.sees("9 people")
    await stage.card("gathering", fay, "My wishes")

    await fay.press("Form groups")
    await stage.card("groups", fay, "Why these groups")

    await fay.press("Start")
    for _ in range(7):
        await stage.later(seconds=30)
    await fay.press("Panel")
    await stage.card("panel", fay, "Pause all")


PICTURES = {picture: one for one in STORIES for picture in one.pictures}
"""Every picture, and the story it is taken in."""
