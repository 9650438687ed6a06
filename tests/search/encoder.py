"""An encoder for tests: words as directions, so that texts with the same words lie near. Fast, and of no language."""

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from minga.language.encoders import unit
from minga.search import indexing
from minga.search.models import Stale

SIZE, WORD_SIZE = 896, 512


class WordEncoder:
    """Each word is a direction made from its letters."""

    WORDS = "tests-words"

    def __init__(self, name: str = "tests-words"):
        self.name, self.size = name, SIZE
        self.encoded: list[str] = []

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += texts
        return unit(np.array([self._vector(text) for text in texts], dtype=np.float32))

    queries = passages

    def words(self, words: Sequence[str]) -> np.ndarray:
        return unit(
            np.array([self._vector(word)[:WORD_SIZE] for word in words], dtype=np.float32).reshape(-1, WORD_SIZE)
        )

    def _vector(self, text: str) -> np.ndarray:
        vector = np.full(self.size, 0.01, dtype=np.float32)
        for word in re.findall(r"\w+", text.casefold()):
            vector += direction_of(word, self.size)
        return vector


@lru_cache(maxsize=100_000)
def direction_of(word: str, size: int) -> np.ndarray:
    """The direction of a word."""
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
    return np.random.default_rng(seed).standard_normal(size, dtype=np.float32)


def embed_all(encoder: WordEncoder | None = None) -> WordEncoder:
    """Give every listed version its wordings and passages, in the test's transaction."""
    encoder = encoder or WordEncoder()
    indexing.refresh_marked()
    indexing.mark_other_encoders(encoder)
    while Stale.objects.filter(made_with=encoder.name, tries__lt=indexing.MOST_TRIES).exists():
        indexing.embed_batch(encoder)
    return encoder
