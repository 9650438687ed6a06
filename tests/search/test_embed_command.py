"""`minga embed` alone makes all that search needs: whoever works on the command line has no worker that would."""

from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.db import transaction
from typer.testing import CliRunner

from minga.config.cli import _assemble
from minga.language import encoders
from minga.search import commands
from minga.search.models import Passage, WordVector
from minga.search.sets import Making, Plan
from tests.making import make_record
from tests.search.encoder import WordEncoder


@pytest.fixture
def run(registry):
    """Runs the command in the test's transaction."""
    encoder = WordEncoder()

    @contextmanager
    def within_the_test():
        yield None

    def command(*options):
        with (
            patch.object(encoders, "default_encoder", lambda: encoder),
            patch.object(commands.sets, "plan", lambda *_a, **_k: Plan((Making(encoder),), frozenset([encoder.name]))),
            patch.object(commands, "opened", within_the_test),
            patch.object(commands, "become", lambda role: None),
            patch.object(commands, "seeing_all", transaction.atomic),
            patch.object(commands, "note_command", lambda act: None),
        ):
            return CliRunner().invoke(_assemble(), ["embed", *options])

    return command


def test_texts_and_words_have_vectors_afterwards(run):
    made = make_record(title="Zurcidora de redes")
    assert run().exit_code == 0
    assert Passage.objects.filter(version=made.version, made_with="tests-words").exists()
    assert WordVector.objects.filter(key="zurcidora").exists()


def test_status_does_nothing(run):
    make_record(title="Zurcidora de redes")
    assert run("--status").exit_code == 0
    assert not WordVector.objects.filter(key="zurcidora").exists()
