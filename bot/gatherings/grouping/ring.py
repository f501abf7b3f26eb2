"""Everybody in one group, as in a fishbowl: who coaches, and who is the client."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.gatherings.grouping.edits import appraise, still_owed
from bot.gatherings.grouping.groups import Draw, Group, Member, Past, Wish
from bot.gatherings.grouping.sizes import LEADS, TooFewForGroups
from bot.rounds.model.pairs import Pair


def ring(members: Sequence[Member], past: Past, apart: Collection[Pair], seed: int) -> Draw:
    """One group of everybody.

    The coach is the person who is owed a turn most, among equals one who wishes it; the
    client is the person who has been it least tonight and wishes it, and not the one whom this
    coach coached last. People who are not to be together may both watch: only coach and client are
    kept apart.
    Raises TooFewForGroups without two people who may coach and be client.
    """
    leads = [member for member in members if member.leads]
    if len(leads) < LEADS:
        raise TooFewForGroups(len(members), len(leads))
    coach = min(
        leads,
        key=lambda one: (
            -still_owed(one, past),
            one.wish is Wish.CLIENT,
            one.wish is not Wish.COACH,
            one.user_id,
        ),
    )
    kept_apart = {frozenset(pair) for pair in apart}
    client = min(
        (one for one in leads if one is not coach),
        key=lambda one: (
            frozenset((coach.user_id, one.user_id)) in kept_apart,
            past.client_tonight.get(one.user_id, 0),
            past.coached.get((one.user_id, coach.user_id), 0.0),
            past.coached.get((coach.user_id, one.user_id), 0.0),
            one.wish is not Wish.CLIENT,
            one.wish is Wish.COACH,
            one.user_id,
        ),
    )
    two = (coach.user_id, client.user_id)
    others = sorted(
        (member for member in members if member.user_id not in two),
        key=lambda one: (not one.leads, one.user_id),
    )
    group = Group((*two, *(one.user_id for one in others)))
    led = [pair for pair in apart if frozenset(pair) == frozenset(two)]
    return appraise([group], members, past, led, seed)
