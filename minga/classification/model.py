"""The model that codes: five signals for each pair of record and label, weighed by one small regression for all labels.

Trained by `training.py`, kept as plain numbers, used with numpy alone. The signals are:

- how near the record is to the label's typical activities, by each encoder;
- terms of the lexicon in the whole text, and in the title;
- a linear model for each label on the record's vector (ridge);
- what the labelled records nearest to it are labelled with.

What was measured to help and what not is told in docs/explanation/coding.md.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import numpy as np

from minga.classification.lexicon import Lexicon, lexicon_of
from minga.classification.texts import Text
from minga.language.encoders import unit

FILE = Path(__file__).parent / "data" / "coding_model.npz"
FIRST = 384  # numbers of the first encoder in a vector; the rest is the second's
HIGHEST = 2.0  # of a standardised lexicon score: a text full of one term's kin is no surer than one with enough of them
SHARPNESS = 25.0  # of the nearest records' weights


@dataclass(frozen=True)
class Reading:
    """A record as the model sees it."""

    vector: np.ndarray  # of title and summary, of shape (896,)
    language: str
    in_title: Counter[int]
    in_whole: Counter[int]


@dataclass(frozen=True)
class Learnt:
    """What comes from labelled texts: a linear model for each label, and the labelled records themselves."""

    ridge: np.ndarray  # (896, labels)
    base: np.ndarray  # (labels,)
    near_vectors: np.ndarray  # (records, 896), balanced
    near_labels: np.ndarray  # (records, labels)

    def signals(self, vectors: np.ndarray) -> list[np.ndarray]:
        """Two signals of shape (n, labels), for balanced vectors."""
        nearness = vectors @ self.near_vectors.T
        weights = np.exp((nearness - nearness.max(axis=1, keepdims=True)) * SHARPNESS)
        return [vectors @ self.ridge + self.base, weights @ self.near_labels / weights.sum(axis=1, keepdims=True)]


@dataclass(frozen=True)
class Standing:
    """What is the same for all texts: activities, usual nearness to them, the terms' rarity, how usual labels are."""

    activities: np.ndarray  # (labels, 896), mean vectors, balanced: not of length 1
    usual: np.ndarray  # (2, labels) mean nearness for each encoder
    spread: np.ndarray  # (2, labels)
    rarity: np.ndarray  # (terms,)
    prior: np.ndarray  # (labels,) log odds

    def signals(self, readings: Sequence[Reading], vectors: np.ndarray, lexicon: Lexicon) -> list[np.ndarray]:
        """Four signals of shape (n, labels)."""
        scores = [
            lexicon.scores([getattr(each, part) for each in readings], self.rarity, len(self.prior))
            for part in ("in_whole", "in_title")
        ]
        return [
            self.nearness(vectors),
            *(np.minimum(standardised(each), HIGHEST) for each in scores),
            np.tile(self.prior, (len(readings), 1)),
        ]

    def nearness_by_second(self, vectors: np.ndarray) -> np.ndarray:
        """The same by the second encoder alone, which takes a tenth of the time: for sentences.

        Args:
            vectors: of shape (n, 512), each row of length 1.
        """
        near = np.sqrt(2) * vectors @ self.activities[:, FIRST:].T
        return ((near - self.usual[1]) / self.spread[1] + standardised(near)) / 2

    def nearness(self, vectors: np.ndarray) -> np.ndarray:
        """To the activities: against what is usual for the label, and against the other labels; both encoders."""
        found = similarities(vectors, self.activities)
        return sum(
            (near - usual) / spread + standardised(near)
            for near, usual, spread in zip(found, self.usual, self.spread, strict=True)
        ) / (2 * len(found))  # fmt: skip


@dataclass(frozen=True)
class Weights:
    """The regressions over the signals: one for all labels of a record, one for the primary alone, and their mixture."""

    centre: np.ndarray  # (signals,)
    scale: np.ndarray
    coefficients: np.ndarray  # (2, signals)
    intercepts: np.ndarray  # (2,)
    share: np.ndarray  # of each regression in the score, (2,)
    calibration: np.ndarray  # slope and shift from score to log odds

    def scores(self, signals: np.ndarray) -> np.ndarray:
        """Log odds, of shape (n, labels), for signals of shape (n, labels, signals)."""
        both = ((signals - self.centre) / self.scale) @ self.coefficients.T + self.intercepts
        return (both @ self.share) * self.calibration[0] + self.calibration[1]


@dataclass(frozen=True)
class Model:
    """Codes records by the labels of one kind."""

    kind: str  # "objectives" or "principles"
    standing: Standing
    learnt: Learnt
    weights: Weights

    @cached_property
    def lexicon(self) -> Lexicon:
        """The terms of its labels."""
        return lexicon_of(self.kind)

    def probabilities(self, readings: Sequence[Reading]) -> np.ndarray:
        """For each record and label, of shape (n, labels).

        Args:
            readings: of the records.
        """
        if not readings:
            return np.zeros((0, len(self.standing.prior)))
        vectors = balanced(np.array([each.vector for each in readings]))
        signals = signals_of(self.standing, self.learnt, readings, vectors, self.lexicon)
        return 1 / (1 + np.exp(-self.weights.scores(signals)))


def signals_of(
    standing: Standing, learnt: Learnt, readings: Sequence[Reading], vectors: np.ndarray, lexicon: Lexicon
) -> np.ndarray:
    """All signals, of shape (n, labels, signals), for records and their balanced vectors."""
    return np.stack([*standing.signals(readings, vectors, lexicon), *learnt.signals(vectors)], axis=2)


def read(text: Text, vector: np.ndarray, lexicon: Lexicon) -> Reading:
    """What the model needs of a record.

    Args:
        text: its texts.
        vector: of title and summary together, as `Encoder.passages` makes it.
        lexicon: whose terms are looked for.
    """
    in_title = lexicon.hits(text.title, text.spoken)
    return Reading(vector, text.spoken, in_title, in_title + lexicon.hits(text.summary, text.spoken))


def balanced(vectors: np.ndarray) -> np.ndarray:
    """The two encoders' parts with the same say, of length 1 again; in one vector for search, the first leads.

    Args:
        vectors: of shape (n, 896), as `TwoEncoders` makes them.
    """
    whole = np.asarray(vectors, dtype=np.float32)
    return np.hstack([unit(whole[:, :FIRST]), unit(whole[:, FIRST:])]) / np.float32(np.sqrt(2))


def similarities(vectors: np.ndarray, others: np.ndarray) -> list[np.ndarray]:
    """By each encoder, of shape (n, others); both arguments balanced."""
    return [2 * vectors[:, part] @ others[:, part].T for part in (slice(None, FIRST), slice(FIRST, None))]


def standardised(scores: np.ndarray) -> np.ndarray:
    """Each row as standard scores: which labels stand out in this record."""
    return (scores - scores.mean(axis=1, keepdims=True)) / (scores.std(axis=1, keepdims=True) + 1e-9)


PARTS = {"standing": Standing, "learnt": Learnt, "weights": Weights}


def save(models: Sequence[Model], encoder: str, file: Path | BinaryIO = FILE) -> None:
    """Keep models as plain numbers.

    Args:
        models: one for each kind.
        encoder: the name of what made the vectors.
        file: .npz, written anew.
    """
    arrays = {
        f"{model.kind}.{part}.{field.name}": getattr(getattr(model, part), field.name)
        for model in models for part, kind in PARTS.items() for field in fields(kind)
    }  # fmt: skip
    small = {
        name: np.asarray(array, dtype=np.float16 if array.size > 10_000 else np.float64)
        for name, array in arrays.items()
    }
    np.savez_compressed(file, encoder=np.array(encoder), **small)


def load(file: Path | BinaryIO = FILE) -> dict[str, Model]:
    """Kind -> model.

    Args:
        file: as `save` wrote it.
    """
    with np.load(file, allow_pickle=False) as kept:
        kinds = sorted({name.split(".")[0] for name in kept.files if "." in name})
        return {
            kind: Model(kind, **{
                part: made(**{each.name: np.asarray(kept[f"{kind}.{part}.{each.name}"], np.float64) for each in fields(made)})
                for part, made in PARTS.items()
            })
            for kind in kinds
        }  # fmt: skip
