"""A gathering as rows of tables, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.content.format_text import format_text, read_format
from bot.gatherings.grouping.groups import Wish
from bot.gatherings.model.gathering import (
    Closing,
    Gathering,
    Grouping,
    Guest,
    Places,
    Presence,
    Room,
    Stage,
)
from bot.gatherings.store.drafts import draft_text, draw_text, read_draft, read_draw
from bot.kit.database.columns import Columns
from bot.kit.database.database import Row, Value
from bot.rounds.model.round import RoomKind

Table = tuple[str, list[dict[str, Value]]]
"""The name of a table, and its rows for one gathering."""


_GATHERING = Columns(
    (
        *("id", "dojo_id", "guild_id", "channel_id", "facilitator_user_id", "voice_id", "card_id"),
        *("rounds", "minutes", "seats", "number", "turn", "told_turn", "version"),
    ),
    kinds={
        "places": Places,
        "grouping": Grouping,
        "stage": Stage,
        "closing": Closing,
        "told_stage": Stage,
    },
    moments={"opened_at": "opened_ms", "due_at": "due_ms", "ended_at": "ended_ms"},
)
_GUEST = Columns(
    ("user_id", "rests"),
    kinds={"wish": Wish, "presence": Presence},
    moments={"joined_at": "joined_ms"},
)
_ROOM = Columns(
    ("number", "channel_id", "round_id"),
    flags=("is_made",),
    kinds={"kind": RoomKind},
    moments={"asked_at": "asked_ms"},
)


def guest_rows(gathering: Gathering) -> Table:
    """Who joined, numbered by their position."""
    return "gathering_people", [
        {
            "gathering_id": gathering.id,
            "number": number,
            **_GUEST.row(guest),
            "languages": " ".join(sorted(guest.languages)),
        }
        for number, guest in enumerate(gathering.guests)
    ]


def helper_rows(gathering: Gathering) -> Table:
    """Who facilitates with the person who has the lead."""
    return "gathering_helpers", [
        {"gathering_id": gathering.id, "number": number, "user_id": user_id}
        for number, user_id in enumerate(gathering.helper_user_ids)
    ]


def trusted_rows(gathering: Gathering) -> Table:
    """To whom the evening was handed by name."""
    return "gathering_trusted", [
        {"gathering_id": gathering.id, "number": number, "user_id": user_id}
        for number, user_id in enumerate(gathering.trusted_user_ids)
    ]


def room_rows(gathering: Gathering, numbers: Mapping[int, int]) -> Table:
    """The rooms; `numbers` are those of people by user id."""
    return "gathering_rooms", [
        {
            "gathering_id": gathering.id,
            **_ROOM.row(room),
            "asked_guest": None if room.asked_by is None else numbers.get(room.asked_by),
        }
        for room in gathering.rooms
    ]


def gathering_row(gathering: Gathering, numbers: Mapping[int, int]) -> dict[str, Value]:
    """All that belongs to no other table; `numbers` are those of people by user id."""
    draft, draw = gathering.draft, gathering.draw
    return {
        **_GATHERING.row(gathering),
        "format": format_text(gathering.format),
        "draft": draft and draft_text(draft, numbers),
        "draw": draw and draw_text(draw, numbers),
    }


def read_gathering(
    row: Row,
    people: Sequence[Row],
    helpers: Iterable[Row],
    trusted: Iterable[Row],
    rooms: Iterable[Row],
) -> Gathering:
    """The gathering of a row and the rows of the other tables; who was forgotten is left out."""
    named = [one for one in people if one["user_id"] is not None]
    by_number: dict[int, int] = {one["number"]: one["user_id"] for one in named}
    return Gathering(
        **_GATHERING.fields(row),
        format=read_format(row["format"]),
        helper_user_ids=tuple(one["user_id"] for one in helpers),
        trusted_user_ids=tuple(one["user_id"] for one in trusted),
        guests=tuple(
            Guest(**_GUEST.fields(one), languages=frozenset(one["languages"].split()))
            for one in named
        ),
        draft=row["draft"] and read_draft(row["draft"], by_number),
        draw=row["draw"] and read_draw(row["draw"], by_number),
        rooms=tuple(
            Room(**_ROOM.fields(one), asked_by=by_number.get(one["asked_guest"])) for one in rooms
        ),
    )
