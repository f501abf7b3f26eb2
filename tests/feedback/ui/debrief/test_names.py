"""Names of observers: what people agreed to holds, whatever becomes of the setting or the dojo."""

from __future__ import annotations

from tests.feedback.ui.steps import (
    SEEN,
    about_note,
    feedback_of,
    next_part,
    noted,
    pad_of,
    released,
    tap,
)
from tests.rounds.ui.steps import private, running
from tests.rounds.ui.trouble import delete_channel
from tests.simulation.world import text


async def choose_names(server, names: str) -> None:
    """A facilitator chooses whether coaches see who noted what."""
    fay = server.manager(f"chooser-{len(server.handle._guild.members)}")
    card = (await fay.slash(server.dojo, "dojo settings")).response
    form = await fay.click(card, label="Privacy and safety")
    await fay.submit_modal(
        form, {"contact": [], "days": "30", "months": "12", "attendance": "24", "names": names}
    )


def named(group, *messages) -> list[str]:
    """The observers who are named on these cards."""
    said = "\n".join(text(message) for message in messages)
    return [person.name for person in group.people[2:] if person.mention in said]


async def hidden_and_released(world, server):
    """A round under hidden names, and its feedback."""
    await choose_names(server, "hidden")
    group = await noted(world, server)
    await next_part(group)
    return group, await released(group)


async def test_names_stay_hidden_when_the_setting_is_switched_later(world, server):
    """S6: a facilitator who shows names later shows none of earlier rounds."""
    group, full = await hidden_and_released(world, server)
    await choose_names(server, "shown")

    again = await feedback_of(group, group.coach)
    one = await about_note(group, again)

    assert "S5 Gap left open" in text(again)
    assert named(group, full, again, one) == []
    assert "noted by an observer" in text(one)


async def test_names_stay_hidden_when_the_channel_stops_being_a_dojo(world, server):
    """S6: without a dojo the choice that was stored holds, not the usual one that shows."""
    group, _ = await hidden_and_released(world, server)
    await server.stop()

    stopped = private(await group.coach.slash(server.lounge, "feedback"))
    one = await about_note(group, stopped)

    assert named(group, stopped, one) == []


async def test_names_stay_hidden_when_the_channel_is_deleted(world, server):
    """S6: the same when the channel of the dojo is gone, and after a restart."""
    group, _ = await hidden_and_released(world, server)
    await delete_channel(world, server.dojo)
    await world.restart()

    full = private(await group.coach.slash(server.lounge, "feedback"))

    assert "S5 Gap left open" in text(full)
    assert named(group, full) == []


async def test_the_choice_is_that_of_when_people_were_asked(world, server):
    """S6: people agreed under hidden names; showing them before the first note changes nothing."""
    await choose_names(server, "hidden")
    group = await running(world, server, 4)
    await choose_names(server, "shown")
    await group.press(group.coach, "Next")
    await tap(group, group.observer, await pad_of(group, group.observer), SEEN)
    await next_part(group)

    assert named(group, await released(group)) == []


async def test_names_hidden_for_a_while_stay_hidden(world, server):
    """S6: hiding names also hides those of earlier rounds, for good."""
    group = await noted(world, server)
    await next_part(group)
    full = await released(group)
    assert named(group, full) == ["olu", "pia"]

    await choose_names(server, "hidden")
    hidden = await feedback_of(group, group.coach)
    await choose_names(server, "shown")
    still = await feedback_of(group, group.coach)

    assert named(group, hidden, still) == []
