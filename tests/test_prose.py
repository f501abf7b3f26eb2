"""Plain English in names, docstrings, comments and documents: no archaic or translated words."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources import ROOT, name_of

BANNED: dict[str, str] = {
    r"a?mend(s|ed|ing)?": "fix, correct",
    r"amid(st)?": "in, among",
    r"anew": "again",
    r"be it": "whether it is",
    r"forthwith": "at once",
    r"(there|where|here)(of|by|upon|in|with|unto)": "of it, by it, in it",
    r"hence(forth)?": "so, from now on",
    r"hitherto": "so far",
    r"in vain": "without success",
    r"indeed": "confirm (in a name), or nothing",
    r"is let be": "is left alone, is given up",
    r"lest": "so that … not",
    r"nobody else than": "only",
    r"n[ao]ught": "nothing",
    r"of which only": "only … of it",
    r"shall": "does, must",
    r"somebody": "someone, a person",
    r"upon": "on",
    r"whence": "from where",
    r"who(so)?ever": "the person who, anyone who",
}
"""Words as patterns, each with what to write instead."""
WORDS = re.compile(rf"\b(?:{'|'.join(BANNED)})\b", re.IGNORECASE)
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|`[^`]*`|\*\*[^*]*\*\*|<[^>]*>")
"""What documents quote: texts that people see, names, labels."""
FOLDERS = ("bot", "cogs", "tests", "content")


def files(ending: str) -> list[Path]:
    """Files of the repository with this ending."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob(f"*{ending}")]
    found += ROOT.glob(f"*{ending}")
    return sorted(found)


def words_of(name: str) -> str:
    """The words of an identifier: `is_HTTPError` is `is HTTP Error`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name.replace("_", " "))


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Names, comments and docstrings of a Python file, with their lines; nothing of one that has
    none of the words anywhere, as to take it apart costs most."""
    if not WORDS.search(text) and not WORDS.search(words_of(text)):
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
        elif token.type == tokenize.NAME:
            yield token.start[0], words_of(token.string)
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(docstring))):
                yield from enumerate(docstring.splitlines(), node.lineno)


def banned(found: Iterator[tuple[int, str]]) -> Iterator[str]:
    """A line for each banned word, with its place."""
    for number, line in found:
        for word in WORDS.finditer(line):
            better = next(
                better for pattern, better in BANNED.items() if re.fullmatch(pattern, word[0], re.I)
            )
            yield f"{number}: {word[0]} (write: {better})"


def test_python_files_are_in_plain_english():
    assert [
        f"{name_of(path)}:{fault}"
        for path in files(".py")
        if path != Path(__file__)
        for fault in banned(prose(path.read_text(encoding="utf-8")))
    ] == []


def test_documents_are_in_plain_english():
    assert [
        f"{name_of(path)}:{fault}"
        for path in files(".md")
        for fault in banned(
            (number, QUOTED.sub("", line))
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        )
    ] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("somebody_else = 1", ["somebody"]),
        ("class DrawAnew: ...", ["Anew"]),
        ("# Whoever comes late.", ["Whoever"]),
        ('"""Mended upon request."""', ["Mended", "upon"]),
        ('say("Somebody has left.")', []),
        ("recommended = 1  # amended", ["amended"]),
    ],
)
def test_only_names_comments_and_docstrings_are_looked_at(text, words):
    assert [fault.split()[1] for fault in banned(prose(text))] == words
