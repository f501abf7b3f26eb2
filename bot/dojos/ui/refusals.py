"""What a dojo says to a person it refuses something, and what to do next.

Also what is wrong with a content file: content itself has no screen.
"""

from __future__ import annotations

from bot.content.model.refusals import ContentRejected
from bot.dojos.model.refusals import (
    DojoUnknown,
    ImportBusy,
    ImportTooSoon,
    NoSafetyContact,
    NotAllowed,
    ShortParts,
    SupportLineTooLong,
    UnknownTimeZone,
)
from bot.dojos.ui.words import support_text
from bot.kit.discord.explain import Command, explain
from bot.kit.discord.text import cut, joined, plural, safe

_NAME_ONE = (
    # Without the command, which the reader may not use.
    "A facilitator can name one in the dojo’s settings, **Privacy and safety**. Until then, please"
    " speak with a facilitator yourself; nothing was sent."
)
NO_CONTACT = {
    "none": "This dojo has named no safety contact, so there is nobody I could tell. " + _NAME_ONE,
    "gone": f"The safety contact of this dojo is no longer in this server. {_NAME_ONE}",
    "took part": "The safety contact of this dojo took part in this round, so they get no report"
    " about it. Please speak with a facilitator instead; nothing was sent.",
    "yourself": "You are the safety contact of this dojo yourself. Please speak with a facilitator"
    " instead; nothing was sent.",
}


@explain.register
def _(
    error: DojoUnknown
    | NotAllowed
    | UnknownTimeZone
    | SupportLineTooLong
    | NoSafetyContact
    | ImportBusy
    | ShortParts
    | ImportTooSoon
    | ContentRejected,
    command: Command,
) -> str:
    match error:
        case DojoUnknown():
            return (
                "This channel is not a dojo. Someone who manages channels can make it one"
                f" with {command('dojo setup')}."
            )
        case NotAllowed("configure", role_id):
            or_role = f" and for the facilitators of this dojo (<@&{role_id}>)" if role_id else ""
            return (
                "That is for people with **Manage Channels** in the channel of the dojo"
                f"{or_role}. Ask one of them to do it."
            )
        case NotAllowed("see reports"):
            return (
                "Only the safety contact it was sent to can open this, for as long as they are in"
                " this server."
            )
        case NotAllowed(facilitator_role_id=role_id):
            role = f" (<@&{role_id}>)" if role_id else " (whoever manages channels)"
            return (
                f"In this dojo, facilitators{role} ask for the questions. Ask one of them for one."
            )
        case UnknownTimeZone(name, nearest):
            hint = f" Did you mean {joined(nearest)}?" if nearest else ""
            return f"I do not know the time zone “{cut(safe(name), 60)}”.{hint}"
        case SupportLineTooLong(length, most):
            return (
                f"A support line has {most} characters at most, and this one has {length}."
                " Nothing was changed. Press **Support line…** again and write a shorter one."
            )
        case NoSafetyContact(why=why, support_line=line):
            return f"{NO_CONTACT[why]}\n{support_text(line)}" if line else NO_CONTACT[why]
        case ImportBusy():
            return "Another file of this server is being read. Try again in a moment."
        case ImportTooSoon(seconds):
            return f"The last file had faults. Try again in {plural(seconds, 'second')}."
        case ShortParts():
            return "Some parts of its formats last under a minute, so nothing was changed."
        case ContentRejected(faults):
            first = "\n".join(f"- {cut(safe(str(fault)), 200)}" for fault in faults[:8])
            return f"The content has faults, and nothing was changed:\n{first}"
