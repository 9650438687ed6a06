"""From a record to those that are like it: in any language, of what the person may read, with a reason."""

import html
import re

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation

from minga.audit.models import Entry
from minga.registry.lifecycle import State
from minga.search import indexing, sets
from minga.search.alike import alike
from minga.search.models import Passage
from tests.access.people import make_person, signed_in_as
from tests.making import Made, make_record

ABOUT = {
    "es": ("Banco de datos forenses de migrantes desaparecidos",
           "Un banco de ADN compara muestras de familias con restos sin identificar en la frontera."),
    "en": ("Forensic data bank of missing migrants",
           "A DNA bank compares samples of families with unidentified remains at the border."),
    "pt": ("Cursos de costura para mulheres refugiadas", "Mulheres refugiadas aprendem a costurar e a vender roupa."),
}  # fmt: skip


@pytest.fixture
def embed(registry):
    """Gives all listed versions their vectors, those of the bundled ones as they are shipped."""

    def all_that_waits() -> None:
        indexing.embed(sets.plan(transaction.atomic), turn=transaction.atomic, told=lambda left: None)

    return all_that_waits


def about(code: str, **values) -> Made:
    title, summary = ABOUT[code]
    return make_record(lang=code, title=title, summary=summary, with_actor=False, **values)


def ids(found) -> list[str]:
    return [each.version.record.public_id for each in found]


class TestSimilarRecords:
    def test_are_found_in_another_language_with_a_reason_and_without_itself(self, embed):
        one = about("es", countries=["MEX", "GTM"], objectives=[8])
        other, far = about("en", countries=["MEX"], objectives=[8, 1]), about("pt", objectives=[16])
        embed()
        found = alike(one.version, most=5)
        assert ids(found)[0] == other.record.public_id
        assert one.record.public_id not in ids(found) and far.record.public_id not in ids(found)
        assert found[0].why == "It speaks of much the same; same objective: 8; same country: Mexico."
        assert not re.search(r"0[.,]\d", " ".join(each.why for each in found))

    def test_are_of_what_the_person_may_read(self, embed, as_site):
        public = about("es")
        hidden = about("en", visibility="named", audience=("gtm",))
        draft = about("en", state=State.DRAFT)
        embed()
        reader, stranger = make_person("focal_point", "gtm"), make_person("focal_point", "slv")
        for person, sees in ((reader.pk, True), (stranger.pk, False), (None, False)):
            with as_site(person):
                found = ids(alike(public.version, most=40))
                assert (hidden.record.public_id in found) == sees and draft.record.public_id not in found
        with as_site(reader.pk):
            assert public.record.public_id in ids(alike(hidden.version, most=5))

    def test_are_none_while_there_is_no_vector(self, registry):
        assert alike(about("es").version, most=5) is None

    def test_go_with_the_version(self, embed):
        one, other = about("es"), about("en")
        embed()
        Passage.objects.filter(version=other.version).delete()
        assert other.record.public_id not in ids(alike(one.version, most=5))


class TestOnThePage:
    def shown(self, as_site, made: Made, *, more: str = "", person: int | None = None, status: int = 200) -> str:
        with as_site(person):
            path = f"/en/practices/{made.record.public_id}/{more}"
            if person:
                with signed_in_as(person) as client:
                    answer = client.get(path)
            else:
                answer = Client().get(path)
        assert answer.status_code == status
        return html.unescape(answer.content.decode())

    def test_a_record_names_a_few_and_leads_to_more(self, embed, as_site):
        one, other = about("es"), about("en", countries=["SLV"])
        embed()
        section = self.shown(as_site, one).split('<section class="like"')[1].split("</section>")[0]
        assert f"/practices/{other.record.public_id}/" in section and "same country: El Salvador" in section
        assert f'href="/en/practices/{one.record.public_id}/similar/"' in section
        assert 1 <= section.count("<li>") <= 5
        more = self.shown(as_site, one, more="similar/")
        assert f"Title {one.mark}</a>" in more and more.count("<h3>") >= section.count("<h3>")

    def test_without_a_vector_the_record_says_nothing_and_the_page_why(self, registry, as_site):
        made = about("es")
        assert 'class="like"' not in self.shown(as_site, made)
        assert "has not been compared with the others yet" in self.shown(as_site, made, more="similar/")

    def test_a_record_that_is_not_public_has_them_for_whoever_may_read_it_and_it_is_noted(self, embed, as_site):
        hidden = about("en", visibility="named", audience=("gtm",))
        public = about("es")
        embed()
        reader = make_person("focal_point", "gtm")
        before = Entry.objects.filter(act="record.read", subject=f"record:{hidden.record.public_id}").count()
        shown = self.shown(as_site, hidden, more="similar/", person=reader.pk)
        assert f"/practices/{public.record.public_id}/" in shown and "is not public" in shown
        after = Entry.objects.filter(act="record.read", subject=f"record:{hidden.record.public_id}").count()
        assert after == before + 1
        self.shown(as_site, hidden, more="similar/", status=404)

    def test_another_kind_in_the_address_leads_to_the_right_one(self, registry, as_site):
        made = about("es")
        with as_site():
            answer = Client().get(f"/en/pledges/{made.record.public_id}/similar/")
        assert (answer.status_code, answer["Location"]) == (301, f"/en/practices/{made.record.public_id}/similar/")

    def test_reasons_are_in_the_readers_language(self, embed):
        one = about("es", objectives=[8, 1])
        about("en", objectives=[8, 1])
        embed()
        for language in ("es", "en", "fr", "pt"):
            with translation.override(language):
                assert ": 1, 8" in alike(one.version, most=1)[0].why
