"""Compares texts with the listed versions that lie nearest to them, as far as the current person may read these.

Neighbours come from the index of vectors, never from all pairs; row security decides which there are, and nothing of
what may not be read weighs. The vectors are those of this machine's encoder: what somebody has only drafted is given to
no service.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from django.db import connection

from minga.duplicates.candidates import Candidate, of_values
from minga.duplicates.facts import Facts
from minga.duplicates.features import ROW, standing_out
from minga.duplicates.model import made_with, trained
from minga.duplicates.reasons import Reason, reasons_of
from minga.installation.home import Home
from minga.language import process
from minga.language.encoders import TwoEncoders, default_encoder
from minga.registry.models import Version
from minga.search.models import Passage
from minga.search.vectors import Comparison

LOOKED_AT = 40  # nearest versions of one candidate that are scored
LIKELY = 0.05  # below, sentences are not looked at one by one
LONG_LETTERS = 600  # of title and summary: more words than the model of long texts is for
AT_ONCE = 250  # versions whose neighbours are asked for in one statement
MOST_KNOWN = 120_000  # versions of which a pass keeps in mind what they name: some two kilobytes each
_SIZE = TwoEncoders.size
_FIRST = 384
_SHARE = TwoEncoders.SHARE / (TwoEncoders.SHARE + 1)

_TOLD = """
    select v.id, v.kind, v.title, v.summary, v.details, v.places, v.starts, v.ends,
        array(select p.name_as_given from registry_participation p where p.version_id = v.id order by p.position)
    from registry_version v where v.id = any(%s)
"""
_NEIGHBOURS = f"""
    select q.version_id, n.version_id, n.both, n.first, least(
        (select length(v.title) + length(v.summary) from registry_version v where v.id = q.version_id),
        (select length(v.title) + length(v.summary) from registry_version v where v.id = n.version_id))
    from search_passage q cross join lateral (
        select p.version_id, 1 - (p.vector::halfvec({_SIZE}) <=> q.vector::halfvec({_SIZE})) as both,
            (subvector(p.vector::halfvec({_SIZE}), 1, {_FIRST}) <#> subvector(q.vector::halfvec({_SIZE}), 1, {_FIRST}))
                / {-_SHARE!r} as first
        from search_passage p where p.number = 0 and p.made_with = %(made_with)s and p.version_id <> q.version_id
        order by p.vector::halfvec({_SIZE}) <=> q.vector::halfvec({_SIZE}) limit {ROW}
    ) n
    where q.number = 0 and q.made_with = %(made_with)s and q.version_id = any(%(versions)s)
    order by q.version_id
"""  # fmt: skip


@dataclass(frozen=True)
class Match:
    """A version that may tell of the same effort."""

    version: Version
    probability: float
    reasons: tuple[Reason, ...] = ()


class Encoding(Protocol):
    """Makes the vectors that texts are compared by."""

    def wholes(self, texts: Sequence[str]) -> np.ndarray:
        """Of title and summary together, of shape (texts, 896)."""

    def sentences(self, texts: Sequence[str]) -> np.ndarray:
        """By the second encoder alone, which takes a few milliseconds each, of shape (texts, 512)."""


class InSite:
    """By the process that holds the encoder; it raises `Away` where that does not answer in time."""

    def wholes(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoding`."""
        return process.ask(Home.of_environment(), texts, kind="passage")

    def sentences(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoding`."""
        return process.ask(Home.of_environment(), texts, kind="word")


class Here:
    """By the encoder in this process, for commands and the worker."""

    def wholes(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoding`."""
        return default_encoder().passages(texts)

    def sentences(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoding`."""
        return default_encoder().words(texts)


def similar(
    candidate: Candidate, *, limit: int, least: float = 0.0, encoding: Encoding | None = None,
    vector: np.ndarray | None = None, explains: bool = True,
) -> list[Match]:  # fmt: skip
    """The listed versions that are likeliest to tell of the same effort, the likeliest first.

    Args:
        candidate: what is compared; its own record is left out.
        limit: at most so many.
        least: probability below which none is told.
        encoding: of the candidate's text; the site's own process without it.
        vector: of title and summary, of shape (896,), where it is known.
        explains: whether to give reasons, for which sentences are embedded.

    Raises:
        Away: its text has no vector, and no encoder answers.
    """
    if not candidate.says_something:
        return []
    encoding = encoding or InSite()
    if vector is None:
        vector = _own_vector(candidate)
    if vector is None:
        vector = encoding.wholes([candidate.whole])[0]
    near = _nearest(vector, candidate.record, max(limit, LOOKED_AT))
    facts = facts_of_versions([pk for pk, *_similarities in near])
    near = [each for each in near if each[0] in facts]
    scored = trained().probabilities(
        np.array([similarities for _pk, *similarities in near]).reshape(-1, 2), candidate.facts,
        [facts[pk] for pk, *_similarities in near],
    )  # fmt: skip
    likeliest = sorted(
        ((float(each), pk) for each, (pk, *_rest) in zip(scored, near, strict=True) if each >= least),
        key=lambda pair: (-pair[0], pair[1]),
    )[:limit]
    return _matches(candidate, likeliest, facts, encoding if explains else None)


def _matches(
    candidate: Candidate, likeliest: list[tuple[float, int]], facts: dict[int, Facts], encoding: Encoding | None
) -> list[Match]:
    versions = (
        Version.objects.listed().select_related("record", "owner").prefetch_related("participations")
        .in_bulk([pk for _probability, pk in likeliest])
    )  # fmt: skip
    likeliest = [(probability, pk) for probability, pk in likeliest if pk in versions]
    if encoding is None:
        return [Match(versions[pk], probability) for probability, pk in likeliest]
    close = [versions[pk] for probability, pk in likeliest if probability >= LIKELY]
    reasons = reasons_of(candidate, [versions[pk] for _probability, pk in likeliest], facts, close, encoding.sentences)
    return [Match(versions[pk], probability, reasons[pk]) for probability, pk in likeliest]


def _own_vector(candidate: Candidate) -> np.ndarray | None:
    """The stored vector of a listed version."""
    if candidate.version is None:
        return None
    own = Passage.objects.filter(version=candidate.version, number=0, made_with=made_with())
    found = own.values_list("vector", flat=True).first()
    return None if found is None else np.asarray(found, dtype=np.float32)


def _nearest(vector: np.ndarray, record: int | None, most: int) -> list[tuple[int, float, float]]:
    """(version, similarity by the first encoder, by the second) of the nearest, nearest first."""
    compared = Comparison(vector, made_with())
    with connection.cursor() as cursor:
        cursor.execute(f"set local hnsw.ef_search = {2 * most}; set local hnsw.iterative_scan = relaxed_order")
        cursor.execute(
            f"select p.version_id, {compared.similarity('p')}, {compared.first('p')} from search_passage p"
            " where p.number = 0 and p.made_with = %s"
            " and p.version_id <> all (select v.id from registry_version v where v.record_id = %s)"
            f" order by {compared.distance('p')} limit %s",
            [compared.given, compared.first_given, made_with(), record, compared.given, most],
        )
        found = [(both, pk, first, compared.second(both, first)) for pk, both, first in cursor.fetchall()]
    return [(pk, first, second) for _both, pk, first, second in sorted(found, key=lambda each: (-each[0], each[1]))]


def facts_of_versions(versions: Sequence[int]) -> dict[int, Facts]:
    """What some versions name: id -> facts; those that may not be read are left out.

    Args:
        versions: their ids.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [list(versions)])
        rows = cursor.fetchall()
    return {pk: _facts(*rest) for pk, *rest in rows}


def _facts(kind, title, summary, details, places, starts, ends, names) -> Facts:
    values = {**json.loads(details), "title": title, "summary": summary, "countries": places, "partners": names,
              "start": starts, "end": ends}  # fmt: skip
    return of_values(values, kind=kind).facts


def pairs(
    versions: Sequence[int], known: dict[int, Facts] | None = None, *, least: float = 0.0
) -> Iterator[tuple[int, int, float]]:
    """Scores listed versions with their nearest neighbours, by stored vectors alone: (version, other, probability).

    Args:
        versions: ids; those without vectors are passed over.
        known: what versions name, kept by the caller from batch to batch of one pass.
        least: probability below which a pair is not told, so that the texts of most need not be read.
    """
    known = {} if known is None else known
    for begin in range(0, len(versions), AT_ONCE):
        rows = [row for row in _rows(versions[begin : begin + AT_ONCE], least) if row.worth.any()]
        wanted = {pk for row in rows for pk in (row.version, *row.others[row.worth].tolist())}
        if len(known) + len(wanted) > MOST_KNOWN:
            known.clear()
        known |= facts_of_versions([pk for pk in wanted if pk not in known])
        for row in rows:
            yield from _scored(row, known, least)


@dataclass(frozen=True)
class _Row:
    """A version beside its nearest neighbours."""

    version: int
    others: np.ndarray  # ids, of shape (neighbours,)
    similarities: np.ndarray  # (neighbours, 2)
    standing: np.ndarray  # (neighbours, 2)
    worth: np.ndarray  # (neighbours,): whether it may come to the least probability


def _rows(versions: Sequence[int], least: float) -> Iterator[_Row]:
    model = trained()
    for version, found in _neighbours(versions).items():
        told = np.array(found)
        similarities = told[:, 1:3]
        standing = standing_out(similarities, model.usual)
        is_short = told[:, 3] < LONG_LETTERS
        worth = is_short | (model.highest(similarities, standing) >= least)
        yield _Row(version, told[:, 0].astype(np.int64), similarities, standing, worth)


def _scored(row: _Row, known: dict[int, Facts], least: float) -> Iterator[tuple[int, int, float]]:
    chosen = [at for at in np.flatnonzero(row.worth) if int(row.others[at]) in known]
    if row.version not in known or not chosen:
        return
    others = row.others[chosen].tolist()
    scored = trained().probabilities(
        row.similarities[chosen], known[row.version], [known[pk] for pk in others], row.standing[chosen]
    )
    for other, probability in zip(others, scored.tolist(), strict=True):
        if probability >= least:
            yield row.version, other, probability


def _neighbours(versions: Sequence[int]) -> dict[int, list[tuple[int, float, float, int]]]:
    """Version -> its nearest others with the similarity by each encoder, and the letters of the shorter text."""
    found: dict[int, list[tuple[int, float, float, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(f"set local hnsw.ef_search = {2 * ROW}; set local hnsw.iterative_scan = relaxed_order")
        cursor.execute(_NEIGHBOURS, {"made_with": made_with(), "versions": list(versions)})
        for version, other, both, first, letters in cursor.fetchall():
            second = (both - _SHARE * first) / (1 - _SHARE)
            found.setdefault(version, []).append((other, first, second, letters or 0))
    return found
