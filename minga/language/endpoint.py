"""An encoder that lives elsewhere: any service that answers `/embeddings` as OpenAI's does (a GPU server, a fleet).

What it is asked leaves this machine. Who may be served by it, and what it may be given, is decided by whoever makes one
(`search/sets.py`); here is only how it is asked, and that its answers are looked at before anybody believes them. Neither
texts nor the key nor what the service says go into a message or a log.
"""

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import numpy as np

from minga.language.encoders import LONGEST, unit, without

AT_ONCE = 16  # texts of one question: few enough for a service without a graphics card to answer in time
TOGETHER = 4  # questions under way: a fleet answers them side by side
TRIES = 2  # of a question for passages; what is typed is asked once
PAUSE_SECONDS = 0.5
PASSAGES_SECONDS = 60.0
QUERY_SECONDS = 3.0
MOST_DIMENSIONS = 4_000  # what an index of half-precision vectors holds
MOST_BYTES = 16 * 1024 * 1024  # of one answer: 16 vectors of 4,000 numbers take some two million
AGAIN = (408, 425, 429)  # refusals that pass
OF_TEXTS = (400, 413, 422)  # refusals of what was sent


class ServiceTrouble(Exception):
    """Whatever is the matter with a service."""


class ServiceDown(ServiceTrouble):
    """The service does not answer, or not in time: what was asked is caught up later."""


class ServiceWrong(ServiceTrouble):
    """The service refuses whatever it is asked, or answers what cannot be used: somebody has to look at it."""


class TextRefused(ServiceTrouble):
    """The service cannot do with some of these texts; with others it may."""


@dataclass(frozen=True)
class Service:
    """Where a model is asked, and how."""

    url: str  # up to the version: https://embeddings.example.org/v1
    model: str
    key: str = field(default="", repr=False)
    query_prefix: str = ""  # what the model wants before what is looked for
    passage_prefix: str = ""  # and before what is found

    @property
    def host(self) -> str:
        """The name that people are told."""
        return urlsplit(self.url).hostname or ""

    @property
    def is_readable_on_its_way(self) -> bool:
        """Whether texts cross a network without encryption."""
        return urlsplit(self.url).scheme == "http" and self.host not in ("localhost", "127.0.0.1", "::1")

    @property
    def address(self) -> str:
        """Where questions are sent."""
        url = self.url.rstrip("/")
        return url if url.endswith("/embeddings") else f"{url}/embeddings"


class Endpoint:
    """A model behind a service, without its language axes."""

    def __init__(self, service: Service, *, name: str, size: int, axes: np.ndarray | None = None):
        """See `Encoder`.

        Args:
            service: where it is asked.
            name: of its vectors: model, axes and size, and never where it runs.
            size: of a vector; an answer of another size is refused.
            axes: orthonormal, of shape (axes, size); None leaves vectors as they are.
        """
        self.name, self.size = name, size
        self._service, self._axes = service, axes

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoder`.

        Raises:
            ServiceDown, ServiceWrong, TextRefused: see there.
        """
        return self._finished(raw_passages(self._service, texts))

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoder`; somebody waits for these, so they are asked once and not for long.

        Raises:
            ServiceDown, ServiceWrong, TextRefused: see there.
        """
        return self._finished(raw_queries(self._service, texts))

    def _finished(self, vectors: np.ndarray) -> np.ndarray:
        if not len(vectors):
            return np.zeros((0, self.size), dtype=np.float32)
        if vectors.shape[1] != self.size:
            raise ServiceWrong(f"vectors of {vectors.shape[1]} numbers instead of {self.size}")
        return vectors if self._axes is None or not len(self._axes) else without(vectors, self._axes)


def raw_passages(service: Service, texts: Sequence[str]) -> np.ndarray:
    """Unit vectors of texts that are found, as the model makes them.

    Args:
        service: whom to ask.
        texts: in any number.

    Raises:
        ServiceDown, ServiceWrong, TextRefused: see there.
    """
    return _asked(service, [service.passage_prefix + text[:LONGEST] for text in texts], PASSAGES_SECONDS, TRIES)


def raw_queries(service: Service, texts: Sequence[str], *, seconds: float = QUERY_SECONDS) -> np.ndarray:
    """Unit vectors of texts that are looked for, as the model makes them.

    Args:
        service: whom to ask.
        texts: in any number.
        seconds: to wait for each question.

    Raises:
        ServiceDown, ServiceWrong, TextRefused: see there.
    """
    return _asked(service, [service.query_prefix + text[:LONGEST] for text in texts], seconds, 1)


def _asked(service: Service, texts: list[str], seconds: float, tries: int) -> np.ndarray:
    """All vectors, of the same size."""
    parts = [texts[place : place + AT_ONCE] for place in range(0, len(texts), AT_ONCE)]
    if not parts:
        return np.zeros((0, 0), dtype=np.float32)
    if len(parts) == 1:
        made = [_patiently(service, parts[0], seconds, tries)]
    else:
        with ThreadPoolExecutor(TOGETHER) as pool:
            made = list(pool.map(lambda part: _patiently(service, part, seconds, tries), parts))
    if len({part.shape[1] for part in made}) != 1:
        raise ServiceWrong("vectors of several sizes")
    return unit(np.vstack(made)).astype(np.float32)


def _patiently(service: Service, texts: list[str], seconds: float, tries: int) -> np.ndarray:
    for left in range(tries - 1, -1, -1):
        try:
            return _vectors(_answer(service, texts, seconds), len(texts))
        except ServiceDown:
            if not left:
                raise
            time.sleep(PAUSE_SECONDS)
    raise AssertionError("tried at least once")


def _answer(service: Service, texts: list[str], seconds: float) -> bytes:
    """What the service says to one question."""
    headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "Minga"}
    if service.key:
        headers["Authorization"] = f"Bearer {service.key}"
    body = json.dumps({"model": service.model, "input": texts}).encode()
    question = urllib.request.Request(service.address, body, headers)  # noqa: S310  (http or https: settings see to it)
    until = time.monotonic() + seconds
    try:
        with _opener.open(question, timeout=seconds) as answer:
            return _whole(answer, until)
    except urllib.error.HTTPError as problem:
        problem.close()
        if problem.code >= 500 or problem.code in AGAIN:
            raise ServiceDown(f"status {problem.code}") from None
        raise (TextRefused if problem.code in OF_TEXTS else ServiceWrong)(f"status {problem.code}") from None
    except (OSError, http.client.HTTPException) as problem:  # refused, no such name, no certificate, too slow, cut off
        raise ServiceDown(type(getattr(problem, "reason", problem)).__name__) from None


def _whole(answer: http.client.HTTPResponse, until: float) -> bytes:
    """All of an answer, unless it trickles or has no end."""
    read, size = [], 0
    while part := answer.read1(65_536):
        read.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise ServiceWrong("an answer without end")
        if time.monotonic() > until:
            raise ServiceDown("TimeoutError")
    return b"".join(read)


def _vectors(answer: bytes, number: int) -> np.ndarray:
    """The vectors of an answer, in the order of the texts, once they have been looked at."""
    try:
        data = json.loads(answer)["data"]
        if len(data) != number:
            raise ServiceWrong(f"{len(data)} vectors for {number} texts")
        places = [int(each.get("index", place)) for place, each in enumerate(data)]
        if sorted(places) != list(range(number)):
            raise ServiceWrong("vectors whose places are not those of the texts")
        rows = [each["embedding"] for _place, each in sorted(zip(places, data, strict=True), key=lambda pair: pair[0])]
        vectors = np.asarray(rows, dtype=np.float64)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise ServiceWrong("an answer that is no list of vectors") from None
    if vectors.ndim != 2 or not vectors.shape[1]:
        raise ServiceWrong("an answer that is no list of vectors")
    if vectors.shape[1] > MOST_DIMENSIONS:
        raise ServiceWrong(f"vectors of {vectors.shape[1]} numbers; an index holds {MOST_DIMENSIONS} at most")
    if not np.isfinite(vectors).all() or not np.abs(vectors).max(axis=1).all():
        raise TextRefused("vectors that hold no numbers, or nothing but zeros")
    return vectors / np.abs(vectors).max(axis=1, keepdims=True)  # so that no square is too large


class _Stay(urllib.request.HTTPRedirectHandler):
    """A service that sends us on to another would be given texts and the key that are meant for it alone."""

    def redirect_request(self, *_given) -> None:
        return None


_opener = urllib.request.build_opener(_Stay)
