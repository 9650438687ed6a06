"""A service of embeddings for tests, on this machine: it answers as OpenAI's does, keeps what it was sent, and can fail."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

Model = Callable[[str, str], list[float]]  # the model's name and a text -> a vector


class FakeService:
    """Where it is, what it was sent, and how it behaves."""

    def __init__(self, url: str, model: Model):
        self.url, self.model = url, model
        self.sent: list[str] = []
        self.keys: set[str | None] = set()
        self.models: set[str] = set()  # that it was asked for
        self.known: set[str] | None = None  # models that it has; None: any
        self.behaves: Callable[[list[str]], tuple[int, bytes] | None] = lambda texts: None  # None: as it should

    def answer(self, asked: dict) -> tuple[int, bytes]:
        texts = asked["input"]
        self.sent += texts
        self.models.add(asked["model"])
        if self.known is not None and asked["model"] not in self.known:
            return 404, b'{"error": "no such model"}'
        if (told := self.behaves(texts)) is not None:
            return told
        data = [{"index": place, "embedding": self.model(asked["model"], text)} for place, text in enumerate(texts)]
        return 200, json.dumps({"object": "list", "data": data[::-1]}).encode()  # in any order


@contextmanager
def running(model: Model) -> Iterator[FakeService]:
    """A service that runs as long as the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            service.keys.add(self.headers.get("Authorization"))
            status, body = service.answer(asked) if self.path == "/v1/embeddings" else (404, b"{}")
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", body.decode())
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(OSError):  # who asked has gone
                self.wfile.write(body)

        def log_message(self, *_given) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = FakeService(f"http://127.0.0.1:{server.server_port}/v1", model)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


def told(vectors: list) -> Callable[[list[str]], tuple[int, bytes]]:
    """Behaviour: these vectors, whatever is asked."""
    return lambda texts: (200, json.dumps({"data": [{"embedding": each} for each in vectors]}).encode())


def told_for_each(vector: list) -> Callable[[list[str]], tuple[int, bytes]]:
    """Behaviour: the same vector for each text."""
    return lambda texts: (200, json.dumps({"data": [{"embedding": vector}] * len(texts)}).encode())


def status(number: int, body: bytes = b"") -> Callable[[list[str]], tuple[int, bytes]]:
    """Behaviour: a status and nothing else."""
    return lambda texts: (number, body)


def slow(seconds: float) -> Callable[[list[str]], None]:
    """Behaviour: the right answer, too late."""
    return lambda texts: time.sleep(seconds)


def of_length(size: int) -> Model:
    """A model of some size that knows letters."""

    def vector(model: str, text: str) -> list[float]:
        made = np.random.default_rng(sum(model.encode())).standard_normal((256, size))
        return (made[np.frombuffer(text.encode(), np.uint8)].sum(axis=0) + 1e-3).tolist()

    return vector
