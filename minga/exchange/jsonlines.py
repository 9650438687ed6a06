"""Reads JSON Lines, one object a line; a bad line is named and the rest goes on."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

# A record of 100,000 characters a field stays far below; what is longer is no record.
LONGEST_LINE = 16 * 1024 * 1024


@dataclass(frozen=True)
class Line:
    """A line of the file: its number from 1, and what it holds or what is wrong with it."""

    number: int
    row: dict[str, Any] | None
    code: str = ""
    message: str = ""


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
        row = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as problem:
        message = _("The line is not UTF-8 text (byte %(place)d). Save the file as UTF-8.")
        return Line(number, None, "not_utf8", message % {"place": problem.start + 1})
    except ValueError as problem:
        place = getattr(problem, "colno", 1)
        message = _("The line is not JSON (at character %(place)d). Check quotation marks, commas and braces.")
        return Line(number, None, "not_json", message % {"place": place})
    except RecursionError:
        return Line(number, None, "not_json", _("The line is nested too deeply to be a record."))
    if not isinstance(row, dict):
        return Line(number, None, "not_an_object", _("The line is JSON, but not a record in braces: {…}."))
    return Line(number, _without_lone_surrogates(row))


def _without_lone_surrogates(value: Any) -> Any:
    """JSON may spell half a character (\\ud800), which no database takes; it becomes the replacement sign."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8") if not value.isascii() else value
    if isinstance(value, list):
        return [_without_lone_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_lone_surrogates(key): _without_lone_surrogates(item) for key, item in value.items()}
    return value
