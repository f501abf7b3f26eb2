"""What the scenes of the README's pictures happen on: people, their windows, and a round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser, Page

from bot.rehearsal.command import Rehearsal
from tests.browser import Seat, open_page, take_seat

__all__ = ["Coached", "Set"]

WATCHED = "S5 Sentence finished for the client"
NOTED = (
    ("olu", 70, "Start", ""),
    ("omar", 12, "S6 Choice handed over", ""),
    ("olu", 95, "S5 Gap left open", "And the part you want to keep is…"),
    ("omar", 6, "S5 Gap left open", ""),
    ("omar", 140, "S2 Held by the problem", ""),
    ("olu", 110, "Check-in", ""),
    ("omar", 60, "S1 Meaning invited", "What do you make of that?"),
    ("olu", 7, "S1 Meaning invited", ""),
    ("omar", 105, "S5 Sentence finished for the client", "…because you do not trust it yet?"),
    ("olu", 85, "Meaning", ""),
    ("olu", 40, "S4 Greatness named", ""),
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
class Coached:
    """The windows of a round's people, all in its room."""

    carla: Seat
    kim: Seat
    olu: Seat
    omar: Seat


@dataclass(frozen=True)
class Set:
    """What a scene has: a rehearsal, a browser, and where its picture goes."""

    chromium: Browser
    rehearsal: Rehearsal
    path: Path

    async def seat(self, place: str, person: str, *, height: int = 640) -> Seat:
        """Somebody's window, at the size and sharpness of the README's pictures."""
        return await take_seat(
            self.chromium,
            self.rehearsal.address,
            place,
            person,
            width=1000,
            height=height,
            sharp=True,
        )

    async def room(self, *others: str) -> str:
        """The place of a round that Kim, Olu and other observers come to, asked by Carla."""
        carla = await self.seat("dojo", "carla")
        observers = ("Olu (observer)", *others)
        await carla.slash(
            "round start",
            coach="Carla (coach)",
            client="Kim (client)",
            **{f"observer{at}": one for at, one in enumerate(observers, 1)},
            format="Classic triad · 30 min · 3–4 people",
        )
        for one in ("kim", "olu", *(other.split()[0].lower() for other in others)):
            seat = await self.seat("dojo", one)
            await seat.press("Read and answer")
            await seat.press("Agree, with notes")
        channels = self.rehearsal.stage.env.backend.channels.values()
        return str(next(channel.id for channel in channels if channel.is_thread))

    async def coaching(self) -> str:
        """The place of a round that is in its coaching, with something to watch for."""
        room = await self.room()
        carla = await self.seat(room, "carla")
        await carla.press("Coach: what to watch")
        await carla.fill("What feedback would help you?", "Do I leave room after a question?")
        await carla.submit()
        await carla.press("Agree, with notes")
        await carla.sees("part 1 of 7")
        await self.rehearsal.stage.jump(timedelta(minutes=2, seconds=5))
        await carla.sees("part 2 of 7")
        return room

    async def gathered(self) -> Seat:
        """The facilitator's window on an evening that people have joined."""
        fay = await self.seat("dojo", "fay", height=900)
        await fay.slash("dojo open", rounds=4)
        await fay.sees("My wishes")
        for _ in range(3):
            await self.rehearsal.stage.jump(timedelta(minutes=1))
        # One of the ten comes late.
        await fay.sees("9 people")
        return fay

    async def practising(self) -> Seat:
        """The facilitator's window on an evening whose groups are in their coaching."""
        fay = await self.gathered()
        await fay.press("Form groups")
        await fay.sees("Why these groups")
        await fay.press("Start")
        await fay.settled()
        for _ in range(5):
            await self.rehearsal.stage.jump(timedelta(seconds=30))
        return fay

    async def observed(self) -> Coached:
        """The pages of a round that is in its coaching, with what two observers noted in it."""
        room = await self.room("Omar (observer)")
        carla, kim, olu, omar = [
            await self.seat(room, one, height=1150) for one in ("carla", "kim", "olu", "omar")
        ]
        await carla.press("Coach: what to watch")
        await carla.fill("Watch me for", WATCHED)
        await carla.fill("What feedback would help you?", "Do I leave room after a question?")
        await carla.submit()
        await carla.press("Agree, with notes")
        await carla.sees("part 1 of 7")
        await self.rehearsal.stage.jump(timedelta(minutes=2, seconds=5))
        await carla.sees("part 2 of 7")
        seats = {"olu": olu, "omar": omar}
        for one in seats.values():
            await one.sees("part 2 of 7")
            await one.press("Open my pad")
        for who, seconds, side, words in NOTED:
            await self.rehearsal.stage.jump(timedelta(seconds=seconds))
            await seats[who].tap(side)
            if words:
                await seats[who].press("Quote")
                await seats[who].fill("The coach’s words", words)
                await seats[who].submit()
        return Coached(carla, kim, olu, omar)

    async def feedback(self) -> Seat:
        """The coach's window with their feedback, after the sheets and the client's items."""
        coached = await self.observed()
        carla = coached.carla
        await carla.press("Next")
        await carla.press("Next")
        await carla.sees("part 3 of 7")
        for one in (coached.olu, coached.omar):
            await one.sees("part 3 of 7")
            await one.press("Open my pad")
            await one.press("My sheet")
            await one.press("Hand in")
        await coached.kim.press("Open my feedback")
        await coached.kim.press("How it was for me…")
        for item, answer in CLIENT.items():
            await coached.kim.fill(item, answer)
        await coached.kim.submit()
        await carla.press("Open my feedback")
        await carla.press("My own view")
        await carla.latest.get_by_role("combobox").nth(4).click()
        await carla.page.locator(".select-list:popover-open [role=option]").first.click()
        await carla.press("Hand in")
        for part in (4, 5, 6):
            await carla.press("Next")
            await carla.sees(f"part {part} of 7")
        await carla.press("Open my feedback")
        await carla.sees("What observers saw you do")
        return carla

    async def page(self, *, dark: bool) -> Page:
        """The start page."""
        page = await open_page(
            self.chromium, self.rehearsal.address, width=1120, height=700, dark=dark, sharp=True
        )
        await page.locator("#people li").first.wait_for()
        return page
