"""What a rule about notes and feedback says to the person it stops, and what to do next."""

from __future__ import annotations

from datetime import datetime

from bot.feedback.model.refusals import CannotNote, NothingToShow, NotReleased
from bot.kit.discord.explain import Command, explain
from bot.kit.discord.text import moment

CANNOT_NOTE = {
    "coach": "The pad is for observers. You coach: just be with the client. What the others noted"
    " comes to you at the end, with {feedback}.",
    "client": "The pad is for observers. You are the client: the time is yours. At the end you can"
    " say how it was for you, with {feedback}.",
    "was coach": "The pad is for observers, and the coaching is over. What the others noted comes"
    " to you with {feedback}.",
    "was client": "The pad is for observers, and the coaching is over. With {feedback} you can say"
    " how it was for you.",
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
NOTHING_TO_SHOW = {
    "signal": "That code is not part of this round’s signal list. Open the pad again.",
    "note": "That note is gone. Open the notes again to see what is there.",
    "report": "That note or report is gone: it was erased, or its time was over.",
    "erased": "You have erased the feedback on this round: there is nothing to show or to share.",
    "share": "There is nothing to share: nothing of it is in writing.",
    "feedback": "Nothing is shared (any more). The coach decides what you see.",
    "own feedback": "You have not coached in a round yet. When you have, this shows what others"
    " noted, for you alone. In the room of a round it also shows what is yours there.",
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


@explain.register
def _(error: NothingToShow | CannotNote | NotReleased, command: Command) -> str:
    match error:
        case NothingToShow(what):
            return NOTHING_TO_SHOW[what]
        case CannotNote(why):
            return CANNOT_NOTE[why].format(feedback=command("feedback"), observe=command("observe"))
        case NotReleased("observers", opens_at):
            return opens_text(opens_at)
        case NotReleased(why):
            return NOT_RELEASED[why].format(feedback=command("feedback"))
