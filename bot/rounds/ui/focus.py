"""What the coach of a round wants watched: said in a form, and shown to those who observe.

The client does not read it before: what they know to be practised on them would look staged.
"""

from __future__ import annotations

from bot.content.model.content import Content
from bot.content.model.formats import SegmentKind
from bot.dojos.model.dojo import MOST_FOCUS
from bot.kit.discord.actions import FormShown, menu_field, text_field
from bot.kit.discord.answers import defer, redraw, show_form
from bot.kit.discord.ask_before_keeping import Texts
from bot.kit.discord.cards import card
from bot.kit.discord.forms import Typed, choices, one
from bot.kit.discord.interactions import Interaction, person_of, services_of
from bot.kit.discord.text import cut, safe
from bot.kit.personal_words import finds, tidy
from bot.rounds.actions import FOCUS_FORM, WISH_WORDS
from bot.rounds.model.moves import check_is_coach
from bot.rounds.model.round import LONGEST_WISH, Round, Seat
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.proposing import RoundProposing
from bot.rounds.ui.shared import content_of
from bot.rounds.ui.words import PARTNERING, SIGNAL

WISH = "What feedback would help"
FOCUSED = (SegmentKind.AGREE, SegmentKind.COACH, SegmentKind.WRITE)
"""The parts in which something is watched."""
SEEN_BY = "Observers see it. The room reads only that there is a focus."
FOCUS_NAMED = "🔎 Observers watch for a focus."


def has_focus(round_: Round) -> bool:
    """Whether the coach has said what they want watched."""
    return round_.coach is not None and bool(round_.coach.focus or round_.coach.wish)


def focus_text(seat: Seat | None, content: Content | None) -> str:
    """What a coach wants watched, in words; empty when they have not said."""
    if seat is None:
        return ""
    parts: list[str] = []
    if seat.focus:
        known = {s.code: s for s in content.signals.signals} if content else {}
        parts += [
            f"{code} {PARTNERING} {safe(known[code].counterpart.name)}"
            f" / {SIGNAL} {safe(known[code].name)}"
            if code in known
            else safe(code)
            for code in seat.focus
        ]
    if seat.wish:
        parts.append(f"“{safe(seat.wish)}”")
    return " · ".join(parts)


def focus_form(
    round_id: int, seat: Seat, content: Content, wish: str, *, is_from_last: bool = False
) -> FormShown:
    """A form for up to two codes, and a line in the coach's own words."""
    offered = [
        (
            one.code,
            cut(f"{one.code} {PARTNERING} {one.counterpart.name}", 100),
            cut(f"{SIGNAL} {one.name}", 100),
        )
        for one in content.signals.signals
    ]
    hint = "In a line, about yourself; never about the client."
    if is_from_last:
        hint = "Last time you wanted to try this. Keep it, or change it."
    return FOCUS_FORM.form(
        menu_field(
            "Watch me for",
            "codes",
            offered,
            seat.focus,
            most=min(MOST_FOCUS, len(offered)),
            placeholder="Up to two, or none",
            description=SEEN_BY,
        ),
        text_field(
            "What feedback would help you?",
            "wish",
            most=LONGEST_WISH,
            filled=wish,
            example="e.g. Do I leave room after a question?",
            description=hint,
        ),
        round_id=round_id,
    )


@FOCUS_FORM.submitted
async def save_focus(interaction: Interaction, typed: Typed, round_id: int) -> None:
    """Save it; the card says that there is one."""
    await defer(interaction)
    services, person = services_of(interaction), person_of(interaction)
    content = await content_of(interaction, services[LiveRounds].get(round_id))
    codes = choices(typed, "codes", {signal.code for signal in content.signals.signals})
    wish = tidy(one(typed, "wish"), LONGEST_WISH)
    if finds(wish):
        # The codes are saved at once; the wish stays what it was until the answer.
        before = check_is_coach(services[LiveRounds].get(round_id), person.user_id).wish
        await services[RoundProposing].watch_for(round_id, person, codes, before)
        await WISH_WORDS.keep(interaction, {WISH: wish}, round_id=round_id)
        return
    await services[RoundProposing].watch_for(round_id, person, codes, wish)


@WISH_WORDS.kept
async def keep_wish(interaction: Interaction, texts: Texts, round_id: int) -> None:
    """Keep the wish, and say who sees it."""
    services, person = services_of(interaction), person_of(interaction)
    seat = check_is_coach(services[LiveRounds].get(round_id), person.user_id)
    await services[RoundProposing].watch_for(round_id, person, seat.focus, texts.get(WISH, ""))
    await redraw(interaction, card(f"🔎 Saved. {SEEN_BY}"))


@WISH_WORDS.changed
async def change_wish(interaction: Interaction, texts: Texts, round_id: int) -> None:
    """Open the form again, with the wish in it."""
    services = services_of(interaction)
    round_ = services[LiveRounds].get(round_id)
    seat = check_is_coach(round_, interaction.user.id)
    content = await content_of(interaction, round_)
    await show_form(interaction, focus_form(round_id, seat, content, texts.get(WISH, "")))
