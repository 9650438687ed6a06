"""Answers of a search as plain values, for commands and interfaces."""

from typing import Any

import numpy as np
from django.utils.translation import get_language

from minga.language.encoders import default_encoder
from minga.registry.models import Translation, Version
from minga.search import asking, grammar, spelling
from minga.search.finding import find
from minga.search.kin import words_of
from minga.search.showing import why


def encode(texts: list[str]) -> tuple[list[np.ndarray | None], str]:
    """Vectors of queries, None for a text without words or where no encoder answers; and the encoder's name."""
    asked = [text for text in texts if text.strip()]
    made, encoder = asking.vectors_of(asked) if asked else (None, "")
    if made is None:
        return [None] * len(texts), ""
    rows = iter(made)
    return [next(rows) if text.strip() else None for text in texts], encoder


def here(words: str) -> dict[str, np.ndarray]:
    """Vectors of a query's words by the encoder in this process, for commands where none runs."""
    asked = words_of(words)[: asking.MOST_WORDS]
    return dict(zip(asked, default_encoder().words(asked), strict=True))


def answers(
    typed: str,
    *,
    language: str,
    chosen: dict[str, tuple[str, ...]],
    vector: np.ndarray | None,
    limit: int,
    encoder: str = "",
    reading: spelling.Reading | None = None,
) -> list[dict[str, Any]]:
    """The best results of a query.

    Args:
        typed: what was typed.
        language: of the query; "" to guess.
        chosen: filters beside those that were typed: facet -> values.
        vector: of the query's words.
        limit: at most so many.
        encoder: the name of what made the vector; that of this machine where none is named.
        reading: what was meant, where that was asked for already.
    """
    read = (reading or spelling.meant(grammar.read(typed), language=language)).query
    query = grammar.Query(read.typed, read.words, read.phrases, {**read.chosen, **chosen}, read.excluded)
    bare = grammar.read(typed).words  # as the vector: of what was typed
    found = find(
        query, language=language, vector=vector, encoder=encoder or default_encoder().name,
        word_vectors=None if vector is None else asking.word_vectors(bare) or here(bare),
    )  # fmt: skip
    best = found.hits[:limit]
    versions = Version.objects.select_related("record", "owner").in_bulk([hit.version for hit in best])
    titles = dict(
        Translation.objects.filter(version__in=versions, language=get_language()).values_list("version_id", "title")
    )
    return [
        {
            "id": version.record.public_id, "external_id": version.record.external_id, "owner": version.owner.slug,
            "kind": version.kind, "lang": version.language, "title": titles.get(version.pk, version.title),
            "score": round(hit.score, 4), "passage": hit.passage or version.summary[:500], "why": why(hit),
        }
        for hit in best if (version := versions.get(hit.version))
    ]  # fmt: skip
