"""A browser's side of a rehearsal, without a browser."""

from __future__ import annotations

import asyncio
import re
import uuid
from typing import Any

import aiohttp

from bot.rehearsal.command import Rehearsal


class Visitor:
    """Asks a rehearsal's server what its pages ask."""

    def __init__(self, rehearsal: Rehearsal, session: aiohttp.ClientSession) -> None:
        self.address = rehearsal.address
        self.origin = rehearsal.address.rstrip("/")
        self.session = session

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.session.get(self.origin + path, headers=headers) as response:
            return response.status, await response.text()

    async def state(self, person: str | None = None) -> dict[str, Any]:
        path = "/state.json" + (f"?as={person}" if person else "")
        async with self.session.get(self.origin + path) as response:
            return await response.json()

    async def do(self, what: str, *, headers: dict[str, str] | None = None, **fields: Any) -> int:
        url = f"{self.origin}/do/{what}"
        headers = {"Origin": self.origin} if headers is None else headers
        async with self.session.post(url, json=fields, headers=headers) as response:
            return response.status

    async def id_of(self, person: str) -> str:
        """A person's Discord id, as a command's option takes it."""
        people = (await self.state())["people"]
        return next(one["id"] for one in people if one["key"] == person)

    async def rooms(self) -> list[dict[str, Any]]:
        """The threads there are, as the pages list them."""
        return [place for place in (await self.state())["places"] if place["parent"]]

    async def room(self, place: str, person: str) -> RoomVisitor:
        """Open a channel's page as someone, as its scripts do."""
        status, page = await self.get(f"/in/{place}/as/{person}")
        assert status == 200, page
        key = re.search(r'data-key="([^"]+)"', page)
        assert key is not None
        room = RoomVisitor(self, key[1])
        await room.open()
        return room


class RoomVisitor:
    """One page of a channel."""

    def __init__(self, visitor: Visitor, key: str) -> None:
        self._visitor = visitor
        self._headers = {"X-Simcord-Capability": key, "Origin": visitor.origin}
        self._sequence = 0
        self.snapshot: dict[str, Any] = {}

    async def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        url = self._visitor.origin + path
        headers = self._headers
        async with self._visitor.session.request(method, url, headers=headers, **more) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def open(self) -> None:
        self.snapshot = await self._ask("POST", "/api/pages", json={})
        self._headers["X-Simcord-Context"] = self.snapshot["context"]["id"]

    async def close(self) -> None:
        """Close the page, as a browser does with a tab."""
        await self._ask("DELETE", f"/api/pages/{self._headers['X-Simcord-Context']}")

    async def look(self) -> dict[str, Any]:
        """What the page shows now."""
        self.snapshot = await self._ask("GET", "/api/state")
        return self.snapshot

    async def sees(self, text: str) -> None:
        """Wait until a text is on the page."""
        for _ in range(100):
            if text in str((await self.look())["messages"]):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"{text!r} is not on the page")

    def shows(self, text: str) -> bool:
        """Whether a text was on the page when it was last looked at."""
        return text in str(self.snapshot["messages"])

    async def use(self, command: str, **options: Any) -> dict[str, Any]:
        """Use a slash command; the page's receipt."""
        catalog = await self._ask("GET", "/api/commands")
        entry = next(one for one in catalog["entries"] if one["invocation"] == command)
        return await self.act(
            "run_command",
            command_id=entry["commandId"],
            path=entry["path"],
            schema_fingerprint=entry["schemaFingerprint"],
            options=options,
        )

    async def press(self, label: str) -> dict[str, Any]:
        """Press the latest button of this label, as the page was last looked at."""
        for message_id in reversed(self.snapshot["timeline"]):
            message = self.snapshot["messages"][message_id]
            for component in _walk(message["components"]):
                if component.get("label") == label:
                    return await self.act(
                        "click", target_id=message_id, control_key=component["control_key"]
                    )
        raise AssertionError(f"no button {label}")

    async def act(self, kind: str, **body: Any) -> dict[str, Any]:
        self._sequence += 1
        return await self._ask(
            "POST",
            "/api/action",
            json={
                "protocol_version": 3,
                "kind": kind,
                "sequence": self._sequence,
                "request_id": str(uuid.uuid4()),
                "generation": self.snapshot["context"]["generation"],
                "bot_generation": self.snapshot["botGeneration"],
                "published_revision": self.snapshot["publishedRevision"],
                **body,
            },
        )


def _walk(components: list[dict[str, Any]]):
    for component in components:
        yield component
        yield from _walk(component.get("components", []))
