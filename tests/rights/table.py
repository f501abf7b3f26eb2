"""Who may change what, and who may see what: the rights of dojo-bot, in two tables.

People, by what they are in a situation:

- `coach`, `client`, `author`, `observer`: of the round; the author has noted something
- `author-of-six`, `observer-of-six`, `let-in`, `let-in-too`: observers of a round of more than
  five, the last two let in by its client; there only coach, client and facilitators steer
- `observer-abroad`: the observer of the round, in another server, where only their own things work
- `left`: an observer who has left the round
- `neighbour`: in another room of the same evening; does not want to be in a group with `nemesis`
- `lead`: who opened the evening, and has the right in the dojo's channel
- `handed-to`: the evening was handed to them by name; `taken-off`: so it was, until they were
  taken off again
- `facilitator`: of the dojo, by the right to manage its channel
- `contact`: the dojo's safety contact
- `member`: of the server, and nothing else; `elsewhere`: coach of another round there
- `second`: facilitator of another dojo of the server; `removed`: had the role until a moment ago
- `owner`: manages one other channel of the server
- `manager-abroad`, `member-abroad`: of another server
- `kicked`: was a facilitator, to whom the evening was handed, until removed from the server
- `stranger`: in direct messages, as who was kicked

What is not in a table is allowed to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LEADING = "lead facilitator"
EVENING = f"{LEADING} handed-to"
ROUND = "coach client author observer"
STEERING = f"{ROUND} {EVENING}"
SEATED = f"{ROUND} author-of-six observer-of-six let-in let-in-too"
GUESTS = f"{SEATED} left neighbour"
AUTHOR = "author author-of-six"
NOTING = f"{AUTHOR} observer observer-of-six observer-abroad"
SERVER = f"{GUESTS} {EVENING} taken-off nemesis contact member elsewhere second removed owner"
EVERYBODY = f"{SERVER} observer-abroad manager-abroad member-abroad kicked stranger"


def people(text: str) -> frozenset[str]:
    """The people that a text of the tables names."""
    return frozenset(text.split())


CHANGES: Mapping[str, str] = {
    # Questions: the order of the dojo's own deck
    "question:*:another": SERVER,
    "menu question:phase": SERVER,
    "question:*:instead:*": SERVER,
    "menu question:phase-instead:*": SERVER,
    "choose:*:*": SERVER,
    "private:*:another:*:*": SERVER,
    "private:*:aside:*": SERVER,
    "private:*:aside-back:*": SERVER,
    "menu private:phase:*:*": SERVER,
    "menu list:*:take": SERVER,
    "help:ask": SERVER,
    "dojo-card:question:*": SERVER,
    "/question": SERVER,
    # A dojo
    "form setup:*": LEADING,
    "form dojo-privacy:*": LEADING,
    "form dojo-support:*": LEADING,
    "menu dojo:zone:*": LEADING,
    "menu dojo:questions": LEADING,
    "menu dojo:focus": LEADING,
    "dojo:shorten:*.*.*": LEADING,
    "dojo:card": LEADING,
    "dojo:stop:yes": LEADING,
    "dojo:back": f"{LEADING} owner manager-abroad",  # each for the channel they stand in
    "/dojo open": LEADING,
    "/dojo content import": LEADING,
    "/dojo status": f"{LEADING} owner manager-abroad",  # it measures how long a write takes
    # A round before it begins
    "/round start": SERVER,
    "ask:*:*:*": SERVER,
    "round:*:agree:*": SEATED,
    "round:*:instead:*": SEATED,
    "round:*:decline": SEATED,
    "round:*:decline-indeed": SEATED,
    "round:*:begin": f"coach {LEADING}",
    "round:*:begin-with": f"coach {LEADING}",
    "round:*:call-off": f"coach {LEADING}",
    "menu round:*:format": f"coach {LEADING}",
    "round:*:join": SERVER,
    "round:*:rather-observe": SEATED,
    "round:*:again": SEATED,
    # Who waits to observe, and who says whether they may
    "round:*:late-stop": SERVER,
    "round:*:late-yes:*": "client",
    # Who may ask one into rounds, on all servers
    "menu me:asking": EVERYBODY,
    "form round:*:focus": "coach",
    "words:keep:wish:*": "coach",
    # A round that runs
    "round:*:pause": STEERING,
    "round:*:resume": STEERING,
    "round:*:extend:*.*": STEERING,
    "round:*:next:*": STEERING,
    "round:*:next-indeed:*": STEERING,
    "round:*:end-indeed": STEERING,
    "round:*:back-to:*": STEERING,
    "round:*:carry-on": STEERING,
    "round:*:feedback": STEERING,
    "round:*:take:*": SEATED,
    "round:*:take:*:*": SEATED,
    "round:*:seat": SEATED,
    "round:*:seat:*": SEATED,
    "round:*:seat-no": SEATED,
    "round:*:seat-back": SEATED,
    "round:*:here": SEATED,
    "round:*:left:*": STEERING,
    "round:*:left-indeed:*": STEERING,
    "round:*:left-not:*": STEERING,
    "round:*:take-up": SEATED,
    "round:*:leave": SEATED,
    "round:*:leave-indeed": SEATED,
    "round:*:back": SERVER,
    "round:*:moment": SEATED,
    "round:*:go-on": SEATED,
    "round:*:end-quietly": "coach client",
    "round:*:erase-notes-indeed": "coach client",
    "round:*:erase-indeed": "client",
    "/round now": f"{SEATED} {EVENING}",
    "/round pause": STEERING,
    "/round resume": STEERING,
    "/round extend": STEERING,
    "/round next": STEERING,
    "/round end": STEERING,
    "/round replace": STEERING,
    "round:*:help": SEATED,
    # Notes and sheets
    "tap:*:*:*": NOTING,
    "menu round:*:more": NOTING,
    "menu round:*:signal:*": AUTHOR,
    "menu round:*:words-for": AUTHOR,
    "round:*:undo:*": AUTHOR,
    "round:*:redo:*": AUTHOR,
    "round:*:later:*": AUTHOR,
    "round:*:earlier:*": AUTHOR,
    "round:*:drop:*": AUTHOR,
    "round:*:undrop:*": AUTHOR,
    "form round:*:note:*:*": AUTHOR,
    "form round:*:memory:*:*": NOTING,
    "words:keep:note:*:*:*:*": AUTHOR,
    "words:keep:memory:*:*:*:*": NOTING,
    "menu round:*:mark:*:*": f"coach {NOTING}",
    "round:*:hand-in:*": f"coach {NOTING}",
    "round:*:rest:*": f"coach {NOTING}",
    "round:*:rest-back:*:*": f"coach {NOTING}",
    # Feedback
    "round:*:my-feedback": "coach",
    "round:*:look-again": "coach",
    "round:*:page:*:*": "coach",
    "round:*:picture": "coach",
    "round:*:own-skip": "coach",
    "round:*:judge:*:**": "coach",
    "round:*:wordless-indeed:*": "coach",
    "round:*:report-indeed:*": "coach",
    "round:*:report-to:*:*": "coach",
    "round:*:share:*": "coach",
    "round:*:unshare": "coach",
    "round:*:clear-indeed": "coach",
    "form round:*:try": "coach",
    "words:keep:try:*": "coach",
    "/feedback": "coach",
    "form round:*:client": "client",
    "round:*:unsay": "client",
    "round:*:words-shared:*": "client",
    "report:*:erase-indeed": "contact",
    # Talking with the safety contact
    "round:*:talk": f"{SEATED} left observer-abroad",
    "round:*:talk-to:*": f"{SEATED} left observer-abroad",
    # An evening
    "gather:*:rest": GUESTS,
    "gather:*:rest-not": GUESTS,
    "gather:*:observe-tonight": GUESTS,
    "gather:*:join": SERVER,
    "gather:*:join-instead": SERVER,
    "menu gather:*:wish": SERVER,
    "form gather:*:wishes": SERVER,
    "gather:*:leave": GUESTS,
    "gather:*:leave-indeed": GUESTS,
    "form gather:*:check-out": GUESTS,
    "words:keep:checkout:*:*": GUESTS,
    "gather:*:reshuffle": EVENING,
    "gather:*:form": EVENING,
    "gather:*:start:*:*": EVENING,
    "gather:*:next:*": EVENING,
    "gather:*:panel:next-round:*": EVENING,
    "gather:*:take:*:*": EVENING,
    "form gather:*:plan": EVENING,
    "menu gather:*:swap:*:*": EVENING,
    "menu gather:*:observe:*:*": EVENING,
    "menu gather:*:pin-people:*": EVENING,
    "menu gather:*:swap-people:*": EVENING,
    "menu gather:*:pin-together:*": EVENING,
    "menu gather:*:observe-person:*": EVENING,
    "gather:*:pin-all:*": EVENING,
    "gather:*:unpin": EVENING,
    "gather:*:panel:pause:*.*": EVENING,
    "gather:*:panel:resume:*.*": EVENING,
    "gather:*:panel:longer:*.*": EVENING,
    "gather:*:panel:next:*.*": EVENING,
    "gather:*:panel:next-indeed:*.*": EVENING,
    "gather:*:panel:indeed:end": EVENING,
    "gather:*:panel:indeed:close": EVENING,
    "gather:*:panel:take-over": EVENING,
    "gather:*:panel:minute:*.*": EVENING,
    "gather:*:panel:start-now:*": EVENING,
    "gather:*:visit-call": EVENING,
    "form gather:*:hand-over": EVENING,
    "form gather:*:name": EVENING,
    "form gather:*:take-off": LEADING,
    "form gather:*:broadcast:*": EVENING,
    "gather:*:panel:room:*:begin:*": EVENING,
    "gather:*:panel:room:*:pause:*": EVENING,
    "gather:*:panel:room:*:resume:*": EVENING,
    "gather:*:panel:room:*:longer:*": EVENING,
    "gather:*:panel:room:*:next:*": EVENING,
    "gather:*:panel:room:*:next-indeed:*": EVENING,
    "gather:*:panel:room:*:end-indeed:*": EVENING,
    "gather:*:panel:room:*:visit": EVENING,
    "menu gather:*:panel:room:*:missing": EVENING,
    # What is stored about oneself
    "me:forget:yes": EVERYBODY,
}
"""Who may change something by a button, a menu, a form or a command, by the shape of its id."""

READING = ("/feedback", "round:*:my-feedback", "round:*:look-again", "round:*:page:*:*")
"""What changes something only because the first look is noted: what it shows is tried, too."""


@dataclass(frozen=True, slots=True)
class Secret:
    """One way in which something looks that others must not read."""

    looks: str
    """A regular expression; `{name}` stands for an id of the situation."""
    seen_by: Mapping[str, str]
    """Who may read it, by situation, and everybody of these does: else it would prove nothing."""
    ways: tuple[str, ...] = ()
    """What those do to see it who did not come across it otherwise."""


_ROUNDS = ("proposed", "coaching", "six", "awaited", "released", "shared")
_EVENINGS = ("groups", "evening")
_ALWAYS = (*_ROUNDS, *_EVENINGS)
_OVER = ("released", "shared")
_SAID = ("awaited", *_OVER)
"""When all have said what they have to say of a round."""

SECRETS: Mapping[str, Secret] = {
    # Notes and feedback
    "words of a note": Secret(
        "the words of an observer",
        {
            "coaching": "author",
            "six": "author-of-six",
            "awaited": "author",
            **dict.fromkeys(_OVER, "coach author contact"),
        },
        ("/feedback",),
    ),
    "the feedback": Secret(
        "What observers saw",
        {"released": "coach", "shared": f"coach {LEADING}"},
        ("/feedback", "round:*:shared:*"),
    ),
    "who noted": Secret(
        r"(?:\(|[Nn]oted by )<@{author}>", {"released": "coach contact", "shared": "contact"}
    ),
    "what the coach wants to try": Secret(
        "what the coach wants to try", {"released": "coach", "shared": f"coach {LEADING}"}
    ),
    "how far feedback is": Secret(
        "How far the feedback is", dict.fromkeys((*_ROUNDS, "evening"), LEADING)
    ),
    "who would like to talk": Secret(
        "would like to talk with you, the", dict.fromkeys(_OVER, "contact")
    ),
    # A sheet of an observer: as it is filled in, once the coach has the feedback, and in a file
    "marks on a sheet": Secret(r"\[x\] S6 both", {"awaited": "observer"}),
    "marks on a sheet handed in": Secret("⚖️ S6", dict.fromkeys(_OVER, "observer")),
    "marks on a sheet in a file": Secret(
        '"S6": "both"', {"awaited": "observer", **dict.fromkeys(_OVER, "coach observer")}
    ),
    # The coach's own view, likewise
    "an own view": Secret(r"\[x\] S1 both", {"awaited": "coach"}),
    "an own view in the feedback": Secret("⚖️ S1", dict.fromkeys(_OVER, "coach"), ("/feedback",)),
    "an own view in a file": Secret('"S1": "both"', dict.fromkeys(_SAID, "coach")),
    # What the client says; only in one situation it is said to the coach as well
    "answers of the client": Secret(
        r"I chose where we went: \*\*partly",
        {**dict.fromkeys(_SAID, "client"), "released": "coach client"},
        ("/feedback",),
    ),
    "answers of the client on a form": Secret(r"\[x\] Partly", dict.fromkeys(_SAID, "client")),
    "answers of the client in a file": Secret(
        '"i_chose_where_we_went": "partly"', dict.fromkeys(_SAID, "client")
    ),
    # An evening
    "a word at the check-out": Secret("serendipity", dict.fromkeys(_EVENINGS, "client")),
    "a name on a list": Secret(
        "<@{nemesis}>", dict.fromkeys(_EVENINGS, "neighbour"), ("form gather:*:wishes",)
    ),
    "a name on a list in a form": Secret(r"\[x\] {nemesis}", dict.fromkeys(_EVENINGS, "neighbour")),
    "a name on a list in a file": Secret(
        'not_in_a_group_with_user_id": "{nemesis}', dict.fromkeys(_EVENINGS, "neighbour")
    ),
    "the panel": Secret("🎛️ Panel", dict.fromkeys(_EVENINGS, EVENING), ("gather:*:panel",)),
    "a room on the panel": Secret(r"🚪 Room \d", {"evening": EVENING}, ("gather:*:panel:room:*",)),
    "the groups that are proposed": Secret(
        r"🧩 Groups for round|Group \d · ", {"groups": EVENING}, ("gather:*:form",)
    ),
    "the plan of the evening": Secret(
        "The plan of the evening", dict.fromkeys(_EVENINGS, EVENING), ("gather:*:plan",)
    ),
    "to whom the evening was handed": Secret(
        "Handed to by name", dict.fromkeys(_EVENINGS, EVENING), ("gather:*:panel:take-off",)
    ),
    # A dojo
    "the settings of the dojo": Secret("Safety contact:", dict.fromkeys(_ALWAYS, LEADING)),
    "the record": Secret("Record of this dojo", dict.fromkeys(_ALWAYS, LEADING)),
}
"""What must not be read by others, and who may."""
