"""What the bot lacks in the voice rooms of a dojo, which have permissions of their own."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.kit.discord.text import cut, joined, plural, safe
from bot.kit.requests.rights import CONNECT, MOVE, TO_MAKE, TO_MOVE, VIEW, flag_of

MOST_NAMED = 5
"""Voice channels that are named; more are counted."""


def voice_lines(
    guild: discord.Guild | None, channel_id: int, common_id: int | None = None
) -> list[str]:
    """One line for each voice channel of an evening in which a permission is missing.

    An evening's voice rooms are those in the category of the dojo's channel, or else of the voice
    channel in which it meets, `common_id`. Without a category only that channel counts. Empty while
    the server is unknown.
    """
    home = guild.get_channel(channel_id) if guild else None
    common = guild.get_channel(common_id or 0) if guild else None
    category = (home and home.category) or (common and common.category) or None
    if guild is None or category is None:
        return _channel_lines([common] if isinstance(common, discord.VoiceChannel) else [])
    lines: list[str] = []
    missing, name = _missing(category, TO_MAKE), safe(cut(category.name, 60))
    if missing:
        lines.append(
            f"❌ In the category **{name}** {_is_missing(missing)}: I make no voice rooms there."
            " Groups meet in voice channels that are there, or in threads."
        )
    others = [one for one in category.voice_channels if one != common]
    first = [common] if isinstance(common, discord.VoiceChannel) else []
    return lines + _channel_lines([*first, *others])


def _channel_lines(channels: Sequence[discord.VoiceChannel]) -> list[str]:
    lacking = [(one, found) for one in channels if (found := _missing(one, TO_MOVE))]
    lines = [
        f"❌ In {channel.mention} {_is_missing(found)}: I bring nobody there or away. People come"
        " by themselves."
        for channel, found in lacking[:MOST_NAMED]
    ]
    if len(lacking) > MOST_NAMED:
        more = plural(len(lacking) - MOST_NAMED, "more voice channel")
        lines.append(f"❌ The same holds for {more}.")
    return lines


def _missing(channel: discord.abc.GuildChannel, needs: Sequence[str]) -> list[str]:
    rights = channel.permissions_for(channel.guild.me)
    missing = [switch for switch in needs if not getattr(rights, flag_of(switch))]
    if VIEW in missing:
        # Without it Discord counts everything else as missing, too.
        return [VIEW]
    # The same holds for Connect and what can be done in voice.
    return [one for one in missing if one != MOVE or CONNECT not in missing]


def _is_missing(switches: list[str]) -> str:
    are = "is" if len(switches) == 1 else "are"
    return f"{joined([f'**{one}**' for one in switches])} {are} missing"
