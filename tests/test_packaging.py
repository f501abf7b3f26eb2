"""What is installed beside the token is what it was on one day."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DATED = {"tzdata", "regex"}
"""Their versions are dates."""


def requirements() -> list[str]:
    project = PROJECT["project"]
    extras = [one for extra in project["optional-dependencies"].values() for one in extra]
    return [*PROJECT["build-system"]["requires"], *project["dependencies"], *extras]


@pytest.mark.parametrize("requirement", requirements())
def test_every_dependency_has_an_end(requirement):
    """S27: a next major version is taken on purpose, also by those who do not use uv."""
    name = re.split(r"[\[<>=]", requirement)[0]
    assert "==" in requirement or ",<" in requirement or name in DATED


def test_nothing_published_after_one_day_is_taken():
    """S27: a fixed day, not one that moves with the clock."""
    day = PROJECT["tool"]["uv"]["exclude-newer"]
    assert datetime.fromisoformat(day).tzinfo is not None


def test_the_readme_says_how_to_fix_versions_without_uv():
    """S27."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "`uv export --no-dev --no-emit-project -o requirements.txt`" in readme
    assert "--require-hashes" in readme


def test_no_lock_file_gets_into_the_project():
    """S27: it would hold addresses of package registries."""
    assert "uv.lock" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
