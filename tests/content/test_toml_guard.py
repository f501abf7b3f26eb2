"""What the parser would take long for is found at once, whatever stands around it."""

from __future__ import annotations

import contextlib
import importlib
import time
import tomllib
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.content.library import SHIPPED, load_library
from bot.content.own import own_template
from bot.content.toml_guard import MOST_DOTS, MOST_IN_LINE, MOST_NESTED, slow_part
from tests.content.bombs import bombs

_parser = importlib.import_module("tomllib._parser")
DEEP = "a." * MOST_DOTS + "a"
TOO_DEEP = "a." * (MOST_DOTS + 1) + "a"


@pytest.mark.parametrize(
    "text",
    [
        f"{TOO_DEEP} = 1",
        f"[{TOO_DEEP}]",
        f"[[{TOO_DEEP}]]",
        f"x = {{ {TOO_DEEP} = 1 }}",
        f"x = [1, {{ b = 1, {TOO_DEEP} = 1 }}]",
        TOO_DEEP.replace("a", '"a"') + " = 1",
        TOO_DEEP.replace(".", " \t. ") + " = 1",
        TOO_DEEP.replace("a", "'.'") + " = 1",
        f'x = [""""#"""", {{{TOO_DEEP} = 1}}]',
        f'x = ["""""#""""", {{{TOO_DEEP} = 1}}]',
        f"x = [''''#'''', {{{TOO_DEEP} = 1}}]",
        f'x = ["\\"#", {{{TOO_DEEP} = 1}}]',
        f"x = ['\\', {{{TOO_DEEP} = 1}}, '#']",
        f'x = ["""\\""" # """, {{{TOO_DEEP} = 1}}]',
        f"x = 1 # \u2028\n{TOO_DEEP} = 1",
        f'x = """\n"""\r\n{TOO_DEEP} = 1',
    ],
)
def test_a_name_with_too_many_dots_is_found_wherever_it_stands(text):
    """S3: the guard takes strings and comments for what the parser takes them for."""
    found = slow_part(text)

    assert found is not None
    assert found.startswith("has a name with too many dots (line ")
    tomllib.loads(text.replace(TOO_DEEP, "a", 1))


@pytest.mark.parametrize(
    "text",
    [
        f"{DEEP} = 1",
        "x = [" + "1.5, " * 100 + "]",
        f"# {'.' * 100}",
        f'x = "{"." * 100}"',
        f"x = '{'.' * 100}'",
        f'x = """{"." * 100}\n{"[" * 100}"""',
        f"x = '''{'.' * 100}\n'\"{'[' * 100}'''",
        "x = " + "[" * MOST_NESTED + "]" * MOST_NESTED,
        "[[a]]\n" * 100,
        f"# {'x' * MOST_IN_LINE * 2}",
        "x = 1 # " + "x" * MOST_IN_LINE * 2,
        f'x = """{"a" * MOST_IN_LINE}\n{"a" * MOST_IN_LINE}"""',
    ],
)
def test_what_the_parser_reads_quickly_is_let_through(text):
    assert slow_part(text) is None
    tomllib.loads(text)


def test_the_shipped_files_and_the_template_are_let_through():
    files = list(SHIPPED.rglob("*.toml"))
    texts = [file.read_text(encoding="utf-8") for file in files]
    texts.append(own_template(load_library()["en"]))
    assert files
    assert {slow_part(text) for text in texts} == {None}


def test_deep_nesting_and_endless_lines_are_named_with_their_line():
    assert slow_part("\nx = " + "[" * 33) == "is nested too deeply (line 2)"
    assert slow_part("\n\nx = " + "{a=" * 33) == "is nested too deeply (line 3)"
    long = "x = 1" + " " * MOST_IN_LINE
    assert slow_part(f"\n{long}") == "has a line of more than 20,000 characters (line 2)"
    assert slow_part(f"{long}# note\n") == "has a line of more than 20,000 characters (line 1)"


def test_what_the_parser_stops_at_ends_the_search():
    """A string without an end: the parser names it, and reads nothing after it."""
    for text in ('x = "a\n', "x = 'a\n", 'x = """a\n', "x = '''a\n", 'x = "\\'):
        assert slow_part(text + TOO_DEEP + " = 1") is None
        with pytest.raises(tomllib.TOMLDecodeError):
            tomllib.loads(text + TOO_DEEP + " = 1")


SCRAPS = (
    *(
        "\"'\\#\n\r.=,[]{} \t",
        '"' * 3,
        "'" * 3,
        '""',
        "''",
        "\r\n",
        "\u2028",
        "\x0b",
        "\\\\",
        '\\"',
    ),
    *("a", "1", "a=", "a=1\n", "x=[", "x={", "[a]\n", "[[a]]\n", TOO_DEEP, DEEP, f"{TOO_DEEP}=1"),
    *('"a".' * 9, "[" * 20, "{a=" * 20, '""""#""""', "''''#''''", '"#"', "'#'", "# \n", "\\u0041"),
)
TEXTS = st.lists(st.sampled_from(SCRAPS), max_size=24).map("".join)


class Watched:
    """How deep the parser got into names and brackets."""

    def __init__(self) -> None:
        self.parts = self.depth = self._now = 0

    def parse_key(self, *given):
        at, key = self._parse_key(*given)
        self.parts = max(self.parts, len(key))
        return at, key

    def inside(self, parse):
        def watched(*given):
            self._now += 1
            self.depth = max(self.depth, self._now)
            try:
                return parse(*given)
            finally:
                self._now -= 1

        return watched

    def read(self, text: str) -> None:
        self._parse_key = _parser.parse_key
        with (
            mock.patch.object(_parser, "parse_key", self.parse_key),
            mock.patch.object(_parser, "parse_array", self.inside(_parser.parse_array)),
            mock.patch.object(
                _parser, "parse_inline_table", self.inside(_parser.parse_inline_table)
            ),
        ):
            try:
                tomllib.loads(text)
            except (ValueError, RecursionError):
                return


def test_the_parser_is_watched_where_it_reads_names_and_brackets():
    """The next test is worth nothing with another parser."""
    watched = Watched()
    watched.read('a."b".c = [[{ d = 1 }]]')
    assert (watched.parts, watched.depth) == (3, 3)


@examples(max_examples=1_000, deadline=None)
@given(TEXTS)
def test_no_text_that_is_let_through_has_deep_names_or_brackets(text):
    """S3: whatever the guard and the parser make of strings, comments and line ends."""
    if slow_part(text) is None:
        watched = Watched()
        watched.read(text)
        assert watched.parts <= MOST_DOTS + 1
        assert watched.depth <= MOST_NESTED


def takes_less(limit: float, work, text: str) -> bool:
    """Whether it takes less than so many seconds of the processor, once in two tries: other
    programs do not count."""

    def took() -> float:
        began = time.process_time()
        with contextlib.suppress(ValueError):
            work(text)
        return time.process_time() - began

    return any(took() < limit for _ in range(2))


@examples(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(SCRAPS), min_size=1, max_size=6).map("".join))
def test_the_guard_is_quick_and_lets_nothing_slow_through(scrap):
    """S3: 64 KiB of any scrap; the old guard took 27 seconds for the worst, the parser two."""
    text = "x=[" * (len(scrap) % 2) + scrap * (64 * 1024 // len(scrap))

    assert takes_less(0.4, slow_part, text)
    if slow_part(text) is None:
        assert takes_less(1, tomllib.loads, text)


@pytest.mark.parametrize(("name", "text"), bombs().items(), ids=bombs())
def test_no_bomb_keeps_guard_or_parser_busy(name, text):
    """S3: files of 128 KiB; nine of them took the old guard or the parser seconds to minutes."""
    assert takes_less(0.4, slow_part, text)
    if slow_part(text) is None:
        assert takes_less(1, tomllib.loads, text)
