"""Actions as data: a pattern writes and reads ids, and every action has one handler."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.clicks.gate import check_guarded, guards, lets_through
from bot.kit.discord import actions
from bot.kit.discord.actions import Button, Form, Menu, Style, check_actions, option
from bot.kit.discord.patterns import PREFIX, Pattern

HERE = [__name__]


@pytest.fixture(autouse=True)
def own_actions(monkeypatch):
    """What a test declares is no action of the program."""
    declared: list[actions.Action] = []
    monkeypatch.setattr(actions, "ACTIONS", declared)
    return declared


async def act(interaction, round_id) -> None:
    """A handler."""


@given(st.integers(0, 2**63 - 1), st.integers(-99, 99), st.sampled_from(["", ":off"]))
def test_a_pattern_reads_what_it_writes(round_id, position, off):
    pattern = Pattern("round:{round_id}:do:{position:-2}{off:|:off}")
    custom_id = pattern.fill({"round_id": round_id, "position": position, "off": off})
    assert custom_id == f"{PREFIX}round:{round_id}:do:{position}{off}"
    raw = pattern.raw(custom_id)
    assert raw is not None
    assert pattern.values(raw) == {"round_id": round_id, "position": position, "off": off}


@pytest.mark.parametrize(
    "custom_id",
    ["round:1:do:9", f"{PREFIX}round:1:do:100", f"{PREFIX}round::do:1", f"{PREFIX}round:1:do:1x"],
)
def test_what_does_not_fit_is_not_read(custom_id):
    assert Pattern("round:{round_id}:do:{page:2}").raw(custom_id) is None


@pytest.mark.parametrize(
    "values", [{}, {"round_id": 1, "page": 2, "more": 3}, {"round_id": 1, "page": 100}]
)
def test_an_id_without_all_its_values_is_not_written(values):
    with pytest.raises(ValueError, match="round:"):
        Pattern("round:{round_id}:do:{page:2}").fill(values)


def test_a_kind_of_field_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="colour"):
        Pattern("round:{round_id:colour}")


def test_a_button_looks_as_declared_or_as_told():
    button = Button("round:{round_id}:go", "Go", emoji="⏭️", style=Style.primary)
    assert button.button(round_id=1) == {
        "type": 2,
        "style": 1,
        "label": "Go",
        "custom_id": f"{PREFIX}round:1:go",
        "emoji": {"name": "⏭️"},
    }
    told = button.button(round_id=1, label="Gone", emoji="", style=Style.danger, disabled=True)
    assert told == {
        "type": 2,
        "style": 4,
        "label": "Gone",
        "custom_id": f"{PREFIX}round:1:go",
        "disabled": True,
    }


def test_a_menu_says_how_many_can_be_chosen():
    menu = Menu("round:{round_id}:who", "Who?")
    options = [option("Ann", "1"), option("Ben", "2", description="away", is_chosen=True)]
    shown = menu.menu(options, round_id=1, most=2)
    assert (shown["min_values"], shown["max_values"]) == (1, 2)
    assert shown["options"][1] == {
        "label": "Ben",
        "value": "2",
        "description": "away",
        "default": True,
    }
    assert "max_values" not in menu.menu(options, round_id=1)


def test_a_handler_takes_what_the_pattern_has():
    button = Button("round:{round_id}:go:{page:1}", "Go")
    with pytest.raises(TypeError, match="page"):
        button.pressed(act)


def test_an_action_has_one_handler():
    button = Button("round:{round_id}:go", "Go")
    button.pressed(act)
    with pytest.raises(TypeError, match="two handlers"):
        button.pressed(act)


def test_a_start_names_every_action_without_a_handler_and_every_id_of_two(own_actions):
    Button("round:{round_id}:go", "Go").pressed(act)
    Button("round:{round_id}:stop", "Stop")
    Button("round:{round_id}:{how:go|come}", "Come")
    Form("round:{round_id}:go", "A form with the id of a button is another thing")
    with pytest.raises(TypeError) as caught:
        check_actions(own_actions, HERE)
    faults = str(caught.value).split("; ")
    assert [fault for fault in faults if "stop" in fault] == [
        "<Button round:{round_id}:stop> has no handler"
    ]
    doubled = "<Button round:{round_id}:go> and <Button round:{round_id}:{how:go|come}>"
    assert [fault for fault in faults if fault.endswith("fit the same custom id")] == [
        f"{doubled} fit the same custom id"
    ]


def test_a_module_is_loaded_for_its_handlers_or_not_at_all(own_actions):
    Button("round:{round_id}:go", "Go").pressed(act)
    check_actions(own_actions, HERE)
    with pytest.raises(TypeError, match="nobody loads"):
        check_actions(own_actions, [])
    with pytest.raises(TypeError, match="handles nothing"):
        check_actions(own_actions, [*HERE, "tests.simulation.world"])


def test_an_id_that_nobody_checks_is_refused_at_the_start():
    checked = Pattern("round:{round_id}:note:{note_id}:{question_id:slug}:{position:2}")
    check_guarded([checked])
    with pytest.raises(TypeError, match="nobody checks pad_id, room_id"):
        check_guarded([checked, Pattern("room:{room_id}"), Pattern("pad:{pad_id}:{room_id}")])


def test_an_id_is_checked_by_one_feature():
    async def check(interaction, id_: int, is_own: bool) -> None:
        """A check."""

    with pytest.raises(TypeError, match="two features check round_id"):
        guards("round_id")(check)
    with pytest.raises(TypeError, match="two features check note_id"):
        lets_through("note_id")
