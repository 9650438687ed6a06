"""Groups passages by what they say, whatever their language: average linkage over their vectors, cut at one distance.

The same passages give the same groups, in whatever order they come. One distance for all objectives, and no number of
groups that would have to be chosen: what is added later joins a group or founds one, and the others stay as they are
(how far that holds is measured, see docs/explanation/matching.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from minga.language.encoders import TwoEncoders, parts_of, unit

FARTHEST = 0.27  # mean distance at which two groups are still one theme
# The second encoder's distances spread wider than the first's: with this weight both have the same say.
SECOND = 0.6
FARTHEST_OTHERS = 0.22  # the same for vectors of other models, on the scale of the default encoder's whole vector


@dataclass(frozen=True)
class Group:
    """Passages that say much the same, by their places."""

    places: tuple[int, ...]  # the most central first

    @property
    def central(self) -> int:
        """The passage that is nearest to the others."""
        return self.places[0]


def group(
    vectors: np.ndarray, keys: Sequence[str], encoder: str, *, slope: float = 1.0, shift: float = 0.0
) -> list[Group]:
    """Groups of passages, each passage in one.

    Args:
        vectors: of shape (passages, size).
        keys: of the passages, by which ties are broken.
        encoder: the name of what made the vectors.
        slope: with `shift`, from the encoder's similarity to what the default one would say.
        shift: see `slope`.
    """
    if not len(vectors):
        return []
    order = sorted(range(len(keys)), key=lambda place: keys[place])
    is_default = encoder == TwoEncoders.name
    rows = balanced(vectors[order]) if is_default else unit(np.asarray(vectors[order], dtype=np.float64))
    distances = np.clip(1.0 - (shift + slope * (rows @ rows.T)), 0.0, 2.0)
    labels = _labels(distances, FARTHEST if is_default else FARTHEST_OTHERS)
    members: dict[int, list[int]] = {}
    for row, label in enumerate(labels):
        members.setdefault(label, []).append(row)
    return [Group(tuple(order[row] for row in _by_centrality(rows_of, distances))) for rows_of in members.values()]


def balanced(vectors: np.ndarray) -> np.ndarray:
    """Vectors of the default encoder with both its parts having their say, of length 1.

    Args:
        vectors: of shape (passages, 896).
    """
    first, second = parts_of(np.asarray(vectors, dtype=np.float64).T)
    return unit(np.hstack([unit(first.T), SECOND * unit(second.T)]))


def _labels(distances: np.ndarray, farthest: float) -> list[int]:
    if len(distances) < 2:
        return [0] * len(distances)
    from sklearn.cluster import AgglomerativeClustering  # slow to import, and most pages do without

    made = AgglomerativeClustering(
        n_clusters=None, distance_threshold=farthest, metric="precomputed", linkage="average"
    )
    return made.fit_predict(distances).tolist()


def _by_centrality(rows: list[int], distances: np.ndarray) -> list[int]:
    """The rows of a group, that with the least mean distance to the others first; ties stay in the order of keys."""
    within = distances[np.ix_(rows, rows)].mean(axis=1).round(6)
    return [rows[place] for place in np.argsort(within, kind="stable")]
