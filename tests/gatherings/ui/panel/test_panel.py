"""The facilitator's panel: what it shows, and what it does to all rooms or to one."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

from bot.feedback.service.sheets import SheetService
from bot.gatherings.model.gathering import Stage
from bot.gatherings.service.steering import GatheringSteering
from bot.rounds.model.refusals import CannotNow
from bot.rounds.service.proposing import RoundProposing
from tests.cards.rules import parts
from tests.gatherings.ui.steps import (
    board_all,
    boarding,
    group,
    in_rooms,
    members,
    opened,
    panel_of,
    room,
    room_card,
    room_lines,
)
from tests.gatherings.ui.trouble import round_in
from tests.rounds.ui.steps import notified, posts, private, running, title
from tests.simulation.world import choose, labels, menus, text, told

SECTION = 9
CLOCK = ["Pause all", "Resume", "+2 min", "Next", "Broadcast"]
ROOMS = "One room: people, clock, visit…"
MISSING = "Someone is missing"

ADD = "Add a co-facilitator…"


async def test_the_panel_shows_every_room_and_steers_all_of_them(world, server):
    people = members(server, 6)
    evening = await boarding(world, server, people)
    panel = await panel_of(evening)

    assert "Panel · round 1 of 2" in text(panel)
    assert "0 of 6 have answered the agreement" in text(panel)
    steering = ["Start now", "+1 min", "Broadcast", "End all", "Hand over", "Refresh"]
    assert labels(panel) == ["Visit", "Visit", *steering]
    first = group(evening, 1, people)
    await first[0].click(room_card(evening, 1), label="Agree, with notes")
    # It keeps itself true, without a click.
    assert "1 of 6 have answered the agreement" in text(panel)
    assert "✅ 1 of 3 answered, not yet " in room_lines(panel)[0]
    # B5: who is waited for, and what the signs mean.
    assert first[0].mention not in room_lines(panel)[0]
    assert all(one.mention in room_lines(panel)[0] for one in first[1:])
    assert "📝 observers’ sheets: – not yet their time" in text(panel)

    await board_all(evening, people)
    assert "The rounds are running" in text(panel)
    assert labels(panel)[2:7] == CLOCK
    assert all("📜 Agree, over <t:" in line for line in room_lines(panel))

    await evening.press(evening.lead, "Pause all", panel)
    assert "⏸️ Paused in all 2 rooms." in text(panel)
    assert all("📜 Agree ⏸️ 0:" in line for line in room_lines(panel))
    await evening.press(evening.lead, "Pause all", panel)
    assert f"Already done in rooms 1 and 2, by {evening.lead.mention}." in text(panel)
    # Someone in a room goes on by themselves.
    await evening.press(first[1], "Resume", room_card(evening, 1))
    await evening.press(evening.lead, "Resume", panel)
    assert "▶️ Going on in 1 of 2 rooms." in text(panel)
    assert f"Already done in room 1, by {first[1].mention}." in text(panel)

    await evening.press(evening.lead, "Next", panel)
    assert "⏭️ Moved on in all 2 rooms." in text(panel)
    assert all("🗣️ Coaching, over <t:" in line for line in room_lines(panel))
    await evening.press(evening.lead, "+2 min", panel)
    assert "➕ Two minutes more in all 2 rooms." in text(panel)
    assert "⏱️ 12 min" in text(room_card(evening, 2))

    # With much coaching left, Next is asked about.
    await evening.press(evening.lead, "Next", panel)
    assert "There is coaching in 2 rooms, up to 12 min of it left" in text(panel)
    await evening.press(evening.lead, "Leave it as it is", panel)
    assert "🗣️ Coaching, over <t:" in room_lines(panel)[0]
    await evening.press(evening.lead, "Next", panel)
    await evening.press(evening.lead, "Next", panel)
    assert title(room_card(evening, 1)) != "🗣️ Coaching"

    await evening.press(evening.lead, "End all", panel)
    assert "**End the rounds in all rooms?**" in text(panel)
    await evening.press(evening.lead, "End all", panel)
    assert "everybody is called back" in text(panel)
    assert all("🌿 over" in line for line in room_lines(panel))
    await world.later(60)
    assert "before the next round" in text(panel)
    assert labels(panel) == ["Next round", "Close the evening", "Hand over", "Refresh", ADD]

    await evening.press(evening.lead, "Next round", panel)
    assert "⏩ Round 2 begins" in text(panel)
    assert "Panel · round 2 of 2" in text(panel)
    assert evening.now.due_at is not None
    assert (evening.now.due_at - world.env.now()).total_seconds() <= 45
    await world.later(60)
    await evening.press(evening.lead, "End all", panel)
    await evening.press(evening.lead, "End all", panel)
    await world.later(60)
    assert "all planned rounds are done" in text(panel)
    # C11: closing leads then, here and on the card.
    last = ["Close the evening", "One more round"]
    assert labels(panel) == [*last, "Hand over", "Refresh"]
    assert labels(evening.card)[-3:] == [*last, "Panel"]
    await evening.press(evening.lead, "Close the evening", panel)
    await evening.press(evening.lead, "Close the evening", panel)
    assert "🌙 The evening is over." in text(panel)
    assert labels(panel) == []


async def test_one_room_is_looked_at_visited_and_fixed(world, server):
    people = members(server, 7)
    evening = await in_rooms(world, server, people)
    panel = await panel_of(evening)
    first = group(evening, 1, people)

    asked = await evening.press(first[1], "Ask for help", room_card(evening, 1))
    assert "A facilitator is told." in text(private(asked))
    # B6: the room reads since when, and nothing that has not happened yet.
    asked_line = posts(room(evening, 1))[-1].content
    assert asked_line.startswith("🆘 Help was asked for <t:")
    assert "Ask for help" in labels(room_card(evening, 1))
    assert "🆘 **Help is asked for**" in text(panel)
    assert "🆘 <t:" in room_lines(panel)[0]
    assert first[1].mention not in text(panel)
    call = posts(server.dojo)[-1]
    where = room(evening, 1).mention
    said = call.content or text(call)
    # H1: which room is for those who look after the evening.
    assert "a room asks for a facilitator" in said
    assert "Room 1" not in said
    assert where not in said
    assert evening.lead.mention in said
    assert first[1].mention not in said
    again = await evening.press(first[0], "Ask for help", room_card(evening, 1))
    assert "A facilitator has been told already, <t:" in text(private(again))

    await choose(evening.lead, panel, ROOMS, "1")
    assert text(panel).startswith("### 🚪 Room 1")
    assert labels(panel) == [
        *("Pause", "+2 min", "Next", "End"),
        *("Visit", "Broadcast here", "All rooms", "Refresh"),
    ]
    await evening.press(evening.lead, "Visit", panel)
    assert f"🚶 This way: {where}" in text(panel)
    assert "🆘" not in text(panel)
    # H14: nobody joins people unseen; said once, however often they come.
    await evening.press(evening.lead, "Visit", panel)
    visits = [one for one in posts(room(evening, 1)) if "is coming" in one.content]
    assert [one.content for one in visits] == [f"🚶 {evening.lead.mention} is coming."]
    assert notified(world, room(evening, 1), visits[0]) == set()

    await evening.press(evening.lead, "Next", panel)
    assert "⏭️ Moved on in room 1." in text(panel)
    await evening.press(evening.lead, "Next", panel)
    assert "of coaching left in room 1" in text(panel)
    await evening.press(evening.lead, "Leave it as it is", panel)
    await evening.press(evening.lead, "Pause", panel)
    await evening.press(evening.lead, "Resume", panel)
    form = await evening.press(evening.lead, "Broadcast here", panel)
    await evening.lead.submit_modal(form, {"text": "Take your time. @everyone", "notify": "nobody"})
    assert "📣 Posted in room 1." in text(panel)
    posted = posts(room(evening, 1))[-1]
    assert "Take your time." in (posted.content or text(posted))

    # In the other room the client is missing: the seat is offered to everybody who is there.
    await evening.press(evening.lead, "All rooms", panel)
    await choose(evening.lead, panel, ROOMS, "2")
    second = group(evening, 2, people)
    assert menus(panel)[MISSING] == [str(person.id) for person in second]
    await world.later(1)
    await choose(evening.lead, panel, MISSING, str(second[1].id))
    assert f"👋 {second[1].mention} is out of the room" in text(panel)
    assert "The card there offers the client’s seat" in text(panel)
    assert "⚠ the client’s seat is empty" in text(panel)
    assert not evening.now.takes_part(second[1].id)

    await evening.press(evening.lead, "End", panel)
    await evening.press(evening.lead, "End the round", panel)
    assert "🌿 over" in text(panel)
    await evening.press(evening.lead, "All rooms", panel)
    assert "🌿 over" in room_lines(panel)[1]


async def test_a_room_whose_coach_is_in_another_round_waits_for_someone_to_coach(world, server):
    """A4: nobody is put into the seat."""
    people = members(server, 6)
    evening = await boarding(world, server, people)
    panel = await panel_of(evening)
    coach, _, observer = group(evening, 1, people)
    elsewhere = server.handle.create_text_channel("elsewhere")
    await server.set_up(elsewhere)
    await running(world, server, [coach, server.member("guest")], channel=elsewhere)
    await board_all(evening, people, but=(coach.id,))
    assert "⚠ waits for a coach: the seat is empty" in room_lines(panel)[0]
    await evening.press(observer, "I will coach", room_card(evening, 1))
    await world.later(2)
    assert all("📜 Agree" in line for line in room_lines(panel))
    assert f"**Coach** {observer.mention}" in text(room_card(evening, 1))


async def test_a_room_that_could_not_begin_is_shown_and_begun_later(world, server):
    people = members(server, 6)
    evening = await boarding(world, server, people)
    panel = await panel_of(evening)
    first = evening.now.rooms[0].round_id
    genuine = RoundProposing.begin_with_others

    async def begin(rounds, round_id, at):
        if round_id == first:
            raise CannotNow("no coach")
        return await genuine(rounds, round_id, at)

    with mock.patch.object(RoundProposing, "begin_with_others", begin):
        await board_all(evening, people)
        assert "⚠ has not begun" in room_lines(panel)[0]
        assert "📜 Agree" in room_lines(panel)[1]
        await evening.press(evening.lead, "Pause all", panel)
        assert "⏸️ Paused in 1 of 2 rooms." in text(panel)
        assert "⚠ Room 1: The round has not begun yet." in text(panel)
        await choose(evening.lead, panel, ROOMS, "1")
        refused = await evening.press(evening.lead, "Begin now", panel)
        assert "The coach" in told(refused) or "no coach" in told(refused)
    await evening.press(evening.lead, "Begin now", panel)
    assert "▶️ The round has begun." in text(panel)
    assert title(room_card(evening, 1)) == "📜 Agree"


async def test_the_panel_says_whether_sheets_are_in_but_not_whose(world, server):
    people = members(server, 3)
    evening = await boarding(world, server, people)
    coach, client, observer = group(evening, 1, people)
    for person in (coach, client, observer):
        await evening.press(person, "Agree, with notes", room_card(evening, 1))
    panel = await panel_of(evening)
    assert "📝 –" in room_lines(panel)[0]
    for _ in range(2):
        await evening.press(coach, "Next", room_card(evening, 1))
    pressed = await evening.press(coach, "Next", room_card(evening, 1))
    if pressed.followups or pressed.response is not None:
        await evening.press(coach, "Next", private(pressed))
    await evening.press(evening.lead, "Refresh", panel)
    assert "📝 …" in room_lines(panel)[0]

    sheets = world.bot.services[SheetService]
    round_id = evening.now.rooms[0].round_id
    await sheets.hand_in(round_id, observer.id, coach.id)
    # It hears of the sheet by itself.
    await world.later(2)
    assert "📝 ✓" in room_lines(panel)[0]
    assert observer.mention not in text(panel)


async def test_the_panel_says_nothing_of_sheets_to_who_coaches_and_waits_for_them(world, server):
    """S11, S12: a facilitator who coaches learns no sooner than others that sheets are in."""
    people = [server.manager(name) for name in ("ann", "ben", "cyd")]
    evening = await boarding(world, server, people)
    coach, client, observer = group(evening, 1, people)
    for person in (coach, client, observer):
        await evening.press(person, "Agree, with notes", room_card(evening, 1))
    for _ in range(2):
        await evening.press(coach, "Next", room_card(evening, 1))
    await evening.press(
        coach, "Next", private(await evening.press(coach, "Next", room_card(evening, 1)))
    )
    await world.bot.services[SheetService].hand_in(
        evening.now.rooms[0].round_id, observer.id, coach.id
    )

    for one, mark in ((coach, "…"), (client, "✓")):
        panel = await panel_of(evening, by=one)
        assert f"📝 {mark}" in room_lines(panel)[0]
        shown = await choose(one, panel, ROOMS, "1")
        assert f"📝 {mark}" in text(private(shown))


async def test_something_is_said_to_all_rooms_and_what_could_not_be_said_comes_back(world, server):
    evening = await in_rooms(world, server)
    panel = await panel_of(evening)
    form = await evening.press(evening.lead, "Broadcast", panel)
    await evening.lead.submit_modal(form, {"text": "We meet again at nine.", "notify": "nobody"})

    assert "📣 Posted in all 2 rooms." in text(panel)
    for number in (1, 2):
        posted = posts(room(evening, number))[-1]
        assert "We meet again at nine." in (posted.content or text(posted))

    host = world.bot.services[GatheringSteering]._host
    for deaf, said in (((2,), "📣 Posted in 1 of 2 rooms."), ((1, 2), "Rooms 1 and 2: ")):

        async def broadcast(_, where, *__, deaf=deaf, **___):
            return where.number not in deaf

        with mock.patch.object(host, "broadcast", broadcast):
            form = await evening.press(evening.lead, "Broadcast", panel)
            await evening.lead.submit_modal(form, {"text": "Are you well?", "notify": "nobody"})
        assert said in text(panel)
        assert ": I could not write there." in text(panel)
    # Posted nowhere: what was typed is not lost.
    assert "```\nAre you well?\n```" in text(panel)


async def test_the_lead_changes_hands(world, server):
    evening = await opened(world, server)
    panel = await panel_of(evening)
    assert "People join." in text(panel)
    assert labels(panel) == ["Close the evening", "Hand over", "Refresh", ADD]
    ann = server.member("ann")

    form = await evening.press(evening.lead, "Hand over", panel)
    await evening.lead.submit_modal(form, {"who": [ann]})
    assert f"{ann.mention} has the lead now" in text(panel)
    assert f"led by {ann.mention}, with {evening.lead.mention}" in text(panel)

    # She may look after it now, though she is no facilitator of the dojo.
    hers = await panel_of(evening, ann)
    assert "Take over" not in labels(hers)
    await evening.press(evening.lead, "Take over", panel)
    assert "You have the lead now." in text(panel)
    assert f"led by {evening.lead.mention}" in text(hers)
    refused = await evening.press(server.member("guest"), "Panel")
    assert "who facilitate this gathering" in told(refused)

    # A bot, and someone from elsewhere, cannot look after an evening.
    robot = server.handle.add_member(world.env.create_user("robot", bot=True))
    for who, why in ((robot, "is a bot"), (world.person("stranger"), "is not on this server")):
        form = await evening.press(evening.lead, "Hand over", panel)
        await evening.lead.submit_modal(form, {"who": [who]})
        assert why in text(panel)
        assert f"led by {evening.lead.mention}" in text(panel)


async def test_a_co_facilitator_is_named_before_the_evening_begins(world, server):
    """F14: they look after it as well, are called with the lead, and can be taken off again."""
    evening = await opened(world, server)
    panel = await panel_of(evening)
    ann = server.member("ann")
    refused = await evening.press(ann, "Panel")

    form = await evening.press(evening.lead, ADD, panel)
    await evening.lead.submit_modal(form, {"who": [ann]})
    said = text(panel)
    await world.restart()
    hers = await panel_of(evening, ann)
    form = await evening.press(evening.lead, ADD, await panel_of(evening))
    again = private(await evening.lead.submit_modal(form, {"who": [ann]}))

    assert "who facilitate this gathering" in told(refused)
    assert f"{ann.mention} looks after this evening with you" in said
    assert f"led by {evening.lead.mention}, with {ann.mention}" in text(hers)
    assert "That person looks after this evening already" in text(again)
    form = await evening.press(evening.lead, "Take off…", await panel_of(evening))
    await evening.lead.submit_modal(form, {"who": [ann]})
    assert "who facilitate this gathering" in told(await evening.press(ann, "Panel"))


async def test_no_bot_and_nobody_from_elsewhere_is_a_co_facilitator(world, server):
    """F14: nor a person who was made up."""
    evening = await opened(world, server)
    robot = server.handle.add_member(world.env.create_user("robot", bot=True))
    panel = await panel_of(evening)
    for who, why in ((robot, "is a bot"), (world.person("stranger"), "is not on this server")):
        form = await evening.press(evening.lead, ADD, panel)
        await evening.lead.submit_modal(form, {"who": [who]})
        assert why in text(panel)
    assert evening.now.trusted_user_ids == ()


async def test_a_room_has_its_way_in_beside_its_line(world, server):
    """Of a few rooms each; of many those that ask for help, as the card holds no more."""
    evening = await in_rooms(world, server)
    panel = await panel_of(evening)
    lines = [part for part in parts(panel) if part.get("type") == SECTION]
    assert [line["components"][0]["content"] for line in lines] == room_lines(panel)
    assert [line["accessory"]["label"] for line in lines] == ["Visit"] * 2

    there = evening.now.rooms[1]
    await evening.lead.click(panel, custom_id=lines[1]["accessory"]["custom_id"])
    assert f"This way: <#{there.channel_id}>" in text(panel)


async def test_a_facilitator_gives_a_minute_more_to_come_or_starts_at_once(world, server):
    """B4: two who press at once give one minute; a room that is not ready follows by itself."""
    people = members(server, 6)
    evening = await boarding(world, server, people)
    due = evening.now.due_at
    assert due is not None
    assert 85 < (due - world.env.now()).total_seconds() <= 90
    panel, other = await panel_of(evening), server.manager("other")
    others = await panel_of(evening, other)
    refused = await evening.press(evening.lead, "Start now", panel)
    assert "In no room have coach and client both agreed" in told(refused)
    assert evening.now.stage is Stage.BOARDING

    await world.later(1)
    await world.together(
        lambda: evening.lead.click(panel, label="+1 min"),
        lambda: other.click(others, label="+1 min"),
    )
    assert evening.now.due_at == due + timedelta(seconds=60)
    both = text(panel) + text(others)
    assert "Everybody has a minute more to come" in both
    assert "A minute was added already" in both
    assert f"<t:{int(evening.now.due_at.timestamp())}:R>" in text(evening.card)

    first = group(evening, 1, people)
    for one in first[:2]:
        await one.click(room_card(evening, 1), label="Agree, without notes")
    await evening.press(evening.lead, "Start now", panel)
    assert "The rounds are running" in text(panel)
    assert "waits for the yes of the coach and the client" in room_lines(panel)[1]
    assert round_in(evening, 1).has_begun
    assert not round_in(evening, 2).has_begun
    second = group(evening, 2, people)
    for one in second[:2]:
        await one.click(room_card(evening, 2), label="Agree, without notes")
    # They kept their seats meanwhile.
    assert round_in(evening, 2).has_begun
    coach = round_in(evening, 2).coach
    assert coach is not None
    assert coach.user_id == second[0].id
    assert evening.now.due_at is not None
    await world.later(160)
    assert evening.now.due_at is None
    # The panel of a person who has looked away starts nothing twice.
    stale = await evening.press(other, "Refresh", others)
    assert "Start now" not in labels(stale.response or others)


async def test_a_facilitator_goes_to_the_room_that_asks_straight_from_the_call(world, server):
    """B6: one press, in private; the room that has waited longest comes first."""
    people = members(server, 6)
    evening = await in_rooms(world, server, people)
    second, first = group(evening, 2, people), group(evening, 1, people)
    await evening.press(second[1], "Ask for help", room_card(evening, 2))
    await evening.press(first[1], "Ask for help", room_card(evening, 1))
    call = next(one for one in posts(server.dojo)[::-1] if "asks for a facilitator" in text(one))
    assert labels(call) == ["Visit"]
    refused = await evening.press(second[1], "Visit", call)
    assert "people who facilitate this gathering" in told(refused)

    page = private(await evening.press(evening.lead, "Visit", call))
    assert text(page).startswith("### 🚪 Room 2")
    assert f"🚶 This way: {room(evening, 2).mention}" in text(page)
    assert posts(room(evening, 2))[-1].content == f"🚶 {evening.lead.mention} is coming."
    page = private(await evening.press(evening.lead, "Visit", call))
    assert text(page).startswith("### 🚪 Room 1")
    panel = private(await evening.press(evening.lead, "Visit", call))
    assert "No room asks for help any more" in text(panel)
    # Who asks again is heard again.
    await evening.press(second[1], "Ask for help", room_card(evening, 2))
    assert evening.now.room(2).asked_at is not None


async def test_who_drops_out_is_told_to_the_person_who_leads(world, server):
    """B5: on the panel, and in a message to them alone; nothing is posted in the dojo."""
    people = members(server, 6)
    evening = await boarding(world, server, people)
    panel = await panel_of(evening)
    before = len(posts(server.dojo))
    gone, away = group(evening, 1, people)[2], group(evening, 2, people)[2]
    await away.click(room_card(evening, 2), label="I cannot come")
    asked = private(await evening.press(gone, "Leave"))
    await evening.press(gone, "Leave the evening", asked)
    assert f"👋 Left since the groups were made: {gone.mention}" in text(panel)
    assert f"🚪 Not in their room any more: {away.mention}" in text(panel)
    (message,) = evening.lead.user.dm_channel.history()
    assert f"{gone.mention} has left the evening" in text(message)
    assert "5 people are in now" in text(message)
    assert len(posts(server.dojo)) == before
    assert gone.user.dm_channel.history() == []


async def test_a_broadcast_mentions_the_people_of_the_rooms_if_asked_to(world, server):
    """C17: people in voice do not look; else, and by typed mentions, nobody is notified."""
    people = members(server, 6)
    evening = await in_rooms(world, server, people)
    panel = await panel_of(evening)
    form = await evening.press(evening.lead, "Broadcast", panel)
    typed = f"Two minutes {people[0].mention} @everyone"
    await evening.lead.submit_modal(form, {"text": typed, "notify": "everybody"})
    assert "📣 Posted in all 2 rooms." in text(panel)
    for number in (1, 2):
        there = {one.id for one in group(evening, number, people)}
        posted = posts(room(evening, number))[-1]
        assert notified(world, room(evening, number), posted) == there
    form = await evening.press(evening.lead, "Broadcast", panel)
    await evening.lead.submit_modal(form, {"text": typed, "notify": "nobody"})
    assert notified(world, room(evening, 1), posts(room(evening, 1))[-1]) == set()
