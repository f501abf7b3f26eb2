"""Proposing groups, changing the proposal, and starting rounds with it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.gatherings.grouping.apart import Kept, keep_lists
from bot.gatherings.grouping.draft import draw
from bot.gatherings.grouping.edits import observe_only, settle, swap
from bot.gatherings.grouping.groups import Draw, Member, Wish
from bot.gatherings.grouping.ring import ring
from bot.gatherings.grouping.roles import rotate
from bot.gatherings.grouping.sizes import TooFewForGroups
from bot.gatherings.model import moves
from bot.gatherings.model.gathering import (
    FEWEST_GUESTS,
    Draft,
    Gathering,
    Grouping,
    boarding_for,
    members_of,
)
from bot.gatherings.model.plan import is_one_ring
from bot.gatherings.model.refusals import CannotGather, GatheringDone
from bot.gatherings.service.access import GatheringAccess
from bot.gatherings.service.history import Known, PracticeHistory
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.service.ports import GatheringHost, Whisper
from bot.gatherings.store.wishes import WishStore
from bot.kit.person import Person
from bot.rounds.model.pairs import Pair
from bot.rounds.service.access import RoundAccess


@dataclass(eq=False)
class GatheringGrouping:
    """What a facilitator does with groups before a round."""

    _live: LiveGatherings
    _access: GatheringAccess
    _round_access: RoundAccess
    _history: PracticeHistory
    _wishes: WishStore
    _host: GatheringHost
    _rng: random.Random
    _asked: dict[tuple[int, int], set[int]] = field(
        default_factory=dict[tuple[int, int], set[int]], init=False
    )
    """Who has been asked about their list, by gathering and round."""

    async def form_groups(
        self, gathering_id: int, person: Person, *, again: bool = False
    ) -> Gathering:
        """Propose groups for the next round; nothing moves by that.

        What is proposed already stays, with those who came or left meanwhile fitted in; `again`,
        other groups are drawn, and only pins stay. Raises CannotGather with too few people.
        """
        gathering = self._access.checked(gathering_id, person)
        draft = gathering.draft
        if draft is None or again:
            draft = await self._drafted(gathering, draft.pins if draft else ())
        elif gathering.changes():
            draft = await self._fitted(gathering, draft)
        else:
            return gathering
        return await self._put(gathering, person, draft)

    async def swap(self, gathering_id: int, person: Person, one: int, other: int) -> Gathering:
        """Let two people of the proposal change places."""
        gathering, draft = self._drafted_now(gathering_id, person)
        known, apart, members = await self._about(gathering)
        try:
            swapped = swap(draft.draw, one, other, members, known.past, apart)
        except TooFewForGroups:
            raise CannotGather("too few leads") from None
        except ValueError:
            raise CannotGather("not in it") from None
        pins = tuple(pin for pin in draft.pins if _holds(swapped, pin))
        return await self._put(gathering, person, replace(draft, draw=swapped, pins=pins))

    async def pin(self, gathering_id: int, person: Person, people: Sequence[int]) -> Gathering:
        """Keep these people of one group together when groups are drawn again."""
        gathering, draft = self._drafted_now(gathering_id, person)
        together = frozenset(people)
        if len(together) < 2 or not _holds(draft.draw, together):
            raise CannotGather("not together")
        others = tuple(pin for pin in draft.pins if not pin & together)
        return await self._put(gathering, person, replace(draft, pins=(*others, together)))

    async def unpin(self, gathering_id: int, person: Person) -> Gathering:
        """Let everybody be drawn again."""
        gathering, draft = self._drafted_now(gathering_id, person)
        return await self._put(gathering, person, replace(draft, pins=()))

    async def let_observe(self, gathering_id: int, person: Person, who: int) -> Gathering:
        """Have someone only observe tonight; others take their place where they were to lead."""
        gathering, draft = self._drafted_now(gathering_id, person)
        guest = gathering.guest(who)
        if guest is None or not gathering.takes_part(who):
            raise CannotGather("not in it")
        known, apart, members = await self._about(gathering)
        try:
            changed = observe_only(draft.draw, who, members, known.past, apart)
        except TooFewForGroups:
            raise CannotGather("too few leads") from None
        new = replace(draft, draw=changed)

        def move(current: Gathering, now: datetime) -> Gathering:
            if guest.wish is not Wish.OBSERVE:
                current = moves.join(current, who, Wish.OBSERVE, guest.languages, now)
            return moves.propose(current, new)

        return await self._access.move(gathering.id, person, move)

    async def start(self, gathering_id: int, person: Person, *, after: int) -> Gathering:
        """Begin the next round with the proposed groups; `after` is the round the person saw.

        Raises CannotGather("changed") with the groups fitted again when someone came or left since
        they were proposed: the person who starts is to see them first.
        """
        gathering = self._access.checked(gathering_id, person)
        _check_not_started(gathering, after)
        draft = gathering.draft
        if draft is None:
            raise CannotGather("nothing proposed")
        if gathering.changes():
            await self.form_groups(gathering_id, person)
            raise CannotGather("changed")
        try:
            return await self._begin(gathering, person, draft.draw, after, as_proposed=True)
        except CannotGather as error:
            if error.why == "changed":
                await self.form_groups(gathering_id, person)
            raise

    async def next_round(self, gathering_id: int, person: Person, *, after: int) -> Gathering:
        """The next round: where groups stay, with roles rotated, it begins at once.

        Else, or when groups are proposed already, they are looked at first.
        """
        gathering = self._access.checked(gathering_id, person)
        _check_not_started(gathering, after)
        if len(gathering.here) < FEWEST_GUESTS:
            # Before a round is added to the plan for which there is nobody.
            raise CannotGather("too few")
        if gathering.is_last:
            gathering = await self._access.move(
                gathering_id, person, lambda g, _: moves.one_more(g)
            )
        is_proposed = gathering.draft is not None
        if is_proposed or gathering.grouping is Grouping.FRESH or gathering.draw is None:
            # What someone has changed in a proposal is not passed over.
            return await self.form_groups(gathering_id, person)
        drafted = await self._drafted(gathering, ())
        try:
            return await self._begin(gathering, person, drafted.draw, after)
        except CannotGather as error:
            if error.why != "changed":
                raise
            # Someone has left or only observes since a moment ago: the groups are looked at first.
            return await self.form_groups(gathering_id, person)

    # Inside

    def _drafted_now(self, gathering_id: int, person: Person) -> tuple[Gathering, Draft]:
        gathering = self._access.checked(gathering_id, person)
        if gathering.draft is None:
            raise CannotGather("nothing proposed")
        return gathering, gathering.draft

    async def _put(self, gathering: Gathering, person: Person, draft: Draft) -> Gathering:
        proposed = await self._access.move(
            gathering.id, person, lambda g, _: moves.propose(g, draft)
        )
        await self._ask_owners(proposed)
        return proposed

    # Lists of those whom someone does not want to be with: nobody but their owner learns anything

    async def is_list_unmet(self, gathering: Gathering, user_id: int) -> bool:
        """Whether the proposed groups cannot keep to this person's own list."""
        if gathering.draft is None or gathering.is_in_rooms:
            return False
        try:
            kept = await self._with_lists(gathering, gathering.draft.draw)
        except CannotGather:
            return False
        return user_id in kept.owners

    async def _with_lists(self, gathering: Gathering, drawn: Draw) -> Kept:
        """The groups as they are with everybody's list kept."""
        known = await self._history.known(gathering)
        members = gathering.members(known.owed)
        lists = await self._wishes.lists(gathering.dojo_id)
        here = {member.user_id for member in members}
        if not members_of(drawn) <= here:
            # Someone has left meanwhile: the groups are fitted first.
            raise CannotGather("changed")
        return await asyncio.to_thread(keep_lists, drawn, members, known.past, lists)

    async def _ask_owners(self, gathering: Gathering) -> None:
        """Ask those whose lists the proposal cannot keep, once a round, in private."""
        draft = gathering.draft
        if draft is None or gathering.changes():
            return
        kept = await self._with_lists(gathering, draft.draw)
        key = (gathering.id, gathering.number + 1)
        if key not in self._asked:
            # Those of earlier rounds and of evenings that are over do not matter any more.
            self._asked = {
                one: of
                for one, of in self._asked.items()
                if one[0] != gathering.id and self._live.find(one[0]) is not None
            }
        asked = self._asked.setdefault(key, set())
        people = [one for one in sorted(kept.owners) if one not in asked]
        asked.update(people)
        for user_id in people:
            self._host.whisper(gathering, Whisper.LIST_UNMET, user_id)

    def _tell_owners(self, gathering: Gathering, kept: Kept) -> None:
        """Tell the owners of lists that could not be kept otherwise what became of it."""
        for user_id in sorted(kept.owners):
            what = Whisper.SITS_OUT if user_id in kept.out else Whisper.OBSERVES
            self._host.whisper(gathering, what, user_id)

    async def _begin(
        self,
        gathering: Gathering,
        person: Person,
        drawn: Draw,
        after: int,
        *,
        as_proposed: bool = False,
    ) -> Gathering:
        kept = await self._with_lists(gathering, drawn)
        drawn = kept.draw
        if not drawn.groups:
            await self._access.move(gathering.id, person, lambda g, _: _resting(g, kept.owners))
            raise CannotGather("too few")
        self._round_access.check_free(
            members_of(drawn), by=person.user_id, guild_id=gathering.guild_id
        )
        boarding = boarding_for(len(members_of(drawn)), gathering.places, after + 1)

        def move(g: Gathering, now: datetime) -> Gathering:
            if as_proposed and g.changes():
                # Someone came or left in this very moment.
                raise CannotGather("changed")
            if any(g.only_observes(one) for group in drawn.groups for one in group.people[:2]):
                # Chosen in this very moment: it is always kept.
                raise CannotGather("changed")
            return _resting(moves.start(g, drawn, now, boarding, after=after), kept.out)

        started = await self._access.move(gathering.id, person, move)
        self._tell_owners(started, kept)
        return started

    async def _about(self, gathering: Gathering) -> tuple[Known, frozenset[Pair], list[Member]]:
        known = await self._history.known(gathering)
        members = gathering.members(known.owed)
        ids = [member.user_id for member in members]
        return known, await self._wishes.pairs(gathering.dojo_id, ids), members

    async def _drafted(self, gathering: Gathering, pins: tuple[frozenset[int], ...]) -> Draft:
        """Groups for the next round as the plan wants them."""
        known, apart, members = await self._about(gathering)
        if len(members) < FEWEST_GUESTS:
            raise CannotGather("too few")
        here = {member.user_id for member in members}
        pins = tuple(pin for pin in pins if pin <= here)
        stays = gathering.grouping is Grouping.STAY
        if stays and gathering.draw is not None and not pins:
            try:
                drawn = await asyncio.to_thread(rotate, gathering.draw, members, known.past, apart)
            except TooFewForGroups:
                raise CannotGather("too few leads") from None
            if not drawn.apart_broken:
                return Draft(drawn)
        return Draft(await self._draw(gathering, members, known, apart, pins), pins)

    async def _draw(
        self,
        gathering: Gathering,
        members: Sequence[Member],
        known: Known,
        apart: frozenset[Pair],
        pins: tuple[frozenset[int], ...],
    ) -> Draw:
        left = max(gathering.rounds - gathering.number, 1)
        rounds = left if gathering.grouping is Grouping.FRESH else 1
        seed = self._rng.getrandbits(31)
        try:
            if is_one_ring(gathering.format):
                return ring(members, known.past, apart, seed)
            draws = await asyncio.to_thread(
                draw, members, known.past, apart=apart, pins=pins, seed=seed, rounds=rounds
            )
        except TooFewForGroups:
            raise CannotGather("too few leads") from None
        return draws[0]

    async def _fitted(self, gathering: Gathering, draft: Draft) -> Draft:
        """The proposal with those who left taken out, and those who came put in."""
        known, apart, members = await self._about(gathering)
        changes = gathering.changes()
        if len(members) < FEWEST_GUESTS:
            raise CannotGather("too few")
        gone = len(changes.left) + len(changes.rest)
        if 3 * (len(changes.came) + gone) > len(members):
            # After many changes other groups are better than these with repairs.
            return await self._drafted(gathering, draft.pins)
        try:
            drawn = settle(draft.draw, members, known.past, apart)
        except TooFewForGroups:
            raise CannotGather("too few leads") from None
        pins = tuple(pin for pin in draft.pins if _holds(drawn, pin))
        return replace(draft, draw=drawn, pins=pins)


def _check_not_started(gathering: Gathering, after: int) -> None:
    """Raises GatheringDone when someone was quicker than the person who saw the round `after`."""
    if gathering.number != after or gathering.is_in_rooms:
        raise GatheringDone("started")


def _resting(gathering: Gathering, people: Iterable[int]) -> Gathering:
    for user_id in people:
        if gathering.takes_part(user_id):
            gathering = moves.rest(gathering, user_id)
    return gathering


def _holds(drawn: Draw, people: frozenset[int]) -> bool:
    return any(people <= set(group.people) for group in drawn.groups)
