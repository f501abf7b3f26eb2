"""The modules whose functions act on what is clicked, chosen and sent."""

from __future__ import annotations

from types import ModuleType

from bot.ui import (
    client_rounds,
    client_view,
    debrief,
    debrief_notes,
    debrief_sharing,
    gathering_checkout,
    gathering_help,
    note_forms,
    note_memory,
    notes,
    pad,
    reports,
    round_controls,
    round_focus,
    sheets,
    talks,
)
from bot.ui.actions import ACTIONS, check_actions

MODULES: tuple[ModuleType, ...] = (
    client_rounds,
    client_view,
    debrief,
    debrief_notes,
    debrief_sharing,
    gathering_checkout,
    gathering_help,
    note_forms,
    note_memory,
    notes,
    pad,
    reports,
    round_controls,
    round_focus,
    sheets,
    talks,
)


def check_handlers() -> None:
    """Raise TypeError where an action would find no handler of these modules, or two."""
    check_actions(ACTIONS, [module.__name__ for module in MODULES])
