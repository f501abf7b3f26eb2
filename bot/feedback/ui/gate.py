"""Checks the ids of feedback that a click may name. What they lead to knows whose it is."""

from __future__ import annotations

from bot.kit.clicks.gate import lets_through

# Notes and people belong to the round that is named with them; reports and requests to talk open
# only for the person they were sent to.
lets_through("coach_id", "contact_id", "note_id", "report_id", "request_id")
