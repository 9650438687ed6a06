"""What office files and PDFs hold that no attachment may: found by looking at their bytes, never by running a parser.

Office files are ZIP archives. Their directory is compared with what is there, so that no other program sees more in
them than is seen here. PDFs are searched as they are and in their compressed object streams.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from html import unescape
from io import BytesIO
from itertools import chain
from urllib.parse import unquote

MOST_PARTS = 5_000
MOST_UNPACKED = 300 * 1024 * 1024
# Spreadsheets of equal rows shrink a hundredfold; small files may shrink more without harm.
HIGHEST_RATIO, RATIO_FROM = 200, 20 * 1024 * 1024
LARGEST_MAP = 4 * 1024 * 1024
MOST_PDF_UNPACKED = 64 * 1024 * 1024
MOST_PDF_STREAMS, MOST_PDF_DAMAGED = 100_000, 100
CHUNK = 1024 * 1024

ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ARCHIVES = (
    *ZIP, b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"MSCF\x00",
    b"!<arch>\n",
)  # fmt: skip
# ELF, Mach-O (three kinds) and Java, WebAssembly, Android, Windows shortcut.
EXECUTABLES = (
    b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe",
    b"\x00asm", b"dex\n03", b"L\x00\x00\x00\x01\x14\x02\x00",
)  # fmt: skip

_OOXML = b"application/vnd.openxmlformats-officedocument."
_MAIN_PARTS = {
    "docx": _OOXML + b"wordprocessingml.document.main+xml",
    "xlsx": _OOXML + b"spreadsheetml.sheet.main+xml",
    "pptx": _OOXML + b"presentationml.presentation.main+xml",
}
_ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_TYPES = "[content_types].xml"
# What a part's name, a map (list of parts or relations) or any XML part betrays.
_NAMES = {
    "macros": re.compile(
        r"(^|/)vba(project\.bin|data\.xml)|(^|/)(intl)?macrosheets/|^scripts/.*[^/]$"
        r"|^basic/(?!(.*/)?script-l[bc]\.xml$).*\.xml$",
        re.DOTALL,
    ),
    "embedded": re.compile(r"(^|/)activex/|\.(exe|dll|com|scr|bat|cmd|js|vbs|hta|html?|mht|mhtml|rtf|jar)$"),
}
_MAPS = {
    "macros": re.compile(r"macroEnabled|vbaProject|macrosheet", re.IGNORECASE),
    "embedded": re.compile(r"activeX|oleObject|relationships/(control|aFChunk)[\"']", re.IGNORECASE),
    "password": re.compile(r"encryption-data"),
    "broken": re.compile(r"<!(DOCTYPE|ENTITY)"),
}
_XML = {
    "broken": (b"<!ENTITY",),
    "macros": (b"vnd.sun.star.script:",),
    "remote": (b"ddeLink", b"DDEAUTO", b"office:dde-source"),
}
_TARGET = re.compile(r"Target\s*=\s*([\"'])(.*?)\1", re.DOTALL)
_DRIVE = re.compile(r"[a-z][:|]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:")

# Between the words of a PDF: white space and comments. Bounded, as comments may hold names whose gaps are comments.
_GAP = rb"(?:[\0\t\n\f\r ]++|%[^\r\n]{0,80}+[\r\n]){0,8}+"
_PDF_NAME = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|Rendition|XFA|Encrypt|ObjStm)(?![A-Za-z0-9])")
_PDF_CODES = {
    b"Encrypt": "password", b"EmbeddedFile": "pdf-active", b"EmbeddedFiles": "pdf-active", b"RichMedia": "pdf-active",
    b"JavaScript": "pdf-active", b"JS": "pdf-active", b"Launch": "pdf-active", b"Rendition": "pdf-active",
    b"XFA": "pdf-active",
}  # fmt: skip
# What begins a value; a longer gap counts as one.
_PDF_VALUE = re.compile(_GAP + rb"(?:[<(\[%\0\t\n\f\r ]|\d++" + _GAP + rb"\d++" + _GAP + rb"R)")
_PDF_STREAM = re.compile(rb"(?<!end)stream[\0\t\n\f\r ]{0,16}")
_PDF_FILTER = re.compile(rb"/Filter" + _GAP + rb"(?:/FlateDecode|\[" + _GAP + rb"/FlateDecode" + _GAP + rb"\])")
_PDF_NUMBERS = re.compile(rb"[\0\t\n\f\r 0-9]*")


class Unfit(Exception):
    """A file may not be kept. Carries the code of the reason; `checking` puts it into words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_executable(content: bytes) -> bool:
    """Whether the first bytes are a program's. "MZ" alone may begin a text."""
    return content.startswith(EXECUTABLES) or (content[:2] == b"MZ" and b"\x00" in content[:512])


def examine_ole(content: bytes) -> None:
    """Say what an OLE container is: none may be kept.

    Raises:
        Unfit: always.
    """
    raise Unfit("password" if "EncryptedPackage".encode("utf-16-le") in content else "old-office")


def examine_office(content: bytes) -> str:
    """Find out which office file an archive is.

    Returns:
        "docx", "xlsx", "pptx", "odt", "ods" or "odp".

    Raises:
        Unfit: it is none of these, or holds what may not be kept.
    """
    try:
        return _Archive(content, [MOST_UNPACKED]).form()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, LookupError, struct.error, zlib.error):
        raise Unfit("broken") from None


class _Archive:
    """An archive that says it is an office file.

    Args:
        left: how many bytes may still be unpacked, in a list of one: shared with the archives inside.
        inner: whether it lies in another one.
    """

    def __init__(self, content: bytes, left: list[int], *, inner: bool = False) -> None:
        self.content, self.left, self.inner = content, left, inner
        with zipfile.ZipFile(BytesIO(content)) as archive:
            self.parts = {part.filename.replace("\\", "/").lower(): part for part in archive.infolist()}
            self.count, self.directory = len(archive.infolist()), archive.start_dir

    def form(self) -> str:
        """Which office file it is; raises Unfit."""
        if self.count > MOST_PARTS:
            raise Unfit("bomb")
        if _TYPES not in self.parts and "mimetype" not in self.parts:
            raise Unfit("archive")
        self._check_sizes()
        self._check_build()
        for code, pattern in _NAMES.items():
            if any(pattern.search(name) for name in self.parts):
                raise Unfit(code)
        form = self._kind()
        for name in self.parts:
            self._check_part(name)
        return form

    def _check_sizes(self) -> None:
        unpacked = sum(part.file_size for part in self.parts.values())
        if unpacked > MOST_UNPACKED or unpacked > max(RATIO_FROM, HIGHEST_RATIO * len(self.content)):
            raise Unfit("bomb")

    def _check_build(self) -> None:
        """Parts follow one another without overlap or gap, up to the directory; nothing comes after it."""
        if self.count != len(self.parts) or self.content[-22:-18] != b"PK\x05\x06":
            raise Unfit("broken")
        end = 0
        for part in sorted(self.parts.values(), key=lambda part: part.header_offset):
            # A data descriptor of at most 24 bytes may follow a part.
            if not 0 <= part.header_offset - end <= (24 if end else 0):
                raise Unfit("broken")
            if part.flag_bits & 0x1:
                raise Unfit("password")
            if part.orig_filename != part.filename or ".." in part.filename.replace("\\", "/").split("/"):
                raise Unfit("broken")
            end = self._start_of(part) + part.compress_size
        if not 0 <= self.directory - end <= 24:
            raise Unfit("broken")

    def _start_of(self, part: zipfile.ZipInfo) -> int:
        """Where a part's bytes begin; its own header must agree with the directory."""
        header = part.header_offset
        method, name_length, extra_length = struct.unpack_from("<H16xHH", self.content, header + 8)
        name = self.content[header + 30 : header + 30 + name_length]
        expected = part.orig_filename.encode("utf-8" if part.flag_bits & 0x800 else "cp437")
        if self.content[header : header + 4] != ZIP[0] or method != part.compress_type or name != expected:
            raise Unfit("broken")
        return header + 30 + name_length + extra_length

    def _pieces(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        """A part unpacked piece by piece: exactly what the directory says, or Unfit."""
        start, checksum, length = self._start_of(part), 0, 0
        packed = memoryview(self.content)[start : start + part.compress_size]
        for piece in _unpacked(packed, part.compress_type):
            checksum, length = zlib.crc32(piece, checksum), length + len(piece)
            self.left[0] -= len(piece)
            if self.left[0] < 0:
                raise Unfit("bomb")
            if length > part.file_size:
                raise Unfit("broken")
            yield piece
        if length != part.file_size or checksum != part.CRC:
            raise Unfit("broken")

    def _whole(self, name: str, largest: int) -> bytes:
        if self.parts[name].file_size > largest:
            raise Unfit("bomb")
        return b"".join(self._pieces(self.parts[name]))

    def _kind(self) -> str:
        if _TYPES in self.parts:
            types = self._whole(_TYPES, LARGEST_MAP).replace(b"\x00", b"")
            if b"macroEnabled" in types:
                raise Unfit("macros")
            kinds = [form for form, main in _MAIN_PARTS.items() if main in types]
            if "mimetype" in self.parts or len(kinds) > 1:
                raise Unfit("broken")
        else:
            kinds = [_ODF[said]] if (said := self._whole("mimetype", 200).strip()) in _ODF else []
        if not kinds:
            raise Unfit("archive")
        return kinds[0]

    def _check_part(self, name: str) -> None:
        part = self.parts[name]
        pieces = self._pieces(part)
        first = next(pieces, b"")
        if first.startswith(ZIP) and "embeddings/" in name and not self.inner:
            # The table behind a chart.
            _Archive(first + b"".join(pieces), self.left, inner=True).form()
        elif is_executable(first) or (
            first.startswith((OLE, *ARCHIVES)) and not (first[:2] == b"\x1f\x8b" and name.endswith((".emz", ".wmz")))
        ):
            raise Unfit("embedded")
        elif name == _TYPES or name.endswith((".rels", "meta-inf/manifest.xml")):
            if part.file_size > LARGEST_MAP:
                raise Unfit("bomb")
            _check_map(first + b"".join(pieces))
        else:
            _check_pieces(chain([first], pieces), is_xml=name.endswith((".xml", ".vml")))


def _unpacked(packed: memoryview, method: int) -> Iterator[bytes]:
    """Unpack the bytes of one part; Unfit when they end early, late, or are packed in an unusual way."""
    if method == zipfile.ZIP_STORED:
        yield from (bytes(packed[start : start + CHUNK]) for start in range(0, len(packed), CHUNK))
        return
    if method != zipfile.ZIP_DEFLATED:
        raise Unfit("broken")
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    rest: bytes | memoryview = packed
    while not unpacker.eof:
        piece = unpacker.decompress(rest, CHUNK)
        rest = unpacker.unconsumed_tail
        if not piece and not unpacker.eof:
            raise Unfit("broken")
        yield piece
    if unpacker.unused_data:
        raise Unfit("broken")


def _check_map(content: bytes) -> None:
    """Check a list of parts or relations, in whatever encoding and with whatever characters written as numbers."""
    text = unescape(content.replace(b"\x00", b"").decode("latin-1"))
    for code, pattern in _MAPS.items():
        if pattern.search(text):
            raise Unfit(code)
    if "attachedtemplate" in text.lower() and any(_is_remote(target) for _quote, target in _TARGET.findall(text)):
        raise Unfit("remote")


def _is_remote(target: str) -> bool:
    """Whether an address leads off the machine. A template on the writer's own disk is ordinary and harmless."""
    address = unquote(target).strip().replace("\\", "/").lower()
    if not (in_file := address.startswith("file:")) and _SCHEME.match(address):
        return True
    path = address.removeprefix("file:")
    slashes = len(path) - len(path.lstrip("/"))
    return slashes in ((2, 4, 5) if in_file else (2,)) and not _DRIVE.match(path.lstrip("/"))


def _check_pieces(pieces: Iterable[bytes], *, is_xml: bool) -> None:
    """Read a part to its end, which proves its checksum; search it when it is XML."""
    before = b""
    for piece in pieces:
        if is_xml:
            text = before + piece.replace(b"\x00", b"")
            for code, markers in _XML.items():
                if any(marker in text for marker in markers):
                    raise Unfit(code)
            before = text[-64:]


def examine_pdf(content: bytes) -> None:
    """Search a PDF for what acts by itself or hides.

    Raises:
        Unfit: "broken", "appended", "password", "pdf-active" or "bomb".
    """
    start, end = content.find(b"%PDF-", 0, 1029), content.rfind(b"%%EOF")
    if start < 0 or end < 0 or b"obj" not in content:
        raise Unfit("broken")
    after = content[end + 5 :].strip(b"\x00\t\n\f\r ")
    if b"<" in content[:start] or b"<" in after or len(after) > 1024 or zipfile.is_zipfile(BytesIO(content)):
        raise Unfit("appended")
    plain = _without_escapes(content)
    found = set(_codes_of(plain, packed=True))
    if found:
        raise Unfit("password" if "password" in found else min(found))
    for objects in _object_streams(content):
        for code in _codes_of(_without_escapes(objects), packed=False):
            raise Unfit(code)


def _without_escapes(content: bytes) -> bytes:
    """Names may be written as "/J#61vaScript"."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), content)


def _codes_of(content: bytes, *, packed: bool) -> Iterator[str]:
    """What the names in a PDF or in one of its object streams betray.

    Args:
        packed: whether there are packed bytes between the objects, in which short names occur by chance.
    """
    for count, found in enumerate(_PDF_NAME.finditer(content)):
        if count > MOST_PDF_STREAMS:
            raise Unfit("bomb")
        name, before = found[1], content[max(0, found.start() - 8) : found.start()]
        if name == b"ObjStm":
            if not _is_readable(content, found):
                yield "broken"
            continue
        has_value = bool(_PDF_VALUE.match(content, found.end()))
        if name in (b"JS", b"XFA", b"Encrypt"):
            if has_value and not (packed and name == b"JS" and re.search(rb"[^\t\n\f\r -~]", before)):
                yield _PDF_CODES[name]
        # Links to pages about JavaScript are harmless: there, the name follows a word.
        elif has_value or before.endswith((b"/S", b"ype", b"obj")) or not re.search(rb"[\w.~%-]\Z", before):
            yield _PDF_CODES[name]


def _is_readable(content: bytes, found: re.Match[bytes]) -> bool:
    """Whether an object stream is packed in the way that `_object_streams` unpacks, as all usual programs do."""
    before = content[max(0, found.start() - 4096) : found.start()].rpartition(b"obj")[2]
    head = before + content[found.start() : found.end() + 4096].partition(b"stream")[0]
    return b"/Filter" not in head or (
        bool(_PDF_FILTER.search(head)) and not re.search(rb"/Predictor\s*([2-9]|1\d)", head)
    )


def _object_streams(content: bytes) -> Iterator[bytes]:
    """All streams that may hold objects: those that begin with numbers. Their dictionaries may lie; their bytes not."""
    view, left, damaged = memoryview(content), MOST_PDF_UNPACKED, 0
    for count, found in enumerate(_PDF_STREAM.finditer(content)):
        header = content[found.end() : found.end() + 2]
        if count > MOST_PDF_STREAMS or damaged > MOST_PDF_DAMAGED:
            raise Unfit("bomb")
        if len(header) < 2 or header[0] & 0x0F != 8 or int.from_bytes(header, "big") % 31:
            continue
        packed = view[found.end() + 2 :]
        head, is_whole = _inflated(packed, 4096)
        damaged += not is_whole
        numbers = _PDF_NUMBERS.match(head).end()
        following = head[numbers : numbers + 1]
        # After the numbers come objects ("<<", "[", "true"); in drawings, operators or fractions.
        if following not in (b"", b"%") and (numbers < 3 or re.match(rb"[-.A-Za-eg-mo-su-z]", following)):
            continue
        objects, _is_whole = _inflated(packed, left + 1)
        left -= len(objects)
        if left < 0:
            raise Unfit("bomb")
        yield objects


def _inflated(packed: memoryview, largest: int) -> tuple[bytes, bool]:
    """As much as can be unpacked, up to a length, and whether there was no damage.

    Readers of PDFs forgive damage and a wrong checksum, so must a search: after damage, it goes byte by byte.
    """
    unpacker, pieces, length, step, start = zlib.decompressobj(-zlib.MAX_WBITS), [], 0, 16384, 0
    while start < len(packed) and length < largest and not unpacker.eof:
        earlier = unpacker.copy()
        try:
            piece = unpacker.decompress(packed[start : start + step], largest - length)
        except zlib.error:
            if step == 1:
                break
            unpacker, step = earlier, 1
            continue
        pieces.append(piece)
        length, start = length + len(piece), start + step
    return b"".join(pieces), step > 1
