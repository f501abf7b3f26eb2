"""What a facilitator is told came of doing something in several rooms at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.steering import Outcome, Steer
from bot.kit.discord.explain import explain
from bot.kit.discord.interactions import Interaction, client_of
from bot.kit.discord.text import cut, joined
from bot.kit.refusals import DojoError
from bot.rounds.model.refusals import AlreadyDone
from bot.rounds.model.round import Round
from bot.rounds.ui.shared import mention

MOST_NOTE = 900
"""Characters above a panel."""
MOST_NUMBERS = 12

POSTED = "📣 Posted"
DID = {
    Steer.PAUSE: "⏸️ Paused",
    Steer.RESUME: "▶️ Going on",
    Steer.LONGER: "➕ Two minutes more",
    Steer.NEXT: "⏭️ Moved on",
    Steer.END: "⏹️ Ended",
}
EARLIER_ROUND = "↩️ Another round has begun meanwhile, so nothing was done. This is how it is now."


def outcome_note(did: str, outcome: Outcome, command: Callable[[str], str]) -> str:
    """In how many rooms it was done, where it was so already, and where not and why."""
    lines: list[str] = []
    total = len(outcome.done) + len(outcome.already) + len(outcome.refused)
    if outcome.done and len(outcome.done) == total:
        where = f"all {total} rooms" if total > 1 else rooms_text(outcome.done)
        lines.append(f"{did} in {where}.")
    elif outcome.done:
        lines.append(f"{did} in {len(outcome.done)} of {total} rooms.")
    if outcome.already:
        by = f", by <@{outcome.by_user_id}>" if outcome.by_user_id else ""
        lines.append(f"👌 Already done in {rooms_text(outcome.already)}{by}.")
    reasons: defaultdict[str, list[int]] = defaultdict(list)
    for number, error in outcome.refused:
        reasons[_reason(error, command)].append(number)
    for reason, numbers in reasons.items():
        where = rooms_text(numbers)
        lines.append(f"⚠ {where[0].upper()}{where[1:]}: {reason}")
    return cut("\n".join(lines), MOST_NOTE)


def _reason(error: DojoError, command: Callable[[str], str]) -> str:
    if isinstance(error, CannotGather) and error.why == "unreachable":
        # The same for all rooms, so that they are named together.
        return f"I could not write there. {command('dojo check')} may tell why."
    return explain(error, command)


def rooms_text(numbers: Sequence[int]) -> str:
    """`room 3`, `rooms 1, 2 and 3`; of many, the rest is counted."""
    named = [str(number) for number in numbers[:MOST_NUMBERS]]
    if len(numbers) > MOST_NUMBERS:
        named.append(f"{len(numbers) - MOST_NUMBERS} more")
    return f"{'room' if len(numbers) == 1 else 'rooms'} {joined(named)}"


def already_note(interaction: Interaction, error: AlreadyDone) -> str:
    """That another person was quicker, for the panel rather than as a refusal."""
    return f"👌 {explain(error, client_of(interaction).mention_command)}"


def missing_note(who: int, after: Round | None) -> str:
    """What became of a room in which a person was missing."""
    if after is not None and after.takes_part(who):
        return (
            f"❓ {mention(who)} is asked in the room: you are in that round yourself. Without an"
            " answer within a minute they are taken for gone."
        )
    text = f"👋 {mention(who)} is out of the room; **Join** on the card brings them back."
    if after is None or not after.is_open:
        return f"{text} The round there is over."
    if after.open_roles:
        seats = joined(f"the {role}’s seat" for role in after.open_roles)
        return f"{text}\n🪑 The card there offers {seats} to everybody in the room."
    return text
