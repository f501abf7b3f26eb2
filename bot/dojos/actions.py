"""What can be clicked, chosen from and sent about dojos and their settings."""

from __future__ import annotations

from bot.kit.discord.actions import Button, Form, ManyMenu, Menu, Style

OPEN_SETUP = Button("dojo:form", "Change", emoji="✏️", style=Style.primary)
SETUP_FORM = Form("setup:{channel_id}", "This channel as a dojo")
CHOOSE_ZONE = Menu("dojo:zone:{channel_id}", "Choose the time zone")
"""Among those nearest to a mistyped one."""

OPEN_PRIVACY = Button("dojo:privacy", "Privacy and safety", emoji="🛡️")
PRIVACY_FORM = Form("dojo-privacy:{channel_id}", "Privacy and safety")
SHORTEN = Button(
    "dojo:shorten:{days:3}.{months:3}.{names:3}", "Shorten and erase", style=Style.danger
)
KEEP_TERMS = Button("dojo:shorten:no", "Keep the longer times", emoji="↩️")

OPEN_SUPPORT = Button("dojo:support", "Support line…", emoji="🛟")
SUPPORT_FORM = Form("dojo-support:{channel_id}", "Support line")

CHOOSE_QUESTIONS = Menu("dojo:questions", "Which questions")

CHOOSE_FOCUS = ManyMenu("dojo:focus", "Usual focus of observers: up to two, or none")

CHECK = Button("dojo:check", "Check", emoji="🩺")

POST_CARD = Button("dojo:card", "Post a card for members", emoji="📌")
"""Handled by the guide, whose card it is."""
TAKE_SHORT_PARTS = Button("dojo:import:short", "Take it as it is")
LEAVE_FILE = Button("dojo:import:no", "Leave it", emoji="↩️", style=Style.primary)
"""Under a file that was not imported yet, because of its short parts."""

STOP_DOJO = Button("dojo:stop", "Stop being a dojo…")
CONFIRM_STOP = Button("dojo:stop:yes", "Stop", style=Style.danger)
KEEP_DOJO = Button("dojo:stop:no", "Keep it")
BRING_BACK = Button("dojo:back", "Bring it back", emoji="↩️", style=Style.primary)
