"""The part of the walk past every card that is about notes, sheets and feedback."""

from __future__ import annotations

from typing import Any

from bot.content import limits
from tests.feedback.ui.steps import (
    about_note,
    choose_mark,
    feedback_of,
    hand_in,
    next_part,
    pad_of,
    press,
    quote,
    remember,
    tap,
)
from tests.rounds.ui.steps import Group, cards, coaching, private, take_turns
from tests.rounds.ui.trouble import NO_DMS, refusing
from tests.simulation.world import Server, World, choose, labels, menus

MINUTE = 60
LONG_NAME = "W" * limits.SIGNAL_NAME
LONG_SIGNALS = [f"X{number}" for number in range(limits.SIGNALS - 6)]
"""Beside the six that are shipped."""
NASTY = "@everyone <@1> **loud** https://example.com/x"


def many_signals() -> str:
    """A content file with as many signals as there can be, with the longest names."""
    lines = ["version = 1"]
    for number, code in enumerate([*(f"S{at}" for at in range(1, 7)), *LONG_SIGNALS]):
        lines += ["[[signal]]", f'code = "{code}"', f'name = "{LONG_NAME}"']
        other = f'name = "{LONG_NAME}"'
        if code in LONG_SIGNALS:
            lines += [f'slug = "slug-{number}"', 'kind = "event"', "markers = []"]
            lines += [f'{key} = "words"' for key in ("short", "looks", "listen", "tie_break")]
            other = f'slug = "other-{number}", {other}, text = "words"'
        lines.append(f"counterpart = {{ {other} }}")
    return "\n".join(lines) + "\n"


async def past_feedback(world: World, server: Server) -> None:
    """From the form about privacy to a note that is erased."""
    contact = server.member("safe")
    await past_privacy(server, contact)
    people = [server.member(name) for name in ("mia", "ned", "ola", "pat")]
    group = await coaching(world, server, people, channel=server.thread())
    await past_a_wish(group)
    await past_the_pad(group)
    await next_part(group)
    await past_sheets(group)
    await past_the_debrief(group)
    await past_reports(group, contact)
    await past_a_talk(group, contact)
    await past_several_coaches(world, server)
    await past_many_signals(world, server)


async def past_privacy(server: Server, contact: Any) -> None:
    fay = server.manager()
    card = (await fay.slash(server.dojo, "dojo settings")).response
    form = await fay.click(card, label="Privacy and safety")
    typed = {
        "contact": [contact],
        "days": "999",
        "months": "12",
        "attendance": "24",
        "names": "shown",
    }
    await fay.submit_modal(form, typed)
    # Once more, with what was entered in it.
    await server.world.later(1)
    form = await fay.click(card, label="Privacy and safety")
    asked = await fay.submit_modal(form, {**typed, "days": "1"})
    await fay.click(asked.response, label="Keep the longer times")


async def past_a_wish(group: Group) -> None:
    """What the coach wants watched, in words that may name a person."""
    coach = group.coach
    role = private(await group.press(coach, "My role now"))
    form = await press(group.world, coach, role, "Coach: what to watch")
    asked = (await coach.submit_modal(form, {"codes": [], "wish": NASTY})).response
    await press(group.world, coach, asked, "Save it as it is")


async def past_the_pad(group: Group) -> None:
    """Everything that can be done to notes while there is coaching."""
    world, observer = group.world, group.observer
    await group.press(group.coach, "Open my pad")
    pad = await pad_of(group, observer)
    for side in ("S5 gap", "steered", "Check-in"):
        pad = await tap(group, observer, pad, side, after=5)
    await quote(group, observer, pad, "And?", "A breath")
    asked = await quote(group, observer, pad, NASTY)
    form = await press(world, observer, asked, "Change it")
    await observer.submit_modal(form, {"quote": NASTY, "effect": ""})
    pad = (await press(world, observer, asked, "Save it as it is")).response
    pad = (await press(world, observer, pad, "Undo")).response
    pad = (await press(world, observer, pad, "Put back")).response
    for _ in range(16):
        pad = await tap(group, observer, pad, "S5 gap")
    notes = (await press(world, observer, pad, "Edit")).response
    notes = (await press(world, observer, notes, "Next page")).response
    notes = (await press(world, observer, notes, "Previous page")).response
    # A signal with parts: the form asks which.
    values = menus(notes)["Change a note…"]
    await choose(observer, notes, "Words for a note…", values[0])
    one = (await choose(observer, notes, "Change a note…", values[1])).response
    for other in ("S6:seen", "S6:signal"):
        one = (await choose(observer, one, "It was something else…", other)).response
    for button in ("+10 s", "−10 s", "Take it back", "Put it back"):
        one = (await press(world, observer, one, button)).response
    form = await press(world, observer, one, "Words and time…")
    await observer.submit_modal(form, {"quote": "Hm", "effect": "", "at": "soon"})
    notes = (await press(world, observer, one, "All my notes")).response
    await press(world, observer, notes, "Back to the pad")
    await pad_of(group, group.people[3])


async def past_sheets(group: Group) -> None:
    """Sheets of observers, the coach's own view, the client's items."""
    world, observer, client = group.world, group.observer, group.client
    await pad_of(group, observer)
    await world.later(30)
    pad = await pad_of(group, observer)
    await remember(group, observer, pad, at="when?", quote="Hm", effect="")
    pad = await pad_of(group, observer)
    card = (await press(world, observer, pad, "Add from memory…")).response
    form = await choose(observer, card, "A question heard…", menus(card)["A question heard…"][0])
    await observer.submit_modal(form, {"at": "03:00", "quote": NASTY, "effect": ""})
    sheet = (await press(world, observer, await pad_of(group, observer), "My sheet")).response
    for button in ("The rest: no occasion", "Undo the rest"):
        sheet = (await press(world, observer, sheet, button)).response
    await hand_in(group, observer, S2="both", S5="could-not-tell")
    await hand_in(group, group.people[3])
    for person in group.people:
        await group.press(person, "My role now")
    await feedback_of(group, group.coach)
    said = await feedback_of(group, client)
    typed = {"chose": "yes", "heard": "partly", "recognised": "no", "share": "keep"}
    for button in ("How it was for me…", "Change"):
        form = await press(world, client, said, button)
        said = (await client.submit_modal(form, typed)).response
    await press(world, client, said, "Take my answers back")
    await next_part(group, 2)
    await feedback_of(group, group.coach)


async def past_the_debrief(group: Group) -> None:
    """Everything a coach can do with their feedback."""
    world, coach = group.world, group.coach
    await next_part(group)
    fay = group.server.manager()
    await feedback_of(group, fay)
    # The client's part was cut short.
    await world.later(121)
    waiting = await feedback_of(group, coach)
    own = (await press(world, coach, waiting, "My own view")).response
    own = await choose_mark(group, coach, own, "S5", "signal")
    own = (await press(world, coach, own, "Hand in")).response
    full = (await press(world, coach, own, "To my feedback")).response
    await press(world, coach, full, "Time line")
    for words in (NASTY, "Wait"):
        form = await press(world, coach, full, "One thing to try…")
        asked = (await coach.submit_modal(form, {"words": words})).response
        if words == NASTY:
            full = (await press(world, coach, asked, "Save it as it is")).response
    for share in ("What observers saw me do", "Everything noted", "My one thing to try"):
        ways = (await press(world, coach, full, "Share with the room")).response
        shared = (await press(world, coach, ways, share)).response
        full = (await press(world, coach, shared, "Back to my feedback")).response
    own = await feedback_of(group, group.client)
    for words in ("Let words be shown", "No words, please"):
        await press(world, group.client, own, words)
    ways = (await press(world, coach, full, "Share with the room")).response
    await press(world, coach, ways, "Take it back")
    full = (await press(world, coach, ways, "Back to my feedback")).response
    ways = (await press(world, coach, full, "Share with the room")).response
    shared = (await press(world, coach, ways, "Everything noted")).response
    full = (await press(world, coach, shared, "Back to my feedback")).response
    await press(world, fay, await feedback_of(group, fay), "What was shared")
    await pad_of(group, group.observer)
    one = await about_note(group, full, 2)
    one = (await press(world, coach, one, "This note helped")).response
    asked = (await press(world, coach, one, "Erase its words…")).response
    await press(world, coach, asked, "Erase them")
    full = await feedback_of(group, coach)
    await press(world, coach, full, "Erase…")


async def past_reports(group: Group, contact: Any) -> None:
    """A note is reported, opened and erased."""
    world, coach = group.world, group.coach
    one = await about_note(group, await feedback_of(group, coach))
    asked = (await press(world, coach, one, "Report a note")).response
    await press(world, coach, asked, "Report it")
    notice = contact.user.dm_channel.history()[-1]
    report = private(await contact.user.click(notice, label="Open the note"))
    for button in ("Erase this note…", "Keep it", "Erase this note…", "Erase it"):
        report = (await press(world, contact.user, report, button)).response
    full = await feedback_of(group, coach)
    asked = (await press(world, coach, full, "Erase…")).response
    await press(world, coach, asked, "Erase it")
    await next_part(group, 2)


async def past_a_talk(group: Group, contact: Any) -> None:
    """Someone asks to talk with the safety contact, who takes no direct messages."""
    world = group.world
    late = await coaching(world, group.server, group.people)
    role = private(await late.press(late.client, "My role now"))
    asked = private(await press(world, late.client, role, "Talk to the safety contact"))
    with refusing(world, 403, NO_DMS, room=contact.user.dm_channel):
        await press(world, late.client, asked, "Send it")
    assert "Not now" not in labels(asked)
    await contact.click(cards(group.server.dojo)[-1], label="Open the message")
    await next_part(late, 6)


async def past_several_coaches(world: World, server: Server) -> None:
    """Sheets after a relay, where everybody observed more than one coach."""
    people = [server.member(name) for name in ("ria", "sol", "tom", "una", "vic")]
    group = await coaching(world, server, people, format="relay-30")
    await tap(group, people[4], await pad_of(group, people[4]), "S5 gap", after=5)
    for _ in range(20 * 6):
        await world.later(10)
        await take_turns(group)
    pad = await pad_of(group, people[4])
    which = (await press(world, people[4], pad, "My sheet")).response
    await press(world, people[4], which, "Coach 1")
    await world.later(15 * MINUTE)


async def past_many_signals(world: World, server: Server) -> None:
    """A list of ten signals with the longest names, and more notes than a page holds."""
    channel = server.handle.create_text_channel("many")
    await server.set_up(channel)
    await server.give_content(many_signals(), channel)
    people = [server.member(name) for name in ("wil", "xia", "yan")]
    group = await coaching(world, server, people, channel=channel)
    pad = await pad_of(group, group.observer)
    for code in (*LONG_SIGNALS, *LONG_SIGNALS[:2]):
        for side in ("seen", "signal"):
            await world.later(15)
            more = "More of this dojo’s list…"
            pad = (await choose(group.observer, pad, more, f"{code}:{side}")).response
            pad = await quote(group, group.observer, pad, "W" * 200, "*" * 120)
    await next_part(group)
    await world.later(30)
    pad = await pad_of(group, group.observer)
    await press(world, group.observer, pad, "Edit")
    await press(world, group.observer, pad, "Back to the pad")
    await press(world, group.observer, pad, "Add from memory…")
    await hand_in(group, group.observer)
    await next_part(group, 3)
    await world.later(121)
    full = await feedback_of(group, group.coach)
    full = (await press(world, group.coach, full, "Skip")).response
    full = (await press(world, group.coach, full, "Next page")).response
    await about_note(group, full)
