"""Takes rows in and out within a test's transaction."""

import json
from io import BytesIO
from typing import Any

from minga.access.rowsecurity import seeing_all
from minga.audit.by import By
from minga.exchange.exporting import standing_versions
from minga.exchange.importing import Importer
from minga.exchange.jsonlines import read_lines
from minga.exchange.reporting import Report
from minga.exchange.rows import complete, row_of
from tests.making import AT

LEAST = {"kind": "practice", "lang": "es", "title": "Ventanilla única", "countries": ["SLV"]}


def row(**values) -> dict[str, Any]:
    """A row that is taken, with changes."""
    return {**LEAST, **values}


def take_bytes(content: bytes, **options) -> Report:
    """Import a file's bytes."""
    importer = Importer(by=By(operator="tests"), at=AT, turn=seeing_all, source="tests", **options)
    return importer.run(read_lines(BytesIO(content)))


def take(*rows: dict[str, Any], **options) -> Report:
    """Import rows."""
    return take_bytes(b"".join(json.dumps(each).encode() + b"\n" for each in rows), **options)


def exported(*external_ids: str) -> list[dict[str, Any]]:
    """What an operator's export says of records, of all without ids."""
    versions = standing_versions().order_by("record_id")
    if external_ids:
        versions = versions.filter(record__external_id__in=external_ids)
    return [json.loads(json.dumps(row_of(version))) for version in complete(versions)]


def codes(report: Report) -> list[tuple[int, str, str]]:
    """(row, severity, code) of each problem."""
    return [(problem["row"], problem["severity"], problem["code"]) for problem in report.problems]


def tally(report: Report) -> tuple[int, int, int]:
    """(accepted, unchanged, refused); they always make up the rows."""
    assert report.rows == report.accepted + report.unchanged + report.refused
    return report.accepted, report.unchanged, report.refused
