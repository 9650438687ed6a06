"""Proposes objectives and principles for records: probabilities for all, with the sentences that speak for each.

Proposals are for people to decide on. It needs the shipped model and an encoder, and no records: an empty installation
codes as well as a full one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from minga.classification import model
from minga.classification.model import FILE, Model, Reading, balanced
from minga.classification.texts import Text
from minga.classification.training import KINDS
from minga.language.encoders import Encoder, default_encoder

MOST_EVIDENCE = 2  # sentences for a label
LIKELY = 0.2  # from here on a label without a telling term gets the sentence nearest to its activities


@dataclass(frozen=True)
class Proposal:
    """A label that a record may have."""

    code: int | str  # the objective's number or the principle's code
    probability: float
    evidence: tuple[str, ...]  # sentences of the record, the most telling first


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


class Coder:
    """Codes texts with the shipped model."""

    def __init__(self, encoder: Encoder | None = None, models: Mapping[str, Model] | None = None):
        """Read the model.

        Args:
            encoder: of the texts; the installation's own without it. Only vectors of the kind that the model was
                trained on will do: those of `TwoEncoders`.
            models: kind -> model, instead of those shipped.
        """
        self._encoder = encoder or default_encoder()
        self._models = dict(models or model.load(FILE))

    def code(
        self, texts: Sequence[Text], vectors: np.ndarray | None = None, *, may_embed_sentences: bool = True
    ) -> list[Coded]:
        """Propose labels.

        Args:
            texts: the records.
            vectors: of title and summary of each, of shape (texts, 896), where they are known: search keeps them as
                passage 0. Without them they are made here.
            may_embed_sentences: embed the sentences of a record one of whose likely labels has no telling term. It takes
                a tenth of a second a record; without it such a label has no evidence.

        Returns:
            proposals for each text, in its place.
        """
        if not texts:
            return []
        if vectors is None:
            vectors = self._encoder.passages([text.whole for text in texts])
        if vectors.shape != (len(texts), self._encoder.size):
            raise ValueError(f"vectors of shape {vectors.shape} for {len(texts)} texts of {self._encoder.size} numbers")
        found = {kind: self._of_kind(kind, texts, vectors, may_embed_sentences) for kind in KINDS}
        return [Coded(*each) for each in zip(found["objectives"], found["principles"], strict=True)]

    def _of_kind(
        self, kind: str, texts: Sequence[Text], vectors: np.ndarray, may_embed_sentences: bool
    ) -> list[list[Proposal]]:
        used = self._models[kind]
        readings = [model.read(text, vector, used.lexicon) for text, vector in zip(texts, vectors, strict=True)]
        return [
            self._proposals(used, text, row, may_embed_sentences)
            for text, row in zip(texts, _where_said(used, readings, texts), strict=True)
        ]

    def _proposals(
        self, used: Model, text: Text, probabilities: np.ndarray, may_embed_sentences: bool
    ) -> list[Proposal]:
        evidence = evidence_by_terms(used, text)
        bare = [label for label, each in enumerate(evidence) if not each and probabilities[label] >= LIKELY]
        if bare and may_embed_sentences and text.sentences:
            near = used.standing.nearness(balanced(self._encoder.passages(text.sentences)))
            for label in bare:
                evidence[label] = [text.sentences[int(near[:, label].argmax())]]
        names = KINDS[used.kind]
        return [
            Proposal(names[label], round(float(probabilities[label]), 4), tuple(evidence[label]))
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
