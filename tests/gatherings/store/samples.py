"""Gatherings to put on disk: every field has something of its own in one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.gatherings.grouping.groups import Draw, Group, Wish
from bot.gatherings.model.gathering import (
    Closing,
    Draft,
    Gathering,
    Grouping,
    Guest,
    Places,
    Presence,
    Room,
    Stage,
)
from bot.rounds.model.pairs import Pair
from bot.rounds.model.round import RoomKind
from tests.rounds.model.steps import format_of
from tests.rounds.store.samples import AT, CLIENT, COACH, DOJO, FACILITATOR, OBSERVER, SECOND

MINUTE = timedelta(minutes=1, milliseconds=1)
ANN, BEN, CYD, DIN, EVA = COACH, CLIENT, OBSERVER, SECOND, 901_234_567_890_123_006
LATE = 901_234_567_890_123_007
GUESTS = (
    Guest(ANN, AT, Wish.OBSERVE, frozenset({"pt-BR", "de"}), Presence.LEFT),
    *(Guest(one, AT + MINUTE) for one in (BEN, CYD, DIN, EVA)),
    Guest(LATE, AT + 2 * MINUTE, presence=Presence.WAITING, rests=2),
)
DRAW = Draw(
    groups=(Group((DIN, CYD, BEN)), Group((EVA, ANN))),
    seed=2**62 + 5,
    repeats=(Pair(BEN, CYD), Pair(ANN, EVA)),
    again=(Pair(ANN, EVA),),
    unmet=(EVA, BEN),
    owed_first=(DIN,),
    apart_broken=True,
    languages_mixed=2,
)
NEXT = Draw((Group((BEN, DIN)), Group((CYD, EVA))), 6, repeats=(Pair(CYD, EVA),), unmet=(EVA,))
FULL = Gathering(
    id=2**62 + 1,
    dojo_id=DOJO,
    guild_id=2**62 + 2,
    channel_id=2**62 + 3,
    format=format_of("agree 0.5, coach 10, swap 1, coach 5, self 2", most=60),
    opened_at=AT,
    facilitator_user_id=FACILITATOR,
    helper_user_ids=(EVA, ANN),
    trusted_user_ids=(BEN,),
    rounds=4,
    minutes=90,
    places=Places.VOICE,
    voice_id=2**62 + 4,
    grouping=Grouping.FRESH,
    seats=5,
    guests=GUESTS,
    stage=Stage.BETWEEN,
    number=2,
    due_at=AT + 60 * MINUTE,
    draft=Draft(NEXT, (frozenset({BEN, DIN}), frozenset({EVA})), 2),
    draw=DRAW,
    rooms=(
        Room(1, 2**62 + 6, RoomKind.PRIVATE_THREAD, is_made=True, round_id=2**62 + 7),
        Room(3, 2**62 + 8, RoomKind.VOICE, asked_at=AT + 9 * MINUTE, asked_by=CYD),
    ),
    card_id=2**62 + 9,
    turn=17,
    told_turn=16,
    told_stage=Stage.RETURNING,
    version=9,
)
ENDED = replace(
    FULL,
    id=2**62 + 10,
    stage=Stage.ENDED,
    due_at=None,
    draft=None,
    closing=Closing.IDLE,
    ended_at=AT + 90 * MINUTE,
)
NEW = Gathering(
    id=5,
    dojo_id=DOJO,
    guild_id=100,
    channel_id=300,
    format=format_of("coach 10, self 1"),
    opened_at=AT + 3 * MINUTE,
    facilitator_user_id=None,
)
