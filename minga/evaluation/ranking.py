"""Trains the ranking of search on labelled texts, and measures it on records that it has not seen.

For queries of each length a linear model over the signals, trained on pairs (the answer beside each other candidate).
The labelled records are dealt into folds; a ranking is kept for each fold that was trained on the others, so that texts
of the training data are only ever measured with one that does not know their record.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from minga.evaluation.labelled import Asked
from minga.search.ranking import FILE, LENGTHS, SIGNALS, Ranking, length_of

FOLDS = 5
STRENGTH = 1.0  # of what the data say beside a prior of small weights (C of the logistic regression)
CANDIDATES = 40  # that an answer is compared with
# What stands where training does not help: nearness of title and summary, all of the words, and words that say the same.
PLAIN = {
    "whole, first": 1.0, "title, first": 0.3, "passage, first": 0.2, "whole, second": 0.6, "title, second": 0.2,
    "passage, second": 0.1, "some words": 0.0, "words": 4.0, "names": 2.0, "kin": 1.0,
}  # fmt: skip


@dataclass(frozen=True)
class Example:
    """A query with what is known of its candidates."""

    asked: Asked
    words: str
    signals: np.ndarray  # of shape (candidates, signals)
    is_answer: np.ndarray  # of shape (candidates,)

    @property
    def fold(self) -> int:
        """The fold of the record that answers (of several, the first by name)."""
        return fold_of(min(self.asked.answers))


def fold_of(record: str) -> int:
    """The fold that a record is dealt into, the same in every run.

    Args:
        record: its external id.
    """
    return int(hashlib.sha256(record.encode()).hexdigest()[:8], 16) % FOLDS


def train(examples: Sequence[Example]) -> Ranking:
    """Weights for each length; the plain ones where no example has it or the data do not bear them out."""
    return Ranking({length: _weights(length, examples) for length in LENGTHS})


def _weights(length: str, examples: Sequence[Example]) -> tuple[float, ...]:
    plain = tuple(PLAIN[each] for each in SIGNALS)
    own = [each for each in examples if length_of(each.words) == length and each.is_answer.any()]
    if len({each.fold for each in own}) < FOLDS - 1:
        return plain
    learnt, prior = [], []
    for fold in sorted({each.fold for each in own}):
        rest, held = [e for e in own if e.fold != fold], [e for e in own if e.fold == fold]
        fitted = fit(rest)
        learnt += [reciprocal(each, fitted) for each in held]
        prior += [reciprocal(each, plain) for each in held]
    return fit(own) if np.mean(learnt) > np.mean(prior) else plain


def fit(examples: Sequence[Example]) -> tuple[float, ...]:
    """Logistic regression over differences between an answer's signals and the others'."""
    from sklearn.linear_model import LogisticRegression

    rows, weights = [], []
    for example in examples:
        others = example.signals[~example.is_answer][:CANDIDATES]
        if not len(others):
            continue  # a quoted phrase that stands in one record
        for answer in example.signals[example.is_answer]:
            rows.append(answer - others)
            weights += [1 / len(others)] * len(others)
    if not weights:
        return tuple(PLAIN[each] for each in SIGNALS)
    differences, each = np.vstack(rows), np.array(weights) * CANDIDATES
    model = LogisticRegression(C=STRENGTH, fit_intercept=False, max_iter=2_000)
    model.fit(np.vstack([differences, -differences]), np.repeat([1, 0], len(differences)), np.concatenate([each, each]))
    return tuple(np.round(model.coef_[0], 4).tolist())


def reciprocal(example: Example, weights: Sequence[float]) -> float:
    """One by the place of the first answer."""
    scores = example.signals @ np.array(weights)
    return 1 / (1 + int((scores > scores[example.is_answer].max()).sum())) if example.is_answer.any() else 0.0


def write(examples: Sequence[Example]) -> None:
    """Train, and ship what came out, with a ranking for each fold."""
    whole = train(examples)
    folds = [train([each for each in examples if each.fold != fold]) for fold in range(FOLDS)]
    kept = {
        "trained_on": sorted({key_of(each.asked) for each in examples}),
        "weights": _told(whole), "folds": [_told(each) for each in folds],
    }  # fmt: skip
    FILE.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _told(ranking: Ranking) -> dict[str, dict[str, float]]:
    return {length: dict(zip(SIGNALS, ranking.weights[length], strict=True)) for length in LENGTHS}


def key_of(asked: Asked) -> str:
    """What a labelled text is known by."""
    return hashlib.sha256(f"{asked.lang}\n{asked.text}".encode()).hexdigest()[:16]


class Unseen:
    """Chooses for each labelled text a ranking that has not seen its record: the shipped one, where it was not trained on."""

    def __init__(self) -> None:
        kept = json.loads(FILE.read_text(encoding="utf-8"))
        self._trained_on = set(kept["trained_on"])
        self._whole = Ranking.of(kept["weights"])
        self._folds = [Ranking.of(each) for each in kept["folds"]]

    def ranking_for(self, asked: Asked) -> Ranking:
        """The ranking to measure a text with."""
        if key_of(asked) not in self._trained_on:
            return self._whole
        return self._folds[fold_of(min(asked.answers))]
