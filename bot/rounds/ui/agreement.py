"""The agreement: who does what, what is stored, and everybody's yes or no, before the clock."""

from __future__ import annotations

import functools
from datetime import datetime

from bot.content.model.formats import Format, lasts, minutes
from bot.dojos.model.dojo import DojoSettings
from bot.kit.discord.actions import Handler, Style, row_of
from bot.kit.discord.answers import defer, is_private, redraw, reply
from bot.kit.discord.cards import Component, Part, card, line, row
from bot.kit.discord.interactions import Interaction, View, client_of, person_of, services_of
from bot.kit.discord.text import joined, minute_of
from bot.rounds.actions import (
    AGREE,
    BEGIN,
    BEGIN_WITH_FEWER,
    CHANGE,
    CHOOSE_WHO_ASKS,
    CONFIRM_DECLINE,
    DECLINE,
    ERASE_NOTES,
    FOCUS,
    JOIN,
    LEAVE_FOR_THIS,
    RECONSIDER,
    STAY_THERE,
)
from bot.rounds.model.asking import asked_people
from bot.rounds.model.moves import calls_off
from bot.rounds.model.refusals import Busy, NotInRound
from bot.rounds.model.round import Agreement, Role, Round, Seat, is_coaching_over
from bot.rounds.model.rules import lacks_people, people_needed
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.invitations import Invitations
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.people import RoundPeople
from bot.rounds.service.proposing import RoundProposing
from bot.rounds.ui.asking.late import waiting_card
from bot.rounds.ui.beginning.changes import fewer_text, format_line, replace_command
from bot.rounds.ui.controls import help_buttons
from bot.rounds.ui.focus import FOCUS_NAMED, has_focus
from bot.rounds.ui.seats import empty_seats, seat_rows, seat_texts
from bot.rounds.ui.shared import group_lines, may_come, mention, room_link, starter_of
from bot.rounds.ui.words import (
    LATE,
    LATE_AT_EVENING,
    SEGMENT,
    STORED,
    confidentiality,
    how_long,
    room_line,
)

ACCENT = 0x6C8EAD
MOST_ANSWERS = 25
"""Of more people a card says only how many have answered: their names would not fit on it."""

AGREED = {
    Agreement.NOTES: "✅ You have agreed, **with notes** about the coach’s words and acts.",
    Agreement.NO_NOTES: "☑️ You have agreed, **without notes**. That is as good as with them.",
    Agreement.OPEN: "You have not answered yet. You take part once you agree.",
}
"""What a person is told who has just answered."""
HOLDS = {
    **AGREED,
    # Coming as an observer is a yes to take part; nobody was asked about notes with it.
    Agreement.NO_NOTES: "☑️ You take part **without notes**. That is as good as with them.",
}
"""What holds for a person, who may have answered or only come as an observer."""


def agreement_card(round_: Round, now: datetime, settings: DojoSettings) -> View:
    """What all who are asked into a round see before it begins.

    `settings` are those of its dojo: its support line, and how long it keeps things.
    """
    over_at = f"\nIf it begins now, it is over by {minute_of(now + lasts(round_.format))}."
    return card(
        *agreement_parts(round_, settings, over_at),
        line(),
        "\n".join(_answers(round_)),
        focus_part(round_),
        *seat_texts(round_),
        *seat_rows(round_),
        fewer_text(round_),
        f"-# {_beginning(round_)}Who observes may answer later, and takes part from then on.",
        row(*agree_buttons(round_.id), DECLINE.button(round_id=round_.id)),
        row(*_more_buttons(round_)),
        accent=ACCENT,
    )


def agreement_parts(round_: Round, settings: DojoSettings, over_at: str = "") -> list[Part]:
    """What is agreed to: who, what, where, who else may come, and what is stored."""
    format_ = round_.format
    late = LATE_AT_EVENING if round_.gathering_id is not None else LATE
    title = (
        "The agreement of this round" if round_.has_begun else "A practice round, before it begins"
    )
    return [
        f"### 🤝 {title}",
        "\n".join(group_lines(round_, has_answers=True)),
        f"📋 {format_line(format_)}\n-# {_segments_line(format_)}{over_at}",
        room_line(round_.room),
        f"{confidentiality(settings.support_line)}\n- {late}",
        "\n".join(f"-# {text}" for text in [*STORED.splitlines(), how_long(settings)]),
    ]


def _beginning(round_: Round) -> str:
    if people_needed(round_):
        # A line above says when it begins.
        return ""
    if round_.gathering_id is None:
        return (
            "It begins when all have agreed. Once coach and client have, the person who started it"
            " can begin it earlier. "
        )
    return (
        "All rooms begin together: when everybody has agreed, or when the time to come is up. This"
        " room waits until its coach and client have agreed. "
    )


def _more_buttons(round_: Round) -> list[Component]:
    """What else can be done; when and how a round of a gathering begins is not for its room."""
    id_ = round_.id
    buttons = [FOCUS.button(round_id=id_), JOIN.button(round_id=id_)]
    if round_.gathering_id is not None:
        return [*buttons, *help_buttons(round_)]
    first = BEGIN.button(round_id=id_)
    if lacks_people(round_):
        first = BEGIN_WITH_FEWER.button(round_id=id_, label=f"Begin with {len(round_.here)}")
    return [first, *buttons, CHANGE.button(round_id=id_)]


def _segments_line(format_: Format) -> str:
    """`Agree 2 · Coaching 18 · Write 1 · …`."""
    return " · ".join(f"{SEGMENT[s.kind].title} {minutes(s.length)}" for s in format_.segments)


def _answers(round_: Round) -> list[str]:
    """Who has answered. Whether with notes or without is between the person and the bot."""
    answered = [seat for seat in round_.here if seat.agreement is not Agreement.OPEN]
    if len(round_.here) > MOST_ANSWERS:
        return [f"✅ {len(answered)} of {len(round_.here)} have answered."]
    waiting = [seat for seat in round_.here if seat.agreement is Agreement.OPEN]
    return [
        f"{what}: {joined(mention(seat.user_id) for seat in seats)}"
        for what, seats in (("✅ Agreed", answered), ("⏳ Asked", waiting))
        if seats
    ]


def focus_part(round_: Round) -> str:
    """That the coach has said what they want watched; not what, because the client reads it."""
    return FOCUS_NAMED if has_focus(round_) else ""


def agree_buttons(
    round_id: int, *, given: Agreement = Agreement.OPEN, is_change: bool = False
) -> list[Component]:
    """The answers to the agreement without the one that was `given`.

    With `is_change` they say that they hold from now on.
    """
    notes = "With notes from now on" if is_change else "Agree, with notes"
    none = "Without notes from now on" if is_change else "Agree, without notes"
    looks = (
        (Agreement.NOTES, notes, "✅", Style.success),
        (Agreement.NO_NOTES, none, "☑️", Style.secondary),
    )
    return [
        AGREE.button(round_id=round_id, agreement=one, label=label, emoji=emoji, style=style)
        for one, label, emoji, style in looks
        if one is not given
    ]


def answer_card(round_: Round, seat: Seat, settings: DojoSettings) -> View:
    """The agreement of a round for one person who is asked, with their ways to answer.

    `settings` are those of its dojo.
    """
    is_asked = seat in asked_people(round_)
    is_open = seat.agreement is Agreement.OPEN
    is_change = round_.has_begun and not is_open
    is_new = is_asked and (is_open or not round_.has_begun)
    is_evening = round_.gathering_id is not None
    buttons = agree_buttons(round_.id, given=seat.agreement, is_change=is_change)
    if not round_.has_begun:
        buttons.append(DECLINE.button(round_id=round_.id))
    return card(
        f"You are asked to be {_role_text(round_, seat)}." if is_new else "",
        *agreement_parts(round_, settings),
        focus_part(round_),
        "" if is_open else HOLDS[seat.agreement],
        "" if is_open and not is_evening else f"The room: <#{round_.room_id}>",
        row(*buttons),
        row(CHOOSE_WHO_ASKS.button()) if is_asked and not is_evening else "",
        accent=ACCENT,
    )


def unseated_card(interaction: Interaction, round_: Round) -> View:
    """For a person who was asked and has no seat: why they are asked no more, and how they come."""
    services, user_id = services_of(interaction), interaction.user.id
    said = "📭 You have said that you cannot come. No reason needed."
    if services[Invitations].is_replaced(round_, user_id):
        said = (
            "🔁 Another person was asked to take your seat, so you are not asked any more. A yes"
            " that you gave does not hold any more."
        )
    if not may_come(interaction, round_):
        again = client_of(interaction).mention_command("round now")
        return card(said, f"Once the round has begun, {again} lets you ask to observe it.")
    way = "If you would come after all, you can come as an observer."
    if round_.has_begun:
        way = "The round has begun. If you would observe it, I ask its client."
    if is_coaching_over(round_):
        way = "The coaching is over. You may still come for what is left of the round."
    return card(said, way, row(JOIN.button(round_id=round_.id)))


def for_the_asked(handler: Handler) -> Handler:
    """A handler of an answer to the agreement, for the people whom a card in the dojo asks.

    Who has no seat any more reads how it stands on the private card that they press: the card in
    the room, to which a refusal leads, is not open to them.
    """

    @functools.wraps(handler)
    async def act(
        interaction: Interaction, *given: object, round_id: int, **fields: object
    ) -> None:
        try:
            await handler(interaction, *given, round_id=round_id, **fields)
        except NotInRound:
            services, user_id = services_of(interaction), interaction.user.id
            round_ = services[LiveRounds].get(round_id)
            is_named = user_id in services[Invitations].named(round_)
            is_elsewhere = is_private(interaction) and is_outside(interaction, round_)
            if not (is_named and is_elsewhere) or round_.seat_of(user_id) is not None:
                raise
            await redraw(interaction, unseated_card(interaction, round_))

    return act


def _role_text(round_: Round, seat: Seat) -> str:
    observers = [one for one in round_.seats if one.is_here and one.role is Role.OBSERVER]
    is_one_of_many = seat.role is Role.OBSERVER and len(observers) > 1
    return f"{'an' if is_one_of_many else 'the'} **{seat.role}**"


@AGREE.pressed
@for_the_asked
async def agree(interaction: Interaction, round_id: int, agreement: str) -> None:
    """Take the answer; in another running round, ask first whether the person leaves it."""
    await defer(interaction)
    person, answer = person_of(interaction), Agreement(agreement)
    try:
        round_ = await services_of(interaction)[RoundProposing].agree(round_id, person, answer)
    except Busy as busy:
        leave = LEAVE_FOR_THIS.button(round_id=round_id, agreement=answer)
        view = card(
            f"You are in a round that is running in <#{busy.rooms[person.user_id]}>. Leave it for"
            " this one?",
            row(leave, STAY_THERE.button(round_id=round_id)),
        )
        await reply(interaction, view)
        return
    seat = round_.seat_of(person.user_id)
    leads = seat is not None and seat.role is not Role.OBSERVER
    more = list(empty_seats(round_, person.user_id))
    if round_.has_begun and leads and answer is Agreement.NO_NOTES:
        # Without notes from now on says nothing of those that have been taken.
        more.append(row(ERASE_NOTES.button(round_id=round_id)))
    await _confirm(interaction, round_, AGREED[answer], *more)


def is_outside(interaction: Interaction, round_: Round) -> bool:
    """Whether a person answers elsewhere than in the room of the round."""
    return interaction.channel_id != round_.room_id


async def _confirm(
    interaction: Interaction, round_: Round, said: str, *more: Part, in_place: bool = False
) -> None:
    """Say that an answer is saved; a person who answers elsewhere is let into the room."""
    if not is_outside(interaction, round_):
        await (redraw if in_place else reply)(interaction, card(said, *more))
        return
    is_in = await services_of(interaction)[Invitations].bring(round_.id, interaction.user.id)
    where = f"The room is <#{round_.room_id}>: {room_link(round_)}"
    if not is_in:
        starter = starter_of(round_, "a person in it")
        where += f"\n⚠️ I could not add you to it. If the link does not open, ask {starter}."
    await redraw(interaction, card(said, where, *more))


@LEAVE_FOR_THIS.pressed
@for_the_asked
async def leave_for_this(interaction: Interaction, round_id: int, agreement: str) -> None:
    """Leave the other round, and agree to this one."""
    services, person = services_of(interaction), person_of(interaction)
    await defer(interaction)
    services[LiveRounds].get(round_id).seat_to_answer(person.user_id)
    other = services[LiveRounds].of_person(person.user_id)
    if other is not None and other.id != round_id:
        await services[RoundPeople].leave(other.id, person)
    round_ = await services[RoundProposing].agree(round_id, person, Agreement(agreement))
    said = "✅ You have left the other round, and agreed to this one."
    await _confirm(interaction, round_, said, in_place=True)


@STAY_THERE.pressed
async def stay_there(interaction: Interaction, round_id: int) -> None:
    """Stay in the other round."""
    del round_id
    await redraw(interaction, card("👍 You stay in the other round. This one waits for you."))


@DECLINE.pressed
@for_the_asked
async def decline(interaction: Interaction, round_id: int) -> None:
    """Take an observer's no; ask a coach or client first, because of what it means for others."""
    services, person = services_of(interaction), person_of(interaction)
    round_ = services[LiveRounds].get(round_id)
    seat = round_.seat_to_answer(person.user_id)
    if seat.role is Role.OBSERVER:
        await defer(interaction)
        await services[RoundProposing].decline(round_id, person)
        if is_private(interaction):
            await redraw(interaction, card("📭 You are not in this round. No reason needed."))
        return
    follows = "Without you the seat is open to everybody else in the room."
    if calls_off(round_):
        others = f"Or ask {starter_of(round_)} to ask another person for your seat"
        if round_.starter_user_id == person.user_id:
            others = "Or ask another person to take your seat"
        follows = (
            f"Without you the round is called off. {others}, with"
            f" {replace_command(interaction)} in its room."
        )
    view = card(
        f"You are asked to be the {seat.role}. {follows}",
        row_of(CONFIRM_DECLINE, RECONSIDER, round_id=round_id),
    )
    is_own = round_.gathering_id is None and is_outside(interaction, round_)
    await (redraw if is_own else reply)(interaction, view)


@CONFIRM_DECLINE.pressed
@for_the_asked
async def decline_for_sure(interaction: Interaction, round_id: int) -> None:
    """Take the no of a coach or client, and say so on the private card."""
    proposing = services_of(interaction)[RoundProposing]
    round_ = await proposing.decline(round_id, person_of(interaction))
    called_off = "📭 The round is called off. Nothing of it is stored."
    seat_open = "📭 You do not take part this time. The seat is open to the others."
    await redraw(interaction, card(seat_open if round_.is_open else called_off))


def check_in_room(interaction: Interaction, round_: Round) -> None:
    """Raises NotInRound outside of the room: people who come in must be able to see it."""
    if is_outside(interaction, round_):
        raise NotInRound("see the room")


@JOIN.pressed
async def join(interaction: Interaction, round_id: int) -> None:
    """Give the person a seat as observer; in a round that runs, have its client asked."""
    services = services_of(interaction)
    known = services[LiveRounds].get(round_id)
    if not may_come(interaction, known):
        check_in_room(interaction, known)
    await defer(interaction)
    round_ = await services[RoundPeople].join(round_id, person_of(interaction))
    answer = redraw if is_outside(interaction, round_) else reply
    if not round_.takes_part(interaction.user.id):
        await answer(interaction, waiting_card(interaction, round_))
    elif is_outside(interaction, round_):
        seat = round_.get_seat(interaction.user.id)
        settings = services[RoundAccess].settings_of(round_)
        await redraw(interaction, answer_card(round_, seat, settings))
