"""What people who play by themselves do in an evening: one step, and how long until the next.

Each habit is a generator of the seconds on the dojo's clock until its next step, and does at most
one thing between two of them. Whatever they wait for they look for on the cards, so that it does
not matter who pressed what in the meantime, or whether the bot was restarted.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable
from typing import TypeAlias

from simcord.enums import ChannelType
from simcord.results import ResponseMessage

from bot.rehearsal.board import ASKED, COACHING, GATHERING, ROUND, Card
from bot.rehearsal.hands import Hands, all_found

__all__ = ["Habit", "Once", "spend_evening", "take_part"]

Habit: TypeAlias = AsyncGenerator[float, None]
Once: TypeAlias = Callable[[], bool]
"""Whether something that happens once in an evening may happen now; from then on it has
happened."""

_VOICE = re.compile(r"meeting in <#(\d+)>")
_WORDS = ("curious", "calm", "lighter", "grateful", "awake", "stretched", "warm", "clear")
_MARKS = ("seen", "signal", "both", "no-occasion", "could-not-tell")
_AFTER_FEEDBACK = ("Observers", "Facilitator", "Next step")
_LOOKS = 3
"""How often a person looks for a missing card before they give up."""
_OPENINGS = 3
"""How often a person opens their pad in a round; it stays open while the coaching lasts."""


# An evening


async def spend_evening(me: Hands, gathering_id: int, crowd: int) -> Habit:
    """Join a gathering, be there while it lasts, and check out; ``crowd`` people do the same."""
    if me.manner.comes_late:
        async for pause in _until(me, gathering_id, lambda card: "form" not in card.offers):
            yield pause
        yield me.between(45, 100)
    else:
        # Never more than about one a second, even if there are sixty.
        yield me.between(3, 15 + crowd)
    card = me.sees(GATHERING, gathering_id)
    if card is None or "join" not in card.offers:
        return
    joined = await me.press(card, card.offers["join"])
    yield me.between(3, 9)
    if me.manner.wish is not None:
        await me.choose(joined, ":wish$", me.manner.wish)
        yield me.between(2, 6)
    if meeting := _VOICE.search(card.text):
        await me.sit_down(int(meeting[1]))
        yield me.between(2, 6)
    async for pause in _be_there(me, gathering_id):
        yield pause


async def _until(me: Hands, gathering_id: int, has_come: Callable[[Card], bool]) -> Habit:
    while (card := me.sees(GATHERING, gathering_id)) is not None and not has_come(card):
        yield me.between(5, 10)


async def _be_there(me: Hands, gathering_id: int) -> Habit:
    """Leave after the first round if that is this person's manner; otherwise check out when it is
    time."""
    while (card := me.sees(GATHERING, gathering_id)) is not None:
        if me.manner.leaves_early and card.offer("next:") and "leave" in card.offers:
            yield me.between(5, 20)
            card = me.sees(GATHERING, gathering_id)
            await me.press(card, card.offers.get("leave") if card else None)
            return
        if card.offer("check"):
            yield me.between(5, 40)
            # A card is posted again when others have written below it.
            if (card := me.sees(GATHERING, gathering_id)) is not None and me.happens(0.8):
                values = {"useful": [str(me.rng.randint(6, 10))], "word": me.rng.choice(_WORDS)}
                await me.fill_in(card, ":check", values)
            return
        if "join" not in card.offers:
            return
        yield me.between(8, 15)


# A round


async def take_part(me: Hands, round_id: int, may_pause: Once, may_ask_help: Once) -> Habit:
    """What a person does in a round, in any role, until they have done it all."""
    pad: ResponseMessage | None = None
    misses = openings = 0
    has_come = me.manner.never_answers
    yield me.between(3, 20)
    while misses < _LOOKS:
        card = me.sees(ROUND, round_id)
        part = card.parts.get(me.id) if card is not None else None
        if card is None or part is None:
            misses += 1
            yield me.between(5, 10)
        elif ASKED in card.offers:
            await _come(me, card)
            yield me.between(5, 12)
        elif not has_come:
            has_come = True
            if me.env.backend.get_channel(card.message.channel_id).type == ChannelType.VOICE:
                await me.sit_down(card.message.channel_id)
                yield me.between(1, 4)
        elif "my-feedback" in card.offers:
            async for pause in _look_back(me, round_id, part):
                yield pause
            return
        elif card.offer("agree:"):
            await _answer(me, card)
            yield me.between(5, 12)
            await _take_empty_seat(me, round_id, part)
        elif part == "Observer" and card.offer("take:"):
            yield me.between(2, 8)
            await _take_empty_seat(me, round_id, part)
            yield me.between(3, 6)
        elif "pause" not in card.offers and "resume" not in card.offers:
            misses += 1
            yield me.between(5, 10)
        elif card.title != COACHING or "pause" not in card.offers:
            yield me.between(4, 10)
        elif part == "Observer":
            if pad is not None and all_found(pad, ":tap:"):
                pad = await _note(me, pad)
            elif openings == 1 and not me.manner.is_without_notes:
                # Late comers were not asked whether they agree.
                openings += 1
                role = await me.press(card, card.offers.get("role"))
                yield me.between(2, 6)
                await me.press_on(role, ":agree:notes$")
            elif openings < _OPENINGS:
                # If not everybody has agreed to notes, there is nothing to tap on the pad, and
                # people soon give up.
                openings += 1
                pad = await me.press(card, card.offers.get("pad"))
            yield me.between(8, 35)
        else:
            async for pause in _coaching(me, card, part, may_pause, may_ask_help):
                yield pause


async def _come(me: Hands, card: Card) -> None:
    """Say yes to a question in the dojo, which leads into the room; some people never answer."""
    if me.manner.never_answers:
        return
    agreement = await me.press(card, card.offers[ASKED])
    about = "agree:no-notes" if me.manner.is_without_notes else "agree:notes"
    await me.press_on(agreement, f":{about}$")


async def _answer(me: Hands, card: Card) -> None:
    """Answer the agreement, unless it is answered; some people never answer."""
    if me.manner.never_answers or me.id not in card.asked:
        return
    about = "agree:no-notes" if me.manner.is_without_notes else "agree:notes"
    await me.press(card, card.offers.get(about))


async def _take_empty_seat(me: Hands, round_id: int, part: str) -> None:
    """Take the seat of a coach or client who is not there, unless this person only observes."""
    card = me.sees(ROUND, round_id)
    offered = card.offer("take:") if card is not None else None
    if offered and part == "Observer" and me.manner.wish != "observe":
        asked = await me.press(card, offered)
        await me.press_on(asked, ":notes$")


async def _note(me: Hands, pad: ResponseMessage) -> ResponseMessage | None:
    """Tap something on the pad, or take the last note back. Returns the pad as it is then."""
    if me.happens(0.1) and all_found(pad, ":undo:"):
        return await me.press_on(pad, ":undo:")
    tap = me.rng.choice(all_found(pad, ":tap:"))
    return await me.press_on(pad, f"^{re.escape(tap)}$")


async def _coaching(me: Hands, card: Card, part: str, may_pause: Once, may_ask_help: Once) -> Habit:
    """Coach and client talk. Now and then the coach needs a pause, or a room needs help."""
    yield me.between(15, 40)
    card_now = me.sees(ROUND, card.id)
    if card_now is None or card_now.title != COACHING or "pause" not in card_now.offers:
        return
    if part == "Client" and "help" in card_now.offers and may_ask_help():
        await me.press(card_now, card_now.offers["help"])
    elif part == "Coach" and may_pause():
        await me.press(card_now, card_now.offers["pause"])
        yield me.between(10, 25)
        # Not a clock that someone else has stopped since, or started: then this button does not
        # exist.
        card_now = me.sees(ROUND, card.id)
        await me.press(card_now, card_now.offers.get("resume") if card_now else None)


# After the coaching


async def _look_back(me: Hands, round_id: int, part: str) -> Habit:
    looks = {"Observer": _hand_in, "Coach": _own_view, "Client": _client_view}
    async for pause in looks[part](me, round_id):
        yield pause


async def _open(me: Hands, round_id: int, about: str) -> ResponseMessage | None:
    card = me.sees(ROUND, round_id)
    return await me.press(card, card.offers.get(about) if card else None)


async def _hand_in(me: Hands, round_id: int) -> Habit:
    """An observer's sheet: open the pad and the sheet, set a few marks, and hand it in."""
    yield me.between(2, 10)
    pad = await _open(me, round_id, "pad")
    yield me.between(2, 6)
    sheet = await me.press_on(pad, ":sheet$")
    for several in all_found(sheet, r":sheet:\d+$") or [""]:
        if several:
            yield me.between(2, 5)
            sheet = await me.press_on(sheet, f"^{several}$")
        async for pause in _fill(me, sheet):
            yield pause
        handed_in = await me.press_on(sheet, ":hand-in:")
        yield me.between(2, 5)
        if several and handed_in is not None:
            sheet = await me.press_on(await _open(me, round_id, "pad"), ":sheet$")


async def _fill(me: Hands, sheet: ResponseMessage | None) -> Habit:
    """Choose a few marks of a sheet."""
    menus = list(all_found(sheet, ":mark:"))
    for menu in me.rng.sample(menus, k=min(len(menus), me.rng.randint(1, 3))):
        yield me.between(2, 5)
        mark = me.rng.choices(_MARKS, weights=(6, 3, 1, 1, 1))[0]
        await me.choose(sheet, f"^{menu}$", mark)
    yield me.between(2, 6)


async def _own_view(me: Hands, round_id: int) -> Habit:
    """The coach's own view, and later what the others saw."""
    yield me.between(4, 15)
    opened = await _open(me, round_id, "my-feedback")
    yield me.between(2, 6)
    own = await me.press_on(opened, ":own$")
    async for pause in _fill(me, own):
        yield pause
    await me.press_on(own, ":hand-in:")
    for _ in range(60):
        yield me.between(8, 15)
        card = me.sees(ROUND, round_id)
        if card is None or "pause" not in card.offers or card.title in _AFTER_FEEDBACK:
            break
    if me.happens(0.7):
        await _open(me, round_id, "my-feedback")


async def _client_view(me: Hands, round_id: int) -> Habit:
    """How it was for the client, who may or may not show it to the coach."""
    yield me.between(4, 15)
    if me.happens(0.2):
        return
    opened = await _open(me, round_id, "my-feedback")
    yield me.between(5, 15)
    answers = {
        item: me.rng.choices(("yes", "partly", "no"), weights=(6, 3, 1))[0]
        for item in ("chose", "heard", "recognised")
    }
    await me.fill_in(opened, ":say$", {**answers, "share": me.rng.choice(("share", "keep"))})
