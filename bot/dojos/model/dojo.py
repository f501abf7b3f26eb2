"""A dojo: one configured channel of a guild with its settings, and who may do what in it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.content.model.formats import DEFAULT_FORMAT
from bot.content.model.questions import QuestionSet
from bot.dojos.model.refusals import NotAllowed, SupportLineTooLong
from bot.kit.person import Person
from bot.kit.personal_words import tidy


class Asking(StrEnum):
    """Who may ask for questions in a dojo."""

    EVERYONE = "everyone"
    FACILITATORS = "facilitators"


@dataclass(frozen=True, slots=True)
class Range:
    """A whole number that a facilitator may choose, from `least` to `most`."""

    least: int
    most: int
    usual: int

    def nearest(self, number: int) -> int:
        """The number itself, or the end of the range if it is outside."""
        return min(max(number, self.least), self.most)


QUOTE_DAYS = Range(1, 90, 30)
CODE_MONTHS = Range(1, 24, 12)
ATTENDANCE_MONTHS = Range(1, 36, 24)

LONGEST_SUPPORT_LINE = 200
MOST_FOCUS = 2
"""Codes that observers are asked to watch for at a time."""


@dataclass(frozen=True, slots=True)
class DojoSettings:
    """What a facilitator chooses for a dojo."""

    facilitator_role_id: int | None = None
    format_id: str = DEFAULT_FORMAT
    """It may be hidden or removed by now: use `Content.format_or_default`."""
    language: str = "en"
    time_zone: str = "UTC"
    """An IANA name."""
    asking: Asking = Asking.EVERYONE
    safety_user_id: int | None = None
    """Who gets the notes that people report; None if nobody has been named."""
    quote_days: int = QUOTE_DAYS.usual
    """Days after the end of a round for which words typed by observers are kept."""
    code_months: int = CODE_MONTHS.usual
    """Months after the end of a round for which notes and sheets are kept."""
    names_shown: bool = True
    """Whether coaches see which observer noted something."""
    attendance_months: int = ATTENDANCE_MONTHS.usual
    """Months after it ended for which a round or an evening says who took part."""
    support_line: str = ""
    """Where people can turn when it gets too much, as it was typed; empty if not set."""
    question_set: QuestionSet = QuestionSet.ALL
    usual_focus: tuple[str, ...] = ()
    """The codes that a coach who says nothing else wants observers to watch; at most two."""

    @property
    def feedback_months(self) -> int:
        """Months for which feedback is kept: it belongs to a name, and is erased with it."""
        return min(self.code_months, self.attendance_months)

    def is_shorter_than(self, other: DojoSettings) -> bool:
        """Whether anything is kept for less time than `other` keeps it."""
        return (
            self.quote_days < other.quote_days
            or self.code_months < other.code_months
            or self.attendance_months < other.attendance_months
        )


@dataclass(frozen=True, slots=True)
class Dojo:
    """A standing practice place."""

    id: int
    guild_id: int
    channel_id: int
    settings: DojoSettings
    set_up_at: datetime
    set_up_user_id: int | None = None
    """Who set it up; None once that person has been forgotten."""

    def is_facilitator(self, person: Person) -> bool:
        """Whether `person` may configure this dojo and steer what happens in it.

        Rights belong to the place: only those in the dojo's own server and channel count.
        """
        if person.guild_id != self.guild_id:
            return False
        role_id = self.settings.facilitator_role_id
        has_role = role_id is not None and role_id in person.role_ids
        return has_role or self.channel_id in person.managed

    def check_may_configure(self, person: Person) -> None:
        """Raise NotAllowed unless `person` is a facilitator here."""
        if not self.is_facilitator(person):
            raise NotAllowed("configure", self.settings.facilitator_role_id)

    def may_ask(self, person: Person) -> bool:
        """Whether `person` may ask for questions here."""
        return self.settings.asking is Asking.EVERYONE or self.is_facilitator(person)

    def check_may_ask(self, person: Person) -> None:
        """Raise NotAllowed if only facilitators may ask and `person` is not one."""
        if not self.may_ask(person):
            raise NotAllowed("ask", self.settings.facilitator_role_id)


def read_support_line(typed: str) -> str:
    """A support line as it is saved: one line, without invisible characters.

    Never cuts it, because half a phone number helps nobody. Raises SupportLineTooLong.
    """
    text = tidy(typed, sys.maxsize)
    if len(text) > LONGEST_SUPPORT_LINE:
        raise SupportLineTooLong(len(text), LONGEST_SUPPORT_LINE)
    return text


def check_may_set_up(channel_id: int, person: Person) -> None:
    """Raise NotAllowed unless `person` may turn a channel into a dojo."""
    if channel_id not in person.managed:
        raise NotAllowed("configure")
