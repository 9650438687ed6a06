"""Records as a Word document: what was chosen, then each record with its facts, its text and its citation.

The document is made in memory, so lists above `LONGEST_WORD_LIST` leave in other forms. Paragraphs are put straight at
its end: python-docx looks through the whole document, and through all styles, for each paragraph that it adds.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

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
    paper = Paper(title=title, language=language)
    paper.add(title, "Title")
    for name, text in about:
        paper.add_fact(name, text)
    for row, citation in records:
        _record(paper, row, language)
        if citation:
            paper.add_fact(_("Cite this"), citation)
    return paper.as_bytes()


class Paper:
    """A Word document that grows at its end."""

    def __init__(self, *, title: str, language: str):
        self._document = Document()
        properties = self._document.core_properties
        properties.title, properties.author, properties.language = xml_safe(title)[:255], "Minga", language
        styles = self._document.styles
        styles["Normal"].font.name, styles["Normal"].font.size = "Calibri", Pt(10.5)
        self._styles = {name: styles[name].style_id for name in ("Title", "Heading 1", "Heading 2", "List Bullet")}
        self._end = self._document.element.body.sectPr

    def add(self, text: str, style: str = "", *, language: str = "") -> None:
        """A paragraph; its language is told to Word and to screen readers where it is not the document's."""
        run = self._paragraph(style).add_run(xml_safe(text))
        if language:
            properties = run._element.get_or_add_rPr()
            properties.append(properties.makeelement(qn("w:lang"), {qn("w:val"): language}))

    def add_fact(self, name: str, text: str) -> None:
        """A label in bold and what it says."""
        paragraph = self._paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.add_run(f"{name}: ").bold = True
        paragraph.add_run(xml_safe(text))

    def as_bytes(self) -> bytes:
        """The file."""
        stream = BytesIO()
        self._document.save(stream)
        return stream.getvalue()

    def _paragraph(self, style: str = "") -> Paragraph:
        element = OxmlElement("w:p")
        self._end.addprevious(element)
        if style:
            element.style = self._styles[style]
        return Paragraph(element, self._document._body)


def _record(paper: Paper, row: dict[str, Any], language: str) -> None:
    paper.add(row["title"], "Heading 1", language=row["lang"])
    paper.add_fact(_("Record"), f"{row['id']} · {State(row['editorial_state']).label}")
    fields = [each for each in fields_of(row["kind"]) if row.get(each.name) not in (None, "", [])]
    for each in fields:
        if each.section is Section.FACTS and each.shown:
            paper.add_fact(str(each.label), fact_text(each.name, row[each.name], language))
    paper.add_fact(_("Language"), language_name(row["lang"], language))
    for each in fields:
        if each.section in PROSE:
            _prose(paper, each, row)
    if row.get("source_url"):
        paper.add_fact(_("Source"), row["source_url"])


def _prose(paper: Paper, field: Field, row: dict[str, Any]) -> None:
    value = row[field.name]
    paper.add(str(field.label), "Heading 2")
    style = "List Bullet" if isinstance(value, list) else ""
    for text in value if isinstance(value, list) else str(value).split("\n"):
        if text.strip():
            paper.add(text.strip(), style, language=row["lang"])


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
