"""How the signals of a search weigh against each other: a linear model for queries of each length, trained on labelled
texts (`minga train search`, in `minga/evaluation`), kept as plain numbers.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from minga.search.meaning import Nearness

FILE = Path(__file__).parent / "data" / "ranking.json"
VIEWS = ("whole, first", "title, first", "passage, first", "whole, second", "title, second", "passage, second")
SIGNALS = (*VIEWS, "some words", "words", "names", "kin")
FEW, SOME = 8, 20  # words: a topic or a name; a title or a question; beyond, a story
LENGTHS = ("few words", "a title", "a story")
UNIT = (
    0.04  # a difference of similarities that counts as 1; of the second encoder, whose similarities spread wider, three
)
FAR = 3.0  # units; a view farther from the best than this counts as if it were that far
KIN = 5.0  # a difference of a fifth counts as 1
ALL_WORDS = 4  # power: all of the words say much more than half of them


def length_of(words: str) -> str:
    """Which kind of query it is by its length: each has weights of its own."""
    number = len(words.split())
    return LENGTHS[0] if number <= FEW else LENGTHS[1] if number <= SOME else LENGTHS[2]


def signals_of(
    near: Sequence[Nearness | None], lexical: Sequence[float], named: Sequence[float], kin: Sequence[float]
) -> np.ndarray:
    """What is known of some candidates of one query, beside the best of them.

    Args:
        near: how near each is; None where it has no vectors.
        lexical: share of the query's words, weighed by rarity, from 0 to 1.
        named: the same of its names.
        kin: share of the query's words that a word of the text says too, in whatever language.

    Returns:
        an array of shape (candidates, signals).
    """
    views = np.array([_views(each) for each in near], dtype=float).reshape(-1, len(VIEWS))
    known = ~np.isnan(views[:, 0])
    below = np.full_like(views, -FAR)
    if known.any():
        spreads = np.array([UNIT, UNIT, UNIT, 3 * UNIT, 3 * UNIT, 3 * UNIT])
        below[known] = ((views[known] - views[known].max(axis=0)) / spreads).clip(-FAR, 0.0)
    words, names = np.array(lexical, dtype=float), np.array(named, dtype=float)
    return np.column_stack([below, words, words**ALL_WORDS, names**ALL_WORDS, np.array(kin, dtype=float) * KIN])


def _views(near: Nearness | None) -> tuple[float, ...]:
    if near is None:
        return (float("nan"),) * len(VIEWS)
    views = (near.whole, near.title, near.passage)
    return (*(view.first for view in views), *(view.second for view in views))


@dataclass(frozen=True)
class Ranking:
    """Weights of the signals, by length of the query."""

    weights: dict[str, tuple[float, ...]]

    @classmethod
    def of(cls, kept: Mapping[str, Mapping[str, float]]) -> "Ranking":
        """The ranking with weights as they are kept: length -> signal -> weight."""
        return cls({length: tuple(kept[length][each] for each in SIGNALS) for length in LENGTHS})

    def scores(self, words: str, signals: np.ndarray) -> np.ndarray:
        """How well each candidate answers; only the order within one query means anything.

        Args:
            words: of the query.
            signals: see `signals_of`.
        """
        return signals @ np.array(self.weights[length_of(words)])


def by_words_alone(signals: np.ndarray) -> np.ndarray:
    """How well each candidate answers where nothing is known of its meaning: more words that match never count less.

    Args:
        signals: see `signals_of`.
    """
    return signals[:, SIGNALS.index("some words")] + signals[:, SIGNALS.index("names")]


@lru_cache(maxsize=1)
def trained() -> Ranking:
    """The ranking that is shipped."""
    return Ranking.of(json.loads(FILE.read_text(encoding="utf-8"))["weights"])
