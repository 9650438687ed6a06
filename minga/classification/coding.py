"""Proposes objectives and principles for records: probabilities for all, with the sentences that speak for each.

Proposals are for people to decide on. It needs the shipped model and an encoder, and no records: an empty installation
codes as well as a full one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from minga.classification import model
from minga.classification.model import FILE, Model, Reading
from minga.classification.texts import MOST_SENTENCES, Text
from minga.classification.training import KINDS
from minga.language.encoders import Encoder, default_encoder
from minga.language.process import Away

MOST_EVIDENCE = 2  # sentences for a label
LIKELY = 0.2  # from here on a label without a telling term gets the sentence nearest to its activities


@dataclass(frozen=True)
class Proposal:
    """A label that a record may have."""

    code: int | str  # the objective's number or the principle's code
    probability: float
    evidence: tuple[str, ...]  # sentences of the record, the most telling first
    by_terms: bool = (
        False  # whether they were chosen by telling terms; else by their nearness to the label's activities
    )


@dataclass(frozen=True)
class Coded:
    """What is proposed for a record: all labels of each kind, the likeliest first."""

    objectives: list[Proposal]
    principles: list[Proposal]

    def told(self) -> dict[str, list[dict[str, Any]]]:
        """As JSON would have it."""
        return {
            kind: [
                {name: each.code, "probability": each.probability, "evidence": list(each.evidence)}
                for each in proposals
            ]
            for kind, name, proposals in (("objectives", "n", self.objectives), ("principles", "code", self.principles))
        }


class CodingEncoder(Encoder, Protocol):
    """What embeds texts, and short ones fast by its second encoder alone."""

    def words(self, words: Sequence[str]) -> np.ndarray:
        """See `TwoEncoders.words`: of shape (texts, 512)."""


class _Sentences:
    """The sentences of a text, embedded once for all kinds of labels, and only if they are asked for."""

    def __init__(self, text: Text, encoder: CodingEncoder, most: int):
        self.texts = text.sentences[:most]
        self._encoder = encoder

    @cached_property
    def vectors(self) -> np.ndarray | None:
        """By the second encoder; None without sentences, or while it is away: proposals do without evidence."""
        try:
            return self._encoder.words(self.texts) if self.texts else None
        except Away:
            return None


class Coder:
    """Codes texts with the shipped model."""

    def __init__(self, encoder: CodingEncoder | None = None, models: Mapping[str, Model] | None = None):
        """Read the model.

        Args:
            encoder: of the texts; the installation's own without it. Only vectors of the kind that the model was
                trained on will do: those of `TwoEncoders`.
            models: kind -> model, instead of those shipped.
        """
        self._encoder = encoder or default_encoder()
        self._models = dict(models or model.load(FILE))

    def code(
        self, texts: Sequence[Text], vectors: np.ndarray | None = None, *, most_embedded: int = MOST_SENTENCES
    ) -> list[Coded]:
        """Propose labels.

        Args:
            texts: the records.
            vectors: of title and summary of each, of shape (texts, 896), where they are known: search keeps them as
                passage 0. Without them they are made here.
            most_embedded: at most so many sentences of a record are embedded, where one of its likely labels has no
                telling term; with 0 such a label has no evidence.

        Returns:
            proposals for each text, in its place.
        """
        if not texts:
            return []
        if vectors is None:
            vectors = self._encoder.passages([text.whole for text in texts])
        if vectors.shape != (len(texts), self._encoder.size):
            raise ValueError(f"vectors of shape {vectors.shape} for {len(texts)} texts of {self._encoder.size} numbers")
        sentences = [_Sentences(text, self._encoder, most_embedded) for text in texts]
        found = {kind: self._of_kind(kind, texts, vectors, sentences) for kind in KINDS}
        return [Coded(*each) for each in zip(found["objectives"], found["principles"], strict=True)]

    def _of_kind(
        self, kind: str, texts: Sequence[Text], vectors: np.ndarray, sentences: Sequence[_Sentences]
    ) -> list[list[Proposal]]:
        used = self._models[kind]
        readings = [model.read(text, vector, used.lexicon) for text, vector in zip(texts, vectors, strict=True)]
        return [
            _proposals(used, *each) for each in zip(texts, _where_said(used, readings, texts), sentences, strict=True)
        ]


def _proposals(used: Model, text: Text, probabilities: np.ndarray, sentences: _Sentences) -> list[Proposal]:
    evidence = evidence_by_terms(used, text)
    bare = [label for label, each in enumerate(evidence) if not each and probabilities[label] >= LIKELY]
    if bare and sentences.vectors is not None:
        near = used.standing.nearness_by_second(sentences.vectors)
        for label in bare:
            evidence[label] = [sentences.texts[int(near[:, label].argmax())]]
    names = KINDS[used.kind]
    return [
        Proposal(names[label], round(float(probabilities[label]), 4), tuple(evidence[label]), label not in bare)
        for label in np.argsort(-probabilities, kind="stable")
    ]


def _where_said(used: Model, readings: Sequence[Reading], texts: Sequence[Text]) -> np.ndarray:
    """Probabilities; what says nothing at all has none but the usual."""
    found = used.probabilities(readings)
    silent = [place for place, text in enumerate(texts) if not text.whole]
    found[silent] = 1 / (1 + np.exp(-used.standing.prior))
    return found


def evidence_by_terms(used: Model, text: Text) -> list[list[str]]:
    """For each label the sentences that hold most of its terms, rare ones first.

    Args:
        used: whose labels and terms.
        text: the record.
    """
    hits: list[Counter[int]] = [used.lexicon.hits(each, text.spoken) for each in text.sentences]
    scores = used.lexicon.scores(hits, used.standing.rarity, len(used.standing.prior))
    return [
        [text.sentences[place] for place in np.argsort(-column, kind="stable")[:MOST_EVIDENCE] if column[place] > 0]
        for column in scores.T
    ]
