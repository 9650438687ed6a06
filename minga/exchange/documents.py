"""Records as a Word document: what was chosen, then each record with its facts, its text and its citation.

The document is made in memory, so lists above `LONGEST_WORD_LIST` leave in other forms.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from minga.exchange.cells import xml_safe
from minga.registry.catalogue import BY_NAME, Field, Section, fields_of
from minga.registry.facets import label_of, language_name
from minga.registry.lifecycle import State
from minga.vocabularies.queries import label

PROSE = (Section.STORY, Section.RESULTS, Section.REUSE)


def as_docx(
    records: Iterable[tuple[dict[str, Any], str]], *, title: str, about: list[tuple[str, str]], language: str
) -> bytes:
    """A Word document of records.

    Args:
        records: rows, each with its citation in the reader's language (or none).
        title: of the document.
        about: (label, text) of what was chosen, when and from where.
        language: of the reader, for labels; texts stay in their own.
    """
    document = Document()
    document.core_properties.title = title[:255]
    document.core_properties.author = "Minga"
    document.core_properties.language = language
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(10.5)
    document.add_heading(xml_safe(title), 0)
    for name, text in about:
        _fact(document, name, text)
    for row, citation in records:
        _record(document, row, language)
        if citation:
            _fact(document, _("Cite this"), citation)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _record(document, row: dict[str, Any], language: str) -> None:
    _in_language(document.add_heading(xml_safe(row["title"]), 1), row["lang"])
    _fact(document, _("Record"), f"{row['id']} · {State(row['editorial_state']).label}")
    fields = [each for each in fields_of(row["kind"]) if row.get(each.name) not in (None, "", [])]
    for each in fields:
        if each.section is Section.FACTS and each.shown:
            _fact(document, str(each.label), fact_text(each.name, row[each.name], language))
    _fact(document, _("Language"), language_name(row["lang"], language))
    for each in fields:
        if each.section in PROSE:
            _prose(document, each, row)
    if row.get("source_url"):
        _fact(document, _("Source"), row["source_url"])


def _prose(document, field: Field, row: dict[str, Any]) -> None:
    value = row[field.name]
    document.add_heading(str(field.label), 2)
    style = "List Bullet" if isinstance(value, list) else None
    for text in value if isinstance(value, list) else str(value).split("\n"):
        if text.strip():
            _in_language(document.add_paragraph(xml_safe(text.strip()), style=style), row["lang"])


def _fact(document, name: str, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.add_run(f"{name}: ").bold = True
    paragraph.add_run(xml_safe(text))


def fact_text(name: str, value: Any, language: str) -> str:
    """A fact in the reader's words: codes become labels."""
    values = value if isinstance(value, list) else [value]
    each = BY_NAME[name]
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name == "countries":
        return ", ".join(label_of("country", code, language) for code in values)
    if name == "objectives":
        return "; ".join(label_of("objective", str(number), language) for number in values)
    if each.scheme:
        return ", ".join(label(each.scheme, str(code), language) for code in values)
    return "; ".join(str(item) for item in values)


def _in_language(paragraph, language: str) -> None:
    """Tell Word and screen readers which language a paragraph is in."""
    for run in paragraph.runs:
        properties = run._element.get_or_add_rPr()
        mark = properties.makeelement(qn("w:lang"), {qn("w:val"): language})
        properties.append(mark)
