"""What a model may learn from here: published, public records whose labels a person decided.

Nothing else: what a model has learnt, whoever may use it can ask it for. Rejected proposals and drafts are not learnt
from by themselves; what counts is how the record was published. As the worker, seeing all.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from minga.classification.models import Decision
from minga.classification.proposing import NEGATIVE, READ
from minga.classification.texts import text_of, words_of
from minga.classification.training import KINDS
from minga.language.encoders import TwoEncoders
from minga.registry.models import Version
from minga.registry.queries import values_of
from minga.search.models import Passage


@dataclass(frozen=True)
class Corrected:
    """A record whose labels people decided."""

    record: int
    public_id: str
    row: dict[str, Any]  # in the form of `minga import`; of a kind that nobody decided on there are no labels
    decided_at: datetime
    vector: np.ndarray | None  # of title and summary, where search has it


@dataclass(frozen=True)
class LeftOut:
    """A record that a model does not learn from, and why."""

    public_id: str
    why: str  # "rejected", "same_text", "no_text"


@dataclass(frozen=True)
class Corrections:
    """All that people decided and published."""

    records: list[Corrected]
    left_out: list[LeftOut]


def corrections() -> Corrections:
    """What there is to learn from, in the order of the records."""
    decided = _decided()
    listed = Version.objects.filter(is_public=True, record__in=decided).select_related("record")
    versions = list(listed.prefetch_related("participations").order_by("record_id"))
    known = dict(
        Passage.objects.filter(version__in=versions, number=0, made_with=TwoEncoders.name).values_list(
            "version_id", "vector"
        )
    )
    left_out: list[LeftOut] = []
    found = []
    for version in versions:
        each = _corrected(version, decided[version.record_id], known.get(version.pk), left_out)
        if each:
            found.append(each)
    return Corrections(_each_text_once(found, left_out), left_out)


def _decided() -> dict[int, dict[tuple[str, str], Decision]]:
    """Record -> (kind, code) -> the latest decision."""
    decided: dict[int, dict[tuple[str, str], Decision]] = defaultdict(dict)
    made = Decision.objects.filter(person__isnull=False).select_related("version").order_by("at", "pk")
    for each in made:
        decided[each.version.record_id][each.kind, each.code] = each
    return decided


def _corrected(
    version: Version, decisions: dict[tuple[str, str], Decision], vector: Any, left_out: list[LeftOut]
) -> Corrected | None:
    """The record as a model would learn from it; None, and why, where it contradicts itself or says nothing."""
    by_then = {label: each for label, each in decisions.items() if each.version.number <= version.number}
    if not by_then:
        return None  # decided in a later version, which is not published yet
    public_id = version.record.public_id
    if any(each.what in NEGATIVE and _has(version, *label) for label, each in by_then.items()):
        left_out.append(LeftOut(public_id, "rejected"))
        return None
    values = values_of(version)
    row: dict[str, Any] = {name: values.get(name) for name in READ}
    row |= {"id": version.record.external_id or public_id, "kind": version.kind, "lang": version.language}
    kinds = {kind for kind, _code in by_then}
    row |= {kind: list(getattr(version, kind)) if kind in kinds else [] for kind in KINDS}
    try:
        text_of(row)
    except ValueError:
        left_out.append(LeftOut(public_id, "no_text"))
        return None
    made = None if vector is None else np.asarray(vector, dtype=np.float32)
    return Corrected(version.record_id, public_id, row, max(each.at for each in by_then.values()), made)


def _has(version: Version, kind: str, code: str) -> bool:
    return code in {str(each) for each in getattr(version, kind)}


def _each_text_once(found: list[Corrected], left_out: list[LeftOut]) -> list[Corrected]:
    """Of records that say the same, the one that was decided on last: its labels hold where they contradict each other."""
    latest: dict[str, Corrected] = {}
    for each in sorted(found, key=lambda one: (one.decided_at, one.record)):
        text = " ".join(words_of(text_of(each.row).whole)) or each.public_id
        earlier = latest.pop(text, None)
        if earlier:
            left_out.append(LeftOut(earlier.public_id, "same_text"))
        latest[text] = each
    return sorted(latest.values(), key=lambda one: one.record)
