"""Answers of a search as plain values, for commands and interfaces."""

from typing import Any

import numpy as np
from django.utils.translation import get_language

from minga.installation.home import Home
from minga.language import process
from minga.language.encoders import default_encoder
from minga.registry.models import Translation, Version
from minga.search import grammar
from minga.search.finding import find
from minga.search.showing import why


def encode(texts: list[str]) -> list[np.ndarray | None]:
    """Vectors of queries: by the running encoder, else by one in this process; None for a text without words."""
    asked = [text for text in texts if text.strip()]
    if not asked:
        return [None] * len(texts)
    try:
        if len(asked) > process.MOST_AT_ONCE:
            raise process.Away
        made = process.ask(Home.of_environment(), asked)
    except process.Away:
        made = default_encoder().queries(asked)
    rows = iter(made)
    return [next(rows) if text.strip() else None for text in texts]


def answers(
    typed: str, *, language: str, chosen: dict[str, tuple[str, ...]], vector: np.ndarray | None, limit: int
) -> list[dict[str, Any]]:
    """The best results of a query.

    Args:
        typed: what was typed.
        language: of the query; "" to guess.
        chosen: filters beside those that were typed: facet -> values.
        vector: of the query's words.
        limit: at most so many.
    """
    read = grammar.read(typed)
    query = grammar.Query(read.typed, read.words, read.phrases, {**read.chosen, **chosen}, read.excluded)
    found = find(query, language=language, vector=vector, encoder=default_encoder().name)
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
