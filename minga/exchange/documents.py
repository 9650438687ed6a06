"""Records as a Word document: a title page's worth of what was chosen, then each record with its facts and text."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from minga.registry.catalogue import BY_NAME, Section, fields_of
from minga.registry.facets import label_of, language_name
from minga.registry.lifecycle import State
from minga.vocabularies.queries import label

FACTS = (Section.FACTS,)
PROSE = (Section.STORY, Section.RESULTS, Section.REUSE)


def as_docx(rows: Iterable[dict[str, Any]], *, title: str, about: list[tuple[str, str]], language: str) -> bytes:
    """A Word document of records.

    Args:
        rows: the records.
        title: of the document.
        about: (label, text) of what was chosen, when and from where.
        language: of the reader, for labels; texts stay in their own.
    """
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = "Minga"
    document.core_properties.language = language
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(10.5)
    document.add_heading(title, 0)
    for name, text in about:
        _fact(document, name, text)
    for row in rows:
        _record(document, row, language)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _record(document, row: dict[str, Any], language: str) -> None:
    _in_language(document.add_heading(row["title"], 1), row["lang"])
    _fact(document, _("Record"), f"{row['id']} · {State(row['editorial_state']).label}")
    for each in fields_of(row["kind"]):
        value = row.get(each.name)
        if each.section in FACTS and each.shown and value not in (None, "", []):
            _fact(document, str(each.label), fact_text(each.name, value, language))
    _fact(document, _("Language"), language_name(row["lang"], language))
    for each in fields_of(row["kind"]):
        value = row.get(each.name)
        if each.section in PROSE and value:
            document.add_heading(str(each.label), 2)
            if isinstance(value, list):
                for text in value:
                    _in_language(document.add_paragraph(text, style="List Bullet"), row["lang"])
            else:
                for text in str(value).split("\n"):
                    if text.strip():
                        _in_language(document.add_paragraph(text.strip()), row["lang"])
    if row.get("source_url"):
        _fact(document, _("Source"), row["source_url"])


def _fact(document, name: str, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.add_run(f"{name}: ").bold = True
    paragraph.add_run(text)


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
