"""The pad: one tap notes one side of a code with its time; only the observer sees it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.feedback.model.debriefs import Listed
from bot.feedback.model.notes import Side
from bot.feedback.ui.notes.pad import _buttoned
from bot.feedback.ui.notes.words import pad_name
from tests.cards.rules import parts
from tests.feedback.ui.steps import SEEN, SIGNAL, label, next_part, pad_of, press, quote, tap
from tests.rounds.ui.steps import coaching, posts, private, proposed, rows, running, title
from tests.rounds.ui.trouble import leave_by
from tests.simulation.world import labels, text, told


def taken(world) -> list[tuple[str, str, int]]:
    """The notes on disk: code, side, second of coaching."""
    notes = sorted(rows(world, "notes"), key=lambda row: row["id"])
    return [(row["code"], row["side"], row["at_ms"] // 1_000) for row in notes]


async def test_a_tap_is_on_disk_with_its_time_and_shown_on_the_pad(world, server):
    group = await coaching(world, server)
    pad = await pad_of(group, group.observer)
    assert pad.ephemeral
    assert "Listen. Tap once when you see or hear something" in text(pad)

    again = await tap(group, group.observer, pad, SEEN, after=60)
    await tap(group, group.observer, pad, SIGNAL, after=30)
    await tap(group, group.observer, pad, "Check-in", after=9)
    await tap(group, group.observer, pad, SEEN, after=1)

    assert again.id == pad.id, "redrawn in its place"
    assert [(code, side) for code, side, _ in taken(world)] == [
        ("S5", "seen"),
        ("S5", "signal"),
        ("Q", "question"),
        ("S5", "seen"),
    ]
    seconds = [at for _, _, at in taken(world)]
    assert [at - seconds[0] for at in seconds] == [0, 30, 39, 40]
    assert "S5 gap 2" in labels(pad)
    assert "Check-in 1" in labels(pad)
    assert "✅ `01:4" in text(pad)
    # A question heard says where the conversation is for what comes after it.
    assert [row["phase"] for row in rows(world, "notes")][-1] == "check-in"
    # Nobody else learns of it.
    assert len(posts(group.room)) == 3


async def test_both_sides_are_as_easy_to_tap_and_the_focus_is_starred_in_its_place(world, server):
    """C4: rows keep their places, so that a thumb finds them, and labels fit side by side."""
    group = await running(world, server)
    role = private(await group.press(group.coach, "My role now"))
    form = await group.coach.click(role, label="Coach: what to watch")
    await group.coach.submit_modal(form, {"codes": ["S4"], "wish": "Do I leave room?"})
    await group.press(group.coach, "Next")

    pad = await pad_of(group, group.observer)

    assert labels(pad)[:2] == ["S1 invited", "told"]
    assert labels(pad)[6:8] == ["★ S4 named", "missed"]
    assert "**★ S4** · “Do I leave room?”" in text(pad)
    assert [one[:2] for one in labels(pad)[:6:2]] == ["S1", "S2", "S3"]
    assert [one[:2] for one in labels(pad)[8:12:2]] == ["S5", "S6"]


async def test_the_last_note_has_undo_beside_it_and_phases_have_their_own_emoji(world, server):
    """C4, C5: what was noted and the way to take it back are one part; phases look as elsewhere."""
    group = await coaching(world, server)
    pad = await tap(group, group.observer, await pad_of(group, group.observer), "Check-in")

    beside = next(part for part in parts(pad) if part.get("type") == 9)
    assert "🧭 Check-in question heard" in str(beside["components"])
    assert beside["accessory"]["label"] == "Undo"
    phases = [part["emoji"]["name"] for part in parts(pad) if ":Q:" in part.get("custom_id", "")]
    assert phases == ["🌱", "🧭", "💡", "👣", "🌙"]


def test_with_a_long_list_the_focus_has_a_row_and_all_keep_their_order():
    """C4: more codes than rows; the focus is never in the menu."""
    listed = tuple(Listed(f"S{number}", "signal", "other") for number in range(1, 11))
    codes = [one.code for one in _buttoned(listed, ("S9", "S2"))]
    assert codes == ["S1", "S2", "S3", "S4", "S5", "S9"]


def test_a_code_without_a_word_for_the_pad_shows_the_beginning_of_its_name():
    """C4: lists of dojos, and those of rounds that began before there were such words."""
    listed = Listed("S9", "A long name of a signal", "Short")
    assert (pad_name(listed, Side.SEEN), pad_name(listed, Side.SIGNAL)) == ("Short", "A long…")


async def test_two_equal_taps_within_400_ms_are_one(world, server):
    group = await coaching(world, server)
    pad, phone = await pad_of(group, group.observer), await pad_of(group, group.observer)

    await tap(group, group.observer, pad, SEEN)
    await tap(group, group.observer, phone, SEEN, after=0.3)
    await tap(group, group.observer, pad, SIGNAL, after=0)
    assert len(taken(world)) == 2

    await tap(group, group.observer, phone, SEEN, after=0.5)
    assert len(taken(world)) == 3


async def test_undo_takes_the_last_one_back_and_it_can_be_put_back(world, server):
    group = await coaching(world, server)
    pad = await pad_of(group, group.observer)
    pad = await tap(group, group.observer, pad, SEEN)
    pad = await tap(group, group.observer, pad, SIGNAL, after=5)

    pad = (await press(world, group.observer, pad, "Undo")).response
    assert "finished" in labels(pad)
    assert labels(pad)[-3:] == ["Undo", "Put back", "Edit"]
    pad = (await press(world, group.observer, pad, "Put back")).response
    assert "finished 1" in labels(pad)
    assert labels(pad)[-3:] == ["Undo", "Quote", "Edit"]

    for _ in range(2):
        pad = (await press(world, group.observer, pad, "Undo")).response
    assert labels(pad)[-2:] == ["Put back", "Edit"]
    assert all(row["withdrawn_ms"] is not None for row in rows(world, "notes"))


async def test_undo_in_the_instant_of_the_last_tap_can_be_put_back(world, server):
    group = await coaching(world, server)
    pad = await pad_of(group, group.observer)
    pad = await tap(group, group.observer, pad, SEEN)
    pad = await tap(group, group.observer, pad, SIGNAL, after=0)
    pad = (await group.observer.click(pad, label="Undo")).response
    assert labels(pad)[-3:] == ["Undo", "Put back", "Edit"]


async def test_quote_keeps_the_words_of_the_coach_with_the_note(world, server):
    group = await coaching(world, server)
    pad = await tap(group, group.observer, await pad_of(group, group.observer), SEEN)
    form = await press(world, group.observer, pad, "Quote")
    assert "Leave out names and details of the client." in str(form.modal)

    pad = (
        await group.observer.submit_modal(form, {"quote": " Hm? \n", "effect": "A breath"})
    ).response

    assert "· “Hm?” – A breath" in text(pad)
    assert [(row["quote"], row["effect"]) for row in rows(world, "notes")] == [("Hm?", "A breath")]


async def test_taps_count_for_twenty_seconds_after_the_coaching_and_then_not(world, server):
    group = await coaching(world, server)
    pad = await tap(group, group.observer, await pad_of(group, group.observer), SEEN)
    await next_part(group)

    pad = await tap(group, group.observer, pad, SEEN, after=15)
    assert "⌛ The coaching is over; taps count for a few seconds more." in text(pad)
    at = [second for _, _, second in taken(world)]
    pad = await tap(group, group.observer, pad, SIGNAL, after=6)

    assert len(taken(world)) == 2
    assert at[1] - at[0] <= 4, "it is at the end of the coaching"
    assert "That tap came too late, so it was not noted" in text(pad)
    assert labels(pad) == ["My sheet", "Edit", "Add from memory…"]


async def test_a_tap_knows_the_time_of_coaching_without_pauses(world, server):
    group = await running(world, server)
    pad = await pad_of(group, group.observer)
    early = await group.observer.click(pad, label=label(pad, SEEN))
    assert "The coaching has not begun" in told(early)
    await group.press(group.coach, "Next")

    await world.later(60)
    await group.press(group.coach, "Pause")
    # Hands are slower than eyes: what was seen before the pause can still be noted.
    await tap(group, group.observer, pad, SEEN, after=300)
    await group.press(group.coach, "Resume")
    await tap(group, group.observer, pad, SIGNAL, after=60)

    assert [(side, at // 10 * 10) for _, side, at in taken(world)] == [
        ("seen", 60),
        ("signal", 120),
    ]


async def test_between_two_coaches_no_tap_counts(world, server):
    group = await running(world, server, 5, format="relay-30")
    await world.later(4 * 60)
    pad = await tap(group, group.people[4], await pad_of(group, group.people[4]), SEEN)
    await world.later(4 * 60)
    assert title(group.card) == "🔄 Change of coach"
    await tap(group, group.people[4], pad, SEEN, after=10)
    assert len(taken(world)) == 2

    await world.later(15)
    answer = await group.people[4].click(pad, label=label(pad, "Check-in"))

    assert "The coaching rests, so taps do not count." in told(answer)
    coach = rows(world, "notes")[0]["coach_user_id"]
    assert {row["coach_user_id"] for row in rows(world, "notes")} == {coach} == {group.coach.id}


async def test_coach_client_and_others_are_told_kindly_whose_it_is(world, server):
    group = await coaching(world, server, 4, channel=server.thread())
    zoe = server.member("zoe")
    said = {
        group.coach: "You coach: just be with the client",
        group.client: "You are the client: the time is yours",
        zoe: "To observe, press **Join as observer** or **My role now** on its card.",
    }
    pad = await pad_of(group, group.observer)
    for person, words in said.items():
        assert words in told(await group.press(person, "Open my pad"))
    assert "There is no round here" in told(await zoe.slash(server.lounge, "observe"))
    assert "You coach" in told(await group.coach.slash(group.room, "observe"))
    # Also when someone leaves while their pad is open.
    role = private(await group.press(group.observer, "My role now"))
    await leave_by(group.observer, role)
    answer = await group.observer.click(pad, label=label(pad, SEEN))
    assert "You are not in this round" in told(answer)
    assert rows(world, "notes") == []


async def test_the_pad_opens_by_command_from_anywhere_on_the_server(world, server):
    group = await coaching(world, server)

    here = private(await group.observer.slash(group.room, "observe"))
    elsewhere = private(await group.observer.slash(server.lounge, "observe"))
    nobody = await server.member("zoe").slash(server.lounge, "observe")

    assert labels(here) == labels(elsewhere)
    assert "There is no round here. </round start:" in told(nobody)


@pytest.mark.parametrize("who", ["coach", "client"])
async def test_without_the_agreement_of_those_it_is_about_there_is_no_pad(world, server, who):
    group = await coaching(world, server)
    pad = await tap(group, group.observer, await pad_of(group, group.observer), SEEN)
    person = getattr(group, who)
    role = private(await group.press(person, "My role now"))
    await person.click(role, label="Without notes from now on")

    answer = await group.observer.click(pad, label=label(pad, SIGNAL))

    assert "This round runs without notes" in told(answer)
    assert who not in told(answer), "who has not agreed is not said"
    assert len(taken(world)) == 1


async def test_a_person_who_takes_part_without_notes_is_told_how_to_take_some(world, server):
    group = await coaching(world, server)
    role = private(await group.press(group.observer, "My role now"))
    await group.observer.click(role, label="Without notes from now on")

    answer = await group.press(group.observer, "Open my pad")
    assert "**My role now** and then **With notes from now on**" in told(answer)
    role = private(await group.press(group.observer, "My role now"))
    await group.observer.click(role, label="With notes from now on")

    assert SEEN in " ".join(labels(await pad_of(group, group.observer)))


async def test_a_pad_that_was_left_open_knows_what_was_noted_elsewhere(world, server):
    group = await coaching(world, server)
    desk, phone = await pad_of(group, group.observer), await pad_of(group, group.observer)
    phone = await tap(group, group.observer, phone, SEEN)
    await quote(group, group.observer, phone, "Hm?")

    desk = await tap(group, group.observer, desk, SIGNAL, after=timedelta(minutes=16).seconds)

    assert {"S5 gap 1", "finished 1"} <= set(labels(desk))
    assert "“Hm?”" in text((await press(world, group.observer, desk, "Edit")).response)


async def test_the_public_cards_are_true_without_notes_and_say_nothing_of_who_took_none(
    world, server
):
    """11: card by card as in a round with notes; whose no it is would follow from a difference."""
    shown: list[list[str]] = []
    for answer in ("Agree, with notes", "Agree, without notes"):
        group = await proposed(world, server, [server.member(f"{n}-{answer}") for n in "abc"])
        card = group.card
        await group.coach.click(card, label="Agree, with notes")
        await group.observer.click(card, label="Agree, with notes")
        await group.client.click(card, label=answer)
        cards = []
        for _ in range(4):
            said = re.sub(r"<[^>]*>", "", text(group.card)) + " ".join(labels(group.card))
            cards.append(said.partition("moved the round on.")[2] or said)
            await next_part(group)
        shown.append(cards)
    assert shown[0] == shown[1]
    said = "\n".join(shown[1])
    assert "Observers stay silent; where notes are agreed, a tap keeps the coach’s words" in said
    assert "Observers: where notes are agreed, your pad has the sheet." in said
