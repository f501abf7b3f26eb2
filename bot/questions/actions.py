"""What can be clicked, chosen from and sent about questions."""

from __future__ import annotations

from bot.content.model.questions import Phase
from bot.kit.discord.actions import Button, Menu, Style

PHASE = f"{{phase:{'|'.join(Phase)}}}"
"""The field of a custom id that names a part of the conversation."""

# On a card for everybody in the room

ANOTHER = Button(f"question:{PHASE}:another", "Another", emoji="🔄")
OTHER_PHASE = Menu("question:phase", "Other phase")
SHOW_ALL = Button(f"question:{PHASE}:all", "Show all", emoji="📖")

# On a private card

ANOTHER_IN_PLACE = Button(f"private:{PHASE}:another:{{seed:10}}:{{at:4}}", "Another", emoji="🔄")
OTHER_PHASE_IN_PLACE = Menu("private:phase:{seed:10}:{at:4}", "Other phase")
SHOW_ALL_IN_PLACE = Button(f"private:{PHASE}:all", "Show all", emoji="📖")
SHARE = Button(
    f"private:{PHASE}:share:{{question_id:slug}}",
    "Share with the room",
    emoji="📣",
    style=Style.primary,
)
CHOOSE_PHASE = Button(f"choose:{PHASE}:{{show:channel|me}}", "…")
"""Labelled with the phase."""

# On the list of a phase

LIST_PAGE = Button(f"list:{PHASE}:{{page:-3}}", "…")
TAKE_ONE = Menu(f"list:{PHASE}:take", "Take one")
OTHER_LIST = Menu("list:phase", "Other phase")
