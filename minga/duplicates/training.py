"""Trains the scorer on texts that are known to tell of a record's effort or of one near it; the same data, the same numbers.

Each text is put beside the records that lie nearest to it: its own record is the same (unless the text is a near miss),
all others are not. Records stand beside each other, too: kin efforts share names, years and bodies, and are not the same.
What somebody has only begun to write is a text as well: each is also read as its title alone, with its first sentence,
and with half of its sentences.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from minga.classification.texts import sentences_of
from minga.duplicates.candidates import Candidate
from minga.duplicates.facts import Facts
from minga.duplicates.features import FEATURES, ROW, SAME_EFFORT, SIGNS, Usual, features_of
from minga.duplicates.model import LENGTHS, Linear, Model
from minga.language.encoders import parts_of, unit

STRENGTH = 1.0  # of what the data say beside a prior of small weights (C of a logistic regression)
DECIMALS = 4
RECORD = "record"  # in place of a beginning
# Which beginnings of texts train the model of each length.
BEGINNINGS = {"a title": ("title",), "some sentences": ("first", "half"), "a text": ("whole", RECORD)}


@dataclass(frozen=True)
class Pool:
    """The records that texts are compared with."""

    names: list[str]  # external ids
    vectors: np.ndarray  # of title and summary, of shape (records, 896), as `TwoEncoders` makes them
    facts: list[Facts]


@dataclass(frozen=True)
class Row:
    """A text beside the records that lie nearest to it."""

    about: str  # external id of the record that it tells of, or nearly does
    beginning: str  # how much of the text: a key of `beginnings`
    records: np.ndarray  # places in the pool, of shape (records,)
    similarities: np.ndarray  # of shape (records, 2)
    features: np.ndarray  # of shape (records, features)
    is_same: np.ndarray  # of shape (records,)


def beginnings(candidate: Candidate) -> dict[str, Candidate]:
    """What somebody might have written of a text so far."""
    sentences = list(sentences_of(candidate.summary))
    some = {"title": 0, "first": 1, "half": max(1, len(sentences) // 2)}
    cut = {name: replace(candidate, summary=" ".join(sentences[:number])) for name, number in some.items()}
    return cut | {"whole": candidate}


def similarities_of(vectors: np.ndarray, others: np.ndarray) -> np.ndarray:
    """How alike texts are, by each encoder, of shape (texts, others, 2); both as `TwoEncoders` makes vectors."""
    own, theirs = (
        [unit(part.T) for part in parts_of(np.asarray(given, dtype=np.float32).T)] for given in (vectors, others)
    )
    return np.stack([one @ other.T for one, other in zip(own, theirs, strict=True)], axis=-1)


def nearest(vector: np.ndarray, pool: Pool, without: str = "") -> np.ndarray:
    """Places of the records that lie nearest to a text, nearest first.

    Args:
        vector: of the text, of shape (896,).
        pool: the records.
        without: the external id of one that is left out.
    """
    order = np.argsort(-(pool.vectors @ vector), kind="stable")
    return np.array([place for place in order if pool.names[place] != without], dtype=int)[:ROW]


def usual_of(vectors: np.ndarray, pool: Pool) -> Usual:
    """What is usual in a pool.

    Args:
        vectors: of whole texts, of shape (texts, 896).
        pool: the records.
    """
    rows = [
        np.sort(similarities_of(vector[None], pool.vectors[nearest(vector, pool)])[0], axis=0)[::-1][SAME_EFFORT:]
        for vector in vectors
    ]
    told = np.array([(row.mean(axis=0), row.std(axis=0)) for row in rows]).mean(axis=0).round(DECIMALS)
    holding = Counter(token for facts in pool.facts for token in set(facts.tokens()))
    return Usual(
        tuple(map(tuple, told.T.tolist())), len(pool.facts), {t: n for t, n in sorted(holding.items()) if n > 1}
    )


def row_of(
    candidate: Candidate, vector: np.ndarray, pool: Pool, usual: Usual, *, about: str, same: bool, beginning: str
) -> Row:
    """A text beside the nearest records.

    Args:
        candidate: the text.
        vector: of it, of shape (896,).
        pool: the records.
        usual: what is usual.
        about: external id of the record that it tells of, or nearly does.
        same: whether it tells of the same effort.
        beginning: how much of the text it is; `RECORD`: it is the record itself, beside the others.
    """
    places = nearest(vector, pool, about if beginning == RECORD else "")
    similar = similarities_of(vector[None], pool.vectors[places])[0]
    features = features_of(similar, candidate.facts, [pool.facts[place] for place in places], usual)
    is_same = np.array([same and pool.names[place] == about for place in places], dtype=bool)
    return Row(about, beginning, places, similar, features, is_same)


def train(rows: Sequence[Row], usual: Usual) -> Model:
    """A model from rows of all beginnings.

    Args:
        rows: texts beside their nearest records.
        usual: what the features were made with.
    """
    by_length: Mapping[str, Linear] = {
        length: _fit([row for row in rows if row.beginning in BEGINNINGS[length]]) for length in LENGTHS
    }
    return Model(usual, by_length)


def _fit(rows: Sequence[Row]) -> Linear:
    """Logistic regression whose weights keep the signs that they may have."""
    from scipy.optimize import minimize  # training alone needs it

    features, same = np.vstack([row.features for row in rows]), np.concatenate([row.is_same for row in rows])
    centre, scale = features.mean(axis=0), features.std(axis=0) + 1e-9
    given, sign = (features - centre) / scale, np.where(same, 1.0, -1.0)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margins = sign * (given @ weights[:-1] + weights[-1])
        pull = -sign / (1 + np.exp(margins.clip(-500, 500)))
        prior = np.append(weights[:-1] / STRENGTH, 0.0)
        return (
            float(np.logaddexp(0, -margins).sum() + 0.5 * (prior[:-1] * weights[:-1]).sum()),
            np.append(given.T @ pull, pull.sum()) + prior,
        )

    bounds = [{1: (0, None), -1: (None, 0), 0: (None, None)}[SIGNS[each]] for each in FEATURES] + [(None, None)]
    found = minimize(
        loss, np.zeros(len(FEATURES) + 1), jac=True, method="L-BFGS-B", bounds=bounds,
        options={"maxiter": 5_000, "ftol": 1e-14, "gtol": 1e-8},
    ).x  # fmt: skip
    weights = found[:-1] / scale
    return Linear(tuple(weights.round(DECIMALS).tolist()), round(float(found[-1] - weights @ centre), DECIMALS))
