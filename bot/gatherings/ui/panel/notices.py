"""What a facilitator is told came of doing something in several rooms at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from bot.gatherings.model.gathering import Gathering
from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.rooms import GatheringRooms
from bot.gatherings.service.steering import Outcome, Steer
from bot.kit.discord.explain import explain
from bot.kit.discord.interactions import Interaction, client_of
from bot.kit.discord.text import cut, joined
from bot.kit.refusals import DojoError
from bot.rounds.model.refusals import AlreadyDone
from bot.rounds.model.round import Round, State
from bot.rounds.ui.shared import mention

Notice: TypeAlias = str | Callable[[Gathering], str]
"""What has just been done, above a panel; empty once what it says is no longer so."""

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


def while_it_holds(notice: Notice, before: Gathering) -> Callable[[Gathering], str]:
    """The notice as long as the evening has not gone on, and what it says is so."""

    def said(now: Gathering) -> str:
        if (now.stage, now.number) != (before.stage, before.number):
            return ""
        return notice if isinstance(notice, str) else notice(now)

    return said


def while_rooms_stand(
    rooms: GatheringRooms, gathering: Gathering, say: Callable[[Collection[int]], str]
) -> Notice:
    """A notice about rooms; `say` is given the numbers of those that stand as they do now."""

    def looks(current: Gathering) -> Mapping[int, tuple[State, int] | None]:
        found = {now.room.number: now.round for now in rooms.rooms_now(current)}
        return {
            number: (round_.state, round_.position) if round_ and round_.is_open else None
            for number, round_ in found.items()
        }

    before = looks(gathering).items()
    return lambda current: say({number for number, _ in before & looks(current).items()})


def outcome_notice(
    rooms: GatheringRooms, did: str, outcome: Outcome, command: Callable[[str], str]
) -> Notice:
    """What came of it, as far as the rooms still stand as they did then."""
    total = _count(outcome)

    def say(standing: Collection[int]) -> str:
        as_it_is = replace(
            outcome,
            done=outcome.done if set(outcome.done) <= set(standing) else (),
            already=tuple(one for one in outcome.already if one in standing),
            refused=tuple(one for one in outcome.refused if one[0] in standing),
        )
        return outcome_note(did, as_it_is, command, total=total)

    return while_rooms_stand(rooms, outcome.gathering, say)


def _count(outcome: Outcome) -> int:
    return len(outcome.done) + len(outcome.already) + len(outcome.refused)


def outcome_note(
    did: str, outcome: Outcome, command: Callable[[str], str], *, total: int | None = None
) -> str:
    """In how many rooms of all it was done, where it was so already, and where not and why."""
    lines: list[str] = []
    total = _count(outcome) if total is None else total
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


def missing_notice(rooms: GatheringRooms, number: int, who: int) -> Notice:
    """What became of a room in which a person was missing, until they are back."""

    def say(gathering: Gathering) -> str:
        now = rooms.rooms_now(gathering)
        after = next((one.round for one in now if one.room.number == number), None)
        return _missing_note(gathering, who, after)

    return say


def _missing_note(gathering: Gathering, who: int, after: Round | None) -> str:
    seat = after.seat_of(who) if after is not None and after.is_open else None
    if seat is not None and seat.is_here and seat.doubted_at is not None:
        return (
            f"❓ {mention(who)} is asked in the room: you are in that round yourself. Without an"
            " answer within a minute they are taken for gone."
        )
    if gathering.takes_part(who) or (seat is not None and seat.is_here):
        return ""
    text = f"👋 {mention(who)} is out of the room; **Join** on the card brings them back."
    if after is None or not after.is_open:
        return f"{text} The round there is over."
    if after.open_roles:
        seats = joined(f"the {role}’s seat" for role in after.open_roles)
        return f"{text}\n🪑 The card there offers {seats} to everybody in the room."
    return text
