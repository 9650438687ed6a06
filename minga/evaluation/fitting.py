"""Fits the models of matching to labelled needs, and chooses for each need one that has not seen the record that answers.

The order is learnt from pairs (what answers beside what does not), the probability from all candidates of a need, and
once more with what answers left out, since often nobody has what is asked for.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from minga.evaluation.ranking import FOLDS
from minga.matching.measuring import RAW
from minga.matching.model import ABSOLUTE, ANSWERS, FILE, KNOWN, NEEDS, Model, known_of, signals_of

STRENGTH = 0.3  # of what the data say beside a prior of small weights (C of the logistic regression)
COMPARED = 40  # candidates that an answer is compared with, and that a probability is learnt from
# How often nobody has what is needed, beside each need that is answered: a guess, told with the figures.
UNANSWERED = 0.3
FEWEST_OWN = 5  # candidates in the story's own language from which its advantage is measured
SAMPLES, BINS, SHOWN = 1_000, 10, 10


@dataclass(frozen=True)
class Example:
    """A story with what is known of its candidates."""

    key: str  # what the labelled text is known by
    fold: int  # of the record that answers
    raw: np.ndarray  # of shape (candidates, RAW)
    own_language: np.ndarray  # of shape (candidates,)
    is_answer: np.ndarray  # of shape (candidates,)
    both: np.ndarray  # similarity of the whole texts, of shape (candidates,)
    versions: tuple[int, ...] = ()

    def without(self, left_out: np.ndarray) -> "Example":
        """As if some candidates were not there.

        Args:
            left_out: which, of shape (candidates,).
        """
        rest = ~left_out
        kept = tuple(version for version, stays in zip(self.versions, rest, strict=False) if stays)
        return Example(
            self.key, self.fold, self.raw[rest], self.own_language[rest], self.is_answer[rest], self.both[rest], kept
        )

    def without_answers(self) -> "Example":
        """As if nobody had what is asked for."""
        return self.without(self.is_answer)

    def fair(self, own_language: np.ndarray) -> np.ndarray:
        """What is known without the advantage of the own language."""
        return self.raw - np.outer(self.own_language, own_language)


def fit(examples: Sequence[Example]) -> Model:
    """A model of some examples."""
    own = _own_language(examples)
    order = _order(examples, own)
    return _with_probability(examples, own, order)


def _own_language(examples: Sequence[Example]) -> np.ndarray:
    """By how much candidates in the story's language are ahead, whatever they say; of objectives, nothing."""
    ahead = []
    for each in examples:
        own, other = each.own_language & ~each.is_answer, ~each.own_language & ~each.is_answer
        if own.sum() >= FEWEST_OWN and other.any():
            ahead.append(each.raw[own].mean(axis=0) - each.raw[other].mean(axis=0))
    usual = np.mean(ahead, axis=0) if ahead else np.zeros(len(RAW))
    usual[RAW.index("objectives")] = 0.0
    return usual


def _order(examples: Sequence[Example], own: np.ndarray) -> np.ndarray:
    from sklearn.linear_model import LogisticRegression

    rows, weights = [], []
    for each in examples:
        signals = signals_of(each.fair(own)) if len(each.raw) else each.raw
        others = signals[~each.is_answer][:COMPARED]
        if not len(others):
            continue
        for answer in signals[each.is_answer]:
            rows.append(answer - others)
            weights += [COMPARED / len(others)] * len(others)
    differences, counted = np.vstack(rows), np.array(weights)
    model = LogisticRegression(C=STRENGTH, fit_intercept=False, max_iter=5_000)
    truth = np.repeat([1, 0], len(differences))
    model.fit(np.vstack([differences, -differences]), truth, np.concatenate([counted, counted]))
    return model.coef_[0]


def _with_probability(examples: Sequence[Example], own: np.ndarray, order: np.ndarray) -> Model:
    from sklearn.linear_model import LogisticRegression

    rows, truths, weights = [], [], []
    for each in examples:
        for example, weight in ((each, 1.0), (each.without_answers(), UNANSWERED)):
            fair = example.fair(own)
            if not len(fair):
                continue
            scores = signals_of(fair) @ order
            best = np.argsort(-scores, kind="stable")[:COMPARED]
            rows.append(known_of(fair, scores)[best])
            truths.append(example.is_answer[best])
            weights += [weight] * len(best)
    known = np.vstack(rows)
    centre, spread = known.mean(axis=0), known.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=5_000)
    model.fit((known - centre) / spread, np.concatenate(truths), np.array(weights))
    coefficients = model.coef_[0] / spread
    return Model(own, order, coefficients, float(model.intercept_[0] - coefficients @ centre))


def write(examples: Mapping[str, Sequence[Example]]) -> None:
    """Train, and ship what came out, with a model for each fold.

    Args:
        examples: by question.
    """
    kept: dict = {"trained_on": sorted({each.key for some in examples.values() for each in some})}
    for question, some in examples.items():
        folds = [fit([each for each in some if each.fold != fold]) for fold in range(FOLDS)]
        kept[question] = {"whole": fit(some).told(), "folds": [each.told() for each in folds]}
    FILE.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


class Unseen:
    """Chooses for each labelled text a model that has not seen its record: the shipped one, where it was not trained on."""

    def __init__(self) -> None:
        kept = json.loads(FILE.read_text(encoding="utf-8"))
        self._trained_on = set(kept["trained_on"])
        self._whole = {question: Model.of(kept[question]["whole"]) for question in (ANSWERS, NEEDS)}
        self._folds = {question: [Model.of(each) for each in kept[question]["folds"]] for question in (ANSWERS, NEEDS)}

    def model_for(self, example: Example, question: str) -> Model:
        """The model to measure a text with."""
        if example.key not in self._trained_on:
            return self._whole[question]
        return self._folds[question][example.fold]


def calibration(
    answered: Sequence[tuple[np.ndarray, np.ndarray]], unanswered: Sequence[np.ndarray]
) -> dict[str, float]:
    """How far probabilities are from what holds, in ten bins, with 95 % intervals by bootstrap over stories.

    Args:
        answered: of each story, probabilities, best first, and which are right.
        unanswered: of each story, probabilities where what answers is left out.

    Returns:
        `calibration error` of the ten likeliest of each story, `calibration error of the first`, both over the answered and,
        counted less, the unanswered, as the model was trained; `first, unanswered`: mean probability of the likeliest
        where nothing answers.
    """
    rows = [(found, right.astype(float), 1.0) for found, right in answered]
    rows += [(found, np.zeros(len(found)), UNANSWERED) for found in unanswered]
    told: dict[str, float] = {}
    number = len(answered)
    chance = np.random.default_rng(7).integers(0, number, (SAMPLES, number))
    for name, most in (("calibration error", SHOWN), ("calibration error of the first", 1)):
        sums = np.array([_bins(found[:most], right[:most], weight) for found, right, weight in rows])
        paired = sums[:number] + sums[number:]
        value = _error(paired.sum(axis=0))
        drawn = np.array([_error(paired[draw].sum(axis=0)) for draw in chance])
        # Chance alone makes bins err, and draws add chance: they are moved back to where the value is.
        low, high = np.quantile(np.maximum(drawn - drawn.mean() + value, 0), (0.025, 0.975))
        told |= {name: value, f"{name} low": float(low), f"{name} high": float(high)}
    told["first, answered"] = float(np.mean([found[0] for found, _right in answered if len(found)]))
    told["first, unanswered"] = float(np.mean([found[0] for found in unanswered if len(found)]))
    return {name: round(value, 3) for name, value in told.items()}


def _bins(found: np.ndarray, right: np.ndarray, weight: float) -> np.ndarray:
    """Sums for each bin: how many, of probabilities, of truths; of shape (bins, 3)."""
    place = np.minimum((found * BINS).astype(int), BINS - 1)
    return weight * np.array(
        [[(place == at).sum(), found[place == at].sum(), right[place == at].sum()] for at in range(BINS)], dtype=float
    )


def _error(sums: np.ndarray) -> float:
    return float(np.abs(sums[:, 1] - sums[:, 2]).sum() / max(1e-9, sums[:, 0].sum()))


assert set(ABSOLUTE) < set(KNOWN)  # noqa: S101
