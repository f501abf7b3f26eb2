"""A walk past every card and form: they fit, can be pressed, and the log names nobody."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from simcord.enums import ComponentType, InteractionType

from tests.cards.kinds import Kind, kind_of, kinds
from tests.cards.rules import MENU, PEOPLE, faults_of, form_faults
from tests.cards.tour import Tour, shown, walk
from tests.kit.test_log_of_people import SECRET, naming, people_of, quiet_libraries, typed_words
from tests.kit.test_log_privacy import Lines
from tests.simulation.world import Server, World

pytestmark = pytest.mark.timeout(240)

ON_OLDER_CARDS = {
    "round:report-indeed",
    "question:another",
    "question:phase",
    "private:all",
    "gather:pin-group",
    "gather:pin-people",
    "gather:swap",
    "gather:observe",
}
"""Kinds that no card has any more, and cards from before still do."""

SCREENS = (
    "### 🤝 A practice round, before it begins",
    "### 📜 Agree",
    "### 🗣️ Coaching",
    "⏸️ **Paused**",
    "The round has been paused for 10 minutes.",
    "The coach’s seat is empty",
    "The client’s seat is empty",
    "This part began late.",
    "### 🤲 The round is paused",
    "**Who has left?**",
    "You have left this round.",
    "You are not in this round.",
    "**End the round for everybody?**",
    "of coaching left. Close it and go on?",
    "**End the round and erase it?**",
    "You are in a round that is running in",
    "A person can be in one running round.",
    "is the nearest that suits.",
    "into a practice round:",
    "You are asked to be the **client**.",
    "### Who may ask me into rounds",
    "### ✅ Saved: Evenings only",
    "would like to observe.",
    "### 👀 The client decides",
    "does not wait any more.",
    "I have just brought the card down for you.",
    "You have asked people into a round already",
    "### 🌿 The round is complete",
    "### 🔌 The round was interrupted",
    "### ⏹️ The round has ended",
    "### 📭 The round is called off",
    "🔊 A voice channel",
    "🔒 A private thread",
    "👥 A public thread",
    "### 📝 My pad",
    "You noted nothing.",
    "⌛ The coaching is over; taps count for a few seconds more.",
    "### 📋 My notes",
    "### ✏️ One of my notes",
    "### Keep it like this?",
    "### Not saved yet",
    "### 🧠 From memory",
    "### 📝 My notes are with the coach",
    "### 🗒️ My sheet about",
    "### 🗒️ A sheet for each coach",
    "### 🪞 My own view",
    "### 💬 How it was for you",
    "### 🎁 My feedback",
    "### 🎁 Feedback on your coaching",
    "### 📈 The coaching as a time line",
    "### 🔍 About a note",
    "### 🔍 About this note",
    "**Erase the words of this note?**",
    "### 📣 Share with the room",
    "shares their feedback",
    "### 🧭 How far the feedback is",
    "### 🚩 Report this note?",
    "A note from a practice round in",
    "### 🚩 A reported note",
    "**Erase this note for everybody?**",
    "### Erase this feedback?",
    "### 🌱 A gathering is open",
    "### 🌱 The gathering is open",
    "A gathering is open in this dojo already",
    "### 👋 You are in",
    "on the waiting list",
    "You are in another gathering",
    "You have left the gathering.",
    "You are in a round. If you leave",
    "### 🌠 Your wishes in this dojo are saved",
    "### 📋 The plan is changed",
    "💡 What fits:",
    "### 🧩 Groups for round 1",
    "Fitted in since you looked",
    "have changed places.",
    "**Who only observes tonight?**",
    "**Which group stays together when groups are drawn again?**",
    "Your list cannot be kept with these groups",
    "### ▶️ Round 1 of 2 begins",
    "### 🚪 Round 1 of 2: to your rooms",
    "### ⏱️ Round 1 of 2 is running",
    "is over: come back",
    "### ☕ Together again: 2 of 2 rounds done",
    "**For the whole group:**",
    "this card is closed.",
    "### 🌿 The gathering is over",
)
"""Words of every screen of a round or an evening."""


@dataclass
class Visit:
    """What was shown on a walk past everything, and what was logged of it."""

    tour: Tour
    people: dict[int, str]
    typed: set[str]
    lines: list[str]
    naming: list[str]
    """The lines that name people or quote something."""
    failures: str
    """The log of what was pressed while every handler failed."""
    failures_naming: list[str]
    pressed: list[str]
    """The names of the kinds that were pressed then."""


@pytest.fixture(scope="module")
def visit(tmp_path_factory) -> Visit:
    """One walk for all tests of this file: it is long."""
    return asyncio.run(visited(tmp_path_factory.mktemp("tour")))


async def visited(folder: Path) -> Visit:
    world = World(folder)
    await world.start()
    try:
        with world.env.time_context(), quiet_libraries(), typed_words() as typed:
            server = world.guild()
            await server.set_up()
            with Lines() as log:
                await walk(world, server)
            tour, people, lines = shown(world), people_of(world), log.text.splitlines()
            found = naming(lines, world, typed)
            assert world.unprovoked() == []
            world.provoked = (Exception,)
            with Lines() as log:
                pressed = await pressed_without_success(server, tour, next(iter(people)))
            failures = log.text
            named = naming(failures.splitlines(), world, typed | {SECRET})
    finally:
        await world.stop()
    return Visit(tour, people, typed, lines, found, failures, named, pressed)


async def pressed_without_success(server: Server, tour: Tour, person: int) -> list[str]:
    """Press everything that was shown while its handler fails; the names of what was pressed."""
    secret = f"{SECRET} {person}"

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"“{secret}”")

    ids = sorted({one["custom_id"] for one in (*tour.clickable, *tour.forms)})
    fay = server.manager("fay-who-presses")
    pressed: list[str] = []
    for kind in kinds():
        custom_id = next((one for one in ids if kind.template.fullmatch(one)), None)
        if custom_id is None:
            continue
        sort, data = how_to_press(kind, str(fay.id))
        with mock.patch.object(kind.of, "handler", broken):
            await fay._dispatch_interaction(sort, server.dojo, {**data, "custom_id": custom_id})
        pressed.append(kind.name)
    return pressed


def how_to_press(kind: Kind, value: str) -> tuple[InteractionType, dict[str, Any]]:
    """The type of an interaction and what it says beside its custom id."""
    if kind.is_form:
        return InteractionType.MODAL_SUBMIT, {"components": []}
    component = ComponentType.BUTTON if kind.is_button else ComponentType.STRING_SELECT
    return InteractionType.MESSAGE_COMPONENT, {"component_type": component, "values": [value]}


def test_every_card_on_a_tour_fits(visit):
    assert [faults for card in visit.tour.cards if (faults := faults_of(card))] == []


def test_every_form_on_a_tour_fits(visit):
    assert [faults for form in visit.tour.forms if (faults := form_faults(form))] == []


def test_every_component_on_a_tour_is_known_by_exactly_one_kind(visit):
    met = set()
    for custom_id, kind in {(one["custom_id"], one["type"]) for one in visit.tour.clickable}:
        known = kind_of(custom_id)
        assert known.is_menu is (kind in (MENU, PEOPLE)), custom_id
        met.add(known)
    # A new kind of button belongs on the tour; some that differ in a field have one name.
    met = {one for one in met if one.name not in ON_OLDER_CARDS}
    assert met == {one for one in kinds() if not one.is_form and one.name not in ON_OLDER_CARDS}


def test_every_form_on_a_tour_is_known_by_exactly_one_kind(visit):
    met = set()
    for custom_id in {form["custom_id"] for form in visit.tour.forms}:
        met.add(kind_of(custom_id, is_form=True))
    # A new kind of form belongs on the visit.tour.
    assert met == {one for one in kinds() if one.is_form}


def test_every_component_says_nothing_but_identities_in_its_custom_id(visit):
    """What a click does is decided from the database, never from text on the card."""
    for one in visit.tour.clickable:
        assert re.fullmatch(r"dojo:1:[A-Za-z0-9_:.-]+", one["custom_id"])


def test_no_card_notifies_anybody_but_by_name(visit):
    """Mentions are shown, but nobody is pinged by us unless a card names whom."""
    assert visit.tour.posted
    for message in visit.tour.posted:
        mentions = message["allowed_mentions"]
        assert mentions["parse"] == []
        assert not mentions.get("roles")
        for user_id in mentions.get("users", []):
            assert f"<@{user_id}>" in json.dumps(message)


def test_the_tour_passes_every_screen_of_a_round(visit):
    said = [one.get("content", "") for one in visit.tour.parts]
    assert [words for words in SCREENS if not any(words in one for one in said)] == []


def test_a_walk_past_every_card_names_nobody_in_the_log(visit):
    """S18: at every level of our own lines."""
    assert len(visit.lines) > 100
    assert any(" DEBUG bot." in line for line in visit.lines)
    assert len(visit.people) > 20
    assert visit.typed
    assert visit.naming == []


def test_a_failure_in_any_button_menu_or_form_names_nobody(visit):
    """S18: the line says which kind of thing it was; its custom id can name the coach."""
    assert len(visit.pressed) > 150
    assert visit.failures_naming == []
    assert set(visit.pressed) <= set(re.findall(r" command=([\w:-]+)", visit.failures))
