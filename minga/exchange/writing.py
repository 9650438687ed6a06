"""Writes rows as text, piece by piece: JSON Lines, JSON, CSV."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from minga.exchange.cells import in_csv
from minga.registry.catalogue import FIELDS

# In the order of a row; translations have no room in a table.
COLUMNS = ["id", "external_id", "owner", "kind", "editorial_state", "visibility", *(each.name for each in FIELDS)]
PIECE = 64 * 1024  # bytes sent at once

TYPES = {
    "jsonl": "application/jsonl; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def as_jsonl(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """One object a line."""
    return _gathered(_json(row) + b"\n" for row in rows)


def as_json(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """One array."""
    return _gathered(_array(rows))


def _array(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    separator = b"[\n"
    for row in rows:
        yield separator + _json(row)
        separator = b",\n"
    yield b"[]\n" if separator == b"[\n" else b"\n]\n"


def _json(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode()


def as_csv(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """One header of field names, then a line a record; with a byte order mark, so that Excel reads the accents."""
    return _gathered(_lines(rows))


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([in_csv(row.get(name)) for name in COLUMNS])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of a size that is worth sending."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def file_name(name: str, form: str, today: date) -> str:
    """A speaking name: minga-practices-2026-11-24.csv."""
    return f"minga-{name}-{today.isoformat()}.{form}"
