"""Adding a language is adding a folder."""

from __future__ import annotations

import pytest

from bot.content.library import load_library
from tests.content.trees import change_line, copy_language, faults_of, names


@pytest.fixture
def root(tmp_path):
    """A tree with English."""
    copy_language(tmp_path)
    return tmp_path


def add(root, tag):
    folder = copy_language(root, tag)
    change_line(folder / "language.toml", "", "name =", f'name = "Name of {tag}"')
    return folder


@pytest.mark.parametrize("tag", ["es", "it", "fr", "de", "pt-BR", "ast"])
def test_a_new_folder_is_a_new_language(root, tag):
    add(root, tag)
    library = load_library(root)
    assert sorted(library) == sorted(["en", tag])
    assert library[tag].language == tag
    assert library[tag].language_name == f"Name of {tag}"
    assert len(library[tag].bank.questions) == 94


@pytest.mark.parametrize("tag", ["english", "EN", "pt_BR", "pt-br", "e"])
def test_a_folder_that_is_no_language_tag_is_a_fault(root, tag):
    add(root, tag)
    assert names(faults_of(root), f"{tag}/", "must be a language tag such as en or pt-BR")


@pytest.mark.parametrize("name", [".git", "_draft", "__pycache__"])
def test_hidden_folders_are_no_languages(root, name):
    (root / name).mkdir()
    assert list(load_library(root)) == ["en"]


def test_files_beside_the_languages_are_let_be(root):
    (root / "README.md").write_text("How to edit.", encoding="utf-8")
    assert list(load_library(root)) == ["en"]


def test_a_language_may_have_other_questions(root):
    change_line(add(root, "es") / "questions/start.toml", 'id = "start-o01"', "id =", 'id = "x-1"')
    spanish = load_library(root)["es"]
    assert spanish.bank.find("x-1")
    assert not spanish.bank.find("start-o01")


def test_a_language_is_taken_as_unreviewed_when_it_does_not_say(root):
    change_line(add(root, "es") / "language.toml", "", "reviewed =", "")
    library = load_library(root)
    assert library["en"].reviewed
    assert not library["es"].reviewed


def test_a_format_that_differs_from_english_is_a_fault(root):
    file = add(root, "es") / "formats.toml"
    change_line(file, 'id = "quick-10"', '{ kind = "agree"', '{ kind = "agree", minutes = 2 },')
    change_line(file, 'id = "quick-10"', "total =", "total = 17")
    (fault,) = faults_of(root)
    assert fault.place == "es/formats.toml: quick-10: segments"
    assert "differ from the English ones" in fault.problem


def test_a_format_that_english_has_not_is_a_fault(root):
    change_line(add(root, "es") / "formats.toml", 'id = "quick-10"', "id =", 'id = "rapido-10"')
    assert names(faults_of(root), "es/formats.toml", "must have the same ids as in English")


def test_signal_codes_that_differ_from_english_are_a_fault(root):
    change_line(add(root, "es") / "signals.toml", 'code = "S6"', "code =", 'code = "S7"')
    assert names(faults_of(root), "es/signals.toml", "must have the same codes as in English")


def test_faults_of_all_languages_are_named_at_once(root):
    for tag in ("es", "it"):
        change_line(add(root, tag) / "phases.toml", "[start]", "label =", 'label = ""')
    assert [fault.place for fault in faults_of(root)] == [
        "es/phases.toml: start: label",
        "it/phases.toml: start: label",
    ]


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("es-419", "es"),
        ("es-ES", "es"),
        ("es", "es"),
        ("pt-BR", "pt-BR"),
        ("en-GB", "en"),
        ("en-US", "en"),
        ("ja", "en"),
        ("zh-TW", "en"),
        ("", "en"),
        ("nonsense", "en"),
    ],
)
def test_the_nearest_language_of_a_locale(root, locale, language):
    add(root, "es")
    add(root, "pt-BR")
    assert load_library(root).nearest(locale).language == language


def test_a_locale_whose_language_is_not_shipped_gets_english(library):
    assert library.nearest("es-419").language == "en"
