"""Labelled texts: JSON Lines whose lines say by their fields what they are.

- a record: {"id", "kind", "lang", "title", "summary", …}, as `minga import` takes it
- a retelling: {"about", "same", "lang", "title", "summary"}; `same: false` is a near miss, which no search is asked for
- a request for help: {"lang", "title", "text", "answers": [record ids]}
- a short query: {"lang", "query", "answers": [record ids]}
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from minga.installation.problems import InstallationProblem

SHIPPED = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Asked:
    """Something that is searched for, and the records that answer it."""

    text: str
    lang: str
    answers: frozenset[str]  # external ids


@dataclass
class Labelled:
    """What files hold."""

    records: list[dict[str, Any]] = field(default_factory=list)
    retellings: list[dict[str, Any]] = field(default_factory=list)
    needs: list[dict[str, Any]] = field(default_factory=list)
    queries: list[dict[str, Any]] = field(default_factory=list)


def read(files: list[Path]) -> Labelled:
    """Read files; without any, those that are shipped.

    Raises:
        InstallationProblem: a line is none of these; the message says which.
    """
    found = Labelled()
    for file in files or sorted(SHIPPED.glob("*.jsonl")):
        for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if text.strip():
                _take(found, file, number, text)
    return found


def _take(found: Labelled, file: Path, number: int, text: str) -> None:
    try:
        line = json.loads(text)
        if "about" in line:
            found.retellings.append({name: line[name] for name in ("about", "same", "lang", "title", "summary")})
        elif "query" in line:
            found.queries.append({name: line[name] for name in ("lang", "query", "answers")})
        elif "answers" in line:
            found.needs.append(
                {name: line[name] for name in ("lang", "title", "text", "answers")} | {"id": line.get("id")}
            )
        else:
            found.records.append(line | {name: line[name] for name in ("id", "kind", "lang", "title")})
    except (ValueError, KeyError, TypeError) as problem:
        message = _("Line %(number)d of %(file)s is no record, retelling, request or query.")
        raise InstallationProblem(message % {"number": number, "file": file}) from problem
