"""Asking people into a round: the card in the dojo, and the answer that each gives in private."""

from __future__ import annotations

from bot.content.model.formats import minutes
from bot.dojos.model.dojo import DojoSettings
from bot.kit.discord.answers import redraw, reply
from bot.kit.discord.cards import card, row
from bot.kit.discord.interactions import Interaction, View, services_of
from bot.kit.discord.text import joined, safe
from bot.rounds.actions import CHOOSE_WHO_ASKS, DECLINE, READ_AND_ANSWER, RECONSIDER
from bot.rounds.model.asking import Invitation, Stand, asked_people
from bot.rounds.model.refusals import NotInRound
from bot.rounds.model.round import Agreement, Round, Seat
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.invitations import Invitations
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.ports import Shown
from bot.rounds.ui.agreement import HOLDS, agree_buttons, agreement_parts, focus_part, is_outside
from bot.rounds.ui.role import own_card
from bot.rounds.ui.shared import is_out_of, mention, starter_of
from bot.rounds.ui.traces import marked

ACCENT = 0x6C8EAD
CLOSED_ACCENT = 0x8A8F98

_CLOSED = {
    Stand.SETTLED: "-# This round has begun.",
    Stand.OFF: "-# This round does not take place.",
}


def invitation_card(invitation: Invitation, shown: Shown | None) -> View:
    """The card in the dojo: who is asked, into what, and how many have answered.

    It never says who has answered, or how. Without `shown` a later card has taken its place.
    """
    if shown is None:
        moved = "-# The question is on a card further down."
        return card(marked(moved, invitation.round_id), accent=CLOSED_ACCENT)
    if shown.stand in _CLOSED:
        title = marked("🤝 A practice round", invitation.round_id)
        return card(title, _CLOSED[shown.stand], accent=CLOSED_ACCENT)
    asked = joined(f"{mention(one.user_id)} ({one.role})" for one in invitation.people)
    starter = mention(shown.starter_user_id) if shown.starter_user_id else "A member"
    length = minutes(shown.lasts)
    begun = "-# The round has begun. Who is still asked may come as an observer."
    return card(
        f"🤝 {starter} asks {asked} into a practice round:"
        f" **{safe(shown.format_name)}**, {length} min.",
        row(READ_AND_ANSWER.button(round_id=invitation.round_id)),
        f"-# {shown.answered} of {len(invitation.people)} have answered."
        " Nobody is added to the room before their yes.",
        begun if shown.stand is Stand.BEGUN else "",
        accent=ACCENT,
    )


@READ_AND_ANSWER.pressed
async def show_agreement(interaction: Interaction, round_id: int) -> None:
    """Show the agreement in private. People who are not asked learn only that."""
    services = services_of(interaction)
    round_ = services[LiveRounds].get(round_id)
    seat = round_.seat_of(interaction.user.id)
    if seat is None or not seat.is_here:
        await _answer_declined(interaction, round_, seat)
        return
    await reply(interaction, answer_card(round_, seat, services[RoundAccess].settings_of(round_)))


async def _answer_declined(interaction: Interaction, round_: Round, seat: Seat | None) -> None:
    """For a person who cannot come, or has left: what holds, and how they come after all.

    Raises NotInRound for people whom no card names.
    """
    if seat is not None and is_out_of(round_, interaction.user.id):
        await reply(interaction, await own_card(interaction, round_))
        return
    named = services_of(interaction)[Invitations].named(round_)
    if seat is None and interaction.user.id not in named:
        raise NotInRound("asked")
    view = card(
        "📭 You have said that you cannot come. No reason needed.",
        f"If you would come after all, ask {starter_of(round_)} to @mention you in"
        f" <#{round_.room_id}>. There you can come as an observer.",
    )
    await reply(interaction, view)


@RECONSIDER.pressed
async def reconsider(interaction: Interaction, round_id: int) -> None:
    """Lead back to the agreement on the same card; people who agreed in the room read that."""
    services = services_of(interaction)
    round_ = services[LiveRounds].get(round_id)
    seat = round_.seat_to_answer(interaction.user.id)
    view = card(f"👍 Nothing was changed. {HOLDS[seat.agreement]}")
    if is_outside(interaction, round_) or seat.agreement is Agreement.OPEN:
        view = answer_card(round_, seat, services[RoundAccess].settings_of(round_))
    await redraw(interaction, view)


def answer_card(round_: Round, seat: Seat, settings: DojoSettings) -> View:
    """The agreement of a round for one person who is asked, with their ways to answer.

    `settings` are those of its dojo.
    """
    is_asked = seat in asked_people(round_)
    is_open = seat.agreement is Agreement.OPEN
    is_change = round_.has_begun and not is_open
    buttons = agree_buttons(round_.id, given=seat.agreement, is_change=is_change)
    if not round_.has_begun:
        buttons.append(DECLINE.button(round_id=round_.id))
    is_new = is_asked and (is_open or not round_.has_begun)
    has_choice = is_asked and round_.gathering_id is None
    return card(
        f"You are asked to be the **{seat.role}**." if is_new else "",
        *agreement_parts(round_, settings),
        focus_part(round_),
        *([] if is_open else [HOLDS[seat.agreement], f"The room: <#{round_.room_id}>"]),
        row(*buttons),
        row(CHOOSE_WHO_ASKS.button()) if has_choice else "",
        accent=ACCENT,
    )
