"""Asking before a channel stops being a dojo: what goes on there is named."""

from __future__ import annotations

from bot.dojos.actions import CONFIRM_STOP, KEEP_DOJO, STOP_DOJO
from bot.dojos.model.dojo import Dojo
from bot.dojos.service.dojos import DojoService
from bot.dojos.ui.checks import ACCENT
from bot.dojos.ui.places import dojo_channel
from bot.gatherings.service.live import LiveGatherings
from bot.kit.discord.actions import row_of
from bot.kit.discord.answers import redraw
from bot.kit.discord.cards import card
from bot.kit.discord.interactions import Interaction, person_of, services_of
from bot.kit.discord.text import plural, safe
from bot.kit.services import Services
from bot.rounds.service.live import LiveRounds


@STOP_DOJO.pressed
async def ask_to_stop(interaction: Interaction) -> None:
    """Say what would happen, and ask."""
    dojo = services_of(interaction)[DojoService].get(dojo_channel(interaction))
    dojo.check_may_configure(person_of(interaction))
    view = card(
        f"### Stop <#{dojo.channel_id}> being a dojo?",
        "Questions will be private there. Settings, own content and the order of questions"
        " are kept: setting it up again brings everything back.",
        _going_on(services_of(interaction), dojo),
        row_of(CONFIRM_STOP, KEEP_DOJO),
        accent=ACCENT,
    )
    await redraw(interaction, view)


def _going_on(services: Services, dojo: Dojo) -> str:
    """What becomes of an evening and of rounds that are going on in a dojo that is stopped."""
    lines: list[str] = []
    evening = services[LiveGatherings].of_dojo(dojo.id)
    if evening is not None and evening.is_open:
        name = f"**A gathering is going on here** ({safe(evening.format.name)})"
        runs = "The round that runs goes on to its end; no other one begins."
        then = runs if evening.is_in_rooms else "No round of it can begin any more."
        lines.append(f"⚠️ {name}. {then}")
    open_ones = [
        one
        for one in services[LiveRounds].all()
        if one.dojo_id == dojo.id and one.is_open and one.gathering_id is None
    ]
    if open_ones:
        is_one = len(open_ones) == 1
        lines.append(
            f"⏱️ **{plural(len(open_ones), 'round')} {'is' if is_one else 'are'} going on**, and"
            f" {'goes' if is_one else 'go'} on to {'its' if is_one else 'their'} end."
        )
    return "\n".join(lines)
