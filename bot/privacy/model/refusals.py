"""What data rights refuse."""

from __future__ import annotations

from dataclasses import dataclass

from bot.kit.refusals import DojoError


@dataclass
class ExportUnderWay(DojoError):
    """What is stored about this person is being read for them already."""


@dataclass
class ExportTooLarge(DojoError):
    """What is stored about this person is more than Discord takes, even packed."""
