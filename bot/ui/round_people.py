"""What is between one person and the round: the role now, a moment, leaving and coming back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import discord

from bot.domain.content import Content
from bot.domain.errors import AlreadyDone
from bot.domain.round_actions import Did
from bot.domain.rounds import ANSWER_WITHIN, Agreement, Role, Round, Seat, State
from bot.domain.sheets import is_coaching_over
from bot.services.safety import Support
from bot.ui.answers import redraw, reply
from bot.ui.cards import Component
from bot.ui.components import Part, card, row
from bot.ui.dojo_texts import support_text
from bot.ui.erasing import erase_buttons
from bot.ui.interactions import Interaction, View, person_of, services_of
from bot.ui.late_observers import waiting_card
from bot.ui.round_agreement import AGREED, Agree, CannotCome, Join, check_in_room
from bot.ui.round_briefs import brief
from bot.ui.round_focus import Focus, focus_text
from bot.ui.round_steps import ROUND, RoundButton, button_to, content_of, mention, rounds_of
from bot.ui.round_texts import ROLE, SEGMENT, exactly
from bot.ui.texts import moment

MOST_BUTTONS = 20
"""People that can be chosen from by button; of larger groups only the first."""
NO_SUPPORT = Support()
"""What holds in a dojo that has named no contact and set no support line."""


def personal_row(round_: Round) -> Component:
    """The buttons that answer in private."""
    return row(
        *feedback_buttons(round_), MyRole(round_.id), Moment(round_.id), SomeoneLeft(round_.id)
    )


def feedback_buttons(round_: Round) -> list[discord.ui.Item[Any]]:
    """The ways to the pad, where there is anybody to observe, and to the feedback, in its time."""
    buttons: list[discord.ui.Item[Any]] = []
    if round_.observers:
        buttons.append(button_to(round_.id, "pad", "Open my pad", emoji="📝"))
    if is_coaching_over(round_):
        buttons.append(button_to(round_.id, "my-feedback", "Open my feedback", emoji="🎁"))
    return buttons


def own_card(
    round_: Round, user_id: int, now: datetime, content: Content, support: Support = NO_SUPPORT
) -> View:
    """What a person has to know of the round now: what is theirs to do, or what they wait for."""
    waits = round_.waits_for(user_id)
    if waits is not None and not waits.has_gone and not round_.takes_part(user_id):
        return waiting_card(round_)
    return role_card(round_, round_.seat_of(user_id), now, content, support)


def enough_cards(round_: Round) -> View:
    """Instead of one more card in the room: where the last one is."""
    link = f"https://discord.com/channels/{round_.guild_id}/{round_.room_id}/{round_.card_id}"
    where = f" It is here: {link}" if round_.card_id is not None else ""
    return card(f"I have just brought the card down for you.{where} Try again in a minute.")


def role_card(
    round_: Round,
    seat: Seat | None,
    now: datetime,
    content: Content,
    support: Support = NO_SUPPORT,
) -> View:
    """What a person does now, what they do not do, and how long; with what they can change."""
    if seat is None:
        return card("You are not in this round. You may come as an observer.", row(Join(round_.id)))
    if not seat.is_here:
        buttons: list[discord.ui.Item[Any]] = [ComeBack(round_.id), *erase_buttons(round_, seat)]
        return card("You have left this round.", row(*buttons), *_where_to_turn(round_, support))
    if not round_.is_in(seat):
        return _asked_card(round_)
    emoji, name = ROLE[seat.role]
    hands_over = round_.awaits_next_coach and seat.role is Role.COACH
    does, does_not = brief(Role.OBSERVER if hands_over else seat.role, round_.kind)
    parts: list[Part] = [
        f"### {emoji} {name}",
        f"✅ {does}\n🚫 {does_not}\n⏱️ {_how_long(round_, now)}",
    ]
    focus = focus_text(round_.coach, content)
    if focus and seat.role is not Role.CLIENT and not is_coaching_over(round_):
        who = "You ask observers" if seat.role is Role.COACH else "The coach asks you"
        parts.append(f"🔎 {who} to watch for: {focus}")
    # Taking an agreement back is as easy as giving it.
    others = [one for one in (Agreement.NOTES, Agreement.NO_NOTES) if one is not seat.agreement]
    answers = [
        Agree(round_.id, one, is_change=seat.agreement is not Agreement.OPEN) for one in others
    ]
    parts += [f"-# {AGREED[seat.agreement]}", row(*answers)]
    buttons = []
    if seat.role is Role.COACH:
        buttons.append(Focus(round_.id))
    if is_coaching_over(round_):
        buttons += _own_words(round_, seat)
    if round_.has_begun:
        buttons.append(Leave(round_.id))
    buttons += erase_buttons(round_, seat)
    return card(*parts, *([row(*buttons)] if buttons else []), *_where_to_turn(round_, support))


def support_here(interaction: Interaction, round_: Round) -> Support:
    """Where the person who acts can turn."""
    return services_of(interaction).contacts.support_for(round_, interaction.user.id)


def _where_to_turn(round_: Round, support: Support) -> list[Part]:
    """For everybody in a round: the way to the safety contact, or else the support line."""
    if support.has_contact:
        return [row(button_to(round_.id, "talk", "Talk to the safety contact", emoji="🕊️"))]
    text = support_text(support.line)
    return [text] if text else []


def _asked_card(round_: Round) -> View:
    """The way in for someone who was asked before the clock began and has not answered."""
    return card(
        "**You are asked to observe this round.** Once you agree, you take part. Until then nothing"
        " of it is yours to do.",
        row(
            Agree(round_.id, Agreement.NOTES),
            Agree(round_.id, Agreement.NO_NOTES),
            CannotCome(round_.id),
        ),
    )


def _own_words(round_: Round, seat: Seat) -> list[discord.ui.Item[Any]]:
    """What a person says of the round themself, once the coaching is over."""
    match seat.role:
        case Role.COACH:
            return [button_to(round_.id, "own", "My own view", emoji="🪞")]
        case Role.CLIENT:
            return [button_to(round_.id, "say", "How it was for me…", emoji="💬")]
        case _:
            return []


def _how_long(round_: Round, now: datetime) -> str:
    words = SEGMENT[round_.kind] if round_.kind else None
    if words is None:
        return "The clock has not begun."
    if round_.state is State.PAUSED:
        return f"{words.title}: paused, with {exactly(round_.left(now))} left."
    if round_.segment_ends_at is None or round_.left(now).total_seconds() <= 0:
        return f"{words.title}: the time is up; it ends softly."
    ends_at = round_.segment_ends_at
    return f"{words.title} until {moment(ends_at, 'T')} ({moment(ends_at, 'R')})."


class MyRole(RoundButton, template=rf"{ROUND}:role"):
    """Tells a person what is theirs to do."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "role", "My role now", emoji="🎭")

    async def pressed(self, interaction: Interaction) -> None:
        """Answer with the brief, as of now."""
        kept = rounds_of(interaction).kept
        round_ = kept.get(self.round_id)
        content = await content_of(interaction, round_)
        support = support_here(interaction, round_)
        view = own_card(round_, interaction.user.id, kept.now(), content, support)
        await reply(interaction, view)


class Moment(RoundButton, template=rf"{ROUND}:moment"):
    """Somebody of the round needs a moment."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "moment", "I need a moment", emoji="🤲")

    async def pressed(self, interaction: Interaction) -> None:
        """Pause at once, and offer the ways on; nobody else learns who it was."""
        rounds = rounds_of(interaction)
        round_ = await rounds.need_moment(self.round_id, person_of(interaction))
        seat = round_.get_seat(interaction.user.id)
        support = support_here(interaction, round_)
        await reply(interaction, moment_card(round_, seat, support))


_WAYS = {
    Role.COACH: "go on, leave the round, or end the round",
    Role.CLIENT: (
        "go on, leave the round, end the round, or end it and have everything about it erased"
    ),
    Role.OBSERVER: "go on, or leave the round",
}


def moment_card(round_: Round, seat: Seat, support: Support = NO_SUPPORT) -> View:
    """The ways on for someone who needed a moment, and the support line of the dojo."""
    text = support_text(support.line)
    talk = _where_to_turn(round_, support) if support.has_contact else []
    buttons: list[discord.ui.Item[Any]] = [GoOn(round_.id), Leave(round_.id)]
    if seat.role is not Role.OBSERVER:
        buttons.append(EndQuietly(round_.id))
    buttons += erase_buttons(round_, seat, is_going_on=True)
    return card(
        "### 🤲 The round is paused",
        "The room is not told who asked for it, or why. Take the time you need. Then"
        f" {_WAYS[seat.role]}; the room sees who leaves, not why. Nobody is told who went on or"
        " ended it. You need give no reason for any of it.",
        *([text] if text else []),
        row(*buttons),
        *talk,
    )


class GoOn(RoundButton, template=rf"{ROUND}:go-on"):
    """Goes on after a moment."""

    def __init__(self, round_id: str | int) -> None:
        green = discord.ButtonStyle.success
        super().__init__(round_id, "go-on", "Resume", emoji="▶️", style=green)

    async def pressed(self, interaction: Interaction) -> None:
        """Start the clock again; the room is not told who did."""
        await rounds_of(interaction).resume(self.round_id, person_of(interaction), quietly=True)
        await redraw(interaction, card("▶️ The clock is running."))


class EndQuietly(RoundButton, template=rf"{ROUND}:end-quietly"):
    """Ends the round after a moment."""

    def __init__(self, round_id: str | int) -> None:
        danger = discord.ButtonStyle.danger
        super().__init__(round_id, "end-quietly", "End the round", emoji="⏹️", style=danger)

    async def pressed(self, interaction: Interaction) -> None:
        """End it; the room is not told who did."""
        await rounds_of(interaction).stop(self.round_id, person_of(interaction), quietly=True)
        await redraw(interaction, card("⏹️ The round has ended."))


class Leave(RoundButton, template=rf"{ROUND}:leave"):
    """Leaves the round."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "leave", "Leave the round", emoji="🚪")

    async def pressed(self, interaction: Interaction) -> None:
        """Leave, with the way back at hand."""
        round_ = await rounds_of(interaction).leave(self.round_id, person_of(interaction))
        back = [row(ComeBack(round_.id))] if round_.is_open else []
        await redraw(
            interaction,
            card("👋 You have left the round. The room sees that you left, not why.", *back),
        )


class ComeBack(RoundButton, template=rf"{ROUND}:back"):
    """Comes back to the round."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "back", "Come back", emoji="🙌")

    async def pressed(self, interaction: Interaction) -> None:
        """Take the old seat if it is free, else one as observer, and say which.

        Where the client is asked first, say that.
        """
        rounds = rounds_of(interaction)
        check_in_room(interaction, rounds.kept.get(self.round_id))
        round_ = await rounds.join(self.round_id, person_of(interaction))
        content = await content_of(interaction, round_)
        support = support_here(interaction, round_)
        view = own_card(round_, interaction.user.id, rounds.kept.now(), content, support)
        await redraw(interaction, view)


class SomeoneLeft(RoundButton, template=rf"{ROUND}:left"):
    """Somebody of the round is no longer there."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "left", "Someone left", emoji="🚶")

    async def pressed(self, interaction: Interaction) -> None:
        """Ask who."""
        rounds = rounds_of(interaction)
        round_ = rounds.kept.get(self.round_id)
        rounds.check_may_steer(round_, person_of(interaction))
        seats = _labelled(round_)[:MOST_BUTTONS]
        buttons = [WhoLeft(round_.id, number, label=label) for number, label, _ in seats]
        rows = [row(*buttons[at : at + 5]) for at in range(0, len(buttons), 5)]
        await reply(
            interaction,
            card(
                f"**Who has left?** {_what_follows(interaction, round_)}\n"
                + "\n".join(f"{label}: {mention(seat.user_id)}" for _, label, seat in seats),
                *rows,
            ),
        )


def _what_follows(interaction: Interaction, round_: Round) -> str:
    """What becomes of it: a facilitator's word holds at once, that of others is asked about."""
    if rounds_of(interaction).facilitates(round_, person_of(interaction)):
        return "That person can come back with **My role now**."
    seconds = ANSWER_WITHIN // timedelta(seconds=1)
    return f"I ask that person first. Without an answer in {seconds} seconds they have left."


def _labelled(round_: Round) -> list[tuple[int, str, Seat]]:
    """Who is here: the number of the seat, and what it is called; observers are counted."""
    found: list[tuple[int, str, Seat]] = []
    observers = round_.observers
    for number, seat in enumerate(round_.seats):
        label = " ".join(ROLE[seat.role])
        if len(observers) > 1 and seat in observers:
            label += f" {observers.index(seat) + 1}"
        if seat.is_here:
            found.append((number, label, seat))
    return found


class WhoLeft(RoundButton, template=rf"{ROUND}:left:(?P<number>\d{{1,3}})"):
    """Says who has left, by the number of the seat."""

    def __init__(self, round_id: str | int, number: str | int, *, label: str = "…") -> None:
        self.number = int(number)
        super().__init__(round_id, f"left:{number}", label)

    async def pressed(self, interaction: Interaction) -> None:
        """Take that person's place from the round, or ask them first; the room is told."""
        rounds = rounds_of(interaction)
        person = person_of(interaction)
        seats = rounds.kept.get(self.round_id).seats
        who = seats[self.number].user_id if self.number < len(seats) else None
        if who is None:
            raise AlreadyDone(Did.LEFT)
        round_ = await rounds.leave(self.round_id, person, who=who)
        text = f"👋 {mention(who)} is no longer in the round."
        if round_.takes_part(who):
            text = f"❓ {mention(who)} is asked on the card now whether they are still here."
        await redraw(interaction, card(text))
