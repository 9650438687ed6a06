"""Writes rows in each form in which records leave: JSON Lines, JSON, CSV, XLSX.

A cell that a spreadsheet would run as a formula gets an apostrophe in CSV and is written as text in XLSX.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from minga.registry.catalogue import ENVELOPE, FIELDS

COLUMNS = [name for name in ENVELOPE if name != "translations"] + [each.name for each in FIELDS]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 32_767  # of a spreadsheet, in characters
SEPARATOR = "; "

TYPES = {
    "jsonl": "application/jsonl; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def as_jsonl(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """One object a line."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False).encode() + b"\n"


def as_json(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """One array."""
    separator = b"[\n"
    for row in rows:
        yield separator + json.dumps(row, ensure_ascii=False).encode()
        separator = b",\n"
    yield b"[]\n" if separator == b"[\n" else b"\n]\n"


def as_csv(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """One header of field names, then a line a record; with a byte order mark, so that Excel reads the accents."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_harmless(text_of_cell(row.get(name))) for name in COLUMNS])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def text_of_cell(value: Any) -> str:
    """A value as one cell's text; lists are joined."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return SEPARATOR.join(str(item) for item in value)
    return str(value)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def as_xlsx(rows: Iterable[dict[str, Any]], *, about: list[tuple[str, str]]) -> bytes:
    """A workbook: the records, and a sheet that says what they are.

    Args:
        rows: the records.
        about: (label, text) of what was chosen, when and from where.
    """
    with TemporaryDirectory() as folder:  # rows go to disk one by one, so memory stays small
        file = Path(folder) / "records.xlsx"
        book = xlsxwriter.Workbook(
            str(file), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                        "tmpdir": folder},
        )  # fmt: skip
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        _write_records(book.add_worksheet(_("Records")[:31]), rows, bold, wrapped)
        _write_about(book.add_worksheet(_("About")[:31]), about, bold, wrapped)
        book.close()
        return file.read_bytes()


def _write_records(sheet, rows: Iterable[dict[str, Any]], bold, wrapped) -> None:
    labels = {each.name: str(each.label) for each in FIELDS}
    wide = {"title": 40, "summary": 70, "results": 50, "lessons": 50, "actor": 30, "partners": 30}
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, wide.get(name, 16))
        sheet.write_string(0, column, f"{labels[name]} ({name})" if name in labels else name, bold)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, name in enumerate(COLUMNS):
            text = text_of_cell(row.get(name))
            if text:
                sheet.write_string(last, column, text[:LONGEST_CELL], wrapped)
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)


def _write_about(sheet, about: list[tuple[str, str]], bold, wrapped) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    lines = [*about, ("", ""), *((each.name, f"{each.label}. {each.meaning}".strip()) for each in FIELDS)]
    for line, (label, text) in enumerate(lines):
        sheet.write_string(line, 0, label, bold)
        sheet.write_string(line, 1, text, wrapped)


def file_name(name: str, form: str, today: date) -> str:
    """A speaking name: minga-practices-2026-11-24.csv."""
    return f"minga-{name}-{today.isoformat()}.{form}"
