"""A finding of `minga doctor`: one thing that was looked at."""

from dataclasses import asdict, dataclass

import psycopg
from django.db import DatabaseError

from minga.installation.problems import InstallationProblem

FAILURES = (InstallationProblem, psycopg.Error, DatabaseError, OSError)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    is_well: bool
    text: str
    remedy: str = ""

    def as_dict(self) -> dict:
        """For scripts."""
        return asdict(self)
