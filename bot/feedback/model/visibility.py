"""Who may see what of a round: one table, and one function that reads it.

What is said about a person belongs to that person, so anything that the table does not name is not
shown. Which questions someone was given or used is not in it: that is not stored for anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Data(StrEnum):
    """What there is to see."""

    NOTES = "notes"
    """Notes about a round, and the sheets of its observers."""
    SELF_SHEET = "self-sheet"
    """What the coach says about their own coaching."""
    CLIENT_ITEMS = "client-items"
    """The client's three items."""
    ROLES_AND_MINUTES = "roles-and-minutes"
    """Who had which role in a round, and for how long."""
    AGREEMENT = "agreement"
    """How many notes of one observer of a round others noted too."""
    DOJO_AGREEMENT = "dojo-agreement"
    """How far the observers of a dojo agree, over many rounds and without names."""
    MINUTES_LOG = "minutes-log"
    """A person's own record of practice."""


class Viewer(StrEnum):
    """The role in which someone looks.

    Coach, client and observer are those of this round (after a swap: of the coaching that the data
    is about), not people who have such a role elsewhere. A person with several roles, say
    facilitator and observer, may see what any one of them may.
    """

    COACH = "coach"
    CLIENT = "client"
    OBSERVER = "observer"
    FACILITATOR = "facilitator"
    ADMIN = "admin"
    """An administrator of the server with no other role here."""
    OTHER = "other"


class _If(StrEnum):
    """What must hold before something is shown."""

    OWN = "own"
    RELEASED = "released"
    SHARED = "shared"


_ALWAYS: frozenset[_If] = frozenset()
_OWN = frozenset({_If.OWN})
_RELEASED = frozenset({_If.RELEASED})
_SHARED = frozenset({_If.SHARED})

_TABLE: Mapping[tuple[Data, Viewer], frozenset[_If]] = {
    (Data.NOTES, Viewer.COACH): _RELEASED,
    (Data.NOTES, Viewer.OBSERVER): _OWN,
    (Data.NOTES, Viewer.FACILITATOR): _RELEASED | _SHARED,
    (Data.SELF_SHEET, Viewer.COACH): _OWN,
    (Data.SELF_SHEET, Viewer.FACILITATOR): _SHARED,
    (Data.CLIENT_ITEMS, Viewer.CLIENT): _OWN,
    (Data.CLIENT_ITEMS, Viewer.COACH): _RELEASED | _SHARED,
    (Data.ROLES_AND_MINUTES, Viewer.COACH): _OWN,
    (Data.ROLES_AND_MINUTES, Viewer.CLIENT): _OWN,
    (Data.ROLES_AND_MINUTES, Viewer.OBSERVER): _OWN,
    (Data.ROLES_AND_MINUTES, Viewer.FACILITATOR): _ALWAYS,
    (Data.ROLES_AND_MINUTES, Viewer.ADMIN): _ALWAYS,
    (Data.AGREEMENT, Viewer.OBSERVER): _OWN | _RELEASED,
    (Data.DOJO_AGREEMENT, Viewer.FACILITATOR): _ALWAYS,
    (Data.MINUTES_LOG, Viewer.COACH): _OWN,
    (Data.MINUTES_LOG, Viewer.CLIENT): _OWN,
    (Data.MINUTES_LOG, Viewer.OBSERVER): _OWN,
}
"""Everything named must be true. What is not in the table is shown to nobody."""


def may_see(
    data: Data,
    viewer: Viewer,
    *,
    is_own: bool = False,
    is_released: bool = False,
    is_shared: bool = False,
) -> bool:
    """Whether someone who looks as `viewer` may see `data`: only if the table says so.

    `is_own`: the viewer wrote it, or it is about their own part. `is_released`: it has been
    released to the coach. `is_shared`: its owner has shared it; that is the coach for notes and the
    self sheet, the client for their items.
    """
    needed = _TABLE.get((data, viewer))
    if needed is None:
        return False
    answers = {_If.OWN: is_own, _If.RELEASED: is_released, _If.SHARED: is_shared}
    return all(answers[condition] for condition in needed)


def names_observers(viewer: Viewer, *, was_shown: bool, is_shown: bool) -> bool:
    """Whether a person who looks as `viewer` may learn which observer noted what.

    Only the coach ever may. `was_shown`: names were shown when the round began, and have been
    since; `is_shown`: its dojo shows them now, or is no longer a dojo. Names that were hidden once
    stay hidden. The safety contact learns who wrote a reported note: a report is for that.
    """
    return viewer is Viewer.COACH and was_shown and is_shown
