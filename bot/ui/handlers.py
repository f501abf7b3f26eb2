"""The modules whose functions act on what is clicked, chosen and sent."""

from __future__ import annotations

from types import ModuleType

from bot.ui import (
    asking_choice,
    checks,
    dojo_privacy,
    dojo_support,
    dojo_terms,
    dojos,
    erasing,
    gathering_broadcast,
    gathering_checkout,
    gathering_edits,
    gathering_help,
    gathering_join,
    gathering_lists,
    gathering_panel,
    gathering_panel_lead,
    gathering_panel_room,
    gathering_pins,
    gathering_plan,
    gathering_preview,
    gathering_wishes,
    guide,
    invitations,
    late_observers,
    privacy,
    questions,
    record,
    rehearse,
    round_agreement,
    round_controls,
    round_fewer,
    round_focus,
    round_people,
    round_seats,
    round_start,
    signals,
)
from bot.ui.actions import ACTIONS, check_actions

MODULES: tuple[ModuleType, ...] = (
    asking_choice,
    checks,
    dojo_privacy,
    dojo_support,
    dojo_terms,
    dojos,
    erasing,
    gathering_broadcast,
    gathering_checkout,
    gathering_edits,
    gathering_help,
    gathering_join,
    gathering_lists,
    gathering_panel,
    gathering_panel_lead,
    gathering_panel_room,
    gathering_pins,
    gathering_plan,
    gathering_preview,
    gathering_wishes,
    guide,
    invitations,
    late_observers,
    privacy,
    questions,
    record,
    rehearse,
    round_agreement,
    round_controls,
    round_fewer,
    round_focus,
    round_people,
    round_seats,
    round_start,
    signals,
)


def check_handlers() -> None:
    """Raise TypeError where an action would find no handler of these modules, or two."""
    check_actions(ACTIONS, [module.__name__ for module in MODULES])
