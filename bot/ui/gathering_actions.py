"""What can be clicked, chosen from and sent about evenings."""

from __future__ import annotations

from bot.ui.actions import Button

# Joining, wishes and checking out


# The plan and the groups


# The panel


# The record and the dry run

RECORD_PAGE = Button("record:{dojo_id}:{page:3}", "Next page")
RECORD_FILE = Button("record:{dojo_id}:file", "As a file", emoji="📄")
REHEARSE = Button(
    "rehearse:{why:page|switch|again}:{how:stay|fresh}:{page:2}:{people:2}:{rounds:1}:{seed:10}"
    ":{format_id:slug}",
    "Draw again",
    emoji="🎲",
)
