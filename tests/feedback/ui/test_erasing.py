"""Erasing belongs to the person who was the client, for as long as the round is stored."""

from __future__ import annotations

import pytest

from tests.feedback.ui.steps import (
    SIGNAL,
    feedback_of,
    hand_in,
    next_part,
    pad_of,
    press,
    released,
    tap,
)
from tests.gatherings.ui.steps import board_all, opened, room
from tests.gatherings.ui.trouble import by_id, client_in, gathered, next_round, round_in
from tests.gatherings.ui.trouble import running as playing
from tests.rounds.ui.steps import (
    cards,
    coaching,
    custom_ids,
    lines,
    posts,
    private,
    proposed,
    rows,
    running,
)
from tests.rounds.ui.trouble import bot_may, leave_by, refusing, role_of
from tests.simulation.world import choose, labels, menus, text, told

pytestmark = pytest.mark.usefixtures("panels_at_once")
TABLES = ("rounds", "round_people", "notes", "sheets", "client_views", "debriefs", "reports")


def stored(world):
    """The tables in which anything of a round is left."""
    return [table for table in TABLES if rows(world, table)]


async def erase(world, person, card):
    """Erase by the button of a card, after having been asked."""
    await world.later(1)
    label = next(one for one in labels(card) if "rase" in one)
    asked = private(await person.click(card, label=label))
    return private(await person.click(asked, label="Erase it"))


async def noted(world, server, people=3):
    """A round in the coaching with a note, whose client may have it erased."""
    group = await coaching(world, server, people)
    pad = await pad_of(group, group.observer)
    await tap(group, group.observer, pad, SIGNAL)
    return group


async def ended(world, server, people=3):
    """A round that is over, with a note and a sheet."""
    group = await noted(world, server, people)
    await next_part(group)
    await hand_in(group, group.observer)
    await world.later(40 * 60)
    assert rows(world, "rounds")[0]["state"] == "ended"
    return group


async def test_a_client_who_left_still_erases_the_round(world, server):
    """S4, H7: from My role now."""
    group = await noted(world, server, 4)
    role = private(await group.press(group.client, "My role now"))
    left = private(await leave_by(group.client, role))
    assert "You have left the round" in text(left)
    role = await role_of(group, group.client)
    assert labels(role) == ["Come back", "Erase this round…"]
    await erase(world, group.client, role)
    assert stored(world) == []


async def test_a_client_who_was_replaced_erases_the_round_and_the_new_one_may_as_well(
    world, server
):
    """S4: each of them may."""
    group = await noted(world, server, 4)
    taker = group.people[3]
    await group.client.slash(group.room, "round replace", member=group.client, by=taker)
    await group.press(taker, "Take the seat")
    for one in (group.client, taker):
        role = private(await group.press(one, "My role now"))
        assert "Erase this round…" in labels(role)
    role = private(await group.press(group.coach, "My role now"))
    assert "Erase this round…" not in labels(role)
    role = private(await group.press(group.client, "My role now"))
    await erase(world, group.client, role)
    assert stored(world) == []


async def test_nobody_else_erases_by_a_button_that_is_not_theirs(world, server):
    """S4: forged clicks are refused."""
    group = await noted(world, server)
    role = private(await group.press(group.client, "My role now"))
    forged = custom_ids(role)["Erase this round…"]
    for custom_id in (forged, f"{forged}-indeed"):
        for one in (group.coach, group.observer):
            await world.later(1)
            answer = await forge(one, group.room, custom_id)
            assert "person who is or was the client" in told(answer)
    assert len(rows(world, "notes")) == 1


async def forge(person, channel, custom_id):
    """Press a button that is not there."""
    from simcord.enums import ComponentType, InteractionType

    data = {"custom_id": custom_id, "component_type": ComponentType.BUTTON}
    kind = InteractionType.MESSAGE_COMPONENT
    return await person._dispatch_interaction(kind, channel, data)


@pytest.mark.parametrize("days", [0, 3, 200])
async def test_an_ended_round_is_erased_from_feedback_also_in_a_direct_message(world, server, days):
    """S4, H7, claim 4: the regret comes the next morning; everything goes, also on the disk."""
    group = await ended(world, server)
    if days:
        await world.away(days * 24 * 3600)
    client = group.client.user
    listed = (await client.slash("feedback")).response
    (menu,) = menus(listed)
    shown = await choose(client, listed, menu, str(rows(world, "rounds")[0]["id"]))
    await erase(world, client, shown.response)
    assert stored(world) == []
    assert str(group.coach.id).encode() not in world.database.read_bytes()


async def test_a_client_takes_the_answers_back_after_having_left(world, server):
    """S4: the three answers, for as long as they are stored."""
    group = await noted(world, server)
    await next_part(group)
    opened = private(await group.press(group.client, "Open my feedback"))
    form = await group.client.click(opened, label="How it was for me…")
    answers = {"chose": "no", "heard": "no", "recognised": "no", "share": "share"}
    await group.client.submit_modal(form, answers)
    role = private(await group.press(group.client, "My role now"))
    await leave_by(group.client, role)
    await world.later(40 * 60)
    listed = private(await group.client.slash(server.dojo, "feedback"))
    (menu,) = menus(listed)
    shown = await choose(group.client, listed, menu, str(rows(world, "rounds")[0]["id"]))
    shown = shown.response
    assert "Take my answers back" in labels(shown)
    assert "Change" not in labels(shown)
    await group.client.click(shown, label="Take my answers back")
    assert rows(world, "client_views") == []


async def test_without_notes_from_now_on_offers_to_delete_those_so_far(world, server):
    """H7: silent for everybody else."""
    group = await noted(world, server)
    await world.later(1)
    before = custom_ids(group.card), len(cards(group.room))
    role = private(await group.press(group.client, "My role now"))
    answer = private(await group.client.click(role, label="Without notes from now on"))
    asked = private(await group.client.click(answer, label="…and delete the notes so far"))
    assert len(rows(world, "notes")) == 1
    await group.client.click(asked, label="Delete them")
    assert rows(world, "notes") == []
    assert (custom_ids(group.card), len(cards(group.room))) == before


async def test_an_observer_is_not_offered_to_delete_what_others_noted(world, server):
    group = await noted(world, server)
    role = private(await group.press(group.observer, "My role now"))
    answer = private(await group.observer.click(role, label="Without notes from now on"))
    assert labels(answer) == []
    custom_id = f"dojo:1:round:{rows(world, 'rounds')[0]['id']}:erase-notes-indeed"
    refused = await forge(group.observer, group.room, custom_id)
    assert "coach and the client" in told(refused)
    assert len(rows(world, "notes")) == 1


async def test_erasing_a_round_of_an_evening_takes_its_group_out_of_it(world, server):
    """S4, claim 3: the groups and the proposal of the evening no longer say who was together."""
    evening, people = await gathered(world, server, 6)
    await evening.press(evening.lead, "Start", await evening.preview())
    await board_all(evening, people)
    round_ = round_in(evening, 1)
    assert round_.client is not None
    client = by_id(people, round_.client.user_id)
    await world.later(20 * 60)
    await evening.preview()
    assert evening.now.draft is not None
    shown = private(await client.slash(server.dojo, "feedback"))
    (menu,) = menus(shown) or [None]
    assert menu is not None
    shown = (await choose(client, shown, menu, str(round_.id))).response
    await erase(world, client, shown)
    assert evening.groups[0].people == ()
    assert len(evening.groups[1].people) == 3
    assert evening.now.draft is None
    ids = {one["round_id"] for one in rows(world, "round_people")}
    assert round_.id not in ids


async def shared(world, server):
    """A round whose coach has shared what was noted, and after that their one thing to try."""
    group = await noted(world, server)
    await next_part(group)
    full = await released(group)
    form = await press(world, group.coach, full, "One thing to try…")
    full = (await group.coach.submit_modal(form, {"words": "Count to five"})).response
    for what in ("Everything noted", "My one thing to try"):
        asked = (await press(world, group.coach, full, "Share with the room")).response
        done = (await press(world, group.coach, asked, what)).response
        full = (await press(world, group.coach, done, "Back to my feedback")).response
    return group


async def test_what_the_coach_shared_in_the_room_goes_with_the_round(world, server):
    """S4, S30: also a thing to try, which shows nothing of what was noted."""
    group = await shared(world, server)
    assert sum("📣" in text(one) for one in posts(group.room)) == 2
    said = await erase(world, group.client, await feedback_of(group, group.client))
    assert "everything about it is erased, my cards and lines with it." in text(said)
    assert not any("📣" in text(one) for one in posts(group.room))
    # What is left in room and dojo names nobody and has nothing to press.
    left = [text(one) + one.content for where in (group.room, server.dojo) for one in posts(where)]
    assert not any(person.mention in one for one in left for person in group.people)
    assert not any(labels(one) for one in posts(group.room))
    assert group.room.name == "Practice round"
    assert stored(world) == []


async def test_the_card_of_an_evening_stays_though_it_names_the_same_people(world, server):
    """S4: in the dojo stands also what is not about the round."""
    group = await noted(world, server)
    evening = await opened(world, server)
    await evening.join(group.client)
    card = evening.card
    assert group.client.mention in text(card)
    await erase(world, group.client, private(await group.press(group.client, "My role now")))
    assert card.id in [one.id for one in posts(server.dojo)]
    assert rows(world, "rounds") == []


async def test_the_cards_of_an_archived_room_go_as_well(world, server):
    """S4: Discord archives quiet threads; nothing in them can be deleted until they are opened."""
    group = await ended(world, server)
    assert any(group.coach.mention in text(one) for one in posts(group.room))
    own = await feedback_of(group, group.client)
    thread = world.env.backend.channels[group.room.id]
    thread.thread_metadata.archived = True
    await world.restart()
    said = await erase(world, group.client, own)
    assert "my cards and lines with it" in text(said)
    assert not any(group.coach.mention in text(one) for one in posts(group.room))
    assert not thread.thread_metadata.archived


async def test_what_cannot_be_deleted_in_the_room_is_named_with_a_link(world, server):
    """S4, S30: nobody knows its message later."""
    group = await shared(world, server)
    first = next(one for one in posts(group.room) if "📣" in text(one))
    own = await feedback_of(group, group.client)
    with refusing(world, 403, 50013, room=group.room, method="DELETE", what="messages/*"):
        said = await erase(world, group.client, own)
    link = f"https://discord.com/channels/{server.id}/{group.room.id}/{first.id}"
    assert f"I could not delete all of my cards in the room: {link}" in text(said)
    assert stored(world) == []


async def test_the_question_names_the_round_and_what_goes(world, server):
    """A client with several rounds sees which one it is about."""
    group = await shared(world, server)
    own = await feedback_of(group, group.client)
    asked = private(await group.client.click(own, label="Erase this round…"))
    assert "**End the round and erase it?** Classic triad, <t:" in text(asked)
    assert "so do my cards and lines about it and what the coach shared" in text(asked)


async def test_every_card_and_line_of_a_round_goes_with_it_and_none_of_another(world, server):
    """2: also cards without buttons, minute lines, who could not come, and the card that asked."""
    other = await running(world, server, [server.member(name) for name in ("ann", "bea", "cyd")])
    group = await proposed(world, server, 4)
    omar = group.people[3]
    await group.press(omar, "I cannot come")
    await group.agree(*group.people[:3])
    await world.later(50 * 60)
    said = [text(one) for one in posts(group.room)]
    assert any("over" in one and "🗣️" in one for one in said)
    assert any(omar.mention in one and "cannot take part" in one for one in said)
    assert sum("This round has begun." in text(one) for one in posts(server.dojo)) == 2
    theirs = len(posts(other.room))
    await erase(world, group.client, await feedback_of(group, group.client))
    assert posts(group.room) == []
    assert sum("This round has begun." in text(one) for one in posts(server.dojo)) == 1
    assert len(posts(other.room)) == theirs


async def test_in_a_channel_of_others_only_the_cards_and_lines_of_the_round_go(world, server):
    """2: where the round had no thread of its own."""
    bot_may(world, server.dojo, create_private_threads=False, create_public_threads=False)
    evening = await opened(world, server)
    joining = evening.card
    await server.member("ann").slash(server.dojo, "signals")
    before = [one.id for one in server.dojo.history()]
    group = await proposed(world, server)
    assert group.room is server.dojo
    await evening.press(group.client, "Join", joining)
    await group.agree()
    await world.later(50 * 60)
    (joining,) = [one for one in cards(server.dojo) if one.id == joining.id]
    assert group.client.mention in text(joining)
    assert len(lines(server.dojo)) > 2
    await erase(world, group.client, await feedback_of(group, group.client))
    assert [one.id for one in server.dojo.history() if not one.flags.ephemeral] == before


async def test_a_room_of_an_evening_keeps_what_is_said_of_its_other_rounds(world, server):
    """2: rounds of an evening use the same thread; only those of the erased one go, by time."""
    evening, people = await playing(world, server, 3)
    client = by_id(people, client_in(evening, 1).user_id)
    await world.later(20 * 60)
    thread = room(evening, 1)
    first = [one.id for one in posts(thread)]
    await next_round(evening)
    await board_all(evening, people)
    assert room(evening, 1).id == thread.id
    await world.later(20 * 60)
    second = [one.id for one in posts(thread) if one.id not in first]
    assert len(second) >= 2
    number = str(min(one["id"] for one in rows(world, "rounds")))
    await erase(world, client, private(await client.slash(server.dojo, "feedback", round=number)))
    assert [one.id for one in posts(thread)] == second
