"""Point discord.py at the stand-in. The bots' own code knows nothing of this."""

from __future__ import annotations

import os

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

PORT = "DOJO_BENCHMARK_PORT"
"""The environment variable that tells a benchmarked program the stand-in's loopback port."""


def to_stand_in() -> None:
    """Make every request and gateway connection of this process go to the stand-in."""
    port = int(os.environ[PORT])
    Route.BASE = f"http://127.0.0.1:{port}/api/v10"
    # discord.py asks for a gateway address only when it shards; otherwise it uses this one.
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"ws://127.0.0.1:{port}/gateway")
