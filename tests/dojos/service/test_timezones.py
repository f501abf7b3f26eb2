"""Names of time zones."""

from __future__ import annotations

import re
import zoneinfo

import pytest

from bot.dojos.model.refusals import UnknownTimeZone
from bot.dojos.service.timezones import GUESS_BY_LOCALE, TimeZones

ZONES = TimeZones()


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Rome", "Europe/Rome"),
        ("Europe/rome", "Europe/Rome"),
        ("EUROPE/ROME", "Europe/Rome"),
        ("rome", "Europe/Rome"),
        ("  Rome ", "Europe/Rome"),
        ("new york", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("utc", "UTC"),
        ("UTC", "UTC"),
    ],
)
async def test_a_name_in_any_case_or_a_city_is_understood(text, zone):
    assert await ZONES.resolve(text) == zone


@pytest.mark.parametrize("typed", ["GMT+2", "Etc/GMT-3", "gmt0", "localtime", "Factory"])
async def test_names_that_mislead_are_not_taken(typed):
    """GMT+2 is two hours behind UTC there; localtime is that of the machine the bot runs on."""
    with pytest.raises(UnknownTimeZone):
        await ZONES.resolve(typed)
    assert not [name for name in await ZONES.suggest(typed) if name.endswith(typed)]


async def test_every_other_zone_is_known_by_its_own_name():
    misleading = re.compile(r"(.*/)?GMT[+-]?\d+|localtime|Factory")
    for name in zoneinfo.available_timezones():
        if not misleading.fullmatch(name):
            assert await ZONES.resolve(name) == name


async def test_a_city_with_several_zones_offers_each():
    with pytest.raises(UnknownTimeZone) as refused:
        await ZONES.resolve("Istanbul")
    assert set(refused.value.nearest) == {"Asia/Istanbul", "Europe/Istanbul"}


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Europe/Roma", "Europe/Rome"),
        ("Berlim", "Europe/Berlin"),
        ("madird", "Europe/Madrid"),
        ("europe/londn", "Europe/London"),
    ],
)
async def test_a_slip_is_refused_with_what_was_meant(text, near):
    with pytest.raises(UnknownTimeZone) as refused:
        await ZONES.resolve(f" {text} ")
    assert refused.value.name == text
    assert near in refused.value.nearest
    assert len(refused.value.nearest) <= 5


@pytest.mark.parametrize("text", ["", "   ", "qqqqqq", "/", "../etc/passwd", "💡", "x" * 5_000])
async def test_nonsense_is_refused_without_a_suggestion(text):
    with pytest.raises(UnknownTimeZone) as refused:
        await ZONES.resolve(text)
    assert refused.value.nearest == ()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("rom", "Europe/Rome"),
        ("Berl", "Europe/Berlin"),
        ("new y", "America/New_York"),
        ("europe/be", "Europe/Belfast"),
    ],
)
async def test_what_is_being_typed_finds_cities_first(text, first):
    assert (await ZONES.suggest(text))[0] == first


async def test_a_name_without_a_city_is_suggested_too():
    assert "UTC" in await ZONES.suggest("utc")


@pytest.mark.parametrize("text", ["", "a", "e", "america/", "rom", "gmt"])
async def test_suggestions_fit_a_menu_and_are_zones(text):
    found = await ZONES.suggest(text)
    assert 1 <= len(found) <= 25
    assert len(set(found)) == len(found)
    assert set(found) <= zoneinfo.available_timezones()


async def test_a_slip_while_typing_still_suggests():
    assert "Europe/Madrid" in await ZONES.suggest("madird")


async def test_nonsense_while_typing_suggests_nothing():
    assert await ZONES.suggest("qqqqqq") == []


@pytest.mark.parametrize("zone", sorted(set(GUESS_BY_LOCALE.values())))
def test_a_guess_is_a_zone(zone):
    assert zone in zoneinfo.available_timezones()
