"""The bot's configuration: read once from the environment, checked as a whole."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ENV_FILE = Path(".env")
"""In the working directory; the environment takes precedence."""
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingsError(Exception):
    """The configuration has faults; the message names all of them in one line."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the bot needs to know before it starts."""

    token: str = field(default="", repr=False)
    """The bot's token. It may be empty for every command but `dojo-bot run`."""
    database: Path = Path("dojo.sqlite3")
    log_level: int = logging.INFO
    sync_guilds: tuple[int, ...] = ()
    """Guilds that get changed commands at once, for development."""

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> Settings:
        """Read `DISCORD_TOKEN`, `DOJO_DATABASE`, `DOJO_LOG_LEVEL` and `DOJO_SYNC_GUILDS`.

        Raises SettingsError with every fault.
        """
        faults: list[str] = []
        token = environment.get("DISCORD_TOKEN", "").strip()
        if any(character.isspace() for character in token):
            faults.append("DISCORD_TOKEN has white space in it")
        level = environment.get("DOJO_LOG_LEVEL", "").strip().upper() or "INFO"
        if level not in LEVELS:
            faults.append(f"DOJO_LOG_LEVEL is {level!r}; it must be one of {', '.join(LEVELS)}")
            level = "INFO"
        database = environment.get("DOJO_DATABASE", "").strip() or "dojo.sqlite3"
        path = Path(database)
        if "://" in database:
            faults.append("DOJO_DATABASE must be the path of a file")
        else:
            try:
                path = path.expanduser()
            except RuntimeError:
                faults.append(f"DOJO_DATABASE is {database!r}, and there is no such home directory")
        guilds = environment.get("DOJO_SYNC_GUILDS", "").replace(",", " ").split()
        if not all(guild.isascii() and guild.isdigit() for guild in guilds):
            faults.append("DOJO_SYNC_GUILDS must be ids of servers, separated by commas")
            guilds = []
        if faults:
            raise SettingsError("; ".join(faults))
        return cls(
            token=token,
            database=path,
            log_level=logging.getLevelNamesMapping()[level],
            sync_guilds=tuple(int(guild) for guild in guilds),
        )

    def with_token(self) -> Settings:
        """Returns the settings. Raises SettingsError if there is no token."""
        if not self.token:
            raise SettingsError(
                "DISCORD_TOKEN is missing; put the bot's token into the environment or a .env file"
            )
        return self
