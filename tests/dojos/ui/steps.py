"""What tests of `/dojo` share."""

from __future__ import annotations

from tests.simulation.world import text


async def settings_of(server, channel=None) -> str:
    """What the settings card of a dojo says."""
    reader = server.manager(f"reader-{len(server.handle.member_ids())}")
    return text((await reader.slash(channel or server.dojo, "dojo settings")).response)


async def is_dojo(server, channel=None) -> bool:
    asker = server.member(f"asker-{len(server.handle.member_ids())}")
    answer = await asker.slash(channel or server.dojo, "question", phase="close")
    return not answer.response.ephemeral
