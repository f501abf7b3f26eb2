"""Opening an evening, joining it, what one wishes, and leaving again."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime, timedelta

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.content import limits
from bot.content.model.questions import Phase
from bot.content.model.signals import SignalList
from bot.gatherings.grouping.groups import Draw, Group, Wish
from bot.gatherings.model.gathering import Closing, Gathering, Guest, Places, Presence, Room, Stage
from bot.gatherings.model.harvest import Noticed, Plenary
from bot.gatherings.model.plan_of import plan_of
from bot.gatherings.service.joining import Joined
from bot.gatherings.ui.card.card import closed_gathering_card, gathering_card
from bot.gatherings.ui.card.harvest import harvest_parts
from bot.gatherings.ui.card.join import joined_card
from bot.gatherings.ui.card.wishes import GONE, PRIVATE
from bot.rounds.model.round import RoomKind
from bot.rounds.service.live import LiveRounds
from tests.cards.rules import faults_of
from tests.gatherings.ui.steps import board_all, members, opened
from tests.rounds.ui.steps import cards, custom_ids, notified, private, rows
from tests.rounds.ui.trouble import bot_may
from tests.simulation.forged import click
from tests.simulation.world import choose, chosen, fields, labels, menus, text, told

WISH = "What would you like to do?"
NOW = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)
MANY = 10**18
"""Ids as long as those of Discord are."""


async def test_an_evening_is_opened_and_people_join_with_one_tap(world, server):
    evening = await opened(world, server, format="quick-10", rounds=4)

    assert "### 🌱 The gathering is open" in text(evening.answer)
    assert labels(evening.answer) == ["Form groups", "Change the plan", "Panel"]
    assert "Nobody is in yet" in text(evening.card)
    everybody = ["Join", "Leave", "My wishes"]
    assert labels(evening.card) == [*everybody, "Form groups", "Panel"]

    people = members(server, 10)
    shown = await evening.join(*people)
    assert "### 👋 You are in" in text(shown[0])
    assert list(menus(shown[0])) == [WISH]
    assert "10 people, 96 min: 3+3+4, four rounds of Quick ten, nobody misses a turn" in text(
        evening.card
    )
    assert all(person.mention in text(evening.card) for person in people)
    assert notified(world, server.dojo, evening.card) == set()

    # A second tap says how one is in, and changes nothing; a double click is one tap.
    await world.later(1)
    joining = [lambda: people[0].click(evening.card, label="Join")] * 2
    answers = [one.response for one in await world.together(*joining)]
    assert [answer.ephemeral for answer in answers].count(True) == 1
    again = private(await evening.press(people[0], "Join"))
    assert "### 👋 You are in already" in text(again)
    assert [guest.user_id for guest in evening.now.here] == [one.id for one in people]


async def test_a_wish_is_remembered_until_one_says_otherwise(world, server):
    evening = await opened(world, server)
    ann, ben = members(server, 2)
    (shown,) = await evening.join(ann)
    noted = await choose(ann, shown, WISH, "coach")
    assert "🎧 **Coach**" in text(noted.response)
    assert "🎧 Coach: 1" in text(evening.card)

    left = private(await evening.press(ann, "Leave"))
    assert "No reason needed" in text(left)
    assert ann.mention not in text(evening.card)
    # The old card of someone who has left brings nobody back.
    noted = (await choose(ann, shown, WISH, "client")).response
    assert "You are not in now" in text(noted)
    assert not evening.now.takes_part(ann.id)
    await evening.press(ann, "Join", left)
    assert "🙋 Client: 1" in text(evening.card)

    await world.restart()
    assert "🙋 Client: 1" in text(evening.card)
    refused = await evening.press(ben, "Leave")
    assert "Not in this gathering" in text(private(refused))


async def test_there_is_one_evening_at_a_time_and_others_are_told_kindly(world, server):
    evening = await opened(world, server)
    ann = server.member("ann")
    second = private(await evening.lead.slash(server.dojo, "dojo open"))
    assert f"/{server.dojo.id}/{evening.card.id})" in text(second)
    assert labels(second) == ["Panel"]
    assert len(rows(world, "gatherings")) == 1

    for label in ("Form groups",):
        refused = await evening.press(ann, label)
        assert "**Join** on the card is for everybody" in text(private(refused))
    server.show_commands_to(ann)
    refused = await ann.slash(server.dojo, "dojo open")
    assert "That is for people with **Manage Channels** in the channel of the dojo" in told(refused)


async def test_nobody_is_in_by_sitting_in_the_voice_channel_of_the_dojo(world):
    """Promise: nobody is put anywhere without a yes; the rooms are voice channels all the same."""
    server = world.guild()
    category = server.handle.create_category("Practice")
    home = server.handle.create_text_channel("home", category=category)
    await server.set_up(home)
    await server.set_up()
    room = server.handle.create_voice_channel("together", category=category)
    away = server.handle.create_voice_channel("elsewhere")
    lead, ann, ben, cyd = server.manager(), *members(server, 3)
    for person in (lead, ann, ben):
        await person.join_voice(room)
    await cyd.join_voice(away)

    evening = await opened(world, server, lead=lead, channel=home)

    assert evening.now.here == ()
    assert (evening.now.places, evening.now.voice_id) == (Places.VOICE, room.id)
    assert f"In {room.mention} there are 2 people: ask them to press **Join**." in text(
        evening.answer
    )
    assert "rooms are voice channels" in text(evening.card)
    # In another category it is not the dojo’s own.
    await cyd.join_voice(room)
    other = await opened(world, server, lead=lead, rooms="threads")
    assert other.now.here == ()
    assert other.now.places is Places.THREADS


async def test_nothing_is_opened_where_the_card_cannot_be_posted(world, server):
    bot_may(world, server.dojo, send_messages=False)
    refused = await server.manager().slash(server.dojo, "dojo open")

    assert "I lack **Send Messages**" in told(refused)
    assert rows(world, "gatherings") == []


async def test_a_person_who_cannot_see_the_dojo_is_not_let_into_its_evening(world, server):
    """S1, S14: by a button from before the channel was hidden, or by a forged id."""
    evening = await opened(world, server)
    ann = server.member("ann")
    deny = discord.Permissions(view_channel=True).value
    hidden = Overwrite(ann.id, OverwriteType.MEMBER, 0, deny)
    world.env.backend.set_overwrite(server.dojo.id, hidden)
    elsewhere = server.handle.create_text_channel("elsewhere")
    custom_id = custom_ids(evening.card)["Join"]

    answer = await click(ann, elsewhere, custom_id)

    assert "is over" in told(answer)
    assert evening.now.here == ()


async def test_a_room_of_an_evening_is_entered_by_joining_the_evening(world, server):
    """H3, H6: and a list of the client holds there, too; nobody learns of it."""
    people = members(server, 6)
    evening = await opened(world, server, format="quick-10", rounds=1)
    await evening.join(*people)
    await evening.press(evening.lead, "Start", await evening.preview())
    await board_all(evening, people)
    zoe = server.member("zoe")
    room = evening.dojo.threads[0]
    round_ = world.bot.services[LiveRounds].in_room(room.id)
    join = f"dojo:1:round:{round_.id}:join"
    client = next(one for one in people if one.id == round_.client.user_id)
    form = await evening.press(client, "My wishes")
    await client.submit_modal(form, {"wish": "any", "languages": [], "apart": [zoe]})
    world.env.backend.add_thread_member(room.id, zoe.id)

    assert "This room is part of an evening." in told(await click(zoe, room, join))
    await evening.join(zoe)
    answer = await click(zoe, room, join)

    assert not world.bot.services[LiveRounds].get(round_.id).takes_part(zoe.id)
    assert "takes nobody more right now" in told(answer)


async def test_a_person_who_comes_when_all_seats_are_taken_waits_in_order(world, server):
    evening = await opened(world, server)
    ann, ben, cyd, dan = members(server, 4)
    changed = await evening.replan(format=["pair-25"], minutes="90 m", seats="2")
    assert "I could not read the minutes" in text(changed)
    shown = await evening.join(ann, ben, cyd, dan)
    assert "number 1 on the waiting list" in text(shown[2])
    assert "number 2 on the waiting list" in text(shown[3])
    assert f"Waiting, in this order: {cyd.mention} and {dan.mention}" in text(evening.card)
    assert "**In: 2 of 2**" in text(evening.card)

    await evening.press(ann, "Leave")

    assert [guest.user_id for guest in evening.now.here] == [ben.id, cyd.id]
    again = private(await evening.press(dan, "Join"))
    assert "number 1 on the waiting list" in text(again)


async def test_a_plan_says_the_trade_and_which_format_fits(world, server):
    evening = await opened(world, server)
    await evening.join(*members(server, 10))
    form = await evening.press(evening.lead, "Change the plan", evening.answer)
    assert chosen(fields(form)["format"]) == ["triad-30"]
    typed = {"format": ["triad-30"], "rounds": ["2"], "minutes": "96", "seats": "60", "how": []}
    shown = private(await evening.lead.submit_modal(form, typed))
    assert "10 people, 87 min: 3+3+4, two rounds of Classic triad, four people miss" in text(shown)
    assert "everybody would coach once" in text(shown)
    assert "What fits: 10 people, 96 min: 3+3+4, " in text(shown)

    take = next(label for label in labels(shown) if label.startswith("Take it"))
    taken = (await evening.press(evening.lead, take, shown)).response
    assert "### 📋 The plan is changed" in text(taken)
    assert "10 people, 96 min: 3+3+4" in text(evening.card)
    assert "nobody misses a turn" in text(evening.card)
    # A7: the time at which it is over is those minutes later.
    (over,) = re.findall(r"over by <t:(\d+):t>", text(evening.card))
    assert 96 * 60 - 5 <= int(over) - world.env.now().timestamp() < 97 * 60
    now = {"format": [evening.now.format.id], "rounds": [str(evening.now.rounds)]}
    how = ["fresh", "voice"]
    for title in ("The plan is changed", "The plan is as it was"):
        form = await evening.press(evening.lead, "Change the plan", taken)
        same = {**now, "minutes": "96", "seats": "60", "how": how}
        shown = private(await evening.lead.submit_modal(form, same))
        assert title in text(shown)
    assert "Fresh groups each round; rooms are voice channels" in text(evening.card)


async def test_a_format_that_was_taken_away_meanwhile_is_not_planned(world, server):
    evening = await opened(world, server)
    await evening.join(*members(server, 10))
    form = await evening.press(evening.lead, "Change the plan", evening.answer)
    typed = {"rounds": ["2"], "minutes": "95", "seats": "60", "how": []}
    held = {**typed, "format": [evening.now.format.id]}
    shown = private(await evening.lead.submit_modal(form, held))
    take = next(label for label in labels(shown) if label.startswith("Take it"))
    form = await evening.press(evening.lead, "Change the plan", evening.answer)
    before = evening.now.format
    others = [one["value"] for one in fields(form)["format"]["options"]]
    others.remove(before.id)
    await server.give_content(f"version = 1\n[hide]\nformats = {others}\n".replace("'", '"'))
    gone = {**typed, "format": [others[0]]}
    assert "I know no format" in told(await evening.lead.submit_modal(form, gone))
    assert "I know no format" in told(await evening.press(evening.lead, take, shown))
    assert evening.now.format == before


async def test_a_plan_that_takes_too_long_names_only_what_would_fit(world, server):
    """4: of the shortest format one round already takes longer than 20 minutes."""
    evening = await opened(world, server, format="micro-12", rounds=1)
    await evening.join(*members(server, 6))
    for rounds in ("1", "2"):
        shown = text(await evening.replan(minutes="20", rounds=[rounds]))
        assert "would fit" not in shown
        assert re.search(r"more than planned: the shortest evening takes \d+ min\.", shown)
        assert "would fit" not in text(await evening.preview())
    shown = text(await evening.replan(minutes="60", rounds=["4"]))
    assert "more than planned: fewer rounds would fit." in shown


async def test_wishes_are_for_their_owners_eyes_and_can_be_emptied(world, server):
    evening = await opened(world, server)
    ann, ben, cyd = members(server, 3)
    await evening.join(ben)
    form = await evening.press(ann, "My wishes")
    assert described(form) == PRIVATE
    typed = {"wish": "observe", "languages": ["it", "en"], "apart": [ben, cyd, ann]}
    # The bot is started again while she fills it in.
    await world.restart()
    saved = private(await ann.submit_modal(form, typed))
    assert "English and Italiano" in text(saved)
    assert f"Not in a group with: {ben.mention} and {cyd.mention}" in text(saved)
    assert labels(saved) == ["Join", "My wishes"]
    assert not evening.now.takes_part(ann.id)

    await evening.press(ann, "Join", saved)
    assert evening.guest(ann.id).wish is Wish.OBSERVE
    assert evening.guest(ann.id).languages == {"it", "en"}
    form = await evening.press(ann, "My wishes")
    again = fields(form)
    assert chosen(again["wish"]) == ["observe"]
    assert sorted(chosen(again["languages"])) == ["en", "it"]
    assert {int(one["id"]) for one in again["apart"]["default_values"]} == {ben.id, cyd.id}
    # Discord may refuse to propose someone who is gone.
    world.env.inject_error("POST", "/interactions/*/callback", status=400)
    form = await evening.press(ann, "My wishes")
    assert described(form) == GONE
    assert not fields(form)["apart"].get("default_values")
    nothing = {"wish": "any", "languages": [], "apart": []}
    saved = private(await ann.submit_modal(form, nothing))
    assert "nobody named" in text(saved)
    assert "in any language" in text(saved).lower()
    assert evening.guest(ann.id).wish is Wish.ANY
    assert rows(world, "kept_apart") == []


async def test_late_joiners_observe_at_once_and_leaving_a_round_asks_first(world, server):
    evening = await opened(world, server)
    ann, ben, cyd, dan = members(server, 4)
    await evening.join(ann, ben, cyd)
    shown = await evening.preview()
    await evening.press(evening.lead, "Start", shown)

    (late,) = await evening.join(dan)
    room = evening.now.rooms[0]
    assert f"your room is <#{room.channel_id}>" in text(late)
    assert evening.groups[0].role_of(dan.id).value == "observer"
    again = private(await evening.press(dan, "Join"))
    assert f"your room is <#{room.channel_id}>" in text(again)

    asked = private(await evening.press(dan, "Leave"))
    assert labels(asked) == ["Leave the evening", "Stay"]
    stayed = (await dan.click(asked, label="Stay")).response
    assert "You stay" in text(stayed)
    asked = private(await evening.press(dan, "Leave"))
    await dan.click(asked, label="Leave the evening")
    assert not evening.now.takes_part(dan.id)


async def test_the_same_user_in_two_dojos_is_asked_which_evening_to_be_in(world, server):
    await server.set_up(server.lounge)
    first = await opened(world, server)
    second = await opened(world, server, lead=first.lead, channel=server.lounge)
    ann = server.member("ann")
    await first.join(ann)

    (asked,) = await second.join(ann)
    assert server.dojo.mention in text(asked)
    assert not second.now.takes_part(ann.id)
    await ann.click(asked, label="Leave that one and join here")

    assert second.now.takes_part(ann.id)
    assert not first.now.takes_part(ann.id)


async def test_buttons_of_an_evening_that_is_over_say_so(world, server):
    evening = await opened(world, server)
    ann = server.member("ann")
    (shown,) = await evening.join(ann)
    card = evening.card
    await evening.close()

    assert "### 📭 The gathering did not take place" in text(cards(server.dojo)[-1])
    assert labels(cards(server.dojo)[-1]) == []
    for label in ("Leave",):
        refused = await ann.click(shown, label=label)
        assert "That gathering is over." in told(refused)
    # Wishes are for the next evening as well.
    form = await ann.click(shown, label="My wishes")
    typed = {"wish": "client", "languages": [], "apart": []}
    saved = private(await ann.submit_modal(form, typed))
    assert "### 🌠 Your wishes in this dojo are saved" in text(saved)
    assert card.id == cards(server.dojo)[-1].id


def described(form) -> str:
    """What is said under the field for people."""
    return form.modal["components"][2]["description"]


# The card, at its largest


def largest(format_, groups: int, people: int) -> Gathering:
    """An evening with as many people as there can be, and as many again in line."""
    ids = [MANY + number for number in range(2 * people)]
    guests = tuple(
        Guest(
            user_id,
            NOW + timedelta(seconds=number),
            list(Wish)[number % 4],
            presence=Presence.IN if number < people else Presence.WAITING,
        )
        for number, user_id in enumerate(ids)
    )
    made = [tuple(ids[number:people:groups]) for number in range(groups)]
    return Gathering(
        id=MANY,
        dojo_id=MANY,
        guild_id=MANY,
        channel_id=MANY,
        format=format_,
        opened_at=NOW,
        facilitator_user_id=MANY,
        voice_id=MANY,
        minutes=120,
        guests=guests,
        number=8,
        rounds=8,
        due_at=NOW,
        ended_at=NOW,
        draw=Draw(tuple(map(Group, made)), 1),
        rooms=tuple(Room(number, MANY + number, RoomKind.VOICE) for number in range(1, groups + 1)),
        closing=Closing.CLOSED,
    )


def with_most_signals(content):
    """As many signals as a dojo can have, with names as long as they may be."""
    one = content.signals.signals[0]
    seen = dataclasses.replace(one.counterpart, name="*" * limits.SIGNAL_NAME)
    codes = [f"S{number}" for number in range(1, limits.SIGNALS + 1)]
    made = tuple(dataclasses.replace(one, code=code, counterpart=seen) for code in codes)
    return dataclasses.replace(content, signals=SignalList(made))


PLENARY = Plenary(
    rounds=160,
    people=60,
    coached=60,
    noticed=Noticed(160, {f"S{number}": 159 for number in range(1, 7)}, dict.fromkeys(Phase, 158)),
    check_outs=tuple((number % 11, f"{number:02}" + "*" * 38) for number in range(60)),
)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize(("groups", "people"), [(20, 60), (30, 60), (1, 60), (12, 60)])
async def test_the_card_fits_with_sixty_people_in_every_stage(library, stage, groups, people):
    content = with_most_signals(library["en"])
    format_ = dataclasses.replace(content.formats["triad-30"], name="*" * 60)
    gathering = dataclasses.replace(largest(format_, groups, people), stage=stage)
    plan = plan_of(gathering, content.formats.values())
    for plenary in (None, PLENARY, dataclasses.replace(PLENARY, noticed=None, check_outs=())):
        components = gathering_card(gathering, content, plan, plenary, NOW).to_components()
        assert faults_of(components) == []
        if stage in (Stage.BOARDING, Stage.RUNNING):
            shown = str(components)
            assert all(f"<@{MANY + number}>" in shown for number in range(people))
    assert faults_of(closed_gathering_card(gathering).to_components()) == []


def test_a_check_out_is_a_line_of_words_and_a_range(library):
    """C20: no row of digits, and nobody's number beside a word."""
    content = library["en"]
    gathering = largest(content.formats["triad-30"], 3, 9)
    said = ((7, "warm"), (9, "wide"), (8, ""), (7, "calm"))
    plenary = dataclasses.replace(PLENARY, check_outs=said)
    shown = "\n".join(str(part) for part in harvest_parts(gathering, content, plenary))
    assert "🚪 **Check-out:** calm · warm · wide\n" in shown
    assert "useful for my practice, 0 to 10: 7 to 9, by 4 people." in shown
    alike = dataclasses.replace(PLENARY, check_outs=((9, ""), (9, "")))
    shown = "\n".join(str(part) for part in harvest_parts(gathering, content, alike))
    assert "0 to 10: 9, by 2 people." in shown


ROOM = Room(1, MANY, RoomKind.VOICE)
OPENED, FULL = "The rooms are being opened just now", "no room takes another observer now"
DRAW, LAST = "You are in the draw for the next", "another round is added"


@pytest.mark.parametrize(
    ("stage", "rooms", "number", "said"),
    [
        (Stage.OPEN, (), 0, ()),
        (Stage.BOARDING, (), 1, (OPENED,)),
        (Stage.BOARDING, (ROOM,), 1, (FULL, DRAW)),
        (Stage.RUNNING, (ROOM,), 1, (FULL, DRAW)),
        (Stage.RUNNING, (), 1, (FULL, DRAW)),
        (Stage.RUNNING, (ROOM,), 8, (FULL,)),
        (Stage.RETURNING, (ROOM,), 1, (DRAW,)),
        (Stage.BETWEEN, (), 1, (DRAW,)),
        (Stage.BETWEEN, (), 8, (LAST,)),
    ],
)
def test_who_joins_reads_what_comes_next_for_them(library, stage, rooms, number, said):
    evening = largest(library["en"].formats["triad-30"], 1, 3)
    evening = dataclasses.replace(evening, stage=stage, rooms=rooms, number=number)
    shown = str(joined_card(Joined(evening, evening.guests[0])).to_components())
    assert {one for one in (OPENED, FULL, DRAW, LAST) if one in shown} == set(said)


async def test_the_card_counts_wishes_and_does_not_say_whose_they_are(world, server):
    """H12: names stand in one line, wishes as numbers."""
    evening = await opened(world, server)
    ann, ben, cyd = people = members(server, 3)
    await evening.join(*people)
    for person, wish in ((ann, "observe"), (ben, "coach")):
        form = await evening.press(person, "My wishes")
        await person.submit_modal(form, {"wish": wish, "languages": [], "apart": []})
    await world.later(2)

    lines = text(evening.card).splitlines()

    named = [line for line in lines if any(one.mention in line for one in people)]
    assert named == [f"👥 {ann.mention}, {ben.mention} and {cyd.mention}"]
    assert "-# 🤝 Anything: 1 · 🎧 Coach: 1 · 👀 Observe only: 1" in lines
