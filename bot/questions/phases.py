"""Which phase of the conversation fits the present state of a round: a first guess, not a rule.

Phases are not a straight line, and a clock must not force them; so this only decides what a
question without a phase starts with, and the person can change it at once.
"""

from __future__ import annotations

from datetime import datetime

from bot.content.model.formats import DEBRIEF_ORDER, SegmentKind
from bot.content.model.questions import Phase
from bot.rounds.model.round import Round

_BY_SHARE = (
    (0.20, Phase.START),
    (0.45, Phase.MEANING),
    # A check-in helps most half-way.
    (0.55, Phase.CHECK_IN),
    (0.70, Phase.MEANING),
    (0.85, Phase.ACTION),
)


def phase_now(round_: Round, now: datetime) -> Phase | None:
    """The phase for a question without one; None before a round, in its feedback, and after it."""
    kind = round_.kind
    if kind is None or kind in DEBRIEF_ORDER:
        return None
    if kind is SegmentKind.AGREE:
        return Phase.START
    if kind is SegmentKind.SWAP:
        # The next coach first finds out where the client is.
        return Phase.CHECK_IN
    share = round_.coached_for(now) / round_.format.coaching
    return next((phase for until, phase in _BY_SHARE if share < until), Phase.CLOSE)
