"""Whoever acts: a person on the site, or the machine's user at the command line."""

from dataclasses import dataclass


@dataclass(frozen=True)
class By:
    """The author of a change."""

    person: int | None = None
    operator: str = ""
