"""The process that holds the encoder, and how others ask it: a web process stays small, and each start is quick.

It listens on a socket in the installation's folder, which only the installation's user can reach. A question is a line
of JSON, {"as": "query", "texts": [...]}; an answer is a line of JSON with the shape, then the numbers.
"""

import json
import os
import socket
import socketserver
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import structlog

from minga.installation.home import Home
from minga.language.encoders import Encoder

LONGEST_QUESTION = 4 * 1024 * 1024  # bytes
ANSWER_SECONDS = 2.0
ASKED = {"query": "queries", "passage": "passages", "word": "words"}
MOST_AT_ONCE = 8  # queries that are answered within that time on a small machine

log = structlog.get_logger(__name__)


class Away(Exception):
    """The encoder does not answer; search goes on with words alone."""


def address_of(home: Home) -> Path:
    """Where the encoder of an installation listens."""
    return home.run / "encoder.sock"


def serve(home: Home, encoder: Encoder, *, ready: bool = True) -> None:
    """Answer until the process is told to end.

    Args:
        home: of the installation.
        encoder: what answers.
        ready: whether its models are read before the first question; else they take no memory until there is one.
    """
    if ready:
        encoder.queries(["listo"])
    here = Path.cwd()
    os.chdir(home.run)  # a socket's whole path must stay under 108 bytes; its name alone always does
    with suppress(FileNotFoundError):
        Path("encoder.sock").unlink()
    server = _Server("encoder.sock", _Handler)
    Path("encoder.sock").chmod(0o600)
    os.chdir(here)
    server.encoder = encoder
    log.info("encoder_ready", encoder=encoder.name)
    server.serve_forever()


def ask(home: Home, texts: Sequence[str], *, kind: str = "query", seconds: float = ANSWER_SECONDS) -> np.ndarray:
    """Vectors of texts, by the process that holds the encoder.

    Args:
        home: of the installation.
        texts: what to encode.
        kind: "query", "passage" or "word".
        seconds: for which the answer is waited.

    Returns:
        an array of shape (texts, size).

    Raises:
        Away: it does not answer, or not in time.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asked:
        asked.settimeout(seconds)
        try:
            _connect(asked, address_of(home))
            asked.sendall(json.dumps({"as": kind, "texts": list(texts)}).encode() + b"\n")
            with asked.makefile("rb") as answer:
                told = json.loads(answer.readline())
                numbers = np.frombuffer(answer.read(told["bytes"]), dtype=np.float32)
            return numbers.reshape(told["shape"])
        except (OSError, ValueError, KeyError) as problem:
            raise Away from problem


def _connect(asked: socket.socket, address: Path) -> None:
    """By a way that holds for long paths too: through the folder's descriptor."""
    folder = os.open(address.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        asked.connect(f"/proc/self/fd/{folder}/{address.name}" if Path("/proc/self/fd").exists() else str(address))
    finally:
        os.close(folder)


class _Server(socketserver.UnixStreamServer):
    """One question at a time: the encoders use all cores for one."""

    encoder: Encoder
    request_queue_size = 64


class _Handler(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        """Answer one question; whoever sends nonsense gets no answer."""
        try:
            question = json.loads(self.rfile.readline(LONGEST_QUESTION))
            texts = [str(text) for text in question["texts"]]
            encode = getattr(self.server.encoder, ASKED[question["as"]])
        except (ValueError, KeyError, TypeError):
            return
        numbers = np.ascontiguousarray(encode(texts), dtype=np.float32) if texts else np.zeros((0, 0), np.float32)
        raw = numbers.tobytes()
        with suppress(OSError):
            self.wfile.write(json.dumps({"shape": numbers.shape, "bytes": len(raw)}).encode() + b"\n" + raw)
