"""The end of an evening on its card: what may be shown to everybody, without names."""

from __future__ import annotations

from collections.abc import Mapping

from bot.content.model.content import Content
from bot.content.model.questions import Phase
from bot.gatherings.model.gathering import Gathering
from bot.gatherings.model.harvest import FEWEST_CHECK_OUTS, Noticed, Plenary, Share
from bot.kit.discord.cards import Part
from bot.kit.discord.text import cut, joined, paged, plural, safe

SHARES: Mapping[Share, str] = {
    Share.MOST: "in most rounds",
    Share.HALF: "in about half of the rounds",
    Share.FEW: "in a few rounds",
}
WORDS_TEXT = 900
"""Characters for the words of a check-out, and of each."""
WORD = 40
NAME = 60


def harvest_parts(gathering: Gathering, content: Content, plenary: Plenary) -> list[Part]:
    """What was practised, what observers noticed in all rooms together, a question, a word."""
    practised = "🌾 No round of this evening is stored."
    if plenary.rounds:
        practised = (
            f"🌾 {plural(plenary.rounds, 'round')} of practice in all rooms,"
            f" {plural(plenary.people, 'person', 'people')},"
            f" {plenary.coached} of them coached."
        )
    noted = ""
    if plenary.noticed is not None:
        noted = "\n".join(_noticed(plenary.noticed, content))
    elif plenary.rounds:
        noted = (
            "-# What observers noted stays with the coaches. Too few have opened their feedback to"
            " say something in which nobody can be recognised."
        )
    question = plenary.question or closing_question(gathering, content)
    is_shown = gathering.is_open or plenary.check_outs
    return [
        practised,
        noted,
        f"💬 **For the whole group:** {safe(question)}" if question else "",
        _check_outs(plenary) if is_shown else "",
    ]


def closing_question(gathering: Gathering, content: Content) -> str:
    """A question about the practice; the same one as long as it is the same gathering."""
    questions = content.group_questions
    return questions[gathering.id % len(questions)] if questions else ""


def _noticed(noticed: Noticed, content: Content) -> list[str]:
    """In words over all rounds; in which room, or of whose coaching, is not to be seen."""
    seen = {
        safe(cut(signal.counterpart.name, NAME)): noticed.seen.get(signal.code, 0)
        for signal in content.signals.signals
    }
    heard = {safe(content.phases[one].label): noticed.heard.get(one, 0) for one in Phase}
    found = [*_shares(noticed, seen, "Seen"), *_shares(noticed, heard, "Questions heard")]
    nothing = "Something different in each round: good material to talk about."
    return ["🔎 **What observers saw**, over the rounds of all rooms", *(found or [nothing])]


def _shares(noticed: Noticed, counts: Mapping[str, int], what: str) -> list[str]:
    """A line for each word that says in how many rounds; what was hardly noted is not named."""
    return [
        f"{what} {words}: {joined(found)}"
        for share, words in SHARES.items()
        if (found := [name for name, count in counts.items() if noticed.share_of(count) is share])
    ]


def _check_outs(plenary: Plenary) -> str:
    """The words in an order of their own, and how far the numbers go: none belongs to anybody."""
    if not plenary.check_outs:
        return (
            "🚪 **Check-out:** a number and a word, if you like. When the evening closes, all see"
            f" them together, without names, if at least {FEWEST_CHECK_OUTS} people answered."
        )
    useful = [number for number, _ in plenary.check_outs]
    lowest, highest = min(useful), max(useful)
    spread = f"{lowest} to {highest}" if lowest < highest else str(lowest)
    how = f"-# How useful for my practice, 0 to 10: {spread}, by {len(useful)} people."
    words = sorted({cut(word, WORD) for _, word in plenary.check_outs if word.strip()})
    if not words:
        return f"🚪 **Check-out**\n{how}"
    shown = paged([f"{safe(word)} · " for word in words], most_text=WORDS_TEXT)[0]
    more = len(words) - len(shown)
    said = "".join(shown).removesuffix(" · ") + (f" · {more} more" if more else "")
    return f"🚪 **Check-out:** {said}\n{how}"
