"""Terms that tell of an objective or a principle, in four languages, each read in its own language only.

That is what keeps false friends apart: Spanish `tráfico` is smuggling, Portuguese `tráfico de pessoas` trafficking.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from minga.classification.texts import LANGUAGES, words_of

FILE = Path(__file__).parent / "data" / "lexicon.json"
WEAK, PHRASE = 0.4, 1.5  # what a term counts that many texts hold whatever they are about, and one of several words


@dataclass(frozen=True)
class Term:
    """A pattern of one language for one label."""

    label: int  # its place among the labels
    language: str
    words: tuple[str, ...]  # "…*" is a stem
    weight: float


class Lexicon:
    """The terms for the labels of one kind, and where they are found."""

    def __init__(self, terms: Sequence[Term]):
        self.terms = list(terms)
        self.labels = np.array([term.label for term in terms])
        self.languages = np.array([term.language for term in terms])
        self.weights = np.array([term.weight for term in terms])
        self._whole: dict[tuple[str, str], list[int]] = defaultdict(list)  # language and first word -> terms
        self._stems: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._lengths: dict[str, list[int]] = {}  # of the stems of a language
        for place, term in enumerate(terms):
            first = term.words[0]
            (self._stems if first.endswith("*") else self._whole)[term.language, first.rstrip("*")].append(place)
        for code in LANGUAGES:
            self._lengths[code] = sorted({len(stem) for language, stem in self._stems if language == code})

    def hits(self, text: str, language: str) -> Counter[int]:
        """How often each term stands in a text: place of the term -> number.

        Args:
            text: as it is written.
            language: its own; of another than the four nothing is found.
        """
        found: Counter[int] = Counter()
        words = words_of(text)
        for at, word in enumerate(words):
            places = list(self._whole.get((language, word), ()))
            for length in self._lengths.get(language, ()):
                if length > len(word):
                    break
                places += self._stems.get((language, word[:length]), ())
            for place in places:
                if all(map(_fits, self.terms[place].words[1:], words[at + 1 :] + [""] * 8)):
                    found[place] += 1
        return found

    def rarity(self, found: Sequence[Counter[int]], languages: Sequence[str]) -> np.ndarray:
        """How much each term says: more, the fewer texts of its language hold it.

        Args:
            found: the hits of each text.
            languages: of the texts.

        Returns:
            a weight for each term, of shape (terms,).
        """
        holding = Counter(place for hits in found for place in hits)
        texts = Counter(languages)
        rare = [np.log((texts[term.language] + 2) / (holding[place] + 1)) for place, term in enumerate(self.terms)]
        return np.maximum(rare, 0) * self.weights

    def scores(self, found: Sequence[Counter[int]], weights: np.ndarray, number: int) -> np.ndarray:
        """What texts hold of each label's terms; the second time a term stands there it counts less.

        Args:
            found: the hits of each text.
            weights: of the terms.
            number: of labels.

        Returns:
            an array of shape (texts, number).
        """
        scores = np.zeros((len(found), number))
        for row, hits in enumerate(found):
            for place, times in hits.items():
                scores[row, self.labels[place]] += weights[place] * np.log1p(times)
        return scores


def _fits(pattern: str, word: str) -> bool:
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern


@cache
def digest() -> str:
    """Of the shipped terms: a model weighs each in its place, so it does for these alone."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()[:16]


@cache
def lexicon_of(kind: str) -> Lexicon:
    """The shipped terms.

    Args:
        kind: "objectives" or "principles".
    """
    terms = []
    for label, languages in enumerate(json.loads(FILE.read_text(encoding="utf-8"))[kind].values()):
        for language, patterns in languages.items():
            for pattern in patterns:
                words = tuple(_split(pattern.lstrip("~")))
                weight = (WEAK if pattern.startswith("~") else 1.0) * (PHRASE if " " in pattern else 1.0)
                terms.append(Term(label, language, words, weight))
    return Lexicon(terms)


def _split(pattern: str) -> list[str]:
    """A pattern's words as a text's are split, the stars kept."""
    words = []
    for part in pattern.split():
        pieces = words_of(part)
        words += [*pieces[:-1], pieces[-1] + ("*" if part.endswith("*") else "")]
    return words
