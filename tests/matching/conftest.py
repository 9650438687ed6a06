"""A registry whose records have vectors of a fast encoder that knows words and no language."""

from collections.abc import Callable

import pytest

from minga.matching.reading import Reading, read
from minga.matching.stories import Story
from minga.search import wordlist
from tests.search.encoder import WordEncoder, embed_all


@pytest.fixture
def embedded(registry) -> Callable[[], WordEncoder]:
    """Gives all listed versions their wordings and vectors."""

    def embed() -> WordEncoder:
        encoder = embed_all()
        wordlist.renew()
        return encoder

    return embed


@pytest.fixture
def reading_of() -> Callable[..., Reading]:
    """A need as vectors: `reading_of("Title", "text", language="es")`."""

    def make(title: str, text: str = "", *, language: str = "es", **more) -> Reading:
        return read(Story(title, text, language, **more), WordEncoder())

    return make
