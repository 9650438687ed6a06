"""How vectors of one set are compared in SQL: the same expression as its index has, so that the index serves."""

from functools import lru_cache

import numpy as np
from pgvector import HalfVector

from minga.language.encoders import TwoEncoders, parts_of
from minga.search.models import VectorSet


class Comparison:
    """Compares one vector with those of its set. Each use of an expression takes `given` once as a parameter."""

    def __init__(self, vector: np.ndarray, encoder: str):
        """What a query is compared by.

        Args:
            vector: of shape (size,).
            encoder: the name of what made it.
        """
        self.given = HalfVector(vector).to_text()
        self.has_parts = encoder == TwoEncoders.name
        if self.has_parts:
            first = np.array(vector, dtype=np.float32)
            parts_of(first)[1][:] = 0.0
            self._first = HalfVector(first).to_text()
        self._type = f"halfvec({len(vector)})"
        self._slope, self._shift = _scale_of(encoder)

    def distance(self, table: str) -> str:
        """SQL of how far a passage is, to be ordered by.

        Args:
            table: the passages' name in the statement.
        """
        return f"({table}.vector::{self._type} <=> %s::{self._type})"

    def similarity(self, table: str) -> str:
        """SQL of how near a passage is, as the default encoder would say it.

        Args:
            table: the passages' name in the statement.
        """
        return f"({self._shift!r} + {self._slope!r} * (1 - {self.distance(table)}))"

    def first(self, table: str) -> str:
        """SQL of how near a passage is to the first of two encoders that made the vector together; else the similarity.

        Args:
            table: the passages' name in the statement.
        """
        if not self.has_parts:
            return self.similarity(table)
        share = TwoEncoders.SHARE / (TwoEncoders.SHARE + 1)
        return f"(({table}.vector::{self._type} <#> %s::{self._type}) / {-share!r})"

    @property
    def first_given(self) -> str:
        """What `first` takes as its parameter: a vector without the second part."""
        return self._first if self.has_parts else self.given

    def second(self, similarity: float, first: float) -> float:
        """How near the same passage is to the second encoder.

        Args:
            similarity: of both.
            first: of the first.
        """
        return (TwoEncoders.SHARE + 1) * similarity - TwoEncoders.SHARE * first if self.has_parts else similarity


def _scale_of(encoder: str) -> tuple[float, float]:
    try:
        return _known_scale_of(encoder)
    except VectorSet.DoesNotExist:
        return 1.0, 0.0


@lru_cache(maxsize=16)
def _known_scale_of(encoder: str) -> tuple[float, float]:
    """A name says all that vectors depend on, so its scale stays for good."""
    return VectorSet.objects.values_list("slope", "shift").get(name=encoder)
