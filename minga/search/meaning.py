"""Finds by meaning: the nearest versions by their whole text and their title, and the passages of the best ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from django.db import connection

from minga.search.filtering import Filters
from minga.search.vectors import Comparison

NEAR = 150  # neighbours that are looked for, wholes and titles together


class View(NamedTuple):
    """How near one view of a version is."""

    both: float
    first: float  # as the first of two encoders has it, where two made the vector
    second: float


@dataclass(frozen=True)
class Nearness:
    """How near a version is to a query, view by view, and its nearest passage."""

    whole: View  # title and summary together
    title: View
    passage: View  # the nearest of its texts but for the title alone
    most: View  # of these texts the nearest for each encoder by itself
    text: str
    field: str
    language: str


def nearest(vector: np.ndarray, encoder: str, filters: Filters) -> list[tuple[int, float]]:
    """The nearest versions by title or by title and summary: (version, similarity), nearest first.

    Args:
        vector: of the query, of shape (size,).
        encoder: the name of what made it; vectors of others are not compared with it.
        filters: which versions may be found.
    """
    within, parameters = filters.within("p.version_id")
    compared = Comparison(vector, encoder)
    with connection.cursor() as cursor:
        cursor.execute(f"set local hnsw.ef_search = {NEAR}; set local hnsw.iterative_scan = relaxed_order")
        cursor.execute(
            f"select p.version_id, {compared.similarity('p')} from search_passage p"
            f" where p.number < 2 and p.made_with = %s{within} order by {compared.distance('p')} limit {NEAR}",
            [compared.given, encoder, *parameters, compared.given],
        )
        found: dict[int, float] = {}
        for version, similarity in cursor.fetchall():
            found[version] = max(similarity, found.get(version, -1.0))
    return sorted(found.items(), key=lambda each: (-each[1], each[0]))


def read(versions: Sequence[int], vector: np.ndarray, encoder: str) -> dict[int, Nearness]:
    """How near some versions are, passage by passage; those without vectors of this encoder are left out.

    Args:
        versions: their ids.
        vector: of the query, of shape (size,).
        encoder: the name of what made it.
    """
    compared = Comparison(vector, encoder)
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.id, p.version_id, p.number,"
            f" {compared.similarity('p')}, {compared.first('p')} from search_passage p"
            " where p.version_id = any(%s) and p.made_with = %s order by p.version_id, p.number",
            [compared.given, compared.first_given, list(versions), encoder],
        )
        views: dict[int, dict[int, tuple[int, View]]] = {}
        for key, version, number, both, first in cursor.fetchall():
            views.setdefault(version, {})[number] = key, View(both, first, compared.second(both, first))
        nearest = {version: _nearest_passage(of_version) for version, of_version in views.items() if 0 in of_version}
        cursor.execute(
            "select id, text, field, language from search_passage where id = any(%s)",
            [[key for key, _view in nearest.values()]],
        )
        told = {key: rest for key, *rest in cursor.fetchall()}
    return {
        version: Nearness(
            views[version][0][1], views[version].get(1, views[version][0])[1], view, _most(views[version]), *told[key]
        )
        for version, (key, view) in nearest.items()
    }


def _nearest_passage(of_version: dict[int, tuple[int, View]]) -> tuple[int, View]:
    """The passage that answers: (its id, how near it is)."""
    return max((each for number, each in of_version.items() if number != 1), key=lambda each: each[1].both)


def _most(of_version: dict[int, tuple[int, View]]) -> View:
    """How near a passage comes at most, for each encoder by itself; the title alone is none."""
    return View(
        *(max(each) for each in zip(*(view for number, (_key, view) in of_version.items() if number != 1), strict=True))
    )
