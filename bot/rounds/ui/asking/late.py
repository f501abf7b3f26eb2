"""A person would like to observe a round that runs: its client decides, or they wait.

Nobody but the client learns of a **Not now**. To the person who waits it looks like no answer.
"""

from __future__ import annotations

from bot.kit.discord.actions import row_of
from bot.kit.discord.answers import defer, redraw, reply
from bot.kit.discord.cards import card, row
from bot.kit.discord.interactions import Interaction, View, person_of, services_of
from bot.rounds.actions import LET_IN, NOT_NOW, WAIT_NO_MORE
from bot.rounds.model.late import check_is_client
from bot.rounds.model.refusals import NoRound
from bot.rounds.model.round import Round
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.people import RoundPeople
from bot.rounds.service.ports import LateCard
from bot.rounds.ui.shared import leaves_room, mention, way_back
from bot.rounds.ui.traces import marked

ACCENT = 0x6C8EAD
CLOSED_ACCENT = 0x8A8F98


def late_card(round_id: int, user_id: int, what: LateCard, client_id: int | None) -> View:
    """The card in the room about one person who comes late."""
    match what:
        case LateCard.ASKING:
            to_whom = f"{mention(client_id)}: " if client_id is not None else ""
            return card(
                f"👀 {to_whom}{mention(user_id)} would like to observe.",
                "-# Only the client decides. Without an answer they wait until the coaching is"
                " over.",
                row_of(LET_IN, NOT_NOW, round_id=round_id, person_id=user_id),
                accent=ACCENT,
            )
        case LateCard.IN:
            said = f"-# 👀 This question about {mention(user_id)} is answered."
        case LateCard.GONE:
            said = f"-# 👀 {mention(user_id)} does not wait any more."
        case LateCard.OVER:
            said = "-# 👀 This question is over."
    return card(marked(said, round_id), accent=CLOSED_ACCENT)


def not_let_in_text(*, is_over: bool = True) -> str:
    """What a person reads who has waited to observe, and is not let in any more."""
    why = "is over" if is_over else "has no seat left"
    return f"👀 The round that you asked to observe {why}. You do not wait any more."


def waiting_card(interaction: Interaction, round_: Round) -> View:
    """What a person who would like to observe is told, whatever the client says."""
    where = "I mention you in this room then."
    if leaves_room(interaction, round_):
        # They are taken out of it, and with it out of sight of this answer.
        where = (
            "Until then you do not read its room; I mention you there then."
            f" {way_back(interaction, round_)} shows how it stands."
        )
    return card(
        "### 👀 The client decides",
        "The round has begun, so I have asked its client whether you may observe.",
        "Without a yes you wait. When the coaching is over you are let in, if there is a seat."
        f" {where} If the round ends before, I write you a direct message.",
        row(WAIT_NO_MORE.button(round_id=round_.id)),
        accent=ACCENT,
    )


@LET_IN.pressed
async def let_in(interaction: Interaction, round_id: int, person_id: int) -> None:
    """Let a person observe, for the client; the room sees it."""
    await defer(interaction)
    await services_of(interaction)[RoundPeople].let_in(round_id, person_of(interaction), person_id)


@NOT_NOW.pressed
async def leave_waiting(interaction: Interaction, round_id: int, person_id: int) -> None:
    """Tell the client what follows. Nothing changes for others, so nobody sees the answer."""
    check_is_client(services_of(interaction)[LiveRounds].get(round_id), interaction.user.id)
    text = (
        f"👍 {mention(person_id)} waits until the coaching is over. They are not told that you"
        " answered. **Let them in** still works until then."
    )
    await reply(interaction, card(text))


@WAIT_NO_MORE.pressed
async def wait_no_more(interaction: Interaction, round_id: int) -> None:
    """Take the wish to observe back; on the card of a round that is over, say that."""
    people = services_of(interaction)[RoundPeople]
    try:
        await people.wait_no_more(round_id, person_of(interaction))
    except NoRound:
        await redraw(interaction, card(not_let_in_text()))
        return
    await redraw(interaction, card("👍 You do not wait any more."))
