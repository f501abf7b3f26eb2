"""The state of the bot, as a card."""

from __future__ import annotations

import math
from datetime import timedelta

from bot.feedback.model.agreement import FEWEST_ROUNDS, FEWEST_UNITS, DojoAgreement
from bot.guide.service import Status
from bot.kit.discord.cards import card
from bot.kit.discord.interactions import View
from bot.kit.discord.text import moment, plural
from bot.kit.time.lateness import Late
from bot.kit.time.trusted_time import ClockCheck, Trust

ACCENT = 0x6B7280
FILE_GONE = (
    "❌ its file was deleted or replaced while I was running. I store nothing until the operator"
    " puts it back or restarts me."
)
COMMANDS_BEHIND = (
    "**Commands:** ⚠️ Discord does not have all of them yet. I tell it again, at least every five"
    " minutes.\n"
)


def status_card(
    status: Status,
    *,
    latency: float,
    clock: ClockCheck,
    commands_are_behind: bool,
    agreement: DojoAgreement | None,
) -> View:
    """Latency in seconds, uptime, version, database and clock; in a dojo, also its observers.

    Without a clock that can be trusted nothing is erased because of its age, and this says so. It
    also says so when Discord does not have the present commands.
    """
    database = FILE_GONE if status.is_file_gone else "❌ does not answer"
    if status.database is not None:
        health = status.database
        database = (
            f"✅ a write takes {health.write_seconds * 1000:.1f} ms,"
            f" {health.file_bytes / 1024**2:.1f} MiB, schema {health.schema_version}"
        )
        if health.holds_erased:
            database += (
                "\n⚠️ Another program reads the database file. Until it ends, the file holds traces"
                " of what was erased."
            )
    known = math.isfinite(latency)
    return card(
        "## Status",
        f"**Discord:** {f'✅ {latency * 1000:.0f} ms' if known else '❌ not connected'}\n"
        f"{COMMANDS_BEHIND if commands_are_behind else ''}"
        f"**Running for:** {lasting(status.uptime)}\n"
        f"**Rounds:** {status.running} running on this server. {late_text(status.late)}\n"
        f"**Database:** {database}\n"
        f"**Clock:** {clock_text(clock)}\n"
        f"**Version:** {status.version}",
        *([agreement_text(agreement)] if agreement else []),
        accent=ACCENT,
    )


def late_text(late: Late | None) -> str:
    """When the clock of any round last brought a part or a cue, and how late rooms learn of it."""
    if late is None:
        return "No part has begun, and no cue has come, since the start or for a day."
    seconds = late.nearly_all.total_seconds()
    return (
        f"The last part or cue came {moment(late.last_at, 'R')}; of {late.count} in a day, 99 of"
        f" 100 came within {seconds:.1f} s."
    )


def clock_text(clock: ClockCheck) -> str:
    """Whether the clock can be trusted, and what follows if it cannot."""
    match clock.trust:
        case Trust.AGREES:
            return "✅ agrees with Discord’s"
        case Trust.WRONG:
            which = "ahead of" if clock.ahead > timedelta() else "behind"
            return (
                f"❌ {lasting(abs(clock.ahead))} {which} the right time. I erase nothing by its age"
                " until the operator sets it right."
            )
        case Trust.UNKNOWN:
            return "⚠️ not compared with Discord’s yet. I erase nothing by its age before that."


def agreement_text(agreement: DojoAgreement) -> str:
    """How far the observers of a dojo agree, in words; about observers, not about coaches."""
    title = "**Do observers mean the same with the signals?**"
    if not agreement.is_enough:
        return (
            f"{title} Not enough to say yet: it takes {FEWEST_ROUNDS} rounds and {FEWEST_UNITS}"
            " codes judged by two or more."
        )
    if agreement.alpha is None or agreement.interval is None:
        return f"{title} There is no difference to compare: all sheets say the same."
    low, high = agreement.interval
    return (
        f"{title} Krippendorff’s alpha {agreement.alpha:.2f}, probably between {low:.2f} and"
        f" {high:.2f}, from {plural(agreement.rounds, 'round')}. 1 is full agreement, 0 is chance."
        "\n-# It is about how alike observers judge, not about how anybody coaches. A demo that all"
        " note alone, and then compare, raises it."
    )


def lasting(length: timedelta) -> str:
    """`3 d 4 h`, `2 h 5 min`, `under a minute`: the two largest units."""
    total = max(int(length.total_seconds()) // 60, 0)
    days, hours, left = total // 1440, total // 60 % 24, total % 60
    units = [(days, "d"), (hours, "h"), (left, "min")]
    given = [f"{count} {unit}" for count, unit in units if count]
    return " ".join(given[:2]) or "under a minute"
