"""Showing one's own feedback to the room, all of it or a part, and erasing it."""

from __future__ import annotations

from typing import Any

import discord

from bot.domain.content import Content
from bot.domain.debriefs import Shared
from bot.domain.errors import DojoError
from bot.services.debriefs import Feedback
from bot.ui.answers import defer, redraw
from bot.ui.components import Part, card, row
from bot.ui.debrief import ACCENT, debriefs_of
from bot.ui.debrief_posts import delete, next_page, post, remove, replace, shares
from bot.ui.debrief_texts import pulled_blocks, seen_blocks
from bot.ui.file_traces import with_file_traces
from bot.ui.interactions import Interaction, View, person_of, services_of
from bot.ui.round_steps import ROUND, RoundButton, button_to
from bot.ui.texts import paged, safe

PAGE_TEXT = 3_200
TRY = "try"


def shared_cards(feedback: Feedback, content: Content, shared: Shared) -> list[View]:
    """What the room sees: without the names of observers, and without the coach's own view."""
    coach_id = feedback.debrief.coach_user_id
    found = seen_blocks(feedback, content, names=False, for_room=True)
    if shared is Shared.ALL:
        found += pulled_blocks(feedback, content, names=False, unfolded=True, for_room=True)
        found += _try_block(feedback)
    pages = paged(found, most_text=PAGE_TEXT, most_blocks=20)
    titles = [f"{next_page(coach_id)}{at + 1} of {len(pages)}" for at in range(len(pages))]
    titles[0] = f"{shares(coach_id)} their feedback"
    return [card(title, *page, accent=ACCENT) for title, page in zip(titles, pages, strict=True)]


def try_card(feedback: Feedback) -> View:
    """Only what the coach wants to try."""
    return card(
        shares(feedback.debrief.coach_user_id),
        *_try_block(feedback),
        accent=ACCENT,
    )


def _try_block(feedback: Feedback) -> list[str]:
    said = feedback.debrief.next_try
    return [f"🎯 **One thing to try:** {safe(said)}"] if said else []


async def show_without_words(interaction: Interaction, round_id: int) -> bool:
    """Take words out of what coaches shared in the room; whether that was possible."""
    debriefs = services_of(interaction).debriefs
    are_gone = True
    for one in await debriefs.posted(round_id):
        views = None
        if one.debrief.shared is not Shared.NOTHING:
            content = await debriefs.desk.content_of(one.round)
            views = shared_cards(one, content, one.debrief.shared)
        are_gone &= await replace(interaction, one, views)
    return are_gone


class Sharing(RoundButton, template=rf"{ROUND}:share"):
    """Asks how much to share."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "share", "Share with the room", emoji="📣")

    async def pressed(self, interaction: Interaction) -> None:
        """Say what everybody would see, and ask."""
        feedback = await debriefs_of(interaction).open(self.round_id, interaction.user.id)
        buttons = [Share(self.round_id, Shared.SEEN.value), Share(self.round_id, Shared.ALL.value)]
        if feedback.debrief.next_try:
            buttons.append(Share(self.round_id, TRY))
        is_shared = bool(feedback.debrief.posts or feedback.debrief.unsure)
        parts: list[Part] = [
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
            row(*buttons),
            *([row(Unshare(self.round_id))] if is_shared else []),
            row(button_to(self.round_id, "look-again", "Back, share nothing", emoji="↩️")),
        ]
        await redraw(interaction, card(*parts, accent=ACCENT))


class Share(RoundButton, template=rf"{ROUND}:share:(?P<what>seen|all|try)"):
    """Posts it in the room."""

    def __init__(self, round_id: str | int, what: str) -> None:
        self.what = what
        label = {
            Shared.SEEN.value: "What observers saw me do",
            Shared.ALL.value: "Everything noted",
            TRY: "My one thing to try",
        }[what]
        super().__init__(round_id, f"share:{what}", label, emoji="📣")

    async def pressed(self, interaction: Interaction) -> None:
        """Post it, note that it is shared, and lead back."""
        await defer(interaction)
        async with debriefs_of(interaction).sharing(self.round_id, interaction.user.id):
            view = await self._share(interaction)
        await redraw(interaction, view)

    async def _share(self, interaction: Interaction) -> View:
        debriefs, user_id = debriefs_of(interaction), interaction.user.id
        feedback = await debriefs.open(self.round_id, user_id)
        content = await debriefs.desk.content_of(feedback.round)
        if self.what == TRY:
            shared, views = feedback.debrief.shared, [try_card(feedback)]
        else:
            shared = Shared(self.what)
            views = shared_cards(feedback, content, shared)
        posts = await post(interaction, feedback, self.what, views)
        try:
            await debriefs.share(self.round_id, user_id, shared)
        except DojoError:
            # Erased while it was posted: nobody would know later which messages these are.
            await delete(interaction, feedback.round, posts)
            raise
        now = await debriefs.open(self.round_id, user_id)
        if feedback.may_quote and not now.may_quote:
            # The client said no while it was posted.
            await show_without_words(interaction, self.round_id)
        room = f"<#{feedback.round.room_id}>"
        buttons = row(_back(self.round_id), Unshare(self.round_id))
        return card(f"📣 Shared in {room}.", buttons, accent=ACCENT)


def _back(round_id: int) -> discord.ui.Button[Any]:
    return button_to(round_id, "look-again", "Back to my feedback", emoji="🎁")


class Unshare(RoundButton, template=rf"{ROUND}:unshare"):
    """Takes back what was shared."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "unshare", "Take it back", emoji="🧹")

    async def pressed(self, interaction: Interaction) -> None:
        """Delete it from the room; facilitators cannot open it any more either."""
        await defer(interaction)
        debriefs, user_id = debriefs_of(interaction), interaction.user.id
        async with debriefs.sharing(self.round_id, user_id):
            feedback = await debriefs.open(self.round_id, user_id)
            left = await remove(interaction, feedback)
            await debriefs.unshare(self.round_id, user_id, left.posts, left.unsure)
        said = "🧹 Nothing of your feedback is shared any more."
        if left:
            said = (
                f"⚠️ I could not delete it in <#{feedback.round.room_id}>. Facilitators cannot open"
                " it any more. Please try again, or ask a moderator to delete it there."
            )
        await redraw(interaction, card(said, row(_back(self.round_id)), accent=ACCENT))


class Erase(RoundButton, template=rf"{ROUND}:clear", is_own=True):
    """Asks before the feedback is erased."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "clear", "Erase…", emoji="🗑️")

    async def pressed(self, interaction: Interaction) -> None:
        """Say what goes, and ask."""
        await debriefs_of(interaction).open(self.round_id, interaction.user.id)
        view = card(
            "### Erase this feedback?",
            "All notes and sheets about you in this round, your own view and your one thing to try"
            " go, for good, and what you shared in the room. That you coached, and for how long,"
            " stays in your record.",
            row(
                EraseIndeed(self.round_id),
                button_to(self.round_id, "look-again", "Keep it", emoji="↩️"),
            ),
            accent=ACCENT,
        )
        await redraw(interaction, view)


class EraseIndeed(RoundButton, template=rf"{ROUND}:clear-indeed", is_own=True):
    """Erases the feedback."""

    def __init__(self, round_id: str | int) -> None:
        danger = discord.ButtonStyle.danger
        super().__init__(round_id, "clear-indeed", "Erase it", emoji="🗑️", style=danger)

    async def pressed(self, interaction: Interaction) -> None:
        """Do so, also in the room, and say so."""
        await defer(interaction)
        debriefs, user_id = debriefs_of(interaction), interaction.user.id
        async with debriefs.sharing(self.round_id, user_id):
            feedback = await debriefs.open(self.round_id, user_id)
            left = await remove(interaction, feedback)
            await debriefs.unshare(self.round_id, user_id, left.posts, left.unsure)
            await debriefs.erase(self.round_id, user_id)
        said = "🗑️ The feedback on this round is erased."
        if left:
            said += (
                f"\n⚠️ I could not delete what you shared in <#{feedback.round.room_id}>. Please ask"
                " a moderator to delete it there."
            )
        said = with_file_traces(interaction, said)
        await redraw(interaction, card(said, accent=ACCENT))


class ShowShared(RoundButton, template=rf"{ROUND}:shared:(?P<coach_id>\d{{1,20}})"):
    """Shows a facilitator what a coach shared."""

    def __init__(self, round_id: str | int, coach_id: str | int) -> None:
        self.coach_id = int(coach_id)
        super().__init__(round_id, f"shared:{coach_id}", "What was shared", emoji="📣")

    async def pressed(self, interaction: Interaction) -> None:
        """Show it, for facilitators only."""
        services = services_of(interaction)
        round_ = await services.debriefs.desk.find(self.round_id)
        services.rounds.check_facilitates(round_, person_of(interaction))
        feedback = await services.debriefs.shared(self.round_id, self.coach_id)
        content = await services.debriefs.desk.content_of(round_)
        first, *_ = shared_cards(feedback, content, feedback.debrief.shared)
        await redraw(interaction, first)
