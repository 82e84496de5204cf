"""A row as canonical JSON, whose SHA-256 says what a split holds, whatever version of pyarrow wrote its files.

The hash of a split is that of its rows in their order, each `json.dumps(row, sort_keys=True, ensure_ascii=False,
separators=(",", ":"))` and a line feed; a time is ISO 8601 in UTC with microseconds.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec

_encode_lines = msgspec.json.Encoder(order="sorted").encode_lines


def lines(rows: Iterable[dict[str, Any]]) -> bytes:
    """Rows as canonical JSON, one a line, UTF-8."""
    return b"".join(json.dumps(row, default=_time, **_CANONICAL).encode() + b"\n" for row in rows)


def lines_of_structs(rows: list[Any]) -> bytes:
    """Like `lines`, four times as fast, for structs that hold neither floats (printed another way) nor times."""
    return _encode_lines(rows)


_CANONICAL: dict[str, Any] = {"sort_keys": True, "ensure_ascii": False, "separators": (",", ":"), "allow_nan": False}


def _time(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    return value.astimezone(UTC).isoformat(timespec="microseconds")
