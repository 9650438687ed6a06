"""How good the scorer of duplicates is: retellings and near misses of records, among all records of a pool.

Three untrained methods stand beside it in the same run: a fuzzy match of letters, the first encoder raw, both encoders. Texts
that the scorer was trained on are measured by one that has not seen their record. Nothing is read from the registry: the
pool is the bundled records, and those that one brings.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from minga.classification.training import records
from minga.duplicates import model, training
from minga.duplicates.candidates import Candidate, of_row
from minga.duplicates.features import Usual
from minga.duplicates.model import Model
from minga.duplicates.numerals import fold
from minga.duplicates.training import Pool, Row
from minga.evaluation.labelled import Labelled
from minga.evaluation.ranking import FOLDS, fold_of
from minga.language.encoders import Encoder, TwoEncoders, default_encoder, unit
from minga.search.shipped import WithShipped

SAMPLES, BINS = 500, 10
RECALL = 0.95
AT_ONCE = 32
NO_SCORE = -1.0  # of a record that is not among the nearest


@dataclass(frozen=True)
class Texts:
    """Retellings and near misses, with what is known of them."""

    rows: list[dict[str, Any]]
    candidates: list[Candidate]
    vectors: np.ndarray  # (texts, 896)
    about: np.ndarray  # places in the pool

    @property
    def same(self) -> np.ndarray:
        """Whether each tells of the same effort."""
        return np.array([bool(row["same"]) for row in self.rows])


def evaluate(labelled: Labelled, encoder: TwoEncoders | None = None) -> dict[str, dict[str, dict[str, float]]]:
    """Set -> method -> figures.

    Args:
        labelled: retellings and near misses, and records beside the bundled ones.
        encoder: of the texts; the installation's own without it.
    """
    encoder = encoder or default_encoder()
    given = pool_rows(labelled)
    pool = pool_of(given, encoder)
    texts = texts_of(labelled, pool, encoder)
    methods = {name: score() for name, score in _methods(texts, pool, given, encoder).items()}
    same = np.zeros((len(texts.rows), len(pool.names)), dtype=bool)
    same[np.arange(len(texts.rows))[texts.same], texts.about[texts.same]] = True
    return {
        name: {
            method: figures(scores, same, chosen, is_probability=method == "duplicates")
            for method, scores in methods.items()
        }
        for name, chosen in _sets(texts, given).items() if (same & chosen).any()
    }  # fmt: skip


def pool_rows(labelled: Labelled) -> list[dict[str, Any]]:
    """The records: the bundled ones, and those that are brought in place of them or beside them."""
    return list({row["id"]: row for row in (*records(), *labelled.records)}.values())


def pool_of(rows: Sequence[dict[str, Any]], encoder: Encoder) -> Pool:
    """Records as texts are compared with them."""
    found = [of_row(row) for row in rows]
    vectors = _embedded([each.whole for each in found], WithShipped(encoder))
    return Pool([row["id"] for row in rows], vectors, [each.facts for each in found])


def texts_of(labelled: Labelled, pool: Pool, encoder: Encoder) -> Texts:
    """Retellings and near misses of records of the pool."""
    rows = [row for row in labelled.retellings if row["about"] in pool.names]
    candidates = [of_row(row) for row in rows]
    about = np.array([pool.names.index(row["about"]) for row in rows], dtype=int)
    return Texts(rows, candidates, _embedded([each.whole for each in candidates], encoder), about)


def _embedded(texts: Sequence[str], encoder: Encoder) -> np.ndarray:
    parts = [encoder.passages(texts[at : at + AT_ONCE]) for at in range(0, len(texts), AT_ONCE)]
    return np.vstack([*parts, np.zeros((0, encoder.size), np.float32)]).astype(np.float32)


def _methods(
    texts: Texts, pool: Pool, given: Sequence[dict[str, Any]], encoder: Encoder
) -> dict[str, Callable[[], np.ndarray]]:
    """Method -> scores of all pairs, of shape (texts, records)."""
    wholes = [of_row(row).whole for row in given]
    found: dict[str, Callable[[], np.ndarray]] = {
        "fuzzy match": lambda: _by_letters([each.whole for each in texts.candidates], wholes)
    }
    if isinstance(encoder, TwoEncoders):

        def first_alone() -> np.ndarray:
            own = encoder.first_passages([each.whole for each in texts.candidates])
            return unit(own) @ unit(encoder.first_passages(wholes)).T

        found["first encoder, raw"] = first_alone
    return found | {
        "both encoders": lambda: unit(texts.vectors) @ unit(pool.vectors).T,
        "duplicates": lambda: _by_model(texts, pool),
    }


def _by_letters(texts: Sequence[str], others: Sequence[str]) -> np.ndarray:
    """Share of groups of three letters that two texts have in common, as PostgreSQL's trigrams compare them."""
    theirs = [_trigrams(other) for other in others]
    return np.array([
        [len(own & each) / max(1, len(own | each)) for each in theirs] for own in map(_trigrams, texts)
    ])  # fmt: skip


def _trigrams(text: str) -> frozenset[str]:
    words = (f"  {fold(word)} " for word in re.findall(r"\w+", text))
    return frozenset(word[at : at + 3] for word in words for at in range(len(word) - 2))


def _by_model(texts: Texts, pool: Pool) -> np.ndarray:
    """Probabilities of the nearest, as the site has them; the others are not looked at."""
    unseen = Unseen()
    scores = np.full((len(texts.rows), len(pool.names)), NO_SCORE)
    for place, (row, candidate, vector) in enumerate(zip(texts.rows, texts.candidates, texts.vectors, strict=True)):
        used = unseen.model_for(row)
        near = training.nearest(vector, pool)
        similar = training.similarities_of(vector[None], pool.vectors[near])[0]
        scores[place, near] = used.probabilities(similar, candidate.facts, [pool.facts[each] for each in near])
    return scores


def _sets(texts: Texts, given: Sequence[dict[str, Any]]) -> dict[str, np.ndarray]:
    """Set -> which pairs are in it, of shape (texts, records)."""
    languages, countries = [row["lang"] for row in given], [set(row.get("countries") or []) for row in given]
    abroad = np.array([[row["lang"] != language for language in languages] for row in texts.rows])
    own = np.zeros_like(abroad)
    own[np.arange(len(texts.rows)), texts.about] = True
    neighbour = np.array([[bool(countries[about] & other) for other in countries] for about in texts.about]) | own
    return {
        "among all records, another language": abroad,
        "among all records": np.ones_like(abroad),
        "among records of the same country": neighbour,
        "beside its own record, another language": own & abroad,
        "beside its own record": own,
    }


def figures(scores: np.ndarray, same: np.ndarray, chosen: np.ndarray, *, is_probability: bool) -> dict[str, float]:
    """Figures over pairs, with 95 % intervals by bootstrap over texts.

    Args:
        scores: of shape (texts, records).
        same: which pairs tell of the same effort.
        chosen: the pairs that count.
        is_probability: whether to tell how far probabilities can be believed.

    Returns:
        `average precision`, `precision at 95 % recall`; `calibration error` over the pairs that were looked at.
    """
    rows = [(row[some], truth[some]) for row, truth, some in zip(scores, same, chosen, strict=True) if some.any()]
    measures: dict[str, Callable] = {
        "average precision": average_precision, "precision at 95 % recall": precision_at_recall,
    }  # fmt: skip
    if is_probability:
        measures["calibration error"] = calibration_error
    chance = np.random.default_rng(7)
    draws = [chance.integers(0, len(rows), len(rows)) for _ in range(SAMPLES)]
    told: dict[str, float] = {
        "texts": len(rows),
        "pairs": sum(len(row) for row, _ in rows),
        "same": int((same & chosen).sum()),
    }
    for name, measure in measures.items():
        drawn = [measure(*_joined(rows, draw)) for draw in draws]
        low, high = np.nanquantile(drawn, (0.025, 0.975))
        value = measure(*_joined(rows, range(len(rows))))
        told |= {name: value, f"{name} low": min(low, value), f"{name} high": max(high, value)}
    return {name: round(float(value), 4) for name, value in told.items()}


def _joined(rows: Sequence[tuple[np.ndarray, np.ndarray]], some) -> tuple[np.ndarray, np.ndarray]:
    return np.concatenate([rows[at][0] for at in some]), np.concatenate([rows[at][1] for at in some])


def _falling(scores: np.ndarray, same: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """From the highest score down, after each different score: how many are the same, and how many there are."""
    order = np.argsort(-scores, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    return np.cumsum(same[order])[ends], ends + 1


def average_precision(scores: np.ndarray, same: np.ndarray) -> float:
    """The precision at each recall, on average; pairs of the same score stand or fall together."""
    if not same.any():
        return float("nan")
    right, told = _falling(scores, same)
    return float((np.diff(right, prepend=0) * (right / told)).sum() / right[-1])


def precision_at_recall(scores: np.ndarray, same: np.ndarray) -> float:
    """How many of the pairs are right, once 95 in 100 of the same have been found."""
    if not same.any():
        return float("nan")
    right, told = _falling(scores, same)
    at = int(np.argmax(right >= np.ceil(RECALL * right[-1])))
    return float(right[at] / told[at])


def calibration_error(scores: np.ndarray, same: np.ndarray) -> float:
    """How far probabilities are from how often they come true, over pairs that were looked at, in ten bins."""
    looked = scores >= 0
    bins = np.minimum((scores[looked] * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, scores[looked] - same[looked], minlength=BINS)
    return float(np.abs(gaps).sum() / max(1, looked.sum()))


def train(labelled: Labelled, encoder: TwoEncoders | None = None) -> int:
    """Train the scorer on labelled texts and ship it, with one for each fold; returns on how many texts.

    Args:
        labelled: retellings and near misses, and records beside the bundled ones.
        encoder: of the texts; the installation's own without it.
    """
    encoder = encoder or default_encoder()
    pool = pool_of(pool_rows(labelled), encoder)
    texts = texts_of(labelled, pool, encoder)
    usual = training.usual_of(texts.vectors, pool)
    rows = [*_rows(texts, pool, usual, encoder), *_of_records(labelled, pool, usual)]
    ship(rows, texts, usual, encoder.name)
    return len(texts.rows)


def _rows(texts: Texts, pool: Pool, usual: Usual, encoder: Encoder) -> Iterator[Row]:
    for name in ("title", "first", "half", "whole"):
        begun = [training.beginnings(each)[name] for each in texts.candidates]
        vectors = texts.vectors if name == "whole" else _embedded([each.whole for each in begun], encoder)
        for row, candidate, vector in zip(texts.rows, begun, vectors, strict=True):
            yield training.row_of(
                candidate, vector, pool, usual, about=row["about"], same=bool(row["same"]), beginning=name
            )


def _of_records(labelled: Labelled, pool: Pool, usual: Usual) -> Iterator[Row]:
    for row, vector in zip(pool_rows(labelled), pool.vectors, strict=True):
        yield training.row_of(of_row(row), vector, pool, usual, about=row["id"], same=False, beginning=training.RECORD)


def ship(rows: Sequence[Row], texts: Texts, usual: Usual, encoder: str) -> None:
    """Train on rows and keep what came out."""
    kept = {
        "made_with": encoder,
        "trained_on": sorted({key_of(row) for row in texts.rows}),
        "usual": {"similarity": usual.similarity, "texts": usual.texts, "holding": usual.holding},
        "weights": model.kept(training.train(rows, usual)),
        "folds": [
            model.kept(training.train([row for row in rows if fold_of(row.about) != fold], usual))
            for fold in range(FOLDS)
        ],
    }  # fmt: skip
    model.FILE.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    model.trained.cache_clear()


def key_of(row: dict[str, Any]) -> str:
    """What a labelled text is known by."""
    return hashlib.sha256(f"{row['lang']}\n{row['title']}\n{row['summary']}".encode()).hexdigest()[:16]


class Unseen:
    """Chooses for each labelled text a model that has not seen its record: the shipped one, where it was not trained on."""

    def __init__(self) -> None:
        kept = json.loads(model.FILE.read_text(encoding="utf-8"))
        usual = model.usual_of(kept["usual"])
        self._trained_on = set(kept["trained_on"])
        self._whole = model.of_kept(usual, kept["weights"])
        self._folds = [model.of_kept(usual, each) for each in kept["folds"]]

    def model_for(self, row: dict[str, Any]) -> Model:
        """The model to measure a text with."""
        return self._folds[fold_of(row["about"])] if key_of(row) in self._trained_on else self._whole
