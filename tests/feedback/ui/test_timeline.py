"""The time line of a round: what the picture shows, and the words that stand for it."""

from __future__ import annotations

import io
import itertools
import unicodedata
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from bot.feedback.ui.timeline import letters as lettering
from bot.feedback.ui.timeline import picture as timeline
from bot.feedback.ui.timeline import words as timeline_words
from bot.feedback.ui.timeline.picture import paint
from bot.feedback.ui.timeline.words import Mark, PhaseMark, TimeLine, describe

NAMES = {
    "S1": ("Meaning invited", "Meaning made for the client"),
    "S5": ("Gap left open", "Sentence finished for the client"),
    "S10": ("Room given", "Room taken"),
}
LEGEND = 76
"""Pixels at the lower edge that explain the shapes."""


def at(minutes, seconds=0):
    return timedelta(minutes=minutes, seconds=seconds)


def mark(minutes, lane="S5", *, pulled=False, observers=1):
    return Mark(at(minutes), lane, is_partnering=not pulled, observers=observers)


def a_line(*marks, coached=18, phases=(), names=NAMES, observers=3):
    return TimeLine(at(coached), tuple(marks), tuple(phases), names, observers)


def seen(line):
    picture = Image.open(io.BytesIO(paint(line)))
    assert picture.format == "PNG"
    return picture.convert("RGBA")


def pixel(picture, place) -> Any:
    return picture.getpixel(place)


def shapes(picture, colour):
    """Left, top, right and bottom of everything in this colour within the time line."""
    box = (timeline.LEFT - 24, 0, picture.width, picture.height - LEGEND)
    part = picture.convert("RGB").crop(box)
    bands = ImageChops.difference(part, Image.new("RGB", part.size, colour)).split()
    furthest = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    close = furthest.point([1] * 20 + [0] * 236).tobytes()
    found = {
        (n % part.width + box[0], n // part.width) for n, is_close in enumerate(close) if is_close
    }
    boxes = []
    while found:
        todo, part = [found.pop()], []
        while todo:
            x, y = todo.pop()
            part.append((x, y))
            near = {(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)} & found
            found -= near
            todo += near
        xs, ys = zip(*part, strict=True)
        boxes.append((min(xs), min(ys), max(xs), max(ys)))
    return sorted(boxes)


def middle(box):
    return (box[0] + box[2]) // 2, (box[1] + box[3]) // 2


def test_the_picture_stands_on_its_own_ground_with_round_corners():
    picture = seen(a_line(mark(5)))
    assert picture.width == 1_200
    right, low = picture.width - 1, picture.height - 1
    corners = [(0, 0), (right, 0), (0, low), (right, low)]
    assert [pixel(picture, corner)[3] for corner in corners] == [0, 0, 0, 0]
    edges = [(600, 0), (600, low), (0, low // 2), (right, low // 2), (600, low // 2)]
    assert all(pixel(picture, edge)[3] >= 254 for edge in edges)


def test_partnering_is_a_full_circle_above_and_pulled_away_an_open_diamond_below():
    picture = seen(a_line(mark(9), mark(9, pulled=True)))
    (circle,) = shapes(picture, timeline.PARTNERING)
    (diamond,) = shapes(picture, timeline.PULLED)
    assert circle[3] < diamond[1]
    assert abs(middle(circle)[0] - middle(diamond)[0]) <= 1
    assert abs(middle(circle)[0] - (timeline.LEFT + timeline.RIGHT) / 2) <= 1
    close = pytest.approx(timeline.PARTNERING, abs=6)
    assert pixel(picture, middle(circle))[:3] == close
    assert pixel(picture, (circle[0] + 4, circle[1] + 4))[:3] == close
    assert pixel(picture, middle(diamond))[:3] == pytest.approx(timeline.BAND, abs=6)


def test_more_observers_make_a_larger_mark_with_their_number_in_it():
    for pulled, colour in ((False, timeline.PARTNERING), (True, timeline.PULLED)):
        line = a_line(*(mark(4 * n, pulled=pulled, observers=n) for n in (1, 2, 3)))
        boxes = [box for box in shapes(seen(line), colour) if box[2] - box[0] > 12]
        widths = [right - left for left, _, right, _ in boxes]
        assert widths == sorted(set(widths))
        assert len(widths) == 3
    assert paint(a_line(mark(4, observers=4))) != paint(a_line(mark(4, observers=5)))


def test_each_code_that_occurs_has_a_lane_in_its_order():
    one, three = (
        seen(a_line(*(mark(n + 1, code) for n, code in enumerate(codes))))
        for codes in (["S5"], ["S10", "S5", "S1"])
    )
    assert three.height > one.height
    by_time = shapes(three, timeline.PARTNERING)
    tops = [top for _, top, _, _ in by_time]
    assert tops == sorted(tops, reverse=True)
    assert len(tops) == 3


def luminance(colour):
    """WCAG 2.2, relative luminance."""
    parts = [c / 255 for c in colour]
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one, two):
    lighter, darker = sorted([luminance(one), luminance(two)], reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("front", "back"),
    [
        *itertools.product((timeline.TEXT, timeline.QUIET), (timeline.GROUND, timeline.BAND)),
        (timeline.TEXT, timeline.FLAG),
        (timeline.INK, timeline.PARTNERING),
        (timeline.PARTNERING, timeline.BAND),
        (timeline.PULLED, timeline.BAND),
    ],
)
def test_letters_and_marks_stand_out_from_what_is_behind_them(front, back):
    assert contrast(front, back) >= 4.5


def test_sixty_marks_in_eighteen_minutes_are_sixty_shapes():
    chance = Random(7)
    marks = [
        Mark(timedelta(seconds=18 * n), chance.choice([*NAMES]), chance.random() < 0.5, 1)
        for n in range(60)
    ]
    picture = seen(a_line(*marks))
    circles = shapes(picture, timeline.PARTNERING)
    diamonds = shapes(picture, timeline.PULLED)
    assert len(circles) == sum(one.is_partnering for one in marks)
    assert len(circles) + len(diamonds) == 60
    assert picture.height < 900


@settings(max_examples=80)
@given(
    st.lists(
        st.builds(
            Mark,
            st.integers(0, 600).map(lambda s: timedelta(seconds=s)),
            st.just("S1"),
            st.booleans(),
            st.integers(0, 7),
        ),
        max_size=80,
    )
)
def test_no_mark_hides_another_and_none_leaves_its_lane(marks):
    side = timeline._side_of_lane(marks, 600)
    assert len(side.placed) == len(marks)
    for one in side.placed:
        radius = timeline._radius(one.mark)
        assert radius <= one.away <= side.height - radius
        assert one.x - radius >= timeline.LEFT - 23
        assert one.x + radius <= timeline.WIDTH - timeline.EDGE
    for one, two in itertools.combinations(side.placed, 2):
        apart = timeline._radius(one.mark) + timeline._radius(two.mark)
        assert max(abs(one.x - two.x), abs(one.away - two.away)) >= apart


def test_marks_that_have_room_stand_at_their_time():
    side = timeline._side_of_lane([mark(n) for n in (1, 2, 4, 9)], 600)
    places = sorted(one.x for one in side.placed)
    assert places == pytest.approx([timeline._x(at(n), 600) for n in (1, 2, 4, 9)])
    assert side.height == timeline.ROW


def test_the_axis_has_a_few_round_times_from_two_minutes_to_sixty():
    for minutes in range(2, 61):
        ticks = timeline._ticks(minutes * 60)
        assert ticks[0] == 0
        assert 4 <= len(ticks) <= 7, minutes
        assert all(tick % 15 == 0 for tick in ticks)


def test_a_round_without_marks_is_a_quiet_picture():
    phases = [PhaseMark(at(1), "Start")]
    for line in (a_line(phases=phases), a_line(coached=0, names={}, observers=0)):
        picture = seen(line)
        assert picture.height < 320
        assert shapes(picture, timeline.PARTNERING) == shapes(picture, timeline.PULLED) == []
        assert describe(line).endswith("Nothing was noted.")


def test_phases_are_flags_that_do_not_hide_each_other():
    labels = ["Start", "Check-in", "Meaning", "Action", "Close"]
    phases = [PhaseMark(timedelta(seconds=20 * n), label) for n, label in enumerate(labels * 5)]
    flags = timeline._flags(phases, 600)
    assert len(flags) == 25
    shown = [flag for flag in flags if flag.row is not None]
    assert len(shown) > 5
    for one, two in itertools.combinations(shown, 2):
        apart = one.left + one.width <= two.left or two.left + two.width <= one.left
        assert one.row != two.row or apart
    assert all(flag.left + flag.width <= timeline.WIDTH for flag in flags)
    again = timeline._flags([PhaseMark(at(1), "Start"), PhaseMark(at(5), "Start")], 600)
    assert [flag.row for flag in again] == [0, None]


def test_letters_of_latin_greek_and_cyrillic_are_painted_and_others_left_out():
    for text in (
        "Não é só: größer, Łódź, Ørsted, señor, île, Příliš, đường, ş ț ű ģ ų ů – “…” №",
        "Смысл от клиента, Йога, Їжак, ћирилица",
        "Νόημα από τον πελάτη, ᾳ",
    ):
        assert lettering.drawable(text) == text
        assert lettering.drawable(unicodedata.normalize("NFD", text)) == text
    assert lettering.drawable("🎉 Party 👩‍👩‍👧 time ❤️") == "Party time"
    assert lettering.drawable("ﬁt ①") == "fit 1"
    assert lettering.drawable("日本語の名前") == lettering.drawable("😀") == ""
    with_accent, without = (
        paint(a_line(mark(5), names={"S5": (name, "")})) for name in ("Métaphore", "Metaphore")
    )
    assert with_accent != without


def test_the_font_has_every_letter_of_the_languages_it_is_for():
    blocks = [(0x41, 0x7B), (0xC0, 0x250), (0x386, 0x3CF), (0x400, 0x482), (0x1EA0, 0x1EFA)]
    letters = [chr(one) for first, last in blocks for one in range(first, last)]
    assert [one for one in letters if one.isalpha() and not lettering.has(one)] == []


@settings(max_examples=100)
@given(st.text(max_size=80), st.integers(12, 300))
def test_whatever_a_name_holds_it_is_painted_within_its_room(name, room):
    text = lettering.drawable(name)
    assert all(map(lettering.has, text))
    assert lettering.length(lettering.short(text, 16, room + 16), 16) <= room + 16


def test_a_dojos_long_and_odd_names_make_a_picture_of_the_same_width():
    names = {
        "S1": ("Übereinstimmung " * 5, "W" * 80),
        "WXYZ": ("日本語の名前" * 13, "🎉" * 80),
        "Q": ("مرحبا بالعالم", "\u202e\x00\n\ud800 a"),
    }
    phases = [PhaseMark(at(3), "Überprüfung des bisherigen Weges"), PhaseMark(at(18), "Закрытие")]
    marks = [mark(n, code, pulled=n % 2 == 0) for n, code in enumerate(names)]
    picture = seen(a_line(*marks, mark(9, "S77"), phases=phases, names=names))
    assert picture.width == 1_200
    assert len(shapes(picture, timeline.PARTNERING)) + len(shapes(picture, timeline.PULLED)) == 4


def test_equal_lines_give_equal_pictures():
    marks = [mark(3), mark(3, "S1", pulled=True, observers=2)]
    phases = [PhaseMark(at(2), "Check-in")]
    one = a_line(*marks, phases=phases)
    two = a_line(*marks, phases=phases, names=dict(reversed(NAMES.items())))
    assert one == two
    assert paint(one) == paint(two)


def test_the_words_say_when_which_side_and_how_many():
    line = a_line(
        mark(7, "S1", observers=2),
        mark(2.5, pulled=True, observers=3),
        mark(9, "S1"),
        phases=[PhaseMark(at(1, 5), "Check-in")],
    )
    assert describe(line) == (
        "Time line of 18:00 of coaching, 3 observers. Heard: 01:05 Check-in. "
        "Noted: 02:30 S5 signal (Sentence finished for the client), 3 observers; "
        "07:00 S1 partnering (Meaning invited), 2 observers; 09:00 S1 partnering, 1 observer."
    )


def test_with_one_observer_the_words_say_so_once():
    text = describe(a_line(mark(7, "S1"), mark(8, "S9"), observers=1))
    assert text.count("observer") == 1
    assert text.endswith("07:00 S1 partnering (Meaning invited); 08:00 S9 partnering.")


def test_very_much_is_shortened_and_says_how_much_is_left_out():
    text = describe(a_line(*(mark(n / 4) for n in range(60))))
    assert 900 < len(text) <= timeline_words.MOST_ALT
    left_out = int(text.rpartition(" and ")[2].removesuffix(" more."))
    assert text.count("partnering") == 60 - left_out


@settings(max_examples=60)
@given(
    st.integers(0, 120),
    st.integers(0, 60),
    st.text(max_size=80),
    st.text(max_size=80),
    st.integers(0, 60),
)
def test_the_words_always_fit(marks, phases, name, label, observers):
    line = a_line(
        *(mark(n, observers=observers) for n in range(marks)),
        phases=[PhaseMark(at(n), label) for n in range(phases)],
        names={"S5": (name, name)},
        observers=observers,
    )
    text = describe(line)
    assert len(text) <= timeline_words.MOST_ALT
    assert text.endswith(".")
    assert not marks or "S5 partnering" in text


def test_starting_the_bot_does_not_load_what_paints():
    assert not {"Image", "ImageDraw", "ImageFont"} & set(vars(timeline))
