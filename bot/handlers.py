"""The modules that act on what is clicked, chosen and sent, check its ids, and refuse it."""

from __future__ import annotations

import functools
from types import ModuleType

from bot.dojos.ui import checks
from bot.dojos.ui import gate as dojo_gate
from bot.dojos.ui import privacy as dojo_privacy
from bot.dojos.ui import refusals as dojo_refusals
from bot.dojos.ui import settings as dojos
from bot.dojos.ui import support as dojo_support
from bot.dojos.ui import terms as dojo_terms
from bot.feedback.ui import client_rounds, client_view, reports, sheets, talks
from bot.feedback.ui import gate as feedback_gate
from bot.feedback.ui import refusals as feedback_refusals
from bot.feedback.ui.debrief import debrief
from bot.feedback.ui.debrief import one_note as debrief_notes
from bot.feedback.ui.debrief import sharing as debrief_sharing
from bot.feedback.ui.notes import forms as note_forms
from bot.feedback.ui.notes import memory as note_memory
from bot.feedback.ui.notes import notes, pad
from bot.gatherings.ui import dry_run as rehearse
from bot.gatherings.ui import gate as gathering_gate
from bot.gatherings.ui import record
from bot.gatherings.ui import refusals as gathering_refusals
from bot.gatherings.ui.card import check_out as gathering_checkout
from bot.gatherings.ui.card import join as gathering_join
from bot.gatherings.ui.card import lists as gathering_lists
from bot.gatherings.ui.card import wishes as gathering_wishes
from bot.gatherings.ui.groups import changes as gathering_edits
from bot.gatherings.ui.groups import pins as gathering_pins
from bot.gatherings.ui.groups import plan as gathering_plan
from bot.gatherings.ui.groups import preview as gathering_preview
from bot.gatherings.ui.panel import broadcast as gathering_broadcast
from bot.gatherings.ui.panel import help as gathering_help
from bot.gatherings.ui.panel import lead as gathering_panel_lead
from bot.gatherings.ui.panel import panel as gathering_panel
from bot.gatherings.ui.panel import room as gathering_panel_room
from bot.guide import cards as guide
from bot.guide import signals
from bot.kit.clicks.gate import check_guarded
from bot.kit.discord.actions import ACTIONS, check_actions
from bot.kit.discord.explain import all_refusals, check_explained
from bot.privacy.ui import data_rights, erasing
from bot.privacy.ui import refusals as privacy_refusals
from bot.questions.ui import cards as questions
from bot.questions.ui import refusals as question_refusals
from bot.rounds.ui import agreement as round_agreement
from bot.rounds.ui import controls as round_controls
from bot.rounds.ui import focus as round_focus
from bot.rounds.ui import gate as round_gate
from bot.rounds.ui import refusals as round_refusals
from bot.rounds.ui import role as round_people
from bot.rounds.ui import seats as round_seats
from bot.rounds.ui.asking import card as invitations
from bot.rounds.ui.asking import choice as asking_choice
from bot.rounds.ui.asking import late as late_observers
from bot.rounds.ui.beginning import fewer as round_fewer
from bot.rounds.ui.beginning import start as round_start

MODULES: tuple[ModuleType, ...] = (
    asking_choice,
    checks,
    client_rounds,
    client_view,
    data_rights,
    debrief,
    debrief_notes,
    debrief_sharing,
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
    note_forms,
    note_memory,
    notes,
    pad,
    questions,
    record,
    rehearse,
    reports,
    round_agreement,
    round_controls,
    round_fewer,
    round_focus,
    round_people,
    round_seats,
    round_start,
    sheets,
    signals,
    talks,
)


GATES: tuple[ModuleType, ...] = (dojo_gate, feedback_gate, gathering_gate, round_gate)
REFUSALS: tuple[ModuleType, ...] = (
    dojo_refusals,
    feedback_refusals,
    gathering_refusals,
    privacy_refusals,
    question_refusals,
    round_refusals,
)


@functools.cache
def check_handlers() -> None:
    """Raise TypeError where an action would find no handler of these modules, or two.

    Also where an id would pass the gate unchecked, or a refusal would find no sentence. It is
    looked at once: all of these are declared when their modules are imported.
    """
    check_actions(ACTIONS, [module.__name__ for module in MODULES])
    check_guarded(action.pattern for action in ACTIONS)
    check_explained(all_refusals())
