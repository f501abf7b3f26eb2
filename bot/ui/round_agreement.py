"""The agreement: who does what, what is kept, and everybody's own yes or no, before the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import discord

from bot.domain.dojos import DojoSettings
from bot.domain.errors import Busy, FormatUnknown, NotInRound
from bot.domain.formats import Format, minutes
from bot.domain.round_rules import lacks_people
from bot.domain.round_timing import lasts
from bot.domain.rounds import Agreement, Role, RoomKind, Round
from bot.services.round_proposals import all_can_be_named
from bot.ui.answers import defer, redraw, reply
from bot.ui.components import DojoMenu, Part, card, line, row
from bot.ui.gathering_help import help_buttons
from bot.ui.interactions import Interaction, View, client_of, person_of, services_of
from bot.ui.late_observers import waiting_card
from bot.ui.round_fewer import BeginWithFewer, fewer_texts
from bot.ui.round_focus import FOCUS_NAMED, Focus, has_focus
from bot.ui.round_seats import empty_seats, seat_rows, seat_texts
from bot.ui.round_steps import (
    ROUND,
    RoundButton,
    button_to,
    content_of,
    group_lines,
    is_private,
    mention,
    rounds_of,
)
from bot.ui.round_texts import (
    LATE,
    LATE_AT_EVENING,
    SEGMENT,
    STORED,
    confidentiality,
    how_long,
    room_line,
)
from bot.ui.texts import cut, joined, minute_of, plural, safe

ACCENT = 0x6C8EAD
MOST_ANSWERS = 25
"""Of more people a card says only how many have answered: their names would not fit on it."""

AGREED = {
    Agreement.NOTES: "✅ You have agreed, **with notes** about the coach’s words and acts.",
    Agreement.NO_NOTES: "☑️ You have agreed, **without notes**. That is as good as with them.",
    Agreement.OPEN: "You have not answered yet. You take part once you agree.",
}


def agreement_card(round_: Round, now: datetime, settings: DojoSettings) -> View:
    """What everybody who is asked into a round sees before it begins.

    `settings` are those of its dojo: its support line, and how long it keeps things.
    """
    over_at = f"\nIf it begins now, it is over by {minute_of(now + lasts(round_.format))}."
    parts: list[Part] = [
        *agreement_parts(round_, settings, over_at),
        line(),
        "\n".join(_answers(round_)),
        *focus_part(round_),
        *seat_texts(round_),
        *seat_rows(round_),
        *fewer_texts(round_),
        f"-# {_beginning(round_)} Who observes may answer later, and takes part from then on.",
        row(
            Agree(round_.id, Agreement.NOTES),
            Agree(round_.id, Agreement.NO_NOTES),
            CannotCome(round_.id),
        ),
        row(*_more_buttons(round_)),
    ]
    return card(*parts, accent=ACCENT)


def agreement_parts(round_: Round, settings: DojoSettings, over_at: str = "") -> list[Part]:
    """What is agreed to: who, what, where, who else may come, and what is kept."""
    format_ = round_.format
    late = LATE_AT_EVENING if round_.gathering_id is not None else LATE
    return [
        "### 🤝 A practice round, before it begins",
        "\n".join(group_lines(round_)),
        f"📋 {format_line(format_)}\n-# {segments_line(format_)}{over_at}",
        room_line(round_.room),
        f"{confidentiality(settings.support_line)}\n- {late}",
        "\n".join(f"-# {text}" for text in [*STORED.splitlines(), how_long(settings)]),
    ]


def _beginning(round_: Round) -> str:
    if round_.gathering_id is None:
        return (
            "It begins when all have agreed. Once coach and client have, the person who started it"
            " can begin it earlier."
        )
    return (
        "All rooms begin together: when everybody has agreed, or when the time to come is up. This"
        " room waits until its coach and client have agreed."
    )


def _more_buttons(round_: Round) -> list[discord.ui.Item[Any]]:
    """What else can be done; when and how a round of a gathering begins is not for its room."""
    focus, join = Focus(round_.id), Join(round_.id)
    if round_.gathering_id is not None:
        return [focus, join, *help_buttons(round_)]
    is_short = lacks_people(round_)
    begin = BeginWithFewer(round_.id, len(round_.here)) if is_short else BeginNow(round_.id)
    return [begin, focus, join, Change(round_.id)]


def format_line(format_: Format) -> str:
    """`**Classic triad** · 30 min, 18 of them coaching`."""
    return (
        f"**{safe(format_.name)}** · {minutes(format_.total)} min,"
        f" {minutes(format_.coaching)} of them coaching"
    )


def segments_line(format_: Format) -> str:
    """`Agree 2 · Coaching 18 · Write 1 · …`."""
    return " · ".join(f"{SEGMENT[s.kind].title} {minutes(s.length)}" for s in format_.segments)


def _answers(round_: Round) -> list[str]:
    """Who has answered. Whether with notes or without is between the person and the bot."""
    answered = [seat for seat in round_.here if seat.agreement is not Agreement.OPEN]
    if len(round_.here) > MOST_ANSWERS:
        return [f"✅ {len(answered)} of {len(round_.here)} have answered."]
    waiting = [seat for seat in round_.here if seat.agreement is Agreement.OPEN]
    lines: list[str] = []
    if answered:
        lines.append(f"✅ Agreed: {joined(mention(seat.user_id) for seat in answered)}")
    if waiting:
        lines.append(f"⏳ Asked: {joined(mention(seat.user_id) for seat in waiting)}")
    return lines


def focus_part(round_: Round) -> list[str]:
    """That the coach has said what they want watched; not what, because the client reads it."""
    return [FOCUS_NAMED] if has_focus(round_) else []


_SO_FAR = "…and delete the notes so far"


class Agree(RoundButton, template=rf"{ROUND}:agree:(?P<agreement>notes|no-notes)"):
    """Somebody's answer to the agreement."""

    def __init__(self, round_id: str | int, agreement: str, *, is_change: bool = False) -> None:
        self.agreement = Agreement(agreement)
        with_notes = self.agreement is Agreement.NOTES
        label = "With notes" if with_notes else "Without notes"
        super().__init__(
            round_id,
            f"agree:{agreement}",
            f"{label} from now on" if is_change else f"Agree, {label.lower()}",
            emoji="✅" if with_notes else "☑️",
            style=discord.ButtonStyle.success if with_notes else discord.ButtonStyle.secondary,
        )

    async def pressed(self, interaction: Interaction) -> None:
        """Note the answer; whoever is in another running round is asked first."""
        await defer(interaction)
        person = person_of(interaction)
        try:
            round_ = await rounds_of(interaction).agree(self.round_id, person, self.agreement)
            seat = round_.seat_of(person.user_id)
            leads = seat is not None and seat.role is not Role.OBSERVER
            # Without notes from now on says nothing of those that have been taken.
            takes_back = round_.has_begun and leads and self.agreement is Agreement.NO_NOTES
            more: list[Part] = list(empty_seats(round_, person.user_id))
            if takes_back:
                more.append(row(button_to(round_.id, "erase-notes", _SO_FAR, emoji="🗑️")))
            await _confirm(interaction, round_, AGREED[self.agreement], more)
        except Busy as busy:
            room_id = busy.rooms[person.user_id]
            await reply(
                interaction,
                card(
                    f"You are in a round that is running in <#{room_id}>. Leave it for this one?",
                    row(LeaveForThis(self.round_id, self.agreement), StayThere(self.round_id)),
                ),
            )


def is_outside(interaction: Interaction, round_: Round) -> bool:
    """Whether a person answers elsewhere than in the room of the round."""
    return interaction.channel_id != round_.room_id


async def _confirm(
    interaction: Interaction, round_: Round, said: str, more: Sequence[Part] = ()
) -> None:
    """Say that an answer is kept; who answers outside of the room is let in and led there."""
    if not is_outside(interaction, round_):
        await reply(interaction, card(said, *more))
        return
    is_in = await services_of(interaction).invitations.bring(round_.id, interaction.user.id)
    link = f"https://discord.com/channels/{round_.guild_id}/{round_.room_id}"
    where = f"The room is <#{round_.room_id}>: {link}"
    if not is_in:
        starter = mention(round_.starter_user_id) if round_.starter_user_id else "a person in it"
        where += f"\n⚠️ I could not add you to it. If the link does not open, ask {starter}."
    await redraw(interaction, card(said, where, *more))


class LeaveForThis(RoundButton, template=rf"{ROUND}:instead:(?P<agreement>notes|no-notes)"):
    """Leaves another round for this one."""

    def __init__(self, round_id: str | int, agreement: str) -> None:
        self.agreement = Agreement(agreement)
        super().__init__(round_id, f"instead:{agreement}", "Leave it and come here", emoji="🚪")

    async def pressed(self, interaction: Interaction) -> None:
        """Leave the other one, agree to this one."""
        rounds, person = rounds_of(interaction), person_of(interaction)
        await defer(interaction)
        rounds.kept.get(self.round_id).seat_to_answer(person.user_id)
        other = rounds.kept.of_person(person.user_id)
        if other is not None and other.id != self.round_id:
            await rounds.leave(other.id, person)
        round_ = await rounds.agree(self.round_id, person, self.agreement)
        said = "✅ You have left the other round, and agreed to this one."
        if is_outside(interaction, round_):
            await _confirm(interaction, round_, said)
        else:
            await redraw(interaction, card(said))


class StayThere(RoundButton, template=rf"{ROUND}:stay"):
    """Stays in the other round."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "stay", "Stay there")

    async def pressed(self, interaction: Interaction) -> None:
        """Change nothing."""
        await redraw(interaction, card("👍 You stay in the other round. This one waits for you."))


class CannotCome(RoundButton, template=rf"{ROUND}:decline"):
    """Somebody who was asked cannot come."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "decline", "I cannot come", emoji="📭")

    async def pressed(self, interaction: Interaction) -> None:
        """A coach or client is asked first, because of what it means for the others."""
        rounds, person = rounds_of(interaction), person_of(interaction)
        round_ = rounds.kept.get(self.round_id)
        seat = round_.seat_to_answer(person.user_id)
        if seat.role is Role.OBSERVER:
            await defer(interaction)
            await rounds.decline(self.round_id, person)
            if is_private(interaction):
                await redraw(interaction, card("📭 You are not in this round. No reason needed."))
            return
        if round_.gathering_id is not None:
            await reply(
                interaction,
                card(
                    f"You are asked to be the {seat.role}. Without you the seat is open to"
                    " everybody else in the room.",
                    row(DeclineIndeed(self.round_id), _back(self.round_id)),
                ),
            )
            return
        answer = redraw if is_outside(interaction, rounds.kept.get(self.round_id)) else reply
        await answer(
            interaction,
            card(
                f"You are asked to be the {seat.role}. Without you the round is called off. Or ask"
                f" {_starter(round_)} to ask somebody else for your seat, with"
                f" {_replace(interaction)} in its room.",
                row(DeclineIndeed(self.round_id), _back(self.round_id)),
            ),
        )


def _back(round_id: int) -> discord.ui.Button[Any]:
    """Leads back to the agreement."""
    return button_to(round_id, "reconsider", "I will come")


class DeclineIndeed(RoundButton, template=rf"{ROUND}:decline-indeed"):
    """The coach or client to be cannot come, and has been asked whether that is so."""

    def __init__(self, round_id: str | int) -> None:
        danger = discord.ButtonStyle.danger
        super().__init__(round_id, "decline-indeed", "I cannot come", emoji="📭", style=danger)

    async def pressed(self, interaction: Interaction) -> None:
        """Do so, and say so on the private card."""
        round_ = await rounds_of(interaction).decline(self.round_id, person_of(interaction))
        called_off = "📭 The round is called off. Nothing of it is stored."
        seat_open = "📭 You do not take part this time. The seat is open to the others."
        await redraw(interaction, card(seat_open if round_.is_open else called_off))


class BeginNow(RoundButton, template=rf"{ROUND}:begin"):
    """Starts the clock."""

    def __init__(self, round_id: str | int) -> None:
        primary = discord.ButtonStyle.primary
        super().__init__(round_id, "begin", "Begin now", emoji="▶️", style=primary)

    async def pressed(self, interaction: Interaction) -> None:
        """Begin, for whoever started the round and for facilitators."""
        await defer(interaction)
        await rounds_of(interaction).begin(self.round_id, person_of(interaction))
        if is_private(interaction):
            await redraw(interaction, card("▶️ The round has begun."))


def check_in_room(interaction: Interaction, round_: Round) -> None:
    """Raises NotInRound unless this is pressed in the room: who comes in must be able to see it."""
    if is_outside(interaction, round_):
        raise NotInRound("see the room")


class Join(RoundButton, template=rf"{ROUND}:join"):
    """Comes as a further observer."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "join", "Join as observer", emoji="👀")

    async def pressed(self, interaction: Interaction) -> None:
        """Take a seat, which the card shows; in a round that runs, have its client asked."""
        rounds = rounds_of(interaction)
        check_in_room(interaction, rounds.kept.get(self.round_id))
        await defer(interaction)
        round_ = await rounds.join(self.round_id, person_of(interaction))
        if not round_.takes_part(interaction.user.id):
            await reply(interaction, waiting_card(round_))


# What whoever started it can change


class Change(RoundButton, template=rf"{ROUND}:change"):
    """Lets whoever started the round change its format, or call it off."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "change", "Change…", emoji="⚙️")

    async def pressed(self, interaction: Interaction) -> None:
        """Answer with what can be changed."""
        rounds = rounds_of(interaction)
        round_ = rounds.kept.get(self.round_id)
        rounds.check_may_start(round_, person_of(interaction))
        content = await content_of(interaction, round_)
        people = len(round_.here)
        # To a private thread others cannot come by themselves.
        is_private = round_.room is RoomKind.PRIVATE_THREAD
        fitting = [
            format_
            for format_ in content.formats.values()
            if people <= format_.most and (not is_private or all_can_be_named(format_))
        ]
        await reply(
            interaction,
            card(
                f"**{safe(round_.format.name)}** for {plural(people, 'person', 'people')}."
                f" Another format? Or somebody else for a seat: {_replace(interaction)}.",
                row(ChangeFormat(self.round_id, fitting, people)),
                row(CallOff(self.round_id)),
            ),
        )


class ChangeFormat(DojoMenu, template=rf"{ROUND}:format"):
    """Another format for a round that has not begun."""

    def __init__(
        self, round_id: str | int, formats: list[Format] | None = None, people: int = 0
    ) -> None:
        self.round_id = int(round_id)
        options = [
            discord.SelectOption(label=cut(format_label(f), 100), value=f.id, description=hint)
            for f in formats or []
            for hint in [None if f.suits_count(people) else f"needs {f.fewest} people"]
        ]
        super().__init__(f"round:{round_id}:format", "Another format", options[:25] or None)

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Take it; the card shows it to all."""
        rounds = rounds_of(interaction)
        content = await content_of(interaction, rounds.kept.get(self.round_id))
        format_ = content.formats.get(choice)
        if format_ is None:
            raise FormatUnknown(choice)
        await rounds.change_format(self.round_id, person_of(interaction), format_)
        await redraw(interaction, card(f"📋 The round now follows {format_line(format_)}."))


class CallOff(RoundButton, template=rf"{ROUND}:call-off"):
    """Takes the proposal back."""

    def __init__(self, round_id: str | int) -> None:
        danger = discord.ButtonStyle.danger
        super().__init__(round_id, "call-off", "Call it off", emoji="📭", style=danger)

    async def pressed(self, interaction: Interaction) -> None:
        """Call it off, and say so on the private card."""
        await rounds_of(interaction).call_off(self.round_id, person_of(interaction))
        await redraw(interaction, card("📭 The round is called off. Nothing of it is stored."))


def format_label(format_: Format) -> str:
    """A format as one line of a list: `Classic triad · 30 min · 3–4 people`."""
    people = (
        f"{format_.fewest} people"
        if format_.fewest == format_.most
        else f"{format_.fewest}–{format_.most} people"
    )
    return f"{format_.name} · {minutes(format_.total)} min · {people}"


def _starter(round_: Round) -> str:
    starter = round_.starter_user_id
    return mention(starter) if starter else "a person of the round"


def _replace(interaction: Interaction) -> str:
    return client_of(interaction).mention_command("round replace")
