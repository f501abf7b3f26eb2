"""Checks what people write into a form: finds what may name someone, and tidies the rest.

A light filter. It knows the usual looks of mentions, links, e-mail addresses and long numbers so
that a form can ask before it saves them. It does not find everything (a name in plain words, an
address spelled out) and no text may claim that it does. What it finds is often harmless, so it
never decides by itself, either.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from itertools import takewhile

# All patterns take time in proportion to the text: repetitions are possessive (`++`) or bounded,
# and where one can fail late, what stands before it lets it start only once in each run.


class Find(StrEnum):
    """What a text seems to contain."""

    MENTION = "mention"
    LINK = "link"
    EMAIL = "email"
    NUMBER = "number"


_MARKUP = re.compile(r"<a?:\w{1,40}:\d++>|<t:-?\d++(?::\w)?>|</[^<>:]{1,100}:\d++>")
"""Discord's emoji, times and commands: digits in them are nobody's number."""

_NAME = r"""[^\s@<>()\[\]{},;:"“”„«»/?=&\x00]"""
_LABEL = r"""[^\s@<>()\[\]{},;:"“”„«»/?=&\x00.!#…]"""
_ENDINGS = "app|biz|br|ch|com|de|dev|edu|eu|fr|gg|gov|info|io|net|nl|org|pt|tv|uk|xyz"
"""Ends of addresses that are not words, so that a missing space after a full stop makes no link."""

_LOOKS: tuple[tuple[Find, re.Pattern[str]], ...] = (
    (Find.MENTION, re.compile(r"<(?:@[!&]?|#)\d++>|<id:\w++>")),
    (Find.LINK, re.compile(r"(?<=\w)://\S++|(?<!\w)(?i:www)\.\w\S*+")),
    (Find.EMAIL, re.compile(rf"(?<!{_NAME}){_NAME}++@{_LABEL}++(?:\.(?!\d){_LABEL}++)++")),
    (
        Find.LINK,
        re.compile(
            rf"(?<=\w)\.(?:(?:{_ENDINGS})(?![\w-])"
            r"|(?:[^\W\d_A-Z]{2,24}|[A-Z]{2,24})(?::\d{1,5})?/\w)\S*+"
        ),
    ),
    (Find.MENTION, re.compile(r"@[^\W\d]\w*+")),
    (Find.NUMBER, re.compile(r"\d(?:(?:[^\S\n]|[.\-\u2010-\u2013/()+]){0,3}\d){6,}+")),
)
"""In this order; the next pattern does not see what an earlier one has found."""

_TOGETHER = re.compile(r"\d\d")

_PICTURE = r"[\u2190-\u2bff\U0001f000-\U0001faff]"
_UNSEEN = re.compile(
    # Kept: flags of regions, emoji with their joiners, keycaps, signs shown as emoji, and the
    # non-joiner that Persian and Urdu spelling needs.
    r"(\U0001f3f4[\U000e0030-\U000e007a]{2,8}\U000e007f"
    rf"|{_PICTURE}[\ufe0e\ufe0f]?(?:\u200d{_PICTURE}[\ufe0e\ufe0f]?)*+"
    r"|[0-9#*]\ufe0f?\u20e3"
    r"|[©®‼⁉™ℹ〰〽㊗㊙][\ufe0e\ufe0f]"
    r"|(?<=[\u0620-\u064a\u066e-\u06d3])\u200c(?=[\u0620-\u064a\u066e-\u06d3]))"
    # Dropped: controls other than spaces, half surrogates, annotation marks, and what Unicode calls
    # Default_Ignorable_Code_Point (DerivedCoreProperties.txt).
    r"|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufff9-\ufffb"
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_BLANK = "\u2800"
"""An empty Braille cell looks like a space."""
_LONGEST_SIGN = 16
"""Code points of one sign that are kept together; the longest emoji in use have ten."""


def finds(text: str) -> tuple[Find, ...]:
    """What a form should ask about before it saves `text`: each kind once, in order of appearance.

    Nothing found does not mean that nothing is there.
    """
    first: dict[Find, int] = {}
    rest = _MARKUP.sub(_hidden, _seen(text))
    for kind, look in _LOOKS:
        places = [match.start() for match in look.finditer(rest) if _counts(kind, match[0])]
        if places:
            first[kind] = min(places[0], first.get(kind, places[0]))
            rest = look.sub(_hidden, rest)
    return tuple(sorted(first, key=first.__getitem__))


def tidy(text: str, most: int) -> str:
    """`text` in one line of at most `most` (0 or more) characters, without invisible characters.

    Each run of white space becomes one space; controls and invisible characters go, except those
    that make up an emoji; equal letters get equal codes (Unicode NFC). A cut leaves letters with
    their accents and emoji whole. Tidying twice changes nothing more.
    """
    line = " ".join(_seen(text.replace(_BLANK, " ")).split())
    if len(line) <= most:
        return line
    ends = range(most, max(most - _LONGEST_SIGN, 0), -1)
    end = next((end for end in ends if not _is_inside_sign(line, end)), most)
    return _seen(line[:end]).rstrip()


def _seen(text: str) -> str:
    """The text in NFC without invisible characters.

    Normalised twice, because a character that goes may have separated a letter from its accent.
    """
    text = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", _UNSEEN.sub(lambda match: match[1] or "", text))


def _counts(kind: Find, found: str) -> bool:
    """Whether digits count as a number: not if all stand alone, as in "6.6 7.1 8.3 4.1"."""
    return kind is not Find.NUMBER or _TOGETHER.search(found) is not None


def _hidden(match: re.Match[str]) -> str:
    return "\x00" * len(match[0])


def _is_inside_sign(text: str, at: int) -> bool:
    """Whether a cut before character `at` would split what is read as one sign.

    A short form of the rules for extended grapheme clusters (Unicode Standard Annex #29).
    """
    before, after = text[at - 1], text[at]
    if before in "\u200c\u200d" or after in "\u200c\u200d" or _is_extension(after):
        return True
    if not (_is_flag_letter(before) and _is_flag_letter(after)):
        return False
    return sum(1 for _ in takewhile(_is_flag_letter, reversed(text[:at]))) % 2 == 1


def _is_extension(sign: str) -> bool:
    """Accents, variants, skin tones, and the letters inside flags of regions."""
    return (
        unicodedata.category(sign).startswith("M")
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
        or "\U000e0020" <= sign <= "\U000e007f"
    )


def _is_flag_letter(sign: str) -> bool:
    """Two of these together are a country's flag."""
    return "\U0001f1e6" <= sign <= "\U0001f1ff"
