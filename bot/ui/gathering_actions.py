"""What can be clicked, chosen from and sent about evenings."""

from __future__ import annotations

from bot.ui.actions import Button, Form, Menu, Style

# Joining, wishes and checking out


# The plan and the groups


# The panel

PANEL = "gather:{gathering_id}:panel"

OPEN_PANEL = Button(PANEL, "Panel", emoji="🎛️")
TURN_PANEL = Button(PANEL + ":page:{page:1}", "…")
REFRESH_PANEL = Button(PANEL + ":refresh:{page:1}", "Refresh", emoji="🔄")
BACK_TO_PANEL = Button(PANEL + ":back:{page:1}", "All rooms", emoji="🎛️")
BROADCAST = Button(PANEL + ":broadcast:{number:2}", "Broadcast", emoji="📣")
"""To the room with this number, or to all with 0."""
BROADCAST_FORM = Form("gather:{gathering_id}:broadcast:{number:2}", "To all rooms")
TAKE_LEAD = Button(PANEL + ":take-over", "Take over", emoji="🙋")
HAND_OVER = Button(PANEL + ":hand-over", "Hand over", emoji="🤝")
HAND_OVER_FORM = Form("gather:{gathering_id}:hand-over", "Hand over the evening")
TAKE_OFF = Button(PANEL + ":take-off", "Take off…", emoji="🙅")
TAKE_OFF_FORM = Form("gather:{gathering_id}:take-off", "Take off")

# All rooms on the panel: `number` is the round of the evening, `seen` how far its rooms were.

PAUSE_ALL = Button(PANEL + ":pause:{number:2}.{seen:slug}", "Pause all", emoji="⏸️")
RESUME_ALL = Button(PANEL + ":resume:{number:2}.{seen:slug}", "Resume", emoji="▶️")
EXTEND_ALL = Button(PANEL + ":longer:{number:2}.{seen:slug}", "+2 min", emoji="➕")
NEXT_ALL = Button(PANEL + ":next:{number:2}.{seen:slug}", "Next", emoji="⏭️")
CONFIRM_NEXT_ALL = Button(PANEL + ":next-indeed:{number:2}.{seen:slug}", "Next", emoji="⏭️")
END_ALL = Button(PANEL + ":ask:end", "End all", emoji="⏹️", style=Style.danger)
CONFIRM_END_ALL = Button(PANEL + ":indeed:end", "End all", style=Style.danger)
BEGIN_NEXT_ROUND = Button(
    PANEL + ":next-round:{after:2}", "Next round", emoji="⏩", style=Style.success
)
CLOSE = Button(PANEL + ":ask:close", "Close the evening", emoji="🌙", style=Style.danger)
CONFIRM_CLOSE = Button(PANEL + ":indeed:close", "Close the evening", style=Style.danger)

# One room on the panel, by its number; `seen` is the segment that was shown.

ROOM = PANEL + ":room:{number:2}"

CHOOSE_ROOM = Menu(PANEL + ":rooms:{page:1}", "One room: people, clock, visit…")
REFRESH_ROOM = Button(ROOM, "Refresh", emoji="🔄")
BEGIN_ROOM = Button(ROOM + ":begin:{seen:2}", "Begin now", emoji="▶️")
PAUSE_ROOM = Button(ROOM + ":pause:{seen:2}", "Pause", emoji="⏸️")
RESUME_ROOM = Button(ROOM + ":resume:{seen:2}", "Resume", emoji="▶️")
EXTEND_ROOM = Button(ROOM + ":longer:{seen:2}", "+2 min", emoji="➕")
NEXT_IN_ROOM = Button(ROOM + ":next:{seen:2}", "Next", emoji="⏭️")
CONFIRM_NEXT_IN_ROOM = Button(ROOM + ":next-indeed:{seen:2}", "Next", emoji="⏭️")
END_ROOM = Button(ROOM + ":end:{seen:2}", "End", emoji="⏹️", style=Style.danger)
CONFIRM_END_ROOM = Button(
    ROOM + ":end-indeed:{seen:2}", "End the round", emoji="⏹️", style=Style.danger
)
VISIT = Button(ROOM + ":visit", "Visit", emoji="🚶", style=Style.primary)
MISSING = Menu(ROOM + ":missing", "Someone is missing")

# The record and the dry run
