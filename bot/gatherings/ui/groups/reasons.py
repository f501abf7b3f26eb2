"""What speaks for proposed groups, and what has changed since: for facilitators."""

from __future__ import annotations

from bot.gatherings.grouping.groups import Draw
from bot.gatherings.model.gathering import Changes, Gathering, boarding_for, members_of
from bot.gatherings.ui.words import counted, pairs_text, people_text
from bot.kit.discord.text import plural
from bot.rounds.ui.words import clock_text

MOST_NAMED = 4
"""People or pairs named in a reason; the others are counted."""
MOST_CHANGED = 6


def changes_text(changes: Changes, since: str) -> str:
    """Who came, who left, and who only observes by now."""
    said: list[str] = []
    for ids, one, many in (
        (changes.came, "has come", "have come"),
        (changes.left, "has left", "have left"),
        (changes.observe, "now only observes", "now only observe"),
        (changes.rest, "sits this round out", "sit this round out"),
    ):
        if ids:
            said.append(f"{people_text(ids, most=MOST_CHANGED)} {one if len(ids) == 1 else many}")
    return f"🔔 {since}: {'; '.join(said)}."


def boarding_text(gathering: Gathering, drawn: Draw) -> str:
    """How long it takes until all clocks start, said before anybody is moved."""
    people, number = len(members_of(drawn)), gathering.number + 1
    lasts = clock_text(boarding_for(people, gathering.places, number))
    return f"-# After **Start** all have {lasts} to find their room and to answer the agreement."


def _stay(before: Draw, drawn: Draw) -> bool:
    """Whether all who were in one group still are; people may have come or left."""
    return all(
        len({number for one in group.people if (number := drawn.group_of(one)) is not None}) < 2
        for group in before.groups
    )


def reasons(gathering: Gathering, drawn: Draw) -> list[str]:
    """Why these groups, in two lines."""
    if gathering.draw is not None and _stay(gathering.draw, drawn):
        together = "groups stay together, and the roles rotate."
    elif not drawn.repeats:
        together = "no two of a group have practised together lately."
    else:
        earlier = tuple(pair for pair in drawn.repeats if pair not in drawn.again)
        said: list[str] = []
        if drawn.again:
            verb = "were together earlier tonight"
            said.append(f"{pairs_text(drawn.again, most=MOST_NAMED)} {verb}")
        if earlier:
            said.append(f"{pairs_text(earlier, most=MOST_NAMED)} were together before")
        together = f"{'; '.join(said)}. All other pairs are new, or met long ago."
    facts: list[str] = []
    if drawn.owed_first:
        owed = people_text(drawn.owed_first, most=MOST_NAMED)
        verb = "coaches" if len(drawn.owed_first) == 1 else "coach"
        facts.append(f"{owed} {verb} because a turn was owed")
    if drawn.unmet:
        verb = "is" if len(drawn.unmet) == 1 else "are"
        facts.append(f"{counted(len(drawn.unmet), 'wish', 'wishes')} for a role {verb} not met now")
    else:
        facts.append("all wishes for a role are met")
    if drawn.languages_mixed:
        mixed = drawn.languages_mixed
        shares = "shares" if mixed == 1 else "share"
        facts.append(f"{plural(mixed, 'pair')} {shares} no language")
    text = "; ".join(facts)
    return [
        f"❔ **Why these groups?** {together[0].upper()}{together[1:]}",
        f"{text[0].upper()}{text[1:]}.",
    ]
