"""The scorer: how likely a candidate and a record tell of the same effort, from the features of the pair.

A linear model for texts of each length, trained by `minga train duplicates` (training.py), kept as plain numbers and used
with numpy alone. Between two lengths their scores are blended, so that the answer does not jump while somebody writes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from minga.duplicates.facts import Facts
from minga.duplicates.features import FEATURES, MOST, NAMED, SIMILAR, Usual, features_of

FILE = Path(__file__).parent / "data" / "model.json"
# What the models are trained on, with the words that its texts have in the middle.
LENGTHS = {"a title": 12, "some sentences": 45, "a text": 90}
LONG = "a text"


@dataclass(frozen=True)
class Linear:
    """A weight for each feature."""

    weights: tuple[float, ...]
    intercept: float

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Log odds.

        Args:
            features: of shape (pairs, features).
        """
        return features @ np.array(self.weights) + self.intercept


@dataclass(frozen=True)
class Model:
    """Scores pairs."""

    usual: Usual
    by_length: Mapping[str, Linear]

    def probabilities(
        self, similarities: np.ndarray, here: Facts, there: Sequence[Facts], standing: np.ndarray | None = None
    ) -> np.ndarray:
        """How likely a candidate tells of the same as each of its nearest records, of shape (records,).

        Args:
            similarities: to the nearest records, of shape (records, 2): by each encoder.
            here: what the candidate names.
            there: what each record names.
            standing: of `standing_out`, where these are some of the nearest only.
        """
        if not len(similarities):
            return np.zeros(0)
        words = np.array([min(here.words, each.words) for each in there])
        return self.of_features(features_of(similarities, here, there, self.usual, standing), words)

    def highest(self, similarities: np.ndarray, standing: np.ndarray) -> np.ndarray:
        """What the probabilities of long texts cannot exceed whatever they name, of shape (records,).

        Args:
            similarities: of shape (records, 2).
            standing: of `standing_out`, of shape (records, 2).
        """
        whole = self.by_length[LONG]
        by_name = dict(zip(FEATURES, whole.weights, strict=True))
        named = sum(max(0.0, by_name[each] * MOST.get(each, 0.0)) for each in NAMED)
        scores = np.hstack([similarities, standing]) @ np.array([by_name[each] for each in SIMILAR])
        return _probability(scores + whole.intercept + named)

    def of_features(self, features: np.ndarray, words: np.ndarray) -> np.ndarray:
        """The same from features.

        Args:
            features: of shape (pairs, features).
            words: of the shorter text of each pair, of shape (pairs,).
        """
        scores = np.stack([self.by_length[each].scores(features) for each in LENGTHS])
        place = np.interp(words, list(LENGTHS.values()), range(len(LENGTHS)))
        low = np.minimum(place.astype(int), len(LENGTHS) - 2)
        pairs, share = np.arange(len(features)), place - low
        blended = (1 - share) * scores[low, pairs] + share * scores[low + 1, pairs]
        return _probability(blended)


def _probability(scores: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-scores.clip(-30, 30)))


def kept(model: Model) -> dict[str, Any]:
    """The weights of a model as they are kept: length -> feature -> weight."""
    return {
        length: dict(zip(FEATURES, each.weights, strict=True)) | {"intercept": each.intercept}
        for length, each in model.by_length.items()
    }


def of_kept(usual: Usual, weights: Mapping[str, Mapping[str, float]]) -> Model:
    """A model from what `kept` made of it."""
    return Model(usual, {
        length: Linear(tuple(weights[length][each] for each in FEATURES), weights[length]["intercept"])
        for length in LENGTHS
    })  # fmt: skip


def usual_of(read: Mapping[str, Any]) -> Usual:
    """What is usual, as it is kept."""
    return Usual(tuple(map(tuple, read["similarity"])), read["texts"], read["holding"])


@lru_cache(maxsize=1)
def trained() -> Model:
    """The model that is shipped."""
    read = json.loads(FILE.read_text(encoding="utf-8"))
    return of_kept(usual_of(read["usual"]), read["weights"])


@lru_cache(maxsize=1)
def made_with() -> str:
    """The name of the encoder whose vectors it knows."""
    return json.loads(FILE.read_text(encoding="utf-8"))["made_with"]
