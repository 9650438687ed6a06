"""Finds what may answer a need, and which needs an offer may answer: likely ones first, each with passages and a reason.

Nothing of the story is kept or noted. Row security decides which records the person sees among the answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from minga.matching import measuring
from minga.matching.model import ANSWERS, NEEDS, shipped
from minga.matching.quoting import quotes
from minga.matching.reading import Reading
from minga.matching.reasons import reason_for
from minga.registry.kinds import Kind
from minga.registry.models import Version
from minga.search.finding import find
from minga.search.grammar import Query

# What may answer a need. Lessons learned have a page of their own.
KINDS = (Kind.PRACTICE, Kind.INITIATIVE, Kind.OFFER, Kind.PLEDGE)
HOW_SURE = ((0.75, "very_likely"), (0.5, "likely"), (0.2, "possible"), (0.0, "unlikely"))


@dataclass(frozen=True)
class Match:
    """A record that may answer a need, or a need that an offer may answer."""

    version: Version  # with record and owner
    probability: float | None  # None where words alone were compared
    asked: str = ""  # the sentence of the story that the passage speaks to
    passage: str = ""
    language: str = ""  # of the passage
    why: str = ""

    @property
    def how_sure(self) -> str:
        """In words."""
        if self.probability is None:
            return _("not known")
        told = {"very_likely": _("very likely"), "likely": _("likely"), "possible": _("possible"),
                "unlikely": _("hardly likely")}  # fmt: skip
        return told[next(word for least, word in HOW_SURE if self.probability >= least)]


def answers_to(reading: Reading, *, limit: int, kinds: Sequence[str] = KINDS) -> list[Match]:
    """The records that most likely answer a need, best first, however unlikely the last ones.

    Args:
        reading: of the need.
        limit: at most so many.
        kinds: of record that may answer.
    """
    return _matches(reading, kinds, ANSWERS, limit)


def needs_for(reading: Reading, *, limit: int) -> list[Match]:
    """The needs that an offer most likely answers, best first.

    Args:
        reading: of the offer.
        limit: at most so many.
    """
    return _matches(reading, (Kind.NEED,), NEEDS, limit)


def _matches(reading: Reading, kinds: Sequence[str], question: str, limit: int) -> list[Match]:
    if reading.story.says_nothing:
        return []
    if reading.whole is None:
        return _by_words(reading, kinds, limit)
    candidates = measuring.measure(reading, kinds)
    found = shipped()[question].probabilities(candidates.raw, candidates.own_language)
    best = np.argsort(-found, kind="stable")[:limit].tolist()
    likely = {candidates.versions[place]: round(float(found[place]), 4) for place in best}
    versions = _versions(list(likely))
    near = {candidates.versions[place]: candidates.near[place] for place in best}
    told = quotes(reading, near, candidates.related)
    return [
        Match(versions[pk], probability, *told[pk], near[pk].language, reason_for(reading, versions[pk], probability))
        for pk, probability in likely.items() if pk in versions
    ]  # fmt: skip


def _by_words(reading: Reading, kinds: Sequence[str], limit: int) -> list[Match]:
    """By words of the same language, names and numbers alone: no vectors can be made or compared at the moment."""
    query = Query(words=reading.story.whole[:2_000], chosen={"kind": tuple(kinds)})
    hits = find(query, language=reading.story.spoken, vector=None).hits[:limit]
    versions = _versions([hit.version for hit in hits])
    return [
        Match(versions[hit.version], None, passage=versions[hit.version].summary[:500],
              language=versions[hit.version].language, why=reason_for(reading, versions[hit.version], None))
        for hit in hits if hit.version in versions
    ]  # fmt: skip


def _versions(ids: Sequence[int]) -> dict[int, Version]:
    return Version.objects.listed().select_related("record", "owner").in_bulk(list(ids))
