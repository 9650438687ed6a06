"""From what is known of some records to how likely each answers: a linear order, then a probability.

Trained by `minga train needs` (minga/evaluation), kept as plain numbers, used with numpy alone.

- Texts of the reader's own language always lie a little nearer, whatever they say. How much nearer is usual is taken off
  first, so that whether languages differ does not count.
- Similarities mean little by themselves and much beside the best of the same story.
- The probability also knows by how much a record is ahead of the crowd, and how near it is at all: of what is asked for and
  nobody has, the best is likely no answer.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from minga.matching.measuring import RAW

FILE = Path(__file__).parent / "data" / "matching.json"
ANSWERS, NEEDS = "answers", "needs"  # for a need, and for an offer
# A difference that counts as 1. Similarities of the second encoder spread wider.
UNITS = {"first": 0.04, "second": 0.12, "kin": 0.2, "objectives": 1.0}
FAR = 3.0  # units; what is farther from the best than this counts as if it were that far
ABSOLUTE = ("whole, first", "whole, second", "kin")
KNOWN = ("score", "lead", *ABSOLUTE)
# A record leads by what it is ahead of the fifth to the tenth: of several that answer as well, none loses by the others.
CROWD = slice(4, 10)
MOST_LEAD = 8.0


@dataclass(frozen=True)
class Model:
    """Weights for one of the two questions."""

    own_language: np.ndarray  # how much nearer texts of one's own language are, by `RAW`
    order: np.ndarray  # weights of the signals, by `RAW`
    probability: np.ndarray  # weights by `KNOWN`
    intercept: float

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Model":
        """A model as it is kept."""
        return cls(
            np.array([kept["own language"][name] for name in RAW]), np.array([kept["order"][name] for name in RAW]),
            np.array([kept["probability"][name] for name in KNOWN]), float(kept["intercept"]),
        )  # fmt: skip

    def told(self) -> dict[str, Any]:
        """As it is kept."""
        rounded = [np.round(each, 5).tolist() for each in (self.own_language, self.order, self.probability)]
        return {
            "own language": dict(zip(RAW, rounded[0], strict=True)), "order": dict(zip(RAW, rounded[1], strict=True)),
            "probability": dict(zip(KNOWN, rounded[2], strict=True)), "intercept": round(self.intercept, 5),
        }  # fmt: skip

    def probabilities(self, raw: np.ndarray, own_language: np.ndarray) -> np.ndarray:
        """How likely each record answers.

        Args:
            raw: what is known of them, of shape (records, RAW).
            own_language: whether each is in the story's language.
        """
        if not len(raw):
            return np.zeros(0)
        fair = raw - np.outer(own_language, self.own_language)
        known = known_of(fair, signals_of(fair) @ self.order)
        return 1 / (1 + np.exp(-(known @ self.probability + self.intercept)))


def units() -> np.ndarray:
    """By `RAW`, a difference that counts as 1."""
    return np.array([next(unit for end, unit in UNITS.items() if name.endswith(end)) for name in RAW])


def signals_of(fair: np.ndarray) -> np.ndarray:
    """What counts for the order: similarities beside the best of the same story, the others as they are.

    Args:
        fair: as `RAW` has it, without the advantage of the own language.
    """
    scaled = fair / units()
    near = [place for place, name in enumerate(RAW) if name.endswith(("first", "second"))]
    scaled[:, near] = (scaled[:, near] - scaled[:, near].max(axis=0)).clip(-FAR, 0.0)
    return scaled


def known_of(fair: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """What a probability is made of, by `KNOWN`.

    Args:
        fair: see `signals_of`.
        scores: of the order.
    """
    crowd = np.sort(scores)[::-1][CROWD]
    lead = (scores - crowd.mean()).clip(-MOST_LEAD, MOST_LEAD) if len(crowd) else np.zeros(len(scores))
    absolute = (fair / units())[:, [RAW.index(name) for name in ABSOLUTE]]
    return np.column_stack([scores, lead, absolute])


@cache
def shipped() -> dict[str, Model]:
    """Question -> its model."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    return {question: Model.of(kept[question]["whole"]) for question in (ANSWERS, NEEDS)}
