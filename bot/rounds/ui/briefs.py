"""What a person does in a segment of a round and what they do not do, by their role."""

from __future__ import annotations

from collections.abc import Mapping

from bot.content.model.formats import SegmentKind
from bot.rounds.model.round import Role

_BRIEFS: Mapping[SegmentKind | None, tuple[str, ...]] = {
    # What the coach does and does not do, then the client, then observers.
    None: (
        "Answer the agreement. Choose one or two things you would like observers to watch.",
        "Do not plan the conversation: the client brings the topic and leads.",
        "Answer the agreement. Think of a real, current topic you are willing to share here.",
        "Do not take the biggest one you have. You may still say no, without a reason.",
        "Answer the agreement. Have something to write with at hand.",
        "Do not ask what the topic will be, and do not record anything.",
    ),
    SegmentKind.AGREE: (
        "Say what you would like watched, and ask the client what they need for a good start.",
        "Do not begin to coach yet, and do not explain how you usually work.",
        "Say what you need to feel at ease. Have a real, current topic you like to work on.",
        "Do not tell the story yet, and bring nothing that you would rather keep to yourself.",
        "Listen to what the coach would like watched, and ask if it is not clear to you.",
        "Do not add wishes of your own, and do not ask about the topic.",
    ),
    SegmentKind.COACH: (
        "Follow the client: the client leads. Keep your focus and the time in mind.",
        "Do not explain or defend, and do not turn to the observers.",
        "Bring a real, current topic you are willing to share. You may stop at any time.",
        "Never play a part, and do not try to make it easy for the coach.",
        (
            "Listen. Where notes are agreed, **Open my pad**: one tap notes the coach’s words"
            " and acts, with the time."
        ),
        "Do not coach the client, do not speak, and do not write down the client’s story.",
    ),
    SegmentKind.WRITE: (
        "Write for yourself: what to keep, what to do differently, what to ask the others for.",
        "Do not ask yet how it was. The others are writing as well.",
        "Write for yourself: how it was for you, and one moment that helped.",
        "Do not go on with the topic. Nobody needs to see what you write.",
        "Choose from what you wrote: one thing seen, at most one signal, with words and time.",
        "Do not talk or compare: what you saw counts as you saw it.",
    ),
    SegmentKind.SELF: (
        "Say what you want to keep, what you would do differently, and what you ask for.",
        "Do not apologise and do not justify. A few sentences are enough.",
        "Listen to how the coach saw it. You have your own turn.",
        "Do not comfort the coach, and do not put anything right.",
        "Listen for what the coach asks for: choose what you will say by that.",
        "Do not agree or object. This is the coach’s own view.",
    ),
    SegmentKind.CLIENT: (
        "Listen to how your words arrived, and say thank you.",
        "Do not ask further: that would be coaching again.",
        "Say how it was for you, and one moment that helped. As much or as little as you like.",
        "Do not go back into the topic, and do not advise the coach.",
        "Listen: nobody but the client knows what it did for them.",
        "Do not ask about the topic, and keep what you saw for your own turn.",
    ),
    SegmentKind.OBSERVERS: (
        "Listen, take what is of use to you, and say thank you.",
        "Do not explain or defend. You may leave whatever does not fit.",
        "Lean back: this is about the coach. Say so if it comes too close to your topic.",
        "You need not answer, and you need not protect the coach.",
        "Say one thing you saw and at most one signal, with the coach’s words and the time.",
        "Do not speak about the client’s topic, nor, unless asked, about what you would do.",
    ),
    SegmentKind.FACILITATOR: (
        "Listen to the one thread that is picked up, and ask if you want to know more.",
        "Do not go through everything once more, and do not justify.",
        "Listen if you like. Your topic is not the subject; say so if it becomes one.",
        "You need not add anything to what you said.",
        "Listen for what the thread has to do with your own coaching.",
        "Do not begin another turn of what you noticed.",
    ),
    SegmentKind.NEXT: (
        "Name one thing you want to try: small, and your own choice.",
        "Do not make a list, and do not choose to please anybody.",
        "Listen to the coach. What you do with your topic from here is up to you.",
        "Do not give the coach a task, and do not report what you will do.",
        "Listen, and take one thing along for your own coaching.",
        "Do not suggest anything unless the coach asks you to.",
    ),
    SegmentKind.PAUSE: (
        "Take a breath. Write the question you would ask next, like everybody else.",
        "Do not coach on, and do not weigh the questions: the client picks.",
        "Take in the questions, then pick where to go on, or none of them. You lead.",
        "Do not answer any of them yet, and do not pick one to be polite.",
        "Write the one question you would ask next, then show or read it out.",
        "Do not give reasons for it, and do not speak to the client about the topic.",
    ),
    SegmentKind.SWAP: (
        "It is your turn to coach: begin where the client is now.",
        "Do not start all over, and do not put right what the coach before you did.",
        "Take a breath. You go on with the next coach from where you are.",
        "Do not tell everything again, and do not compare the coaches.",
        "Turn to the new coach. If you have just coached: thank you, you observe from here.",
        "Do not brief the new coach, and do not add a last question.",
    ),
}


def brief(role: Role, kind: SegmentKind | None) -> tuple[str, str]:
    """What someone does now and what they do not do; without a segment, before the beginning."""
    at = 2 * list(Role).index(role)
    does, does_not = _BRIEFS[kind][at : at + 2]
    return does, does_not
