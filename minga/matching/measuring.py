"""What is known of the records that may answer a need, or of the needs that an offer may answer: one row each.

Row security decides which are looked at. Neighbours are found by search's index; of the nearest all passages are read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from minga.matching.reading import NUMBER, Reading
from minga.registry.models import Version
from minga.search.filtering import filters_of
from minga.search.grammar import Query
from minga.search.kin import Kin, kin_of, words_of_versions
from minga.search.meaning import Nearness, nearest
from minga.search.meaning import read as read_passages

LOOKED_AT = 100  # of the nearest, all passages are read
RAW = (
    "whole, first", "title, first", "passage, first", "whole, second", "title, second", "passage, second", "kin",
    "headline, first", "headline, second", "headline passage, second", "headline kin", "objectives",
)  # fmt: skip
LITTLE = 0.02  # an objective less likely than this says nothing


@dataclass(frozen=True)
class Candidates:
    """Records that are compared with a story, and what is known of each."""

    versions: list[int]
    near: list[Nearness]  # to the whole text, and the nearest passage
    raw: np.ndarray  # of shape (versions, RAW)
    own_language: np.ndarray  # whether each is in the story's language, of shape (versions,)
    related: Kin  # of the story's words


def measure(reading: Reading, kinds: Sequence[str], *, most: int = LOOKED_AT) -> Candidates:
    """Look for the nearest records and measure them.

    Args:
        reading: of the story, with vectors.
        kinds: of record that are looked for.
        most: at most so many.
    """
    encoder = reading.encoder
    filters = filters_of(Query(chosen={"kind": tuple(kinds)}))
    best = [version for version, _similarity in nearest(reading.whole, encoder, filters)][:most]
    to_whole, to_title = (read_passages(best, vector, encoder) for vector in (reading.whole, reading.title))
    labelled = Version.objects.filter(pk__in=list(to_whole)).order_by().values_list("pk", "language", "objectives")
    known = {pk: (language, objectives) for pk, language, objectives in labelled}
    order = [version for version in best if version in known]
    related, of_title = kin_of(reading.words), kin_of(reading.title_words)
    said = words_of_versions(order)
    raw = np.array(
        [
            [
                *_views(to_whole[version]), related.share(said.get(version, ())),
                to_title[version].whole.first, to_title[version].whole.second, to_title[version].most.second,
                of_title.share(said.get(version, ())), _in_objectives(reading, known[version][1]),
            ]
            for version in order
        ], dtype=float,
    ).reshape(len(order), len(RAW))  # fmt: skip
    spoken = reading.story.spoken
    own = np.array([bool(spoken) and known[version][0] == spoken for version in order], dtype=bool)
    return Candidates(order, [to_whole[version] for version in order], raw, own, related)


def _views(near: Nearness) -> list[float]:
    views = (near.whole, near.title, near.most)
    return [*(view.first for view in views), *(view.second for view in views)]


def _in_objectives(reading: Reading, objectives: Sequence[int]) -> float:
    """How much the story is about a record's objectives: log odds of each beside nothing, one of many counting less."""
    own = [number for number in objectives if 1 <= number <= NUMBER]
    likely = np.log(reading.objectives + LITTLE) - np.log(LITTLE)
    return float(sum(likely[number - 1] for number in own) / np.sqrt(max(1, len(own))))
