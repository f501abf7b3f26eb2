"""Groups before a round: what a facilitator is shown, and what they can change."""

from __future__ import annotations

import dataclasses
import functools
from datetime import UTC, datetime

import pytest

from bot.dojos.service.contents import ContentService
from bot.gatherings.grouping.groups import Draw, Group, Wish
from bot.gatherings.model.gathering import Draft, Gathering, Guest, Stage
from bot.gatherings.ui.groups.pins import pins_card
from bot.gatherings.ui.groups.preview import preview_card
from bot.rounds.model.pairs import pair_of
from tests.cards.rules import faults_of, parts
from tests.gatherings.ui.steps import (
    BOARDING,
    board_all,
    choose_people,
    group,
    members,
    opened,
    room_card,
)
from tests.rounds.ui.steps import cards, private, rows
from tests.simulation.forged import select
from tests.simulation.world import choose, fields, labels, text, told

CHANGES = ["Reshuffle", "Pin a group", "Observe only", "Change the plan", "Panel"]
MANY = 10**18
NOW = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)


async def evening_of(world, server, count, **options):
    """An evening with so many people in it, and those people."""
    evening = await opened(world, server, **options)
    people = members(server, count)
    await evening.join(*people)
    return evening, people


async def test_groups_are_proposed_changed_and_started(world, server):
    evening, people = await evening_of(world, server, 7)
    shown = await evening.preview()

    assert labels(shown) == ["Start", *CHANGES]
    assert "### 🧩 Groups for round 1 of 3" in text(shown)
    assert all(one.mention in text(shown) for one in people)
    assert "❔ **Why these groups?** No two of a group" in text(shown)
    assert "All wishes for a role are met." in text(shown)
    assert "7 people, 119 min: 3+4" in text(shown)
    assert "After **Start** all have 90 s to find their room" in text(shown)
    first, second = evening.proposed

    lead = evening.lead
    # B7: by name, and in one menu.
    by_id = {one.id: one for one in people}
    two = by_id[first.coach], by_id[second.client]
    shown = (await choose_people(lead, shown, "Swap", *two)).response
    assert f"<@{first.coach}> and <@{second.client}> have changed places" in text(shown)
    swapped = evening.proposed
    assert (swapped[0].coach, swapped[1].client) == (second.client, first.coach)

    asked = (await evening.press(lead, "Pin a group", shown)).response
    assert labels(asked) == ["Group 1", "Group 2", "Back to the groups"]
    shown = (await evening.press(lead, "Group 1", asked)).response
    assert "· 📌" in text(shown)
    for _ in range(3):
        shown = (await evening.press(lead, "Reshuffle", shown)).response
        drawn = evening.draft.draw
        assert len({drawn.group_of(one) for one in swapped[0].people}) == 1
    asked = (await evening.press(lead, "Pin a group", shown)).response
    shown = (await evening.press(lead, "Unpin all", asked)).response
    assert "📌" not in text(shown)

    asked = (await evening.press(lead, "Observe only", shown)).response
    who = evening.proposed[0].coach
    shown = (await choose_people(lead, asked, "Observe only", by_id[who])).response
    assert f"<@{who}> only observes tonight" in text(shown)
    assert evening.guest(who).wish is Wish.OBSERVE
    # That is for tonight: what they wish themselves is as it was, and joining does not undo it.
    assert {row["wish"] for row in rows(world, "member_wishes")} <= {"any"}
    actor = next(one for one in people if one.id == who)
    await evening.press(actor, "Join")
    assert evening.guest(who).wish is Wish.OBSERVE

    assert evening.now.stage is Stage.OPEN
    # A proposal outlives the program.
    await world.restart()
    begun = (await evening.press(lead, "Start", shown)).response
    assert "### ▶️ Round 1 of 3 begins" in text(begun)
    assert labels(begun) == ["Panel"]
    assert "### 🚪 Round 1 of 3: to your rooms" in text(evening.card)


async def test_the_groups_keep_what_the_card_promises(world, server):
    """A1: who only observes is in the group in which one person more would miss a turn."""
    evening = await opened(world, server)
    people = members(server, 7)
    await evening.join(*people)
    await choose(
        people[0],
        private(await evening.press(people[0], "Join")),
        "What would you like to do?",
        "observe",
    )
    shown = await evening.preview()
    (promised,) = [one for one in text(evening.card).splitlines() if one.startswith("📐")]
    assert "nobody misses a turn" in promised
    assert promised in text(shown).splitlines()
    for _ in range(3):
        shown = (await evening.press(evening.lead, "Reshuffle", shown)).response
        assert promised in text(shown).splitlines()


async def test_some_people_of_a_group_stay_together(world, server):
    """B7: they are chosen by name."""
    evening, people = await evening_of(world, server, 7)
    shown = await evening.preview()
    group = evening.proposed[1]
    by_id = {one.id: one for one in people}
    pair = [group.people[0], group.people[3]]
    chosen = await choose_people(evening.lead, shown, "Pin", *(by_id[one] for one in pair))
    shown = chosen.response

    assert f"📌 <@{pair[0]}> and <@{pair[1]}>" in text(shown)
    assert evening.draft.pins == (frozenset(pair),)


async def test_a_person_who_came_and_left_meanwhile_is_seen_before_anything_begins(world, server):
    evening, people = await evening_of(world, server, 8)
    shown = await evening.preview()
    late = server.member("late")
    await evening.join(late)
    await evening.press(people[0], "Leave")

    asked = (await evening.press(evening.lead, "Pin a group", shown)).response
    shown = (await evening.press(evening.lead, "Back to the groups", asked)).response
    said = f"{late.mention} has come; {people[0].mention} has left."
    assert f"Since these were proposed: {said}" in text(shown)
    assert "Fit them in" in labels(shown)

    # Start fits them in, and shows it first.
    shown = (await evening.press(evening.lead, "Start", shown)).response
    assert f"Fitted in since you looked: {said} If it is right, **Start**." in text(shown)
    assert late.mention in text(shown).split("❔")[0].split("**1**")[1]
    assert evening.now.stage is Stage.OPEN
    # Someone who now only observes is not to be coach.
    coach = evening.proposed[0].coach
    actor = next(one for one in [*people, late] if one.id == coach)
    wishes = private(await evening.press(actor, "Join"))
    await choose(actor, wishes, "What would you like to do?", "observe")
    shown = (await evening.press(evening.lead, "Start", shown)).response
    assert f"<@{coach}> now only observes" in text(shown)
    assert coach not in {group.coach for group in evening.proposed}

    await evening.join(server.member("later"))
    shown = (await evening.press(evening.lead, "Reshuffle", shown)).response
    assert "Fitted in since you looked" in text(shown)
    await evening.press(evening.lead, "Start", shown)
    assert evening.now.stage is Stage.BOARDING


async def test_when_one_lead_is_left_it_is_said_what_the_groups_lack(world, server):
    evening, people = await evening_of(world, server, 5)
    for one in people[2:]:
        wishes = private(await evening.press(one, "Join"))
        await choose(one, wishes, "What would you like to do?", "observe")
    shown = await evening.preview()
    await evening.press(people[0], "Leave")
    refused = await evening.press(evening.lead, "Start", shown)
    assert "Each group needs two people who may be coach or client" in told(refused)
    assert evening.now.stage is Stage.OPEN


async def test_two_facilitators_start_only_groups_they_have_seen(world, server):
    evening, _ = await evening_of(world, server, 9)
    other = server.manager("guy")
    mine, theirs = await evening.preview(), await evening.preview(other)
    while True:
        before = evening.proposed
        theirs = (await evening.press(other, "Reshuffle", theirs)).response
        if evening.proposed != before:
            break

    seen = (await evening.press(evening.lead, "Start", mine)).response
    assert "Somebody has changed these groups meanwhile" in text(seen)
    assert evening.now.stage is Stage.OPEN

    results = await world.together(
        lambda: evening.lead.click(seen, label="Start"), lambda: other.click(theirs, label="Start")
    )
    assert evening.now.number == 1
    said = [text(private(result)) for result in results]
    assert sum("begins" in one for one in said) == 1
    assert sum("The round has begun already" in one for one in said) == 1


async def test_lists_never_take_start_from_an_evening_and_swaps_say_nothing(world, server):
    """S17, H11: the same card and buttons with and without a list, after every swap."""
    shown = {}
    for who in ("with", "without"):
        channel = server.handle.create_text_channel(f"dojo-{who}")
        await server.set_up(channel)
        people = [server.member(f"{name}-{who}") for name in ("ann", "ben", "cyd")]
        evening = await opened(world, server, channel=channel, format="quick-10", rounds=1)
        await evening.join(*people)
        form = await evening.press(people[0], "My wishes")
        apart = [people[1]] if who == "with" else []
        await people[0].submit_modal(form, {"wish": "any", "languages": [], "apart": apart})
        card = await evening.preview()
        seen = shown[who] = []
        for one, other in ((0, 1), (1, 2)):
            first, second = evening.proposed[0].people[one], evening.proposed[0].people[other]
            two = [next(p for p in people if p.id == one) for one in (first, second)]
            card = (await choose_people(evening.lead, card, "Swap", *two)).response
            seen.append((labels(card), [line[:12] for line in text(card).splitlines()]))
            assert "Start" in labels(card)
            assert "🔒" not in text(card)
    assert [one[0] for one in shown["with"]] == [one[0] for one in shown["without"]]
    assert [len(one[1]) for one in shown["with"]] == [len(one[1]) for one in shown["without"]]


async def test_the_owner_of_a_list_is_asked_in_private_and_chooses(world, server):
    """S17: by a direct message, and on their own next click; nobody else is told anything."""
    evening, (ann, ben, cyd) = await evening_of(world, server, 3, format="quick-10")
    form = await evening.press(ann, "My wishes")
    await ann.submit_modal(form, {"wish": "any", "languages": [], "apart": [ben]})
    before = len(cards(server.dojo))
    await evening.preview()
    await world.later(2)
    asked = ann.user.dm_channel.history()[-1]
    assert "you would be with someone you named" in text(asked)
    assert "Nobody else learns that you have a list." in text(asked)
    assert labels(asked) == ["To the card"]
    assert ben.user.dm_channel.history() == []
    assert len(cards(server.dojo)) == before
    assert "🔒" not in text(evening.card)

    again = private(await evening.press(ann, "Join"))
    assert "your list **Not in a group with…** cannot be kept" in text(again)
    assert "🔒" not in text(private(await evening.press(ben, "Join")))
    choice = private(await evening.press(ann, "My wishes"))
    assert labels(choice) == ["Change my list", "Only observe tonight", "Sit this round out"]
    form = await evening.press(ann, "Change my list", choice)
    assert fields(form)["apart"]["default_values"]
    rested = (await evening.press(ann, "Sit this round out", choice)).response
    assert "You sit this round out" in text(rested)
    shown = await evening.preview()
    assert f"{ann.mention} sits this round out" in text(shown)
    await evening.press(evening.lead, "Start", shown)
    await world.later(60)
    assert {one for group in evening.groups for one in group.people} == {ben.id, cyd.id}
    # Their own choice: nothing more is said.
    assert len(ann.user.dm_channel.history()) == 1


async def test_everybody_may_sit_a_round_out_so_that_it_says_nothing(world, server):
    """S17: a person in no group may have chosen that; and is back in the next round."""
    evening, (ann, ben, cyd) = await evening_of(world, server, 3, format="quick-10")
    joined = private(await evening.press(cyd, "Join"))
    out = (await evening.press(cyd, "Sit this round out", joined)).response
    back = (await evening.press(cyd, "Take part after all", out)).response
    assert "You are in the draw" in text(back)
    await evening.press(cyd, "Sit this round out", private(await evening.press(cyd, "Join")))
    await world.restart()
    shown = await evening.preview()
    assert {one for group in evening.proposed for one in group.people} == {ann.id, ben.id}
    await evening.press(evening.lead, "Start", shown)
    await world.later(70)
    assert evening.now.room_of(cyd.id) is None, "nobody is put into a room against their word"
    assert "your room is" in text(private(await evening.press(cyd, "Join"))), "by their own press"


async def test_too_few_people_are_told_what_is_missing(world, server):
    evening, _ = await evening_of(world, server, 1)
    assert "One person is in: one more, and a pair can practise." in text(evening.card)

    refused = await evening.press(evening.lead, "Form groups")

    assert "It takes at least two people for groups." in text(private(refused))
    (ben,) = members(server, 2)[1:]
    (shown,) = await evening.join(ben)
    await choose(ben, shown, "What would you like to do?", "observe")
    refused = await evening.press(evening.lead, "Form groups")
    assert "two people who may be coach or client" in text(private(refused))


async def test_the_next_round_rotates_at_once_or_shows_fresh_groups_first(world, server):
    evening, people = await evening_of(world, server, 6, format="quick-10", rounds=2)
    lead = evening.lead
    shown = await evening.preview()
    await evening.press(lead, "Start", shown)
    first = evening.groups
    await board_all(evening, people)
    await world.later(25 * 60)
    assert evening.now.stage is Stage.BETWEEN
    assert "### ☕ Together again: 1 of 2 rounds done" in text(evening.card)
    refused = await evening.press(server.member("zoe"), "Next round")
    assert "**Join** on the card is for everybody" in text(private(refused))

    begun = private(await evening.press(lead, "Next round"))
    assert "### ▶️ Round 2 of 2 begins" in text(begun)
    assert [set(group.people) for group in evening.groups] == [set(group.people) for group in first]
    assert not {group.coach for group in evening.groups} & {one.coach for one in first}
    await world.env.settle()
    await board_all(evening, people)
    await world.later(25 * 60)
    asked = text(evening.card).split("**For the whole group:** ")[1].splitlines()[0]
    content = world.bot.services[ContentService].shipped("en")
    assert asked in content.group_questions, "15.1: none that is meant for a client"
    assert labels(evening.card)[3] == "Check out"

    await evening.replan(how=["fresh"])
    shown = private(await evening.press(lead, "One more round"))
    assert "### 🧩 Groups for round 3 of 3" in text(shown)
    assert "were together earlier tonight" in text(shown)
    assert evening.now.stage is Stage.BETWEEN


async def test_a_coach_whose_seat_another_took_coaches_in_the_next_round(world, server):
    """Issue 12: roles rotate by who really coached, not by the groups as they were planned."""
    evening, people = await evening_of(world, server, 3, format="quick-10", rounds=2)
    await evening.press(evening.lead, "Start", await evening.preview())
    bea, kim, elif_ = group(evening, 1, people)
    asked = private(await bea.click(room_card(evening, 1), label="I cannot come"))
    await bea.click(asked, label="I cannot come")
    await elif_.click(room_card(evening, 1), label="Agree, with notes")
    await elif_.click(room_card(evening, 1), label="I will coach")
    await kim.click(room_card(evening, 1), label="Agree, with notes")
    await world.later(BOARDING)
    await world.later(25 * 60)
    assert evening.now.stage is Stage.BETWEEN
    await evening.press(evening.lead, "Next round")
    assert evening.groups[0].people == (bea.id, elif_.id, kim.id)


# At its largest


def largest(groups: int, format_) -> Gathering:
    """A proposal of groups for sixty people, with as much to be said of it as can be."""
    ids = [MANY + number for number in range(60)]
    guests = tuple(Guest(user_id, NOW) for user_id in [*ids[5:], *range(MANY * 2, MANY * 2 + 20)])
    made = tuple(Group(tuple(ids[number::groups])) for number in range(groups))
    pairs = tuple(pair_of(ids[number], ids[number + 1]) for number in range(0, 58, 2))
    drawn = Draw(
        made,
        1,
        repeats=pairs,
        again=pairs[::2],
        unmet=tuple(ids),
        owed_first=tuple(ids[:20]),
        apart_broken=True,
        languages_mixed=60,
    )
    return Gathering(
        id=MANY,
        dojo_id=MANY,
        guild_id=MANY,
        channel_id=MANY,
        format=format_,
        opened_at=NOW,
        facilitator_user_id=MANY,
        guests=guests,
        minutes=30,
        draft=Draft(drawn, tuple(frozenset(group.people[:2]) for group in made)),
    )


@pytest.mark.parametrize("groups", [1, 12, 20, 30])
async def test_groups_of_sixty_people_fit(library, groups):
    format_ = dataclasses.replace(library["en"].formats["triad-30"], name="*" * 60)
    gathering = largest(groups, format_)
    drawn = gathering.draft.draw if gathering.draft else Draw((), 1)
    assert len(drawn.groups) == groups
    shown = ""
    for page in range(3):
        formats = library["en"].formats.values()
        view = preview_card(gathering, formats, page=page, note="n" * 500)
        assert faults_of(view.to_components()) == []
        shown += str(view.to_components())
    assert all(f"<@{one}>" in shown for group in drawn.groups for one in group.people)
    assert faults_of(pins_card(gathering).to_components()) == []


async def test_any_of_60_people_is_chosen_from_one_menu(world, server):
    """B7: and a person who is in no group changes nothing."""
    evening = await opened(world, server)
    lead = evening.lead
    people = members(server, 60)
    card = evening.card
    await world.together(*(functools.partial(one.click, card, label="Join") for one in people))
    shown = await evening.preview()
    drawn = evening.proposed
    by_id = {one.id: one for one in people}
    one, other = by_id[drawn[0].coach], by_id[drawn[19].client]
    stranger = server.member("stranger")
    shown = (await choose_people(lead, shown, "Swap", one, stranger)).response
    assert f"{stranger.mention} is in none of these groups" in text(shown)
    assert evening.proposed == drawn
    apart = (await choose_people(lead, shown, "Pin", one, other)).followups[-1]
    assert "Only people of one group can be kept together" in apart.content
    await world.later(1)
    shown = (await choose_people(lead, shown, "Swap", one, other)).response
    assert evening.proposed[19].client == one.id
    asked = (await evening.press(lead, "Pin a group", shown)).response
    assert "Group 20" in labels(asked)
    shown = (await evening.press(lead, "Back to the groups", asked)).response
    # A person who has left since cannot be chosen any more.
    asked = (await evening.press(lead, "Observe only", shown)).response
    await evening.press(one, "Leave")
    refused = await choose_people(lead, asked, "Observe only", one)
    assert "Not in this gathering (any more)" in told(refused)


async def test_a_menu_of_people_takes_only_what_discord_offers(world, server):
    """B7: a modified client sends ids that Discord does not know, or another number of them."""
    evening, _ = await evening_of(world, server, 6)
    shown = await evening.preview()
    drawn = evening.proposed
    custom_id = next(
        part["custom_id"] for part in parts(shown) if "swap-people" in part.get("custom_id", "")
    )
    forged = [str(drawn[0].coach), str(drawn[1].coach)]
    refused = await select(evening.lead, server.dojo, custom_id, forged, on=shown)
    assert evening.proposed == drawn
    assert told(refused)
