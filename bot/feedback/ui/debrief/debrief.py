"""A coach's debrief: what others noted, when it is time, and what to do with it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from datetime import datetime

import discord

from bot.content.model.content import Content
from bot.feedback.actions import (
    ABOUT_NOTES,
    ASK_TO_SHARE,
    ERASE_FEEDBACK,
    FEEDBACK_PAGE,
    LOOK_AGAIN,
    SKIP_OWN_VIEW,
    TIME_LINE,
    UNSHARE,
    WRITE_TRY,
)
from bot.feedback.model.debriefs import opens_after
from bot.feedback.model.notes import Side
from bot.feedback.model.refusals import NotReleased
from bot.feedback.model.sheets import coaches
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.service.debriefs import DebriefService, Feedback
from bot.feedback.ui.client_view import open_client_view
from bot.feedback.ui.debrief.process import process_card
from bot.feedback.ui.debrief.waiting import LIVES, CoachCard, waiting_cards_of
from bot.feedback.ui.debrief.words import blocks, client_blocks, has_folded
from bot.feedback.ui.notes.pad import open_pad
from bot.feedback.ui.sheets import sheets_of
from bot.feedback.ui.timeline.picture import paint
from bot.feedback.ui.timeline.words import Mark, PhaseMark, TimeLine, describe
from bot.kit.discord.actions import Style
from bot.kit.discord.answers import defer, redraw, reply
from bot.kit.discord.cards import Component, Part, card, picture, row, turning
from bot.kit.discord.interactions import Interaction, View, person_of, services_of
from bot.kit.discord.text import moment, paged, safe
from bot.rounds.actions import ERASE_ROUND, OPEN_FEEDBACK, OWN_VIEW
from bot.rounds.model.refusals import NotInRound
from bot.rounds.model.round import Role, Round
from bot.rounds.service.access import RoundAccess
from bot.rounds.ui.words import SEGMENT

ACCENT = 0x3E8E7E
PAGE_TEXT = 3_000
PICTURE = "time-line.png"
BEFORE = {
    "coaching": "Your feedback comes after the coaching. For now, the client.",
    "turn": "Your feedback comes after your own view and the client’s, said aloud.",
    "observers": "The others have the time that is left to them.",
    "own view": (
        "First your own view: what did you notice yourself? Half a minute, and it makes what the"
        " others saw worth more."
    ),
}


def debriefs_of(interaction: Interaction) -> DebriefService:
    """The bot's debriefs."""
    return services_of(interaction)[DebriefService]


@OPEN_FEEDBACK.pressed
async def open_feedback(interaction: Interaction, round_id: int) -> None:
    """Answer with what this person may see of a round: feedback, items, notes, or how far it is.

    Raises NoRound, and NotInRound for people who have no part in it.
    """
    services, user_id = services_of(interaction), interaction.user.id
    round_ = await services[FeedbackAccess].find(round_id)
    seat = round_.seat_of(user_id)
    if any(coach.user_id == user_id for coach in coaches(round_)):
        await _show(interaction, round_, reply)
    elif seat is not None and seat.was_client:
        await open_client_view(interaction, round_id)
    elif seat is not None and round_.is_in(seat) and seat.role is Role.OBSERVER:
        await open_pad(interaction, round_id)
    elif services[RoundAccess].facilitates(round_, person_of(interaction)):
        process = await services[DebriefService].process(round_id)
        await reply(interaction, process_card(round_, process))
    else:
        raise NotInRound("take part")


async def coach_card(
    interaction: Interaction, round_: Round, page: int = 0, *, unfolded: bool = False
) -> CoachCard:
    """A coach's feedback, or what comes before it."""
    debriefs, user_id = debriefs_of(interaction), interaction.user.id
    try:
        feedback = await debriefs.open(round_.id, user_id)
    except NotReleased as error:
        view = await _waiting_view(interaction, round_, error)
        return CoachCard(view, error.why != "own view", error.opens_at)
    content = await services_of(interaction)[FeedbackAccess].content_of(round_)
    return CoachCard(feedback_card(feedback, content, page, unfolded=unfolded))


async def _show(
    interaction: Interaction, round_: Round, show: Callable[[Interaction, View], Awaitable[None]]
) -> None:
    """Show coaches their feedback; while they wait for it, the card changes by itself."""
    access, round_id = services_of(interaction)[FeedbackAccess], round_.id

    async def render() -> CoachCard:
        return await coach_card(interaction, await access.find(round_id))

    shown = await coach_card(interaction, round_)
    await show(interaction, shown.view)
    waiting_cards_of(interaction).keep(interaction, round_id, shown, render)


async def _waiting_view(interaction: Interaction, round_: Round, error: NotReleased) -> View:
    buttons: list[Component] = []
    if error.why != "coaching":
        id_, user_id = round_.id, interaction.user.id
        own = await sheets_of(interaction).page(id_, user_id, user_id)
        if own.sheet.handed_in_at is None:
            last = SKIP_OWN_VIEW if error.why == "own view" else LOOK_AGAIN
            buttons = [
                OWN_VIEW.button(round_id=id_, style=Style.primary),
                last.button(round_id=id_),
            ]
        else:
            buttons = [LOOK_AGAIN.button(round_id=id_), OWN_VIEW.button(round_id=id_)]
    rows = [row(*buttons)] if buttons else []
    text = BEFORE[error.why]
    if error.why != "own view":
        now = services_of(interaction)[FeedbackAccess].now()
        text += f"\n{_when_text(round_, error.opens_at, now)}"
    if buttons and error.why != "own view":
        text += "\n-# Should I be restarted before that, **Look again** shows it."
    return card("### 🎁 My feedback", text, *rows, accent=ACCENT)


def _when_text(round_: Round, at: datetime | None, now: datetime) -> str:
    """When the feedback comes, and that nobody has to look for it."""
    if at is None:
        return (
            "The clock stands still. When it goes on and the others have had their time, or as"
            " soon as everybody has handed in, your feedback comes here by itself."
        )
    when = f"{moment(at, 't')} ({moment(at, 'R')})"
    part = " at"
    if round_.is_open:
        position, segments = opens_after(round_), round_.format.segments
        title = SEGMENT[segments[position].kind].title
        part = f" after **{title}**, part {position + 1} of {len(segments)}, about"
    if at - now > LIVES:
        return (
            f"It comes{part} {when}. Ask again nearer the time: a private card like this one"
            " follows for a quarter of an hour only."
        )
    return f"It comes here by itself{part} {when}, or as soon as everybody has handed in."


def erased_card(feedback: Feedback) -> View:
    """What is left of feedback that its coach has erased."""
    debrief, round_id = feedback.debrief, feedback.round.id
    seat = feedback.round.seat_of(debrief.coach_user_id)
    buttons: list[Component] = []
    parts: list[Part] = [
        "### 🗑️ The feedback on this round is erased",
        (
            "**No notes and sheets of observers are kept of this round.** You have erased them, so"
            " there is nothing to share any more."
        ),
        *client_blocks(feedback),
    ]
    if debrief.posts or debrief.unsure:
        parts.append("⚠️ Something that you shared may still be in the room.")
        buttons.append(UNSHARE.button(round_id=round_id))
    if seat is not None and seat.was_client:
        buttons.append(ERASE_ROUND.button(round_id=round_id, style=Style.secondary))
    return card(*parts, *([row(*buttons)] if buttons else []), accent=ACCENT)


async def opened_or_erased(interaction: Interaction, round_id: int) -> Feedback | None:
    """A coach's feedback; None where they have erased it, and the card says so now."""
    feedback = await debriefs_of(interaction).open(round_id, interaction.user.id)
    if not feedback.debrief.is_erased:
        return feedback
    await redraw(interaction, erased_card(feedback))
    return None


def feedback_card(feedback: Feedback, content: Content, page: int, *, unfolded: bool) -> View:
    """One page of a coach's feedback."""
    if feedback.debrief.is_erased:
        return erased_card(feedback)
    pages = paged(blocks(feedback, content, unfolded=unfolded), most_text=PAGE_TEXT, most_blocks=14)
    page = min(max(page, 0), len(pages) - 1)
    round_id = feedback.round.id
    where = f" · page {page + 1} of {len(pages)}" if len(pages) > 1 else ""
    fold = "1" if unfolded else "0"
    first: list[Component] = [WRITE_TRY.button(round_id=round_id, style=Style.primary)]
    if feedback.moments:
        first.append(TIME_LINE.button(round_id=round_id))
    if feedback.has_anything:
        first.append(ASK_TO_SHARE.button(round_id=round_id))
    second: list[Component] = []
    if feedback.moments:
        second.append(ABOUT_NOTES.button(round_id=round_id, page=0))
    if not unfolded and has_folded(feedback):
        second.append(FEEDBACK_PAGE.button(round_id=round_id, page=page, fold="1"))
    if feedback.has_anything:
        second.append(ERASE_FEEDBACK.button(round_id=round_id))
    seat = feedback.round.seat_of(feedback.debrief.coach_user_id)
    if seat is not None and seat.was_client:
        second.append(ERASE_ROUND.button(round_id=round_id, style=Style.secondary))
    return card(
        f"### 🎁 Feedback on your coaching{where}\n"
        f"-# {safe(feedback.round.format.name)} · only you see this",
        *pages[page],
        *turning(
            page,
            len(pages),
            lambda to, label: FEEDBACK_PAGE.button(
                round_id=round_id, page=to, fold=fold, label=label
            ),
        ),
        row(*first),
        *([row(*second)] if second else []),
        accent=ACCENT,
    )


@LOOK_AGAIN.pressed
async def show_feedback(interaction: Interaction, round_id: int) -> None:
    """Show a coach's feedback in place of the card that was clicked."""
    round_ = await services_of(interaction)[FeedbackAccess].find(round_id)
    await _show(interaction, round_, redraw)


@SKIP_OWN_VIEW.pressed
async def skip_own_view(interaction: Interaction, round_id: int) -> None:
    """Skip the coach's own view, and show what there is then."""
    await sheets_of(interaction).skip_own(round_id, interaction.user.id)
    await show_feedback(interaction, round_id)


@FEEDBACK_PAGE.pressed
async def show_feedback_page(interaction: Interaction, round_id: int, page: int, fold: str) -> None:
    """Show another page of the feedback, or all of it, in the same place."""
    round_ = await services_of(interaction)[FeedbackAccess].find(round_id)
    shown = await coach_card(interaction, round_, page, unfolded=fold == "1")
    await redraw(interaction, shown.view)


# The picture


def time_line(feedback: Feedback, content: Content, now: datetime) -> TimeLine:
    """What the picture shows: every moment once, with both sides, and the phases heard."""
    heard = [moment for moment in feedback.moments if moment.side is Side.QUESTION]
    return TimeLine(
        coached=feedback.round.coached_for(now),
        marks=tuple(
            Mark(moment.at, moment.code, moment.side is Side.SEEN, moment.seats)
            for moment in feedback.moments
            if moment.side is not Side.QUESTION
        ),
        phases=tuple(
            PhaseMark(one.at, content.phases[one.phase].label) for one in heard if one.phase
        ),
        names={
            listed_.code: (listed_.counterpart, listed_.signal)
            for listed_ in feedback.debrief.listed
        },
        observers=feedback.observers,
    )


@TIME_LINE.pressed
async def show_time_line(interaction: Interaction, round_id: int) -> None:
    """Paint the round as a time line in a thread, and answer with it in private."""
    feedback = await opened_or_erased(interaction, round_id)
    if feedback is None:
        return
    await defer(interaction, ephemeral=True, thinking=True)
    access = services_of(interaction)[FeedbackAccess]
    content = await access.content_of(feedback.round)
    line = time_line(feedback, content, access.now())
    png = await asyncio.to_thread(paint, line)
    shown = picture(PICTURE, describe(line))
    view = card("### 📈 The coaching as a time line", shown, accent=ACCENT)
    await reply(interaction, view, files=[discord.File(io.BytesIO(png), filename=PICTURE)])
