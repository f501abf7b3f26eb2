"""Every card and form fits Discord's limits, and everything on them can be pressed forever."""

from __future__ import annotations

import dataclasses
import functools
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from unittest import mock

import pytest

from bot.content import limits
from bot.content.model.content import Content
from bot.content.model.formats import Format, Segment, SegmentKind
from bot.content.model.questions import Phase
from bot.dojos.model.dojo import DojoSettings
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.dojos.ui.settings import setup_form
from bot.guide.signals import short_card, signals_card
from bot.kit.discord.text import safe
from bot.kit.person import Person
from bot.questions.service import Loose
from bot.questions.ui.cards import chooser_card, list_card, private_card, public_card
from bot.questions.ui.place import Place
from tests.cards.rules import faults_of, form_faults
from tests.simulation.world import choose, menus, text, texts

LARGEST = Loose(2**30 - 1, 9_999)


def every_view(content: Content, *, most: int | None = None):
    """Each kind of card that shows content, for every phase and page, and `most` questions."""
    place = Place(None, content, Person(1), datetime(2026, 1, 5, 18, 0, tzinfo=UTC))
    for private in (True, False):
        yield chooser_card(content, private=private, notice="n" * 300)
    for phase in Phase:
        questions = content.bank.in_phase(phase)
        for question in questions[:most]:
            yield public_card(place, phase, question)
            yield private_card(place, phase, question, loose=LARGEST, share=True, shared=True)
            yield private_card(place, phase, question, loose=LARGEST, notice="n" * 300)
        listed, page = 0, 0
        while listed < len(questions):
            view = list_card(content, phase, page)
            listed += len(menus(SimpleNamespace(components=view.to_components()))["Take one"])
            page += 1
            yield view
    yield short_card(content)
    for page in range(limits.SIGNALS):
        yield signals_card(content, page)


def long_content(library, question: str, fill: str) -> str:
    """A file in which every text is as long as it may be."""
    words, name = fill * limits.SIGNAL_TEXT, fill * limits.SIGNAL_NAME
    markers = ['"8.11"'] * limits.MARKERS
    lines = ["version = 1"]
    for entry in library["en"].bank.questions:
        lines += ["[[question]]", f'id = "{entry.id}"', f'text = "{question}"']
    codes = [signal.code for signal in library["en"].signals.signals]
    codes += [f"X{number}" for number in range(limits.SIGNALS - len(codes))]
    for number, code in enumerate(codes):
        lines += [
            "[[signal]]",
            f'code = "{code}"',
            f'slug = "slug-{number}"',
            f'name = "{name}"',
            'kind = "event"',
            *(f'{key} = "{words}"' for key in ("short", "looks", "listen", "tie_break")),
            f"markers = [{', '.join(markers)}]",
            f'counterpart = {{ slug = "other-{number}", name = "{name}", text = "{words}" }}',
        ]
    number, size = 0, len("\n".join(lines).encode())
    while size + 600 < limits.OWN_FILE_BYTES:
        phase = list(Phase)[number % len(Phase)]
        more = ["[[question]]", f'id = "{"q" * 36}-{number:03}"', f'phase = "{phase}"']
        more.append(f'text = "{question}"')
        lines += more
        size += len("\n".join(more).encode()) + 1
        number += 1
    return "\n".join(lines) + "\n"


async def test_every_card_of_the_shipped_content_fits(library):
    for content in library.values():
        for view in every_view(content):
            assert faults_of(view.to_components()) == []


@pytest.mark.parametrize(
    ("question", "fill"),
    [
        ("W" * limits.QUESTION_TEXT, "W"),
        ("*" * limits.QUESTION_TEXT, "*"),
        ("é" * limits.QUESTION_TEXT, "é"),
        ("{a_b}" * (limits.QUESTION_TEXT // 5), "W"),
    ],
    ids=["letters", "markdown", "accents", "blanks"],
)
async def test_every_card_of_the_longest_own_content_fits(world, server, library, question, fill):
    """Markdown is escaped and blanks are decorated: a text gets longer when it is shown."""
    result = await server.give_content(long_content(library, question, fill))
    assert "### Imported" in text(result.response)
    dojo = world.bot.services[DojoService].get(server.dojo.id)
    content = await world.bot.services[ContentService].of_dojo(dojo)

    # All the questions say the same.
    with mock.patch("bot.questions.ui.words.safe", functools.cache(safe)):
        views = every_view(content, most=5)
        faults = {fault for view in views for fault in faults_of(view.to_components())}

    assert faults == set()


@pytest.mark.parametrize("command", ["question", "help"])
async def test_a_server_of_very_many_dojos_still_gets_an_answer(world, server, command):
    for number in range(250):
        channel = server.handle.create_text_channel(f"dojo-{number}")
        fay = Person(1, server.id, managed=frozenset({channel.id}))
        await world.bot.services[DojoService].set_up(server.id, channel.id, DojoSettings(), fay)

    answer = await server.member("carla").slash(server.lounge, command)

    assert server.dojo.mention in text(answer.response)


async def test_the_form_fits(library):
    settings = DojoSettings(facilitator_role_id=2**63 - 1)
    content = dataclasses.replace(library["en"], formats=most_formats())

    assert form_faults(setup_form(2**63 - 1, settings, content, library).to_dict()) == []


def most_formats() -> dict[str, Format]:
    """As many formats as a dojo can have, with names as long as they may be."""
    parts = (Segment(SegmentKind.COACH, timedelta(minutes=59.5)),) * 3
    names = [f"{number:0{limits.FORMAT_ID}}" for number in range(limits.FORMATS)]
    title = "W" * limits.FORMAT_NAME
    return {name: Format(name, title, "Anyone", 59, 60, parts) for name in names}


async def test_long_content_can_be_walked_through_like_any_other(server, library):
    await server.give_content(long_content(library, "W" * 200, "W"))
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="start", show="me")).response
    await carla.click(card, label="Show all")
    first = texts(card)[0]

    for number in range(2, 5):
        await carla.click(card, label="Next page")
        assert f"page {number} of" in texts(card)[0]
    await choose(carla, card, "Take one", menus(card)["Take one"][-1])
    await carla.click(card, label="Share with the room")

    assert first.startswith("🌱")
    assert "W" * 200 in text(server.dojo.history()[-1])
