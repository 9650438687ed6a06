"""The evaluation reads labelled lines by what they hold, brings records, and keeps nothing."""

import json
from unittest.mock import patch

import pytest

from minga.evaluation import labelled, searching
from minga.installation.problems import InstallationProblem
from minga.registry.models import Version
from tests.search.encoder import WordEncoder

RECORDS = [
    {"id": f"practice-{n}", "kind": "practice", "lang": "es", "title": title, "summary": summary, "countries": ["SLV"],
     "source_url": "https://example.org/", "objectives": [8]}
    for n, (title, summary) in enumerate([
        ("Zamoria de las costas", "Atiende zurcidoras en la costa norte."),
        ("Quetzalida del valle", "Enseña quechua a funcionarios del valle."),
    ])
]  # fmt: skip
ASKED = [
    {"id": "q1", "lang": "es", "query": "zurcidoras costa", "answers": ["practice-0"]},
    {"about": "practice-1", "same": True, "lang": "pt", "title": "Quetzalida valle", "summary": "quechua funcionarios"},
    {"about": "practice-1", "same": False, "lang": "pt", "title": "Outra", "summary": "coisa"},
    {"id": "n1", "lang": "en", "title": "Help", "text": "zurcidoras", "answers": ["practice-0"]},
]


def write(folder, lines) -> list:
    file = folder / "some.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return [file]


def test_records_that_are_brought_are_asked_for_and_not_kept(registry, tmp_path):
    given = labelled.read(write(tmp_path, RECORDS + ASKED))
    before = Version.objects.count()
    with patch.object(searching, "default_encoder", WordEncoder):
        told = searching.evaluate(given)

    assert Version.objects.count() == before
    assert told["same language, short query"]["search"]["first"] == 1.0
    assert told["another language, title"]["search"]["number"] == 1
    assert {"full text", "both encoders", "search"} <= told["known items"].keys()


def test_a_line_that_is_none_of_these_is_named(tmp_path):
    with pytest.raises(InstallationProblem, match="2"):
        labelled.read(write(tmp_path, [RECORDS[0], {"what": "?"}]))


def test_what_is_shipped_can_be_read():
    shipped = labelled.read([])
    assert len(shipped.needs) >= 40 and len(shipped.queries) >= 60 and sum(e["same"] for e in shipped.retellings) >= 48


def test_figures_hold_the_value_within_its_interval():
    told = searching.figures([0, 0, 3, 12, searching.NOT_FOUND])
    assert told["first"] == 0.4 and told["five"] == 0.6 and told["ten"] == 0.6
    assert told["first low"] <= told["first"] <= told["first high"]
