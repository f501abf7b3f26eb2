"""A format as text, copied into everything that follows it.

Very many rounds share the same text, so it is written and parsed only once.
"""

from __future__ import annotations

import json
from functools import lru_cache

from bot.content.model.formats import Format, Segment, SegmentKind
from bot.kit.database.moments import MILLISECOND


@lru_cache(maxsize=256)
def format_text(format_: Format) -> str:
    """A whole format as JSON."""
    return json.dumps(
        {
            "id": format_.id,
            "name": format_.name,
            "suits": format_.suits,
            "people": [format_.fewest, format_.most],
            "segments": [[s.kind.value, s.length // MILLISECOND] for s in format_.segments],
        },
        ensure_ascii=False,
    )


@lru_cache(maxsize=256)
def read_format(text: str) -> Format:
    """The format in a text that `format_text` wrote."""
    about = json.loads(text)
    fewest, most = about["people"]
    segments = [Segment(SegmentKind(kind), ms * MILLISECOND) for kind, ms in about["segments"]]
    return Format(about["id"], about["name"], about["suits"], fewest, most, tuple(segments))
