"""Finds what Python's TOML parser would take long for, before the parser sees it.

The parser's time grows with the square of the parts of a dotted name: 128 KiB of `a.a.a…` keep it
busy for minutes. So this scans a text first, each character once, and finds strings and comments in
the same way as the parser. Where the parser would stop with an error, this stops, too: the parser
then reports the fault itself, and never reads what follows.
"""

from __future__ import annotations

MOST_DOTS = 16
"""In one name; the longest name of a content file has one."""
MOST_NESTED = 32
"""Brackets and braces inside each other; a content file needs three."""
MOST_IN_LINE = 20_000
"""Characters without comments; nobody can find a fault in a longer line."""


def slow_part(text: str) -> str | None:
    """What in `text` would keep the parser busy, in words for its author; None if nothing would.

    This itself takes time in proportion to the length of the text, and no more.
    """
    # As the parser does it; columns do not matter here.
    text = text.replace("\r\n", "\n")
    at = begin_of_line = dots = depth = 0
    end = len(text)
    while at < end:
        sign = text[at]
        if sign in "\"'":
            after = _end_of_string(text, at)
            if after is None:
                break
            if text.find("\n", at, after) >= 0:
                # Lines of a multi-line string do not count; its length is checked when it is read.
                begin_of_line = after
            at = after
            continue
        if sign in "#\n":
            if at - begin_of_line > MOST_IN_LINE:
                return f"has a line of more than {MOST_IN_LINE:,} characters{_where(text, at)}"
            dots = 0
            at = text.find("\n", at)
            if at < 0:
                return None
            begin_of_line = at + 1
        elif sign == ".":
            dots += 1
            if dots > MOST_DOTS:
                return f"has a name with too many dots{_where(text, at)}"
        elif sign in "[{":
            dots = 0
            depth += 1
            if depth > MOST_NESTED:
                return f"is nested too deeply{_where(text, at)}"
        elif sign in "]}":
            dots = 0
            # A bracket that closes nothing is the parser's error.
            depth = max(0, depth - 1)
        elif sign in "=,":
            dots = 0
        at += 1
    if end - begin_of_line > MOST_IN_LINE:
        return f"has a line of more than {MOST_IN_LINE:,} characters{_where(text, end)}"
    return None


def _where(text: str, at: int) -> str:
    return f" (line {text.count(chr(10), 0, at) + 1})"


def _end_of_string(text: str, at: int) -> int | None:
    """The position after the string that begins at `at`; None if it is broken or has no end."""
    quote = text[at]
    is_long = text.startswith(quote * 3, at)
    has_escapes = quote == '"'
    at += 3 if is_long else 1
    end = len(text)
    while at < end:
        sign = text[at]
        if sign == "\\" and has_escapes:
            at += 2
            continue
        if sign == quote:
            if not is_long:
                return at + 1
            if text.startswith(quote * 3, at):
                at += 3
                # A long string may end with one or two quotes of its own.
                for _ in range(2):
                    at += text.startswith(quote, at)
                return at
        elif sign == "\n" and not is_long:
            return None
        at += 1
    return None
