"""While somebody writes, she is told what is recorded already, and what she answers is not asked again."""

import html
import re

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings

from minga.duplicates import comparing, hints
from minga.duplicates.candidates import of_row, of_version
from minga.duplicates.models import Decision, Verdict
from minga.language.process import Away
from minga.registry.lifecycle import State
from minga.registry.models import Version
from tests.access.people import Somebody, let_moderate, make_person, signed_in_as
from tests.access.test_confidentiality import make_world, worlds
from tests.duplicates.test_comparing import Words
from tests.making import Made, make_record, undone
from tests.search.encoder import embed_all

TITLE = "Ventanilla única para familias buscadoras en Zamoria"
SUMMARY = "Desde 2017 recibe 4.788 denuncias en Zamoria. Un solo expediente reúne a fiscales y forenses."


@pytest.fixture
def words(registry, monkeypatch) -> Words:
    """An encoder that is fast, in place of the site's process."""
    made = Words()
    hints._kept.clear()
    monkeypatch.setattr(hints, "InSite", lambda: made)
    monkeypatch.setattr(comparing, "InSite", lambda: made)
    return made


def text(**values) -> dict:
    return {"title": TITLE, "summary": SUMMARY, "countries": ["SLV"], "lessons": None, "start": None} | values


def draft(**values) -> Made:
    return make_record(owner="slv", state=State.DRAFT, **text(**values))


def page_of(client: Client, made: Made, step: str = "what", **posted) -> str:
    address = f"/en/work/{made.record.public_id}/"
    if posted:
        answer = client.post(f"{address}alike/{step}/", posted, headers={"HX-Request": "true"})
    else:
        answer = client.get(f"{address}edit/{step}/")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


@pytest.fixture
def author(words) -> Somebody:
    return make_person("focal_point", "slv")


class TestAnAuthor:
    def test_is_told_of_what_looks_the_same_side_by_side(self, words, author, as_site):
        recorded, mine = make_record(**text()), draft()
        embed_all(words.encoder)
        with as_site(author.pk), signed_in_as(author.pk) as client:
            page = page_of(client, mine)
        assert "1 record looks the same as yours." in page and recorded.record.public_id in page
        assert "Both give: 4,788." in page and "Same country: El Salvador." in page
        assert page.count("<blockquote") == 2 and "It is different" in page

    def test_is_told_of_what_she_has_not_saved_yet(self, words, author, as_site):
        recorded, mine = make_record(**text()), draft(title="Nada", summary="Todavía no.")
        embed_all(words.encoder)
        typed = {"title": TITLE, "title-was": "x", "summary": SUMMARY, "summary-was": "x"}
        with as_site(author.pk), signed_in_as(author.pk) as client:
            assert recorded.record.public_id not in page_of(client, mine)
            assert recorded.record.public_id in page_of(client, mine, **typed)
        assert Version.objects.get(pk=mine.version.pk).title == "Nada"

    @pytest.mark.parametrize("verdict", Verdict.values)
    def test_is_not_asked_again_what_she_answered(self, words, author, as_site, verdict):
        recorded, mine = make_record(**text()), draft()
        embed_all(words.encoder)
        address = f"/en/work/{mine.record.public_id}/alike/what/{recorded.record.public_id}/"
        with as_site(author.pk), signed_in_as(author.pk) as client:
            answer = client.post(address, {"verdict": verdict, "reason": "Otro programa"})
            assert answer.status_code == 302
            page = page_of(client, mine)
        assert "No record that you may read looks like this one." in page and "What you have answered" in page
        decision = Decision.objects.get()
        assert decision.verdict == verdict and decision.by_person == author.pk and decision.probability > 0.5

    def test_says_why_two_are_different(self, words, author, as_site):
        recorded, mine = make_record(**text()), draft()
        embed_all(words.encoder)
        address = f"/en/work/{mine.record.public_id}/alike/what/{recorded.record.public_id}/"
        with as_site(author.pk), signed_in_as(author.pk) as client:
            answer = client.post(address, {"verdict": "different", "reason": " "}, headers={"HX-Request": "true"})
        assert "Say why" in answer.content.decode() and not Decision.objects.exists()

    @pytest.mark.parametrize("verdict", ["", "perhaps"])
    def test_cannot_answer_something_else(self, words, author, as_site, verdict):
        recorded, mine = make_record(**text()), draft()
        with as_site(author.pk), signed_in_as(author.pk) as client:
            address = f"/en/work/{mine.record.public_id}/alike/what/{recorded.record.public_id}/"
            assert client.post(address, {"verdict": verdict, "reason": "x"}).status_code == 404

    def test_can_go_on_while_no_encoder_answers(self, words, author, as_site):
        make_record(**text())
        mine = draft()

        def away(_texts):
            raise Away

        words.wholes = away
        with as_site(author.pk), signed_in_as(author.pk) as client:
            page = page_of(client, mine)
        assert "This cannot be compared at the moment" in page and 'name="title"' in page


def test_a_moderator_sees_it_beside_what_she_judges(words, as_site):
    recorded = make_record(**text())
    hidden = make_record(owner="gtm", visibility="named", audience=("gtm",), **text(title=f"{TITLE} oculta"))
    judged = make_record(owner="slv", state=State.IN_MODERATION, process="rcm", **text())
    embed_all(words.encoder)
    moderator = make_person("moderator", "iom", "rcm")
    let_moderate(moderator, [judged.version])
    with as_site(moderator.pk), signed_in_as(moderator.pk) as client:
        page = html.unescape(client.get(f"/en/moderation/{judged.version.pk}/").content.decode())
    assert "This looks the same" in page and recorded.record.public_id in page and "Both give: 4,788." in page
    assert hidden.record.public_id not in page and "oculta" not in page


def test_too_little_text_is_not_compared(words):
    assert hints.hints_for(of_row({"title": "Ventanilla única"})).standing == "no_text"


def test_a_pause_costs_only_what_was_written_since(words):
    make_record(**text())
    embed_all(words.encoder)
    candidate = of_row(text())
    hints.hints_for(candidate)
    words.encoder.encoded.clear()
    assert hints.hints_for(candidate).open and words.encoder.encoded == []


def test_nobody_else_asks_about_a_draft(words, as_site):
    make_record(**text())
    mine, stranger = draft(), make_person("focal_point", "gtm")
    embed_all(words.encoder)
    with as_site(stranger.pk), signed_in_as(stranger.pk) as client:
        assert client.get(f"/en/work/{mine.record.public_id}/edit/what/").status_code == 404
        assert client.post(f"/en/work/{mine.record.public_id}/alike/what/").status_code == 404


@pytest.mark.slow
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds)
def test_a_hint_shows_nothing_that_she_may_not_read(as_site, words, world):
    with undone():
        made = make_world(world)
        embed_all(words.encoder)
        author = make_person("focal_point", "slv")
        hidden = {each.mark for each in made if not author.may_read(each.version)}
        for each in made:
            copy = make_record(owner="slv", state=State.DRAFT, title=f"Título {each.mark}",
                               summary=f"Resumen con ñ y ç: {each.mark}.")  # fmt: skip
            with as_site(author.pk), signed_in_as(author.pk) as client:
                shown = re.sub(r'(?s)<form class="form record-form.*?</form>', "", page_of(client, copy))
                found = hints.hints_for(of_version(copy.version), most=40)
            told = {hint.match.version.pk for hint in found.open}
            assert all(author.may_read(version) for version in Version.objects.filter(pk__in=told))
            # The copy's own mark comes back from her own text; no other hidden one does.
            assert not {mark for mark in hidden - {each.mark} if mark in shown}
            if each.mark in hidden:
                assert each.record.public_id not in shown
