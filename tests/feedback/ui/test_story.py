"""A whole round with three observers: pad, sheets, order, release, debrief; each sees their own."""

from __future__ import annotations

from tests.feedback.ui.steps import (
    SEEN,
    SIGNAL,
    feedback_of,
    hand_in,
    marked,
    next_part,
    pad_of,
    press,
    quote,
    tap,
)
from tests.rounds.ui.steps import coaching, on_disk, posts, private, rows
from tests.simulation.world import choose, labels, menus, text, told

PICK = "Change a note…"
QUOTES = {"olu": "And the part you want to keep is…", "pia": "Say more?", "ruth": "So, finally"}


async def test_a_round_from_the_first_tap_to_the_one_thing_to_try(world, server):
    group = await coaching(world, server, 5, format="deep-45", channel=server.thread())
    carla, kim, olu, pia, ruth = group.people
    fay = server.manager()

    # The pad: each observer sees their own notes, and no one else's.
    pads = {person: await pad_of(group, person) for person in (olu, pia, ruth)}
    assert all(pad.ephemeral for pad in pads.values())
    await world.later(120)
    for person, side in ((olu, SEEN), (pia, SEEN), (ruth, SIGNAL)):
        pads[person] = await tap(group, person, pads[person], side)
        pads[person] = await quote(group, person, pads[person], QUOTES[person.name])
    for person, pad in pads.items():
        assert {name for name, words in QUOTES.items() if words in text(pad)} == {person.name}
        assert "1 note so far" in text(pad)
    refused = await group.press(carla, "Open my pad")
    assert "The pad is for observers. You coach" in text(private(refused))
    assert "Open my feedback" not in labels(group.card)

    # After the coaching: nothing is shown before its turn.
    await next_part(group)
    waiting = await feedback_of(group, carla)
    assert "Your feedback comes after your own view and the client’s" in text(waiting)
    sheet = await hand_in(group, olu, S1="seen")
    assert marked(sheet) == {"S1": "seen", "S5": "seen"}
    assert "You can change it until the coach has it" in text(sheet)
    sheet = await hand_in(group, ruth)
    assert marked(sheet) == {"S5": "signal"}
    view = await feedback_of(group, kim)
    form = await press(world, kim, view, "How it was for me…")
    said = {"chose": "yes", "heard": "partly", "recognised": "no", "share": "share"}
    view = (await kim.submit_modal(form, said)).response
    assert "The coach sees it with their feedback" in text(view)

    await world.later(30)
    notes = (await press(world, olu, await pad_of(group, olu), "Edit")).response
    mine = (await choose(olu, notes, PICK, menus(notes)[PICK][0])).response

    # In the part of the observers it waits for the last sheet, then for the coach's own view.
    await next_part(group, 3)
    waiting = await feedback_of(group, carla)
    assert "as soon as everybody has handed in" in text(waiting)
    process = await feedback_of(group, fay)
    assert "2 of 3 sheets of observers in" in text(process)
    assert not any(words in text(process) for words in QUOTES.values())
    await hand_in(group, pia)
    own = (await press(world, carla, waiting, "My own view")).response
    assert "Before you see what others noted" in text(own)
    assert marked(own) == {}
    own = (await press(world, carla, own, "Hand in")).response
    full = private(await press(world, carla, own, "To my feedback"))

    # The debrief, in its order, and to the coach alone.
    said = text(full)
    assert full.ephemeral
    order = [
        "🪞 **Your own view:** nothing marked",
        "**S1 Meaning invited** · on 1 of 3 sheets",
        "**S5 Gap left open** · on 2 of 3 sheets",
        "· 2 of 3 · “And the part you want to keep is…”",
        "I chose where we went: **yes**",
        "**S5 Sentence finished for the client** · on 1 of 3 sheets",
        "· 1 of 3 · “So, finally”",
        "🎯 **One thing to try:**",
        "🗄️ Stored:",
    ]
    places = [said.index(line) for line in order]
    assert places == sorted(places)
    assert "“Say more?”" in said
    picture = private(await press(world, carla, full, "Time line"))
    assert [file.filename for file in picture.attachments] == ["time-line.png"]

    # From here on nobody changes notes or sheets; observers see theirs, and what others saw too.
    refused = await press(world, olu, mine, "Take it back")
    assert "The coach has it already" in told(refused)
    handed_over = await pad_of(group, olu)
    assert QUOTES["olu"] in text(handed_over)
    assert "Others noted 1 of your 1 note as well" in text(handed_over)
    assert not any(QUOTES[name] in text(handed_over) for name in ("pia", "ruth"))
    for one in (pia, ruth):
        assert QUOTES[one.name] in text(await feedback_of(group, one))
    form = await press(world, carla, full, "One thing to try…")
    full = (await carla.submit_modal(form, {"words": "Count to five"})).response
    assert "🎯 **One thing to try:** Count to five" in text(full)
    assert "2 of 3" not in text(await feedback_of(group, fay))

    # Nothing of it was said to everybody, and the round ends as any other.
    await next_part(group, 2)
    assert on_disk(world)["ending"] == "complete"
    room = "\n".join(text(post) for post in posts(group.room))
    assert not any(words in room for words in [*QUOTES.values(), "Count to five", "on 2 of 3"])
    assert [row["released_ms"] is not None for row in rows(world, "debriefs")] == [True]
    assert len(rows(world, "notes")) == 3
