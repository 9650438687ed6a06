"""How good search is: the share of queries whose answer comes first, among five, among ten, with intervals.

Each set is asked of four methods in one run: plain full text, the first encoder raw, both encoders in one vector, and
search as the site has it. Records that are brought are put beside the registry's in a transaction that is undone.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from django.db import transaction

from minga.access.rowsecurity import seeing_all
from minga.audit.by import By
from minga.evaluation import ranking
from minga.evaluation.labelled import Asked, Labelled
from minga.evaluation.misspelled import mistyped
from minga.exchange.importing import Importer
from minga.exchange.jsonlines import Line
from minga.language.encoders import Encoder, TwoEncoders, default_encoder, unit
from minga.registry.models import Version
from minga.search import indexing, spelling, wordlist
from minga.search.answering import here
from minga.search.finding import Found, find, signals
from minga.search.grammar import Query, read
from minga.search.models import Passage, Stale
from minga.search.shipped import WithShipped

SAMPLES = 1_000
Ranks = list[int]
NOT_FOUND = 10_000


class _Undone(Exception):
    """Ends the transaction that is not kept."""


@dataclass
class Pool:
    """What is searched: the versions, their external ids and languages."""

    names: dict[int, str]
    languages: dict[str, str]
    titles: dict[str, str]


def evaluate(labelled: Labelled) -> dict[str, dict[str, dict[str, float]]]:
    """Set -> method -> figures. As the worker; nothing is kept.

    Args:
        labelled: what to ask, and records that are not in the registry yet.
    """
    told: dict[str, dict[str, dict[str, float]]] = {}
    with suppress(_Undone), seeing_all():
        bring(labelled.records)
        pool = pool_of()
        methods = methods_over(pool)
        for name, asked in sets_of(labelled, pool).items():
            if asked:
                told[name] = {method: figures(ask(asked)) for method, ask in methods.items()}
        raise _Undone
    return told


def train(labelled: Labelled) -> int:
    """Train the ranking on labelled texts and ship it; returns on how many. As the worker; nothing else is kept.

    Args:
        labelled: what to ask, and records that are not in the registry yet.
    """
    examples: list[ranking.Example] = []
    with suppress(_Undone), seeing_all():
        bring(labelled.records)
        pool = pool_of()
        asked = [each for some in sets_of(labelled, pool).values() for each in some]
        asked += [_asked(each, each["title"], each["answers"]) for each in labelled.needs]  # as one types a need
        for each, query, found in _found(asked, default_encoder()):
            looked_at = [hit for hit in found.hits if hit.near]
            names = [pool.names[hit.version] in each.answers for hit in looked_at]
            examples.append(ranking.Example(each, query.words, signals(looked_at), np.array(names, dtype=bool)))
        raise _Undone
    ranking.write(examples)
    return len(examples)


def bring(records: list[dict]) -> None:
    """List records that the registry does not have, and embed them, here and now."""
    known = set(Version.objects.filter(is_listed=True).values_list("record__external_id", flat=True))
    lines = [Line(number, row) for number, row in enumerate(records, 1) if row["id"] not in known]
    Importer(by=By(operator="evaluation"), at=datetime.now(UTC), turn=transaction.atomic, publish=True).run(lines)
    indexing.refresh_marked()
    wordlist.renew()
    wordlist.embed(default_encoder(), turn=transaction.atomic)
    encoder = WithShipped(default_encoder())
    indexing.mark_other_encoders(encoder)
    while Stale.objects.filter(made_with=encoder.name, tries__lt=indexing.MOST_TRIES).exists():
        indexing.embed_batch(encoder)


def pool_of() -> Pool:
    rows = Version.objects.filter(is_listed=True).values_list("pk", "record__external_id", "language", "title")
    return Pool(
        {pk: name for pk, name, _language, _title in rows}, {name: language for _pk, name, language, _title in rows},
        {name: title for _pk, name, _language, title in rows},
    )  # fmt: skip


def sets_of(labelled: Labelled, pool: Pool) -> dict[str, list[Asked]]:
    """What is asked, by set."""
    told = [each for each in labelled.retellings if each["same"] and each["about"] in pool.languages]
    abroad = [each for each in told if each["lang"] != pool.languages[each["about"]]]
    needs = [each for each in labelled.needs if set(each["answers"]) <= pool.languages.keys()]
    short = [each for each in labelled.queries if set(each["answers"]) <= pool.languages.keys()]

    def is_home(each: dict) -> bool:
        return all(pool.languages[name] == each["lang"] for name in each["answers"])

    return {
        "another language, whole text": [_asked(each, f"{each['title']}\n{each['summary']}", [each["about"]]) for each in abroad],
        "another language, title": [_asked(each, each["title"], [each["about"]]) for each in abroad],
        "same language, title": [_asked(each, each["title"], [each["about"]]) for each in told if each not in abroad],
        "another language, short query": [_asked(each, each["query"], each["answers"]) for each in short if not is_home(each)],
        "same language, short query": [_asked(each, each["query"], each["answers"]) for each in short if is_home(each)],
        "known items": list(known_items(pool)),
        "known items, misspelled": list(mistyped(known_items(pool))),
        "request for help": [_asked(each, f"{each['title']}\n{each['text']}", each["answers"]) for each in needs],
    }  # fmt: skip


def _asked(each: dict, text: str, answers: Sequence[str]) -> Asked:
    return Asked(text, each["lang"], frozenset(answers))


def known_items(pool: Pool) -> Iterator[Asked]:
    """Names that people know a record by, from the records themselves: quoted beginnings of titles, acronyms, numbers.

    What stands in several titles names none of them and is left out.
    """
    for name, title in pool.titles.items():
        begin = title.split(":")[0].strip()
        tokens = re.findall(r"\(([A-Z]{2,}\w*)\)|\b([A-Z]{3,}\w*)\b|\b(\d[\d.-]+\d)\b", title)
        for text in (f'"{begin}"', *(next(filter(None, token)) for token in tokens)):
            bare = text.strip('"').casefold()
            if sum(bare in other.casefold() for other in pool.titles.values()) == 1:
                yield Asked(text, pool.languages[name], frozenset([name]))


def methods_over(pool: Pool) -> dict[str, Callable[[list[Asked]], Ranks]]:
    encoder = default_encoder()
    whole = Passage.objects.filter(number=0, made_with=encoder.name)
    order, texts, stored = zip(*whole.values_list("version_id", "text", "vector"), strict=True)
    both = unit(np.array(stored, dtype=np.float32))
    names = [pool.names[pk] for pk in order]

    def by_find(asked: list[Asked], *, with_meaning: bool) -> Ranks:
        return [
            _rank(each, [pool.names[hit.version] for hit in found.hits])
            for each, _query, found in _found(asked, encoder if with_meaning else None)
        ]

    def by_vectors(asked: list[Asked], passages: np.ndarray, queries: np.ndarray) -> Ranks:
        return [
            _rank(each, [names[place] for place in np.argsort(-row)])
            for each, row in zip(asked, queries @ passages.T, strict=True)
        ]

    found: dict[str, Callable[[list[Asked]], Ranks]] = {
        "full text": lambda asked: by_find(asked, with_meaning=False),
        "both encoders": lambda asked: by_vectors(
            asked, both, encoder.queries([each.text.strip('"') for each in asked])
        ),
        "search": lambda asked: by_find(asked, with_meaning=True),
    }
    if isinstance(encoder, TwoEncoders):
        raw: list[np.ndarray] = []

        def by_first_encoder(asked: list[Asked]) -> Ranks:
            if not raw:
                raw.append(encoder.first_passages(texts))
            return by_vectors(asked, raw[0], encoder.first_queries([each.text.strip('"') for each in asked]))

        found = {"full text": found["full text"], "first encoder, raw": by_first_encoder, **found}
    return found


def _found(asked: list[Asked], encoder: Encoder | None) -> Iterator[tuple[Asked, Query, Found]]:
    """What search finds, by a ranking that has not seen the record that answers."""
    unseen = ranking.Unseen()
    typed = [_as_query(each) for each in asked]
    vectors = encoder.queries([query.words for query in typed]) if encoder else [None] * len(asked)
    understood = [spelling.meant(query, language=each.lang).query for each, query in zip(asked, typed, strict=True)]
    for each, as_typed, query, vector in zip(asked, typed, understood, vectors, strict=True):
        yield each, query, find(
            query, language=each.lang, vector=vector, encoder=encoder.name if encoder else "",
            word_vectors=here(as_typed.words) if encoder else None, ranking=unseen.ranking_for(each),
        )  # fmt: skip


def _as_query(asked: Asked) -> Query:
    """A short query as it is typed; a story is words and nothing else, whatever signs it holds."""
    return read(asked.text) if len(asked.text) < 200 else Query(asked.text, " ".join(asked.text.split()))


def _rank(asked: Asked, found: list[str]) -> int:
    """The place of the first answer, from 0."""
    return next((place for place, name in enumerate(found) if name in asked.answers), NOT_FOUND)


def figures(ranks: Ranks) -> dict[str, float]:
    """Shares in first place, among five and ten, and the mean reciprocal rank; 95 % intervals by bootstrap."""
    chance = random.Random(7)  # noqa: S311  (nothing secret: the same draws each time)
    draws = [chance.choices(ranks, k=len(ranks)) for _ in range(SAMPLES)]
    told: dict[str, float] = {"number": len(ranks)}
    for name, value in MEASURES.items():
        drawn = sorted(value(draw) for draw in draws)
        told |= {name: value(ranks), f"{name} low": drawn[SAMPLES // 40], f"{name} high": drawn[-SAMPLES // 40 - 1]}
    return {name: round(value, 3) for name, value in told.items()}


def _share(most: int) -> Callable[[Ranks], float]:
    return lambda ranks: sum(rank < most for rank in ranks) / len(ranks)


MEASURES: dict[str, Callable[[Ranks], float]] = {
    "first": _share(1), "five": _share(5), "ten": _share(10),
    "reciprocal": lambda ranks: sum(1 / (1 + rank) for rank in ranks) / len(ranks),
}  # fmt: skip
