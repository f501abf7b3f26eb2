"""What Discord refuses about cards and forms."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

TEXT_DISPLAY = 10
"""The type of a text among the fields of a form."""

ROW, BUTTON, MENU, TYPED, PEOPLE, TEXT, GALLERY, LABEL = 1, 2, 3, 4, 5, 10, 12, 18


def parts(message: Any) -> Iterator[dict[str, Any]]:
    """Every component of a message, outer ones first."""
    roots = message.components
    waiting = [part if isinstance(part, dict) else part.to_dict() for part in roots]
    while waiting:
        part = waiting.pop(0)
        yield part
        inner = [*part.get("components", ())]
        if "accessory" in part:
            inner.append(part["accessory"])
        waiting = inner + waiting


def faults_of(components: list[dict[str, Any]]) -> list[str]:
    """What Discord would refuse about a card."""
    entries = list(parts(SimpleNamespace(components=components)))
    shown = [entry["content"] for entry in entries if entry["type"] == TEXT]
    faults = [f"empty text {number}" for number, words in enumerate(shown) if not words]
    total = sum(map(len, shown))
    if total > 4_000:
        faults.append(f"{total} characters: {shown[0][:60]}")
    if len(entries) > 40:
        faults.append(f"{len(entries)} components")
    custom_ids = [entry["custom_id"] for entry in entries if "custom_id" in entry]
    faults += [f"custom id of {len(one)}" for one in custom_ids if not 1 <= len(one) <= 100]
    if len(set(custom_ids)) != len(custom_ids):
        faults.append(f"doubled custom id in {custom_ids}")
    for entry in entries:
        if entry["type"] == BUTTON and not 1 <= len(entry.get("label") or "") <= 80:
            faults.append(f"label {entry.get('label')!r}")
        if entry["type"] == MENU:
            faults += [f"menu {entry['custom_id']}: {fault}" for fault in menu_faults(entry)]
        if entry["type"] == ROW:
            kinds = [one["type"] for one in entry["components"]]
            if not 1 <= len(kinds) <= 5 or (set(kinds) != {BUTTON} and len(kinds) > 1):
                faults.append(f"row of {kinds}")
        if entry["type"] == GALLERY:
            said = [one.get("description") or "" for one in entry["items"]]
            faults += [
                f"{len(words)} characters of a picture" for words in said if len(words) > 1_024
            ]
    return faults


def menu_faults(menu: dict[str, Any]) -> Iterator[str]:
    """What Discord would refuse about a menu."""
    options = menu["options"]
    if not 1 <= len(options) <= 25:
        yield f"{len(options)} options"
    if len({option["value"] for option in options}) != len(options):
        yield "doubled value"
    if len(menu.get("placeholder") or "") > 150:
        yield "long placeholder"
    if sum(bool(option.get("default")) for option in options) > menu.get("max_values", 1):
        yield "more chosen than may be"
    for option in options:
        for part in ("label", "value"):
            if not 1 <= len(option[part]) <= 100:
                yield f"{part} {option[part]!r}"
        if len(option.get("description") or "") > 100:
            yield f"description {option['description']!r}"


def form_faults(form: dict[str, Any]) -> list[str]:
    """What Discord would refuse about a form."""
    faults: list[str] = []
    if not 1 <= len(form["title"]) <= 45:
        faults.append(f"title {form['title']!r}")
    if not 1 <= len(form["custom_id"]) <= 100:
        faults.append(f"custom id {form['custom_id']!r}")
    if not 1 <= len(form["components"]) <= 5:
        faults.append(f"{len(form['components'])} fields")
    for label in form["components"]:
        if label["type"] == TEXT_DISPLAY:
            continue
        field = label["component"]
        if not 1 <= len(label["label"]) <= 45:
            faults.append(f"label {label['label']!r}")
        if len(label.get("description") or "") > 100:
            faults.append(f"description {label['description']!r}")
        if field["type"] == MENU and "options" in field:
            faults += [f"menu {field['custom_id']}: {fault}" for fault in menu_faults(field)]
        if field["type"] == TYPED:
            faults += typed_faults(field)
    return faults


def typed_faults(field: dict[str, Any]) -> Iterator[str]:
    """What Discord would refuse about a field to type in."""
    if len(field.get("placeholder") or "") > 100:
        yield f"placeholder {field['placeholder']!r}"
    if len(field.get("value") or "") > field.get("max_length", 4_000):
        yield f"value {field['value']!r}"
