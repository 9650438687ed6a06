"""`minga duplicates`: a line for each text of a file, within the person's rights, and nothing is kept."""

import json
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from minga.config.cli import _assemble
from minga.duplicates import commands, comparing
from minga.registry.models import Record
from tests.duplicates.test_comparing import Words
from tests.making import make_record
from tests.search.encoder import embed_all

LINES = [
    {"id": "one", "lang": "es", "title": "Ventanilla única en Zamoria", "summary": "Atiende a familias en Zamoria."},
    {"id": "two", "lang": "en", "title": "Title alone"},
    {"title": "", "summary": " "},
    ["no", "object"],
]


@pytest.fixture
def run(registry, monkeypatch):
    """Runs the command in the test's transaction, with an encoder that is fast."""
    words = Words()

    @contextmanager
    def acting_for(_email, *, act, **_details):
        assert act == "operator.duplicates"
        yield SimpleNamespace(turn=nullcontext)

    monkeypatch.setattr(commands, "acting_for", acting_for)
    monkeypatch.setattr(comparing, "Here", lambda: words)

    def asked(*arguments: str):
        embed_all(words.encoder)
        return CliRunner().invoke(_assemble(), ["duplicates", *arguments])

    return asked


def file_of(folder, lines) -> str:
    file = folder / "texts.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return str(file)


def test_each_text_gets_its_likeliest_records_however_unlikely(run, tmp_path):
    recorded = make_record(title=LINES[0]["title"], summary=LINES[0]["summary"], countries=None).record
    before = Record.objects.count()
    answer = run("--candidates", file_of(tmp_path, LINES), "--json", "--limit", "2")

    told = [json.loads(line) for line in answer.stdout.splitlines() if line.startswith("{")]
    assert [each["candidate"] for each in told] == ["one", "two"] and all(len(each["matches"]) == 2 for each in told)
    best = told[0]["matches"][0]
    assert (best["id"], best["external_id"], best["owner"]) == (
        recorded.public_id, recorded.external_id, "rcm-executive-secretariat",
    )  # fmt: skip
    probabilities = [each["probability"] for each in told[0]["matches"]]
    assert (
        probabilities == sorted(probabilities, reverse=True)
        and {"kind", "text", "here", "there"} <= best["reasons"][0].keys()
    )
    assert answer.exit_code == 1 and "Line 3" in answer.output and "Line 4" in answer.output
    assert Record.objects.count() == before


def test_for_people_it_says_how_likely_and_why(run, tmp_path):
    recorded = make_record(title=LINES[0]["title"], summary=LINES[0]["summary"]).record
    answer = run("--candidates", file_of(tmp_path, LINES[:1]))
    assert answer.exit_code == 0 and recorded.public_id in answer.output and "%" in answer.output


@pytest.mark.parametrize("arguments", [[], ["--all", "--candidates", "FILE"]])
def test_a_file_or_all_is_named(run, tmp_path, arguments):
    answer = run(*[file_of(tmp_path, LINES) if each == "FILE" else each for each in arguments])
    assert answer.exit_code != 0 and "--candidates" in str(answer.exception)
