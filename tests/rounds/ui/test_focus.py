"""What the coach wants watched: up to two signals, and a line in their own words."""

from __future__ import annotations

import pytest

from tests.rounds.ui.steps import (
    Group,
    as_posted,
    cards,
    coaching,
    lines,
    private,
    proposed,
    rows,
    running,
    title,
)
from tests.simulation.world import chosen, fields, labels, text, told

BUTTON = "Coach: what to watch"
NASTY = "**loud** @everyone <@1> <#2> # big\n- [x](https://example.com) `code` ||secret||"


async def watch(group: Group, *codes: str, wish: str = ""):
    """The coach fills in the form from the agreement."""
    form = await group.press(group.coach, BUTTON)
    return await group.coach.submit_modal(form, {"codes": list(codes), "wish": wish})


async def focus_line(group: Group, person=None) -> str:
    """What `/round now` says of the focus in private, to the coach unless another is given."""
    role = private(await (person or group.coach).slash(group.room, "round now"))
    return next((line for line in text(role).splitlines() if line.startswith("🔎")), "")


def on_card(card) -> str:
    return next((line for line in text(card).splitlines() if line.startswith("🔎")), "")


async def test_the_card_names_what_the_coach_wants_watched(world, server):
    group = await proposed(world, server)

    answer = await watch(group, "S1", "S3", wish="Do I leave room?")

    assert answer.acknowledged
    assert await focus_line(group) == (
        "🔎 You ask observers to watch for:"
        " S1 🤝 Meaning invited / 🔸 Meaning made for the client"
        " · S3 🤝 Observation offered, and let go / 🔸 Observation held back, or defended"
        " · “Do I leave room?”"
    )


async def test_a_focus_may_be_words_alone(world, server):
    group = await proposed(world, server)

    await watch(group, wish="Do I leave room?")

    assert (await focus_line(group)).endswith("watch for: “Do I leave room?”")


async def test_the_form_offers_every_signal_and_takes_two_at_most(world, server, library):
    group = await proposed(world, server)

    inputs = fields(await group.press(group.coach, BUTTON))

    signals = library["en"].signals.signals
    assert [one["value"] for one in inputs["codes"]["options"]] == [one.code for one in signals]
    assert inputs["codes"]["max_values"] == 2
    assert inputs["codes"]["min_values"] == 0
    assert inputs["wish"]["max_length"] == 200


async def test_the_form_shows_what_was_chosen_before(world, server):
    group = await proposed(world, server)
    await watch(group, "S2", wish="Do I leave room?")

    inputs = fields(await group.press(group.coach, BUTTON))

    assert chosen(inputs["codes"]) == ["S2"]
    assert inputs["wish"]["value"] == "Do I leave room?"


async def test_what_is_left_empty_is_taken_back(world, server):
    group = await proposed(world, server)
    await watch(group, "S2", wish="Do I leave room?")

    await watch(group)

    assert await focus_line(group) == ""


async def test_words_of_the_coach_are_shown_as_typed(world, server):
    group = await proposed(world, server)

    answer = await watch(group, wish=NASTY)
    assert await focus_line(group) == "", "asked about first: it may name somebody"
    await group.coach.click(private(answer), label="Save it as it is")

    line = await focus_line(group)
    assert r"\*\*loud\*\*" in line
    assert "@\N{ZERO WIDTH SPACE}everyone" in line
    assert r"\<@1\> \<\#2\> \# big - \[x](https\://example.com) \`code\` \|\|secret\|\|" in line


async def test_words_of_the_coach_notify_nobody(world, server):
    group = await proposed(world, server)
    asked = private(await watch(group, wish="<@1> @everyone"))
    await group.coach.click(asked, label="Save it as it is")
    assert "@\N{ZERO WIDTH SPACE}everyone" in await focus_line(group)
    await group.agree()

    posted = as_posted(world, group.room, group.card)
    assert posted.mentions == {person.id for person in group.people}


async def test_two_hundred_characters_fit(world, server):
    group = await proposed(world, server)
    words = "ü" * 200

    await watch(group, wish=words)

    assert (await focus_line(group)).endswith(f"“{words}”")
    assert words in [row["wish"] for row in rows(world, "round_people")]


@pytest.mark.parametrize("who", ["client", "observer"])
async def test_only_the_coach_says_what_to_watch(world, server, who):
    group = await proposed(world, server)

    answer = await group.press(getattr(group, who), BUTTON)

    assert answer.modal is None
    assert told(answer) == "That is for the coach of this round."


async def test_the_room_reads_that_there_is_a_focus_and_not_which(world, server):
    """H16: the client does not read before what is then practised on them."""
    group = await proposed(world, server)
    await watch(group, "S5", wish="Do I leave room?")
    assert on_card(group.card) == "🔎 Observers watch for a focus."
    await group.agree()
    await world.later(1)
    assert await focus_line(group, group.client) == ""
    assert "The coach asks you to watch for: S5 " in await focus_line(group, group.observer)
    assert "You ask observers to watch for: S5 " in await focus_line(group)
    await world.later(40 * 60)

    posted = [as_posted(world, group.room, card) for card in cards(group.room)]
    assert not any("S5" in text(one) or "Do I leave room?" in text(one) for one in posted)
    shown = {title(one): on_card(one) == "🔎 Observers watch for a focus." for one in posted[1:]}

    assert {name for name, is_shown in shown.items() if is_shown} == {
        "📜 Agree",
        "🗣️ Coaching",
        "✍️ Write",
    }


async def test_the_coach_can_still_say_so_while_the_round_runs(world, server):
    group = await coaching(world, server)
    role = private(await group.press(group.coach, "My role now"))
    form = await group.coach.click(role, label=BUTTON)

    await group.coach.submit_modal(form, {"codes": ["S4"], "wish": ""})

    assert on_card(group.card) == "🔎 Observers watch for a focus."
    assert len(cards(group.room)) == 3, "redrawn, not posted again"
    assert lines(group.room) == []
    assert (await focus_line(group)).startswith("🔎 You ask observers to watch for: S4 ")


async def test_a_form_opened_before_a_restart_is_not_lost(world, server):
    group = await proposed(world, server)
    form = await group.press(group.coach, BUTTON)
    await world.restart(crash=True)

    await group.coach.submit_modal(form, {"codes": ["S4"], "wish": ""})

    assert "S4" in await focus_line(group)


async def test_a_form_sent_after_the_round_was_called_off_says_so(world, server):
    group = await proposed(world, server)
    form = await group.press(group.coach, BUTTON)
    change = private(await group.press(group.coach, "Change…"))
    await group.coach.click(change, label="Call it off")

    answer = await group.coach.submit_modal(form, {"codes": ["S4"], "wish": ""})

    assert "That round is over." in told(answer)


async def test_only_the_brief_of_the_coach_has_that_button(world, server):
    group = await running(world, server)

    briefs = [private(await group.press(one, "My role now")) for one in group.people]

    assert [BUTTON in labels(brief) for brief in briefs] == [True, False, False]
