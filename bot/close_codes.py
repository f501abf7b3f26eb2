"""Why Discord's gateway ends a connection for good, in a sentence for the operator.

After any other code (4000 to 4003, 4005 to 4009) the library connects again.
"""

from __future__ import annotations

from bot.settings import SettingsError

REFUSED = (
    "Discord refused the token in DISCORD_TOKEN; copy it again from the developer portal"
    " (Bot → Reset Token)"
)
TOKEN_NO_LONGER_VALID, DISALLOWED_INTENTS = 4004, 4014
SETTINGS = {
    TOKEN_NO_LONGER_VALID: REFUSED,
    DISALLOWED_INTENTS: (
        "Discord refuses what this bot asks to hear (4014, disallowed intents); look at Bot →"
        " Privileged Gateway Intents in the developer portal, and restart"
    ),
}
"""What the operator can fix in the settings."""
UPDATE = "Update dojo-bot; if that does not help, report it with this line."
PROGRAM = {
    4010: f"Discord refuses the connection (4010, invalid shard). {UPDATE}",
    4011: (
        "Discord refuses the connection (4011, sharding required): the bot is in more servers than"
        " one connection may serve. Run a second bot for some of them."
    ),
    4012: f"Discord refuses the connection (4012, invalid API version). {UPDATE}",
    4013: f"Discord refuses the connection (4013, invalid intents). {UPDATE}",
}
"""What the operator cannot fix in the settings alone."""


class ConnectionEnded(Exception):
    """Discord ended the connection for good; the message is a sentence that says why."""


def ended(code: int) -> SettingsError | ConnectionEnded:
    """The exception for a connection that the gateway has ended with this code."""
    if code in SETTINGS:
        return SettingsError(SETTINGS[code])
    unknown = f"Discord ended the connection for good (code {code}). {UPDATE}"
    return ConnectionEnded(PROGRAM.get(code, unknown))
