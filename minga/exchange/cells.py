"""Values as the text of a cell or of an XML document.

A cell that a spreadsheet would run as a formula gets an apostrophe in CSV; in XLSX it is written as text.
"""

import re
from typing import Any

from django.utils.translation import gettext as _

SEPARATOR = "; "
LONGEST = 32_767  # of a spreadsheet's cell, in UTF-16 units
# Also the full-width signs, which some spreadsheets read as the ordinary ones.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What XML 1.0 has no place for; Word and Excel refuse a file that holds it.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def in_csv(value: Any) -> str:
    """A value for machines: true and false, lists joined, formulas disarmed."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = _text(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def in_workbook(value: Any) -> str:
    """A value for readers, cut with a remark where a spreadsheet takes no more."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    text = xml_safe(_text(value))
    if len(text) * 2 <= LONGEST or len(text.encode("utf-16-le")) // 2 <= LONGEST:
        return text
    remark = " … " + _("[cut here; the whole text is in the CSV and JSON files]")
    room = 2 * (LONGEST - len(remark) - 1)
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + remark


def xml_safe(text: str) -> str:
    """A text without the signs that no XML document may hold."""
    return _NOT_IN_XML.sub("", text)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return SEPARATOR.join(str(item) for item in value)
    return str(value)
