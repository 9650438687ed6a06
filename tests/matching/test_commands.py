"""`minga match` reads needs from a file, for a person or the operator, and keeps nothing of them."""

import json
from contextlib import contextmanager, nullcontext
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from minga.accounts.command_line import Acting
from minga.audit.by import By
from minga.config.cli import _assemble
from minga.matching import commands, reading
from minga.matching.reading import Reading
from minga.search.models import VectorSet
from tests.making import AT, make_record
from tests.search.encoder import WordEncoder

LINES = [
    json.dumps({"id": "a", "lang": "es", "title": "Zampoña en la frontera", "text": "Un banco de zampoña y muestras."}),
    "{broken",
    "",
    json.dumps({"id": "empty", "lang": "es", "title": "", "text": ""}),
    json.dumps({"lang": "xx", "title": "Zampoña", "text": "página " * 200_000}),
    json.dumps({"id": "c", "title": 7}),
]


@pytest.fixture
def run(embedded, tmp_path):
    """Runs the command over records of which one answers."""
    made = make_record(title="Banco de zampoña en la frontera", summary="Compara muestras de zampoña.")
    embedded()
    VectorSet.objects.get_or_create(name="tests-words", defaults={"size": 896, "begun_at": AT, "complete_at": AT})
    file = tmp_path / "needs.jsonl"
    file.write_text("\n".join(LINES), encoding="utf-8")

    @contextmanager
    def within_the_test(email: str, **more):
        yield Acting(By(operator="tests"), nullcontext)

    def command(*options):
        with (
            patch.object(commands, "default_encoder", WordEncoder),
            patch.object(reading, "default_encoder", WordEncoder),
            patch.object(commands, "acting_for", within_the_test),
        ):
            return CliRunner().invoke(_assemble(), ["match", "--file", str(file), *options]), made

    return command


def test_each_need_gets_its_matches_and_broken_lines_are_named(run):
    told, made = run("--json", "--limit", "3")
    lines = {line["id"]: line["matches"] for line in map(json.loads, told.stdout.splitlines())}
    assert list(lines) == ["a", "empty", 5]
    assert lines["a"][0]["id"] == made.record.public_id and len(lines["a"]) == 3
    assert {"id", "external_id", "owner", "kind", "probability", "why"} <= lines["a"][0].keys()
    assert lines["empty"] == [] and len(lines[5]) == 3
    assert told.exit_code == 1 and all(f"Line {number} of" in told.stderr for number in (2, 6))


def test_people_read_titles_passages_and_reasons(run):
    told, made = run("--limit", "1")
    assert made.version.title in told.stdout and "%" in told.stdout and "Compara muestras" in told.stdout


def test_nothing_is_found_by_vectors_that_are_not_there(run):
    VectorSet.objects.all().delete()
    told, _made = run("--json")
    assert "Only words are compared" in told.stderr
    assert all(each["probability"] is None for line in told.stdout.splitlines() for each in json.loads(line)["matches"])


def test_a_reading_without_vectors_knows_what_was_declared():
    from minga.matching.stories import Story

    made: Reading = reading.by_words_alone(Story("Título", objectives=(8,)))
    assert made.objectives[7] == reading.DECLARED and made.whole is None
