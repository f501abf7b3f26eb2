"""Every refusal has a sentence that fits the person who reads it."""

from __future__ import annotations

import ast
import dataclasses
import re
import typing
from collections.abc import Iterator

import pytest

import bot.app  # noqa: F401 - every feature says what it refuses
from bot.content import limits
from bot.content.model.refusals import ContentRejected, Fault, FormatUnknown, NoQuestion
from bot.dojos.model.dojo import LONGEST_SUPPORT_LINE
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
from bot.feedback.model.refusals import CannotNote, NothingToShow, NotReleased
from bot.gatherings.model.refusals import CannotGather, GatheringDone, NotFacilitator
from bot.kit.discord.explain import all_refusals, check_explained, explain
from bot.kit.refusals import DojoError, LacksRight, NotHere, NotOffered
from bot.privacy.model.refusals import ExportTooLarge, ExportUnderWay
from bot.rounds.model.did import Did
from bot.rounds.model.refusals import (
    AlreadyDone,
    AnswerAwaited,
    AskedOften,
    Busy,
    CannotBeAsked,
    CannotNow,
    FormatUnsuitable,
    GroupFaulty,
    HasProposal,
    MayNotWrite,
    NoRound,
    NotInRound,
    RoomTaken,
)
from tests.sources import on

SNOWFLAKE = 2**63 - 1
FIVE = tuple(SNOWFLAKE - number for number in range(5))
LONGEST_NAME = "*" * limits.FORMAT_NAME
DONE_ALREADY = (
    "begun",
    "changed",
    Did.PAUSED,
    Did.RESUMED,
    Did.EXTENDED,
    Did.MOVED_ON,
    Did.STOPPED,
    Did.CARRIED_ON,
    Did.TOOK_OVER,
    Did.WENT_TO_FEEDBACK,
    Did.LEFT,
    Did.REPLACED,
    Did.OFFERED,
    Did.TOOK_OFFER_BACK,
    Did.ASKED_IF_HERE,
    Did.WENT_BACK,
    Did.TAKEN_UP,
    Did.WORD_TAKEN_BACK,
    "again",
    "let-in",
    "not-waiting",
)
GATHERING_DONE = (
    "changed",
    "joined",
    "handed over",
    "taken off",
    "trusted",
    "started",
    "more time",
    "called back",
    "returned",
    "closed",
    "asked for help",
)


def words_of(kind: type[DojoError], field: str) -> tuple[typing.Any, ...]:
    """The words that a field of a refusal can carry."""
    return typing.get_args(typing.get_type_hints(kind)[field])


EXAMPLES: list[DojoError] = [
    DojoUnknown(5),
    NotHere(),
    NotOffered(),
    NotAllowed("configure"),
    NotAllowed("configure", 7),
    NotAllowed("ask"),
    NotAllowed("ask", 7),
    NotAllowed("see reports"),
    NotFacilitator(),
    NotFacilitator(7),
    NoQuestion("question"),
    NoQuestion("phase"),
    NothingToShow("signal"),
    NothingToShow("note"),
    NothingToShow("report"),
    NothingToShow("feedback"),
    NothingToShow("own feedback"),
    NothingToShow("erased"),
    NothingToShow("share"),
    ExportTooLarge(),
    ExportUnderWay(),
    UnknownTimeZone("Rone"),
    UnknownTimeZone("Rone", ("Europe/Rome", "Asia/Rangoon")),
    UnknownTimeZone("*" * 500, ("Europe/Rome",) * 5),
    NoRound(),
    NoRound(room_id=7),
    NoRound(is_over=True),
    NotInRound("take part"),
    NotInRound("replace"),
    NotInRound("steer"),
    NotInRound("steer many"),
    NotInRound("offer"),
    NotInRound("start"),
    NotInRound("facilitate"),
    NotInRound("coach"),
    NotInRound("coach or client"),
    NotInRound("client"),
    NotInRound("client now"),
    NotInRound("asked"),
    NotInRound("share"),
    NotInRound("see the room"),
    *(AlreadyDone(did) for did in DONE_ALREADY),
    *(AlreadyDone(did, 11) for did in DONE_ALREADY),
    *(GatheringDone(did) for did in GATHERING_DONE),
    *(GatheringDone(did, 11) for did in GATHERING_DONE),
    CannotNow("not begun"),
    CannotNow("has begun"),
    CannotNow("no coach"),
    CannotNow("no client"),
    CannotNow("too long"),
    CannotNow("in it already"),
    CannotNow("full"),
    CannotNow("seat taken"),
    CannotNow("observers only"),
    CannotNow("others wait"),
    CannotNow("asked already"),
    CannotNow("not answered"),
    CannotNow("coached already"),
    CannotNow("seat offered"),
    CannotNow("not this seat"),
    CannotNow("not for them"),
    CannotNow("not of the round"),
    CannotNow("observers are free"),
    CannotNow("evening first"),
    CannotNow("other room"),
    CannotNow("their room"),
    CannotNow("not in it"),
    CannotNow("offered already"),
    CannotNow("alone"),
    CannotNow("too late to take up"),
    CannotNow("too late to take back"),
    CannotNow("too late to go back"),
    CannotNow("no further round"),
    CannotNow("offered to another"),
    CannotNow("just answered"),
    AnswerAwaited(()),
    AnswerAwaited((11,)),
    AnswerAwaited((11, 12)),
    *(CannotGather(why) for why in words_of(CannotGather, "why")),
    *(CannotGather(why, 7) for why in words_of(CannotGather, "why")),
    *(CannotNote(why) for why in words_of(CannotNote, "why")),
    *(NotReleased(why) for why in words_of(NotReleased, "why")),
    NoSafetyContact(),
    *(NoSafetyContact(7, why) for why in ("none", "gone", "took part", "yourself")),
    # What a dojo typed comes last, and ends as it was typed.
    NoSafetyContact(7, "gone", "*" * (LONGEST_SUPPORT_LINE - 1) + "."),
    SupportLineTooLong(201, 200),
    FormatUnknown("Triad"),
    FormatUnknown("*" * 6_000),
    FormatUnsuitable("Classic triad", 3, 4, 6),
    FormatUnsuitable("Pair", 2, 2, 3, "Classic triad", "triad-30"),
    FormatUnsuitable(LONGEST_NAME, 2, 60, 61, LONGEST_NAME, "a" * limits.FORMAT_ID),
    GroupFaulty("twice", (11,)),
    GroupFaulty("twice", (11, 12)),
    GroupFaulty("bot", (11,)),
    GroupFaulty("bot", FIVE),
    GroupFaulty("not here", (11,)),
    GroupFaulty("not here", FIVE),
    Busy({11: 7}),
    Busy(dict.fromkeys(FIVE, SNOWFLAKE)),
    Busy(dict.fromkeys(FIVE)),
    CannotBeAsked((11,)),
    CannotBeAsked(FIVE),
    AskedOften((11,)),
    AskedOften(FIVE),
    HasProposal(6, 7),
    MayNotWrite(),
    MayNotWrite(in_thread=True),
    RoomTaken(7),
    LacksRight(("Send Messages",)),
    LacksRight(("View Channel", "Send Messages in Threads")),
    ImportBusy(),
    ImportTooSoon(5),
    ShortParts((("Own", "self", 30),)),
    ContentRejected((Fault("a.toml: x", "is missing"),)),
    ContentRejected(tuple(Fault("a" * 200, "b" * 300) for _ in range(100))),
]


def plain_command(name: str) -> str:
    return f"`/{name}`"


def worded() -> Iterator[tuple[str, str, str]]:
    """Each word that a refusal can carry, with the kind and the field it belongs to."""
    for kind in all_refusals():
        for name, hint in typing.get_type_hints(kind).items():
            if typing.get_origin(hint) is typing.Literal:
                yield from ((kind.__name__, name, word) for word in typing.get_args(hint))


def raised_as_done(*names: str) -> set[str]:
    """What the program says has been done already, read from the calls that say so."""
    found: set[str] = set()
    for file in on("model", "service"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            if ast.unparse(node.func) not in names or _has_seen(node):
                continue
            for value in node.args:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    found.add(value.value)
                elif isinstance(value, ast.Attribute) and ast.unparse(value.value) == "Did":
                    found.add(Did[value.attr])
    return found


def _has_seen(call: ast.Call) -> bool:
    """Whether the move itself says what has been done."""
    return any(
        one.arg == "has_seen" and getattr(one.value, "value", None) is True for one in call.keywords
    )


def test_there_is_an_example_of_every_refusal():
    assert set(all_refusals()) == {type(example) for example in EXAMPLES}


def test_a_refusal_without_a_sentence_of_its_own_is_refused_at_the_start():
    class Unsaid(AlreadyDone):
        """A kind that would otherwise speak with the words of the kind above it."""

    with pytest.raises(TypeError, match="no sentence for Unsaid"):
        check_explained([*all_refusals(), Unsaid])


def test_a_refusal_without_a_sentence_is_an_error():
    with pytest.raises(TypeError, match="no sentence for DojoError"):
        explain(DojoError(), plain_command)


def test_there_is_an_example_of_every_word_a_refusal_can_carry():
    shown = {
        (type(example).__name__, field.name, getattr(example, field.name))
        for example in EXAMPLES
        for field in dataclasses.fields(example)  # type: ignore[arg-type]
        if isinstance(getattr(example, field.name), str)
    }
    words = set(worded())

    assert ("CannotNow", "why", "no coach") in words
    assert words - shown == set()


def test_there_is_an_example_of_everything_that_can_have_been_done_already():
    # `_steer` says it of whatever it is given.
    assert raised_as_done("AlreadyDone", "self._steer") == set(DONE_ALREADY)
    assert raised_as_done("GatheringDone") == set(GATHERING_DONE)


def test_every_refusal_is_a_sentence_that_fits_a_message():
    said = {explain(error, plain_command): error for error in EXAMPLES}
    assert [one for one in said if not re.match(r"[A-Z]|<@|\*\*[A-Z\\]", one)] == []
    assert [one for one in said if len(one) > 2_000] == []
    ends = [one for one, error in said.items() if not isinstance(error, ContentRejected)]
    assert [one for one in ends if one[-1] not in ".?"] == []


def test_no_refusal_shows_how_the_program_is_made():
    made = re.compile(r"[{}]|None|True|False|\(\)|''|  |<@0>|<#0>|\b(Did|Ask|Role|State)\.")
    said = [(type(error).__name__, explain(error, plain_command)) for error in EXAMPLES]
    assert [one for name, one in said if name in one or made.search(one)] == []


def test_every_command_in_a_refusal_can_be_clicked():
    """As a mention, where the ids of the commands are known."""
    said = [explain(error, lambda name: f"</{name}:1>") for error in EXAMPLES]
    assert [one for one in said if re.search(r"`/|(?<!<)/(round|dojo|question)\b", one)] == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (GroupFaulty("twice", (11, 12)), "<@11> and <@12> can have only one seat each."),
        (GroupFaulty("bot", (11, 12)), "<@11> and <@12> are bots, and cannot practise."),
        (
            GroupFaulty("not here", (11, 12)),
            "<@11> and <@12> cannot see this channel or are not on this server.",
        ),
        (
            Busy({11: 7, 12: 8}),
            "<@11> (<#7>) and <@12> (<#8>) are in other rounds that are running.",
        ),
    ],
    ids=["twice", "bots", "not here", "busy"],
)
def test_several_people_are_spoken_of_as_several(error, said):
    assert explain(error, plain_command).startswith(said)


def test_a_format_that_does_not_suit_names_one_that_does():
    refused = FormatUnsuitable("Pair", 2, 2, 3, "Classic triad", "triad-30")

    assert explain(refused, plain_command) == (
        "**Pair** is for 2 people; you are 3. **Classic triad** is for as many."
    )


def test_a_command_in_the_wrong_room_says_where_the_own_round_is():
    assert explain(NoRound(room_id=7), plain_command) == (
        "There is no round here; yours is in <#7>. Use the command there."
    )


def test_a_round_of_which_nothing_is_stored_is_told_from_one_that_is_over():
    over = explain(NoRound(is_over=True), plain_command)
    gone = explain(NoRound(is_over=True, is_gone=True), plain_command)
    assert "Nothing of it is stored" in gone
    assert "Nothing of it is stored" not in over


def test_a_person_who_was_slower_learns_who_was_quicker():
    assert (
        explain(AlreadyDone(Did.PAUSED, 11), plain_command)
        == "The round is paused already, by <@11>."
    )
