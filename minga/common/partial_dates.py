"""Dates as precise as they are known: "2010", "2017-09", "2017-09-14". Kept as text, which sorts rightly."""

import re
from datetime import date

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def is_partial_date(text: str) -> bool:
    """Whether the text is a year, a month of a year or a day that exists, from year 1000 on."""
    found = _FORM.fullmatch(text)
    if not found:
        return False
    year, month, day = (int(part) if part else 1 for part in found.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return year >= 1000


def year_of(text: str) -> int | None:
    """The year of a partial date; None for an empty one."""
    return int(text[:4]) if text else None
