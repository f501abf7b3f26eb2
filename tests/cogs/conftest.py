"""Fixtures for the end-to-end tests."""

from __future__ import annotations

import shutil

import pytest

from bot.content.library import SHIPPED


@pytest.fixture
def two_languages(tmp_path):
    """A content folder in which an unreviewed Italian stands beside English."""
    folder = tmp_path / "content"
    for language in ("en", "it"):
        shutil.copytree(SHIPPED / "en", folder / language)
    italian = folder / "it"
    (italian / "language.toml").write_text('name = "Italiano"\nreviewed = false\n')
    for file in (italian / "questions").glob("*.toml"):
        file.write_text(file.read_text().replace('text = "', 'text = "Allora: '))
    phases = italian / "phases.toml"
    phases.write_text(phases.read_text().replace('"Meaning"', '"Significato"'))
    return folder


@pytest.fixture
def panels_at_once(monkeypatch):
    """Panels are edited as often as there is something new: the pause between is real time."""
    monkeypatch.setattr("bot.gatherings.ui.panel.live.SECONDS_BETWEEN_EDITS", 0.0)


@pytest.fixture
def little_patience(monkeypatch):
    """What is short for the simulated clock is waited for in real time."""
    for module in ("boarding", "rooms", "conductor"):
        monkeypatch.setattr(f"bot.gatherings.service.{module}.PATIENCE_SECONDS", 0.02)
