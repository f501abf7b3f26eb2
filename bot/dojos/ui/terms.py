"""Asks before a dojo keeps things for less time: that erases older data of all its coaches."""

from __future__ import annotations

from dataclasses import replace

from bot.dojos.actions import KEEP_TERMS, SHORTEN
from bot.dojos.model.dojo import ATTENDANCE_MONTHS, CODE_MONTHS, QUOTE_DAYS, Dojo, DojoSettings
from bot.dojos.service.dojos import DojoService
from bot.dojos.ui.places import dojo_channel
from bot.dojos.ui.settings import ACCENT, settings_card
from bot.kit.discord.answers import redraw
from bot.kit.discord.cards import card, row
from bot.kit.discord.interactions import Interaction, View, person_of, services_of
from bot.kit.discord.text import plural


def lengthened(before: DojoSettings, wanted: DojoSettings) -> DojoSettings:
    """What can be saved without asking: `wanted`, with no term shorter than before."""
    return replace(
        wanted,
        quote_days=max(before.quote_days, wanted.quote_days),
        code_months=max(before.code_months, wanted.code_months),
        attendance_months=max(before.attendance_months, wanted.attendance_months),
    )


def ask_to_shorten(wanted: DojoSettings, saved: str) -> View:
    """What shorter terms would erase; `saved` says what happened to the rest of the form."""
    return card(
        "### Keep things for less time?",
        (
            f"You chose {plural(wanted.quote_days, 'day')} for words,"
            f" {plural(wanted.code_months, 'month')} for codes and"
            f" {plural(wanted.attendance_months, 'month')} for names."
        ),
        (
            "What is older is shown to nobody from then on. Tonight it is erased, for every coach"
            " of this dojo, and cannot be brought back. Tell your coaches first: they may want to"
            " keep something."
        ),
        f"-# {saved}. These times have not changed yet.",
        row(
            SHORTEN.button(
                days=wanted.quote_days, months=wanted.code_months, names=wanted.attendance_months
            ),
            KEEP_TERMS.button(),
        ),
        accent=ACCENT,
    )


@SHORTEN.pressed
async def shorten(interaction: Interaction, days: int, months: int, names: int) -> None:
    """Keep things for less time. Terms that became even shorter in the meantime stay so."""

    def shortened(settings: DojoSettings) -> DojoSettings:
        return replace(
            settings,
            quote_days=min(settings.quote_days, QUOTE_DAYS.nearest(days)),
            code_months=min(settings.code_months, CODE_MONTHS.nearest(months)),
            attendance_months=min(settings.attendance_months, ATTENDANCE_MONTHS.nearest(names)),
        )

    dojos = services_of(interaction)[DojoService]
    changed = await dojos.change(_here(interaction), shortened, person_of(interaction))
    await redraw(interaction, await settings_card(interaction, changed, title="Saved"))


@KEEP_TERMS.pressed
async def keep_terms(interaction: Interaction) -> None:
    """Change nothing about how long things are kept, and show the settings."""
    view = await settings_card(interaction, _here(interaction), title="Nothing is erased")
    await redraw(interaction, view)


def _here(interaction: Interaction) -> Dojo:
    """The dojo of this channel, for its facilitators. Raises DojoUnknown and NotAllowed."""
    dojo = services_of(interaction)[DojoService].get(dojo_channel(interaction))
    dojo.check_may_configure(person_of(interaction))
    return dojo
