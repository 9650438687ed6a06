"""How good matching is: the place of the record that answers a need, of the need that an offer answers, and whether
probabilities can be believed.

Each need is asked of five methods in one run: plain full text, the first encoder raw, both encoders in one vector, search,
and matching by a model, and proposals of objectives by another, that have not seen the record that answers. Offers are
stood in for by the records that answer needs, since nobody has labelled offers yet.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from minga.access.rowsecurity import seeing_all
from minga.classification import training as coding
from minga.classification.coding import Coder
from minga.evaluation import fitting, searching
from minga.evaluation.fitting import Example
from minga.evaluation.labelled import Asked, Labelled
from minga.evaluation.ranking import FOLDS, fold_of, key_of
from minga.evaluation.searching import NOT_FOUND, Pool, Ranks
from minga.language.encoders import Encoder, default_encoder
from minga.matching.matching import KINDS
from minga.matching.measuring import measure
from minga.matching.model import ANSWERS, NEEDS
from minga.matching.reading import Reading, read_many, shipped_coder
from minga.matching.stories import Story
from minga.registry.kinds import Kind
from minga.registry.models import Version

LIKELY = 0.3  # of an objective; the author of a need would mark it
PREFIX = "evaluated-"  # of needs that are brought as records
OFFERS = Path(__file__).parent / "data" / "matching" / "offers.jsonl"
SOMEWHERE = "SLV"  # a record names a country; matching does not ask which
AT_ONCE = 16
MOST = 1_000  # candidates; those that are far, too, so that it is seen by how much the own language is ahead of others


@dataclass(frozen=True)
class Told:
    """What matching says of some stories."""

    ranks: Ranks
    probabilities: list[tuple[np.ndarray, np.ndarray]]  # of each story: probabilities, best first, and which are right
    without: list[np.ndarray]  # probabilities where what answers is left out: none is right


@dataclass(frozen=True)
class _Needs:
    """The labelled needs."""

    pool: Pool
    needs: list[dict[str, Any]]
    asked: list[Asked]


class _Undone(Exception):
    """Ends the transaction that is not kept."""


def evaluate(labelled: Labelled) -> dict[str, dict[str, dict[str, float]]]:
    """Question -> method -> figures. As the worker; nothing is kept.

    Args:
        labelled: needs with what answers them, and records that are not in the registry yet.
    """
    told: dict[str, dict[str, dict[str, float]]] = {}
    with suppress(_Undone), seeing_all():
        asked = _ask(labelled)
        methods = searching.methods_over(asked.pool)  # before the needs are brought as records, too
        of_needs = {name: searching.figures(ask(asked.asked)) for name, ask in methods.items()}
        readings, examples = _examples(asked)
        unseen = fitting.Unseen()
        told["needs"] = of_needs | {"matching": _figures(examples[ANSWERS], ANSWERS, unseen)}
        offers = {"matching": _figures(examples[NEEDS], NEEDS, unseen)}
        told["offers"] = {"both encoders": _by_vectors(examples[NEEDS])} | offers
        told |= _invented_offers(asked, readings, unseen)
        raise _Undone
    return told


def train(labelled: Labelled) -> int:
    """Train both models on labelled needs and ship them; returns on how many needs. As the worker; nothing else is kept.

    Args:
        labelled: needs with what answers them, and records that are not in the registry yet.
    """
    number = 0
    with suppress(_Undone), seeing_all():
        asked = _ask(labelled)
        _readings, examples = _examples(asked)
        fitting.write(examples)
        number = len(asked.asked)
        raise _Undone
    return number


def _ask(labelled: Labelled) -> "_Needs":
    """The needs whose answers are there, with what is searched."""
    searching.bring(labelled.records)
    pool = searching.pool_of()
    needs = [each for each in labelled.needs if set(each["answers"]) <= pool.languages.keys()]
    asked = [Asked(f"{each['title']}\n{each['text']}", each["lang"], frozenset(each["answers"])) for each in needs]
    return _Needs(pool, needs, asked)


def _examples(asked: "_Needs") -> tuple[list[Reading], dict[str, list[Example]]]:
    """The needs as vectors, and what is known of the candidates of each, and of each record that answers one."""
    coders = Coders(default_encoder())
    needs = asked.needs
    readings = _read([Story(each["title"], each["text"], each["lang"]) for each in needs], asked.asked, coders)
    forward = [
        _example(one, reading, KINDS, asked.pool.names, one.answers)
        for one, reading in zip(asked.asked, readings, strict=True)
    ]
    searching.bring([_as_record(number, *each) for number, each in enumerate(zip(needs, readings, strict=True))])
    return readings, {ANSWERS: forward, NEEDS: _backward(needs, coders)}


def _read(stories: Sequence[Story], asked: Sequence[Asked], coders: "Coders") -> list[Reading]:
    """Stories as vectors, coded by a model that has not seen the record that answers."""
    found: list[Reading | None] = [None] * len(stories)
    by_coder: dict[int | None, list[int]] = {}
    for place, each in enumerate(asked):
        by_coder.setdefault(coders.fold_for(each.answers), []).append(place)
    for fold, places in by_coder.items():
        for begin in range(0, len(places), AT_ONCE):
            some = places[begin : begin + AT_ONCE]
            made = read_many([stories[place] for place in some], default_encoder(), coder=coders.of(fold))
            for place, reading in zip(some, made, strict=True):
                found[place] = reading
    return [each for each in found if each is not None]


def _example(
    asked: Asked, reading: Reading, kinds: Sequence[str], names: Mapping[int, str], answers: frozenset[str]
) -> Example:
    candidates = measure(reading, kinds, most=MOST)
    right = np.array([names[version] in answers for version in candidates.versions], dtype=bool)
    both = np.array([near.whole.both for near in candidates.near])
    return Example(
        key_of(asked),
        fold_of(min(asked.answers)),
        candidates.raw,
        candidates.own_language,
        right,
        both,
        tuple(candidates.versions),
    )


def _as_record(number: int, need: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    """A need as a line of an import, with the objectives that its author would mark."""
    likely = [int(place) + 1 for place in np.argsort(-reading.objectives) if reading.objectives[place] >= LIKELY]
    return {
        "id": f"{PREFIX}{number}", "kind": Kind.NEED, "lang": need["lang"], "title": need["title"], "summary": need["text"],
        "objectives": likely[:4], "countries": [SOMEWHERE],
    }  # fmt: skip


def _backward(needs: Sequence[Mapping[str, Any]], coders: "Coders") -> list[Example]:
    """Each record that answers a need, in the place of an offer."""
    answered: dict[str, set[str]] = {}
    for number, each in enumerate(needs):
        for name in each["answers"]:
            answered.setdefault(name, set()).add(f"{PREFIX}{number}")
    versions = list(
        Version.objects.listed().filter(record__external_id__in=answered).select_related("record").order_by("pk")
    )
    stories = [Story(each.title, each.summary, each.language, objectives=tuple(each.objectives)) for each in versions]
    asked = [Asked(each.title, each.language, frozenset([each.record.external_id])) for each in versions]
    readings = _read(stories, asked, coders)
    brought = Version.objects.listed().filter(kind=Kind.NEED).values_list("pk", "record__external_id")
    names = dict(brought)
    return [
        _example(one, reading, (Kind.NEED,), names, frozenset(answered[min(one.answers)]))
        for one, reading in zip(asked, readings, strict=True)
    ]


def _invented_offers(
    asked: _Needs, readings: Sequence[Reading], unseen: fitting.Unseen
) -> dict[str, dict[str, dict[str, float]]]:
    """Offers that answer some of the needs, on which nothing was trained: among all that is there, and the other way round."""
    rows = [json.loads(line) for line in OFFERS.read_text(encoding="utf-8").splitlines()]
    place_of = {need["id"]: place for place, need in enumerate(asked.needs) if need.get("id")}
    offers = {place_of[row["for_need"]]: row for row in rows if row["for_need"] in place_of}
    if not offers:
        return {}
    searching.bring(list(offers.values()))
    names = dict(Version.objects.listed().values_list("pk", "record__external_id"))
    of_needs, of_offers = [], []
    for place, row in offers.items():
        need = asked.asked[place]
        each = _example(need, readings[place], KINDS, names, frozenset([row["id"]]))
        of_needs.append(each.without(np.array([names[pk] in need.answers for pk in each.versions], dtype=bool)))
        story = Story(row["title"], row["summary"], row["lang"], objectives=tuple(row["objectives"]))
        reading = read_many([story], default_encoder())[0]
        of_offers.append(_example(need, reading, (Kind.NEED,), names, frozenset([f"{PREFIX}{place}"])))
    return {
        "needs, invented offers": {
            "both encoders": _by_vectors(of_needs), "matching": _figures(of_needs, ANSWERS, unseen),
        },
        "invented offers": {"both encoders": _by_vectors(of_offers), "matching": _figures(of_offers, NEEDS, unseen)},
    }  # fmt: skip


class Coders:
    """Models that propose objectives, for each fold one that has not seen its records."""

    def __init__(self, encoder: Encoder):
        self._encoder = encoder
        self._made: dict[int, Coder] = {}

    @cached_property
    def _bundled(self) -> frozenset[str]:
        return frozenset(row["id"] for row in coding.records())

    @cached_property
    def _vectors(self) -> coding.Vectors:
        return coding.Vectors(self._encoder)

    def fold_for(self, answers: frozenset[str]) -> int | None:
        """The fold whose model has not seen the records; None where the shipped one has not."""
        return fold_of(min(answers)) if answers & self._bundled else None

    def of(self, fold: int | None) -> Coder:
        """The model of a fold; the shipped one for None."""
        if fold is None:
            return shipped_coder()
        if fold not in self._made:
            rows = [row for row in coding.records() if fold_of(row["id"]) != fold]
            models = coding.train_all([*rows, *coding.examples()], self._vectors)
            self._made[fold] = Coder(self._encoder, {each.kind: each for each in models})
        return self._made[fold]


def _figures(examples: Sequence[Example], question: str, unseen: fitting.Unseen) -> dict[str, float]:
    told = _told(examples, question, unseen)
    return searching.figures(told.ranks) | fitting.calibration(told.probabilities, told.without)


def _told(examples: Sequence[Example], question: str, unseen: fitting.Unseen) -> Told:
    ranks, probabilities, without = [], [], []
    for each in examples:
        model = unseen.model_for(each, question)
        found = model.probabilities(each.raw, each.own_language)
        best = max(found[each.is_answer], default=-1.0)
        ranks.append(int((found > best).sum()) if each.is_answer.any() else NOT_FOUND)
        order = np.argsort(-found, kind="stable")
        probabilities.append((found[order], each.is_answer[order]))
        rest = ~each.is_answer
        without.append(np.sort(model.probabilities(each.raw[rest], each.own_language[rest]))[::-1])
    return Told(ranks, probabilities, without)


def _by_vectors(examples: Sequence[Example]) -> dict[str, float]:
    """By the similarity of the whole texts alone."""
    ranks = [
        int((each.both > each.both[each.is_answer].max()).sum()) if each.is_answer.any() else NOT_FOUND
        for each in examples
    ]
    return searching.figures(ranks)


assert FOLDS > 1  # noqa: S101  (what is measured must not have been seen)
