"""The real encoder, in this process instead of the one that holds it."""

import pytest

from minga.classification import proposing
from minga.language.encoders import default_encoder
from minga.language.process import Away


class Asked:
    """What the encoder's process was asked; it may be away."""

    def __init__(self):
        self.texts: list[str] = []
        self.is_away = False

    def __call__(self, home, texts, *, kind="query", seconds=2.0):
        if self.is_away:
            raise Away
        self.texts += texts
        encoder = default_encoder()
        return {"query": encoder.queries, "passage": encoder.passages, "word": encoder.words}[kind](texts)


@pytest.fixture
def asked(monkeypatch) -> Asked:
    encoder = Asked()
    monkeypatch.setattr(proposing.process, "ask", encoder)
    proposing._kept.clear()
    yield encoder
    proposing._kept.clear()
