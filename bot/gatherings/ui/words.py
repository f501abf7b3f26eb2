"""What is said about gatherings: fixed words, the planner's line, who is in which group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.gatherings.grouping.groups import Group, Wish
from bot.gatherings.model.gathering import Closing, Grouping, Guest, Places, Room
from bot.gatherings.model.plan import Misfit, Plan
from bot.gatherings.model.plan_of import Remedies
from bot.gatherings.model.seats import NOBODY, WAS_LEFT
from bot.kit.discord.text import joined, plural, safe, span
from bot.rounds.model.pairs import Pair
from bot.rounds.model.round import Role, RoomKind
from bot.rounds.ui.shared import mention
from bot.rounds.ui.words import ROLE

ACCENT = 0xB5838D

WISH: Mapping[Wish, tuple[str, str, str]] = {
    Wish.ANY: ("🤝", "Anything", "coach, client or observer, as it comes"),
    Wish.COACH: ("🎧", "Coach", "would like to coach"),
    Wish.CLIENT: ("🙋", "Client", "would like to bring a topic"),
    Wish.OBSERVE: ("👀", "Observe only", "to watch and listen; this one is always kept"),
}
"""Emoji, name, and what it means."""

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "es": "Español",
    "it": "Italiano",
    "fr": "Français",
    "de": "Deutsch",
    "pt": "Português",
}
"""In which people may say that they practise."""

GROUPING: Mapping[Grouping, str] = {
    Grouping.STAY: "groups stay together, roles rotate",
    Grouping.FRESH: "fresh groups each round",
}
PLACES: Mapping[Places, str] = {
    Places.THREADS: "rooms are threads",
    Places.VOICE: "rooms are voice channels",
}
CLOSING: Mapping[Closing, str] = {
    Closing.CLOSED: "Thank you for the coaching, the trust and the attention.",
    Closing.CALLED_OFF: "It was called off before its first round.",
    Closing.IDLE: "Nothing more happened for a while, so I closed it.",
    Closing.CHANNEL_GONE: "Its channel is gone.",
    Closing.BOT_REMOVED: "I was removed from its server.",
}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MOST_SIZES = 6
"""Groups written out one by one; of more, they are counted: `18 × 3 + 1 × 4`."""


def counted(count: int, one: str, many: str | None = None) -> str:
    """`one round`, `four rounds`; in figures above ten."""
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{number} {one if count == 1 else many or one + 's'}"


# The planner


def sizes_text(sizes: Sequence[int]) -> str:
    """`3+3+4`, or `18 × 3 + 1 × 4` where that is shorter."""
    if len(sizes) <= MOST_SIZES:
        return "+".join(map(str, sizes))
    return " + ".join(f"{times} × {size}" for size, times in sorted(Counter(sizes).items()))


def planner_line(plan: Plan) -> str:
    """`10 people, 96 min: 3+3+4, four rounds of quick-10, nobody misses a turn`.

    The minutes are all that the evening takes, as every card says them.
    """
    missing = plan.missing
    turns = (
        f"{counted(missing, 'person', 'people')} {'misses' if missing == 1 else 'miss'} a turn"
        if missing
        else "nobody misses a turn"
    )
    return (
        f"{plural(plan.people, 'person', 'people')}, {plan.minutes_needed} min:"
        f" {sizes_text(plan.sizes)}, {counted(plan.rounds, 'round')} of"
        f" {safe(plan.format.name)}, {turns}"
    )


def remedy_text(found: Remedies) -> str:
    """What would make an evening fit into its minutes, as far as anything would."""
    if found.fewer_rounds and found.shorter_format:
        return "fewer rounds or a shorter format would fit"
    if found.fewer_rounds:
        return "fewer rounds would fit"
    if found.shorter_format:
        return "a shorter format would fit"
    if found.both:
        return "fewer rounds of a shorter format would fit"
    return f"the shortest evening takes {found.least} min" if found.least is not None else ""


def planner_lines(plan: Plan, minutes: int | None, remedy: str = "") -> list[str]:
    """The planner's line, and the trade in plain words where there is one.

    `minutes` is how long the evening may last, if that was said; `remedy` what would fit.
    """
    if plan.misfit is Misfit.TOO_FEW:
        return [f"📐 {_too_few(plan)}"]
    lines = [f"📐 {planner_line(plan)}"]
    if plan.missing:
        lines.append(
            f"-# With {counted(plan.rounds_for_all, 'round')} ({plan.minutes_for_all} min)"
            " everybody would coach once. Whoever misses a turn is owed one next time."
        )
    if plan.misfit is Misfit.GROUPS:
        people = span(plan.format.fewest, plan.format.most)
        lines.append(
            f"-# ⚠️ This format is for {people} people; groups of another size follow the nearest"
            " one that suits them."
        )
    over = plan.minutes_needed - minutes if minutes else 0
    if over > 0:
        lines.append(
            f"-# ⚠️ That takes {plan.minutes_needed} min, {over} more than planned"
            f"{': ' if remedy else ''}{remedy}."
        )
    elif minutes and plan.fits:
        lines.append(
            f"-# Opening, moves between the rooms and harvest included, it fits into {minutes} min."
        )
    return lines


def _too_few(plan: Plan) -> str:
    if plan.people == 0:
        return "Nobody is in yet. It takes two people to practise, three are best."
    if plan.people == 1:
        return "One person is in: one more, and a pair can practise. Three are best."
    return (
        f"{plural(plan.people, 'person', 'people')}, and {_NUMBERS[plan.leads]} of them may be"
        " coach or client: it takes two who may."
    )


# People and groups


def people_text(user_ids: Iterable[int], *, most: int) -> str:
    """`@a, @b and @c`; of more than `most` the rest is counted."""
    ids = list(user_ids)
    named = [mention(one) for one in ids[:most]]
    if len(ids) > most:
        named.append(f"{len(ids) - most} more")
    return joined(named)


def guests_lines(here: Sequence[Guest], *, most: int = 60) -> list[str]:
    """Who is in, in one line, and how many have each wish: whose it is says the card to nobody."""
    if not here:
        return []
    wishes = Counter(guest.wish for guest in here)
    counts = [
        f"{emoji} {name}: {wishes[wish]}" for wish, (emoji, name, _) in WISH.items() if wishes[wish]
    ]
    names = people_text((guest.user_id for guest in here), most=most)
    return [f"👥 {names}", f"-# {' · '.join(counts)}"]


def group_line(number: int, group: Group, room: Room | None = None, *, brief: bool = False) -> str:
    """`**1** <#5> · 🎧 @a · 🙋 @b · 👀 @c`; `brief`, observers are counted.

    A private thread is not linked: all but its own people would read “No Access”, and those it has
    mentioned. The seat of a coach or client whom nobody is now is said to be free.
    """
    emojis = [ROLE[role][0] for role in (Role.COACH, Role.CLIENT)]
    leads = [
        f"{emoji} {mention(one) if one != NOBODY else 'free seat'}"
        for emoji, one in zip(emojis, group.people, strict=False)
        if one != WAS_LEFT
    ]
    watching = ROLE[Role.OBSERVER][0]
    observers = group.people[2:]
    if observers:
        named = str(len(observers)) if brief else ", ".join(map(mention, observers))
        leads.append(f"{watching} {named}")
    name = f"**{number}**"
    if room is not None:
        is_hidden = room.kind is RoomKind.PRIVATE_THREAD
        name = f"**Room {number}**" if is_hidden else f"{name} <#{room.channel_id}>"
    return f"{name} · {' · '.join(leads)}"


def group_lines(groups: Sequence[Group], rooms: Mapping[int, Room], *, most_text: int) -> list[str]:
    """A line for each group; shorter ones where they would be more than `most_text` characters."""
    for brief in (False, True):
        lines = [
            group_line(number, group, rooms.get(number), brief=brief)
            for number, group in enumerate(groups, 1)
        ]
        if sum(map(len, lines)) + len(lines) <= most_text:
            return lines
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(kept) + len(line) > most_text - 40:
            break
        kept.append(line)
    return [*kept, f"… and {plural(len(lines) - len(kept), 'group')} more"]


def pairs_text(pairs: Sequence[Pair], *, most: int) -> str:
    """`@a and @b, @c and @d, and 3 more pairs`."""
    named = [f"{mention(one)} and {mention(other)}" for one, other in pairs[:most]]
    if len(pairs) > most:
        named.append(f"and {plural(len(pairs) - most, 'more pair')}")
    return ", ".join(named)


def languages_text(languages: Iterable[str]) -> str:
    """`English and Italiano`, or that any will do."""
    spoken = [name for code, name in LANGUAGES.items() if code in set(languages)]
    return joined(spoken) if spoken else "any language"
