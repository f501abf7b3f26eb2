"""Text typed into notes does no harm: nobody is notified, no layout breaks, nothing is logged."""

from __future__ import annotations

import logging

import pytest

from bot.kit.logs import set_up_logging
from tests.cards.rules import faults_of
from tests.feedback.ui.steps import SEEN, SIGNAL, next_part, pad_of, press, quote, released, tap
from tests.rounds.ui.steps import cards, coaching, notified, posts, private, proposed, rows
from tests.rounds.ui.trouble import every_card
from tests.simulation.world import choose, fields, labels, text

SHARE = "Share with the room"
HARMLESS = {
    "markdown": "**loud** __big__ ~~gone~~ ||hidden|| `code` # head",
    "quote marks": "> “quoted” - list\n1. one",
    "code fence": "```py\nprint('hi')\n``` ```",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈👍🏽" * 6,
    "right to left": "\u202eשלום, מה תרצה? مرحبا\u202c",
    "200 characters": "W" * 200,
    "200 stars": "*" * 200,
    "masked link": "[click me](no-link)",
    "subtext": "-# small",
    "zero width": "a\u200b\u200bb\u2060c",
}
"""Nothing that is asked about."""
ASKED = {
    "everyone": ("@everyone look", "a mention"),
    "person": ("<@1> said so", "a mention"),
    "channel": ("see <#1>", "a mention"),
    "link": ("see https://example.com/a?b", "a link"),
    "mail": ("ask kim@example.com", "an e-mail address"),
    "number": ("call 030 1234567", "a long number"),
}
SAFE = {"@everyone": "@\N{ZERO WIDTH SPACE}everyone", "<@1>": r"\<@1\>"}


async def padded(world, server, people: int = 3, **how):
    """A round with a tap of its observer, and their pad."""
    group = await coaching(world, server, people, **how)
    pad = await tap(group, group.observer, await pad_of(group, group.observer), SEEN)
    return group, pad


def no_faults(world) -> None:
    """Everything that was ever shown fits, and notifies nobody who is not named in the request."""
    assert [faults for one in every_card(world) if (faults := faults_of(one.components))] == []
    for request in world.env.http_requests:
        body = request.json
        data = (body.get("data") or body) if isinstance(body, dict) else {}
        if request.method == "POST" and data.get("components") and "title" not in data:
            mentions = data.get("allowed_mentions")
            assert mentions is not None
            assert mentions["parse"] == []


async def test_harmless_words_of_every_kind_break_nothing(world, server):
    group, pad = await padded(world, server, channel=server.thread())
    for number, (kind, words) in enumerate(HARMLESS.items()):
        pad = await tap(group, group.observer, pad, (SEEN, SIGNAL)[number % 2], after=40)
        pad = await quote(group, group.observer, pad, words, words[:120])
        assert "### 📝 My pad" in text(pad), kind
        # The words are in the line of the last note, and nothing they say begins another.
        assert len(text(pad).splitlines()) == 5, kind
        assert len(rows(world, "notes")[-1]["quote"]) <= 200
    await next_part(group)
    await world.later(30)

    full = await released(group)
    said = text(full)
    assert r"\*\*loud\*\*" in said
    assert r"\`\`\`py print('hi') \`\`\`" in said
    assert "\u202e" not in said
    assert "a\u200bb" not in said
    for kind, words in (("try", HARMLESS["markdown"]), ("long", "*" * 200)):
        form = await press(world, group.coach, full, "One thing to try…")
        full = (await group.coach.submit_modal(form, {"words": words})).response
        assert "### 🎁 Feedback on your coaching" in text(full), kind
    asked = (await press(world, group.coach, full, SHARE)).response
    await press(world, group.coach, asked, "Everything noted")
    for post in posts(group.room):
        assert notified(world, group.room, post) <= {person.id for person in group.people}
    no_faults(world)


async def test_what_may_name_someone_is_asked_about_and_kept_only_as_answered(world, server):
    group, pad = await padded(world, server)
    for words, what in ASKED.values():
        pad = await tap(group, group.observer, pad, SEEN)
        card = await quote(group, group.observer, pad, words, "A breath")
        assert "### Keep it like this?" in text(card)
        assert f"There seems to be {what} in it" in text(card)
        assert words not in [row["quote"] for row in rows(world, "notes")]
        assert labels(card) == ["Change it", "Save it as it is"]

        pad = (await press(world, group.observer, card, "Save it as it is")).response

        assert "### 📝 My pad" in text(pad)
        saved = max(rows(world, "notes"), key=lambda row: row["id"])
        assert (saved["quote"], saved["effect"]) == (words, "A breath")
        for typed, shown in SAFE.items():
            if typed in words:
                assert shown in text(pad)
                assert typed not in text(pad).replace(shown, "")
        assert "://" not in text(pad).replace("\\://", "")
    no_faults(world)


async def test_what_is_asked_about_is_not_on_disk_before_the_answer(world, server):
    group, pad = await padded(world, server)

    await quote(group, group.observer, pad, "so @everyone knows")

    files = world.database.parent.glob("*.sqlite3*")
    assert not any(b"so @everyone knows" in file.read_bytes() for file in files)


async def test_change_it_keeps_the_text_also_over_a_restart(world, server):
    group, pad = await padded(world, server)
    card = await quote(group, group.observer, pad, "ask @kim `now`", "A *long* breath")
    await world.restart(crash=True)

    form = await press(world, group.observer, card, "Change it")
    inputs = fields(form)
    assert inputs["quote"]["value"] == "ask @kim `now`"
    assert inputs["effect"]["value"] == "A *long* breath"
    await world.restart(crash=True)
    pad = (
        await group.observer.submit_modal(form, {"quote": "ask them", "effect": "A breath"})
    ).response

    assert "### 📝 My pad" in text(pad)
    assert [(row["quote"], row["effect"]) for row in rows(world, "notes")] == [
        ("ask them", "A breath")
    ]


async def test_a_restart_between_question_and_answer_loses_nothing(world, server):
    group, pad = await padded(world, server)
    card = await quote(group, group.observer, pad, "so @kim said: 'Hm'")
    await world.restart()

    await press(world, group.observer, card, "Save it as it is")

    assert [row["quote"] for row in rows(world, "notes")] == ["so @kim said: 'Hm'"]


async def test_words_of_every_form_are_asked_about(world, server):
    """Memory, the list of notes, the wish before the round, and the one thing to try."""
    group = await proposed(world, server)
    form = await group.press(group.coach, "Coach: what to watch")
    asked = private(
        await group.coach.submit_modal(form, {"codes": ["S5"], "wish": "ask @kim about it"})
    )
    assert "### Keep it like this?" in text(asked)
    assert "Observers watch for a focus" in text(group.card)
    assert "kim" not in text(group.card).replace(group.client.mention, "")
    form = await press(world, group.coach, asked, "Change it")
    assert fields(form)["wish"]["value"] == "ask @kim about it"
    await press(world, group.coach, asked, "Save it as it is")

    await group.agree()
    role = private(await group.press(group.observer, "My role now"))
    assert "ask @kim about it" in text(role)
    await group.press(group.coach, "Next")
    await tap(group, group.observer, await pad_of(group, group.observer), SEEN)
    await next_part(group)
    await world.later(30)
    pad = await pad_of(group, group.observer)
    card = (await press(world, group.observer, pad, "Add from memory…")).response
    form = await choose(group.observer, card, "A code…", "S5:signal")
    typed = {"at": "00:30", "quote": "mail kim@example.com", "effect": ""}
    card = (await group.observer.submit_modal(form, typed)).response
    form = await press(world, group.observer, card, "Change it")
    assert fields(form)["at"]["value"] == "00:30"
    assert fields(form)["quote"]["value"] == "mail kim@example.com"
    await press(world, group.observer, card, "Save it as it is")
    kept = [(row["at_ms"], row["quote"]) for row in rows(world, "notes") if row["quote"]]
    assert kept == [(_first_at(world, 30_000), "mail kim@example.com")]

    full = await released(group)
    form = await press(world, group.coach, full, "One thing to try…")
    card = (await group.coach.submit_modal(form, {"words": "call 030 1234567"})).response
    assert "a long number" in text(card)
    assert [row["next_try"] for row in rows(world, "debriefs")] == [""]
    form = await press(world, group.coach, card, "Change it")
    assert fields(form)["words"]["value"] == "call 030 1234567"
    await press(world, group.coach, card, "Save it as it is")
    assert "🎯 **One thing to try:** call 030 1234567" in text(card)


def _first_at(world, milliseconds: int) -> int:
    """No later than the end of the coaching."""
    return min(milliseconds, max(row["at_ms"] for row in rows(world, "notes")))


@pytest.fixture
def log(caplog, monkeypatch):
    """Everything the program would log at its most talkative."""
    for name in ("discord", "aiosqlite", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    caplog.set_level(logging.DEBUG)
    # The levels as the program sets them, but not its handler.
    monkeypatch.setattr(logging, "basicConfig", lambda **_: None)
    set_up_logging(logging.DEBUG)
    return caplog


async def test_nothing_of_a_notes_text_is_in_any_log_record(world, server, log):
    secret = "Xylophone"
    group, pad = await padded(world, server)
    pad = await quote(group, group.observer, pad, f"{secret} quote", f"{secret} effect")
    card = await quote(group, group.observer, pad, f"{secret} @everyone")
    await press(world, group.observer, card, "Save it as it is")
    await world.restart()
    await next_part(group)
    full = await released(group)
    form = await press(world, group.coach, full, "One thing to try…")
    full = (await group.coach.submit_modal(form, {"words": f"{secret} try"})).response
    asked = (await press(world, group.coach, full, SHARE)).response
    await press(world, group.coach, asked, "Everything noted")

    assert secret in text(cards(group.room)[-1])
    assert any(record.name.startswith("bot.") for record in log.records)
    told = [
        record.name for record in log.records if secret in f"{record.getMessage()}{record.exc_text}"
    ]
    assert [name for name in told if not name.startswith("simcord")] == []
