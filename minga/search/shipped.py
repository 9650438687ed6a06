"""Vectors of the bundled records' passages, made once and shipped, so that a new installation finds by meaning at once.

They are taken by the text itself: a passage that was changed since is embedded like any other.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from minga.language.encoders import Encoder

FILE = Path(__file__).parent / "data" / "bundled_vectors.npz"


class WithShipped:
    """An encoder that knows some passages by heart."""

    def __init__(self, encoder: Encoder, file: Path = FILE):
        self._encoder = encoder
        self.name, self.size = encoder.name, encoder.size
        self._known = _read(file, encoder.name)

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoder`."""
        made = np.zeros((len(texts), self.size), dtype=np.float32)
        unknown = [place for place, text in enumerate(texts) if key_of(text) not in self._known]
        for place, text in enumerate(texts):
            if (vector := self._known.get(key_of(text))) is not None:
                made[place] = vector
        if unknown:
            made[unknown] = self._encoder.passages([texts[place] for place in unknown])
        return made

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoder`."""
        return self._encoder.queries(texts)


def key_of(text: str) -> str:
    """What a passage is known by."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def write(file: Path, encoder: str, passages: dict[str, np.ndarray]) -> None:
    """Keep vectors of passages: text -> vector.

    Args:
        file: .npz, written anew.
        encoder: the name of what made them.
        passages: text -> vector of shape (size,).
    """
    keys = sorted((key_of(text), vector) for text, vector in passages.items())
    np.savez_compressed(
        file, encoder=np.array(encoder), keys=np.array([key for key, _vector in keys]),
        vectors=np.array([vector for _key, vector in keys], dtype=np.float16),
    )  # fmt: skip


@lru_cache(maxsize=2)
def _read(file: Path, encoder: str) -> dict[str, np.ndarray]:
    if not file.exists():
        return {}
    with np.load(file, allow_pickle=False) as kept:
        if str(kept["encoder"]) != encoder:
            return {}
        return dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))
