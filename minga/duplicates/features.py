"""What is known of a pair: how alike two texts are to each encoder, how far that stands out, what both of them name.

A row is one candidate beside the records that lie nearest to it. How alike two texts are says little by itself, since
a theme that many records share makes all of them alike; so it also stands there as a standard score within the row.
Whether the two languages differ is in none of this.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from minga.duplicates.facts import Facts

SIMILAR = ("whole, first", "whole, second", "stands out, first", "stands out, second")
NAMED = (
    "names", "agencies", "years", "numbers", "numbers nearly", "numbers, none", "years apart", "countries",
    "countries alike", "countries, none", "no country here", "no country there",
)  # fmt: skip
FEATURES = SIMILAR + NAMED
# What may only speak for the same (1) or against it (-1): no pair is to be likelier for having less in common.
SIGNS = dict.fromkeys(FEATURES, 1) | {
    "numbers, none": -1, "years apart": -1, "countries, none": -1, "no country here": 0, "no country there": 0,
}  # fmt: skip
# No more of it says more. What only speaks against the same has 0 here.
MOST = {
    "names": 3.5, "agencies": 3.0, "years": 3.0, "numbers": 3.5, "numbers nearly": 2.0, "countries": 1.0,
    "countries alike": 1.0, "no country here": 1.0, "no country there": 1.0,
}  # fmt: skip
ROW = 16  # nearest records of a candidate, by which what stands out is measured
SAME_EFFORT = 3  # of them, the nearest may all tell of the same effort: they are no measure of what is usual
HIGHEST = 8.0  # of a standard score
SMALL = 3  # numbers up to this are everywhere
LARGE = 100  # from here on a number that is nearly the same says something, too
NEARLY = 0.06
MOST_YEARS = 15.0


@dataclass(frozen=True)
class Usual:
    """What is usual: how similar neighbours are that tell of something else, and how many texts hold a token."""

    similarity: tuple[tuple[float, float], ...]  # mean and deviation, by each encoder
    texts: int
    holding: Mapping[str, int]  # of tokens that several texts hold

    def rarity(self, token: str) -> float:
        """How much a token in common says."""
        return math.log((self.texts + 1) / (self.holding.get(token, 0) + 1))


def standing_out(row: np.ndarray, usual: Usual) -> np.ndarray:
    """Similarities to the nearest records as standard scores among those that hardly tell of the same.

    Where there are few records, what is usual elsewhere takes the place of the missing ones.

    Args:
        row: of shape (records, 2): by each encoder.
        usual: what is usual.
    """
    scores = np.zeros_like(row)
    for part, (mean, deviation) in enumerate(usual.similarity):
        others = np.sort(row[:, part])[::-1][SAME_EFFORT:ROW]
        missing = ROW - SAME_EFFORT - len(others)
        of_row = others.sum() + missing * mean
        here = of_row / (ROW - SAME_EFFORT)
        spread = (((others - here) ** 2).sum() + missing * (deviation**2 + (mean - here) ** 2)) / (ROW - SAME_EFFORT)
        scores[:, part] = (row[:, part] - here) / (math.sqrt(spread) + 1e-3)
    return scores.clip(-HIGHEST, HIGHEST)


def in_common(here: Facts, there: Facts, usual: Usual) -> tuple[float, ...]:
    """What two texts name: the values of `NAMED`."""
    names = (here.names & there.capitals) | (there.names & here.capitals)
    numbers, others = _telling(here.numbers), _telling(there.numbers)
    both = bool(here.countries) and bool(there.countries)
    shared = here.countries.keys() & there.countries.keys()
    return (
        min(_weighed(names, usual), MOST["names"]),
        min(_weighed((f"@{each}" for each in here.agencies & there.agencies), usual), MOST["agencies"]),
        min(_weighed((f"#{each}" for each in here.years & there.years), usual), MOST["years"]),
        min(_weighed((f"#{each:g}" for each in numbers & others), usual), MOST["numbers"]),
        min(math.log1p(_nearly(numbers, others)), MOST["numbers nearly"]),
        float(bool(numbers) and bool(others) and not numbers & others),
        min(abs(min(here.years) - min(there.years)), MOST_YEARS) if here.years and there.years else 0.0,
        float(bool(shared)),
        _alike(here, there) if both else 0.0,
        float(both and not shared),
        float(not here.countries),
        float(not there.countries),
    )


def features_of(
    similarities: np.ndarray, here: Facts, there: Sequence[Facts], usual: Usual, standing: np.ndarray | None = None
) -> np.ndarray:
    """All that is known of a row, of shape (records, features).

    Args:
        similarities: of the candidate to its nearest records, of shape (records, 2): by each encoder.
        here: what the candidate names.
        there: what each record names.
        usual: what is usual.
        standing: of `standing_out`, where these are some of the row only.
    """
    named = np.array([in_common(here, each, usual) for each in there], dtype=float).reshape(-1, len(NAMED))
    standing = standing_out(similarities, usual) if standing is None else standing
    return np.hstack([similarities, standing, named])


def _weighed(tokens, usual: Usual) -> float:
    return math.log1p(sum(map(usual.rarity, tokens)))


def _telling(numbers: frozenset[float]) -> frozenset[float]:
    return frozenset(each for each in numbers if each > SMALL)


def _nearly(numbers: frozenset[float], others: frozenset[float]) -> int:
    """How many large numbers have a match that is the same or nearly so."""
    large = [each for each in others if each >= LARGE]
    return sum(each >= LARGE and any(abs(each - other) <= NEARLY * each for other in large) for each in numbers)


def _alike(here: Facts, there: Facts) -> float:
    """Cosine of how often each country is named."""
    product = sum(number * there.countries[code] for code, number in here.countries.items())
    lengths = [math.sqrt(sum(number * number for number in each.countries.values())) for each in (here, there)]
    return product / (lengths[0] * lengths[1])
