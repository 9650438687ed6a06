"""Trains the model that codes, on labelled records, activities and invented examples; the same data, the same numbers.

The regression over the signals only learns from records: examples and activities are written with the lexicon's words,
and would have it trusted too much. For that the learnt signals of each record come from the others (five folds).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from minga.classification import model
from minga.classification.lexicon import Lexicon, lexicon_of
from minga.classification.model import Learnt, Model, Reading, Standing, Weights, balanced, signals_of, similarities
from minga.classification.texts import text_of
from minga.language.encoders import Encoder

DATA = Path(__file__).parent / "data"
BUNDLED = Path(__file__).parents[1] / "registry" / "data"
KINDS = {
    "objectives": tuple(range(1, 24)),
    "principles": (
        "people-centred", "international-cooperation", "national-sovereignty", "rule-of-law-due-process",
        "sustainable-development", "human-rights", "gender-responsive", "child-sensitive", "whole-of-government",
        "whole-of-society",
    ),
}  # fmt: skip
FOLDS = 5
STRENGTH = 0.7  # of the ridge's penalty, on vectors of length 1
TYPICAL = 12.0  # weight of the mean of a label's activities beside a record: they are forty, of a third of its weight
RARE = 0.3  # weight of an example in how usual a label is
PENALTY = 0.3  # C of the regression over the signals
SHARE = (0.6, 0.4)  # of the regressions for any label and for the primary one


@dataclass(frozen=True)
class Labelled:
    """Texts of one kind of labels, read and labelled."""

    readings: list[Reading]
    labels: np.ndarray  # (n, labels), 0 or 1
    primary: np.ndarray  # the place of the primary label; -1 where none is told
    is_record: np.ndarray  # (n,) else an example

    def take(self, places: np.ndarray) -> "Labelled":
        """Some of them."""
        chosen = [self.readings[place] for place in places]
        return Labelled(chosen, self.labels[places], self.primary[places], self.is_record[places])

    @property
    def vectors(self) -> np.ndarray:
        """Balanced, of shape (n, 896)."""
        return balanced(np.array([each.vector for each in self.readings]))


def rows_of(files: Iterable[Path]) -> list[dict[str, Any]]:
    """Lines of JSON Lines files."""
    return [
        json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()
    ]


def records() -> list[dict[str, Any]]:
    """The bundled records."""
    return rows_of(BUNDLED / name for name in ("practices.jsonl", "pledges.jsonl"))


def examples() -> list[dict[str, Any]]:
    """The invented examples."""
    return rows_of([DATA / "examples.jsonl"])


def activities(kind: str) -> list[list[str]]:
    """For each label its activities, in all languages."""
    told = json.loads((DATA / "activities.json").read_text(encoding="utf-8"))[kind]
    return [[text for texts in languages.values() for text in texts] for languages in told.values()]


class Vectors:
    """Embeds each text once."""

    def __init__(self, encoder: Encoder, known: Mapping[str, np.ndarray] | None = None):
        self.name = encoder.name
        self._encoder = encoder
        self._known: dict[str, np.ndarray] = dict(known or {})

    def of(self, texts: Sequence[str]) -> np.ndarray:
        """Of passages, of shape (n, 896)."""
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        if new:
            self._known |= dict(zip(new, self._encoder.passages(new), strict=True))
        return np.array([self._known[text] for text in texts])


def labelled(rows: Sequence[Mapping[str, Any]], kind: str, vectors: Vectors) -> Labelled:
    """Rows with labels of a kind, as the model reads them.

    Args:
        rows: in the form of `minga import`; those without labels of this kind are left out by the caller.
        kind: "objectives" or "principles".
        vectors: to embed with.
    """
    names, lexicon = KINDS[kind], lexicon_of(kind)
    texts = [text_of(row) for row in rows]
    made = vectors.of([text.whole for text in texts])
    labels = np.zeros((len(rows), len(names)))
    primary = np.full(len(rows), -1)
    for place, row in enumerate(rows):
        told = [names.index(each) for each in row[kind] if each in names]
        labels[place, told] = 1
        if kind == "objectives" and told and row.get("kind") != "pledge":  # pledges name theirs in numerical order
            primary[place] = told[0]
    return Labelled(
        [model.read(text, vector, lexicon) for text, vector in zip(texts, made, strict=True)],
        labels, primary, np.array([not row.get("synthetic") for row in rows], dtype=bool),
    )  # fmt: skip


def train(given: Labelled, kind: str, typical: np.ndarray) -> Model:
    """A model for the labels of one kind.

    Args:
        given: records and examples.
        kind: "objectives" or "principles".
        typical: for each label the mean of its activities' balanced vectors, of shape (labels, 896).
    """
    lexicon = lexicon_of(kind)
    standing = _standing(given, lexicon, typical)
    unseen = _signals_unseen(given, standing, lexicon, typical)
    kept = given.is_record
    weights = _weights(unseen[kept], given.labels[kept], given.primary[kept])
    return Model(kind, standing, _learn(given, typical), weights)


def _standing(given: Labelled, lexicon: Lexicon, typical: np.ndarray) -> Standing:
    near = similarities(given.vectors, typical)
    whole = [each.in_whole for each in given.readings]
    counted = np.where(given.is_record, 1.0, RARE)
    usual = (counted @ given.labels + 1) / (counted.sum() + 10)
    return Standing(
        typical, np.array([each.mean(axis=0) for each in near]), np.array([each.std(axis=0) + 1e-9 for each in near]),
        lexicon.rarity(whole, [each.language for each in given.readings]), np.log(usual / (1 - usual)),
    )  # fmt: skip


def _learn(given: Labelled, typical: np.ndarray) -> Learnt:
    """A ridge on records, examples and activities, in its dual form: there are fewer texts than numbers."""
    vectors = given.vectors
    targets = np.vstack([given.labels, np.eye(len(typical))])
    weights = np.concatenate([np.ones(len(vectors)), np.full(len(typical), TYPICAL)])
    mean = weights @ targets / weights.sum()
    rows = np.vstack([vectors, typical]) * np.sqrt(weights)[:, None]
    alike = rows @ rows.T + STRENGTH * np.eye(len(rows))
    ridge = rows.T @ np.linalg.solve(alike, (targets - mean) * np.sqrt(weights)[:, None])
    return Learnt(ridge, mean, vectors, given.labels)


def _signals_unseen(given: Labelled, standing: Standing, lexicon: Lexicon, typical: np.ndarray) -> np.ndarray:
    """The signals of each text, where what is learnt comes from the others."""
    parts = np.array_split(np.random.default_rng(0).permutation(len(given.readings)), FOLDS)
    signals = np.zeros((len(given.readings), len(typical), 6))
    for part in parts:
        rest = given.take(np.setdiff1d(np.arange(len(given.readings)), part))
        held = given.take(part)
        signals[part] = signals_of(standing, _learn(rest, typical), held.readings, held.vectors, lexicon)
    return signals


def _weights(signals: np.ndarray, labels: np.ndarray, primary: np.ndarray) -> Weights:
    from sklearn.linear_model import LogisticRegression  # training alone needs it

    flat = signals.reshape(-1, signals.shape[2])
    centre, scale = flat.mean(axis=0), flat.std(axis=0) + 1e-9
    rows = (signals - centre) / scale
    told = primary >= 0
    first = np.eye(labels.shape[1])[primary[told]]

    def fit(some: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, float]:
        fitted = LogisticRegression(C=PENALTY, max_iter=2_000).fit(some.reshape(-1, rows.shape[2]), truth.ravel())
        return fitted.coef_[0], fitted.intercept_[0]

    heads = [fit(rows, labels), fit(rows[told], first) if told.any() else fit(rows, labels)]
    coefficients, intercepts = (np.array(each) for each in zip(*heads, strict=True))
    share = np.array(SHARE)
    scores = (rows @ coefficients.T + intercepts) @ share
    steady = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), labels.ravel())
    return Weights(centre, scale, coefficients, intercepts, share, np.array([steady.coef_[0, 0], steady.intercept_[0]]))


def typical_of(kind: str, vectors: Vectors) -> np.ndarray:
    """The mean of each label's activities in all languages, balanced, of shape (labels, 896): shorter than 1."""
    return np.array([balanced(vectors.of(texts)).mean(axis=0) for texts in activities(kind)])


def train_all(rows: Sequence[Mapping[str, Any]], vectors: Vectors) -> list[Model]:
    """A model for objectives and one for principles.

    Args:
        rows: labelled records and examples.
        vectors: to embed with.
    """
    return [
        train(labelled([row for row in rows if row.get(kind)], kind, vectors), kind, typical_of(kind, vectors))
        for kind in KINDS
    ]
