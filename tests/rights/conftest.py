"""What every sweep of rights needs."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def panels_at_once(monkeypatch):
    """Panels are edited as often as there is something new: the pause between is real time."""
    monkeypatch.setattr("bot.gatherings.ui.panel.live.SECONDS_BETWEEN_EDITS", 0.0)
