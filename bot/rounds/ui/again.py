"""Another round of the same people: asked for by one press, with the agreement in short form."""

from __future__ import annotations

from datetime import datetime

from bot.content.model.formats import lasts
from bot.kit.discord.actions import Style
from bot.kit.discord.answers import defer, is_private, redraw, reply
from bot.kit.discord.cards import Component, Part, card, row
from bot.kit.discord.interactions import Interaction, View, person_of, services_of
from bot.kit.discord.text import joined, minute_of
from bot.rounds.actions import (
    AGAIN,
    BEGIN,
    BEGIN_WITH_FEWER,
    DECLINE,
    RATHER_OBSERVE,
    READ_AND_ANSWER,
)
from bot.rounds.model.again import can_follow
from bot.rounds.model.moves import FEWEST
from bot.rounds.model.round import Agreement, Round
from bot.rounds.model.rules import lacks_people
from bot.rounds.service.proposing import RoundProposing
from bot.rounds.ui.agreement import ACCENT, MOST_ANSWERS, agree_buttons, focus_part
from bot.rounds.ui.beginning.changes import fewer_text, format_line
from bot.rounds.ui.beginning.opening import check_may_write, in_voice
from bot.rounds.ui.controls import help_buttons
from bot.rounds.ui.seats import empty_seats, seat_rows, seat_texts
from bot.rounds.ui.shared import group_lines, mention

SHORT = (
    "All that was agreed in the round before holds again: what the client shares stays here, notes"
    " are about the coach only, anybody may stop at any time. Each of you says yes again, for this"
    " round."
)
BEGINS = "-# The roles are an offer. It begins when all have agreed."
BEGINS_AT_EVENING = (
    "-# The roles are an offer. All rooms begin together; yours waits for its coach and client."
)
AT_EVENING = (
    "All that you agreed to tonight holds again: what the client shares stays here, notes are about"
    " the coach only, anybody may stop at any time. Each of you says yes again, for this round."
)


def again_part(round_: Round) -> list[Part]:
    """The way to another round of the same people, on the card of one that is over."""
    return [row(AGAIN.button(round_id=round_.id))] if can_follow(round_) else []


def again_card(round_: Round, now: datetime) -> View:
    """What people are asked who have just been in a round with each other."""
    id_, over_at = round_.id, minute_of(now + lasts(round_.format))
    waiting = [seat for seat in round_.here if seat.agreement is Agreement.OPEN]
    agreed = [seat for seat in round_.here if seat.agreement is not Agreement.OPEN]
    answers = [
        f"{what}: {joined(mention(seat.user_id) for seat in seats)}"
        for what, seats in (("✅ Agreed", agreed), ("⏳ Asked", waiting))
        if seats
    ]
    if len(round_.here) > MOST_ANSWERS:
        answers = [f"✅ {len(agreed)} of {len(round_.here)} have answered."]
    is_evening = round_.gathering_id is not None
    others: list[Component] = [DECLINE.button(round_id=id_)]
    if len(round_.here) > FEWEST:
        others.insert(0, RATHER_OBSERVE.button(round_id=id_))
    whole = READ_AND_ANSWER.button(
        round_id=id_, label="Read the agreement", emoji="📜", style=Style.secondary
    )
    return card(
        "### 🔄 The next round" if is_evening else "### 🔄 Another round, roles rotated",
        "\n".join(group_lines(round_, has_answers=True)),
        f"📋 {format_line(round_.format)}, over by {over_at}",
        AT_EVENING if is_evening else SHORT,
        "\n".join(answers),
        focus_part(round_),
        *seat_texts(round_),
        *seat_rows(round_),
        fewer_text(round_),
        row(*agree_buttons(id_)),
        row(*others),
        row(*_beginning(round_), whole, *(help_buttons(round_) if is_evening else ())),
        BEGINS_AT_EVENING if is_evening else BEGINS,
        accent=ACCENT,
    )


def _beginning(round_: Round) -> list[Component]:
    """The button that begins it, where that is theirs: all rooms of an evening begin together."""
    if round_.gathering_id is not None:
        return []
    if lacks_people(round_):
        label = f"Begin with {len(round_.here)}"
        return [BEGIN_WITH_FEWER.button(round_id=round_.id, label=label)]
    # It waits for observers alone, who may answer later.
    return [BEGIN.button(round_id=round_.id)] if round_.has_yes_of_leads else []


@AGAIN.pressed
async def again(interaction: Interaction, round_id: int) -> None:
    """Ask the people of a round that is over into another one, right here; the room sees it."""
    check_may_write(interaction)
    await defer(interaction)
    await services_of(interaction)[RoundProposing].again(
        round_id, person_of(interaction), in_voice=in_voice(interaction)
    )


@RATHER_OBSERVE.pressed
async def rather_observe(interaction: Interaction, round_id: int) -> None:
    """Open the seat of coach or client to the others; the person is asked to observe."""
    await defer(interaction)
    proposing = services_of(interaction)[RoundProposing]
    round_ = await proposing.give_seat_up(round_id, person_of(interaction))
    text = "👀 You are asked to observe. The seat is open to everybody in the room."
    is_open = round_.get_seat(interaction.user.id).agreement is Agreement.OPEN
    more: list[Part] = [row(*agree_buttons(round_id))] if is_open else []
    more += empty_seats(round_, 0)
    await (redraw if is_private(interaction) else reply)(interaction, card(text, *more))
