"""A dojo's file is read in a process of its own, which has little and does not live long."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
from types import MappingProxyType

import pytest

from bot.content import reader
from bot.content.library import load_library
from bot.content.limits import OWN_FILE_BYTES
from bot.content.model.refusals import ContentRejected, Fault
from bot.content.own import FILE_NAME, own_template, read_own
from bot.content.reader import (
    LIMIT_SECONDS,
    LONGEST_PART,
    MOST_FAULTS,
    check_in_process,
    faults_of,
)
from tests.content.bombs import bombs

BASE = load_library()["en"]
FAULTY = """\
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
"""


def rejected(text: str, **how: float) -> ContentRejected:
    with pytest.raises(ContentRejected) as refusal:
        check_in_process(text, BASE, **how)
    return refusal.value


def run(program: str, **how) -> subprocess.CompletedProcess[str]:
    """A program that has what the reader has."""
    return subprocess.run(
        [sys.executable, "-P", "-S", "-c", program],
        env=reader._environment(),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        **how,
    )


@pytest.fixture
def processes(monkeypatch) -> list[subprocess.Popen[bytes]]:
    """Every process that is started, while the test lasts."""
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen):
        def __init__(self, *given, **how) -> None:
            super().__init__(*given, **how)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return started


@pytest.mark.parametrize("text", [own_template(BASE), "version = 1\n", "version=1\r\n# é 🌱\n"])
def test_a_file_without_faults_passes(text):
    check_in_process(text, BASE)


@pytest.mark.parametrize(
    "text", [FAULTY, "", "hello", "version = 2", "version = 1\nx = '\ud800'", "version = 1\0"]
)
def test_every_fault_comes_back_by_file_and_key(text):
    """S3: the same faults in the same order as without a process."""
    with pytest.raises(ContentRejected) as here:
        read_own(text, BASE)
    there = rejected(text)
    assert [str(fault) for fault in there.faults] == [str(fault) for fault in here.value.faults]
    assert there.more == 0


def test_it_is_read_over_the_content_that_was_given():
    base = load_library()["en"]
    other = MappingProxyType({**base.formats, "ours-20": base.formats["quick-10"]})
    text = 'version = 1\n[hide]\nformats = ["ours-20"]\n'
    assert "“ours-20” is not in the shipped content" in str(rejected(text))
    changed = type(base)(
        **{
            **{name: getattr(base, name) for name in base.__slots__},
            "formats": other,
        }
    )
    check_in_process(text, changed)


@pytest.mark.parametrize("name", ["tiny questions", "many keys"])
def test_more_faults_than_anybody_reads_are_counted(name):
    """S3: the list that comes back stays short, whatever the file does."""
    found = faults_of(bombs()[name], BASE)
    assert len(found["faults"]) == MOST_FAULTS
    assert found["more"] > 10_000


def test_the_longest_list_of_faults_comes_back_from_the_process():
    """S3: within its memory, and with all its faults counted."""
    found = rejected(bombs()["questions that are numbers"], seconds=30)
    assert len(found.faults) == MOST_FAULTS
    assert found.more > 10_000


def test_a_fault_that_quotes_the_whole_file_is_cut():
    """S3."""
    found = faults_of(bombs()["a phase that is a list"], BASE)
    ((place, problem),) = found["faults"]
    assert place == f"{FILE_NAME}: q: phase"
    assert len(problem) == LONGEST_PART
    assert problem.endswith("…")
    assert len(json.dumps(found)) < 1_000


def test_a_file_that_takes_too_long_is_refused_and_its_process_ended(processes):
    """S3: killed, and its end waited for, so that nothing of it is left."""
    found = rejected("version = 1\n", seconds=0.005)
    assert found.faults == (
        Fault(
            FILE_NAME,
            "takes longer than 0.005 seconds to read, so I stopped; make it shorter and simpler",
        ),
    )
    (process,) = processes
    assert process.returncode is not None
    assert process.returncode != 0
    if os.name == "posix":
        with pytest.raises(ChildProcessError):
            os.waitpid(process.pid, os.WNOHANG)


def test_a_process_that_breaks_down_is_a_fault_and_its_last_words_are_not_logged(
    monkeypatch, caplog
):
    """S3, S18: what it writes on its way out can quote the file."""
    monkeypatch.setattr(reader, "_PROGRAM", "raise SystemExit('the secret of kim')")
    found = rejected("version = 1\n")
    assert [fault.problem for fault in found.faults] == [
        "could not be read to its end; try again, or make it shorter and simpler"
    ]
    assert "ended with code 1" in caplog.text
    assert "kim" not in caplog.text


def test_where_no_process_can_be_started_nothing_is_said_of_the_file(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(OSError, match="nowhere"):
        check_in_process("version = 1\n", BASE)


def test_the_process_has_nothing_of_discord_and_nothing_of_ours(monkeypatch):
    """S3: no token, no path of the database, no library that talks to anybody."""
    monkeypatch.setenv("DISCORD_TOKEN", "a.b.c")
    monkeypatch.setenv("DOJO_DATABASE", "dojo.sqlite3")
    program = (
        "import os, sys; from bot.content.reader import main;"
        "print(sorted({name.partition('.')[0] for name in sys.modules}));"
        "print(sorted(os.environ))"
    )
    modules, names = map(eval, run(program).stdout.splitlines())
    assert not {"discord", "aiohttp", "aiosqlite", "sqlite3", "asyncio", "dotenv"} & set(modules)
    assert not [name for name in names if name.startswith(("DISCORD_", "DOJO_"))]


def test_a_process_whose_bot_is_gone_ends_by_itself():
    """S3: nobody is left to end it; the system does, a moment later."""
    pytest.importorskip("resource")
    program = (
        "from bot.content import reader; reader.LIMIT_SECONDS = 0; reader._limit_itself()\n"
        "while True: pass"
    )
    assert run(program).returncode < 0


def test_ctrl_c_at_the_terminal_does_not_reach_the_process():
    """S3: a stop in the middle lets the file be read to its end, and its sender hear of it."""
    if not hasattr(os, "killpg"):
        pytest.skip("groups of processes are of POSIX")
    program = (
        "import os, signal, threading;"
        "from bot.content.library import load_library;"
        "from bot.content.reader import check_in_process;"
        "signal.signal(signal.SIGINT, lambda *_: print('stopped'));"
        "base = load_library()['en'];"
        "threading.Timer(0.04, lambda: os.killpg(0, signal.SIGINT)).start();"
        "check_in_process('version = 1', base); print('read')"
    )
    done = run(program, start_new_session=True)
    assert done.stdout.split() == ["stopped", "read"], done.stderr


def test_no_file_of_the_size_that_is_allowed_comes_near_the_limit():
    """S3: seconds of the processor; what the process does apart from its start."""
    slow: dict[str, float] = {}
    for name, text in bombs().items():
        began = time.process_time()
        faults_of(text, BASE)
        if (took := time.process_time() - began) > 2 * LIMIT_SECONDS:
            # Several times as long as on a machine that is idle.
            slow[name] = took
        assert len(text.encode()) <= OWN_FILE_BYTES, name
    assert slow == {}


def test_only_what_is_given_is_unpacked():
    """The content survives the way, read-only mappings included."""
    text, base = pickle.loads(reader._packed(("a", BASE)))  # noqa: S301 - made here
    assert (text, base) == ("a", BASE)
    assert isinstance(base.formats, MappingProxyType)
