"""What can be clicked, chosen from and sent about questions."""

from __future__ import annotations

from bot.content.model.questions import Phase
from bot.kit.discord.actions import Button, Menu, Style

PHASE = f"{{phase:{'|'.join(Phase)}}}"
"""The field of a custom id that names a part of the conversation."""

_SHOWN = "{question_id:slug}:{seed:10}:{at:4}"
"""The fields that name a question on a private card, and its place in a private run."""

# On a card for everybody in the room

ANOTHER = Button(f"question:{PHASE}:instead:{{question_id:slug}}", "Another", emoji="🔄")
"""Takes the place of the question that the card shows."""
OTHER_PHASE = Menu("question:phase-instead:{question_id:slug}", "Other phase")
ANOTHER_OF_OLD = Button(f"question:{PHASE}:another", "Another", emoji="🔄")
OTHER_PHASE_OF_OLD = Menu("question:phase", "Other phase")
"""Both stand on older cards, which do not say which question they show."""
SHOW_ALL = Button(f"question:{PHASE}:all", "Show all", emoji="📖")

# On a private card

ANOTHER_IN_PLACE = Button(f"private:{PHASE}:another:{{seed:10}}:{{at:4}}", "Another", emoji="🔄")
OTHER_PHASE_IN_PLACE = Menu("private:phase:{seed:10}:{at:4}", "Other phase")
SHOW_ALL_IN_PLACE = Button(f"private:{PHASE}:list:{_SHOWN}", "Show all", emoji="📖")
SHOW_ALL_OF_OLD = Button(f"private:{PHASE}:all", "Show all", emoji="📖")
"""Stands on older cards: there is no way back from its list."""
SHARE = Button(
    f"private:{PHASE}:share:{{question_id:slug}}",
    "Share with the room",
    emoji="📣",
    style=Style.primary,
)
NOT_HELPFUL = Button(f"private:{PHASE}:aside:{{question_id:slug}}", "Not helpful", emoji="👎")
BRING_BACK = Button(f"private:{PHASE}:aside-back:{{question_id:slug}}", "Bring it back", emoji="↩️")
CHOOSE_PHASE = Button(f"choose:{PHASE}:{{show:channel|me}}", "…")
"""Labelled with the phase."""

# On the list of a phase

LIST_PAGE = Button(f"list:{PHASE}:{{page:-3}}", "…")
TAKE_ONE = Menu(f"list:{PHASE}:take", "Take one")
OTHER_LIST = Menu("list:phase", "Other phase")
LIST_PAGE_OF = Button(f"list:{PHASE}:{{page:-3}}:of:{{of:{'|'.join(Phase)}}}:{_SHOWN}", "…")
OTHER_LIST_OF = Menu(f"list:phase:of:{{of:{'|'.join(Phase)}}}:{_SHOWN}", "Other phase")
"""On a list that was opened from a private question; so is this."""
BACK_TO_QUESTION = Button(f"list:{PHASE}:back:{_SHOWN}", "Back to the question", emoji="↩️")
