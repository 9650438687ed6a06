"""Loads vocabulary files: the package's own and those of an operator. Loading again changes nothing.

The form of a file is described in `data/FORMAT.md`.
"""

import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from minga.vocabularies.models import Concept, Scheme

FOLDER = Path(__file__).parent / "data"
_CONTENT = (
    "notation", "position", "labels", "short_labels", "glosses", "statuses", "parent", "related", "origin",
    "is_retired",
)  # fmt: skip


class UnusableVocabulary(Exception):
    """The file is not a vocabulary; the message says what to mend."""


@transaction.atomic
def load_file(file: Path) -> int:
    """Load one vocabulary file.

    Concepts keep their code across versions; one that a newer file leaves out is marked as retired and stays, since
    records refer to it.

    Returns:
        the number of concepts in the file.

    Raises:
        UnusableVocabulary: the file is not of the form that FORMAT.md describes.
    """
    scheme, concepts = _read(file)
    Scheme.objects.update_or_create(
        code=scheme["code"],
        defaults={
            "version": scheme["version"],
            "names": scheme["names"],
            "descriptions": scheme.get("descriptions", {}),
            "is_framework": scheme.get("is_framework", False),
            "citation": scheme.get("citation", ""),
            "address": scheme.get("address", ""),
            "position": scheme.get("position", 100),
        },
    )
    rows = [
        Concept(
            scheme_id=scheme["code"], code=each["code"], notation=each.get("notation", ""), position=position,
            labels=each["labels"], short_labels=each.get("short_labels", {}), glosses=each.get("glosses", {}),
            statuses=each.get("statuses", {}), parent=each.get("parent", ""), related=each.get("related", []),
            origin=each.get("origin", {}), since=scheme["version"], is_retired=False,
        )
        for position, each in enumerate(concepts, start=1)
    ]  # fmt: skip
    Concept.objects.bulk_create(rows, update_conflicts=True, unique_fields=["scheme", "code"], update_fields=_CONTENT)
    Concept.objects.filter(scheme=scheme["code"]).exclude(code__in=[row.code for row in rows]).update(is_retired=True)
    return len(rows)


def load_all() -> int:
    """Load every file of the package; returns the number of concepts."""
    return sum(load_file(file) for file in sorted(FOLDER.glob("*.json")))


def _read(file: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        scheme, concepts = content["scheme"], content["concepts"]
        wanted = [scheme["code"], scheme["version"], scheme["names"]["en"]]
        codes = [each["code"] for each in concepts]
        complete = all(wanted) and all(each["labels"] for each in concepts)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        message = _("%(file)s is not a vocabulary file (%(problem)s). See vocabularies/data/FORMAT.md.")
        raise UnusableVocabulary(message % {"file": file.name, "problem": repr(problem)[:100]}) from problem
    if not complete or len(set(codes)) != len(codes):
        message = _("%(file)s: every concept needs a code of its own and a label in some language.")
        raise UnusableVocabulary(message % {"file": file.name})
    return scheme, concepts
