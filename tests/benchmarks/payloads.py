"""The JSON objects the stand-in sends, shaped as Discord's API documentation describes them.

Only what a bot with the intents *guilds* and *voice states* sees. Ids are decimal strings, times
are ISO 8601, permissions are decimal strings: as Discord sends them, so that parsing costs a bot
what it costs against Discord.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]

APPLICATION_ID = 900_000_000_000_000_001
BOT_ID = APPLICATION_ID
OWNER_ID = 910_000_000_000_000_001
USERS = 16
"""How many people the stand-in's first guild lets act; a user is an index below it."""

# Everything but Administrator, so that a bot which checks its permissions takes the usual path.
PERMISSIONS = str(((1 << 53) - 1) & ~(1 << 3))
JOINED_AT = "2026-01-05T18:00:00.000000+00:00"
NOW = "2026-11-20T18:00:00.000000+00:00"

_numbers = itertools.count(1)


def new_id() -> str:
    """An id nobody has had yet in this process; like Discord's, it carries the present time."""
    since_2015_ms = time.time_ns() // 1_000_000 - 1_420_070_400_000
    return str(since_2015_ms << 22 | next(_numbers) & 0x3FFFFF)


def guild_id(index: int) -> int:
    """The id of the guild with this index, counted from 0."""
    return 920_000_000_000_000_000 + index * 1000


def channel_id(guild: int, channel: int) -> int:
    """The id of a channel: indexes of guild and channel, both counted from 0."""
    return guild_id(guild) + 100 + channel


def room_id(number: int) -> int:
    """The id of a thread, counted from 0 through all guilds."""
    return 925_000_000_000_000_000 + number


def user(number: int) -> Json:
    """A user object. The number is any id below Discord's range, made into a full id here."""
    return {
        "id": str(930_000_000_000_000_000 + number),
        "username": f"member{number}",
        "global_name": f"Member {number}",
        "discriminator": "0",
        "avatar": "8342729096ea3675442027381ff50dfe",
        "avatar_decoration_data": None,
        "collectibles": None,
        "clan": None,
        "primary_guild": None,
        "public_flags": 0,
        "bot": False,
    }


BOT_USER: Json = {
    **user(0),
    "id": str(BOT_ID),
    "username": "dojo",
    "global_name": None,
    "bot": True,
}

APPLICATION: Json = {
    "id": str(APPLICATION_ID),
    "name": "dojo",
    "icon": None,
    "description": "",
    "summary": "",
    "bot_public": True,
    "bot_require_code_grant": False,
    "verify_key": "0" * 64,
    "flags": 0,
    "hook": True,
    "owner": user(1),
    "team": None,
    "rpc_origins": [],
    "approximate_guild_count": 1,
    "approximate_user_install_count": 0,
}


def member(number: int) -> Json:
    """A guild member object with its user."""
    return {
        "user": user(number),
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": [],
        "joined_at": JOINED_AT,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
        "unusual_dm_activity_until": None,
    }


def _role(role_id: int, name: str, position: int) -> Json:
    return {
        "id": str(role_id),
        "name": name,
        "description": None,
        "permissions": PERMISSIONS,
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def _channel(guild: int, index: int, kind: int, name: str) -> Json:
    data: Json = {
        "id": str(channel_id(guild, index)),
        "type": kind,
        "name": name,
        "position": index,
        "flags": 0,
        "parent_id": None if kind == 4 else str(channel_id(guild, 0)),
        "permission_overwrites": [],
    }
    if kind == 0:
        data |= {
            "topic": "Practice partnering with each other.",
            "nsfw": False,
            "last_message_id": None,
            "rate_limit_per_user": 0,
        }
    elif kind == 2:
        data |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None, "nsfw": False}
    return data


DOJO_CHANNEL = 1
"""The index, in every guild, of the text channel in which people act."""


def _room(guild: int, number: int) -> Json:
    """A private thread of the dojo channel, in which the bot is."""
    joined = {"id": str(room_id(number)), "user_id": str(BOT_ID), "join_timestamp": JOINED_AT}
    return {
        "id": str(room_id(number)),
        "type": 12,
        "guild_id": str(guild_id(guild)),
        "parent_id": str(channel_id(guild, DOJO_CHANNEL)),
        "owner_id": str(BOT_ID),
        "name": f"Practice round {number}",
        "last_message_id": str(room_id(number)),
        "rate_limit_per_user": 0,
        "flags": 0,
        "message_count": 1,
        "total_message_sent": 1,
        "member_count": 4,
        "member": {**joined, "flags": 0},
        "thread_metadata": {
            "archived": False,
            "archive_timestamp": JOINED_AT,
            "auto_archive_duration": 1440,
            "locked": False,
            "invitable": False,
            "create_timestamp": JOINED_AT,
        },
    }


def guild(index: int, members: int = 5, rooms: Iterable[int] = ()) -> Json:
    """A GUILD_CREATE payload: 6 channels, 4 roles, the bot and `members` other members.

    `rooms` are the numbers of its threads.
    """
    bot_member = {**member(0), "user": BOT_USER, "roles": [str(guild_id(index) + 3)]}
    kinds = (
        (4, "Practice"),
        (0, "dojo"),
        (0, "lounge"),
        (0, "notes"),
        (2, "Room 1"),
        (2, "Room 2"),
    )
    return {
        "id": str(guild_id(index)),
        "name": f"Community {index}",
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "owner_id": str(OWNER_ID),
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 2,
        "mfa_level": 0,
        "nsfw_level": 0,
        "nsfw": False,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "en-US",
        "vanity_url_code": None,
        "max_members": 500000,
        "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50,
        "features": ["COMMUNITY", "NEWS"],
        "emojis": [],
        "stickers": [],
        "roles": [
            _role(guild_id(index), "@everyone", 0),
            _role(guild_id(index) + 1, "Facilitators", 3),
            _role(guild_id(index) + 2, "Members", 1),
            _role(guild_id(index) + 3, "dojo", 2),
        ],
        "channels": [_channel(index, at, kind, name) for at, (kind, name) in enumerate(kinds)],
        "threads": [_room(index, number) for number in rooms],
        "members": [bot_member, *(member(2 + at) for at in range(members))],
        "member_count": members + 1,
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "joined_at": JOINED_AT,
        "large": False,
        "unavailable": False,
        "lazy": True,
        "version": 1,
    }


def _interaction(kind: int, person: int, data: Json) -> Json:
    """What all interactions of a guild's member have in common; the first guild's dojo channel."""
    number = new_id()
    return {
        "id": number,
        "application_id": str(APPLICATION_ID),
        "type": kind,
        "version": 1,
        # As long as Discord's, because a token becomes part of a URL that the bot must build.
        "token": f"aW50ZXJhY3Rpb246{number}".ljust(200, "x"),
        "data": data,
        "guild_id": str(guild_id(0)),
        "guild": {"id": str(guild_id(0)), "locale": "en-US", "features": ["COMMUNITY", "NEWS"]},
        "guild_locale": "en-US",
        "locale": "en-US",
        "channel_id": str(channel_id(0, DOJO_CHANNEL)),
        "channel": {
            **_channel(0, DOJO_CHANNEL, 0, "dojo"),
            "guild_id": str(guild_id(0)),
            "permissions": PERMISSIONS,
        },
        "member": {**member(2 + person), "permissions": PERMISSIONS},
        "app_permissions": PERMISSIONS,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": {"0": str(guild_id(0))},
        "context": 0,
        "attachment_size_limit": 10485760,
    }


def slash(person: int, command: Json, options: list[Json]) -> Json:
    """A slash command of a person (an index): the registered command and the options given."""
    data = {"id": command["id"], "type": 1, "name": command["name"]}
    return _interaction(2, person, {**data, "options": options})


def click(person: int, message: Json, custom_id: str, values: list[str] | None = None) -> Json:
    """A press of a message's button or, with values, a choice in its string select."""
    kind = 2 if values is None else 3
    data: Json = {"custom_id": custom_id, "component_type": kind, "id": 0}
    if values is not None:
        data["values"] = values
    return {**_interaction(3, person, data), "message": message}


def option(name: str, value: str) -> Json:
    """A text option of a slash command."""
    return {"name": name, "type": 3, "value": value}


def registered(command: Json, guild: str | None) -> Json:
    """The command as Discord returns it once it's registered, globally or for a guild."""
    return {
        "type": 1,
        "description": "",
        "options": [],
        "default_member_permissions": None,
        "dm_permission": True,
        "nsfw": False,
        "contexts": None,
        "integration_types": [0],
        "name_localizations": None,
        "description_localizations": None,
        **command,
        "id": new_id(),
        "application_id": str(APPLICATION_ID),
        "guild_id": guild,
        "version": new_id(),
    }


def _with_ids(components: list[Json], numbers: itertools.count[int]) -> list[Json]:
    """The components as Discord returns them: each with an id, counted in document order."""
    done: list[Json] = []
    for component in components:
        numbered = {**component, "id": next(numbers)}
        if "components" in component:
            numbered["components"] = _with_ids(component["components"], numbers)
        if "accessory" in component:
            numbered["accessory"] = _with_ids([component["accessory"]], numbers)[0]
        done.append(numbered)
    return done


def message(sent: Json, channel: str, message_id: str | None = None) -> Json:
    """The message Discord makes of what a bot sent (the `data` of an answer or a message body)."""
    return {
        "id": message_id or new_id(),
        "type": 0,
        "channel_id": channel,
        "content": sent.get("content") or "",
        "author": BOT_USER,
        "application_id": str(APPLICATION_ID),
        "webhook_id": str(APPLICATION_ID),
        "timestamp": NOW,
        "edited_timestamp": None,
        "tts": False,
        "pinned": False,
        "flags": sent.get("flags") or 0,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": sent.get("embeds") or [],
        "components": _with_ids(sent.get("components") or [], itertools.count(1)),
    }


def callback_response(interaction: Json, kind: int, made: Json | None) -> Json:
    """The body of a callback `with_response`: the message made or updated, if there is one."""
    head = {"id": interaction["id"], "type": interaction["type"]}
    if made is None:
        return {"interaction": head}
    head |= {
        "response_message_id": made["id"],
        "response_message_loading": kind == 5,
        "response_message_ephemeral": bool(made["flags"] & 64),
    }
    return {"interaction": head, "resource": {"type": kind, "message": made}}
