"""Whatever is sent to the rehearsal, it is refused, and the server itself never fails."""

from __future__ import annotations

import json

import pytest

JSON = "application/json"
HUGE = "9" * 5_000
BODIES: dict[str, tuple[str, bytes]] = {
    "nothing": (JSON, b""),
    "no JSON": (JSON, b"{"),
    "not UTF-8": (JSON, b'{"seconds": "\xff"}'),
    "half a sign": (JSON, b'{"seconds": "\\ud800"}'),
    "UTF-16": (JSON, '{"seconds": 1}'.encode("utf-16")),
    "an unknown character set": (f"{JSON}; charset=klingon", b'{"seconds": 1}'),
    "a character set that is no text": (f"{JSON}; charset=hex", b'{"seconds": 1}'),
    "a character set with a NUL": (f"{JSON}; charset=utf-8%00", b'{"seconds": 1}'),
    "brackets without end": (JSON, b"[" * 200_000),
    "braces without end": (JSON, b'{"a":' * 40_000),
    "a number of 5,000 digits": (JSON, f'{{"seconds": {HUGE}}}'.encode()),
    "a number of 400 digits": (JSON, f'{{"seconds": {"9" * 400}, "speed": 1}}'.encode()),
    "no number": (JSON, b'{"seconds": NaN}'),
    "no end": (JSON, b'{"seconds": Infinity}'),
    "NUL": (JSON, b"\0"),
    "a NUL in a text": (JSON, b'{"person": "kim\\u0000", "language": "\\u0000"}'),
    "a list": (JSON, b"[1]"),
    "a text": (JSON, b'"a"'),
    "null": (JSON, b"null"),
    "wrong types": (JSON, b'{"seconds": {}, "speed": [], "person": 1, "zone": null}'),
    "missing keys": (JSON, b"{}"),
    "twice the same key": (JSON, b'{"seconds": 1, "seconds": "1"}'),
    "multipart without a boundary": ("multipart/form-data", b"--x\r\n\r\n"),
    "multipart without parts": ("multipart/form-data; boundary=x", b"nothing"),
    "half of multipart": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="payload"\r\n\r\n[[[',
    ),
    "brackets in multipart": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="payload"\r\n\r\n'
        + b"[" * 100_000
        + b"\r\n--x--\r\n",
    ),
    "a form": ("application/x-www-form-urlencoded", b"seconds=1"),
}
PATHS = (
    *(f"/do/{what}" for what in ("jump", "speed", "restart", "voice", "language", "zone")),
    *("/api/action", "/api/pages"),
)
FIELDS = {
    "jump": {"seconds": 1},
    "speed": {"speed": 1},
    "voice": {"person": "kim", "place": "practice-room"},
    "language": {"person": "kim", "language": "de"},
    "zone": {"zone": "Europe/Rome"},
}
VALUES = (
    *(None, True, [], {}, "", "\0", "x" * 10_000, "\ud800", "../..", -1, 0, 1e308, -1e308),
    *(10**400, float("nan"), float("inf")),
)


@pytest.fixture
async def room_headers(visitor):
    room = await visitor.room("dojo", "carla")
    return room._headers


async def test_a_malformed_body_is_refused(visitor, room_headers, complaints):
    """S28: 400 and its kind, never 500."""
    answers: dict[tuple[str, str], int] = {}
    for path in PATHS:
        for name, (content_type, body) in BODIES.items():
            headers = {**room_headers, "Content-Type": content_type}
            async with visitor.session.post(
                visitor.origin + path, data=body, headers=headers
            ) as response:
                answers[path, name] = response.status
    assert {place: status for place, status in answers.items() if status >= 500} == {}
    refusing = {path for (path, _), status in answers.items() if status == 400}
    assert refusing | {"/api/pages"} == set(PATHS)
    assert not complaints


async def test_a_field_of_any_value_is_refused_or_done(visitor, complaints):
    """S28: wrong kinds, numbers beyond all bounds, NUL."""
    answers = []
    for what, fields in FIELDS.items():
        for field in fields:
            for value in VALUES:
                body = json.dumps({**fields, field: value})
                headers = {"Origin": visitor.origin, "Content-Type": JSON}
                url = f"{visitor.origin}/do/{what}"
                async with visitor.session.post(url, data=body, headers=headers) as response:
                    answers.append((what, field, value, response.status))
    assert [answer for answer in answers if answer[-1] >= 500] == []
    assert not complaints


async def test_an_address_of_any_kind_is_answered(visitor):
    """S28."""
    paths = (
        *("/state.json?as=%00", f"/state.json?as={HUGE[:2_000]}", "/state.json?as=%ff"),
        *("/in/%00/as/kim", "/in/dojo/as/%00", f"/in/{HUGE}/as/kim", "/in/²/as/kim"),
        *("/face/%00.png", "/face/..%2f..%2fetc.png", "/page/%2e%2e/web.py"),
    )
    answers = {path: (await visitor.get(path))[0] for path in paths}
    assert {path: status for path, status in answers.items() if status not in (400, 404)} == {}


async def test_a_key_of_any_kind_is_refused(visitor):
    """S28."""
    answers: dict[tuple[str, str], int] = {}
    for key in (
        *("", ".", "1", "1.", HUGE, f"{HUGE}.1", f"1.{HUGE}"),
        *("²", "1.²", "-1.-1", "1.1.1", "a.b"),
    ):
        headers = {"X-Simcord-Capability": key, "Origin": visitor.origin}
        for method, path in (
            *(("POST", "/api/pages"), ("GET", "/api/state"), ("POST", "/api/action")),
            *(("GET", "/api/commands"), ("GET", "/api/action-result?sequence=" + HUGE[:2_000])),
            *(("DELETE", "/api/pages/x"), ("GET", "/api/assets/x")),
        ):
            url = visitor.origin + path
            async with visitor.session.request(method, url, headers=headers, json={}) as response:
                answers[key, path] = response.status
    assert {place: status for place, status in answers.items() if not 400 <= status < 500} == {}
