"""What can be clicked, chosen from and sent about notes, sheets and feedback."""

from __future__ import annotations

from bot.content.model.questions import Phase
from bot.kit.discord.actions import Button, Form, Menu, Style
from bot.kit.discord.ask_before_keeping import Words

NOTED = "{code:code}:{side:" + "|".join(("seen", "signal", *Phase)) + "}"
"""What was noted: a code with its side, or a question that was heard, with its phase."""

# The pad

BACK_TO_PAD = Button("round:{round_id}:pad-again", "Back to the pad", emoji="📝", is_own=True)
TAP = Button(f"tap:{{round_id}}:{NOTED}", "Tap", is_own=True)
MORE_CODES = Menu("round:{round_id}:more", "More of this dojo’s list…", is_own=True)
"""Codes of a long list that have no button of their own."""
UNDO = Button("round:{round_id}:undo:{note_id}", "Undo", emoji="↩️", is_own=True)
REDO = Button("round:{round_id}:redo:{note_id}", "Put back", emoji="↪️", is_own=True)
ADD_QUOTE = Button("round:{round_id}:quote:{note_id}", "Quote", emoji="💬", is_own=True)
"""Words for the last note."""

# Notes

EDIT_NOTES = Button("round:{round_id}:notes:{page:2}", "Edit", emoji="📋", is_own=True)
ALL_NOTES = Button("round:{round_id}:notes-all", "All my notes", emoji="📋", is_own=True)
PICK_NOTE = Menu("round:{round_id}:pick", "Change a note…", is_own=True)
EARLIER = Button("round:{round_id}:earlier:{note_id}", "−10 s", emoji="⏪", is_own=True)
LATER = Button("round:{round_id}:later:{note_id}", "+10 s", emoji="⏩", is_own=True)
WRITE_WORDS = Button("round:{round_id}:words:{note_id}", "Words and time…", emoji="✏️", is_own=True)
TAKE_NOTE_BACK = Button("round:{round_id}:drop:{note_id}", "Take it back", emoji="🗑️", is_own=True)
PUT_NOTE_BACK = Button("round:{round_id}:undrop:{note_id}", "Put it back", emoji="↪️", is_own=True)
NOTE_FORM = Form("round:{round_id}:note:{note_id}:{where:pad|note}", "Words", is_own=True)
"""Opened from the pad, or from the note itself."""
NOTE_WORDS = Words("note:{round_id}:{note_id}:{where:pad|note}:{hint:ok|time}", is_own=True)
"""With the hint `time` where what was typed is not a time."""

# Notes from memory

ADD_FROM_MEMORY = Button("round:{round_id}:memory", "Add from memory…", emoji="🧠", is_own=True)
REMEMBER_CODE = Menu("round:{round_id}:memory-code", "A code…", is_own=True)
REMEMBER_QUESTION = Menu("round:{round_id}:memory-question", "A question heard…", is_own=True)
MEMORY_FORM = Form(f"round:{{round_id}}:memory:{NOTED}", "From memory", is_own=True)
MEMORY_WORDS = Words(f"memory:{{round_id}}:{NOTED}:{{seconds:6}}", is_own=True)

# Sheets

MY_SHEET = Button("round:{round_id}:sheet", "My sheet", emoji="🗒️", is_own=True)
SHEET_ABOUT = Button("round:{round_id}:sheet:{coach_id}", "Coach", emoji="🗒️", is_own=True)
"""One of several sheets."""
SKIP_OWN_VIEW = Button("round:{round_id}:own-skip", "Skip", emoji="⏭️", is_own=True)
MARK_CODE = Menu("round:{round_id}:mark:{coach_id}:{code:code}", "…", is_own=True)
HAND_IN = Button(
    "round:{round_id}:hand-in:{coach_id}", "Hand in", emoji="📨", style=Style.success, is_own=True
)

# What the client says

UNSAY = Button("round:{round_id}:unsay", "Take my answers back", emoji="↩️", is_own=True)
CLIENT_FORM = Form("round:{round_id}:client", "How it was for me", is_own=True)
ALLOW_WORDS = Button(
    "round:{round_id}:words-shared:{may:yes|no}", "Let words be shown", emoji="💬", is_own=True
)
"""In the room, with what the coach shares."""
MY_CLIENT_ROUNDS = Button("rounds:my-client", "My rounds as client", emoji="🗂️")
PICK_CLIENT_ROUND = Menu("rounds:as-client", "Which round?")

# Feedback

LOOK_AGAIN = Button("round:{round_id}:look-again", "Look again", emoji="🎁", is_own=True)
"""Shows the feedback if it is there by now; also leads back to it."""
FEEDBACK_PAGE = Button("round:{round_id}:page:{page:3}:{fold:0|1}", "Show the rest", is_own=True)
"""To another page; with `1`, of everything that was noted."""
TIME_LINE = Button("round:{round_id}:picture", "Time line", emoji="📈", is_own=True)
ERASE_FEEDBACK = Button("round:{round_id}:clear", "Erase…", emoji="🗑️", is_own=True)
CONFIRM_ERASE_FEEDBACK = Button(
    "round:{round_id}:clear-indeed", "Erase it", emoji="🗑️", style=Style.danger, is_own=True
)
WRITE_TRY = Button("round:{round_id}:try", "One thing to try…", emoji="🎯", is_own=True)
TRY_FORM = Form("round:{round_id}:try", "One thing to try", is_own=True)
TRY_WORDS = Words("try:{round_id}", is_own=True)

# One note of the feedback

ABOUT_NOTES = Button("round:{round_id}:about:{page:3}", "About a note…", emoji="🔍", is_own=True)
PICK_FEEDBACK_NOTE = Menu("round:{round_id}:about-one", "Which note?", is_own=True)
JUDGE = Button(
    "round:{round_id}:judge:{note_id}:{verdict:helpful|unclear}{off:|:off}", "…", is_own=True
)
"""Pressed again, with `:off`, it takes the verdict back."""
ERASE_WORDS = Button(
    "round:{round_id}:wordless:{note_id}", "Erase its words…", emoji="🧹", is_own=True
)
CONFIRM_ERASE_WORDS = Button(
    "round:{round_id}:wordless-indeed:{note_id}",
    "Erase them",
    emoji="🧹",
    style=Style.danger,
    is_own=True,
)
REPORT_NOTE = Button("round:{round_id}:report:{note_id}", "Report a note", emoji="🚩", is_own=True)
REPORT_TO = Button(
    "round:{round_id}:report-to:{note_id}:{contact_id}",
    "Report it",
    emoji="🚩",
    style=Style.danger,
    is_own=True,
)
REPORT_UNNAMED = Button(
    "round:{round_id}:report-indeed:{note_id}",
    "Report it",
    emoji="🚩",
    style=Style.danger,
    is_own=True,
)
"""Stands on older cards, which do not say who the contact is."""

# Sharing feedback

ASK_TO_SHARE = Button("round:{round_id}:share", "Share with the room", emoji="📣")
SHARE = Button("round:{round_id}:share:{what:seen|all|try}", "Share", emoji="📣")
UNSHARE = Button("round:{round_id}:unshare", "Take it back", emoji="🧹")
SHOW_SHARED = Button("round:{round_id}:shared:{coach_id}", "What was shared", emoji="📣")
"""For facilitators."""

# Reports and talks

OPEN_REPORT = Button("report:{report_id}", "Open the note", emoji="🚩")
ERASE_REPORTED = Button("report:{report_id}:erase", "Erase this note…", emoji="🗑️")
CONFIRM_ERASE_REPORTED = Button(
    "report:{report_id}:erase-indeed", "Erase it", emoji="🗑️", style=Style.danger
)
KEEP_REPORTED = Button("report:{report_id}:again", "Keep it", emoji="↩️")
TALK_TO = Button("round:{round_id}:talk-to:{contact_id}", "Send it", emoji="🕊️", is_own=True)
DO_NOT_TALK = Button("round:{round_id}:talk-not", "Not now", is_own=True)
OPEN_TALK = Button("talk:{request_id}", "Open the message", emoji="🕊️")
