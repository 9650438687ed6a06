"""`minga code` writes a line a record, and says which lines are broken and why."""

import json
from unittest.mock import patch

from typer.testing import CliRunner

from minga.classification import coding
from minga.config.cli import _assemble
from tests.search.encoder import WordEncoder

LINES = [
    json.dumps({"id": "a", "lang": "en", "title": "Cheaper remittances", "summary": "Banks lower the fees."}),
    "{broken",
    "",
    json.dumps({"lang": "xx", "title": "Only a title"}),
    json.dumps(["no", "object"]),
    json.dumps({"id": "b", "lang": "es", "title": ""}),
]


def run(tmp_path, *options):
    file = tmp_path / "texts.jsonl"
    file.write_text("\n".join(LINES), encoding="utf-8")
    with patch.object(coding, "default_encoder", WordEncoder):
        return CliRunner().invoke(_assemble(), ["code", "--file", str(file), *options])


def test_each_line_is_coded_and_broken_ones_are_named(tmp_path):
    told = run(tmp_path, "--json")
    lines = [json.loads(line) for line in told.stdout.splitlines()]

    assert [line["id"] for line in lines] == ["a", 4]
    assert all(len(line["objectives"]) == 23 and len(line["principles"]) == 10 for line in lines)
    assert told.exit_code == 1
    assert all(f"Line {number} of" in told.stderr for number in (2, 5, 6))
    assert "neither a title nor a summary" in told.stderr


def test_people_see_the_likeliest(tmp_path):
    told = run(tmp_path)
    assert "Cheaper remittances" in told.stdout and "%" in told.stdout
