"""The support line of a dojo: where its people can turn when it gets too much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import discord

from bot.domain.dojos import LONGEST_SUPPORT_LINE
from bot.ui.answers import reply, show_form
from bot.ui.components import DojoButton
from bot.ui.dojos import settings_card
from bot.ui.forms import DojoForm, Typed, one
from bot.ui.interactions import Interaction, person_of, services_of
from bot.ui.places import dojo_channel


class SupportForm(DojoForm, template=r"dojo-support:(?P<channel_id>\d{1,20})"):
    """The support line in one field; empty takes it away."""

    def __init__(self, channel_id: int, support_line: str) -> None:
        super().__init__(f"dojo-support:{channel_id}", "Support line")
        self.field(
            "Where can people turn?",
            discord.ui.TextInput(
                custom_id="line",
                required=False,
                max_length=LONGEST_SUPPORT_LINE,
                default=support_line or None,
                placeholder="e.g. Ana Rossi, or call 116 123, or https://example.org/help",
            ),
            description=(
                "A person, number or link, for when it gets too much. Ask people first. Leave it"
                " empty for none."
            ),
        )

    @classmethod
    async def submitted(
        cls, interaction: Interaction, about: Mapping[str, str], typed: Typed
    ) -> None:
        """Save it and show the settings. Raises NotAllowed and SupportLineTooLong."""
        dojos = services_of(interaction).dojos
        dojo = dojos.get(int(about["channel_id"]))
        changed = await dojos.change(
            dojo,
            lambda settings: replace(settings, support_line=one(typed, "line")),
            person_of(interaction),
        )
        await reply(interaction, await settings_card(interaction, changed, title="Saved"))


class OpenSupport(DojoButton, template=r"dojo:support"):
    """Opens the form."""

    def __init__(self) -> None:
        super().__init__("dojo:support", "Support line…", emoji="🛟")

    async def pressed(self, interaction: Interaction) -> None:
        """Open it for this channel, for facilitators."""
        dojo = services_of(interaction).dojos.get(dojo_channel(interaction))
        dojo.check_may_configure(person_of(interaction))
        await show_form(interaction, SupportForm(dojo.channel_id, dojo.settings.support_line))
