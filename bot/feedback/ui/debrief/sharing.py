"""Shares a coach's own feedback with the room, all or part of it, and erases it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.content.model.content import Content
from bot.feedback.actions import (
    ALLOW_WORDS,
    ASK_TO_SHARE,
    CONFIRM_ERASE_FEEDBACK,
    ERASE_FEEDBACK,
    LOOK_AGAIN,
    SHARE,
    SHOW_SHARED,
    UNSHARE,
)
from bot.feedback.model.debriefs import Shared
from bot.feedback.model.refusals import NothingToShow
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.service.debriefs import DebriefService, Feedback
from bot.feedback.ui.client_view import client_card_of
from bot.feedback.ui.debrief.debrief import ACCENT, debriefs_of, erased_card, opened_or_erased
from bot.feedback.ui.debrief.posts import delete, next_page, post, remove, replace, shares
from bot.feedback.ui.debrief.words import seen_blocks, signal_blocks
from bot.feedback.ui.sheets import ACCENT as SHEET_ACCENT
from bot.feedback.ui.sheets import sheets_of
from bot.kit.discord.answers import defer, redraw, reply
from bot.kit.discord.cards import Component, card, row
from bot.kit.discord.file_traces import with_file_traces
from bot.kit.discord.interactions import Interaction, View, person_of, services_of
from bot.kit.discord.text import paged, safe
from bot.kit.refusals import DojoError
from bot.rounds.service.access import RoundAccess

PAGE_TEXT = 3_200
TRY = "try"
PARTS = {
    Shared.SEEN.value: "What observers saw me do",
    Shared.ALL.value: "Everything noted",
    TRY: "My one thing to try",
}
"""What can be shared, as the buttons call it."""


def shared_cards(feedback: Feedback, content: Content, shared: Shared) -> list[View]:
    """What the room sees: without observers' names, and without the coach's own view."""
    coach_id = feedback.debrief.coach_user_id
    found = seen_blocks(feedback, content, names=False, for_room=True)
    if shared is Shared.ALL:
        found += signal_blocks(feedback, content, names=False, unfolded=True, for_room=True)
        found += _try_block(feedback)
    pages = paged(found, most_text=PAGE_TEXT, most_blocks=20)
    titles = [f"{next_page(coach_id)}{at + 1} of {len(pages)}" for at in range(len(pages))]
    titles[0] = f"{shares(coach_id)} their feedback"
    return [card(title, *page, accent=ACCENT) for title, page in zip(titles, pages, strict=True)]


def try_card(feedback: Feedback) -> View:
    """Only what the coach wants to try."""
    return card(shares(feedback.debrief.coach_user_id), *_try_block(feedback), accent=ACCENT)


def _try_block(feedback: Feedback) -> list[str]:
    said = feedback.debrief.next_try
    return [f"🎯 **One thing to try:** {safe(said)}"] if said else []


async def show_without_words(interaction: Interaction, round_id: int) -> bool:
    """Take the words out of what coaches shared in the room. Returns whether that was possible."""
    debriefs = services_of(interaction)[DebriefService]
    are_gone = True
    for one in await debriefs.posted(round_id):
        views = None
        if one.debrief.shared is not Shared.NOTHING:
            content = await services_of(interaction)[FeedbackAccess].content_of(one.round)
            views = shared_cards(one, content, one.debrief.shared)
        are_gone &= await replace(interaction, one, views)
    return are_gone


@ASK_TO_SHARE.pressed
async def ask_to_share(interaction: Interaction, round_id: int) -> None:
    """Say what everybody would see, and ask how much to share."""
    feedback = await opened_or_erased(interaction, round_id)
    if feedback is None:
        return
    ways = _ways(feedback)
    is_shared = bool(feedback.debrief.posts or feedback.debrief.unsure)
    view = card(
        "### 📣 Share with the room",
        (
            f"It is posted in <#{feedback.round.room_id}>, for everybody who can read there,"
            " and facilitators may open it later. Observers are not named, though in a small"
            " group everybody can guess. Your own view and what the client said stay with you."
        ),
        (
            "-# The words that observers typed are left out, unless the client has allowed them"
            " in private. Codes, times and counts are shown."
        ),
        *([row(*_buttons(round_id, ways))] if ways else [NOTHING]),
        *([row(UNSHARE.button(round_id=round_id))] if is_shared else []),
        row(_back(round_id, "Back, share nothing", "↩️")),
        accent=ACCENT,
    )
    await redraw(interaction, view)


NOTHING = "There is nothing to share: nothing of it is in writing."


def _ways(feedback: Feedback) -> list[str]:
    """What there is to share."""
    written = [Shared.SEEN.value, Shared.ALL.value] if feedback.has_writing else []
    return [*written, TRY] if feedback.debrief.next_try else written


def _buttons(round_id: int, ways: Sequence[str]) -> list[Component]:
    """A button for each way to share."""
    return [SHARE.button(round_id=round_id, what=one, label=PARTS[one]) for one in ways]


@SHARE.pressed
async def share(interaction: Interaction, round_id: int, what: str) -> None:
    """Post it in the room, store that it is shared, and lead back."""
    await defer(interaction)
    async with debriefs_of(interaction).sharing[round_id, interaction.user.id]:
        view = await _share(interaction, round_id, what)
    await redraw(interaction, view)


async def _share(interaction: Interaction, round_id: int, what: str) -> View:
    debriefs, user_id = debriefs_of(interaction), interaction.user.id
    feedback = await debriefs.open(round_id, user_id)
    if feedback.debrief.is_erased:
        return erased_card(feedback)
    if what not in _ways(feedback):
        raise NothingToShow("share")
    content = await services_of(interaction)[FeedbackAccess].content_of(feedback.round)
    if what == TRY:
        shared, views = feedback.debrief.shared, [try_card(feedback)]
    else:
        shared = Shared(what)
        views = shared_cards(feedback, content, shared)
    posts = await post(interaction, feedback, what, views)
    try:
        await debriefs.share(round_id, user_id, shared)
    except DojoError:
        # Erased while it was posted: nobody would know later which messages these are.
        await delete(interaction, feedback.round, posts)
        raise
    now = await debriefs.open(round_id, user_id)
    if feedback.may_quote and not now.may_quote:
        # The client said no while it was posted.
        await show_without_words(interaction, round_id)
    buttons = row(_back(round_id), UNSHARE.button(round_id=round_id))
    return card(f"📣 Shared in <#{feedback.round.room_id}>.", buttons, accent=ACCENT)


def _back(round_id: int, label: str = "Back to my feedback", emoji: str = "🎁") -> Component:
    return LOOK_AGAIN.button(round_id=round_id, label=label, emoji=emoji)


@UNSHARE.pressed
async def unshare(interaction: Interaction, round_id: int) -> None:
    """Delete it from the room; facilitators cannot open it any more either."""
    await defer(interaction)
    debriefs, user_id = debriefs_of(interaction), interaction.user.id
    async with debriefs.sharing[round_id, user_id]:
        feedback = await debriefs.open(round_id, user_id)
        left = await remove(interaction, feedback)
        await debriefs.unshare(round_id, user_id, left.posts, left.unsure)
    said = "🧹 Nothing of your feedback is shared any more."
    if left:
        said = (
            f"⚠️ I could not delete it in <#{feedback.round.room_id}>. Facilitators cannot open"
            " it any more. Please try again, or ask a moderator to delete it there."
        )
    await redraw(interaction, card(said, row(_back(round_id)), accent=ACCENT))


@ERASE_FEEDBACK.pressed
async def ask_to_erase(interaction: Interaction, round_id: int) -> None:
    """Say what will be erased, and ask."""
    if await opened_or_erased(interaction, round_id) is None:
        return
    view = card(
        "### Erase this feedback?",
        "All notes and sheets about you in this round, your own view and your one thing to try"
        " go, for good, and what you shared in the room. That you coached, and for how long,"
        " stays in your record.",
        row(CONFIRM_ERASE_FEEDBACK.button(round_id=round_id), _back(round_id, "Keep it", "↩️")),
        accent=ACCENT,
    )
    await redraw(interaction, view)


@CONFIRM_ERASE_FEEDBACK.pressed
async def erase(interaction: Interaction, round_id: int) -> None:
    """Erase the feedback, also in the room, and say so."""
    await defer(interaction)
    debriefs, user_id = debriefs_of(interaction), interaction.user.id
    async with debriefs.sharing[round_id, user_id]:
        feedback = await debriefs.open(round_id, user_id)
        left = await remove(interaction, feedback)
        await debriefs.unshare(round_id, user_id, left.posts, left.unsure)
        await debriefs.erase(round_id, user_id)
    said = "🗑️ The feedback on this round is erased."
    if left:
        said += (
            f"\n⚠️ I could not delete what you shared in <#{feedback.round.room_id}>. Please ask"
            " a moderator to delete it there."
        )
    said = with_file_traces(interaction, said)
    await redraw(interaction, card(said, accent=ACCENT))


@SHOW_SHARED.pressed
async def show_shared(interaction: Interaction, round_id: int, coach_id: int) -> None:
    """Show a facilitator what a coach shared."""
    services = services_of(interaction)
    round_ = await services[FeedbackAccess].find(round_id)
    services[RoundAccess].check_facilitates(round_, person_of(interaction))
    feedback = await services[DebriefService].shared(round_id, coach_id)
    content = await services[FeedbackAccess].content_of(round_)
    first, *_ = shared_cards(feedback, content, feedback.debrief.shared)
    await redraw(interaction, first)


@ALLOW_WORDS.pressed
async def allow_words(interaction: Interaction, round_id: int, may: str) -> None:
    """Store whether the client allows words to be shown; if not, remove them from the room."""
    await defer(interaction)
    is_allowed = may == "yes"
    await sheets_of(interaction).let_quote(round_id, interaction.user.id, may=is_allowed)
    are_gone = is_allowed or await show_without_words(interaction, round_id)
    await redraw(interaction, await client_card_of(interaction, round_id))
    if not are_gone:
        left = (
            "⚠️ I could not change what is in the room already. Please press again, or ask a"
            " moderator to delete it there."
        )
        await reply(interaction, card(left, accent=SHEET_ACCENT))
