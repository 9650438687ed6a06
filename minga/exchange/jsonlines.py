"""Reads JSON Lines, one object a line; a bad line is named and the rest goes on.

What a line says is brought into the form in which the database can keep it and give it back unchanged: no NUL, no half
characters, line breaks of one kind, numbers that JSON knows. Otherwise an export would differ from what was imported.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

# A record of 100,000 characters a field stays far below; what is longer is no record.
LONGEST_LINE = 16 * 1024 * 1024
DEEPEST = 40  # levels of lists and objects in one line; the form of records needs three
_EXACT = 1e16  # from here on floats are whole numbers, which the database writes out in full


@dataclass(frozen=True)
class Line:
    """A line of the file: its number from 1, and what it holds or what is wrong with it."""

    number: int
    row: dict[str, Any] | None
    code: str = ""
    message: str = ""
    size: int = 0  # in bytes


class _TooDeep(ValueError):
    """A line of more levels than a record has."""


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """The lines of a file, empty ones left out. Memory stays at one line's size.

    Args:
        stream: the file, opened for reading bytes; UTF-8, with or without a byte order mark.
    """
    number = 0
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(raw) > LONGEST_LINE:
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(LONGEST_LINE)
            yield Line(number, None, "line_too_long", _("The line is longer than 16 MB and was left out."))
            continue
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if raw.strip():
            yield _parse(number, raw)


def _parse(number: int, raw: bytes) -> Line:
    try:
        row = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_float)
        row = _storable(row)
    except UnicodeDecodeError as problem:
        message = _("The line is not UTF-8 text (byte %(place)d). Save the file as UTF-8.")
        return Line(number, None, "not_utf8", message % {"place": problem.start + 1})
    except (_TooDeep, RecursionError):
        return Line(number, None, "not_json", _("The line is nested too deeply to be a record."))
    except ValueError as problem:
        place = getattr(problem, "colno", 1)
        message = _("The line is not JSON (at character %(place)d). Check quotation marks, commas and braces.")
        return Line(number, None, "not_json", message % {"place": place})
    if not isinstance(row, dict):
        return Line(number, None, "not_an_object", _("The line is JSON, but not a record in braces: {…}."))
    return Line(number, row, size=len(raw))


def _refuse_constant(text: str) -> None:
    """NaN and Infinity: Python reads them, JSON does not know them."""
    raise ValueError(text)


def _float(text: str) -> float | int:
    """A number as the database gives it back."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    if abs(number) >= _EXACT:
        return int(number)
    return number or 0.0  # not the negative zero


def _storable(value: Any, depth: int = 0) -> Any:
    """A value in the form in which the database keeps it."""
    if isinstance(value, str):
        return _storable_text(value)
    if depth > DEEPEST:
        raise _TooDeep
    if isinstance(value, list):
        return [_storable(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_storable_text(key): _storable(item, depth + 1) for key, item in value.items()}
    return value


def _storable_text(text: str) -> str:
    """JSON may spell half a character (\\ud800) or a NUL, which no database takes."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
