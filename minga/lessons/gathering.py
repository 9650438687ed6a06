"""What records say they learned: the passages of an objective's lessons, as far as the reader may read them.

They are those that search has cut and embedded: each paragraph of the field "lessons learned" of practices, pledges and
initiatives, and the statement of each lesson learned that is a record of its own. Row security decides which the reader
sees, as everywhere; so a theme rests on what she may read alone.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
from django.db.models import Q

from minga.access.rowsecurity import sees_public_only
from minga.registry.kinds import Kind
from minga.registry.models import Version
from minga.search import sets
from minga.search.models import Passage, VectorSet

FIELD = "lessons"
MOST = 2_000  # passages of an objective that are grouped: those of the records listed last


@dataclass(frozen=True)
class Said:
    """A passage that says what was learned."""

    key: str  # the same as long as record and text are
    version: Version  # with its record
    text: str
    language: str


@dataclass(frozen=True)
class Gathered:
    """What was learned about an objective."""

    said: tuple[Said, ...]
    vectors: np.ndarray  # of shape (said, size)
    used: VectorSet | None  # that they are of; None without any
    waiting: int  # records with lessons that have no vectors yet
    left_out: int  # passages beyond those that are grouped


def gather(objective: int) -> Gathered:
    """The passages of an objective, in the order in which their records came to the registry.

    Args:
        objective: its number.
    """
    of_objective = Version.objects.listed().filter(_tells_lessons(), objectives__contains=[objective])
    used = next(iter(sets.usable(visitor=sees_public_only())), None)
    if used is None:
        return Gathered((), np.zeros((0, 0), np.float32), None, of_objective.count(), 0)
    found = (
        Passage.objects.filter(Q(field=FIELD) | Q(version__kind=Kind.LESSON, number=0), made_with=used.name)
        .filter(version__is_listed=True, version__objectives__contains=[objective])
        .select_related("version__record")
        .defer("version__details", "version__summary")
        .order_by("-version__record_id", "number")
    )
    passages = list(found[: MOST + 1])
    left_out = found.count() - MOST if len(passages) > MOST else 0
    passages = sorted(_once(passages[:MOST]), key=lambda each: (each.version.record_id, each.number))
    with_vectors = {each.version_id for each in passages}
    waiting = of_objective.exclude(pk__in=with_vectors).exclude(
        pk__in=Passage.objects.filter(version__in=of_objective, made_with=used.name, number=0).values("version")
    )
    vectors = np.array([np.asarray(each.vector) for each in passages], dtype=np.float32).reshape(
        len(passages), used.size
    )
    return Gathered(tuple(map(_said, passages)), vectors, used, waiting.count(), left_out)


def _tells_lessons() -> Q:
    return Q(kind=Kind.LESSON) | Q(details__has_key=FIELD)


def _once(passages: list[Passage]) -> list[Passage]:
    """A record that repeats itself counts once."""
    return list({(each.version_id, each.text): each for each in reversed(passages)}.values())


def _said(passage: Passage) -> Said:
    text = passage.text
    if passage.field != FIELD:  # title and summary together: the statement is the title where nothing more is said
        title, _line, summary = text.partition("\n")
        text = summary.strip() or title
    digest = hashlib.sha256(text.encode()).hexdigest()[:24]
    return Said(f"{passage.version.record_id:012}:{digest}", passage.version, text, passage.language)
