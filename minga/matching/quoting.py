"""The evidence of a match: a sentence of the story and a sentence of the record that speak of the same, as they stand."""

import unicodedata
from collections.abc import Mapping

import numpy as np

from minga.classification.texts import sentences_of
from minga.language.encoders import TwoEncoders, parts_of
from minga.matching.reading import Reading
from minga.search.kin import Kin, words_of
from minga.search.meaning import Nearness
from minga.search.models import Passage

LONGEST = 420  # characters that are quoted
ENOUGH = 60  # characters; a shorter sentence is quoted with the next one


def quotes(reading: Reading, nearest: Mapping[int, Nearness], related: Kin) -> dict[int, tuple[str, str]]:
    """Version -> (the sentence of the story, the passage of the record).

    Args:
        reading: of the story.
        nearest: version -> its nearest passage.
        related: of the story's words.
    """
    vectors = _vectors(nearest) if reading.encoder == TwoEncoders.name else {}
    return {
        version: (_asked(reading, vectors.get(version)), _telling(_body(near), related))
        for version, near in nearest.items()
    }


def _vectors(nearest: Mapping[int, Nearness]) -> dict[int, np.ndarray]:
    """Version -> the vector of its nearest passage, by the second encoder."""
    stored = Passage.objects.filter(version__in=list(nearest), made_with=TwoEncoders.name)
    return {
        version: parts_of(np.asarray(vector, dtype=np.float32))[1]
        for version, text, vector in stored.values_list("version_id", "text", "vector")
        if text == nearest[version].text
    }


def _body(near: Nearness) -> str:
    """The passage without the title, which stands above it."""
    return (near.text.partition("\n")[2] or near.text) if near.field in ("title", "summary") else near.text


def _telling(text: str, related: Kin) -> str:
    """The sentence that says most of what the story's words say, in whatever language."""
    sentences = list(sentences_of(text)) or [text]
    said = [related.share([form for word in words_of(each) for form in _forms(word)]) for each in sentences]
    place = int(np.argmax(said))
    told = " ".join(sentences[place : place + 2]) if len(sentences[place]) < ENOUGH else sentences[place]
    return told if len(told) <= LONGEST else told[:LONGEST].rsplit(" ", 1)[0] + " …"


def _forms(word: str) -> tuple[str, ...]:
    """A word as it is and as the list of words has it: without accents."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", word) if not unicodedata.combining(each))
    return (word, bare) if bare != word else (word,)


def _asked(reading: Reading, passage: np.ndarray | None) -> str:
    """The sentence of the story that is nearest to the record's passage."""
    sentences = reading.story.sentences
    if passage is None or len(sentences) < 2 or len(reading.sentences) != len(sentences):
        return sentences[0] if sentences else ""
    told = sentences[int(np.argmax(reading.sentences @ passage))]
    return told if len(told) <= LONGEST else told[:LONGEST].rsplit(" ", 1)[0] + " …"
