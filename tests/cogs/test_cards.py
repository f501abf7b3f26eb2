"""Every card and form fits Discord's limits, and everything on them can be pressed for ever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from bot.content import limits
from bot.domain.content import Content
from bot.domain.dojos import DojoSettings, Person
from bot.domain.questions import Phase
from bot.services.questions import Loose
from bot.ui.components import PERSISTENT_ITEMS
from bot.ui.dojos import SetupForm
from bot.ui.questions import chooser_card, list_card, private_card, public_card
from bot.ui.signals import signals_card
from tests.world import choose, labels, menus, parts, text, texts

BUTTON, MENU = 2, 3
LARGEST = Loose(2**30 - 1, 9_999)


def faults_of(components: list[dict]) -> list[str]:
    """What Discord would refuse about a card."""
    entries = list(parts(SimpleNamespace(components=components)))
    shown = [entry["content"] for entry in entries if entry["type"] == 10]
    faults = [f"empty text {number}" for number, words in enumerate(shown) if not words]
    total = sum(map(len, shown))
    if total > 4_000:
        faults.append(f"{total} characters: {shown[0][:60]}")
    if len(entries) > 40:
        faults.append(f"{len(entries)} components")
    custom_ids = [entry["custom_id"] for entry in entries if "custom_id" in entry]
    faults += [f"custom id of {len(one)}" for one in custom_ids if not 1 <= len(one) <= 100]
    if len(set(custom_ids)) != len(custom_ids):
        faults.append(f"doubled custom id in {custom_ids}")
    for entry in entries:
        if entry["type"] == BUTTON and not 1 <= len(entry.get("label") or "") <= 80:
            faults.append(f"label {entry.get('label')!r}")
        if entry["type"] == MENU:
            faults += [f"menu {entry['custom_id']}: {fault}" for fault in menu_faults(entry)]
    return faults


def menu_faults(menu: dict):
    options = menu["options"]
    if not 1 <= len(options) <= 25:
        yield f"{len(options)} options"
    if len({option["value"] for option in options}) != len(options):
        yield "doubled value"
    if len(menu.get("placeholder") or "") > 150:
        yield "long placeholder"
    for option in options:
        for part in ("label", "value"):
            if not 1 <= len(option[part]) <= 100:
                yield f"{part} {option[part]!r}"
        if len(option.get("description") or "") > 100:
            yield f"description {option['description']!r}"


def every_view(content: Content, *, most: int | None = None):
    """Each kind of card that shows content, for every phase and page, and `most` questions."""
    for private in (True, False):
        yield chooser_card(content, private=private, note="n" * 300)
    for phase in Phase:
        questions = content.bank.in_phase(phase)
        for question in questions[:most]:
            yield public_card(content, phase, question)
            yield private_card(content, phase, question, loose=LARGEST, share=True, shared=True)
            yield private_card(content, phase, question, loose=LARGEST, note="n" * 300)
        listed, page = 0, 0
        while listed < len(questions):
            view = list_card(content, phase, page)
            listed += len(menus(SimpleNamespace(components=view.to_components()))["Take one"])
            page += 1
            yield view
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
    dojo = world.bot.services.dojos.get(server.dojo.id)
    content = await world.bot.services.contents.of_dojo(dojo)

    views = every_view(content, most=5)
    faults = {fault for view in views for fault in faults_of(view.to_components())}

    assert faults == set()


@pytest.mark.parametrize("command", ["question", "help"])
async def test_a_server_of_very_many_dojos_still_gets_an_answer(world, server, command):
    fay = Person(1, manages_channels=True)
    for number in range(250):
        channel = server.handle.create_text_channel(f"dojo-{number}")
        await world.bot.services.dojos.set_up(server.id, channel.id, DojoSettings(), fay)

    answer = await server.member("carla").slash(server.lounge, command)

    assert server.dojo.mention in text(answer.response)


async def test_the_form_fits(library):
    settings = DojoSettings(facilitator_role_id=2**63 - 1)
    form = SetupForm(2**63 - 1, settings, library).to_dict()

    assert len(form["title"]) <= 45
    assert len(form["custom_id"]) <= 100
    assert len(form["components"]) <= 5
    for label in form["components"]:
        assert len(label["label"]) <= 45
        assert len(label.get("description") or "") <= 100
        if "options" in label["component"] and label["component"]["type"] == MENU:
            assert list(menu_faults({"placeholder": "", **label["component"]})) == []


# A tour past every card


async def tour(world, server) -> list[list[dict]]:
    """All components that were ever shown, by a walk past every card."""
    fay = server.manager()
    await server.set_up(by=fay, role=[server.facilitators])
    public = (await fay.slash(server.dojo, "question", phase="meaning")).response
    listed = (await fay.click(public, label="Show all")).response
    await fay.click(listed, label="Next page")
    await choose(fay, listed, "Other phase", "close")
    await choose(fay, listed, "Take one", menus(listed)["Take one"][0])
    await fay.click(listed, label="Another")
    await fay.click(listed, label="Share with the room")
    await fay.slash(server.dojo, "question", phase="start", show="me")
    await fay.slash(server.lounge, "question", phase="start")
    for show in ("channel", "me"):
        await fay.slash(server.dojo, "question", show=show)
    signals = (await fay.slash(server.dojo, "signals")).response
    if "Next page" in labels(signals):
        await fay.click(signals, label="Next page")
    for command in ("help", "about"):
        await fay.slash(server.dojo, command)
    for command in ("settings", "check", "status", "content export"):
        await fay.slash(server.dojo, f"dojo {command}")
    await server.set_up(server.lounge, by=fay, zone="Asia/Tokio")
    await server.give_content(b"version = 1\n", server.lounge, by=fay)
    await server.give_content(b"version = 1\n", server.lounge, by=fay)
    await server.give_content(b"x = 1\n" * 40, server.lounge, by=fay)
    for command in ("me export", "me forget"):
        await fay.slash(server.dojo, command)
    await server.stop(server.lounge)
    return [
        components
        for request in world.env.http_requests
        for components in _components(request.json)
    ]


def _components(body: Any) -> Iterator[list[dict]]:
    message = _message(body)
    if message:
        yield message["components"]


def _message(body: Any) -> dict[str, Any] | None:
    """The card in what was sent; a form has other rules, it is looked at on its own."""
    if not isinstance(body, dict):
        return None
    data = body.get("data") or body
    return data if data.get("components") and "title" not in data else None


async def test_every_card_on_a_tour_fits(world, server):
    for components in await tour(world, server):
        assert faults_of(components) == []


async def test_every_component_on_a_tour_is_known_by_exactly_one_kind(world, server):
    seen = {
        (part["custom_id"], part["type"])
        for components in await tour(world, server)
        for part in parts(SimpleNamespace(components=components))
        if "custom_id" in part
    }

    met = set()
    for custom_id, kind in seen:
        known = [
            item
            for item in PERSISTENT_ITEMS
            if re.fullmatch(item.__discord_ui_compiled_template__, custom_id)
        ]
        assert len(known) == 1, f"{custom_id} is known by {known}"
        assert known[0].__name__ in _names(kind), f"{custom_id} is no {known[0]}"
        met.add(known[0])
    # A new kind of button belongs on the tour.
    assert met == set(PERSISTENT_ITEMS)


def _names(kind: int) -> set[str]:
    base = {BUTTON: "DojoButton", MENU: "DojoMenu"}[kind]
    return {item.__name__ for item in PERSISTENT_ITEMS if item.__bases__[0].__name__ == base}


async def test_every_component_says_nothing_but_identities_in_its_custom_id(world, server):
    """What a click does is decided from the database, never from text on the card."""
    for components in await tour(world, server):
        for part in parts(SimpleNamespace(components=components)):
            custom_id = part.get("custom_id")
            assert custom_id is None or re.fullmatch(r"dojo:1:[a-z0-9:-]+", custom_id)


async def test_no_card_can_notify_anybody(world, server):
    """Mentions are shown, but nobody is pinged by us unless a card names whom."""
    await tour(world, server)

    for request in world.env.http_requests:
        message = _message(request.json)
        if message and request.method == "POST":
            assert message["allowed_mentions"]["parse"] == [], request.path


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
