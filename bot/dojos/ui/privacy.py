"""What a dojo decides about notes: the safety contact, how long things are kept, and names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord

from bot.dojos.actions import OPEN_PRIVACY, PRIVACY_FORM
from bot.dojos.model.dojo import ATTENDANCE_MONTHS, CODE_MONTHS, QUOTE_DAYS, Range
from bot.dojos.service.dojos import DojoService, differences
from bot.dojos.ui.places import dojo_channel
from bot.dojos.ui.settings import settings_card
from bot.dojos.ui.terms import ask_to_shorten, lengthened
from bot.kit.discord.actions import field, radio_field, text_field
from bot.kit.discord.answers import reply, show_form
from bot.kit.discord.forms import Typed, choice, is_bot, is_member, one, people
from bot.kit.discord.interactions import Interaction, person_of, services_of

SHOWN, HIDDEN = "shown", "hidden"


@OPEN_PRIVACY.pressed
async def open_privacy(interaction: Interaction) -> None:
    """Open the form for this channel, for facilitators."""
    dojo = services_of(interaction)[DojoService].get(dojo_channel(interaction))
    dojo.check_may_configure(person_of(interaction))
    settings = dojo.settings
    contact = settings.safety_user_id
    form = PRIVACY_FORM.form(
        field(
            "Safety contact",
            discord.ui.UserSelect(
                custom_id="contact",
                min_values=0,
                required=False,
                placeholder="Nobody: no reports, no talks",
                default_values=[discord.Object(contact)] if contact else [],
            ),
            description="Gets notes that coaches report, and who wants to talk. Ask them first.",
        ),
        _number("days", "Days that observers’ words are kept", settings.quote_days, QUOTE_DAYS),
        _number("months", "Months that codes are kept", settings.code_months, CODE_MONTHS),
        _number(
            "attendance",
            "Months that names stay on rounds",
            settings.attendance_months,
            ATTENDANCE_MONTHS,
            "Feedback goes with the names.",
        ),
        radio_field(
            "Does the coach see who noted what?",
            "names",
            (
                (SHOWN, "Yes, with names", ""),
                (
                    HIDDEN,
                    "No, “an observer”",
                    "In a group of three everybody can guess it all the same",
                ),
            ),
            SHOWN if settings.names_shown else HIDDEN,
        ),
        channel_id=dojo.channel_id,
    )
    await show_form(interaction, form)


def _number(
    custom_id: str, label: str, value: int, bounds: Range, more: str = ""
) -> discord.ui.Label[Any]:
    about = f"From {bounds.least} to {bounds.most}, counted from the end of a round. {more}"
    return text_field(
        label, custom_id, most=3, filled=str(value), description=about.strip(), required=True
    )


@PRIVACY_FORM.submitted
async def save_privacy(interaction: Interaction, typed: Typed, channel_id: int) -> None:
    """Save all of it, say where a number was invalid, and ask before shorter times erase data."""
    dojos = services_of(interaction)[DojoService]
    dojo = dojos.get(channel_id)
    settings = dojo.settings
    contact = next(iter(people(interaction, typed, "contact")), None)
    odd_contact = _cannot_be_contact(interaction, contact)
    if odd_contact:
        contact = settings.safety_user_id
    days, odd_days = _read(one(typed, "days"), settings.quote_days, QUOTE_DAYS)
    months, odd_months = _read(one(typed, "months"), settings.code_months, CODE_MONTHS)
    # A form that was opened before an update does not contain it.
    names, odd_names = _read(
        one(typed, "attendance", str(settings.attendance_months)),
        settings.attendance_months,
        ATTENDANCE_MONTHS,
    )
    odd = odd_days or odd_months or odd_names
    entered = replace(
        settings,
        safety_user_id=contact,
        quote_days=days,
        code_months=months,
        attendance_months=names,
        names_shown=choice(typed, "names", (SHOWN, HIDDEN), SHOWN) == SHOWN,
    )
    change = differences(settings, lengthened(settings, entered))
    changed = await dojos.change(dojo, change, person_of(interaction))
    title = "Saved, with the nearest number possible" if odd else "Saved"
    if odd_contact:
        title += f", except the contact: {odd_contact}"
    if entered.is_shorter_than(changed.settings):
        await reply(interaction, ask_to_shorten(entered, title))
        return
    await reply(interaction, await settings_card(interaction, changed, title=title))


def _cannot_be_contact(interaction: Interaction, user_id: int | None) -> str:
    """Why a chosen person cannot get reports; empty if they can."""
    if user_id is None:
        return ""
    if is_bot(interaction, user_id):
        return "a bot cannot look at a report"
    return "" if is_member(interaction, user_id) else "that person is not on this server"


def _read(text: str, before: int, bounds: Range) -> tuple[int, bool]:
    """The number that was typed, within its bounds, and whether it had to be changed."""
    words = text.strip()
    if not (words.isascii() and words.isdigit()):
        return before, True
    number = bounds.nearest(int(words))
    return number, number != int(words)
