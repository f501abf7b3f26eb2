"""Who may do what with gatherings, and the change of a gathering that only they may make."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.content.model.content import Content
from bot.dojos.model.dojo import Dojo
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.gatherings.model.gathering import Gathering
from bot.gatherings.model.refusals import NotFacilitator
from bot.gatherings.service.live import LiveGatherings, Move
from bot.kit.person import Person


class GatheringAccess:
    """Knows by whom a gathering is looked after, and in which words its dojo speaks."""

    def __init__(self, live: LiveGatherings, dojos: DojoService, contents: ContentService) -> None:
        self._live = live
        self._dojos = dojos
        self._contents = contents

    async def content_of(self, gathering: Gathering) -> Content:
        """The words and formats of its dojo; the shipped ones if that is closed."""
        dojo = self._dojos.by_id(gathering.dojo_id)
        if dojo is None:
            return self._contents.for_locale("en")
        return await self._contents.of_dojo(dojo)

    def facilitates(self, gathering: Gathering, person: Person) -> bool:
        """Whether this person may look after the evening, by the rights they have now.

        That is for the facilitators of its dojo, and for people to whom the evening was handed
        by name, as long as they are in the server.
        """
        if person.guild_id != gathering.guild_id:
            return False
        is_facilitator = _facilitates(self._dojo_of(gathering), person)
        return is_facilitator or person.user_id in gathering.trusted_user_ids

    def check_facilitates(self, gathering: Gathering, person: Person) -> None:
        """Raises NotFacilitator unless this person looks after the evening."""
        if not self.facilitates(gathering, person):
            dojo = self._dojos.by_id(gathering.dojo_id)
            raise NotFacilitator(dojo.settings.facilitator_role_id if dojo else None)

    def check_facilitates_dojo(self, gathering: Gathering, person: Person) -> None:
        """Raises NotFacilitator unless this person is a facilitator of the dojo itself."""
        dojo = self._dojo_of(gathering)
        if not _facilitates(dojo, person):
            raise NotFacilitator(dojo.settings.facilitator_role_id if dojo else None)

    def checked(self, gathering_id: int, person: Person) -> Gathering:
        """A gathering that is going on, for a person who looks after it.

        Raises CannotGather when it is over, NotFacilitator for others.
        """
        gathering = self._live.get(gathering_id)
        self.check_facilitates(gathering, person)
        return gathering

    def acting(self, gathering: Gathering, person: Person) -> Person:
        """The person with the rights in rooms that facilitating this evening gives them."""
        self.check_facilitates(gathering, person)
        return replace(person, looks_after=gathering.id)

    async def move(self, gathering_id: int, person: Person, move: Move) -> Gathering:
        """Change a gathering, on disk on return; for those who look after it when it is changed.

        Raises what `checked` raises.
        """

        def checked(gathering: Gathering, now: datetime) -> Gathering:
            self.check_facilitates(gathering, person)
            return move(gathering, now)

        return await self._live.move(gathering_id, checked)

    def _dojo_of(self, gathering: Gathering) -> Dojo | None:
        return self._dojos.open_or_closed(gathering.dojo_id)


def _facilitates(dojo: Dojo | None, person: Person) -> bool:
    return dojo is not None and dojo.is_facilitator(person)
