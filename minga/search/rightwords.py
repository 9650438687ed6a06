"""Which words are right in Spanish, English, French or Portuguese, whether or not a record holds them.

A word that no record holds is not mistyped for that. The words are those of the lists that pyspellchecker brings
(docs/make_right_words.py), by their stems as full text makes them, so that other forms of them are right too; kept as
sorted numbers, which take three megabytes in a process where the lists would take a hundred and sixty.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np
from django.db import connection

FILE = Path(__file__).parent / "data" / "right_words.npz"


def right_ones(words: Iterable[str], languages: Iterable[str]) -> set[str]:
    """Those of some words that are right in one of some languages.

    Args:
        words: as they were typed.
        languages: codes that full text has stems for.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select w, array(select l || ' ' || s from unnest(%s::text[]) l,"
            " unnest(tsvector_to_array(to_tsvector(search_configuration(l), w))) s) from unnest(%s::text[]) w",
            [list(languages), list(words)],
        )
        stems = dict(cursor.fetchall())
    return {word for word, keys in stems.items() if any(map(_is_known, keys))}


def write(stems: Iterable[str]) -> int:
    """Keep stems, each with its language before it ("es migr"); returns how many.

    Args:
        stems: as `right_ones` makes them.
    """
    numbers = np.unique(np.array([number_of(each) for each in stems], dtype=np.uint32))
    np.savez_compressed(FILE, steps=np.diff(numbers, prepend=np.uint32(0)))
    return len(numbers)


def number_of(stem: str) -> int:
    """What a stem is kept as. One of five thousand wrong words has the number of a right one."""
    return crc32(stem.encode())


def _is_known(stem: str) -> bool:
    numbers = _numbers()
    place = int(np.searchsorted(numbers, np.uint32(number_of(stem))))
    return place < len(numbers) and int(numbers[place]) == number_of(stem)


@lru_cache(maxsize=1)
def _numbers() -> np.ndarray:
    with np.load(FILE, allow_pickle=False) as kept:
        return np.cumsum(kept["steps"], dtype=np.uint32)
