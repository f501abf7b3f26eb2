"""The event loop of a running bot."""

from __future__ import annotations

import asyncio
import sys

import pytest

from bot.tuning import new_event_loop


def test_it_is_uvloops_where_that_is_installed():
    uvloop = pytest.importorskip("uvloop", reason="uvloop is not made for this machine")
    loop = new_event_loop()
    loop.close()
    assert isinstance(loop, uvloop.Loop)


def test_it_is_pythons_own_elsewhere(monkeypatch):
    monkeypatch.setitem(sys.modules, "uvloop", None)
    loop = new_event_loop()
    loop.close()
    assert isinstance(loop, asyncio.BaseEventLoop)
