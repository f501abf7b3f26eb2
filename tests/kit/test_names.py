"""Names in docstrings lead somewhere."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re

from tests.sources import name_of, product


def _leads_nowhere(name: str) -> bool:
    """Whether neither a module nor something in one is called so."""
    module, found = name, False
    while module and not found:
        try:
            found = importlib.util.find_spec(module) is not None
        except ModuleNotFoundError:
            found = False
        module = module if found else module.rpartition(".")[0]
    if not module:
        return True
    rest = name.removeprefix(module).lstrip(".").split(".")[0]
    if not rest:
        return False
    return not hasattr(importlib.import_module(module), rest)


def test_docstrings_name_modules_and_things_that_are_there():
    """Modules were moved once, and sentences still named them as they were."""
    lost: list[str] = []
    for path in product():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            named = re.findall(
                r"`(bot\.[\w.]+|(?:round|gathering)_(?:moves|people|clock|rules|seats))`",
                node.value,
            )
            lost += [f"{name_of(path)}: {name}" for name in named if _leads_nowhere(name)]
    assert lost == []
