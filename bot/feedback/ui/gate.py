"""Ids of feedback that a click may name: what they lead to knows whose it is."""

from __future__ import annotations

from bot.kit.clicks.gate import lets_through

# Notes and people belong to the round that is named with them; a report and a request to talk are
# opened for the person to whom they were sent.
lets_through("coach_id", "contact_id", "note_id", "report_id", "request_id")
