"""Asking people into a round: the card in the dojo, and the answer that each gives in private."""

from __future__ import annotations

from bot.content.model.formats import minutes
from bot.kit.discord.answers import redraw, reply
from bot.kit.discord.cards import card, row
from bot.kit.discord.interactions import Interaction, View, services_of
from bot.kit.discord.text import joined, safe
from bot.rounds.actions import READ_AND_ANSWER, RECONSIDER
from bot.rounds.model.asking import Invitation, Stand
from bot.rounds.model.refusals import NotInRound
from bot.rounds.model.round import Agreement, Round, Seat
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.invitations import Invitations
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.ports import Shown
from bot.rounds.ui.agreement import (
    HOLDS,
    answer_card,
    for_the_asked,
    is_outside,
    unseated_card,
)
from bot.rounds.ui.beginning.changes import host_card
from bot.rounds.ui.role import own_card
from bot.rounds.ui.shared import mention
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
    asked = joined(f"{mention(one.user_id)} ({one.role})" for one in invitation.asked)
    starter = mention(shown.starter_user_id) if shown.starter_user_id else "A member"
    length = minutes(shown.lasts)
    begun = "-# The round has begun. Who is still asked may come as an observer."
    return card(
        f"🤝 {starter} asks {asked} into a practice round:"
        f" **{safe(shown.format_name)}**, {length} min.",
        row(READ_AND_ANSWER.button(round_id=invitation.round_id)),
        f"-# {shown.answered} of {len(invitation.asked)} have answered."
        " Nobody is added to the room before their yes.",
        _replaced_line(invitation),
        begun if shown.stand is Stand.BEGUN else "",
        accent=ACCENT,
    )


def _replaced_line(invitation: Invitation) -> str:
    """Whose seats other people are asked for now; empty for none."""
    if not invitation.replaced:
        return ""
    gone = joined(mention(one.user_id) for one in invitation.replaced)
    was = "was" if len(invitation.replaced) == 1 else "were"
    return (
        f"-# {gone} {was} asked before. Other people are asked for those seats now, and an earlier"
        " yes does not hold any more."
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
    """For a person who cannot come, has left or was replaced: what holds, and how they come.

    Raises NotInRound for people whom no card names.
    """
    named = services_of(interaction)[Invitations].named(round_)
    if seat is None and interaction.user.id not in named:
        raise NotInRound("asked")
    await reply(interaction, await outside_card(interaction, round_))


async def outside_card(interaction: Interaction, round_: Round) -> View:
    """What a round is to a person who does not stand in its room, and what they may do."""
    services, user_id = services_of(interaction), interaction.user.id
    seat = round_.seat_of(user_id)
    if round_.is_host(user_id) and round_.waits_for(user_id) is None:
        return host_card(interaction, round_)
    if seat is not None and seat.is_here and (round_.invited or not round_.has_begun):
        return answer_card(round_, seat, services[RoundAccess].settings_of(round_))
    if seat is not None or round_.waits_for(user_id) is not None:
        return await own_card(interaction, round_)
    return unseated_card(interaction, round_)


@RECONSIDER.pressed
@for_the_asked
async def reconsider(interaction: Interaction, round_id: int) -> None:
    """Lead back to the agreement on the same card; people who agreed in the room read that."""
    services = services_of(interaction)
    round_ = services[LiveRounds].get(round_id)
    seat = round_.seat_to_answer(interaction.user.id)
    view = card(f"👍 Nothing was changed. {HOLDS[seat.agreement]}")
    if is_outside(interaction, round_) or seat.agreement is Agreement.OPEN:
        view = answer_card(round_, seat, services[RoundAccess].settings_of(round_))
    await redraw(interaction, view)
