"""`/dojo content export` and `import` from end to end."""

from __future__ import annotations

import asyncio
import re
import time
import tomllib
from functools import partial

import discord
import pytest

from bot.content.limits import MARKERS, OWN_FILE_BYTES, OWN_QUESTIONS
from bot.content.model.questions import Phase
from bot.content.reader import check_in_process
from tests.content.bombs import bombs
from tests.dojos.ui.steps import settings_of
from tests.simulation.world import chosen, fields, file_of, labels, question_of, text, texts, told

OWN = """\
# our evening
version = 1

[[question]]
id = "our-close"
phase = "close"
text = "What would you tell {name_of_a_friend}?"

[[question]]
id = "close-1"
text = "How shall we end?"

[hide]
questions = ["close-2"]
"""

FORMATS = """\
version = 1

[[format]]
id = "our-20"
name = "Our *twenty*"
suits = "Evenings."
people = [3, 5]
segments = [{ kind = "coach", minutes = 15.5 }, { kind = "observers", minutes = 4.5 }]

[[format]]
id = "quick-10"
name = "Short one"

[hide]
formats = ["triad-30", "relay-30"]
"""


async def export(server, channel=None) -> str:
    fay = server.manager(f"exporter-{len(server.handle.member_ids())}")
    answer = await fay.slash(channel or server.dojo, "dojo content export")
    assert answer.response.ephemeral
    return await file_of(answer.response, "dojo-content.toml")


async def listed(server, phase, channel=None) -> list[str]:
    """All questions of a phase as the list shows them."""
    reader = server.member(f"reader-{len(server.handle.member_ids())}")
    answer = await reader.slash(channel or server.dojo, "question", phase=phase, show="me")
    card = (await reader.click(answer.response, label="Show all")).response
    lines = texts(card)[1].splitlines()
    while "Next page" in labels(card):
        await reader.click(card, label="Next page")
        lines += texts(card)[1].splitlines()
    return [line.split(". ", 1)[1] for line in lines]


# Export


async def test_a_dojo_without_own_content_gets_a_file_that_shows_how(server, library):
    exported = await export(server)

    assert tomllib.loads(exported) == {"version": 1}
    assert all(question.id in exported for question in library["en"].bank.questions)
    assert all(f"{signal.code} " in exported for signal in library["en"].signals.signals)
    assert all(f"{name} " in exported for name in library["en"].formats)


async def test_what_was_imported_is_exported_unchanged(server):
    await server.give_content(OWN)

    assert await export(server) == OWN


async def test_the_exported_template_can_be_imported_as_it_is(server, library):
    result = await server.give_content(await export(server))

    assert "The file has no own content" in text(result.response)
    assert len(await listed(server, "close")) == len(library["en"].bank.in_phase(Phase.CLOSE))


async def test_every_example_of_the_template_can_be_used(server):
    template = await export(server)
    begin = template.index("# [[question]]")
    end = template.index("# A signal can be changed")
    examples = [line.removeprefix("# ") for line in template[begin:end].splitlines()]
    code = [line for line in examples if re.match(r"[\[\]]|    \{|\w+ = ", line)]

    result = await server.give_content("version = 1\n" + "\n".join(code))

    assert "### Imported" in text(result.response)
    assert "1 format added and 1 format hidden" in text(result.response)


async def test_the_export_says_what_to_do_with_the_file(server):
    answer = await server.manager().slash(server.dojo, "dojo content export")

    assert "</dojo content import:" in text(answer.response)


async def test_export_in_a_thread_is_that_of_the_dojo(server):
    await server.give_content(OWN)

    assert await export(server, server.thread()) == OWN


@pytest.mark.parametrize("command", ["export", "import"])
async def test_where_there_is_no_dojo_there_is_no_own_content(server, command):
    options = {"file": ("own.toml", OWN.encode())} if command == "import" else {}

    answer = await server.manager().slash(server.lounge, f"dojo content {command}", **options)

    assert "not a dojo" in told(answer)


# Import


async def test_import_says_what_it_changed(server):
    result = await server.give_content(OWN)

    assert result.response.ephemeral
    assert "1 question added, 1 question changed and 1 question hidden" in text(result.response)


async def test_an_added_question_is_listed_and_picked(server, library):
    await server.give_content(OWN)

    assert "What would you tell __‹ name of a friend ›__?" in await listed(server, "close")
    carla = server.member("carla")
    drawn = set()
    # The list above was opened with one of this cycle.
    for _ in range(2 * len(library["en"].bank.deck(Phase.CLOSE))):
        answer = await carla.slash(server.dojo, "question", phase="close")
        drawn.add(question_of(answer.response))
    assert "What would you tell __‹ name of a friend ›__?" in drawn


async def test_a_hidden_question_is_neither_listed_nor_picked(server, library):
    hidden = library["en"].bank.get("close-2").text
    await server.give_content(OWN)

    assert hidden not in await listed(server, "close")
    carla = server.member("carla")
    for _ in library["en"].bank.deck(Phase.CLOSE):
        answer = await carla.slash(server.dojo, "question", phase="close")
        assert question_of(answer.response) != hidden


async def test_a_changed_question_has_its_new_text_in_its_old_place(server, library):
    await server.give_content(OWN)

    close = await listed(server, "close")

    place = library["en"].bank.deck(Phase.CLOSE).index("close-1")
    assert close[place] == "How shall we end?"
    assert library["en"].bank.get("close-1").text not in close


async def test_import_during_a_cycle_repeats_nothing_that_was_seen(server, library):
    carla = server.member("carla")
    seen = []
    for number in range(len(library["en"].bank.deck(Phase.CLOSE))):
        if number == 5:
            await server.give_content(
                'version = 1\n[[question]]\nid = "ours"\nphase = "close"\ntext = "Ours?"\n'
            )
        answer = await carla.slash(server.dojo, "question", phase="close")
        seen.append(question_of(answer.response))

    assert len(set(seen)) == len(seen)


async def test_signals_can_be_changed_hidden_and_added(server):
    await server.give_content("""\
version = 1
[[signal]]
code = "S1"
name = "Meaning put on"
[[signal]]
code = "X1"
slug = "own-one"
name = "Own signal"
kind = "event"
short = "Short."
looks = "Looks."
listen = "Listen."
counterpart = { slug = "own-other", name = "Own counterpart", text = "Text." }
[hide]
signals = ["S2", "S3", "S5", "S6"]
""")

    answer = await server.member("carla").slash(server.dojo, "signals")
    lines = text(answer.response).splitlines()
    codes = [line.split("**")[1] for line in lines if line.startswith("**")]

    assert codes == ["S1", "S4", "X1"]
    assert any(line.startswith("**S1**") and "Meaning put on" in line for line in lines)


async def test_import_says_which_signals_it_changed(server):
    result = await server.give_content(
        'version = 1\n[[signal]]\ncode = "S1"\nname = "Other"\n[hide]\nsignals = ["S2"]\n'
    )

    assert "1 signal changed and 1 signal hidden" in text(result.response)


# Formats


async def usual_format_menu(server) -> dict:
    """The menu of formats in the form of `/dojo setup`."""
    reader = server.manager(f"reader-{len(server.handle.member_ids())}")
    return fields(await reader.slash(server.dojo, "dojo setup"))["format"]


def offered(menu) -> dict[str, str]:
    return {option["value"]: option["label"] for option in menu["options"]}


async def test_own_formats_are_counted_and_offered(server, library):
    result = await server.give_content(FORMATS)

    assert "1 format added, 1 format changed and 2 formats hidden" in text(result.response)
    formats = offered(await usual_format_menu(server))
    shipped = [name for name in library["en"].formats if name not in ("triad-30", "relay-30")]
    assert list(formats) == [*shipped, "our-20"]
    assert (formats["our-20"], formats["quick-10"]) == ("Our *twenty*", "Short one")


async def test_an_own_format_can_be_the_usual_one(world, server):
    await server.give_content(FORMATS)

    await server.set_up(format=["our-20"])
    await world.restart()

    assert r"**Usual format:** Our \*twenty\* · 20 min, 15.5 coaching" in await settings_of(server)
    assert chosen(await usual_format_menu(server)) == ["our-20"]


async def test_a_dojo_that_was_stopped_is_still_offered_its_own_formats(server):
    await server.give_content(FORMATS)
    await server.set_up(format=["our-20"])
    await server.stop()

    assert chosen(await usual_format_menu(server)) == ["our-20"]


async def test_a_usual_format_that_is_taken_out_gives_way_and_the_import_says_so(server):
    await server.give_content(FORMATS)
    await server.set_up(format=["our-20"])

    result = await server.give_content("version = 1\n")

    said = text(result.response)
    assert "The usual format of this dojo is hidden or gone, so Classic triad takes its" in said
    assert "</dojo setup:" in said
    assert "**Usual format:** Classic triad" in await settings_of(server)
    assert chosen(await usual_format_menu(server)) == ["triad-30"]


async def test_a_usual_format_that_is_hidden_gives_way_to_the_first(server):
    result = await server.give_content(FORMATS)

    assert "so Short one takes its place" in text(result.response)
    assert "**Usual format:** Short one" in await settings_of(server)
    assert chosen(await usual_format_menu(server)) == ["quick-10"]


async def test_a_usual_format_that_is_there_is_not_spoken_of(server):
    result = await server.give_content(OWN)

    assert "usual format" not in text(result.response)


async def test_faulty_formats_are_named_all_at_once_and_change_nothing(server):
    await server.give_content(FORMATS)
    before = await usual_format_menu(server)

    result = await server.give_content("""\
version = 1
[[format]]
id = "our-20"
name = "Ours"
suits = "Evenings."
people = [5, 3]
total = 30
segments = [{ kind = "observers", minutes = 4 }, { kind = "self", minutes = 5 }]
[[format]]
id = "quick-10"
segments = [{ kind = "couch", minutes = 90 }]
""")

    said = text(result.response)
    for fault in (
        "our-20: people: must be two whole numbers",
        "our-20: total: says 30 min, but the segments add up to 9",
        "our-20: segments: has no coach segment",
        "our-20: segments: has its debrief in the order observers → self",
        "quick-10: segment 1: kind: “couch” is not known",
        "quick-10: segment 1: minutes: is 90; 0.5 to 60 are allowed",
    ):
        assert fault in said
    assert "### Not imported: 6 faults" in said
    assert await usual_format_menu(server) == before


async def test_own_content_survives_a_restart(world, server):
    await server.give_content(OWN)
    before = await listed(server, "close")

    await world.restart(crash=True)

    assert await listed(server, "close") == before
    assert await export(server) == OWN


async def test_own_content_belongs_to_one_dojo(server, library):
    await server.set_up(server.lounge)

    await server.give_content(OWN)

    assert "How shall we end?" not in await listed(server, "close", server.lounge)
    assert tomllib.loads(await export(server, server.lounge)) == {"version": 1}


async def test_the_first_import_attaches_no_previous_file(server):
    result = await server.give_content(OWN)

    assert result.response.attachments == []


async def test_a_further_import_gives_the_previous_file_back(server):
    await server.give_content(OWN)

    result = await server.give_content("version = 1\n")

    assert await file_of(result.response, "before-dojo-content.toml") == OWN
    assert "How shall we end?" not in await listed(server, "close")


async def test_the_previous_file_brings_everything_back(server):
    await server.give_content(OWN)
    before = await listed(server, "close")
    result = await server.give_content("version = 1\n")

    await server.give_content(await file_of(result.response, "before-dojo-content.toml"))

    assert await listed(server, "close") == before


@pytest.mark.parametrize(
    "as_sent",
    [OWN.encode("utf-8-sig"), OWN.replace("\n", "\r\n").encode()],
    ids=["byte order mark", "Windows lines"],
)
async def test_a_file_saved_by_windows_editors_is_read(server, as_sent):
    await server.give_content(as_sent)

    assert "How shall we end?" in await listed(server, "close")


async def test_what_people_type_is_shown_as_typed(server):
    await server.give_content(
        'version = 1\n[[question]]\nid = "x"\nphase = "close"\n'
        'text = "**You** @everyone [a](https://example.org) <#1>?"\n'
    )

    shown = "\n".join(await listed(server, "close"))

    assert r"\*\*You\*\*" in shown
    assert "@everyone" not in shown


# Faults


def with_faults(count: int) -> str:
    return "version = 1\n" + "".join(
        f'[[question]]\nid = "q-{number}"\nphase = "nowhere"\ntext = "What?"\n'
        for number in range(count)
    )


async def test_every_fault_is_named_by_place_and_key(server):
    result = await server.give_content("""\
version = 1
unknown = 1
[[question]]
id = "a"
phase = "nowhere"
text = ""
[[question]]
id = "b"
phase = "close"
text = "What {Is this}?"
[hide]
questions = ["no-such"]
""")

    said = text(result.response)
    assert "### Not imported: " in said
    for fault in (
        "a: phase: “nowhere” is not known; it must be one of start, check-in",
        "a: text: is empty",
        "b: text: has a brace that is no blank",
        "hide: questions: “no-such” is not in the shipped content",
        "unknown: is not known here",
    ):
        assert fault in said


async def test_one_fault_is_said_in_the_singular(server):
    result = await server.give_content(with_faults(1))

    assert "### Not imported: 1 fault in own.toml\n" in text(result.response) + "\n"
    assert result.response.attachments == []


async def test_twelve_faults_fit_the_card(server):
    result = await server.give_content(with_faults(12))

    assert text(result.response).count("“nowhere”") == 12
    assert result.response.attachments == []


async def test_more_than_twelve_faults_come_as_a_file(server):
    result = await server.give_content(with_faults(30))

    said = text(result.response)
    assert "### Not imported: 30 faults" in said
    assert "… and 18 more, all of them in this file:" in said
    faults = (await file_of(result.response, "faults.txt")).splitlines()
    assert len(faults) == 30
    assert "q-29" in faults[-1]


async def test_a_file_with_a_fault_changes_nothing(world, server):
    await server.give_content(OWN)
    before = await listed(server, "close")

    broken = await server.give_content(OWN.replace('"How shall', "How shall"))
    await world.later(10)
    faulty = await server.give_content(OWN + with_faults(1).removeprefix("version = 1\n"))

    for result in (broken, faulty):
        assert "### Not imported: 1 fault" in text(result.response)
    assert await listed(server, "close") == before
    assert await export(server) == OWN


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        (b"", "version: is missing"),
        (b"version = 2\n", "version: is 2"),
        (b"hello", "is not valid TOML"),
        (OWN.encode("utf-16"), "is not a text file in UTF-8"),
        (b"\x89PNG\r\n\x1a\n\xff", "is not a text file in UTF-8"),
        (b"version = 1\nquestion = 3\n", "question: must be a list"),
        (b"version = 1\nquestion = [3]\n", "must be a table"),
        (b'version = 1\n[hide]\nsignals = ["S1","S2","S3","S4","S5","S6"]\n', "there would be 0"),
    ],
)
async def test_a_file_of_another_kind_is_refused_by_name(server, file, fault):
    result = await server.give_content(file)

    assert "Nothing was changed" in text(result.response)
    assert fault in text(result.response)


async def test_hiding_all_questions_of_a_phase_is_refused(server, library):
    ids = [f'"{name}"' for name in library["en"].bank.deck(Phase.CHECK_IN)]

    result = await server.give_content(f"version = 1\n[hide]\nquestions = [{', '.join(ids)}]\n")

    assert "would leave no question for the phase check-in" in text(result.response)


async def test_too_many_questions_are_refused(server):
    questions = "".join(
        f'[[question]]\nid = "q-{number}"\nphase = "start"\ntext = "What?"\n'
        for number in range(OWN_QUESTIONS + 1)
    )

    result = await server.give_content("version = 1\n" + questions)

    assert f"there are {OWN_QUESTIONS + 1}; {OWN_QUESTIONS} is the most" in text(result.response)


async def test_too_many_markers_are_refused(server):
    many = ", ".join('"7.3"' for _ in range(2_000))

    result = await server.give_content(
        f'version = 1\n[[signal]]\ncode = "S1"\nmarkers = [{many}]\n'
    )

    assert f"S1: markers: there are 2000; {MARKERS} is the most" in text(result.response)


async def test_a_file_that_is_too_large_is_not_read(server, monkeypatch):
    async def read(self, **options):
        raise AssertionError("it was fetched")

    monkeypatch.setattr(discord.Attachment, "read", read)

    result = await server.give_content(b"#" * (OWN_FILE_BYTES + 1), name="huge.toml")

    assert "1 fault in huge.toml" in text(result.response)


async def test_the_largest_file_is_read(server):
    result = await server.give_content(b"version = 1\n".ljust(OWN_FILE_BYTES, b"#"))

    assert "### Imported" in text(result.response)


async def test_a_fault_cannot_smuggle_in_a_mention(server):
    result = await server.give_content('version = 1\n"@everyone **x**" = 1\n')

    assert "@everyone" not in text(result.response)
    assert "**x**" not in text(result.response)


# Files made to keep their reader busy


@pytest.mark.parametrize("name", ["backslashes and quotes", "dotted name after a string with #"])
async def test_no_file_stops_the_bot(server, name):
    """S3: 128 KiB of it stopped everything for minutes, in all servers."""
    gaps = []

    async def beat():
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.01)
            now = time.perf_counter()
            gaps.append(now - last)
            last = now

    heart = asyncio.ensure_future(beat())
    began = time.perf_counter()
    result = await server.give_content(bombs()[name])
    took = time.perf_counter() - began
    heart.cancel()

    assert "### Not imported: 1 fault in own.toml" in text(result.response)
    assert max(gaps) < 1
    assert took < 3


async def test_a_file_that_takes_too_long_is_refused_in_a_sentence(server, monkeypatch):
    """S3: what the guard does not know is ended with its process."""
    monkeypatch.setattr(
        "bot.dojos.service.contents.check_in_process", partial(check_in_process, seconds=0.01)
    )

    result = await server.give_content(OWN)

    said = text(result.response)
    assert "Nothing was changed." in said
    assert "- takes longer than 0.01 seconds to read, so I stopped; make it shorter" in said
    assert tomllib.loads(await export(server)) == {"version": 1}


async def test_after_faults_the_next_file_waits_and_the_sentence_says_how_long(world, server):
    """S3."""
    fay = server.manager()
    refused = await server.give_content(with_faults(1), by=fay)
    assert "Correct the file and import it again in 5 seconds or later." in text(refused.response)

    told_early = told(await server.give_content(OWN, by=fay))
    assert told_early == "The last file had faults. Try again in 5 seconds."
    await world.later(4)
    assert told(await server.give_content(OWN)) == (
        "The last file had faults. Try again in 1 second."
    )
    await world.later(1)

    assert "### Imported" in text((await server.give_content(OWN, by=fay)).response)


async def test_a_file_that_waits_is_not_fetched(server, monkeypatch):
    """S3."""
    await server.give_content(with_faults(1))

    async def read(self, **options):
        raise AssertionError("it was fetched")

    monkeypatch.setattr(discord.Attachment, "read", read)
    assert "Try again in" in told(await server.give_content(OWN))


async def test_two_files_at_once_are_read_one_after_the_other(world, server):
    """S3: the second sender hears what to do."""
    fay, gus = server.manager(), server.manager("gus")

    results = await world.together(
        partial(server.give_content, OWN, by=fay), partial(server.give_content, FORMATS, by=gus)
    )

    said = [
        text(one.response) if one.followups == [] and one.response.components else told(one)
        for one in results
    ]
    assert sum("### Imported" in words for words in said) == 1
    assert said.count("Another file of this server is being read. Try again in a moment.") == 1


async def test_more_faults_than_anybody_reads_are_counted(server):
    """S3: the first thousand are in the file, the others are counted."""
    result = await server.give_content("version = 1\nquestion = [\n" + "{},\n" * 999 + "]\n")

    said = text(result.response)
    assert "### Not imported: 2998 faults in own.toml" in said
    assert "… and 2,986 more, the first 1,000 in this file:" in said
    faults = (await file_of(result.response, "faults.txt")).splitlines()
    assert len(faults) == 1_001
    assert faults[-1] == "… and 1,998 more"


# After the shipped content or the language has changed


async def test_own_content_that_no_longer_fits_is_named_by_check(world, server, two_languages):
    file = two_languages / "en" / "questions" / "close.toml"
    await server.give_content('version = 1\n[hide]\nquestions = ["close-2"]\n')
    file.write_text(file.read_text().replace('id = "close-2"', 'id = "close-two"'))
    world.content = two_languages
    await world.restart()

    answer = await server.manager().slash(server.dojo, "dojo check")

    said = text(answer.response)
    assert "own content no longer fits the shipped one" in said
    assert "“close-2” is not in the shipped content" in said
    assert len(await listed(server, "close")) > 1


async def test_a_change_of_language_that_own_content_does_not_fit_is_named_by_check(
    world, server, two_languages
):
    file = two_languages / "it" / "questions" / "close.toml"
    file.write_text(file.read_text().replace('id = "close-2"', 'id = "chiusura-2"'))
    world.content = two_languages
    await world.restart()
    await server.give_content('version = 1\n[hide]\nquestions = ["close-2"]\n')

    await server.set_up(language=["it"])

    answer = await server.manager().slash(server.dojo, "dojo check")
    assert "own content no longer fits" in text(answer.response)
    assert (await listed(server, "close"))[0].startswith("◆ Allora: ")


SHORT = """\
version = 1

[[format]]
id = "our-3"
name = "Very *quick*"
suits = "People in a hurry."
people = [2, 3]
segments = [{ kind = "coach", minutes = 2.5 }, { kind = "self", minutes = 0.5 }]

[[format]]
id = "quick-10"
name = "Short one"
"""


async def test_parts_under_a_minute_are_asked_about_and_then_taken(world, server):
    """F6: nothing changes before the yes, and a restart in between loses nothing."""
    await server.becomes_dojo()
    fay = server.manager("fay")

    asked = (await server.give_content(SHORT, by=fay)).response
    question, kept = text(asked), await file_of(asked, "dojo-content.toml")
    before = await export(server)
    await world.restart()
    answer = await fay.click(asked, label="Take it as it is")

    assert "- **Very \\*quick\\***: self, 30 seconds" in question
    assert "Short one" not in question
    assert kept == SHORT
    assert "our-3" not in before
    assert "1 format added" in text(answer.followups[-1])
    assert await export(server) == SHORT
    assert labels(asked) == []


async def test_a_file_with_short_parts_can_be_left(server):
    """F6: then the dojo has what it had."""
    await server.becomes_dojo()
    fay = server.manager("fay")
    asked = (await server.give_content(SHORT, by=fay)).response

    await fay.click(asked, label="Leave it")

    assert "Nothing was changed" in text(asked)
    assert "our-3" not in await export(server)


async def test_who_lost_the_right_takes_no_file(server):
    """F6: the right is looked up at the press."""
    await server.becomes_dojo()
    fay = server.manager("fay")
    asked = (await server.give_content(SHORT, by=fay)).response
    server.take_role(fay, server.managers)

    refused = await fay.click(asked, label="Take it as it is")

    assert "Manage Channels" in told(refused)
    assert "our-3" not in await export(server)
