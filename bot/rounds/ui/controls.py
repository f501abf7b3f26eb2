"""Steering a round: pause, resume, lengthen, go on, end, and what a round asks its people."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.kit.discord.answers import defer, is_private, redraw, reply
from bot.kit.discord.cards import Component, Part, card, row
from bot.kit.discord.interactions import Interaction, person_of, services_of
from bot.kit.discord.text import moment
from bot.rounds.actions import (
    ASK_HELP,
    CARRY_ON,
    CHANGE_NOTHING,
    CONFIRM_END,
    CONFIRM_NEXT,
    END,
    EXTEND,
    GO_BACK,
    NEXT,
    PAUSE,
    RESUME,
    TAKE_UP,
)
from bot.rounds.model.round import GONE, Ask, Round, State, taken_up_until
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.people import RoundPeople
from bot.rounds.service.steering import RoundSteering
from bot.rounds.ui.beginning.opening import in_voice
from bot.rounds.ui.seats import on_card, seat_rows
from bot.rounds.ui.words import SEGMENT, clock_text

EXTENSION_MINUTES = 2
WORTH_ASKING = timedelta(minutes=2)
"""With more coaching than this left, Next asks whether it is meant."""


def controls(round_: Round) -> list[Component]:
    """The rows with which the people of a running or paused round steer it."""
    id_, at = round_.id, round_.position
    clock = [PAUSE.button(round_id=id_)]
    if round_.state is State.PAUSED:
        # Without its coach or client a round cannot go on: another person takes the seat first.
        waits = round_.asked in GONE or round_.offer is not None
        clock = [] if waits else [RESUME.button(round_id=id_)]
    rows = [
        row(
            *clock,
            EXTEND.button(round_id=id_, position=at, extensions=round_.extensions),
            NEXT.button(round_id=id_, position=at),
            END.button(round_id=id_),
            *help_buttons(round_),
        )
    ]
    if round_.way_back is not None:
        before = round_.way_back.position
        title = SEGMENT[round_.format.segments[before].kind].title
        back = GO_BACK.button(round_id=id_, position=before, label=f"Back to {title}")
        rows.append(row(back))
    if round_.asked is Ask.LATE:
        rows.insert(0, row(CARRY_ON.button(round_id=id_)))
    return [*seat_rows(round_), *rows]


def take_up_part(round_: Round, now: datetime) -> list[Part]:
    """The way on for a round that has ended for want of people, for as long as it is there."""
    until = taken_up_until(round_)
    if until is None or until <= now:
        return []
    at = moment(until, "t")
    said = f"-# **Take it up again** works until {at}. People who are gone are asked to come back."
    return [row(TAKE_UP.button(round_id=round_.id)), said]


@TAKE_UP.pressed
async def take_up(interaction: Interaction, round_id: int) -> None:
    """Open the round again where it ended, its clock standing still; the room is told who did."""
    await defer(interaction)
    people = services_of(interaction)[RoundPeople]
    await people.take_up(round_id, person_of(interaction), in_voice(interaction))


def help_buttons(round_: Round) -> list[Component]:
    """The button that calls a facilitator, in rounds of a gathering: elsewhere nobody comes."""
    return [ASK_HELP.button(round_id=round_.id)] if round_.gathering_id is not None else []


# The room is told who did it.
PAUSE.pressed(on_card(RoundSteering, RoundSteering.pause))
CARRY_ON.pressed(on_card(RoundSteering, RoundSteering.carry_on))


@RESUME.pressed
async def resume(interaction: Interaction, round_id: int) -> None:
    """Start the clock again; the room is told who did."""
    await defer(interaction)
    await services_of(interaction)[RoundSteering].resume(round_id, person_of(interaction))
    if is_private(interaction):
        await redraw(interaction, card("▶️ The clock is running."))


@EXTEND.pressed
async def extend(interaction: Interaction, round_id: int, position: int, extensions: int) -> None:
    """Lengthen the segment, unless that was done meanwhile or the segment is over."""
    await defer(interaction)
    await services_of(interaction)[RoundSteering].extend(
        round_id, person_of(interaction), EXTENSION_MINUTES, after=extensions, position=position
    )


@NEXT.pressed
async def go_on(interaction: Interaction, round_id: int, position: int) -> None:
    """Begin the next segment; with much coaching left, ask first whether that is meant."""
    services, person = services_of(interaction), person_of(interaction)
    round_ = services[LiveRounds].get(round_id)
    left = round_.left(services[LiveRounds].now())
    if round_.position == position and round_.is_coaching and left > WORTH_ASKING:
        services[RoundAccess].check_may_steer(round_, person)
        question = f"There are {clock_text(left)} of coaching left. Close it and go on?"
        sure = CONFIRM_NEXT.button(round_id=round_id, position=position)
        await _ask(interaction, round_id, question, sure)
        return
    await defer(interaction)
    await services[RoundSteering].go_next(round_id, person, after=position)


@GO_BACK.pressed
async def go_back(interaction: Interaction, round_id: int, position: int) -> None:
    """Take Next back; the room is told who did."""
    await defer(interaction)
    await services_of(interaction)[RoundSteering].go_back(
        round_id, person_of(interaction), position
    )


@CONFIRM_NEXT.pressed
async def go_on_for_sure(interaction: Interaction, round_id: int, position: int) -> None:
    """Begin the next segment, and say so on the private card."""
    services = services_of(interaction)
    round_ = await services[RoundSteering].go_next(round_id, person_of(interaction), after=position)
    where = SEGMENT[round_.kind].title if round_.kind else "the end"
    await redraw(interaction, card(f"⏭️ On to **{where}**."))


@END.pressed
async def ask_to_end(interaction: Interaction, round_id: int) -> None:
    """Ask whether it is meant; nothing ends by a slip of the thumb."""
    services = services_of(interaction)
    round_ = services[LiveRounds].get(round_id)
    services[RoundAccess].check_may_steer(round_, person_of(interaction))
    left = clock_text(round_.left_in_all(services[LiveRounds].now()))
    question = f"**End the round for everybody?** Time left: {left}. What belongs to it is kept."
    await _ask(interaction, round_id, question, CONFIRM_END.button(round_id=round_id))


async def _ask(interaction: Interaction, round_id: int, question: str, sure: Component) -> None:
    """Ask in private before something is done."""
    await reply(interaction, card(question, row(sure, CHANGE_NOTHING.button(round_id=round_id))))


@CONFIRM_END.pressed
async def end(interaction: Interaction, round_id: int) -> None:
    """End the round, and say so on the private card."""
    await services_of(interaction)[RoundSteering].stop(round_id, person_of(interaction))
    await redraw(interaction, card("⏹️ The round has ended."))


@CHANGE_NOTHING.pressed
async def change_nothing(interaction: Interaction, round_id: int) -> None:
    """Say so on the private card."""
    del round_id
    await redraw(interaction, card("👍 Nothing was changed."))
