"""Joins the parts of dojos."""

from __future__ import annotations

from bot.content.library import Library
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.dojos.service.timezones import TimeZones
from bot.dojos.store.dojos import DojoStore
from bot.dojos.store.own_contents import OwnContentStore
from bot.dojos.ui import checks, content_files, gate, privacy, refusals, settings, support, terms
from bot.kit.feature import Feature, Kit


def wire(kit: Kit, library: Library) -> Feature:
    """Dojos and their words; `library` is what is shipped."""
    store, own_contents = DojoStore(kit.database), OwnContentStore(kit.database)
    kit.stores.update({"dojos": store, "own_contents": own_contents})
    kit.services.add(ContentService(library, own_contents, now=kit.now))
    dojos = kit.services.add(DojoService(store, TimeZones(), now=kit.now, rng=kit.rng))
    return Feature(
        registered=(gate, refusals),
        handlers=(checks, content_files, privacy, settings, support, terms),
        loads=[dojos.load],
    )
