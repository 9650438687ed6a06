"""Decides by its content whether an attachment may be kept, and in which form."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from minga.files import images
from minga.files.office import ARCHIVES, OLE, ZIP, Unfit, examine_office, examine_ole, examine_pdf, is_executable

LARGEST = 25 * 1024 * 1024  # bytes; the IMRF pledge form's own limit
LONGEST_NAME = 120

MESSAGES = {
    "empty": _("The file is empty. Choose one with content."),
    "too-large": _("The file is larger than %(limit)s. Make it smaller or share it as a link."),
    "mismatch": _(
        "The content is not what the file's name says, or the file is damaged. Save it anew and upload the new file."
    ),
    "unknown": _(
        "Files of this kind are not accepted. "
        "Save it as PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, PNG, JPEG, WEBP, TXT or CSV."
    ),
    "active": _("Web pages, drawings in SVG, XML and scripts are not accepted. Save it as PDF."),
    "executable": _("Programs are not accepted. Upload the document itself."),
    "archive": _("Archives are not accepted. Unpack it and upload the files one by one."),
    "old-office": _(
        "Files in the old Office form (DOC, XLS, PPT) or RTF are not accepted. Save it as DOCX, XLSX or PPTX."
    ),
    "other-image": _("Pictures in this form are not accepted. Save it as JPEG, PNG or WEBP."),
    "password": _("The file is protected by a password or against changes. Remove the protection and save it anew."),
    "macros": _("The file contains macros. Save it without macros as DOCX, XLSX, PPTX, ODT, ODS or ODP."),
    "embedded": _("The file contains other files or controls. Remove them or paste them as pictures and save it anew."),
    "remote": _(
        "The file fetches its template or its data from elsewhere when it is opened. Remove that link and save it anew."
    ),
    "pdf-active": _("The PDF contains scripts, forms with scripts, media or other files. Print it as a new PDF."),
    "broken": _("The file is damaged or built in an unusual way. Open it, save it anew and upload the new file."),
    "appended": _("Something else is hidden before or after the content. Open the file and save it anew."),
    "bomb": _("The file unpacks to far more than it should. Remove what is not needed and save it anew."),
    "broken-image": _("The picture is damaged. Open it, save it anew and upload the new file."),
    "pixels": _("The picture has too many pixels. Make it smaller and save it anew."),
    "animated": _("Moving pictures are not accepted. Save one picture of it."),
    "no-text": _("The file contains characters that no text has. Save it as plain text in UTF-8."),
}

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": _OOXML + "wordprocessingml.document",
    "xlsx": _OOXML + "spreadsheetml.sheet",
    "pptx": _OOXML + "presentationml.presentation",
    "odt": _ODF + "text",
    "ods": _ODF + "spreadsheet",
    "odp": _ODF + "presentation",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "txt": "text/plain",
    "csv": "text/csv",
}
_OF_IMAGES = ("png", "jpg", "jpeg", "jpe", "jfif", "webp")
_OF_TEXTS = ("txt", "csv")
_OF_MACROS = ("docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "potm", "ppsm", "ppam")
_OF_SCRIPTS = (
    "htm", "html", "xhtml", "mht", "mhtml", "svg", "xml", "xsl", "js", "mjs", "jse", "vbs", "vbe", "wsf", "hta", "ps1",
    "bat", "cmd", "sh", "py", "pl", "rb", "php", "css", "url",
)  # fmt: skip
_OTHER_IMAGES = re.compile(rb"GIF8[79]a|II\*\x00|MM\x00\*|BM.{4}\x00{4}|.{4}ftyp(hei|hev|mif1|msf1|avi[fs])", re.DOTALL)
_ACTIVE = re.compile(rb"<[!?/a-z]|#!|%!ps|mime-version:|@echo ", re.IGNORECASE)

# Control characters, direction marks and other signs without shape, halves of characters, lines' and paragraphs' ends.
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)", re.IGNORECASE)
_ENDING = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,9})$")


class Refused(Exception):
    """A file may not be kept; as text, it says what to mend in the reader's language.

    Args:
        code: a key of MESSAGES.
        values: what the message names.
    """

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code, self.values = code, values

    @property
    def message(self) -> str:
        """What is wrong and how to mend it."""
        return str(MESSAGES[self.code]) % self.values

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class Checked:
    """A file that may be kept, as it is to be kept: pictures are drawn anew, texts are UTF-8."""

    name: str
    media_type: str
    content: bytes
    sha256: str
    is_image: bool
    width: int = 0
    height: int = 0


def check(name: str, content: bytes, *, largest: int = LARGEST) -> Checked:
    """Decide whether an attachment may be kept.

    Args:
        name: as its uploader calls it; cleaned here.
        largest: how many bytes it may have, before and after.

    Raises:
        Refused: it may not be kept.
    """
    if not content:
        raise Refused("empty")
    if len(content) <= largest:
        try:
            checked = _checked(clean_name(name), content)
        except Unfit as unfit:
            raise Refused(unfit.code) from None
        # Drawn anew or in UTF-8, it may have grown.
        if len(checked.content) <= largest:
            return checked
    raise Refused("too-large", limit=filesizeformat(largest))


def clean_name(name: str) -> str:
    """A name that is safe in folders of every system and in headers: no path, nothing invisible, never empty."""
    base = name[-4096:].replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    spaced = "".join(" " if unicodedata.category(char) == "Zs" or char in "\t\r\n" else char for char in base)
    visible = "".join(char for char in spaced if unicodedata.category(char) not in _INVISIBLE)
    single = re.sub(r" {2,}", " ", unicodedata.normalize("NFC", visible))
    allowed = re.sub(r'[<>:"|?*]', "_", single).strip(" .")
    if _RESERVED.match(allowed):
        allowed = f"_{allowed}"
    if len(allowed) > LONGEST_NAME:
        ending = found[0] if (found := _ENDING.search(allowed)) else ""
        allowed = allowed[: LONGEST_NAME - len(ending)].rstrip(" .") + ending
    return allowed or "file"


def _checked(name: str, content: bytes) -> Checked:
    ending = found[1].lower() if (found := _ENDING.search(name)) else ""
    form = _form_of(content, ending)
    name = _named(name, ending, form)
    width = height = 0
    if form in _OF_IMAGES:
        drawn = images.redrawn(content, form)
        content, width, height = drawn.content, drawn.width, drawn.height
    elif form in _OF_TEXTS:
        content = _text_of(content).encode()
    return Checked(
        name, MEDIA_TYPES[form], content, hashlib.sha256(content).hexdigest(), form in _OF_IMAGES, width, height
    )


def _form_of(content: bytes, ending: str) -> str:
    """A key of MEDIA_TYPES, by the content; the name only tells a table from a text. Raises Unfit."""
    if form := images.form_of(content):
        return form
    if content.startswith(ZIP):
        return examine_office(content)
    if content.startswith(OLE):
        examine_ole(content)
    if is_executable(content):
        raise Unfit("executable")
    if content.startswith(ARCHIVES) or content[257:262] == b"ustar":
        raise Unfit("archive")
    if content.startswith(b"{\\rtf"):
        raise Unfit("old-office")
    if _OTHER_IMAGES.match(content):
        raise Unfit("other-image")
    start = content[:1024].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\f\v")
    if _ACTIVE.match(start):
        raise Unfit("active")
    if start.startswith(b"%PDF-") or (ending == "pdf" and b"%PDF-" in content[:1029]):
        examine_pdf(content)
        return "pdf"
    if _text_of(content) is None:
        raise Unfit("no-text" if ending in _OF_TEXTS else "mismatch" if ending in MEDIA_TYPES else "unknown")
    return "csv" if ending == "csv" else "txt"


def _named(name: str, ending: str, form: str) -> str:
    """The name with the true ending of its form; Unfit where it says another form."""
    if ending == form or (ending == "jpeg" and form == "jpg"):
        return name
    if form in _OF_IMAGES and ending in _OF_IMAGES:
        return clean_name(f"{name[: -len(ending) - 1]}.{form}")
    if not ending:
        return clean_name(f"{name}.{form}")
    if ending in _OF_MACROS:
        raise Unfit("macros")
    if form in _OF_TEXTS and ending not in MEDIA_TYPES and ending not in _OF_IMAGES:
        raise Unfit("active" if ending in _OF_SCRIPTS else "unknown")
    raise Unfit("mismatch")


def _text_of(content: bytes) -> str | None:
    """The text of a file; None when it holds what no text has.

    Raises:
        Unfit: "empty" or "active".
    """
    marked = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for encoding in (marked,) if marked == "utf-16" else (marked, "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if re.search(r"[^\t\n\f\r\x20-\x7e\xa0-\U0010ffff]", text):
            return None
        # Invisible characters before a tag do not hide it.
        start = re.sub(r"^[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\xad]+", "", text)
        if not start:
            raise Unfit("empty")
        if _ACTIVE.match(start[:64].encode()):
            raise Unfit("active")
        return text
    return None
