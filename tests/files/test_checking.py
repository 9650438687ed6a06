"""Attachments: what may be kept, in which form, and why not."""

import re
import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from django.utils import translation
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin
from xlsxwriter import Workbook

from minga.files import images, office
from minga.files.checking import LARGEST, MESSAGES, Refused, check, clean_name

OOXML = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": OOXML + "wordprocessingml.document.main+xml",
    "xlsx": OOXML + "spreadsheetml.sheet.main+xml",
    "pptx": OOXML + "presentationml.presentation.main+xml",
}
ODF = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def zipped(parts: dict[str, bytes | str]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def ooxml(form: str = "docx", main: str = "", **others: bytes | str) -> bytes:
    """An office file with further parts; in their names, "__" stands for a slash and "_dot_" for a dot."""
    types = f'<Types><Override PartName="/main.xml" ContentType="{main or MAIN[form]}"/></Types>'
    more = {name.replace("__", "/").replace("_dot_", "."): content for name, content in others.items()}
    return zipped({"[Content_Types].xml": types, "main.xml": "<main/>", **more})


def odf(form: str = "odt", **others: bytes | str) -> bytes:
    more = {name.replace("__", "/").replace("_dot_", "."): content for name, content in others.items()}
    return zipped({"mimetype": f"application/vnd.oasis.opendocument.{ODF[form]}", "content.xml": "<x/>", **more})


def relations(kind: str, target: str) -> str:
    return (
        f'<Relationships><Relationship Id="r1" Type="{RELATION}{kind}" Target="{target}" TargetMode="External"/>'
        "</Relationships>"
    )


def pdf(extra: bytes = b"", trailer: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
        + extra
        + b"\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Root 1 0 R/Size 3"
        + trailer
        + b">>\nstartxref\n120\n%%EOF\n"
    )


def object_stream(objects: bytes, packed: bytes | None = None, keys: bytes = b"/Filter/FlateDecode") -> bytes:
    packed = zlib.compress(objects) if packed is None else packed
    head = b"5 0 obj\n<</Type/ObjStm/N 1/First 4/Length %d%s>>\nstream\n" % (len(packed), keys)
    return head + packed + b"\nendstream\nendobj\n"


def picture(form: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (40, 20), **options) -> bytes:
    stream = BytesIO()
    image = Image.effect_noise(size, 60).convert(mode)
    image.save(stream, form, **options)
    return stream.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def refusal(name: str, content: bytes, **options) -> str:
    """The code for which a file is refused."""
    with pytest.raises(Refused) as refused:
        check(name, content, **options)
    assert refused.value.message == str(refused.value) and "%(" not in str(refused.value)
    return refused.value.code


class TestAccepted:
    @pytest.mark.parametrize("form", ["docx", "xlsx", "pptx"])
    def test_office_files(self, form):
        content = ooxml(form)

        checked = check(f"Plan.{form}", content)

        assert (checked.name, checked.content, checked.is_image) == (f"Plan.{form}", content, False)
        assert checked.media_type.startswith(OOXML) and len(checked.sha256) == 64

    @pytest.mark.parametrize("form", ODF)
    def test_open_documents(self, form):
        assert check(f"Plan.{form}", odf(form)).media_type == f"application/vnd.oasis.opendocument.{ODF[form]}"

    def test_a_real_document(self):
        document, stream = Document(), BytesIO()
        document.add_paragraph("Hola")
        document.add_picture(BytesIO(picture()))
        document.save(stream)

        assert check("a.docx", stream.getvalue()).name == "a.docx"

    def test_a_real_workbook_with_a_chart(self):
        stream = BytesIO()
        with Workbook(stream, {"in_memory": True}) as workbook:
            sheet = workbook.add_worksheet()
            sheet.write_column("A1", [1, 2, 3])
            sheet.write_url("B1", "https://example.org/")
            chart = workbook.add_chart({"type": "bar"})
            chart.add_series({"values": "=Sheet1!$A$1:$A$3"})
            sheet.insert_chart("C1", chart)

        assert check("a.xlsx", stream.getvalue()).name == "a.xlsx"

    def test_the_table_behind_a_chart(self):
        assert check("a.pptx", ooxml("pptx", ppt__embeddings__Table1_dot_xlsx=ooxml("xlsx"))).name == "a.pptx"

    @pytest.mark.parametrize("target", [r"file:///C:\Users\a\Normal.dotm", "Normal.dotm", r"C:\a.dotm", "/Users/a.dot"])
    def test_a_template_on_the_writers_own_disk(self, target):
        assert check("a.docx", ooxml(word___rels__settings_dot_xml_dot_rels=relations("attachedTemplate", target)))

    def test_links_to_the_web(self):
        links = relations("hyperlink", "https://example.org/")

        assert check("a.docx", ooxml(word___rels__document_dot_xml_dot_rels=links)).name == "a.docx"

    @pytest.mark.parametrize(
        "extra",
        [
            b"",
            object_stream(b"7 0 <</Type/Font>>"),
            b"4 0 obj<</Type/Annot/A<</S/URI/URI(https://example.org/Web/JavaScript/Guide)>>>>endobj",
            b"4 0 obj<</Length 9>>stream\n"
            + zlib.compress(b"0 0 m 5 5 l (/S /JavaScript) Tj")
            + b"\nendstream\nendobj",
        ],
    )
    def test_pdfs(self, extra):
        content = pdf(extra)

        checked = check("a.pdf", content)

        assert (checked.media_type, checked.content) == ("application/pdf", content)

    def test_a_pdf_after_some_other_bytes(self):
        assert check("a.pdf", b"\x1b%-12345X\r\n" + pdf()).name == "a.pdf"

    @pytest.mark.parametrize(
        ("name", "kept"),
        [("Minutes of 12.03", "Minutes of 12.03.pdf"), ("report", "report.pdf"), ("A.PDF", "A.PDF")],
    )
    def test_a_name_without_ending_gets_one(self, name, kept):
        assert check(name, pdf()).name == kept


class TestTexts:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
    @pytest.mark.parametrize(("name", "media_type"), [("a.txt", "text/plain"), ("a.csv", "text/csv")])
    def test_are_kept_as_utf8(self, encoding, name, media_type):
        text = "país;año\r\nPerú;2024\r\n"

        checked = check(name, text.encode(encoding))

        assert (checked.content, checked.media_type, checked.name) == (text.encode(), media_type, name)

    @pytest.mark.parametrize("content", [b"a\x00b", b"a\x07b", b"a\x1b[2Jb", b"a\x9d", "a\x85b".encode(), b"\xff\xfea"])
    def test_with_control_characters_are_refused(self, content):
        assert refusal("a.txt", content) == "no-text"

    @pytest.mark.parametrize(
        "start",
        ["<!doctype html>", "<HTML>", " \n<svg xmlns=''>", "<script>", "<?php echo 1;", "<?xml version='1.0'?>",
         "#!/bin/sh\n", "<!-- a -->", "\u200b<html>", "<b>"],
    )  # fmt: skip
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    @pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.pdf", "a.png", "a.svg", "a.html", "a"])
    def test_that_begin_like_a_page_or_script_are_refused(self, start, encoding, name):
        assert refusal(name, f"{start} rest".encode(encoding)) == "active"

    def test_of_white_space_only_are_empty(self):
        assert refusal("a.txt", b" \r\n\t") == "empty"

    def test_a_comparison_is_no_tag(self):
        assert check("a.csv", b"< 5;> 5\n").name == "a.csv"

    def test_that_grow_over_the_limit_are_too_large(self):
        assert refusal("a.txt", b"\x80" * 60, largest=100) == "too-large"

    @pytest.mark.parametrize(("name", "code"), [("a.js", "active"), ("a.bat", "active"), ("a.ini", "unknown")])
    def test_with_other_endings_are_refused(self, name, code):
        assert refusal(name, b"alert(1)") == code


class TestRefused:
    def test_an_empty_file(self):
        assert refusal("a.pdf", b"") == "empty"

    def test_a_large_file_is_told_the_limit(self):
        with pytest.raises(Refused, match=r"25\.0\sMB") as refused:
            check("a.pdf", b"%PDF-" + bytes(LARGEST))
        assert refused.value.code == "too-large"

    @pytest.mark.parametrize("name", ["a.exe", "a.pdf", "a.png", "a.txt", "a"])
    @pytest.mark.parametrize("content", [b"MZ\x90\x00\x03", b"\x7fELF\x02\x01\x01", b"\xca\xfe\xba\xbe\x00\x00"])
    def test_programs(self, name, content):
        assert refusal(name, content + bytes(100)) == "executable"

    @pytest.mark.parametrize(
        "content",
        [zipped({"a.txt": "a"}), zipped({}), zipped({"META-INF/MANIFEST.MF": "a"}), b"\x1f\x8b\x08\x00",
         b"Rar!\x1a\x07\x00",
         b"7z\xbc\xaf\x27\x1c\x00", bytes(257) + b"ustar\x0000"],
    )  # fmt: skip
    @pytest.mark.parametrize("name", ["a.zip", "a.docx", "a.pdf"])
    def test_archives(self, content, name):
        assert refusal(name, content) == "archive"

    @pytest.mark.parametrize(
        ("name", "content"),
        [("a.png", pdf()), ("a.pdf", picture()), ("a.xlsx", ooxml("docx")), ("a.docx", odf()), ("a.docx", b"hello"),
         ("a.pdf", b"hello"), ("a.exe", pdf()), ("a.txt", pdf()), ("a.pdf", b"\x00\x01\x02")],
    )  # fmt: skip
    def test_what_the_name_does_not_say(self, name, content):
        assert refusal(name, content) == "mismatch"

    @pytest.mark.parametrize("content", [b"GIF89a\x01\x00", b"II*\x00\x08", b"\x00\x00\x00\x18ftypheic\x00"])
    def test_other_pictures(self, content):
        assert refusal("a.jpg", content) == "other-image"

    def test_unknown_bytes(self):
        assert refusal("a.dat", b"\x01\x02\x03") == "unknown"

    @pytest.mark.parametrize("name", ["a.doc", "a.xls", "a.ppt", "a.docx"])
    def test_old_office_files(self, name):
        assert refusal(name, OLE + "WordDocument".encode("utf-16-le")) == "old-office"

    def test_rich_text(self):
        assert refusal("a.txt", rb"{\rtf1 hello}") == "old-office"

    def test_office_files_with_a_password(self):
        assert refusal("a.docx", OLE + "EncryptedPackage".encode("utf-16-le")) == "password"

    def test_open_documents_with_a_password(self):
        assert refusal("a.odt", odf(**{"META-INF__manifest_dot_xml": "<manifest:encryption-data/>"})) == "password"

    @pytest.mark.parametrize(
        "content",
        [
            ooxml(word__vbaProject_dot_bin=b"x"),
            ooxml(word__VBAPROJECT_dot_BIN=b"x"),
            ooxml(main=f"application/vnd.ms-word.document.macroEnabled.main+xml {MAIN['docx']}"),
            ooxml(main="application/vnd.ms-word.document.macroEnabled.main+xml"),
            ooxml(xl__macrosheets__sheet1_dot_xml="<x/>"),
            ooxml(word___rels__a_dot_rels=relations("vbaProject", "a.bin")),
            ooxml(word___rels__a_dot_rels="<a Type='&#118;baProject'/>"),
            ooxml(word___rels__a_dot_rels="<a Type='vbaProject'/>".encode("utf-16")),
            odf(Basic__Standard__Module1_dot_xml="<x/>"),
            odf(Scripts__python__a_dot_py="pass"),
            odf(styles_dot_xml="<a xlink:href='vnd.sun.star.script:a'/>"),
        ],
    )
    def test_macros(self, content):
        assert refusal("a.docx", content) == "macros"

    def test_the_ending_of_macros(self):
        assert refusal("a.docm", ooxml()) == "macros"

    @pytest.mark.parametrize(
        "content",
        [
            ooxml(word__embeddings__oleObject1_dot_bin=OLE),
            ooxml(word__activeX__activeX1_dot_xml="<x/>"),
            ooxml(word___rels__a_dot_rels=relations("oleObject", "https://example.org/a.html")),
            ooxml(word___rels__a_dot_rels=relations("control", "a.xml")),
            ooxml(word___rels__a_dot_rels=relations("aFChunk", "a.dat")),
            ooxml(word__a_dot_html="<script>"),
            ooxml(word__media__image1_dot_png=b"MZ\x90\x00\x03"),
            odf(Object1=OLE),
        ],
    )
    def test_embedded_objects(self, content):
        assert refusal("a.docx", content) == "embedded"

    @pytest.mark.parametrize(
        "target",
        ["https://example.org/a.dotm", "HTTP://example.org/a", r"\\server\a.dotm", r"file:///\\server\a.dotm",
         "file://server/a.dotm", "//server/a.dotm", "&#104;ttp://example.org/a", "ftp://example.org/a",
         "%5c%5cserver/a"],
    )  # fmt: skip
    def test_a_template_from_elsewhere(self, target):
        links = relations("attachedTemplate", target)

        assert refusal("a.docx", ooxml(word___rels__settings_dot_xml_dot_rels=links)) == "remote"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_data_from_other_programs(self, encoding):
        link = "<externalLink><ddeLink ddeService='cmd'/></externalLink>".encode(encoding)

        assert refusal("a.xlsx", ooxml("xlsx", xl__externalLinks__a_dot_xml=link)) == "remote"

    def test_entities(self):
        assert refusal("a.docx", ooxml(word__a_dot_xml="<!DOCTYPE a [<!ENTITY b 'c'>]>")) == "broken"

    def test_markers_over_the_edge_of_a_piece(self):
        part = b" " * (office.CHUNK - 4) + b"<!ENTITY a 'b'>"

        assert refusal("a.docx", ooxml(word__a_dot_xml=part)) == "broken"


class TestArchivesThatLie:
    def test_a_bomb_by_size(self, monkeypatch):
        monkeypatch.setattr(office, "MOST_UNPACKED", 1000)

        assert refusal("a.docx", ooxml(word__a_dot_xml=" " * 2000)) == "bomb"

    def test_a_bomb_by_ratio(self):
        assert refusal("a.docx", ooxml(word__a_dot_xml=bytes(office.RATIO_FROM + 1))) == "bomb"

    def test_a_bomb_by_number_of_parts(self):
        assert refusal("a.docx", ooxml(**{f"part{number}": "" for number in range(office.MOST_PARTS)})) == "bomb"

    def test_a_bomb_of_archives_inside(self, monkeypatch):
        monkeypatch.setattr(office, "MOST_UNPACKED", 60_000)
        inner = ooxml("xlsx", a=b"a" * 25_000)
        tables = {f"ppt__embeddings__a{number}_dot_xlsx": inner for number in range(4)}

        assert refusal("a.pptx", ooxml("pptx", **tables)) == "bomb"

    def test_a_large_list_of_relations(self):
        assert refusal("a.docx", ooxml(a_dot_rels=bytes(office.LARGEST_MAP + 1))) == "bomb"

    @pytest.mark.parametrize("name", ["word__media__a_dot_png", "ppt__embeddings__a_dot_zip"])
    def test_archives_inside(self, name):
        assert refusal("a.docx", ooxml(**{name: zipped({"a": "b"})})) in ("embedded", "archive")

    def test_archives_inside_archives_inside(self):
        inner = ooxml("xlsx", xl__embeddings__a_dot_xlsx=ooxml("xlsx"))

        assert refusal("a.docx", ooxml(word__embeddings__a_dot_xlsx=inner)) == "embedded"

    def test_macros_in_the_table_behind_a_chart(self):
        inner = ooxml("xlsx", xl__vbaProject_dot_bin=b"x")

        assert refusal("a.docx", ooxml(word__embeddings__a_dot_xlsx=inner)) == "macros"

    @pytest.mark.parametrize("cut", [30, 200, -30, -1])
    def test_a_broken_one(self, cut):
        assert refusal("a.docx", ooxml()[:cut]) == "broken"

    def test_a_changed_byte(self):
        content = bytearray(ooxml(word__media__a=bytes(range(256))))
        content[content.index(b"word/media/a") + 40] ^= 0xFF

        assert refusal("a.docx", bytes(content)) == "broken"

    def test_a_size_smaller_than_the_truth(self):
        content = bytearray(ooxml(word__a=b"a" * 5000))
        place = content.rindex(b"PK\x01\x02") + 24
        struct.pack_into("<I", content, place, 10)

        assert refusal("a.docx", bytes(content)) == "broken"

    def test_something_before_between_or_after(self):
        content = ooxml()

        assert refusal("a.docx", ooxml("xlsx") + content) == "broken"
        assert refusal("a.docx", content + b"<html>") == "broken"
        assert refusal("a.docx", zipped({"hidden": "a"})[:-76] + content) == "broken"

    def test_two_parts_of_one_name(self):
        with pytest.warns(UserWarning, match="Duplicate"):
            stream = BytesIO(ooxml())
            with zipfile.ZipFile(stream, "a") as archive:
                archive.writestr("main.xml", "<other/>")

        assert refusal("a.docx", stream.getvalue()) == "broken"

    def test_a_part_that_leaves_the_folder(self):
        assert refusal("a.docx", zipped({"[Content_Types].xml": MAIN["docx"], "../a": "b"})) == "broken"

    def test_two_kinds_at_once(self):
        types = f"<a ContentType='{MAIN['docx']}'/><b ContentType='{MAIN['xlsx']}'/>"

        assert refusal("a.docx", zipped({"[Content_Types].xml": types})) == "broken"
        assert refusal("a.docx", ooxml(mimetype="application/vnd.oasis.opendocument.text")) == "broken"

    def test_templates_and_other_kinds(self):
        assert refusal("a.dotx", ooxml(main=OOXML + "wordprocessingml.template.main+xml")) == "archive"
        assert refusal("a.epub", zipped({"mimetype": "application/epub+zip"})) == "archive"


class TestPdfs:
    @pytest.mark.parametrize(
        "objects",
        [
            b"<</S /JavaScript /JS (app.alert\\(1\\))>>", b"<</S/JavaScript/JS 9 0 R>>", b"<</S/J#61vaScript>>",
            b"<</Names<</JavaScript 7 0 R>>>>", b"<</S %c\n/JavaScript>>", b"<</OpenAction<</S/JavaScript>>>>",
            b"<</S/Launch/F(cmd.exe)>>", b"<</Type/EmbeddedFile>>", b"<</EmbeddedFiles 5 0 R>>", b"<</XFA[(a) 5 0 R]>>",
            b"<</Subtype/RichMedia>>", b"<</S/Rendition/JS(a)>>",
        ],
    )  # fmt: skip
    def test_that_act_are_refused(self, objects):
        plain = b"4 0 obj\n" + objects + b"\nendobj"
        damaged = zlib.compress(b"7 0 " + objects)[:-4] + b"\x00\x00\x00\x00"
        lying = b"4 0 obj<</Subtype/Image>>stream\r\n" + zlib.compress(b"7 0 " + objects) + b"\nendstream endobj"

        assert refusal("a.pdf", pdf(plain)) == "pdf-active"
        assert refusal("a.pdf", pdf(object_stream(b"7 0 " + objects))) == "pdf-active"
        assert refusal("a.pdf", pdf(object_stream(b"", packed=damaged))) == "pdf-active"
        assert refusal("a.pdf", pdf(b"% >>stream\n" + plain)) == "pdf-active"
        assert refusal("a.pdf", pdf(lying)) == "pdf-active"

    @pytest.mark.parametrize(
        "keys",
        [b"/Filter/LZWDecode", b"/Filter[/ASCIIHexDecode/FlateDecode]", b"/Filter 9 0 R",
         b"/Filter/FlateDecode/DecodeParms<</Predictor 12>>"],
    )  # fmt: skip
    def test_with_objects_that_cannot_be_searched_are_refused(self, keys):
        assert refusal("a.pdf", pdf(object_stream(b"", packed=b"7 0 abc", keys=keys))) == "broken"

    @pytest.mark.parametrize(
        "value", [b"/Encrypt 8 0 R", b"/Encrypt<</Filter/Standard>>", b"/ID[(\xff\xfe)(\xff)]/Encrypt 8 0 R"]
    )
    def test_with_a_password_are_refused(self, value):
        assert refusal("a.pdf", pdf(trailer=value)) == "password"

    def test_that_unpack_to_too_much_are_refused(self, monkeypatch):
        monkeypatch.setattr(office, "MOST_PDF_UNPACKED", 10_000)

        assert refusal("a.pdf", pdf(object_stream(b"7 0 <<" + b" " * 20_000))) == "bomb"

    def test_with_too_many_streams_are_refused(self, monkeypatch):
        monkeypatch.setattr(office, "MOST_PDF_STREAMS", 3)

        assert refusal("a.pdf", pdf(object_stream(b"7 0 <<>>") * 5)) == "bomb"
        assert refusal("a.pdf", pdf(b"/JS%" * 5)) == "bomb"

    def test_that_hide_a_value_behind_a_long_comment_are_refused(self):
        assert refusal("a.pdf", pdf(trailer=b"/Encrypt %" + b"a" * 500 + b"\n5 0 R")) == "password"

    def test_that_are_archives_too_are_refused(self):
        assert refusal("a.pdf", pdf() + zipped({"a": "b"})) == "appended"

    def test_with_a_page_before_or_after_are_refused(self):
        assert refusal("a.pdf", pdf() + b"<html>") == "appended"
        assert refusal("a.pdf", pdf() + b"a" * 2000) == "appended"
        assert refusal("a.pdf", b"a <html> " + pdf()) == "appended"

    @pytest.mark.parametrize("content", [b"%PDF-1.7\n", pdf()[:-8], b"%PDF-1.7\n%%EOF"])
    def test_that_are_broken_are_refused(self, content):
        assert refusal("a.pdf", content) == "broken"

    def test_whose_head_comes_late_are_refused(self):
        assert refusal("a.pdf", b"\x00" * 1100 + pdf()) == "mismatch"


class TestPictures:
    @pytest.mark.parametrize(
        ("form", "mode", "name"),
        [("PNG", "RGB", "a.png"), ("PNG", "RGBA", "a.png"), ("PNG", "P", "a.png"), ("PNG", "L", "a.png"),
         ("PNG", "1", "a.png"), ("PNG", "I;16", "a.png"), ("JPEG", "RGB", "a.jpg"), ("JPEG", "L", "a.jpeg"),
         ("JPEG", "CMYK", "a.jpg"), ("WEBP", "RGB", "a.webp"), ("WEBP", "RGBA", "a.webp")],
    )  # fmt: skip
    def test_are_drawn_anew_in_their_form(self, form, mode, name):
        content = picture(form, mode)

        checked = check(name, content)

        assert (checked.name, checked.media_type) == (name, f"image/{form.lower()}")
        assert (checked.is_image, checked.width, checked.height) == (True, 40, 20)
        before, after = opened(content), opened(checked.content)
        assert (after.format, after.mode) == (before.format, before.mode)
        if form == "PNG":
            assert after.tobytes() == before.tobytes()

    def test_without_loss_stay_without_loss(self):
        content = picture("WEBP", lossless=True)

        assert opened(check("a.webp", content).content).tobytes() == opened(content).tobytes()

    def test_keep_their_transparency(self):
        content = picture(mode="P", transparency=3)

        assert opened(check("a.png", content).content).info["transparency"] == 3

    @pytest.mark.parametrize("name", ["a.jpg", "a.webp", "a"])
    def test_get_their_true_ending(self, name):
        assert check(name, picture()).name == "a.png"

    @pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
    def test_lose_all_but_pixels_and_profile(self, form):
        exif = Image.Exif()
        exif[0x0112], exif[0x010E] = 6, "SECRET"
        exif.get_ifd(0x8825)[1] = "N"
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        options = {"exif": exif, "icc_profile": profile}
        if form == "PNG":
            options["pnginfo"] = PngImagePlugin.PngInfo()
            options["pnginfo"].add_text("Comment", "SECRET")
        elif form == "JPEG":
            options |= {"comment": b"SECRET", "xmp": b"<x:xmpmeta>SECRET</x:xmpmeta>"}
        else:
            options["xmp"] = b"<x:xmpmeta>SECRET</x:xmpmeta>"
        content = picture(form, **options) + b"<html>SECRET</html>" + zipped({"SECRET": "a"})

        checked = check(f"a.{form.lower()}", content)
        kept = opened(checked.content)

        assert (
            b"SECRET" not in checked.content and not kept.getexif() and not zipfile.is_zipfile(BytesIO(checked.content))
        )
        assert kept.info["icc_profile"] == profile
        assert (checked.width, checked.height) == kept.size == (20, 40)

    def test_lose_a_profile_that_is_none(self):
        assert "icc_profile" not in opened(check("a.png", picture(icc_profile=b"<script>" * 9)).content).info

    @pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
    def test_that_are_cut_off_are_refused(self, form):
        content = picture(form, size=(200, 200))

        assert refusal(f"a.{form.lower()}", content[: len(content) // 2]) == "broken-image"
        assert refusal(f"a.{form.lower()}", content[:20]) == "broken-image"

    def test_with_too_many_pixels_are_refused(self, monkeypatch):
        monkeypatch.setattr(images, "MOST_PIXELS", 799)

        assert refusal("a.png", picture()) == "pixels"

    @pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
    @pytest.mark.parametrize("side", [9_000, 12_000, 60_000])
    def test_that_say_they_are_huge_are_refused_unread(self, side):
        header = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))

        assert refusal("a.png", b"\x89PNG\r\n\x1a\n" + chunk + b"\x00\x00\x00\x00IDAT\x35\xaf\x06\x1e") == "pixels"

    @pytest.mark.parametrize("form", ["PNG", "WEBP"])
    def test_that_move_are_refused(self, form):
        stream = BytesIO()
        frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
        frames[0].save(stream, form, save_all=True, append_images=frames[1:])

        assert refusal(f"a.{form.lower()}", stream.getvalue()) == "animated"

    def test_of_phones_with_a_second_picture_keep_the_first(self):
        stream = BytesIO()
        frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
        frames[0].save(stream, "MPO", save_all=True, append_images=frames[1:])

        kept = opened(check("a.jpg", stream.getvalue()).content)

        assert kept.format == "JPEG" and kept.getpixel((4, 4))[0] > 200


class TestNames:
    @pytest.mark.parametrize(
        ("name", "clean"),
        [
            ("Acta final.pdf", "Acta final.pdf"), ("Niñez y migración.PDF", "Niñez y migración.PDF"), ("", "file"),
            ("/etc/passwd", "passwd"), (r"C:\Users\a\b.pdf", "b.pdf"), ("../../a.pdf", "a.pdf"), ("a/", "a"),
            ("..hidden.pdf", "hidden.pdf"), ("...", "file"), ("a\x00b\r\n.pdf", "ab .pdf"),
            ("a\u202efdp.exe", "afdp.exe"),
            ("CON", "_CON"), ("nul.txt", "_nul.txt"), ("COM1.a.txt", "_COM1.a.txt"), ("Console.txt", "Console.txt"),
            ("a:b.txt", "a_b.txt"), ("a\u200b.pdf", "a.pdf"), (" a  b.pdf . ", "a b.pdf"), ("\ud800a.pdf", "a.pdf"),
        ],
    )  # fmt: skip
    def test_are_cleaned(self, name, clean):
        assert clean_name(name) == clean

    def test_that_are_long_keep_their_ending(self):
        assert clean_name("a" * 300 + ".docx") == "a" * 115 + ".docx"
        assert len(check("a" * 300, pdf()).name) == 120 and check("a" * 300, pdf()).name.endswith(".pdf")

    @given(st.text(max_size=300) | st.text(alphabet="./\\ CONaux1\u0301\u202e\x00:<-", max_size=200))
    def test_are_safe_and_clean_once_for_all(self, name):
        clean = clean_name(name)

        assert clean_name(clean) == clean
        assert 0 < len(clean) <= 120 and clean[0] not in ". " and clean[-1] not in ". "
        assert not re.search(r'[\x00-\x1f\x7f-\x9f/\\<>:"|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]', clean)
        assert not re.match(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", clean, re.IGNORECASE)
        clean.encode()


class TestAnything:
    BEGINNINGS = [
        b"", b"%PDF-1.7\n1 0 obj\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"\xff\xfe", OLE, b"<", ooxml(), odf(), pdf(), picture(), picture("JPEG"), picture("WEBP"),
    ]  # fmt: skip
    NAMES = st.text(max_size=20) | st.sampled_from(["a.pdf", "a.docx", "a.odt", "a.png", "a.jpg", "a.webp", "a.txt"])

    @staticmethod
    def goes_well(name: str, content: bytes) -> None:
        try:
            checked = check(name, content)
        except Refused as refused:
            assert refused.code in MESSAGES and str(refused)
        else:
            assert checked.content and checked.name == clean_name(checked.name) and "." in checked.name

    @settings(deadline=None, max_examples=200)
    @given(NAMES, st.sampled_from(BEGINNINGS), st.binary(max_size=400))
    def test_is_kept_or_refused(self, name, beginning, rest):
        self.goes_well(name, beginning + rest)

    @settings(deadline=None, max_examples=300)
    @given(
        NAMES,
        st.sampled_from(BEGINNINGS[9:]),
        st.lists(st.tuples(st.floats(0, 0.999), st.binary(max_size=4)), max_size=4),
    )
    def test_is_kept_or_refused_with_some_bytes_changed(self, name, content, changes):
        changed = bytearray(content)
        for place, new in changes:
            start = int(place * len(changed))
            changed[start : start + len(new)] = new
        self.goes_well(name, bytes(changed))

    def test_is_told_in_the_readers_language(self):
        refused = Refused("too-large", limit="1 MB")
        with translation.override("es"):
            assert "1 MB" in str(refused)
        for code in MESSAGES:
            assert Refused(code, limit="1 MB").message
