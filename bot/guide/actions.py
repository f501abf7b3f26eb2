"""What can be clicked, chosen from and sent about the guide."""

from __future__ import annotations

from bot.kit.discord.actions import Button, Style
from bot.questions.actions import PHASE

ASK_NOW = Button("help:ask", "Ask for a question", emoji="💬", style=Style.primary)
PARTNERSHIP = Button("help:partnership", "What is partnership?", emoji="🤝")
SIGNALS_NOW = Button("help:signals", "The six signals", emoji="🔸")
SIGNALS_PAGE = Button("signals:{page:-2}", "How to tell", emoji="🔍")
SIGNALS_SHORT = Button("signals:short", "All in short", emoji="📋")

# On the card of a dojo, for its members

DOJO_QUESTION = Button(f"dojo-card:question:{PHASE}", "…")
"""Labelled with the phase."""
DOJO_ROUND = Button("dojo-card:round", "Start a round", emoji="⏱️", style=Style.primary)
DOJO_HELP = Button("dojo-card:help", "Help", emoji="ℹ️")
