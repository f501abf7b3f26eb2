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
from bot.kit.database.database import Row, Value
from bot.kit.database.moments import EPOCH, MILLISECOND, in_milliseconds, milliseconds, moment
from bot.rounds.model.round import RoomKind

Table = tuple[str, list[dict[str, Value]]]
"""The name of a table, and its rows for one gathering."""


def guest_rows(gathering: Gathering) -> Table:
    """Who joined, numbered by their position."""
    return "gathering_people", [
        {
            "gathering_id": gathering.id,
            "number": number,
            "user_id": guest.user_id,
            "joined_ms": in_milliseconds(guest.joined_at),
            "wish": guest.wish.value,
            "languages": " ".join(sorted(guest.languages)),
            "presence": guest.presence.value,
            "rests": guest.rests,
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
            "number": room.number,
            "channel_id": room.channel_id,
            "kind": room.kind.value,
            "is_made": int(room.is_made),
            "round_id": room.round_id,
            "asked_ms": milliseconds(room.asked_at),
            "asked_guest": None if room.asked_by is None else numbers.get(room.asked_by),
        }
        for room in gathering.rooms
    ]


def gathering_row(gathering: Gathering, numbers: Mapping[int, int]) -> dict[str, Value]:
    """All that belongs to no other table; `numbers` are those of people by user id."""
    draft, draw = gathering.draft, gathering.draw
    return {
        "id": gathering.id,
        "dojo_id": gathering.dojo_id,
        "guild_id": gathering.guild_id,
        "channel_id": gathering.channel_id,
        "format": format_text(gathering.format),
        "opened_ms": in_milliseconds(gathering.opened_at),
        "facilitator_user_id": gathering.facilitator_user_id,
        "rounds": gathering.rounds,
        "minutes": gathering.minutes,
        "places": gathering.places.value,
        "voice_id": gathering.voice_id,
        "grouping": gathering.grouping.value,
        "seats": gathering.seats,
        "stage": gathering.stage.value,
        "number": gathering.number,
        "due_ms": milliseconds(gathering.due_at),
        "draft": draft and draft_text(draft, numbers),
        "draw": draw and draw_text(draw, numbers),
        "closing": gathering.closing and gathering.closing.value,
        "ended_ms": milliseconds(gathering.ended_at),
        "card_id": gathering.card_id,
        "turn": gathering.turn,
        "told_turn": gathering.told_turn,
        "told_stage": gathering.told_stage and gathering.told_stage.value,
        "version": gathering.version,
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
        id=row["id"],
        dojo_id=row["dojo_id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        format=read_format(row["format"]),
        opened_at=EPOCH + row["opened_ms"] * MILLISECOND,
        facilitator_user_id=row["facilitator_user_id"],
        helper_user_ids=tuple(one["user_id"] for one in helpers),
        trusted_user_ids=tuple(one["user_id"] for one in trusted),
        rounds=row["rounds"],
        minutes=row["minutes"],
        places=Places(row["places"]),
        voice_id=row["voice_id"],
        grouping=Grouping(row["grouping"]),
        seats=row["seats"],
        guests=tuple(_guest(one) for one in named),
        stage=Stage(row["stage"]),
        number=row["number"],
        due_at=moment(row["due_ms"]),
        draft=row["draft"] and read_draft(row["draft"], by_number),
        draw=row["draw"] and read_draw(row["draw"], by_number),
        rooms=tuple(_room(one, by_number) for one in rooms),
        closing=row["closing"] and Closing(row["closing"]),
        ended_at=moment(row["ended_ms"]),
        card_id=row["card_id"],
        turn=row["turn"],
        told_turn=row["told_turn"],
        told_stage=row["told_stage"] and Stage(row["told_stage"]),
        version=row["version"],
    )


def _guest(row: Row) -> Guest:
    return Guest(
        user_id=row["user_id"],
        joined_at=EPOCH + row["joined_ms"] * MILLISECOND,
        wish=Wish(row["wish"]),
        languages=frozenset(row["languages"].split()),
        presence=Presence(row["presence"]),
        rests=row["rests"],
    )


def _room(row: Row, by_number: Mapping[int, int]) -> Room:
    return Room(
        number=row["number"],
        channel_id=row["channel_id"],
        kind=RoomKind(row["kind"]),
        is_made=bool(row["is_made"]),
        round_id=row["round_id"],
        asked_at=moment(row["asked_ms"]),
        asked_by=by_number.get(row["asked_guest"]),
    )
