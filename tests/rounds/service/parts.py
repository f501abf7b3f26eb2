"""The services of rounds, joined as the bot joins them."""

from __future__ import annotations

import random

from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.asking import AskingService
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.people import RoundPeople
from bot.rounds.service.proposing import RoundProposing
from bot.rounds.service.rooms import RoundRooms
from bot.rounds.service.steering import RoundSteering


class RoundParts:
    """What people and Discord do with the rounds that are going on."""

    def __init__(
        self,
        live: LiveRounds,
        dojos: DojoService,
        contents: ContentService,
        asking: AskingService,
        *,
        rng: random.Random,
    ) -> None:
        self.live = live
        self.access = access = RoundAccess(live, dojos)
        self.proposing = RoundProposing(live, access, dojos, contents, asking, rng)
        self.people = RoundPeople(live, access, asking)
        self.steering = RoundSteering(live, access)
        self.rooms = RoundRooms(live, access)
