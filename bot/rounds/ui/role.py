"""What is between one person and the round: the role now, a moment, leaving and coming back."""

from __future__ import annotations

from datetime import datetime

from bot.content.model.content import Content
from bot.dojos.model.dojo import DojoSettings
from bot.dojos.ui.words import support_text
from bot.kit.discord.actions import Style, row_of
from bot.kit.discord.answers import is_private, redraw, reply
from bot.kit.discord.cards import Component, Part, card, row
from bot.kit.discord.interactions import Interaction, View, person_of, services_of
from bot.rounds.actions import (
    COME_BACK,
    CONFIRM_LEAVE,
    DECLINE,
    END_QUIETLY,
    ERASE_ROUND,
    FOCUS,
    JOIN,
    LEAVE,
    MY_ROLE,
    NEED_MOMENT,
    OPEN_FEEDBACK,
    OPEN_PAD,
    OWN_VIEW,
    READ_AND_ANSWER,
    RESUME_QUIETLY,
    SAY_HOW_IT_WAS,
    SOMEONE_LEFT,
    STAY,
    TALK,
)
from bot.rounds.model.late import is_asked_about
from bot.rounds.model.refusals import NotInRound
from bot.rounds.model.round import (
    Agreement,
    Role,
    RoomKind,
    Round,
    Seat,
    is_coaching_over,
)
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.people import RoundPeople
from bot.rounds.service.safety import SafetyContacts, Support
from bot.rounds.service.steering import RoundSteering
from bot.rounds.ui.agreement import HOLDS, agree_buttons, agreement_parts, check_in_room
from bot.rounds.ui.asking.late import waiting_card
from bot.rounds.ui.briefs import brief
from bot.rounds.ui.focus import focus_text
from bot.rounds.ui.shared import content_of, leaves_room, may_come, room_link, way_back
from bot.rounds.ui.words import ROLE, how_far

MOST_BUTTONS = 20
"""People that can be chosen from by button; of larger groups only the first."""


def personal_row(round_: Round) -> Component:
    """The buttons that answer in private."""
    return row(
        *feedback_buttons(round_),
        MY_ROLE.button(round_id=round_.id),
        NEED_MOMENT.button(round_id=round_.id),
        SOMEONE_LEFT.button(round_id=round_.id),
    )


def feedback_buttons(round_: Round) -> list[Component]:
    """The ways to the pad, where there are observers, and to the feedback, in its time."""
    buttons: list[Component] = []
    if round_.observers:
        buttons.append(OPEN_PAD.button(round_id=round_.id))
    if is_coaching_over(round_):
        buttons.append(OPEN_FEEDBACK.button(round_id=round_.id))
    return buttons


async def own_card(interaction: Interaction, round_: Round) -> View:
    """What the person has to know of the round now: what to do, or what they wait for."""
    user_id = interaction.user.id
    waits = round_.waits_for(user_id)
    if waits is not None and not waits.has_gone and not round_.takes_part(user_id):
        return waiting_card(interaction, round_)
    content, support = await content_of(interaction, round_), _support_of(interaction, round_)
    now = services_of(interaction)[LiveRounds].now()
    settings = services_of(interaction)[RoundAccess].settings_of(round_)
    return role_card(round_, round_.seat_of(user_id), now, content, support, settings)


def enough_cards(round_: Round) -> View:
    """Instead of one more card in the room: where the last one is."""
    link = f"{room_link(round_)}/{round_.card_id}"
    where = f" It is here: {link}" if round_.card_id is not None else ""
    return card(f"I have just brought the card down for you.{where} Try again in a minute.")


def role_card(
    round_: Round,
    seat: Seat | None,
    now: datetime,
    content: Content,
    support: Support,
    settings: DojoSettings | None = None,
) -> View:
    """What a person does now, what they do not do, and how long; with what they can change.

    `settings` are those of the dojo, the usual ones if it is erased.
    """
    if seat is None:
        join = row(JOIN.button(round_id=round_.id))
        return card("You are not in this round. You may come as an observer.", join)
    if not seat.is_here:
        back = row(COME_BACK.button(round_id=round_.id), *erase_buttons(round_, seat))
        said = "You have left this round."
        if seat.agreement is Agreement.OPEN:
            said = "You have said that you cannot come. You may still come as an observer."
        return card(said, back, _where_to_turn(round_, support))
    if not round_.is_in(seat):
        return _asked_card(round_, settings or DojoSettings())
    emoji, name = ROLE[seat.role]
    hands_over = round_.awaits_next_coach and seat.role is Role.COACH
    does, does_not = brief(Role.OBSERVER if hands_over else seat.role, round_.kind)
    focus, watched = focus_text(round_.coach, content), ""
    if focus and seat.role is not Role.CLIENT and not is_coaching_over(round_):
        who = "You ask observers" if seat.role is Role.COACH else "The coach asks you"
        watched = f"🔎 {who} to watch for: {focus}"
    # Taking an agreement back is as easy as giving it.
    given = seat.agreement
    answers = agree_buttons(round_.id, given=given, is_change=given is not Agreement.OPEN)
    if round_.has_begun:
        # The card with the agreement is closed by now, and who came late has not seen it.
        label, style = "Read the agreement", Style.secondary
        answers.append(
            READ_AND_ANSWER.button(round_id=round_.id, label=label, emoji="📜", style=style)
        )
    buttons: list[Component] = []
    if seat.role is Role.COACH:
        buttons.append(FOCUS.button(round_id=round_.id))
    if is_coaching_over(round_) and seat.role in _OWN_WORDS:
        buttons.append(_OWN_WORDS[seat.role].button(round_id=round_.id))
    if round_.has_begun:
        buttons.append(LEAVE.button(round_id=round_.id))
    return card(
        f"### {emoji} {name}",
        f"✅ {does}\n🚫 {does_not}\n⏱️ {how_far(round_, now)}",
        watched,
        f"-# {HOLDS[given]}",
        row(*answers),
        row(*buttons, *erase_buttons(round_, seat)),
        _where_to_turn(round_, support),
    )


_OWN_WORDS = {Role.COACH: OWN_VIEW, Role.CLIENT: SAY_HOW_IT_WAS}
"""What a person says of the round themself, once the coaching is over."""


def _support_of(interaction: Interaction, round_: Round) -> Support:
    """Where the person who acts can turn."""
    return services_of(interaction)[SafetyContacts].support_for(round_, interaction.user.id)


def _where_to_turn(round_: Round, support: Support) -> Part:
    """For everybody in a round: the way to the safety contact, or else the support line."""
    has_contact = support.has_contact
    return row_of(TALK, round_id=round_.id) if has_contact else support_text(support.line)


def _asked_card(round_: Round, settings: DojoSettings) -> View:
    """The agreement for a person who was asked before the clock began and has not answered."""
    return card(
        "**You are asked to observe this round.** Once you agree, you take part. Until then nothing"
        " of it is yours to do.",
        *agreement_parts(round_, settings),
        row(*agree_buttons(round_.id), DECLINE.button(round_id=round_.id)),
    )


@MY_ROLE.pressed
async def show_role(interaction: Interaction, round_id: int) -> None:
    """Answer with what is the person's to do, as of now."""
    round_ = services_of(interaction)[LiveRounds].get(round_id)
    await reply(interaction, await own_card(interaction, round_))


@NEED_MOMENT.pressed
async def need_moment(interaction: Interaction, round_id: int) -> None:
    """Pause at once, and offer the ways on; nobody else learns who it was."""
    steering = services_of(interaction)[RoundSteering]
    round_ = await steering.need_moment(round_id, person_of(interaction))
    seat = round_.get_seat(interaction.user.id)
    await reply(interaction, moment_card(round_, seat, _support_of(interaction, round_)))


_WAYS = {
    Role.COACH: "go on, leave the round, or end the round",
    Role.CLIENT: (
        "go on, leave the round, end the round, or end it and have everything about it erased"
    ),
    Role.OBSERVER: "go on, or leave the round",
}


def moment_card(round_: Round, seat: Seat, support: Support) -> View:
    """The ways on for a person who needed a moment, and the support line of the dojo."""
    buttons = [RESUME_QUIETLY.button(round_id=round_.id), LEAVE.button(round_id=round_.id)]
    if seat.role is not Role.OBSERVER:
        buttons.append(END_QUIETLY.button(round_id=round_.id))
    buttons += erase_buttons(round_, seat, is_going_on=True)
    return card(
        "### 🤲 The round is paused",
        "The room is not told who asked for it, or why. Take the time you need. Then"
        f" {_WAYS[seat.role]}. Nobody is told who went on or ended it. If you leave:"
        f" {_said_of_leaving(round_, seat)} You need give no reason for any of it.",
        support_text(support.line),
        row(*buttons),
        _where_to_turn(round_, support) if support.has_contact else "",
    )


@RESUME_QUIETLY.pressed
async def resume_quietly(interaction: Interaction, round_id: int) -> None:
    """Start the clock again after a moment; the room is not told who did."""
    steering = services_of(interaction)[RoundSteering]
    await steering.resume(round_id, person_of(interaction), quietly=True)
    await redraw(interaction, card("▶️ The clock is running."))


@END_QUIETLY.pressed
async def end_quietly(interaction: Interaction, round_id: int) -> None:
    """End the round after a moment; the room is not told who did."""
    steering = services_of(interaction)[RoundSteering]
    await steering.stop(round_id, person_of(interaction), quietly=True)
    await redraw(interaction, card("⏹️ The round has ended."))


@LEAVE.pressed
async def leave(interaction: Interaction, round_id: int) -> None:
    """Ask before a person leaves the round, and say what the room is told.

    Who does not read the room from then on does not see the answer either, so they read before
    what follows and which way leads back.
    """
    round_ = services_of(interaction)[LiveRounds].get(round_id)
    follows = _cost_of_leaving(interaction, round_)
    if not follows:
        await leave_for_sure(interaction, round_id)
        return
    listed = "\n".join(f"- {one}" for one in follows)
    ways = row_of(CONFIRM_LEAVE, STAY, round_id=round_id)
    await redraw(interaction, card("### 🚪 Leave this round?", listed, ways))


def _said_of_leaving(round_: Round, seat: Seat) -> str:
    """What the others learn of a person who leaves: the name only where few can read it."""
    if round_.room is RoomKind.PRIVATE_THREAD:
        return "the room reads that you left, not why."
    if seat.role is Role.OBSERVER:
        return "the room reads that somebody left, not who or why; the card no longer names you."
    return "the room reads that somebody left, not why; the card says that your seat is empty."


def _cost_of_leaving(interaction: Interaction, round_: Round) -> list[str]:
    """What follows for a person who leaves and for the others; nothing for who is not in it."""
    seat = round_.seat_of(interaction.user.id)
    if seat is None or not round_.is_in(seat) or not round_.has_begun:
        return []
    told = _said_of_leaving(round_, seat)
    lines = [told[0].upper() + told[1:]]
    if seat.role is not Role.OBSERVER and not is_coaching_over(round_):
        lines.append(f"You are the {seat.role}: the clock rests until someone takes the seat.")
    if is_asked_about(round_, seat):
        lines.append("To observe again during the coaching you need the client’s yes.")
    if leaves_room(interaction, round_):
        lines.append(
            "🔒 You will not read this room any more, and this message goes with it. Your way back"
            f" is {way_back(interaction, round_)}."
        )
    return lines


@STAY.pressed
async def stay(interaction: Interaction, round_id: int) -> None:
    """Change nothing, and show what is the person's to do."""
    round_ = services_of(interaction)[LiveRounds].get(round_id)
    await redraw(interaction, await own_card(interaction, round_))


@CONFIRM_LEAVE.pressed
async def leave_for_sure(interaction: Interaction, round_id: int) -> None:
    """Leave the round, with the way back at hand."""
    round_ = await services_of(interaction)[RoundPeople].leave(round_id, person_of(interaction))
    seat = round_.seat_of(interaction.user.id)
    told = _said_of_leaving(round_, seat) if seat is not None else ""
    hidden = ""
    if leaves_room(interaction, round_):
        back = f" Your way back is {way_back(interaction, round_)}." if round_.is_open else ""
        hidden = f"🔒 You do not read its room any more.{back}"
    said = f"👋 You have left the round. {told[:1].upper()}{told[1:]}"
    back_in = row_of(COME_BACK, round_id=round_id) if round_.is_open else ""
    await redraw(interaction, card(said, hidden, back_in))


@COME_BACK.pressed
async def come_back(interaction: Interaction, round_id: int) -> None:
    """Take the old seat if it is free, else one as observer, and say which.

    Where the client is asked first, say that.
    """
    services = services_of(interaction)
    known = services[LiveRounds].get(round_id)
    if not may_come(interaction, known):
        check_in_room(interaction, known)
    if known.seat_of(interaction.user.id) is None:
        raise NotInRound("take part")
    round_ = await services[RoundPeople].join(round_id, person_of(interaction))
    answer = redraw if is_private(interaction) else reply
    await answer(interaction, await own_card(interaction, round_))


def erase_buttons(round_: Round, seat: Seat, *, is_going_on: bool = False) -> list[Component]:
    """The way to erase the round, for the person who is or was its client."""
    if not (seat.was_client or (seat.role is Role.CLIENT and round_.has_begun)):
        return []
    label = "End and erase…" if is_going_on else None
    return [ERASE_ROUND.button(round_id=round_.id, label=label)]
