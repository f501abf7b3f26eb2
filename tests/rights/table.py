"""Who may change what, and who may see what: the rights of dojo-bot, in two tables.

People, by what they are in a situation:

- `coach`, `client`, `author`, `observer`: of the round; the author has noted something
- `lead`: who opened the evening, and has the right in the dojo's channel
- `facilitator`: of the dojo, by the right to manage its channel
- `contact`: the dojo's safety contact
- `member`: of the server, and nothing else; `elsewhere`: coach of another round there
- `second`: facilitator of another dojo of the server; `removed`: had the role until a moment ago
- `owner`: manages one other channel of the server
- `manager abroad`, `member abroad`: of another server
- `stranger`: in a direct message

What is not in a table is allowed to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping

ROUND = "coach client author observer"
LEADING = "lead facilitator"
SERVER = f"{ROUND} {LEADING} contact member elsewhere second removed owner"
EVERYBODY = f"{SERVER}|manager abroad|member abroad|stranger"


def people(text: str) -> frozenset[str]:
    """The people that a text of the tables names."""
    first, *abroad = text.split("|")
    return frozenset([*first.split(), *abroad])


CHANGES: Mapping[str, str] = {
    # Questions: the order of the dojo's own deck
    "question:*:another": SERVER,
    "menu question:phase": SERVER,
    "choose:*:*": SERVER,
    "private:*:another:*:*": SERVER,
    "menu private:phase:*:*": SERVER,
    "menu list:*:take": SERVER,
    "help:ask": SERVER,
    "/question": SERVER,
    # A dojo
    "form setup:*": LEADING,
    "form dojo-privacy:*": LEADING,
    "form dojo-support:*": LEADING,
    "menu dojo:zone:*": LEADING,
    "dojo:shorten:*.*.*": LEADING,
    "dojo:stop:yes": LEADING,
    "dojo:back": f"{LEADING} owner|manager abroad",  # each for the channel they stand in
    "/dojo open": LEADING,
    "/dojo content import": LEADING,
    "/dojo status": f"{LEADING} owner|manager abroad",  # it measures how long a write takes
    # A round before it begins
    "/round start": SERVER,
    "ask:*:*:*": SERVER,
    "round:*:agree:*": ROUND,
    "round:*:instead:*": ROUND,
    "round:*:decline": ROUND,
    "round:*:decline-indeed": ROUND,
    "round:*:begin": f"coach {LEADING}",
    "round:*:begin-with": f"coach {LEADING}",
    "round:*:call-off": f"coach {LEADING}",
    "menu round:*:format": f"coach {LEADING}",
    "round:*:join": SERVER,
    # Who waits to observe, and who says whether they may
    "round:*:late-stop": SERVER,
    "round:*:late-yes:*": "client",
    # Who may ask one into rounds, on all servers
    "menu me:asking": EVERYBODY,
    "form round:*:focus": "coach",
    "words:keep:*": f"{ROUND} lead",
    # A round that runs
    "round:*:pause": f"{ROUND} {LEADING}",
    "round:*:resume": f"{ROUND} {LEADING}",
    "round:*:extend:*": f"{ROUND} {LEADING}",
    "round:*:next:*": f"{ROUND} {LEADING}",
    "round:*:next-indeed:*": f"{ROUND} {LEADING}",
    "round:*:end-indeed": f"{ROUND} {LEADING}",
    "round:*:carry-on": f"{ROUND} {LEADING}",
    "round:*:feedback": f"{ROUND} {LEADING}",
    "round:*:take:*": ROUND,
    "round:*:take:*:*": ROUND,
    "round:*:seat": ROUND,
    "round:*:seat:*": ROUND,
    "round:*:seat-no": ROUND,
    "round:*:seat-back": ROUND,
    "round:*:here": ROUND,
    "round:*:left:*": f"{ROUND} {LEADING}",
    "round:*:leave": ROUND,
    "round:*:back": SERVER,
    "round:*:moment": ROUND,
    "round:*:go-on": ROUND,
    "round:*:end-quietly": "coach client",
    "round:*:erase-notes-indeed": "coach client",
    "round:*:erase-indeed": "client",
    "/round now": f"{ROUND} {LEADING}",
    "/round pause": f"{ROUND} {LEADING}",
    "/round resume": f"{ROUND} {LEADING}",
    "/round extend": f"{ROUND} {LEADING}",
    "/round next": f"{ROUND} {LEADING}",
    "/round end": f"{ROUND} {LEADING}",
    "/round replace": f"{ROUND} {LEADING}",
    "round:*:help": ROUND,
    # Notes and sheets
    "tap:*": "author observer",
    "menu round:*:more": "author observer",
    "round:*:undo:*": "author",
    "round:*:redo:*": "author",
    "round:*:later:*": "author",
    "round:*:earlier:*": "author",
    "round:*:drop:*": "author",
    "round:*:undrop:*": "author",
    "form round:*:note:*:*": "author",
    "form round:*:memory:*:*": "author observer",
    "menu round:*:mark:*:*": "coach author observer",
    "round:*:hand-in:*": "coach author observer",
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
    "/feedback": "coach",
    "form round:*:client": "client",
    "round:*:unsay": "client",
    "round:*:words-shared:*": "client",
    "report:*:erase-indeed": "contact",
    # Talking with the safety contact
    "round:*:talk": ROUND,
    "round:*:talk-to:*": ROUND,
    # An evening
    "gather:*:rest": ROUND,
    "gather:*:rest-not": ROUND,
    "gather:*:observe-tonight": ROUND,
    "gather:*:join": SERVER,
    "gather:*:join-instead": SERVER,
    "menu gather:*:wish": SERVER,
    "form gather:*:wishes": SERVER,
    "gather:*:leave": ROUND,
    "gather:*:leave-indeed": ROUND,
    "form gather:*:check-out": ROUND,
    "gather:*:reshuffle": LEADING,
    "gather:*:form": LEADING,
    "gather:*:start:*:*": LEADING,
    "gather:*:next:*": LEADING,
    "gather:*:panel:next-round:*": LEADING,
    "gather:*:take:*:*": LEADING,
    "form gather:*:plan": LEADING,
    "menu gather:*:*:*:*": LEADING,
    "menu gather:*:pin-people:*": LEADING,
    "gather:*:pin-all:*": LEADING,
    "gather:*:unpin": LEADING,
    "gather:*:panel:*:*": LEADING,
    "gather:*:panel:indeed:*": LEADING,
    "gather:*:panel:take-over": LEADING,
    "form gather:*:hand-over": LEADING,
    "form gather:*:take-off": LEADING,
    "form gather:*:broadcast:*": LEADING,
    "gather:*:panel:room:*:*:*": LEADING,
    "gather:*:panel:room:*:visit": LEADING,
    "menu gather:*:panel:room:*:missing": LEADING,
    # What is stored about oneself
    "me:forget:yes": EVERYBODY,
}
"""Who may change something by a button, a menu, a form or a command, by the shape of its id."""

_ALWAYS: list[str] = ["proposed", "coaching", "released", "shared", "groups", "evening"]
_EVENINGS: list[str] = ["groups", "evening"]

SECRETS: Mapping[str, Mapping[str, str]] = {
    "the words of an observer": {
        "coaching": "author",
        "released": "coach author contact",
        "shared": "coach author contact",
    },
    "what the coach wants to try": {"released": "coach", "shared": f"coach {LEADING}"},
    "would like to talk with you, the": {"released": "contact", "shared": "contact"},
    "Safety contact:": dict.fromkeys(_ALWAYS, LEADING),
    "🎛️ Panel": dict.fromkeys(_EVENINGS, LEADING),
    "How far the feedback is": dict.fromkeys(_ALWAYS, LEADING),
    "Record of this dojo": dict.fromkeys(_ALWAYS, LEADING),
    "Not in a group with: <@": dict.fromkeys(_EVENINGS, SERVER),
}
"""What must not be read by others, by how it looks, and who may read it in which situation."""
