"""Makes a model fit for several languages: measures it on translations that the installation holds.

Many models know the language of a text better than its matter. The axes along which translations of one text differ are
computed from vocabularies, the interface and records in several languages, and vectors are kept without them. How many
axes help is tried on texts that they were not computed from. The same texts say how similar the model finds what is the
same and what is not, so that its similarities can be read as the default encoder's.

Only public texts: they are sent to the service.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import structlog
from babel.messages.mofile import read_mo
from django.conf import settings
from django.utils import timezone

from minga.language.encoders import axes_of, unit, without
from minga.language.endpoint import Service, ServiceWrong, TextRefused, raw_passages, raw_queries
from minga.registry.models import Translation, Version
from minga.search.models import VectorSet
from minga.vocabularies.models import Concept

Wordings = dict[str, str]  # language -> text

MOST = {"vocabularies": 300, "interface": 150, "records": 150}  # texts of each, each in several languages
SHORTEST = 20  # characters of a text that says something
FEWEST = 24  # texts that axes are computed from
NUMBERS = (0, 2, 4, 8, 12)  # of axes that are tried
ENOUGH = 0.005  # a share of translations found; more axes have to bring more
WORDS_SECONDS = 20.0
# Medians of the default encoder on the bundled texts, and the least that a model has to tell them apart by.
UNRELATED, SAME = 0.693, 0.920
LEAST_APART = 0.02
_PLACEHOLDER = re.compile(r"%\(|%[sd]|\{|<")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Measured:
    """What a model does with translations."""

    axes: np.ndarray
    unrelated: float  # similarity of a question and a text that have nothing to do with each other
    same: float  # of a question and the translation of what it asks

    @property
    def slope(self) -> float:
        """See `VectorSet`."""
        return (SAME - UNRELATED) / (self.same - self.unrelated)

    @property
    def shift(self) -> float:
        """See `VectorSet`."""
        return UNRELATED - self.slope * self.unrelated


def set_up(service: Service, *, turn: Callable[[], AbstractContextManager]) -> VectorSet:
    """Measure the model of a service and keep what its vectors are made with; the vectors themselves come later.

    Args:
        service: whom to ask.
        turn: makes the context of one transaction, in which all is seen.

    Raises:
        ServiceTrouble: it cannot be asked, or its vectors tell nothing apart.
    """
    with turn():
        kinds = {kind: list(islice(texts, MOST[kind])) for kind, texts in parallel_texts().items()}
    try:
        groups, rows = _embedded(service, kinds)
    except TextRefused:  # some record's: what everybody's installation holds will do
        del kinds["records"]
        groups, rows = _embedded(service, kinds)
    asked = raw_queries(service, [next(iter(wordings.values())) for wordings in groups], seconds=WORDS_SECONDS)
    places = np.cumsum([len(wordings) for wordings in groups])[:-1]
    measured = measure(np.split(rows, places), asked)
    made_from = ", ".join(f"{kind}: {len(texts)}" for kind, texts in kinds.items())
    name = name_of(service, measured.axes, rows.shape[1])
    log.info("model_measured", model=name, axes=len(measured.axes), of=made_from)
    with turn():
        made, _is_new = VectorSet.objects.get_or_create(
            name=name,
            defaults={
                "model": service.model, "prefixes": [service.query_prefix, service.passage_prefix],
                "size": rows.shape[1], "axes": measured.axes.tolist(), "made_from": made_from,
                "slope": measured.slope, "shift": measured.shift, "begun_at": timezone.now(),
            },
        )  # fmt: skip
    return made


def _embedded(service: Service, kinds: dict[str, list[Wordings]]) -> tuple[list[Wordings], np.ndarray]:
    groups = [wordings for texts in kinds.values() for wordings in texts]
    return groups, raw_passages(service, [text for wordings in groups for text in wordings.values()])


def name_of(service: Service, axes: np.ndarray, size: int) -> str:
    """A name that says all that vectors depend on, and not where they are made.

    Args:
        service: with the model and its prefixes.
        axes: of language, of shape (number, size).
        size: of a vector.
    """
    prefixes = f"{service.query_prefix}\0{service.passage_prefix}".encode()
    axes_told = np.round(axes, 3).tobytes()  # services do not answer the same to the last digit
    digest = hashlib.sha256(service.model.encode() + b"\0" + prefixes + b"\0" + axes_told).hexdigest()[:8]
    return f"{service.model[-80:]}+axes-{len(axes)}/{size}/{digest}"


def parallel_texts() -> dict[str, Iterator[Wordings]]:
    """Texts that the installation holds in several languages, by where they are from; public ones alone."""
    return {"vocabularies": _of_vocabularies(), "interface": _of_interface(), "records": _of_records()}


def _of_vocabularies() -> Iterator[Wordings]:
    codes = {code for code, _name in settings.LANGUAGES}
    for labels, glosses in Concept.objects.filter(is_retired=False).values_list("labels", "glosses"):
        for texts in (glosses, labels):
            told = {code: text for code, text in texts.items() if code in codes and len(text) >= SHORTEST}
            if len(told) > 1:
                yield told


def _of_interface() -> Iterator[Wordings]:
    """Sentences of the pages; their identifiers are English."""
    catalogues = {}
    for code, _name in settings.LANGUAGES:
        file = Path(settings.LOCALE_PATHS[0]) / code / "LC_MESSAGES" / "django.mo"
        if code != "en" and file.exists():
            with file.open("rb") as stream:
                catalogues[code] = {each.id: each.string for each in read_mo(stream) if isinstance(each.id, str)}
    identifiers = sorted({text for each in catalogues.values() for text in each}, key=lambda text: (-len(text), text))
    for text in identifiers:
        if len(text) >= 2 * SHORTEST and not _PLACEHOLDER.search(text):
            told = {"en": text, **{code: each[text] for code, each in catalogues.items() if each.get(text)}}
            if len(told) > 1:
                yield told


def _of_records() -> Iterator[Wordings]:
    translations: dict[int, Wordings] = {}
    rows = Translation.objects.filter(version__is_public=True).order_by("version_id", "language")
    for version, language, title, summary in rows.values_list("version_id", "language", "title", "summary")[:2_000]:
        translations.setdefault(version, {})[language] = f"{title}\n{summary}".strip()
    originals = Version.objects.filter(is_public=True, pk__in=translations).order_by("pk")
    for version in originals.only("language", "title", "summary"):
        told = {version.language: f"{version.title}\n{version.summary}".strip(), **translations[version.pk]}
        if len(told) > 1:
            yield told


def measure(groups: Sequence[np.ndarray], asked: np.ndarray) -> Measured:
    """What a model does with translations.

    Args:
        groups: for each text, the unit vectors of its wordings, of shape (languages, size).
        asked: for each text, the unit vector of its first wording as a query.

    Raises:
        ServiceWrong: the vectors tell nothing apart.
    """
    axes = _best_axes(groups)
    asked, groups = without(asked, axes), [without(group, axes) for group in groups]
    same = float(np.median(np.hstack([group[1:] @ query for query, group in zip(asked, groups, strict=True)])))
    others = np.vstack([group[-1] for group in groups])
    similarities = asked @ others.T
    unrelated = float(np.median(similarities[~np.eye(len(groups), dtype=bool)]))
    if not same - unrelated > LEAST_APART:
        raise ServiceWrong("vectors that do not tell one text from another")
    return Measured(axes, unrelated, same)


def _best_axes(groups: Sequence[np.ndarray]) -> np.ndarray:
    """As few axes as find nearly as many translations as any, among texts that these were not computed from."""
    size = groups[0].shape[1]
    none = np.zeros((0, size), dtype=np.float32)
    half, rest = groups[::2], groups[1::2]
    if len(rest) < FEWEST:
        return none
    tried = {number: axes_of(half, number) if number else none for number in NUMBERS if number <= size // 8}
    found = {number: translations_found([without(group, axes) for group in rest]) for number, axes in tried.items()}
    best = max(found.values())
    number = min(number for number, share in found.items() if share >= best - ENOUGH)
    log.info("axes_tried", shares={str(number): round(share, 3) for number, share in found.items()}, taken=number)
    return axes_of(groups, number).astype(np.float32) if number else none


def translations_found(groups: Sequence[np.ndarray]) -> float:
    """The share of wordings whose nearest wording among all others is a translation of them.

    Args:
        groups: as `measure` takes them.
    """
    rows = unit(np.vstack(groups))
    of = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    similarities = rows @ rows.T
    np.fill_diagonal(similarities, -2)
    return float((of[similarities.argmax(axis=1)] == of).mean())
