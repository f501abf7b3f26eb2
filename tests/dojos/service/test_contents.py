"""The words a dojo works with, and its own content going in and out."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.content.library import load_library
from bot.content.model.questions import Origin, QuestionSet
from bot.content.model.refusals import ContentRejected
from bot.dojos.model.dojo import DojoSettings
from bot.dojos.model.refusals import ImportBusy, ImportTooSoon, NotAllowed
from bot.dojos.store.own_contents import OwnContentStore
from bot.kit.person import Person
from tests.content.bombs import bombs
from tests.content.trees import change_line, copy_language
from tests.dojos.service.house import House
from tests.people import CHANNEL, GUILD, MANAGER, MEMBER

pytestmark = pytest.mark.usefixtures("quick_databases")


def own(name: str) -> str:
    return f'version = 1\n[[question]]\nid = "{name}"\nphase = "start"\ntext = "What now?"\n'


FORMATS = """
[[format]]
id = "own-20"
name = "Ours"
suits = "Evenings."
people = [3, 5]
segments = [{ kind = "coach", minutes = 15 }, { kind = "self", minutes = 5 }]

[[format]]
id = "quick-10"
name = "Short"

[hide]
formats = ["triad-30"]
"""
MIXED = (
    own("own-1")
    + """
[[question]]
id = "start-1"
text = "Other?"

[[signal]]
code = "S1"
name = "Other"

[hide]
questions = ["close-1", "close-2"]
signals = ["S6"]
"""
)


@pytest_asyncio.fixture
async def dojo(house):
    return await house.dojos.set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)


@pytest.fixture
def two_languages(tmp_path):
    """English, and a Spanish that differs in one label."""
    root = tmp_path / "content"
    copy_language(root)
    change_line(copy_language(root, "es") / "phases.toml", "[start]", "label", 'label = "Inicio"')
    return load_library(root)


async def test_without_own_content_a_dojo_has_the_shipped_words(house, dojo, library):
    assert await house.contents.of_dojo(dojo) == library["en"]


async def test_an_import_holds_at_once(house, dojo):
    await house.contents.of_dojo(dojo)
    await house.contents.import_file(dojo, MIXED, MANAGER)
    content = await house.contents.of_dojo(dojo)
    assert content.bank.get("own-1").text == "What now?"
    assert content.bank.get("start-1").text == "Other?"
    assert content.bank.find("close-1") is None
    assert [signal.code for signal in content.signals.signals] == ["S1", "S2", "S3", "S4", "S5"]


async def test_an_import_says_what_it_did(house, dojo):
    imported = await house.contents.import_file(dojo, MIXED, MANAGER)
    assert imported.before is None
    assert (imported.added_questions, imported.changed_questions) == (1, 1)
    assert (imported.added_signals, imported.changed_signals) == (0, 1)
    assert len(imported.own.hidden_questions) == 2


async def test_formats_hold_at_once_and_are_counted(house, dojo, library):
    await house.contents.of_dojo(dojo)
    imported = await house.contents.import_file(dojo, own("own-1") + FORMATS, MANAGER)
    assert (imported.added_formats, imported.changed_formats) == (1, 1)
    assert imported.own.hidden_formats == {"triad-30"}
    content = await house.contents.of_dojo(dojo)
    shipped = [name for name in library["en"].formats if name != "triad-30"]
    assert list(content.formats) == [*shipped, "own-20"]
    assert content.formats["quick-10"].name == "Short"


async def test_a_usual_format_that_an_import_takes_away_gives_way_to_another(house):
    settings = DojoSettings(format_id="own-20")
    dojo = await house.dojos.set_up(GUILD, CHANNEL, settings, MANAGER)
    await house.contents.import_file(dojo, own("own-1") + FORMATS, MANAGER)
    assert (await house.contents.of_dojo(dojo)).format_or_default("own-20").id == "own-20"
    await house.contents.import_file(dojo, own("own-1"), MANAGER)
    assert (await house.contents.of_dojo(dojo)).format_or_default("own-20").id == "triad-30"
    hidden = own("own-1") + '[hide]\nformats = ["triad-30"]\n'
    await house.contents.import_file(dojo, hidden, MANAGER)
    assert (await house.contents.of_dojo(dojo)).format_or_default("own-20").id == "quick-10"


async def test_a_broken_format_leaves_the_old_ones(house, dojo):
    await house.contents.import_file(dojo, own("own-1") + FORMATS, MANAGER)
    before = await house.contents.of_dojo(dojo)
    broken = FORMATS.replace('kind = "coach"', 'kind = "agree"')
    with pytest.raises(ContentRejected, match="has no coach segment"):
        await house.contents.import_file(dojo, own("own-2") + broken, MANAGER)
    assert await house.contents.of_dojo(dojo) == before
    assert await house.contents.export_file(dojo) == own("own-1") + FORMATS


async def test_an_import_replaces_the_one_before_and_gives_it_back(house, dojo):
    await house.contents.import_file(dojo, own("one"), MANAGER)
    imported = await house.contents.import_file(dojo, own("two"), MANAGER)
    assert imported.before == own("one")
    content = await house.contents.of_dojo(dojo)
    assert content.bank.find("two")
    assert not content.bank.find("one")


async def test_an_import_is_kept_over_a_restart(path, library, clock):
    async with House.opened(path, library, clock) as house:
        dojo = await house.dojos.set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
        await house.contents.import_file(dojo, own("own-1"), MANAGER)
    async with House.opened(path, library, clock) as house:
        assert (await house.contents.of_dojo(dojo)).bank.find("own-1")


async def test_an_import_with_a_fault_leaves_the_old_one(house, dojo):
    await house.contents.import_file(dojo, own("one"), MANAGER)
    with pytest.raises(ContentRejected):
        await house.contents.import_file(dojo, own("two") + "colour = 1\n", MANAGER)
    assert await house.contents.export_file(dojo) == own("one")
    content = await house.contents.of_dojo(dojo)
    assert content.bank.find("one")
    assert not content.bank.find("two")


async def test_an_import_by_a_member_is_refused_and_leaves_the_old_one(house, dojo):
    with pytest.raises(NotAllowed):
        await house.contents.import_file(dojo, own("own-1"), MEMBER)
    assert not (await house.contents.of_dojo(dojo)).bank.find("own-1")


async def test_content_is_put_together_once(house, dojo):
    await house.contents.import_file(dojo, own("own-1"), MANAGER)
    contents = await asyncio.gather(*(house.contents.of_dojo(dojo) for _ in range(5)))
    assert await house.contents.of_dojo(dojo) is contents[-1]


async def test_imports_and_questions_at_the_same_time_end_with_the_last_import(house, dojo):
    async def use():
        for _ in range(20):
            await house.contents.of_dojo(dojo)
            await asyncio.sleep(0.001)

    async def import_all():
        for number in range(10):
            await house.contents.import_file(dojo, own(f"own-{number}"), MANAGER)

    await asyncio.gather(use(), import_all(), use())
    content = await house.contents.of_dojo(dojo)
    found = [q.id for q in content.bank.questions if q.id.startswith("own-")]
    assert found == ["own-9"]


async def test_the_file_of_a_new_dojo_shows_how_and_changes_nothing_when_imported(
    house, dojo, library
):
    template = await house.contents.export_file(dojo)
    assert "start-1" in template
    imported = await house.contents.import_file(dojo, template, MANAGER)
    assert not imported.own
    assert await house.contents.of_dojo(dojo) == library["en"]


async def test_the_file_comes_back_as_it_was_given(house, dojo):
    text = "# Unsere Wörter 💡\r\n" + own("own-1")
    await house.contents.import_file(dojo, text, MANAGER)
    assert await house.contents.export_file(dojo) == text


async def test_a_change_of_language_changes_the_words_and_keeps_the_own(path, two_languages, clock):
    async with House.opened(path, two_languages, clock) as house:
        dojo = await house.dojos.set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
        await house.contents.import_file(dojo, own("own-1"), MANAGER)
        english = await house.contents.of_dojo(dojo)
        dojo = await house.dojos.set_up(GUILD, CHANNEL, DojoSettings(language="es"), MANAGER)
        spanish = await house.contents.of_dojo(dojo)
    assert (english.language, spanish.language) == ("en", "es")
    assert "Inicio" in {words.label for words in spanish.phases.values()}
    assert spanish.bank.find("own-1")


async def test_an_import_holds_in_every_language_a_dojo_changes_to(path, two_languages, clock):
    async with House.opened(path, two_languages, clock) as house:
        english = await house.dojos.set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
        spanish = replace(english, settings=DojoSettings(language="es"))
        for dojo in (english, spanish):
            await house.contents.of_dojo(dojo)
        await house.contents.import_file(spanish, own("own-1"), MANAGER)
        for dojo in (english, spanish):
            assert (await house.contents.of_dojo(dojo)).bank.find("own-1")


async def test_a_language_that_is_not_shipped_any_more_becomes_english(house, dojo):
    dojo = replace(dojo, settings=DojoSettings(language="xx"))
    assert (await house.contents.of_dojo(dojo)).language == "en"


@pytest.mark.parametrize(("locale", "language"), [("es-419", "es"), ("ja", "en"), ("en-GB", "en")])
async def test_a_person_gets_the_language_nearest_to_theirs(
    path, two_languages, clock, locale, language
):
    async with House.opened(path, two_languages, clock) as house:
        assert house.contents.for_locale(locale).language == language


class TestAFileThatNoLongerFits:
    """The shipped content has changed with an update: what the file hides is gone."""

    HIDES = own("own-1") + '[hide]\nquestions = ["close-o14"]\n'

    @pytest_asyncio.fixture
    async def updated(self, path, tmp_path, library, clock):
        async with House.opened(path, library, clock) as house:
            self.dojo = await house.dojos.set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
            await house.contents.import_file(self.dojo, self.HIDES, MANAGER)
            assert await house.contents.stored_faults(self.dojo) is None
        folder = copy_language(tmp_path / "newer")
        change_line(folder / "questions/close.toml", 'id = "close-o14"', "id", 'id = "close-x"')
        async with House.opened(path, load_library(tmp_path / "newer"), clock) as house:
            yield house

    async def test_is_told_with_its_faults(self, updated):
        rejected = await updated.contents.stored_faults(self.dojo)
        assert "“close-o14” is not in the shipped content" in str(rejected)

    async def test_gives_way_to_the_shipped_words(self, updated, caplog):
        content = await updated.contents.of_dojo(self.dojo)
        assert content == updated.contents.shipped("en")
        assert f"own content of dojo {self.dojo.id} is not used" in caplog.text

    async def test_is_kept_so_that_it_can_be_fixed(self, updated):
        assert await updated.contents.export_file(self.dojo) == self.HIDES
        fixed = self.HIDES.replace("close-o14", "close-x")
        await updated.contents.import_file(self.dojo, fixed, MANAGER)
        assert (await updated.contents.of_dojo(self.dojo)).bank.find("own-1")
        assert await updated.contents.stored_faults(self.dojo) is None


@pytest.mark.parametrize("name", ["backslashes and quotes", "dotted name after a string with #"])
async def test_a_stored_file_that_an_older_guard_let_through_is_refused_at_once(house, dojo, name):
    """S3: also when it is read at the first use after a start, without a process of its own."""
    await OwnContentStore(house.database).save(
        dojo.id, bombs()[name], user_id=MANAGER.user_id, at=house.clock()
    )
    began = time.process_time()
    assert await house.contents.of_dojo(dojo) == house.contents.shipped("en")
    rejected = await house.contents.stored_faults(dojo)
    assert rejected is not None
    assert time.process_time() - began < 1


async def test_a_dojo_without_a_file_has_no_faults(house, dojo):
    assert await house.contents.stored_faults(dojo) is None


def manager_of(number: int) -> Person:
    """Who manages the dojo of another server."""
    return Person(MANAGER.user_id, GUILD + number, managed=frozenset({CHANNEL + number}))


class TestImportsOfAServer:
    """S3: one at a time, and none right after one with faults."""

    @pytest.fixture
    def slow(self, monkeypatch):
        """A file called `slow` is read until the test lets it go."""
        go = threading.Event()
        reading = []

        def check(text, base):
            reading.append(text)
            if "slow" in text:
                assert go.wait(10)

        monkeypatch.setattr("bot.dojos.service.contents.check_in_process", check)
        self.reading = reading
        yield go
        go.set()

    async def begun(self, house, dojo, name, person=MANAGER):
        task = asyncio.create_task(house.contents.import_file(dojo, own(name), person))
        while not any(name in text for text in self.reading):  # noqa: ASYNC110 - a thread says it
            await asyncio.sleep(0.001)
        return task

    async def test_a_second_file_is_not_read_beside_the_first(self, house, dojo, slow):
        """S3."""
        task = await self.begun(house, dojo, "slow")
        with pytest.raises(ImportBusy):
            await house.contents.import_file(dojo, own("two"), MANAGER)
        slow.set()
        await task
        assert await house.contents.export_file(dojo) == own("slow")
        await house.contents.import_file(dojo, own("two"), MANAGER)
        assert await house.contents.export_file(dojo) == own("two")

    async def test_neither_is_one_of_another_dojo_of_the_server(self, house, dojo, slow):
        """S3: a server is who has something read, not a channel."""
        other = await house.dojos.set_up(GUILD, CHANNEL + 1, DojoSettings(), MANAGER)
        task = await self.begun(house, dojo, "slow")
        with pytest.raises(ImportBusy):
            await house.contents.import_file(other, own("two"), MANAGER)
        slow.set()
        await task

    async def test_other_servers_go_on_until_all_readers_are_taken(self, house, dojo, slow):
        """S3: two files at a time are read for all servers; the next waits for its turn."""
        others = [
            await house.dojos.set_up(GUILD + n, CHANNEL + n, DojoSettings(), manager_of(n))
            for n in (1, 2)
        ]
        first = await self.begun(house, dojo, "slow")
        await house.contents.import_file(others[0], own("one"), manager_of(1))
        second = await self.begun(house, others[0], "slow-two", manager_of(1))
        third = asyncio.create_task(
            house.contents.import_file(others[1], own("last"), manager_of(2))
        )
        await asyncio.sleep(0.05)
        assert not any("last" in text for text in self.reading)
        slow.set()
        await asyncio.gather(first, second, third)
        assert await house.contents.export_file(others[1]) == own("last")

    async def test_a_server_whose_caller_was_cancelled_may_go_on(self, house, dojo, slow):
        task = await self.begun(house, dojo, "slow")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        slow.set()
        await house.contents.import_file(dojo, own("two"), MANAGER)
        assert await house.contents.export_file(dojo) == own("two")

    async def test_after_faults_there_is_a_pause_that_grows(self, house, dojo, clock):
        """S3: refused files cannot be sent again and again."""
        pauses = []
        for _ in range(8):
            with pytest.raises(ContentRejected):
                await house.contents.import_file(dojo, "x", MANAGER)
            with pytest.raises(ImportTooSoon) as refused:
                await house.contents.import_file(dojo, own("one"), MANAGER)
            pauses.append(refused.value.seconds)
            clock.forward(seconds=refused.value.seconds - 1)
            with pytest.raises(ImportTooSoon, check=lambda error: error.seconds == 1):
                await house.contents.import_file(dojo, own("one"), MANAGER)
            clock.forward(seconds=1)
        assert pauses == [5, 10, 20, 40, 80, 160, 300, 300]
        assert await house.contents.export_file(dojo) != own("one")

    async def test_a_good_file_ends_the_growing(self, house, dojo, clock):
        """S3."""
        for _ in range(2):
            with pytest.raises(ContentRejected):
                await house.contents.import_file(dojo, "x", MANAGER)
            clock.forward(seconds=house.contents.imports.pause(dojo.guild_id))
        await house.contents.import_file(dojo, own("one"), MANAGER)
        with pytest.raises(ContentRejected):
            await house.contents.import_file(dojo, "x", MANAGER)
        assert house.contents.imports.pause(dojo.guild_id) == 5

    async def test_so_does_an_hour(self, house, dojo, clock):
        """S3: and nothing is remembered of servers that sent nothing faulty for so long."""
        imports = house.contents.imports
        for guild_id in (GUILD, GUILD + 1, GUILD):
            with pytest.raises(ContentRejected), imports.reading(guild_id):
                raise ContentRejected(())
            clock.forward(seconds=300)
        clock.forward(seconds=3600)
        with pytest.raises(ContentRejected):
            await house.contents.import_file(dojo, "x", MANAGER)
        assert imports.pause(GUILD) == 5
        assert len(imports._refused) == 1

    async def test_what_is_no_fault_of_the_file_begins_no_pause(self, house, dojo, monkeypatch):
        def broken(*_):
            raise OSError("no process")

        monkeypatch.setattr("bot.dojos.service.contents.check_in_process", broken)
        for _ in range(2):
            with pytest.raises(OSError, match="no process"):
                await house.contents.import_file(dojo, own("one"), MANAGER)

    async def test_a_server_waits_for_itself_alone(self, house, dojo):
        manager = manager_of(1)
        other = await house.dojos.set_up(GUILD + 1, CHANNEL + 1, DojoSettings(), manager)
        with pytest.raises(ContentRejected):
            await house.contents.import_file(dojo, "x", MANAGER)
        await house.contents.import_file(other, own("one"), manager)
        assert await house.contents.export_file(other) == own("one")

    async def test_a_person_who_may_not_is_not_told_how_long_to_wait(self, house, dojo):
        with pytest.raises(ContentRejected):
            await house.contents.import_file(dojo, "x", MANAGER)
        with pytest.raises(NotAllowed):
            await house.contents.import_file(dojo, own("one"), MEMBER)


async def test_only_the_article_is_asked_where_a_dojo_chose_so(house):
    """15.1: own questions stay, the list of signals too, and going back gives all of them again."""
    dojo = await house.dojos.set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
    everything = await house.contents.of_dojo(dojo)
    await house.contents.import_file(dojo, own("own-1"), MANAGER)

    chosen = await house.dojos.change(
        dojo, lambda settings: replace(settings, question_set=QuestionSet.ARTICLE), MANAGER
    )

    content = await house.contents.of_dojo(chosen)
    assert len(content.bank.questions) == 20
    assert {q.id for q in content.bank.questions if q.origin is not Origin.ADAPTED} == {"own-1"}
    assert content.signals == everything.signals
    back = await house.dojos.change(
        chosen, lambda settings: replace(settings, question_set=QuestionSet.ALL), MANAGER
    )
    assert len((await house.contents.of_dojo(back)).bank.questions) == 95
