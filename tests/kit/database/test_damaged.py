"""A damaged file gives one sentence, wherever the damage is."""

from __future__ import annotations

import random
from unittest import mock

from bot.app import open_bot
from bot.check import check_clock, check_database
from bot.content.library import SHIPPED, load_library
from bot.dojos.service.timezones import TimeZones
from bot.gatherings.store.gatherings import GatheringStore
from bot.kit.database.database import open_database
from bot.kit.database.errors import StorageError
from bot.privacy.store.retention import RetentionStore
from bot.rounds.store.rounds import RoundStore
from bot.settings import Settings
from tests.gatherings.store import samples as gathering_samples
from tests.rounds.store.samples import AT, FULL, RUNNING, added, make_dojo
from tests.simulation.quick import quick_databases

FILES, FLIPPED = 60, (1, 5, 20)
"""How many files, and how many bits of one are wrong."""


async def test_every_failure_of_a_damaged_file_is_one_sentence(path):
    """F16: at the start and for the check; SQLite's message may quote a name that is no text."""
    library, zones = load_library(SHIPPED), TimeZones()
    ends: list[str] = []
    used = 0
    with (
        quick_databases(),
        mock.patch("bot.app.load_library", return_value=library),
        mock.patch("bot.dojos.wiring.TimeZones", return_value=zones),
    ):
        async with open_database(path) as database:
            await make_dojo(database)
            await added(RoundStore(database), FULL, RUNNING)
            await GatheringStore(database).add(gathering_samples.FULL)
            await RetentionStore(database).remember_purge(AT)
        whole = path.read_bytes()
        written = [at for at, byte in enumerate(whole) if byte]
        for seed in range(FILES):
            rng, damaged = random.Random(seed), bytearray(whole)
            for at in rng.sample(written, FLIPPED[seed % 3]):
                damaged[at] ^= 1 << rng.randrange(8)
            # One of its own: a log that is left would belong to the file before.
            file = path.with_name(f"{seed}.sqlite3")
            file.write_bytes(damaged)
            said = ["", ""]
            try:
                finding = await check_database(file)
                await check_clock(file, AT)
                said[0] = "" if finding.good else finding.text
                async with open_bot(Settings(database=file)):
                    used += 1
            except StorageError as error:
                said[1] = str(error).removeprefix("The database ")
            except Exception as error:  # noqa: BLE001 - each is a traceback
                ends.append(f"file {seed}: {error!r:.120}")
            ends += [f"file {seed}: {one}" for one in said if one and not one.startswith(str(file))]
    assert ends == []
    assert 0 < used < FILES
