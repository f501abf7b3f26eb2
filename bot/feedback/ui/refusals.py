"""What a rule of notes and feedback says to the person who met it, and what to do next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.dojos.ui.words import support_text
from bot.kit.discord.text import moment
from bot.kit.refusals import CannotNote, DojoError, NoSafetyContact, NotReleased

CANNOT_NOTE = {
    "coach": "The pad is for observers. You coach: just be with the client. What the others noted"
    " comes to you at the end, with {feedback}.",
    "client": "The pad is for observers. You are the client: the time is yours. At the end you can"
    " say how it was for you, with {feedback}.",
    "not agreed": "You take part without notes. If you want to take some, press **My role now** and"
    " then **With notes from now on**.",
    "without notes": "This round runs without notes. Listen, and say at the end what you saw.",
    "not begun": "The coaching has not begun. The pad takes taps as soon as it has.",
    "over": "The coaching is over, so taps no longer count. {observe} opens your sheet.",
    "rests": "The coaching rests, so taps do not count. The pad takes them again when it goes on.",
    "coaching": "That is for after the coaching.",
    "released": "The coach has it already, so it can no longer be changed. Tell them, if you like.",
    "full": "That is as much as one pad holds in a round. Listen, and say the rest aloud.",
    "gone": "That was too long ago, or it has been erased.",
}
NOT_RELEASED = {
    "coaching": "Your feedback comes after the coaching.",
    "turn": "Your feedback comes after your own view and the client’s.",
    "own view": "First your own view, or skip it: {feedback}.",
}


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


def opens_text(opens_at: datetime | None) -> str:
    """When the coach's feedback opens: the same words, no matter who takes notes."""
    if opens_at is None:
        return (
            "The clock stands still. Your feedback opens when the observers’ part is over, or as"
            " soon as everybody has handed in."
        )
    when = f"{moment(opens_at, 'T')} ({moment(opens_at, 'R')})"
    return f"Your feedback opens at {when}, or as soon as everybody has handed in."


def feedback_sentence(error: DojoError, command: Callable[[str], str]) -> str:
    """The sentence; `command` turns the name of a command into what is shown for it."""
    match error:
        case CannotNote(why):
            return CANNOT_NOTE[why].format(feedback=command("feedback"), observe=command("observe"))
        case NotReleased("observers", opens_at):
            return opens_text(opens_at)
        case NotReleased(why):
            return NOT_RELEASED[why].format(feedback=command("feedback"))
        case NoSafetyContact(why=why, support_line=line):
            return f"{NO_CONTACT[why]}\n{support_text(line)}" if line else NO_CONTACT[why]
        case _:
            raise TypeError(f"no sentence for {type(error).__name__}")
