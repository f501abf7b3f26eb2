"""Notes and feedback in the rehearsal: pad, sheet and debrief, played through its pages."""

from __future__ import annotations

from tests.rehearsal.test_rounds import AGREE, COACHING, LANDING, come
from tests.rehearsal.visitor import RoomVisitor, Visitor

OBSERVERS = ("olu", "omar")
PLAYERS = ("carla", "kim", *OBSERVERS)
SEATS = dict(zip(("coach", "client", "observer1", "observer2"), PLAYERS, strict=True))
GAP, PATH = "S5 gap", "steered"


async def observed(visitor: Visitor) -> dict[str, RoomVisitor]:
    """A round in its coaching, with two observers; the pages of its people, by their names."""
    dojo = await visitor.room("dojo", "carla")
    seats = {seat: await visitor.id_of(person) for seat, person in SEATS.items()}
    await dojo.use("round start", **seats)
    (room,) = await visitor.rooms()
    for person in PLAYERS:
        if person != "carla":
            await come(visitor, person)
    pages = {person: await visitor.room(room["key"], person) for person in PLAYERS}
    await pages["carla"].press("Agree, with notes")
    await visitor.do("jump", seconds=AGREE)
    for page in pages.values():
        await page.sees("part 2 of 7")
    return pages


async def press(page: RoomVisitor, label: str) -> None:
    """Press what the page showed when it was last looked at, and see what comes of it."""
    await page.press(label)
    await page.look()


async def test_two_observers_note_and_the_coach_gets_it(visitor, complaints):
    pages = await observed(visitor)
    carla, kim, olu, omar = pages.values()

    # The pads: each observer sees their own notes only.
    for page in (olu, omar):
        await press(page, "Open my pad")
    await press(olu, GAP)
    await press(olu, PATH)
    await visitor.do("jump", seconds=5)
    await press(omar, GAP)
    assert olu.shows("2 notes so far")
    assert omar.shows("1 note so far")
    assert not omar.shows(f"{PATH} 1")

    # The sheets: filled in from the notes.
    await visitor.do("jump", seconds=COACHING)
    await visitor.do("jump", seconds=LANDING)
    for page in (olu, omar):
        await page.sees("part 3 of 7")
        await press(page, "Open my pad")
        await press(page, "My sheet")
        await press(page, "Hand in")
        assert page.shows("You can change it until the coach has it.")

    # The feedback: in its turn, after the coach's own view, and to the coach alone.
    await carla.look()
    await press(carla, "Open my feedback")
    assert carla.shows("Your feedback comes after your own view")
    await visitor.do("jump", seconds=90)
    await carla.sees("part 6 of 7")
    await press(carla, "Open my feedback")
    await press(carla, "Skip")
    for said in ("Feedback on your coaching", "2 of 2", "on 1 of 2 sheets", "One thing to try"):
        assert carla.shows(said), said
    await press(carla, "Time line")
    assert carla.shows("2 observers. Noted: ")
    for page in (kim, olu, omar):
        await page.look()
        assert not page.shows("2 of 2")
    assert not complaints


async def test_the_start_page_tells_how_notes_become_feedback(visitor):
    _, page = await visitor.get("/")
    steps = page[page.index("Try this") : page.index("Channels and rooms")]
    for said in ("Open my pad", "My sheet", "Open my feedback"):
        assert said in steps, said
