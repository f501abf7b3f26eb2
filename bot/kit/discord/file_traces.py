"""Says so when erased data is not yet out of the database file."""

from __future__ import annotations

from bot.kit.database.database import Database
from bot.kit.discord.interactions import Interaction, services_of

TRACES = (
    "⏳ The database file is being read at the moment. Until that ends it holds traces of what was"
    " erased; then I remove them."
)


def with_file_traces(interaction: Interaction, said: str) -> str:
    """The text to show after erasing, with a line about any traces that are left."""
    return f"{said}\n{TRACES}" if services_of(interaction)[Database].holds_erased else said
