"""How good coding is: which labels come first, how many of them are found, whether probabilities can be believed.

The model is trained here anew, on the bundled records and the shipped examples; a record is only scored by a model that
was trained without it: bundled ones in folds, others by one of all the bundled. Beside it stand methods that learn
nothing, in the same run.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from minga.classification import model, training
from minga.classification.model import balanced, similarities, standardised
from minga.classification.texts import text_of
from minga.classification.training import KINDS, Labelled, Vectors
from minga.language.encoders import Encoder, default_encoder

VOCABULARIES = Path(__file__).parents[1] / "vocabularies" / "data"
SAMPLES, FOLDS, REPEATS, BINS = 1_000, 5, 3, 10
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """What a method says of some records."""

    scores: np.ndarray  # (repeats, records, labels)
    is_probability: bool


def evaluate(rows: Sequence[Row], encoder: Encoder | None = None) -> dict[str, dict[str, dict[str, float]]]:
    """Kind of labels -> method -> figures.

    Args:
        rows: labelled records; those without labels of a kind are left out of it. Without any, the bundled ones.
        encoder: of the texts; the installation's own without it.
    """
    vectors = Vectors(encoder or default_encoder())
    told = {}
    for kind in KINDS:
        asked = [row for row in rows or training.records() if row.get(kind)]
        if asked:
            given = training.labelled(asked, kind, vectors)
            methods = _untrained(asked, given, kind, vectors) | {"coding": _trained(asked, given, kind, vectors)}
            told[kind] = {name: figures(found, given) for name, found in methods.items()}
    return told


def _trained(asked: Sequence[Row], given: Labelled, kind: str, vectors: Vectors) -> Found:
    known = [row for row in training.records() if row.get(kind)]
    seen = {key: place for place, row in enumerate(known) for key in keys(row)}
    places = [next((seen[key] for key in keys(row) if key in seen), None) for row in asked]
    whole = training.labelled([*known, *training.examples()], kind, vectors)
    typical = training.typical_of(kind, vectors)
    scores = np.zeros((REPEATS, len(asked), len(KINDS[kind])))
    new = [at for at, place in enumerate(places) if place is None]
    if new:
        scores[:, new] = training.train(whole, kind, typical).probabilities([given.readings[at] for at in new])
    for repeat in range(REPEATS):
        for part in np.array_split(np.random.default_rng(repeat).permutation(len(known)), FOLDS):
            held = set(part.tolist())
            own = [at for at, place in enumerate(places) if place in held]
            if own:
                rest = whole.take(np.array([at for at in range(len(whole.readings)) if at not in held]))
                made = training.train(rest, kind, typical)
                scores[repeat, own] = made.probabilities([given.readings[at] for at in own])
    return Found(scores, True)


def keys(row: Row) -> tuple[str, str]:
    """What a record is known by: the same text under another id has been seen, too."""
    return f"id {row['id']}", f"text {row['title']}"


def _untrained(asked: Sequence[Row], given: Labelled, kind: str, vectors: Vectors) -> dict[str, Found]:
    """By titles alone, by all that the vocabularies say of the labels, and by the typical activities."""
    titles = balanced(vectors.of([text_of(row).title or text_of(row).whole for row in asked]))
    views = [titles, given.vectors]
    described = [balanced(vectors.of(texts)) for texts in _descriptions(kind)]
    number = len(KINDS[kind])
    nearest = _near(titles, described[0], number)
    all_views = [_near(view, each, number) for view in views for each in described]
    near_typical = similarities(given.vectors, training.typical_of(kind, vectors))
    active = [standardised(near) for near in near_typical]
    return {
        name: Found(np.mean(found, axis=0)[None], False)
        for name, found in (("nearest title", [nearest]), ("all views", all_views), ("activities", active))
    }


def _near(texts: np.ndarray, descriptions: np.ndarray, number: int) -> np.ndarray:
    """Standard scores of both encoders; the descriptions stand label by label, in all languages."""
    found = similarities(texts, descriptions)
    return np.mean([standardised(near.reshape(len(texts), number, -1).mean(axis=2)) for near in found], axis=0)


def _descriptions(kind: str) -> list[list[str]]:
    """Of each field of the vocabulary, its texts in all languages, label by label."""
    concepts = json.loads((VOCABULARIES / f"gcm-{kind}.json").read_text(encoding="utf-8"))["concepts"]
    fields = [field for field in ("labels", "short_labels", "glosses") if all(each[field] for each in concepts)]
    return [[text for each in concepts for _language, text in sorted(each[field].items())] for field in fields]


def figures(found: Found, given: Labelled) -> dict[str, float]:
    """Shares with 95 % intervals by bootstrap over records.

    Args:
        found: by one method.
        given: the records' own labels.

    Returns:
        `any first`: one of its labels comes first; `primary first` and `primary in three` of records whose first label
        is the primary one; `r-precision`: of as many places as it has labels, the share that are its own; `calibration
        error` over all pairs of record and label, and that of the likeliest label alone, in ten bins.
    """
    each = _of_each(found.scores, given)
    draws = np.random.default_rng(7).integers(0, len(given.readings), (SAMPLES, len(given.readings)))
    told: dict[str, float] = {"number": len(given.readings)}
    for name, values in each.items():
        if not np.isnan(values).all():
            drawn = [np.nanmean(values[draw]) for draw in draws if not np.isnan(values[draw]).all()]
            told |= _interval(name, float(np.nanmean(values)), drawn)
    if found.is_probability:
        for name, sums in _bins(found.scores, given.labels).items():
            value, drawn = _error(sums.sum(axis=0)), np.array([_error(sums[draw].sum(axis=0)) for draw in draws])
            # Chance alone makes bins err, and draws add chance: they are moved back to where the value is.
            told |= _interval(name, value, np.maximum(drawn - drawn.mean() + value, 0))
    return {name: round(value, 3) for name, value in told.items()}


def _interval(name: str, value: float, drawn: Sequence[float]) -> dict[str, float]:
    low, high = np.quantile(drawn, (0.025, 0.975))
    return {name: value, f"{name} low": float(low), f"{name} high": float(high)}


def _of_each(scores: np.ndarray, given: Labelled) -> dict[str, np.ndarray]:
    """For each record the measures, as means over the repeats; nan where a measure does not apply."""
    order = np.argsort(-scores, axis=2, kind="stable")
    hits = np.take_along_axis(np.broadcast_to(given.labels, scores.shape), order, axis=2)
    many = given.labels.sum(axis=1).astype(int)
    place = np.argmax(order == given.primary[None, :, None], axis=2)
    told = given.primary >= 0
    return {
        "any first": hits[:, :, 0].mean(axis=0),
        "primary first": np.where(told, (place < 1).mean(axis=0), np.nan),
        "primary in three": np.where(told, (place < 3).mean(axis=0), np.nan),
        "r-precision": np.array([hits[:, at, :number].mean() for at, number in enumerate(many)]),
    }


def _bins(scores: np.ndarray, labels: np.ndarray) -> dict[str, np.ndarray]:
    """Sums for each record and bin: how many, of probabilities, of truths; of shape (records, bins, 3)."""
    truths = np.broadcast_to(labels, scores.shape)
    first = scores.argmax(axis=2)[..., None]
    chosen = {
        "calibration error": (scores, truths),
        "calibration error of the first": (
            np.take_along_axis(scores, first, axis=2), np.take_along_axis(truths, first, axis=2),
        ),
    }  # fmt: skip
    sums = {}
    for name, (said, true) in chosen.items():
        bins = np.minimum((said * BINS).astype(int), BINS - 1)
        sums[name] = np.stack(
            [np.stack([np.where(bins == at, what, 0).sum(axis=(0, 2)) for what in (1, said, true)], axis=1)
             for at in range(BINS)], axis=1,
        )  # fmt: skip
    return sums


def _error(sums: np.ndarray) -> float:
    """Expected calibration error, from sums of shape (bins, 3)."""
    return float(np.abs(sums[:, 1] - sums[:, 2]).sum() / sums[:, 0].sum())


def train(rows: Sequence[Row], encoder: Encoder | None = None) -> int:
    """Train the shipped model anew, on the bundled records, the examples and further labelled records; returns on how many.

    Args:
        rows: records beside the bundled ones; of those with the same id or title the given one counts.
        encoder: of the texts; the installation's own without it.
    """
    vectors = Vectors(encoder or default_encoder())
    given = {key for row in rows for key in keys(row)}
    own = [row for row in training.records() if given.isdisjoint(keys(row))]
    used = [*own, *rows, *training.examples()]
    model.save(training.train_all(used, vectors), vectors.name)
    return sum(any(row.get(kind) for kind in KINDS) for row in used)
