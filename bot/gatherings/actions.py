"""What can be clicked, chosen from and sent about evenings."""

from __future__ import annotations

from bot.kit.discord.actions import Button, Form, ManyMenu, Menu, PeopleMenu, Style
from bot.kit.discord.ask_before_keeping import Words

# Words that may name a person

CHECK_OUT_WORDS = Words("checkout:{gathering_id}:{useful:0|1|2|3|4|5|6|7|8|9|10}")

# Joining, wishes and checking out

JOIN = Button("gather:{gathering_id}:join", "Join", emoji="👋", style=Style.success)
JOIN_INSTEAD = Button(
    "gather:{gathering_id}:join-instead", "Leave that one and join here", emoji="🚪"
)
"""Instead of the gathering that the person is in."""
LEAVE = Button("gather:{gathering_id}:leave", "Leave", emoji="🚶")
CONFIRM_LEAVE = Button(
    "gather:{gathering_id}:leave-indeed", "Leave the evening", style=Style.danger
)
STAY = Button("gather:{gathering_id}:stay", "Stay")
REST = Button("gather:{gathering_id}:rest", "Sit this round out", emoji="💤")
TAKE_PART = Button("gather:{gathering_id}:rest-not", "Take part after all", emoji="🙌")
OBSERVE_TONIGHT = Button(
    "gather:{gathering_id}:observe-tonight", "Only observe tonight", emoji="👀"
)
WISH_MENU = Menu("gather:{gathering_id}:wish", "What would you like to do?")
MY_WISHES = Button("gather:{gathering_id}:wishes", "My wishes", emoji="🌠")
WISHES_FORM = Form("gather:{gathering_id}:wishes", "My wishes")
CHANGE_LIST = Button(
    "gather:{gathering_id}:my-list", "Change my list", emoji="🌠", style=Style.primary
)
"""Straight to the form, for those whose list cannot be kept."""
CHECK_OUT = Button("gather:{gathering_id}:check-out", "Check out", emoji="🚪", style=Style.primary)
CHECK_OUT_FORM = Form("gather:{gathering_id}:check-out", "Check out")

# The plan and the groups

CHANGE_PLAN = Button("gather:{gathering_id}:plan", "Change the plan", emoji="✏️")
PLAN_FORM = Form("gather:{gathering_id}:plan", "The plan of the evening")
TAKE_PLAN = Button("gather:{gathering_id}:take:{format_id:slug}:{rounds:1}", "Take it", emoji="💡")
FORM_GROUPS = Button("gather:{gathering_id}:form", "Form groups", emoji="🧩")
SHOW_GROUPS = Button("gather:{gathering_id}:preview:{page:2}", "Back to the groups")
RESHUFFLE = Button("gather:{gathering_id}:reshuffle", "Reshuffle", emoji="🎲")
START = Button(
    "gather:{gathering_id}:start:{after:1}:{mark:hex}", "Start", emoji="▶️", style=Style.success
)
"""After so many rounds, with the groups of this mark."""
NEXT_ROUND = Button("gather:{gathering_id}:next:{after:1}", "Next round", emoji="🔁")
SWAP_PEOPLE = PeopleMenu(
    "gather:{gathering_id}:swap-people:{mark:hex}", "🔀 Swap: choose two people"
)
PIN_PEOPLE = PeopleMenu(
    "gather:{gathering_id}:pin-together:{mark:hex}", "📌 Pin: choose who stays together"
)
OBSERVE_PERSON = PeopleMenu(
    "gather:{gathering_id}:observe-person:{mark:hex}", "👀 Observe only: choose a person"
)
"""`mark` tells what the menu stands beside: another one begins with nobody chosen."""
OBSERVE_ONLY = Button("gather:{gathering_id}:observe", "Observe only", emoji="👀")
PIN = Button("gather:{gathering_id}:pin", "Pin a group", emoji="📌")
PIN_ALL = Button("gather:{gathering_id}:pin-all:{number:2}", "All of them", emoji="📌")

PIN_GROUP_MENU = Menu("gather:{gathering_id}:pin-group:{number:1}", "Another group")

# On cards of before, which named places in groups instead of people.

SWAP = Button("gather:{gathering_id}:swap", "Swap", emoji="🔀")
SWAP_MENU = Menu("gather:{gathering_id}:swap:{first}:{number:2}", "Who changes places?")
"""`first` is the person who was chosen before, or 0."""
OBSERVE_MENU = Menu("gather:{gathering_id}:observe:{first}:{number:2}", "Who only observes?")
PIN_PEOPLE_MENU = ManyMenu("gather:{gathering_id}:pin-people:{number:2}", "Only these, two or more")
UNPIN = Button("gather:{gathering_id}:unpin", "Unpin all", emoji="🧷")

VISIT_CALL = Button("gather:{gathering_id}:visit-call", "Visit", emoji="🚶", style=Style.primary)
"""On a call for help, which names no room: into the one that has waited longest."""

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
NAME_HELPER = Button(PANEL + ":name", "Add a co-facilitator…", emoji="🧑‍🏫")
NAME_HELPER_FORM = Form("gather:{gathering_id}:name", "A co-facilitator for this evening")
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
MORE_TIME = Button(PANEL + ":minute:{number:2}.{due:11}", "+1 min", emoji="➕")
"""To the time to come, which was to end at `due`, in seconds."""
START_NOW = Button(PANEL + ":start-now:{number:2}", "Start now", emoji="▶️", style=Style.success)
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

RECORD_PAGE = Button("record:{dojo_id}:{page:3}", "Next page")
RECORD_FILE = Button("record:{dojo_id}:file", "As a file", emoji="📄")
REHEARSE = Button(
    "rehearse:{why:page|switch|again}:{how:stay|fresh}:{page:2}:{people:2}:{rounds:1}:{seed:10}"
    ":{format_id:slug}",
    "Draw again",
    emoji="🎲",
)
