"""Rows as a workbook: one sheet of records, and one that says what they are and what each column means.

Rows go to disk one by one, so memory stays small. Every cell is text: dates keep their precision, and nothing is run.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override

from minga.exchange.cells import in_workbook
from minga.exchange.writing import COLUMNS, PIECE
from minga.registry.catalogue import FIELDS

OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
WIDE = {"title": 40, "summary": 70, "results": 50, "lessons": 50, "actor": 30, "partners": 30}
USUAL = 16


def as_xlsx(rows: Iterable[dict[str, Any]], *, about: list[tuple[str, str]], language: str) -> Iterator[bytes]:
    """A workbook, piece by piece once it is made.

    Args:
        rows: the records.
        about: (label, text) of what was chosen, when and from where.
        language: of the reader, for headers.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "records.xlsx"
        with override(language):
            _make(file, rows, about)
        with file.open("rb") as stream:
            while piece := stream.read(PIECE):
                yield piece


def _make(file: Path, rows: Iterable[dict[str, Any]], about: list[tuple[str, str]]) -> None:
    book = xlsxwriter.Workbook(str(file), {**OPTIONS, "tmpdir": str(file.parent)})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    _write_records(book.add_worksheet(_("Records")[:31]), rows, bold, wrapped)
    _write_about(book.add_worksheet(_("About")[:31]), about, bold, wrapped)
    book.close()


def _labels() -> dict[str, str]:
    return {
        "id": _("Record"), "external_id": _("Its id elsewhere"), "owner": _("Owner"), "kind": _("Kind"),
        "editorial_state": _("Editorial state"), "visibility": _("Who may read it"),
        **{each.name: str(each.label) for each in FIELDS},
    }  # fmt: skip


def _write_records(sheet, rows: Iterable[dict[str, Any]], bold, wrapped) -> None:
    labels = _labels()
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, WIDE.get(name, USUAL))
        sheet.write_string(0, column, labels[name], bold)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, name in enumerate(COLUMNS):
            if text := in_workbook(row.get(name)):
                sheet.write_string(last, column, text, wrapped)
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)


def _write_about(sheet, about: list[tuple[str, str]], bold, wrapped) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    meanings = {each.name: str(each.meaning) for each in FIELDS}
    columns = [
        (label, " ".join(filter(None, (meanings.get(name), _("In CSV and JSON: %(name)s.") % {"name": name}))))
        for name, label in _labels().items()
    ]
    for line, (label, text) in enumerate([*about, ("", ""), (_("Columns"), ""), *columns]):
        sheet.write_string(line, 0, in_workbook(label), bold)
        sheet.write_string(line, 1, in_workbook(text), wrapped)
