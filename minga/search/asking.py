"""The vector of what somebody typed: from the process that holds the encoder of this machine, or from a service."""

import time
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np
import structlog

from minga.access.rowsecurity import sees_public_only
from minga.common.keeping import kept
from minga.installation.home import Home
from minga.language import process
from minga.language.encoders import Encoder, default_encoder
from minga.language.endpoint import ServiceTrouble
from minga.search import sets
from minga.search.kin import words_of
from minga.search.models import VectorSet

KEPT = 200  # queries whose vectors a process keeps: pages, filters and feeds of one search ask for the same
MOST_WORDS = 60  # of a query that get vectors of their own
QUIET_SECONDS = 15  # for which a service that failed is not asked again: nobody else waits for it meanwhile

log = structlog.get_logger(__name__)
_kept: OrderedDict[tuple[str, str], np.ndarray] = OrderedDict()
_lock = Lock()
_quiet_until: dict[str, float] = {}  # by set


def vector_of(words: str) -> tuple[np.ndarray | None, str]:
    """The vector of a query and the name of its encoder; (None, "") when no encoder answers or nothing is asked."""
    if not words.strip():
        return None, ""
    for known in sets.usable(visitor=sees_public_only()):
        key = (known.name, words)
        with _lock:
            if key in _kept:
                _kept.move_to_end(key)
                return _kept[key], known.name
        made = _made([words], known)
        if made is None:
            continue
        with _lock:
            _kept[key] = made[0]
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        return made[0], known.name
    return None, ""


def vectors_of(texts: Sequence[str]) -> tuple[np.ndarray | None, str]:
    """Vectors of many queries and the name of their encoder, for commands: one in this process where none runs.

    Args:
        texts: none of them empty.
    """
    for known in sets.usable(visitor=sees_public_only()):
        made = _made(texts, known) if known.is_outside or len(texts) <= process.MOST_AT_ONCE else None
        if made is None and not known.is_outside:
            made = default_encoder().queries(texts)
        if made is not None:
            return made, known.name
    return None, ""


def _made(texts: Sequence[str], known: VectorSet) -> np.ndarray | None:
    """Vectors by the encoder of a set; None when it does not answer."""
    if not known.is_outside:
        try:
            return process.ask(Home.of_environment(), texts)
        except process.Away:
            log.warning("encoder_away")
            return None
    if time.monotonic() < _quiet_until.get(known.name, 0):
        return None
    try:
        return _outside(known.name).queries(texts)
    except ServiceTrouble as problem:
        _quiet_until[known.name] = time.monotonic() + QUIET_SECONDS
        log.warning("embeddings_service_fails", reason=str(problem))
        return None


@kept(seconds=60)
def _outside(name: str) -> Encoder:
    """The encoder of a set, with its axes, which are large."""
    return sets.encoder_of(VectorSet.objects.get(pk=name))


def word_vectors(words: str) -> dict[str, np.ndarray]:
    """Vectors of a query's words, always by the encoder of this machine; none while it is away.

    Args:
        words: of the query.
    """
    asked = words_of(words)[:MOST_WORDS]
    if not asked:
        return {}
    try:
        return dict(zip(asked, process.ask(Home.of_environment(), asked, kind="word"), strict=True))
    except process.Away:
        return {}
