"""SimCord's bookkeeping, made quicker, says what it said before."""

from __future__ import annotations

import time

import pytest
from simcord import _dpy_internals
from simcord._settlement import _SettlementState
from simcord.backend.ops.polls import PollMixin

from bot.rehearsal.simulation import bookkeeping


async def test_the_bot_lives_in_simulated_time_and_everybody_else_in_real_time(world):
    await world.later(1_000)
    with world.env._bot_scope():
        assert time.monotonic() == world.env._virtual_time
    assert abs(time.monotonic() - _dpy_internals.real_monotonic()) < 60


async def test_the_state_of_the_work_is_what_simcord_makes_of_it(world):
    state = world.env._settlement_state()
    env = world.env
    assert _SettlementState(**state._asdict()) == _SettlementState(
        work=env._work,
        bot=env.bot,
        loop=env._loop,
        virtual_time=env._virtual_time,
        advancing=env._advancing,
        generation=env._generation,
        last_dispatch=env._last_dispatch,
    )


async def test_without_polls_it_says_of_them_what_simcord_says(world):
    await world.guild().set_up()
    backend = world.env.backend
    assert type(backend).next_poll_deadline is not PollMixin.next_poll_deadline
    assert backend.next_poll_deadline() is PollMixin.next_poll_deadline(backend) is None


def test_another_simcord_is_refused(monkeypatch):
    monkeypatch.setattr(bookkeeping, "_FIELDS", ("work",))
    with pytest.raises(RuntimeError, match="other fields"):
        bookkeeping.quick_bookkeeping()
