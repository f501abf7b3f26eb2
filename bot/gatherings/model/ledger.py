"""The ledger of a dojo: who has had which role how often, and who is owed a turn as coach.

Everybody of a group who may coach has an equal share in its turn: one third of it in a three, one
quarter in a four. What someone is owed is the sum of these shares minus the turns they had, so
over a dojo it adds up to nothing, and a person who was left out of a four tonight is first next
time. It compares people of one dojo with each other only to share out turns; it says nothing of how
someone coached, and knows nothing of notes.
"""

from __future__ import annotations

import io
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from bot.rounds.model.round import Role

OWED_FROM = 0.5
"""Turns: from here on someone is said to be owed one. Two rounds of a three without coaching."""
COLUMNS = (
    "name",
    "evenings",
    "rounds",
    "coached",
    "client",
    "observed",
    "owed",
    "last_coached",
    "last_seen",
)
"""Of the CSV file: a public interface, the same in every language."""

_DANGEROUS = frozenset("=+-@＝＋－＠")  # full width ones count as well in some programs
_DIGITS = 6
"""Thirds do not add up to exactly one; differences this small are none."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's part in one round that is over and in which there was coaching."""

    user_id: int
    at: datetime
    """When the round ended."""
    evening: int
    """The same for all rounds of one evening."""
    role: Role
    """At the end of the round."""
    has_coached: bool
    """Also when someone else was coach at the end."""
    leads: int
    """How many people of the group might have coached."""
    coaches: int = 1
    """How many of them did: more than one in a relay, or after someone took over."""
    observes_only: bool = False
    """Asked for no turn, and so has no share in it; not among `leads`."""

    @property
    def share(self) -> float:
        """What part of the turns of this round was theirs: 1 / leads, with one coach."""
        return 0.0 if self.observes_only else self.coaches / self.leads


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger says of one person."""

    user_id: int
    evenings: int
    rounds: int
    """In which they took part."""
    coached: int
    client: int
    observed: int
    """Rounds in which they were neither coach nor client."""
    owed: float
    """Turns as coach: shares minus turns had. Negative for someone who had more."""
    last_coached_at: datetime | None
    last_seen_at: datetime

    @property
    def is_owed(self) -> bool:
        """Whether they are owed a turn as coach."""
        return self.owed >= OWED_FROM


def ledger(turns: Iterable[Turn]) -> dict[int, Entry]:
    """The entry of everybody who took part in a round, by user id."""
    by_person: defaultdict[int, list[Turn]] = defaultdict(list)
    for turn in turns:
        by_person[turn.user_id].append(turn)
    return {user_id: _entry(user_id, theirs) for user_id, theirs in by_person.items()}


def owed_first(entries: Iterable[Entry]) -> list[Entry]:
    """In the order in which people are owed a turn as coach.

    People who are owed more come first; of those who are owed the same, who has never coached, then
    who has waited longest since; then by user id.
    """
    return sorted(
        entries,
        key=lambda one: (
            -one.owed,
            one.last_coached_at is not None,
            one.last_coached_at or one.last_seen_at,
            one.user_id,
        ),
    )


def csv_of(entries: Iterable[Entry], names: Mapping[int, str], zone: tzinfo = UTC) -> str:
    """The ledger as a CSV file (RFC 4180), in the order of `entries`; days are those of `zone`.

    A person without a name in `names` is given by their id. Every cell is in quotation marks, and
    a name that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, “CSV
    injection”). Excel needs the encoding `utf-8-sig` to read other letters than English ones.
    """
    import csv  # Only where it is used: 50 kB.

    text = io.StringIO(newline="")
    # In quotation marks, because some spreadsheets begin a new cell at a semicolon.
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows(_row(one, names.get(one.user_id, str(one.user_id)), zone) for one in entries)
    return text.getvalue()


def _entry(user_id: int, turns: Sequence[Turn]) -> Entry:
    had = [turn for turn in turns if turn.has_coached]
    client = sum(turn.role is Role.CLIENT for turn in turns)
    led = sum(turn.has_coached or turn.role is Role.CLIENT for turn in turns)
    owed = math.fsum(turn.share for turn in turns) - len(had)
    return Entry(
        user_id=user_id,
        evenings=len({turn.evening for turn in turns}),
        rounds=len(turns),
        coached=len(had),
        client=client,
        observed=len(turns) - led,
        # Without the minus of a zero.
        owed=round(owed, _DIGITS) + 0.0,
        last_coached_at=max((turn.at for turn in had), default=None),
        last_seen_at=max(turn.at for turn in turns),
    )


def _row(entry: Entry, name: str, zone: tzinfo) -> tuple[str | int, ...]:
    last = entry.last_coached_at
    return (
        _harmless(name),
        entry.evenings,
        entry.rounds,
        entry.coached,
        entry.client,
        entry.observed,
        f"{entry.owed:.2f}",
        last.astimezone(zone).date().isoformat() if last else "",
        entry.last_seen_at.astimezone(zone).date().isoformat(),
    )


def _harmless(name: str) -> str:
    """A name on one line that no spreadsheet computes."""
    # Tabs and line breaks at the beginning are dangerous as well: they become spaces, and go.
    words = " ".join(name.split())
    return f"'{words}" if words[:1] in _DANGEROUS else words
