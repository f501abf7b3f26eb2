"""What can be clicked, chosen from and sent about evenings."""

from __future__ import annotations

from bot.ui.actions import Button, Form, Menu, Style

# Joining, wishes and checking out

JOIN = Button("gather:{gathering_id}:join", "Join", emoji="👋", style=Style.success)
JOIN_INSTEAD = Button(
    "gather:{gathering_id}:join-instead", "Leave that one and join here", emoji="🚪"
)
"""Instead of the gathering that the person is in."""
LEAVE = Button("gather:{gathering_id}:leave", "Leave", emoji="🚶")
CONFIRM_LEAVE = Button(
    "gather:{gathering_id}:leave-indeed", "Leave the evening", style=Style.danger
)
STAY = Button("gather:{gathering_id}:stay", "Stay")
REST = Button("gather:{gathering_id}:rest", "Sit this round out", emoji="💤")
TAKE_PART = Button("gather:{gathering_id}:rest-not", "Take part after all", emoji="🙌")
OBSERVE_TONIGHT = Button(
    "gather:{gathering_id}:observe-tonight", "Only observe tonight", emoji="👀"
)
WISH_MENU = Menu("gather:{gathering_id}:wish", "What would you like to do?")
MY_WISHES = Button("gather:{gathering_id}:wishes", "My wishes", emoji="🌠")
WISHES_FORM = Form("gather:{gathering_id}:wishes", "My wishes")
CHANGE_LIST = Button(
    "gather:{gathering_id}:my-list", "Change my list", emoji="🌠", style=Style.primary
)
"""Straight to the form, for those whose list cannot be kept."""
CHECK_OUT = Button("gather:{gathering_id}:check-out", "Check out", emoji="🚪", style=Style.primary)
CHECK_OUT_FORM = Form("gather:{gathering_id}:check-out", "Check out")

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
