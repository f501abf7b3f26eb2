"""The fixed words about rounds: complete, short, kind, and discreet."""

from __future__ import annotations

import itertools
import re
import unicodedata
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.model.formats import LONGEST_LANDING, SegmentKind
from bot.dojos.model.dojo import DojoSettings
from bot.rounds.model.did import Action, Did
from bot.rounds.model.round import (
    AWAY_LASTS,
    LONG_PAUSE,
    LONGEST_PAUSE,
    PROPOSAL_LASTS,
    Ask,
    Cue,
    Ending,
    Role,
    RoomKind,
)
from bot.rounds.ui.briefs import brief
from bot.rounds.ui.words import (
    ASK,
    CUE,
    ROLE,
    SEGMENT,
    STORED,
    clock_text,
    confidentiality,
    did_line,
    ended_text,
    how_long,
    late_line,
    room_line,
)

KINDS = [None, *SegmentKind]
SEATS = [(role, kind) for kind in KINDS for role in Role]
ANN, BEN = 11, 22
TOLD_OTHERWISE = (
    Did.CLIENT_SILENT,
    Did.NEEDS_MOMENT,
    Did.GOES_ON,
    Did.LEFT,
    Did.LET_IN,
    Did.REPLACED,
    Did.SEAT_OPEN,
    Did.FEWER,
    Did.OFFERED,
    Did.REFUSED_SEAT,
    Did.TOOK_OFFER_BACK,
    Did.ASKED_IF_HERE,
)
"""Who did it is nobody's business, or someone else is named first."""
EXPLAINED = [ending for ending in Ending if ending is not Ending.ERASED]


def mention(user_id: int) -> str:
    return f"<@{user_id}>"


def did(what: Did, by: int | None = ANN, about: int | None = None, minutes: int = 2) -> str:
    return did_line(Action(1, what, by, about, minutes), name=mention)


def starts_with_one_emoji(text: str) -> bool:
    """One sign, then a space, then words that begin with no further sign."""
    sign, _, words = text.partition(" ")
    first, *rest = sign
    return (
        unicodedata.category(first) == "So"
        and all(mark == "\N{VARIATION SELECTOR-16}" for mark in rest)
        and unicodedata.category(words[0]) != "So"
    )


def lengths(of: timedelta) -> st.SearchStrategy[timedelta]:
    return st.timedeltas(min_value=timedelta(), max_value=of)


ALL = [
    *(text for words in SEGMENT.values() for text in (words.title, words.now)),
    *(line for seat in SEATS for line in brief(*seat)),
    confidentiality(),
    STORED,
    *(room_line(room) for room in RoomKind),
    *CUE.values(),
    *(did(what, by, about) for what in Did for by in (ANN, None) for about in (ANN, BEN, None)),
    *ASK.values(),
    *(late_line(timedelta(seconds=40), missed) for missed in (0, 1, 2)),
    *(text for ending in Ending for text in ended_text(ending)),
    *(name for _, name in ROLE.values()),
]


# All texts


@pytest.mark.parametrize("word", ["score", "exam", "rank", "grade", "mistake", "wrong", "fail"])
def test_no_text_sounds_like_an_examination(word):
    assert [text for text in ALL if word in text.lower()] == []


def test_signs_are_those_of_print():
    for text in ALL:
        assert not re.search(r"""['"]|\.\.\.| - |--|—""", text), text


def test_no_text_is_a_heading_or_mentions_everybody():
    for text in ALL:
        assert not re.search(r"^#|^-# |@everyone|@here", text, re.MULTILINE), text
        assert text == text.strip()


def test_british_spelling():
    for text in ALL:
        assert not re.search(r"\b\w+iz(e|es|ed|ing)\b|\b(color|behavior|honor)", text), text


# Segments


def test_every_segment_has_words():
    assert set(SEGMENT) == set(SegmentKind)


@pytest.mark.parametrize("kind", SegmentKind)
def test_a_segment_is_said_in_a_few_short_lines(kind):
    words = SEGMENT[kind]
    assert starts_with_one_emoji(f"{words.emoji} {words.title}")
    assert 1 <= len(words.title.split()) <= 3
    assert 1 <= len(words.now.splitlines()) <= 2
    assert all(0 < len(line) <= 100 for line in words.now.splitlines())


def test_no_two_segments_look_or_sound_the_same():
    for attribute in ("emoji", "title", "now"):
        assert len({getattr(words, attribute) for words in SEGMENT.values()}) == len(SegmentKind)


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        (SegmentKind.AGREE, ["watch", "the client leads"]),
        (SegmentKind.COACH, ["client leads", "silent", "coach’s words", "time"]),
        (SegmentKind.WRITE, ["alone", "nobody talks"]),
        (SegmentKind.SELF, ["keep", "differently", "ask"]),
        (SegmentKind.CLIENT, ["how it was", "one moment"]),
        (
            SegmentKind.OBSERVERS,
            ["one thing", "at most one signal", "not about the client’s topic"],
        ),
        (SegmentKind.FACILITATOR, ["one thread"]),
        (SegmentKind.NEXT, ["one thing to try"]),
        (SegmentKind.PAUSE, ["stands still", "would ask next", "client picks", "none"]),
        (SegmentKind.SWAP, ["next coach", "client goes on"]),
    ],
)
def test_a_segment_says_what_it_is_for(kind, needed):
    assert [part for part in needed if part not in SEGMENT[kind].now] == []


# What each role does now


def test_a_brief_is_two_short_lines_of_which_the_second_says_what_not_to_do():
    refrain = r"^(Do not|Never|You need not)\b"
    briefs = [brief(role, kind) for role, kind in SEATS]
    lines = [line for both in briefs for line in both]
    assert [line for line in lines if not 20 <= len(line) <= 140 or "\n" in line] == []
    assert [does for does, _ in briefs if re.search(refrain, does)] == []
    assert [does_not for _, does_not in briefs if not re.search(refrain, does_not)] == []


def test_no_line_of_a_brief_is_used_twice():
    lines = [line for seat in SEATS for line in brief(*seat)]
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize(
    ("role", "does", "does_not"),
    [
        (Role.COACH, ["the client leads", "focus", "time"], ["explain", "defend"]),
        (Role.CLIENT, ["real, current topic", "willing to share", "stop at any time"], ["a part"]),
        (Role.OBSERVER, ["coach’s words", "time"], ["coach the client", "speak"]),
    ],
)
def test_in_the_coaching_each_role_has_its_rule(role, does, does_not):
    first, second = brief(role, SegmentKind.COACH)
    assert [part for part in does if part not in first] == []
    assert [part for part in does_not if part not in second] == []


@pytest.mark.parametrize(
    ("kind", "speaks"),
    [
        (SegmentKind.SELF, Role.COACH),
        (SegmentKind.CLIENT, Role.CLIENT),
        (SegmentKind.OBSERVERS, Role.OBSERVER),
        (SegmentKind.NEXT, Role.COACH),
    ],
)
def test_in_the_debrief_one_role_speaks_and_the_others_listen(kind, speaks):
    for role in Role:
        does, _ = brief(role, kind)
        assert bool(re.match(r"Say|Name", does)) is (role is speaks)
        assert bool(re.match(r"Listen|Lean back", does)) is (role is not speaks)


# The agreement


def test_the_agreement_is_short_and_complete():
    agreed = confidentiality()
    lines = agreed.splitlines()
    assert len(lines) == 5
    assert all(line.startswith("- ") for line in lines)
    assert len(agreed) < 600
    for part in (
        "What the client shares stays in this group",
        "Nobody records",
        "The only limits are the law, and somebody being in danger",
        "a real topic, but not your biggest one",
        "your boss, teacher, assessor, client or close friend? Say so first",
        "would not share with this group",
        "people of this community",
        "not therapy. If it gets too much, press **I need a moment**",
        "stop at any time; no reason needed",
    ):
        assert part in agreed


def test_the_support_line_stands_where_it_says_what_to_do_when_it_gets_too_much():
    """H13: braces and all, as it was typed; every other line is as without one."""
    lines = confidentiality("Ana {or} 116 123").splitlines()
    added = "press **I need a moment**. 🛟 **Support line:** Ana {or} 116 123"
    assert [at for at, line in enumerate(lines) if line.endswith(added)] == [3]
    plain = confidentiality().splitlines()
    assert [*lines[:3], *lines[4:]] == [*plain[:3], *plain[4:]]


def test_what_is_stored_is_said_in_three_lines():
    """S4, H7: also who may have it erased, and for how long."""
    kept, notes, erasing = STORED.splitlines()
    assert "is or was the client" in erasing
    assert "as long as it is stored" in erasing
    for part in (
        "role",
        "for how long",
        "agreed to notes",
        "nothing of a round that does not begin",
    ):
        assert part in kept
    for part in (
        "what the coach said and did",
        "Coaches repeat their client’s words, so a note can contain some of them",
        "leave out names and details",
        "to the coach only, at the end",
        "may share them in this room later",
    ):
        assert part in notes


def test_the_agreement_says_how_long_the_dojo_keeps_what():
    """GDPR 5(1)(e): feedback is kept no longer than the names it belongs to."""
    said = how_long(DojoSettings(quote_days=1, code_months=12, attendance_months=3))
    assert "Names stay on a round for 3 months, codes for 3 months, quoted words for 1 day." in said
    assert "If you leave this server, I erase you here 30 days later." in said
    assert "24 months, codes for 12 months, quoted words for 30 days." in how_long(DojoSettings())


def test_nothing_claims_to_keep_what_is_the_clients():
    for text in ALL:
        for sentence in re.split(r"[.;\n]", text):
            if re.search(r"\b(I keep|kept|stored?|saved?)\b", sentence):
                assert not re.search(r"topic|story|client", sentence), sentence


def test_rooms_say_who_else_can_follow():
    lines = [room_line(room) for room in RoomKind]
    assert len(set(lines)) == len(lines)
    assert all(starts_with_one_emoji(line) and len(line) <= 120 for line in lines)
    assert "moderators" in room_line(RoomKind.PRIVATE_THREAD)
    assert "everybody who sees the dojo" in room_line(RoomKind.PUBLIC_THREAD)


# Cues


def test_every_cue_but_none_has_a_quiet_line():
    assert set(CUE) == set(Cue) - {Cue.NONE}
    assert all(starts_with_one_emoji(line) for line in CUE.values())
    assert all("@" not in line and "!" not in line for line in CUE.values())
    assert len(set(CUE.values())) == len(CUE)


def test_time_up_lands_softly():
    assert "Finish the sentence, then close." in CUE[Cue.TIME_UP]
    assert timedelta(minutes=1) == LONGEST_LANDING, "the cue says: within a minute"


# What people did


def test_what_was_done_is_one_short_line():
    lines = [did(*one) for one in itertools.product(Did, [ANN, None], [ANN, BEN, None])]
    assert [line for line in lines if not starts_with_one_emoji(line)] == []
    assert [line for line in lines if "\n" in line or "None" in line] == []
    short = [line.replace(mention(ANN), "").replace(mention(BEN), "") for line in lines]
    assert [line for line in short if len(line) >= 120] == []


@pytest.mark.parametrize("what", [what for what in Did if what not in TOLD_OTHERWISE])
def test_a_line_names_who_did_it(what):
    assert did(what).count(mention(ANN)) == 1
    assert re.search(r"Somebody|A facilitator", did(what, None))


@pytest.mark.parametrize("what", [Did.LEFT, Did.GONE, Did.DECLINED])
def test_nobody_is_named_in_public_who_left_or_could_not_come(what):
    """H18: such a line stands in the room for as long as the room is there."""
    line = did_line(Action(1, what, ANN, BEN), name=mention, in_public=True)
    assert "Somebody" in line
    assert "<@" not in line


def test_no_two_moves_read_the_same():
    lines = {did(what, ANN, ANN) for what in Did}
    assert len(lines) == len(Did)


@pytest.mark.parametrize("by", [ANN, None])
@pytest.mark.parametrize("about", [BEN, None])
def test_needing_a_moment_names_nobody_and_no_reason(by, about):
    line = did(Did.NEEDS_MOMENT, by, about)
    assert line == "⏸️ The round is paused. Take the time you need."


@pytest.mark.parametrize("by", [ANN, None])
def test_going_on_after_a_moment_names_nobody(by):
    assert did(Did.GOES_ON, by, None) == "▶️ The clock is running again."


@pytest.mark.parametrize(
    ("by", "about", "line"),
    [
        (ANN, ANN, "👋 <@11> has left the round."),
        (ANN, BEN, "👋 <@22> has left the round, says <@11>."),
        (None, BEN, "👋 <@22> has left the round, says a facilitator."),
        (ANN, None, "👋 Somebody has left the round."),
        (None, None, "👋 Somebody has left the round."),
    ],
)
def test_leaving_says_who_left_and_who_says_so(by, about, line):
    assert did(Did.LEFT, by, about) == line


@pytest.mark.parametrize(
    ("by", "about", "line"),
    [
        (ANN, BEN, "🔁 <@22> is asked to take a seat, says <@11>."),
        (ANN, ANN, "🔁 <@11> is asked to take a seat."),
        (None, BEN, "🔁 <@22> is asked to take a seat, says a facilitator."),
        (ANN, None, "🔁 Somebody else is asked to take a seat, says <@11>."),
        (None, None, "🔁 Somebody else is asked to take a seat, says a facilitator."),
    ],
)
def test_replacing_says_who_is_asked(by, about, line):
    assert did(Did.REPLACED, by, about) == f"{line} The card shows which."


@pytest.mark.parametrize("what", [Did.OFFERED, Did.ASKED_IF_HERE])
def test_what_someone_has_to_answer_names_them_and_not_who_asks(what):
    line = did(what, ANN, BEN)
    assert mention(BEN) in line
    assert mention(ANN) not in line


@pytest.mark.parametrize(("minutes", "words"), [(1, "1 minute."), (2, "2 minutes.")])
def test_extending_says_by_how_much(minutes, words):
    assert did(Did.EXTENDED, minutes=minutes).endswith(f"has added {words}")


def test_waiting_says_for_how_long():
    assert f"{AWAY_LASTS.seconds // 60} minutes" in did(Did.AWAY)


def test_user_number_zero_is_someone():
    assert "<@0>" in did(Did.JOINED, 0)


# Questions to the room


def test_every_question_to_the_room_has_words():
    assert set(ASK) == set(Ask)
    assert all(starts_with_one_emoji(text) and len(text) <= 250 for text in ASK.values())


def test_questions_name_what_can_be_chosen():
    assert re.search("go on.*lengthen.*skip.*[?]", ASK[Ask.LATE].lower())
    for ask in (Ask.COACH_GONE, Ask.CLIENT_GONE):
        assert re.search("observer|anybody here but the client", ASK[ask].lower())
        assert "the first who takes the seat has it" in ASK[ask]
        assert "feedback" in ASK[ask]


def test_the_question_about_a_pause_tells_its_times():
    minutes = timedelta(minutes=1)
    assert re.findall(r"(\d+) minutes", ASK[Ask.LONG_PAUSE]) == [
        str(LONG_PAUSE // minutes),
        str((LONGEST_PAUSE - LONG_PAUSE) // minutes),
    ]


# Late


def test_being_late_says_how_late_and_claims_no_reason():
    line = late_line(timedelta(seconds=40), 0)
    assert starts_with_one_emoji(line)
    assert "I am 40 s late" in line
    assert "Discord or I" in line
    assert "part" not in line


@pytest.mark.parametrize(("missed", "words"), [(1, "1 part went by"), (3, "3 parts went by")])
def test_parts_that_went_by_are_counted(missed, words):
    assert words in late_line(timedelta(seconds=40), missed)


def test_parts_may_have_gone_by_though_this_one_is_in_time():
    line = late_line(timedelta(), 1)
    assert " s late" not in line
    assert "1 part went by" in line


# Endings


@pytest.mark.parametrize("ending", EXPLAINED)
def test_an_ending_has_a_title_and_a_sentence_or_two(ending):
    title, text = ended_text(ending)
    assert starts_with_one_emoji(title)
    assert len(title) <= 40
    assert 1 <= len(re.findall(r"[.](?=\s|$)", text)) <= 2
    assert len(text) <= 200


def test_an_erased_round_says_only_that_it_has_ended():
    title, text = ended_text(Ending.ERASED)
    assert title.endswith("The round has ended")
    assert text == ""
    assert title == ended_text(Ending.STOPPED)[0], "nobody can tell from its title"


BEGUN = {
    Ending.STOPPED,
    Ending.ALONE,
    Ending.INTERRUPTED,
    Ending.ROOM_GONE,
    Ending.BOT_REMOVED,
}
NOT_BEGUN = {Ending.CALLED_OFF, Ending.LAPSED}


@pytest.mark.parametrize("ending", EXPLAINED)
def test_an_ending_says_what_becomes_of_what_there_was(ending):
    _, text = ended_text(ending)
    assert ("is kept" in text) is (ending in BEGUN)
    assert ("nothing is stored" in text) is (ending in NOT_BEGUN)
    assert ("`/round start` begins another" in text) is (ending in NOT_BEGUN)


def test_a_complete_round_is_thanked_for():
    assert "Thank you" in ended_text(Ending.COMPLETE)[1]


def test_a_proposal_lapses_when_its_words_say_so():
    assert "within an hour" in ended_text(Ending.LAPSED)[1]
    assert timedelta(hours=1) == PROPOSAL_LASTS


# Roles and lengths


def test_roles_have_a_sign_and_a_name():
    assert {role: name for role, (_, name) in ROLE.items()} == {
        Role.COACH: "Coach",
        Role.CLIENT: "Client",
        Role.OBSERVER: "Observer",
    }
    assert len({sign for sign, _ in ROLE.values()}) == len(Role)
    assert all(starts_with_one_emoji(f"{sign} {name}") for sign, name in ROLE.values())


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (0.6, "1 s"),
        (40, "40 s"),
        (90, "90 s"),
        (119.4, "119 s"),
        (119.6, "2 min"),
        (120, "2 min"),
        (121, "2:01 min"),
        (140, "2:20 min"),
        (599, "9:59 min"),
        (599.6, "10 min"),
        (600, "10 min"),
        (629, "10 min"),
        (630, "11 min"),
        (1_079.7, "18 min"),
        (3_569, "59 min"),
        (3_570, "1 h"),
        (3_900, "1 h 5 min"),
        (7_200, "2 h"),
        (180_000, "50 h"),
    ],
)
def test_a_length_is_readable_at_a_glance(seconds, text):
    assert clock_text(timedelta(seconds=seconds)) == text


def seconds_in(text: str) -> int:
    """The seconds a text stands for."""
    hours, minutes, odd, seconds = (
        int(found[1]) if (found := re.search(unit, text)) else 0
        for unit in (r"(\d+) h", r"(\d+)(?::\d\d)? min", r":(\d\d) min", r"(\d+) s")
    )
    return hours * 3_600 + minutes * 60 + odd + seconds


@given(lengths(timedelta(hours=5)))
def test_a_length_is_told_to_the_second_below_ten_minutes_and_else_to_the_minute(length):
    error = abs(seconds_in(clock_text(length)) - length.total_seconds())
    assert error <= (0.5 if length < timedelta(minutes=10) else 30.5)


@given(lengths(timedelta(hours=5)), lengths(timedelta(hours=5)))
def test_more_time_never_reads_as_less(one, other):
    short, long = sorted((one, other))
    assert seconds_in(clock_text(short)) <= seconds_in(clock_text(long))
