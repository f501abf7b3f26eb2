"""Steering a round: pause, resume, lengthen, go on, end, and what a round asks its people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import discord

from bot.domain.rounds import GONE, Ask, Round, State
from bot.ui.answers import defer, redraw, reply
from bot.ui.components import card, row
from bot.ui.gathering_help import help_buttons
from bot.ui.interactions import Interaction, person_of
from bot.ui.round_seats import seat_rows
from bot.ui.round_steps import ROUND, RoundButton, is_private, rounds_of
from bot.ui.round_texts import SEGMENT, clock_text

USUAL_EXTENSION = 2
WORTH_ASKING = timedelta(minutes=2)
"""With more coaching than this left, Next asks whether it is meant."""


def controls(round_: Round) -> list[discord.ui.ActionRow[Any]]:
    """The rows with which the people of a running or paused round steer it."""
    clock: list[RoundButton] = [Pause(round_.id)]
    if round_.state is State.PAUSED:
        # Without its coach or client a round cannot go on: somebody takes the seat first.
        waits = round_.asked in GONE or round_.offer is not None
        clock = [] if waits else [Resume(round_.id)]
    rows = [
        row(
            *clock,
            Extend(round_.id, f"{round_.position}.{round_.extensions}"),
            Next(round_.id, round_.position),
            End(round_.id),
            *help_buttons(round_),
        )
    ]
    if round_.asked is Ask.LATE:
        rows.insert(0, row(CarryOn(round_.id)))
    return [*seat_rows(round_), *rows]


class Pause(RoundButton, template=rf"{ROUND}:pause"):
    """Stops the clock."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "pause", "Pause", emoji="⏸️")

    async def pressed(self, interaction: Interaction) -> None:
        """Pause; the room is told who did."""
        await defer(interaction)
        await rounds_of(interaction).pause(self.round_id, person_of(interaction))


class Resume(RoundButton, template=rf"{ROUND}:resume"):
    """Starts the clock again."""

    def __init__(self, round_id: str | int) -> None:
        green = discord.ButtonStyle.success
        super().__init__(round_id, "resume", "Resume", emoji="▶️", style=green)

    async def pressed(self, interaction: Interaction) -> None:
        """Resume; the room is told who did."""
        await defer(interaction)
        await rounds_of(interaction).resume(self.round_id, person_of(interaction))
        if is_private(interaction):
            await redraw(interaction, card("▶️ The clock is running."))


class Extend(RoundButton, template=rf"{ROUND}:extend:(?P<seen>-?\d{{1,3}}\.\d{{1,3}})"):
    """Lengthens the current segment by two minutes."""

    def __init__(self, round_id: str | int, seen: str) -> None:
        self.seen = seen
        super().__init__(round_id, f"extend:{seen}", f"+{USUAL_EXTENSION} min", emoji="➕")

    async def pressed(self, interaction: Interaction) -> None:
        """Lengthen it, unless somebody has done so meanwhile, or the segment is over."""
        await defer(interaction)
        position, extensions = (int(number) for number in self.seen.split("."))
        rounds = rounds_of(interaction)
        person = person_of(interaction)
        await rounds.extend(
            self.round_id, person, USUAL_EXTENSION, after=extensions, position=position
        )


class Next(RoundButton, template=rf"{ROUND}:next:(?P<position>\d{{1,2}})"):
    """Begins the next segment."""

    def __init__(self, round_id: str | int, position: str | int) -> None:
        self.position = int(position)
        super().__init__(round_id, f"next:{position}", "Next", emoji="⏭️")

    async def pressed(self, interaction: Interaction) -> None:
        """Go on; with much coaching left, ask first whether that is meant."""
        rounds = rounds_of(interaction)
        round_ = rounds.kept.get(self.round_id)
        person = person_of(interaction)
        left = round_.left(rounds.kept.now())
        if round_.position == self.position and round_.is_coaching and left > WORTH_ASKING:
            rounds.check_may_steer(round_, person)
            await reply(
                interaction,
                card(
                    f"There are {clock_text(left)} of coaching left. Close it and go on?",
                    row(NextIndeed(round_.id, self.position), AsItIs(round_.id)),
                ),
            )
            return
        await defer(interaction)
        await rounds.go_next(self.round_id, person, after=self.position)


class NextIndeed(RoundButton, template=rf"{ROUND}:next-indeed:(?P<position>\d{{1,2}})"):
    """Begins the next segment, after having been asked."""

    def __init__(self, round_id: str | int, position: str | int) -> None:
        self.position = int(position)
        primary = discord.ButtonStyle.primary
        super().__init__(round_id, f"next-indeed:{position}", "Next", emoji="⏭️", style=primary)

    async def pressed(self, interaction: Interaction) -> None:
        """Go on, and say so on the private card."""
        person = person_of(interaction)
        rounds = rounds_of(interaction)
        round_ = await rounds.go_next(self.round_id, person, after=self.position)
        where = SEGMENT[round_.kind].title if round_.kind else "the end"
        await redraw(interaction, card(f"⏭️ On to **{where}**."))


class End(RoundButton, template=rf"{ROUND}:end"):
    """Ends the round, after a question."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "end", "End", emoji="⏹️", style=discord.ButtonStyle.danger)

    async def pressed(self, interaction: Interaction) -> None:
        """Ask whether it is meant; nothing ends by a slip of the thumb."""
        rounds = rounds_of(interaction)
        round_ = rounds.kept.get(self.round_id)
        rounds.check_may_steer(round_, person_of(interaction))
        left = clock_text(round_.left_in_all(rounds.kept.now()))
        await reply(
            interaction,
            card(
                f"**End the round for everybody?** Time left: {left}. What belongs to it is kept.",
                row(EndIndeed(round_.id), AsItIs(round_.id)),
            ),
        )


class EndIndeed(RoundButton, template=rf"{ROUND}:end-indeed"):
    """Ends the round."""

    def __init__(self, round_id: str | int) -> None:
        danger = discord.ButtonStyle.danger
        super().__init__(round_id, "end-indeed", "End the round", emoji="⏹️", style=danger)

    async def pressed(self, interaction: Interaction) -> None:
        """End it, and say so on the private card."""
        await rounds_of(interaction).stop(self.round_id, person_of(interaction))
        await redraw(interaction, card("⏹️ The round has ended."))


class AsItIs(RoundButton, template=rf"{ROUND}:as-it-is"):
    """Changes nothing after all."""

    def __init__(self, round_id: str | int) -> None:
        super().__init__(round_id, "as-it-is", "Leave it as it is")

    async def pressed(self, interaction: Interaction) -> None:
        """Say so on the private card."""
        await redraw(interaction, card("👍 Nothing was changed."))


class CarryOn(RoundButton, template=rf"{ROUND}:carry-on"):
    """Leaves the clock as it is after a late start."""

    def __init__(self, round_id: str | int) -> None:
        success = discord.ButtonStyle.success
        super().__init__(round_id, "carry-on", "Continue", emoji="👍", style=success)

    async def pressed(self, interaction: Interaction) -> None:
        """Take the question off the card."""
        await defer(interaction)
        await rounds_of(interaction).carry_on(self.round_id, person_of(interaction))
