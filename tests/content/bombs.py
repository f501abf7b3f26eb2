"""Content files made to keep their reader busy, of the size that is allowed."""

from __future__ import annotations

from bot.content.limits import OWN_FILE_BYTES
from bot.content.toml_guard import MOST_DOTS, MOST_NESTED

QUESTION = 'version=1\n[[question]]\nid="q"\nphase="start"\ntext="'
FORMAT = 'version=1\n[[format]]\nid="f"\nname="F"\nsuits="x"\npeople=[3,4]\nsegments=['


def filled(before: str, unit: str, after: str, *, size: int = OWN_FILE_BYTES) -> str:
    """`unit` again and again between `before` and `after`, as often as `size` bytes allow."""
    times = (size - len((before + after).encode())) // len(unit.encode())
    return before + unit * times + after


def bombs(size: int = OWN_FILE_BYTES) -> dict[str, str]:
    """Files of at most `size` bytes, by what they try."""

    def fill(before: str, unit: str, after: str) -> str:
        return filled(before, unit, after, size=size)

    def numbered(before: str, unit: str, after: str) -> str:
        times = size // len(unit.format("00000").encode()) - 16
        return before + "".join(unit.format(number) for number in range(times)) + after

    deep = ".".join(["a"] * (MOST_DOTS + 1))
    nested = "[" * (MOST_NESTED - 1) + "]" * (MOST_NESTED - 1)
    return {
        "backslashes and quotes": fill("version=1\nx=", '"\\', "\n"),
        "dotted name": fill("version=1\n", "a.", "a=1\n"),
        "dotted name after a string with #": fill('version=1\nx=[""""#"""",{', "a.", "a=1}]\n"),
        "dotted name after a literal with #": fill("version=1\nx=[''''#'''',{", "a.", "a=1}]\n"),
        "dotted name after an odd line end": fill(
            'version=1\nx="\\\u2028#" #\u2028', "a.", "a=1\n"
        ),
        "dotted name of quoted parts": fill("version=1\n", '"a" . ', "a=1\n"),
        "dotted name in a header": fill("version=1\n[", "a.", "a]\n"),
        "as many dots as are allowed": numbered("version=1\n", deep + "{}=1\n", ""),
        "as many dots in headers": numbered("version=1\n", f"[{deep}.b{{}}]\n", "").replace(
            deep + ".b", deep[:-2] + ".b"
        ),
        "as many dots in lists of tables": fill("version=1\n", f"[[{deep}]]\nb=1\n", ""),
        "as many dots in tables": numbered("version=1\nx=[\n", "{{" + deep + "{}=1}},\n", "]\n"),
        "nested arrays": fill("version=1\nx=", "[", ""),
        "nested tables": fill("version=1\nx=", "{a=", ""),
        "as deep as is allowed": fill("version=1\nx=[\n", f"{nested},\n", "]\n"),
        "a list of tables": fill("version=1\n", "[[q]]\n", ""),
        "many questions": fill("version=1\n", "[[question]]\n", ""),
        "tiny questions": fill("version=1\nquestion=[\n", "{},\n", "]\n"),
        "questions that are numbers": fill("version=1\nquestion=[\n", "0,\n", "]\n"),
        "markers that are numbers": fill(QUESTION + 'x"\nmarkers=[\n', "0,\n", "]\n"),
        "many keys": numbered("version=1\n", "k{}=1\n", ""),
        "dotted keys": numbered("version=1\n", "a.b.c.d.e.k{}=1\n", ""),
        "keys of a table": numbered("version=1\nx={", "k{}=1,", "k=1}\n"),
        "keys of variants": numbered(
            'version=1\n[[signal]]\ncode="S1"\n[signal.variants]\n', 'k{}="a"\n', ""
        ),
        "hidden questions": numbered("version=1\n[hide]\nquestions=[\n", '"a{}",\n', "]\n"),
        "long number": fill("version=1\nx=", "9", "\n"),
        "long number of 16": fill("version=0x", "f", "\n"),
        "number with underscores": fill("version=1\nx=1", "_1", "\n"),
        "floats": fill("version=1\nx=[\n", "1_1.1_1e1,\n", "]\n"),
        "long float": fill("version=1\nx=1.", "1", "e9999\n"),
        "dates": fill("version=1\nx=[\n", "1979-05-27T07:32:00.999999-07:00,\n", "]\n"),
        "minutes without end": FORMAT + '{kind="coach",minutes=inf},{kind="self",minutes=nan}]\n',
        "many segments": fill(FORMAT + "\n", '{kind="coach"},\n', "]\n"),
        "quotes": fill("version=1\n", '"', "\n"),
        "one long text": fill('version=1\nx="', "a", '"\n'),
        "one very long name": fill(QUESTION + 'x"\n', "a", "=1\n"),
        "escapes": fill('version=1\nx="', "\\\\", '"\n'),
        "escapes in a long string": fill('version=1\nx="""', "\\u0041", '"""\n'),
        "escaped line ends": fill('version=1\nx="""', "\\\n", '"""\n'),
        "blanks": fill(QUESTION, "{a}", '"\n'),
        "braces": fill(QUESTION, "{", '"\n'),
        "marks over letters": fill(QUESTION + "a", "\u0301", '"\n'),
        "comments": fill("version=1\n", "#\n", ""),
        "curly quotes": fill("version=1\nx", "=  ", "“\n"),
        "white space": fill("version=1\nx=", " ", "1\n"),
        "a phase that is a list": fill(
            'version=1\n[[question]]\nid="q"\ntext="x"\nphase=[\n', "[],\n", "]\n"
        ),
    }
