"""The encoder of these tests, in place of the process that holds the real one."""

import pytest

from minga.search import asking
from tests.following.following import Meaning


@pytest.fixture
def meaning(monkeypatch) -> Meaning:
    encoder = Meaning()
    monkeypatch.setattr(asking, "vector_of", encoder.vector_of)
    return encoder
