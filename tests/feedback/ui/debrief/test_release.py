"""Before the release nothing shows: not early, and not who takes no notes."""

from __future__ import annotations

from typing import Any

from tests.feedback.ui.steps import (
    SIGNAL,
    feedback_of,
    hand_in,
    next_part,
    noted,
    pad_of,
    press,
    tap,
)
from tests.gatherings.ui.steps import panel_of, room_card, room_lines
from tests.gatherings.ui.trouble import end_all, running, seated
from tests.rounds.ui.steps import Group, coaching, private, proposed, rows
from tests.rounds.ui.trouble import leave_by
from tests.simulation.world import labels, text, told


async def end(group: Group, by: Any) -> None:
    """Someone ends the round for everybody."""
    asked = private(await group.press(by, "End"))
    await press(group.world, by, asked, "End the round")


async def say(group: Group) -> None:
    """The client says how it was, only for themselves."""
    card = await feedback_of(group, group.client)
    form = await press(group.world, group.client, card, "How it was for me…")
    answers = {"chose": "yes", "heard": "yes", "recognised": "no", "share": "keep"}
    await group.client.submit_modal(form, answers)


async def waiting(group: Group) -> Any:
    """What a coach sees who skips their own view while observers and client have their time."""
    card = await feedback_of(group, group.coach)
    own = (await press(group.world, group.coach, card, "My own view")).response
    return (await press(group.world, group.coach, own, "Skip")).response


def released(world: Any) -> bool:
    return rows(world, "debriefs")[0]["released_ms"] is not None


async def test_a_coach_who_ends_the_round_waits_two_minutes(world, server):
    """S11: **End** and **Skip** in the coaching open nothing before observers had their time."""
    group = await noted(world, server)
    await end(group, group.coach)

    card = await waiting(group)

    assert "It comes here by itself at <t:" in text(card)
    assert "or as soon as everybody has handed in" in text(card)
    assert labels(card) == ["My own view", "Look again"]
    assert not released(world)
    # The observers can still take back what they noted, and hand in.
    pad = await pad_of(group, group.observer)
    await hand_in(group, group.observer, pad)
    assert not released(world)
    await world.later(121)
    assert released(world), "it opens by itself"
    assert "S5 Gap left open" in text(card)


async def test_feedback_says_in_which_part_it_comes_and_then_comes(world, server):
    """C3: when it is due, and no button has to be pressed for it."""
    group = await noted(world, server)
    await next_part(group)
    card = await feedback_of(group, group.coach)
    assert "after your own view and the client’s" in text(card)
    assert "It comes here by itself after **Observers**, part 6 of 7, about <t:" in text(card)
    for person in group.people[2:]:
        await hand_in(group, person)
    await press(world, group.coach, card, "My own view")
    card = (await press(world, group.coach, card, "Skip")).response
    for _ in range(40):
        await world.later(15)
        if "### 🎁 Feedback on your coaching" in text(card):
            break
    assert "S5 Gap left open" in text(card)


async def test_while_the_clock_stands_still_no_hour_is_promised(world, server):
    """C3: and it says what it waits for instead."""
    group = await noted(world, server)
    await next_part(group)
    await group.press(group.coach, "Pause")
    card = await feedback_of(group, group.coach)
    assert "The clock stands still." in text(card)
    assert "<t:" not in text(card)
    await group.press(group.coach, "Resume")
    await world.later(1)
    assert "about <t:" in text(card), "the card follows the clock"


async def test_what_an_observer_takes_back_in_that_time_is_never_seen(world, server):
    """S11: Undo a few seconds after an early end works."""
    group = await coaching(world, server)
    pad = await tap(group, group.observer, await pad_of(group, group.observer), SIGNAL, after=60)
    await end(group, group.coach)
    card = await waiting(group)

    pad = (await press(world, group.observer, pad, "Undo")).response
    await world.later(120)

    assert "0 notes left" in text(pad)
    assert "S5" not in text(card)
    assert rows(world, "notes") == []


async def test_it_opens_at_once_when_all_sheets_and_the_clients_answers_are_in(world, server):
    """S11: nobody has to wait for the clock when everybody has handed in."""
    group = await noted(world, server)
    await end(group, group.coach)
    card = await waiting(group)
    for person in group.people[2:]:
        await hand_in(group, person)
        await world.later(1)
        assert not released(world)

    await say(group)
    await world.later(1)

    assert released(world)
    assert "### 🎁 Feedback on your coaching" in text(card)


async def test_the_two_minutes_survive_a_restart(world, server):
    """S11, C3: the time is that of the round on disk, and the card said what to press then."""
    group = await noted(world, server)
    await end(group, group.coach)
    card = await waiting(group)
    assert "Should I be restarted before that, **Look again** shows it." in text(card)
    await world.restart(crash=True)
    await world.later(60)
    again = (await press(world, group.coach, card, "Look again")).response
    assert "It comes here by itself" in text(again)
    assert not released(world)

    await world.later(60)

    assert "S5 Gap left open" in text(again)


async def test_what_the_coach_has_put_in_its_place_is_left_alone(world, server):
    """S11: a card that is no longer the waiting one is not overwritten when the time is over."""
    group = await noted(world, server)
    await end(group, group.coach)
    card = await feedback_of(group, group.coach)
    own = (await press(world, group.coach, card, "My own view")).response

    await world.later(200)

    assert "### 🪞 My own view" in text(own)
    full = (await press(world, group.coach, own, "Skip")).response
    assert "S5 Gap left open" in text(full)


async def test_next_through_all_parts_opens_nothing_earlier(world, server):
    """S11: skipping the parts of client and observers is an early end like any other."""
    group = await noted(world, server)
    await next_part(group, 5)
    card = await waiting(group)

    assert "It comes here by itself" in text(card)
    await world.later(121)
    assert "S5 Gap left open" in text(card)


async def test_next_through_the_part_of_the_client_leaves_them_two_minutes(world, server):
    """S11: also when the sheets of all observers are in by then."""
    group = await noted(world, server)
    await next_part(group)
    for person in group.people[2:]:
        await hand_in(group, person)
    await next_part(group, 4)
    card = await waiting(group)

    assert "It comes here by itself" in text(card)
    await world.later(121)
    assert "S5 Gap left open" in text(card)


async def test_ended_quietly_and_left_alone_wait_as_well(world, server):
    """S11: the same whichever way the round ends; while it can be taken up again, it waits."""
    for number, how in enumerate(("quietly", "alone")):
        people = [server.member(f"{name}{number}") for name in ("carla", "kim", "olu")]
        group = await noted(world, server, people)
        if how == "quietly":
            moment = private(await group.press(group.coach, "I need a moment"))
            await press(world, group.coach, moment, "End the round")
        else:
            for person in (group.client, group.observer):
                role = private(await group.press(person, "My role now"))
                await leave_by(person, role)
        card = await waiting(group)
        assert "It comes here by itself" in text(card), how
        await world.later(121)
        if how == "alone":
            assert "S5" not in text(card)
            await world.later(180)
        assert "S5 Gap left open" in text(card), how


# Who takes no notes


async def three_ways(world: Any, server: Any) -> dict[str, Group]:
    """Rounds of three: all with notes, without those of the observer, without the client's yes."""
    found: dict[str, Group] = {}
    ways = (("all", None), ("observer", 2), ("client", 1), ("coach", 0))
    for who, without in ways:
        people = [server.member(f"{name}-{who}") for name in ("carla", "kim", "olu")]
        group = await proposed(world, server, people)
        for number, person in enumerate(people):
            with_notes = "Agree, without notes" if number == without else "Agree, with notes"
            await person.click(group.card, label=with_notes)
        await group.press(group.coach, "Next")
        await world.later(600)
        found[who] = group
    return found


def alike(said: str, group: Group) -> str:
    """A text without what is different in every round: people, times, rooms."""
    for number, person in enumerate(group.people):
        said = said.replace(person.mention, f"@{number}")
    return "\n".join(
        " ".join("<t>" if "<t:" in word else word for word in line.split())
        for line in said.splitlines()
    )


async def test_cards_and_process_say_nothing_of_who_declined_notes(world, server):
    """S12, H5: coach and facilitator read the same in every part, no matter who declined."""
    groups = await three_ways(world, server)
    fay = server.manager()
    seen: dict[str, list[str]] = {}
    for who, group in groups.items():
        said = seen[who] = []
        for _ in range(6):
            coach = await feedback_of(group, group.coach) if len(said) else None
            if coach is not None:
                said += [alike(text(coach), group), str(labels(coach))]
            round_id = str(group_round(world, group))
            process = private(await fay.slash(server.dojo, "feedback", round=round_id))
            said += [alike(text(process), group), alike(text(group.card), group)]
            said += [str(labels(group.card))]
            await world.later(1)
            if "Next" in labels(group.card):
                await next_part(group)
            await world.later(97)
        assert any("0 of 1 sheet of observers in" in one for one in said)
    assert seen["all"] == seen["observer"] == seen["client"] == seen["coach"]


def group_round(world: Any, group: Group) -> int:
    return next(row["id"] for row in rows(world, "rounds") if row["room_id"] == group.room.id)


async def test_the_pad_without_notes_says_nothing_of_why(world, server):
    """S12, 2.4: the refusal does not say that someone has not agreed."""
    groups = await three_ways(world, server)
    said = {
        told(await groups[who].press(groups[who].observer, "Open my pad"))
        for who in ("client", "coach")
    }
    assert said == {"This round runs without notes. Listen, and say at the end what you saw."}


async def test_the_panel_marks_sheets_of_all_rooms_alike(world, server):
    """S12: a room whose observers declined looks like one that has not handed in."""
    evening, people = await running(world, server, 7, rounds=1)
    before = room_lines(await panel_of(evening))
    assert all("📝 –" in line for line in before), "none are due"
    quiet = seated(evening, 1, people)
    for number in (1, 2):
        for person in seated(evening, number, people):
            if person in quiet[2:]:
                continue  # Everybody has begun without notes.
            role = private(await person.click(room_card(evening, number), label="My role now"))
            await person.click(role, label="With notes from now on")
    await world.later(12 * 60)

    after = room_lines(await panel_of(evening))

    assert all("📝 …" in line for line in after)
    assert len(after) == len(before) == 2
    await end_all(evening, back=False)


async def test_a_card_that_can_no_longer_be_edited_opens_by_its_button(world, server):
    """S11: when Discord refuses the edit, nothing is lost; **Look again** shows it."""
    group = await noted(world, server)
    await end(group, group.coach)
    card = await waiting(group)
    world.env.inject_error("PATCH", "/webhooks/*", status=404)
    await world.later(121)
    assert "It comes here by itself" in text(card)

    full = (await press(world, group.coach, card, "Look again")).response

    assert "S5 Gap left open" in text(full)
