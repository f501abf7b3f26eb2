"""What can be clicked, chosen from and sent about a person's own data."""

from __future__ import annotations

from bot.kit.discord.actions import Button, Style

CONFIRM_FORGET = Button("me:forget:yes", "Erase", style=Style.danger)
KEEP_DATA = Button("me:forget:no", "Keep it")
