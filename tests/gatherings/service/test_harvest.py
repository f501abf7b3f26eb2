"""The last card of an evening: aggregates of enough rounds only, and nobody's name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.content.model.questions import Phase
from bot.gatherings.model.gathering import Stage
from bot.gatherings.model.harvest import FEWEST_COACHES, FEWEST_ROUNDS, Noticed
from bot.gatherings.model.refusals import CannotGather
from bot.kit.person import Person
from tests.gatherings.service.evening import Evening
from tests.people import MANAGER


async def write_notes(evening: Evening, rounds: int, coaches: int) -> None:
    """Released notes of so many rounds of the gathering, about so many coaches, onto the disk."""
    gathering = evening.gatherings.all()[0]
    connection = evening.database
    for number in range(rounds):
        await connection.write(
            "INSERT INTO rounds (id, dojo_id, guild_id, room_id, room, format, starter_user_id,"
            " proposed_ms, state, position, length_ms, ran_ms, since_ms, began_ms, past,"
            " extensions, paused_ms, asked, ending, ended_ms, turn, actions, told_position,"
            " told_cue, told_turn, told_asked, told_ended, card_id, card_losses, refused, version,"
            " gathering_id, attendance_months) SELECT ?, dojo_id, guild_id, room_id, room, format,"
            " starter_user_id, proposed_ms, 'ended', position, length_ms, ran_ms, NULL, began_ms,"
            " past, extensions, paused_ms, asked, 'complete', proposed_ms, turn, actions,"
            " told_position, told_cue, told_turn, told_asked, 1, card_id, card_losses, refused,"
            " version, gathering_id, attendance_months"
            " FROM rounds LIMIT 1",
            1000 + number,
        )
        await connection.write(
            "INSERT INTO round_people (round_id, number, user_id, role, agreement, is_here,"
            " coached_ms, has_coached, focus, wish, in_voice) VALUES (?, 0, ?, 'coach', 'notes', 1,"
            " 1, 1, '', '', 0), (?, 1, 900, 'observer', 'notes', 1, 0, 0, '', '', 0)",
            1000 + number,
            500 + number % coaches,
            1000 + number,
        )
        for at, (code, side, phase) in enumerate(
            (("S1", "seen", None), ("S5", "signal", None), ("Q", "question", "start"))
        ):
            await connection.write(
                "INSERT INTO notes (id, round_id, seat, observer_user_id, coach_user_id, code,"
                " side, at_ms, taken_ms, phase, variant, quote, effect)"
                " VALUES (?, ?, 1, 900, ?, ?, ?, 1, 1, ?, '', 'my words', '')",
                10_000 + 10 * number + at,
                1000 + number,
                500 + number % coaches,
                code,
                side,
                phase,
            )
        await connection.write(
            "INSERT INTO debriefs (round_id, coach_user_id, listed, reflected_ms, skipped,"
            " released_ms, shared, next_try, quote_days, code_months)"
            " VALUES (?, ?, '[]', 1, 1, 1, '', '', 30, 12)",
            1000 + number,
            500 + number % coaches,
        )
    assert gathering.id


@pytest.mark.parametrize(
    ("rounds", "coaches", "is_shown"),
    [
        (FEWEST_ROUNDS - 1, FEWEST_COACHES, False),
        (FEWEST_ROUNDS, FEWEST_COACHES - 1, False),
        (FEWEST_ROUNDS, FEWEST_COACHES, True),
    ],
)
async def test_what_was_noticed_is_shown_from_five_rounds_of_four_coaches_on(
    evening, rounds, coaches, is_shown
):
    gathering = await evening.started(6)
    await write_notes(evening, rounds, coaches)
    plenary = await evening.plenaries.of(gathering)
    assert (plenary.noticed is not None) is is_shown
    if plenary.noticed is not None:
        # In how many rounds, signals left out, and no words.
        assert plenary.noticed == Noticed(rounds, {"S1": rounds}, {Phase.START: rounds})
    assert "my words" not in repr(plenary)


async def test_what_is_not_released_is_not_counted(evening):
    """S7: notes that their coach does not have yet are in no aggregate."""
    gathering = await evening.started(6)
    await write_notes(evening, FEWEST_ROUNDS, FEWEST_COACHES)
    await evening.database.write("UPDATE debriefs SET released_ms = NULL WHERE round_id = 1000")
    assert (await evening.plenaries.of(gathering)).noticed is None


async def test_what_was_published_stays_when_feedback_is_erased(evening):
    """S7: neither a further round nor one that is erased changes it."""
    gathering = await evening.started(6)
    await write_notes(evening, FEWEST_ROUNDS, FEWEST_COACHES)
    before = (await evening.plenaries.of(gathering)).noticed
    await evening.database.write("DELETE FROM rounds WHERE id = 1001")
    assert (await evening.plenaries.of(gathering)).noticed == before
    rows = await evening.database.all("SELECT round_id FROM plenary_rounds ORDER BY round_id")
    assert [row["round_id"] for row in rows] == [1000, 1002, 1003, 1004]


async def test_check_outs_are_shown_when_the_evening_is_closed_and_without_names(evening):
    """S16: not before, no matter who has answered, and never with names."""
    gathering = await evening.gathered(4)
    for number, word in ((101, "calm"), (102, "warm"), (101, "awake"), (103, "busy")):
        useful = {"awake": 12, "busy": 6}.get(word, 8)
        await evening.joining.check_out(gathering.id, Person(number), useful, word)
        assert (await evening.plenaries.of(gathering)).check_outs == ()
    with pytest.raises(CannotGather, match="not in it"):
        await evening.joining.check_out(gathering.id, Person(999), 5, "")
    turn = evening.gatherings.get(gathering.id).turn
    assert turn == gathering.turn, "nothing is drawn again"
    await evening.leading.close(gathering.id, MANAGER)
    await evening.settled()
    closed = replace(gathering, stage=Stage.ENDED)
    plenary = await evening.plenaries.of(closed)
    assert sorted(plenary.check_outs) == [(6, "busy"), (8, "warm"), (10, "awake")]
    rows = await evening.database.all("SELECT user_id FROM check_outs")
    assert [row["user_id"] for row in rows] == [None] * 3
    with pytest.raises(CannotGather, match="over"):
        await evening.joining.check_out(gathering.id, Person(102), 5, "")
