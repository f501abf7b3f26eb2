"""How long a text may be, and which Discord element sets the bound.

Lengths are in characters. Discord allows 4,000 over all texts of a card, 80 on a button, 100 on
an option of a menu, 45 on a label of a form.
"""

from __future__ import annotations

QUESTION_TEXT = 200
"""Ten of them, numbered, fit a page of "Show all"."""
PHASE_LABEL = 34
"""On a button; longer ones are cut off on phones."""
PHASE_HINT = 100
"""Description of a menu option."""
SIGNAL_NAME = 80
"""In a menu, with its code and side."""
PAD_NAME = 8
"""On a button of the pad, beside the one of the other side: two fit into the width of a phone."""
SIGNAL_TEXT = 300
"""Five of them and two names are one entry of the card, where escaped characters count twice."""
MARKERS = 12
VARIANTS = 25
"""A menu holds 25."""
VARIANT_NAME = 20
SHORT_TEXT = 100
"""Intents, confidence, the name of a language: one line each."""
FORMAT_NAME = 60
"""Beside minutes and people in a menu option."""
FORMAT_SUITS = 200
FORMAT_ID = 30
"""It is part of the ids of buttons, which have 100 characters in total."""

SPOKEN = 12
"""Those for the feedback are all on one card."""

OWN_FILE_BYTES = 128 * 1024
OWN_QUESTIONS = 500
SIGNALS = 10
"""A form's checkbox group has ten at most, and observers cannot remember more."""
FORMATS = 25
"""A menu holds 25: the shipped ones that are not hidden, and a dojo's own."""
