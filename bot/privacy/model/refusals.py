"""Refusals about data rights."""

from __future__ import annotations

from dataclasses import dataclass

from bot.kit.refusals import DojoError


@dataclass
class ExportUnderWay(DojoError):
    """Data about this person is being read for them already."""


@dataclass
class ExportTooLarge(DojoError):
    """There is more data about this person than Discord accepts, even compressed."""
