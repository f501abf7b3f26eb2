"""How the bot is doing, as a card."""

from __future__ import annotations

import math
from datetime import timedelta

from bot.services.status import Status
from bot.ui.components import card
from bot.ui.interactions import View

ACCENT = 0x6B7280


def status_card(status: Status, *, latency: float, guilds: int) -> View:
    """Latency in seconds, uptime, version and database in one look."""
    database = "❌ does not answer"
    if status.database is not None:
        health = status.database
        database = (
            f"✅ a write takes {health.write_seconds * 1000:.1f} ms,"
            f" {health.file_bytes / 1024**2:.1f} MiB, schema {health.schema_version}"
        )
    known = math.isfinite(latency)
    return card(
        "## Status",
        f"**Discord:** {f'✅ {latency * 1000:.0f} ms' if known else '❌ not connected'}\n"
        f"**Running for:** {lasting(status.uptime)}\n"
        f"**Database:** {database}\n"
        f"**Servers:** {guilds}\n"
        f"**Version:** {status.version}",
        accent=ACCENT,
    )


def lasting(length: timedelta) -> str:
    """`3 d 4 h`, `2 h 5 min`, `under a minute`: the two largest units."""
    total = max(int(length.total_seconds()) // 60, 0)
    days, hours, left = total // 1440, total // 60 % 24, total % 60
    units = [(days, "d"), (hours, "h"), (left, "min")]
    given = [f"{count} {unit}" for count, unit in units if count]
    return " ".join(given[:2]) or "under a minute"
