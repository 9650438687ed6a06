"""A need or an offer as vectors: made on this machine alone, kept nowhere.

What somebody writes down that she lacks is confidential until it is published, so a service outside is never asked, not
even where it answers searches (docs/decisions/0008). Where only a service makes vectors of records, there are none to
compare with, and words alone are compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

import numpy as np

from minga.classification.coding import Coder
from minga.installation.home import Home
from minga.language import process
from minga.language.encoders import TwoEncoders, default_encoder
from minga.matching.stories import Story
from minga.search.kin import words_of
from minga.search.models import VectorSet

MOST_WORDS = 60  # of the whole that get vectors of their own; of these the rarest are compared
MOST_TITLE_WORDS = 20
SECONDS = 8.0  # for which a busy machine is waited for: nothing else on the page waits with it
DECLARED = 0.9  # how likely an objective is that the author marked
NUMBER = 23  # objectives


class Reader(Protocol):
    """What makes the vectors."""

    name: str

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoder`."""

    def words(self, words: Sequence[str]) -> np.ndarray:
        """See `TwoEncoders`."""


class ByProcess:
    """The encoder of this machine, by the process that holds it; raises `process.Away`."""

    name, size = TwoEncoders.name, TwoEncoders.size

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoder`."""
        return process.ask(Home.of_environment(), texts, seconds=SECONDS)

    def words(self, words: Sequence[str]) -> np.ndarray:
        """See `TwoEncoders`."""
        return process.ask(Home.of_environment(), words, kind="word", seconds=SECONDS)


@dataclass(frozen=True)
class Reading:
    """What is known of a story before records are looked at."""

    story: Story
    encoder: str = ""  # the name of what made the vectors
    whole: np.ndarray | None = None  # of title and text, of shape (896,); None: words alone are compared
    title: np.ndarray | None = None
    words: dict[str, np.ndarray] = field(default_factory=dict)
    title_words: dict[str, np.ndarray] = field(default_factory=dict)
    sentences: np.ndarray = field(default_factory=lambda: np.zeros((0, 512), np.float32))  # by the second encoder
    objectives: np.ndarray = field(default_factory=lambda: np.zeros(NUMBER))  # how likely each is


def is_possible() -> bool:
    """Whether records have vectors of this machine's encoder to compare with."""
    return VectorSet.objects.filter(name=default_encoder().name, model="").exists()


def read(story: Story, reader: Reader, *, coder: Coder | None = None) -> Reading:
    """Read a story.

    Args:
        story: a need or an offer.
        reader: what makes the vectors.
        coder: of objectives; the shipped one without it.

    Raises:
        process.Away: the process that makes vectors does not answer.
    """
    return read_many([story], reader, coder=coder)[0]


def read_many(stories: Sequence[Story], reader: Reader, *, coder: Coder | None = None) -> list[Reading]:
    """Read some stories at once.

    Args:
        stories: needs or offers; of what says nothing only its declared objectives are known.
        reader: what makes the vectors.
        coder: of objectives; the shipped one without it.
    """
    told = [story for story in stories if not story.says_nothing]
    texts = [text for story in told for text in (story.whole, story.title.strip() or story.whole)]
    vectors = reader.queries(texts).reshape(len(told), 2, -1) if told else np.zeros((0, 2, 0))
    coded = _objectives(told, vectors[:, 0], coder or shipped_coder()) if told else []
    made = {
        id(story): _reading(story, *both, objectives, reader)
        for story, both, objectives in zip(told, vectors, coded, strict=True)
    }
    return [made.get(id(story)) or Reading(story, objectives=_declared(story, np.zeros(NUMBER))) for story in stories]


def by_words_alone(story: Story) -> Reading:
    """A story of which no vectors can be made at the moment."""
    return Reading(story, objectives=_declared(story, np.zeros(NUMBER)))


def _reading(story: Story, whole: np.ndarray, title: np.ndarray, objectives: np.ndarray, reader: Reader) -> Reading:
    words = words_of(story.whole)[:MOST_WORDS]
    title_words = words_of(story.title)[:MOST_TITLE_WORDS]
    asked = list(dict.fromkeys([*words, *title_words, *story.sentences]))
    known = dict(zip(asked, reader.words(asked), strict=True))
    return Reading(
        story, reader.name, whole, title, {each: known[each] for each in words}, {each: known[each] for each in title_words},
        np.array([known[each] for each in story.sentences], dtype=np.float32).reshape(len(story.sentences), -1), objectives,
    )  # fmt: skip


def _objectives(stories: Sequence[Story], vectors: np.ndarray, coder: Coder) -> list[np.ndarray]:
    """How likely each objective is; those that the author marked count as nearly certain."""
    coded = coder.code([story.for_coding for story in stories], vectors, most_embedded=0)
    found = []
    for story, each in zip(stories, coded, strict=True):
        likely = np.zeros(NUMBER)
        for proposal in each.objectives:
            likely[int(proposal.code) - 1] = proposal.probability
        found.append(_declared(story, likely))
    return found


def _declared(story: Story, likely: np.ndarray) -> np.ndarray:
    for number in story.objectives:
        if 1 <= number <= NUMBER:
            likely[number - 1] = max(likely[number - 1], DECLARED)
    return likely


@cache
def shipped_coder() -> Coder:
    """The shipped model that proposes objectives, read once."""
    return Coder()
