"""Where a question is asked for: the dojo with its words, and the round that is going on there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.content.model.content import Content
from bot.content.model.questions import Phase
from bot.dojos.model.dojo import Dojo
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.kit.discord.interactions import (
    Interaction,
    bot_is_here,
    channel_ids,
    person_of,
    services_of,
)
from bot.kit.person import Person
from bot.questions.phases import phase_now
from bot.rounds.model.round import Round, is_coaching_over
from bot.rounds.service.live import LiveRounds


@dataclass(frozen=True, slots=True)
class Place:
    """Where an interaction happens."""

    dojo: Dojo | None
    content: Content
    person: Person
    at: datetime
    round: Round | None = None
    """The round of this room, proposed or begun; or the one elsewhere that the person coaches."""
    is_elsewhere: bool = False
    """The round takes place in another room, which must not learn what its coach asks for here."""

    @property
    def is_coaching(self) -> bool:
        """Whether someone is being coached in this room at present, or by this person elsewhere."""
        return self.round is not None and self.round.is_coaching

    @property
    def is_feedback(self) -> bool:
        """Whether the coaching of this room's round is over, and its feedback under way."""
        round_ = self.round
        return round_ is not None and round_.is_open and is_coaching_over(round_)

    @property
    def minutes_left(self) -> int | None:
        """How many minutes of coaching are left, if a round's clock is running."""
        if self.round is None or not self.is_coaching:
            return None
        minutes = round(self.round.coaching_left(self.at).total_seconds() / 60)
        return minutes or None

    @property
    def phase(self) -> Phase | None:
        """The phase that fits the round of this room; None without a round."""
        return None if self.round is None else phase_now(self.round, self.at)


async def place_of(interaction: Interaction) -> Place:
    """The place of an interaction: a dojo with its words, or else with the person's language."""
    services = services_of(interaction)
    # Where a person brought the bot along, it can post nothing for others: there is no dojo.
    is_here = bot_is_here(interaction)
    dojo = services[DojoService].find(*channel_ids(interaction)) if is_here else None
    round_ = services[LiveRounds].in_room(interaction.channel_id) if is_here else None
    if dojo is None and round_ is not None:
        # A voice channel is not a dojo, but the round in it belongs to one.
        dojo = services[DojoService].by_id(round_.dojo_id)
    elsewhere = _coached_elsewhere(interaction, dojo) if round_ is None else None
    content = (
        await services[ContentService].of_dojo(dojo)
        if dojo
        else services[ContentService].for_locale(str(interaction.locale))
    )
    now = services[LiveRounds].now()
    person = person_of(interaction)
    return Place(dojo, content, person, now, round_ or elsewhere, is_elsewhere=bool(elsewhere))


def _coached_elsewhere(interaction: Interaction, dojo: Dojo | None) -> Round | None:
    """The round of this dojo in which the person coaches at this moment, in another room."""
    round_ = services_of(interaction)[LiveRounds].of_person(interaction.user.id)
    if dojo is None or round_ is None or round_.dojo_id != dojo.id or not round_.is_coaching:
        return None
    coach = round_.coach
    return round_ if coach is not None and coach.user_id == interaction.user.id else None
