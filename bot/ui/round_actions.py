"""What can be clicked, chosen from and sent about rounds."""

from __future__ import annotations

from bot.ui.actions import Button, Style
from bot.ui.careful import Words

# Steering

PAUSE = Button("round:{round_id}:pause", "Pause", emoji="⏸️")
RESUME = Button("round:{round_id}:resume", "Resume", emoji="▶️", style=Style.success)
EXTEND = Button("round:{round_id}:extend:{position:-3}.{extensions:-3}", "+2 min", emoji="➕")
"""Of the segment it was shown on, as often lengthened as then."""
NEXT = Button("round:{round_id}:next:{position:2}", "Next", emoji="⏭️")
CONFIRM_NEXT = Button(
    "round:{round_id}:next-indeed:{position:2}", "Next", emoji="⏭️", style=Style.primary
)
END = Button("round:{round_id}:end", "End", emoji="⏹️", style=Style.danger)
CONFIRM_END = Button("round:{round_id}:end-indeed", "End the round", emoji="⏹️", style=Style.danger)
CHANGE_NOTHING = Button("round:{round_id}:as-it-is", "Leave it as it is")
CARRY_ON = Button("round:{round_id}:carry-on", "Continue", emoji="👍", style=Style.success)
"""After a part that began late."""

# Help

ASK_HELP = Button("round:{round_id}:help", "Ask for help", emoji="🆘")
"""Handled by evenings: elsewhere nobody would come."""

# Words that may name a person

WISH_WORDS = Words("wish:{round_id}")

# Asking, agreeing and beginning


# Seats and roles


# Erasing
