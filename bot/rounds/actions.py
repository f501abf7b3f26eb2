"""What can be clicked, chosen from and sent about rounds."""

from __future__ import annotations

from bot.kit.discord.actions import Button, Form, Menu, Style
from bot.kit.discord.ask_before_keeping import Words

# Steering

PAUSE = Button("round:{round_id}:pause", "Pause", emoji="⏸️")
RESUME = Button("round:{round_id}:resume", "Resume", emoji="▶️", style=Style.success)
EXTEND = Button("round:{round_id}:extend:{position:-3}.{extensions:-3}", "+2 min", emoji="➕")
"""Of the segment it was shown on, as often lengthened as then."""
NEXT = Button("round:{round_id}:next:{position:2}", "Next", emoji="⏭️")
GO_BACK = Button("round:{round_id}:back-to:{position:2}", "Back", emoji="⏮️")
"""To the segment that **Next** has just left."""
CONFIRM_NEXT = Button(
    "round:{round_id}:next-indeed:{position:2}", "Next", emoji="⏭️", style=Style.primary
)
END = Button("round:{round_id}:end", "End", emoji="⏹️", style=Style.danger)
CONFIRM_END = Button("round:{round_id}:end-indeed", "End the round", emoji="⏹️", style=Style.danger)
TAKE_UP = Button("round:{round_id}:take-up", "Take it up again", emoji="↩️", style=Style.success)
"""On the card of a round that ended for want of people."""
AGAIN = Button("round:{round_id}:again", "Again, roles rotated", emoji="🔄", style=Style.primary)
"""On the card of a round that is over."""
RATHER_OBSERVE = Button("round:{round_id}:rather-observe", "I would rather observe", emoji="👀")
CHANGE_NOTHING = Button("round:{round_id}:as-it-is", "Leave it as it is")
CARRY_ON = Button("round:{round_id}:carry-on", "Continue", emoji="👍", style=Style.success)
"""After a part that began late."""

# Help

ASK_HELP = Button("round:{round_id}:help", "Ask for help", emoji="🆘")
"""Handled by evenings: elsewhere nobody would come."""

# Words that may name a person

WISH_WORDS = Words("wish:{round_id}")

# Asking, agreeing and beginning

READ_AND_ANSWER = Button(
    "round:{round_id}:asked", "Read and answer", emoji="📨", style=Style.primary
)
WHO_MAY_ASK = Menu("me:asking", "Who may ask me")
CHOOSE_WHO_ASKS = Button("me:asking:open", "Do not ask me again…")
START_AGAIN = Button(
    "ask:{how:own|few|fit|last}:{people:base64}:{format_id:slug}",
    "Start without them",
    style=Style.primary,
)
"""With what was in the way taken care of: out of the own round, fewer people, a fitting format.

Or the last group again.
"""
AGREE = Button(
    "round:{round_id}:agree:{agreement:notes|no-notes}",
    "Agree, with notes",
    emoji="✅",
    style=Style.success,
)
LEAVE_FOR_THIS = Button(
    "round:{round_id}:instead:{agreement:notes|no-notes}", "Leave it and come here", emoji="🚪"
)
STAY_THERE = Button("round:{round_id}:stay", "Stay there")
DECLINE = Button("round:{round_id}:decline", "I cannot come", emoji="📭")
CONFIRM_DECLINE = Button(
    "round:{round_id}:decline-indeed", "I cannot come", emoji="📭", style=Style.danger
)
RECONSIDER = Button("round:{round_id}:reconsider", "I will come")
BEGIN = Button("round:{round_id}:begin", "Begin now", emoji="▶️", style=Style.primary)
BEGIN_WITH_FEWER = Button(
    "round:{round_id}:begin-with", "Begin with fewer", emoji="▶️", style=Style.primary
)
JOIN = Button("round:{round_id}:join", "Join as observer", emoji="👀")
CHANGE = Button("round:{round_id}:change", "Change…", emoji="⚙️")
CHANGE_FORMAT = Menu("round:{round_id}:format", "Another format")
CALL_OFF = Button("round:{round_id}:call-off", "Call it off", emoji="📭", style=Style.danger)

# Late observers

LET_IN = Button(
    "round:{round_id}:late-yes:{person_id}", "Let them in", emoji="👀", style=Style.success
)
NOT_NOW = Button("round:{round_id}:late-no:{person_id}", "Not now")
WAIT_NO_MORE = Button("round:{round_id}:late-stop", "Do not wait")

# Seats

TAKE_OVER = Button(
    "round:{round_id}:take:{role:coach|client}", "I will coach", emoji="🎧", style=Style.success
)
"""Takes a seat that is empty."""
TAKE_OVER_WITH = Button(
    "round:{round_id}:take:{role:coach|client}:{agreement:notes|no-notes}", "Take it, with notes"
)
TAKE_SEAT = Button("round:{round_id}:seat", "Take the seat", emoji="🪑", style=Style.success)
"""Takes a seat that is offered."""
TAKE_SEAT_WITH = Button("round:{round_id}:seat:{agreement:notes|no-notes}", "Take it, with notes")
REFUSE_SEAT = Button("round:{round_id}:seat-no", "No, thank you")
TAKE_OFFER_BACK = Button("round:{round_id}:seat-back", "Take the offer back", emoji="↩️")
STILL_HERE = Button("round:{round_id}:here", "I am here", emoji="🙋", style=Style.success)
TO_FEEDBACK = Button("round:{round_id}:feedback", "Go to feedback", emoji="💬")
"""Leaves out the rest of the coaching."""

# The role of a person

MY_ROLE = Button("round:{round_id}:role", "My role now", emoji="🎭")
FOCUS = Button("round:{round_id}:focus", "Coach: what to watch", emoji="🔎")
FOCUS_FORM = Form("round:{round_id}:focus", "What should observers watch?")
NEED_MOMENT = Button("round:{round_id}:moment", "I need a moment", emoji="🤲")
RESUME_QUIETLY = Button("round:{round_id}:go-on", "Resume", emoji="▶️", style=Style.success)
END_QUIETLY = Button("round:{round_id}:end-quietly", "End the round", emoji="⏹️", style=Style.danger)
LEAVE = Button("round:{round_id}:leave", "Leave the round", emoji="🚪")
CONFIRM_LEAVE = Button(
    "round:{round_id}:leave-indeed", "Leave the round", emoji="🚪", style=Style.danger
)
STAY = Button("round:{round_id}:stay-in", "Stay")
COME_BACK = Button("round:{round_id}:back", "Come back", emoji="🙌")
SOMEONE_LEFT = Button("round:{round_id}:left", "Someone left", emoji="🚶")
WHO_LEFT = Button("round:{round_id}:left:{number:3}", "Coach")
"""Names who has left by the number of the seat."""

CONFIRM_LEFT = Button("round:{round_id}:left-indeed:{number:3}", "They have left", emoji="🚶")
NOBODY_LEFT = Button("round:{round_id}:left-not:{number:3}", "Take that back", emoji="↩️")
"""For the person who has just said so."""

# What a person says and gets afterwards, handled by the feedback

OPEN_PAD = Button("round:{round_id}:pad", "Open my pad", emoji="📝", is_own=True)
OWN_VIEW = Button("round:{round_id}:own", "My own view", emoji="🪞", is_own=True)
SAY_HOW_IT_WAS = Button("round:{round_id}:say", "How it was for me…", emoji="💬", is_own=True)
OPEN_FEEDBACK = Button("round:{round_id}:my-feedback", "Open my feedback", emoji="🎁", is_own=True)
TALK = Button("round:{round_id}:talk", "Talk to the safety contact", emoji="🕊️", is_own=True)

# Erasing

ERASE_ROUND = Button(
    "round:{round_id}:erase", "Erase this round…", emoji="🗑️", style=Style.danger, is_own=True
)
CONFIRM_ERASE_ROUND = Button(
    "round:{round_id}:erase-indeed", "Erase it", emoji="🗑️", style=Style.danger, is_own=True
)
ERASE_NOTES = Button("round:{round_id}:erase-notes", "…and delete the notes so far", emoji="🗑️")
CONFIRM_ERASE_NOTES = Button(
    "round:{round_id}:erase-notes-indeed", "Delete them", emoji="🗑️", style=Style.danger
)
