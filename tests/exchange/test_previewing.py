"""A dry run says which new rows look the same as what is recorded, or as another row, within the person's rights."""

from minga.duplicates import hints
from minga.exchange import previewing
from minga.exchange.importing import Importer
from minga.exchange.jsonlines import Line
from minga.exchange.previewing import Preview
from minga.registry.models import Record
from tests.duplicates.test_comparing import Words
from tests.duplicates.test_hints import SUMMARY, TITLE, text
from tests.making import AT, BY, make_record
from tests.search.encoder import embed_all


def preview(rows: list[dict], words: Words):
    from django.db import transaction

    hints._kept.clear()
    importer = Importer(by=BY, at=AT, turn=transaction.atomic, dry_run=True)
    importer.look = Preview(importer.report, words).look
    return importer.run([Line(number, row) for number, row in enumerate(rows, 1)])


def line(number: int, **values) -> dict:
    return {"id": f"new-{number}", "kind": "practice", "lang": "es", "title": TITLE, "summary": SUMMARY,
            "countries": ["SLV"], "source_url": "https://example.org/x"} | values  # fmt: skip


def test_new_rows_are_compared_with_what_is_recorded_and_with_each_other(registry):
    words, recorded = Words(), make_record(**text()).record
    embed_all(words.encoder)
    before = Record.objects.count()
    other = line(2, title="Cursos de costura en la sierra", summary="Mujeres aprenden a coser ropa de abrigo.")
    report = preview([line(1), other, line(3)], words)

    assert {each["row"] for each in report.alike} == {1, 3} and report.accepted == 3
    assert {each["id"] for each in report.alike} == {recorded.public_id} and all(each["same"] for each in report.alike)
    assert [(each["row"], each["other_row"]) for each in report.alike_rows] == [(3, 1)]
    assert report.alike[0]["reasons"] and Record.objects.count() == before


def test_what_is_known_already_is_not_compared_and_a_long_file_only_so_far(registry, monkeypatch):
    monkeypatch.setattr(previewing, "MOST_COMPARED", 2)
    words = Words()
    embed_all(words.encoder)
    report = preview([line(number) for number in range(1, 6)] + [line(9, title="")], words)
    assert report.not_compared == 3 and report.refused == 1


def test_nothing_is_betrayed_to_a_visitor(registry, as_site):
    words = Words()
    make_record(visibility="named", audience=("gtm",), **text())
    embed_all(words.encoder)
    with as_site():
        from minga.duplicates.candidates import of_row

        assert hints.hints_for(of_row(line(1)), encoding=words).standing == "nothing"
