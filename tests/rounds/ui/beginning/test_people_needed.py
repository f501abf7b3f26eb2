"""A format for more people than were named says how many it needs, and begins with them."""

from __future__ import annotations

from tests.rounds.ui.steps import on_disk, private, proposed, title
from tests.simulation.world import labels, text, told


async def test_the_card_says_how_many_are_missing_before_anybody_has_answered(world, server):
    """B12: nothing told three people that a fishbowl waits for three more."""
    group = await proposed(world, server, format="fishbowl-45")

    said = "👥 **3 of at least 6 people:** 3 more can press **Join as observer**."
    assert said in text(group.card)
    answer = text(private(group.answer))
    assert "It begins when at least 6 people have agreed; you are 3." in answer


async def test_it_counts_down_with_each_who_joins_and_begins_with_the_last_yes(world, server):
    """B12: nobody has to press Begin now."""
    group = await proposed(world, server, format="fishbowl-45")
    for number, name in enumerate(("ann", "ben", "cleo"), start=1):
        guest = server.member(name)
        await group.press(guest, "Join as observer")
        if number < 3:
            assert f"**{3 + number} of at least 6 people:** {3 - number} more" in text(group.card)
        group.people.append(guest)
    assert "of at least 6 people" not in text(group.card)
    assert on_disk(world)["state"] == "proposed"
    await group.agree()

    assert on_disk(world)["state"] == "running"


async def test_once_all_have_agreed_the_starter_reads_both_ways_on(world, server):
    """B12: begin with fewer, or wait for more."""
    group = await proposed(world, server, format="fishbowl-45")
    await group.agree()

    said = text(group.card)
    assert "Begin with 3?" in said
    assert "3 more can press **Join as observer**: then it begins once they have agreed." in said
    assert "Begin with 3" in labels(group.card)


async def test_a_closed_room_offers_another_format(world, server):
    """B12: nobody can come to a private thread by themselves."""
    group = await proposed(world, server, 3)
    await group.press(group.observer, "I cannot come")

    assert "**2 of at least 3 people:** it needs 1 more, or **Change…**" in text(group.card)


async def test_begin_now_says_the_same(world, server):
    """B12."""
    group = await proposed(world, server, format="fishbowl-45")
    for one in group.people[:2]:
        await group.press(one, "Agree, with notes")
    answer = await group.press(group.coach, "Begin now")

    assert "is for 6–30 people; you are 3" in told(answer)
    assert "`" not in told(answer)
    assert title(group.card).startswith("🤝")
