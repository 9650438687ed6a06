"""Trains the coding model anew on what people corrected, measures it beside the one in use, and keeps both.

The rule: it is put to use unless, for objectives or principles, it is worse by more than `WORSE` (any first, R-precision)
or its probabilities are by more than `MISJUDGED` (calibration error). Both methods are measured in the same folds, on the
bundled and the corrected records; neither scores a record that it was trained on. No text has to be embedded for it,
unless search has no vector of a corrected record yet.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _

from minga.audit import changes as audit
from minga.audit.by import By
from minga.classification import lexicon, model, training, using
from minga.classification.corrections import Corrected, Corrections, LeftOut, corrections
from minga.classification.models import KeptModel
from minga.classification.texts import text_of
from minga.classification.training import KINDS, Labelled, Vectors
from minga.evaluation.coding import FOLDS, REPEATS, Found, figures, keys
from minga.language.encoders import Encoder, default_encoder

FEWEST = 20  # corrected records: with fewer, the folds hold too few of them to tell a better model from a worse one
FEWEST_NEW = 10  # since the last training, before the worker trains again by itself
WORSE = 0.01  # chance alone, which rows stand in which fold, makes half of it
MISJUDGED = 0.01
HIGHER_IS_BETTER = ("any first", "r-precision")

Turn = Callable[[], AbstractContextManager]


class CannotTrain(Exception):
    """There is too little to learn from; the message says why, and how much is needed."""


@dataclass(frozen=True)
class Retrained:
    """What came of a training."""

    name: str
    learnt: int  # corrected records that it learnt from
    left_out: list[LeftOut]
    figures: dict[str, dict[str, dict[str, float]]]  # kind -> "in use" and "candidate" -> figures
    compared_with: str
    shortfalls: list[str]  # in which it is worse than the rule allows
    is_used: bool


@dataclass(frozen=True)
class _Before:
    """What there was to learn from, and what was in use, when it began."""

    given: Corrections
    in_use: str
    learnt_in_use: frozenset[int]


@dataclass(frozen=True)
class _Pool:
    """All texts for one kind of labels: first those that are measured on, then bundled ones that were corrected since,
    as they were, then the examples."""

    rows: list[Mapping[str, Any]]
    measured: int
    in_candidate: np.ndarray  # which the candidate learns from
    in_used: np.ndarray  # which the model in use learnt from
    twins: dict[int, int] = field(default_factory=dict)  # a corrected row -> the bundled one that it replaced


def retrain(*, by: By, turn: Turn, told: Callable[[int, int], None], encoder: Encoder | None = None) -> Retrained:
    """Train a candidate, measure it, keep it, and put it to use if the rule allows. As the worker.

    Args:
        by: who wants it.
        turn: makes the context of one transaction, in which all is seen.
        told: how many of how many steps are done; nothing is kept before the last.
        encoder: for corrected records that have no vector yet; the installation's own without it.

    Raises:
        CannotTrain: there is too little to learn from, or nothing new.
    """
    with turn():
        before = _look()
    vectors = Vectors(encoder or default_encoder(), _known_vectors(before.given.records))
    steps, done = len(KINDS) * (FOLDS * REPEATS + 1), 0

    def step() -> None:
        nonlocal done
        done += 1
        told(done, steps)

    found, models = {}, []
    for kind in KINDS:
        pool = _pool(kind, before)
        whole = training.labelled(pool.rows, kind, vectors)
        typical = using.shipped().models[kind].standing.activities
        found[kind] = _measure(kind, pool, whole, typical, step)
        models.append(training.train(whole.take(np.flatnonzero(pool.in_candidate)), kind, typical))
        step()
    with turn():
        return _keep(models, found, before, by=by)


def is_due() -> bool:
    """Whether people corrected enough since the last training. As the worker, seeing all."""
    given, last = corrections().records, _last()
    fresh = [each for each in given if last is None or _is_new(each, last)]
    return len(given) >= FEWEST and len(fresh) >= FEWEST_NEW


def shortfalls(found: Mapping[str, Mapping[str, Mapping[str, float]]]) -> list[str]:
    """In what a candidate is worse than the rule allows.

    Args:
        found: kind -> "in use" and "candidate" -> figures.
    """
    told = []
    for kind, methods in found.items():
        used, candidate = methods["in use"], methods["candidate"]
        names = [name for name in HIGHER_IS_BETTER if candidate[name] < used[name] - WORSE]
        names += [name for name in ("calibration error",) if candidate[name] > used[name] + MISJUDGED]
        told += [f"{kind}: {name} {candidate[name]:.3f} / {used[name]:.3f}" for name in names]
    return told


def in_words(made: Retrained) -> Iterator[str]:
    """What came of a training, line by line."""
    yield _("%(name)s learnt from %(number)d corrected records beside the bundled ones.") % {
        "name": made.name, "number": made.learnt}  # fmt: skip
    whys = {
        "rejected": _("a label that was rejected stands in the published version"),
        "same_text": _("another record says the same and was decided on later"),
        "no_text": _("there is nothing to read"),
    }
    for each in made.left_out:
        yield "  " + _("Left out: %(record)s, %(why)s.") % {"record": each.public_id, "why": whys[each.why]}
    for kind, methods in made.figures.items():
        for name in (*HIGHER_IS_BETTER, "calibration error"):
            told = {way: _figure(of_way, name) for way, of_way in methods.items()}
            yield f"  {kind:11} {name:18} {told['candidate']}   ({made.compared_with}: {told['in use']})"
    if made.is_used:
        yield _("It is not worse, so it proposes from now on. Back with: minga train coding --use %(name)s") % {
            "name": made.compared_with}  # fmt: skip
    elif made.shortfalls:
        yield _("It is worse than the rule allows (%(what)s). %(name)s stays in use.") % {
            "what": "; ".join(made.shortfalls), "name": made.compared_with}  # fmt: skip
    else:
        yield _("Another model was put to use meanwhile, so it was not. Train again to compare with that one.")


def _figure(figures: Mapping[str, float], name: str) -> str:
    return f"{figures[name]:.3f} [{figures[f'{name} low']:.3f}, {figures[f'{name} high']:.3f}]"


def _look() -> _Before:
    """What there is.

    Raises:
        CannotTrain: too little, or nothing new.
    """
    given, last = corrections(), _last()
    number = len(given.records)
    if number < FEWEST:
        message = _("Too few corrections: of %(fewest)d published, public records whose objectives or principles a person "
                    "decided there are %(number)d. With fewer, the measurement cannot tell a better model from a worse "
                    "one. The model in use stays.")  # fmt: skip
        raise CannotTrain(message % {"fewest": FEWEST, "number": number})
    same = last is not None and set(last.records) == {each.record for each in given.records}
    if last is not None and same and not any(_is_new(each, last) for each in given.records):
        raise CannotTrain(_("Nothing was corrected since %(name)s was trained.") % {"name": last.name})
    in_use = using.name_in_use()
    learnt = KeptModel.objects.filter(name=in_use).values_list("records", flat=True).first()
    return _Before(given, in_use, frozenset(learnt or ()))


def _last() -> KeptModel | None:
    return KeptModel.objects.defer("content").order_by("made_at").last()


def _is_new(each: Corrected, last: KeptModel) -> bool:
    return each.record not in last.records or each.decided_at > last.made_at


def _known_vectors(given: Sequence[Corrected]) -> dict[str, np.ndarray]:
    """Text -> vector: of what is bundled by the shipped model, of what was corrected by search."""
    known: dict[str, np.ndarray] = {}
    for kind, shipped in using.shipped().models.items():
        rows = [row for row in [*training.records(), *training.examples()] if row.get(kind)]
        labels = np.array([[code in row[kind] for code in KINDS[kind]] for row in rows])
        if np.array_equal(labels, shipped.learnt.near_labels):  # it was trained on these
            known |= {text_of(row).whole: vector for row, vector in zip(rows, shipped.learnt.near_vectors, strict=True)}
    return known | {text_of(each.row).whole: each.vector for each in given if each.vector is not None}


def _pool(kind: str, before: _Before) -> _Pool:
    corrected = [each for each in before.given.records if each.row.get(kind)]
    replacing = {key: place for place, each in enumerate(corrected) for key in keys(each.row)}
    bundled = [row for row in training.records() if row.get(kind)]
    replaced = [next((replacing[key] for key in keys(row) if key in replacing), None) for row in bundled]
    kept = [row for row, by in zip(bundled, replaced, strict=True) if by is None]
    was = [(row, by) for row, by in zip(bundled, replaced, strict=True) if by is not None]
    examples = [row for row in training.examples() if row.get(kind)]
    learnt = [each.record in before.learnt_in_use for each in corrected]
    rows = [*kept, *(each.row for each in corrected), *(row for row, _by in was), *examples]
    return _Pool(
        rows, len(kept) + len(corrected),
        np.array([True] * len(kept) + [True] * len(corrected) + [False] * len(was) + [True] * len(examples)),
        np.array([True] * len(kept) + learnt + [not learnt[by] for _row, by in was] + [True] * len(examples)),
        {len(kept) + by: len(kept) + len(corrected) + place for place, (_row, by) in enumerate(was)},
    )  # fmt: skip


def _measure(
    kind: str, pool: _Pool, whole: Labelled, typical: np.ndarray, step: Callable[[], None]
) -> dict[str, dict[str, float]]:
    """Figures of both on records that neither has seen, in the same folds."""
    learnt = {"in use": pool.in_used, "candidate": pool.in_candidate}
    scores = {name: np.zeros((REPEATS, pool.measured, len(KINDS[kind]))) for name in learnt}
    for repeat in range(REPEATS):
        for part in np.array_split(np.random.default_rng(repeat).permutation(pool.measured), FOLDS):
            seen = np.ones(len(pool.rows), dtype=bool)
            seen[part] = False
            seen[[pool.twins[place] for place in part.tolist() if place in pool.twins]] = False
            for name, mask in learnt.items():
                made = training.train(whole.take(np.flatnonzero(mask & seen)), kind, typical)
                scores[name][repeat, part] = made.probabilities([whole.readings[place] for place in part])
            step()
    given = whole.take(np.arange(pool.measured))
    return {name: figures(Found(of_method, True), given) for name, of_method in scores.items()}


def _keep(
    models: Sequence[model.Model], found: dict[str, dict[str, dict[str, float]]], before: _Before, *, by: By
) -> Retrained:
    """Write the candidate down, and put it to use if the rule allows and the same model is in use as when it was compared."""
    now = timezone.now()
    content = BytesIO()
    model.save(models, default_encoder().name, content)
    short = shortfalls(found)
    made = KeptModel.objects.create(
        name=f"corrections-{timezone.localtime(now):%Y%m%d-%H%M%S}", made_at=now, by_person=by.person, by_operator=by.operator, encoder=default_encoder().name,
        lexicon=lexicon.digest(), content=content.getvalue(), figures=found, compared_with=before.in_use,
        is_good_enough=not short, records=[each.record for each in before.given.records],
    )  # fmt: skip
    is_used = not short and using.name_in_use() == before.in_use
    audit.note("coding.model_trained", by_person=by.person, by_operator=by.operator, model=made.name, is_used=is_used)
    if is_used:
        using.put_to_use(made.name, by=by)
    return Retrained(made.name, len(before.given.records), before.given.left_out, found, before.in_use, short, is_used)
