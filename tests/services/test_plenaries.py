"""The last card of an evening: aggregates of enough rounds only, and nobody's name."""

from __future__ import annotations

import pytest

from bot.domain.dojos import Person
from bot.domain.errors import CannotGather
from bot.domain.plenary import FEWEST_COACHES, FEWEST_ROUNDS, Noticed
from bot.domain.questions import Phase
from tests.services.gatherings import Evening
from tests.services.people import MANAGER


async def write_notes(evening: Evening, rounds: int, coaches: int) -> None:
    """Notes of so many rounds of the gathering, about so many coaches, straight onto the disk."""
    gathering = evening.kept.all()[0]
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
        # In how many rounds, whatever pulled away left out, and no words.
        assert plenary.noticed == Noticed(rounds, coaches, {"S1": rounds}, {Phase.START: rounds})
    assert "my words" not in repr(plenary)


async def test_check_outs_are_shown_from_three_on_without_names_and_until_the_evening_is_closed(
    evening,
):
    gathering = await evening.gathered(4)
    for number, word in enumerate(("calm", "warm"), 101):
        await evening.gatherings.check_out(gathering.id, Person(number), 8, word)
    assert (await evening.plenaries.of(gathering)).check_outs == ()
    await evening.gatherings.check_out(gathering.id, Person(101), 12, "awake")
    await evening.gatherings.check_out(gathering.id, Person(103), 6, "busy")
    plenary = await evening.plenaries.of(gathering)
    assert sorted(plenary.check_outs) == [(6, "busy"), (8, "warm"), (10, "awake")]
    assert plenary.answered == 3
    with pytest.raises(CannotGather, match="not in it"):
        await evening.gatherings.check_out(gathering.id, Person(999), 5, "")
    await evening.gatherings.close(gathering.id, MANAGER)
    await evening.settled()
    rows = await evening.database.all("SELECT user_id FROM check_outs")
    assert [row["user_id"] for row in rows] == [None] * 3
    with pytest.raises(CannotGather, match="over"):
        await evening.gatherings.check_out(gathering.id, Person(102), 5, "")
