"""What a form asks about, and what it tidies."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.kit.personal_words import Find, finds, tidy

FAMILY = "👩🏽\u200d❤️\u200d💋\u200d👨🏿"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"

EXAMPLES = {
    Find.MENTION: ("<@1>", "<@!12>", "<@&3>", "<#4>", "@everyone", "@here", "@name", "@Żaneta"),
    Find.LINK: (
        "https://x.y/z",
        "HTTP://example.org",
        "<https://example.org/@name/1234567>",
        "www.x.y",
        "discord.gg/abc",
        "discord.com/channels/123456789012/1",
        "example.com/path",
        "example.com",
        "https://example.org/?to=anna@example.org",
    ),
    Find.EMAIL: (
        "anna@example.org",
        "anna.b+dojo@mail.example.co.uk",
        "mailto:anna@example.org",
        "jürgen@müller.example",
        "संपर्क@डाटामेल.भारत",
        "0612345678@example.org",
    ),
    Find.NUMBER: (
        "1234567",
        "+49 (0) 170 / 1234567",
        "(555) 123-4567",
        "06.12.34.56.78",
        "tel:+390612345678",
        "+49\u2011170\u00a01234",
        "٠٦١٢٣٤٥٦٧٨",
        "DE89 3704 0044 0532 0130 00",
    ),
}
EACH = [(kind, text) for kind, texts in EXAMPLES.items() for text in texts]

HARMLESS = (
    "",
    "e.g.",
    "e.g./i.e. at 9 a.m./p.m.",
    "and/or, he/she, 24/7",
    "She wanted 12.5 or 3,5 of them.",
    "…words.Then a pause",
    "What did you mean...and where",
    "At 06:10 you asked, at 06:45 you waited",
    "06:10 - 06:45, then 00:07:30 and 12:30 13:45 14:50",
    "1, 2, 3 or 4 options",
    "6.6",
    "6.6 7.1 8.3 4.1",
    "1 2 3 4 5 6 7 8",
    "123456 is not long",
    "let us meet @ 10",
    "a :smile: and a <:smile:123456789012345678>",
    "since <t:1618953630:R>, see </round start:123456789012345678>",
    "10 % / 20 %? Yes! (No.)",
)


@pytest.mark.parametrize(("kind", "text"), EACH)
def test_an_example_of_each_kind_is_found_and_taken_for_nothing_else(kind, text):
    assert finds(text) == (kind,)


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_words_and_numbers_are_not_asked_about(text):
    assert finds(text) == ()


def test_each_kind_is_named_once_in_the_order_of_first_occurrence():
    text = "call 0612345678 or <@1>, anna@example.org, 0787654321, www.x.y or @name"
    assert finds(text) == (Find.NUMBER, Find.MENTION, Find.EMAIL, Find.LINK)
    assert finds("@name at example.com/path and <@1>") == (Find.MENTION, Find.LINK)
    assert finds("example.com/path of @name, or www.x.y") == (Find.LINK, Find.MENTION)


def test_invisible_characters_hide_nothing():
    assert finds("@every\u200bone") == (Find.MENTION,)
    assert finds("\u202a06\u206012 34 56 78\u202c") == (Find.NUMBER,)


def test_digits_of_two_lines_are_not_one_number():
    assert finds("123456\n123456") == ()


WORDS = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=12)
GAPS = st.sampled_from([" ", ", ", ". ", "; ", ": ", "? ", "! ", "… ", " – ", "\n", " (", ") "])
PLAIN = st.lists(st.tuples(WORDS, GAPS), max_size=12).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
WRITTEN = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            " \t\n\u2028\u2800a1.@/:<>#e\u0301\u0315\u0327\u0338=≠↔〈\u200b\u200c\u200d\u202e\u2060"
            "\ufe0f\u20e3©👩🏽❤💋🇩🇪🏴\U000e0067\U000e007f\U0001d15eب\u0958\u115f\x00\x85\ud800"
        ),
    ),
    max_size=60,
)


@examples(max_examples=40, deadline=None)
@given(PLAIN)
def test_plain_words_are_never_asked_about(text):
    assert finds(text) == ()


@examples(max_examples=24, deadline=None)
@given(first=WORDS, then=WORDS)
def test_a_forgotten_space_after_a_full_stop_is_no_link(first, then):
    assert finds(f"{first}.{then.capitalize()} {first}...{then}") == ()


@examples(max_examples=40, deadline=None)
@given(before=PLAIN, after=PLAIN, each=st.sampled_from(EACH))
def test_whatever_plain_words_stand_around_it_each_example_is_found(before, after, each):
    kind, text = each
    assert finds(f"{before} {text} {after}") == (kind,)
    assert finds(f"{before} ({text}), {after}") == (kind,)


@examples(max_examples=40, deadline=None)
@given(WRITTEN)
def test_no_text_is_too_strange_to_look_at(text):
    found = finds(text)
    assert len(set(found)) == len(found)


@examples(max_examples=40, deadline=None)
@given(text=WRITTEN, most=st.integers(min_value=0, max_value=70))
@example(text=FAMILY * 3, most=13)
@example(text="〈\ufe0f \U0001d15e\u200d❤", most=9)
@example(text="❤\u200d↔\u200d\u0338x", most=9)
@example(text="e\u200b\u0301\u2060\u0327", most=1)
def test_tidy_text_is_short_enough_visible_in_one_line_and_not_changed_again(text, most):
    tidied = tidy(text, most)

    assert len(tidied) <= most
    assert tidy(tidied, most) == tidied
    assert tidied == " ".join(tidied.split())
    assert unicodedata.is_normalized("NFC", tidied)
    assert not [sign for sign in tidied if unicodedata.category(sign) in {"Cc", "Cs"}]
    assert not set(tidied) & set("\u200b\u200e\u202e\u2060\ufeff\u2800")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  What\tdo\r\nyou\u2028\u00a0 notice? ", "What do you notice?"),
        ("\u202eback\u202c \u200bwards\x07", "back wards"),
        ("cafe\u0301", "café"),
        ("cafe\u200b\u0301", "café"),
        ("a\u200db\ufe0f", "ab"),
        ("\u200b \u2800 \u3164", ""),
        (
            f"{FAMILY} {SCOTLAND} 1\ufe0f\u20e3 ❤\ufe0f 🇩🇪",
            f"{FAMILY} {SCOTLAND} 1\ufe0f\u20e3 ❤\ufe0f 🇩🇪",
        ),
        ("👩\u200d", "👩"),
        ("\u200d👩 \U0001f3f4\U000e0067", "👩 \U0001f3f4"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("half \ud83d of a sign", "half of a sign"),
    ],
)
def test_tidy_keeps_what_can_be_seen(written, kept):
    assert tidy(written, 100) == kept


@pytest.mark.parametrize(
    ("written", "most", "kept"),
    [
        ("one two", 7, "one two"),
        ("one two", 5, "one t"),
        ("one two", 4, "one"),
        ("nine x\u0323\u0302", 7, "nine"),
        (f"love {FAMILY}", 5 + len(FAMILY), f"love {FAMILY}"),
        (f"love {FAMILY}", 4 + len(FAMILY), "love"),
        (f"{SCOTLAND}{SCOTLAND}", 13, SCOTLAND),
        ("🇩🇪🇫🇷", 3, "🇩🇪"),
        ("ok👍🏽", 3, "ok"),
        ("1\ufe0f\u20e3", 2, "1"),
        (FAMILY, 3, "👩🏽"),
        ("any", 0, ""),
    ],
)
def test_a_cut_leaves_signs_whole(written, most, kept):
    assert tidy(written, most) == kept


def test_a_letter_with_more_accents_than_there_is_room_for_is_cut_all_the_same():
    assert len(tidy("x" + "\u0323" * 500, 200)) == 200


@pytest.mark.parametrize(
    ("piece", "found"),
    [
        ("a", ()),
        ("1 ", ()),
        ("1", (Find.NUMBER,)),
        ("a@", (Find.MENTION,)),
        ("a.", ()),
        ("@", ()),
        ("-", ()),
        ("<@", ()),
        ("</a", ()),
        ("<a:", ()),
        ("://", ()),
        ("a@b.", (Find.EMAIL, Find.MENTION)),
        ("www.", (Find.LINK,)),
        ("1   1+", ()),
        ("👨\u200d", ()),
        ("🇩", ()),
        ("\u200d", ()),
        ("\u0301", ()),
    ],
)
def test_four_thousand_hostile_characters_are_looked_at_and_tidied(piece, found):
    text = (piece * 4000)[:4000]

    assert finds(text) == found
    assert len(tidy(text, 3999)) <= 3999
