"""The vector of what somebody typed, from the process that holds the encoder."""

from collections import OrderedDict
from threading import Lock

import numpy as np
import structlog

from minga.installation.home import Home
from minga.language import process
from minga.language.encoders import default_encoder

KEPT = 200  # queries whose vectors a process keeps: pages, filters and feeds of one search ask for the same

log = structlog.get_logger(__name__)
_kept: OrderedDict[str, np.ndarray] = OrderedDict()
_lock = Lock()


def vector_of(words: str) -> tuple[np.ndarray | None, str]:
    """The vector of a query and the name of its encoder; (None, "") when the encoder is away or nothing is asked."""
    if not words.strip():
        return None, ""
    with _lock:
        if words in _kept:
            _kept.move_to_end(words)
            return _kept[words], default_encoder().name
    try:
        vector = process.ask(Home.of_environment(), [words])[0]
    except process.Away:
        log.warning("encoder_away")
        return None, ""
    with _lock:
        _kept[words] = vector
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return vector, default_encoder().name
