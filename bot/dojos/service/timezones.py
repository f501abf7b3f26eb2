"""Names of time zones: found while someone types, and checked."""

from __future__ import annotations

import asyncio
import zoneinfo

from bot.dojos.model.refusals import UnknownTimeZone

GUESS_BY_LOCALE = {
    "bg": "Europe/Sofia",
    "cs": "Europe/Prague",
    "da": "Europe/Copenhagen",
    "de": "Europe/Berlin",
    "el": "Europe/Athens",
    "en-GB": "Europe/London",
    "es-ES": "Europe/Madrid",
    "fi": "Europe/Helsinki",
    "fr": "Europe/Paris",
    "hi": "Asia/Kolkata",
    "hr": "Europe/Zagreb",
    "hu": "Europe/Budapest",
    "id": "Asia/Jakarta",
    "it": "Europe/Rome",
    "ja": "Asia/Tokyo",
    "ko": "Asia/Seoul",
    "lt": "Europe/Vilnius",
    "nl": "Europe/Amsterdam",
    "no": "Europe/Oslo",
    "pl": "Europe/Warsaw",
    "pt-BR": "America/Sao_Paulo",
    "ro": "Europe/Bucharest",
    "sv-SE": "Europe/Stockholm",
    "th": "Asia/Bangkok",
    "tr": "Europe/Istanbul",
    "uk": "Europe/Kyiv",
    "vi": "Asia/Ho_Chi_Minh",
}
"""What to put into an empty form. Only a start: the person sees it and can change it."""


class TimeZones:
    """The IANA time zones this machine knows."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    async def resolve(self, text: str) -> str:
        """The zone meant: its name in any case, or a city of one alone. Raises UnknownTimeZone."""
        names = await self._load()
        wanted = _plain(text)
        if wanted in names:
            return names[wanted]
        of_city = [name for key, name in names.items() if key.rsplit("/")[-1] == wanted]
        if wanted and len(of_city) == 1:
            return of_city[0]
        raise UnknownTimeZone(text.strip(), tuple(of_city or self._nearest(wanted)))

    async def suggest(self, text: str, *, most: int = 25) -> list[str]:
        """Names that fit what has been typed so far, best first."""
        names = await self._load()
        wanted = _plain(text)
        if not wanted:
            return sorted(set(GUESS_BY_LOCALE.values()) | {"UTC"})[:most]
        found = sorted(
            (key for key in names if wanted in key),
            key=lambda key: (key != wanted, not key.rsplit("/")[-1].startswith(wanted), key),
        )
        return [names[key] for key in found[:most]] or list(self._nearest(wanted))

    def _nearest(self, wanted: str) -> tuple[str, ...]:
        by_city = {key.rsplit("/")[-1]: name for key, name in self._names.items()}
        import difflib  # Only where it is used: 100 kB.

        close = difflib.get_close_matches(wanted.rsplit("/")[-1], by_city, n=5, cutoff=0.7)
        return tuple(by_city[key] for key in close)

    async def _load(self) -> dict[str, str]:
        if not self._names:
            # Reads hundreds of files: not on the event loop.
            names = await asyncio.to_thread(zoneinfo.available_timezones)
            self._names = {_plain(name): name for name in sorted(names) if _is_a_place(name)}
        return self._names


def _is_a_place(name: str) -> bool:
    """Leaves out what nobody means: this machine's own zone, and `Etc/GMT+2`, which is two hours
    behind UTC, although everybody reads it as ahead."""
    return name not in {"localtime", "Factory"} and not (
        name.split("/")[-1].startswith("GMT") and name[-1].isdigit()
    )


def _plain(text: str) -> str:
    return "_".join(text.strip().casefold().split())
