"""Every custom id that was ever posted still leads to its action: cards stay for years."""

from __future__ import annotations

from pathlib import Path

from bot.kit.discord.actions import Action, Button, Form, Menu, PeopleMenu, action_of
from tests.simulation.forged import click, said, select, submit

KINDS: dict[str, type[Action]] = {
    "button": Button,
    "menu": Menu,
    "people": PeopleMenu,
    "form": Form,
}
POSTED = [
    line.split(" ", 1) for line in Path(__file__).with_name("wire_ids.txt").read_text().splitlines()
]
"""A kind and an id, for each way in which the ids of a kind look. Lines are only ever added."""
OUTDATED = "older version of me"


def test_every_id_is_read_and_written_letter_for_letter():
    faults: list[str] = []
    for kind, custom_id in POSTED:
        found = action_of(custom_id, KINDS[kind])
        if found is None:
            faults.append(f"{custom_id} belongs to no {kind}")
            continue
        action, raw = found
        if action.custom_id(**action.pattern.values(raw)) != custom_id:
            faults.append(f"{custom_id} is written in another way by {action!r}")
    assert faults == []


async def test_every_id_is_answered_when_it_is_pressed(world, server):
    """Each names something that is gone or of nobody: a clear sentence, or the card it leads to."""
    faults: list[str] = []
    fay = server.manager()
    on = (await fay.slash(server.dojo, "signals")).response
    for kind, custom_id in POSTED:
        if kind == "form":
            result = await submit(fay, server.dojo, custom_id, {}, on=on)
        elif kind in ("menu", "people"):
            result = await select(fay, server.dojo, custom_id, ["1"], on=on)
        else:
            result = await click(fay, server.dojo, custom_id, on=on)
        answer = said(result)
        if OUTDATED in answer or "went wrong" in answer or not result.acknowledged:
            faults.append(f"{kind} {custom_id}: {answer or 'no answer'}")
    assert faults == []
