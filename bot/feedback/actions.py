"""What can be clicked, chosen from and sent about notes, sheets and feedback."""

from __future__ import annotations

from functools import partial

from bot.content.model.questions import Phase
from bot.kit.discord.actions import Button, Form, Menu, Style
from bot.kit.discord.ask_before_keeping import Words

NOTED = "{code:code}:{side:" + "|".join(("seen", "signal", *Phase)) + "}"
"""What was noted: a code with its side, or a question that was heard, with its phase."""

_own = partial(Button, is_own=True)
_danger = partial(Button, style=Style.danger, is_own=True)
"""Of the person’s own, and not to be undone."""

# The pad

BACK_TO_PAD = _own("round:{round_id}:pad-again", "Back to the pad", emoji="📝")
TAP = _own(f"tap:{{round_id}}:{NOTED}", "Tap")
MORE_CODES = Menu("round:{round_id}:more", "More of this dojo’s list…", is_own=True)
"""Codes of a long list that have no button of their own."""
UNDO = _own("round:{round_id}:undo:{note_id}", "Undo", emoji="↩️")
REDO = _own("round:{round_id}:redo:{note_id}", "Put back", emoji="↪️")
ADD_QUOTE = _own("round:{round_id}:quote:{note_id}", "Quote", emoji="💬")
"""Words for the last note."""

# Notes

EDIT_NOTES = _own("round:{round_id}:notes:{page:2}", "Edit", emoji="📋")
ALL_NOTES = _own("round:{round_id}:notes-all", "All my notes", emoji="📋")
PICK_NOTE = Menu("round:{round_id}:pick", "Change a note…", is_own=True)
WRITE_FOR = Menu("round:{round_id}:words-for", "Words for a note…", is_own=True)
"""Opens the form for words and time at once."""
CHANGE_SIGNAL = Menu("round:{round_id}:signal:{note_id}", "It was something else…", is_own=True)
EARLIER = _own("round:{round_id}:earlier:{note_id}", "−10 s", emoji="⏪")
LATER = _own("round:{round_id}:later:{note_id}", "+10 s", emoji="⏩")
WRITE_WORDS = _own("round:{round_id}:words:{note_id}", "Words and time…", emoji="✏️")
TAKE_NOTE_BACK = _own("round:{round_id}:drop:{note_id}", "Take it back", emoji="🗑️")
PUT_NOTE_BACK = _own("round:{round_id}:undrop:{note_id}", "Put it back", emoji="↪️")
NOTE_FORM = Form("round:{round_id}:note:{note_id}:{where:pad|note}", "Words", is_own=True)
"""Opened from the pad, or from the note itself."""
NOTE_WORDS = Words("note:{round_id}:{note_id}:{where:pad|note}:{hint:ok|time}", is_own=True)
"""With the hint `time` where what was typed is not a time."""

# Notes from memory

ADD_FROM_MEMORY = _own("round:{round_id}:memory", "Add from memory…", emoji="🧠")
REMEMBER_CODE = Menu("round:{round_id}:memory-code", "A code…", is_own=True)
REMEMBER_QUESTION = Menu("round:{round_id}:memory-question", "A question heard…", is_own=True)
MEMORY_FORM = Form(f"round:{{round_id}}:memory:{NOTED}", "From memory", is_own=True)
MEMORY_WORDS = Words(f"memory:{{round_id}}:{NOTED}:{{seconds:6}}", is_own=True)

# Sheets

MY_SHEET = _own("round:{round_id}:sheet", "My sheet", emoji="🗒️")
SHEET_ABOUT = _own("round:{round_id}:sheet:{coach_id}", "Coach", emoji="🗒️")
"""One of several sheets."""
SKIP_OWN_VIEW = _own("round:{round_id}:own-skip", "Skip", emoji="⏭️")
MARK_CODE = Menu("round:{round_id}:mark:{coach_id}:{code:code}", "…", is_own=True)
NO_OCCASION_ELSE = _own("round:{round_id}:rest:{coach_id}", "The rest: no occasion", emoji="➖")
TAKE_REST_BACK = _own("round:{round_id}:rest-back:{coach_id}:{which:4}", "Undo the rest", emoji="↩️")
"""`which` are the codes, by their places in the list, as the bits of a number."""
HAND_IN = _own("round:{round_id}:hand-in:{coach_id}", "Hand in", emoji="📨", style=Style.success)

# What the client says

UNSAY = _own("round:{round_id}:unsay", "Take my answers back", emoji="↩️")
CLIENT_FORM = Form("round:{round_id}:client", "How it was for me", is_own=True)
ALLOW_WORDS = _own("round:{round_id}:words-shared:{may:yes|no}", "Let words be shown", emoji="💬")
"""In the room, with what the coach shares."""
MY_CLIENT_ROUNDS = Button("rounds:my-client", "My rounds as client", emoji="🗂️")
PICK_CLIENT_ROUND = Menu("rounds:as-client", "Which round?")

# Feedback

LOOK_AGAIN = _own("round:{round_id}:look-again", "Look again", emoji="🎁")
"""Shows the feedback if it is there by now; also leads back to it."""
FEEDBACK_PAGE = _own("round:{round_id}:page:{page:3}:{fold:0|1}", "Show the rest")
"""To another page; with `1`, of everything that was noted."""
TIME_LINE = _own("round:{round_id}:picture", "Time line", emoji="📈")
ERASE_FEEDBACK = _own("round:{round_id}:clear", "Erase…", emoji="🗑️")
CONFIRM_ERASE_FEEDBACK = _danger("round:{round_id}:clear-indeed", "Erase it", emoji="🗑️")
WRITE_TRY = _own("round:{round_id}:try", "One thing to try…", emoji="🎯")
TRY_FORM = Form("round:{round_id}:try", "One thing to try", is_own=True)
TRY_WORDS = Words("try:{round_id}", is_own=True)

# One note of the feedback

ABOUT_NOTES = _own("round:{round_id}:about:{page:3}", "About a note…", emoji="🔍")
PICK_FEEDBACK_NOTE = Menu("round:{round_id}:about-one", "Which note?", is_own=True)
JUDGE = _own("round:{round_id}:judge:{note_id}:{verdict:helpful|unclear}{off:|:off}", "…")
"""Pressed again, with `:off`, it takes the verdict back."""
ERASE_WORDS = _own("round:{round_id}:wordless:{note_id}", "Erase its words…", emoji="🧹")
CONFIRM_ERASE_WORDS = _danger(
    "round:{round_id}:wordless-indeed:{note_id}", "Erase them", emoji="🧹"
)
REPORT_NOTE = _own("round:{round_id}:report:{note_id}", "Report a note", emoji="🚩")
REPORT_TO = _danger("round:{round_id}:report-to:{note_id}:{contact_id}", "Report it", emoji="🚩")
REPORT_UNNAMED = _danger("round:{round_id}:report-indeed:{note_id}", "Report it", emoji="🚩")
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
TALK_TO = _own("round:{round_id}:talk-to:{contact_id}", "Send it", emoji="🕊️")
DO_NOT_TALK = _own("round:{round_id}:talk-not", "Not now")
OPEN_TALK = Button("talk:{request_id}", "Open the message", emoji="🕊️")
