"""Asks before a dojo keeps things for less time: what is older then is gone for all its coaches."""

from __future__ import annotations

from dataclasses import replace

import discord

from bot.domain.dojos import ATTENDANCE_MONTHS, CODE_MONTHS, QUOTE_DAYS, Dojo, DojoSettings
from bot.ui.answers import redraw
from bot.ui.components import DojoButton, card, row
from bot.ui.dojos import ACCENT, settings_card
from bot.ui.interactions import Interaction, View, person_of, services_of
from bot.ui.places import dojo_channel
from bot.ui.texts import plural


def lengthened(before: DojoSettings, wanted: DojoSettings) -> DojoSettings:
    """What can be saved without asking: `wanted`, with no term shorter than before."""
    return replace(
        wanted,
        quote_days=max(before.quote_days, wanted.quote_days),
        code_months=max(before.code_months, wanted.code_months),
        attendance_months=max(before.attendance_months, wanted.attendance_months),
    )


def ask_to_shorten(wanted: DojoSettings, saved: str) -> View:
    """What shorter terms would erase; `saved` says how the rest of the form went."""
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
            Shorten(wanted.quote_days, wanted.code_months, wanted.attendance_months),
            KeepTerms(),
        ),
        accent=ACCENT,
    )


class Shorten(
    DojoButton, template=r"dojo:shorten:(?P<days>\d{1,3})\.(?P<months>\d{1,3})\.(?P<names>\d{1,3})"
):
    """Keeps things for less time from now on."""

    def __init__(self, days: str | int, months: str | int, names: str | int) -> None:
        self.terms = (
            QUOTE_DAYS.nearest(int(days)),
            CODE_MONTHS.nearest(int(months)),
            ATTENDANCE_MONTHS.nearest(int(names)),
        )
        about = ".".join(map(str, self.terms))
        super().__init__(
            f"dojo:shorten:{about}", "Shorten and erase", style=discord.ButtonStyle.danger
        )

    async def pressed(self, interaction: Interaction) -> None:
        """Save it. What another facilitator has shortened further meanwhile stays so."""
        dojo = _here(interaction)
        days, months, names = self.terms

        def shorten(settings: DojoSettings) -> DojoSettings:
            return replace(
                settings,
                quote_days=min(settings.quote_days, days),
                code_months=min(settings.code_months, months),
                attendance_months=min(settings.attendance_months, names),
            )

        dojos = services_of(interaction).dojos
        changed = await dojos.change(dojo, shorten, person_of(interaction))
        await redraw(interaction, await settings_card(interaction, changed, title="Saved"))


class KeepTerms(DojoButton, template=r"dojo:shorten:no"):
    """Changes nothing about how long things are kept."""

    def __init__(self) -> None:
        super().__init__("dojo:shorten:no", "Keep the longer times", emoji="↩️")

    async def pressed(self, interaction: Interaction) -> None:
        """Back to the settings."""
        view = await settings_card(interaction, _here(interaction), title="Nothing is erased")
        await redraw(interaction, view)


def _here(interaction: Interaction) -> Dojo:
    """The dojo of this channel, for its facilitators. Raises DojoUnknown and NotAllowed."""
    dojo = services_of(interaction).dojos.get(dojo_channel(interaction))
    dojo.check_may_configure(person_of(interaction))
    return dojo
