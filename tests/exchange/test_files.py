"""Lists and records as files: what a reader sees is what she takes away."""

import csv
import json
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test import Client
from docx import Document
from openpyxl import load_workbook

from minga.exchange.cells import LONGEST, in_csv, in_workbook
from minga.registry.catalogue import FIELDS
from minga.registry.lifecycle import State
from minga.registry.lists import RecordList
from minga.registry.models import Visibility
from tests.exchange.taking import row, take
from tests.making import make_record


@pytest.fixture
def fetch(as_site):
    """Fetch a file as a visitor: (answer, its bytes)."""

    def fetched(path: str, person: int | None = None):
        with as_site(person):
            answer = Client().get(path)
            return answer, b"".join(answer.streaming_content) if answer.streaming else answer.content

    return fetched


def table(content: bytes) -> list[dict[str, str]]:
    """The lines of a CSV file by its header."""
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


class TestAList:
    @pytest.mark.parametrize("query", ["", "country=COL", "country=COL&objective=5,8&sort=title", "nonsense=1&page=9"])
    def test_leaves_with_the_records_and_the_order_of_its_page(self, as_site, fetch, rf, query):
        with as_site():
            versions = RecordList.read(rf.get(f"/?{query}").GET).versions().select_related("record")
            expected = [version.record.public_id for version in versions]

        as_json = json.loads(fetch(f"/en/records/export.json?{query}")[1])
        as_csv = table(fetch(f"/en/records/export.csv?{query}")[1])
        sheet = load_workbook(BytesIO(fetch(f"/en/records/export.xlsx?{query}")[1])).worksheets[0]

        assert expected
        assert [each["id"] for each in as_json] == expected
        assert [each["id"] for each in as_csv] == expected
        assert [cells[0] for cells in sheet.iter_rows(min_row=2, values_only=True)] == expected

    def test_of_one_kind_leaves_by_its_address(self, fetch):
        assert {each["kind"] for each in json.loads(fetch("/es/pledges/export.json")[1])} == {"pledge"}

    def test_has_a_speaking_name_and_is_not_for_search_engines(self, fetch):
        answer, _content = fetch("/en/practices/export.csv")

        assert answer["Content-Disposition"].startswith('attachment; filename="minga-practices-20')
        assert answer["Content-Disposition"].endswith('.csv"')
        assert answer["X-Robots-Tag"] == "noindex"

    def test_may_be_empty(self, fetch):
        assert json.loads(fetch("/en/lessons/export.json?country=ATG")[1]) == []
        assert table(fetch("/en/lessons/export.csv?country=ATG")[1]) == []
        for form in ("xlsx", "docx"):
            assert fetch(f"/en/lessons/export.{form}?country=ATG")[0].status_code == 200

    def test_holds_what_is_not_public_for_those_only_who_may_read_it(self, fetch):
        hidden = make_record(visibility=Visibility.NAMED, audience=("gtm",))
        draft = make_record(state=State.DRAFT)

        for form in ("json", "csv"):
            content = fetch(f"/en/records/export.{form}")[1].decode()
            assert hidden.mark not in content
            assert draft.mark not in content

    def test_too_long_for_word_says_what_to_do(self, fetch, settings):
        settings.LONGEST_WORD_LIST = 5

        answer, content = fetch("/en/records/export.docx")

        assert answer.status_code == 413
        assert "at most 5 records" in content.decode()


class TestAStream:
    def test_holds_no_transaction_while_it_is_sent(self, as_site):
        with as_site():
            before = list(connection.savepoint_ids)
            pieces = iter(Client().get("/en/records/export.csv").streaming_content)

            next(pieces)

            assert connection.savepoint_ids == before

    def test_makes_nothing_for_who_asks_for_the_headers_only(self, as_site):
        with as_site():
            answer = Client().head("/en/records/export.csv")

        assert b"".join(answer.streaming_content) == b""

    def test_reads_a_fixed_number_of_times_a_chunk(self, as_site, django_assert_max_num_queries):
        with as_site(), django_assert_max_num_queries(40):
            b"".join(Client().get("/en/records/export.json").streaming_content)


class TestCSV:
    def test_names_its_columns_as_the_import_does(self, fetch):
        content = fetch("/es/records/export.csv")[1]

        header = content.decode("utf-8-sig").splitlines()[0].split(",")
        assert content.startswith(b"\xef\xbb\xbf")
        assert header[:4] == ["id", "external_id", "owner", "kind"]
        assert {each.name for each in FIELDS} < set(header)

    @pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝"])
    def test_disarms_formulas(self, sign):
        assert in_csv(f"{sign}cmd|' /C calc'!A0") == f"'{sign}cmd|' /C calc'!A0"

    def test_disarms_them_in_lists_and_numbers_too(self):
        assert in_csv(["=1+1", "b"]) == "'=1+1; b"
        assert in_csv(-5) == "'-5"
        assert (in_csv(None), in_csv(True), in_csv(2.5)) == ("", "true", "2.5")

    def test_keeps_a_formula_harmless_all_the_way(self, fetch):
        take(row(id="evil", title="=HYPERLINK(0)", actor="@SUM(1)", summary='a "b", c\nd'), publish=True)

        line = next(each for each in table(fetch("/en/records/export.csv")[1]) if each["external_id"] == "evil")
        assert (line["title"], line["actor"], line["summary"]) == ("'=HYPERLINK(0)", "'@SUM(1)", 'a "b", c\nd')


class TestAWorkbook:
    def test_speaks_the_readers_language_and_says_what_was_chosen(self, fetch):
        book = load_workbook(BytesIO(fetch("/en/records/export.xlsx?country=COL")[1]))

        records, about = book.worksheets
        assert [cell.value for cell in records[1]][7:9] == ["Title", "Summary"]
        assert records.freeze_panes == "A2"
        assert records.auto_filter.ref.startswith("A1:")
        told = dict(about.iter_rows(max_col=2, values_only=True))
        assert told["Country"] == "Colombia"
        assert told["Address"].endswith("/en/records/?country=COL")
        assert "In CSV and JSON: objectives." in told["Objectives of the Compact"]

    def test_holds_texts_only(self, fetch):
        take(row(id="evil", title="=1+1", summary="https://example.org", start="2019-05"), publish=True)

        book = load_workbook(BytesIO(fetch("/en/records/export.xlsx")[1]))

        assert {cell.data_type for line in book.worksheets[0] for cell in line} <= {"s", "n"}  # n: empty
        assert "=1+1" in [cell.value for cell in book.worksheets[0]["H"]]

    def test_cuts_what_a_cell_cannot_hold_and_says_so(self):
        assert in_workbook("ñ" * LONGEST) == "ñ" * LONGEST
        for text in ("x" * 100_000, "🧵" * 50_000):
            cut = in_workbook(text)
            assert len(cut.encode("utf-16-le")) // 2 <= LONGEST
            assert cut.endswith("]")

    def test_opens_whatever_signs_a_text_has(self, fetch):
        take(row(id="odd", title="a\ufffe\uffffb", actor="c\ud800\u0085d"), publish=True)

        for form in ("xlsx", "docx"):
            assert fetch(f"/en/records/export.{form}?country=SLV")[0].status_code == 200
        titles = [cell.value for cell in load_workbook(BytesIO(fetch("/en/records/export.xlsx")[1])).worksheets[0]["H"]]
        assert "ab" in titles


class TestAWordFile:
    def test_has_each_record_with_facts_text_and_citation(self, fetch):
        made = make_record(lang="fr")

        document = Document(BytesIO(fetch("/en/records/export.docx?language=fr")[1]))

        texts = [paragraph.text for paragraph in document.paragraphs]
        assert f"Título {made.mark}" in texts
        assert "Countries: El Salvador" in texts
        assert f"Resumen con ñ y ç: {made.mark}." in texts
        assert any(text.startswith("Cite this: ") and made.record.public_id in text for text in texts)
        heading = next(each for each in document.paragraphs if each.text == f"Título {made.mark}")
        assert heading.style.name == "Heading 1"
        assert 'w:lang w:val="fr"' in heading._element.xml


class TestASingleRecord:
    def test_leaves_as_json_and_as_a_word_file(self, fetch):
        made = make_record()
        base = f"/es/practices/{made.record.public_id}"

        assert json.loads(fetch(f"{base}/export.json")[1])["title"] == f"Título {made.mark}"
        assert Document(BytesIO(fetch(f"{base}/export.docx")[1])).paragraphs

    @pytest.mark.parametrize("state", [State.DRAFT, State.ARCHIVED, State.WITHDRAWN])
    def test_that_is_not_listed_does_not_leave(self, fetch, state):
        made = make_record(state=state)

        for path in ("export.json", "export.docx", "cite.ris", "cite.bib"):
            assert fetch(f"/es/practices/{made.record.public_id}/{path}")[0].status_code == 404

    def test_does_not_leave_by_the_address_of_another_kind(self, fetch):
        made = make_record()

        assert fetch(f"/es/pledges/{made.record.public_id}/export.json")[0].status_code == 404
