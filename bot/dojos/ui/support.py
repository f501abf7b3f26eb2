"""The support line of a dojo: where its people can turn when it gets too much."""

from __future__ import annotations

from dataclasses import replace

from bot.dojos.actions import OPEN_SUPPORT, SUPPORT_FORM
from bot.dojos.model.dojo import LONGEST_SUPPORT_LINE
from bot.dojos.service.dojos import DojoService
from bot.dojos.ui.places import dojo_channel
from bot.dojos.ui.settings import settings_card
from bot.kit.discord.actions import text_field
from bot.kit.discord.answers import reply, show_form
from bot.kit.discord.forms import Typed, one
from bot.kit.discord.interactions import Interaction, person_of, services_of


@OPEN_SUPPORT.pressed
async def open_support(interaction: Interaction) -> None:
    """Open the form for this channel, for facilitators."""
    dojo = services_of(interaction)[DojoService].get(dojo_channel(interaction))
    dojo.check_may_configure(person_of(interaction))
    form = SUPPORT_FORM.form(
        text_field(
            "Where can people turn?",
            "line",
            most=LONGEST_SUPPORT_LINE,
            filled=dojo.settings.support_line,
            example="e.g. Ana Rossi, or call 116 123, or https://example.org/help",
            description=(
                "A person, number or link, for when it gets too much. Ask people first. Leave it"
                " empty for none."
            ),
        ),
        channel_id=dojo.channel_id,
    )
    await show_form(interaction, form)


@SUPPORT_FORM.submitted
async def save_support(interaction: Interaction, typed: Typed, channel_id: int) -> None:
    """Save the line, or remove it if empty. Raises NotAllowed and SupportLineTooLong."""
    dojos = services_of(interaction)[DojoService]
    changed = await dojos.change(
        dojos.get(channel_id),
        lambda settings: replace(settings, support_line=one(typed, "line")),
        person_of(interaction),
    )
    await reply(interaction, await settings_card(interaction, changed, title="Saved"))
