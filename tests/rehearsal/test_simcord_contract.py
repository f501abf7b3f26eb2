"""The names of SimCord's that are private to it and used all the same."""

from __future__ import annotations

import importlib.metadata

from bot.rehearsal.simulation import contract


def test_every_private_name_is_there():
    broken = contract.broken_names()
    installed = importlib.metadata.version("simcord")
    assert not broken, (
        f"SimCord {installed} no longer has what bot/rehearsal/simulation takes from"
        f" {contract.VERSION}: {', '.join(broken)}. Adapt that package (contract.py lists"
        " every name) or go back to the release it was written for."
    )


def test_a_missing_name_is_told(monkeypatch):
    monkeypatch.delattr(contract.Preview, "_publish")
    monkeypatch.setattr(contract.snapshot, "_message_navigation", lambda preview: None)
    assert contract.broken_names() == [
        "Preview._publish",
        "simcord.preview._snapshot._message_navigation(preview, page, visible)",
    ]
