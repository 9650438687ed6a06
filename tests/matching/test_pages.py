"""The page and the part of a page: before anyone else reads a need, its author sees what may answer it."""

import html
from unittest.mock import patch

import pytest

from minga.audit.models import Entry
from minga.language.process import Away
from minga.matching import reading, showing
from minga.registry.lifecycle import State
from minga.search.models import VectorSet
from tests.access.people import make_person, signed_in_as
from tests.making import AT, Made, make_record
from tests.search.encoder import WordEncoder

TEXTS = {"title": "Zampoña forense en la frontera", "summary": "Un banco de zampoña compara muestras de familias."}
NEED = {"kind": "need", "owner": "slv", "state": State.DRAFT, "title": "Falta un banco de zampoña",
        "summary": "Las familias de la frontera piden un banco de zampoña."}  # fmt: skip
PART = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _fast(embedded, monkeypatch):
    """The encoder answers from this process; records have vectors once `embedded` is called."""
    monkeypatch.setattr(showing, "ByProcess", WordEncoder)
    monkeypatch.setattr(reading, "default_encoder", WordEncoder)
    monkeypatch.setattr(showing, "LEAST", 0.0)  # the models are of another encoder
    VectorSet.objects.get_or_create(name="tests-words", defaults={"size": 896, "begun_at": AT, "complete_at": AT})


@pytest.fixture
def shown(as_site):
    """What a person is shown of a record's matches."""

    def show(made: Made, person: int, *, path: str = "", status: int = 200, **more) -> str:
        with as_site(person), signed_in_as(person) as client:
            answer = client.get(path or f"/en/work/{made.record.public_id}/matches/", **more)
        assert answer.status_code == status
        return html.unescape(answer.content.decode())

    return show


def test_the_author_of_a_draft_sees_what_may_answer_it_with_passage_and_reason(embedded, shown):
    right, need = make_record(**TEXTS), make_record(**NEED)
    embedded()
    page = shown(need, make_person("focal_point", "slv").pk)
    first = page.split('<ol class="evidence">')[1].split("</li>")[0]
    assert f"/practices/{right.record.public_id}/" in first and "%" in first
    assert "Un banco de zampoña compara muestras de familias." in first
    assert "Las familias de la frontera piden un banco de zampoña." in first
    assert "is not public" in page and "sent to nobody" in page


def test_nobody_else_sees_them_and_the_reading_is_noted(embedded, shown):
    need = make_record(**NEED)
    embedded()
    subject = f"record:{need.record.public_id}"
    before = Entry.objects.filter(act="record.read", subject=subject).count()
    shown(need, make_person("focal_point", "gtm").pk, status=404)
    author = make_person("focal_point", "slv").pk
    shown(need, author)
    shown(need, author, **PART)
    assert Entry.objects.filter(act="record.read", subject=subject).count() == before + 1


def test_a_part_is_short_and_leads_to_the_page(embedded, shown):
    make_record(**TEXTS)
    need = make_record(**NEED)
    embedded()
    part = shown(
        need, make_person("focal_point", "slv").pk, path=f"/en/work/{need.record.public_id}/matches/?few", **PART
    )
    assert "<html" not in part and part.count("<h3>") <= 3
    assert f'href="/en/work/{need.record.public_id}/matches/"' in part


def test_whoever_reads_a_published_need_sees_them_and_strangers_to_an_offer_do_not(embedded, shown):
    right = make_record(**TEXTS)
    need = make_record(**NEED | {"state": State.PUBLISHED})
    offer = make_record(kind="offer", owner="slv", **TEXTS)
    embedded()
    stranger, owner = make_person("focal_point", "gtm").pk, make_person("focal_point", "slv").pk
    page = shown(need, stranger, path=f"/en/needs/{need.record.public_id}/matches/")
    assert right.record.public_id in page
    address = f"/en/offers/{offer.record.public_id}/matches/"
    shown(offer, stranger, path=address, status=404)
    assert need.record.public_id in shown(offer, owner, path=address)


def test_an_empty_need_and_an_encoder_that_is_away_are_said(embedded, shown):
    make_record(**TEXTS)
    need = make_record(**NEED | {"title": "¿?", "summary": None})
    other = make_record(**NEED)
    embedded()
    author = make_person("focal_point", "slv").pk
    assert "There is nothing to compare yet" in shown(need, author)
    with patch.object(WordEncoder, "queries", side_effect=Away):
        assert "Only words are compared" in shown(other, author)


def test_that_nothing_is_likely_is_said(embedded, shown, monkeypatch):
    need = make_record(**NEED)
    embedded()
    monkeypatch.setattr(showing, "LEAST", 1.0)
    assert "Nothing that you may read is likely to answer this" in shown(need, make_person("focal_point", "slv").pk)


def test_a_title_alone_an_unknown_language_and_a_hundred_pages_are_said(embedded, shown):
    make_record(**TEXTS)
    author = make_person("focal_point", "slv").pk
    needs = {
        "Only the title says something": NEED | {"summary": None, "title": "Falta un banco de zampoña en la frontera"},
        "says very little": NEED | {"summary": None},
        "in none of the four languages": NEED | {"lang": "gn"},
        "its first pages were read": NEED | {"summary": "Zampoña de la frontera. " * 5_000},
    }
    made = {told: make_record(**values) for told, values in needs.items()}
    embedded()
    for told, need in made.items():
        assert told in shown(need, author)


def test_no_page_of_a_practice(embedded, shown):
    made = make_record(owner="slv", **TEXTS)
    embedded()
    shown(made, make_person("focal_point", "slv").pk, status=404)
